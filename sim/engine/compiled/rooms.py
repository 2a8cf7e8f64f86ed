"""Where the objects of each kind begin in the table of a desk."""

from __future__ import annotations

import numpy as np

from sim.engine.compiled.alike import pools, queues_served_alike
from sim.engine.compiled.flags import FLAGS_OF_LINE
from sim.engine.compiled.state import (
    AWAY_SIZE,
    CHANNEL_SIZE,
    DESK_SIZE,
    GROUP_SIZE,
    LANE_SIZE,
    LINE,
    QUEUE_SIZE,
    ROW_SIZE,
    SLOT_SIZE,
    STAGE_SIZE,
    TIER_SIZE,
    TYPE_SIZE,
)
from sim.engine.compiled.trees import Trees
from sim.engine.compiled.use import has_both_backlog_and_live
from sim.engine.program import Program


class Rooms:
    """Where the objects of each kind begin: all but the people, and what comes and goes.

    Parameters
    ----------
    program
        The scenario in numbers.
    leaves_places
        Whether some contact leaves silently, so that its place stays behind.

    Attributes
    ----------
    head_starts
        All there are, ascending (ms); 0 is one.
    levels
        How many pieces of work may be in hand at a time, at most.
    pools
        Of groups that serve alike.
    """

    def __init__(self, program: Program, leaves_places: bool) -> None:
        self.program = program
        self.head_starts = sorted({0, *program.head_start.tolist()})
        self.levels = program.groups.slot_pace.shape[2]
        self.pools, self._laned = pools(program), queues_served_alike(program)
        self._larger = self.pools.firsts[self.pools.several]
        self._count_lanes(leaves_places)
        self._make_rooms()

    def _count_lanes(self, leaves_places: bool) -> None:
        kinds = 2 if has_both_backlog_and_live(self.program) else 1
        self._front_lanes = kinds * len(self.head_starts)
        self._silent_lanes = (2 if self.program.dialling.behind.any() else 1) * self._front_lanes
        self._lanes_of_queue = self._silent_lanes + (len(self.head_starts) if leaves_places else 0)
        self._lane_count = len(self._laned.firsts) * self._lanes_of_queue
        position = np.arange(self._lanes_of_queue)
        self._behind = (self._front_lanes <= position) & (position < self._silent_lanes)
        """(lanes of a queue,) whether those stand in it who stand behind the live."""
        self._backlog = (position < self._silent_lanes) & (position % self._front_lanes >= len(self.head_starts))
        """The same of backlog, where there is both."""

    def _make_rooms(self) -> None:
        program, rows = self.program, np.arange(len(self.program.rows.group))
        channels, groups, self._length = len(program.channels.live), len(program.groups.tier), DESK_SIZE
        first_row, group = program.groups.first_row, program.rows.group
        self._of_pool = rows - first_row[group] + first_row[self.pools.first[group]]
        """(rows,) the row of its pool's first group that says the same."""
        self._talk_rows = np.flatnonzero((self._of_pool == rows) & (program.rows.interruptible > 0))
        """Pools' rows whose talks may be interrupted."""
        self._channels = self._make_room(channels, CHANNEL_SIZE)
        self._stages = self._make_room(len(program.stages.limit), STAGE_SIZE)
        self._tiers = self._make_room(len(program.tiers.handover), TIER_SIZE)
        self._types = self._make_room(len(program.tiers.first), TYPE_SIZE)
        self._queues = self._make_room(len(program.queues.tier), QUEUE_SIZE)
        self._lanes = self._make_room(self._lane_count, LANE_SIZE)
        self._serves = self._make_room(len(rows), ROW_SIZE)
        self.groups = self._make_room(groups, GROUP_SIZE)
        self._away = self._make_room(2 * groups, AWAY_SIZE)
        self._slots = self._make_room(groups * channels * self.levels, SLOT_SIZE)
        self._larger_pools = self._make_room(len(self._larger), GROUP_SIZE)
        self._pool_flags = self._make_flags(self.pools.flags)
        self._talk_flags = self._make_flags(len(self._talk_rows))
        self._lane_flags = self._make_flags(self._lane_count)
        self._make_trees()

    def _make_trees(self) -> None:
        channels, due_first = len(self.program.channels.live), bool(self.program.rows.due_first.any())
        sharing = channels * self.levels if self.levels > 1 else 0
        sorts = np.column_stack(
            [
                np.repeat(self.program.queues.channel[self._laned.firsts], self._lanes_of_queue),
                np.tile(self._backlog, len(self._laned.firsts)),
            ]
        )
        self._sorts, self._sort_of_lane = np.unique(sorts, axis=0, return_inverse=True)
        """Channels, each with backlog or without, of which lanes are: those of one compete with each other."""
        self._pool_trees = Trees(self.pools.flags, 1 + sharing)
        self._talk_trees = Trees(len(self._talk_rows), 1)
        self._lane_trees = Trees(self._lane_count, len(self._sorts) * (1 + due_first), len(self._sorts) * due_first)
        for trees in (self._pool_trees, self._talk_trees, self._lane_trees):
            trees.place(self._make_room(1, trees.room))

    def _make_room(self, count: int, size: int) -> int:
        first = self._length
        self._length += count * size
        return first

    def _make_flags(self, count: int) -> int:
        return self._make_room(-(-count // FLAGS_OF_LINE), LINE)
