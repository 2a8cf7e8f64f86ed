"""The walk through a block of inquiries: each with its contacts, each of these with its visits and legs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.rules import MISSING, NOBODY, End
from sim.measure.counters import OF_PROMISE, OfVisit, Promise
from sim.measure.counting.adding import Sheet, add
from sim.measure.counting.contacts import count_arrival, count_entry, score_of
from sim.measure.counting.inquiries import Case, begin_case, count_first_answer, count_inquiry, note_contact
from sim.measure.counting.known import Known, OfContact, Visit
from sim.measure.counting.legs import Fact, Levels, count_legs
from sim.measure.counting.time import slot_of
from sim.measure.counting.values import NO_VALUE, Bins, note
from sim.measure.machine_code import hot, kept

Ints = NDArray[np.int64]

INQUIRY, ARRIVAL, FIRST_ANSWER, ENTRY, DEADLINES = range(5)
"""Groups of counters of contacts."""


class Block(NamedTuple):
    """Neighbouring inquiries: their contacts by (inquiry, attempt), and the visits and legs of these in that order."""

    contacts: Ints
    """(rows of OfContact, contacts)"""
    visits: Ints
    legs: Ints


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


class Scratch(NamedTuple):
    """Room for one record at a time."""

    of_contact: Ints
    of_leg: Ints
    of_visit: Ints
    """Amounts by column."""
    bins: Ints
    """Of values by kind, of a contact."""
    leg_bins: Ints
    contact: Ints
    leg: Ints
    facts: Ints
    case: Ints


@kept
def count_block(block: Block, known: Known, books: Books, scratch: Scratch) -> bool:
    """Count a block of inquiries; return whether every record has a combination that can come to be."""
    contacts, contact, case = block.contacts, scratch.contact, scratch.case
    begin_case(case)
    leg, visit, clock = 0, 0, 0
    for at in range(contacts.shape[1]):
        for column in range(len(contact)):
            contact[column] = contacts[column, at]
        cell = _cell(known, contact)
        if cell < 0:
            return False
        before = visit
        visit = _count_visits(block.visits, visit, contact, known, books.visits, scratch.of_visit)
        if case[Case.CONTACTS] == 0:
            clock = contact[OfContact.CHANNEL]
        leg = count_legs(
            block.legs,
            leg,
            contact,
            clock,
            scratch.facts,
            known,
            books.legs,
            books.of_legs,
            scratch.leg,
            scratch.of_leg,
            scratch.leg_bins,
            books.levels,
            books.assists,
        )
        contact[OfContact.SCORE] = contacts[OfContact.SCORE, at] = score_of(contact, scratch.facts, known)
        note_contact(case, contact, cell, scratch.facts, visit > before)
        over = at + 1 == contacts.shape[1] or contacts[OfContact.INQUIRY, at + 1] != contact[OfContact.INQUIRY]
        _count_contact(contact, cell, over, known, books, scratch)
        _count_resolved(contact, known, books.resolved)
        if over:
            begin_case(case)
    return bool(books.levels.used[2] == 0)


@hot
def _count_contact(  # noqa: PLR0912  (a branch a place)
    contact: Ints, cell: int, over: bool, known: Known, books: Books, scratch: Scratch
) -> None:
    """Count a contact in the slots of its arrival and of entry to its first queue; and its inquiry if that is over.

    Only of contacts that arrived in measured time, and of inquiries whose first one did.
    """
    amounts, bins, facts, case, begin = (
        scratch.of_contact,
        scratch.bins,
        scratch.facts,
        scratch.case,
        known.slots.edges[0],
    )
    counted, entered = contact[OfContact.BEGIN] >= begin, facts[Fact.ENTERED] != MISSING
    bins[:] = NO_VALUE
    if counted:
        count_arrival(amounts, contact, known)
        if entered:
            count_entry(amounts, bins, contact, facts, known)
    first = over and case[Case.CELL] != NOBODY and case[Case.BEGIN] >= begin
    answered = over and case[Case.ANSWERED_CELL] != NOBODY and case[Case.ANSWERED_BEGIN] >= begin
    if first:
        count_inquiry(amounts, bins, len(amounts) - OF_PROMISE * len(known.resolution), case, known)
    if answered:
        count_first_answer(amounts, case, known)

    arrived = slot_of(known.slots, contact[OfContact.BEGIN]) if counted else 0
    if first and answered and case[Case.CONTACTS] == 1:
        slot = slot_of(known.slots, facts[Fact.ENTERED])
        if slot == arrived:  # most contacts: all that is counted of them has one place
            add(books.contacts, cell, slot, amounts, INQUIRY, DEADLINES + 1)
            note(books.of_contacts, cell, slot, bins, 0, len(bins))
            return
    for group in range(DEADLINES + 1):
        place, slot = cell, arrived
        if group in (ARRIVAL, ENTRY):
            if not counted or (group == ENTRY and not entered):
                continue
            if group == ENTRY:
                slot = slot_of(known.slots, facts[Fact.ENTERED])
                note(books.of_contacts, cell, slot, bins, 0, Promise.RESOLUTION)
        elif group == FIRST_ANSWER:
            if not answered:
                continue
            place, slot = case[Case.ANSWERED_CELL], slot_of(known.slots, case[Case.ANSWERED_ENTERED])
        else:
            if not first:
                continue
            place, slot = case[Case.CELL], slot_of(known.slots, case[Case.BEGIN])
            if group == INQUIRY:
                note(books.of_contacts, place, slot, bins, Promise.RESOLUTION, len(bins))
        add(books.contacts, place, slot, amounts, group, group + 1)


@hot
def _count_resolved(contact: Ints, known: Known, resolved: Ints) -> None:
    """Count a contact that a stage or a tier resolved in measured time: what the cost per inquiry divides by."""
    how, end = contact[OfContact.HOW], contact[OfContact.END]
    if (how == End.RESOLVED or how == End.RESOLVED_BY_STAGE) and end >= known.slots.edges[0]:  # noqa: PLR1714
        resolved[slot_of(known.slots, end)] += 1


@hot
def _count_visits(visits: Ints, visit: int, contact: Ints, known: Known, sheet: Sheet, amounts: Ints) -> int:
    """Count the visits of a contact to stages, in the slot of their begin; return the visit after them."""
    counted = contact[OfContact.BEGIN] >= known.slots.edges[0]
    while visit < visits.shape[1] and visits[Visit.CONTACT, visit] == contact[OfContact.CONTACT]:
        if counted:
            begin, end = visits[Visit.BEGIN, visit], visits[Visit.END, visit]
            ended = end != MISSING
            amounts[:] = 0
            amounts[OfVisit.MET] = 1
            amounts[OfVisit.ENDED] = ended
            if ended:
                amounts[OfVisit.TIME] = end - begin
                amounts[OfVisit.OUTCOME + visits[Visit.OUTCOME, visit]] = 1
            channel, kind = contact[OfContact.CHANNEL], contact[OfContact.CONTACT_TYPE]
            cell = known.visit_cell[visits[Visit.STAGE, visit], channel, kind]
            add(sheet, cell, slot_of(known.slots, begin), amounts, 0, 1)
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
