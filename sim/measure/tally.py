"""Sums of one kind of record by counter, cell and period, as whole numbers.

What is to be added up is kept as columns of records, and added up for the cells and periods that are asked for: memory
grows with the records, not with cells × intervals × counters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.measure.cells import Cells
from sim.measure.histogram import BINS, Histogram, key_of
from sim.measure.periods import Periods
from sim.measure.spans import Spans

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_EXACT_IN_FLOAT: Final = 2**53


@dataclass(frozen=True)
class Rows:
    """Rows that share no cell."""

    number: int
    of_cell: Ints
    """(cells,) the row that each cell belongs to; `number` for none."""

    @classmethod
    def each(cls, cells: int) -> Rows:
        """Give every cell its row."""
        return cls(cells, np.arange(cells))


class Counter(Protocol):
    """What can be added up by rows and periods."""

    def by(self, rows: Rows, periods: Periods, per: str) -> Ints:
        """Give the sums of shape (rows, periods)."""


@dataclass(frozen=True)
class _Counted:
    """Records that are counted, or weighed, in the slot of an instant."""

    parts: list[tuple[Ints, Ints, Bools | None, Ints | None]]
    """(cell, slot, which records, weight)."""
    places: dict[tuple[int, int], Ints]
    """Of the pairs of columns (cell, slot) that were asked last, by identity: the place of each record in the sums."""

    def by(self, rows: Rows, periods: Periods, per: str) -> Ints:
        number = periods.count(per)
        size = (rows.number + 1) * number
        total = np.zeros(size, np.int64)
        for cell, slot, which, weigh in self.parts:
            place = self.places.get((id(cell), id(slot)))
            if place is None:
                place = rows.of_cell[cell] * number + periods.of_slot(per)[slot]
                self.places[id(cell), id(slot)] = place
            place = place if which is None else place[which]
            weight = weigh if weigh is None or which is None else weigh[which]
            if weight is None:
                total += np.bincount(place, minlength=size)
            elif float(np.abs(weight).sum(dtype=np.float64)) < _EXACT_IN_FLOAT:
                total += np.bincount(place, weight, minlength=size).astype(np.int64)  # whole numbers below 2^53
            else:
                np.add.at(total, place, weight)
        return total.reshape(-1, number)[: rows.number]


@dataclass(frozen=True)
class _Spread:
    """Spans of time, each spread over the slots that it covers."""

    parts: list[tuple[Spans, int]]
    """(spans within measured time, weight)."""

    def by(self, rows: Rows, periods: Periods, per: str) -> Ints:
        edges = periods.edges_of(per)
        total = np.zeros((rows.number + 1, len(edges) - 1), np.int64)
        for spans, weight in self.parts:
            row = rows.of_cell[spans.owner]
            after = (_time_after(total.shape, edges, row, at) for at in (spans.begin, spans.end))
            total += (next(after) - next(after)) * weight
        return total[: rows.number]


def _time_after(shape: tuple[int, ...], edges: Ints, row: Ints, at: Ints) -> Ints:
    """Give, per row and period, the sum over instants of the period's time that lies after the instant."""
    rows, number = shape
    period = np.minimum(np.searchsorted(edges, at, side="right") - 1, number - 1)
    place = row * number + period
    part = edges[period + 1] - at
    if float(part.sum(dtype=np.float64)) < _EXACT_IN_FLOAT:
        own = np.bincount(place, part, minlength=rows * number).astype(np.int64)
    else:
        own = np.zeros(rows * number, np.int64)
        np.add.at(own, place, part)
    counted = np.bincount(place, minlength=rows * number).reshape(shape)
    earlier = np.cumsum(counted, axis=1) - counted
    after: Ints = own.reshape(shape) + earlier * np.diff(edges)
    return after


@dataclass(frozen=True)
class _Fixed:
    """Amounts that are given by cell and slot."""

    values: Ints

    def by(self, rows: Rows, periods: Periods, per: str) -> Ints:
        total = np.zeros((rows.number + 1, periods.count(per)), np.int64)
        np.add.at(total, rows.of_cell, np.add.reduceat(self.values, periods.first_slots(per), axis=1))
        return total[: rows.number]


@dataclass(frozen=True)
class _Levels:
    """What does not add up over time: worked out for the edges of any periods, shape (cells, periods)."""

    between: Callable[[Ints], Ints]

    def by(self, rows: Rows, periods: Periods, per: str) -> Ints:
        total = np.zeros((rows.number + 1, periods.count(per)), np.int64)
        np.add.at(total, rows.of_cell, self.between(periods.edges_of(per)))
        return total[: rows.number]


@dataclass(frozen=True)
class Samples:
    """Values of one kind, record by record. Shape of each column: (records,)."""

    cell: Ints
    slot: Ints
    value: Ints
    """ms; meaningless of records that are not chosen."""
    which: Bools


@dataclass(frozen=True)
class Sums:
    """Counters of one table.

    Parameters
    ----------
    cells
        What is told apart.
    periods
        Of measured time.
    counters
        By name.
    samples
        Per kind, the values of which histograms are kept.
    places
        Shared by the counters of one table.
    """

    cells: Cells
    periods: Periods
    counters: dict[str, Counter]
    samples: dict[str, Samples]
    places: dict[tuple[int, int], Ints]

    def by(self, counters: Iterable[str], rows: Rows, per: str) -> Ints:
        """Give counters by row and period, shape (counters, rows, periods).

        Of `peaks` and `oldest` a row must be a single cell.
        """
        self.places.clear()
        found = np.stack([self.counters[name].by(rows, self.periods, per) for name in counters])
        self.places.clear()
        return found

    @cached_property
    def values(self) -> dict[str, Ints]:
        """By counter, shape (cells, slots): the finest there is."""
        by_slot = self.by(self.counters, Rows.each(len(self.cells)), "slot")
        return dict(zip(self.counters, by_slot, strict=True))

    @property
    def histogram(self) -> Histogram:
        """How many values there are by kind and cell: kind k's cell c is cell k × cells + c."""
        keys: dict[tuple[int, int], Ints] = {}  # kinds of value share columns
        parts = [np.empty(0, np.int64)]
        for kind, one in enumerate(self.samples.values()):
            columns = id(one.cell), id(one.value)
            if columns not in keys:
                keys[columns] = key_of(one.cell, one.value)
            parts.append(keys[columns][one.which] + kind * len(self.cells) * BINS)
        return Histogram.of_keys(np.concatenate(parts))


@dataclass
class Tally:
    """Takes records in for the Sums of one table.

    Records of before the measured time must be left out by the caller; spans of time are cut to it here.
    """

    cells: Cells
    periods: Periods
    counters: dict[str, Counter] = field(default_factory=dict)
    samples: dict[str, Samples] = field(default_factory=dict)
    _places: dict[tuple[int, int], Ints] = field(default_factory=dict)

    def count(
        self, counter: str, cell: Ints, slot: Ints, which: Bools | None = None, weight: Ints | None = None
    ) -> None:
        """Add 1, or the record's weight, for each record (that `which` chooses) to its cell and slot."""
        counted = self.counters.setdefault(counter, _Counted([], self._places))
        assert isinstance(counted, _Counted)
        counted.parts.append((cell, slot, which, weight))

    def spread(self, counter: str, spans: Spans, weight: int = 1) -> None:
        """Add the time that each span spends in each slot (ms, times the weight) to the cell that owns it."""
        spread = self.counters.setdefault(counter, _Spread([]))
        assert isinstance(spread, _Spread)
        begin, end = (np.clip(at, self.periods.begin, self.periods.end) for at in (spans.begin, spans.end))
        spread.parts.append((Spans(spans.owner, begin, end), weight))

    def fixed(self, counter: str, values: Ints) -> None:
        """Take amounts by cell and slot."""
        self.counters[counter] = _Fixed(values)

    def levels(self, counter: str, between: Callable[[Ints], Ints]) -> None:
        """Take what can be worked out, by cell, for the periods between any edges."""
        self.counters[counter] = _Levels(between)

    def histogram(self, kind: str, cell: Ints, slot: Ints, value: Ints, which: Bools) -> None:
        """Keep the values (ms) of the chosen records for the histogram of a kind."""
        self.samples[kind] = Samples(cell, slot, value, which)

    def sums(self) -> Sums:
        """Give what was taken in."""
        return Sums(self.cells, self.periods, self.counters, self.samples, self._places)
