"""Laws of durations: inverse distribution functions, tails, and means with clipping.

A variate is one uniform number through the law's inverse distribution function, which never falls as the number grows:
two scenarios that change a mean meet the same quick and the same slow customers. All durations here are float64
milliseconds; `sim.demand.distributions.whole_ms` rounds them, once, at the end.
"""

# ruff: noqa: D102  (the methods of a law are described once, in Law)

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import gamma, inf, log, sqrt
from typing import Final, Protocol

import numpy as np
from scipy import special

from sim.demand.hand import Floats

_SCORES: Final = np.linspace(-8.25, 8.25, 16_385)
"""Normal scores at which slow inverses are tabulated. Numbers of streams lie inside: their scores are within 8.21."""
_CERTAIN: Final = 9.0
"""Normal score that stands for probability 0 (negative) or 1 in a table: beyond that of every number of a stream."""
_GREATEST_LOG: Final = 700.0
"""Of numbers that there are, about."""
_LEAST_NUMBER: Final = 2.0**-53


class Law(Protocol):
    """A distribution of durations from 0 to infinity; infinity stands for *never*."""

    @property
    def mean(self) -> float:
        """Expected value, ms."""

    @property
    def knots(self) -> Floats:
        """Where the distribution function jumps, bends, or begins or ends to grow, ms."""

    def inverse(self, u: Floats) -> Floats:
        """Give the duration (ms) below which a share `u` (strictly between 0 and 1) of all lie."""

    def tails(self, x: Floats) -> tuple[Floats, Floats]:
        """Give P(X ≤ x) and P(X > x), each to full relative precision where the law has it."""

    def limited_mean(self, limit: float) -> float:
        """Give E[min(X, limit)], ms: the mean if nothing lasted longer than a finite `limit`."""


_NO_KNOTS: Final = np.zeros(1)


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same duration."""

    mean: float

    @property
    def knots(self) -> Floats:
        return np.array([self.mean])

    def inverse(self, u: Floats) -> Floats:
        return np.full(u.shape, self.mean)

    def tails(self, x: Floats) -> tuple[Floats, Floats]:
        below = (x >= self.mean).astype(np.float64)
        return below, 1.0 - below

    def limited_mean(self, limit: float) -> float:
        return min(self.mean, limit)


@dataclass(frozen=True, slots=True)
class Weibull:
    """Weibull of a mean and a shape: P(X > x) = exp(-(x/scale)^shape); shape 1 is the exponential."""

    mean: float
    shape: float

    @property
    def scale(self) -> float:
        """Scale, ms: the mean is scale × Γ(1 + 1/shape)."""
        return self.mean / gamma(1.0 + 1.0 / self.shape)

    @property
    def knots(self) -> Floats:
        return _NO_KNOTS

    def inverse(self, u: Floats) -> Floats:
        steps = np.log1p(-u)
        if self.shape == 1.0:
            steps *= -self.scale
            return steps
        np.negative(steps, out=steps)
        np.power(steps, 1.0 / self.shape, out=steps)
        steps *= self.scale
        return steps

    def tails(self, x: Floats) -> tuple[Floats, Floats]:
        with np.errstate(over="ignore"):  # beyond all numbers is as far as it gets
            steps = (np.maximum(x, 0.0) / self.scale) ** self.shape
        return -np.expm1(-steps), np.exp(-steps)

    def limited_mean(self, limit: float) -> float:
        ratio = limit / self.scale
        if ratio > 1.0 and self.shape * log(ratio) > _GREATEST_LOG:
            return self.mean
        return self.mean * float(special.gammainc(1.0 / self.shape, ratio**self.shape))


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Lognormal of a mean and a coefficient of variation: log X is normal with variance log(1 + cv²)."""

    mean: float
    cv: float

    @property
    def _log_scale(self) -> tuple[float, float]:
        variance = log(1.0 + self.cv**2)
        return log(self.mean) - variance / 2.0, sqrt(variance)

    @property
    def knots(self) -> Floats:
        return _NO_KNOTS

    def inverse(self, u: Floats) -> Floats:
        centre, spread = self._log_scale
        logs: Floats = special.ndtri(u)
        logs *= spread
        logs += centre
        return np.exp(logs, out=logs)

    def tails(self, x: Floats) -> tuple[Floats, Floats]:
        centre, spread = self._log_scale
        scores = np.full(x.shape, -inf)
        np.log(x, out=scores, where=x > 0.0)
        scores = (scores - centre) / spread
        return special.ndtr(scores), special.ndtr(-scores)

    def limited_mean(self, limit: float) -> float:
        if limit <= 0.0:
            return 0.0
        centre, spread = self._log_scale
        score = (log(limit) - centre) / spread
        return float(self.mean * special.ndtr(score - spread) + limit * special.ndtr(-score))


@lru_cache(maxsize=512)
def _gamma_table(shape: float) -> Floats:
    """Give the quantiles of the gamma distribution of scale 1 at `_SCORES`."""
    half = _SCORES.size // 2
    below, above = special.ndtr(_SCORES[:half]), special.ndtr(-_SCORES[half:])
    return np.concatenate([special.gammaincinv(shape, below), special.gammainccinv(shape, above)])


@dataclass(frozen=True, slots=True)
class Gamma:
    """Gamma of a mean and a shape (1/cv²; an Erlang's number of phases).

    SciPy's inverse costs about half a microsecond a number, so it is tabulated: linear between 16,385 equal steps of
    the normal score, which leaves an error below 1e-6 × (the duration + the mean + mean/shape).
    """

    mean: float
    shape: float

    @property
    def knots(self) -> Floats:
        return _NO_KNOTS

    def inverse(self, u: Floats) -> Floats:
        table = _gamma_table(self.shape)
        places: Floats = special.ndtri(u)
        places -= _SCORES[0]
        places *= 1.0 / (_SCORES[1] - _SCORES[0])
        cells = places.astype(np.intp)
        places -= cells
        lower = table.take(cells)
        cells += 1
        upper = table.take(cells)
        upper -= lower
        upper *= places
        upper += lower
        upper *= self.mean / self.shape
        return upper

    def tails(self, x: Floats) -> tuple[Floats, Floats]:
        scaled = np.maximum(x, 0.0) * (self.shape / self.mean)
        below, above = special.gammainc(self.shape, scaled), special.gammaincc(self.shape, scaled)
        return np.asarray(below, np.float64), np.asarray(above, np.float64)

    def limited_mean(self, limit: float) -> float:
        scaled = limit * self.shape / self.mean
        whole = self.mean * special.gammainc(self.shape + 1.0, scaled)
        return float(whole + limit * special.gammaincc(self.shape, scaled))


@dataclass(frozen=True, slots=True)
class Triangular:
    """Triangular between `low` and `high` with its peak at `mode`."""

    low: float
    mode: float
    high: float

    @property
    def mean(self) -> float:
        return (self.low + self.mode + self.high) / 3.0

    @property
    def knots(self) -> Floats:
        return np.array([self.low, self.mode, self.high])

    def inverse(self, u: Floats) -> Floats:
        width, left, right = self.high - self.low, self.mode - self.low, self.high - self.mode
        rising = u * width < left
        return np.where(rising, self.low + np.sqrt(u * width * left), self.high - np.sqrt((1.0 - u) * width * right))

    def tails(self, x: Floats) -> tuple[Floats, Floats]:
        width, left, right = self.high - self.low, self.mode - self.low, self.high - self.mode
        inside = np.clip(x, self.low, self.high)
        rising = inside < self.mode
        rise = (inside - self.low) ** 2 / (width * (left or 1.0))
        fall = (self.high - inside) ** 2 / (width * (right or 1.0))
        return np.where(rising, rise, 1.0 - fall), np.where(rising, 1.0 - rise, fall)

    def limited_mean(self, limit: float) -> float:
        width, left, right = self.high - self.low, self.mode - self.low, self.high - self.mode
        up_to_mode, up_to = min(max(limit, self.low), self.mode), min(max(limit, self.mode), self.high)
        total = min(limit, self.mode)
        if left > 0.0:
            total -= (up_to_mode - self.low) ** 3 / (3.0 * width * left)
        if right > 0.0:
            total += (right**3 - (self.high - up_to) ** 3) / (3.0 * width * right)
        return total


@dataclass(frozen=True, slots=True, eq=False)
class Piecewise:
    """Linear between points (`x` ms, probability `below` of at most x); what the last point lacks to 1 is never.

    The first point's probability sits on the first time. A uniform distribution is the one with two points.
    """

    x: Floats
    below: Floats

    @property
    def mean(self) -> float:
        return inf if self.below[-1] < 1.0 else self.limited_mean(float(self.x[-1]))

    @property
    def knots(self) -> Floats:
        return self.x

    def inverse(self, u: Floats) -> Floats:
        return np.interp(u, self.below, self.x, right=inf)

    def tails(self, x: Floats) -> tuple[Floats, Floats]:
        below = np.interp(x, self.x, self.below, left=0.0)
        return below, 1.0 - below

    def limited_mean(self, limit: float) -> float:
        ends = np.append(self.x[self.x < limit], limit)
        above = 1.0 - np.interp(ends, self.x, self.below)
        return float(min(self.x[0], limit) + np.sum((above[1:] + above[:-1]) * np.diff(ends)) / 2.0)


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """One of the `values` (ms, sorted), each as likely as the others."""

    values: Floats

    @property
    def mean(self) -> float:
        return float(self.values.mean())

    @property
    def knots(self) -> Floats:
        return self.values

    def inverse(self, u: Floats) -> Floats:
        return self.values.take((u * self.values.size).astype(np.intp))

    def tails(self, x: Floats) -> tuple[Floats, Floats]:
        below = np.searchsorted(self.values, x, side="right") / self.values.size
        return below, 1.0 - below

    def limited_mean(self, limit: float) -> float:
        return float(np.minimum(self.values, limit).mean())


@dataclass(frozen=True, slots=True)
class Clipped:
    """Another law with lower values raised to `least` and greater ones lowered to `most`."""

    law: Law
    least: float
    most: float

    @property
    def mean(self) -> float:
        return self.law.mean + self._raised if self.most == inf else self.limited_mean(self.most)

    @property
    def _raised(self) -> float:
        """What raising to `least` adds to the mean: E[max(X, least)] - E[X]."""
        return self.least - self.law.limited_mean(self.least)

    @property
    def knots(self) -> Floats:
        knots: Floats = np.append(self.law.knots, [self.least, self.most])
        knots = knots[np.isfinite(knots)]
        knots.clip(self.least, self.most, out=knots)
        return knots

    def inverse(self, u: Floats) -> Floats:
        values = self.law.inverse(u)
        np.clip(values, self.least, self.most, out=values)
        return values

    def tails(self, x: Floats) -> tuple[Floats, Floats]:
        below, above = self.law.tails(x)
        low, high = x < self.least, x >= self.most
        return np.where(high, 1.0, np.where(low, 0.0, below)), np.where(low, 1.0, np.where(high, 0.0, above))

    def limited_mean(self, limit: float) -> float:
        if limit <= self.least:
            return limit
        return self.law.limited_mean(min(limit, self.most)) + self._raised


class Mixture:
    """One of several laws, by weight.

    The inverse is tabulated: linear in the normal score between the parts' own quantiles and knots, so jumps and gaps
    are exact and elsewhere the error is below 1e-6 × (the duration + the greatest mean of a part).
    """

    def __init__(self, weights: list[float], parts: list[Law]) -> None:
        self._weights = np.array([weight for weight in weights if weight > 0.0]) / sum(weights)
        self._parts = [part for weight, part in zip(weights, parts, strict=True) if weight > 0.0]
        numbers = np.clip(special.ndtr(_SCORES[::2]), _LEAST_NUMBER, 1.0 - _LEAST_NUMBER)
        durations = np.concatenate([part.inverse(numbers) for part in self._parts])
        knots = self.knots
        nodes = np.concatenate([durations[np.isfinite(durations)], knots, np.nextafter(knots, -inf)])
        nodes = np.unique(nodes)
        below, above = self.tails(nodes)
        scores = np.where(below < 0.5, special.ndtri(below), -special.ndtri(above))
        self._nodes = np.maximum(nodes, 0.0)
        self._scores = np.maximum.accumulate(np.clip(scores, -_CERTAIN, _CERTAIN))
        self._greatest = inf if self.mean == inf else float(self._nodes[-1])

    @property
    def mean(self) -> float:
        return float(sum(weight * part.mean for weight, part in zip(self._weights, self._parts, strict=True)))

    @property
    def knots(self) -> Floats:
        return np.unique(np.concatenate([part.knots for part in self._parts]))

    def inverse(self, u: Floats) -> Floats:
        durations: Floats = np.interp(special.ndtri(u), self._scores, self._nodes, right=self._greatest)
        return durations

    def tails(self, x: Floats) -> tuple[Floats, Floats]:
        below, above = np.zeros(x.shape), np.zeros(x.shape)
        for weight, part in zip(self._weights, self._parts, strict=True):
            part_below, part_above = part.tails(x)
            below += weight * part_below
            above += weight * part_above
        return below, above

    def limited_mean(self, limit: float) -> float:
        means = [part.limited_mean(limit) for part in self._parts]
        return float(sum(weight * mean for weight, mean in zip(self._weights, means, strict=True)))
