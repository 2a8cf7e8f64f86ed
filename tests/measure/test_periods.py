"""Intervals, hours, days and weeks of the local clock."""

import numpy as np

from sim.measure.periods import HOUR_MS, Periods
from sim.scenario.calendar import Calendar
from sim.scenario.load import loads

DAY = 24 * HOUR_MS
QUARTER = HOUR_MS // 4

DESK = """
format: 1
name: One queue
time: {{start: {start}, length: {length}, zone: {zone}, warm_up: {warm_up}}}
channels: {{phone: {{}}}}
contact_types:
  order:
    arrivals: {{phone: {{rate: 1 per hour}}}}
    handling: {{desk: {{handle_time: {{distribution: constant, mean: 1 min}}}}}}
tiers: {{desk: {{}}}}
agent_groups: {{clerks: {{tier: desk, headcount: 1}}}}
"""


def periods(start: str, length: str, zone: str = "UTC", warm_up: str = "0 s") -> Periods:
    scenario = loads(DESK.format(start=start, length=length, zone=zone, warm_up=warm_up))
    return Periods.of(scenario, Calendar.of(scenario))


def test_a_plain_week_has_seven_days_and_672_intervals() -> None:
    week = periods("2026-04-06", "7 days")
    assert [week.count(per) for per in ("run", "week", "day", "hour", "interval")] == [1, 1, 7, 168, 672]


def test_days_and_hours_stay_on_the_clock_when_it_changes() -> None:
    """London, 29 March 2026: the day has 23 hours, and the next begins at its own midnight."""
    days = periods("2026-03-28", "3 days", "Europe/London")
    assert days.widths("day").tolist()[:2] == [24 * HOUR_MS, 23 * HOUR_MS]
    assert days.edges["day"][2] in days.edges["hour"]


def test_weeks_are_seven_local_days_from_the_first() -> None:
    assert periods("2026-04-08", "10 days").widths("week").tolist() == [7 * DAY, 3 * DAY]


def test_measured_time_begins_after_the_warm_up() -> None:
    warm = periods("2026-04-06", "1 day", warm_up="50 min")
    assert (warm.begin, warm.end) == (50 * 60_000, DAY)
    assert warm.widths("interval").tolist()[:2] == [10 * 60_000, QUARTER]
    assert warm.widths("hour").tolist()[:2] == [10 * 60_000, HOUR_MS]


def test_every_period_is_a_run_of_slots_also_where_intervals_do_not_divide_hours() -> None:
    grid = Periods.from_days([(0, DAY)], begin=0, end=DAY, interval=45 * 60_000)
    for per, edges in grid.edges.items():
        assert np.isin(edges, grid.slots).all(), per
        assert (grid.slots[grid.first_slots(per)] == edges[:-1]).all()


def test_an_instant_on_an_edge_belongs_to_the_slot_that_begins() -> None:
    grid = Periods.from_days([(0, DAY)], begin=0, end=DAY, interval=QUARTER)
    assert grid.slot_of(np.array([0, QUARTER - 1, QUARTER, DAY - 1])).tolist() == [0, 0, 1, 95]
