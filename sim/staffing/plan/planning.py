"""From a scenario to its plan: search, selection, confirmation, each on hands of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from sim.experiment.errors import QuestionError
from sim.measure.workload import Workload
from sim.scenario.errors import Problem, ScenarioError
from sim.staffing.errors import InfeasibleError
from sim.staffing.plan.bounds import Found
from sim.staffing.plan.evaluation import CONFIRMATION, FURTHER, SEARCH, SELECTION, Asked, Block, Evaluator, Sizes
from sim.staffing.plan.journal import Journal
from sim.staffing.plan.lower_bound import LowerBound
from sim.staffing.plan.planned import Compared, Effort, Plan, Status
from sim.staffing.plan.playing import Players
from sim.staffing.plan.schedules import Headcounts, Schedules
from sim.staffing.plan.search import REPAIRS, Search, Step
from sim.staffing.requirement import analytic_requirement, erlang_c_requirement

if TYPE_CHECKING:
    from sim.engine.choice import Name
    from sim.scenario.schema import Scenario
    from sim.staffing.covering import Needs

SOLVER_S: Final = 30.0
"""For one cover, where `plan.time_limit` does not say."""
LEVELS: Final = (1.5, 2.0, 2.5, 3.0)
"""Margins in the search, of a plan and of those after it that were not confirmed: half-widths that the confirmation's
intervals will have. One is what it takes there; the rest is for the luck of the search."""
LUCK: Final = 1.0
"""What the selection asks less."""
SELECTED: Final = 6
"""Schedules that are looked at in the selection, at most."""


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
    that it names, with a margin: by that half-width that the confirmation's intervals will have. Three blocks of
    replications have no hand in common: the search goes down on the first, the cheapest schedules that held there are
    looked at again on the second, and the cheapest that holds there is confirmed, once, on the third. If that does not
    show that every target is kept, the next plan keeps a wider margin, and is confirmed on a block of its own.

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
        Verified; or undecided, if the confirmation does not tell; or infeasible: then the nearest that was found.
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
    if not scenario.targets:
        place = scenario.origin.document.place
        raise ScenarioError([Problem(place, "targets", "are missing: a plan needs promises to keep")])
    if begin is not None and begin.schedules.keys != schedules.keys:
        raise QuestionError(f"begin: plans other shifts than {scenario.name!r} has; leave it out")
    if not 0 < effort < inf:
        raise QuestionError(f"effort: got {effort!r}, must be a number above 0, such as 0.5")
    began = time.monotonic()
    journal = Journal(Path(resume) if resume is not None else None, scenario, seed)
    try:
        with Players(scenario, schedules, seed, workers, engine) as players:
            planning = _Planning(scenario, schedules, Evaluator(players, journal), effort, progress)
            found = planning.found(begin.headcounts if begin is not None else None)
    finally:
        journal.close()
    return replace(found, effort=replace(found.effort, seconds=time.monotonic() - began))


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

    def __init__(
        self,
        scenario: Scenario,
        schedules: Schedules,
        evaluator: Evaluator,
        effort: float,
        progress: Callable[[PlanProgress], None] | None,
    ) -> None:
        self._scenario, self._schedules, self._evaluator, self._progress = scenario, schedules, evaluator, progress
        self._sizes = Sizes.of(float(Workload.of(scenario).contacts.sum()) / effort)
        self._needs: Needs = analytic_requirement(scenario).needs
        limit = scenario.plan.time_limit if scenario.plan is not None else None
        self._search = Search(
            schedules,
            evaluator,
            Block.of(SEARCH, self._sizes.search),
            asked=Asked(LEVELS[0], self._sizes.confirmation),
            solver_s=SOLVER_S if limit is None else limit / 1000,
            tell=self._told,
        )
        self._solver_s = SOLVER_S if limit is None else limit / 1000
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
            if self._search.best is None:
                self._search.repair()
            self._search.descend()
        except KeyboardInterrupt:
            self._interrupted = True
        if not self._search.seen:
            if self._interrupted:
                raise KeyboardInterrupt
            raise InfeasibleError("the bounds of headcounts, `on_site` and `at_most_share` allow no schedule at all")
        if self._search.best is None:
            return self._infeasible()
        return self._confirmed()

    def _confirmed(self) -> Plan:
        """Confirm the cheapest plan that holds on the selection; if that fails the next, by a wider margin."""
        undecided: tuple[Headcounts, Found] | None = None
        failed: tuple[Headcounts, Found] | None = None
        search, tried = self._search, set[Headcounts]()
        for attempt, level in enumerate(LEVELS):
            if attempt:
                self._search_on(level, tried)
            selected = self._selected(level - LUCK, tried)
            last = self._interrupted or level == LEVELS[-1]
            if selected is None and last and not tried:
                selected = search.best or min(search.seen, key=search.missed)
            if selected is None:
                if last:
                    break
                continue
            tried.add(selected)
            found = self._confirm(selected, attempt)
            verdicts = set(found.verdicts)
            if verdicts == {"pass"}:
                return self._plan(selected, found, "verified", "")
            if "fail" not in verdicts:
                undecided = undecided or (selected, found)
            else:
                failed = failed or (selected, found)
            if self._interrupted:
                break
        if undecided is not None:
            return self._plan(*undecided, "undecided", "the confirmation does not tell whether all targets hold")
        assert failed is not None, "the search had a best schedule"
        return self._plan(*failed, "missed", "the confirmation shows that a target is missed")

    def _search_on(self, level: float, tried: set[Headcounts]) -> None:
        """Search on by a wider margin, from what has it, or else from what was tried last."""
        search = self._search
        before = search.best or max(tried, key=search.objective)
        search.ask(level)
        try:
            if search.best is None:
                search.repair(before)
            search.descend()
        except KeyboardInterrupt:
            self._interrupted = True

    def _selected(self, level: float, tried: set[Headcounts]) -> Headcounts | None:
        """Give the cheapest schedule of those that held in the search that holds on the selection's block, too."""
        block = Block.of(SELECTION, self._sizes.selection)
        asked = Asked(level, self._sizes.confirmation)
        beside: Found | None = None
        for headcounts in self._candidates(asked, tried):
            self._told(Step("selecting among the cheapest on fresh hands", self._search.objective(headcounts)))
            seen = self._evaluator.seen(headcounts, block, asked, beside)
            if seen.holds:
                return headcounts
            if seen.found.replications == block.size:
                beside = seen.found
        return None

    def _candidates(self, asked: Asked, without: set[Headcounts]) -> list[Headcounts]:
        """Give what kept that margin on the whole block of the search, cheapest first, and its best."""
        search, size = self._search, self._sizes.search
        holding = [
            one
            for one, seen in search.seen.items()
            if seen.found.replications == size
            and (seen.found.room(asked.level, asked.replications) >= 0).all()
            and one not in without
        ]
        near = sorted(holding, key=lambda one: (search.objective(one), -search.seen[one].room.min()))[:SELECTED]
        best = search.best
        return near if best is None or best in near or best in without else [*near, best]

    def _confirm(self, headcounts: Headcounts, attempt: int) -> Found:
        self._told(Step("confirming on fresh hands", self._search.objective(headcounts)))
        block = Block.of(CONFIRMATION + attempt * FURTHER, self._sizes.confirmation)
        self._block = block
        return self._evaluator.found([headcounts], block)[0]

    def _infeasible(self) -> Plan:
        nearest = min(self._search.seen, key=self._search.missed)
        found = self._confirm(nearest, 0)
        if set(found.verdicts) == {"pass"}:
            return self._plan(nearest, found, "verified", "")
        return self._plan(nearest, found, "infeasible", self._why(nearest, found))

    def _why(self, nearest: Headcounts, found: Found) -> str:
        """Say which targets are not kept, the best that was found of each, and why."""
        search, said = self._search, []
        moved = search.moved_by_one_more(nearest)
        for number, bound in enumerate(found.promises.bounds):
            row = found.worst_row(number)
            if found.slack[row] >= 0:
                continue
            best = max(
                (one.found for one in search.seen.values()), key=lambda one: float(one.slack[one.worst_row(number)])
            )
            value = float(best.value[best.worst_row(number)])
            if moved is None:
                why = "every shift has all the people that the plan allows"
            elif not moved[found.promises.first_row[number] : found.promises.first_row[number + 1]].any():
                why = "one person more on any shift does not move it: headcounts cannot keep it"
            else:
                why = f"more people still help, but not enough within the plan's bounds and {REPAIRS} rounds of repair"
            shown = f"{100 * value:.1f} %" if bound.counted else f"{value:.4g}"
            said.append(f"{found.promises.words(bound)} was at best {shown}; {why}")
        return "; ".join(said) or "the margin that a confirmation needs was not reached"

    @cached_property
    def _bound(self) -> float | None:
        return LowerBound(self._schedules).value(self._solver_s)

    def _plan(self, headcounts: Headcounts, found: Found, status: Status, reason: str) -> Plan:
        search, schedules = self._search, self._schedules
        compared = [Compared("this plan", headcounts, found.first(self._block.looks[0]))]
        covered = search.cover(erlang_c_requirement(self._scenario).needs)
        others = [("Erlang C by interval", covered)]
        if schedules.staffed_today:
            others.append(("today", schedules.present))
        for name, other in others:
            if other is not None:
                self._told(Step(f"simulating {name} beside it", search.objective(headcounts)))
                compared.append(Compared(name, other, self._evaluator.found([other], self._block, 0)[0]))
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
            gap=max(search.gap, 0.0),
            interrupted=self._interrupted,
            effort=Effort(self._sizes, self._evaluator.played, self._evaluator.recalled, 0.0),
        )
