"""The least that any schedule can come to: the work that a target makes people do, against what schedules can do.

A service level of p (reading `offered`) means that at least p of the contacts offered in a period are taken within
the deadline. Whoever takes them spends their talk and wrap-up on them, whose mean does not depend on who was taken and
when, because it is dealt apart from all else. So the people on duty from the begin of the period to its end plus the
deadline must have begun work of at least p × offered × mean handle time of the shortest kind. What they can begin is
at most their time on duty and what they may hold when it ends:

    begun before t = done by t + held at t,   E[held at t] ≤ V(t)

with V(t) the largest expected remainder at t of work that somebody begins, one piece after the other and idling as they
like, in a time t: V(t) = sup over t' ≤ t of E[(S − t')⁺ + V(t' − S)], worked out on a grid that rounds upwards. Absent
people do nothing; breaks are taken off where a whole shift lies in the period.

The bound is the cheapest cover by that arithmetic, and it holds for the expected figures of the model. Where a part of
the argument fails nothing is claimed: logged contacts and incidents, own speeds and new people, self-service in front,
lines and so busy tones, chasers, misrouted contacts, a warm-up, paces above 100 %, people by numbers who serve the
queue. A target that is not a service level of live contacts, or is narrowed to a customer, a language, a tier or kind
of attempt, adds nothing to it.

Why nothing can be said with `lines`: who gets a busy tone is not offered. Somebody who leaves the desk empty until all
lines are held, and full when few call, has fewer contacts offered than come, and less to answer than the same share of
all. How many are turned away at least, or at most, does not follow from the target: it depends on who waits how long on
how many lines, and so on the staffing itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.demand.arrivals import ArrivalPlan, LoggedSource
from sim.demand.marks import ContactPlan, contact_plans
from sim.demand.shifts import person_day
from sim.experiment.judge import words
from sim.measure.periods import HOUR_MS, Periods
from sim.measure.workload import Workload
from sim.scenario.calendar import Calendar
from sim.scenario.names import Names
from sim.scenario.units import SECOND_MS
from sim.staffing.covering import Covering, Terms
from sim.staffing.errors import SolverError

if TYPE_CHECKING:
    from sim.demand.laws import Law
    from sim.scenario.model.agent_groups import AgentGroup, Shift
    from sim.scenario.model.targets import Target
    from sim.staffing.plan.schedules import Schedules
    from sim.staffing.shift_choices import Choice
    from sim.staffing.solver import Solver

Floats = NDArray[np.float64]

GRID_MS: Final = 15 * SECOND_MS
GAP: Final = 1e-6
FULL_PACE: Final = 1_000_000
"""In ppm."""


@dataclass(frozen=True)
class Piece:
    """Work on one contact of a kind: talk, then wrap-up, in an agent's time."""

    talk: Law
    wrap_up: Law
    talk_factor: float
    wrap_up_factor: float

    @property
    def mean(self) -> float:
        """In ms."""
        return self.talk.mean * self.talk_factor + self.wrap_up.mean * self.wrap_up_factor


def most_held(pieces: list[Piece], length_ms: int) -> Floats:
    """Give V at 0, 1, 2, … steps of the grid: the most that is held, on average, when so much time has gone."""
    steps = -(-length_ms // GRID_MS) + 1
    talks = [_on_grid(piece.talk, piece.talk_factor, steps) for piece in pieces]
    wraps = [_on_grid(piece.wrap_up, piece.wrap_up_factor, steps) for piece in pieces]
    held = np.zeros(steps)
    after_talk = np.zeros((len(pieces), steps))
    for at in range(1, steps):
        best = held[at - 1]
        for number, (talk, wrap) in enumerate(zip(talks, wraps, strict=True)):
            # With talk over, `w + q V(t)`; with talk to come, `a + p (w + q V(t))`: solved for V(t).
            w = wrap.beyond[at] + float(wrap.shares[1:at] @ held[at - 1 : 0 : -1])
            a = talk.beyond[at] + float(talk.shares[1:at] @ after_talk[number, at - 1 : 0 : -1])
            a += talk.longer[at] * wrap.mean
            again = talk.shares[0] * wrap.shares[0]
            if again < 1:
                best = max(best, (a + talk.shares[0] * w) / (1 - again))
        held[at] = best
        for number, wrap in enumerate(wraps):
            rest = float(wrap.shares[:at] @ held[at:0:-1])
            after_talk[number, at] = wrap.beyond[at] + rest
    return held


@dataclass(frozen=True)
class _OnGrid:
    mean: float
    shares: Floats
    """Of durations by step, rounded down."""
    longer: Floats
    """Of those longer than a step less one: rounded up."""
    beyond: Floats
    """Their mean length beyond it."""


def _on_grid(law: Law, factor: float, steps: int) -> _OnGrid:
    if law.mean * factor == 0:
        none = np.zeros(steps)
        return _OnGrid(0.0, np.append(1.0, none[1:]), none, none)
    edges = np.arange(steps + 1, dtype=np.float64) * np.float64(GRID_MS / factor)
    up_to, longer = law.tails(edges)
    shares = np.diff(up_to)
    shares[0] += up_to[0]
    before = np.maximum(np.arange(steps) - 1, 0)
    beyond = np.array([law.mean - law.limited_mean(float(edges[at])) for at in before]) * factor
    return _OnGrid(law.mean * factor, shares, longer[before], beyond)


@dataclass(frozen=True)
class Served:
    """Who comes to a target's queues, and who serves them."""

    comes: dict[tuple[int, int], ContactPlan]
    """By (contact type, channel)."""
    groups: dict[str, float]
    """By name: contacts that one of them may have in hand at a time."""
    pieces: list[Piece]
    """All kinds of work on a contact."""


@dataclass(frozen=True)
class Least:
    """What is proven of all schedules."""

    value: float | None
    """No schedule that keeps the targets has less of what the plan makes least; None where nothing is proven."""
    why_none: str
    """Why nothing is proven; empty where something is."""


Row = tuple[Floats, float]
"""Work that one person of each choice may begin, and work that must be begun, ms."""


class LowerBound:
    """The bound of one scenario's schedules."""

    def __init__(self, schedules: Schedules) -> None:
        self._schedules, self._scenario = schedules, schedules.scenario
        self._work = Workload.of(self._scenario)
        self._plans = contact_plans(self._scenario, Names.of(self._scenario))
        self._calendar = Calendar.of(self._scenario)
        self._edges = Periods.of(self._scenario, self._calendar).edges
        first = self._calendar.days[0].date
        self._dates = [first - timedelta(days=1), *(day.date for day in self._calendar.days)]
        self._logged = {
            (source.contact_type, source.channel)
            for source in ArrivalPlan(self._scenario).sources
            if isinstance(source, LoggedSource)
        }

    def proven(self, solver: Solver, solver_s: float) -> Least:
        """Give the least of what the plan makes least."""
        served = [self._served(target) for target in self._scenario.targets]
        rows = [
            row
            for target, of_target in zip(self._scenario.targets, served, strict=True)
            if isinstance(of_target, Served)
            for row in self._rows(target, of_target)
        ]
        if not rows:
            return Least(None, self._why_none(served))
        covering = _AtLeast(self._schedules, rows)
        try:
            solution = solver.solve(covering.programme(short=False), solver_s, GAP)
        except SolverError as error:
            return Least(None, str(error))
        return Least(max(solution.bound, 0.0), "")

    def _why_none(self, served: list[Served | str]) -> str:
        """Say why no target asks for work that must be done: of service levels, if there are any."""
        said = {
            words(target): reason
            for target, reason in zip(self._scenario.targets, served, strict=True)
            if isinstance(reason, str) and reason and target.measure == "service_level"
        }
        if not said:
            return "only a service level of live contacts says how many of them must be answered"
        return "; ".join(f"{target}: {reason}" for target, reason in said.items())

    def _rows(self, target: Target, served: Served) -> Iterator[Row]:
        """Give what each period of a target asks for."""
        bounds = [(target.per or "run", target.at_least)] if target.risk is None else []
        if target.floor is not None:
            bounds.append((target.floor.per, target.floor.at_least))
        longest = max(
            choice.draft.shift.hours[1] - choice.draft.shift.hours[0] + 3 * HOUR_MS  # clocks may be set back
            if choice.draft.shift is not None
            else self._calendar.length
            for choice in self._schedules.choices
        )
        most = most_held(served.pieces, min(longest, self._calendar.length))
        shortest = min(piece.mean for piece in served.pieces)
        within = target.within or 0
        for per, share in bounds:
            edges = self._edges[per].tolist()
            for begin, end in pairwise(edges):
                offered = self._offered(served, begin, end, within)
                if share and offered > 0:
                    window = begin, min(end + within, self._calendar.length)
                    can = [self._can(one, served, window, most) for one in self._schedules.choices]
                    beside = self._excepted(served, window, most)
                    yield np.array(can), share * offered * shortest - beside

    def _served(self, target: Target) -> Served | str:
        """Give who comes and who serves; where the argument fails, why."""
        if self._scenario.incidents or self._scenario.time.warm_up:
            return "what comes and who is there during `incidents` or a `warm_up` is not followed"
        part = (target.tier, target.agent_group, target.customer, target.language, target.attempt)
        if target.measure != "service_level" or target.reading != "offered" or target.at_least is None or any(part):
            return "a part of the contacts, or another reading, does not tell how many must be answered"
        labels = self._work.labels
        comes = {
            key: plan
            for key, plan in self._plans.items()
            if target.channel in {None, labels.channels[key[1]]}
            and target.contact_type in {None, labels.contact_types[key[0]]}
        }
        if any(plan.chaser is not None for plan in self._plans.values()):
            return "how many chasers come depends on the staffing"
        for plan in comes.values():
            if reason := self._not_plain(plan):
                return reason
        return self._serving(comes) if comes else "nobody comes"

    def _serving(self, comes: dict[tuple[int, int], ContactPlan]) -> Served | str:
        """Give who serves those who come."""
        program = self._work.program
        groups: dict[str, float] = {}
        pieces: dict[Piece, None] = {}
        for (kind, channel), plan in comes.items():
            tier = plan.tiers[0]
            for queue in program.queues.of[tier.tier, kind, channel].ravel():
                for group in self._work.groups_of(int(queue)) if queue >= 0 else ():
                    name = self._work.labels.groups[group]
                    slots = max(int(program.groups.slot_limit[group, channel]), 1)
                    groups[name] = max(groups.get(name, 1.0), float(slots))
                    if reason := self._not_simple(name, group, channel):
                        return f"{name}: {reason}"
                    effects = program.effects
                    talk = min(
                        effects.talk[group, kind, tier.tier, channel],
                        effects.talk_of_repeats[group, kind, tier.tier, channel],
                    )
                    wrap_up = effects.wrap_up[group, kind, tier.tier, channel]
                    pieces[Piece(tier.talk, tier.wrap_up, float(talk), float(wrap_up))] = None
        return Served(comes, groups, list(pieces)) if pieces else "nobody serves them"

    def _not_plain(self, plan: ContactPlan) -> str:
        """Say why contacts do not come to the queue as the argument has it; nothing if they do."""
        channel = self._scenario.channels[self._work.labels.channels[plan.channel]]
        if channel.lines is not None:
            return "who gets a busy tone (`lines`) is not offered, so that fewer people may have less to answer"
        if not plan.tiers[0].live:
            return "backlog is answered when there is time"
        if plan.misrouted is not None:
            return "the misrouted come to two queues, when triage is over"
        if plan.stages:
            return "how many come through self-service depends on who tries it again"
        if (plan.contact_type, plan.channel) in self._logged:
            return "logged contacts are not dealt"
        return ""

    def _not_simple(self, name: str, group: int, channel: int) -> str:
        """Say why a group's people do not work as the argument has it; nothing if they do."""
        said = self._scenario.agent_groups[name]
        by_numbers = said.staffing is not None or said.headcount is not None
        chosen = any(choice.group == name for choice in self._schedules.choices)
        if said.speed_cv or said.ramp is not None or self._pace(group, channel) > FULL_PACE:
            return "its people may be quicker than the handle times say (`speed_cv`, `ramp`, `pace`)"
        return "people by numbers work beside its shifts" if by_numbers and not chosen else ""

    def _pace(self, group: int, channel: int) -> float:
        """Give the quickest pace of a group's slots, in ppm."""
        return float(self._work.program.groups.slot_pace[group, channel].max())

    def _offered(self, served: Served, begin: int, end: int, within: int) -> float:
        """Give the expected contacts of a period that count and are due before the end."""
        edges = self._work.edges
        inside = (edges[:-1] >= begin) & (edges[1:] <= end) & (edges[1:] <= self._calendar.length - within)
        total = 0.0
        for (kind, channel, _), entering in self._work.entering.items():
            plan = served.comes.get((kind, channel))
            if plan is not None:
                total += float(entering[inside].sum()) * self._judged(plan)
        return total

    def _judged(self, plan: ContactPlan) -> float:
        """Give the least share of contacts that the service level counts."""
        short = self._scenario.channels[self._work.labels.channels[plan.channel]].short_abandon
        share = 1 - plan.accepts_call_back
        patience = plan.tiers[0].patience
        if short and patience is not None:
            share *= float(patience.tails(np.array([float(short)]))[1][0])
        return share * (1 - plan.balks) if short else share

    def _can(self, choice: Choice, served: Served, window: tuple[int, int], most: Floats) -> float:
        """Give the work that one person of a choice may begin in a window, ms."""
        if choice.group not in served.groups:
            return 0.0
        group = self._scenario.agent_groups[choice.group]
        if choice.draft.shift is None:
            begun = window[1] - window[0] + float(most[_step(window[1] - window[0])])
        else:
            excepted = {one.date for one in group.exceptions if one.shift == choice.draft.name}
            begun = sum(
                self._of_date(choice.draft.shift, group, on, window, most)
                for on in self._dates
                if on.weekday() in choice.draft.days and on not in excepted
            )
        return begun * served.groups[choice.group] * (1 - group.shrinkage.absence)

    def _excepted(self, served: Served, window: tuple[int, int], most: Floats) -> float:
        """Give what people of exceptions on single dates may begin."""
        total = 0.0
        for name, slots in served.groups.items():
            group = self._scenario.agent_groups[name]
            for one in group.exceptions:
                begun = self._of_date(group.shifts[one.shift], group, one.date, window, most)
                total += one.headcount * begun * slots * (1 - group.shrinkage.absence)
        return total

    def _of_date(self, shift: Shift, group: AgentGroup, on: date, window: tuple[int, int], most: Floats) -> float:
        calendar = self._calendar.in_zone(group.zone) if group.zone else self._calendar
        planned = person_day(shift, calendar, on, 0)
        begin, end = max(planned.start, window[0], 0), min(planned.end, window[1], calendar.length)
        if begin >= end:
            return 0.0
        at_work, stretches = end - begin, 1
        if (begin, end) == (planned.start, planned.end):
            at_work -= sum(pause.length for pause in shift.breaks)
            stretches += len(shift.breaks)
        return at_work + stretches * float(most[_step(end - begin)])


def _step(length_ms: int) -> int:
    return -(-length_ms // GRID_MS)


class _AtLeast(Covering):
    """The programme of schedules that can begin enough work."""

    def __init__(self, schedules: Schedules, rows: list[Row]) -> None:
        super().__init__(schedules.scenario, schedules.ground, {})
        self._least = rows

    def limits(self) -> list[tuple[Terms, float, float]]:
        """Give the rows of work beside the others."""
        work = [
            ([(at, float(one)) for at, one in enumerate(can / HOUR_MS) if one], must / HOUR_MS, np.inf)
            for can, must in self._least
        ]
        return [*super().limits(), *work]
