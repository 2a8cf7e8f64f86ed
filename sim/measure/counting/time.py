"""Time as counting sees it: the slot of an instant, and clocks that run only while hours are open."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.clock import Clocks
from sim.measure.machine_code import hot, rule
from sim.measure.periods import Periods

Ints = NDArray[np.int64]

MOST_STEPS: Final = 1 << 20
"""Of the table in which slots are looked up."""


class Slots(NamedTuple):
    """The slots of measured time, and a table of the slot in which each of many equal steps begins."""

    edges: Ints
    """(slots + 1,)"""
    of_step: NDArray[np.int32]
    shift: int
    """A step is 2 to this power ms long."""


def slots_of(periods: Periods) -> Slots:
    """Give the slots of periods; an eighth of the shortest slot or less makes a step, unless these are too many.

    So most steps lie in one slot, and few slots are looked up in vain.
    """
    edges = periods.slots
    length = periods.end - periods.begin
    shift = max(int(np.diff(edges).min()).bit_length() - 4, 0)
    while length >> shift > MOST_STEPS:
        shift += 1
    steps = edges[0] + (np.arange((length >> shift) + 1) << shift)
    return Slots(edges, (np.searchsorted(edges, steps, side="right") - 1).astype(np.int32), shift)


@hot
def slot_of(slots: Slots, at: int) -> int:
    """Return the slot that holds an instant of measured time; the last one at its end."""
    slot: int = slots.of_step[(at - slots.edges[0]) >> slots.shift]
    while slots.edges[slot + 1] <= at and slot + 2 < len(slots.edges):
        slot += 1
    return slot


@hot
def slot_still(slots: Slots, at: int, slot: int) -> int:
    """Return the slot that holds an instant of measured time, at once if it is the one of another instant."""
    return slot if slots.edges[slot] <= at < slots.edges[slot + 1] else slot_of(slots, at)


@hot
def slot_again(slots: Slots, at: int, known_at: int, known: int) -> int:
    """Return the slot that holds an instant of measured time, at once if it is one of which it is known."""
    return known if at == known_at else slot_of(slots, at)


@hot
def slot_near(slots: Slots, at: int, slot: int) -> int:
    """Return the slot that holds an instant of measured time, at once if it is one in which an earlier one lies."""
    return slot if at < slots.edges[slot + 1] else slot_of(slots, at)


class Hours(NamedTuple):
    """When clocks run."""

    clocks: Ints
    """(3, clocks) whether it never rests, the first of its spans, and the one after its last."""
    spans: Ints
    """(3, spans) begin, end, and how long the clock has run when it begins, ms."""


def hours_of(*clocks: Clocks) -> Hours:
    """Give the hours of clocks, numbered one after the other."""
    every = [spans for several in clocks for spans in several.spans]
    spans = [np.empty((0, 2), np.int64) if one is None else one for one in every]
    joined = np.concatenate([np.empty((0, 2), np.int64), *spans]).T
    open_for = [np.cumsum(one[:, 1] - one[:, 0]) for one in spans]
    ends = np.cumsum([0, *map(len, spans)])
    before = np.concatenate([np.empty(0, np.int64), *open_for]) - (joined[1] - joined[0])
    always = np.array([one is None for one in every], np.int64)
    return Hours(np.stack((always, ends[:-1], ends[1:])), np.stack((*joined, before)))


@hot
def elapsed(hours: Hours, clock: int, begin: int, end: int) -> int:
    """Return the time (ms) from one instant to another on a clock; NOBODY's never rests."""
    if clock < 0 or hours.clocks[0, clock] == 1:
        return end - begin
    first, past = hours.clocks[1, clock], hours.clocks[2, clock]
    return _reading(hours.spans, first, past, end) - _reading(hours.spans, first, past, begin)


@rule
def _reading(spans: Ints, first: int, past: int, at: int) -> int:
    """Return how long a clock has run at an instant (as `sim.scenario.calendar.open_time` does of many)."""
    low, high = first, past
    while low < high:
        middle = (low + high) // 2
        if spans[0, middle] <= at:
            low = middle + 1
        else:
            high = middle
    if low == first:  # not yet; what lies before 0 counts as if it ran
        return min(at, 0)
    reading: int = spans[2, low - 1] + min(at, spans[1, low - 1]) - spans[0, low - 1]
    return reading
