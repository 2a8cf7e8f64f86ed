"""Figures that are held against bounds period by period, in every replication: how often targets hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.experiment.statistics import Estimate, jackknife, ratio
from sim.measure.accounts import cells_of
from sim.measure.definitions import Formula, Quantile
from sim.measure.frame import Frame
from sim.measure.histogram import Histogram
from sim.measure.ledger import Rows, Wanted
from sim.measure.periods import Periods
from sim.measure.values import Watched

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOST_BLOCKS: Final = 20
"""Blocks of replications, for the intervals of percentiles of days."""

RowKey = tuple[tuple[str, str], ...]
"""The (dimension, label) pairs that say which cells a row sums, sorted."""


def row_key(labels: Mapping[str, str]) -> RowKey:
    """Give the key of a row by its labels."""
    return tuple(sorted(labels.items()))


@dataclass(frozen=True)
class Watch:
    """A figure of some cells whose periods are held against bounds, replication by replication."""

    formula: Formula
    cells: Ints
    key: RowKey
    """What it is narrowed to."""
    bounds: tuple[float, ...]
    """In the measure's unit; a figure at the bound keeps it."""
    at_least: bool
    counted: tuple[str, ...]
    """Periods of which those that keep the bounds are counted."""
    judged: tuple[str, ...]
    """Periods that are judged one by one, pooled over the replications: of a percentile their histograms are kept."""

    @cached_property
    def _periods(self) -> tuple[str, ...]:
        """Kinds of period of which figures are made."""
        return tuple(dict.fromkeys(("day", *self.counted)))

    def wanted(self, frame: Frame, pers: Sequence[str] | None = None) -> list[Wanted]:
        """Give the sums that figures are made of, by kind of period; none of a percentile."""
        formula = self.formula
        if isinstance(formula, Quantile):
            return []
        rows = Rows.one(len(cells_of(frame, formula.table)), self.cells)
        return [Wanted(formula.table, formula.counters, rows, per) for per in pers or self._periods]

    def watched(self, pers: Sequence[str] | None = None) -> list[Watched]:
        """Give the values that a percentile is read from: of its figures by kind of period, and of what is judged."""
        formula = self.formula
        if not isinstance(formula, Quantile):
            return []
        every = pers or dict.fromkeys((*self._periods, *self.judged))
        return [Watched(formula.table, formula.histogram, self.cells, per) for per in every]

    def figures(self, periods: Periods, per: str, of: Ints | Histogram) -> Floats:
        """Give the figure of each period of one replication; NaN where there is nothing to judge.

        Parameters
        ----------
        of
            What is wanted, or watched, by this kind of period.
        """
        formula = self.formula
        if isinstance(formula, Quantile):
            assert isinstance(of, Histogram)
            return of.percentiles(formula.share, periods.count(per)) / formula.scale
        top, bottom = self.totals(periods, per, of)
        quotient: Floats = np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom != 0)
        return quotient / formula.scale

    def totals(self, periods: Periods, per: str, of: Ints | Histogram) -> tuple[Ints, Ints]:
        """Give what is divided by what in each period of one replication: (top, bottom).

        Of a percentile that is to be at most (or at least) the first bound: the values up to it (their bins), and all
        values.
        """
        formula = self.formula
        if isinstance(formula, Quantile):
            assert isinstance(of, Histogram)
            return of.up_to(self.bounds[0] * formula.scale, periods.count(per))
        assert not isinstance(of, Histogram)
        counters = dict(zip(formula.counters, of[:, 0], strict=True))

        def total(terms: Mapping[str, int]) -> Ints:
            return np.asarray(sum(weight * counters[name] for name, weight in terms.items()))

        top = total(formula.top)
        if formula.bottom is not None:
            return top, total(formula.bottom)
        return top, periods.widths(per) if formula.over_time else np.ones(len(top), np.int64)

    def kept(self, periods: Periods, found: Sequence[Ints | Histogram]) -> PeriodsKept:
        """Count, in one replication, the periods that keep the bounds, from what is wanted or watched of it."""
        figures = {per: self.figures(periods, per, of) for per, of in zip(self._periods, found, strict=False)}
        return PeriodsKept(
            {per: int((~np.isnan(figures[per])).sum()) for per in self.counted},
            {per: tuple(int(self.keep(figures[per], bound).sum()) for bound in self.bounds) for per in self.counted},
            figures["day"],
        )

    def keep(self, figures: Floats, bound: float) -> Bools:
        """Tell which figures keep a bound; what is not there to judge does not."""
        kept: Bools = figures >= bound if self.at_least else figures <= bound
        return kept

    def histograms(self, values: list[Histogram]) -> dict[tuple[object, ...], Histogram]:
        """Give the histogram of each kind of period that is judged, with the periods as cells; none but of percentiles.

        Its key is that of `histogram_key`.
        """
        return {
            histogram_key(self.formula, watched.per, self.key): by_cell
            for watched, by_cell in zip(self.watched(), values, strict=True)
            if isinstance(self.formula, Quantile) and watched.per in self.judged
        }


def histogram_key(formula: Quantile, per: str, key: RowKey) -> tuple[object, ...]:
    """Give the key of the histogram by period of a watched percentile."""
    return formula.table, formula.histogram, per, key


@dataclass(frozen=True)
class PeriodsKept:
    """How often a watched figure kept its bounds in one replication, and the figures of the days."""

    judged: dict[str, int]
    """By kind of period: how many could be judged."""
    kept: dict[str, tuple[int, ...]]
    """How many of these kept each bound."""
    days: Floats


@dataclass
class Kept:
    """The same of all replications, in their order."""

    replications: list[PeriodsKept] = field(default_factory=list)

    def counts(self, per: str) -> bool:
        """Tell whether periods of a kind are counted."""
        return any(per in one.judged for one in self.replications)

    def share(self, per: str, bound: int, level: float) -> Estimate:
        """Estimate the share of (replication, period) that keeps a bound, of those that could be judged.

        A ratio estimator over replications, because the periods of one replication are not independent.

        Parameters
        ----------
        bound
            Its number.
        level
            Of the interval.
        """
        kept = [one.kept[per][bound] for one in self.replications]
        return ratio(kept, [one.judged[per] for one in self.replications], level, share=True)

    def percentile_day(self, percentile: int, level: float) -> Estimate:
        """Estimate a percentile of the days of all replications (linear between days), of those that can be judged.

        The interval is a jackknife over blocks of neighbouring replications.
        """
        days = np.array([one.days for one in self.replications])
        blocks = np.array_split(np.arange(len(days)), min(len(days), MOST_BLOCKS))
        without = [_percentile(np.delete(days, block, axis=0), percentile) for block in blocks if len(blocks) > 1]
        return jackknife(_percentile(days, percentile), without, level)


def _percentile(days: Floats, percentile: int) -> float:
    known = days[~np.isnan(days)]
    return float(np.percentile(known, percentile)) if len(known) else np.nan
