"""The order of events: a binary heap of (instant, place within the instant).

Within an instant smaller kinds come first, then smaller contacts, then smaller agents; what concerns no contact or
no agent comes before what does. An event may bring about others of its own instant, of whatever kind: the next to
happen is always the first of those that are known. Events that were called off or moved stay in the heap; whoever takes
one out asks whether it still holds.
"""

from __future__ import annotations

from typing import Final

from sim.engine.compiled.rule import hot, rule
from sim.engine.compiled.state import DESK, EVENTS, GAP, LENGTH, SHORT, Desk, Ints
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
    """Let an event happen at an instant, if that comes before the end."""
    s = desk.state
    if instant >= s[DESK, LENGTH]:
        return
    if s[DESK, GAP]:
        s[DESK, GAP] = 0
        _sink(desk.events, s[DESK, EVENTS], instant, at)
        return
    used = s[DESK, EVENTS]
    if used == desk.events.shape[0]:
        s[DESK, SHORT] = 1
        return
    s[DESK, EVENTS] = used + 1
    _rise(desk.events, used, instant, at)


@hot
def tidy(desk: Desk) -> None:
    """Close the gap that the last event left, if none has taken its place."""
    s = desk.state
    if s[DESK, GAP]:
        s[DESK, GAP] = 0
        last = s[DESK, EVENTS] - 1
        s[DESK, EVENTS] = last
        if last > 0:
            _sink(desk.events, last, desk.events[last, 0], desk.events[last, 1])


@rule
def _rise(events: Ints, hole: int, instant: int, at: int) -> None:
    while hole > 0:
        parent = (hole - 1) >> 1
        when = events[parent, 0]
        if when < instant or (when == instant and events[parent, 1] <= at):
            break
        events[hole, 0] = when
        events[hole, 1] = events[parent, 1]
        hole = parent
    events[hole, 0] = instant
    events[hole, 1] = at


@rule
def _sink(events: Ints, used: int, instant: int, at: int) -> None:
    hole = 0
    child = 1
    while child < used:
        when = events[child, 0]
        if child + 1 < used:
            other = events[child + 1, 0]
            if other < when or (other == when and events[child + 1, 1] < events[child, 1]):
                child += 1
                when = other
        if instant < when or (instant == when and at <= events[child, 1]):
            break
        events[hole, 0] = when
        events[hole, 1] = events[child, 1]
        hole = child
        child = 2 * hole + 1
    events[hole, 0] = instant
    events[hole, 1] = at
