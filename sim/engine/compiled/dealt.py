"""What was dealt, and what the Program makes of it, as the compiled engine reads it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Small = NDArray[np.int16]
Tiny = NDArray[np.int8]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


class Again(NamedTuple):
    """By contact: which one follows, and how long after, ms."""

    retry: Ints
    retry_after: Ints
    repeat: Ints
    repeat_after: Ints


class Ways(NamedTuple):
    """What decides the ways of contacts from tier to tier."""

    first_tier_mark: Ints
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
    so_far: Ints
    """(rows of the table, 2 × tiers) who handed a contact in progress up to each tier, and how often each sent it
    back."""


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

    first: Ints
    """(arrivals,) first contact of each inquiry, and chasers, in the order in which they come"""
    first_at: Ints
    """(arrivals,) and when."""
    present: Ints
    """(inquiries,) the contact of each that began last; NONE before the first; nothing where nobody chases."""
    lane: Ints
    """(customers + 1,) which lane of a queue a segment's head start puts its contacts into; the last: no segment."""
    head_start: Ints
    """(customers + 1,) ms."""
    customer: Small
    language: Small
    inquiry: Ints
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
    first_stage_mark: Ints
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
    harder: Floats
    """(rows of the table,) how much harder self-service has left a contact in progress."""
    visits: Ints
    """(5, stage marks) records of stays in stages, in order of entering."""
