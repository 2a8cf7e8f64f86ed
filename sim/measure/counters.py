"""The counters of each table, numbered: the columns in which one record's amounts are added up.

A counter that measures the time of spans has the column after it as well: how many more spans begin than end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

from sim.demand.hand import StageOutcome
from sim.engine.rules import End

if TYPE_CHECKING:
    from sim.measure.frame import Thresholds


class OfInquiry(IntEnum):
    """Of an inquiry, in the cell and slot of its first contact's arrival."""

    INQUIRIES = 0
    CONTACTS_OF_INQUIRIES = 1
    MET_SELF_SERVICE = 2
    CONTAINED = 3
    THOUGHT_CONTAINED = 4
    WORK_SAVED = 5
    REACHED_NOBODY = 6
    INQUIRIES_RESOLVED = 7
    RESOLUTIONS = 8
    RESOLUTION_TIME = 9
    LEAVING = 10


class OfArrival(IntEnum):
    """Of a contact, in the slot of its arrival. How it ended follows: a counter for each End."""

    ARRIVED = 11
    RETRIES = 12
    REPEATS = 13
    SCORED = 14
    SCORE = 15
    PROMOTERS = 16
    DETRACTORS = 17
    ENDS = 18


class OfFirstAnswer(IntEnum):
    """Of the first answered contact of an inquiry, in the slot of entry to its first human queue."""

    FIRST_ANSWERS = 33
    RESOLVED_FIRST = 34
    RESOLVED_FIRST_ONE_LEG = 35


class OfEntry(IntEnum):
    """Of a contact that came to a human queue, in the slot of entry to the first one. Those of Service follow."""

    ESCALATED = 36
    SENT_BACK = 37
    TRANSFERS = 38
    EXCHANGES = 39
    AWAITING = 40
    RESPONSES = 41
    RESPONSE_TIME = 42
    CALL_BACKS_OFFERED = 43
    CALL_BACKS_ACCEPTED = 44
    CALL_BACKS_BEGUN = 45
    CALL_BACKS_PENDING = 46
    CALL_BACKS_DUE = 47
    CALL_BACKS_KEPT = 48
    CALL_BACK_DELAY = 49
    DIALLED = 50
    REACHED = 51
    DIALS = 52
    OUTBOUND_DUE = 53
    OUTBOUND_IN_TIME = 54
    SERVICE = 55


class OfLeg(IntEnum):
    """Of a leg: time by the clock, and handling in the slot of queue entry. Those of Service follow."""

    WAITING = 0
    BACKLOG = 2
    HANDLED = 4
    TALK = 5
    WRAP_UP = 6
    HOLDING = 7
    DETECTION = 8
    ESCALATED = 9
    SENT_BACK = 10
    SERVICE = 11


class Service(IntEnum):
    """Of a stay in a queue that is judged, from a table's SERVICE on. Deadlines follow."""

    OFFERED = 0
    JUDGED = 1
    ANSWERED = 2
    ANSWERED_AT_ONCE = 3
    ABANDONED = 4
    SILENT = 5
    WAITS_ANSWERED = 6
    GAVE_UP_WAITING = 7
    WAIT_ENDED = 8
    WAIT_ANSWERED = 9
    WAIT_ABANDONED = 10
    WAIT_ALL = 11
    DEADLINES = 12


class OfVisit(IntEnum):
    """Of a visit to a stage, in the slot of its begin. What the stage did follows: a counter for each StageOutcome."""

    MET = 0
    ENDED = 1
    TIME = 2
    OUTCOME = 3


class OfAgent(IntEnum):
    """Of agents: time by the clock, and shifts in the slot of their begin."""

    DUTY = 0
    BUSY = 2
    BEYOND = 4
    OVERTIME = 6
    PAID = 8
    SLOTS = 10
    SLOTS_USED = 12
    SHIFTS = 14


class Wait(IntEnum):
    """Kinds of value, ms, of which histograms are kept: of legs these, of contacts more."""

    ANSWERED = 0
    ABANDONED = 1
    ALL = 2
    LEFT_JUDGED = 3
    LEFT_ANSWERED = 4
    LEFT_ABANDONED = 5


class Promise(IntEnum):
    """Kinds of value, ms, of contacts: those of Wait come before."""

    RESPONSE = 6
    LEFT_RESPONSE_DUE = 7
    LEFT_RESPONSE = 8
    RESOLUTION = 9
    LEFT_RESOLUTION_DUE = 10
    LEFT_RESOLUTION = 11


OF_DEADLINE: Final = 4
"""Counters for each deadline of service: due, answered and due, answered and abandoned within it."""
OF_PROMISE: Final = 2
"""Counters for each deadline of a promise: due, kept within it."""

_FOLLOWED: Final = ("ENDS", "SERVICE", "DEADLINES", "OUTCOME")
"""Where further counters begin."""


def _named(counters: type[IntEnum], after: Iterable[str] = ()) -> list[str]:
    own = [counter.name.lower() for counter in counters if counter.name not in _FOLLOWED]
    return [*own, *after]


@dataclass(frozen=True)
class Columns:
    """The columns of one table."""

    names: tuple[str, ...]
    """By column; empty where spans are counted for the counter before."""
    spread: tuple[int, ...] = ()
    """The columns of time by the clock."""
    groups: tuple[int, ...] = ()
    """Where groups of columns begin that are added up together, and where the last one ends."""

    @cached_property
    def of(self) -> dict[str, int]:
        """The column of each counter."""
        return {name: column for column, name in enumerate(self.names) if name}


def contact_columns(thresholds: Thresholds) -> Columns:
    """Give the columns of contacts: groups of inquiries, arrivals, first answers, entries, deadlines of inquiries."""
    entered = _named(OfEntry, _service(thresholds))
    entered += _promised("response", thresholds.response)
    names = [
        *_named(OfInquiry),
        *_named(OfArrival, (f"ended_{end.name.lower()}" for end in End)),
        *_named(OfFirstAnswer),
        *entered,
    ]
    resolved = _promised("resolution", thresholds.resolution)
    groups = OfInquiry.INQUIRIES, OfArrival.ARRIVED, OfFirstAnswer.FIRST_ANSWERS, OfEntry.ESCALATED, len(names)
    return Columns((*names, *resolved), (), (*map(int, groups), len(names) + len(resolved)))


def leg_columns(thresholds: Thresholds) -> Columns:
    """Give the columns of legs."""
    clock = ("waiting", "", "backlog", "")
    names = (*clock, *_named(OfLeg)[2:], *_service(thresholds))
    return Columns(names, (OfLeg.WAITING, OfLeg.BACKLOG), (OfLeg.HANDLED, len(names)))


def visit_columns() -> Columns:
    """Give the columns of visits."""
    names = _named(OfVisit, (outcome.name.lower() for outcome in StageOutcome))
    return Columns(tuple(names), (), (0, len(names)))


def agent_columns() -> Columns:
    """Give the columns of agents."""
    clock = [counter for counter in OfAgent if counter is not OfAgent.SHIFTS]
    names = [part for counter in clock for part in (counter.name.lower(), "")]
    return Columns((*names, "shifts"), tuple(clock), (OfAgent.SHIFTS, len(names) + 1))


def _service(thresholds: Thresholds) -> list[str]:
    counters = ("due", "answered_due", "answered_within", "abandoned_within")
    return _named(Service, (f"{name}@{limit}" for limit in thresholds.service for name in counters))


def _promised(promise: str, limits: Iterable[int]) -> list[str]:
    return [f"{promise}_{name}@{limit}" for limit in limits for name in ("due", "within")]


WAITS: Final = tuple(kind.name.lower() for kind in Wait)
PROMISES: Final = tuple(kind.name.lower() for kind in Promise)
KINDS: Final = {"contacts": (*WAITS, *PROMISES), "legs": WAITS}
"""By table, the kinds of value of which histograms are kept."""
