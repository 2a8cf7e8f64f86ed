"""What a schedule is judged by: the targets of a scenario, bound by bound and period by period.

Each bound becomes rows of one kind: a sum over replications over another, held against a limit. A target is a row for
each period that it names, or one for the run; a floor is a row for each of its periods; a target with `risk` is one
row, the share of its periods that keep the bound; a percentile is the share of values up to the bound. Intervals are
those of `sim.experiment.judge`: 95 %, for all periods of a bound together (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.experiment.estimate import needs_more_than, rows_of
from sim.experiment.judge import LEVEL, question_of, selection, words
from sim.experiment.statistics import Estimate, exact_share, t_quantile
from sim.experiment.watch import Watch, row_key
from sim.measure.accounts import Account
from sim.measure.definitions import Quantile
from sim.measure.histogram import Histogram
from sim.measure.periods import Periods

if TYPE_CHECKING:
    from sim.demand.hand import Hand
    from sim.engine.outcome import Outcome
    from sim.measure.frame import Frame
    from sim.scenario.model.targets import Target
    from sim.scenario.schema import Scenario

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ALIKE: Final = 16
"""Replications that the other periods of a bound count for, when the variance of one is estimated."""
PLAIN: Final = 2.5
"""Standard errors by which a limit must be missed, or all must be kept, for a schedule not to be played on."""


@dataclass(frozen=True)
class Bound:
    """One bound of a target, in all its periods."""

    target: int
    floor: bool
    """Whether it is the weaker bound of shorter periods."""
    per: str
    """Periods that are judged; run for the whole."""
    risk: float | None
    """Share of the periods that must keep it; then the run is one row."""
    watch: Watch
    limit: float
    """What the quotient is held against."""
    at_least: bool
    """Whether the quotient must be at least the limit."""
    scale: float
    """What the quotient is divided by for the unit."""
    counted: bool
    """Whether it is a share of countable cases."""
    rows: int

    @property
    def share_of_values(self) -> bool:
        """Whether it is a percentile, judged by the share of values up to the bound."""
        return self.risk is None and isinstance(self.watch.formula, Quantile)

    def totals(self, periods: Periods, of: Ints | Histogram) -> tuple[Ints, Ints]:
        """Give (tops, bottoms) of one replication, by row, from what is wanted or watched of it."""
        if self.risk is None:
            return self.watch.totals(periods, self.per, of)
        figures = self.watch.figures(periods, self.per, of)
        kept = int(self.watch.keep(figures, self.watch.bounds[0]).sum())
        return np.array([kept]), np.array([int((~np.isnan(figures)).sum())])


class Promises:
    """All bounds of a scenario's targets."""

    def __init__(self, scenario: Scenario, frame: Frame) -> None:
        self.targets, self.periods = scenario.targets, frame.periods
        self.bounds = tuple(_bounds(scenario, frame))
        self._account = Account(
            frame,
            [one for bound in self.bounds for one in bound.watch.wanted(frame, [bound.per])],
            [one for bound in self.bounds for one in bound.watch.watched([bound.per])],
        )
        number = [bound.rows for bound in self.bounds]
        self.bound_of_row: Ints = np.repeat(np.arange(len(number)), number)
        self.first_row = np.concatenate([[0], np.cumsum(number)]).astype(int)
        self.limit = np.array([self.bounds[at].limit for at in self.bound_of_row])
        self.sign = np.array([1.0 if self.bounds[at].at_least else -1.0 for at in self.bound_of_row])
        self.scale = np.array([self.bounds[at].scale for at in self.bound_of_row])

    def totals(self, hand: Hand, outcome: Outcome) -> tuple[Ints, Ints]:
        """Give (tops, bottoms) of one replication by row: only what is asked is added up."""
        found = self._account.of(hand, outcome)
        sums, values = iter(found.sums), iter(found.watched)
        parts = []
        for bound in self.bounds:
            of = next(values) if isinstance(bound.watch.formula, Quantile) else next(sums)
            parts.append(bound.totals(self.periods, of))
        return np.concatenate([top for top, _ in parts]), np.concatenate([bottom for _, bottom in parts])

    def words(self, bound: Bound) -> str:
        """Say a bound in a line."""
        return words(self.targets[bound.target])


def _bounds(scenario: Scenario, frame: Frame) -> Iterator[Bound]:
    for number, target in enumerate(scenario.targets):
        bound = target.at_least if target.at_least is not None else target.at_most
        assert bound is not None, "a target has a bound"
        yield _bound(number, target, frame, bound, target.per or "run", floor=False)
        if target.floor is not None:
            weaker = target.floor.at_least if target.floor.at_least is not None else target.floor.at_most
            assert weaker is not None, "a floor has the bound of its target"
            yield _bound(number, target, frame, weaker, target.floor.per, floor=True)


def _bound(number: int, target: Target, frame: Frame, bound: float, per: str, *, floor: bool) -> Bound:  # noqa: PLR0913
    asked = question_of(target, per=per)
    if lacking := needs_more_than(frame, asked):
        raise ValueError(lacking)
    (row,) = rows_of(frame, asked)
    at_least = target.at_least is not None
    in_unit = bound / 1000 if target.unit == "duration" else bound
    watch = Watch(asked.formula, row.cells, row_key(selection(target)), (in_unit,), at_least, (per,), ())
    risk = None if floor else target.risk
    rows = frame.periods.count(per) if risk is None else 1
    counted = asked.unit == "share" and asked.formula.table in {"contacts", "legs", "visits"}
    if risk is not None:
        return Bound(number, floor, per, risk, watch, risk, True, 1.0, True, rows)
    if isinstance(asked.formula, Quantile):
        share = asked.formula.share
        return Bound(number, floor, per, None, watch, share, not at_least, 1.0, True, rows)
    return Bound(number, floor, per, None, watch, in_unit, at_least, asked.formula.scale, counted, rows)


@dataclass(frozen=True)
class Asked:
    """What is asked of a schedule: that the confirmation shows that it keeps all limits, with a certain chance.

    The confirmation takes a limit for kept if the interval lies beyond it: half a width of it is asked for that. What
    comes on top allows for the luck of the replications that are known, and of those of the confirmation.
    """

    chance: float
    """Of all limits together (Bonferroni); above 0.5."""
    confirmation: int
    """Replications of the confirmation."""
    known: int
    """Replications that the schedule was, or will be, looked at on before."""
    extra: Floats | float = 0.0
    """(rows,) what is asked on top, because other replications showed less."""


@dataclass(frozen=True)
class Found:
    """What replications of a schedule gave, row by row."""

    promises: Promises
    tops: Ints
    bottoms: Ints
    """(replications, rows) both."""

    @property
    def replications(self) -> int:
        """How many."""
        return len(self.tops)

    def first(self, number: int) -> Found:
        """Give the same of the first replications alone."""
        return self if number == self.replications else Found(self.promises, self.tops[:number], self.bottoms[:number])

    def and_more(self, other: Found) -> Found:
        """Give the same of these and of other replications together."""
        return Found(
            self.promises, np.concatenate([self.tops, other.tops]), np.concatenate([self.bottoms, other.bottoms])
        )

    @cached_property
    def judged(self) -> Bools:
        """(rows,) where there is anything to judge."""
        some: Bools = self.bottoms.sum(axis=0) != 0
        return some

    @cached_property
    def value(self) -> Floats:
        """(rows,) quotient in the unit; NaN where there is nothing to judge."""
        top, bottom = self.tops.sum(axis=0), self.bottoms.sum(axis=0)
        quotient: Floats = np.divide(top, bottom, out=np.full(len(top), np.nan), where=self.judged)
        in_unit: Floats = quotient / self.promises.scale
        return in_unit

    @cached_property
    def slack(self) -> Floats:
        """(rows,) by how much the limit is kept, negative where it is missed; infinite where nothing is judged."""
        off = (self.value - self.promises.limit) * self.promises.sign
        room: Floats = np.where(self.judged, off, np.inf)
        return room

    @cached_property
    def _residuals(self) -> Floats:
        """(replications, rows) top − quotient × bottom, ÷ mean bottom, in the unit (delta method)."""
        quotient = np.where(self.judged, self.value * self.promises.scale, 0.0)
        mean = np.abs(self.bottoms.mean(axis=0))
        left = self.tops - quotient * self.bottoms
        found: Floats = np.divide(left, mean, out=np.zeros(left.shape), where=mean != 0) / self.promises.scale
        return found

    @cached_property
    def error(self) -> Floats:
        """(rows,) standard error of the quotient."""
        return _error_of_mean(self._residuals)

    def gained_over(self, other: Found) -> Floats:
        """(rows,) slack more than that of another schedule on the same replications; 0 where one is not judged."""
        judged = self.judged & other.judged
        more: Floats = np.where(judged, self.slack, 0.0) - np.where(judged, other.slack, 0.0)
        return more

    @cached_property
    def steady_error(self) -> Floats:
        """(rows,) the same for the eyes of a search: see `_steady`."""
        return self._steady(self._residuals)

    def error_beside(self, other: Found) -> Floats:
        """(rows,) of the difference to another schedule on the same replications, like `steady_error`."""
        return self._steady(self._residuals - other._residuals)

    def _steady(self, residuals: Floats) -> Floats:
        """(rows,) standard errors that few replications do not make small by chance.

        The periods of a bound are alike: what varies in one says how much varies in the others, in proportion to how
        much there is to judge. A period's own variance is averaged with what all of them say, which counts for so many
        replications more (G. K. Smyth, "Linear models and empirical Bayes methods for assessing differential expression
        in microarray experiments", Statistical Applications in Genetics and Molecular Biology 3, 2004; here with a
        weight that is given). What is left of the doubt is that of Student's t: errors are made as much larger as his
        quantiles are.
        """
        own, weight = _error_of_mean(residuals) ** 2, np.abs(self.bottoms.mean(axis=0))
        free = max(len(residuals) - 1, 1)
        found = own.copy()
        wider = np.full(len(own), _wider(free))
        for first, end in pairwise(self.promises.first_row.tolist()):
            judged = first + np.flatnonzero(self.judged[first:end])
            if len(judged) < 2:
                continue
            others = min(ALIKE, free * (len(judged) - 1))
            of_all = float(own[judged] @ weight[judged]) / len(judged) / weight[judged]
            found[judged] = (free * own[judged] + others * of_all) / (free + others)
            wider[judged] = _wider(free + others)
        steady: Floats = np.sqrt(found) * wider
        return steady

    @cached_property
    def levels(self) -> list[float]:
        """Of the interval of each bound's rows: for all that can be judged together."""
        first = self.promises.first_row
        judged = [int(self.judged[a:b].sum()) for a, b in pairwise(first.tolist())]
        return [1 - (1 - LEVEL) / max(number, 1) for number in judged]

    @cached_property
    def half_width(self) -> Floats:
        """(rows,) of the intervals that verdicts are made of."""
        quantiles = np.array([t_quantile(level, max(self.replications - 1, 1)) for level in self.levels])
        half: Floats = quantiles[self.promises.bound_of_row] * self.error
        return half

    def margin(self, asked: Asked) -> Floats:
        """(rows,) by how much limits must be kept here, so that a confirmation is likely to show that all are."""
        rows = max(int(self.judged.sum()), 1)
        luck = NormalDist().inv_cdf(1 - (1 - asked.chance) / rows) * np.sqrt(1 + asked.confirmation / asked.known)
        quantiles = np.array([t_quantile(level, max(asked.confirmation - 1, 1)) for level in self.levels])
        of_confirmation = self.steady_error * np.sqrt(self.replications / asked.confirmation)
        wide: Floats = (quantiles[self.promises.bound_of_row] + luck) * of_confirmation + asked.extra
        return np.where(self.judged, wide, 0.0)

    def room(self, asked: Asked) -> Floats:
        """(rows,) by how much each limit is kept beyond that margin."""
        beyond: Floats = self.slack - self.margin(asked)
        return beyond

    def holds(self) -> bool:
        """Tell whether the means keep every limit."""
        return bool((self.slack >= 0).all())

    def estimate(self, row: int) -> Estimate:
        """Give the estimate of a row with the interval that its verdict is made of."""
        bound = self.promises.bounds[int(self.promises.bound_of_row[row])]
        value, number = float(self.value[row]), self.replications
        if bound.counted and value in {0.0, 1.0}:
            return exact_share(
                value, int(self.bottoms[:, row].sum()), number, self.levels[self.promises.bound_of_row[row]]
            )
        half = float(self.half_width[row])
        low, high = value - half, value + half
        return (
            Estimate(value, max(low, 0.0), min(high, 1.0), number)
            if bound.counted
            else Estimate(value, low, high, number)
        )

    def verdict(self, bound: int) -> tuple[str, int]:
        """Give pass, fail or undecided of a bound, and the row that decides."""
        rows = [row for row in self._rows(bound) if self.judged[row]]
        if not rows:
            return "undecided", int(self.promises.first_row[bound])
        sides = {row: self._side(row) for row in rows}
        verdict = next(one for one in ("fail", "undecided", "pass") if one in sides.values())
        return verdict, min((row for row in rows if sides[row] == verdict), key=lambda row: self.slack[row])

    def _rows(self, bound: int) -> range:
        return range(int(self.promises.first_row[bound]), int(self.promises.first_row[bound + 1]))

    def worst_row(self, bound: int) -> int:
        """Give the row of a bound with the least room."""
        return min(self._rows(bound), key=lambda row: self.slack[row])

    def _side(self, row: int) -> str:
        estimate, limit = self.estimate(row), self.promises.limit[row]
        low, high = (estimate.low, estimate.high) if self.promises.sign[row] > 0 else (-estimate.high, -estimate.low)
        limit *= self.promises.sign[row]
        if low >= limit:
            return "pass"
        return "fail" if high < limit else "undecided"

    @property
    def verdicts(self) -> list[str]:
        """Of each bound."""
        return [self.verdict(bound)[0] for bound in range(len(self.promises.bounds))]


def _wider(free: int) -> float:
    """Give by how much Student's quantile is above the normal one, where so many degrees are free."""
    level = 2 * NormalDist().cdf(PLAIN) - 1
    return t_quantile(level, free) / PLAIN


def _error_of_mean(residuals: Floats) -> Floats:
    number = len(residuals)
    if number < 2:
        return np.full(residuals.shape[1], np.inf)
    error: Floats = np.sqrt((residuals**2).sum(axis=0) / (number - 1) / number)
    return error
