"""From replications to figures: estimates with confidence intervals, and the rule that says when there are enough.

Sums of whole numbers are exact; floats appear in the last division and are added with `math.fsum` in replication order,
so that digits depend neither on the engine nor on the number of workers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fsum, isnan, nan, sqrt
from typing import Final

LOOKS: Final = (30, 50, 80, 120, 200, 300, 500, 700, 1000)
"""Numbers of replications after which `auto` looks whether they are enough."""

SPENT: Final = 0.85
"""Share of the error 1 − level that intervals may use when `auto` chose the number of replications."""

ABSOLUTE: Final = 0.01
"""Half-width of a share, 1 percentage point, that is precise enough."""

RELATIVE: Final = 0.05
"""Half-width relative to the estimate that is precise enough."""


@dataclass(frozen=True)
class Estimate:
    """A figure with its confidence interval; NaN where there is nothing to estimate or no interval to give."""

    estimate: float
    low: float
    high: float
    n: int
    """Replications (or blocks of them) that it rests on."""

    @property
    def half_width(self) -> float:
        """Half the length of the interval."""
        return (self.high - self.low) / 2

    def point(self) -> Estimate:
        """Give it without its interval."""
        return Estimate(self.estimate, nan, nan, self.n)

    def scaled(self, divisor: float) -> Estimate:
        """Give it in a unit that is `divisor` times as large."""
        return Estimate(self.estimate / divisor, self.low / divisor, self.high / divisor, self.n)


NOTHING: Final = Estimate(nan, nan, nan, 0)


@lru_cache
def t_quantile(level: float, degrees: int) -> float:
    """Give the two-sided quantile of Student's t distribution (Student 1908)."""
    from scipy.special import stdtrit  # noqa: PLC0415  (loading SciPy is not for those who only read a scenario)

    return float(stdtrit(degrees, (1 + level) / 2))


def mean(values: Sequence[int | float], level: float = 0.95) -> Estimate:
    """Estimate a mean over independent replications, with Student's interval.

    Parameters
    ----------
    values
        One per replication.
    level
        Of the interval.
    """
    return ratio(values, [1] * len(values), level)


def ratio(
    tops: Sequence[int | float], bottoms: Sequence[int | float], level: float = 0.95, *, share: bool = False
) -> Estimate:
    """Estimate a ratio of expectations as sum over sum, with the delta method over replications.

    With residuals e = top − ratio × bottom, the standard error is √(Σ e² ÷ (n − 1) ÷ n) ÷ mean bottom (Cochran 1977,
    Sampling Techniques, 6.4; Law 2015, Simulation Modeling and Analysis, 9.3).

    Parameters
    ----------
    tops, bottoms
        One each per replication.
    level
        Of the interval.
    share
        Whether tops count some of the bottoms: then the interval stays within 0 and 1, and a share of exactly 0 or 1
        gets its exact binomial bound.
    """
    number = len(tops)
    top, bottom = fsum(tops), fsum(bottoms)
    if not number or bottom == 0:
        return NOTHING
    point = top / bottom
    squares = fsum((t - point * b) ** 2 for t, b in zip(tops, bottoms, strict=True))
    return _interval(_Residuals(point, squares, bottom, number), level, share=share)


@dataclass(frozen=True)
class MomentSums:
    """Sums over replications that a ratio needs."""

    number: int
    """Replications."""
    top: float
    bottom: float
    top_top: float
    """Of the squares of the tops."""
    top_bottom: float
    bottom_bottom: float


def ratio_of_moments(sums: MomentSums, level: float = 0.95, *, share: bool = False) -> Estimate:
    """Estimate as `ratio` does, from sums over replications."""
    if not sums.number or sums.bottom == 0:
        return NOTHING
    point = sums.top / sums.bottom
    squares = max(fsum((sums.top_top, -2 * point * sums.top_bottom, point * point * sums.bottom_bottom)), 0.0)
    return _interval(_Residuals(point, squares, sums.bottom, sums.number), level, share=share)


@dataclass(frozen=True)
class _Residuals:
    point: float
    squares: float
    """Sum of the squares of top − point × bottom."""
    bottom: float
    """Sum of the bottoms."""
    number: int


def _interval(found: _Residuals, level: float, *, share: bool) -> Estimate:
    point, number = found.point, found.number
    if share and point in {0.0, 1.0}:
        return exact_share(point, round(found.bottom), number, level)
    if number < 2:
        return Estimate(point, nan, nan, number)
    half = t_quantile(level, number - 1) * sqrt(found.squares / (number - 1) * number) / abs(found.bottom)
    low, high = point - half, point + half
    return Estimate(point, max(low, 0.0), min(high, 1.0), number) if share else Estimate(point, low, high, number)


def exact_share(point: float, trials: int, number: int, level: float) -> Estimate:
    """Give the exact binomial interval of a share of 0 or 1 in so many trials (Clopper & Pearson 1934)."""
    least = ((1 - level) / 2) ** (1 / max(trials, 1))
    return Estimate(point, 0.0, 1 - least, number) if point == 0 else Estimate(point, least, 1.0, number)


def jackknife(whole: float, without: Sequence[float], level: float = 0.95) -> Estimate:
    """Estimate from all data, with an interval from estimates that leave out one block of replications each.

    The standard error is √((n − 1) ÷ n × Σ (estimate without block i − their mean)²) (Tukey 1958; Efron 1982, ch. 3).

    Parameters
    ----------
    whole
        The estimate from all blocks.
    without
        The estimate without each block.
    level
        Of the interval.
    """
    number = len(without)
    if isnan(whole) or number < 2 or any(isnan(value) for value in without):
        return Estimate(whole, nan, nan, number)
    centre = fsum(without) / number
    error = sqrt((number - 1) / number * fsum((value - centre) ** 2 for value in without))
    half = t_quantile(level, number - 1) * error
    return Estimate(whole, whole - half, whole + half, number)


def level_after_looks(level: float, spent: float = SPENT) -> float:
    """Give the level at which intervals are formed so that they cover at `level` although looking ended the run.

    Stopping as soon as an interval is short favours moments at which the variance happens to be underestimated, so
    nominal intervals cover too seldom. The estimate itself does not depend on when it stops (mean and variance of
    normal samples are independent), so the loss is small and bounded (94.4 % for 95 % at worst, by simulation): it is
    made good by spending only `SPENT` of the error 1 − level, at every look and in what is reported.

    Parameters
    ----------
    spent
        Share of the error 1 − level that is used: 1 where no look ended the run.
    """
    return 1 - spent * (1 - level)


def precise(estimate: Estimate, *, share: bool) -> bool:
    """Tell whether a half-width is at most 1 percentage point (of shares) or 5 % of the estimate."""
    if isnan(estimate.estimate):
        return True  # nothing came that could be judged: more of the same will not help
    if isnan(estimate.half_width):
        return False
    enough = RELATIVE * abs(estimate.estimate)
    return estimate.half_width <= (max(enough, ABSOLUTE) if share else enough)
