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

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from math import inf, prod
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.staffing.plan.bounds import Asked
from sim.staffing.plan.covers import Covers
from sim.staffing.plan.evaluation import Block, Evaluator, Seen
from sim.staffing.plan.neighbourhood import GAP, Neighbourhood, Slopes
from sim.staffing.plan.schedules import Headcounts, Schedules

if TYPE_CHECKING:
    from sim.staffing.covering import Needs
    from sim.staffing.plan.bounds import Found
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
CHANCE: Final = 3.0
"""Standard errors of a difference that are more than chance."""
NEAR: Final = 0.1
"""Share of what the nearest schedule misses of a limit that it may miss on top with fewer people."""
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
        solver: Solver,
        solver_s: float,
        tell: Callable[[Step], None],
    ) -> None:
        self._schedules, self._evaluator, self._block = schedules, evaluator, block
        self.asked, self._solver, self._solver_s, self._tell = asked, solver, solver_s, tell
        self._covers = Covers(schedules, solver, solver_s)
        self.seen: dict[Headcounts, Seen] = {}
        """Every schedule that was looked at, with the most that was seen of it."""
        self.best: Headcounts | None = None
        self._beside: Found | None = None
        """A schedule near the best on the whole block, whose differences to others are looked at."""
        self._fewer_help = np.zeros(len(evaluator.promises.limit), bool)
        """Limits that somebody less on some shift helped."""
        self._brought: Floats | None = None
        """(rows, choices) slack gained by one person more, around the schedule where it was simulated."""
        self._slopes: Slopes | None = None
        """As they were found last."""

    def objective(self, headcounts: Headcounts) -> float:
        """Give what is made least."""
        return self._schedules.objective(headcounts)

    @property
    def _best_objective(self) -> float:
        return inf if self.best is None else self.objective(self.best)

    def told(self, doing: str) -> None:
        """Say what is done."""
        self._tell(Step(doing, None if self.best is None else self.objective(self.best)))

    def ask(self, asked: Asked) -> None:
        """Ask another margin from here on: the best is the cheapest of those that held and keep it."""
        self.asked, self.best = asked, None
        for headcounts in sorted((one for one, seen in self.seen.items() if seen.holds), key=self.objective):
            if self.holds(headcounts):
                return  # those that cost more may hold or not

    def ease(self, nearest: Headcounts) -> None:
        """Ask of limits that a schedule misses only about what it reaches: it holds then, and perhaps a cheaper one."""
        self.holds_whole(nearest)
        seen = self.seen[nearest]
        less = np.maximum(seen.error, NEAR * np.maximum(-seen.found.slack, 0.0))
        extra = np.where(seen.room < 0, seen.room - less, 0.0) + self.asked.extra
        self.seen = {headcounts: replace(one, holds=True) for headcounts, one in self.seen.items() if one.whole}
        self.ask(replace(self.asked, extra=extra))

    def holds(self, headcounts: Headcounts) -> bool:
        """Tell whether a schedule holds; it becomes the best if none is cheaper."""
        if headcounts in self.seen and self.seen[headcounts].whole:
            seen = self._evaluator.whole(headcounts, self._block, self.asked)
        else:
            seen = self._evaluator.seen(headcounts, self._block, self.asked, self._beside)
        self.seen[headcounts] = seen
        if seen.holds and self.objective(headcounts) < self._best_objective - SLIGHT:
            self.best = headcounts
            if seen.whole:
                self._beside = seen.found
        return seen.holds

    def holds_whole(self, headcounts: Headcounts) -> bool:
        """Tell whether a schedule holds on the whole block."""
        seen = self.seen[headcounts] = self._evaluator.whole(headcounts, self._block, self.asked)
        return seen.holds

    def _settle(self) -> None:
        """Play the best to the end of the block; if it does not hold there, the next best."""
        while self.best is not None and not self.seen[self.best].whole:
            self.told("the best to the end of the block")
            if self.holds_whole(self.best):
                self._beside = self.seen[self.best].found
                return
            self.best = min((one for one, seen in self.seen.items() if seen.holds), key=self.objective, default=None)

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
        covered = self._covers.cheapest({names: scale * need for names, need in needs.items()})
        if covered is None:
            return False
        if self.objective(covered) >= self._best_objective - SLIGHT:
            return True  # whether it holds is not asked: a smaller cover may be cheaper
        return self.holds(covered)

    def repair(self, centre: Headcounts | None = None) -> None:
        """Step by step towards all limits, from the schedule that misses least, until one holds."""
        if centre is None:
            self._anything()
            centre = min(self.seen, key=self.missed)
        for _ in range(REPAIRS):
            self.told(f"repairing a schedule that misses {self._worst(centre)}")
            if self.seen[centre].whole:
                self._beside = self.seen[centre].found
            slopes, _ = self._around(centre, self._added(centre), self._slopes)
            moved = self._moved(centre, slopes)
            if moved is None or self.best is not None:
                return
            centre = moved

    def mend(self, centre: Headcounts) -> None:
        """Look for something cheaper than the best near a schedule that misses little."""
        if self.best is not None and self._slopes is not None and centre in self.seen:
            self._named(self._slopes, centre)
            self._settle()

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

    def _moved(self, centre: Headcounts, slopes: Slopes) -> Headcounts | None:
        """Give a schedule that misses less than the centre, found with ever fewer steps."""
        radius = max(4, sum(centre) // 3)
        while radius >= 1:
            named = self._cheapest_near(centre, slopes, radius, None)
            if named is not None and named not in self.seen:
                self.holds(named)
                if self.missed(named) < self.missed(centre) * 0.98:
                    return named
            radius //= 2
        return None

    def descend(self) -> None:
        """Go down from the best schedule until nothing helps."""
        for _ in range(ROUNDS):
            if self.best is None:
                return
            centre = self.best
            self._slopes, less = self._around(centre, self._brought, self._slopes)
            for one in sorted(less, key=self.objective):
                if self.objective(one) < self._best_objective - SLIGHT and self._schedules.allows(one):
                    self.holds(one)
            self._named(self._slopes, centre)
            self._settle()
            if self.best != centre:
                continue
            if self._brought is not None:
                break
            self._brought = self._added(centre)
            self._slopes = Slopes(self._brought, self._slopes.removed)
            self._named(self._slopes, centre)
            self._settle()
            if self.best == centre:
                break
        self._all_of_few()
        self._settle()

    def _around(
        self, centre: Headcounts, added: Floats | None, known: Slopes | None
    ) -> tuple[Slopes, Iterable[Headcounts]]:
        """Simulate one person less on each choice; give the slopes, and the schedules that may hold.

        Parameters
        ----------
        added
            What one person more brings; None takes it for half of what one person less loses.
        known
            Slopes around another schedule, for steps that are below a hopeless one.
        """
        self.told("one person less on each shift")
        less = {at: stepped(centre, at, -1) for at in self._schedules.movable}
        hopeless = self._hopeless()
        asked = {
            at: one
            for at, one in less.items()
            if one[at] >= self._schedules.low[at] and (known is None or not _below_any(one, hopeless))
        }
        gained = self._gained(centre, list(asked.values()))
        removed = np.zeros((len(self._fewer_help), len(centre)))
        for at in less:
            if at in asked:
                removed[:, at] = gained[asked[at]]
            elif known is not None:
                removed[:, at] = known.removed[:, at]
            elif added is not None:
                removed[:, at] = -added[:, at]
        return Slopes(-removed / 2 if added is None else added, removed), asked.values()

    def _added(self, centre: Headcounts) -> Floats:
        """Simulate one person more on each choice: (rows, choices) slack gained."""
        self.told("one person more on each shift")
        more = {at: stepped(centre, at, 1) for at in self._schedules.movable}
        gained = self._gained(centre, [one for at, one in more.items() if one[at] <= self._schedules.high[at]])
        added = np.zeros((len(self._fewer_help), len(centre)))
        for at, one in more.items():
            if one in gained:
                added[:, at] = gained[one]
        return added

    def _gained(self, centre: Headcounts, others: list[Headcounts]) -> dict[Headcounts, Floats]:
        """Simulate schedules beside another, a few replications of each: the slack that they gain."""
        before, *after = self._evaluator.found([centre, *others], self._block, 0)
        gained = {}
        for other, found in zip(others, after, strict=True):
            judged = found.judged & before.judged
            gained[other] = np.where(judged, found.slack, 0.0) - np.where(judged, before.slack, 0.0)
            if sum(other) < sum(centre):
                self._fewer_help |= gained[other] > CHANCE * found.error_beside(before) + SLIGHT
        return gained

    def _named(self, slopes: Slopes, centre: Headcounts) -> None:
        """Look at what the neighbourhood's programme names, until it names too much that does not hold."""
        radius, failed = max(6, sum(centre) // 12), 0
        slopes = slopes.tamed()
        while failed < PATIENCE:
            self.told("cheaper schedules near the best")
            room = self.seen[centre].room
            named = self._cheapest_near(centre, slopes, radius, self._best_objective * (1 - SLIGHT) - SLIGHT)
            if named is None or named == centre:
                return
            if self.holds(named):
                centre, failed = named, 0
                continue
            failed += 1
            radius = max(2, radius - 1)
            slopes = slopes.steeper(np.array(named) - np.array(centre), room, self.seen[named].room)

    def _cheapest_near(self, centre: Headcounts, slopes: Slopes, radius: int, below: float | None) -> Headcounts | None:
        near = Neighbourhood(self._schedules, centre, slopes)
        return near.cheapest(
            self.seen[centre].room, radius, below, lambda one: self._solver.solve(one, self._solver_s, GAP)
        )

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
        hopeless = self._hopeless()
        for one in sorted(near, key=self.objective, reverse=True):
            if self.objective(one) >= self._best_objective - SLIGHT or _below_any(one, hopeless):
                continue
            if not self.holds(one) and self._is_hopeless(self.seen[one]):
                hopeless.append(one)

    def _hopeless(self) -> list[Headcounts]:
        return [one for one, seen in self.seen.items() if self._is_hopeless(seen)]

    def _is_hopeless(self, seen: Seen) -> bool:
        """Tell whether a schedule plainly misses a limit that fewer people do not help."""
        return not seen.holds and bool(((seen.room < -2.0 * seen.error) & ~self._fewer_help).any())

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


def stepped(headcounts: Headcounts, at: int, by: int) -> Headcounts:
    """Give a schedule with so many people more on a choice."""
    return (*headcounts[:at], headcounts[at] + by, *headcounts[at + 1 :])


def _below_any(headcounts: Headcounts, others: list[Headcounts]) -> bool:
    """Tell whether some other schedule has nowhere fewer people."""
    return any(all(one <= other for one, other in zip(headcounts, many, strict=True)) for many in others)
