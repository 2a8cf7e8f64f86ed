"""From a scenario's words for a distribution to the law that deals it."""

from __future__ import annotations

from functools import lru_cache
from math import inf, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.demand.hand import NEVER, Floats, Ints
from sim.demand.laws import (
    Clipped,
    Constant,
    Gamma,
    Law,
    Lognormal,
    Mixture,
    Piecewise,
    Samples,
    Triangular,
    Weibull,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.scenario.model.distribution import Distribution

_NEVER: Final = np.array(float(NEVER))


@lru_cache(maxsize=1024)
def law(distribution: Distribution) -> Law:
    """Give the law that a scenario's distribution describes; equal distributions share one, with its tables."""
    least, most = distribution.at_least, distribution.at_most
    bare = _LAWS[distribution.distribution](distribution)
    if least is None and most is None:
        return bare
    return Clipped(bare, 0.0 if least is None else float(least), inf if most is None else float(most))


def mean_of(distribution: Distribution) -> float:
    """Give the exact mean in ms, clipping included; infinite where a share of all never ends."""
    return law(distribution).mean


def whole_ms(durations: Floats) -> Ints:
    """Round durations to whole milliseconds, half to even; what is longer than NEVER, or infinite, becomes NEVER."""
    rounded: Floats = np.minimum(durations, _NEVER)
    return np.rint(rounded, out=rounded).astype(np.int64)


def _hyperexponential(mean: float, cv: float) -> Law:
    """Mix two exponentials with balanced means (each part gives half of the mean), cv at least 1."""
    if cv == 1.0:
        return Weibull(mean, 1.0)
    often = (1.0 + sqrt((cv**2 - 1.0) / (cv**2 + 1.0))) / 2.0
    return Mixture(
        [often, 1.0 - often], [Weibull(mean / (2.0 * often), 1.0), Weibull(mean / (2.0 * (1.0 - often)), 1.0)]
    )


def _table(distribution: Distribution) -> Law:
    points = distribution.survival or distribution.cumulative
    x, share = np.array(points, dtype=np.float64).T
    below = 1.0 - share if distribution.survival else share
    return Piecewise(x, np.where(below > 1.0 - 1e-12, 1.0, below))


def _required(value: float | None) -> float:
    """Narrow a parameter that the loader has seen to be there."""
    assert value is not None
    return float(value)


_LAWS: Final[dict[str, Callable[[Distribution], Law]]] = {
    "constant": lambda d: Constant(_required(d.mean)),
    "exponential": lambda d: Weibull(_required(d.mean), 1.0),
    "lognormal": lambda d: Lognormal(_required(d.mean), _required(d.cv)),
    "gamma": lambda d: Gamma(_required(d.mean), _required(d.cv) ** -2),
    "erlang": lambda d: Gamma(_required(d.mean), _required(d.phases)),
    "weibull": lambda d: Weibull(_required(d.mean), _required(d.shape)),
    "hyperexponential": lambda d: _hyperexponential(_required(d.mean), _required(d.cv)),
    "uniform": lambda d: Piecewise(np.array([_required(d.low), _required(d.high)]), np.array([0.0, 1.0])),
    "triangular": lambda d: Triangular(_required(d.low), _required(d.mode), _required(d.high)),
    "mixture": lambda d: Mixture([part.weight for part in d.mixture or ()], [law(part) for part in d.mixture or ()]),
    "table": _table,
    "samples": lambda d: Samples(np.sort(np.array(d.samples_ms, dtype=np.float64))),
}
