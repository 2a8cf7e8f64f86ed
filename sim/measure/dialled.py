"""The account of whom the desk dials: call-backs that customers accepted, and outbound work."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.rules import MISSING, NO_LIMIT, CallBack, End, Left
from sim.measure.joined import Joined
from sim.measure.tally import Tally

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def count_dialled(tally: Tally, joined: Joined, came: Ints) -> None:
    """Count, of the contacts that came to a human queue, call-backs and who was dialled, in the slot of entry to it.

    Counters
    --------
    call_backs_offered, call_backs_accepted
        Contacts; both happen in the instant of entering the first queue.
    call_backs_begun, call_back_delay, call_backs_pending
        Accepted, and dialled a first time before the end; ms from acceptance to that dial; and not dialled yet.
    call_backs_due, call_backs_kept
        Accepted with a promise that ran out before the end; of these first dialled within it (inclusive). The promise
        is the desk's: it is kept whether or not the customer answers.
    dialled, reached, dials
        Of call-backs and outbound work whose dialling is over, reached or given up: all; the reached; dials of all.
    outbound_due, outbound_in_time
        Outbound work whose `due` (the contact type's, else the channel's) ran out before the end; of these, where the
        dial that reached the customer began within it (inclusive) of arrival, on the channel's clock.
    """
    legs, contacts = joined.outcome.legs, joined.outcome.contacts
    channel, cell, first = joined.channel[came], joined.contact_cell[came], joined.first_leg[came]
    enter = legs.enter[first]
    slot = tally.periods.slot_of(enter)
    accepted = joined.called_back[came]
    begun = accepted & (legs.left[first] == Left.TAKEN)
    delay = np.where(begun, legs.leave[first] - enter, 0)
    promised = joined.frame.promised_within[channel]
    due = accepted & (promised != NO_LIMIT) & (enter + promised < tally.periods.end)
    reached = joined.number_of_legs(joined.reached)[came] > 0
    dialled = accepted | joined.frame.program.dialling.outbound[channel]
    outbound_due, in_time = _in_time(joined, came)
    over = dialled & (reached | (contacts.how[came] == End.NOT_REACHED))
    for counter, which in {
        "call_backs_offered": contacts.call_back[came] != CallBack.NOT_OFFERED,
        "call_backs_accepted": accepted,
        "call_backs_begun": begun,
        "call_backs_pending": accepted & ~begun,
        "call_backs_due": due,
        "call_backs_kept": due & begun & (delay <= promised),
        "dialled": over,
        "reached": over & reached,
        "outbound_due": outbound_due,
        "outbound_in_time": in_time,
    }.items():
        tally.count(counter, cell, slot, which)
    tally.count("call_back_delay", cell, slot, begun, delay)
    tally.count("dials", cell, slot, over, joined.number_of_legs(legs.dialled == 1)[came])


def _in_time(joined: Joined, came: Ints) -> tuple[Bools, Bools]:
    """Tell which contacts are outbound with a `due` that ran out before the end, and which of these it was kept for."""
    frame, legs = joined.frame, joined.outcome.legs
    channel, begin = joined.channel[came], joined.outcome.contacts.begin[came]
    within = frame.program.queues.due[legs.queue[joined.first_leg[came]]]
    has_due = frame.program.dialling.outbound[channel] & (within != NO_LIMIT)
    due = has_due & (frame.clocks.left(channel, begin) > within)
    reached_at = joined.first_of_contact(joined.reached, legs.leave)[came]
    known = due & (reached_at != MISSING)
    took = frame.clocks.elapsed(channel, begin, np.where(known, reached_at, begin))
    return due, known & (took <= within)
