"""The order of events, and how they are kept until they happen.

Within an instant smaller kinds come first, then smaller contacts, then smaller agents; what concerns no contact or
no agent comes before what does. An event may bring about others of its own instant, of whatever kind: the next to
happen is always the first of those that are known. Events that were called off or moved are kept; whoever takes one out
asks whether it still holds.

Only the soonest events are in order, in a heap. Those that happen later lie in buckets, each for a short time (a
calendar queue, Brown 1988), so that what they cost does not grow with their number; what is too far off is in a second
heap. When the first heap is empty the next bucket is opened: its events come into the heap.
"""

from __future__ import annotations

from typing import Final

from sim.engine.compiled.heap import HEAP_STARTS, UNDER_ONE, rise
from sim.engine.compiled.rule import hot, rule
from sim.engine.compiled.state import (
    AT,
    BUCKET_BITS,
    BUCKET_MASK,
    EVENTS,
    FREE_EVENT,
    INSTANT,
    LATER_EVENTS,
    LENGTH,
    NEXT_KEPT,
    OPENED,
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
    s, events = desk.state, desk.events
    if instant >= s[LENGTH]:
        return
    if instant >= s[OPENED]:
        _keep_for_later(desk, instant, at)
        return
    if is_full(events, s[EVENTS], 1):
        s[SHORT] = 1
        return
    s[EVENTS] += 1
    rise(events, s[EVENTS], instant, at)


@rule
def _keep_for_later(desk: Desk, instant: int, at: int) -> None:
    """Put an event into its bucket, or into the heap of what is too far off or finds no room."""
    s, buckets, kept, later = desk.state, desk.buckets, desk.kept, desk.later
    number = instant >> s[BUCKET_BITS]
    event = s[FREE_EVENT]
    if event != 0 and number - (s[OPENED] >> s[BUCKET_BITS]) <= s[BUCKET_MASK]:
        bucket = number & s[BUCKET_MASK]
        s[FREE_EVENT] = kept[event + NEXT_KEPT]
        kept[event + INSTANT], kept[event + AT] = instant, at
        kept[event + NEXT_KEPT] = buckets[bucket]
        buckets[bucket] = event
        return
    if is_full(later, s[LATER_EVENTS], 1):
        s[SHORT] = 1
        return
    s[LATER_EVENTS] += 1
    rise(later, s[LATER_EVENTS], instant, at)


@rule
def is_full(events: Ints, used: int, more: int) -> bool:
    """Return whether a heap of so many events might have no room for so many more."""
    return bool(2 * (HEAP_STARTS + used + more + UNDER_ONE) > events.shape[0])
