"""From the tables of the compiled engine to an Outcome."""

from __future__ import annotations

import numpy as np

from sim.engine.compiled.dealt import Dealt
from sim.engine.compiled.state import (
    DUTIES,
    LEGS,
    SPANS,
    VISITS,
    Desk,
)
from sim.engine.outcome import AgentRecords, ContactRecords, LegRecords, Outcome, VisitRecords
from sim.engine.rules import MISSING

NEVER_LEFT_ASIDE = {"found": MISSING, "parked": 0, "hold_end": MISSING}
"""What is in the columns that most scenarios have no use for."""


def outcome(desk: Desk, dealt: Dealt) -> Outcome:
    """Return the records of a replication that was played to its end and sorted: columns of the tables themselves."""
    visits = dealt.visits[:, : desk.state[VISITS]]
    visits = visits[:, np.argsort(visits[0], kind="stable")]
    return Outcome(_contacts(desk), VisitRecords(*visits), _legs(desk), _agents(desk))


def _contacts(desk: Desk) -> ContactRecords:
    begun = np.flatnonzero(desk.contacts["begin"] != MISSING).astype(np.int32)
    table = desk.contacts if len(begun) == len(desk.contacts) else desk.contacts[begun]
    return ContactRecords(begun, *(table[name] for name in ("begin", "end", "how", "stage", "call_back")))


def _legs(desk: Desk) -> LegRecords:
    used = int(desk.state[LEGS])
    legs, asides = desk.legs[:used], desk.asides[:used]
    if len(desk.asides):
        rare = {name: asides[name] for name in NEVER_LEFT_ASIDE}
    else:
        rare = {name: np.broadcast_to(np.int64(value), used) for name, value in NEVER_LEFT_ASIDE.items()}
    return LegRecords(**{name: legs[name] for name in legs.dtype.names or ()}, **rare)


def _agents(desk: Desk) -> AgentRecords:
    duties = int(desk.state[DUTIES])
    duty, busy = desk.spans[:duties], desk.spans[duties : int(desk.state[SPANS])]
    return AgentRecords(*(spans[name] for spans in (duty, busy) for name in ("agent", "begin", "end")))
