"""One replication's records joined with what was dealt: the columns that accounts are made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.demand.hand import NONE, Hand
from sim.engine.outcome import Outcome
from sim.engine.rules import NOBODY, Handled, Left
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
    def follows(self) -> Bools:
        """Legs that are not the first of their contact."""
        later = np.zeros(len(self.leg_contact), bool)
        later[1:] = self.leg_contact[1:] == self.leg_contact[:-1]
        return later

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
    def taken(self) -> Bools:
        """Legs that an agent took."""
        taken: Bools = self.outcome.legs.left == Left.TAKEN
        return taken

    def number_of_legs(self, legs: Bools) -> Ints:
        """Give, per contact, how many of its legs are chosen."""
        return np.bincount(self.leg_contact[legs], minlength=len(self.outcome.contacts.contact))
