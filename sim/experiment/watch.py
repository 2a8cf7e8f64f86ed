"""Figures that are held against bounds period by period, in every replication: how often targets hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.experiment.statistics import Estimate, jackknife, ratio
from sim.measure.accounts import Measures
from sim.measure.definitions import Formula, Quantile
from sim.measure.histogram import Histogram, percentiles_by
from sim.measure.tally import Rows, Sums

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

    def figures(self, measures: Measures, per: str) -> Floats:
        """Give the figure of each period of one replication; NaN where there is nothing to judge."""
        formula, sums = self.formula, measures.tables[self.formula.table]
        if isinstance(formula, Quantile):
            chosen, period, value = self._sampled(sums, per)
            found = percentiles_by(period[chosen], value[chosen], formula.share, sums.periods.count(per))
            return found / formula.scale
        top, bottom = self.totals(measures, per)
        quotient: Floats = np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom != 0)
        return quotient / formula.scale

    def totals(self, measures: Measures, per: str) -> tuple[Ints, Ints]:
        """Give what is divided by what in each period of one replication: (top, bottom).

        Of a percentile that is to be at most (or at least) the first bound: the values up to it, and all values.
        """
        formula, sums = self.formula, measures.tables[self.formula.table]
        if isinstance(formula, Quantile):
            chosen, period, value = self._sampled(sums, per)
            number = sums.periods.count(per)
            up_to = chosen & (value <= self.bounds[0] * formula.scale)
            return np.bincount(period[up_to], minlength=number), np.bincount(period[chosen], minlength=number)
        mine = np.ones(len(sums.cells), np.int64)
        mine[self.cells] = 0
        by_period = sums.by(formula.counters, Rows(1, mine), per)[:, 0]
        counters = dict(zip(formula.counters, by_period, strict=True))

        def total(terms: Mapping[str, int]) -> Ints:
            return np.asarray(sum(weight * counters[name] for name, weight in terms.items()))

        top = total(formula.top)
        if formula.bottom is not None:
            return top, total(formula.bottom)
        return top, sums.periods.widths(per) if formula.over_time else np.ones(len(top), np.int64)

    def kept(self, measures: Measures) -> PeriodsKept:
        """Count, in one replication, the periods that keep the bounds."""
        figures = {per: self.figures(measures, per) for per in dict.fromkeys(("day", *self.counted))}
        return PeriodsKept(
            {per: int((~np.isnan(figures[per])).sum()) for per in self.counted},
            {per: tuple(int(self.keep(figures[per], bound).sum()) for bound in self.bounds) for per in self.counted},
            figures["day"],
        )

    def keep(self, figures: Floats, bound: float) -> Bools:
        """Tell which figures keep a bound; what is not there to judge does not."""
        kept: Bools = figures >= bound if self.at_least else figures <= bound
        return kept

    def histograms(self, measures: Measures) -> dict[tuple[object, ...], Histogram]:
        """Give the histogram of each kind of period that is judged, with the periods as cells; none but of percentiles.

        Its key is that of `histogram_key`.
        """
        if not isinstance(self.formula, Quantile):
            return {}
        found = {}
        for per in self.judged:
            chosen, period, value = self._sampled(measures.tables[self.formula.table], per)
            key = histogram_key(self.formula, per, self.key)
            found[key] = Histogram.of(period[chosen], value[chosen])
        return found

    def _sampled(self, sums: Sums, per: str) -> tuple[Bools, Ints, Ints]:
        """Give which values are of the cells, and of all values their period and themselves."""
        assert isinstance(self.formula, Quantile)
        samples = sums.samples[self.formula.histogram]
        return np.isin(samples.cell, self.cells) & samples.which, sums.periods.of_slot(per)[samples.slot], samples.value


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
