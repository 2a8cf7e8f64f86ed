"""Adding up: the amounts of a cell are gathered while its slot is the same, then put where they are wanted.

Records come nearly in order of time. So what is wanted of a table, by whatever rows and periods, is looked at only when
a cell goes on to another slot; a record's amounts go to one place.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.counting.time import Slots, slot_near
from sim.measure.machine_code import hot, rule

Ints = NDArray[np.int64]
Small = NDArray[np.int32]

NO_SLOT = -1
"""Nothing is gathered."""


class Sheet(NamedTuple):
    """The sums of one table that are wanted, one after the other, each of shape (rows, periods, columns)."""

    sums: Ints
    open: Ints
    """(cells, columns of the table) the amounts of one slot that are not yet in the sums."""
    slot: Small
    """(groups, cells) that slot, for each group of columns; NO_SLOT without amounts."""
    begins: Ints
    """(groups + 1,) where groups of columns begin."""
    runs: Ints
    """(cells, columns, 3) of time by the clock, in each pair of columns what begins and what ends in one slot: that
    slot, how many spans (times their weights), and the sum of their instants, ms."""
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
    column: Small
    """(sums, columns) the table's columns, increasing."""
    group: Small
    """(sums, groups + 1) where groups of columns begin among those that it has."""
    at: Small
    """(sums, columns of the table) where it has each; -1 for none."""


@hot
def begin_slot(sheet: Sheet, cell: int, slot: int, first: int, past: int) -> None:
    """Have what is added to a cell's open amounts from now on, in some groups of counters, counted to a slot."""
    for group in range(first, past):
        if sheet.slot[group, cell] != slot:
            put_away(sheet, cell, group, slot)


@rule
def put_away(sheet: Sheet, cell: int, group: int, slot: int) -> None:
    """Put the amounts of a group where they are wanted, and begin another slot."""
    before = sheet.slot[group, cell]
    sheet.slot[group, cell] = slot
    if before == NO_SLOT:
        return
    amounts = sheet.open[cell]
    for sums in range(len(sheet.place)):
        row = sheet.row[sums, cell]
        first, past = sheet.group[sums, group], sheet.group[sums, group + 1]
        if row < 0 or first == past:
            continue
        place = sheet.place[sums] + (row * sheet.periods[sums] + sheet.period[sums, before]) * sheet.columns[sums]
        for own in range(first, past):
            sheet.sums[place + own] += amounts[sheet.column[sums, own]]
    amounts[sheet.begins[group] : sheet.begins[group + 1]] = 0


@hot
def spread(sheet: Sheet, slots: Slots, cell: int, column: int, begin: int, end: int, slot: int) -> None:
    """Add the time (ms) that a span spends in each period.

    What is added is the time from its begin to the end of that period, and that one more span runs from then on; the
    same is taken off at its end. `Ledger` carries on what runs.

    Parameters
    ----------
    slot
        Of its begin, or the first one if it begins before measured time.
    """
    first, past = slots.edges[0], slots.edges[-1]
    begin, end = min(max(begin, first), past), min(max(end, first), past)
    if begin == end:
        return
    _run(sheet, cell, column, slot, begin)
    if end != past:
        _run(sheet, cell, column + 1, slot_near(slots, end, slot), end)


@hot
def _run(sheet: Sheet, cell: int, which: int, slot: int, at: int) -> None:
    """Note that a span begins or ends in a slot."""
    runs = sheet.runs[cell, which]
    if runs[0] != slot:
        put_runs_away(sheet, cell, which, slot)
    runs[1] += 1
    runs[2] += at


@rule
def put_runs_away(sheet: Sheet, cell: int, which: int, slot: int) -> None:
    """Put what began or ended in a slot where it is wanted, and begin another slot."""
    runs, column = sheet.runs[cell, which], which & ~1
    before, number, instants = runs[0], runs[1], runs[2]
    runs[0], runs[1], runs[2] = slot, 0, 0
    if before == NO_SLOT:
        return
    sign = 1 if which == column else -1
    for sums in range(len(sheet.place)):
        row, own = sheet.row[sums, cell], sheet.at[sums, column]
        if row < 0 or own < 0:
            continue
        period = sheet.period[sums, before]
        place = sheet.place[sums] + (row * sheet.periods[sums] + period) * sheet.columns[sums] + own
        sheet.sums[place] += sign * (sheet.edges[sums, period + 1] * number - instants)
        sheet.sums[place + 1] += sign * number


@rule
def put_all_away(sheet: Sheet) -> None:
    """Put all that is gathered where it is wanted."""
    for cell in range(len(sheet.open)):
        for group in range(len(sheet.slot)):
            put_away(sheet, cell, group, NO_SLOT)
        for which in range(sheet.runs.shape[1]):
            put_runs_away(sheet, cell, which, NO_SLOT)
