"""The records of a replication, cut into blocks of inquiries: plain arrays that fit into a processor's cache."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.demand.hand import Hand
from sim.engine.outcome import Outcome
from sim.engine.rules import End
from sim.measure.counting.known import LEG_COLUMNS, VISIT_COLUMNS, OfContact
from sim.measure.counting.walk import Block
from sim.measure.ordering import order_of

Ints = NDArray[np.int64]
Chosen = slice | Ints

CONTACTS: Final = 4008
"""In a block; more if its last inquiry has more. No power of two, so that columns do not share a processor's cache
lines."""


def blocks(hand: Hand, outcome: Outcome) -> Iterator[Block]:
    """Give the blocks of a replication, one after the other in the same buffers."""
    contacts, visits, legs = outcome.contacts, outcome.visits, outcome.legs
    inquiry, order = hand.contacts.inquiry[contacts.contact], None
    if (inquiry[1:] < inquiry[:-1]).any():
        order = order_of(inquiry)  # chasers come last, and go to their inquiries
        inquiry = inquiry[order]
    buffers = _Buffers()
    begin = leg = visit = 0
    while begin < len(inquiry):
        end = begin + CONTACTS
        end = bisect_right(inquiry, inquiry[end - 1], end) if end < len(inquiry) else len(inquiry)
        chosen: Chosen = slice(begin, end)
        if order is None:
            last = contacts.contact[end - 1]
            past_leg, past_visit = bisect_right(legs.contact, last, leg), bisect_right(visits.contact, last, visit)
            of_legs: Chosen = slice(leg, past_leg)
            of_visits: Chosen = slice(visit, past_visit)
            leg, visit = past_leg, past_visit
        else:
            chosen = order[begin:end]
            of_legs = _owned(legs.contact, contacts.contact[chosen])
            of_visits = _owned(visits.contact, contacts.contact[chosen])
        yield Block(
            _contacts(buffers, hand, outcome, chosen, inquiry[begin:end]),
            buffers.filled("visits", [getattr(visits, name)[of_visits] for name in VISIT_COLUMNS]),
            buffers.filled("legs", [getattr(legs, name)[of_legs] for name in LEG_COLUMNS]),
            end == len(inquiry),
        )
        begin = end


class _Buffers:
    """Room for tables, kept for the next block."""

    def __init__(self) -> None:
        self._room: dict[str, Ints] = {}

    def table(self, name: str, rows: int, columns: int) -> Ints:
        """Give a table with room for so many columns; its rows have no order of their own in memory."""
        room = self._room.get(name)
        if room is None or room.size < rows * columns:
            room = self._room[name] = np.empty(rows * columns, np.int64)
        return room[: rows * columns].reshape(rows, columns)

    def filled(self, name: str, columns: list[NDArray[np.integer]]) -> Ints:
        """Give a table of columns."""
        table = self.table(name, len(columns), len(columns[0]))
        for row, column in zip(table, columns, strict=True):
            row[:] = column
        return table


def _contacts(buffers: _Buffers, hand: Hand, outcome: Outcome, chosen: Chosen, inquiry: NDArray[np.integer]) -> Ints:
    """Give the table of contacts of a block, their scores left open."""
    records, dealt = outcome.contacts, hand.contacts
    number, how = records.contact[chosen], records.how[chosen]
    table = buffers.table("contacts", len(OfContact), len(number))
    of, of_inquiry = _run(number), _run(inquiry)
    for row, column in {
        OfContact.CONTACT: number,
        OfContact.INQUIRY: inquiry,
        OfContact.KIND: dealt.kind[of],
        OfContact.CHANNEL: dealt.channel[of],
        OfContact.CONTACT_TYPE: dealt.contact_type[of],
        OfContact.CUSTOMER: hand.inquiries.customer[of_inquiry],
        OfContact.LANGUAGE: hand.inquiries.language[of_inquiry],
        OfContact.BEGIN: records.begin[chosen],
        OfContact.END: records.end[chosen],
        OfContact.HOW: how,
        OfContact.CALL_BACK: records.call_back[chosen],
    }.items():
        table[row] = column
    table[OfContact.SAVED] = 0
    contained = np.flatnonzero(how == End.RESOLVED_BY_STAGE)
    rows, first = number[contained], dealt.first_tier_mark
    has = first[rows + 1] > first[rows]
    mark = first[rows[has]]
    table[OfContact.SAVED, contained[has]] = hand.tier_marks.talk[mark] + hand.tier_marks.wrap_up[mark]
    return table


def _run(rows: NDArray[np.integer]) -> slice | NDArray[np.integer]:
    """Give rows that follow one another as a slice, which is faster."""
    first, last = int(rows[0]), int(rows[-1])
    if last - first == len(rows) - 1 and (rows[1:] > rows[:-1]).all():
        return slice(first, last + 1)
    return rows


def _owned(owner: NDArray[np.integer], contacts: NDArray[np.integer]) -> Ints:
    """Give the numbers of the records that belong to contacts, contact by contact; records are in order of owner."""
    first, past = np.searchsorted(owner, contacts, side="left"), np.searchsorted(owner, contacts, side="right")
    number = past - first
    return np.repeat(first - (np.cumsum(number) - number), number) + np.arange(number.sum())
