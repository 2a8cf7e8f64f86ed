"""What arguments of the formulas may be."""

from __future__ import annotations

import math
from operator import index
from typing import Final

SECONDS_PER_HOUR: Final = 3600.0


def whole(agents: int) -> int:
    """Check a number of agents."""
    try:
        number = index(agents)
    except TypeError:
        number = -1
    if number < 0:
        raise ValueError(f"agents: got {agents!r}, must be a whole number from 0")
    return number


def at_least(name: str, value: float, least: float) -> float:
    """Check a finite number that may be `least`."""
    if not least <= value < math.inf:
        raise ValueError(f"{name}: got {value!r}, must be a finite number from {least:g}")
    return float(value)


def more_than(name: str, value: float, bound: float) -> float:
    """Check a finite number that may not be `bound`."""
    if not bound < value < math.inf:
        raise ValueError(f"{name}: got {value!r}, must be a finite number above {bound:g}")
    return float(value)
