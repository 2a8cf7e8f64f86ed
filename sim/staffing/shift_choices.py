"""The shifts that a plan may use: those of the scenario, with the headcounts they may have, and those made by rules.

Rules
-----
- A *choice* is one shift on a set of weekdays that have the same headcount. The weekdays of a scenario's shift that
  have the same headcount now are one choice. A pattern makes one for each begin on its grid, length and day set. People
  around the clock (`headcount` of a group) are one, too.
- What one person of a choice gives to an interval is the share of it at work on average over where their break may lie
  in its window: people's breaks are spread over it. Of a few people the breaks fall on single instants of it, so that
  an interval may have one more or less than the average says. Absence and time off the queue are taken off.
- Bounds: `plan.shifts` names shifts that may change, `plan.headcount` groups all of whose shifts may; the others keep
  their headcounts. Exceptions on single dates stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.demand.shifts import person_day
from sim.scenario.calendar import Calendar
from sim.scenario.counts import Range
from sim.scenario.model.agent_groups import Break, Shift
from sim.scenario.units import DAY_MS, HOUR_MS, MINUTE_MS

if TYPE_CHECKING:
    from sim.scenario.model.agent_groups import AgentGroup
    from sim.scenario.model.plan import Pattern, Plan
    from sim.scenario.schema import Scenario
    from sim.scenario.units import Money

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

ANY: Final = Range(0, 10**6)
"""A headcount without bounds."""


@dataclass(frozen=True)
class Draft:
    """A shift on a set of weekdays, before it is laid over a scenario's time."""

    name: str
    """Of the shift; empty for people around the clock."""
    shift: Shift | None
    """None for people around the clock."""
    days: tuple[int, ...]
    """Weekdays, 0 for Monday, that have this headcount."""
    bounds: Range
    """Of the headcount."""
    pattern: int | None
    """Which of `plan.patterns` made it; None of a shift of the scenario."""


@dataclass(frozen=True)
class Choice:
    """One shift on a set of weekdays, whose headcount is to be chosen."""

    group: str
    draft: Draft
    present_share: Floats
    """(intervals,) agents on duty that one person gives."""
    on_site: Floats
    """(intervals,) 1 where a person's shift, breaks included, reaches into the interval."""
    paid_ms: int
    """Of one person, within the scenario."""
    cost: float
    """Of one person, within the scenario; nan where the scenario gives none."""
    times: int
    """How often it begins within the scenario."""


@dataclass(frozen=True)
class Fixed:
    """What exceptions put on duty in a group whatever is chosen."""

    present_share: Floats
    on_site: Floats
    """(intervals,) both."""


def choices_of(scenario: Scenario, edges: Ints) -> tuple[tuple[Choice, ...], dict[str, Fixed]]:
    """Give the choices of a scenario and what stands beside them by group, by intervals (ms edges).

    Raises
    ------
    ValueError
        If the scenario has no `plan`.
    """
    plan = scenario.plan
    if plan is None:
        raise ValueError("the scenario has no `plan` that says which shifts may change")
    whole = Calendar.of(scenario)
    choices: list[Choice] = []
    fixed: dict[str, Fixed] = {}
    for name in sorted(scenario.agent_groups):
        group = scenario.agent_groups[name]
        grid = _Grid(name, whole.in_zone(group.zone) if group.zone else whole, edges, group)
        for draft in (*_listed(plan, name, group), *_invented(plan, name, group)):
            choices += grid.choice(draft)
        if not choices or choices[-1].group != name:
            choices += grid.around_the_clock(plan.headcount.get(name))
        fixed[name] = grid.fixed
    return tuple(choices), fixed


def _listed(plan: Plan, name: str, group: AgentGroup) -> Iterator[Draft]:
    """Give the shifts that a group has."""
    for shift_name in sorted(group.shifts):
        shift = group.shifts[shift_name]
        bounds = _bounds(plan, name, shift_name)
        for days in _same_headcount(shift):
            present = shift.headcount[days[0]]
            yield Draft(shift_name, shift, days, Range(present, present) if bounds is None else bounds, None)


def _invented(plan: Plan, name: str, group: AgentGroup) -> Iterator[Draft]:
    """Give the shifts that patterns make for a group."""
    taken = set(group.shifts)
    for position, pattern in enumerate(plan.patterns):
        if pattern.group == name:
            for shift_name, shift, day_sets in _made(pattern, taken):
                for days in day_sets:
                    yield Draft(shift_name, shift, days, pattern.headcount or ANY, position)


def _bounds(plan: Plan, group: str, shift: str) -> Range | None:
    """Give the bounds of a shift's headcounts; None if they may not change."""
    if group in plan.shifts:
        ranges = plan.shifts[group]
        if ranges is None:
            return plan.headcount.get(group, ANY)
        if shift in ranges:
            return ranges[shift]
    return plan.headcount.get(group)


def _same_headcount(shift: Shift) -> Iterator[tuple[int, ...]]:
    """Give the weekdays of a shift by headcount, in the order in which they come first."""
    for number in dict.fromkeys(shift.headcount[day] for day in shift.days):
        yield tuple(day for day in shift.days if shift.headcount[day] == number)


def _made(pattern: Pattern, taken: set[str]) -> Iterator[tuple[str, Shift, tuple[tuple[int, ...], ...]]]:
    """Give the shifts of a pattern: name, hours and breaks, and the day sets of their headcounts."""
    day_sets = pattern.days or tuple((day,) for day in range(7))
    days = tuple(sorted({day for one in day_sets for day in one}))
    for length in pattern.lengths:
        for on_grid in range(pattern.starts[0], pattern.starts[1] + 1, pattern.every):
            begin = on_grid % DAY_MS  # after midnight it is a shift of the date on which it begins
            name = plain = f"from_{_digits(begin)}_to_{_digits(begin + length)}"
            number = 1
            while name in taken:
                number += 1
                name = f"{plain}_{number}"
            taken.add(name)
            breaks = tuple(
                Break.model_construct(
                    length=pause.length,
                    between=(begin + pause.between[0], begin + pause.between[1]),
                    at=None,
                    paid=pause.paid,
                )
                for pause in pattern.breaks
            )
            shift = Shift.model_construct(
                days=days, hours=(begin, begin + length), headcount=(0,) * 7, cost=pattern.cost, breaks=breaks
            )
            yield name, shift, day_sets


def _digits(of_day: int) -> str:
    hours, minutes = divmod(of_day // MINUTE_MS, 60)
    return f"{hours % 24:02}{minutes:02}"


class _Grid:
    """Intervals on a group's calendar."""

    def __init__(self, name: str, calendar: Calendar, edges: Ints, group: AgentGroup) -> None:
        self._name, self._calendar, self._edges, self._group = name, calendar, edges, group
        self._present = (1 - group.shrinkage.absence) * (1 - group.shrinkage.in_shift)
        self.fixed = Fixed(np.zeros(len(edges) - 1), np.zeros(len(edges) - 1))
        """What exceptions put on duty; grows with the choices."""
        first = calendar.days[0].date
        # Who began on the day before may still be at work.
        self._dates = [first - timedelta(days=1), *(day.date for day in calendar.days)]

    def choice(self, draft: Draft) -> Iterator[Choice]:
        """Give the choice, if it has any time in the scenario; exceptions of its dates are put aside."""
        assert draft.shift is not None
        excepted = {one.date: one.headcount for one in self._group.exceptions if one.shift == draft.name}
        there, on_site = np.zeros(len(self._edges) - 1), np.zeros(len(self._edges) - 1)
        paid, times = 0, 0
        for on in self._dates:
            if on.weekday() not in draft.days:
                continue
            share, site, paid_here = self._of_date(draft.shift, on)
            if not site.any():
                continue
            if on in excepted:
                self.fixed.present_share[:] += excepted[on] * share
                self.fixed.on_site[:] += excepted[on] * site
                continue
            there += share
            on_site = np.maximum(on_site, site)
            paid += paid_here
            times += 1
        if times:
            cost = _cost(draft.shift.cost or self._group.cost, paid, times)
            yield Choice(self._name, draft, there, on_site, paid, cost, times)

    def around_the_clock(self, bounds: Range | None) -> Iterator[Choice]:
        """Give the choice of people around the clock, if there are any and their number may change."""
        if bounds is not None and self._group.staffing is None:
            there = np.ones(len(self._edges) - 1)
            paid = int(self._edges[-1] - self._edges[0])
            draft = Draft("", None, tuple(range(7)), bounds, None)
            yield Choice(self._name, draft, there * self._present, there, paid, _cost(self._group.cost, paid, 1), 1)

    def _of_date(self, shift: Shift, on: date) -> tuple[Floats, Floats, int]:
        """Give one person's share at work, whether they are there, and what is paid, on one date."""
        calendar, edges = self._calendar, self._edges
        planned = person_day(shift, calendar, on, 0)
        at_work = _overlap(edges, planned.start, planned.end)
        site = (at_work > 0).astype(np.float64)
        for window, pause in zip(shift.break_windows(), shift.breaks, strict=True):
            begin, end = (calendar.instant(on, time_of_day) for time_of_day in window)
            at_work = at_work - _away(edges, begin, end, pause.length)
        paid = sum(max(min(end, int(edges[-1])) - max(start, int(edges[0])), 0) for start, end in planned.paid())
        return np.maximum(at_work, 0.0) / np.diff(edges) * self._present, site, paid


def _overlap(edges: Ints, start: int, end: int) -> Floats:
    """Give how much of each interval lies in a span, ms."""
    inside: Floats = np.diff(np.clip(edges, start, end)).astype(np.float64)
    return inside


def _away(edges: Ints, begin: int, end: int, length: int) -> Floats:
    """Give how much of each interval a break of a length takes on average, whose begin is even over its window, ms."""
    room = end - begin - length

    def begun(at: Floats) -> Floats:
        """Give the time up to an instant since the break began, on average."""
        if room == 0:
            return np.maximum(at - begin, 0.0)
        return np.clip(at - begin, 0.0, room) ** 2 / (2.0 * room) + np.maximum(at - begin - room, 0.0)

    instants = edges.astype(np.float64)
    return np.diff(begun(instants) - begun(instants - length))


def _cost(rate: Money | None, paid_ms: int, times: int) -> float:
    if rate is None:
        return float("nan")
    return rate.amount * times if rate.per == "each" else rate.amount * paid_ms / HOUR_MS
