"""What does not add up over cells: the most at once, and the age of the oldest, by line of each breakdown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.demand.columns import column
from sim.demand.hand import Hand
from sim.engine.outcome import ContactRecords
from sim.measure.agents import AgentTime
from sim.measure.counting.legs import Levels
from sim.measure.definitions.formulas import QUEUE_LINES
from sim.measure.frame import Frame
from sim.measure.ledger import Wanted
from sim.measure.spans import plain
from sim.measure.steps import Steps

Ints = NDArray[np.int64]

PEAKS = ("waiting", "backlog", "busy", "duty", "free")
"""Maxima of periods, by line: contacts waiting, backlog, agents busy (on duty or not), on duty, free."""

_NEVER = 2**62
DUTY, ON_DUTY, BEYOND = range(3)
"""Kinds of span of a group's agents, and by how much each raises the levels of busy, duty and free."""
RAISES = np.array([[0, 1, 1], [1, 0, -1], [1, 0, 0]])


class LevelsWanted:
    """Works out the maxima and ages that are wanted, at the one kind of period they share, else slot by slot."""

    def __init__(self, frame: Frame, wanted: Sequence[Wanted]) -> None:
        self._periods, self._wanted = frame.periods, wanted
        asked = {one.per for one in wanted}
        self._per = asked.pop() if len(asked) == 1 else "slot"
        self._peaks = any(one.table == "peaks" for one in wanted)
        self._ages = any(one.table == "oldest" for one in wanted)
        self._begin = frame.periods.begin
        lines = len(frame.peaks)
        of_legs = leg_lines(frame)
        self._queues = Steps(of_legs, np.ones((len(of_legs), 1), np.int64), lines)
        of_agents = np.repeat(agent_lines(frame), len(RAISES), axis=0)
        self._agents = Steps(of_agents, np.tile(RAISES, (len(frame.labels.groups), 1)), lines)

    def opened(self, contacts: ContactRecords, legs: int) -> Levels:
        """Give room for what stands in the queues of a replication with so many legs."""
        edges = self._periods.edges_of(self._per)
        # No queue is entered before its contact has come.
        origin = min(self._begin, int(contacts.begin.min())) if len(contacts.begin) else self._begin
        room = 2 * legs if self._peaks else 0
        born = np.full((len(edges) - 1 if self._ages else 0, self._queues.number), _NEVER)
        waiting, backlog = column(room, np.int64), column(room, np.int64)
        return Levels(
            waiting,
            backlog,
            np.zeros(3, np.int64),
            self._queues.lines,
            born,
            edges,
            origin,
            self._queues.cell_bits,
        )

    def closed(self, levels: Levels, hand: Hand, time: AgentTime) -> list[Ints]:
        """Give what is wanted, each of shape (counters, rows, periods)."""
        edges, found = levels.edges, {}
        if self._peaks:
            for number, name in enumerate(("waiting", "backlog")):
                events = getattr(levels, name)[: levels.used[number]]
                found["peaks", name] = self._queues.maxima(events, levels.origin, edges)[0]
            agents = self._of_agents(hand, time, edges)
            found |= {("peaks", name): level for name, level in zip(("busy", "duty", "free"), agents, strict=True)}
        if self._ages:
            # An ms before the end, so that a period shows what stood when it was over and not what began with the next.
            age = edges[1:, None] - 1 - levels.born
            found["oldest", "oldest"] = np.where(levels.born == _NEVER, 0, age).T
        return [self._chosen(one, found) for one in self._wanted]

    def _of_agents(self, hand: Hand, time: AgentTime, edges: Ints) -> Ints:
        group = hand.agents.group.astype(np.int64)
        kinds = ((DUTY, time.duty), (ON_DUTY, time.on_duty), (BEYOND, time.beyond))
        begins = [int(spans.begin.min()) for _, spans in kinds if len(spans.begin)]
        origin = min([self._begin, *begins])
        events = self._agents.events([(len(RAISES) * group + kind, *plain(spans)) for kind, spans in kinds], origin)
        return self._agents.maxima(events, origin, edges)

    def _chosen(self, wanted: Wanted, found: dict[tuple[str, str], Ints]) -> Ints:
        """Give counters by row and period, of lines by the kind of period that they were worked out at."""
        periods, rows = self._periods, wanted.rows
        if not wanted.counters:
            return np.zeros((0, rows.number, periods.count(wanted.per)), np.int64)
        values = np.stack([found[wanted.table, counter] for counter in wanted.counters])
        if wanted.per != self._per:
            first = periods.first_slots(wanted.per)
            if wanted.table == "peaks":
                values = np.maximum.reduceat(values, first, axis=-1)
            else:
                values = values[..., np.append(first[1:], values.shape[-1]) - 1]
        return rows.added(values)


def leg_lines(frame: Frame) -> Ints:
    """Give the lines that the legs of each cell belong to: of the run, and of each dimension; shape (cells, lines)."""
    cells = frame.legs
    lines, base = [np.zeros(len(cells), np.int64)], 1
    for dimension in QUEUE_LINES:
        lines.append(base + cells.codes[dimension])
        base += len(cells.names[dimension])
    return np.stack(lines, axis=1)


def agent_lines(frame: Frame) -> Ints:
    """Give the lines that the agents of each group belong to: of the run, its tier and itself; (groups, lines)."""
    names, groups = frame.legs.names, len(frame.labels.groups)
    tier = 1 + len(names["channel"]) + len(names["contact_type"]) + frame.program.groups.tier.astype(np.int64)
    base = 1 + sum(len(names[dimension]) for dimension in QUEUE_LINES)
    return np.stack([np.zeros(groups, np.int64), tier, base + np.arange(groups)], axis=1)
