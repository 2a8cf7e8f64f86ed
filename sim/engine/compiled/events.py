"""The order of events: a heap of (instant, place within the instant), in which each event has four others under it.

Within an instant smaller kinds come first, then smaller contacts, then smaller agents; what concerns no contact or
no agent comes before what does. An event may bring about others of its own instant, of whatever kind: the next to
happen is always the first of those that are known. Events that were called off or moved stay in the heap; whoever takes
one out asks whether it still holds.

Of many events those at or after a horizon are kept beside the heap in no order, until it is their turn: at large desks
most lie some while ahead, and a heap of them all is long in sinking through. Nothing depends on where the horizon lies.
"""

from __future__ import annotations

from typing import Final

from sim.engine.compiled.ahead import fetch
from sim.engine.compiled.earlier import earlier
from sim.engine.compiled.rule import hot, rule
from sim.engine.compiled.state import (
    AGENT_SIZE,
    AGENTS,
    CROWDED,
    EVENTS,
    GAP,
    HANDS,
    HORIZON,
    LATER,
    LEAST_SIZE,
    LENGTH,
    LINE,
    OF_CASE,
    RECORD,
    SHORT,
    Desk,
    Ints,
)
from sim.engine.rules import EventKind

CHANNEL_CLOSES: Final = int(EventKind.CHANNEL_CLOSES)
SPAN_ENDS: Final = int(EventKind.SPAN_ENDS)
SPAN_BEGINS: Final = int(EventKind.SPAN_BEGINS)
TALK_ENDS: Final = int(EventKind.TALK_ENDS)
WRAP_UP_ENDS: Final = int(EventKind.WRAP_UP_ENDS)
SELF_SERVICE_ENDS: Final = int(EventKind.SELF_SERVICE_ENDS)
AFTER_PASSES: Final = int(EventKind.AFTER_PASSES)
PATIENCE_ENDS: Final = int(EventKind.PATIENCE_ENDS)
ENTERS_QUEUE: Final = int(EventKind.ENTERS_QUEUE)
ARRIVES: Final = int(EventKind.ARRIVES)

HEAP_STARTS: Final = 3
"""Where the first event of the heap is, so that four that are under one other share a cache line."""
UNDER_FIRST: Final = HEAP_STARTS + 4
"""Where the last of the four under it is,"""
UNDER_THOSE: Final = UNDER_FIRST + 16
UNDER_SIXTEEN: Final = UNDER_THOSE + 64
"""and of those under them, and of those under these."""
NOT_TO_HAPPEN: Final = 2**62
"""Instant of what fills the heap's last line behind the last event, so that there are always four to compare."""
CROWD: Final = 2048
"""So many events at least, and those that come later are kept beside the heap, which would not stay in fast memory."""
NO_GAP, TAKEN_OUT, REPLACED = range(3)
"""What has become of the heap's first event: it has yet to happen; it happens; another has been put in its place."""
NOBODYS: Final = -1
"""Contact or agent number of an event that concerns none."""
AGENT_BITS: Final = 23
CONTACT_BITS: Final = 36
MOST_AGENTS: Final = 2**AGENT_BITS - 1
MOST_CONTACTS: Final = 2**CONTACT_BITS - 1


@rule
def place(kind: int, contact: int, agent: int) -> int:
    """Return the place of an event among those of its instant: smaller happens first."""
    return (kind << (AGENT_BITS + CONTACT_BITS)) | ((contact + 1) << AGENT_BITS) | (agent + 1)


@rule
def kind_of(at: int) -> int:
    """Return the kind of an event from its place."""
    return at >> (AGENT_BITS + CONTACT_BITS)


@rule
def contact_of(at: int) -> int:
    """Return the contact of an event from its place."""
    return ((at >> AGENT_BITS) & ((1 << CONTACT_BITS) - 1)) - 1


@rule
def agent_of(at: int) -> int:
    """Return the agent of an event from its place."""
    return (at & ((1 << AGENT_BITS) - 1)) - 1


@hot
def push(desk: Desk, instant: int, at: int) -> None:
    """Let an event happen at an instant, if that comes before the end.

    The first that an event brings about takes its place at the top of the heap, whence `tidy` lets it sink.
    """
    s, events = desk.state, desk.events
    if instant >= s[LENGTH]:
        return
    if s[GAP] == TAKEN_OUT and instant < s[HORIZON]:
        s[GAP] = REPLACED
        events[2 * HEAP_STARTS], events[2 * HEAP_STARTS + 1] = instant, at
        return
    _add(desk, instant, at)


@rule
def _add(desk: Desk, instant: int, at: int) -> None:
    """Put an event into the heap or, if it does not come before the horizon, beside it."""
    s, events, later = desk.state, desk.events, desk.later
    beside, used = s[LATER], s[EVENTS] + 1
    if 2 * (used + HEAP_STARTS) > events.shape[0] or 2 * beside >= later.shape[0]:
        s[SHORT] = 1
        return
    if instant >= s[HORIZON]:
        s[LATER] = beside + 1
        later[2 * beside], later[2 * beside + 1] = instant, at
        return
    s[EVENTS] = used
    _begin_line(events, used - 1 + HEAP_STARTS)
    _rise(events, used, instant, at, HEAP_STARTS if s[GAP] == NO_GAP else UNDER_FIRST)
    if used >= s[CROWDED]:
        s[CROWDED] = 2 * used
        s[HORIZON] = min(s[HORIZON], _soon(events, HEAP_STARTS + used // 2, used // 2))


@rule
def bring_near(desk: Desk) -> None:
    """Take from beside the heap what happens first, and what else comes before a new horizon: about a fifth.

    All of it if it is little: then the heap holds all events, until it is crowded.
    """
    s, later = desk.state, desk.later
    count = s[LATER]
    s[CROWDED] = 2**62
    s[HORIZON] = s[LENGTH] if count <= CROWD // 2 else _soon(later, 0, count) + 1
    one = 0
    while one < count:
        instant, at = later[2 * one], later[2 * one + 1]
        if instant < s[HORIZON]:
            count -= 1
            later[2 * one], later[2 * one + 1] = later[2 * count], later[2 * count + 1]
            push(desk, instant, at)
        else:
            one += 1
    s[LATER] = count
    s[CROWDED] = max(CROWD, 2 * s[EVENTS])


@rule
def _soon(events: Ints, first: int, count: int) -> int:
    """Return the earliest instant of four of so many events."""
    instant = NOT_TO_HAPPEN
    for quarter in range(4):
        instant = min(instant, events[2 * (first + quarter * count // 4)])
    return instant


@hot
def tidy(desk: Desk) -> None:
    """Let what took the place of the last event, or the heap's last event if none did, sink to where it belongs."""
    s, events = desk.state, desk.events
    gap = s[GAP]
    if gap == NO_GAP:
        return
    s[GAP] = NO_GAP
    last = HEAP_STARTS
    if gap == TAKEN_OUT:
        s[EVENTS] -= 1
        last += s[EVENTS]
    instant, at = events[2 * last], events[2 * last + 1]
    if gap == TAKEN_OUT:
        events[2 * last] = NOT_TO_HAPPEN
    if s[EVENTS] > 0:
        _sink(desk, s[EVENTS], instant, at)


@hot
def _begin_line(events: Ints, hole: int) -> None:
    """Fill the line behind a place at the end of the heap, if that is the first of its line."""
    if hole & 3 == 0:
        events[2 * hole + 2] = events[2 * hole + 4] = events[2 * hole + 6] = NOT_TO_HAPPEN


@rule
def _rise(events: Ints, used: int, instant: int, at: int, top: int) -> None:
    """Put an event into a heap that holds so many with it, no higher than to the places up to `top`."""
    hole = used - 1 + HEAP_STARTS
    while hole > top:
        parent = (hole + 8) >> 2
        when, where = events[2 * parent], events[2 * parent + 1]
        if not earlier(instant, at, when, where):
            break
        events[2 * hole], events[2 * hole + 1] = when, where
        hole = parent
    events[2 * hole], events[2 * hole + 1] = instant, at


@hot
def _sink(desk: Desk, used: int, instant: int, at: int) -> None:
    """Put an event in place of the first of a heap of so many."""
    events = desk.events
    hole, end = HEAP_STARTS, used + HEAP_STARTS
    while True:
        child = 4 * hole - 8
        if child >= end:
            break
        child, when, where = _earliest_of_four(events, child)
        if earlier(instant, at, when, where):
            break
        events[2 * hole], events[2 * hole + 1] = when, where
        if hole <= UNDER_SIXTEEN:
            _look_ahead(desk, hole, where)
        hole = child
    events[2 * hole], events[2 * hole + 1] = instant, at


@hot
def _earliest_of_four(events: Ints, line: int) -> tuple[int, int, int]:
    """Return where the earliest of four events is that share a line, and the event."""
    one, when, where = _earlier_of_two(events, line)
    other, other_when, other_where = _earlier_of_two(events, line + 2)
    rather = earlier(other_when, other_where, when, where)
    return other if rather else one, other_when if rather else when, other_where if rather else where


@hot
def _earlier_of_two(events: Ints, one: int) -> tuple[int, int, int]:
    """Return where the earlier of two events is that stand beside each other, and the event."""
    when, where = events[2 * one], events[2 * one + 1]
    other_when, other_where = events[2 * one + 2], events[2 * one + 3]
    rather = earlier(other_when, other_where, when, where)
    return one + 1 if rather else one, other_when if rather else when, other_where if rather else where


@hot
def _look_ahead(desk: Desk, place_in_heap: int, at: int) -> None:
    """Fetch what the end of a piece of work will look at: by its place in the heap what leads to it, or itself.

    Of legs and contacts in progress all is fetched: who comes next uses the stretches again.
    """
    s = desk.state
    kind = kind_of(at)
    if kind not in (TALK_ENDS, WRAP_UP_ENDS):
        return
    agent = s[AGENTS] + agent_of(at) * AGENT_SIZE
    if place_in_heap > UNDER_THOSE:
        fetch(s, agent)
        fetch(s, agent + LINE)
        fetch(desk.contacts, contact_of(at))
    elif place_in_heap > UNDER_FIRST:
        _fetch_stretch(s, s[agent + HANDS])
    elif place_in_heap > HEAP_STARTS:
        leg = s[agent + HANDS]
        _fetch_stretch(s, s[leg + OF_CASE])
        fetch(desk.legs, s[leg + RECORD])


@hot
def _fetch_stretch(s: Ints, what: int) -> None:
    """Fetch what every scenario makes use of in a stretch."""
    for line in range(0, LEAST_SIZE, LINE):
        fetch(s, what + line)
