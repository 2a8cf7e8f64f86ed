"""The records of a replication as counting reads them: tables as they were written, and columns of what was dealt."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.demand.hand import AttemptKind, Hand, sole
from sim.engine.outcome import Outcome
from sim.engine.rules import MISSING, End
from sim.engine.tables import ContactTable, LegTable, Table
from sim.measure.counting.known import VISIT_COLUMNS, Leg, OfContact
from sim.measure.machine_code import hot
from sim.measure.ordering import order_of

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
Small = NDArray[np.int16]
Codes = NDArray[np.int8]

CONTACTS: Final = 20_000
"""In a part; more if its last inquiry has more."""
_KIND, _CHANNEL, _CONTACT_TYPE, _CUSTOMER, _LANGUAGE, _WRAP_UP = range(6)
"""Columns of what was dealt that may be left out."""


class Dealt(NamedTuple):
    """What was dealt: by contact, of customers and languages by inquiry. What is the same in all rows is left out."""

    inquiry: Numbers
    kind: Codes
    channel: Small
    contact_type: Small
    customer: Small
    language: Small
    first_tier_mark: Numbers
    talk: Ints
    wrap_up: Ints
    """By tier mark."""
    sole: Ints
    """What is the same in all rows, by column that may be left out."""


class Visits(NamedTuple):
    """Stays in stages, in the order of contacts."""

    contact: Ints
    stage: Ints
    begin: Ints
    end: Ints
    outcome: Ints


class Records(NamedTuple):
    """The records of a replication."""

    dealt: Dealt
    number: Numbers
    """(contacts,) row of what was dealt to each contact that began."""
    contacts: Table
    """CONTACT_RECORDs of the same."""
    legs: Table
    """LEG_RECORDs, in the order of contacts."""
    asides: Table
    """ASIDEs of the same legs, or none."""
    visits: Visits
    order: Numbers
    """(contacts,) the contacts inquiry by inquiry; none if that is the order in which they stand."""
    first_leg: Numbers
    first_visit: Numbers
    """(contacts + 1,) where their records begin, and the last ones end; none if contacts are in order."""


class Part(NamedTuple):
    """Neighbouring inquiries."""

    begin: int
    end: int
    """Their contacts, in the order of inquiries."""
    legs: int
    """How many legs these have."""


def records_of(hand: Hand, outcome: Outcome) -> Records:
    """Give the records of a replication."""
    contacts, legs = ContactTable.of(outcome.contacts), LegTable.of(outcome.legs)
    visits = Visits(*(_plain(getattr(outcome.visits, name), np.int64) for name in VISIT_COLUMNS))
    number, kind = _plain(contacts.contact, np.int32), hand.contacts.kind
    order = first_leg = first_visit = np.empty(0, np.int32)
    if len(number) and kind[number[-1]] == AttemptKind.CHASER:  # they come last, and go to their inquiries
        order = order_of(hand.contacts.inquiry[number]).astype(np.int32)
        first_leg, first_visit = (_firsts(of, number) for of in (legs.contact, visits.contact))
    return Records(
        _dealt(hand),
        number,
        _plain(contacts.table, contacts.table.dtype),
        _plain(legs.table, legs.table.dtype),
        _plain(legs.asides, legs.asides.dtype),
        visits,
        order,
        first_leg,
        first_visit,
    )


def _firsts(owner: NDArray[np.integer], number: Numbers) -> Numbers:
    """Give where the records of each contact begin, and where the last ones end."""
    firsts = np.full(len(number) + 1, len(owner), np.int32)
    firsts[:-1] = np.searchsorted(owner, number)
    return firsts


def _dealt(hand: Hand) -> Dealt:
    contacts, inquiries, marks = hand.contacts, hand.inquiries, hand.tier_marks
    every: list[tuple[NDArray[Any], type[np.generic]]] = [
        (contacts.kind, np.int8),
        (contacts.channel, np.int16),
        (contacts.contact_type, np.int16),
        (inquiries.customer, np.int16),
        (inquiries.language, np.int16),
        (marks.wrap_up, np.int64),
    ]
    alone = [sole(column) for column, _ in every]
    kind, channel, contact_type, customer, language, wrap_up = (
        _plain(column if value is None else column[:0], number)
        for (column, number), value in zip(every, alone, strict=True)
    )
    return Dealt(
        _plain(contacts.inquiry, np.int32),
        kind,
        channel,
        contact_type,
        customer,
        language,
        _plain(contacts.first_tier_mark, np.int32),
        _plain(marks.talk, np.int64),
        wrap_up,
        np.array([0 if value is None else value for value in alone], np.int64),
    )


def _plain(column: NDArray[Any], kind: Any) -> NDArray[Any]:
    """Give an array as machine code knows it."""
    return np.require(column, kind, ("C", "W", "A"))


def parts(records: Records) -> Iterator[Part]:
    """Give the records in parts, none of which cuts an inquiry in two."""
    number, inquiry, order = records.number, records.dealt.inquiry, records.order

    def of(place: int) -> int:
        return int(inquiry[number[order[place] if len(order) else place]])

    begin = leg = 0
    while begin < len(number):
        end = min(begin + CONTACTS, len(number))
        while end < len(number) and of(end) == of(end - 1):
            end += 1
        if len(order):
            some = order[begin:end]
            legs = int((records.first_leg[some + 1] - records.first_leg[some]).sum())
        else:
            legs = bisect_right(records.legs["contact"], number[end - 1], leg) - leg
        yield Part(begin, end, legs)
        begin, leg = end, leg + legs


@hot
def read_contact(contact: Ints, records: Records, at: int, number: int, inquiry: int) -> None:
    """Put together what was dealt to a contact and what happened to it; its score is left open."""
    dealt, record = records.dealt, records.contacts[at]
    alone, how = dealt.sole, record["how"]
    contact[OfContact.KIND] = dealt.kind[number] if len(dealt.kind) > 0 else alone[_KIND]
    contact[OfContact.CHANNEL] = dealt.channel[number] if len(dealt.channel) > 0 else alone[_CHANNEL]
    contact[OfContact.CONTACT_TYPE] = (
        dealt.contact_type[number] if len(dealt.contact_type) > 0 else alone[_CONTACT_TYPE]
    )
    contact[OfContact.CUSTOMER] = dealt.customer[inquiry] if len(dealt.customer) > 0 else alone[_CUSTOMER]
    contact[OfContact.LANGUAGE] = dealt.language[inquiry] if len(dealt.language) > 0 else alone[_LANGUAGE]
    contact[OfContact.BEGIN], contact[OfContact.END] = record["begin"], record["end"]
    contact[OfContact.HOW], contact[OfContact.CALL_BACK] = how, record["call_back"]
    contact[OfContact.SAVED] = 0
    if how == End.RESOLVED_BY_STAGE:
        mark = dealt.first_tier_mark[number]
        if mark < dealt.first_tier_mark[number + 1]:
            wrap_up = dealt.wrap_up[mark] if len(dealt.wrap_up) > 0 else alone[_WRAP_UP]
            contact[OfContact.SAVED] = dealt.talk[mark] + wrap_up


@hot
def read_leg(leg: Ints, records: Records, at: int) -> None:
    """Put together the record of a leg."""
    record = records.legs[at]
    leg[Leg.QUEUE], leg[Leg.BACKLOG] = record["queue"], record["backlog"]
    leg[Leg.ENTER], leg[Leg.LEAVE], leg[Leg.LEFT] = record["enter"], record["leave"], record["left"]
    leg[Leg.ROW], leg[Leg.BRIEFING] = record["row"], record["briefing"]
    leg[Leg.TALK_END], leg[Leg.TALK], leg[Leg.DIALLED] = record["talk_end"], record["talk"], record["dialled"]
    leg[Leg.WRAP_UP_END], leg[Leg.HANDLED] = record["wrap_up_end"], record["handled"]
    leg[Leg.FOUND] = leg[Leg.HOLD_END] = MISSING
    if len(records.asides) > 0:
        aside = records.asides[at]
        leg[Leg.FOUND], leg[Leg.HOLD_END] = aside["found"], aside["hold_end"]
