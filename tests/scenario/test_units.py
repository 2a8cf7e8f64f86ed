"""Quantities as people write them."""

from datetime import date, datetime

import pytest

from sim.scenario import counts, units
from sim.scenario.counts import Range
from sim.scenario.units import Money, Tolerance, Volume

HOUR, DAY = units.HOUR_MS, units.DAY_MS


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("250 ms", 250),
        ("20 s", 20_000),
        ("6 min", 360_000),
        ("4.5 min", 270_000),
        ("4 h", 4 * HOUR),
        ("1 day", DAY),
        ("30 days", 30 * DAY),
        ("1 week", 7 * DAY),
        ("4 weeks", 28 * DAY),
        ("1 h 30 min", 90 * units.MINUTE_MS),
        ("90s", 90_000),
        ("0 s", 0),
        (" 2 min ", 120_000),
        ("0.5 ms", 0),
        ("1.5 ms", 2),
    ],
)
def test_durations_are_whole_milliseconds(text: str, milliseconds: int) -> None:
    """Halves go to the even neighbour, as everywhere."""
    assert units.read_duration(text) == milliseconds


@pytest.mark.parametrize(
    "text", ["", "5", "min", "5 minutes", "5 m", "-5 min", "1 h and 5 min", "1e400 s", "101 years", 5, None, "5 min 3"]
)
def test_what_is_no_duration_is_refused(text: object) -> None:
    """With examples of what is one."""
    with pytest.raises(ValueError, match="a duration"):
        units.read_duration(text)


@pytest.mark.parametrize(
    "milliseconds", [0, 1, 250, 1000, 90_000, 3_600_000, DAY, 2 * DAY, 7 * DAY, 21 * DAY, 99_999_999]
)
def test_a_written_duration_is_read_back(milliseconds: int) -> None:
    """In the largest unit that fits."""
    assert units.read_duration(units.write_duration(milliseconds)) == milliseconds


@pytest.mark.parametrize(
    ("value", "share"),
    [("52 %", 0.52), ("45.3 %", 0.453), ("0%", 0), ("100 %", 1), (0.25, 0.25), (1, 1), ("12.3 %", 0.123)],
)
def test_shares_are_floats_from_0_to_1(value: object, share: float) -> None:
    """Per cent give the float nearest to the decimal share, not a product."""
    assert units.read_share(value) == share


@pytest.mark.parametrize("value", ["101 %", 2, -0.1, "-1 %", "half", "52", True, None, "1e1 %", float("nan")])
def test_what_is_no_share_is_refused(value: object) -> None:
    """Truth values and not-a-number included."""
    with pytest.raises(ValueError, match="a share"):
        units.read_share(value)


def test_other_quantities_are_read_with_their_units() -> None:
    """Rates become contacts per hour, volumes and money keep what they are per."""
    assert units.read_rate("100 per hour") == 100
    assert units.read_rate("2 per minute") == 120
    assert units.read_volume("2600 per week") == Volume(2600, "week")
    assert units.read_volume("1200 per month").per_ms == 30.4375 * DAY
    assert units.read_money("8000 each", ("hour", "each")) == Money(8000, "each")
    assert units.read_money("1500000 per month", ("month",)) == Money(1_500_000, "month")
    assert units.read_factor("110 %") == 1.1
    assert units.read_trend("-2 % per week") == -0.02
    assert units.read_tolerance("1 point") == Tolerance(0.01, relative=False)
    assert units.read_tolerance("1 %") == Tolerance(0.01, relative=True)
    assert counts.read_range("4..20") == Range(4, 20)
    assert counts.read_range(3) == Range(3, 3)


def test_money_per_something_else_is_refused() -> None:
    """With what is allowed there."""
    with pytest.raises(ValueError, match="15 per contact"):
        units.read_money("15 per hour", ("contact",))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("sat-sun", (5, 6)),
        ("fri-tue", (0, 1, 4, 5, 6)),
        ("mon", (0,)),
        ("mon,wed", (0, 2)),
        ("Mon, thu-fri", (0, 3, 4)),
        ("sun-sun", (6,)),
    ],
)
def test_days_run_over_the_weekend(text: str, days: tuple[int, ...]) -> None:
    """Sorted, Monday is 0."""
    assert units.read_days(text) == days


@pytest.mark.parametrize("text", ["", "monday", "mon-", "mon,mon", "mon-fri,wed", "holidays", 1, "mon fri"])
def test_what_is_no_set_of_days_is_refused(text: object) -> None:
    """A day named twice too; holidays are a row of a week, not a weekday."""
    with pytest.raises(ValueError, match="weekdays"):
        units.read_days(text)


def test_spans_may_run_over_midnight() -> None:
    """Then their end is past 24 h; touching spans are fine."""
    assert units.read_span("22:00-02:00") == (22 * HOUR, 26 * HOUR)
    assert units.read_span("00:00-24:00") == (0, DAY)
    assert units.read_spans("13:00-15:00, 09:00-12:00") == ((9 * HOUR, 12 * HOUR), (13 * HOUR, 15 * HOUR))
    assert units.read_spans("09:00-12:00, 12:00-15:00") == ((9 * HOUR, 12 * HOUR), (12 * HOUR, 15 * HOUR))
    assert units.read_spans("closed") == ()


@pytest.mark.parametrize(
    "text", ["09:00", "09:00-09:00", "9-17", "25:00-26:00", "09:60-10:00", "24:00-25:00", 9, "09:00-10:00,"]
)
def test_what_is_no_span_is_refused(text: object) -> None:
    """Also one of no length."""
    with pytest.raises(ValueError, match="span"):
        units.read_spans(text)


def test_dates_and_times_are_wall_clock() -> None:
    """A time of day alone is on the first day, where there is one."""
    assert units.read_date("2026-04-06") == date(2026, 4, 6)
    assert units.read_datetime("2026-04-08 10:00") == datetime(2026, 4, 8, 10)
    assert units.read_datetime("2026-04-08T10:00:00.250") == datetime(2026, 4, 8, 10, 0, 0, 250_000)
    assert units.read_datetime("2026-04-08") == datetime(2026, 4, 8)
    assert units.read_datetime("2026-04-08", date(2026, 4, 6)) == datetime(2026, 4, 8)
    assert units.read_datetime("09:00:05", date(2026, 4, 6)) == datetime(2026, 4, 6, 9, 0, 5)
    with pytest.raises(ValueError, match="date and time"):
        units.read_datetime("09:00:05")
