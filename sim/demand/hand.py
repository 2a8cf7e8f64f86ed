"""The Hand: one replication's dealt chance, as arrays. Everything random about a replication is in here.

Three tables, joined by first-row offsets (row i of one table owns rows ``first[i]:first[i + 1]`` of the next):
inquiries own their *possible* contacts, contacts own their stage marks and their tier marks. A possible contact exists
only if the dealt numbers let it happen at all; which of them do happen is for the engine to find out.

A column that is the same in every row, because the scenario has nothing to deal there, is one number that is there once
(see `same`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
"""Of rows: a Hand of more would not fit into any memory."""
Small = NDArray[np.int16]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

N = TypeVar("N", bound=np.generic)

NEVER: Final = 2**62
"""A time or duration (ms) that never comes: later than any horizon, and safe to add a horizon to."""

NONE: Final = -1
"""No such row."""


def same(value: N, rows: int) -> NDArray[N]:
    """Give a column of one number that is there once."""
    # As `np.broadcast_to` gives it, at a fifth of the cost: bytes can no more be written to.
    return np.ndarray((rows,), value.dtype, value.tobytes(), strides=(0,))


def sole(column: NDArray[N]) -> N | None:
    """Give the number of a column in which it is there once; None of a column that has numbers of its own."""
    return column[0] if column.size and column.strides == (0,) else None


class StageOutcome(IntEnum):
    """What a self-service stage does with a contact that meets it."""

    RESOLVED = 0
    GAVE_UP = 1
    HANDED_ON = 2
    FALSELY_RESOLVED = 3
    """The stage thinks it resolved; the customer comes back like any who was left unresolved."""


class AttemptKind(IntEnum):
    """What makes a contact come."""

    FIRST = 0
    RETRY = 1
    """It left, or was turned away, before anybody had dealt with it."""
    REPEAT = 2
    """It was left unresolved."""
    CHASER = 3
    """It asks what became of its open case."""


@dataclass(frozen=True, slots=True)
class Inquiries:
    """The customers' needs, by (first instant, contact type, channel, index). Shape of each column: (inquiries,)."""

    contact_type: Small
    channel: Small
    customer: Small
    language: Small
    """Kept through all its contacts; NONE where the type names no languages."""
    first_contact: Numbers
    """(inquiries + 1,) offsets into the contacts."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """The possible contacts, by (inquiry, attempt, channel, kind), chasers last. Shape of each column: (contacts,).

    At most one contact of each attempt of an inquiry comes to happen, so those of one attempt share its numbers. A
    chaser is no attempt and comes beside them.
    """

    inquiry: Numbers
    attempt: Small
    """0 for the first contact of an inquiry, then counting tries, retries and repeats alike; NONE for a chaser."""
    kind: NDArray[np.int8]
    """An AttemptKind."""
    contact_type: Small
    channel: Small
    at: Ints
    """Arrival of a first contact, ms; of a chaser, when it comes if its case is open then; NEVER for others, whose
    instant depends on what happens. A first contact that came before 0 is of the initial backlog: it waits in the queue
    of its first tier since then."""
    balks: Bools
    """Whether it leaves at once if it would have to wait in its first human queue."""
    silent: Bools
    """Whether it leaves without a sign when its patience runs out, whichever queue it then waits in."""
    skips_self_service: Bools
    accepts_call_back: Bools
    """Whether it accepts a call-back if one is offered."""
    reached_on: Small
    """Which dial of the desk reaches the customer, from 1; 0 if none of those that the channel tries."""
    misrouted: Bools
    """Whether it reaches the desk of another type first; its last tier mark is of that desk's triage."""
    retry: Numbers
    """Row of the contact that follows if this one ends in a way that its channel retries; NONE if there is none."""
    retry_after: Ints
    """From the instant of leaving to the retry's arrival, ms; NEVER without a retry."""
    repeat: Numbers
    """Row of the contact that follows if this one leaves its inquiry unresolved; NONE if there is none."""
    repeat_after: Ints
    """From the instant of leaving to the repeat's arrival, ms; NEVER without a repeat."""
    first_stage_mark: Numbers
    """(contacts + 1,) offsets into the stage marks."""
    first_tier_mark: Numbers
    """(contacts + 1,) offsets into the tier marks."""


@dataclass(frozen=True, slots=True)
class StageMarks:
    """One row for each self-service stage that fronts the contact's channel and lists its type, in file order."""

    stage: Small
    takes: Ints
    outcome: NDArray[np.int8]
    """A StageOutcome."""


@dataclass(frozen=True, slots=True)
class TierMarks:
    """One row for each tier that handles the contact's type, in file order; of a chaser for the first. Durations in ms.

    A contact that may be sent back r times has r + 1 such blocks one after the other: the first holds for its stays
    before any return, the next for those between the first return and the second, and so on. A misrouted contact has
    one more, the last: of the triage at the desk that it reaches first.
    """

    tier: Small
    talk: Ints
    wrap_up: Ints
    patience: Ints
    """For the tier's queue, dealt afresh; NEVER where nobody holds the line or the contact never gives up."""
    briefing: Ints
    """Of a warm handover into this tier; 0 where the tier has none."""
    decide: Floats
    """The uniform number that the Program's table turns into resolved, escalated or unresolved."""
    sent_back: Bools
    """Whether the stay sends the contact back to the tier that handed it up, if it may, whatever `decide` says."""


@dataclass(frozen=True, slots=True)
class Appointments:
    """One row for each tier mark that a contact comes to by appointment, by mark. Shape: (appointments,)."""

    mark: Ints
    """Row of the tier marks."""
    delay: Ints
    """From the handover to entering the tier's queue, ms on the tier's clock."""


@dataclass(frozen=True, slots=True)
class Exchanges:
    """One row for each time that the customer would write again during a stay at a tier. Shape: (exchanges,).

    By (mark, order). The tier mark itself is of the first message; `decide` holds after the last one.
    """

    mark: Ints
    """Row of the tier marks."""
    reply_after: Ints
    """From the end of the talk before to the customer's reply, ms."""
    talk: Ints
    wrap_up: Ints
    """Of the message that answers the reply, ms."""


@dataclass(frozen=True, slots=True)
class Agents:
    """Everybody who may come on duty, by (group, shift, index), with their dealt spans of duty.

    People of a group that is staffed by shifts keep their own spans. People of a group that is staffed by numbers
    (``staffing``, ``headcount``) are interchangeable: they have no spans, the group's steps say how many are at work.
    """

    group: Small
    shift: Small
    """Index within the group's shifts by name; NONE for groups staffed by numbers."""
    index: Ints
    speed: Floats
    """Factor on all talk and wrap-up of the agent, of mean 1."""
    new: Bools
    """Whether the agent is new at the start, and slowed by the group's ramp."""
    first_span: Ints
    """(agents + 1,) offsets into span_start, span_end and span_pause."""
    span_start: Ints
    span_end: Ints
    span_pause: Ints
    """Length of the break that lies before the span: it begins when the hands are empty and keeps its length, but ends
    with the shift. 0 where the gap before the span keeps to the clock."""
    span_shift_end: Ints
    """End of the shift that the span belongs to."""
    step_group: Small
    """Steps of the groups staffed by numbers, by (instant, group)."""
    step_at: Ints
    step_number: Ints
    """How many are at work from step_at on, absences and off-phone blocks taken off."""
    first_paid: Ints
    """(agents + 1,) offsets into paid_start, paid_end: paid time, absences in, unpaid breaks out."""
    paid_start: Ints
    paid_end: Ints
    first_shift: Ints
    """(agents + 1,) offsets into shift_begin."""
    shift_begin: Ints
    """When each shift of the agent begins; before 0 for one that was under way at the start."""


@dataclass(frozen=True, slots=True)
class Hand:
    """One replication's dealt chance: a pure function of (scenario, seed, replication)."""

    seed: int
    replication: int
    inquiries: Inquiries
    contacts: Contacts
    stage_marks: StageMarks
    tier_marks: TierMarks
    appointments: Appointments
    exchanges: Exchanges
    agents: Agents
