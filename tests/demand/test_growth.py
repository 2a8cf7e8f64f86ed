"""Scale, trend and incidents: how many come, who comes all the same, and when incidents happen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.demand.arrivals import ArrivalPlan, Wave
from sim.demand.deal import deal
from sim.demand.incidents import incident_plans
from sim.demand.streams import Streams
from sim.scenario.calendar import Calendar
from sim.scenario.load import load, loads
from sim.scenario.names import Names
from sim.scenario.units import DAY_MS, HOUR_MS, MINUTE_MS
from tests.demand.test_arrivals import counts_by, scenario, standard_error, text_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.demand.hand import Hand
    from sim.scenario.schema import Scenario

OUTAGE = "{name: outage, start: 2026-04-06 10:00, lasts: 2 h, arrivals: {call: 500 %}}"


def everybody(one: Scenario, replication: int = 0) -> NDArray[np.int64]:
    """Give the sorted instants of all waves of a replication."""
    return np.sort(np.concatenate([wave.at for wave in ArrivalPlan(one).deal(Streams(1, replication))]))


def counts(one: Scenario, replications: int, width: int, bins: int) -> NDArray[np.float64]:
    """Count everybody by replication and stretch of `width` ms."""
    plan = ArrivalPlan(one)
    deals = (plan.deal(Streams(1, replication)) for replication in range(replications))
    return counts_by(width, [np.concatenate([wave.at for wave in waves]) for waves in deals], bins).astype(float)


def who(hand: Hand) -> dict[int, tuple[int, ...]]:
    """Give the dealt marks of each inquiry's first contact by its instant."""
    marks, first = hand.tier_marks, hand.inquiries.first_contact[:-1]
    rows = hand.contacts.first_tier_mark[first]
    columns = (hand.contacts.at[first], marks.talk[rows], marks.decide[rows], hand.contacts.retry_after[first])
    return {int(at): tuple(rest) for at, *rest in zip(*columns, strict=True)}


def at_scale(scale: str, more: str = "") -> Scenario:
    """Give a day of 20 calls per hour, scaled."""
    text = text_of(length="1 day", call="rate: 20 per hour", more=f"demand: {{scale: {scale}}}\n{more}")
    return loads(
        text.replace("phone: {}", "phone: {retry: {share: 50 %, after: {distribution: exponential, mean: 1 h}}}")
    )


@pytest.mark.parametrize(("scale", "growth"), [("50 %", 0.5), ("130 %", 1.3), ("250 %", 2.5), ("900 %", 9.0)])
def test_scale_multiplies_the_expected_contacts(scale: str, growth: float) -> None:
    """Counts of an hour are Poisson with the scaled mean: thinning and adding strips leave them so."""
    found = counts(at_scale(scale), 60, HOUR_MS, 24)
    mean = 20 * growth
    assert found.mean() == pytest.approx(mean, abs=4 * np.sqrt(mean / found.size))
    assert found.var(ddof=1) == pytest.approx(mean, abs=4 * mean * np.sqrt(2 / found.size))


@pytest.mark.parametrize(("fewer", "more"), [("40 %", "100 %"), ("100 %", "110 %"), ("110 %", "150 %"), ("1.5", "7")])
def test_two_scales_have_in_common_all_that_the_smaller_has(fewer: str, more: str) -> None:
    """Who comes at the smaller scale comes at the larger one at the same instant and with the same marks."""
    small, large = who(deal(at_scale(fewer), 1, 0)), who(deal(at_scale(more), 1, 0))
    assert len(small) > 50
    assert len(large) > len(small)
    assert small.items() <= large.items()


def test_further_strips_are_other_customers() -> None:
    """What comes from 100 to 200 % is no copy of what comes to 100 %."""
    first, further = ArrivalPlan(at_scale("200 %")).deal(Streams(1, 0))
    assert (first.strip, further.strip) == ("call/phone", "call/phone/further 1")
    assert not set(first.at.tolist()) & set(further.at.tolist())


def test_trend_grows_from_week_to_week() -> None:
    """At 20 per hour and +10 % per week, days 0 to 6 have 480 each, 7 to 13 have 528, 14 has 580.8."""
    one = scenario(length="15 days", call="rate: 20 per hour", more="demand: {trend: 10 % per week}")
    found = counts(one, 60, DAY_MS, 15)
    expected = 480 * 1.1 ** np.array([0] * 7 + [1] * 7 + [2])
    assert np.all(np.abs(found.mean(axis=0) - expected) < 4 * np.sqrt(expected / 60))
    (source,) = ArrivalPlan(one).sources
    assert source.expected(np.arange(16) * DAY_MS) == pytest.approx(expected)


def test_a_falling_trend_keeps_the_first_week_as_it_is() -> None:
    """−50 % per week thins the second week and moves nobody."""
    level, falling = (
        everybody(scenario(length="14 days", call="rate: 5 per hour", more=more))
        for more in ("", "demand: {trend: -50 % per week}")
    )
    assert np.array_equal(falling[falling < 7 * DAY_MS], level[level < 7 * DAY_MS])
    assert set(falling.tolist()) < set(level.tolist())
    second = np.count_nonzero(level >= 7 * DAY_MS)
    assert np.count_nonzero(falling >= 7 * DAY_MS) == pytest.approx(second / 2, abs=4 * np.sqrt(second / 4))


def test_a_scale_leaves_a_log_as_it_is() -> None:
    """A log is replayed, not modelled; neither scale nor an incident touches it."""
    changes = f"demand: {{scale: 300 %, trend: 50 % per week}}\nincidents: [{OUTAGE}]"
    one = scenario(call='log: [{time: "10:30"}, {time: "11:00"}]', more=changes)
    assert everybody(one).tolist() == [10.5 * HOUR_MS, 11 * HOUR_MS]


def test_an_incident_multiplies_arrivals_while_it_lasts() -> None:
    """20 calls an hour become 100 from 10:00 to 12:00, and nobody else comes at another time for it."""
    quiet = scenario(length="1 day", call="rate: 20 per hour")
    one = scenario(length="1 day", call="rate: 20 per hour", more=f"incidents: [{OUTAGE}]")
    found = counts(one, 150, HOUR_MS, 24)
    expected = np.where((np.arange(24) == 10) | (np.arange(24) == 11), 100.0, 20.0)
    assert np.all(np.abs(found.mean(axis=0) - expected) < 4 * np.sqrt(expected / 150))
    added = set(everybody(one).tolist()) - set(everybody(quiet).tolist())
    assert set(everybody(quiet).tolist()) <= set(everybody(one).tolist())
    assert all(10 * HOUR_MS <= at < 12 * HOUR_MS for at in added)


def test_factors_of_incidents_of_one_time_are_multiplied() -> None:
    """200 % and 300 % make 600 % where they overlap, and 50 % on top makes 300 %."""
    spans = [("10:00", "3 h", "200 %"), ("11:00", "3 h", "300 %"), ("12:00", "4 h", "50 %")]
    incidents = ", ".join(
        f"{{start: 2026-04-06 {start}, lasts: {lasts}, arrivals: {{call: {factor}}}}}" for start, lasts, factor in spans
    )
    one = scenario(length="1 day", call="rate: 20 per hour", more=f"incidents: [{incidents}]")
    found = counts(one, 200, HOUR_MS, 24)[:, 9:17].mean(axis=0)
    expected = 20 * np.array([1, 2, 6, 3, 1.5, 0.5, 0.5, 1])
    assert np.all(np.abs(found - expected) < 4 * np.sqrt(expected / 200))


def test_an_incident_of_0_keeps_everybody_away() -> None:
    """Who would come while it is on does not, and the others come as ever."""
    one = scenario(length="1 day", call="rate: 20 per hour")
    none = scenario(length="1 day", call="rate: 20 per hour", more=f"incidents: [{OUTAGE.replace('500 %', '0 %')}]")
    at = everybody(one)
    assert np.array_equal(everybody(none), at[(at < 10 * HOUR_MS) | (at >= 12 * HOUR_MS)])


def test_an_incident_meets_the_busy_days_and_hours_of_its_source() -> None:
    """500 % of 40 an hour with a factor of cv 25 % for the hour have the variance 200 + (200 × 0.25)²."""
    one = scenario(
        length="1 day",
        call="rate: 40 per hour, busy_hour_cv: 25 %",
        more="incidents: [{start: 2026-04-06 00:00, lasts: 1 day, arrivals: {call: 500 %}}]",
    )
    found = counts(one, 150, HOUR_MS, 24)
    deviations = (found - 200) ** 2
    assert deviations.mean() == pytest.approx(2700, abs=4 * standard_error(deviations.ravel()))


def test_an_incident_scales_with_the_demand() -> None:
    """At 150 % of 20 an hour an incident of 500 % has 150, and all that it has at 100 %."""
    found = counts(at_scale("150 %", f"incidents: [{OUTAGE}]"), 150, HOUR_MS, 24)[:, 10:12]
    assert found.mean() == pytest.approx(150, abs=4 * np.sqrt(150 / found.size))
    smaller, larger = (everybody(at_scale(scale, f"incidents: [{OUTAGE}]")) for scale in ("100 %", "150 %"))
    assert set(smaller.tolist()) <= set(larger.tolist())


def spans_of(incident: str, replication: int = 0, length: str = "1 day") -> list[list[float]]:
    """Give when an incident is on, in hours."""
    one = scenario(length=length, call="rate: 1 per hour", more=f"incidents: [{incident}]")
    (plan,) = incident_plans(one, Names.of(one), Calendar.of(one))
    return (plan.deal(Streams(1, replication), one.time.length) / HOUR_MS).tolist()


def test_random_incidents_by_hand() -> None:
    """With 5 h from the end of one to the next and 2 h each: 5 to 7, 12 to 14, 19 to 21."""
    assert spans_of("{every: 5 h, lasts: 2 h, arrivals: {call: 2}}") == [[5, 7], [12, 14], [19, 21]]
    assert spans_of("{start: 2026-04-06 23:00, lasts: 2 h, arrivals: {call: 2}}") == [[23, 25]]


def test_incidents_that_would_never_pause_are_a_second_apart() -> None:
    """However short `every` is dealt, the horizon is passed."""
    spans = spans_of("{every: 0 s, lasts: 0 s, arrivals: {call: 2}}", length="1 h")
    assert spans[:2] == [[1 / 3600, 1 / 3600], [2 / 3600, 2 / 3600]]
    assert len(spans) == 3599


def test_random_incidents_come_as_often_as_they_should() -> None:
    """Exponential times of 20 h between incidents of no length make a Poisson process: 8.4 in a week."""
    incident = "{every: {distribution: exponential, mean: 20 h}, lasts: 0 s, arrivals: {call: 2}}"
    found = np.array([len(spans_of(incident, replication, "7 days")) for replication in range(200)])
    assert found.mean() == pytest.approx(8.4, abs=4 * np.sqrt(8.4 / 200))
    assert found.var(ddof=1) == pytest.approx(8.4, abs=4 * 8.4 * np.sqrt(2 / 199))


def waves_of(*incidents: str) -> dict[str, Wave]:
    """Give the waves of a day with some incidents by strip."""
    one = scenario(length="1 day", call="rate: 9 per hour", more=f"incidents: [{', '.join(incidents)}]")
    return {wave.strip: wave for wave in ArrivalPlan(one).deal(Streams(1, 0))}


def test_another_incident_leaves_the_customers_of_the_first_alone() -> None:
    """Incidents go by their names; two of one name are two."""
    alone = waves_of(OUTAGE)
    among = waves_of(OUTAGE.replace("outage", "other").replace("10:00", "15:00"), OUTAGE)
    assert np.array_equal(among["call/phone/incident/outage"].at, alone["call/phone/incident/outage"].at)
    twice = waves_of(OUTAGE, OUTAGE)
    assert np.array_equal(twice["call/phone/incident/outage"].at, alone["call/phone/incident/outage"].at)
    assert set(twice) - set(alone) == {"call/phone/incident/outage/2"}


def test_an_incident_keeps_to_the_intervals_of_counts(tmp_path: Path) -> None:
    """Between intervals that a file leaves out nobody comes, also where an incident begins or ends there."""
    rows = ("2026-04-06 10:30", "2026-04-06 11:00", "2026-04-06 11:30", "2026-04-06 15:00")
    (tmp_path / "counts.csv").write_text("\n".join(["start,contacts", *(f"{row},100" for row in rows)]), "utf-8")
    more = (
        f"incidents: [{OUTAGE.replace('2 h', '4 h')}, {{start: 2026-04-06 13:00, lasts: 3 h, arrivals: {{call: 2}}}}]"
    )
    text = text_of(length="1 day", call="counts: {file: counts.csv}", more=more)
    (tmp_path / "desk.yaml").write_text(text, encoding="utf-8")
    found = counts(load(tmp_path / "desk.yaml"), 60, 30 * MINUTE_MS, 48).mean(axis=0)
    expected = np.zeros(48)
    expected[[21, 22, 23, 30]] = 500, 500, 500, 200
    assert np.all(np.abs(found - expected) <= 4 * np.sqrt(expected / 60))


def test_the_expected_inquiries_count_incidents() -> None:
    """A day of 20 an hour at 150 %, with 2 h at 500 % and every 6th hour at 200 %: 720 + 240 + 120."""
    every = "{every: 5 h, lasts: 1 h, arrivals: {call: 200 %}}"
    assert ArrivalPlan(at_scale("150 %", f"incidents: [{OUTAGE}, {every}]")).expected_inquiries == pytest.approx(1080)
