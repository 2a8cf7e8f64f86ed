"""From the tables of the compiled engine to an Outcome."""

from __future__ import annotations

import numpy as np

from sim.demand.columns import ascending, taken
from sim.engine.compiled.dealt import Dealt
from sim.engine.compiled.state import (
    DUTIES,
    LEGS,
    SPANS,
    VISITS,
    Desk,
)
from sim.engine.outcome import AgentRecords, Outcome, VisitRecords
from sim.engine.rules import MISSING
from sim.engine.tables import ContactTable, LegTable


def outcome(desk: Desk, dealt: Dealt) -> Outcome:
    """Return the records of a replication that was played to its end and sorted: columns of the tables themselves."""
    visits = dealt.visits[:, : desk.state[VISITS]]
    visits = visits[:, np.argsort(visits[0], kind="stable")]
    used = int(desk.state[LEGS])
    legs = LegTable(desk.legs[:used], desk.asides[:used])
    return Outcome(_contacts(desk), VisitRecords(*visits), legs, _agents(desk))


def _contacts(desk: Desk) -> ContactTable:
    begun = desk.contacts["begin"] != MISSING
    if begun.all():
        return ContactTable(ascending(len(begun), np.int32), desk.contacts)
    numbers = np.flatnonzero(begun).astype(np.int32)
    return ContactTable(numbers, taken(desk.contacts, numbers))


def _agents(desk: Desk) -> AgentRecords:
    duties = int(desk.state[DUTIES])
    duty, busy = desk.spans[:duties], desk.spans[duties : int(desk.state[SPANS])]
    return AgentRecords(*(spans[name] for spans in (duty, busy) for name in ("agent", "begin", "end")))
