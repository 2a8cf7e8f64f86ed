"""What is added up in one walk is what one counts record by record, whoever runs the rules and whatever is asked."""

import subprocess
import sys
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from sim.demand.hand import AttemptKind
from sim.engine.rules import MISSING, End, Handled, Left
from sim.experiment.line import Line
from sim.experiment.replicate import run
from sim.measure.accounts import Account, Measures
from sim.measure.counters import KINDS
from sim.measure.counting.values import LISTED, PAGE
from sim.measure.histogram import Histogram
from sim.measure.ledger import Rows, Wanted
from sim.measure.values import SPARE, Watched
from sim.report.files import summary_json
from tests.experiment.desks import random_hours


@pytest.fixture(scope="module")
def measured() -> Measures:
    return Line(random_hours()).measures(1, 0)


def test_contacts_are_counted_by_hour_and_channel_as_one_counts_them_by_hand(measured: Measures) -> None:
    """Arrivals, retries, ends and inquiries of each channel in each hour, in plain Python."""
    frame, dealt, records = measured.frame, measured.hand.contacts, measured.outcome.contacts
    expected: Counter[tuple[str, str, int]] = Counter()
    edges = frame.periods.edges["hour"].tolist()
    for number, begin, how in zip(records.contact.tolist(), records.begin.tolist(), records.how.tolist(), strict=True):
        channel = frame.labels.channels[dealt.channel[number]]
        hour = max(at for at, edge in enumerate(edges) if edge <= begin)
        names = ["arrived", f"ended_{End(how).name.lower()}"]
        names += ["retries"] if dealt.kind[number] == AttemptKind.RETRY else []
        names += ["inquiries"] if dealt.kind[number] == AttemptKind.FIRST else []
        expected.update((name, channel, hour) for name in names)
    counters = ("arrived", "retries", "inquiries", *(f"ended_{end.name.lower()}" for end in End))
    assert _by_channel(measured, "contacts", counters) == expected


def test_legs_are_counted_by_hour_and_channel_as_one_counts_them_by_hand(measured: Measures) -> None:
    """Offered, answered and handled, and the talk of the handled, in plain Python; waiting time hour by hour."""
    frame, legs, queues = measured.frame, measured.outcome.legs, measured.frame.program.queues
    expected: Counter[tuple[str, str, int]] = Counter()
    edges = frame.periods.edges["hour"].tolist()
    before = None
    for leg in range(len(legs.contact)):
        channel, enter = frame.labels.channels[queues.channel[legs.queue[leg]]], int(legs.enter[leg])
        hour = max(at for at, edge in enumerate(edges) if edge <= enter)
        again = before == (legs.contact[leg], Handled.RETURNED) or before == (legs.contact[leg], Handled.NOT_REACHED)
        before = legs.contact[leg], legs.handled[leg]
        taken = legs.left[leg] == Left.TAKEN
        expected["offered", channel, hour] += not again
        expected["answered", channel, hour] += not again and taken
        if taken and legs.wrap_up_end[leg] != MISSING:
            expected["handled", channel, hour] += 1
            expected["talk", channel, hour] += int(legs.talk[leg] + legs.briefing[leg])
        leave = edges[-1] if legs.left[leg] == Left.WAITING else int(legs.leave[leg])
        for period, (first, last) in enumerate(pairwise(edges)):
            if legs.left[leg] not in {Left.BALKED, Left.BLOCKED}:
                expected["waiting", channel, period] += max(min(leave, last) - max(enter, first), 0)
    assert _by_channel(measured, "legs", ("offered", "answered", "handled", "talk", "waiting")) == +expected


def _by_channel(measured: Measures, table: str, counters: tuple[str, ...]) -> Counter[tuple[str, str, int]]:
    """Give counters by channel and hour; what is 0 is left out."""
    sums = measured.tables[table]
    names = sums.cells.names["channel"]
    found = sums.by(counters, Rows(len(names), sums.cells.codes["channel"]), "hour")
    return Counter(
        {
            (counter, name, hour): int(value)
            for counter, rows in zip(counters, found, strict=True)
            for name, values in zip(names, rows, strict=True)
            for hour, value in enumerate(values)
            if value
        }
    )


def test_what_is_asked_together_is_what_is_asked_alone(measured: Measures) -> None:
    """Of every table, by day and by interval: whatever else is wanted beside it."""
    wanted = [
        Wanted(table, tuple(sums.counters), Rows.each(len(sums.cells)), per)
        for table, sums in measured.tables.items()
        for per in ("day", "interval")
    ]
    together = measured.add_up(wanted).sums
    for one, found in zip(wanted, together, strict=True):
        assert found.tolist() == measured.tables[one.table].by(one.counters, one.rows, one.per).tolist(), one


def test_what_is_watched_by_period_is_the_same_without_the_values_of_all_cells(measured: Measures) -> None:
    """The waits of every kind in all cells, by hour: an account that counts nothing else, and one that counts all."""
    watched = [
        Watched(table, kind, np.arange(len(measured.tables[table].cells)), "hour")
        for table, kinds in KINDS.items()
        for kind in kinds
    ]
    alone, with_all = (
        Account(measured.frame, [], watched, histograms=all_cells).of(measured.hand, measured.outcome)
        for all_cells in (False, True)
    )
    assert set(with_all.histograms) == set(KINDS)
    assert not alone.histograms
    assert sum(one.count.sum() for one in alone.watched) > 100
    for one, other in zip(alone.watched, with_all.watched, strict=True):
        assert (one.key.tolist(), one.count.tolist()) == (other.key.tolist(), other.count.tolist())


def test_parts_of_any_size_give_the_same(measured: Measures, monkeypatch: pytest.MonkeyPatch) -> None:
    """An inquiry is never cut in two."""
    whole = measured.tables["contacts"].values
    monkeypatch.setattr("sim.measure.counting.records.CONTACTS", 7)
    small = measured.tables["contacts"].by(whole, Rows.each(len(measured.frame.contacts)), "slot")
    assert small.tolist() == np.stack(list(whole.values())).tolist()


def test_values_are_counted_the_same_on_pages_and_put_in_order(
    measured: Measures, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all cells, and of every kind in all cells by hour, of which a desk may have few values or many."""
    watched = [
        Watched(table, kind, np.arange(len(measured.tables[table].cells)), "hour")
        for table, kinds in KINDS.items()
        for kind in kinds
    ]
    for all_cells in (False, True):
        found = []
        for pages in (0, 2**40):
            monkeypatch.setattr("sim.measure.values.PAGES", pages)
            account = Account(measured.frame, [], watched, histograms=all_cells)
            found.append(account.of(measured.hand, measured.outcome))
        in_order, on_pages = ([*one.histograms.values(), *one.watched] for one in found)
        for one, other in zip(in_order, on_pages, strict=True):
            assert (one.key.tolist(), one.count.tolist()) == (other.key.tolist(), other.count.tolist())


def test_a_replication_with_more_values_than_those_before_is_given_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room on pages is made as the one before needed it, and then as this one does."""
    monkeypatch.setattr("sim.measure.values.PAGES", 2**40)
    line = Line(random_hours())
    before, after, alone = line.gathered(1, 3), line.gathered(1, 7), Line(random_hours()).gathered(1, 7)
    for key, values in alone.histograms.items():
        number = len(before.histograms[key].key)
        assert len(values.key) > number + number // SPARE + PAGE
        assert after.histograms[key].key.tolist() == values.key.tolist()
        assert after.histograms[key].count.tolist() == values.count.tolist()


def test_more_values_than_are_listed_at_once_are_all_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The waits of the answered in two weeks' legs, each in its bin, on pages."""
    monkeypatch.setattr("sim.measure.values.PAGES", 2**40)
    line = Line(random_hours().with_changes({"time.length": "2 weeks"}))
    measures = line.measures(1, 0)
    legs, kinds = measures.outcome.legs, KINDS["legs"]
    assert len(legs.contact) > 2 * LISTED
    answered = legs.left == Left.TAKEN
    expected = Histogram.of(np.zeros(answered.sum(), np.int64), (legs.leave - legs.enter)[answered])
    cells = len(measures.frame.legs)
    counted = line.gather(measures).histograms["legs",]
    number, count = counted.of_cells(np.arange(cells) + kinds.index("answered") * cells)
    assert dict(zip(number.tolist(), count.tolist(), strict=True)) == dict(
        zip(expected.key.tolist(), expected.count.tolist(), strict=True)
    )


WITHOUT_NUMBA = """
import sys, warnings
sys.modules["numba"] = None
warnings.simplefilter("ignore")
from sim.experiment.replicate import run
from sim.report.files import summary_json
from tests.experiment.desks import random_hours
print(summary_json(run(random_hours(), replications=2, seed=1, engine="reference")), end="")
"""


def test_the_interpreter_gives_the_same_figures_as_machine_code() -> None:
    """Without Numba the very same rules are interpreted."""
    said = subprocess.run([sys.executable, "-c", WITHOUT_NUMBA], capture_output=True, text=True, check=True).stdout
    assert said == summary_json(run(random_hours(), replications=2, seed=1, engine="reference"))
