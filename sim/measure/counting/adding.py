"""Adding up: one record's amounts go into all sums of its table that are wanted, by their rows and periods."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.counting.time import Slots, slot_of
from sim.measure.machine_code import hot

Ints = NDArray[np.int64]
Small = NDArray[np.int32]


class Sheet(NamedTuple):
    """The sums of one table that are wanted, one after the other, each of shape (rows, periods, columns)."""

    sums: Ints
    row: Small
    """(sums, cells) the row of each cell; -1 for none."""
    period: Small
    """(sums, slots) the period of each slot."""
    edges: Ints
    """(sums, periods + 1) of the longest, ms."""
    place: Ints
    """(sums,) where each begins."""
    periods: Ints
    columns: Ints
    """(sums,) how many each has of both."""
    all: NDArray[np.bool_]
    """(sums,) whether it has every column."""
    column: Small
    """(sums, columns) the table's columns, increasing."""
    group: Small
    """(sums, groups + 1) where groups of columns begin among those that it has."""
    at: Small
    """(sums, columns of the table) where it has each; -1 for none."""


@hot
def add(sheet: Sheet, cell: int, slot: int, amounts: Ints, group: int, past_group: int) -> None:
    """Add a record's amounts of some groups of counters, one after the other, to its cell and slot."""
    for sums in range(len(sheet.place)):
        row = sheet.row[sums, cell]
        first, past = sheet.group[sums, group], sheet.group[sums, past_group]
        if row < 0 or first == past:
            continue
        place = sheet.place[sums] + (row * sheet.periods[sums] + sheet.period[sums, slot]) * sheet.columns[sums]
        total = sheet.sums[place + first : place + past]
        if sheet.all[sums]:
            own = amounts[first:past]
            for column in range(len(own)):
                total[column] += own[column]
        else:
            columns = sheet.column[sums, first:past]
            for column in range(len(columns)):
                total[column] += amounts[columns[column]]


@hot
def spread(sheet: Sheet, slots: Slots, cell: int, column: int, begin: int, end: int, weight: int) -> None:
    """Add the time (ms, times the weight) that a span spends in each period.

    What is added is the time from its begin to the end of that period, and that one more span runs from then on; the
    same is taken off at its end. `Wanted` carries on what runs.
    """
    begin = min(max(begin, slots.edges[0]), slots.edges[-1])
    end = min(max(end, slots.edges[0]), slots.edges[-1])
    if begin == end:
        return
    _runs(sheet, slots, cell, column, begin, weight)
    _runs(sheet, slots, cell, column, end, -weight)


@hot
def _runs(sheet: Sheet, slots: Slots, cell: int, column: int, at: int, weight: int) -> None:
    if at == slots.edges[-1]:
        return
    slot = slot_of(slots, at)
    for sums in range(len(sheet.place)):
        row, own = sheet.row[sums, cell], sheet.at[sums, column]
        if row < 0 or own < 0:
            continue
        period = sheet.period[sums, slot]
        place = sheet.place[sums] + (row * sheet.periods[sums] + period) * sheet.columns[sums] + own
        sheet.sums[place] += (sheet.edges[sums, period + 1] - at) * weight
        sheet.sums[place + 1] += weight
