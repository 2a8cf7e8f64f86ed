"""Calendars: local times, hours and steps as instants, clock changes and holidays included."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from sim.scenario.calendar import Calendar, Piece, merged_spans, open_time
from sim.scenario.load import loads
from sim.scenario.model.time import DatedSteps
from sim.scenario.schema import Scenario
from sim.scenario.units import HOUR_MS, MINUTE_MS

REST = """
channels: {phone: {}}
contact_types:
  call: {arrivals: {phone: {rate: 60 per hour}}, handling: {desk: {handle_time: {distribution: constant, mean: 1 min}}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 1}}
"""


def scenario(start: str, length: str, zone: str = "UTC", more: str = "") -> Scenario:
    """Give a scenario of which only the calendar matters."""
    return loads(f"format: 1\nname: a calendar\ntime: {{start: {start}, length: {length}, zone: {zone}}}\n{more}{REST}")


def opened(start: str, length: str, hours: str, zone: str = "UTC", more: str = "") -> list[tuple[float, float]]:
    """Give the open spans in hours since the start."""
    one = scenario(start, length, zone, f"opening_hours: {{desk: {hours}}}\n{more}")
    spans = Calendar.of(one).spans(one.opening_hours["desk"])
    return [(begin / HOUR_MS, end / HOUR_MS) for begin, end in spans]


def weighed(start: str, length: str, weights: str, zone: str = "UTC", more: str = "") -> list[tuple[float, float]]:
    """Give the steps of a profile, in hours since the start."""
    one = scenario(start, length, zone, f"profiles: {{shape: {weights}}}\n{more}")
    return [(at / HOUR_MS, value) for at, value in Calendar.of(one).steps(one.profiles["shape"])]


# Clock changes: London 2026-03-29 01:00 → 02:00 and 2026-10-25 02:00 → 01:00; New York 2026-03-08 02:00 → 03:00 and
# 2026-11-01 02:00 → 01:00.


@pytest.mark.parametrize(
    ("start", "zone", "hours"),
    [
        ("2026-03-28", "Europe/London", [24, 23, 24]),
        ("2026-10-24", "Europe/London", [24, 25, 24]),
        ("2026-03-07", "America/New_York", [24, 23, 24]),
        ("2026-10-31", "America/New_York", [24, 25, 24]),
        ("2026-03-28", "Asia/Tokyo", [24, 24, 24]),
    ],
)
def test_days_are_as_long_as_the_clock_makes_them(start: str, zone: str, hours: list[int]) -> None:
    """A local day runs from midnight to midnight, 23 or 25 hours where clocks change."""
    days = Calendar.of(scenario(start, "71 h", zone)).days
    assert [(day.end - day.start) // HOUR_MS for day in days] == hours
    assert all(before.end == after.start for before, after in pairwise(days))


def test_a_length_is_elapsed_time() -> None:
    """Seven days are 168 hours, so a week with a spring change ends an hour later on the clock."""
    calendar = Calendar.of(scenario("2026-03-23", "7 days", "Europe/London"))
    assert calendar.wall(calendar.length).replace(tzinfo=None) == datetime(2026, 3, 30, 1)
    assert calendar.days[-1].date == date(2026, 3, 30)


@pytest.mark.parametrize(
    ("start", "zone", "day", "jump_utc", "skipped"),
    [
        ("2026-03-29", "Europe/London", date(2026, 3, 29), datetime(2026, 3, 29, 1, tzinfo=UTC), (60, 75, 119)),
        ("2026-03-08", "America/New_York", date(2026, 3, 8), datetime(2026, 3, 8, 7, tzinfo=UTC), (120, 150, 179)),
    ],
)
def test_a_skipped_time_means_the_jump(
    start: str, zone: str, day: date, jump_utc: datetime, skipped: tuple[int, ...]
) -> None:
    """Local times in the gap of spring are all the instant at which the clock jumps."""
    calendar = Calendar.of(scenario(start, "1 day", zone))
    jump = (jump_utc - calendar.origin) // timedelta(milliseconds=1)
    assert [calendar.instant(day, minute * MINUTE_MS) for minute in skipped] == [jump] * len(skipped)


@pytest.mark.parametrize(
    ("day", "zone", "first_utc"),
    [
        (date(2026, 10, 25), "Europe/London", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 11, 1), "America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
    ],
)
def test_a_time_that_happens_twice_means_the_first(day: date, zone: str, first_utc: datetime) -> None:
    """01:30 in the night of the autumn change is its first occurrence."""
    calendar = Calendar.of(scenario(day.isoformat(), "1 day", zone))
    assert calendar.origin + timedelta(milliseconds=calendar.instant(day, 90 * MINUTE_MS)) == first_utc


def test_the_wall_clock_shows_what_an_instant_was_asked_for() -> None:
    """Away from clock changes, `wall` undoes `instant`, before the start and past 24 h too."""
    calendar = Calendar.of(scenario("2026-03-28", "3 days", "Europe/London"))
    for on, time_of_day, shown in (
        (date(2026, 3, 27), 9 * HOUR_MS, datetime(2026, 3, 27, 9)),
        (date(2026, 3, 29), 0, datetime(2026, 3, 29)),
        (date(2026, 3, 29), 12 * HOUR_MS + 1, datetime(2026, 3, 29, 12, 0, 0, 1000)),
        (date(2026, 3, 28), 50 * HOUR_MS, datetime(2026, 3, 30, 2)),
    ):
        assert calendar.wall(calendar.instant(on, time_of_day)).replace(tzinfo=None) == shown


def test_another_zone_has_its_own_clock_over_the_same_span() -> None:
    """09:00 in London in summer is 17:00 in Tokyo, eight hours before Tokyo's midnight plus one day."""
    tokyo = Calendar.of(scenario("2026-04-06", "2 days", "Asia/Tokyo"))
    london = tokyo.in_zone("Europe/London")
    assert (
        london.instant(date(2026, 4, 6), 9 * HOUR_MS) == tokyo.instant(date(2026, 4, 6), 17 * HOUR_MS) == 17 * HOUR_MS
    )
    assert [day.date for day in london.days] == [date(2026, 4, 5), date(2026, 4, 6), date(2026, 4, 7)]


def test_hours_in_the_gap_of_spring_are_empty_and_around_it_shorter() -> None:
    """Of 00:30-01:30 the half hour before the jump is left, of 01:15-01:45 nothing, 22:00-06:00 lasts seven hours."""
    night = ("2026-03-28", "2 days")
    assert opened(*night, '{sun: "00:30-01:30"}', "Europe/London") == [(24.5, 25)]
    assert opened(*night, '{sun: "01:15-01:45"}', "Europe/London") == []
    assert opened(*night, '{sat: "22:00-06:00"}', "Europe/London") == [(22, 29)]


def test_hours_over_the_autumn_change_are_longer() -> None:
    """From 22:00 to 06:00 are nine hours, and 01:00-02:00 holds both of them."""
    night = ("2026-10-24", "2 days")
    assert opened(*night, '{sat: "22:00-06:00"}', "Europe/London") == [(22, 31)]
    assert opened(*night, '{sun: "01:00-02:00"}', "Europe/London") == [(25, 27)]
    assert opened(*night, '{sun: "01:30-01:45"}', "Europe/London") == [(25.5, 25.75)]


def test_hours_around_the_clock_are_one_span() -> None:
    """Days that touch are merged, across clock changes too, and cut to the horizon."""
    assert opened("2026-03-28", "3 days", '{mon-sun: "00:00-24:00"}', "Europe/London") == [(0, 72)]


def test_hours_over_midnight_reach_into_the_first_day_and_end_with_the_horizon() -> None:
    """22:00-02:00 leaves two hours at the start, from the day before, and two at the end."""
    assert opened("2026-04-06", "2 days", '{mon-sun: "22:00-02:00"}') == [(0, 2), (22, 26), (46, 48)]


def test_several_spans_of_a_day_stay_apart_and_touching_ones_join() -> None:
    """A lunch break parts the hours; 09:00-12:00, 12:00-15:00 does not."""
    assert opened("2026-04-06", "1 day", '{mon: "09:00-12:00, 13:00-15:00"}') == [(9, 12), (13, 15)]
    assert opened("2026-04-06", "1 day", '{mon: "09:00-12:00, 12:00-15:00"}') == [(9, 15)]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        pytest.param('{mon-sun: "09:00-18:00"}', [(9, 18), (33, 42), (57, 66)], id="no row: the weekday's"),
        pytest.param('{mon-sun: "09:00-18:00", holidays: closed}', [(9, 18), (57, 66)], id="closed"),
        pytest.param(
            '{mon-sun: "09:00-18:00", holidays: "10:00-12:00"}', [(9, 18), (34, 36), (57, 66)], id="own hours"
        ),
        pytest.param('{mon-sun: "22:00-02:00", holidays: closed}', [(0, 2), (22, 26), (70, 72)], id="over midnight"),
    ],
)
def test_a_holiday_has_its_own_row(hours: str, expected: list[tuple[float, float]]) -> None:
    """The holidays row replaces a holiday's weekday; hours that began the evening before run on into it."""
    assert opened("2026-04-06", "3 days", hours, more="holidays: [2026-04-07]\n") == expected


def test_public_holidays_are_those_of_the_country() -> None:
    """29 April 2026 is a holiday in Japan and an ordinary Wednesday elsewhere."""
    hours = '{mon-sun: "09:00-18:00", holidays: closed}'
    assert opened("2026-04-29", "1 day", hours, more="holidays: {country: JP}\n") == []
    assert opened("2026-04-29", "1 day", hours, more="holidays: {country: GB}\n") == [(9, 18)]


def test_steps_hold_over_midnight_and_days_without_a_row() -> None:
    """What was listed last on Friday holds until Monday, and what was listed before the start holds at it."""
    weights = '{mon-fri: {"08:00": 3, "18:00": 1}}'
    assert weighed("2026-04-10", "4 days", weights) == [(0, 1), (8, 3), (18, 1), (80, 3), (90, 1)]
    assert weighed("2026-04-11", "1 day", weights) == [(0, 1)]


def test_steps_of_a_holiday_replace_those_of_its_weekday() -> None:
    """A holiday row is taken on the holiday; what it lists last holds until the next listed time."""
    weights = '{mon-sun: {"08:00": 3, "18:00": 1}, holidays: {"12:00": 2}}'
    expected = [(0, 1), (8, 3), (18, 1), (36, 2), (56, 3), (66, 1)]
    assert weighed("2026-04-06", "3 days", weights, more="holidays: [2026-04-07]\n") == expected


def test_steps_that_change_nothing_are_left_out() -> None:
    """A value that is listed again is no step."""
    assert weighed("2026-04-06", "2 days", '{mon-sun: {"08:00": 3, "12:00": 3, "18:00": 1}}') == [
        (0, 1),
        (8, 3),
        (18, 1),
        (32, 3),
        (42, 1),
    ]


def test_of_times_at_the_jump_the_last_holds() -> None:
    """Steps at 01:00 and 01:30 fall on the same instant of spring; the later one is in force from there."""
    weights = '{mon-sat: {"00:00": 1}, sun: {"01:00": 2, "01:30": 3, "04:00": 4}}'
    assert weighed("2026-03-29", "1 day", weights, "Europe/London") == [(0, 1), (1, 3), (3, 4), (23, 1)]


def test_numbers_by_date_hold_from_their_time_and_are_0_before() -> None:
    """A staffing file's numbers hold from each start to the next; nobody is there before the first."""
    calendar = Calendar.of(scenario("2026-04-06", "2 days"))
    rows = ((datetime(2026, 4, 6, 8), 4.0), (datetime(2026, 4, 7, 8), 6.0), (datetime(2026, 4, 9), 1.0))
    assert calendar.steps(DatedSteps(rows)) == ((0, 0.0), (8 * HOUR_MS, 4.0), (32 * HOUR_MS, 6.0))
    earlier = ((datetime(2026, 4, 1), 2.0), *rows)
    assert calendar.steps(DatedSteps(earlier))[0] == (0, 2.0)


def test_linear_pieces_join_listed_times_over_midnight() -> None:
    """Between 18:00 with 0 and 08:00 with 7 the value rises by 0.5 an hour: 3 at midnight, where the horizon cuts."""
    one = scenario("2026-04-06", "1 day", more='profiles: {shape: {mon-sun: {"08:00": 7, "18:00": 0}}}\n')
    pieces = Calendar.of(one).pieces(one.profiles["shape"], linear=True)
    assert [(piece.start / HOUR_MS, piece.end / HOUR_MS) for piece in pieces] == [(0, 8), (8, 18), (18, 24)]
    assert [value for piece in pieces for value in (piece.first, piece.last)] == pytest.approx([3, 7, 7, 0, 0, 3])


def test_linear_pieces_without_a_later_day_run_to_the_next_week() -> None:
    """With times listed on Monday only, Tuesday lies on the line from Monday evening to next Monday."""
    one = scenario("2026-04-07", "1 day", more='profiles: {shape: {mon: {"00:00": 0, "12:00": 156}}}\n')
    assert Calendar.of(one).pieces(one.profiles["shape"], linear=True) == (
        Piece(0, 24 * HOUR_MS, pytest.approx(144.0), pytest.approx(120.0)),
    )


def test_level_pieces_cover_the_span() -> None:
    """Steps as pieces follow each other without a gap from 0 to the end."""
    one = scenario("2026-03-28", "3 days", "Europe/London", 'profiles: {shape: {sun: {"01:30": 1, "09:15": 2}}}\n')
    pieces = Calendar.of(one).pieces(one.profiles["shape"])
    assert pieces[0].start == 0
    assert pieces[-1].end == 72 * HOUR_MS
    assert all(before.end == after.start for before, after in pairwise(pieces))
    assert [(piece.first, piece.last) for piece in pieces] == [(2, 2), (1, 1), (2, 2)]


def test_steps_that_holidays_and_gaps_hide_are_found_before_the_start() -> None:
    """With times listed on Fridays only, and last Friday a holiday with a row of its own, that row is in force."""
    weights = '{fri: {"08:00": 3}, holidays: {"08:00": 2}}'
    assert weighed("2026-04-07", "1 day", weights) == [(0, 3)]
    assert weighed("2026-04-07", "1 day", weights, more="holidays: [2026-04-03]\n") == [(0, 2)]


def test_merged_spans_are_sorted_apart_and_within() -> None:
    """Spans that touch or overlap become one, empty ones go, and nothing lies outside the horizon."""
    assert merged_spans([(5, 9), (-3, 1), (1, 2), (6, 7), (4, 4), (12, 30)], 20) == ((0, 2), (5, 9), (12, 20))


def test_open_time_runs_only_in_the_spans() -> None:
    """A clock that runs in [10, 20) and [30, 35) shows what has passed within them."""
    spans = np.array([[10, 20], [30, 35]])
    at = np.array([[0, 10, 13, 20], [25, 30, 34, 99]])
    assert open_time(spans, at).tolist() == [[0, 0, 3, 10], [10, 10, 14, 15]]
    assert open_time(np.empty((0, 2), dtype=np.int64), at).tolist() == [[0] * 4] * 2
