"""The schedules that a plan may choose from: headcounts of the choices, their cost, the scenario that each makes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario.units import HOUR_MS
from sim.staffing.covering import Covering, Ground
from sim.staffing.shift_choices import Choice
from sim.staffing.shifts import changes_of, replaced

if TYPE_CHECKING:
    from sim.scenario.model.agent_groups import AgentGroup
    from sim.scenario.schema import Scenario

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

Headcounts = tuple[int, ...]
"""Of each choice."""

ROUNDING = 1e-6


class Schedules:
    """All schedules of a scenario with a `plan`.

    A schedule is a headcount for each choice: a shift on weekdays that have one headcount. Choices whose bounds leave
    nothing to choose are in it, and keep their headcount.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.ground = Ground.of(scenario)
        self.choices: tuple[Choice, ...] = self.ground.choices
        self.covering = Covering(scenario, self.ground, {})
        self.low = np.array([choice.draft.bounds.low for choice in self.choices], np.int64)
        self.high = np.array([choice.draft.bounds.high for choice in self.choices], np.int64)
        self.movable = tuple(np.flatnonzero(self.low < self.high).tolist())
        self._each = np.array([self.covering.objective(choice) for choice in self.choices])
        self._limits = self.covering.limits()

    @cached_property
    def present(self) -> Headcounts:
        """The headcounts of today, whether the plan allows them or not."""
        return tuple(self._present(choice) for choice in self.choices)

    def _present(self, choice: Choice) -> int:
        if choice.draft.shift is None:
            return self.scenario.agent_groups[choice.group].headcount or 0
        return choice.draft.shift.headcount[choice.draft.days[0]]

    @property
    def keys(self) -> tuple[tuple[str, str, tuple[int, ...]], ...]:
        """Group, shift and weekdays of each choice."""
        return tuple((choice.group, choice.draft.name, tuple(choice.draft.days)) for choice in self.choices)

    @property
    def staffed_today(self) -> bool:
        """Whether the scenario has people of its own in every group that the plan may change."""
        planned = {self.choices[at].group for at in self.movable}
        return bool(planned) and all(
            any(number for number, choice in zip(self.present, self.choices, strict=True) if choice.group == group)
            for group in planned
        )

    def allows(self, headcounts: Sequence[int]) -> bool:
        """Tell whether a schedule keeps all bounds, places on site and shares of patterns."""
        numbers = np.array(headcounts)
        if (numbers < self.low).any() or (numbers > self.high).any():
            return False
        return all(
            low - ROUNDING <= sum(value * numbers[at] for at, value in terms) <= high + ROUNDING
            for terms, low, high in self._limits
        )

    def objective(self, headcounts: Sequence[int]) -> float:
        """Give what the plan makes least: cost, people or paid hours."""
        plan = self.scenario.plan
        if plan is not None and plan.objective == "headcount":
            return sum(self.people(headcounts).values())
        return float(self._each @ np.array(headcounts, np.float64))

    def people(self, headcounts: Sequence[int]) -> dict[str, float]:
        """Give by group how many people it takes: as many as any day has shifts, and enough for days off."""
        plan = self.scenario.plan
        found: dict[str, float] = {}
        for group in dict.fromkeys(choice.group for choice in self.choices):
            mine = [(n, one.draft.days) for n, one in zip(headcounts, self.choices, strict=True) if one.group == group]
            people = float(max(sum(n for n, days in mine if day in days) for day in range(7)))
            if plan is not None and plan.days_off:
                people = max(people, sum(n * len(days) for n, days in mine) / (7 - plan.days_off))
            found[group] = people
        return found

    def cost(self, headcounts: Sequence[int]) -> float:
        """Give the cost of all choices within the scenario; not a number where one that is used has none."""
        return float(sum(n * one.cost for n, one in zip(headcounts, self.choices, strict=True) if n))

    def paid_hours(self, headcounts: Sequence[int]) -> float:
        """Give the paid hours of all choices within the scenario."""
        return sum(n * one.paid_ms for n, one in zip(headcounts, self.choices, strict=True)) / HOUR_MS

    def changes(self, headcounts: Sequence[int]) -> dict[str, Any]:
        """Give the changes that make a schedule the scenario's."""
        return changes_of(self.choices, headcounts, replaced(self.scenario, self.choices))

    def planned(self, headcounts: Sequence[int]) -> Scenario:
        """Give the scenario with a schedule, as it would be written."""
        return self.scenario.with_changes(self.changes(headcounts))

    def staffed(self, headcounts: Sequence[int]) -> Scenario:
        """Give the scenario with a schedule, to be played: it has all shifts that there might be, some without people.

        Agents are numbered by group, shift and index, so that shifts without people change no figure; and two schedules
        differ in their people alone, which is quick.
        """
        groups: dict[str, AgentGroup] = dict(self.scenario.agent_groups)
        for name in dict.fromkeys(choice.group for choice in self.choices):
            groups[name] = self._group(name, headcounts)
        return self.scenario.model_copy(update={"agent_groups": groups})

    def _group(self, name: str, headcounts: Sequence[int]) -> AgentGroup:
        group = self.scenario.agent_groups[name]
        shifts = dict(group.shifts)
        by_day = {shift: list(one.headcount) for shift, one in shifts.items()}
        update: dict[str, Any] = {"shifts": shifts}
        for number, choice in zip(headcounts, self.choices, strict=True):
            draft = choice.draft
            if choice.group != name:
                continue
            if draft.shift is None:
                return group.model_copy(update={"headcount": number})
            if draft.pattern is not None:
                update |= {"staffing": None, "headcount": None}
            shifts.setdefault(draft.name, draft.shift)
            numbers = by_day.setdefault(draft.name, list(draft.shift.headcount))
            for day in draft.days:
                numbers[day] = number
        for shift, numbers in by_day.items():
            shifts[shift] = shifts[shift].model_copy(update={"headcount": tuple(numbers)})
        return group.model_copy(update=update)
