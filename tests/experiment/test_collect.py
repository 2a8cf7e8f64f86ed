"""What is kept adds up, whatever the grid, and takes little room."""

import numpy as np

from sim.demand.deal import Dealer
from sim.engine.compile import compile_program
from sim.engine.reference import play
from sim.experiment.collect import MOST_BLOCKS, Collected
from sim.measure.accounts import Measures, account, reduced
from sim.measure.frame import Frame
from sim.measure.periods import HOUR_MS, Periods
from tests.experiment.desks import random_hours


def replications(number: int) -> tuple[Frame, list[Measures]]:
    scenario = random_hours()
    program, dealer = compile_program(scenario), Dealer(scenario)
    frame = Frame.of(scenario, program)
    hands = [dealer.deal(1, replication) for replication in range(number)]
    return frame, [account(frame, hand, play(program, hand)) for hand in hands]


def test_a_longer_period_has_the_sum_the_maximum_or_the_last_of_its_slots() -> None:
    grid = Periods.from_days([(0, 2 * HOUR_MS)], begin=0, end=2 * HOUR_MS, interval=HOUR_MS // 2)
    values = np.array([[1, 5, 2, 3]])
    assert reduced("legs", values, grid, "hour").tolist() == [[6, 5]]
    assert reduced("peaks", values, grid, "hour").tolist() == [[5, 3]]
    assert reduced("standing", values, grid, "hour").tolist() == [[5, 3]]
    assert reduced("legs", values, grid, "interval").tolist() == [[1, 5, 2, 3]]


def test_blocks_hold_every_replication_and_stay_few() -> None:
    """Ever more blocks of one replication, merged in pairs when there would be 40, hold what was added."""
    frame, [one] = replications(1)
    collected = Collected(frame)
    most = 0
    for done in range(1, 401):
        collected.add(one)
        most = max(most, len(collected.blocks))
        assert sum(block.replications for block in collected.blocks) == done
    assert most == MOST_BLOCKS - 1
    assert len(collected.blocks) >= (MOST_BLOCKS - 1) // 2
    *full, last = [block.replications for block in collected.blocks]
    assert set(full) == {max(full)}, "all of one size but the last, which is being filled"
    assert last <= max(full)
    cells = np.arange(len(frame.contacts))
    in_blocks = sum(block.histograms["contacts", "answered"].total(cells) for block in collected.blocks)
    assert in_blocks == 400 * one.tables["contacts"].values["answered"].sum()


def test_kept_days_are_exact_in_their_small_integers() -> None:
    frame, measured = replications(3)
    collected = Collected(frame)
    for one in measured:
        collected.add(one)
    cells = np.arange(len(frame.contacts))
    kept = collected.counters("contacts", ("wait_all", "offered"), cells, "run")
    for counter, values in kept.items():
        assert values[:, 0].tolist() == [int(one.tables["contacts"].values[counter].sum()) for one in measured]
    assert collected.days[0]["contacts"]["offered"].dtype.itemsize < 8


def test_moments_are_sums_over_replications() -> None:
    frame, measured = replications(3)
    collected = Collected(frame, [{"channel": "phone", "contact_type": "order"}])
    for one in measured:
        collected.add(one)
    moments = collected.moments["contacts", "hour"]
    hours = [
        reduced("contacts", one.tables["contacts"].values["offered"].sum(axis=0), frame.periods, "hour")
        for one in measured
    ]
    for key in ((), (("channel", "phone"),), (("channel", "phone"), ("contact_type", "order"))):
        row = moments.rows[key]
        assert moments.first[moments.counters["offered"], row].tolist() == sum(hours).tolist()
        squares = moments.second[moments.pairs["offered", "offered"], row]
        assert squares.tolist() == sum(hour * hour for hour in hours).tolist()
