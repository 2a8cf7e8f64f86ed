"""Arrivals: how many come, when, how much days and hours vary, and what moves nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.special import gammainc, ndtri

from sim.demand.arrivals import ArrivalPlan, PoissonSource, Wave
from sim.demand.busy import busy_days, busy_hours
from sim.demand.deal import Dealer, deal
from sim.demand.hand import NONE
from sim.demand.instants import unit_rate_events
from sim.demand.known import KnownDemand
from sim.demand.marks import contact_plans
from sim.demand.streams import Streams
from sim.scenario.calendar import Calendar
from sim.scenario.errors import ScenarioError
from sim.scenario.load import load, loads
from sim.scenario.names import Names
from sim.scenario.units import HOUR_MS, MINUTE_MS, SECOND_MS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.scenario.schema import Scenario

HANDLING = "handling: {desk: {handle_time: {distribution: constant, mean: 1 min}}}"


def text_of(
    *, length: str = "7 days", more: str = "", start: str = "2026-04-06", zone: str = "UTC", **arrivals: str
) -> str:
    """Give the text of a scenario whose contact types arrive as told on the telephone (`name="rate: 1 per hour"`)."""
    types = "\n".join(f"  {name}: {{arrivals: {{phone: {{{how}}}}}, {HANDLING}}}" for name, how in arrivals.items())
    return f"""
format: 1
name: arrivals
time: {{start: {start}, length: {length}, zone: {zone}}}
channels: {{phone: {{}}, chat: {{}}}}
tiers: {{desk: {{}}}}
agent_groups: {{clerks: {{tier: desk, headcount: 1}}}}
contact_types:
{types}
{more}
"""


def scenario(**told: str) -> Scenario:
    """Give the scenario of a text."""
    return loads(text_of(**told))


def test_a_volume_that_nothing_can_deal_is_refused() -> None:
    """In words, before numbers of 300 digits are drawn."""
    with pytest.raises(ScenarioError, match=r"^<text>:\d+:1: contact_types: 2e\+302 inquiries .* at most; lower rates"):
        Dealer(scenario(order="rate: 1e300 per hour"))


def instants(one: Scenario, replications: int, seed: int = 1) -> list[NDArray[np.int64]]:
    """Give the instants of the first strip in each replication."""
    plan = ArrivalPlan(one)
    return [plan.deal(Streams(seed, replication))[0].at for replication in range(replications)]


def counts_by(width: int, arrivals: list[NDArray[np.int64]], bins: int) -> NDArray[np.int64]:
    """Count arrivals by replication and stretch of `width` ms."""
    return np.array([np.bincount(at // width, minlength=bins)[:bins] for at in arrivals])


def standard_error(values: NDArray[np.float64]) -> float:
    """Estimate the standard error of the mean of independent values."""
    return float(values.std(ddof=1) / np.sqrt(values.size))


def test_a_volume_comes_in_its_period() -> None:
    """260 per week on a profile bring 260 in a week in the mean, and vary as Poisson counts do."""
    profile = 'profiles: {office: {mon-fri: {"08:00": 1, "12:00": 3, "18:00": 0}, sat: {"09:00": 1, "12:00": 0}}}'
    arrivals = instants(scenario(call="volume: 260 per week, profile: office", more=profile), 600)
    counts = np.array([at.size for at in arrivals])
    assert counts.mean() == pytest.approx(260, abs=4 * np.sqrt(260 / 600))
    # The variance of a sample variance of n near-normal counts is 2 σ⁴ ÷ (n − 1).
    assert counts.var(ddof=1) == pytest.approx(260, abs=4 * 260 * np.sqrt(2 / 599))


def test_instants_are_sorted_and_within_the_horizon() -> None:
    """All instants are whole milliseconds of [0, length) in order."""
    (at,) = instants(scenario(length="1 h", call="rate: 50000 per hour"), 1)
    assert at.dtype == np.int64
    assert np.all(np.diff(at) >= 0)
    assert at[0] >= 0
    assert at[-1] < HOUR_MS


def test_rates_that_alternate_by_the_hour_bring_their_counts() -> None:
    """Hours of 3 and of 60 contacts each get what is theirs, each hour within its standard error."""
    steps = ", ".join(f'"{hour:02}:00": {60 if hour % 2 else 3} per hour' for hour in range(24))
    arrivals = instants(scenario(length="1 day", call=f"rates: {{mon-sun: {{{steps}}}}}"), 400)
    means = counts_by(HOUR_MS, arrivals, 24).mean(axis=0)
    expected = np.where(np.arange(24) % 2, 60.0, 3.0)
    assert np.all(np.abs(means - expected) < 4 * np.sqrt(expected / 400))


def test_nobody_comes_while_the_rate_is_0() -> None:
    """Not even by rounding: with 20 a millisecond until 09:00 and 0 from then on, the last one comes before 09:00."""
    rates = 'rates: {mon-sun: {"00:00": 0 per hour, "08:59:59": 72000000 per hour, "09:00": 0 per hour}}'
    (at,) = instants(scenario(length="1 day", call=rates), 1)
    assert at.size > 15_000
    assert at.min() >= 9 * HOUR_MS - SECOND_MS
    assert at.max() == 9 * HOUR_MS - 1


def test_linear_rates_follow_the_line() -> None:
    """With a rate that rises from 0 at midnight to 240 per hour at 24:00, hour h gets 10 h + 5."""
    rates = 'rates: {mon: {"00:00": 0 per hour}, tue: {"00:00": 240 per hour}}, interpolation: linear'
    arrivals = instants(scenario(length="1 day", call=rates), 300)
    means = counts_by(HOUR_MS, arrivals, 24).mean(axis=0)
    expected = 10.0 * np.arange(24) + 5
    assert np.all(np.abs(means - expected) < 4 * np.sqrt(expected / 300))


def test_instants_invert_the_integrated_rate() -> None:
    """The integral of a rate of 10 h per hour up to the k-th arrival is the k-th event of the unit process."""
    rates = 'rates: {mon: {"00:00": 0 per hour}, tue: {"00:00": 240 per hour}}, interpolation: linear'
    (at,) = instants(scenario(length="1 day", call=rates), 1)
    events = unit_rate_events(Streams(1, 0).named("arrivals/call/phone"), 2880.0)
    hours = at / HOUR_MS
    # Half a millisecond of rounding at up to 240 per hour.
    assert 5 * hours**2 == pytest.approx(events, abs=240 / HOUR_MS)


def test_nobody_comes_and_nobody_is_expected_where_all_counts_are_of_other_hours(tmp_path: Path) -> None:
    """Counts from 09:00 on bring nobody between midnight and 01:00."""
    (tmp_path / "counts.csv").write_text("start,contacts\n09:00,5\n09:30,5\n", encoding="utf-8")
    text = text_of(length="1 h", call="counts: {file: counts.csv, column: contacts}")
    (tmp_path / "desk.yaml").write_text(text, encoding="utf-8")
    one = load(tmp_path / "desk.yaml")
    plan = ArrivalPlan(one)
    assert plan.expected_inquiries == 0.0
    assert [wave.at.size for wave in plan.deal(Streams(1, 0))] == []
    assert KnownDemand(plan, contact_plans(one, Names.of(one))).of(deal(one, 1, 0))["", 0] == (0.0, 0.0, 0.0)


def test_a_slightly_higher_rate_moves_instants_slightly() -> None:
    """At 101 instead of 100 per hour the k-th contact comes at 100/101 of its time."""
    (before,), (after,) = (instants(scenario(call=f"rate: {rate} per hour"), 1) for rate in (100, 101))
    assert after.size > before.size
    assert after[: before.size] == pytest.approx(before * 100 / 101, abs=1.01)


def test_unit_events_are_the_same_however_far_they_are_drawn() -> None:
    """A longer process begins with the shorter one."""
    short, long = (unit_rate_events(Streams(3, 0).named("x"), until) for until in (10.0, 5_000.0))
    assert np.array_equal(short, long[: short.size])
    assert long[short.size] >= 10.0
    assert unit_rate_events(Streams(3, 0).named("x"), 0.0).size == 0


def test_a_busy_day_adds_its_variance() -> None:
    """Counts of a day with mean 100 and a factor of cv 20 % have variance 100 + (100 × 0.2)²."""
    one = scenario(length="28 days", call="volume: 100 per day, busy_day_cv: 20 %")
    counts = counts_by(24 * HOUR_MS, instants(one, 120), 28).astype(float)
    deviations = (counts - 100) ** 2
    assert counts.mean() == pytest.approx(100, abs=4 * standard_error(counts.ravel()))
    assert deviations.mean() == pytest.approx(500, abs=4 * standard_error(deviations.ravel()))
    # Days are independent: neighbours do not vary together.
    products = (counts[:, 1:] - 100) * (counts[:, :-1] - 100)
    assert products.mean() == pytest.approx(0, abs=4 * standard_error(products.ravel()))


def test_the_common_factor_of_the_day_moves_all_types_together() -> None:
    """Two types with means 50 and 200 a day and a common cv of 30 % have the covariance 50 × 200 × 0.3²."""
    one = scenario(
        length="7 days", more="demand: {busy_day_cv: 30 %}", one="volume: 50 per day", two="volume: 200 per day"
    )
    plan = ArrivalPlan(one)
    waves = [plan.deal(Streams(1, replication)) for replication in range(250)]
    first, second = (counts_by(24 * HOUR_MS, [wave[k].at for wave in waves], 7) for k in (0, 1))
    products = ((first - 50) * (second - 200)).astype(float)
    assert products.mean() == pytest.approx(900, abs=4 * standard_error(products.ravel()))


def test_a_busy_hour_adds_its_variance() -> None:
    """Counts of an hour with mean 40 and a factor of cv 25 % have variance 40 + (40 × 0.25)²."""
    one = scenario(length="7 days", call="rate: 40 per hour, busy_hour_cv: 25 %")
    counts = counts_by(HOUR_MS, instants(one, 60), 168).astype(float)
    deviations = (counts - 40) ** 2
    assert deviations.mean() == pytest.approx(140, abs=4 * standard_error(deviations.ravel()))


def test_hour_factors_have_their_mean_and_variation() -> None:
    """Hour factors are gamma with mean 1 and the stated coefficient of variation."""
    factors = busy_hours(Streams(1, 0).named("hours"), 0.5, 0.6, 4_000)[:, 7]
    assert factors.mean() == pytest.approx(1, abs=4 * standard_error(factors))
    deviations = (factors - 1) ** 2
    assert deviations.mean() == pytest.approx(0.25, abs=4 * standard_error(deviations))


def test_hours_of_a_day_are_correlated_and_days_are_not() -> None:
    """The normal scores of any two hours of a day have correlation 0.6, those of two days none."""
    cv, days = 0.5, 4_000
    scores = ndtri(gammainc(1 / cv**2, busy_hours(Streams(1, 0).named("hours"), cv, 0.6, days) / cv**2))
    near, far, other_day = scores[:, 3] * scores[:, 4], scores[:, 0] * scores[:, 23], scores[1:, 3] * scores[:-1, 3]
    assert near.mean() == pytest.approx(0.6, abs=4 * standard_error(near))
    assert far.mean() == pytest.approx(0.6, abs=4 * standard_error(far))
    assert other_day.mean() == pytest.approx(0, abs=4 * standard_error(other_day))


def test_correlation_0_and_1_are_the_ends() -> None:
    """With correlation 1 a day has one factor, with 0 its hours have nothing in common."""
    together = busy_hours(Streams(1, 0).named("hours"), 0.5, 1.0, 3)
    assert together == pytest.approx(np.repeat(together[:, :1], together.shape[1], axis=1))
    apart = busy_hours(Streams(1, 0).named("hours"), 0.5, 0.0, 4_000)
    products = (apart[:, 0] - 1) * (apart[:, 1] - 1)
    assert products.mean() == pytest.approx(0, abs=4 * standard_error(products))


def test_a_common_correlation_holds_for_arrivals_that_say_none() -> None:
    """`demand.busy_correlation` is the default of `busy_correlation`; an own one, 0 too, comes first."""
    one = scenario(
        more="demand: {busy_correlation: 0.6}",
        own="rate: 1 per hour, busy_hour_cv: 10 %, busy_correlation: 0",
        without="rate: 1 per hour, busy_hour_cv: 10 %",
    )
    correlations = [source.busy_correlation for source in ArrivalPlan(one).sources if isinstance(source, PoissonSource)]
    assert correlations == [0, 0.6]


def test_a_longer_horizon_keeps_the_factors_of_its_first_days() -> None:
    """Days and hours more, also the 25th hour of an autumn day, move no other factor."""
    assert np.array_equal(busy_days(Streams(1, 0).named("x"), 0.2, 9)[:5], busy_days(Streams(1, 0).named("x"), 0.2, 5))
    assert np.array_equal(
        busy_hours(Streams(1, 0).named("x"), 0.2, 0.5, 9)[:5], busy_hours(Streams(1, 0).named("x"), 0.2, 0.5, 5)
    )


def test_factors_belong_to_local_days_and_hours() -> None:
    """Over the autumn change in London a day has 25 hours, and the day after begins with its own first hour."""
    one = scenario(
        start="2026-10-25", length="2 days", zone="Europe/London", call="rate: 1 per hour, busy_hour_cv: 10 %"
    )
    (source,) = ArrivalPlan(one).sources
    assert isinstance(source, PoissonSource)
    assert source.day.tolist() == [0] * 25 + [1] * 23
    assert source.hour.tolist() == [*range(25), *range(23)]
    assert np.array_equal(source.start, np.arange(48) * HOUR_MS)


def test_another_contact_type_moves_nobody() -> None:
    """One more type, and the common factor drawn for it, leave the others' instants as they are."""
    alone = ArrivalPlan(scenario(call="rate: 30 per hour, busy_hour_cv: 20 %")).deal(Streams(5, 3))
    among = ArrivalPlan(
        scenario(a_first="rate: 9 per hour", call="rate: 30 per hour, busy_hour_cv: 20 %", z_last="rate: 4 per hour")
    ).deal(Streams(5, 3))
    assert [wave.strip for wave in among] == ["a_first/phone", "call/phone", "z_last/phone"]
    assert [wave.contact_type for wave in among] == [0, 1, 2]
    assert np.array_equal(among[1].at, alone[0].at)


def test_a_replication_depends_on_its_number_and_the_seed_alone() -> None:
    """Replication 2 is the same whatever was dealt before it, and neither replication 3 nor that of another seed."""
    one = scenario(length="1 day", call="rate: 30 per hour, busy_day_cv: 20 %")
    plan = ArrivalPlan(one)
    batch = [plan.deal(Streams(1, replication))[0].at for replication in range(4)]
    assert np.array_equal(ArrivalPlan(one).deal(Streams(1, 2))[0].at, batch[2])
    assert not np.array_equal(batch[3], batch[2])
    assert not np.array_equal(ArrivalPlan(one).deal(Streams(2, 2))[0].at, batch[2])


def log_wave(log: str, **when: str) -> Wave:
    """Give the wave of a log written in place."""
    (wave,) = ArrivalPlan(scenario(call=f"log: [{log}]", **when)).deal(Streams(1, 0))
    return wave


def test_a_log_is_replayed_as_it_came() -> None:
    """Instants and durations of a log are those of its entries, in order of time, NONE where it is silent."""
    wave = log_wave('{time: "09:00:12", handle_time: 25 s}, {time: "09:00:05", wrap_up: 4 s, patience: 2 min}')
    assert wave.at.tolist() == [9 * HOUR_MS + 5 * SECOND_MS, 9 * HOUR_MS + 12 * SECOND_MS]
    assert wave.talk is not None
    assert wave.talk.tolist() == [NONE, 25 * SECOND_MS]
    assert wave.wrap_up is not None
    assert wave.wrap_up.tolist() == [4 * SECOND_MS, NONE]
    assert wave.patience is not None
    assert wave.patience.tolist() == [2 * MINUTE_MS, NONE]


def test_a_log_is_the_same_in_every_replication_and_on_busy_days() -> None:
    """Nothing about a log is left to chance."""
    one = scenario(call='log: [{time: "09:00:12"}, {time: "11:00"}]', more="demand: {busy_day_cv: 50 %}")
    plan = ArrivalPlan(one)
    first, other = plan.deal(Streams(1, 0)), plan.deal(Streams(7, 4))
    assert first[0].at.tolist() == other[0].at.tolist() == [9 * HOUR_MS + 12_000, 11 * HOUR_MS]


def test_what_a_log_has_outside_the_horizon_is_left_out() -> None:
    """Entries before the start and at or after the end are not part of the scenario."""
    log = ", ".join(f'{{time: "{time}"}}' for time in ("2026-04-05 23:59", "2026-04-06 00:00", "2026-04-07 00:00"))
    assert log_wave(log, length="1 day").at.tolist() == [0]


def test_rates_fit_the_days_of_the_calendar() -> None:
    """On the 23 hours of a spring day a constant rate of 100 per hour brings 2,300."""
    one = scenario(start="2026-03-29", length="23 h", zone="Europe/London", call="rate: 100 per hour")
    assert len(Calendar.of(one).days) == 1
    counts = np.array([at.size for at in instants(one, 100)])
    assert counts.mean() == pytest.approx(2300, abs=4 * np.sqrt(2300 / 100))
