"""Who is on duty when: shifts, breaks, absences and off-phone blocks as the Agents table of a Hand.

A *crew* is the people of one shift, or of one group staffed by numbers. What does not depend on chance (everybody's
planned work, cut where chance may take a part of it away) is worked out once, in the `DutyPlan`; a deal draws what is
taken away, and joins what is left. Each crew has a stream of its own.

Rules
-----
- Spans that touch are one, also where one shift of a person follows on another; all is cut to the horizon.
- A span after a break says how long the break was. Whoever finishes something after the break was to begin has all of
  it: the span then begins at the later of its start and the end of that work + `span_pause`.
- In groups staffed by numbers person i is planned at t if the number there is above i; who is absent or off is taken
  off the number.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.demand.absences import Absences
from sim.demand.columns import taken
from sim.demand.hand import NONE, Agents, Bools, Ints, Small
from sim.demand.people import Staff
from sim.demand.shifts import person_day
from sim.demand.streams import StreamNames, Streams
from sim.scenario.calendar import Calendar, merged_spans
from sim.scenario.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sim.demand.kept import Kept
    from sim.scenario.calendar import Span
    from sim.scenario.model.agent_groups import AgentGroup
    from sim.scenario.schema import Scenario


class Parcels(NamedTuple):
    """Planned work of one person that is there as a whole or not at all, by (agent, start). Shape: (parcels,)."""

    agent: Ints
    start: Ints
    end: Ints
    """ms, half-open, within the horizon."""
    shift_end: Ints
    day: Ints
    """Which of the crew's dates the shift begins on; breaks are counted within it."""
    break_before: Ints
    """Total length of the breaks between the shift's begin and the parcel, ms."""
    place: Ints
    """Where it stands in the flattened availability."""


class ShiftCrew:
    """The people of one shift: everybody keeps their own hours.

    Parameters
    ----------
    numbers, names
        Of the group and of the shift.
    group
        The group, as the scenario says it.
    calendar
        Of the group's zone.
    """

    def __init__(self, numbers: tuple[int, int], names: tuple[str, str], group: AgentGroup, calendar: Calendar) -> None:
        self.group, self.shift = numbers
        shift = group.shifts[names[1]]
        counts = _headcounts(group, names[1], calendar)
        self.people = max(counts.values(), default=0)
        self.absences = Absences("/".join(("duty", *names)), group.shrinkage, self.people, list(counts))
        self.staff = _staff("/".join(names), group, self.people)
        self.paid: list[tuple[Span, ...]] = []
        self.shift_begins: list[list[int]] = []
        planned: list[tuple[int, ...]] = []
        for person in range(self.people):
            days = [
                (d, person_day(shift, calendar, on, person))
                for d, (on, headcount) in enumerate(counts.items())
                if person < headcount
            ]
            planned += (
                (person, d, work.start, work.end, day.start, day.end, work.break_before)
                for d, day in days
                for work in day.stretches()
            )
            self.paid.append(merged_spans((span for _, day in days for span in day.paid()), calendar.length))
            self.shift_begins.append([day.start for _, day in days if day.start < calendar.length])
        self.parcels = self._cut(np.array(planned, dtype=np.int64).reshape(-1, 7), calendar.length)

    def _cut(self, planned: Ints, length: int) -> Parcels:
        """Cut planned work at the edges of the horizon and of each shift's blocks."""
        planned = planned[(planned[:, 2] < length) & (planned[:, 3] > 0)]
        person, day, start, end, shift_start, shift_end, break_before = planned.T
        start, end = np.maximum(start, 0), np.minimum(end, length)
        block_ms = self.absences.block_ms
        first = (start - shift_start) // block_ms
        blocks = (end - 1 - shift_start) // block_ms - first + 1
        of = np.repeat(np.arange(len(planned)), blocks)
        block = np.arange(len(of)) - (np.cumsum(blocks) - blocks - first)[of]
        block_start = shift_start[of] + block * block_ms
        return Parcels(
            agent=person[of],
            start=np.maximum(start[of], block_start),
            end=np.minimum(end[of], block_start + block_ms),
            shift_end=np.minimum(shift_end, length)[of],
            day=day[of],
            break_before=break_before[of],
            place=(day * self.people + person)[of] * self.absences.blocks + block,
        )


def _headcounts(group: AgentGroup, shift_name: str, calendar: Calendar) -> dict[date, int]:
    """Give the people of a shift by the date on which it begins, of all dates that reach into the horizon."""
    shift = group.shifts[shift_name]
    excepted = {exception.date: exception.headcount for exception in group.exceptions if exception.shift == shift_name}
    first = calendar.days[0].date
    dates = (first - timedelta(days=1), *(day.date for day in calendar.days))
    return {
        on: excepted.get(on, shift.headcount[on.weekday()])
        for on in dates
        if on.weekday() in shift.days and calendar.instant(on, shift.hours[1]) > 0
    }


class NumbersCrew:
    """The people of a group staffed by numbers: interchangeable, so only how many are at work matters.

    Parameters
    ----------
    number, name
        Of the group.
    group
        With `staffing` or `headcount`.
    calendar
        Of the group's zone.
    """

    def __init__(self, number: int, name: str, group: AgentGroup, calendar: Calendar) -> None:
        steps = ((0, group.headcount or 0),) if group.staffing is None else calendar.steps(group.staffing)
        self.group, self.shift = number, NONE
        self.people = max(int(people) for _, people in steps)
        self.staff = _staff(name, group, self.people)
        self.paid = _planned_spans(steps, self.people, calendar.length)
        self.shift_begins: list[list[int]] = [[] for _ in range(self.people)]
        self._absences = Absences(f"duty/{name}", group.shrinkage, self.people, [day.date for day in calendar.days])
        step_at, step_people = np.array(steps, dtype=np.int64).T
        midnights = np.array([day.start for day in calendar.days], dtype=np.int64)
        self._at: Ints = np.union1d(step_at, np.array(self._cuts(calendar), dtype=np.int64))
        self._planned: Ints = step_people[np.searchsorted(step_at, self._at, side="right") - 1]
        self._day = np.searchsorted(midnights, self._at, side="right") - 1
        self._block = (self._at - midnights[self._day]) // self._absences.block_ms

    def _cuts(self, calendar: Calendar) -> list[int]:
        """Give the instants within the horizon at which absences and blocks may begin and end."""
        if self._absences.none:
            return []
        blocks = (range(day.start, day.end, self._absences.block_ms) for day in calendar.days)
        return [at for at in chain.from_iterable(blocks) if 0 <= at < calendar.length]

    def deal(self, streams: Streams) -> tuple[Ints, Ints]:
        """Draw the steps of one replication: instants, ms, and how many are at work from each on; shape (steps,)."""
        there = self._absences.available(streams)
        first_people = np.zeros((there.shape[0], self.people + 1, there.shape[2]), dtype=np.int64)
        np.cumsum(there, axis=1, out=first_people[:, 1:])
        at_work: Ints = first_people[self._day, self._planned, self._block]
        changes = np.flatnonzero(np.diff(at_work, prepend=-1))
        return self._at[changes], at_work[changes]


def _staff(crew: str, group: AgentGroup, people: int) -> Staff:
    """Give the people of a crew."""
    return Staff(f"people/{crew}", people, group.speed_cv, group.ramp.share_new if group.ramp else 0.0)


def _planned_spans(steps: Sequence[tuple[int, float]], people: int, length: int) -> list[tuple[Span, ...]]:
    """Give the spans in which each person is planned: person i while the number is above i."""
    spans: list[list[Span]] = [[] for _ in range(people)]
    since: list[int] = []
    for at, number in (*steps, (length, 0)):
        while len(since) > number:
            begun = since.pop()
            spans[len(since)].append((begun, at))
        since.extend([at] * (int(number) - len(since)))
    return [tuple(one) for one in spans]


class DutyPlan:
    """Everything about people's duty that does not depend on chance.

    Parameters
    ----------
    scenario
        A validated scenario.
    kept
        What is shared with plans of the same scenario with other headcounts; nothing by default.
    """

    def __init__(self, scenario: Scenario, kept: Kept | None = None) -> None:
        crews = list(_crews(scenario, kept))
        self._kept, self._streams = kept, StreamNames()
        people = np.array([crew.people for crew in crews], dtype=np.int64)
        crew_of = np.repeat(np.arange(len(crews)), people)
        first = np.cumsum(people) - people
        paid = [spans for crew in crews for spans in crew.paid]
        paid_spans = np.array(list(chain.from_iterable(paid)), dtype=np.int64).reshape(-1, 2)
        self._group = np.array([crew.group for crew in crews], dtype=np.int16)[crew_of]
        self._shift = np.array([crew.shift for crew in crews], dtype=np.int16)[crew_of]
        self._index: Ints = np.arange(len(crew_of)) - first[crew_of]
        self._bounds: Ints = np.arange(len(crew_of) + 1)
        self._first_paid: Ints = np.cumsum([0, *map(len, paid)], dtype=np.int64)
        self._paid_start, self._paid_end = paid_spans[:, 0].copy(), paid_spans[:, 1].copy()
        begins = [begins for crew in crews for begins in crew.shift_begins]
        self._first_shift: Ints = np.cumsum([0, *map(len, begins)], dtype=np.int64)
        self._shift_begin: Ints = np.array(list(chain.from_iterable(begins)), dtype=np.int64)
        self._shift_crews = [crew for crew in crews if isinstance(crew, ShiftCrew)]
        self._numbers_crews = [crew for crew in crews if isinstance(crew, NumbersCrew)]
        first_agents = [int(at) for at, crew in zip(first, crews, strict=True) if isinstance(crew, ShiftCrew)]
        self._parcels = _joined(self._shift_crews, first_agents)
        self._staff = [crew.staff for crew in crews]

    def deal(self, seed: int, replication: int) -> Agents:
        """Draw one replication: everybody's spans of duty, and the numbers of the groups staffed by numbers."""
        streams = Streams(seed, replication, self._streams)
        there = [self._available(crew, streams).ravel() for crew in self._shift_crews]
        parcels = self._parcels
        kept = np.flatnonzero(np.concatenate([np.empty(0, dtype=bool), *there]).take(parcels.place))
        agent, start, end = (taken(column, kept) for column in (parcels.agent, parcels.start, parcels.end))
        begins = np.concatenate([agent[:1] >= 0, (agent[1:] != agent[:-1]) | (start[1:] != end[:-1])])
        firsts = np.flatnonzero(begins)
        lasts = np.append(firsts[1:], len(agent)) - 1 if len(agent) else firsts
        parcel, before = kept[firsts], kept[firsts - 1]
        of, breaks = agent[firsts], parcels.break_before
        same_day = (of == agent[firsts - 1]) & (parcels.day[parcel] == parcels.day[before])
        pause = np.where(same_day, breaks[parcel] - breaks[before], 0)
        pause[:1] = 0  # before the first there is none
        step_group, step_at, step_number = self._steps(streams)
        staff = [staff.deal(streams) for staff in self._staff]
        return Agents(
            group=self._group,
            shift=self._shift,
            index=self._index,
            speed=np.concatenate([np.empty(0), *(speed for speed, _ in staff)]),
            new=np.concatenate([np.empty(0, dtype=bool), *(new for _, new in staff)]),
            first_span=of.searchsorted(self._bounds),
            span_start=start[firsts],
            span_end=end[lasts],
            span_pause=pause,
            span_shift_end=parcels.shift_end[kept[lasts]],
            step_group=step_group,
            step_at=step_at,
            step_number=step_number,
            first_paid=self._first_paid,
            paid_start=self._paid_start,
            paid_end=self._paid_end,
            first_shift=self._first_shift,
            shift_begin=self._shift_begin,
        )

    def _available(self, crew: ShiftCrew, streams: Streams) -> Bools:
        if self._kept is None:
            return crew.absences.available(streams)
        return self._kept.available(crew.absences, streams)

    def _steps(self, streams: Streams) -> tuple[Small, Ints, Ints]:
        """Draw the steps of all groups staffed by numbers, by (instant, group)."""
        dealt = [crew.deal(streams) for crew in self._numbers_crews]
        group = np.repeat([crew.group for crew in self._numbers_crews], [len(at) for at, _ in dealt]).astype(np.int16)
        at = np.concatenate([np.empty(0, dtype=np.int64), *(at for at, _ in dealt)])
        number = np.concatenate([np.empty(0, dtype=np.int64), *(number for _, number in dealt)])
        order = np.lexsort((group, at))
        return group[order], at[order], number[order]


def _crews(scenario: Scenario, kept: Kept | None) -> Iterator[ShiftCrew | NumbersCrew]:
    """Give the crews of a scenario by (group, shift)."""
    names, calendar = Names.of(scenario), Calendar.of(scenario)
    for g, group_name in enumerate(names.groups):
        group = scenario.agent_groups[group_name]
        local = calendar if group.zone is None else calendar.in_zone(group.zone)
        if group.staffing is not None or group.headcount is not None:
            yield NumbersCrew(g, group_name, group, local)
        for s, shift_name in enumerate(names.shifts[g]):
            make = partial(ShiftCrew, (g, s), (group_name, shift_name), group, local)
            yield make() if kept is None else kept.crew((g, s), group.shifts[shift_name].headcount, make)


def _joined(crews: Sequence[ShiftCrew], first_agents: Sequence[int]) -> Parcels:
    """Put the parcels of all crews end to end, agents and places counted over all."""
    joined = [Parcels(*(np.empty(0, dtype=np.int64) for _ in Parcels._fields))]
    places = 0
    for crew, first_agent in zip(crews, first_agents, strict=True):
        own = crew.parcels
        joined.append(own._replace(agent=own.agent + first_agent, place=own.place + places))
        places += crew.absences.places
    return Parcels(*(np.concatenate(column) for column in zip(*joined, strict=True)))
