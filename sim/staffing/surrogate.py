"""People by formula who keep targets over their periods: more where one more helps most.

A target per day asks for the day, not for each of its intervals. The formulas say what each interval's people keep;
people are added one at a time where one adds most to a figure that falls short, shortest periods first, until every
figure reaches its bound as far as the formulas go. What simulation finds different is told as an offset.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, inf, log
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.staffing.trials import Bound

if TYPE_CHECKING:
    from sim.measure.periods import Periods
    from sim.scenario.schema import Scenario
    from sim.staffing.pools import Formulas, Steady
    from sim.staffing.promises import Promise
    from sim.staffing.requirement import PoolNeed

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

START: Final = 0.9
"""Of the load, the people with whom the search begins: with fewer, one more hardly helps and the formulas mislead."""
MOST: Final = 3.0
"""Times the people for the promises interval by interval, above which nobody is added."""


@dataclass(frozen=True)
class Sum:
    """What a figure is made of in some intervals: top ÷ bottom."""

    top: float = 0.0
    bottom: float = 0.0

    def __add__(self, other: Sum) -> Sum:
        """Give the sum of both."""
        return Sum(self.top + other.top, self.bottom + other.bottom)

    def __sub__(self, other: Sum) -> Sum:
        """Give what is left."""
        return Sum(self.top - other.top, self.bottom - other.bottom)

    @property
    def figure(self) -> float:
        """Top ÷ bottom."""
        return self.top / self.bottom if self.bottom > 0 else np.nan


def on_scale(figure: float, bound: Bound, *, share: bool) -> float:
    """Give a figure on a scale without ends on which more is better: log odds of shares, logarithms of the rest."""
    if share:
        kept = min(max(figure, 1e-4), 1 - 1e-4)
        value = log(kept / (1 - kept))
    else:
        value = log(max(figure, 1e-6))
    return value if bound.at_least else -value


class Surrogate:
    """The formulas of all live pools.

    Parameters
    ----------
    scenario
        With the targets.
    live
        What each live pool takes interval by interval.
    formulas
        Erlang A.
    periods
        Measured time.
    intervals
        (measured intervals,) of the staffing.
    """

    def __init__(
        self, scenario: Scenario, live: Iterable[PoolNeed], formulas: Formulas, periods: Periods, intervals: Ints
    ) -> None:
        self._targets, self._live, self._formulas = scenario.targets, list(live), formulas
        starts = periods.edges["interval"][:-1]
        self._period_of = {
            per: np.searchsorted(periods.edges[per], starts, side="right") - 1
            for per in ("run", "week", "day", "hour", "interval")
        }
        self._intervals = intervals
        self._push: Mapping[int, float] = {}
        self._spoken_of: dict[Bound, list[tuple[int, int, Promise]]] = {}
        self._known: dict[tuple[int, int, Promise, int, float], Sum] = {}

    def speaks(self, bound: Bound) -> bool:
        """Tell whether formulas judge a bound."""
        return bool(self._cells(bound))

    def share(self, bound: Bound) -> bool:
        """Tell whether the figure of a bound is a share."""
        return self._targets[bound.target].unit == "share" or bound.bound < 1

    def people(self, bounds: Iterable[Bound], needed: Mapping[Bound, float], push: Mapping[int, float]) -> list[Ints]:
        """Give the people of each live pool, (intervals,), that keep bounds.

        Parameters
        ----------
        bounds
            Which.
        needed
            What each figure must reach on its scale (`on_scale`).
        push
            By number of the pool: factor on its load.
        """
        self._push = push
        people = [self._start(number, need) for number, need in enumerate(self._live)]
        for bound in sorted(bounds, key=lambda one: (_length(one.per), one.target, one.period)):
            self._reach(bound, needed[bound], people)
        return people

    def figure(self, bound: Bound, people: list[Ints], push: Mapping[int, float]) -> float:
        """Give what a figure is by the formulas."""
        self._push = push
        return sum((self._sum(*cell, int(people[cell[0]][cell[1]])) for cell in self._cells(bound)), Sum()).figure

    def _start(self, number: int, need: PoolNeed) -> Ints:
        least = []
        for state in need.steady:
            if state is None:
                least.append(0)
                continue
            load = state.load * self._push.get(number, 1.0) / state.slots
            least.append(int(load) + 1 if state.patience_s == inf else max(ceil(START * load), 1))
        return np.array(least, np.int64)

    def _reach(self, bound: Bound, needed: float, people: list[Ints]) -> None:
        """Add people where one more helps most, until a figure is reached or nobody more helps."""
        cells, share = self._cells(bound), self.share(bound)
        parts = {cell: self._sum(*cell, int(people[cell[0]][cell[1]])) for cell in cells}
        total = sum(parts.values(), Sum())
        waiting = [(-self._gain(bound, total, cell, parts[cell], people), cell) for cell in cells]
        heapq.heapify(waiting)
        while waiting and total.bottom > 0 and on_scale(total.figure, bound, share=share) < needed:
            known, cell = heapq.heappop(waiting)
            gain = self._gain(bound, total, cell, parts[cell], people)
            if waiting and -gain > waiting[0][0] + 1e-12 and -gain > known + 1e-9:
                heapq.heappush(waiting, (-gain, cell))
                continue
            pool, at = cell[0], cell[1]
            if people[pool][at] >= MOST * max(self._live[pool].agents[at], 1.0):
                continue
            people[pool][at] += 1
            fresh = self._sum(*cell, int(people[pool][at]))
            total, parts[cell] = total - parts[cell] + fresh, fresh
            heapq.heappush(waiting, (-self._gain(bound, total, cell, fresh, people), cell))

    def _gain(self, bound: Bound, total: Sum, cell: tuple[int, int, Promise], part: Sum, people: list[Ints]) -> float:
        """Give how much one more person lifts what is short: of two more, where that is more each."""
        now = int(people[cell[0]][cell[1]])
        best = 0.0
        for more in (1, 2):
            lifted = self._sum(*cell, now + more) - part
            goal = total.figure if total.bottom > 0 else bound.bound
            gain = lifted.top - goal * lifted.bottom
            best = max(best, (gain if bound.at_least else -gain) / more)
        return best

    def _cells(self, bound: Bound) -> list[tuple[int, int, Promise]]:
        """Give (pool, interval, promise) of what a bound speaks of."""
        if bound not in self._spoken_of:
            self._spoken_of[bound] = self._found(bound)
        return self._spoken_of[bound]

    def _found(self, bound: Bound) -> list[tuple[int, int, Promise]]:
        mine = self._intervals[self._period_of[bound.per] == bound.period]
        if self._targets[bound.target].risk is not None and not bound.is_floor:
            mine = self._intervals
        found = []
        for number, need in enumerate(self._live):
            promise = next((one for one in need.pool.promises if one.target == bound.target), None)
            if promise is not None:
                found += [(number, int(at), promise) for at in mine if need.steady[at] is not None]
        return found

    def _sum(self, pool: int, at: int, promise: Promise, agents: int) -> Sum:
        factor = self._push.get(pool, 1.0)
        key = pool, at, promise, agents, factor
        if key not in self._known:
            state = self._live[pool].steady[at]
            assert state is not None, "cells are those in which contacts come"
            self._known[key] = _made_of(self._formulas, state.scaled(factor), promise, agents)
        return self._known[key]


def _made_of(formulas: Formulas, state: Steady, promise: Promise, agents: int) -> Sum:
    """Give what a promise's figure is made of in an interval."""
    queue, came = formulas.queue(state, agents) if agents > 0 else None, state.contacts
    if queue is None:
        worst = {"service_level": 0.0, "first_response": 0.0, "average_speed_of_answer": 1e6, "wait": 1e6}
        return Sum(worst.get(promise.measure, 1.0) * came, came)
    figure = promise.figure(queue)
    if promise.measure == "occupancy":
        return Sum(figure * agents, agents)
    if promise.reading == "answered" or promise.measure == "average_speed_of_answer":
        answered = came * queue.answered
        return Sum(figure * answered, answered)
    return Sum(figure * came, came)


def _length(per: str) -> int:
    return ("interval", "hour", "day", "week", "run").index(per)
