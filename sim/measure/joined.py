"""One replication's records joined with what was dealt: the columns that accounts are made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.demand.hand import NONE, Hand
from sim.engine.outcome import Outcome
from sim.engine.rules import MISSING, NOBODY, CallBack, End, Handled, Left
from sim.measure.frame import Frame

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Joined:
    """Columns of one replication; those of contacts are by contact record, those of legs by leg record."""

    frame: Frame
    hand: Hand
    outcome: Outcome

    @cached_property
    def inquiry(self) -> Ints:
        """Of each contact."""
        return self.hand.contacts.inquiry[self.outcome.contacts.contact].astype(np.int64)

    @cached_property
    def channel(self) -> Ints:
        """Of each contact."""
        return self.hand.contacts.channel[self.outcome.contacts.contact].astype(np.int64)

    @cached_property
    def contact_type(self) -> Ints:
        """Of each contact."""
        return self.hand.contacts.contact_type[self.outcome.contacts.contact].astype(np.int64)

    @cached_property
    def customer(self) -> Ints:
        """Of each contact; nobody's is the last."""
        number = self.hand.inquiries.customer[self.inquiry].astype(np.int64)
        return np.where(number == NONE, len(self.frame.labels.customers) - 1, number)

    @cached_property
    def language(self) -> Ints:
        """Of each contact; that without a name is the last."""
        number = self.hand.inquiries.language[self.inquiry].astype(np.int64)
        return np.where(number == NONE, len(self.frame.labels.languages) - 1, number)

    @cached_property
    def kind(self) -> Ints:
        """Of each contact: an AttemptKind."""
        return self.hand.contacts.kind[self.outcome.contacts.contact].astype(np.int64)

    @cached_property
    def contact_cell(self) -> Ints:
        """Of each contact."""
        return self.frame.contacts.number(
            channel=self.channel,
            contact_type=self.contact_type,
            language=self.language,
            customer=self.customer,
            attempt=self.kind,
        )

    @cached_property
    def called_back(self) -> Bools:
        """Contacts that accepted a call-back."""
        called: Bools = self.outcome.contacts.call_back == CallBack.ACCEPTED
        return called

    @cached_property
    def leg_contact(self) -> Ints:
        """Position of each leg's contact among the contact records."""
        return np.searchsorted(self.outcome.contacts.contact, self.outcome.legs.contact)

    @cached_property
    def first_leg(self) -> Ints:
        """Position of each contact's first leg; NOBODY for contacts that came to no queue."""
        of = self.leg_contact
        opens = ~self.follows
        first = np.full(len(self.outcome.contacts.contact), NOBODY, np.int64)
        first[of[opens]] = np.flatnonzero(opens)
        return first

    @cached_property
    def leg_group(self) -> Ints:
        """Group that took each leg; the number of groups where none did."""
        row = self.outcome.legs.row
        group = self.frame.program.rows.group[np.maximum(row, 0)].astype(np.int64)
        return np.where(row == NOBODY, len(self.frame.labels.groups), group)

    @cached_property
    def leg_cell(self) -> Ints:
        """Of each leg."""
        of = self.leg_contact
        return self.frame.legs.number(
            queue=self.outcome.legs.queue.astype(np.int64),
            agent_group=self.leg_group,
            customer=self.customer[of],
            attempt=self.kind[of],
        )

    @cached_property
    def follows(self) -> Bools:
        """Legs that are not the first of their contact."""
        later = np.zeros(len(self.leg_contact), bool)
        later[1:] = self.leg_contact[1:] == self.leg_contact[:-1]
        return later

    @cached_property
    def continues(self) -> Bools:
        """Legs that take up again what an agent returned to the same queue, or who is dialled again: no new stay."""
        again = np.zeros(len(self.leg_contact), bool)
        kept = (Handled.RETURNED, Handled.NOT_REACHED)
        again[1:] = self.follows[1:] & np.isin(self.outcome.legs.handled[:-1], kept)
        return again

    @cached_property
    def replies(self) -> Bools:
        """Legs that the customer's reply to the contact's leg before opened."""
        after = np.zeros(len(self.leg_contact), bool)
        after[1:] = self.follows[1:] & (self.outcome.legs.handled[:-1] == Handled.CONTINUED)
        return after

    @cached_property
    def exchange(self) -> Ints:
        """How often the customer of each leg's contact had written again when it entered the queue."""
        so_far = np.cumsum(self.replies)
        return so_far - so_far[self.first_leg[self.leg_contact]]

    @cached_property
    def moved_on(self) -> Bools:
        """Legs in another queue than the contact's leg before."""
        return self.follows & ~self.continues & ~self.replies

    @cached_property
    def awaiting(self) -> Bools:
        """Legs whose contact awaited its customer's reply at the end."""
        legs = self.outcome.legs
        last = np.ones(len(legs.contact), bool)
        last[:-1] = ~self.follows[1:]
        awaiting: Bools = last & (legs.handled == Handled.CONTINUED)
        return awaiting

    @cached_property
    def rested(self) -> Ints:
        """How long (ms) each leg's contact had been awaiting replies when it entered the queue."""
        legs = self.outcome.legs
        rest = np.zeros(len(legs.contact), np.int64)
        reply = np.flatnonzero(self.replies)
        rest[reply] = legs.enter[reply] - legs.talk_end[reply - 1]
        so_far = np.cumsum(rest)
        return so_far - so_far[self.first_leg[self.leg_contact]]

    @cached_property
    def taken(self) -> Bools:
        """Legs that an agent took."""
        taken: Bools = self.outcome.legs.left == Left.TAKEN
        return taken

    @cached_property
    def took(self) -> Ints:
        """When an agent took each leg, or the place of who had left it silently; MISSING where none did."""
        legs = self.outcome.legs
        return np.where(self.taken, legs.leave, legs.found)

    @cached_property
    def reached(self) -> Bools:
        """Legs that an agent took, those apart whose customer was dialled in vain."""
        reached: Bools = self.taken & (self.outcome.legs.handled != Handled.NOT_REACHED)
        return reached

    @cached_property
    def concluded(self) -> Bools:
        """Legs whose handling came to something: resolved, escalated, sent back, unresolved, answered for now, chased.

        Triage is no reply.
        """
        ends = (
            Handled.RESOLVED,
            Handled.ESCALATED,
            Handled.SENT_BACK,
            Handled.UNRESOLVED,
            Handled.CONTINUED,
            Handled.CHASED,
        )
        concluded: Bools = np.isin(self.outcome.legs.handled, ends)
        return concluded

    @cached_property
    def resolved(self) -> Bools:
        """Contacts that ended resolved, by a stage or a tier."""
        resolved: Bools = np.isin(self.outcome.contacts.how, (End.RESOLVED, End.RESOLVED_BY_STAGE))
        return resolved

    def first_of_contact(self, legs: Bools, value: Ints) -> Ints:
        """Give, per contact, the value of the first of its legs that is chosen; MISSING where none is."""
        chosen = np.flatnonzero(legs)[::-1]
        found = np.full(len(self.outcome.contacts.contact), MISSING, np.int64)
        found[self.leg_contact[chosen]] = value[chosen]  # the first leg is written last
        return found

    def number_of_legs(self, legs: Bools) -> Ints:
        """Give, per contact, how many of its legs are chosen."""
        return np.bincount(self.leg_contact[legs], minlength=len(self.outcome.contacts.contact))
