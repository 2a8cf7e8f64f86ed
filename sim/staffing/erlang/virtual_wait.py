"""The law of the virtual wait of Erlang A, that of a contact of endless patience, as nodes to integrate over."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEVELS: Final = np.array([1.0, 8.0, 32.0, 64.0])
"""Where the integration is cut into panels: the density has fallen by these exponents from its peak."""


def virtual_wait(
    arrivals: float, capacity: float, leaving: float, blocked_by_one_less: float, cut_s: float = 0.0
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Law of the virtual wait of `erlang_a`, ready to be integrated over.

    g is log-concave. With more arrivals than capacity it peaks at u* = log(λ/nμ)/θ and falls by the exponent
    nμ/θ (e^(−v) − 1 + v), v = θ(u − u*); else it falls from u* = 0 by (nμ − λ)u + λ/θ (e^(−v) − 1 + v). A fall by L is
    reached, within a factor of 2, at v = ε + √(2ε) to the right of the peak and log(1 + ε + √(2ε)) to its left, where
    ε = Lθ/min(λ, nμ): panels between such points resolve g however narrow, broad or lopsided it is.

    Parameters
    ----------
    arrivals, capacity, leaving
        Rates λ, nμ (more than 0) and θ per second.
    blocked_by_one_less
        Erlang B with n − 1 agents.
    cut_s
        A time at which a panel ends, so that one may integrate up to it and from it.

    Returns
    -------
    at_once : float
        P(V = 0).
    wait : array
        Nodes u of V > 0, seconds, ascending.
    share : array
        Probabilities of the nodes; with `at_once` they add up to 1.
    """
    slower, surplus = min(arrivals, capacity), max(capacity - arrivals, 0.0)
    peak = math.log(arrivals / capacity) / leaving if arrivals > capacity else 0.0

    def fall(wait: NDArray[np.float64]) -> NDArray[np.float64]:
        beyond = leaving * (wait - peak)
        exponent: NDArray[np.float64] = slower / leaving * (np.expm1(-beyond) + beyond) + surplus * wait
        return exponent

    with np.errstate(divide="ignore"):
        steepness = np.divide(_LEVELS * leaving, slower)
        right = np.minimum((steepness + np.sqrt(2.0 * steepness)) / leaving, np.divide(_LEVELS, surplus))
    left = np.log1p(steepness + np.sqrt(2.0 * steepness)) / leaving if peak else np.zeros(0)
    end = peak + right[-1]
    # patience itself may be over long before the density falls: those panels serve the weight e^(−θu)
    edges = np.unique(np.concatenate(([0.0, cut_s], peak - left, peak + right, _LEVELS / leaving)))
    edges = edges[(edges >= 0.0) & (edges <= end)]

    node, weight = _gauss_legendre()
    half = np.diff(edges)[:, None] / 2.0
    wait = (edges[:-1, None] + half * (1.0 + node)).ravel()
    mass = arrivals * blocked_by_one_less * (half * weight).ravel() * np.exp(-fall(wait))
    none_waits = math.exp(-float(fall(np.zeros(1))[0]))
    total = none_waits + float(mass.sum())
    return none_waits / total, wait, mass / total


@cache
def _gauss_legendre() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.polynomial.legendre.leggauss(32)
