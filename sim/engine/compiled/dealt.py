"""What was dealt, and what the Program makes of it, as the compiled engine reads it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.compiled.rule import hot

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
Small = NDArray[np.int16]
Tiny = NDArray[np.int8]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@hot
def dealt_to(column: NDArray[Any], row: int, usual: int) -> Any:
    """Return what was dealt to a row; what is usual where the same was dealt to all, and the column left out."""
    return column[row] if column.shape[0] > 0 else usual


class Again(NamedTuple):
    """By contact: which one follows, and how long after, ms."""

    retry: Numbers
    retry_after: Ints
    repeat: Numbers
    repeat_after: Ints


class Ways(NamedTuple):
    """What decides the ways of contacts from tier to tier."""

    first_tier_mark: Numbers
    decide: Floats
    sent_back: Bools
    exchange_mark: Ints
    """(exchanges,)"""
    stated: Floats
    """(queues,) share resolved,"""
    escalated: Floats
    """(queues, tiers) and cumulated with those escalated."""
    reached: Floats
    """(groups, queues, slots + 1) share resolved in the hands of a group."""


class Appointments(NamedTuple):
    """By tier mark: how long after the handover, ms."""

    mark: Ints
    delay: Ints


class Exchanges(NamedTuple):
    """By tier mark and order: how the customer writes again, ms."""

    mark: Ints
    reply_after: Ints
    talk: Ints
    wrap_up: Ints


class Dealt(NamedTuple):
    """Columns of the Hand by their names there, tables of the Program, and what contacts in progress carry along."""

    first: Numbers
    """(arrivals,) first contact of each inquiry, and chasers, in the order in which they come"""
    first_at: Ints
    """(arrivals,) and when."""
    present: Ints
    """(inquiries,) the contact of each that began last; NONE before the first; nothing where nobody chases."""
    lane: Ints
    """(customers + 1,) which lane of a queue a segment's head start puts its contacts into; the last: no segment."""
    customer: Small
    language: Small
    inquiry: Numbers
    kind: Tiny
    contact_type: Small
    channel: Small
    balks: Bools
    silent: Bools
    skips_self_service: Bools
    accepts_call_back: Bools
    reached_on: Small
    misrouted: Bools
    again: Again
    first_stage_mark: Numbers
    stage: Small
    takes: Ints
    stage_outcome: Tiny
    talk: Ints
    wrap_up: Ints
    patience: Ints
    briefing: Ints
    ways: Ways
    appointments: Appointments
    exchanges: Exchanges
    harder_rest: Floats
    """(stages,)"""
    floats: Floats
    """The objects of the desk, as floats."""
    visits: Ints
    """(5, stage marks) records of stays in stages, in order of entering."""
