"""What is wanted of the sums of a table, and the sheet on which it is added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from sim.measure.counters import Columns
from sim.measure.counting.adding import NO_SLOT, Sheet
from sim.measure.periods import Periods

Ints = NDArray[np.int64]


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

    @classmethod
    def one(cls, cells: int, of: Ints) -> Rows:
        """Give one row of some of the cells."""
        of_cell = np.ones(cells, np.int64)
        of_cell[of] = 0
        return cls(1, of_cell)

    def added(self, values: Ints) -> Ints:
        """Add up values of shape (counters, cells, periods) by row."""
        counters, cells, periods = values.shape
        if self.number == cells and (self.of_cell == np.arange(self.number)).all():
            return values
        total = np.zeros((counters, self.number, periods), np.int64)
        for cell in np.flatnonzero(self.of_cell < self.number):
            total[:, self.of_cell[cell]] += values[:, cell]
        return total


@dataclass(frozen=True)
class Wanted:
    """Counters of a table by rows and periods."""

    table: str
    counters: tuple[str, ...]
    rows: Rows
    per: str
    """run, week, day, hour, interval or slot."""

    def of_slots(self, values: Mapping[str, Ints], periods: Periods) -> Ints:
        """Give it, shape (counters, rows, periods), of counters by cell and slot that add up."""
        if not self.counters:
            return np.zeros((0, self.rows.number, periods.count(self.per)), np.int64)
        first, parts = periods.first_slots(self.per), [values[counter] for counter in self.counters]
        if len(first) < len(periods.slots) - 1:
            parts = [np.add.reduceat(part, first, axis=1) for part in parts]
        return self.rows.added(np.stack(parts))


class Ledger:
    """All sums that are wanted of one table: worked out once, added up on a sheet of its own for each replication.

    Parameters
    ----------
    wanted
        Counters of the table.
    standing
        By number, those of `wanted` of which not the time of spans is wanted but how many stand at the end of each
        period.
    """

    def __init__(
        self,
        cells: int,
        periods: Periods,
        columns: Columns,
        wanted: Sequence[Wanted],
        standing: Sequence[int] = (),
    ) -> None:
        self._periods, self._table, self._wanted, self._standing = periods, columns, wanted, frozenset(standing)
        self._columns = [self._columns_of(one) for one in wanted]
        counts = [periods.count(one.per) for one in wanted]
        sizes = [
            one.rows.number * count * len(of) for one, count, of in zip(wanted, counts, self._columns, strict=True)
        ]
        slots, longest = len(periods.slots) - 1, max(counts, default=0)
        self._size = sum(sizes)
        number, most = len(wanted), max(map(len, self._columns), default=0)
        row, period = np.full((number, cells), -1, np.int32), np.zeros((number, slots), np.int32)
        edges, column = np.zeros((number, longest + 1), np.int64), np.zeros((number, most), np.int32)
        group = np.zeros((number, len(columns.groups)), np.int32)
        at = np.full((number, len(columns.names)), -1, np.int32)
        for which, (one, of) in enumerate(zip(wanted, self._columns, strict=True)):
            row[which] = np.where(one.rows.of_cell < one.rows.number, one.rows.of_cell, -1)
            period[which] = periods.of_slot(one.per)
            edges[which, : counts[which] + 1] = periods.edges_of(one.per)
            column[which, : len(of)] = of
            group[which] = np.searchsorted(of, columns.groups)
            at[which, of] = np.arange(len(of))
        runs = np.zeros((cells, 2 * len(columns.spread), 3), np.int64)
        runs[:, :, 0] = NO_SLOT
        self._blank = Sheet(
            np.empty(0, np.int64),
            np.zeros((cells, len(columns.names)), np.int64),
            np.full((len(columns.groups) - 1, cells), NO_SLOT, np.int32),
            np.array(columns.groups, np.int64),
            runs,
            row,
            period,
            edges,
            np.cumsum([0, *sizes], dtype=np.int64)[:-1],
            np.array(counts, np.int64),
            np.array([len(of) for of in self._columns], np.int64),
            column,
            group,
            at,
        )

    def _columns_of(self, wanted: Wanted) -> list[int]:
        own = [self._table.of[counter] for counter in wanted.counters]
        return sorted({*own, *(column + 1 for column in own if column in self._table.spread)})

    def sheet(self) -> Sheet:
        """Give an empty sheet."""
        blank = self._blank
        return blank._replace(
            sums=np.zeros(self._size, np.int64), open=blank.open.copy(), slot=blank.slot.copy(), runs=blank.runs.copy()
        )

    def sums(self, sheet: Sheet) -> list[Ints]:
        """Give all that is wanted from a sheet, each of shape (counters, rows, periods)."""
        found = []
        for which, one in enumerate(self._wanted):
            shape = one.rows.number, self._periods.count(one.per), len(self._columns[which])
            place, own = int(sheet.place[which]), sheet.at[which]
            by_column = sheet.sums[place : place + prod(shape)].reshape(shape).transpose(2, 0, 1)
            for column in self._table.spread:
                if own[column] >= 0:
                    self._carry(by_column, int(own[column]), which)
            found.append(by_column[own[[self._table.of[counter] for counter in one.counters]]])
        return found

    def _carry(self, by_column: Ints, at: int, which: int) -> None:
        """Make of what begins and ends in each period the time of spans, or how many stand at its end."""
        time, runs = by_column[at], by_column[at + 1]
        if which in self._standing:
            np.cumsum(runs, axis=1, out=time)
        else:
            carry(time, runs, self._periods.widths(self._wanted[which].per))


def carry(time: Ints, runs: Ints, widths: Ints) -> None:
    """Add to the time of spans in each period that of those that ran on from the periods before.

    Parameters
    ----------
    time, runs
        Shape (rows, periods): time from their begins, less that from their ends, to the end of the period; how many
        more begin than end.
    widths
        Of the periods, ms.
    """
    time += (np.cumsum(runs, axis=1) - runs) * widths
