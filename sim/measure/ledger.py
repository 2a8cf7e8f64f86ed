"""What is wanted of the sums of a table, and the sheet on which it is added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.demand.columns import column as long_column
from sim.measure.counters import Columns
from sim.measure.counting.adding import NO_LINE, NO_SLOT, Sheet
from sim.measure.periods import Periods

Ints = NDArray[np.int64]
Small = NDArray[np.int32]
N = TypeVar("N", np.int32, np.int64)


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

    @property
    def are_cells(self) -> bool:
        """Whether every cell has its row."""
        return self.number == len(self.of_cell) and bool((self.of_cell == np.arange(self.number)).all())

    def added(self, values: Ints) -> Ints:
        """Add up values of shape (counters, cells, periods) by row."""
        counters, _, periods = values.shape
        if self.are_cells:
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


@dataclass(frozen=True)
class Amounts:
    """What was wanted, of those rows of which there is anything."""

    values: Ints
    """(counters, these rows, periods)"""
    number: int
    """Of all rows."""
    rows: Ints | None = None
    """Which rows these are; None: all of them."""

    @property
    def whole(self) -> Ints:
        """Those of all rows, shape (counters, rows, periods)."""
        if self.rows is None:
            return self.values
        counters, _, periods = self.values.shape
        whole = np.zeros((counters, self.number, periods), np.int64)
        whole[:, self.rows] = self.values
        return whole


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
        of_cells = [one.rows.are_cells for one in wanted]
        self._order = sorted(range(len(wanted)), key=lambda which: not of_cells[which])
        """First the sums of each cell."""
        self._own = sum(of_cells)
        self._periods, self._table, self._standing = periods, columns, frozenset(standing)
        self._wanted = [wanted[which] for which in self._order]
        self._columns = [self._columns_of(one) for one in self._wanted]
        counts = [periods.count(one.per) for one in self._wanted]
        rows = [1] * self._own + [one.rows.number for one in self._wanted[self._own :]]
        sizes = [row * count * len(of) for row, count, of in zip(rows, counts, self._columns, strict=True)]
        self._sizes = sum(sizes[: self._own]), sum(sizes[self._own :])
        slots, longest = len(periods.slots) - 1, max(counts, default=0)
        number, most = len(wanted), max(map(len, self._columns), default=0)
        period, shape = np.zeros((number, slots), np.int32), np.zeros((number, 3), np.int64)
        edges, column = np.zeros((number, longest + 1), np.int64), np.zeros((number, most), np.int32)
        group = np.zeros((number, len(columns.groups)), np.int32)
        at = np.full((number, len(columns.names)), -1, np.int32)
        for which, (one, of) in enumerate(zip(self._wanted, self._columns, strict=True)):
            first = sum(sizes[self._own if which >= self._own else 0 : which])
            period[which] = periods.of_slot(one.per)
            edges[which, : counts[which] + 1] = periods.edges_of(one.per)
            shape[which] = first, counts[which], len(of)
            column[which, : len(of)] = of
            group[which] = np.searchsorted(of, columns.groups)
            at[which, of] = np.arange(len(of))
        asked = sorted({one for of in self._columns[self._own :] for one in of})
        ends = np.any(period[: self._own, 1:] != period[: self._own, :-1], axis=0)
        of_cell, row = _classes(cells, [one.rows for one in self._wanted[self._own :]])
        self._classes = row.shape[1]
        self._blank = Sheet(
            np.append(np.full(cells, NO_LINE, np.int32), np.int32(self._classes)),
            of_cell,
            np.empty(0, np.int32),
            np.empty((0, len(columns.names)), np.int64),
            np.empty((0, len(asked)), np.int64),
            np.empty((0, len(columns.groups) - 1), np.int32),
            np.empty((0, 2 * len(columns.spread), 3), np.int64),
            np.array(asked, np.int32),
            np.searchsorted(asked, columns.groups).astype(np.int32),
            np.append(0, np.cumsum(ends)).astype(np.int32),
            np.empty((0, self._sizes[0]), np.int64),
            np.empty(0, np.int64),
            np.array(columns.groups, np.int64),
            row,
            period,
            edges,
            shape,
            column,
            group,
            at,
        )

    def _columns_of(self, wanted: Wanted) -> list[int]:
        own = [self._table.of[counter] for counter in wanted.counters]
        return sorted({*own, *(column + 1 for column in own if column in self._table.spread)})

    def sheet(self, records: int) -> Sheet:
        """Give an empty sheet for so many records."""
        blank, classes = self._blank, self._classes
        lines = classes + min(len(blank.line) - 1, records)
        sheet = blank._replace(
            line=blank.line.copy(),
            of_line=np.empty(lines, np.int32),
            open=_rows(lines, blank.open),
            told=_rows(lines, blank.told),
            slot=_rows(lines, blank.slot),
            runs=_rows(lines, blank.runs),
            own=_rows(lines, blank.own),
            sums=np.zeros(self._sizes[1], np.int64),
        )
        sheet.open[:classes], sheet.slot[:classes], sheet.runs[:classes, :, 0] = 0, NO_SLOT, NO_SLOT
        return sheet

    def sums(self, sheet: Sheet) -> list[Amounts]:
        """Give all that is wanted from a sheet."""
        used = int(sheet.line[-1])
        met = np.flatnonzero(sheet.line[:-1] != NO_LINE)
        cells = np.empty(used - self._classes, np.int64)
        cells[sheet.line[met] - self._classes] = met
        found: list[Amounts] = [Amounts(np.empty((0, 0, 0), np.int64), 0)] * len(self._wanted)
        for which, (place, one) in enumerate(zip(self._order, self._wanted, strict=True)):
            first, periods, columns = sheet.shape[which].tolist()
            if which < self._own:
                part = sheet.own[self._classes : used, first : first + periods * columns]
                found[place] = Amounts(self._given(part, which), one.rows.number, cells)
            else:
                part = sheet.sums[first : first + one.rows.number * periods * columns]
                found[place] = Amounts(self._given(part, which), one.rows.number)
        return found

    def _given(self, part: Ints, which: int) -> Ints:
        """Give what is wanted of sums of shape (rows, periods, columns), as (counters, rows, periods)."""
        of, at = self._blank.shape[which], self._blank.at[which]
        by_row = part.reshape(-1, of[1], of[2])
        for column in self._table.spread:
            if at[column] >= 0:
                self._carry(by_row[:, :, at[column]], by_row[:, :, at[column] + 1], which)
        columns = at[[self._table.of[counter] for counter in self._wanted[which].counters]]
        given: Ints = np.take(by_row, columns, axis=2)
        return given.transpose(2, 0, 1)

    def _carry(self, time: Ints, runs: Ints, which: int) -> None:
        """Make of what begins and ends in each period the time of spans, or how many stand at its end."""
        if self._order[which] in self._standing:
            time[:] = running(runs)
        else:
            carry(time, runs, self._periods.widths(self._wanted[which].per))


def _rows(rows: int, like: NDArray[N]) -> NDArray[N]:
    """Make room for rows like those of an array that has none."""
    room: NDArray[N] = long_column(rows * prod(like.shape[1:]), like.dtype)
    return room.reshape(rows, *like.shape[1:])


def _classes(cells: int, sums: Sequence[Rows]) -> tuple[Small, Small]:
    """Tell cells apart by the rows that they belong to in some sums.

    Returns
    -------
    tuple[Small, Small]
        The class of each cell, none without sums; and the row of each class, shape (sums, classes), -1 for none.
    """
    if not sums:
        return np.empty(0, np.int32), np.empty((0, 0), np.int32)
    of_cell, first = np.zeros(cells, np.int64), np.zeros(min(cells, 1), np.int64)
    for rows in sums:
        _, first, of_cell = np.unique(
            of_cell * (rows.number + 1) + rows.of_cell, return_index=True, return_inverse=True
        )
    row = np.array([np.where(rows.of_cell < rows.number, rows.of_cell, -1)[first] for rows in sums], np.int32)
    return of_cell.astype(np.int32), row


def carry(time: Ints, runs: Ints, widths: Ints) -> None:
    """Add to the time of spans in each period that of those that ran on from the periods before.

    Parameters
    ----------
    time, runs
        Shape (..., periods): time from their begins, less that from their ends, to the end of the period; how many
        more begin than end.
    widths
        Of the periods, ms.
    """
    if runs.shape[-1] > 1:
        time += (running(runs) - runs) * widths


def running(runs: Ints) -> Ints:
    """Give how many run at the end of each period, of how many more begin than end in it; shape (..., periods)."""
    rows, periods = prod(runs.shape[:-1]), runs.shape[-1]
    if rows < periods:
        return np.cumsum(runs, axis=-1)
    found = runs.copy()
    for period in range(1, periods):  # all rows at once: to begin a row takes longer than to add a number
        found[..., period] += found[..., period - 1]
    return found
