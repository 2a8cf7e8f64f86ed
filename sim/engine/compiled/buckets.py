"""The next bucket of events is opened, and what the events of those after it will look at is fetched.

Ends of talks come in no order of agents or contacts. With each event that happens, one more of each of the next buckets
is looked at: first the event itself is fetched, then who it concerns, then what these have in hand.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.demand.hand import Hand
from sim.engine.compiled.ahead import fetch
from sim.engine.compiled.events import TALK_ENDS, WRAP_UP_ENDS, agent_of, contact_of, kind_of
from sim.engine.compiled.heap import HEAP_STARTS, drop_first, rise
from sim.engine.compiled.rule import hot, rule
from sim.engine.compiled.state import (
    AGENT_SIZE,
    AGENTS,
    AT,
    BUCKET_BITS,
    BUCKET_MASK,
    EVENT_AHEAD,
    EVENTS,
    FREE_EVENT,
    HANDS,
    INSTANT,
    KEPT_SIZE,
    LATER_EVENTS,
    LEAST_SIZE,
    LENGTH,
    LINE,
    NEXT_KEPT,
    OPENED,
    RECORD,
    WHO_AHEAD,
    WORK_AHEAD,
    Desk,
    Ints,
)

CONTACTS_A_BUCKET: Final = 16
"""About how many come in the time of a bucket, half as many at least."""
FEWEST_BUCKETS: Final = 64
SPARE_EVENTS: Final = 1024


def calendar(desk: Ints, hand: Hand, in_hand: int) -> tuple[Ints, Ints]:
    """Make room for events in buckets, and note on the desk what they span.

    A bucket spans as long as contacts take to come where they come densely. In all there are no more than a few to a
    contact, so that to pass the empty ones costs little. So many are at hand that few talks end beyond the last.

    Parameters
    ----------
    desk
        The objects, the desk first.
    hand
        One replication's dealt chance.
    in_hand
        How many pieces of work may be in hand at once.
    """
    first = hand.inquiries.first_contact[:-1]
    times = np.diff(hand.contacts.at[first[::CONTACTS_A_BUCKET]])
    usual = int(np.median(times)) if len(times) else 0
    span = max(usual, int(desk[LENGTH]) // (2 * len(first) + 1024), 1)
    count = max(FEWEST_BUCKETS, 2 ** (2 * in_hand // CONTACTS_A_BUCKET).bit_length())
    desk[BUCKET_BITS], desk[BUCKET_MASK] = span.bit_length() - 1, count - 1
    kept = np.zeros((1 + in_hand + SPARE_EVENTS, KEPT_SIZE), np.int64)
    kept[:-1, NEXT_KEPT] = np.arange(KEPT_SIZE, kept.size, KEPT_SIZE)
    desk[FREE_EVENT] = KEPT_SIZE
    return np.zeros(count, np.int64), kept.ravel()


@rule
def open_bucket(desk: Desk) -> None:
    """Let the events of the next bucket, and others of its time, come into the heap of the soonest."""
    s, buckets, kept, events, later = desk.state, desk.buckets, desk.kept, desk.events, desk.later
    number = s[OPENED] >> s[BUCKET_BITS]
    while s[WORK_AHEAD] + s[WHO_AHEAD] != 0:
        look_ahead(desk)
    bucket = number & s[BUCKET_MASK]
    event = buckets[bucket]
    while event != 0:
        s[EVENTS] += 1
        rise(events, s[EVENTS], kept[event + INSTANT], kept[event + AT])
        _fetch_record(desk, kept[event + AT])
        further = kept[event + NEXT_KEPT]
        kept[event + NEXT_KEPT] = s[FREE_EVENT]
        s[FREE_EVENT] = event
        event = further
    buckets[bucket] = 0
    s[OPENED] = (number + 1) << s[BUCKET_BITS]
    while s[LATER_EVENTS] > 0 and later[2 * HEAP_STARTS] < s[OPENED]:
        s[EVENTS] += 1
        rise(events, s[EVENTS], later[2 * HEAP_STARTS], later[2 * HEAP_STARTS + 1])
        drop_first(later, s[LATER_EVENTS])
        s[LATER_EVENTS] -= 1
    s[WORK_AHEAD] = buckets[(number + 1) & s[BUCKET_MASK]]
    s[WHO_AHEAD] = buckets[(number + 2) & s[BUCKET_MASK]]
    s[EVENT_AHEAD] = buckets[(number + 3) & s[BUCKET_MASK]]


@hot
def look_ahead(desk: Desk) -> None:
    """Fetch what one more event of each of the next buckets will look at."""
    s, kept = desk.state, desk.kept
    event = s[WORK_AHEAD]
    if event != 0:
        _fetch_work(desk, kept[event + AT])
        s[WORK_AHEAD] = kept[event + NEXT_KEPT]
    event = s[WHO_AHEAD]
    if event != 0:
        _fetch_who(desk, kept[event + AT])
        s[WHO_AHEAD] = kept[event + NEXT_KEPT]
    event = s[EVENT_AHEAD]
    if event != 0:
        s[EVENT_AHEAD] = kept[event + NEXT_KEPT]
        fetch(kept, s[EVENT_AHEAD])


@hot
def _fetch_who(desk: Desk, at: int) -> None:
    """Fetch the agent and the contact of the end of a piece of work."""
    if kind_of(at) in (TALK_ENDS, WRAP_UP_ENDS):
        agent = desk.state[AGENTS] + agent_of(at) * AGENT_SIZE
        fetch(desk.state, agent)
        fetch(desk.state, agent + LINE)
        fetch(desk.contacts, contact_of(at))


@hot
def _fetch_work(desk: Desk, at: int) -> None:
    """Fetch what the agent has in hand, and the contact in progress: all of it, for who comes next uses it again."""
    s = desk.state
    if kind_of(at) in (TALK_ENDS, WRAP_UP_ENDS):
        leg = s[s[AGENTS] + agent_of(at) * AGENT_SIZE + HANDS]
        case = int(desk.contacts[contact_of(at)]["case"])
        for line in range(0, LEAST_SIZE, LINE):
            fetch(s, leg + line)
            fetch(s, case + line)


@hot
def _fetch_record(desk: Desk, at: int) -> None:
    """Fetch the record of what the agent has in hand."""
    s = desk.state
    if kind_of(at) in (TALK_ENDS, WRAP_UP_ENDS):
        fetch(desk.legs, s[s[s[AGENTS] + agent_of(at) * AGENT_SIZE + HANDS] + RECORD])
