"""The course of a plan: search, selection, confirmation, each on hands of its own, until it is done or stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.measure.workload import Workload
from sim.scenario.units import SECOND_MS
from sim.staffing.errors import InfeasibleError
from sim.staffing.plan.beside import COMPARED, THIS, Compared, beside, hours_at_work
from sim.staffing.plan.bounds import Asked, Found
from sim.staffing.plan.budget import Budget, TimeOver
from sim.staffing.plan.candidates import SLIGHT, Candidates, Step
from sim.staffing.plan.covers import Covers
from sim.staffing.plan.evaluation import CONFIRMATION, FURTHER, SEARCH, SELECTION, Block, Sizes
from sim.staffing.plan.lower_bound import Least, LowerBound
from sim.staffing.plan.planned import Effort, Plan, Status
from sim.staffing.plan.schedules import Headcounts, Schedules
from sim.staffing.plan.search import Search
from sim.staffing.plan.shortfall import Shortfall
from sim.staffing.requirement import analytic_requirement

if TYPE_CHECKING:
    from sim.staffing.covering import Needs
    from sim.staffing.plan.bounds import Floats
    from sim.staffing.plan.workshop import Workshop

SOLVER_S: Final = 30.0
"""For one cover, where `plan.time_limit` does not say."""
CHANCES: Final = (0.75, 0.9, 0.97, 0.99)
"""That the confirmation shows that all targets are kept, of a plan and of those after it that were not confirmed."""
SELECTIONS: Final = 2
"""Times that the best of a search is looked at on other hands, before it is confirmed all the same."""

BESIDE: Final = 3
"""Plans that are simulated beside one, at most."""


@dataclass(frozen=True)
class PlanProgress:
    """How far a plan is."""

    doing: str
    objective: float | None
    """Of the best schedule so far that holds; None if none does."""
    replications: int
    """Played."""


class Course:
    """What a plan goes through: search, selection on other hands, confirmation on fresh ones, the plans beside.

    The budget says when to stop searching; `progress` is told what is done.
    """

    def __init__(
        self,
        workshop: Workshop,
        schedules: Schedules,
        budget: Budget,
        *,
        effort: float,
        progress: Callable[[PlanProgress], None] | None,
    ) -> None:
        scenario, evaluator, solver = schedules.scenario, workshop.evaluator(schedules, budget.clock), workshop.solver
        self._scenario, self._schedules, self._evaluator, self._progress = scenario, schedules, evaluator, progress
        self._budget = budget
        self._sizes = Sizes.of(float(Workload.of(scenario).contacts.sum()) / effort)
        self._needs: Needs = analytic_requirement(scenario).needs
        limit = scenario.plan.time_limit if scenario.plan is not None else None
        self._solver, self._solver_s = solver, SOLVER_S if limit is None else limit / SECOND_MS
        if budget.limit_s is not None:
            self._solver_s = min(self._solver_s, budget.limit_s)
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
        self._searching = self._interrupted = self._out_of_time = False
        evaluator.on_played = lambda: self._told(self._last)

    def _told(self, step: Step) -> None:
        """Tell how far it is; end the search if its next step might leave too little time for a confirmation."""
        self._last = step
        if self._progress is not None:
            self._progress(PlanProgress(step.doing, step.best, self._evaluator.played))
        if self._searching and self._candidates.seen:
            self._budget.check(self._confirmation_s + self._evaluator.seconds_of_fresh * self._sizes.search)

    @property
    def _confirmation_s(self) -> float:
        """How long a confirmation will take, with the plans that are simulated beside it, by what fresh hands took."""
        block = Block.of(CONFIRMATION, self._sizes.confirmation)
        # Each is played for its targets and again for its overtime, for which the plan itself is played again, too.
        compared = (2 * BESIDE + 1) * block.looks[block.look_of(COMPARED)]
        return self._evaluator.seconds_of_fresh * (self._sizes.confirmation + compared)

    @property
    def _stopped(self) -> bool:
        return self._interrupted or self._out_of_time

    def _until_stopped(self, search: Callable[[], None]) -> None:
        """Search, until it is done, somebody interrupts it, or its time is over."""
        self._searching = True
        try:
            search()
        except KeyboardInterrupt:
            self._interrupted = True
        except TimeOver:
            self._out_of_time = True
        finally:
            self._searching = False

    def found(self, begin: Headcounts | None) -> Plan:
        """Search, select, confirm."""
        self._until_stopped(lambda: self._search.run(self._needs, begin))
        if not self._candidates.seen:
            if self._interrupted:
                raise KeyboardInterrupt
            raise InfeasibleError("the bounds of headcounts, `on_site` and `at_most_share` allow no schedule at all")
        if self._candidates.best is not None:
            return self._confirmed()
        return self._nearest_so_far() if self._stopped else self._infeasible()

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
            if self._stopped or self._no_time_for_another():
                break
            seen_before.append(self._block)
        if undecided is not None:
            return self._plan(*undecided, "undecided", "the confirmation does not tell whether all targets hold")
        assert failed is not None, "the search had a best schedule"
        return self._plan(*failed, "missed", "the confirmation shows that a target is missed")

    def _no_time_for_another(self) -> bool:
        """Tell whether there is no time left to confirm another plan."""
        self._until_stopped(lambda: self._budget.check(self._confirmation_s))
        return self._out_of_time

    def _not_dearer_than_today(self, headcounts: Headcounts, found: Found) -> tuple[Headcounts, Found]:
        """Give the schedule of today in place of one that costs more, if it is confirmed on the same hands."""
        today, objective = self._schedules.present, self._candidates.objective
        if self._schedules.allows(today) and objective(today) < objective(headcounts) - SLIGHT:
            for look in range(len(self._block.looks)):
                of_today = self._evaluator.found([today], self._block, look)[0]
                if "fail" in of_today.verdicts:
                    return headcounts, found
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
            if best is None or self._stopped:
                break
            lacking = self._lacking(best, blocks, with_others)
            if lacking is None or not lacking.any():
                break
            # In the search the limits that are lacking may be kept with something to spare: that was luck.
            self._extra = self._extra + np.where(lacking > 0, lacking + candidates.seen[best].room, 0.0)
            in_search = replace(in_search, extra=self._extra)
        return candidates.best or min(candidates.seen, key=candidates.missed)

    def _lacking(self, headcounts: Headcounts, blocks: list[Block], asked: Asked) -> Floats | None:
        """Give by how much a schedule falls short on all hands together; None if there was no time to look."""
        self._told(Step("looking at the best on fresh hands", self._candidates.objective(headcounts)))
        on_others: list[Found] = []
        self._until_stopped(lambda: on_others.extend(self._evaluator.found([headcounts], one)[0] for one in blocks))
        if self._stopped:
            return None
        found = reduce(Found.and_more, on_others, self._candidates.seen[headcounts].found)
        lacking: Floats = np.maximum(-found.room(asked), 0.0)
        return lacking

    def _search_on(self, asked: Asked) -> None:
        """Search on by another margin, from what has it and near what was the best."""
        before = self._candidates.best
        self._candidates.ask(asked)
        self._until_stopped(lambda: self._search.run_on(before))

    def _confirm(self, headcounts: Headcounts, attempt: int) -> Found:
        self._told(Step("confirming on fresh hands", self._candidates.objective(headcounts)))
        block = Block.of(CONFIRMATION + attempt * FURTHER, self._sizes.confirmation)
        self._block = block
        return self._evaluator.found([headcounts], block)[0]

    def _infeasible(self) -> Plan:
        """Give the cheapest schedule that is as near to the limits as any that was found."""
        candidates = self._candidates
        nearest = min(candidates.seen, key=candidates.missed)
        self._until_stopped(lambda: self._search.run_eased(nearest, self._needs))
        nearest = candidates.best or nearest
        found = self._confirm(nearest, 0)
        if set(found.verdicts) == {"pass"}:
            return self._plan(nearest, found, "verified", "")
        return self._plan(nearest, found, "infeasible", Shortfall(self._candidates, nearest, found).told())

    def _nearest_so_far(self) -> Plan:
        """Give the schedule nearest to the limits of those seen until the search was stopped."""
        nearest = min(self._candidates.seen, key=self._candidates.missed)
        found = self._confirm(nearest, 0)
        verdicts = set(found.verdicts)
        if verdicts == {"pass"}:
            return self._plan(nearest, found, "verified", "")
        until = "its time was over" if self._out_of_time else "it was interrupted"
        reason = f"the search had found nothing that keeps all targets when {until}"
        return self._plan(nearest, found, "missed" if "fail" in verdicts else "undecided", reason)

    @cached_property
    def _least(self) -> Least:
        return LowerBound(self._schedules).proven(self._solver, self._solver_s)

    def _plan(self, headcounts: Headcounts, found: Found, status: Status, reason: str) -> Plan:
        schedules, look = self._schedules, self._block.look_of(COMPARED)
        compared = [
            Compared(
                THIS,
                headcounts,
                hours_at_work(schedules, headcounts),
                found.first(self._block.looks[look]),
                self._evaluator.overtime(headcounts, self._block, look),
            )
        ]
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
            bound=self._least.value,
            no_bound_because=self._least.why_none,
            gap=self._solver.gap,
            interrupted=self._interrupted,
            out_of_time=self._out_of_time,
            effort=Effort(self._sizes, self._evaluator.played, self._evaluator.recalled, 0.0),
        )
