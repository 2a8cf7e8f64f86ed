"""Sums of one kind of record by counter, cell and slot of time, as whole numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.measure.cells import Cells
from sim.measure.histogram import Histogram
from sim.measure.periods import Periods
from sim.measure.spans import Spans

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_EXACT_IN_FLOAT: Final = 2**53


@dataclass(frozen=True)
class Samples:
    """Values of one kind, record by record. Shape of each column: (records,)."""

    cell: Ints
    slot: Ints
    value: Ints
    """ms."""

    @cached_property
    def histogram(self) -> Histogram:
        """How many there are by cell and bin."""
        return Histogram.of(self.cell, self.value)


@dataclass(frozen=True)
class Sums:
    """Counters of one table.

    Parameters
    ----------
    cells
        What the second axis means.
    values
        Per counter, shape (cells, slots).
    samples
        Per kind, the values of which histograms are kept.
    """

    cells: Cells
    values: dict[str, Ints]
    samples: dict[str, Samples]


@dataclass
class Tally:
    """Adds records up into the Sums of one table.

    Records of before the measured time must be left out by the caller; spans of time are cut to it here.
    """

    cells: Cells
    periods: Periods
    values: dict[str, Ints] = field(default_factory=dict)
    samples: dict[str, Samples] = field(default_factory=dict)

    @property
    def _shape(self) -> tuple[int, int]:
        return len(self.cells), len(self.periods.slots) - 1

    def count(
        self, counter: str, cell: Ints, slot: Ints, which: Bools | None = None, weight: Ints | None = None
    ) -> None:
        """Add 1, or the record's weight, for each record (that `which` chooses) to its cell and slot."""
        place = cell * self._shape[1] + slot
        if which is not None:
            place = place[which]
            weight = None if weight is None else weight[which]
        size = self._shape[0] * self._shape[1]
        if weight is None:
            summed = np.bincount(place, minlength=size)
        elif float(np.abs(weight).sum(dtype=np.float64)) < _EXACT_IN_FLOAT:
            summed = np.bincount(place, weight, minlength=size).astype(np.int64)  # exact: whole numbers below 2^53
        else:
            summed = np.zeros(size, np.int64)
            np.add.at(summed, place, weight)
        self._add(counter, summed.reshape(self._shape))

    def spread(self, counter: str, spans: Spans, weight: int = 1) -> None:
        """Add the time that each span spends in each slot (ms, times the weight) to the cell that owns it."""
        begin, end = (np.clip(at, self.periods.begin, self.periods.end) for at in (spans.begin, spans.end))
        self._add(counter, (self._time_after(spans.owner, begin) - self._time_after(spans.owner, end)) * weight)

    def _time_after(self, cell: Ints, at: Ints) -> Ints:
        """Give, per cell and slot, the sum over instants of the slot's time that lies after the instant."""
        cells, slots = self._shape
        edges = self.periods.slots
        slot = np.minimum(self.periods.slot_of(at), slots - 1)
        place = cell * slots + slot
        size = cells * slots
        part = np.zeros(size, np.int64)
        np.add.at(part, place, edges[slot + 1] - at)
        number = np.bincount(place, minlength=size).reshape(cells, slots)
        earlier = np.cumsum(number, axis=1) - number
        return part.reshape(cells, slots) + earlier * np.diff(edges)

    def histogram(self, kind: str, cell: Ints, slot: Ints, value: Ints, which: Bools) -> None:
        """Keep the values (ms) of the chosen records for the histogram of a kind."""
        self.samples[kind] = Samples(cell[which], slot[which], value[which])

    def _add(self, counter: str, summed: Ints) -> None:
        before = self.values.get(counter)
        self.values[counter] = summed if before is None else before + summed

    def sums(self) -> Sums:
        """Give what was added up."""
        return Sums(self.cells, self.values, self.samples)
