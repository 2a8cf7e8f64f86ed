"""Clocks of promises: time that counts only while the hours of a channel or tier are open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.scenario.calendar import open_time

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Clocks:
    """The clock of each of several channels, or tiers.

    Parameters
    ----------
    spans
        Per channel or tier, shape (spans, 2): when its clock runs (ms); None where it always runs.
    end
        End of the scenario, ms.
    """

    spans: tuple[Ints | None, ...]
    end: int

    def elapsed(self, of: Ints, begin: Ints, end: Ints) -> Ints:
        """Give the time (ms) from `begin` to `end` on the clock of each record's channel or tier."""
        elapsed = end - begin
        for number, spans in enumerate(self.spans):
            if spans is not None:
                mine = of == number
                elapsed[mine] = open_time(spans, end[mine]) - open_time(spans, begin[mine])
        return elapsed

    def left(self, of: Ints, begin: Ints) -> Ints:
        """Give the time (ms) on the clock from `begin` to the end of the scenario.

        A promise of T is due if this is more than T: only then has its last good instant passed before the end.
        """
        return self.elapsed(of, begin, np.full_like(begin, self.end))
