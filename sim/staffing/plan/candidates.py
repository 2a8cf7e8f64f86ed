"""Schedules that a search has looked at on its block: which hold, by what margin, and which is the best.

A schedule holds if it keeps every limit by a margin. What plainly does, or plainly does not, is not played to the end
of the block, but for the best in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.staffing.plan.bounds import Asked
from sim.staffing.plan.evaluation import Block, Evaluator, Seen
from sim.staffing.plan.schedules import Headcounts, Schedules

if TYPE_CHECKING:
    from sim.staffing.plan.bounds import Found

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CHANCE: Final = 3.0
"""Standard errors of a difference that are more than chance."""
NEAR: Final = 0.1
"""Share of what the nearest schedule misses of a limit that it may miss on top with fewer people."""
FEWER: Final = 0.1
"""Share of the people of each choice without whom it is seen whether fewer people help."""
SLIGHT: Final = 1e-6
"""Share of the objective that is no difference."""


@dataclass(frozen=True)
class Step:
    """How far a search is."""

    doing: str
    best: float | None
    """Objective of the best schedule that holds so far."""


class Candidates:
    """What was seen of schedules on one block.

    Parameters
    ----------
    asked
        The margin by which limits must be kept.
    tell
        Is told how far the search is.
    """

    def __init__(
        self, schedules: Schedules, evaluator: Evaluator, block: Block, asked: Asked, tell: Callable[[Step], None]
    ) -> None:
        self.schedules, self._evaluator, self._block = schedules, evaluator, block
        self.asked, self._tell = asked, tell
        self.seen: dict[Headcounts, Seen] = {}
        """Every schedule that was looked at, with the most that was seen of it."""
        self.best: Headcounts | None = None
        self._beside: Found | None = None
        """A schedule near the best on the whole block, whose differences to others are looked at."""
        self.fewer_help: Bools = np.zeros(len(evaluator.promises.limit), bool)
        """Limits that somebody less on some shift helped."""

    def objective(self, headcounts: Headcounts) -> float:
        """Give what is made least."""
        return self.schedules.objective(headcounts)

    @property
    def best_objective(self) -> float:
        """Of the best so far; infinite if none holds."""
        return inf if self.best is None else self.objective(self.best)

    def cheaper(self, headcounts: Headcounts) -> bool:
        """Tell whether a schedule costs less than the best."""
        return self.objective(headcounts) < self.best_objective - SLIGHT

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
        if seen.holds and self.cheaper(headcounts):
            self.best = headcounts
            if seen.whole:
                self._beside = seen.found
        return seen.holds

    def holds_whole(self, headcounts: Headcounts) -> bool:
        """Tell whether a schedule holds on the whole block."""
        seen = self.seen[headcounts] = self._evaluator.whole(headcounts, self._block, self.asked)
        return seen.holds

    def first_look(self, schedules: Iterable[Headcounts]) -> list[Found]:
        """Play a few replications of schedules, the same of each."""
        return self._evaluator.found(schedules, self._block, 0)

    def gains(self, centre: Headcounts, others: Sequence[Headcounts]) -> dict[Headcounts, Floats]:
        """Simulate schedules beside another, a few replications of each: (rows,) the slack that each gains."""
        before, *after = self.first_look([centre, *others])
        gained = {}
        for other, found in zip(others, after, strict=True):
            gained[other] = found.gained_over(before)
            if below_any(other, [centre]):
                self.fewer_help |= gained[other] > CHANCE * found.error_beside(before) + SLIGHT
        return gained

    def compare_with(self, headcounts: Headcounts) -> None:
        """Have the next looks tell how schedules differ from this one, if it was seen on the whole block."""
        if self.seen[headcounts].whole:
            self._beside = self.seen[headcounts].found

    def settle(self) -> None:
        """Play the best to the end of the block; if it does not hold there, the next best."""
        while self.best is not None and not self.seen[self.best].whole:
            self.told("the best to the end of the block")
            if self.holds_whole(self.best):
                self._beside = self.seen[self.best].found
                return
            self.best = min((one for one, seen in self.seen.items() if seen.holds), key=self.objective, default=None)

    def too_many(self, headcounts: Headcounts) -> bool:
        """Tell whether all that a schedule misses is what fewer people help, by what a tenth less everywhere shows."""
        fewer = np.maximum((1 - FEWER) * np.array(headcounts), self.schedules.low).astype(np.int64)
        self.gains(headcounts, [tuple(fewer.tolist())])
        missed = self.seen[headcounts].room < 0
        return bool(missed.any() and not (missed & ~self.fewer_help).any())

    def missed(self, headcounts: Headcounts) -> float:
        """Give how much of the limits is missed, all together."""
        return float(self._shares_missed(self.seen[headcounts].room).sum())

    def _shares_missed(self, room: Floats) -> Floats:
        unit = np.maximum(np.abs(self._evaluator.promises.limit), 1e-3)
        missed: Floats = np.maximum(-room, 0.0) / unit
        return missed

    def worst(self, headcounts: Headcounts) -> str:
        """Say which target a schedule misses most."""
        promises = self._evaluator.promises
        row = int(np.argmax(self._shares_missed(self.seen[headcounts].room)))
        return promises.words(promises.bounds[promises.bound_of_row[row]])

    def hopeless(self) -> list[Headcounts]:
        """Give the schedules that were seen to be hopeless: whatever has nowhere more people is, too."""
        return [one for one, seen in self.seen.items() if self.is_hopeless(seen)]

    def is_hopeless(self, seen: Seen) -> bool:
        """Tell whether a schedule plainly misses a limit that fewer people do not help."""
        return not seen.holds and bool(((seen.room < -2.0 * seen.error) & ~self.fewer_help).any())


def below_any(headcounts: Headcounts, others: Iterable[Headcounts]) -> bool:
    """Tell whether some other schedule has nowhere fewer people."""
    return any(all(one <= other for one, other in zip(headcounts, many, strict=True)) for many in others)
