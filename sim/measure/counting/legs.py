"""Counting legs: stays in the queues of a tier, their handling, and what the legs of a contact say of it."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.rules import MISSING, NOBODY, CallBack, Handled, Left
from sim.measure.counters import OfLeg
from sim.measure.counting.adding import Sheet, begin_slot, line_of, spread
from sim.measure.counting.known import CONCLUDED, KEPT, Channel, Known, Leg, OfContact, Queue
from sim.measure.counting.records import Records, read_leg
from sim.measure.counting.service import Stay, count_service
from sim.measure.counting.time import elapsed, slot_again
from sim.measure.counting.values import Bins, Noted, note
from sim.measure.machine_code import hot

Ints = NDArray[np.int64]


NOTHING: Final = int(Handled.NOT)


class Fact(IntEnum):
    """What the legs of a contact say of it."""

    LEGS = 0
    ENTERED = 1
    """When it came to its first human queue; MISSING if it never did."""
    QUEUE = 2
    LEFT = 3
    LEAVE = 4
    """Of its first leg."""
    ANSWERED = 5
    """How many legs an agent took, those apart whose customer was dialled in vain."""
    ESCALATED = 6
    SENT_BACK = 7
    MOVES = 8
    """Into another queue."""
    REPLIES = 9
    AWAITING = 10
    """1 if it awaited its customer's reply at the end."""
    BEGUN = 11
    """When the first agent took it, those apart who dialled in vain; MISSING without."""
    REPLIED = 12
    """End of the first talk that came to something; MISSING without."""
    DIALS = 13
    WAITED_LIVE = 14
    """ms in queues, while it held the line."""
    WAITED_IN_BACKLOG = 15
    RESTED = 16
    """ms that it awaited its customer's replies, on the clock of its inquiry's first channel."""
    ENTERED_IN = 17
    """The slot of `ENTERED`, if that is in measured time."""


class Levels(NamedTuple):
    """What stands in queues by the clock, for maxima and ages."""

    waiting: Ints
    backlog: Ints
    """Events: instants since the origin, with the leg's cell and whether it begins to stand there in the low bits."""
    used: Ints
    """How many there are of both, and whether a record had a combination that cannot come to be."""
    lines: Ints
    """(cells, lines of each) the lines that a leg belongs to."""
    born: Ints
    """(periods, lines) when the oldest open at the end of each period was born."""
    edges: Ints
    """(periods + 1,) ms."""
    origin: int
    """Of the instants of events, ms: no queue is entered before it."""
    cell_bits: int
    """The low bits of events."""


@hot
def count_legs(
    records: Records,
    first: int,
    number: int,
    contact: Ints,
    slot: int,
    clock: int,
    facts: Ints,
    known: Known,
    sheet: Sheet,
    bins: Bins,
    leg: Ints,
    values: Noted,
    levels: Levels,
    assists: Ints,
) -> int:
    """Count the legs of a contact and fill in its facts.

    Parameters
    ----------
    first
        The first leg that is not yet counted.
    number
        Of the contact.
    slot
        Of its arrival, if that is in measured time.
    clock
        Of the first channel of its inquiry.
    facts, leg, values
        Take what the legs say of the contact, and one leg's record and values.

    Returns
    -------
    int
        The leg after the contact's last.
    """
    facts[:] = 0
    facts[Fact.ENTERED] = facts[Fact.BEGUN] = facts[Fact.REPLIED] = MISSING
    at, rested, before, talk_end = first, 0, NOTHING, 0
    called_back = contact[OfContact.CALL_BACK] == CallBack.ACCEPTED
    while at < len(records.legs) and records.legs[at]["contact"] == number:
        read_leg(leg, records, at)
        continues, replies, enter = (KEPT >> before) & 1 == 1, before == Handled.CONTINUED, leg[Leg.ENTER]
        if replies:
            rested += enter - talk_end
            facts[Fact.RESTED] += elapsed(known.hours, clock, talk_end, enter)
            facts[Fact.REPLIES] += 1
        elif at > first and not continues:
            facts[Fact.MOVES] += 1
        _note_facts(facts, leg)

        cell = _cell(known, contact, leg)
        if cell < 0:
            levels.used[2] = 1
            return len(records.legs)
        counts = enter >= known.slots.edges[0]
        entered = slot_again(known.slots, enter, contact[OfContact.BEGIN], slot) if counts else 0
        if at == first:
            facts[Fact.ENTERED_IN] = entered
        line = line_of(sheet, cell)
        _stand(leg, cell, line, contact[OfContact.BEGIN] + rested, entered, known, sheet, levels)
        if counts:
            begin_slot(sheet, line, entered, 0)
            amounts = sheet.open[line]
            values.kinds[:] = 0
            if not continues:
                short_abandon = known.channels[Channel.SHORT_ABANDON, contact[OfContact.CHANNEL]]
                stay = _stay(leg, known, called_back and at == first, short_abandon)
                count_service(amounts, OfLeg.SERVICE, values, stay, known.service)
                if leg[Leg.LEFT] == Left.TAKEN:
                    assists[entered] += _assists(known, leg)
            _count_handling(amounts, leg)
            note(bins, values, cell, entered, cell, entered)
        before, talk_end = leg[Leg.HANDLED], leg[Leg.TALK_END]
        at += 1
    if before == Handled.CONTINUED:
        facts[Fact.AWAITING] = 1
        facts[Fact.RESTED] += elapsed(known.hours, clock, talk_end, known.slots.edges[-1])
    return at


@hot
def _cell(known: Known, contact: Ints, leg: Ints) -> int:
    """Return the cell of a leg; what no group took, and what has no customer segment, is the last of these."""
    row, customer = leg[Leg.ROW], contact[OfContact.CUSTOMER]
    group = known.leg_cell.shape[1] - 1 if row == NOBODY else known.row_group[row]
    customer = customer if customer >= 0 else known.leg_cell.shape[2] - 1
    cell: int = known.leg_cell[leg[Leg.QUEUE], group, customer, contact[OfContact.KIND]]
    return cell


@hot
def _note_facts(facts: Ints, leg: Ints) -> None:
    """Add what one leg says of its contact."""
    handled, leave = leg[Leg.HANDLED], leg[Leg.LEAVE]
    if facts[Fact.LEGS] == 0:
        facts[Fact.ENTERED], facts[Fact.QUEUE] = leg[Leg.ENTER], leg[Leg.QUEUE]
        facts[Fact.LEFT], facts[Fact.LEAVE] = leg[Leg.LEFT], leave
    facts[Fact.LEGS] += 1
    if leg[Leg.LEFT] == Left.TAKEN and handled != Handled.NOT_REACHED:
        facts[Fact.ANSWERED] += 1
        if facts[Fact.BEGUN] == MISSING:
            facts[Fact.BEGUN] = leave
    if (CONCLUDED >> handled) & 1 and facts[Fact.REPLIED] == MISSING:
        facts[Fact.REPLIED] = leg[Leg.TALK_END]
    facts[Fact.ESCALATED] += handled == Handled.ESCALATED
    facts[Fact.SENT_BACK] += handled == Handled.SENT_BACK
    facts[Fact.DIALS] += leg[Leg.DIALLED] == 1
    if leave != MISSING:
        waited = leave - leg[Leg.ENTER]
        if leg[Leg.BACKLOG] == 1:
            facts[Fact.WAITED_IN_BACKLOG] += waited
        else:
            facts[Fact.WAITED_LIVE] += waited


@hot
def _stay(leg: Ints, known: Known, called_back: bool, short_abandon: int) -> Stay:
    """Return a leg's stay in its queue. A ticket's wait counts on its tier's clock."""
    enter, left, end = leg[Leg.ENTER], leg[Leg.LEFT], known.slots.edges[-1]
    leave = enter if left == Left.WAITING else leg[Leg.LEAVE]
    # Who is handed over without holding the line is a ticket.
    clock = known.queues[Queue.CLOCK, leg[Leg.QUEUE]] if leg[Leg.BACKLOG] == 1 else NOBODY
    wait, rest = elapsed(known.hours, clock, enter, leave), elapsed(known.hours, clock, enter, end)
    return Stay(wait, rest, left, called_back, short_abandon)


@hot
def _assists(known: Known, leg: Ints) -> int:
    """Return what assists that are paid by contact cost for a leg that an agent took, thousandths."""
    queue = leg[Leg.QUEUE]
    kind, tier = known.queues[Queue.CONTACT_TYPE, queue], known.queues[Queue.TIER, queue]
    cost: int = known.assist[known.row_group[leg[Leg.ROW]], kind, tier, known.queues[Queue.CHANNEL, queue]]
    return cost


@hot
def _count_handling(amounts: Ints, leg: Ints) -> None:
    """Add to the counters of handling: legs handled to the end of wrap-up or triage, and their times in ms.

    The talk of a part that was returned to the queue counts with the leg that took it up again, and dials in vain count
    with those that reached somebody: what is handled, times the mean, is the agents' time. What they need to find out
    that customers have left silently is counted apart.
    """
    handled, talk_end, hold_end, wrap_up_end = (
        leg[Leg.HANDLED],
        leg[Leg.TALK_END],
        leg[Leg.HOLD_END],
        leg[Leg.WRAP_UP_END],
    )
    concluded = (CONCLUDED >> handled) & 1 == 1
    done = (concluded or handled == Handled.TRANSFERRED) and wrap_up_end != MISSING
    part, nobody_there = (KEPT >> handled) & 1 == 1, handled == Handled.NOBODY_THERE
    held = hold_end != MISSING
    amounts[OfLeg.HANDLED] += done
    amounts[OfLeg.TALK] += leg[Leg.TALK] + leg[Leg.BRIEFING] if done or part else 0
    amounts[OfLeg.WRAP_UP] += wrap_up_end - (hold_end if held else talk_end) if done else 0
    amounts[OfLeg.HOLDING] += hold_end - talk_end if done and held else 0
    amounts[OfLeg.DETECTION] += wrap_up_end - leg[Leg.FOUND] if nobody_there else 0
    amounts[OfLeg.ESCALATED] += handled == Handled.ESCALATED
    amounts[OfLeg.SENT_BACK] += handled == Handled.SENT_BACK


@hot
def _stand(leg: Ints, cell: int, line: int, born: int, slot: int, known: Known, sheet: Sheet, levels: Levels) -> None:
    """Let a leg stand in its queue, and in the backlog, for as long as it does by the clock.

    In its queue until it leaves it; who is blocked or balks never stands there. In the backlog of those whose line
    nobody holds until their talk is over. What is not over at the end reaches past it. `slot` is that of its entry.
    """
    enter, left, past = leg[Leg.ENTER], leg[Leg.LEFT], known.slots.edges[-1] + 1
    leave = past if left == Left.WAITING else leg[Leg.LEAVE]
    if left != Left.BALKED and left != Left.BLOCKED and leave != enter:  # noqa: PLR1714  (tuples are slow)
        spread(sheet, known.slots, line, OfLeg.WAITING, enter, leave, slot)
        levels.used[0] = _record(levels.waiting, levels.used[0], levels.origin, levels.cell_bits, cell, enter, leave)
    if leg[Leg.BACKLOG] == 1:
        talk_end = leg[Leg.TALK_END]
        end = leave if left != Left.TAKEN else past if talk_end == MISSING else talk_end
        spread(sheet, known.slots, line, OfLeg.BACKLOG, enter, end, slot)
        levels.used[1] = _record(levels.backlog, levels.used[1], levels.origin, levels.cell_bits, cell, enter, end)
        _age(levels, cell, enter, end, born)


@hot
def _record(events: Ints, used: int, origin: int, cell_bits: int, cell: int, begin: int, end: int) -> int:
    """Record when a span begins and ends, if it lasts and anybody asks; return how many events there are."""
    if end > begin and len(events):
        events[used] = ((begin - origin) << cell_bits) | (cell << 1) | 1
        events[used + 1] = ((end - origin) << cell_bits) | (cell << 1)
        return used + 2
    return used


@hot
def _age(levels: Levels, cell: int, begin: int, end: int, born: int) -> None:
    """Note when who is open was born, for each period just before the end of which that holds."""
    periods = len(levels.born)
    low, high = 0, periods
    while low < high:  # the first period that ends after the begin
        middle = (low + high) // 2
        if levels.edges[middle + 1] > begin:
            high = middle
        else:
            low = middle + 1
    period = low
    while period < periods and levels.edges[period + 1] <= end:
        for number in range(levels.lines.shape[1]):
            line = levels.lines[cell, number]
            levels.born[period, line] = min(levels.born[period, line], born)
        period += 1
