"""The square-root rule: agents = load + β √load, the safety β from the share of contacts that may wait.

It is the limit of the formulas for many agents, and close to them from a few on. With many agents a small safety does:
that is the gain of pooling.
"""

from __future__ import annotations

import math

import scipy

from sim.staffing.erlang.arguments import at_least, more_than


def square_root_waits(safety: float, patience_ratio: float = math.inf) -> float:
    """Share of contacts that waits with a safety β, in the limit of many agents.

    With h(x) = φ(x) / Φ(−x), the hazard of the normal law, and r the handle time ÷ the patience, the share is
    1 / (1 + √r h(β/√r) / h(−β)) (Garnett, Mandelbaum & Reiman 2002); where patience has no end it is
    1 / (1 + β Φ(β) / φ(β)), for β above 0 (Halfin & Whitt 1981).

    Parameters
    ----------
    safety
        β; more than 0 where patience has no end.
    patience_ratio
        Mean patience ÷ mean handle time, more than 0.

    Examples
    --------
    >>> round(square_root_waits(1.0), 3), round(square_root_waits(0.0, patience_ratio=1), 3)
    (0.223, 0.5)
    """
    if patience_ratio == math.inf:
        pull = more_than("safety", safety, 0.0)
    else:
        root = math.sqrt(1.0 / more_than("patience_ratio", patience_ratio, 0.0))
        pull = root * _hazard(safety / root)
    calm = _hazard(-safety)
    return calm / (calm + pull)


def square_root_safety(waits: float, patience_ratio: float = math.inf) -> float:
    """Safety β with which a share of the contacts waits: the inverse of `square_root_waits`.

    Examples
    --------
    >>> round(square_root_safety(0.2), 2)
    1.06
    """
    if not 0 < waits < 1:
        raise ValueError(f"waits: got {waits!r}, must be above 0 and below 1")
    low, high = (math.ulp(0.0) if patience_ratio == math.inf else -1.0), 1.0
    while square_root_waits(high, patience_ratio) > waits:
        high *= 2
    while low < 0 and square_root_waits(low, patience_ratio) < waits:
        low *= 2
    return float(scipy.optimize.brentq(lambda safety: square_root_waits(safety, patience_ratio) - waits, low, high))


def square_root_agents(load_erlangs: float, waits: float, patience_ratio: float = math.inf) -> int:
    """Agents by the square-root rule: load + β √load, rounded up; none without load.

    Examples
    --------
    >>> square_root_agents(100.0, waits=0.2)
    111
    """
    load = at_least("load_erlangs", load_erlangs, 0.0)
    return max(math.ceil(load + square_root_safety(waits, patience_ratio) * math.sqrt(load)), 0)


def _hazard(x: float) -> float:
    """φ(x) / Φ(−x), by the scaled complementary error function: no overflow where the normal tail is nothing."""
    return math.sqrt(2.0 / math.pi) / float(scipy.special.erfcx(x / math.sqrt(2.0)))
