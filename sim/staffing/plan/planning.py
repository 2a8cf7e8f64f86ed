"""From a scenario to its plan: search, selection, confirmation, each on hands of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from sim.experiment.errors import QuestionError
from sim.measure.workload import Workload
from sim.scenario.errors import Problem, ScenarioError
from sim.staffing.errors import InfeasibleError
from sim.staffing.plan.beside import THIS, Compared, beside, hours_at_work
from sim.staffing.plan.bounds import Asked, Found
from sim.staffing.plan.candidates import SLIGHT, Candidates, Step
from sim.staffing.plan.covers import Covers
from sim.staffing.plan.evaluation import CONFIRMATION, FURTHER, SEARCH, SELECTION, Block, Evaluator, Sizes
from sim.staffing.plan.lower_bound import LowerBound
from sim.staffing.plan.planned import Effort, Plan, Status
from sim.staffing.plan.schedules import Headcounts, Schedules
from sim.staffing.plan.search import Search
from sim.staffing.plan.shortfall import Shortfall
from sim.staffing.plan.workshop import Workshop
from sim.staffing.requirement import analytic_requirement
from sim.staffing.solver import Solver

if TYPE_CHECKING:
    from sim.engine.choice import Name
    from sim.scenario.schema import Scenario
    from sim.staffing.covering import Needs
    from sim.staffing.plan.bounds import Floats

SOLVER_S: Final = 30.0
"""For one cover, where `plan.time_limit` does not say."""
CHANCES: Final = (0.75, 0.9, 0.97, 0.99)
"""That the confirmation shows that all targets are kept, of a plan and of those after it that were not confirmed."""
SELECTIONS: Final = 2
"""Times that the best of a search is looked at on other hands, before it is confirmed all the same."""


@dataclass(frozen=True)
class PlanProgress:
    """How far a plan is."""

    doing: str
    objective: float | None
    """Of the best schedule so far that holds; None if none does."""
    replications: int
    """Played."""


def plan(  # noqa: PLR0913  (all that can be asked of a plan)
    scenario: Scenario,
    *,
    seed: int = 1,
    workers: int | Literal["auto"] = "auto",
    engine: Name = "compiled",
    resume: str | Path | None = None,
    begin: Plan | None = None,
    effort: float = 1.0,
    progress: Callable[[PlanProgress], None] | None = None,
) -> Plan:
    """Find the headcounts of shifts that keep every target at the least cost, and prove it by simulation.

    Targets are the scenario's. A schedule is kept if the mean over the replications keeps every bound in every period
    that it names, with a margin: by that half-width that the confirmation's intervals will have, and what luck may make
    up. Three blocks of replications have no hand in common: the search goes down on the first; its best is looked at
    again on the second, and what it lacks on both together is asked of the search on top, until nothing is lacking;
    then it is confirmed, once, on the third. If that does not show that every target is kept, the search goes on by
    what is known then, with a wider margin, and the next plan is confirmed on a block of its own. No plan is dearer
    than the schedule of today if that passes the confirmation, too.

    Parameters
    ----------
    scenario
        With targets, and a `plan` that says what may change.
    seed
        Of all chance, 0 or more. The same scenario, seed and version give the same plan.
    workers
        Processes that play side by side; `auto`: as many as there are processors, if the work is worth their start.
    engine
        As for `run`.
    resume
        A file in which every evaluation is kept, made if there is none: a plan that was ended goes on from it.
    begin
        A plan of the same shifts for other promises: the search begins at its headcounts.
    effort
        How many replications a block has, as a share of what is usual. Fewer are quicker; their wider margins make
        plans dearer.
    progress
        Is told what is done.

    Returns
    -------
    Plan
        Verified; or undecided, if the confirmation does not tell; or infeasible: then the cheapest that comes about as
        near to the limits as any that was found.
        Interrupted (Ctrl-C), the best so far, confirmed.

    Raises
    ------
    ScenarioError
        If the scenario has no targets, or nothing that may change.
    InfeasibleError
        If the plan's bounds allow no schedule at all.
    ValueError
        If `begin` plans other shifts, or the effort is not above 0.
    """
    schedules = schedules_of(scenario)
    _check(scenario, schedules, begin, effort)
    with Workshop(schedules, seed, workers, engine, resume) as workshop:
        return planned_in(workshop, schedules, begin=begin, effort=effort, progress=progress)


def planned_in(
    workshop: Workshop,
    schedules: Schedules,
    *,
    begin: Plan | None,
    effort: float,
    progress: Callable[[PlanProgress], None] | None,
) -> Plan:
    """Plan as `plan` does, with what plans of scenarios that differ in their bounds alone share."""
    scenario, began = schedules.scenario, time.monotonic()
    _check(scenario, schedules, begin, effort)
    planning = _Planning(
        scenario, schedules, workshop.evaluator(schedules), workshop.solver, effort=effort, progress=progress
    )
    found = planning.found(begin.headcounts if begin is not None else None)
    return replace(found, effort=replace(found.effort, seconds=time.monotonic() - began))


def _check(scenario: Scenario, schedules: Schedules, begin: Plan | None, effort: float) -> None:
    if not scenario.targets:
        place = scenario.origin.document.place
        raise ScenarioError([Problem(place, "targets", "are missing: a plan needs promises to keep")])
    if begin is not None and begin.schedules.keys != schedules.keys:
        raise QuestionError(f"begin: plans other shifts than {scenario.name!r} has; leave it out")
    if not 0 < effort < inf:
        raise QuestionError(f"effort: got {effort!r}, must be a number above 0, such as 0.5")


def schedules_of(scenario: Scenario) -> Schedules:
    """Give the schedules of a scenario; ScenarioError if there is no `plan`, or nothing in it to choose."""
    if scenario.plan is None:
        raise _refused(scenario, "is missing; say which shifts may change, such as plan: {shifts: {agents: all}}")
    schedules = Schedules(scenario)
    if not schedules.movable:
        raise _refused(scenario, "leaves no headcount to choose: every shift that it names has a fixed one")
    return schedules


def _refused(scenario: Scenario, text: str) -> ScenarioError:
    document = scenario.origin.document
    section = document.child("plan")
    return ScenarioError([Problem(section.place if section is not None else document.place, "plan", text)])


class _Planning:
    """One plan in the making."""

    def __init__(  # noqa: PLR0913  (what it works on, and how)
        self,
        scenario: Scenario,
        schedules: Schedules,
        evaluator: Evaluator,
        solver: Solver,
        *,
        effort: float,
        progress: Callable[[PlanProgress], None] | None,
    ) -> None:
        self._scenario, self._schedules, self._evaluator, self._progress = scenario, schedules, evaluator, progress
        self._sizes = Sizes.of(float(Workload.of(scenario).contacts.sum()) / effort)
        self._needs: Needs = analytic_requirement(scenario).needs
        limit = scenario.plan.time_limit if scenario.plan is not None else None
        self._solver, self._solver_s = solver, SOLVER_S if limit is None else limit / 1000
        self._extra: Floats | float = 0.0
        self._candidates = Candidates(
            schedules,
            evaluator,
            Block.of(SEARCH, self._sizes.search),
            Asked(CHANCES[0], self._sizes.confirmation, self._sizes.search, self._extra),
            self._told,
        )
        self._search = Search(self._candidates, solver, self._solver_s)
        self._last: Step = Step("starting", None)
        self._interrupted = False
        evaluator.on_played = lambda: self._told(self._last)

    def _told(self, step: Step) -> None:
        self._last = step
        if self._progress is not None:
            self._progress(PlanProgress(step.doing, step.best, self._evaluator.played))

    def found(self, begin: Headcounts | None) -> Plan:
        """Search, select, confirm."""
        try:
            self._search.start(self._needs, begin)
            if self._candidates.best is None:
                self._search.repair()
            self._search.descend()
        except KeyboardInterrupt:
            self._interrupted = True
        if not self._candidates.seen:
            if self._interrupted:
                raise KeyboardInterrupt
            raise InfeasibleError("the bounds of headcounts, `on_site` and `at_most_share` allow no schedule at all")
        if self._candidates.best is None:
            return self._infeasible()
        return self._confirmed()

    def _confirmed(self) -> Plan:
        """Confirm the plan that search and selection agree on; if that fails the next, asked for more."""
        undecided: tuple[Headcounts, Found] | None = None
        failed: tuple[Headcounts, Found] | None = None
        seen_before = [Block.of(SELECTION, self._sizes.selection)]
        for attempt, chance in enumerate(CHANCES):
            selected = self._selected(chance, seen_before)
            found = self._confirm(selected, attempt)
            verdicts = set(found.verdicts)
            if verdicts == {"pass"}:
                return self._plan(*self._not_dearer_than_today(selected, found), "verified", "")
            if "fail" not in verdicts:
                undecided = undecided or (selected, found)
            else:
                failed = failed or (selected, found)
            if self._interrupted:
                break
            seen_before.append(self._block)
        if undecided is not None:
            return self._plan(*undecided, "undecided", "the confirmation does not tell whether all targets hold")
        assert failed is not None, "the search had a best schedule"
        return self._plan(*failed, "missed", "the confirmation shows that a target is missed")

    def _not_dearer_than_today(self, headcounts: Headcounts, found: Found) -> tuple[Headcounts, Found]:
        """Give the schedule of today in place of one that costs more, if it is confirmed on the same hands."""
        today, objective = self._schedules.present, self._candidates.objective
        if self._schedules.allows(today) and objective(today) < objective(headcounts) - SLIGHT:
            of_today = self._evaluator.found([today], self._block)[0]
            if set(of_today.verdicts) == {"pass"}:
                return today, of_today
        return headcounts, found

    def _selected(self, chance: float, blocks: list[Block]) -> Headcounts:
        """Give a schedule that holds in the search and, with other hands too, all in all.

        Schedules come here because they were lucky in the search: what they lack on all hands together, the search asks
        on top from then on.
        """
        candidates, sizes = self._candidates, self._sizes
        in_search = Asked(chance, sizes.confirmation, sizes.search, self._extra)
        with_others = Asked(chance, sizes.confirmation, sizes.search + sum(block.size for block in blocks))
        for _ in range(SELECTIONS):
            if in_search.extra is not candidates.asked.extra or in_search.chance != candidates.asked.chance:
                self._search_on(in_search)
            best = candidates.best
            if best is None or self._interrupted:
                break
            self._told(Step("looking at the best on fresh hands", candidates.objective(best)))
            found = candidates.seen[best].found
            for block in blocks:
                found = found.and_more(self._evaluator.found([best], block)[0])
            lacking = np.maximum(-found.room(with_others), 0.0)
            if not lacking.any():
                break
            # In the search the limits that are lacking may be kept with something to spare: that was luck.
            self._extra = self._extra + np.where(lacking > 0, lacking + candidates.seen[best].room, 0.0)
            in_search = replace(in_search, extra=self._extra)
        return candidates.best or min(candidates.seen, key=candidates.missed)

    def _search_on(self, asked: Asked) -> None:
        """Search on by another margin, from what has it and near what was the best."""
        candidates, before = self._candidates, self._candidates.best
        candidates.ask(asked)
        try:
            if before is not None:
                candidates.holds(before)
                self._search.mend(before)
            if candidates.best is None:
                self._search.repair(before)
            self._search.descend()
        except KeyboardInterrupt:
            self._interrupted = True

    def _confirm(self, headcounts: Headcounts, attempt: int) -> Found:
        self._told(Step("confirming on fresh hands", self._candidates.objective(headcounts)))
        block = Block.of(CONFIRMATION + attempt * FURTHER, self._sizes.confirmation)
        self._block = block
        return self._evaluator.found([headcounts], block)[0]

    def _infeasible(self) -> Plan:
        """Give the cheapest schedule that is as near to the limits as any that was found."""
        candidates = self._candidates
        nearest = min(candidates.seen, key=candidates.missed)
        try:
            candidates.ease(nearest)
            self._search.start(self._needs)
            self._search.descend()
        except KeyboardInterrupt:
            self._interrupted = True
        nearest = candidates.best or nearest
        found = self._confirm(nearest, 0)
        if set(found.verdicts) == {"pass"}:
            return self._plan(nearest, found, "verified", "")
        return self._plan(nearest, found, "infeasible", Shortfall(self._candidates, nearest, found).told())

    @cached_property
    def _bound(self) -> float | None:
        return LowerBound(self._schedules).value(self._solver, self._solver_s)

    def _plan(self, headcounts: Headcounts, found: Found, status: Status, reason: str) -> Plan:
        schedules = self._schedules
        compared = [Compared(THIS, headcounts, hours_at_work(schedules, headcounts), found.first(self._block.looks[0]))]
        compared += beside(
            schedules,
            self._evaluator,
            self._block,
            Covers(schedules, self._solver, self._solver_s),
            lambda name: self._told(Step(f"simulating {name} beside it", schedules.objective(headcounts))),
        )
        return Plan(
            original=self._scenario,
            schedules=schedules,
            headcounts=headcounts,
            status=status,
            reason=reason,
            found=found,
            compared=tuple(compared),
            needs=self._needs,
            bound=self._bound,
            gap=self._solver.gap,
            interrupted=self._interrupted,
            effort=Effort(self._sizes, self._evaluator.played, self._evaluator.recalled, 0.0),
        )
