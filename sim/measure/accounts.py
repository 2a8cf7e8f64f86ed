"""The account of one replication: whatever is wanted of its sums, added up in one walk through its records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.demand.hand import Hand
from sim.engine.outcome import Outcome
from sim.measure.agents import Agents, AgentTime
from sim.measure.cells import Cells
from sim.measure.costs import COUNTERS, costs, needed
from sim.measure.counters import KINDS, Columns, agent_columns, contact_columns, leg_columns, visit_columns
from sim.measure.counting.adding import Sheet
from sim.measure.counting.known import known_of
from sim.measure.counting.records import parts, records_of
from sim.measure.counting.walk import Books, count_part, scratch_for_one
from sim.measure.frame import Frame
from sim.measure.histogram import Histogram
from sim.measure.ledger import Amounts, Ledger, Rows, Wanted
from sim.measure.levels import PEAKS, LevelsWanted
from sim.measure.values import ValuesWanted, Watched

Ints = NDArray[np.int64]

WALKED: Final = ("contacts", "legs", "visits")
"""Tables whose records are walked through, contact by contact."""


@dataclass(frozen=True)
class Found:
    """What was wanted of one replication."""

    amounts: list[Amounts]
    histograms: dict[str, Histogram]
    """By table, if they are wanted: kind k's cell c is cell k × cells + c."""
    watched: list[Histogram]
    """Of each kind that is watched, with periods as cells."""

    @property
    def sums(self) -> list[Ints]:
        """What was wanted of all rows, each of shape (counters, rows, periods)."""
        return [amounts.whole for amounts in self.amounts]


class Account:
    """Adds up what is wanted of replications; what does not depend on chance is worked out once.

    Parameters
    ----------
    histograms
        Whether values of all kinds and cells are wanted, which takes up to half of the time, beside those watched.
    """

    def __init__(
        self, frame: Frame, wanted: Sequence[Wanted], watched: Sequence[Watched] = (), *, histograms: bool = False
    ) -> None:
        self._frame, self._wanted, self._watched = frame, list(wanted), list(watched)
        self._known = known_of(frame)
        self._costs = any(one.table == "costs" for one in wanted)
        if self._costs:
            self._wanted += needed(frame)
        self._columns = columns_of(frame)
        self._numbers = {
            table: [at for at, one in enumerate(self._wanted) if _ledger_of(one) == table] for table in self._columns
        }
        self._ledgers = {table: self._ledger(table) for table in WALKED}
        self._leveled = [at for at, one in enumerate(self._wanted) if one.table in {"peaks", "oldest"}]
        self._levels = LevelsWanted(frame, [self._wanted[at] for at in self._leveled])
        self._values = {
            table: ValuesWanted(
                table,
                len(cells_of(frame, table)),
                frame.periods,
                [one for one in self._watched if one.table == table],
                whole=histograms,
            )
            for table in KINDS
        }
        self._histograms = histograms
        self._agents = Agents(frame, self._known.slots)
        asked = {one.table for one in self._wanted}
        self._walks, self._looks_at_agents = bool(asked - {"agents"} or watched), bool(asked & {"agents", "peaks"})

    def _ledger(self, table: str) -> Ledger:
        mine = [self._wanted[at] for at in self._numbers[table]]
        standing = [number for number, one in enumerate(mine) if one.table == "standing"]
        return Ledger(len(cells_of(self._frame, table)), self._frame.periods, self._columns[table], mine, standing)

    def of(self, hand: Hand, outcome: Outcome) -> Found:
        """Add up a replication."""
        sheets = self._sheets(outcome)
        books = self._books(sheets, outcome)
        if self._walks:
            books = self._walked(hand, outcome, books)
        time = AgentTime.of(self._frame, hand, outcome) if self._looks_at_agents else AgentTime.none()

        found: dict[int, Amounts] = {}
        if self._numbers["agents"]:
            by_slot = self._agents.by_slot(hand, outcome, time)
            found |= self._of_slots("agents", by_slot)
        for table, ledger in self._ledgers.items():
            found |= dict(zip(self._numbers[table], ledger.sums(sheets[table]), strict=True))
        for at, values in zip(self._leveled, self._levels.closed(books.levels, hand, time), strict=True):
            found[at] = Amounts(values, values.shape[1])
        if self._costs:
            agents, visits = found[len(self._wanted) - 2].whole, found[len(self._wanted) - 1].whole
            found |= self._of_slots("costs", costs(self._frame, agents, visits, books.assists, books.resolved))
        histograms: dict[str, Histogram] = {}
        watched: dict[int, Histogram] = {}
        for table, counted in zip(KINDS, (books.of_contacts, books.of_legs), strict=True):
            whole, parts = self._values[table].histograms(counted)
            if self._histograms:
                histograms[table] = whole
            mine = [at for at, one in enumerate(self._watched) if one.table == table]
            watched |= dict(zip(mine, parts, strict=True))
        asked = len(self._wanted) - (2 if self._costs else 0)
        return Found([found[at] for at in range(asked)], histograms, [watched[at] for at in range(len(watched))])

    def _sheets(self, outcome: Outcome) -> dict[str, Sheet]:
        records = {
            "contacts": len(outcome.contacts.contact),
            "legs": len(outcome.legs.contact),
            "visits": len(outcome.visits.contact),
        }
        return {table: ledger.sheet(records[table]) for table, ledger in self._ledgers.items()}

    def _books(self, sheets: Mapping[str, Sheet], outcome: Outcome) -> Books:
        slots = len(self._frame.periods.slots) - 1
        return Books(
            sheets["contacts"],
            sheets["legs"],
            sheets["visits"],
            self._values["contacts"].bins(len(outcome.contacts.contact)),
            self._values["legs"].bins(len(outcome.legs.contact)),
            self._levels.opened(outcome.contacts, len(outcome.legs.contact)),
            np.zeros(slots, np.int64),
            np.zeros(slots, np.int64),
            np.empty(0, np.int64),
        )

    def _walked(self, hand: Hand, outcome: Outcome, books: Books) -> Books:
        """Walk through the inquiries of a replication; give the books, with more room than before."""
        of_contacts, of_legs = (self._values[table] for table in KINDS)
        records, scratch = records_of(hand, outcome), scratch_for_one()
        for part in parts(records):
            books = books._replace(
                of_contacts=of_contacts.with_room(books.of_contacts, part.end - part.begin),
                of_legs=of_legs.with_room(books.of_legs, part.legs),
            )
            if not count_part(records, part.begin, part.end, self._known, books, scratch):
                raise AssertionError(
                    "a record has a combination of channel, type, queue or group that cannot come to be"
                )
        return books

    def scores(self, hand: Hand, outcome: Outcome) -> Ints:
        """Give the score of each contact in millionths; MISSING for those still open, and for chasers."""
        books = self._books(self._sheets(outcome), outcome)
        books = books._replace(scores=np.empty(len(outcome.contacts.contact), np.int64))
        return self._walked(hand, outcome, books).scores

    def _of_slots(self, table: str, by_slot: Mapping[str, Ints]) -> dict[int, Amounts]:
        """Give what is wanted of a table by its number, of the table's counters by cell and slot."""
        return {
            at: Amounts(one.of_slots(by_slot, self._frame.periods), one.rows.number)
            for at, one in enumerate(self._wanted)
            if one.table == table
        }


def columns_of(frame: Frame) -> dict[str, Columns]:
    """Give the columns of the tables that are added up record by record."""
    return {
        "contacts": contact_columns(frame.thresholds),
        "legs": leg_columns(frame.thresholds),
        "visits": visit_columns(),
        "agents": agent_columns(),
    }


def counters_of(frame: Frame) -> dict[str, tuple[str, ...]]:
    """Give the counters of every table."""
    added = {table: tuple(columns.of) for table, columns in columns_of(frame).items()}
    return {**added, "costs": COUNTERS, "peaks": PEAKS, "standing": ("backlog",), "oldest": ("oldest",)}


def cells_of(frame: Frame, table: str) -> Cells:
    """Give the cells of a table."""
    cells: Cells = getattr(frame, {"standing": "legs", "oldest": "peaks"}.get(table, table))
    return cells


def _ledger_of(wanted: Wanted) -> str:
    return "legs" if wanted.table == "standing" else wanted.table


@dataclass(frozen=True)
class Sums:
    """The counters of one table of one replication, added up as they are asked."""

    measures: Measures
    table: str

    @cached_property
    def counters(self) -> tuple[str, ...]:
        """Names of all counters."""
        return counters_of(self.measures.frame)[self.table]

    @property
    def cells(self) -> Cells:
        """What is told apart."""
        return cells_of(self.measures.frame, self.table)

    def by(self, counters: Iterable[str], rows: Rows, per: str) -> Ints:
        """Give counters by row and period, shape (counters, rows, periods).

        Of `peaks` and `oldest` a row must be a single cell.
        """
        (found,) = self.measures.add_up([Wanted(self.table, tuple(counters), rows, per)]).sums
        return found

    @cached_property
    def values(self) -> dict[str, Ints]:
        """By counter, shape (cells, slots): the finest there is."""
        by_slot = self.by(self.counters, Rows.each(len(self.cells)), "slot")
        return dict(zip(self.counters, by_slot, strict=True))


@dataclass(frozen=True)
class Measures:
    """One replication, of which whole-number sums that add up over replications are given as they are asked.

    `contacts`, `legs`, `visits`, `agents` and `costs` add up over slots of time. Of `peaks` a longer period has the
    maximum over its slots, of `standing` and `oldest` what its last slot has.
    """

    frame: Frame
    hand: Hand
    outcome: Outcome

    @cached_property
    def tables(self) -> dict[str, Sums]:
        """The tables."""
        return {table: Sums(self, table) for table in counters_of(self.frame)}

    def add_up(self, wanted: Sequence[Wanted], watched: Sequence[Watched] = ()) -> Found:
        """Add up what is wanted; who wants the same of several replications keeps an `Account`."""
        return Account(self.frame, wanted, watched).of(self.hand, self.outcome)


def account(frame: Frame, hand: Hand, outcome: Outcome) -> Measures:
    """Take in one replication."""
    return Measures(frame, hand, outcome)
