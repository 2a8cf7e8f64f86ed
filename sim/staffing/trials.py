"""Trying people out: the same dealt hands played with one staffing after the other, and held against the targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.demand.duty import DutyPlan
from sim.experiment.line import Line
from sim.measure.accounts import Account
from sim.measure.definitions import Quantile
from sim.staffing.staffed import staffed

if TYPE_CHECKING:
    from sim.experiment.watch import Watch
    from sim.measure.histogram import Histogram
    from sim.measure.periods import Periods
    from sim.scenario.model.targets import Target
    from sim.scenario.schema import Scenario

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Staffing = Mapping[str, Ints]

LEAST_JUDGED: Final = 5.0
"""Contacts (or what else a share is of) over all replications that a period of its own must have to be judged."""


@dataclass(frozen=True)
class Bound:
    """What must hold in one period: a target's bound, or its floor."""

    target: int
    per: str
    period: int
    bound: float
    at_least: bool
    is_floor: bool


@dataclass(frozen=True)
class Tried:
    """What came of one staffing."""

    figures: dict[Bound, float]
    """Pooled over the replications, of each bound that can be judged; of a target with `risk` the share of its periods
    that keep the bound."""
    errors: dict[Bound, float]
    """Standard error of each."""
    misses: dict[int, Floats]
    """By target: (intervals,) how many contacts missed it, or what else keeps it from its bound, a replication."""

    def short(self, margin: Mapping[Bound, float], eased: Mapping[Bound, float] | None = None) -> dict[Bound, float]:
        """Give by how much figures fall short of their bounds, margins on top: those that do.

        Parameters
        ----------
        eased
            What is asked instead of some bounds, without a margin.
        """
        found = {}
        for bound, figure in self.figures.items():
            sign = 1.0 if bound.at_least else -1.0
            if eased is not None and bound in eased:
                lacking = sign * (eased[bound] - figure)
            else:
                lacking = sign * (bound.bound - figure) + margin.get(bound, 0.0)
            if lacking > 0:
                found[bound] = lacking
        return found


class Trials:
    """Plays staffings on the same replications, dealt once.

    Parameters
    ----------
    scenario
        Whose targets are judged.
    edges
        (intervals + 1,) ms of the staffing.
    seed, numbers
        Of the replications.
    """

    def __init__(self, scenario: Scenario, edges: Ints, seed: int, numbers: range) -> None:
        self._scenario, self._edges, self._seed, self._numbers = scenario, edges, seed, numbers
        line = Line(scenario)
        self._hands = [line.deal(seed, number) for number in numbers]
        periods = line.frame.periods
        self.intervals: Ints = np.searchsorted(edges, periods.edges["interval"][:-1], side="right") - 1
        """Of the staffing, in which each measured interval lies."""
        self._known: dict[bytes, Tried] = {}

    @property
    def played(self) -> int:
        """How many staffings were played."""
        return len(self._known)

    @property
    def replications(self) -> int:
        """Of each."""
        return len(self._hands)

    def tried(self, staffing: Staffing) -> Tried:
        """Give what comes of a staffing."""
        key = b"".join(staffing[name].tobytes() for name in sorted(staffing))
        if key not in self._known:
            self._known[key] = self._play(staffing)
        return self._known[key]

    def _play(self, staffing: Staffing) -> Tried:
        changed = staffed(self._scenario, self._edges, staffing)
        line, duty = Line(changed), DutyPlan(changed)
        counts = [_Counts(target, watch) for target, watch in zip(changed.targets, line.watches, strict=True)]
        account = Account(
            line.frame,
            [wanted for one in counts for wanted in one.watch.wanted(line.frame, one.pers)],
            [watched for one in counts for watched in one.watch.watched(one.pers)],
        )
        for hand in self._hands:
            dealt = replace(hand, agents=duty.deal(self._seed, hand.replication))
            found = account.of(dealt, line.play(dealt))
            sums, values = iter(found.sums), iter(found.watched)
            for one in counts:
                percentile = isinstance(one.watch.formula, Quantile)
                one.add(line.frame.periods, {per: next(values) if percentile else next(sums) for per in one.pers})
        figures: dict[Bound, float] = {}
        errors: dict[Bound, float] = {}
        misses: dict[int, Floats] = {}
        for number, one in enumerate(counts):
            for bound, figure, error in one.judged(number):
                figures[bound], errors[bound] = figure, error
            misses[number] = one.misses()
        return Tried(figures, errors, misses)


class _Counts:
    """What a target's figures are made of, replication by replication."""

    def __init__(self, target: Target, watch: Watch) -> None:
        self._target, self.watch = target, watch
        floor = () if target.floor is None else (target.floor.per,)
        self.pers = tuple(dict.fromkeys((target.per or "run", *floor, "interval")))
        self._parts: dict[str, list[tuple[Ints, Ints]]] = {per: [] for per in self.pers}
        self._kept: list[tuple[int, int]] = []

    def add(self, periods: Periods, of: Mapping[str, Ints | Histogram]) -> None:
        """Count a replication, from what is wanted or watched of it by kind of period."""
        for per in self.pers:
            self._parts[per].append(self.watch.totals(periods, per, of[per]))
        if self._target.risk is not None and self._target.per is not None:
            figures = self.watch.figures(periods, self._target.per, of[self._target.per])
            known = ~np.isnan(figures)
            self._kept.append((int(self.watch.keep(figures, self.watch.bounds[0]).sum()), int(known.sum())))

    def judged(self, number: int) -> list[tuple[Bound, float, float]]:
        """Give each bound with its figure and standard error."""
        quantile = isinstance(self.watch.formula, Quantile)
        at_least = self.watch.at_least != quantile  # a percentile of at most so much: a share within it of at least p
        found: list[tuple[Bound, float, float]] = []
        if self._kept:
            kept, judged = np.array(self._kept, float).T
            if judged.sum():
                bound = Bound(number, self._target.per or "run", 0, self._target.risk or 0.0, True, False)
                found.append((bound, *_ratio(kept, judged)))
        else:
            limit = self.watch.formula.share if isinstance(self.watch.formula, Quantile) else self.watch.bounds[0]
            found += self._of_periods(number, self._target.per or "run", limit, at_least, floor=False)
        floor = self._target.floor
        if floor is not None:
            weaker = floor.at_least if floor.at_least is not None else floor.at_most
            assert weaker is not None, "a floor has the bound of its target"
            if not quantile:
                scaled = weaker / 1000 if self._target.unit == "duration" else weaker
                found += self._of_periods(number, floor.per, scaled, at_least, floor=True)
        return found

    def _of_periods(
        self, number: int, per: str, limit: float, at_least: bool, *, floor: bool
    ) -> list[tuple[Bound, float, float]]:
        tops, bottoms = (np.array(part, float) for part in zip(*self._parts[per], strict=True))
        scale = 1.0 if isinstance(self.watch.formula, Quantile) else self.watch.formula.scale
        found = []
        for period in range(tops.shape[1]):
            top, bottom = tops[:, period] / scale, bottoms[:, period]
            if bottom.sum() >= LEAST_JUDGED:
                found.append((Bound(number, per, period, limit, at_least, floor), *_ratio(top, bottom)))
        return found

    def misses(self) -> Floats:
        """Give, by interval, what a replication lacks to the bound, contact by contact: not below nothing."""
        tops, bottoms = (np.array(part, float).mean(axis=0) for part in zip(*self._parts["interval"], strict=True))
        if isinstance(self.watch.formula, Quantile):
            return np.asarray(np.maximum(bottoms - tops, 0.0))
        tops = tops / self.watch.formula.scale
        share = self.watch.at_least and self._target.unit == "share"
        return np.asarray(np.maximum(bottoms - tops if share else tops, 0.0))


def _ratio(top: Floats, bottom: Floats) -> tuple[float, float]:
    """Give a ratio of totals with its standard error (delta method)."""
    figure = float(top.sum() / bottom.sum())
    n = len(top)
    if n == 1:
        return figure, 0.0
    left = top - figure * bottom
    return figure, float(np.sqrt((left @ left) / (n * (n - 1))) / bottom.mean())
