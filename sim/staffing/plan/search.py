"""The search: from a schedule that keeps all targets to cheaper ones that still do.

1. *Starts*: a schedule that is given to begin with and holds, else that of today, if the plan allows it, and covers of
   the requirement, scaled up and down until the simulated targets just hold.
2. *Repair*, where no start holds: the steps that simulation says help most for what they cost, until all targets hold
   or nothing helps any more.
3. *Descent*: one person less on each choice is simulated with the same customers, but for those where that is below a
   schedule that was found hopeless; with these slopes the neighbourhood's programme names the cheapest schedule that
   should hold; simulation says whether it does. Where it does not, the slopes of the limits that it missed are made
   steeper, so that the programme names another. That goes on around the best schedule until none of the single steps,
   and nothing that the programme names, helps; then one person more on each choice is simulated, too, for exchanges.
4. *All of them*, where few schedules are cheaper: every one that is not below a schedule that was found hopeless.

Everything happens on one block of replications; a schedule holds if it keeps every limit by a margin. What plainly does
is not played to the end of the block, but for the best in the end; what costs more than the best is not played at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.staffing.plan.candidates import SLIGHT, Candidates, below_any
from sim.staffing.plan.covers import Covers
from sim.staffing.plan.neighbourhood import GAP, Neighbourhood, Slopes
from sim.staffing.plan.schedules import Headcounts
from sim.staffing.plan.steps import Steps

if TYPE_CHECKING:
    from sim.staffing.covering import Needs
    from sim.staffing.solver import Solver

Floats = NDArray[np.float64]

LEAST_SCALE: Final = 0.7
SCALES: Final = (1.0, 1.25, 1.6)
"""Of a requirement, until one holds."""
FINENESS: Final = 0.02
"""Of the scale of a requirement."""
PATIENCE: Final = 5
"""Schedules one after the other that did not hold, after which slopes are made anew."""
ROUNDS: Final = 20
"""Of slopes, at most."""
REPAIRS: Final = 12
FEW: Final = 3_000
"""Schedules that are all looked through."""
AROUND: Final = 2
"""Steps of each choice for that."""


class Search:
    """A search among candidates."""

    def __init__(self, candidates: Candidates, solver: Solver, solver_s: float) -> None:
        self._candidates, self._schedules = candidates, candidates.schedules
        self._solver, self._solver_s = solver, solver_s
        self._covers = Covers(self._schedules, solver, solver_s)
        self._steps = Steps(candidates)
        self._brought: Floats | None = None
        """(rows, choices) slack gained by one person more, around the schedule where it was simulated."""
        self._slopes: Slopes | None = None
        """As they were found last."""

    def run(self, needs: Needs, begin: Headcounts | None) -> None:
        """Search for the cheapest schedule that holds."""
        self.start(needs, begin)
        if self._candidates.best is None:
            self.repair()
        self.descend()

    def run_on(self, before: Headcounts | None) -> None:
        """Search on when another margin is asked, near what was the best before."""
        if before is not None:
            self._candidates.holds(before)
            self.mend(before)
        if self._candidates.best is None:
            self.repair(before)
        self.descend()

    def run_eased(self, nearest: Headcounts, needs: Needs) -> None:
        """Search for the cheapest schedule that comes about as near to the limits as one does."""
        self._candidates.ease(nearest)
        self.start(needs)
        self.descend()

    def start(self, needs: Needs, begin: Headcounts | None = None) -> None:
        """Look at a schedule to begin with; if it does not hold, at that of today and at covers of a requirement."""
        if begin is not None and self._schedules.allows(begin):
            self._candidates.told("the schedule to begin with")
            if self._candidates.holds(begin):
                return
        self._candidates.told("today's schedule")
        if self._schedules.allows(self._schedules.present):
            self._candidates.holds(self._schedules.present)
        low = LEAST_SCALE
        for high in SCALES:
            if self._enough(needs, high):
                break
            low = high
        else:
            return
        if self._candidates.best is None:
            low = LEAST_SCALE  # it has too many people rather than enough, and so may what was below
        while high - low > FINENESS:
            middle = (low + high) / 2
            if self._enough(needs, middle):
                high = middle
            else:
                low = middle

    def _enough(self, needs: Needs, scale: float) -> bool:
        """Tell whether a cover of so much of a requirement has people enough, or too many."""
        self._candidates.told(f"a cover of {100 * scale:.0f} % of the requirement")
        covered = self._covers.cheapest({names: scale * need for names, need in needs.items()})
        if covered is None:
            return False
        if not self._candidates.cheaper(covered):
            return True  # whether it holds is not asked: a smaller cover may be cheaper
        return self._candidates.holds(covered) or self._candidates.too_many(covered)

    def repair(self, centre: Headcounts | None = None) -> None:
        """Step by step towards all limits, from the schedule that misses least, until one holds."""
        if centre is None:
            self._anything()
            centre = min(self._candidates.seen, key=self._candidates.missed)
        for _ in range(REPAIRS):
            self._candidates.told(f"repairing a schedule that misses {self._candidates.worst(centre)}")
            self._candidates.compare_with(centre)
            slopes, _ = self._steps.around(centre, self._steps.added(centre), self._slopes)
            moved = self._moved(centre, slopes)
            if moved is None or self._candidates.best is not None:
                return
            centre = moved

    def mend(self, centre: Headcounts) -> None:
        """Look for something cheaper than the best near a schedule that misses little."""
        if self._candidates.best is not None and self._slopes is not None and centre in self._candidates.seen:
            self._named(self._slopes, centre)
            self._candidates.settle()

    def _anything(self) -> None:
        """Look at the schedule of today within its bounds, and at all that the bounds allow if they are near."""
        schedules = self._schedules
        present = np.clip(np.array(schedules.present), schedules.low, schedules.high)
        most = np.minimum(schedules.high, 2 * np.maximum(present, 2) + 2)
        for numbers in (present, most):
            headcounts = tuple(int(number) for number in numbers)
            if schedules.allows(headcounts):
                self._candidates.holds(headcounts)

    def _moved(self, centre: Headcounts, slopes: Slopes) -> Headcounts | None:
        """Give a schedule that misses less than the centre, found with ever fewer steps."""
        radius = max(4, sum(centre) // 3)
        while radius >= 1:
            named = self._cheapest_near(centre, slopes, radius, None)
            if named is not None and named not in self._candidates.seen:
                self._candidates.holds(named)
                if self._candidates.missed(named) < self._candidates.missed(centre) * 0.98:
                    return named
            radius //= 2
        return None

    def descend(self) -> None:
        """Go down from the best schedule until nothing helps."""
        for _ in range(ROUNDS):
            if self._candidates.best is None:
                return
            centre = self._candidates.best
            self._slopes, less = self._steps.around(centre, self._brought, self._slopes)
            for one in sorted(less, key=self._candidates.objective):
                if self._candidates.objective(
                    one
                ) < self._candidates.best_objective - SLIGHT and self._schedules.allows(one):
                    self._candidates.holds(one)
            self._named(self._slopes, centre)
            self._candidates.settle()
            if self._candidates.best != centre:
                continue
            if self._brought is not None:
                break
            self._brought = self._steps.added(centre)
            self._slopes = Slopes(self._brought, self._slopes.removed)
            self._named(self._slopes, centre)
            self._candidates.settle()
            if self._candidates.best == centre:
                break
        self._all_of_few()
        self._candidates.settle()

    def _named(self, slopes: Slopes, centre: Headcounts) -> None:
        """Look at what the neighbourhood's programme names, until it names too much that does not hold."""
        radius, failed = max(6, sum(centre) // 12), 0
        slopes = slopes.tamed()
        while failed < PATIENCE:
            self._candidates.told("cheaper schedules near the best")
            room = self._candidates.seen[centre].room
            named = self._cheapest_near(centre, slopes, radius, self._candidates.best_objective * (1 - SLIGHT) - SLIGHT)
            if named is None or named == centre:
                return
            if self._candidates.holds(named):
                centre, failed = named, 0
                continue
            failed += 1
            radius = max(2, radius - 1)
            slopes = slopes.steeper(np.array(named) - np.array(centre), room, self._candidates.seen[named].room)

    def _cheapest_near(self, centre: Headcounts, slopes: Slopes, radius: int, below: float | None) -> Headcounts | None:
        near = Neighbourhood(self._schedules, centre, slopes)
        return near.cheapest(
            self._candidates.seen[centre].room, radius, below, lambda one: self._solver.solve(one, self._solver_s, GAP)
        )

    def _all_of_few(self) -> None:
        """Look through all cheaper schedules near the best, if they are few, and those first that cost most.

        What is below a schedule that was hopeless is hopeless.
        """
        if self._candidates.best is None:
            return
        near = list(self._cheaper_nearby())
        if not near:
            return
        self._candidates.told(f"all {len(near)} cheaper schedules near the best")
        hopeless = self._candidates.hopeless()
        for one in sorted(near, key=self._candidates.objective, reverse=True):
            if not self._candidates.cheaper(one) or below_any(one, hopeless):
                continue
            if not self._candidates.holds(one) and self._candidates.is_hopeless(self._candidates.seen[one]):
                hopeless.append(one)

    def _cheaper_nearby(self) -> Iterator[Headcounts]:
        assert self._candidates.best is not None
        schedules, best = self._schedules, np.array(self._candidates.best)
        ranges = [
            range(max(int(low), at - AROUND), min(int(high), at + AROUND) + 1)
            for at, low, high in zip(best.tolist(), schedules.low, schedules.high, strict=True)
        ]
        if prod(len(numbers) for numbers in ranges) > FEW:
            return
        yield from (one for one in product(*ranges) if self._candidates.cheaper(one) and schedules.allows(one))
