"""Step functions of time from spans: their maximum in each slot, their value and oldest member at the slots' ends."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.measure.ordering import order_of
from sim.measure.spans import Spans

Ints = NDArray[np.int64]


def maxima(spans: Spans, rows: int, slots: Ints, sign: Ints | None = None, lines: Sequence[Ints] = ()) -> Ints:
    """Give how many spans ran at once at most, by row and slot.

    What begins as another ends does not overlap it; spans without length count nowhere.

    Parameters
    ----------
    spans
        Their owners are the rows, where no lines are given.
    rows
        Number of rows.
    slots
        Edges of the slots, ms.
    sign
        1, or -1 for spans that are taken off; all count 1 without.
    lines
        Rows of each span, one in each: those of a line are larger than those of the lines before it.

    Returns
    -------
    numpy.ndarray
        Shape (rows, slots).
    """
    number = len(slots) - 1
    lasting = spans.end > spans.begin
    begin, end = spans.begin[lasting], spans.end[lasting]
    change = np.ones(len(begin), np.int64) if sign is None else sign[lasting]
    highest = np.zeros((rows, number), np.int64)
    if not len(begin):
        return highest
    first = min(int(begin.min()), int(slots[0]))
    stride = max(int(end.max()), int(slots[-1])) - first + 1
    at = np.concatenate((begin, end)) - first
    in_time = order_of(at)
    at, change = at[in_time], np.concatenate((change, -change))[in_time]
    instants, changes = [], []
    for line in lines or (spans.owner,):
        row = np.tile(line[lasting], 2)[in_time]
        by_row = order_of(row)
        instants.append((row * stride + at)[by_row])
        changes.append(change[by_row])
    instant, level = np.concatenate(instants), np.cumsum(np.concatenate(changes))
    last_of_instant = np.append(instant[1:] != instant[:-1], True)
    instant, level = instant[last_of_instant], level[last_of_instant]

    base = np.arange(rows)[:, None] * stride - first
    begins = np.searchsorted(instant, base + slots[:-1], side="right")
    ends = np.searchsorted(instant, base + slots[1:], side="left")
    highest[:] = np.where(begins > 0, level[begins - 1], 0)  # as the slot begins
    some = ends > begins
    if some.any():
        bounds = np.stack((begins[some], ends[some]), axis=1).ravel()
        highest[some] = np.maximum(highest[some], np.maximum.reduceat(np.append(level, 0), bounds)[::2])
    return highest


def standing(spans: Spans, rows: int, at: Ints) -> Ints:
    """Give how many spans hold each instant (ms, increasing), shape (rows, instants); rows as in `maxima`."""
    size = rows * (len(at) + 1)
    begun, ended = (
        np.bincount(spans.owner * (len(at) + 1) + np.searchsorted(at, of, side="left"), minlength=size)
        for of in (spans.begin, spans.end)
    )
    return np.cumsum((begun - ended).reshape(rows, -1), axis=1)[:, :-1]


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
    held = np.maximum(np.searchsorted(at, spans.end, side="left") - first, 0)
    span = np.repeat(np.arange(len(held)), held)
    # The k-th instant that a span holds is first + k.
    instant = np.arange(len(span)) - np.repeat(np.cumsum(held) - held, held) + first[span]
    np.maximum.at(age, (spans.owner[span], instant), at[instant] - born[span])
    return age
