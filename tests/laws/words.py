"""Random durations, distributions and shares."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random

Tree = dict[str, Any]

DISTRIBUTIONS = (
    *("constant",) * 3,
    *("exponential", "lognormal", "gamma", "erlang", "weibull", "hyperexponential"),
    *("uniform", "triangular", "mixture", "table", "samples"),
)


def duration(r: random.Random, low_s: int, high_s: int) -> str:
    """Return a duration between two bounds in seconds, whole seconds on a grid that makes ties likely."""
    seconds = round(math.exp(r.uniform(math.log(low_s), math.log(high_s))))
    return f"{max(low_s, seconds // 5 * 5)} s"


def distribution(r: random.Random, low_s: int, high_s: int) -> Tree:
    """Return any distribution of the language with a mean between two bounds in seconds; constants often."""
    mean = {"mean": duration(r, low_s, high_s)}
    kind = r.choice(DISTRIBUTIONS)
    chosen: Tree = {"distribution": kind, **mean}
    if kind in ("lognormal", "gamma"):
        chosen["cv"] = r.choice((0.3, 1.0, 1.5))
    elif kind == "erlang":
        chosen["phases"] = r.choice((2, 4))
    elif kind == "weibull":
        chosen["shape"] = r.choice((0.7, 1.4))
    elif kind == "hyperexponential":
        chosen["cv"] = r.choice((1.2, 2.0))
    elif kind == "uniform":
        chosen = {"distribution": kind, "low": f"{low_s} s", "high": f"{high_s} s"}
    elif kind == "triangular":
        chosen = {
            "distribution": kind,
            "low": f"{low_s} s",
            "mode": f"{(low_s + high_s) // 2} s",
            "high": f"{high_s} s",
        }
    elif kind == "mixture":
        chosen = {
            "mixture": [
                {"weight": "30 %", "distribution": "constant", **mean},
                {"weight": "70 %", "distribution": "exponential", **mean},
            ]
        }
    elif kind in {"table", "samples"}:
        chosen = {"distribution": kind, **_measured(r, kind, low_s, high_s)}
    if kind not in {"mixture", "table"}:
        if r.random() < 0.15:
            chosen["at_most"] = f"{high_s * 2} s"
        if r.random() < 0.1:
            chosen["at_least"] = f"{low_s} s"
    return chosen


def _measured(r: random.Random, kind: str, low_s: int, high_s: int) -> Tree:
    """Return the points or the file of a distribution that was measured."""
    if kind == "samples":
        files = ({"file": "talks.csv"}, {"file": "talks.csv", "column": "seconds"})
        return r.choice((*files, {"file": "talks.xlsx", "sheet": "talks"}))
    if r.random() < 0.3:
        return {"cumulative": {f"{low_s} s": 0, f"{high_s} s": 1}}
    return {"survival": {"0 s": 1, f"{low_s} s": 0.6, f"{high_s} s": 0}}


def percent(r: random.Random, low: int, high: int) -> str:
    """Return a share in whole percent."""
    return f"{r.randint(low, high)} %"
