"""The account of contacts and inquiries: each contact judged once, by its first human queue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.hand import AttemptKind
from sim.engine.rules import MISSING, NOBODY, End, Handled, Left
from sim.measure.dialled import count_dialled
from sim.measure.joined import Joined
from sim.measure.quality import count_satisfaction
from sim.measure.service import Stays, count_service
from sim.measure.tally import Sums, Tally

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def contact_sums(joined: Joined) -> Sums:
    """Add up the contacts that arrived in measured time, and the inquiries whose first contact did."""
    tally = Tally(joined.frame.contacts, joined.frame.periods)
    counted = joined.outcome.contacts.begin >= joined.frame.periods.begin
    _count_ends(tally, joined, counted)
    _count_first_queues(tally, joined, counted)
    _count_inquiries(tally, joined)
    count_satisfaction(tally, joined, counted)
    return tally.sums()


def _count_ends(tally: Tally, joined: Joined, counted: Bools) -> None:
    """Count arrivals and how contacts ended, in the slot of their arrival."""
    contacts = joined.outcome.contacts
    slot = tally.periods.slot_of(contacts.begin)
    tally.count("arrived", joined.contact_cell, slot, counted)
    tally.count("retries", joined.contact_cell, slot, counted & (joined.kind == AttemptKind.RETRY))
    tally.count("repeats", joined.contact_cell, slot, counted & (joined.kind == AttemptKind.REPEAT))
    for end in End:
        tally.count(f"ended_{end.name.lower()}", joined.contact_cell, slot, counted & (contacts.how == end))


def _count_first_queues(tally: Tally, joined: Joined, counted: Bools) -> None:
    """Count waits, answers, first responses and outcomes, in the slot of entry to the first human queue."""
    frame, legs, contacts = joined.frame, joined.outcome.legs, joined.outcome.contacts
    came = np.flatnonzero(counted & (joined.first_leg != NOBODY))
    first = joined.first_leg[came]
    answered = joined.number_of_legs(joined.reached)[came] > 0
    left = np.where(answered, Left.TAKEN, np.where(joined.taken[first], Left.WAITING, legs.left[first]))
    cell, channel = joined.contact_cell[came], joined.channel[came]
    enter = legs.enter[first]
    stays = Stays(
        cell,
        enter,
        wait=legs.leave[first] - enter,
        rest=frame.periods.end - enter,
        left=left,
        called_back=joined.called_back[came],
        short_abandon=frame.short_abandon[channel],
    )
    count_service(tally, stays, frame.thresholds.service)
    count_dialled(tally, joined, came)

    slot = tally.periods.slot_of(stays.enter)
    escalated = joined.number_of_legs(legs.handled == Handled.ESCALATED)[came]
    moves = joined.number_of_legs(joined.moved_on)[came]
    tally.count("escalated", cell, slot, answered & (escalated > 0))
    sent_back = joined.number_of_legs(legs.handled == Handled.SENT_BACK)[came]
    tally.count("sent_back", cell, slot, answered & (sent_back > 0))
    tally.count("transfers", cell, slot, answered, moves)
    tally.count("exchanges", cell, slot, None, joined.number_of_legs(joined.replies)[came])
    tally.count("awaiting", cell, slot, joined.number_of_legs(joined.awaiting)[came] > 0)

    # First response: live when the handling begins, backlog when it ends (the reply is sent).
    live = frame.program.channels.live
    replied = joined.first_of_contact(joined.concluded, legs.talk_end)[came]
    begun = joined.first_of_contact(joined.reached, legs.leave)[came]
    response = np.where(live[channel], begun, replied)
    rested = np.zeros(len(came), np.int64)  # the customer has the ball only after the first response
    _count_promise(tally, joined, "response", Promises(came, slot, response, rested, frame.thresholds.response))

    # Resolved at first contact: the first answered contact of its inquiry, with time enough to judge it; chasers only
    # ask for it. Who had to come back to get there (self-service had left it unresolved) was not resolved at first
    # contact.
    began = joined.first_of_contact(joined.reached, legs.leave)
    order = np.flatnonzero((began != MISSING) & (joined.kind != AttemptKind.CHASER))
    _, leading = np.unique(joined.inquiry[order], return_index=True)  # contacts of an inquiry come in order of attempt
    is_first_answered = np.zeros(len(contacts.contact), bool)
    is_first_answered[order[leading]] = True
    judged = is_first_answered[came] & (began[came] <= tally.periods.end - frame.repeat_window)
    repeated = np.isin(joined.inquiry[came], joined.inquiry[joined.kind == AttemptKind.REPEAT])
    resolved = judged & (contacts.how[came] == End.RESOLVED) & ~repeated
    tally.count("first_answers", cell, slot, judged)
    tally.count("resolved_first", cell, slot, resolved)
    tally.count("resolved_first_one_leg", cell, slot, resolved & (escalated == 0))


@dataclass(frozen=True)
class Promises:
    """Promises that run from a contact's arrival on its channel's clock. Shape of each column: (promises,)."""

    contact: Ints
    """Position of the contact among the records."""
    slot: Ints
    """The slot in which they are counted."""
    kept_at: Ints
    """When they were kept, ms; MISSING if never."""
    rested: Ints
    """How long the clock rested, ms."""
    thresholds: tuple[int, ...]
    """Deadlines, ms."""


def _count_promise(tally: Tally, joined: Joined, what: str, made: Promises) -> None:
    """Count promises kept, the time that took, and those kept within each deadline that was due."""
    channel, begin = joined.channel[made.contact], joined.outcome.contacts.begin[made.contact]
    cell = joined.contact_cell[made.contact]
    done = made.kept_at != MISSING
    elapsed = joined.frame.clocks.elapsed(channel, begin, np.where(done, made.kept_at, begin))
    took = np.where(done, elapsed - made.rested, 0)
    rest = joined.frame.clocks.left(channel, begin) - made.rested
    tally.count(f"{what}s", cell, made.slot, done)
    tally.count(f"{what}_time", cell, made.slot, done, took)
    for limit in made.thresholds:
        tally.count(f"{what}_due@{limit}", cell, made.slot, rest > limit)
        tally.count(f"{what}_within@{limit}", cell, made.slot, done & (rest > limit) & (took <= limit))
    tally.histogram(what, cell, made.slot, took, done)
    tally.histogram(f"left_{what}_due", cell, made.slot, rest, np.ones(len(cell), bool))
    tally.histogram(f"left_{what}", cell, made.slot, rest, done)


def _count_inquiries(tally: Tally, joined: Joined) -> None:
    """Count inquiries in the cell and slot of their first contact."""
    contacts, number = joined.outcome.contacts, len(joined.hand.inquiries.contact_type)
    first = np.flatnonzero((joined.kind == AttemptKind.FIRST) & (contacts.begin >= tally.periods.begin))
    mine = joined.inquiry[first]
    cell, slot = joined.contact_cell[first], tally.periods.slot_of(contacts.begin[first])

    def of_inquiry(which: Bools) -> Ints:
        return np.bincount(joined.inquiry[which], minlength=number)[mine]

    met = np.zeros(len(contacts.contact), bool)
    met[np.searchsorted(contacts.contact, joined.outcome.visits.contact)] = True
    contained = contacts.how == End.RESOLVED_BY_STAGE
    thought_contained = contained | (contacts.how == End.FALSELY_RESOLVED)
    resolved_at = np.full(number, np.iinfo(np.int64).max)
    np.minimum.at(resolved_at, joined.inquiry[joined.resolved], contacts.end[joined.resolved])
    is_resolved = of_inquiry(joined.resolved) > 0
    reached = of_inquiry((joined.number_of_legs(joined.reached) > 0) | contained | (contacts.how == End.OPEN)) > 0

    tally.count("inquiries", cell, slot)
    tally.count("contacts_of_inquiries", cell, slot, None, of_inquiry(np.ones(len(contacts.contact), bool)))
    tally.count("met_self_service", cell, slot, of_inquiry(met) > 0)
    tally.count("contained", cell, slot, of_inquiry(contained) > 0)
    tally.count("thought_contained", cell, slot, of_inquiry(thought_contained) > 0)
    tally.count("work_saved", cell, slot, None, _work_saved(joined, contained, number)[mine])
    tally.count("reached_nobody", cell, slot, ~reached)
    tally.count("inquiries_resolved", cell, slot, is_resolved)
    kept_at = np.where(is_resolved, resolved_at[mine], MISSING)
    made = Promises(first, slot, kept_at, _rested(joined, first), joined.frame.thresholds.resolution)
    _count_promise(tally, joined, "resolution", made)


def _rested(joined: Joined, first: Ints) -> Ints:
    """Give how long (ms, on the clock of its first channel) each inquiry awaited replies of its customer.

    Parameters
    ----------
    first
        Position of each inquiry's first contact among the records.
    """
    legs = joined.outcome.legs
    asked = np.flatnonzero(legs.handled == Handled.CONTINUED)
    replied = np.full(len(asked), joined.frame.periods.end)
    came = ~joined.awaiting[asked]
    replied[came] = legs.enter[asked[came] + 1]
    inquiry = joined.inquiry[joined.leg_contact[asked]]
    channel = joined.hand.inquiries.channel[inquiry].astype(np.int64)
    rested = np.zeros(len(joined.hand.inquiries.channel), np.int64)
    np.add.at(rested, inquiry, joined.frame.clocks.elapsed(channel, legs.talk_end[asked], replied))
    return rested[joined.inquiry[first]]


def _work_saved(joined: Joined, contained: Bools, inquiries: int) -> Ints:
    """Give, per inquiry, the talk and wrap-up (ms) dealt for the first tier of its contacts that a stage resolved."""
    rows = joined.outcome.contacts.contact[contained]
    first, marks = joined.hand.contacts.first_tier_mark, joined.hand.tier_marks
    has = first[rows + 1] > first[rows]
    saved = np.zeros(inquiries, np.int64)
    mark = first[rows[has]]
    np.add.at(saved, joined.inquiry[contained][has], marks.talk[mark] + marks.wrap_up[mark])
    return saved
