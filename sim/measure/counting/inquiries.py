"""Counting inquiries: by all their contacts, in the cell and slot of the first one."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.demand.hand import AttemptKind
from sim.engine.rules import MISSING, NOBODY, End
from sim.measure.counters import OfFirstAnswer, OfInquiry, Promise
from sim.measure.counting.known import Bound, Known, OfContact
from sim.measure.counting.legs import Fact
from sim.measure.counting.promises import count_due, set_times
from sim.measure.counting.time import elapsed
from sim.measure.counting.values import RESOLUTION, Noted
from sim.measure.machine_code import hot

Ints = NDArray[np.int64]

_RESOLUTION: Final = 1 << Promise.RESOLUTION


class Case(IntEnum):
    """What the contacts of an inquiry say of it."""

    CONTACTS = 0
    CELL = 1
    """Of its first contact, with its channel and arrival; NOBODY before that came."""
    CHANNEL = 2
    BEGIN = 3
    MET = 4
    """Contacts that met self-service."""
    CONTAINED = 5
    """Contacts that a stage resolved, and those that it only thinks it resolved."""
    THOUGHT_CONTAINED = 6
    SAVED = 7
    """Work (ms) dealt for the first tier of what was contained."""
    REACHED = 8
    """Contacts that an agent took, a stage resolved, or that were open at the end."""
    RESOLVED_AT = 9
    """MISSING if it was not resolved."""
    RESTED = 10
    """ms that it awaited replies of its customer, on the clock of its first channel."""
    REPEATS = 11
    ANSWERED_LINE = 12
    """Where its first answered contact, chasers apart, is counted; NOBODY without one."""
    ANSWERED_BEGIN = 13
    """Of that contact: its arrival, the slot of entry to its first human queue, when it was first taken, how it ended
    and how often it was escalated."""
    ANSWERED_IN = 14
    ANSWERED_AT = 15
    ANSWERED_HOW = 16
    ANSWERED_ESCALATED = 17
    SCORE = 18
    """Of the contact that ended last (of several at once the last one); MISSING without."""
    SCORED_AT = 19
    BEGIN_IN = 20
    """The slot of `BEGIN`, if that is in measured time."""
    LINE = 21
    """Where its first contact is counted."""


@hot
def begin_case(case: Ints) -> None:
    """Forget the inquiry before."""
    case[:] = 0
    case[Case.CELL] = case[Case.ANSWERED_LINE] = NOBODY
    case[Case.RESOLVED_AT] = case[Case.SCORE] = case[Case.SCORED_AT] = MISSING


@hot
def note_contact(case: Ints, contact: Ints, cell: int, line: int, slot: int, facts: Ints, met: bool) -> None:
    """Add what one contact says of its inquiry; contacts come in order of attempt, chasers last.

    `line` is where it is counted, `slot` that of its arrival, if that is in measured time.
    """
    how, kind, end = contact[OfContact.HOW], contact[OfContact.KIND], contact[OfContact.END]
    if kind == AttemptKind.FIRST:
        case[Case.CELL], case[Case.CHANNEL] = cell, contact[OfContact.CHANNEL]
        case[Case.BEGIN], case[Case.BEGIN_IN], case[Case.LINE] = contact[OfContact.BEGIN], slot, line
    contained, answered = how == End.RESOLVED_BY_STAGE, facts[Fact.ANSWERED] > 0
    case[Case.CONTACTS] += 1
    case[Case.MET] += met
    case[Case.CONTAINED] += contained
    case[Case.THOUGHT_CONTAINED] += contained or how == End.FALSELY_RESOLVED
    case[Case.SAVED] += contact[OfContact.SAVED]
    case[Case.REACHED] += answered or contained or how == End.OPEN
    case[Case.RESTED] += facts[Fact.RESTED]
    case[Case.REPEATS] += kind == AttemptKind.REPEAT
    if (contained or how == End.RESOLVED) and (case[Case.RESOLVED_AT] == MISSING or end < case[Case.RESOLVED_AT]):
        case[Case.RESOLVED_AT] = end
    if answered and kind != AttemptKind.CHASER and case[Case.ANSWERED_LINE] == NOBODY:
        case[Case.ANSWERED_LINE], case[Case.ANSWERED_BEGIN] = line, contact[OfContact.BEGIN]
        case[Case.ANSWERED_IN], case[Case.ANSWERED_AT] = facts[Fact.ENTERED_IN], facts[Fact.BEGUN]
        case[Case.ANSWERED_HOW], case[Case.ANSWERED_ESCALATED] = how, facts[Fact.ESCALATED]
    if contact[OfContact.SCORE] != MISSING and end >= case[Case.SCORED_AT]:
        case[Case.SCORE], case[Case.SCORED_AT] = contact[OfContact.SCORE], end


@hot
def count_inquiry(amounts: Ints, values: Noted, joined: bool, deadlines: int, case: Ints, known: Known) -> None:
    """Add what is counted of an inquiry.

    Counters
    --------
    leaving
        Customers who are expected to leave, in millionths: an inquiry is judged by how it was left, by the score of its
        contact that ended last; if that is dissatisfied, `leaves`.
    resolutions, resolution_time
        Inquiries resolved before the end, and the time to it from the first arrival on the clock of their first
        channel, which rests while we wait for the customer to write again, ms.
    resolution_due@T, resolution_within@T
        Whose deadline (first arrival + T) ran out before the end; of these, that were resolved within T (inclusive).

    Histograms
    ----------
    resolution, left_resolution_due, left_resolution
        Times to it; from arrival to the end, of all, and of those resolved.

    Parameters
    ----------
    joined
        Whether it is counted where its last contact's wait is.
    deadlines
        The column where the counters of the deadlines begin.
    """
    amounts[OfInquiry.INQUIRIES] += 1
    amounts[OfInquiry.CONTACTS_OF_INQUIRIES] += case[Case.CONTACTS]
    amounts[OfInquiry.MET_SELF_SERVICE] += case[Case.MET] > 0
    amounts[OfInquiry.CONTAINED] += case[Case.CONTAINED] > 0
    amounts[OfInquiry.THOUGHT_CONTAINED] += case[Case.THOUGHT_CONTAINED] > 0
    amounts[OfInquiry.WORK_SAVED] += case[Case.SAVED]
    amounts[OfInquiry.REACHED_NOBODY] += case[Case.REACHED] == 0
    lost = case[Case.SCORE] != MISSING and case[Case.SCORE] < known.bounds[Bound.DISSATISFIED_BELOW]
    amounts[OfInquiry.LEAVING] += known.bounds[Bound.LEAVES] if lost else 0

    channel, begin = case[Case.CHANNEL], case[Case.BEGIN]
    done = case[Case.RESOLVED_AT] != MISSING
    rested = case[Case.RESTED]
    took = elapsed(known.hours, channel, begin, case[Case.RESOLVED_AT]) - rested if done else 0
    rest = elapsed(known.hours, channel, begin, known.slots.edges[-1]) - rested
    amounts[OfInquiry.INQUIRIES_RESOLVED] += done
    amounts[OfInquiry.RESOLUTIONS] += done
    amounts[OfInquiry.RESOLUTION_TIME] += took
    count_due(amounts, deadlines, known.resolution, done, took, rest)
    set_times(values, RESOLUTION, joined, _RESOLUTION, done, took, rest)


@hot
def count_first_answer(amounts: Ints, case: Ints, known: Known) -> None:
    """Add what is counted of the first answered contact of an inquiry, if there is time enough to judge it.

    Chasers only ask for it. Who had to come back to get there (self-service had left it unresolved) was not resolved at
    first contact.
    """
    judged = case[Case.ANSWERED_AT] <= known.slots.edges[-1] - known.repeat_window
    resolved = judged and case[Case.ANSWERED_HOW] == End.RESOLVED and case[Case.REPEATS] == 0
    amounts[OfFirstAnswer.FIRST_ANSWERS] += judged
    amounts[OfFirstAnswer.RESOLVED_FIRST] += resolved
    amounts[OfFirstAnswer.RESOLVED_FIRST_ONE_LEG] += resolved and case[Case.ANSWERED_ESCALATED] == 0
