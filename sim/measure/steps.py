"""Step functions of time from spans: their maximum in each slot, their value and oldest member at the slots' ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.measure.spans import Spans

Ints = NDArray[np.int64]


def maxima(spans: Spans, rows: int, slots: Ints, sign: Ints | None = None) -> Ints:
    """Give how many spans ran at once at most, by row and slot.

    What begins as another ends does not overlap it; spans without length count nowhere.

    Parameters
    ----------
    spans
        Their owners are the rows.
    rows
        Number of rows.
    slots
        Edges of the slots, ms.
    sign
        1, or -1 for spans that are taken off; all count 1 without.

    Returns
    -------
    numpy.ndarray
        Shape (rows, slots).
    """
    number = len(slots) - 1
    sign = np.ones(len(spans.owner), np.int64) if sign is None else sign
    lasting = spans.end > spans.begin
    row, begin, end, sign = spans.owner[lasting], spans.begin[lasting], spans.end[lasting], sign[lasting]
    who, at, change = np.concatenate((row, row)), np.concatenate((begin, end)), np.concatenate((sign, -sign))
    order = np.lexsort((at, who))
    who, at = who[order], at[order]
    level = np.cumsum(change[order])  # every row's changes add up to 0, so rows do not mix
    last_of_instant = np.ones(len(who), bool)
    last_of_instant[:-1] = (who[1:] != who[:-1]) | (at[1:] != at[:-1])
    who, at, level = who[last_of_instant], at[last_of_instant], level[last_of_instant]

    highest = standing(Spans(row, begin, end), rows, slots[:-1], sign)
    slot = np.searchsorted(slots, at, side="right") - 1
    inside = (slot >= 0) & (slot < number)
    np.maximum.at(highest, (who[inside], slot[inside]), level[inside])
    return highest


def standing(spans: Spans, rows: int, at: Ints, sign: Ints | None = None) -> Ints:
    """Give how many spans hold each instant (ms, increasing), shape (rows, instants); rows and sign as in `maxima`."""
    change = np.ones(len(spans.owner), np.int64) if sign is None else sign
    difference = np.zeros((rows, len(at) + 1), np.int64)
    np.add.at(difference, (spans.owner, np.searchsorted(at, spans.begin, side="left")), change)
    np.add.at(difference, (spans.owner, np.searchsorted(at, spans.end, side="left")), -change)
    return np.cumsum(difference, axis=1)[:, :-1]


def oldest(spans: Spans, born: Ints, rows: int, at: Ints) -> Ints:
    """Give the age (ms) of the oldest of those whose span holds each instant; 0 where there is none.

    Parameters
    ----------
    spans
        Their owners are the rows.
    born
        Shape (spans,): from when the age counts, ms.
    rows
        Number of rows.
    at
        Instants, ms, increasing.

    Returns
    -------
    numpy.ndarray
        Shape (rows, instants).
    """
    age = np.zeros((rows, len(at)), np.int64)
    first = np.searchsorted(at, spans.begin, side="left")
    past = np.searchsorted(at, spans.end, side="left")
    holding = np.flatnonzero(past > first)
    for span in holding[np.argsort(-born[holding], kind="stable")]:  # the oldest last, so that it stands
        here = slice(first[span], past[span])
        age[spans.owner[span], here] = at[here] - born[span]
    return age
