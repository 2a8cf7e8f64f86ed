"""The walk through inquiries: each with its contacts, each of these with its visits and legs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.rules import MISSING, NOBODY, End
from sim.measure.counters import OfVisit
from sim.measure.counting.adding import Sheet, begin_slot, line_of, put_all_away
from sim.measure.counting.contacts import count_arrival, count_entry, score_of
from sim.measure.counting.inquiries import Case, begin_case, count_first_answer, count_inquiry, note_contact
from sim.measure.counting.known import Known, Leg, OfContact
from sim.measure.counting.legs import Fact, Levels, count_legs
from sim.measure.counting.records import Records, Visits, read_contact
from sim.measure.counting.time import slot_near, slot_of, slot_still
from sim.measure.counting.values import RESOLUTION_REST, REST, Bins, Noted, count_listed, note, noted
from sim.measure.machine_code import hot, kept

Ints = NDArray[np.int64]

INQUIRY, ARRIVAL, FIRST_ANSWER, ENTRY, DEADLINES = range(5)
"""Groups of counters of contacts."""


class Books(NamedTuple):
    """Where all is added up."""

    contacts: Sheet
    legs: Sheet
    visits: Sheet
    of_contacts: Bins
    of_legs: Bins
    levels: Levels
    resolved: Ints
    """(slots,) contacts resolved, by the slot in which they ended."""
    assists: Ints
    """(slots,) what assists cost that are paid by contact, thousandths."""
    scores: Ints
    """(contacts,) in millionths; MISSING for those still open, and for chasers. None where nobody asks for them."""


class Scratch(NamedTuple):
    """Room for one record at a time."""

    of_contact: Noted
    of_leg: Noted
    contact: Ints
    leg: Ints
    facts: Ints
    case: Ints
    at_hand: Ints
    """(2,) the first leg and visit of the next part."""


def scratch_for_one() -> Scratch:
    """Make room for one record at a time."""
    contact, leg, facts, case = (np.zeros(len(columns), np.int64) for columns in (OfContact, Leg, Fact, Case))
    of_contact, of_leg = noted(RESOLUTION_REST + 1), noted(REST + 1)
    of_leg = of_leg._replace(known=of_contact.known)  # a contact's values are often those of its leg
    return Scratch(of_contact, of_leg, contact, leg, facts, case, np.zeros(2, np.int64))


@kept
def count_part(records: Records, begin: int, end: int, known: Known, books: Books, scratch: Scratch) -> bool:
    """Count a part of the records; return whether every record has a combination that can come to be."""
    contact, case, at_hand, dealt = scratch.contact, scratch.case, scratch.at_hand, records.dealt
    begin_case(case)
    leg, visit, clock, slot = at_hand[0], at_hand[1], 0, 0
    at = _standing_at(records, begin)
    number = records.number[at]
    inquiry = dealt.inquiry[number]
    for place in range(begin, end):
        next_at = next_number = next_inquiry = NOBODY
        if place + 1 < end:
            next_at = _standing_at(records, place + 1)
            next_number = records.number[next_at]
            next_inquiry = dealt.inquiry[next_number]
        if len(records.order) > 0:
            leg, visit = records.first_leg[at], records.first_visit[at]
        read_contact(contact, records, at, number, inquiry)
        cell = _cell(known, contact)
        if cell < 0:
            return False
        line = line_of(books.contacts, cell)
        before = visit
        visit = _count_visits(records.visits, visit, number, contact, known, books.visits)
        if case[Case.CONTACTS] == 0:
            clock = contact[OfContact.CHANNEL]
        begun = contact[OfContact.BEGIN]
        slot = slot_still(known.slots, begun, slot) if begun >= known.slots.edges[0] else 0
        leg = count_legs(
            records,
            leg,
            number,
            contact,
            slot,
            clock,
            scratch.facts,
            known,
            books.legs,
            books.of_legs,
            scratch.leg,
            scratch.of_leg,
            books.levels,
            books.assists,
        )
        contact[OfContact.SCORE] = score_of(contact, scratch.facts, known)
        if len(books.scores) > 0:
            books.scores[at] = contact[OfContact.SCORE]
        note_contact(case, contact, cell, line, slot, scratch.facts, visit > before)
        over = next_inquiry != inquiry
        _count_contact(contact, cell, line, slot, over, known, books, scratch)
        _count_resolved(contact, slot, known, books.resolved)
        if over:
            begin_case(case)
        at, number, inquiry = next_at, next_number, next_inquiry
    at_hand[0], at_hand[1] = leg, visit
    count_listed(books.of_contacts)
    count_listed(books.of_legs)
    if end == len(records.number):
        put_all_away(books.contacts)
        put_all_away(books.legs)
        put_all_away(books.visits)
    return bool(books.levels.used[2] == 0)


@hot
def _standing_at(records: Records, place: int) -> int:
    """Return where the contact stands that has a place in the order of inquiries."""
    at: int = records.order[place] if len(records.order) > 0 else place
    return at


@hot
def _count_contact(
    contact: Ints, cell: int, line: int, slot: int, over: bool, known: Known, books: Books, scratch: Scratch
) -> None:
    """Count a contact in the slots of its arrival and of entry to its first queue; and its inquiry if that is over.

    Only of contacts that arrived in measured time, and of inquiries whose first one did.
    """
    values, facts, case, sheet, slots = scratch.of_contact, scratch.facts, scratch.case, books.contacts, known.slots
    begin, entered = contact[OfContact.BEGIN], facts[Fact.ENTERED]
    of_inquiry, at_first = 0, 0
    values.kinds[:] = 0
    if begin >= slots.edges[0]:
        begin_slot(sheet, line, slot, ARRIVAL)
        count_arrival(sheet.open[line], contact, known)
        if entered != MISSING:
            slot = facts[Fact.ENTERED_IN]
            begin_slot(sheet, line, slot, ENTRY)
            count_entry(sheet.open[line], values, contact, facts, known)
    if over:
        if case[Case.ANSWERED_LINE] != NOBODY and case[Case.ANSWERED_BEGIN] >= slots.edges[0]:
            of, at_answer = case[Case.ANSWERED_LINE], case[Case.ANSWERED_IN]
            begin_slot(sheet, of, at_answer, FIRST_ANSWER)
            count_first_answer(sheet.open[of], case, known)
        if case[Case.CELL] != NOBODY and case[Case.BEGIN] >= slots.edges[0]:
            of_inquiry, at_first = case[Case.CELL], case[Case.BEGIN_IN]
            first = case[Case.LINE]
            begin_slot(sheet, first, at_first, INQUIRY)
            begin_slot(sheet, first, at_first, DEADLINES)
            joined = of_inquiry == cell and at_first == slot
            count_inquiry(sheet.open[first], values, joined, sheet.begins[DEADLINES], case, known)
    note(books.of_contacts, values, cell, slot, of_inquiry, at_first)


@hot
def _count_resolved(contact: Ints, slot: int, known: Known, resolved: Ints) -> None:
    """Count a contact that a stage or a tier resolved in measured time: what the cost per inquiry divides by."""
    how, end = contact[OfContact.HOW], contact[OfContact.END]
    if (how == End.RESOLVED or how == End.RESOLVED_BY_STAGE) and end >= known.slots.edges[0]:  # noqa: PLR1714
        resolved[slot_near(known.slots, end, slot)] += 1


@hot
def _count_visits(visits: Visits, visit: int, number: int, contact: Ints, known: Known, sheet: Sheet) -> int:
    """Count the visits of a contact to stages, in the slot of their begin; return the visit after them."""
    counted = contact[OfContact.BEGIN] >= known.slots.edges[0]
    while visit < len(visits.contact) and visits.contact[visit] == number:
        if counted:
            begin, end = visits.begin[visit], visits.end[visit]
            channel, kind = contact[OfContact.CHANNEL], contact[OfContact.CONTACT_TYPE]
            cell = known.visit_cell[visits.stage[visit], channel, kind]
            line = line_of(sheet, cell)
            begin_slot(sheet, line, slot_of(known.slots, begin), 0)
            amounts = sheet.open[line]
            amounts[OfVisit.MET] += 1
            if end != MISSING:
                amounts[OfVisit.ENDED] += 1
                amounts[OfVisit.TIME] += end - begin
                amounts[OfVisit.OUTCOME + visits.outcome[visit]] += 1
        visit += 1
    return visit


@hot
def _cell(known: Known, contact: Ints) -> int:
    """Return the cell of a contact; what has no customer segment or no language is the last of these."""
    language, customer = contact[OfContact.LANGUAGE], contact[OfContact.CUSTOMER]
    cell: int = known.contact_cell[
        contact[OfContact.CHANNEL],
        contact[OfContact.CONTACT_TYPE],
        language if language >= 0 else known.contact_cell.shape[2] - 1,
        customer if customer >= 0 else known.contact_cell.shape[3] - 1,
        contact[OfContact.KIND],
    ]
    return cell
