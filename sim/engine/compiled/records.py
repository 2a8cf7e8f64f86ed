"""From the arrays of the compiled engine to an Outcome."""

from __future__ import annotations

import numpy as np

from sim.engine.compiled.dealt import Dealt
from sim.engine.compiled.state import (
    AGENT_COUNT,
    C_BEGIN,
    DESK,
    LEGS,
    R_CONTACT,
    S_AGENT,
    S_OF_DUTY,
    SPANS,
    VISITS,
    Desk,
)
from sim.engine.outcome import AgentRecords, ContactRecords, LegRecords, Outcome, VisitRecords
from sim.engine.rules import MISSING


def outcome(desk: Desk, dealt: Dealt) -> Outcome:
    """Return the records of a replication that was played to its end."""
    used = desk.state[DESK]
    visits = dealt.visits[:, : used[VISITS]]
    visits = visits[:, np.argsort(visits[0], kind="stable")]
    return Outcome(_contacts(desk), VisitRecords(*visits), _legs(desk, int(used[LEGS])), _agents(desk))


def _contacts(desk: Desk) -> ContactRecords:
    begun = np.flatnonzero(desk.contacts[C_BEGIN] != MISSING)
    columns = desk.contacts if len(begun) == desk.contacts.shape[1] else desk.contacts[:, begun]
    return ContactRecords(begun, *columns)


def _legs(desk: Desk, used: int) -> LegRecords:
    legs = desk.legs[:, :used]
    contact = legs[R_CONTACT]
    if (contact[1:] < contact[:-1]).any():
        order = np.argsort(contact, kind="stable")
        return LegRecords(*(column[order] for column in legs))
    return LegRecords(*legs)


def _agents(desk: Desk) -> AgentRecords:
    spans = desk.spans[: desk.state[DESK, SPANS]]
    agent = spans[:, S_AGENT]
    if desk.state[DESK, AGENT_COUNT] < 2**15:
        agent = agent.astype(np.int16)  # of which NumPy sorts in linear time
    order = np.argsort(agent, kind="stable")
    columns = spans[order].T
    of_duty = columns[S_OF_DUTY] == 1
    return AgentRecords(
        *(column[of_duty] for column in columns[S_AGENT:]), *(column[~of_duty] for column in columns[S_AGENT:])
    )
