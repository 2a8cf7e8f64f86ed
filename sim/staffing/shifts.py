"""Covering a requirement with shifts: the cheapest headcounts that put the needed agents on duty in every interval.

An integer programme: a variable for each choice (`shift_choices`), a row for each interval with a need. A need names
the groups whose people can fill it; where the groups of several needs overlap, each person fills one of them at a time.
So many people at once may be on site (`plan.on_site`, their breaks included), and shifts of a pattern may be at most a
share of their group's (`at_most_share`). What is least is the cost, the people, or the paid hours (`plan.objective`);
people are as many as any day has shifts, and enough for their days off (`plan.days_off`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sim.measure.workload import Workload
from sim.scenario.calendar import Calendar
from sim.scenario.errors import listed
from sim.scenario.units import HOUR_MS, WEEKDAYS, write_duration, write_time_of_day
from sim.staffing.errors import SolverError
from sim.staffing.shift_choices import Choice, choices_of
from sim.staffing.solver import Programme, Solution, solve

if TYPE_CHECKING:
    from sim.scenario.model.agent_groups import Shift
    from sim.scenario.schema import Scenario

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

TIME_LIMIT_S: Final = 60.0
GAP: Final = 1e-4
ENOUGH: Final = 1e-6
"""Agents by which a need may be missed: rounding."""
SHOWN: Final = 3
"""Intervals that an error names."""

Needs = Mapping[tuple[str, ...], Floats]
"""By the groups that can fill it: (intervals,) agents needed on duty."""
Terms = list[tuple[int, float]]


@dataclass(frozen=True)
class Cover:
    """Headcounts that cover a requirement."""

    edges: Ints
    """(intervals + 1,) ms."""
    choices: tuple[Choice, ...]
    headcounts: tuple[int, ...]
    """Of each choice."""
    on_duty: dict[str, Floats]
    """By group: (intervals,) agents, shrinkage and breaks taken off on average."""
    replaced: tuple[str, ...]
    """Keys of people by numbers, in whose place shifts by patterns come."""
    solution: Solution
    """Its cost is what the plan makes least."""

    @property
    def paid_hours(self) -> float:
        """Of all choices within the scenario."""
        return sum(n * one.paid_ms for n, one in zip(self.headcounts, self.choices, strict=True)) / HOUR_MS

    @property
    def cost(self) -> float:
        """Of all choices within the scenario; not a number where one that is used has none."""
        return sum(n * one.cost for n, one in zip(self.headcounts, self.choices, strict=True) if n)

    def changes(self) -> dict[str, Any]:
        """Give the changes that make them the scenario's headcounts, for `Scenario.with_changes`."""
        changes: dict[str, Any] = dict.fromkeys(self.replaced)
        made: dict[tuple[str, str], tuple[Shift, dict[str, int]]] = {}
        for number, choice in zip(self.headcounts, self.choices, strict=True):
            draft, group = choice.draft, f"agent_groups.{choice.group}"
            if draft.shift is None:
                changes[f"{group}.headcount"] = number
                continue
            headcount = {WEEKDAYS[day]: number for day in draft.days}
            if draft.pattern is None:
                present = {WEEKDAYS[day]: draft.shift.headcount[day] for day in draft.shift.days}
                changes.setdefault(f"{group}.shifts.{draft.name}.headcount", present).update(headcount)
            elif number:
                made.setdefault((group, draft.name), (draft.shift, {}))[1].update(headcount)
        return changes | {f"{group}.shifts.{name}": _written(*shift) for (group, name), shift in made.items()}


def cover(scenario: Scenario, needs: Needs, *, time_limit_s: float = TIME_LIMIT_S, gap: float = GAP) -> Cover:
    """Choose headcounts that put the needed agents on duty in every interval.

    Parameters
    ----------
    scenario
        With a `plan`; groups staffed by numbers stay as they are.
    needs
        Net agents by interval of the scenario (`Workload.edges`), by the groups that can fill the need.
    time_limit_s, gap
        As for the solver.

    Raises
    ------
    SolverError
        If no headcounts within the bounds cover the needs: which intervals lack how many; or if time ran out.
    ValueError
        If a need is of another length or names unknown groups, or a cost that counts is not given.
    """
    work = Workload.of(scenario)
    choices, fixed = choices_of(scenario, work.edges)
    groups = {name: work.labels.groups.index(name) for name in scenario.agent_groups}
    for names, need in needs.items():
        if unknown := [name for name in names if name not in groups]:
            raise ValueError(f"needs: unknown group {unknown[0]!r}; known: {', '.join(groups)}")
        if need.shape != (len(work.edges) - 1,):
            raise ValueError(
                f"needs: got {need.shape[0]} intervals of {'/'.join(names)}, must be {len(work.edges) - 1}"
            )
    chosen = {choice.group for choice in choices}
    standing = {
        name: fixed[name].present_share if name in chosen else work.agents[number] for name, number in groups.items()
    }
    on_site = sum((one.on_site for one in fixed.values()), np.zeros(len(work.edges) - 1))
    on_site = on_site + sum(work.agents[number] for name, number in groups.items() if name not in chosen)
    problem = _Covering(scenario, choices, needs, standing, on_site)
    try:
        solution = solve(problem.programme(short=False), time_limit_s, gap)
    except SolverError as error:
        raise SolverError(f"{error}{problem.what_is_short(time_limit_s, work.edges)}") from None
    headcounts = tuple(int(number) for number in solution.values[: len(choices)])
    on_duty = {name: standing[name].copy() for name in groups}
    for number, choice in zip(headcounts, choices, strict=True):
        on_duty[choice.group] += number * choice.present_share
    return Cover(work.edges, choices, headcounts, on_duty, _replaced(scenario, choices), solution)


def _replaced(scenario: Scenario, choices: tuple[Choice, ...]) -> tuple[str, ...]:
    groups = sorted({choice.group for choice in choices if choice.draft.pattern is not None})
    return tuple(
        f"agent_groups.{group}.{key}"
        for group in groups
        for key in ("headcount", "staffing")
        if getattr(scenario.agent_groups[group], key) is not None
    )


class _Covering:
    """The programme: headcounts, people by group, who fills which need, and what is short if that is asked."""

    def __init__(
        self,
        scenario: Scenario,
        choices: tuple[Choice, ...],
        needs: Needs,
        standing: dict[str, Floats],
        on_site: Floats,
    ) -> None:
        assert scenario.plan is not None  # `choices_of` has looked
        self._scenario, self._plan, self._choices, self._needs = scenario, scenario.plan, choices, needs
        self._standing, self._on_site = standing, on_site
        self._groups = sorted({choice.group for choice in choices})
        self._there: dict[str, list[Terms]] = {group: [[] for _ in on_site] for group in standing}
        for number, choice in enumerate(choices):
            for at in np.flatnonzero(choice.present_share):
                self._there[choice.group][at].append((number, float(choice.present_share[at])))

    def programme(self, *, short: bool) -> Programme:
        """Give the programme; with `short`, needs may be missed and what is missed is least."""
        self._cost = [0.0 if short else self._objective(choice) for choice in self._choices]
        self._most = [float(choice.draft.bounds.high) for choice in self._choices]
        self._rows: list[tuple[Terms, float, float]] = []
        for at, choice in enumerate(self._choices):
            if choice.draft.bounds.low:
                self._rows.append(([(at, 1.0)], choice.draft.bounds.low, np.inf))
        people = self._variables(len(self._groups), 1.0 if self._plan.objective == "headcount" and not short else 0.0)
        self._crews(people)
        self._cover(short=short)
        self._limits()
        whole = np.arange(len(self._cost)) < len(self._choices)
        entries = [(row, column, value) for row, (terms, _, _) in enumerate(self._rows) for column, value in terms]
        rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
        return Programme(
            cost=np.array(self._cost),
            matrix=sparse.csr_array((values, (rows, columns)), shape=(len(self._rows), len(self._cost))),
            low=np.array([low for _, low, _ in self._rows]),
            high=np.array([high for _, _, high in self._rows]),
            most=np.array(self._most),
            whole=whole,
        )

    def what_is_short(self, time_limit_s: float, edges: Ints) -> str:
        """Say which intervals lack how many people even so; nothing if none does."""
        try:
            found = solve(self.programme(short=True), time_limit_s, GAP)
        except SolverError:
            return "; the bounds of headcounts, `on_site` and `at_most_share` contradict each other"
        calendar = Calendar.of(self._scenario)
        lacking = [
            (float(found.values[variable]), names, at)
            for variable, names, at in self._short
            if found.values[variable] > ENOUGH
        ]
        if not lacking:
            return ""
        worst = sorted(lacking, key=lambda one: -one[0])[:SHOWN]
        where = [
            f"{missing:.2f} of {'/'.join(names)} at {calendar.wall(int(edges[at])):%a %d %b %H:%M}"
            for missing, names, at in worst
        ]
        return f": with all that the plan allows, {len(lacking)} intervals lack agents, most of all {listed(where)}"

    def _objective(self, choice: Choice) -> float:
        match self._plan.objective:
            case "staff_hours":
                return choice.paid_ms / HOUR_MS
            case "headcount":
                return 0.0
        if not np.isnan(choice.cost):
            return choice.cost
        if choice.draft.bounds.low == choice.draft.bounds.high:
            return 0.0  # nothing is to be chosen
        rule = "give it a `cost`, or say `objective: staff_hours`"
        raise ValueError(f"plan.objective is cost and group '{choice.group}' has none; {rule}")

    def _variables(self, number: int, cost: float) -> int:
        """Add variables that need not be whole; give the first."""
        first = len(self._cost)
        self._cost += [cost] * number
        self._most += [np.inf] * number
        return first

    def _crews(self, people: int) -> None:
        """People of a group are as many as any day's shifts have, and enough for everybody's days off."""
        for at, group in enumerate(self._groups):
            mine = [(number, choice) for number, choice in enumerate(self._choices) if choice.group == group]
            for day in range(7):
                today = [(number, 1.0) for number, choice in mine if day in choice.draft.days]
                if today:
                    self._rows.append(([*today, (people + at, -1.0)], -np.inf, 0.0))
            if self._plan.days_off:
                days = [(number, float(len(choice.draft.days))) for number, choice in mine]
                self._rows.append(([*days, (people + at, self._plan.days_off - 7.0)], -np.inf, 0.0))

    def _cover(self, *, short: bool) -> None:
        """Each need of each interval is filled, by people who fill one at a time."""
        self._short: list[tuple[int, tuple[str, ...], int]] = []
        for together in _linked(list(self._needs)):
            for at in range(len(next(iter(self._needs.values())))):
                wanted = [
                    (names, float(self._needs[names][at])) for names in together if self._needs[names][at] > ENOUGH
                ]
                if len(wanted) == 1 or len({names for names, _ in wanted}) == 1:
                    names, need = wanted[0]
                    terms = [term for group in names for term in self._there[group][at]]
                    standing = sum(float(self._standing[group][at]) for group in names)
                    self._filled(terms, need - standing, names, at, short=short)
                elif wanted:
                    self._shared(wanted, at, short=short)

    def _shared(self, wanted: Sequence[tuple[tuple[str, ...], float]], at: int, *, short: bool) -> None:
        given: dict[str, Terms] = {}
        for names, need in wanted:
            first = self._variables(len(names), 0.0)
            for number, group in enumerate(names):
                given.setdefault(group, []).append((first + number, 1.0))
            self._filled([(first + number, 1.0) for number in range(len(names))], need, names, at, short=short)
        for group, terms in given.items():
            there = [(variable, -value) for variable, value in self._there[group][at]]
            self._rows.append(([*terms, *there], -np.inf, float(self._standing[group][at])))

    def _filled(self, terms: Terms, need: float, names: tuple[str, ...], at: int, *, short: bool) -> None:
        if short:
            self._short.append((self._variables(1, 1.0), names, at))
            terms = [*terms, (self._short[-1][0], 1.0)]
        if need > ENOUGH:
            self._rows.append((terms, need - ENOUGH, np.inf))

    def _limits(self) -> None:
        """Places on site, and the largest shares of patterns."""
        if self._plan.on_site is not None:
            for at, taken in enumerate(self._on_site):
                terms = [(number, 1.0) for number, choice in enumerate(self._choices) if choice.on_site[at] > 0]
                if terms:
                    self._rows.append((terms, -np.inf, self._plan.on_site - float(taken)))
        for position, pattern in enumerate(self._plan.patterns):
            if pattern.at_most_share is not None:
                terms = [
                    (number, choice.times * ((choice.draft.pattern == position) - pattern.at_most_share))
                    for number, choice in enumerate(self._choices)
                    if choice.group == pattern.group
                ]
                self._rows.append((terms, -np.inf, 0.0))


def _linked(needs: list[tuple[str, ...]]) -> Iterator[list[tuple[str, ...]]]:
    """Give the needs that share groups, directly or through others, together."""
    apart: list[tuple[set[str], list[tuple[str, ...]]]] = []
    for names in needs:
        groups, together = set(names), [names]
        others = []
        for known, members in apart:
            if known & groups:
                groups, together = groups | known, [*members, *together]
            else:
                others.append((known, members))
        apart = [*others, (groups, together)]
    yield from (members for _, members in apart)


def _written(shift: Shift, headcount: dict[str, int]) -> dict[str, Any]:
    """Write a shift that a pattern made as the language has it."""
    days = [WEEKDAYS[day] for day in shift.days if WEEKDAYS[day] in headcount]
    written: dict[str, Any] = {"days": ",".join(days), "hours": _span(shift.hours), "headcount": headcount}
    if shift.cost is not None:
        written["cost"] = f"{shift.cost.amount:.12g} " + (
            "each" if shift.cost.per == "each" else f"per {shift.cost.per}"
        )
    if shift.breaks:
        written["breaks"] = [
            {"length": write_duration(pause.length), "between": _span(pause.between), "paid": pause.paid}
            for pause in shift.breaks
            if pause.between is not None
        ]
    return written


def _span(span: tuple[int, int]) -> str:
    return f"{write_time_of_day(span[0])}-{write_time_of_day(span[1])}"
