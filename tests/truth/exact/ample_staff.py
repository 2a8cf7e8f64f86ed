"""M(t)/G/∞: how much work is in hand when nobody ever waits."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from scipy import special

Survived = Callable[[float], float]
"""E[min(S, x)] of a handle time S: the integral of its survival function up to x."""


def exponential(mean: float) -> Survived:
    """Return E[min(S, x)] of an exponential."""
    return lambda x: -mean * math.expm1(-x / mean)


def lognormal(mean: float, cv: float) -> Survived:
    """Return E[min(S, x)] of a lognormal: its partial mean below x, and x where it is longer."""
    variance = math.log1p(cv**2)
    sigma, mu = math.sqrt(variance), math.log(mean) - variance / 2

    def limited(x: float) -> float:
        if x <= 0.0:
            return 0.0
        z = (math.log(x) - mu) / sigma
        return mean * float(special.ndtr(z - sigma)) + x * float(special.ndtr(-z))

    return limited


def in_hand(steps: Sequence[tuple[float, float]], survived: Survived, waiting: int, begin: float, end: float) -> float:
    """Mean number of cases in hand over a span of time.

    S. G. Eick, W. A. Massey, W. Whitt, "The physics of the M(t)/G/∞ queue", Operations Research 41 (1993):
    m(t) = ∫ λ(u) P(S > t − u) du; of a rate constant from a to b λ (G(t − a) − G(t − b)), with G(x) = E[min(S, x)].

    Parameters
    ----------
    steps
        (instant, rate from then on), the first at 0.
    survived
        G.
    waiting
        Cases that are there at 0, begun then.
    begin, end
        Of the span, within which no rate changes.
    """
    ends = [*(at for at, _ in steps[1:]), math.inf]

    def at(t: float) -> float:
        return math.fsum(
            rate * (survived(t - since) - survived(max(0.0, t - until)))
            for (since, rate), until in zip(steps, ends, strict=True)
            if since < t
        )

    nodes, weights = np.polynomial.legendre.leggauss(40)
    instants = begin + (nodes + 1.0) / 2.0 * (end - begin)
    from_arrivals = math.fsum(
        weight / 2.0 * at(t) for t, weight in zip(instants.tolist(), weights.tolist(), strict=True)
    )
    return from_arrivals + waiting * (survived(end) - survived(begin)) / (end - begin)
