"""The journal of a few contacts: what records do not tell, noted while an engine plays.

The records of an Outcome say what happened to whom. They do not say what a contact found when it came to its queue,
why an agent took it just then, and what became of dealt lengths and numbers in that agent's hands. An engine that is
given a Journal notes this for the contacts that are watched. Replications are pure functions of their number, so that
nobody needs to watch the first time: who wants to know a contact's story plays its replication again. That is why the
journal costs nothing where nobody asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum


class Doing(IntEnum):
    """What an agent does with a piece of work."""

    TALK = 0
    WRAP_UP = 1
    HOLDING = 2
    """The line, for a warm handover."""
    BRIEFING = 3
    DETECTION = 4
    """Finding out that the customer has left silently."""
    PARKED = 5
    """Laid aside for live work: not in hand."""


class Cause(IntEnum):
    """What brought a contact and an agent together."""

    ENTERED = 0
    """The contact entered its queue and found the agent."""
    ROW_OPENED = 1
    """A row's `after` passed, and there the agent was."""
    FREED = 2
    """The agent finished a piece of work, came on duty, or had a slot or interruptible talk left beside it."""
    COLLEAGUE_FREE = 3
    """One more colleague became free, and so opened a row that keeps some free."""


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of work that an agent has."""

    contact: int
    queue: int
    doing: Doing
    since: int


@dataclass(frozen=True, slots=True)
class Person:
    """What an agent had when somebody looked."""

    agent: int
    accepting: bool
    """On duty and taking work; who is not may still finish what is in hand."""
    work: tuple[Work, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """A watched contact entered a queue, or one more row opened to it, and found this before anybody took it."""

    at: int
    contact: int
    queue: int
    mark: int
    """Row of the tier marks that holds for this stay."""
    enters: bool
    place: int
    """Since when it stands in its queue, as rows see it."""
    waiting: int
    """How many waited in its queue, itself apart."""
    ahead: tuple[int, ...]
    """Contacts that stood before it in its queue, in order,"""
    left_silently: tuple[int, ...]
    """and those whose places stood there without them."""
    people: tuple[Person, ...]
    """Of the groups with a row for the queue, by number; neither on duty nor at work are left out."""


@dataclass(frozen=True, slots=True)
class Take:
    """An agent took a watched contact, or laid one aside, or passed over one that its group serves and that waited."""

    at: int
    contact: int
    queue: int
    place: int
    """Since when it stood in its queue, as rows see it."""
    agent: int
    row: int
    cause: Cause
    interrupted: int
    """The contact whose talk was laid aside for it; NOBODY otherwise."""
    passed_over: tuple[tuple[int, int], ...]
    """The watched contacts that went on waiting, each with its queue."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A watched contact's talk began."""

    at: int
    contact: int
    dealt: int
    """ms."""
    length: int
    """At full speed in its agent's hands, dialling apart, ms."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A dealt number decided what a watched contact's talk came to."""

    contact: int
    dealt: float
    stated: float
    """The number as it stands among the stated shares."""
    occupied: int
    """Pieces of work in the agent's hands at the end of talk, this one included."""


@dataclass(slots=True)
class Journal:
    """What is noted, in the order in which it happened."""

    watched: frozenset[int]
    """Rows of the Hand's contacts."""
    looks: list[Look] = field(default_factory=list)
    takes: list[Take] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
