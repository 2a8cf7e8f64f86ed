"""Heaps of events, by (instant, place within the instant): each event has four others under it.

What stands beyond the last event under the same other is later than all, so that four can be compared without asking
how many there are.
"""

from __future__ import annotations

from typing import Final

from sim.engine.compiled.rule import hot, rule
from sim.engine.compiled.state import Ints

HEAP_STARTS: Final = 3
"""Where the first event of a heap is, so that four that are under one other share a cache line."""
UNDER_ONE: Final = 4
NOTHING: Final = 2**63 - 1
"""Instant of no event."""


@rule
def rise(events: Ints, used: int, instant: int, at: int) -> None:
    """Put an event into a heap that holds so many with it."""
    hole = used - 1 + HEAP_STARTS
    if hole % UNDER_ONE == 0:
        for beyond in range(hole + 1, hole + UNDER_ONE):
            events[2 * beyond] = NOTHING
    while hole > HEAP_STARTS:
        above = (hole + 8) >> 2
        when = events[2 * above]
        if when < instant or (when == instant and events[2 * above + 1] <= at):
            break
        events[2 * hole] = when
        events[2 * hole + 1] = events[2 * above + 1]
        hole = above
    events[2 * hole] = instant
    events[2 * hole + 1] = at


@rule
def drop_first(events: Ints, used: int) -> None:
    """Take the first event out of a heap of so many: the last sinks from its place to where it belongs."""
    last = used - 1 + HEAP_STARTS
    instant, at = events[2 * last], events[2 * last + 1]
    events[2 * last] = NOTHING
    hole = HEAP_STARTS
    while 4 * hole - 8 < last:
        under = _first_of_four(events, 4 * hole - 8)
        when = events[2 * under]
        if instant < when or (instant == when and at <= events[2 * under + 1]):
            break
        events[2 * hole] = when
        events[2 * hole + 1] = events[2 * under + 1]
        hole = under
    events[2 * hole] = instant
    events[2 * hole + 1] = at


@hot
def _first_of_four(events: Ints, first: int) -> int:
    """Return which of four neighbours happens first; without a branch, for which it is could not be foretold."""
    one = first + _before(events, first + 1, first)
    other = first + 2 + _before(events, first + 3, first + 2)
    return one + (other - one) * _before(events, other, one)


@hot
def _before(events: Ints, one: int, other: int) -> int:
    """Return 1 if one event happens before another, else 0."""
    when, other_when = events[2 * one], events[2 * other]
    return int((when < other_when) | ((when == other_when) & (events[2 * one + 1] < events[2 * other + 1])))
