"""Covering a requirement with shifts: the cheapest headcounts that put the needed agents on duty in every interval.

An integer programme: a variable for each choice (`shift_choices`), a row for each interval with a need. A need names
the groups whose people can fill it; where the groups of several needs overlap, each person fills one of them at a time.
So many people at once may be on site (`plan.on_site`, their breaks included), and shifts of a pattern may be at most a
share of their group's (`at_most_share`). What is least is the cost, the people, or the paid hours (`plan.objective`);
people are as many as any day has shifts, and enough for their days off (`plan.days_off`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.scenario.units import HOUR_MS, WEEKDAYS, write_duration, write_time_of_day
from sim.staffing.covering import Covering, Ground, Needs
from sim.staffing.errors import SolverError
from sim.staffing.shift_choices import Choice
from sim.staffing.solver import Solution, solve

if TYPE_CHECKING:
    from sim.scenario.model.agent_groups import Shift
    from sim.scenario.schema import Scenario

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

TIME_LIMIT_S: Final = 60.0
GAP: Final = 1e-4


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
        return changes_of(self.choices, self.headcounts, self.replaced)


def changes_of(choices: Sequence[Choice], headcounts: Sequence[int], replaced: Sequence[str]) -> dict[str, Any]:
    """Give the changes that make headcounts of choices the scenario's, for `Scenario.with_changes`."""
    changes: dict[str, Any] = dict.fromkeys(replaced)
    made: dict[tuple[str, str], tuple[Shift, dict[str, int]]] = {}
    for number, choice in zip(headcounts, choices, strict=True):
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
    ground = Ground.of(scenario)
    for names, need in needs.items():
        if unknown := [name for name in names if name not in scenario.agent_groups]:
            raise ValueError(f"needs: unknown group {unknown[0]!r}; known: {', '.join(scenario.agent_groups)}")
        if need.shape != (len(ground.edges) - 1,):
            raise ValueError(
                f"needs: got {need.shape[0]} intervals of {'/'.join(names)}, must be {len(ground.edges) - 1}"
            )
    problem = Covering(scenario, ground, needs)
    try:
        solution = solve(problem.programme(short=False), time_limit_s, gap)
    except SolverError as error:
        short = problem.what_is_short(lambda programme: solve(programme, time_limit_s, GAP))
        raise SolverError(f"{error}{short}") from None
    headcounts = tuple(int(number) for number in solution.values[: len(problem.choices)])
    on_duty = ground.on_duty(headcounts)
    return Cover(ground.edges, ground.choices, headcounts, on_duty, replaced(scenario, ground.choices), solution)


def replaced(scenario: Scenario, choices: tuple[Choice, ...]) -> tuple[str, ...]:
    """Give the keys of people by numbers, in whose place shifts by patterns come."""
    groups = sorted({choice.group for choice in choices if choice.draft.pattern is not None})
    return tuple(
        f"agent_groups.{group}.{key}"
        for group in groups
        for key in ("headcount", "staffing")
        if getattr(scenario.agent_groups[group], key) is not None
    )


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
