"""Figures that are held against bounds period by period, in every replication: how often targets hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.experiment.statistics import Estimate, jackknife, ratio
from sim.measure.accounts import Measures, reduced
from sim.measure.definitions import Formula, Quantile
from sim.measure.histogram import Histogram, percentiles_by
from sim.measure.periods import Periods

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

    def figures(self, measures: Measures, periods: Periods, per: str) -> Floats:
        """Give the figure of each period of one replication; NaN where there is nothing to judge."""
        formula, sums = self.formula, measures.tables[self.formula.table]
        if isinstance(formula, Quantile):
            chosen, period, value = self._sampled(measures, periods, per)
            found = percentiles_by(period[chosen], value[chosen], formula.share, periods.count(per))
            return found / formula.scale

        def total(terms: Mapping[str, int]) -> Ints:
            by_slot = sum((weight * sums.values[name][self.cells].sum(axis=0) for name, weight in terms.items()), 0)
            return reduced(formula.table, np.asarray(by_slot), periods, per)

        top = total(formula.top)
        if formula.bottom is not None:
            bottom = total(formula.bottom)
        else:
            bottom = periods.widths(per) if formula.over_time else np.ones(len(top), np.int64)
        quotient: Floats = np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom != 0)
        return quotient / formula.scale

    def keep(self, figures: Floats, bound: float) -> Bools:
        """Tell which figures keep a bound; what is not there to judge does not."""
        kept: Bools = figures >= bound if self.at_least else figures <= bound
        return kept

    def histograms(self, measures: Measures, periods: Periods) -> dict[tuple[object, ...], Histogram]:
        """Give the histogram of each kind of period that is judged, with the periods as cells; none but of percentiles.

        Its key is that of `histogram_key`.
        """
        if not isinstance(self.formula, Quantile):
            return {}
        found = {}
        for per in self.judged:
            chosen, period, value = self._sampled(measures, periods, per)
            key = histogram_key(self.formula, per, self.key)
            found[key] = Histogram.of(period[chosen], value[chosen])
        return found

    def _sampled(self, measures: Measures, periods: Periods, per: str) -> tuple[Bools, Ints, Ints]:
        """Give which values are of the cells, and of all values their period and themselves."""
        assert isinstance(self.formula, Quantile)
        samples = measures.tables[self.formula.table].samples[self.formula.histogram]
        period = np.searchsorted(periods.first_slots(per), samples.slot, side="right") - 1
        return np.isin(samples.cell, self.cells), period, samples.value


def histogram_key(formula: Quantile, per: str, key: RowKey) -> tuple[object, ...]:
    """Give the key of the histogram by period of a watched percentile."""
    return formula.table, formula.histogram, per, key


@dataclass
class Kept:
    """How often a watched figure kept its bounds: whole numbers by replication, and the figures of the days."""

    judged: dict[str, list[int]] = field(default_factory=dict)
    """By kind of period: how many of each replication could be judged."""
    kept: dict[str, list[tuple[int, ...]]] = field(default_factory=dict)
    """How many of these kept each bound."""
    days: list[Floats] = field(default_factory=list)
    """Of each replication, the figures of the days."""

    def add(self, watch: Watch, measures: Measures, periods: Periods) -> None:
        """Add the next replication."""
        figures = {per: watch.figures(measures, periods, per) for per in {"day", *watch.counted}}
        for per in watch.counted:
            kept = tuple(int(watch.keep(figures[per], bound).sum()) for bound in watch.bounds)
            self.judged.setdefault(per, []).append(int((~np.isnan(figures[per])).sum()))
            self.kept.setdefault(per, []).append(kept)
        self.days.append(figures["day"])

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
        return ratio([kept[bound] for kept in self.kept[per]], self.judged[per], level, share=True)

    def percentile_day(self, percentile: int, level: float) -> Estimate:
        """Estimate a percentile of the days of all replications (linear between days), of those that can be judged.

        The interval is a jackknife over blocks of neighbouring replications.
        """
        days = np.array(self.days)
        blocks = np.array_split(np.arange(len(days)), min(len(days), MOST_BLOCKS))
        without = [_percentile(np.delete(days, block, axis=0), percentile) for block in blocks if len(blocks) > 1]
        return jackknife(_percentile(days, percentile), without, level)


def _percentile(days: Floats, percentile: int) -> float:
    known = days[~np.isnan(days)]
    return float(np.percentile(known, percentile)) if len(known) else np.nan
