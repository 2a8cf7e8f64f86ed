"""The ways of contacts from tier to tier: what comes of a talk, and where the matter goes on."""

from __future__ import annotations

from collections import Counter

import numpy as np

from sim.demand.hand import NONE, Hand
from sim.engine.program import Program
from sim.engine.reference.effort import Effort
from sim.engine.reference.people import Contact, Leg
from sim.engine.rules import Handled


class Ways:
    """What decides the ways of all contacts: the Program's tables and the dealt numbers.

    Parameters
    ----------
    program
        Says where each share of a tier's talks leads.
    hand
        Says which share each contact belongs to.
    effort
        Says what an agent's pace and tools make of the share resolved.
    chasers
        Numbers of the contacts that only ask how their case stands.
    """

    def __init__(self, program: Program, hand: Hand, effort: Effort, chasers: frozenset[int]) -> None:
        self.effort = effort
        self.chasers = chasers
        tiers = program.tiers
        self.first_tier: list[int] = tiers.first.tolist()
        self.position: list[list[int]] = tiers.position.tolist()
        self.tiers_of: list[int] = tiers.number.tolist()
        self.resolved: list[list[list[float]]] = tiers.resolved.tolist()
        self.escalated: list[list[list[list[float]]]] = tiers.escalated.tolist()
        self.returns: list[list[int]] = tiers.returns.tolist()
        self.first_mark: list[int] = hand.contacts.first_tier_mark.tolist()
        self.decide: list[float] = hand.tier_marks.decide.tolist()
        self.sent_back: list[bool] = hand.tier_marks.sent_back.tolist()
        self.most_exchanges: list[int] = program.channels.most_exchanges.tolist()
        self.exchanges = _exchanges(hand)
        self.reply_after: list[int] = hand.exchanges.reply_after.tolist()

    def of(self, contact: Contact) -> Way:
        """Return the way of a contact, which begins at the first tier that handles its type."""
        return Way(self, contact)


def _exchanges(hand: Hand) -> dict[int, range]:
    """Return the rows of the exchanges of each tier mark that has any."""
    marks = np.unique(hand.exchanges.mark, return_index=True, return_counts=True)
    columns = zip(*(column.tolist() for column in marks), strict=True)
    return {mark: range(first, first + number) for mark, first, number in columns}


class Way:
    """One contact's way: the tier it is at, and those that handed it up.

    Each stay at a tier has marks of its own. Between two returns a contact only rises, so it meets each tier once: the
    marks of a stay are those of (returns so far, tier).
    """

    def __init__(self, ways: Ways, contact: Contact) -> None:
        self._ways = ways
        self._contact = contact
        self._handed_up_by: list[int] = []
        self._sent_back_by: Counter[int] = Counter()
        self._exchanges = 0
        self.exchange = NONE
        self.tier = ways.first_tier[contact.contact_type]

    @property
    def mark(self) -> int:
        """Row of the tier marks that holds for the present stay."""
        ways, kind = self._ways, self._contact.contact_type
        first = ways.first_mark[self._contact.number]
        return first + self._sent_back_by.total() * ways.tiers_of[kind] + ways.position[kind][self.tier]

    @property
    def leg_mark(self) -> int:
        """What holds for a leg that enters now: the stay's tier mark, or (numbered after those) an exchange's."""
        return self.mark if self.exchange == NONE else len(self._ways.decide) + self.exchange

    @property
    def reply_after(self) -> int:
        """How long the customer takes to write again, ms."""
        return self._ways.reply_after[self.exchange]

    def _writes_again(self, mark: int) -> bool:
        """Go on to the next exchange of the present stay; return whether there is one.

        Of a backlog channel with `exchanges`, after a talk at any tier: until the dealt exchanges of the stay are over,
        or the customer has written again `limit` times at all tiers together. The reply passes neither door nor
        self-service: open or closed, the ball is ours, and it enters the queue of the same tier as new work, whose
        place, `after` and due time begin with it. Nothing of the old place is kept, nor is the agent. Whoever takes it
        may be interrupted in it like in any talk of that row. A ticket of a live contact has no exchanges, its channel
        being live, and triage at the wrong desk is no message; cases that waited at the start have them like others. A
        customer whom the desk dialled writes (or calls) of its own accord: nobody dials again. At the end of the
        scenario a case that awaits a reply is open.
        """
        of_stay = self._ways.exchanges.get(mark, range(0))
        following = of_stay.start if self.exchange == NONE else self.exchange + 1
        if following not in of_stay:
            return False
        self.exchange = following
        self._exchanges += 1
        return True

    def after_talk(self, leg: Leg) -> Handled:
        """Let the talk at the present tier be over: return what came of it, and go on to the next tier if there is one.

        Who asked for a case has been told. Else, first whether the customer writes again; what else comes of the stay
        is decided after its last exchange. A tier sends a contact back to the tier that handed it up, which may hand it
        up again or send it back further. Whom it has sent back as often as it may, it concludes itself: resolved,
        escalated or unresolved in the stated proportions.
        """
        ways, mark = self._ways, self.mark
        if self._contact.number in ways.chasers:
            return Handled.CHASED
        kind, channel, here = self._contact.contact_type, self._contact.channel, self.tier
        if self._exchanges < ways.most_exchanges[channel] and self._writes_again(mark):
            return Handled.CONTINUED
        self.exchange = NONE
        if ways.sent_back[mark] and self._handed_up_by and self._sent_back_by[here] < ways.returns[kind][here]:
            self._sent_back_by[here] += 1
            self.tier = self._handed_up_by.pop()
            return Handled.SENT_BACK
        number = ways.effort.as_stated(leg, ways.decide[mark])
        if number < ways.resolved[kind][here][channel]:
            return Handled.RESOLVED
        for tier, below in enumerate(ways.escalated[kind][here][channel]):
            if number < below:
                self._handed_up_by.append(here)
                self.tier = tier
                return Handled.ESCALATED
        return Handled.UNRESOLVED
