"""The programme that covers a requirement with shifts: its variables and rows, one method for each rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sim.measure.workload import Workload
from sim.scenario.calendar import Calendar
from sim.scenario.errors import listed
from sim.scenario.units import HOUR_MS
from sim.staffing.errors import SolverError
from sim.staffing.shift_choices import Choice, choices_of
from sim.staffing.solver import Programme, Solution

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

ENOUGH: Final = 1e-6
"""Agents by which a need may be missed: rounding."""
SHOWN: Final = 3
"""Intervals that an error names."""

Needs = Mapping[tuple[str, ...], Floats]
"""By the groups that can fill it: (intervals,) agents needed on duty."""
Terms = list[tuple[int, float]]


@dataclass(frozen=True)
class Ground:
    """What shifts are laid over: the intervals, the choices, and who is there whatever is chosen."""

    edges: Ints
    """(intervals + 1,) ms."""
    choices: tuple[Choice, ...]
    standing: dict[str, Floats]
    """By group: (intervals,) agents on duty whatever is chosen."""
    on_site: Floats
    """(intervals,) people on site whatever is chosen."""

    @classmethod
    def of(cls, scenario: Scenario) -> Ground:
        """Lay out a scenario; ValueError if it has no `plan`."""
        work = Workload.of(scenario)
        choices, fixed = choices_of(scenario, work.edges)
        groups = {name: work.labels.groups.index(name) for name in scenario.agent_groups}
        chosen = {choice.group for choice in choices}
        standing = {
            name: fixed[name].present_share if name in chosen else work.agents[number]
            for name, number in groups.items()
        }
        on_site = sum((one.on_site for one in fixed.values()), np.zeros(len(work.edges) - 1))
        on_site = on_site + sum(work.agents[number] for name, number in groups.items() if name not in chosen)
        return cls(work.edges, choices, standing, on_site)

    def on_duty(self, headcounts: Sequence[int]) -> dict[str, Floats]:
        """Give by group the agents on duty in each interval, shrinkage and breaks taken off on average."""
        there = {name: standing.copy() for name, standing in self.standing.items()}
        for number, choice in zip(headcounts, self.choices, strict=True):
            there[choice.group] += number * choice.present_share
        return there


class Covering:
    """The programme: headcounts, people by group, who fills which need, and what is short if that is asked."""

    def __init__(self, scenario: Scenario, ground: Ground, needs: Needs) -> None:
        assert scenario.plan is not None  # `choices_of` has looked
        self._scenario, self._plan, self._ground, self._needs = scenario, scenario.plan, ground, needs
        self.choices, self._standing, self._on_site = ground.choices, ground.standing, ground.on_site
        self._missing_costs: float | None = None
        self._groups = sorted({choice.group for choice in self.choices})
        self._there: dict[str, list[Terms]] = {group: [[] for _ in self._on_site] for group in self._standing}
        for number, choice in enumerate(self.choices):
            for at in np.flatnonzero(choice.present_share):
                self._there[choice.group][at].append((number, float(choice.present_share[at])))

    def programme(self, *, short: bool, missing_costs: float | None = None) -> Programme:
        """Give the programme; with `short`, needs may be missed and what is missed is least.

        With `missing_costs` needs may be missed, too: each agent that an interval lacks costs so much.
        """
        self._missing_costs = 1.0 if short else missing_costs
        self._lay_out(short=short)
        return self._written()

    def _lay_out(self, *, short: bool) -> None:
        """Begin anew: a variable for each choice, and all rows."""
        self._cost = [0.0 if short else self.objective(choice) for choice in self.choices]
        self._most = [float(choice.draft.bounds.high) for choice in self.choices]
        self._rows: list[tuple[Terms, float, float]] = []
        self._whole_too: list[int] = []
        for at, choice in enumerate(self.choices):
            if choice.draft.bounds.low:
                self._rows.append(([(at, 1.0)], choice.draft.bounds.low, np.inf))
        people = self._variables(len(self._groups), 1.0 if self._plan.objective == "headcount" and not short else 0.0)
        self._crews(people)
        self._cover()
        self._rows += self.limits()

    def _written(self) -> Programme:
        whole = np.arange(len(self._cost)) < len(self.choices)
        whole[self._whole_too] = True
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

    def what_is_short(self, solved: Callable[[Programme], Solution]) -> str:
        """Say which intervals lack how many people even so; nothing if none does."""
        try:
            found = solved(self.programme(short=True))
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
            f"{missing:.2f} of {'/'.join(names)} at {calendar.wall(int(self._ground.edges[at])):%a %d %b %H:%M}"
            for missing, names, at in worst
        ]
        return f": with all that the plan allows, {len(lacking)} intervals lack agents, most of all {listed(where)}"

    def objective(self, choice: Choice) -> float:
        """Give what one person of a choice adds to what is made least; people are counted beside the choices."""
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
            mine = [(number, choice) for number, choice in enumerate(self.choices) if choice.group == group]
            for day in range(7):
                today = [(number, 1.0) for number, choice in mine if day in choice.draft.days]
                if today:
                    self._rows.append(([*today, (people + at, -1.0)], -np.inf, 0.0))
            if self._plan.days_off:
                days = [(number, float(len(choice.draft.days))) for number, choice in mine]
                self._rows.append(([*days, (people + at, self._plan.days_off - 7.0)], -np.inf, 0.0))

    def _cover(self) -> None:
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
                    self._filled(terms, need - standing, names, at)
                elif wanted:
                    self._shared(wanted, at)

    def _shared(self, wanted: Sequence[tuple[tuple[str, ...], float]], at: int) -> None:
        given: dict[str, Terms] = {}
        for names, need in wanted:
            first = self._variables(len(names), 0.0)
            for number, group in enumerate(names):
                given.setdefault(group, []).append((first + number, 1.0))
            self._filled([(first + number, 1.0) for number in range(len(names))], need, names, at)
        for group, terms in given.items():
            there = [(variable, -value) for variable, value in self._there[group][at]]
            self._rows.append(([*terms, *there], -np.inf, float(self._standing[group][at])))

    def _filled(self, terms: Terms, need: float, names: tuple[str, ...], at: int) -> None:
        if self._missing_costs is not None:
            self._short.append((self._variables(1, self._missing_costs), names, at))
            terms = [*terms, (self._short[-1][0], 1.0)]
        if need > ENOUGH:
            self._rows.append((terms, need - ENOUGH, np.inf))

    def limits(self) -> list[tuple[Terms, float, float]]:
        """Give the rows of places on site, and of the largest shares of patterns."""
        rows: list[tuple[Terms, float, float]] = []
        if self._plan.on_site is not None:
            for at, taken in enumerate(self._on_site):
                terms = [(number, 1.0) for number, choice in enumerate(self.choices) if choice.on_site[at] > 0]
                if terms:
                    rows.append((terms, -np.inf, self._plan.on_site - float(taken)))
        for position, pattern in enumerate(self._plan.patterns):
            if pattern.at_most_share is not None:
                terms = [
                    (number, choice.times * ((choice.draft.pattern == position) - pattern.at_most_share))
                    for number, choice in enumerate(self.choices)
                    if choice.group == pattern.group
                ]
                rows.append((terms, -np.inf, 0.0))
        return rows


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
