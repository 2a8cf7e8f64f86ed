"""A grid of narrow cells of time, on which contacts come, stay, and leave."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, gcd
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from sim.scenario.units import MINUTE_MS

if TYPE_CHECKING:
    from sim.demand.laws import Law

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WIDEST_CELL_MS: Final = MINUTE_MS
NEGLIGIBLE: Final = 1e-10
"""Share of contacts whose longer stay, or further way, is not followed."""


@dataclass(frozen=True)
class CellGrid:
    """Cells of equal width, so many to each interval."""

    width: float
    """ms."""
    edges: Ints
    """(cells + 1,) ms, rounded."""
    first_cell: Ints
    """(intervals,) of each interval."""
    _kernels: dict[tuple[int, float], tuple[Law, Floats]] = field(default_factory=dict, repr=False, compare=False)
    """By (identity, scale): the law, and who stays on."""

    @classmethod
    def over(cls, edges: Ints) -> CellGrid:
        """Divide intervals into the fewest equal cells that are narrow enough."""
        step = gcd(*np.diff(edges).tolist())
        width = step / ceil(step / WIDEST_CELL_MS)
        first = np.rint((edges - edges[0]) / width).astype(np.int64)
        return cls(width, edges[0] + np.rint(np.arange(first[-1] + 1) * width).astype(np.int64), first[:-1])

    def of_cells(self, number: int) -> CellGrid:
        """Give a grid of the first so many cells, one interval."""
        return CellGrid(self.width, self.edges[: number + 1], self.first_cell[:1])

    @property
    def cells(self) -> int:
        """How many."""
        return len(self.edges) - 1

    @property
    def cells_of_intervals(self) -> Ints:
        """(intervals,) how many."""
        return np.diff(np.append(self.first_cell, self.cells))

    def spread(self, by_interval: Floats) -> Floats:
        """Spread what comes in each interval evenly over its cells."""
        return np.repeat(by_interval / self.cells_of_intervals, self.cells_of_intervals)

    def mean(self, at_edges: Floats) -> Floats:
        """Give the means over intervals of lines between the edges of cells."""
        between = (at_edges[:, :-1] + at_edges[:, 1:]) / 2
        return np.add.reduceat(between, self.first_cell, axis=1) / self.cells_of_intervals

    def present(self, arriving: Floats, law: Law, scale: float) -> Floats:
        """Give how many are there at each edge, of those who arrive in the cells and stay for `scale` × the law."""
        there = np.zeros(self.cells + 1)
        kernel = self._stays_on(law, scale)
        if len(kernel):
            there[1:] = np.maximum(signal.oaconvolve(arriving, kernel)[: self.cells], 0.0)
        return there

    def leaving(self, arriving: Floats, law: Law, scale: float) -> Floats:
        """Give how many leave in each cell, of the same."""
        return np.maximum(arriving - np.diff(self.present(arriving, law, scale)), 0.0)

    def _stays_on(self, law: Law, scale: float) -> Floats:
        """Give the share of a cell's arrivals that is there at the end of it, and of each cell after."""
        if (id(law), scale) not in self._kernels:
            self._kernels[id(law), scale] = law, self._worked_out(law, scale)
        return self._kernels[id(law), scale][1]

    def _worked_out(self, law: Law, scale: float) -> Floats:
        if scale == 0 or law.mean == 0:
            return np.zeros(0)
        ages = np.arange(self.cells + 1, dtype=np.float64) * np.float64(self.width / scale)
        longer = law.tails(ages)[1] > NEGLIGIBLE
        last = min(int(np.flatnonzero(longer)[-1]) + 1 if longer.any() else 1, self.cells)
        stayed = np.array([law.limited_mean(float(age)) for age in ages[: last + 1]])
        return np.diff(stayed) * (scale / self.width)
