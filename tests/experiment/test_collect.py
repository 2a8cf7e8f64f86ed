"""What is kept adds up, whatever the grid, and takes little room."""

import numpy as np
import pytest

from sim.experiment.asked import grids
from sim.experiment.blocks import MOST_BLOCKS
from sim.experiment.collect import Collected, reduced
from sim.experiment.estimate import grid_of, question
from sim.experiment.gather import Days, gather
from sim.experiment.line import Line
from sim.measure.accounts import Measures
from sim.measure.frame import Frame
from sim.measure.ledger import Amounts, Rows
from tests.experiment.desks import random_hours


def replications(number: int) -> tuple[Frame, list[Measures]]:
    line = Line(random_hours())
    return line.frame, [line.measures(1, replication) for replication in range(number)]


def test_a_longer_period_has_the_sum_the_maximum_or_the_last_of_its_parts() -> None:
    values, first = np.array([[1, 5, 2, 3]]), np.array([0, 2])
    assert reduced("legs", values, first).tolist() == [[6, 5]]
    assert reduced("peaks", values, first).tolist() == [[5, 3]]
    assert reduced("standing", values, first).tolist() == [[5, 3]]
    assert reduced("legs", values, np.arange(4)).tolist() == [[1, 5, 2, 3]]


@pytest.mark.parametrize("per", ["run", "day", "hour", "interval"])
def test_periods_are_added_up_as_their_slots_are(per: str) -> None:
    """Whatever is asked of the records comes to what the finest slots come to."""
    frame, [one] = replications(1)
    for table, sums in one.tables.items():
        found = sums.by(sums.counters, Rows.each(len(sums.cells)), per)
        for values, counter in zip(found, sums.counters, strict=True):
            slots = reduced(table, sums.values[counter], frame.periods.first_slots(per))
            assert values.tolist() == slots.tolist(), (table, counter)


def test_blocks_hold_every_replication_and_stay_few() -> None:
    """Ever more blocks of one replication, merged in pairs when there would be 40, hold what was added."""
    frame, [one] = replications(1)
    collected, gathered = Collected(frame), gather(one)
    most = 0
    for done in range(1, 401):
        collected.add(gathered)
        most = max(most, len(collected.blocks))
        assert collected.blocks.replications == done
    assert most == MOST_BLOCKS - 1
    assert len(collected.blocks) >= (MOST_BLOCKS - 1) // 2
    key, cells = collected.of_kind("contacts", "answered", np.arange(len(frame.contacts)))
    in_blocks = sum(part.histograms[key].total(cells) for part in collected.blocks.parts)
    assert in_blocks == 400 * one.tables["contacts"].values["answered"].sum()


def test_histograms_are_compact_before_they_are_sent_or_added() -> None:
    _, [one] = replications(1)
    assert {histogram.count.dtype.itemsize for histogram in gather(one).histograms.values()} <= {1, 2}


def test_kept_days_are_exact_in_their_small_integers() -> None:
    frame, measured = replications(3)
    collected = Collected(frame)
    for one in measured:
        collected.add(gather(one))
    cells = np.arange(len(frame.contacts))
    kept = collected.counters("contacts", ("wait_all", "offered"), cells, "run")
    for counter, values in kept.items():
        assert values[:, 0].tolist() == [int(one.tables["contacts"].values[counter].sum()) for one in measured]
    kinds = {name: values.dtype.itemsize for names, values in collected.days[0]["contacts"].parts for name in names}
    assert kinds["offered"] < kinds["wait_all"]


def test_days_are_packed_into_the_smallest_integers_that_hold_them() -> None:
    values = np.array([[[0, 127]], [[-129, 0]], [[2**31, 0]], [[1, 2]]])
    days = Days.of(("a", "b", "c", "d"), Amounts(values, 1))
    assert [(names, array.dtype.name) for names, array in days.parts] == [
        (("a", "d"), "int8"),
        (("b",), "int16"),
        (("c",), "int64"),
    ]
    assert [days[name].tolist() for name in "abcd"] == values.tolist()


def test_days_of_cells_of_which_nothing_came_are_nothing() -> None:
    """Two of four cells are kept, in the order in which they came."""
    days = Days.of(("a",), Amounts(np.array([[[7, 1], [8, 2]]]), 4, np.array([2, 0])))
    assert days["a"].tolist() == [[8, 2], [0, 0], [7, 1], [0, 0]]
    [(_, kept)] = days.parts
    assert kept.shape == (1, 2, 2)


def test_moments_are_sums_over_replications() -> None:
    """Of rows that share cells too: all contacts, a channel, a type on a channel."""
    frame, measured = replications(3)
    narrowed = ({}, {"channel": "phone"}, {"channel": "phone", "contact_type": "order"})
    asked = grid_of(frame, [question("offered", per="hour", where=where) for where in narrowed])
    collected = Collected(frame, asked)
    for one in measured:
        collected.add(gather(one, asked))
    [moments] = collected.moments
    hours = [
        reduced("contacts", one.tables["contacts"].values["offered"].sum(axis=0), frame.periods.first_slots("hour"))
        for one in measured
    ]
    for where in narrowed:
        row = moments.grid.numbers[tuple(sorted(where.items()))]
        assert moments.first[moments.grid.counters["offered"], row].tolist() == sum(hours).tolist()
        squares = moments.second[moments.grid.pairs["offered", "offered"], row]
        assert squares.tolist() == sum(hour * hour for hour in hours).tolist()


def test_hours_and_intervals_are_kept_of_what_is_asked_alone() -> None:
    """Reports ask channels and groups; a target adds what it names."""
    frame, _ = replications(1)
    plain = grids(random_hours(), frame)
    assert {(grid.table, grid.per) for grid in plain} == {
        ("contacts", "interval"),
        ("legs", "interval"),
        ("agents", "interval"),
        ("contacts", "hour"),
    }
    target = "{measure: occupancy, at_most: 90 %, floor: {per: hour, at_most: 95 %}}"
    more = grids(random_hours(target), frame)
    assert {(grid.table, grid.per) for grid in more} - {(grid.table, grid.per) for grid in plain} == {
        ("agents", "hour")
    }
