"""Adding up: the amounts of a line are gathered while its slot is the same, then put where they are wanted.

Records come nearly in order of time. So what is wanted of a table, by whatever rows and periods, is looked at only when
a line goes on to another slot; a record's amounts go to one place, which is that of its cell. Many cells differ in
nothing but that sums of each cell are wanted: these are a class. What is gathered of a cell goes to its own sums, most
of them by the day, when one of their periods is over. What other sums want of it, which is little but by shorter
periods, is gathered once more with that of its class, which stays in a slot for longer, before it goes to them.

Cells get their lines as records of them come: of a large desk's few ever do.
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
NO_LINE = -1
"""Of a cell of which no record has come."""


class Sheet(NamedTuple):
    """The sums of one table that are wanted: first those of each cell, then those of rows of classes.

    Lines are those of the classes, then those of the cells that have come to be. Without sums of rows there are no
    classes.
    """

    line: Small
    """(cells + 1,) the line of each cell; NO_LINE while there is none. The last is the line that comes next."""
    of_cell: Small
    """(cells,) the class of each cell; empty without classes."""
    of_line: Small
    """(lines,) the class of each cell's line."""
    open: Ints
    """(lines, columns of the table) the amounts that are not yet in the sums: of a class those of one slot, of a cell
    those since a period of its own sums began."""
    told: Ints
    """(lines, columns asked) what of a cell's amounts its class knows of."""
    slot: Small
    """(lines, groups) that slot, for each group of columns; NO_SLOT without amounts."""
    runs: Ints
    """(lines, columns, 3) of time by the clock, in each pair of columns what begins and what ends in one slot: that
    slot, how many spans (times their weights), and the sum of their instants, ms."""
    asked: Small
    """The table's columns that sums of rows want, increasing."""
    asked_group: Small
    """(groups + 1,) where groups of columns begin among them."""
    own_period: Small
    """(slots,) tells slots apart between which a period of the cells' own sums ends."""
    own: Ints
    """(lines, amounts) the sums of each cell, one after the other, each of shape (periods, columns)."""
    sums: Ints
    """Those of rows, one after the other, each of shape (rows, periods, columns)."""
    begins: Ints
    """(groups + 1,) where groups of columns begin."""
    row: Small
    """(sums of rows, classes) the row of each class; -1 for none."""
    period: Small
    """(sums, slots) the period of each slot."""
    edges: Ints
    """(sums, periods + 1) of the longest, ms."""
    shape: Ints
    """(sums, 3) where each begins, among its like; its periods, and its columns."""
    column: Small
    """(sums, columns) the table's columns, increasing."""
    group: Small
    """(sums, groups + 1) where groups of columns begin among those that it has."""
    at: Small
    """(sums, columns of the table) where it has each; -1 for none."""


@hot
def line_of(sheet: Sheet, cell: int) -> int:
    """Return the line of a cell, a new one if it has none yet."""
    line: int = sheet.line[cell]
    return _begin_line(sheet, cell) if line == NO_LINE else line


@rule
def _begin_line(sheet: Sheet, cell: int) -> int:
    """Give a cell the next line."""
    line: int = sheet.line[len(sheet.line) - 1]
    sheet.line[len(sheet.line) - 1] += 1
    sheet.line[cell] = line
    if len(sheet.of_cell) > 0:
        sheet.of_line[line] = sheet.of_cell[cell]
    sheet.open[line, :] = 0
    sheet.told[line, :] = 0
    sheet.slot[line, :] = NO_SLOT
    sheet.runs[line, :, 0] = NO_SLOT
    sheet.own[line, :] = 0
    return line


@hot
def begin_slot(sheet: Sheet, line: int, slot: int, group: int) -> None:
    """Have what is added to a line's open amounts from now on, in a group of counters, counted to a slot."""
    if sheet.slot[line, group] != slot:
        put_away(sheet, line, slot)


@rule
def put_away(sheet: Sheet, line: int, slot: int) -> None:
    """Put the amounts of a cell where they are wanted, and begin another slot: in all groups, which seldom part."""
    amounts, past = sheet.open[line], 0
    while past < sheet.slot.shape[1]:
        group, before = past, sheet.slot[line, past]
        past = _slot_begun(sheet, line, group, slot)
        if before == slot or before == NO_SLOT:  # noqa: PLR1714, SIM109  (tuples are slow)
            continue
        if len(sheet.of_cell) > 0:
            _tell_class(sheet, line, group, past, before)
        if slot == NO_SLOT or sheet.own_period[slot] != sheet.own_period[before]:
            for sums in range(len(sheet.shape) - len(sheet.row)):
                place = _place(sheet, sums, 0, before)
                _add(sheet, sums, group, past, amounts, sheet.own[line], place)
            for column in range(sheet.begins[group], sheet.begins[past]):
                amounts[column] = 0
            for column in range(sheet.asked_group[group], sheet.asked_group[past]):
                sheet.told[line, column] = 0


@hot
def _tell_class(sheet: Sheet, line: int, group: int, past: int, slot: int) -> None:
    """Add what was gathered of a cell in a slot, in some groups of columns, to the amounts of its class."""
    like = sheet.of_line[line]
    for each in range(group, past):
        if sheet.slot[like, each] != slot:
            _put_class_away(sheet, like, slot)
            break
    amounts, told, of_class = sheet.open[line], sheet.told[line], sheet.open[like]
    for at in range(sheet.asked_group[group], sheet.asked_group[past]):
        column = sheet.asked[at]
        of_class[column] += amounts[column] - told[at]
        told[at] = amounts[column]


@rule
def _put_class_away(sheet: Sheet, line: int, slot: int) -> None:
    """Put the amounts of a class where they are wanted, and begin another slot."""
    amounts, own, past = sheet.open[line], len(sheet.shape) - len(sheet.row), 0
    while past < sheet.slot.shape[1]:
        group, before = past, sheet.slot[line, past]
        past = _slot_begun(sheet, line, group, slot)
        if before == slot or before == NO_SLOT:  # noqa: PLR1714, SIM109  (tuples are slow)
            continue
        for which in range(len(sheet.row)):
            row, sums = sheet.row[which, line], own + which
            if row >= 0:
                place = _place(sheet, sums, row, before)
                _add(sheet, sums, group, past, amounts, sheet.sums, place)
        amounts[sheet.begins[group] : sheet.begins[past]] = 0


@hot
def _slot_begun(sheet: Sheet, line: int, group: int, slot: int) -> int:
    """Begin another slot in groups of columns from one on that are in the same; return the first that is not."""
    past, before = group, sheet.slot[line, group]
    while past < sheet.slot.shape[1] and sheet.slot[line, past] == before:
        sheet.slot[line, past] = slot
        past += 1
    return past


@hot
def _place(sheet: Sheet, sums: int, row: int, slot: int) -> int:
    """Return where the columns of a row begin in the period of a slot; a cell's own sums have one row."""
    place: int = sheet.shape[sums, 0] + (row * sheet.shape[sums, 1] + sheet.period[sums, slot]) * sheet.shape[sums, 2]
    return place


@hot
def _add(sheet: Sheet, sums: int, group: int, past_group: int, amounts: Ints, into: Ints, place: int) -> None:
    """Add what sums want of the amounts of some groups of columns."""
    first, past = sheet.group[sums, group], sheet.group[sums, past_group]
    if first == past:
        return
    begin = sheet.column[sums, first]
    if sheet.column[sums, past - 1] - begin == past - 1 - first:  # all from one to another
        for own in range(past - first):
            into[place + first + own] += amounts[begin + own]
    else:
        for own in range(first, past):
            into[place + own] += amounts[sheet.column[sums, own]]


@hot
def spread(sheet: Sheet, slots: Slots, line: int, column: int, begin: int, end: int, slot: int) -> None:
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
    _run(sheet, line, column, slot, begin)
    if end != past:
        _run(sheet, line, column + 1, slot_near(slots, end, slot), end)


@hot
def _run(sheet: Sheet, line: int, which: int, slot: int, at: int) -> None:
    """Note that a span begins or ends in a slot."""
    runs = sheet.runs[line, which]
    if runs[0] != slot:
        put_runs_away(sheet, line, which, slot)
    runs[1] += 1
    runs[2] += at


@rule
def put_runs_away(sheet: Sheet, line: int, which: int, slot: int) -> None:
    """Put what of a cell began or ended in a slot where it is wanted, and begin another slot."""
    runs = sheet.runs[line, which]
    before, number, instants = runs[0], runs[1], runs[2]
    runs[0], runs[1], runs[2] = slot, 0, 0
    if before == NO_SLOT:
        return
    for sums in range(len(sheet.shape) - len(sheet.row)):
        place = _place(sheet, sums, 0, before)
        _add_runs(sheet, sums, which, before, number, instants, sheet.own[line], place)
    if len(sheet.of_cell) > 0:
        like = sheet.of_line[line]
        of_class = sheet.runs[like, which]
        if of_class[0] != before:
            _put_class_runs_away(sheet, like, which, before)
        of_class[1] += number
        of_class[2] += instants


@rule
def _put_class_runs_away(sheet: Sheet, line: int, which: int, slot: int) -> None:
    """Put what of a class began or ended in a slot where it is wanted, and begin another slot."""
    runs, own = sheet.runs[line, which], len(sheet.shape) - len(sheet.row)
    before, number, instants = runs[0], runs[1], runs[2]
    runs[0], runs[1], runs[2] = slot, 0, 0
    if before == NO_SLOT:
        return
    for which_rows in range(len(sheet.row)):
        row, sums = sheet.row[which_rows, line], own + which_rows
        if row >= 0:
            place = _place(sheet, sums, row, before)
            _add_runs(sheet, sums, which, before, number, instants, sheet.sums, place)


@hot
def _add_runs(
    sheet: Sheet, sums: int, which: int, slot: int, number: int, instants: int, into: Ints, place: int
) -> None:
    """Add what sums want of so many spans that began or ended in a slot."""
    column = which & ~1
    own = sheet.at[sums, column]
    if own >= 0:
        sign = 1 if which == column else -1
        into[place + own] += sign * (sheet.edges[sums, sheet.period[sums, slot] + 1] * number - instants)
        into[place + own + 1] += sign * number


@rule
def put_all_away(sheet: Sheet) -> None:
    """Put all that is gathered where it is wanted."""
    classes, pairs = sheet.row.shape[1], sheet.runs.shape[1]
    for line in range(classes, sheet.line[len(sheet.line) - 1]):
        put_away(sheet, line, NO_SLOT)
        for which in range(pairs):
            put_runs_away(sheet, line, which, NO_SLOT)
    for line in range(classes):
        _put_class_away(sheet, line, NO_SLOT)
        for which in range(pairs):
            _put_class_runs_away(sheet, line, which, NO_SLOT)
