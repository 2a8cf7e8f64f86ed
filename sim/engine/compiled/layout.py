"""The objects of a desk that depend on the scenario alone, and the lists that they point into."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from sim.engine.compiled.blocks import Lane, Way, keep_lanes, keep_ranks
from sim.engine.compiled.events import CROWD
from sim.engine.compiled.lists import Lists
from sim.engine.compiled.rooms import Rooms
from sim.engine.compiled.state import (
    AFTER,
    AFTERS,
    AGAIN_AFTER,
    AWAY,
    AWAY_SIZE,
    BACKLOG_LANES,
    BY_DUE,
    BY_NUMBERS,
    CALLED_BACK_BEHIND,
    CHANNEL_COUNT,
    CHANNEL_NUMBER,
    CHANNEL_OF_QUEUE,
    CHANNEL_SIZE,
    CHANNELS,
    CLOCK,
    CLOCK_COUNT,
    CLOSING,
    COUNTED,
    CROWDED,
    DETECTED_AFTER,
    DIAL,
    DUE_AFTER,
    DUE_FIRST,
    DUE_TREES,
    FIRST_LANE,
    FIRST_QUEUE,
    FIRST_ROW,
    FIRST_TIER,
    FLAG,
    FREE_TREE,
    GROUP_NUMBER,
    GROUP_SIZE,
    GROUPS,
    GROUPS_END,
    HANDOVER,
    HORIZON,
    INTERRUPTIBLE,
    INTERRUPTING,
    KEEP_FREE,
    KEEPS_FREE,
    KEPT_FLAG,
    KEYS_OF_PRIORITY,
    LANE_FLAGS,
    LANE_IN_FRONT,
    LANE_KEY,
    LANE_SIZE,
    LANE_TREES,
    LANES,
    LANES_END,
    LANES_OF_QUEUE,
    LANGUAGE_COUNT,
    LAST_AFTER,
    LAST_INTERRUPTING,
    LAST_LANE_TREE,
    LAST_PRIORITY,
    LAST_QUEUE,
    LAST_RANK,
    LAST_ROW,
    LEAF,
    LENGTH,
    LEVELS,
    LINES,
    LIVE,
    MISROUTED_TO,
    MOST_EXCHANGES,
    NUMBER_OF_CHANNEL,
    OFFER_WAIT,
    OFFER_WAITING,
    OPEN,
    OPEN_COUNT,
    OUTBOUND,
    POOL,
    POOL_FLAGS,
    POOL_OF_ROW,
    POSITION,
    PRIORITIES,
    QUEUE_LIMIT,
    QUEUE_NUMBER,
    QUEUE_SIZE,
    QUEUES_OF_TIER,
    RAMP_STEP,
    RANKS,
    RETRY_WHEN,
    RETURNS,
    ROW_NUMBER,
    ROW_OF_POOL,
    ROW_SIZE,
    SHARING_TREES,
    SILENT_LANES,
    SLOT_LIMIT,
    SLOT_PACE,
    SLOT_SIZE,
    SLOTS,
    STAGE_LIMIT,
    STAGE_OPEN,
    STAGE_OPEN_COUNT,
    STAGE_SIZE,
    STAGES,
    TALK_FLAGS,
    TALK_ROWS,
    TALK_TREE,
    TALKS,
    TIER_CLOCK,
    TIER_CLOCK_COUNT,
    TIER_COUNT,
    TIER_OF_QUEUE,
    TIER_SIZE,
    TIERS,
    TREE,
    TREE_LENGTH,
    TRIES,
    TYPE_NUMBER,
    TYPE_SIZE,
    TYPES,
    WARM_LIMIT,
    WHEN_CLOSED,
    Ints,
)
from sim.engine.program import Program
from sim.engine.rules import NO_LIMIT, NOBODY


class Layout(Rooms):
    """What the objects of a desk are before any replication.

    Parameters
    ----------
    program, leaves_places
        As of `Rooms`.

    Attributes
    ----------
    objects
        All but the people, in one table of numbers; each refers to others by where they begin.
    lists
        What they point into.
    """

    def __init__(self, program: Program, leaves_places: bool) -> None:
        super().__init__(program, leaves_places)
        self.lists = Lists()
        self.objects = np.zeros(self._length, np.int64)
        self._set_desk()
        self._set_channels()
        self._set_stages()
        self._set_tiers()
        self._set_queues()
        self._set_lanes()
        self._set_rows()
        self._set_groups()
        self._set_slots()
        self._set_trees()
        del self.program  # it is kept as long as its Program is: it must not keep that

    def _objects(self, first: int, count: int, size: int) -> Ints:
        """Give objects of a kind, one a row."""
        return self.objects[first : first + count * size].reshape(count, size)

    def _set_desk(self) -> None:
        desk = self.objects
        desk[LENGTH] = desk[HORIZON] = self.program.length
        desk[CROWDED] = CROWD
        desk[CHANNELS], desk[STAGES], desk[TIERS], desk[TYPES] = self._channels, self._stages, self._tiers, self._types
        desk[LANES], desk[LANES_END] = self._lanes, self._serves
        desk[GROUPS], desk[GROUPS_END], desk[LEVELS] = self.groups, self._away, self.levels
        desk[LANES_OF_QUEUE], desk[SILENT_LANES] = self._lanes_of_queue * LANE_SIZE, self._silent_lanes * LANE_SIZE
        if self._backlog.any():
            desk[BACKLOG_LANES] = len(self.head_starts) * LANE_SIZE
        desk[CHANNEL_COUNT], desk[LANGUAGE_COUNT] = len(self.program.channels.live), self.program.queues.of.shape[3]
        desk[POOL_FLAGS], desk[TALK_FLAGS], desk[LANE_FLAGS] = self._pool_flags, self._talk_flags, self._lane_flags
        desk[TALK_ROWS], _ = self.lists.keep(self._serves + self._talk_rows * ROW_SIZE)

    def _set_channels(self) -> None:
        channels, dialling = self.program.channels, self.program.dialling
        for number, row in enumerate(self._objects(self._channels, len(channels.live), CHANNEL_SIZE)):
            row[CHANNEL_NUMBER], row[LIVE] = number, channels.live[number]
            row[OPEN], row[OPEN_COUNT] = self.lists.keep_spans(channels.open[number])
            row[WHEN_CLOSED] = channels.when_closed[number]
            row[LINES], row[QUEUE_LIMIT] = channels.lines[number], channels.queue_limit[number]
            row[RETRY_WHEN] = channels.retry_when[number]
            row[DETECTED_AFTER], row[MOST_EXCHANGES] = channels.detected_after[number], channels.most_exchanges[number]
            row[OUTBOUND] = dialling.outbound[number]
            row[OFFER_WAIT], row[OFFER_WAITING] = dialling.offer_wait[number], dialling.offer_waiting[number]
            row[CALLED_BACK_BEHIND] = dialling.behind[number]
            row[DIAL], row[AGAIN_AFTER] = dialling.dial[number], dialling.again_after[number]
            row[TRIES] = dialling.tries[number]
            row[COUNTED] = row[QUEUE_LIMIT] != NO_LIMIT or row[OFFER_WAITING] != NO_LIMIT
            row[CLOSING] = 0 if channels.clears_at_closing[number] else -1
            queues = np.flatnonzero(self.program.queues.channel == number) * QUEUE_SIZE + self._queues
            row[FIRST_QUEUE], row[LAST_QUEUE] = self.lists.keep(queues)

    def _set_stages(self) -> None:
        stages = self.program.stages
        for number, row in enumerate(self._objects(self._stages, len(stages.limit), STAGE_SIZE)):
            row[STAGE_OPEN], row[STAGE_OPEN_COUNT] = self.lists.keep_spans(stages.open[number])
            row[STAGE_LIMIT] = stages.limit[number]

    def _set_tiers(self) -> None:
        tiers, queue_of = self.program.tiers, self.program.queues.of
        for number, row in enumerate(self._objects(self._tiers, len(tiers.handover), TIER_SIZE)):
            row[HANDOVER], row[WARM_LIMIT] = tiers.handover[number], tiers.warm_limit[number]
            row[TIER_CLOCK], row[TIER_CLOCK_COUNT] = self.lists.keep_spans(tiers.clock[number])
            numbers = queue_of[number].astype(np.int64)
            references = np.where(numbers == NOBODY, 0, numbers * QUEUE_SIZE + self._queues)
            row[QUEUES_OF_TIER], _ = self.lists.keep(references)
        types = self._objects(self._types, len(tiers.first), TYPE_SIZE)
        numbers = np.arange(len(types))
        types[:, TYPE_NUMBER], types[:, FIRST_TIER], types[:, TIER_COUNT] = numbers, tiers.first, tiers.number
        types[:, MISROUTED_TO] = self._types + tiers.misrouted_to.astype(np.int64) * TYPE_SIZE
        for column, listed in ((POSITION, tiers.position), (RETURNS, tiers.returns)):
            types[:, column] = self.lists.keep(listed)[0] + numbers * listed.shape[1]

    def _set_queues(self) -> None:
        queues, rows = self.program.queues, self.program.rows
        clocks = [self.lists.keep_clock(spans, self.program.length) for spans in self.program.channels.clock]
        table = self._objects(self._queues, len(queues.tier), QUEUE_SIZE)
        table[:, QUEUE_NUMBER], table[:, NUMBER_OF_CHANNEL] = np.arange(len(table)), queues.channel
        table[:, CHANNEL_OF_QUEUE] = self._channels + queues.channel.astype(np.int64) * CHANNEL_SIZE
        table[:, TIER_OF_QUEUE] = self._tiers + queues.tier.astype(np.int64) * TIER_SIZE
        table[:, DUE_AFTER] = queues.due
        table[:, FIRST_LANE] = self._lanes + self._laned.kind * self._lanes_of_queue * LANE_SIZE
        table[:, [CLOCK, CLOCK_COUNT]] = np.array(clocks)[queues.channel]
        for number in self._laned.firsts.tolist():
            row, serving = table[number], queues.rows[number]
            of_pools = serving[self._of_pool[serving] == serving]
            row[RANKS], row[LAST_RANK] = keep_ranks(self.lists, self._ways_to_agents(of_pools), self.pools.flags)
            ways = self._ways_to_talks(of_pools)
            row[INTERRUPTING], row[LAST_INTERRUPTING] = keep_ranks(self.lists, ways, len(self._talk_rows))
            row[AFTERS], row[LAST_AFTER] = self.lists.keep(sorted({*rows.after[serving].tolist()} - {0}))
            row[BY_DUE] = rows.due_first[serving].any()
        as_first = [RANKS, LAST_RANK, INTERRUPTING, LAST_INTERRUPTING, AFTERS, LAST_AFTER, BY_DUE]
        table[:, as_first] = table[self._laned.first][:, as_first]

    def _ways_to_agents(self, of_pools: Ints) -> Iterator[Way]:
        """Yield how contacts come to agents by pools' rows: where both flags of a pool lead to one, by all its rows."""
        rows = self.program.rows
        group = rows.group[of_pools]
        flag = np.where(rows.keep_free[of_pools] > 0, self.pools.kept_flag[group], self.pools.flag[group])
        ways = list(zip(rows.rank[of_pools].tolist(), rows.after[of_pools].tolist(), group.tolist(), strict=True))
        flags: defaultdict[tuple[int, int, int], set[int]] = defaultdict(set)
        for each, its_flag in zip(ways, flag.tolist(), strict=True):
            flags[each].add(its_flag)
        for each, row in zip(ways, of_pools.tolist(), strict=True):
            for number in flags[each]:
                yield Way(each[0], each[1], number, self._serves + row * ROW_SIZE)

    def _ways_to_talks(self, of_pools: Ints) -> Iterator[Way]:
        """Yield how live work comes to talks that it may interrupt: those of later rows of the same pool.

        All of a rank are one block, however long work must have waited for the rows: they say so themselves.
        """
        rows = self.program.rows
        for row in of_pools.tolist():
            first = np.searchsorted(self._talk_rows, row, side="right")
            last = np.searchsorted(self._talk_rows, self.program.groups.first_row[rows.group[row] + 1])
            for number in range(first, last):
                yield Way(int(rows.rank[row]), 0, number, self._serves + row * ROW_SIZE)

    def _set_lanes(self) -> None:
        lanes = self._objects(self._lanes, self._lane_count, LANE_SIZE)
        by_position = lanes.reshape(-1, self._lanes_of_queue, LANE_SIZE)
        position = np.arange(self._lanes_of_queue)
        by_position[..., LANE_IN_FRONT] = (position < self._silent_lanes) & ~self._behind
        head_start = np.resize(self.head_starts, self._lanes_of_queue)
        by_position[..., LANE_KEY] = self._order() * KEYS_OF_PRIORITY + KEYS_OF_PRIORITY // 2 - head_start
        if self._lane_trees.leaves:
            lanes[:, TREE] = self._lane_trees.first() + self._sort_of_lane.ravel() * self._lane_trees.length
            lanes[:, LEAF] = self._lane_trees.leaves + np.arange(self._lane_count)

    def _order(self) -> Ints:
        """Return the place of each lane among all priorities, those behind last within one; shape (kinds, lanes)."""
        priority = np.unique(self.program.queues.priority[self._laned.firsts], return_inverse=True)[1]
        return 2 * priority[:, None] + self._behind

    def _set_rows(self) -> None:
        rows = self.program.rows
        table = self._objects(self._serves, len(rows.group), ROW_SIZE)
        table[:, ROW_NUMBER], table[:, POOL_OF_ROW] = np.arange(len(table)), self._pool_references()[rows.group]
        table[:, ROW_OF_POOL] = self._serves + self._of_pool * ROW_SIZE
        table[:, AFTER], table[:, KEEP_FREE] = rows.after, rows.keep_free
        table[:, INTERRUPTIBLE], table[:, DUE_FIRST] = rows.interruptible, rows.due_first
        table[self._talk_rows, TALKS] = np.arange(len(self._talk_rows))
        kept: dict[bytes, tuple[int, int]] = {}
        for number in np.flatnonzero(self._of_pool == np.arange(len(table))):
            served = rows.queues[number].tobytes()
            if served not in kept:
                kept[served] = keep_lanes(self.lists, self._lanes_of(rows.queues[number]), self._lane_count)
            table[number, PRIORITIES], table[number, LAST_PRIORITY] = kept[served]
        table[:, [PRIORITIES, LAST_PRIORITY]] = table[self._of_pool][:, [PRIORITIES, LAST_PRIORITY]]
        if self._talk_trees.leaves:
            table[self._talk_rows, TREE] = self._talk_trees.first()
            table[self._talk_rows, LEAF] = self._talk_trees.leaves + np.arange(len(self._talk_rows))

    def _lanes_of(self, queues: Ints) -> Iterator[Lane]:
        order = self._order()
        for kind in {*self._laned.kind[queues].tolist()}:
            for position, each in enumerate(order[kind].tolist()):
                yield Lane(each, kind * self._lanes_of_queue + position)

    def _pool_references(self) -> Ints:
        """Return the pool that each group's people belong to: the group itself if it serves like no other."""
        references = self.groups + self.pools.firsts * GROUP_SIZE
        references[self.pools.several] = self._larger_pools + np.arange(len(self._larger)) * GROUP_SIZE
        return references[self.pools.kind]

    def _set_groups(self) -> None:
        groups = self.program.groups
        table = self._objects(self.groups, len(groups.tier), GROUP_SIZE)
        numbers, channels = np.arange(len(table)), len(self.program.channels.live)
        table[:, GROUP_NUMBER], table[:, BY_NUMBERS] = numbers, groups.by_numbers
        table[:, FIRST_ROW] = self._serves + groups.first_row[:-1] * ROW_SIZE
        table[:, LAST_ROW] = self._serves + groups.first_row[1:] * ROW_SIZE
        table[:, POOL] = self._pool_references()
        table[:, FLAG], table[:, KEPT_FLAG] = self.pools.flag, self.pools.kept_flag
        table[:, SLOTS] = self._slots + self.pools.first * channels * self.levels * SLOT_SIZE
        table[:, AWAY] = self._away + 2 * numbers * AWAY_SIZE
        table[:, KEEPS_FREE] = self.pools.kept_free
        table[:, RAMP_STEP] = self.program.effects.ramp_step
        as_first = [FIRST_ROW, LAST_ROW, SLOTS, FLAG, KEPT_FLAG]
        self._objects(self._larger_pools, len(self._larger), GROUP_SIZE)[:, as_first] = table[self._larger][:, as_first]

    def _set_slots(self) -> None:
        groups, channels = self.program.groups, len(self.program.channels.live)
        count = len(groups.tier) * channels * self.levels
        slots = self._objects(self._slots, count, SLOT_SIZE).reshape(-1, channels, self.levels, SLOT_SIZE)
        slots[..., SLOT_LIMIT] = groups.slot_limit[..., None]
        slots[..., SLOT_PACE] = groups.slot_pace
        if self._pool_trees.leaves and self.levels > 1:
            sharing = np.arange(1, 1 + channels * self.levels).reshape(channels, self.levels)
            slots[..., TREE] = self._pool_trees.first() + sharing * self._pool_trees.length
            slots[..., LEAF] = self._pool_trees.leaves + self.pools.flag[:, None, None]

    def _set_trees(self) -> None:
        desk = self.objects
        for trees in (self._pool_trees, self._talk_trees, self._lane_trees):
            trees.lay_out(desk)
        desk[FREE_TREE], desk[TALK_TREE] = self._pool_trees.first(), self._talk_trees.first()
        desk[SHARING_TREES], desk[TREE_LENGTH] = self._pool_trees.first(1), self._pool_trees.length
        if self._pool_trees.leaves:
            pools = self._pool_references()[self.pools.firsts]
            desk[pools + TREE] = self._pool_trees.first()
            desk[pools + LEAF] = self._pool_trees.leaves + self.pools.flag[self.pools.firsts]
        if self._lane_trees.leaves:
            first = [self._lane_trees.first(number) for number in range(len(self._sorts))]
            desk[LANE_TREES], desk[LAST_LANE_TREE] = self.lists.keep(first)
            if self.program.rows.due_first.any():
                desk[DUE_TREES] = len(self._sorts) * self._lane_trees.length
