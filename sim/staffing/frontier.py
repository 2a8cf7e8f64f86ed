"""The frontier: what a higher promise costs, and what becomes of satisfaction and resolution, plan by plan."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import astuple, dataclass
from functools import cached_property
from importlib.metadata import version
from itertools import product
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from sim.experiment.errors import QuestionError
from sim.experiment.figures import write_figure
from sim.experiment.judge import question_of, selection, words
from sim.experiment.replicate import check_scenario, run
from sim.experiment.statistics import NOTHING, Estimate
from sim.scenario.units import read_share
from sim.staffing.plan import Plan, PlanProgress, schedules_of
from sim.staffing.plan.planning import planned_in
from sim.staffing.plan.workshop import Workshop

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine.choice import Name
    from sim.experiment.result import Result
    from sim.scenario.model.targets import Target
    from sim.scenario.schema import Scenario
    from sim.staffing.plan.schedules import Schedules

BOUNDS: Final = (0.70, 0.80, 0.85, 0.90, 0.95)
"""Where nothing is said."""
EFFORT: Final = 0.3
FRESH: Final = 4_000_000
"""First replication on which all plans are measured side by side; no plan has seen any of them."""
BESIDE: Final = ("satisfaction", "first_contact_resolution")
"""What is measured beside cost and the promise."""


@dataclass(frozen=True)
class Point:
    """The cheapest plan found for one promise and pace."""

    bound: float
    """What the varied target asks."""
    pace: Mapping[str, float]
    """By group, where it was varied."""
    plan: Plan
    reached: Estimate
    """The varied target's measure over the run."""
    spent: Estimate
    """Cost; paid hours, where a group has no cost."""
    satisfaction: Estimate
    first_contact_resolution: Estimate


@dataclass(frozen=True)
class FrontierProgress:
    """How far a frontier is."""

    point: int
    """From 1."""
    points: int
    bound: float
    plan: PlanProgress


class Frontier:
    """Plans for one promise after the other.

    Attributes
    ----------
    scenario
        That was planned.
    target
        The one that was varied.
    points
        By pace, the lowest promise first.
    replications
        On which all plans were measured; they were dealt the same customers, whom no plan had seen.
    missing
        (bound, pace) of the points that were not planned any more, because it was interrupted.
    """

    def __init__(
        self,
        scenario: Scenario,
        target: Target,
        points: tuple[Point, ...],
        replications: int,
        missing: tuple[tuple[float, Mapping[str, float]], ...] = (),
    ) -> None:
        self.scenario, self.target, self.points = scenario, target, points
        self.replications, self.missing = replications, missing

    @property
    def interrupted(self) -> bool:
        """Whether it was stopped before all points were planned."""
        return bool(self.missing)

    @property
    def promise(self) -> str:
        """What is varied, in words, without its bound."""
        per = f" per {self.target.per}" if self.target.per else ""
        return f"{words(self.target).partition(' ≥ ')[0]}{per}"

    @property
    def spent_unit(self) -> str:
        """Unit of what is spent: the currency, or h where a group has no cost."""
        return (self.scenario.currency or "currency") if _is_paid(self.scenario) else "h"

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each point.

        Columns: bound; a column pace.GROUP for each that was varied; status of the plan; paid_hours of its shifts; and,
        each with _low and _high of its 95 % interval, reached (the varied measure over the run), spent (`.attrs`:
        spent_unit), satisfaction and first_contact_resolution; not a number where the scenario does not tell.
        """
        import pandas as pd  # noqa: PLC0415  (loading pandas takes longer than many runs)

        rows = []
        for point in self.points:
            row: dict[str, Any] = {"bound": point.bound}
            row |= {f"pace.{group}": pace for group, pace in point.pace.items()}
            row |= {"status": point.plan.status, "paid_hours": point.plan.paid_hours}
            for name in ("reached", "spent", *BESIDE):
                estimate: Estimate = getattr(point, name)
                row |= {name: estimate.estimate, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
            rows.append(row)
        table = pd.DataFrame(rows)
        table.attrs = {"promise": self.promise, "spent_unit": self.spent_unit, "replications": self.replications}
        return table

    def __repr__(self) -> str:
        return f"<Frontier of {self.scenario.name!r}: {len(self.points)} plans for {self.promise}>"

    def _repr_html_(self) -> str:
        shown: str = self.table.to_html(index=False, float_format=write_figure)
        return shown


def frontier(  # noqa: PLR0913  (all that can be asked of a frontier)
    scenario: Scenario,
    bounds: Sequence[float | str] = BOUNDS,
    *,
    target: int | None = None,
    paces: Mapping[str, Sequence[float]] | None = None,
    seed: int = 1,
    workers: int | Literal["auto"] = "auto",
    engine: Name = "compiled",
    resume: str | Path | None = None,
    effort: float = EFFORT,
    progress: Callable[[FrontierProgress], None] | None = None,
) -> Frontier:
    """Plan for a grid of promises, and of paces if groups are named, and measure all plans on the same fresh customers.

    The highest promise is planned first; its plan is where the search for the next lower one begins. Every plan is
    confirmed for itself (`Plan.status`). The figures are of replications that none of them has seen. What one plan has
    played, the others do not play again: of the same pace they share dealt customers, workers and evaluations.

    Parameters
    ----------
    scenario
        With targets, and a `plan` that says what may change.
    bounds
        Shares that the varied target asks, such as 0.8 or "80 %".
    target
        Number of the varied target, from 0: one that asks a share of at least something. Default: the first service
        level, else the first such target. All others stay.
    paces
        Paces by group, such as {"front_desk": (1.0, 1.1)}: each combination has a curve of its own.
    seed, workers, engine
        As for `plan`.
    resume
        A file in which every evaluation is kept, made if there is none: a frontier that was ended goes on from it.
        `plan` may have the same file: both find what the other has played.
    effort
        Share of the replications that a plan by itself takes. With fewer the margins are wider and the plans a little
        dearer, all alike.
    progress
        Is told what is done.

    Returns
    -------
    Frontier
        Interrupted (Ctrl-C), the points that are complete, and which are missing.

    Raises
    ------
    ScenarioError
        If the scenario cannot be planned, or a bound or pace is not sound.
    ValueError
        If there is no target that can be varied, or a group that is paced does not exist.
    """
    check_scenario(scenario)
    number = _varied(scenario, target)
    asked = _bounds(bounds)
    stack = ExitStack()
    tracing = _Tracing(stack, scenario, number, seed, workers, engine, resume, effort, progress)
    wanted = [(bound, pace) for pace in _paces(scenario, paces or {}) for bound in sorted(asked, reverse=True)]
    points: list[Point] = []
    try:
        with stack:
            for place, (bound, pace) in enumerate(wanted):
                begin = points[-1].plan if points and points[-1].pace == pace else None
                points.append(tracing.point(bound, pace, begin, place + 1, len(wanted)))
    except KeyboardInterrupt:
        if not points:
            raise
    missing = sorted(wanted[len(points) :], key=lambda one: one[0])
    curves = [pace for bound, pace in wanted if bound == max(asked)]
    points.sort(key=lambda point: (curves.index(dict(point.pace)), point.bound))
    missing.sort(key=lambda one: curves.index(one[1]))
    return Frontier(scenario, scenario.targets[number], tuple(points), tracing.replications, tuple(missing))


class _Tracing:
    """Plans and measures points, one after the other, in workshops that the stack closes."""

    def __init__(  # noqa: PLR0913, PLR0917  (all that was asked of the frontier)
        self,
        stack: ExitStack,
        scenario: Scenario,
        number: int,
        seed: int,
        workers: int | Literal["auto"],
        engine: Name,
        resume: str | Path | None,
        effort: float,
        progress: Callable[[FrontierProgress], None] | None,
    ) -> None:
        self._scenario, self._number, self._effort, self._progress = scenario, number, effort, progress
        self._seed, self._workers, self._engine, self._resume = seed, workers, engine, resume
        self._workshop: Workshop | None = None
        self._stack = stack
        self.replications = 0
        """On which points are measured."""

    def point(self, bound: float, pace: Mapping[str, float], begin: Plan | None, number: int, of: int) -> Point:
        """Plan a point, and measure it; KeyboardInterrupt if it is interrupted."""
        schedules = schedules_of(_promising(self._scenario, self._number, bound, pace))
        workshop = self._workshop_for(schedules)
        progress = self._progress
        told = None if progress is None else _telling(progress, number, of, bound)
        planned = planned_in(workshop, schedules, begin=begin, effort=self._effort, progress=told)
        if planned.interrupted:
            raise KeyboardInterrupt
        self.replications = planned.effort.sizes.selection
        return Point(bound, pace, planned, *self._estimates(workshop, planned))

    def _workshop_for(self, schedules: Schedules) -> Workshop:
        """Give the workshop of the point before, if the same is played and counted; else another."""
        if self._workshop is None or not self._workshop.suits(schedules):
            self._stack.close()
            made = Workshop(schedules, self._seed, self._workers, self._engine, self._resume)
            self._workshop = self._stack.enter_context(made)
        return self._workshop

    def _estimates(self, workshop: Workshop, planned: Plan) -> tuple[Estimate, ...]:
        """Measure a plan, or recall from the journal what was measured of it."""
        shown = words(self._scenario.targets[self._number])
        name = json.dumps(["point", planned.scenario.hash, self._seed, self.replications, shown, version("madoguchi")])
        known = workshop.journal.recall(name)
        if known is not None:
            return tuple(Estimate(*values) for values in json.loads(known))
        result = run(
            planned.scenario,
            replications=self.replications,
            seed=self._seed,
            first_replication=FRESH,
            workers=self._workers,
            engine=self._engine,
        )
        if result.interrupted:
            raise KeyboardInterrupt
        found = _measured(result, self._scenario, self._scenario.targets[self._number])
        workshop.journal.keep(name, json.dumps([astuple(one) for one in found]))
        return found


def _telling(
    progress: Callable[[FrontierProgress], None], point: int, points: int, bound: float
) -> Callable[[PlanProgress], None]:
    return lambda of_plan: progress(FrontierProgress(point, points, bound, of_plan))


def _varied(scenario: Scenario, number: int | None) -> int:
    """Give the number of the target that is varied."""
    can = [
        at for at, one in enumerate(scenario.targets) if one.at_least is not None and question_of(one).unit == "share"
    ]
    if not can:
        raise QuestionError(
            "target: the scenario has none that asks a share of at least something, such as a service level"
        )
    if number is None:
        return next((at for at in can if scenario.targets[at].measure == "service_level"), can[0])
    if number not in can:
        allowed = "; ".join(f"{at}: {words(scenario.targets[at])}" for at in can)
        raise QuestionError(
            f"target: got {number!r}, must be the number of one that asks a share of at least: {allowed}"
        )
    return number


def _bounds(given: Sequence[float | str]) -> list[float]:
    found = []
    for one in given:
        try:
            share = read_share(one)
        except ValueError:
            share = nan
        if not 0 < share < 1:
            raise QuestionError(f"bounds: got {one!r}, must be a share between 0 and 1 such as 85 %")
        found.append(share)
    if not found:
        raise QuestionError("bounds: there are none; name at least one, such as 85 %")
    return sorted(set(found))


def _paces(scenario: Scenario, paces: Mapping[str, Sequence[float]]) -> Iterator[dict[str, float]]:
    """Give every combination of paces by group."""
    for group, values in paces.items():
        if group not in scenario.agent_groups:
            raise QuestionError(f"paces: unknown group {group!r}; known: {', '.join(scenario.agent_groups)}")
        if not values:
            raise QuestionError(f"paces: {group} has none; name at least one, such as 1.1")
    for combination in product(*paces.values()):
        yield dict(zip(paces, combination, strict=True))


def _promising(scenario: Scenario, number: int, bound: float, pace: Mapping[str, float]) -> Scenario:
    """Give the scenario with another bound of a target, and paces."""
    targets = list(scenario.tree["targets"])
    written, share = targets[number], f"{100 * bound:.10g} %"
    if isinstance(written, str):  # phone.service_level(20 s) >= 80 %
        targets[number] = re.sub(r"(>=|≥).*", lambda sign: f"{sign[1]} {share}", written)
    else:
        targets[number] = written | {"at_least": share}
    return scenario.with_changes(
        {"targets": targets} | {f"agent_groups.{group}.pace": one for group, one in pace.items()}
    )


def _is_paid(scenario: Scenario) -> bool:
    return all(
        group.cost is not None or all(shift.cost is not None for shift in group.shifts.values())
        for group in scenario.agent_groups.values()
    )


def _measured(result: Result, scenario: Scenario, target: Target) -> tuple[Estimate, Estimate, Estimate, Estimate]:
    """Give what is reached, spent, satisfaction and first-contact resolution."""
    reading = target.reading if target.measure == "service_level" else None
    of: dict[str, Any] = dict(selection(target))
    reached = result.measure(target.measure, within=target.within, reading=reading, **of)
    spent = result.measure("cost" if _is_paid(scenario) else "staff_hours")
    satisfied = NOTHING
    if scenario.quality.satisfaction is not None:
        satisfied = _estimate(result.measure("satisfaction"))
    return _estimate(reached), _estimate(spent), satisfied, _estimate(result.measure("first_contact_resolution"))


def _estimate(table: pd.DataFrame) -> Estimate:
    row = table.iloc[0]
    return Estimate(float(row["estimate"]), float(row["low"]), float(row["high"]), int(row["n"]))
