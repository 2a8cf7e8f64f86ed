"""Figures with what each replication adds to their error, and differences of such figures over the same replications.

Two scenarios that are dealt the same chance err together: the variance of the difference is that of the differences,
replication by replication, and not the sum of both variances (common random numbers; Law 2015, Simulation Modeling and
Analysis, 11.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, fsum, isfinite, isnan, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from sim.experiment.asked import ToPair
from sim.experiment.collect import Collected
from sim.experiment.estimate import (
    ONE_AT_A_TIME,
    Question,
    is_counted,
    key_of,
    per_replication,
    rows_of,
    with_and_without,
)
from sim.experiment.gather import GRIDS
from sim.experiment.statistics import NOTHING, Estimate, jackknife, ratio, t_quantile
from sim.measure.cells import Row
from sim.measure.definitions import Quantile, Ratio
from sim.scenario.units import write_duration

Key = tuple[tuple[str, ...], int]
"""Labels of a row, and the number of a period."""

Numbers = NDArray[np.float64] | NDArray[np.int64]


@dataclass(frozen=True)
class Figure:
    """An estimate, and what each replication (or block of them) adds to its error."""

    estimate: Estimate
    parts: tuple[float, ...] = ()
    """They add up to 0; the estimate errs by about their mean. None where no interval can be given."""

    def scaled(self, divisor: float) -> Figure:
        """Give it in a unit that is `divisor` times as large."""
        return Figure(self.estimate.scaled(divisor), tuple(part / divisor for part in self.parts))


@dataclass(frozen=True)
class Difference:
    """What a figure is more in another scenario than in the base."""

    estimate: Estimate
    """With an interval of the level asked for."""
    unpaired: int | None
    """Replications of each scenario that runs on hands of their own would have taken for an interval as short; None
    where nothing tells."""
    same: bool
    """Whether not one replication differs."""

    @property
    def significant(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.estimate.low > 0 or self.estimate.high < 0


def paired(base: Figure, other: Figure, replications: int, level: float) -> Difference:
    """Estimate a difference over the same replications.

    The standard error is √(Σ d² ÷ (n − 1) ÷ n), d what a replication adds to the one error less what it adds to the
    other. Unpaired, the variances of both would add up: the same interval would take as many times the replications as
    their sum is times the variance of d.

    Parameters
    ----------
    replications
        How many there are; blocks of them may stand for them.
    level
        Of the interval.
    """
    point = other.estimate.estimate - base.estimate.estimate
    number = len(base.parts)
    same = base == other
    if isnan(point) or number < 2 or len(other.parts) != number:
        return Difference(Estimate(point, nan, nan, number), None, same)
    variance = _squares(o - b for b, o in zip(base.parts, other.parts, strict=True))
    apart = _squares(base.parts) + _squares(other.parts)
    half = t_quantile(level, number - 1) * sqrt(variance / (number - 1) / number)
    needed = replications * apart / variance if variance > 0 else nan
    return Difference(
        Estimate(point, point - half, point + half, number), ceil(needed) if isfinite(needed) else None, same
    )


def _squares(values: Sequence[float] | Iterator[float]) -> float:
    return fsum(value * value for value in values)


def figure_of_ratio(
    tops: Sequence[int | float], bottoms: Sequence[int | float], level: float, *, share: bool = False
) -> Figure:
    """Estimate a ratio of totals; a replication adds (top − ratio × bottom) ÷ mean bottom to its error.

    That is the delta method: see `sim.experiment.statistics.ratio`.
    """
    estimate = ratio(tops, bottoms, level, share=share)
    if isnan(estimate.estimate):
        return Figure(NOTHING)
    middle = fsum(bottoms) / len(bottoms)
    point = estimate.estimate
    return Figure(estimate, tuple((t - point * b) / middle for t, b in zip(tops, bottoms, strict=True)))


def figure_of_blocks(whole: float, without: Sequence[float], level: float) -> Figure:
    """Estimate from all blocks; a block adds (n − 1) × (mean of the estimates without one − that without it).

    That is the jackknife: see `sim.experiment.statistics.jackknife`.
    """
    estimate = jackknife(whole, without, level)
    if isnan(estimate.half_width):
        return Figure(estimate)
    number = len(without)
    centre = fsum(without) / number
    return Figure(estimate, tuple((number - 1) * (centre - value) for value in without))


def unpairable(asked: Question, hours: tuple[tuple[int, int], ...] | None) -> str:
    """Say why figures cannot be had of each replication; nothing where they can."""
    formula = asked.formula
    if isinstance(formula, Quantile) and (asked.per != "run" or hours is not None):
        return f"{asked.measure.name} is compared over the whole run only; leave `per` and `during` out"
    if hours is not None and asked.per != "run":
        return "`during` pools its hours; leave `per` out"
    if hours is not None and formula.table in {*ONE_AT_A_TIME, "standing"}:
        return f"{asked.reading or asked.measure.name} does not add up over hours; leave `during` out"
    return ""


def figures(collected: Collected, asked: Question, to_pair: ToPair, level: float) -> dict[Key, Figure]:
    """Give the figures of a question, by row and period.

    Parameters
    ----------
    to_pair
        What was kept of each replication, this question among it.
    level
        Of the interval of each figure by itself.

    """
    formula = asked.formula
    if isinstance(formula, Quantile):
        return {(row.labels, 0): _percentile(collected, formula, row, level) for row in rows_of(collected.frame, asked)}
    return {
        (row.labels, period): figure
        for row in rows_of(collected.frame, asked)
        for period, figure in enumerate(_ratios(collected, asked, row, to_pair, level))
    }


def told(asked: Question, labels: tuple[str, ...]) -> tuple[str, str, float | None, str, str, str]:
    """Give measure, reading, within_s, where, by, of: which figure it is, as columns of tables."""
    return (
        asked.measure.name,
        asked.reading,
        None if asked.within is None else asked.within / 1000,
        "; ".join(f"{key}={','.join(given)}" for key, given in asked.where.items()),
        "; ".join(asked.by),
        "; ".join(labels),
    )


def in_words(asked: Question, labels: tuple[str, ...]) -> str:
    """Say which figure it is: of whom, which measure, in which reading, within what."""
    of = (*labels, *(label for labels in asked.where.values() for label in labels if not asked.by))
    within = "" if asked.within is None else f", {write_duration(asked.within)}"
    readings = asked.measure.readings
    reading = f" ({asked.reading})" if readings and asked.reading != readings[0] else ""
    return f"{' '.join(of)} {asked.measure.name.replace('_', ' ')}{reading}{within}".strip()


def _percentile(collected: Collected, formula: Quantile, row: Row, level: float) -> Figure:
    whole, without = with_and_without(
        collected, formula, *collected.of_kind(formula.table, formula.histogram, row.cells)
    )
    if formula.share == 1:  # of the longest no interval can be given
        return Figure(Estimate(whole / formula.scale, nan, nan, len(without)))
    return figure_of_blocks(whole, without, level).scaled(formula.scale)


def _ratios(collected: Collected, asked: Question, row: Row, to_pair: ToPair, level: float) -> Iterator[Figure]:
    """Give the figure of each period of a row."""
    formula, kept, frame = asked.formula, to_pair.kept_as(asked), collected.frame
    assert isinstance(formula, Ratio), "percentiles are read from histograms"
    widths = frame.periods.widths(kept.per)
    tops: Numbers
    bottoms: Numbers | None
    if kept.per in GRIDS:
        counters = collected.paired_counters(formula, kept.per, key_of(kept, row))
        tops = _summed(counters, formula.top)
        bottoms = None if formula.bottom is None else _summed(counters, formula.bottom)
        if to_pair.hours is not None:
            widths = widths[to_pair.intervals(frame)].sum(keepdims=True)
    else:
        tops, bottoms, _ = per_replication(collected, asked, row)
    for period in range(tops.shape[1]):
        top = tops[:, period].tolist()
        if bottoms is not None:
            bottom = bottoms[:, period].tolist()
        else:
            bottom = [int(widths[period]) if formula.over_time else 1] * len(top)
        found = figure_of_ratio(top, bottom, level, share=bottoms is not None and is_counted(asked, formula))
        yield found.scaled(formula.scale)


def _summed(counters: Mapping[str, NDArray[np.float64]], terms: Mapping[str, int]) -> NDArray[np.float64]:
    return np.asarray(sum(weight * counters[name] for name, weight in terms.items()))
