"""Policy as integers: the written order of events and the codes of an Outcome.

This is the only module that two engines share. Everything else of a rule is written twice.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

MISSING: Final = -(2**63)
"""Marks in every int64 column of an Outcome what never happened (tables show it as a missing value)."""

NOBODY: Final = -1
"""Marks in columns of indices (agent, row, stage) that there is none."""

NO_LIMIT: Final = -1
"""Marks a limit that the scenario does not set."""


class EventKind(IntEnum):
    """The kinds of event, in the order in which events of one instant happen."""

    CHANNEL_CLOSES = 0
    CHANNEL_OPENS = 1
    SPAN_ENDS = 2
    SPAN_BEGINS = 3
    TALK_ENDS = 4
    WRAP_UP_ENDS = 5
    SELF_SERVICE_ENDS = 6
    AFTER_PASSES = 7
    PATIENCE_ENDS = 8
    ENTERS_QUEUE = 9
    ARRIVES = 10


class End(IntEnum):
    """How a contact ended: each ends in exactly one of these ways."""

    RESOLVED_BY_STAGE = 0
    RESOLVED = 1
    UNRESOLVED = 2
    ABANDONED = 3
    BALKED = 4
    BUSY = 5
    BLOCKED = 6
    REFUSED = 7
    DISCONNECTED = 8
    GAVE_UP = 9
    OPEN = 10
    FALSELY_RESOLVED = 11
    """By a stage, which thinks that it resolved it."""
    NOT_REACHED = 12
    SILENT = 13
    """Abandoned without a sign."""
    CHASED = 14
    """Asked for a case and was told how it stands."""


REPEATED_ENDS: Final = (End.UNRESOLVED, End.GAVE_UP, End.FALSELY_RESOLVED)
"""How a contact ends that leaves its inquiry unresolved: the customer may come back by a repeat."""


class Left(IntEnum):
    """How a leg left its queue."""

    TAKEN = 0
    ABANDONED = 1
    BALKED = 2
    BLOCKED = 3
    DISCONNECTED = 4
    WAITING = 5
    SILENT = 6
    """Without a sign: an agent may still take what stands in its place."""


class Handled(IntEnum):
    """What the handling of a leg came to."""

    NOT = 0
    RESOLVED = 1
    ESCALATED = 2
    UNRESOLVED = 3
    RETURNED = 4
    """Interrupted, back in its queue for anyone."""
    OPEN = 5
    SENT_BACK = 6
    """Back to the tier that handed it up."""
    NOT_REACHED = 7
    TRANSFERRED = 8
    """From the wrong desk to the right one."""
    NOBODY_THERE = 9
    """The agent found out that the customer had left silently."""
    CONTINUED = 10
    """Answered; the customer writes again."""
    CHASED = 11
    """A customer who asked was told how the case stands."""


class CallBack(IntEnum):
    """What became of the offer of a call-back."""

    NOT_OFFERED = 0
    DECLINED = 1
    ACCEPTED = 2


class WhenClosed(IntEnum):
    """What a closed channel does with an arrival."""

    REFUSE = 0
    WAIT = 1
    SELF_SERVICE_ONLY = 2


class Handover(IntEnum):
    """How a tier receives what an earlier tier escalates."""

    COLD = 0
    WARM = 1
    TICKET = 2


class Interruptible(IntEnum):
    """What live work may do to the backlog work that a row took."""

    NO = 0
    PARKED = 1
    SHARED = 2
