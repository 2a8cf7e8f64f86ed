"""The offer of a call-back instead of waiting on the line."""

from __future__ import annotations

from sim.demand.hand import Hand
from sim.engine.program import Dialling
from sim.engine.reference.people import Leg
from sim.engine.rules import NO_LIMIT, CallBack


class CallBacks:
    """Offers call-backs to live contacts that would have to wait in their first queue.

    One is offered when the head of the contact's own queue has waited `expected_wait`, counted from its place (a
    call-back that kept its place is a head like any other; without a head the contact is its own), or when so many live
    contacts of the channel wait in first queues. Who accepts has hung up: it has no patience, is in no limit, and a
    closing channel does not disconnect it. Its place is that of live work, which may interrupt; if the channel says
    `after_live`, it stands behind what is live in its queue, and in a row behind what is live of its priority. Agents
    dial when they take it, whether the channel is open or closed. Once reached, the customer is on the line again, but
    holds none of the channel's `lines`.

    Parameters
    ----------
    dialling
        Says when channels offer them.
    hand
        Says who accepts.
    """

    def __init__(self, dialling: Dialling, hand: Hand) -> None:
        self._after_wait: list[int] = dialling.offer_wait.tolist()
        self._after_waiting: list[int] = dialling.offer_waiting.tolist()
        self._behind: list[bool] = dialling.behind.tolist()
        self._accepts: list[bool] = hand.contacts.accepts_call_back.tolist()

    def offer(self, leg: Leg, head: Leg, live_waiting: int) -> None:
        """Offer a call-back to a leg that enters its queue now, if it is time to, and note what becomes of the offer.

        Parameters
        ----------
        leg
            Of the contact.
        head
            Who stands first in its queue.
        live_waiting
            How many live contacts of its channel wait in first queues.
        """
        wait, waiting = self._after_wait[leg.channel], self._after_waiting[leg.channel]
        long_wait = wait != NO_LIMIT and leg.enter - head.place >= wait
        long_queue = waiting != NO_LIMIT and live_waiting >= waiting
        if long_wait or long_queue:
            accepts = self._accepts[leg.number]
            leg.contact.call_back = CallBack.ACCEPTED if accepts else CallBack.DECLINED
            leg.contact.to_dial = accepts
            leg.behind = accepts and self._behind[leg.channel]
