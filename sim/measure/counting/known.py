"""What counting knows of a scenario and of records, as plain arrays."""

from __future__ import annotations

from dataclasses import fields
from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.outcome import LegRecords, VisitRecords
from sim.engine.rules import NOBODY, Handled
from sim.measure.counting.time import Hours, Slots, hours_of, slots_of

if TYPE_CHECKING:
    from sim.measure.frame import Frame

Ints = NDArray[np.int64]
Small = NDArray[np.int32]
Floats = NDArray[np.float64]


class OfContact(IntEnum):
    """What is known of a contact: what was dealt and what happened."""

    KIND = 0
    CHANNEL = 1
    CONTACT_TYPE = 2
    CUSTOMER = 3
    LANGUAGE = 4
    BEGIN = 5
    END = 6
    HOW = 7
    CALL_BACK = 8
    SAVED = 9
    """Work (ms) dealt for its first tier, if a stage resolved it; else 0."""
    SCORE = 10
    """Filled in as contacts are counted: millionths; MISSING without a score."""


class Leg(IntEnum):
    """What counting reads of the record of a leg."""

    QUEUE = 0
    BACKLOG = 1
    ENTER = 2
    LEAVE = 3
    LEFT = 4
    FOUND = 5
    ROW = 6
    BRIEFING = 7
    TALK_END = 8
    TALK = 9
    DIALLED = 10
    HOLD_END = 11
    WRAP_UP_END = 12
    HANDLED = 13


VISIT_COLUMNS: Final = ("contact", "stage", "begin", "end", "outcome")
assert {leg.name.lower() for leg in Leg} == {field.name for field in fields(LegRecords)} - {
    "contact",
    "agent",
    "parked",
}
assert set(VISIT_COLUMNS) == {field.name for field in fields(VisitRecords)}


def _bits(*handled: Handled) -> int:
    return sum(1 << one for one in handled)


CONCLUDED: Final = _bits(
    Handled.RESOLVED, Handled.ESCALATED, Handled.SENT_BACK, Handled.UNRESOLVED, Handled.CONTINUED, Handled.CHASED
)
"""Bits of what handling came to if it came to something; triage is no reply."""
KEPT: Final = _bits(Handled.RETURNED, Handled.NOT_REACHED)
"""Bits of what leaves the contact in its queue, or to be dialled again: the next leg is no new stay."""


class Channel(IntEnum):
    """Rows of the table of channels. Their clocks have their numbers."""

    LIVE = 0
    OUTBOUND = 1
    SHORT_ABANDON = 2
    PROMISED_WITHIN = 3


class Queue(IntEnum):
    """Rows of the table of queues."""

    TIER = 0
    CONTACT_TYPE = 1
    CHANNEL = 2
    DUE = 3
    CLOCK = 4
    """Of the waits of tickets; NOBODY of a first tier, whose clock is the channel's."""


class Bound(IntEnum):
    """Bounds of scores, millionths."""

    PROMOTERS_FROM = 0
    DETRACTORS_BELOW = 1
    DISSATISFIED_BELOW = 2
    LEAVES = 3
    """Not a bound: who leaves of the dissatisfied."""


class Known(NamedTuple):
    """What counting knows of a scenario: few arrays, because each costs time wherever it is handed on."""

    slots: Slots
    hours: Hours
    """Of the channels, then of the tiers."""
    channels: Ints
    """(rows of Channel, channels)"""
    queues: Ints
    """(rows of Queue, queues)"""
    service: Ints
    """Deadlines, ms."""
    response: Ints
    resolution: Ints
    weights: Floats
    """(6, channels) best, per minute waiting, per hour in the backlog, per transfer, unresolved, abandoned; without
    columns where contacts are not scored."""
    bounds: Ints
    repeat_window: int
    row_group: Ints
    assist: Ints
    """(groups, types, tiers, channels) thousandths for each leg that an agent takes."""
    contact_cell: Small
    """(channels, types, languages, customers, attempts)"""
    leg_cell: Small
    """(queues, groups and nobody, customers, attempts)"""
    visit_cell: Small
    """(stages, channels, types)"""


def known_of(frame: Frame) -> Known:
    """Give what is known of a scenario."""
    program, thresholds, scoring = frame.program, frame.thresholds, frame.scoring
    queues, channels = program.queues, len(frame.labels.channels)
    ticket = queues.tier != program.tiers.first[queues.contact_type]
    return Known(
        slots_of(frame.periods),
        hours_of(frame.clocks, frame.tier_clocks),
        _rows(program.channels.live, program.dialling.outbound, frame.short_abandon, frame.promised_within),
        _rows(
            queues.tier,
            queues.contact_type,
            queues.channel,
            queues.due,
            np.where(ticket, channels + queues.tier.astype(np.int64), NOBODY),
        ),
        _ints(thresholds.service),
        _ints(thresholds.response),
        _ints(thresholds.resolution),
        np.zeros((6, 0)) if scoring is None else scoring.weights,
        _ints((0, 0, 0, 0) if scoring is None else scoring.bounds),
        frame.repeat_window,
        _ints(program.rows.group),
        _ints(frame.prices.assist),
        frame.contacts.table.astype(np.int32),
        frame.legs.table.astype(np.int32),
        frame.visits.table.astype(np.int32),
    )


def _ints(values: object) -> Ints:
    return np.array(values, np.int64)


def _rows(*columns: object) -> Ints:
    return np.stack([_ints(column) for column in columns])
