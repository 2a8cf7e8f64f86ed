"""The posts of a scenario: each shift on each date, and how many people it needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sim.demand.shifts import person_day
from sim.scenario.calendar import Calendar
from sim.scenario.errors import Place, Problem, ScenarioError

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario


@dataclass(frozen=True)
class Post:
    """One shift on one date."""

    on: date
    group: str
    shift: str
    needed: int
    """People."""
    start: int
    end: int
    """ms since the scenario's start."""
    paid: int
    """ms, unpaid breaks taken off."""


def posts_of(scenario: Scenario) -> tuple[Post, ...]:
    """Give the posts that begin within a scenario and need anybody, by begin, group and shift.

    Raises
    ------
    ScenarioError
        If no group has shifts, or no shift needs anybody.
    """
    whole = Calendar.of(scenario)
    found = []
    for name, group in scenario.agent_groups.items():
        calendar = whole.in_zone(group.zone) if group.zone else whole
        excepted = {(one.date, one.shift): one.headcount for one in group.exceptions}
        for shift_name, shift in group.shifts.items():
            for day in calendar.days:
                if day.date.weekday() not in shift.days:
                    continue
                needed = excepted.get((day.date, shift_name), shift.headcount[day.date.weekday()])
                planned = person_day(shift, calendar, day.date, 0)
                if needed and 0 <= planned.start < whole.length:
                    paid = sum(end - start for start, end in planned.paid())
                    found.append(Post(day.date, name, shift_name, needed, planned.start, planned.end, paid))
    if not found:
        message = "no shift needs anybody; a roster needs groups with `shifts` and headcounts"
        raise ScenarioError([Problem(Place(scenario.name), "agent_groups", message)])
    return tuple(sorted(found, key=lambda post: (post.start, post.group, post.shift)))
