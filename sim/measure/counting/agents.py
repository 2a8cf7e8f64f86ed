"""Counting agents' time: spans cut by other spans, and spread over the slots that they cover."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.measure.counting.adding import Sheet, add, spread
from sim.measure.counting.time import Slots, slot_of
from sim.measure.machine_code import hot, kept

Ints = NDArray[np.int64]
Table = NDArray[np.int64]
"""Spans as rows: owner, begin, end."""


@kept
def spread_all(sheet: Sheet, slots: Slots, cell: Ints, spans: Table, columns: Ints, weights: Ints) -> None:
    """Spread spans over slots, in several counters at once.

    Parameters
    ----------
    cell
        Of each owner.
    columns, weights
        Shape (counters,), and (counters, owners).
    """
    for span in range(spans.shape[1]):
        owner = spans[0, span]
        for which in range(len(columns)):
            weight = weights[which, owner]
            spread(sheet, slots, cell[owner], columns[which], spans[1, span], spans[2, span], weight)


@kept
def count_instants(sheet: Sheet, slots: Slots, cell: Ints, owner: Ints, at: Ints, amounts: Ints) -> None:
    """Add the amounts of the first group of counters at each instant of measured time, to its owner's cell."""
    for which in range(len(at)):
        if slots.edges[0] <= at[which] < slots.edges[-1]:
            add(sheet, cell[owner[which]], slot_of(slots, at[which]), amounts, 0, 1)


@kept
def cut(spans: Table, by: Table, inside: Table, outside: Table, used: Ints) -> None:
    """Cut spans where others of the same owner begin and end; both must be merged, in order of (owner, begin).

    Parameters
    ----------
    inside, outside
        Take what lies in the others and what does not: at most one piece for each span and each other.
    used
        Takes the numbers of both.
    """
    other = 0
    for span in range(spans.shape[1]):
        owner, at, end = spans[0, span], spans[1, span], spans[2, span]
        while other < by.shape[1] and (by[0, other] < owner or (by[0, other] == owner and by[2, other] <= at)):
            other += 1
        place = other
        while place < by.shape[1] and by[0, place] == owner and by[1, place] < end:
            used[1] = _piece(outside, used[1], owner, at, by[1, place])
            at = max(at, by[1, place])
            used[0] = _piece(inside, used[0], owner, at, min(end, by[2, place]))
            at = min(end, by[2, place])
            place += 1
        used[1] = _piece(outside, used[1], owner, at, end)


@hot
def _piece(pieces: Table, used: int, owner: int, begin: int, end: int) -> int:
    if begin >= end:
        return used
    pieces[0, used], pieces[1, used], pieces[2, used] = owner, begin, end
    return used + 1
