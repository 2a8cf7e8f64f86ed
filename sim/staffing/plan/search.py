"""The search: from a schedule that keeps all targets to cheaper ones that still do.

1. *Starts*: a schedule that is given to begin with and holds, else that of today, if the plan allows it, and covers of
   the requirement, scaled up and down until the simulated targets just hold.
2. *Repair*, where no start holds: the steps that simulation says help most for what they cost, until all targets hold
   or nothing helps any more.
3. *Descent*: one person more and one less on each choice are simulated with the same customers; with these slopes the
   neighbourhood's programme names the cheapest schedule that should hold; simulation says whether it does. What it
   finds wrong is taken off the room that the programme has, so that it names another. The slopes are made anew around
   the best schedule until none of the single steps, and nothing that the programme names, helps.
4. *All of them*, where few schedules are cheaper: every one that is not below a schedule that was found hopeless.

Everything happens on one block of replications; a schedule holds if it keeps every limit by a margin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from math import inf, prod
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.staffing.covering import Covering
from sim.staffing.errors import SolverError
from sim.staffing.plan.evaluation import Asked, Block, Evaluator, Seen
from sim.staffing.plan.neighbourhood import Neighbourhood, Slopes
from sim.staffing.plan.schedules import Headcounts, Schedules
from sim.staffing.solver import solve

if TYPE_CHECKING:
    from sim.staffing.covering import Needs

Floats = NDArray[np.float64]

LEAST_SCALE: Final = 0.7
SCALES: Final = (1.0, 1.25, 1.6)
"""Of a requirement, until one holds."""
FINENESS: Final = 0.02
"""Of the scale of a requirement."""
COVER_GAP: Final = 1e-3
MISSING: Final = 2.0
"""What an agent that an interval lacks costs in a cover: so many of the dearest shift."""
PATIENCE: Final = 8
"""Schedules one after the other that did not hold, after which slopes are made anew."""
ROUNDS: Final = 6
"""Of slopes, at most."""
REPAIRS: Final = 12
FEW: Final = 3_000
"""Schedules that are all looked through."""
AROUND: Final = 2
"""Steps of each choice for that."""
CHANCE: Final = 3.0
"""Standard errors of a difference that are more than chance."""
SLIGHT: Final = 1e-6
"""Share of the objective that is no difference."""


@dataclass(frozen=True)
class Step:
    """How far a search is."""

    doing: str
    best: float | None
    """Objective of the best schedule that holds so far."""


class Search:
    """A search on one block.

    Parameters
    ----------
    asked
        The margin by which limits must be kept.
    tell
        Is told how far it is.
    """

    def __init__(  # noqa: PLR0913  (what it works on, and how strictly)
        self,
        schedules: Schedules,
        evaluator: Evaluator,
        block: Block,
        *,
        asked: Asked,
        solver_s: float,
        tell: Callable[[Step], None],
    ) -> None:
        self._schedules, self._evaluator, self._block = schedules, evaluator, block
        self.asked, self._solver_s, self._tell = asked, solver_s, tell
        self.seen: dict[Headcounts, Seen] = {}
        """Every schedule that was looked at, with the most that was seen of it."""
        self.best: Headcounts | None = None
        self.gap = 0.0
        """The widest gap of a cover whose solving ran out of time."""

    def objective(self, headcounts: Headcounts) -> float:
        """Give what is made least."""
        return self._schedules.objective(headcounts)

    @property
    def _best_objective(self) -> float:
        return inf if self.best is None else self.objective(self.best)

    def told(self, doing: str) -> None:
        """Say what is done."""
        self._tell(Step(doing, None if self.best is None else self.objective(self.best)))

    def ask(self, level: float) -> None:
        """Ask another margin from here on: the best is the cheapest of those seen that keep it."""
        self.asked = Asked(level, self.asked.replications)
        self.best = None
        for headcounts in list(self.seen):
            if self.seen[headcounts].found.replications == self._block.size:
                self.holds(headcounts)

    def holds(self, headcounts: Headcounts) -> bool:
        """Tell whether a schedule holds; it becomes the best if none is cheaper."""
        beside = self.seen[self.best].found if self.best is not None else None
        seen = self.seen[headcounts] = self._evaluator.seen(headcounts, self._block, self.asked, beside)
        if seen.holds and self.objective(headcounts) < self._best_objective - SLIGHT:
            self.best = headcounts
        return seen.holds

    def missed(self, headcounts: Headcounts) -> float:
        """Give how much of the limits is missed, all together."""
        return float(self._shares_missed(self.seen[headcounts].room).sum())

    def _shares_missed(self, room: Floats) -> Floats:
        unit = np.maximum(np.abs(self._evaluator.promises.limit), 1e-3)
        missed: Floats = np.maximum(-room, 0.0) / unit
        return missed

    def start(self, needs: Needs, begin: Headcounts | None = None) -> None:
        """Look at a schedule to begin with; if it does not hold, at that of today and at covers of a requirement."""
        if begin is not None and self._schedules.allows(begin):
            self.told("the schedule to begin with")
            if self.holds(begin):
                return
        self.told("today's schedule")
        if self._schedules.allows(self._schedules.present):
            self.holds(self._schedules.present)
        low = LEAST_SCALE
        for high in SCALES:
            if self._holds_scaled(needs, high):
                break
            low = high
        else:
            return
        while high - low > FINENESS:
            middle = (low + high) / 2
            if self._holds_scaled(needs, middle):
                high = middle
            else:
                low = middle

    def _holds_scaled(self, needs: Needs, scale: float) -> bool:
        self.told(f"a cover of {100 * scale:.0f} % of the requirement")
        covered = self.cover({names: scale * need for names, need in needs.items()})
        return covered is not None and self.holds(covered)

    def cover(self, needs: Needs) -> Headcounts | None:
        """Give the cheapest headcounts that cover needs as far as the plan's shifts can; None if it allows none."""
        covering = Covering(self._schedules.scenario, self._schedules.ground, needs)
        dearest = max((covering.objective(choice) for choice in self._schedules.choices), default=0.0)
        programme = covering.programme(short=False, missing_costs=1.0 + MISSING * dearest)
        try:
            solution = solve(programme, self._solver_s, COVER_GAP)
        except SolverError:
            return None
        if not solution.proven:
            self.gap = max(self.gap, solution.gap)
        return tuple(int(number) for number in solution.values[: len(self._schedules.choices)])

    def repair(self, centre: Headcounts | None = None) -> None:
        """Step by step towards all limits, from the schedule that misses least."""
        if centre is None:
            self._anything()
            centre = min(self.seen, key=self.missed)
        for _ in range(REPAIRS):
            self.told(f"repairing a schedule that misses {self._worst(centre)}")
            slopes = self._slopes(centre)
            moved = self._moved(centre, slopes)
            if moved is None or self.best is not None:
                return
            centre = moved

    def _anything(self) -> None:
        """Look at the schedule of today within its bounds, and at all that the bounds allow if they are near."""
        schedules = self._schedules
        present = np.clip(np.array(schedules.present), schedules.low, schedules.high)
        most = np.minimum(schedules.high, 2 * np.maximum(present, 2) + 2)
        for numbers in (present, most):
            headcounts = tuple(int(number) for number in numbers)
            if schedules.allows(headcounts):
                self.holds(headcounts)

    def _worst(self, headcounts: Headcounts) -> str:
        promises = self._evaluator.promises
        row = int(np.argmax(self._shares_missed(self.seen[headcounts].room)))
        return promises.words(promises.bounds[promises.bound_of_row[row]])

    def moved_by_one_more(self, centre: Headcounts) -> NDArray[np.bool_] | None:
        """Tell by row whether one person more on some shift helps a schedule beyond chance; None if nobody may come."""
        more = [_stepped(centre, at, 1) for at in self._schedules.movable]
        more = [one for one in more if self._schedules.allows(one)]
        if not more:
            return None
        before, *after = self._evaluator.found([centre, *more], self._block, 0)
        helped = np.zeros(len(self._evaluator.promises.limit), bool)
        for one in after:
            judged = one.judged & before.judged
            gained = np.where(judged, one.slack, 0.0) - np.where(judged, before.slack, 0.0)
            helped |= gained > CHANCE * one.error_beside(before) + SLIGHT
        return helped

    def _moved(self, centre: Headcounts, slopes: Slopes) -> Headcounts | None:
        """Give a schedule that misses less than the centre, found with ever fewer steps."""
        radius = max(4, sum(centre) // 3)
        while radius >= 1:
            near = Neighbourhood(self._schedules, centre, slopes)
            named = near.cheapest(self.seen[centre].room, radius, None)
            if named is not None and named not in self.seen:
                self.holds(named)
                if self.missed(named) < self.missed(centre) * 0.98:
                    return named
            radius //= 2
        return None

    def descend(self) -> None:
        """Go down from the best schedule until nothing helps."""
        slopes: Slopes | None = None
        for _ in range(ROUNDS):
            if self.best is None:
                return
            centre = self.best
            slopes = self._slopes(centre, slopes)
            self._named(slopes)
            if self.best == centre:
                break
        self._all_of_few()

    def _slopes(self, centre: Headcounts, known: Slopes | None = None) -> Slopes:
        """Simulate single steps around a schedule; those that hold count. What more people bring may be known."""
        self.told("one person less on each shift" if known else "one person more and one less on each shift")
        movable = self._schedules.movable
        added = [_stepped(centre, at, 1) for at in movable] if known is None else [centre] * len(movable)
        removed = [_stepped(centre, at, -1) for at in movable]
        bounds = zip(movable, added, removed, strict=True)
        inside = {
            one
            for at, more, less in bounds
            for one in (more, less)
            if one != centre and self._schedules.low[at] <= one[at] <= self._schedules.high[at]
        }
        asked = [centre, *sorted(inside)]
        found = self._evaluator.found(asked, self._block, 0)
        slack = {one: np.where(seen.judged, seen.slack, 0.0) for one, seen in zip(asked, found, strict=True)}
        shape = len(self._evaluator.promises.limit), len(self._schedules.choices)
        up, down = np.zeros(shape), np.zeros(shape)
        for at, more, less in zip(movable, added, removed, strict=True):
            if known is not None:
                up[:, at] = known.added[:, at]
            elif more in slack:
                up[:, at] = slack[more] - slack[centre]
            if less in slack:
                down[:, at] = slack[less] - slack[centre]
            else:
                down[:, at] = -up[:, at]
            if known is None and more not in slack:
                up[:, at] = -down[:, at]
        for one in sorted(inside, key=self.objective):
            if self.objective(one) < self._best_objective - SLIGHT and self._schedules.allows(one):
                self.holds(one)
        return Slopes(up, down)

    def _named(self, slopes: Slopes) -> None:
        """Look at what the neighbourhood's programme names, until it names too much that does not hold."""
        assert self.best is not None
        centre, radius, failed = self.best, max(6, sum(self.best) // 12), 0
        taken_off = np.zeros(len(self._evaluator.promises.limit))
        while failed < PATIENCE:
            self.told("cheaper schedules near the best")
            near = Neighbourhood(self._schedules, centre, slopes)
            room = self.seen[centre].room - taken_off
            below = self._best_objective * (1 - SLIGHT) - SLIGHT
            named = near.cheapest(room, radius, below)
            if named is None or named == centre:
                return
            if self.holds(named):
                centre, taken_off, failed = self.best, taken_off / 2, 0
                continue
            failed += 1
            steps = np.array(named) - np.array(centre)
            hoped = self.seen[centre].room + slopes.tamed().added @ np.maximum(steps, 0)
            hoped += slopes.tamed().removed @ np.maximum(-steps, 0)
            seen = self.seen[named].room
            wrong = (seen < 0) & np.isfinite(hoped)
            off = np.where(wrong, hoped - np.where(wrong, seen, 0.0), 0.0)
            taken_off = np.maximum(taken_off, off)
            radius = max(2, radius - 1)

    def _all_of_few(self) -> None:
        """Look through all cheaper schedules near the best, if they are few, and those first that cost most.

        What is below a schedule that was hopeless is hopeless.
        """
        if self.best is None:
            return
        near = list(self._cheaper_nearby())
        if not near:
            return
        self.told(f"all {len(near)} cheaper schedules near the best")
        hopeless = [np.array(one) for one, seen in self.seen.items() if _hopeless(seen)]
        for one in sorted(near, key=self.objective, reverse=True):
            if self.objective(one) >= self._best_objective - SLIGHT:
                continue
            if any((np.array(one) <= worse).all() for worse in hopeless):
                continue
            if not self.holds(one) and _hopeless(self.seen[one]):
                hopeless.append(np.array(one))

    def _cheaper_nearby(self) -> Iterator[Headcounts]:
        assert self.best is not None
        schedules, best = self._schedules, np.array(self.best)
        ranges = [
            range(max(int(low), at - AROUND), min(int(high), at + AROUND) + 1)
            for at, low, high in zip(best.tolist(), schedules.low, schedules.high, strict=True)
        ]
        if prod(len(numbers) for numbers in ranges) > FEW:
            return
        limit = self._best_objective - SLIGHT
        yield from (one for one in product(*ranges) if self.objective(one) < limit and schedules.allows(one))


def _stepped(headcounts: Headcounts, at: int, by: int) -> Headcounts:
    return (*headcounts[:at], headcounts[at] + by, *headcounts[at + 1 :])


def _hopeless(seen: Seen) -> bool:
    """Tell whether a schedule misses a limit plainly."""
    return not seen.holds and bool((seen.room < -2.0 * seen.found.error).any())
