"""Factors on the work of pools for which there is no formula, found by halving between what fails and what holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

DEAREST: Final = 4.0
"""Largest factor on the work of a pool."""
NEAR: Final = 0.03
"""Between factors: halved no further."""


@dataclass
class Factors:
    """Factors on the work of pools, found by halving between what fails and what holds."""

    now: dict[int, float] = field(default_factory=dict)
    fails: dict[int, float] = field(default_factory=dict)
    holds: dict[int, float] = field(default_factory=dict)

    def move(self, pool: int, *, short: bool) -> None:
        """Note whether a pool's factor holds, and choose the next."""
        now = self.now.get(pool, 1.0)
        (self.fails if short else self.holds)[pool] = now
        low, high = self.fails.get(pool), self.holds.get(pool)
        if low is None:
            assert high is not None, "noted just now"
            self.now[pool] = max(high * 0.85, 0.4)
        elif high is None or high <= low:
            self.now[pool] = min(low * 1.2, DEAREST)
        else:
            self.now[pool] = float(np.sqrt(low * high)) if high / low > 1 + NEAR else high
