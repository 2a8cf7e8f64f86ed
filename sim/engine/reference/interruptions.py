"""Which backlog talk live work may interrupt."""

from __future__ import annotations

from collections.abc import Iterable

from sim.engine.program import Rows
from sim.engine.reference.people import Agent, Group, Leg
from sim.engine.rules import MISSING, Interruptible


class Interruptions:
    """Says which backlog talk live work may interrupt, and by which row.

    Parameters
    ----------
    rows
        Say which of them take work that may be interrupted.
    groups
        The replication's people.
    """

    def __init__(self, rows: Rows, groups: list[Group]) -> None:
        self._rank: list[int] = rows.rank.tolist()
        self._keep_free: list[int] = rows.keep_free.tolist()
        self._interruptible: list[int] = rows.interruptible.tolist()
        self._group_of_row = [groups[group] for group in rows.group.tolist()]

    def returned_at_once(self, talk: Leg) -> bool:
        """Return whether a talk goes back to its queue when it is interrupted; else it stays with its agent."""
        return self._interruptible[talk.row] == Interruptible.SHARED

    def talk_of(self, agent: Agent) -> Leg | None:
        """Return the backlog talk of an agent that may be interrupted: its row says so, nothing else is in hand."""
        if len(agent.work) != 1:
            return None
        leg = agent.work[0]
        may = leg.backlog and leg.pace_since != MISSING and self._interruptible[leg.row] != Interruptible.NO
        return leg if may else None

    def by(self, rows: Iterable[int]) -> tuple[int, Leg] | None:
        """Return the row that live work would come by and the talk that it would interrupt.

        Lowest rank of the live work's row first, then who began (or resumed) last, then the lowest number. It must be
        talk that its agent took by a later row.
        """
        best: tuple[int, int, int, int, Leg] | None = None
        for row in rows:
            group = self._group_of_row[row]
            if group.free < self._keep_free[row]:
                continue
            for held_by in group.rows:
                if self._interruptible[held_by] == Interruptible.NO or held_by <= row:
                    continue
                talk = group.last_interruptible(held_by)
                if talk is not None and talk.agent is not None:
                    key = (self._rank[row], -talk.resumed, talk.agent.number, row, talk)
                    best = key if best is None or key[:4] < best[:4] else best
        return None if best is None else best[3:]
