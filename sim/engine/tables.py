"""Records as rows of tables: what the compiled engine writes, and what measuring reads, row after row."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.outcome import ContactRecords, LegRecords
from sim.engine.rules import MISSING

Table = NDArray[Any]

CONTACT_RECORD: Final = np.dtype(
    [
        ("begin", np.int64),  # MISSING while it has not begun
        ("end", np.int64),
        ("case", np.int32),  # the contact in progress; 0 when it is not
        ("stage", np.int16),
        ("how", np.int8),
        ("call_back", np.int8),
    ]
)
LEG_RECORD: Final = np.dtype(
    [
        ("enter", np.int64),
        ("leave", np.int64),
        ("briefing", np.int64),
        ("talk_end", np.int64),
        ("talk", np.int64),
        ("wrap_up_end", np.int64),
        ("contact", np.int32),
        ("agent", np.int32),
        ("queue", np.int16),
        ("row", np.int16),
        ("backlog", np.int8),
        ("left", np.int8),
        ("dialled", np.int8),
        ("handled", np.int8),
    ]
)
ASIDE: Final = np.dtype([("found", np.int64), ("parked", np.int64), ("hold_end", np.int64)])
"""Columns of the records of legs that most scenarios have no use for."""
NEVER_LEFT_ASIDE: Final = {"found": MISSING, "parked": 0, "hold_end": MISSING}
"""What is in them then."""


class ContactTable(ContactRecords):
    """Contacts whose columns are those of a table.

    Parameters
    ----------
    contact
        Row of the Hand's contacts, of each row.
    table
        CONTACT_RECORDs.
    """

    __slots__ = ("table",)
    table: Table

    def __init__(self, contact: NDArray[np.int32], table: Table) -> None:
        super().__init__(contact, *(table[name] for name in ("begin", "end", "how", "stage", "call_back")))
        object.__setattr__(self, "table", table)

    @classmethod
    def of(cls, records: ContactRecords) -> ContactTable:
        """Give records as a table, which they may be already."""
        if isinstance(records, ContactTable):
            return records
        table = np.zeros(len(records.contact), CONTACT_RECORD)
        for name in ("begin", "end", "how", "stage", "call_back"):
            table[name] = getattr(records, name)
        return cls(records.contact, table)


class LegTable(LegRecords):
    """Legs whose columns are those of a table, and of another for those that most scenarios have no use for.

    Parameters
    ----------
    table
        LEG_RECORDs.
    asides
        ASIDEs of the same legs, or none.
    """

    __slots__ = ("asides", "table")
    table: Table
    asides: Table

    def __init__(self, table: Table, asides: Table) -> None:
        if len(asides):
            rare = {name: asides[name] for name in NEVER_LEFT_ASIDE}
        else:
            rare = {name: np.broadcast_to(np.int64(value), len(table)) for name, value in NEVER_LEFT_ASIDE.items()}
        super().__init__(**{name: table[name] for name in LEG_RECORD.names or ()}, **rare)
        object.__setattr__(self, "table", table)
        object.__setattr__(self, "asides", asides)

    @classmethod
    def of(cls, records: LegRecords) -> LegTable:
        """Give records as tables, which they may be already."""
        if isinstance(records, LegTable):
            return records
        table, asides = (np.empty(len(records.contact), kind) for kind in (LEG_RECORD, ASIDE))
        for part in (table, asides):
            for name in part.dtype.names or ():
                part[name] = getattr(records, name)
        return cls(table, asides)
