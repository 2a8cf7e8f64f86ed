"""The Program: a scenario in numbers. Queues, rows, agent groups, probabilities and opening spans as arrays.

Indices follow `sim.scenario.names`: channels, contact types, customers, languages and groups by name, tiers, stages and
rows by the file's order. An engine reads a Program and a Hand and nothing else: no strings, no dates, no I/O.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Small = NDArray[np.int16]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Spans = NDArray[np.int64]
"""Shape (spans, 2): sorted half-open [start, end) in ms that neither touch nor overlap."""


@dataclass(frozen=True, slots=True)
class Channels:
    """What an engine knows of each channel. Shape of each column: (channels,)."""

    live: Bools
    open: tuple[Spans, ...]
    clock: tuple[Spans, ...]
    """When its clock of promises runs."""
    when_closed: Ints
    """A WhenClosed."""
    clears_at_closing: Bools
    lines: Ints
    """NO_LIMIT without."""
    queue_limit: Ints
    """NO_LIMIT without."""
    detected_after: Ints
    """How long an agent takes to find out that a customer has left silently, ms; 0 where none does."""
    retry_when: Ints
    """Bit e is set if a contact that ends as End e tries again (if its dealt numbers say that it would)."""
    most_exchanges: Ints
    """How often the customer of one contact may write again; 0 where cases take one message."""
    chased_on: Bools
    """Whether customers may ask on it what became of their cases."""


@dataclass(frozen=True, slots=True)
class Stages:
    """What an engine knows of each self-service stage. Shape of each column: (stages,)."""

    open: tuple[Spans, ...]
    limit: Ints
    """Contacts in it at a time; NO_LIMIT without."""
    harder_rest: Floats
    """Factor on the talk, at every tier, of what it hands on."""


@dataclass(frozen=True, slots=True)
class Dialling:
    """Whom the desk dials: outbound work, and who accepts a call-back. Shape of each column: (channels,)."""

    outbound: Bools
    offer_wait: Ints
    """A call-back is offered when the head of the contact's queue has waited so long, ms; NO_LIMIT: not for that."""
    offer_waiting: Ints
    """It is offered when so many live contacts of the channel wait in first queues; NO_LIMIT: not for that."""
    behind: Bools
    """Whether call-backs stand behind the live."""
    dial: Ints
    """Agent's time of a dial, ms."""
    again_after: Ints
    """From the end of a dial in vain to the next one's place in the queue, ms."""
    tries: Ints
    """Dials before the customer counts as not reached."""


@dataclass(frozen=True, slots=True)
class Tiers:
    """What an engine knows of each tier and of each (contact type, tier)."""

    handover: Ints
    """(tiers,) a Handover; a ticket wherever there are appointments."""
    clock: tuple[Spans, ...]
    """Per tier: when the clock of its appointments runs."""
    warm_limit: Ints
    """(tiers,) ms."""
    first: Small
    """(types,) first tier that handles the type."""
    misrouted_to: Small
    """(types,) the type in whose queue of the first tier its misrouted contacts wait first; NOBODY where none are."""
    number: Small
    """(types,) how many tiers handle the type."""
    position: Small
    """(types, tiers) which of a contact's tier marks is this tier's; NOBODY where the tier does not handle the type."""
    resolved: Floats
    """(types, tiers, channels) of what is not sent back, a dealt number below it: resolved,"""
    escalated: Floats
    """(types, tiers, channels, tiers) else below the first of these (cumulated) ones that it is below: escalated to
    that tier, else unresolved."""
    returns: Ints
    """(types, tiers) how often the tier may send one contact back to the tier that handed it up."""


@dataclass(frozen=True, slots=True)
class Queues:
    """The contacts waiting for one tier, of one contact type, channel and language. Shape of each column: (queues,).

    They are numbered by (tier, contact type, channel, language), the language without a name last.
    """

    tier: Small
    contact_type: Small
    channel: Small
    language: Small
    """NOBODY: of contacts whose type names no languages; everybody speaks it."""
    priority: Ints
    """Within a row, smaller goes first."""
    due: Ints
    """ms from entering on the channel's clock; NO_LIMIT without."""
    of: Small
    """(tiers, types, channels, languages + 1) number of the queue; NOBODY where none can come to be. The last language
    is the one without a name, so that an index of NOBODY leads there."""
    rows: tuple[Ints, ...]
    """Per queue: the rows that serve it, by (rank, group, row)."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The lines of all groups' `serves`, group after group in the file's order. Shape of each column: (rows,)."""

    group: Small
    rank: Ints
    after: Ints
    """ms that a contact must have waited before the row is open to it."""
    keep_free: Ints
    """How many other agents of the group must be free."""
    interruptible: Ints
    """An Interruptible."""
    due_first: Bools
    """Whether it takes what is due soonest before what has waited longest."""
    queues: tuple[Ints, ...]
    """Per row: the queues that it serves, by number: those that it names, in languages that its group speaks."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Agent groups."""

    tier: Small
    first_row: Ints
    """(groups + 1,) offsets into the rows."""
    by_numbers: Bools
    """(groups,) whether its people are interchangeable (`staffing`, `headcount`)."""
    slot_limit: Ints
    """(groups, channels) pieces of work of the channel that one agent may hold at once; 0: without slots, empty hands
    needed."""
    slot_pace: Ints
    """(groups, channels, highest limit + 1) speed of talk in parts per million when so many slots are occupied."""


@dataclass(frozen=True, slots=True)
class Effects:
    """What work comes to in a group's hands: assists, shared history, pace, sharing, new people."""

    talk: Floats
    """(groups, types, tiers, channels) factor on dealt talk."""
    talk_of_repeats: Floats
    """(groups, types, tiers, channels) the same for repeats, whose first contact the history shows."""
    wrap_up: Floats
    """(groups, types, tiers, channels) factor on dealt wrap-up."""
    resolved: Floats
    """(groups, types, tiers, channels, highest limit + 1) the share resolved, stated as `Tiers.resolved`, that the
    group reaches when so many slots are occupied at the end of talk (1 for work without slots)."""
    ramp_step: Ints
    """(groups,) ms of one step of new people's ramp; the horizon where there is none."""
    ramp: Floats
    """(groups, steps) factor on talk and wrap-up of new people in each step; the last holds from then on."""


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Program:
    """A scenario in numbers. One is equal to itself only, so that what is worked out of it can be kept with it."""

    length: int
    """ms; nothing at or after it runs."""
    channels: Channels
    dialling: Dialling
    stages: Stages
    tiers: Tiers
    queues: Queues
    rows: Rows
    groups: Groups
    effects: Effects
    head_start: Ints
    """(customers,) ms: how much earlier a contact of the segment queues as having come."""
