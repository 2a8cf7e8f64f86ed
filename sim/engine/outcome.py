"""The Outcome: what happened in one replication, one record per contact, leg, stage visit and agent account.

Times are ms since the scenario's start. MISSING marks what never happened within the horizon. Columns may be views of
one table of records, or all of one number that is there once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
Small = NDArray[np.int16]
Codes = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class ContactRecords:
    """Contacts that began before the end, by number. Shape of each column: (contacts,)."""

    contact: Numbers
    """Row of the Hand's contacts."""
    begin: Ints
    end: Ints
    """When the customer left or, for a ticket, when the case was closed; MISSING while open."""
    how: Codes
    """An End."""
    stage: Small
    """The stage that (truly or falsely) resolved it or that it gave up at; NOBODY otherwise."""
    call_back: Codes
    """A CallBack: whether one was offered on entering the first queue, and accepted in that instant."""


@dataclass(frozen=True, slots=True)
class VisitRecords:
    """Stays of contacts in self-service stages, by (contact, order)."""

    contact: Ints
    stage: Ints
    begin: Ints
    end: Ints
    """MISSING while in the stage."""
    outcome: Ints
    """A StageOutcome; MISSING while in the stage."""


@dataclass(frozen=True, slots=True)
class LegRecords:
    """Stays of contacts in queues and, when taken, their handling by one agent, by (contact, order)."""

    contact: Numbers
    queue: Small
    backlog: Codes
    """1 where nobody holds the line: a backlog channel, or a ticket."""
    enter: Ints
    leave: Ints
    """When it left the queue; MISSING while waiting. Who leaves silently leaves a place behind."""
    left: Codes
    """A Left."""
    found: Ints
    """When an agent took the place of who had left silently; MISSING otherwise."""
    agent: Numbers
    row: Small
    """The row of `serves` that let the agent take it, or the place left behind; NOBODY if none did."""
    briefing: Ints
    """Length of the briefing of a warm handover into this leg, ms; 0 without."""
    talk_end: Ints
    """End of talk; of a leg that was returned to the queue, that instant."""
    talk: Ints
    """Length of the talk as experienced (slower while sharing; dialling included, parked time and briefing apart), ms;
    MISSING until it ended."""
    dialled: Codes
    """1 where the agent who took it dialled the customer."""
    parked: Ints
    """How long the leg lay parked with its agent, ms."""
    hold_end: Ints
    """When a warm handover out of this leg ended (taken and briefed, or the limit passed); MISSING without one."""
    wrap_up_end: Ints
    """When the agent was done with it; MISSING before."""
    handled: Codes
    """A Handled."""


@dataclass(frozen=True, slots=True)
class AgentRecords:
    """What each agent's time went into: spans on duty and spans with work in hand. Cut at the end of the horizon."""

    duty_agent: Numbers
    duty_begin: Ints
    duty_end: Ints
    """By (agent, begin): when the agent really came on duty, and when the span ended."""
    busy_agent: Numbers
    busy_begin: Ints
    busy_end: Ints
    """By (agent, begin): maximal spans with at least one piece of work in hand (talk, wrap-up, briefing, holding;
    parked work is not in hand). What lies outside duty is overtime; in a group staffed by numbers, so is what its
    people's duty exceeds the number by, because the surplus stays on duty until each has finished."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened in one replication."""

    contacts: ContactRecords
    visits: VisitRecords
    legs: LegRecords
    agents: AgentRecords
