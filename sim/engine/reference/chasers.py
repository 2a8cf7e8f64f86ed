"""Customers who ask what became of their open case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.demand.hand import AttemptKind
from sim.engine.rules import MISSING, Handled

if TYPE_CHECKING:
    from sim.demand.hand import Hand
    from sim.engine.reference.people import Contact


class Chasers:
    """Says which customers ask for their case, and whether it is open when they would.

    A chaser comes at its dealt instant if its inquiry has a case with us: the inquiry's present contact has not ended,
    has come to people, and is not live. It waits in a backlog, is in hand, or awaits its appointment or the next dial.
    There is no chaser if the ball is the customer's, who owes a reply, is in self-service, holds the line itself, or
    has yet to try again; nor for what has ended. In its instant it comes as arrivals do, after what else happens then:
    a case that is resolved at the same time is not asked for, one whose customer just replied is.

    The chaser is one more live contact at the door of its channel: lines, limits, balking, silent leaving, call-backs
    and patience are as for everybody there. It skips self-service, and waits for the first tier that handles its type.
    Who takes it says how the case stands, which ends it: `CHASED`, whatever the case has come to by then. One that is
    turned away or leaves does not try again. The case, its place, its clocks and all that is dealt for it stay as they
    are.

    Parameters
    ----------
    hand
        Says who would ask, and when.
    """

    def __init__(self, hand: Hand) -> None:
        contacts = hand.contacts
        numbers = np.flatnonzero(contacts.kind == AttemptKind.CHASER)
        order = np.lexsort((numbers, contacts.at[numbers]))
        self.coming: list[tuple[int, int]] = list(
            zip(numbers[order].tolist(), contacts.at[numbers[order]].tolist(), strict=True)
        )
        self.numbers = frozenset(numbers.tolist())
        self._inquiry: dict[int, int] = dict(zip(numbers.tolist(), contacts.inquiry[numbers].tolist(), strict=True))
        self._present: dict[int, Contact | None] = dict.fromkeys(self._inquiry.values())

    def note(self, inquiry: int, contact: Contact) -> None:
        """Remember the present contact of an inquiry that may be asked for."""
        if inquiry in self._present:
            self._present[inquiry] = contact

    def asks(self, chaser: int) -> bool:
        """Return whether a customer who would ask now does."""
        case = self._present[self._inquiry[chaser]]
        if case is None or case.end != MISSING or case.live or case.leg is None:
            return False
        return case.leg.handled != Handled.CONTINUED
