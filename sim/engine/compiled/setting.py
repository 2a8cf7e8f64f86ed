"""From a Program and a Hand to the table of objects of the compiled engine, and the lists that they point into."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.demand.hand import Hand
from sim.engine.compiled.alike import last_interruptible, pools, queues_served_alike
from sim.engine.compiled.blocks import keep_priorities, keep_ranks
from sim.engine.compiled.events import CROWD
from sim.engine.compiled.flags import FLAGS_OF_LINE
from sim.engine.compiled.lists import Lists
from sim.engine.compiled.state import (
    AFTER,
    AFTERS,
    AGAIN_AFTER,
    AGENT_GROUP,
    AGENT_NUMBER,
    AGENT_SIZE,
    AGENTS,
    AGENTS_END,
    AWAY_BUSY,
    AWAY_IDLE,
    AWAY_SIZE,
    BACKLOG_LANES,
    BUSY_SINCE,
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
    DESK_SIZE,
    DETECTED_AFTER,
    DIAL,
    DUE_AFTER,
    DUE_FIRST,
    DUTY_SINCE,
    EMPTY_HANDS,
    FIRST_AGENT,
    FIRST_LANE,
    FIRST_QUEUE,
    FIRST_ROW,
    FIRST_TIER,
    FLAG,
    FRESH,
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
    KIND,
    LANE_BEHIND,
    LANE_FLAGS,
    LANE_HEAD_START,
    LANE_SILENT,
    LANE_SIZE,
    LANES,
    LANES_END,
    LANES_OF_QUEUE,
    LANGUAGE_COUNT,
    LAST_AFTER,
    LAST_INTERRUPTING,
    LAST_PRIORITY,
    LAST_QUEUE,
    LAST_RANK,
    LAST_ROW,
    LAST_SPAN,
    LAST_STEP,
    LENGTH,
    LEVELS,
    LINE,
    LINES,
    LIVE,
    MISROUTED_TO,
    MOST_EXCHANGES,
    NEW,
    NUMBER_OF_CHANNEL,
    OFFER_WAIT,
    OFFER_WAITING,
    OPEN,
    OPEN_COUNT,
    OUTBOUND,
    OWN_PLACE,
    OWN_STAND,
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
    RANK,
    RANKS,
    RETRY_WHEN,
    RETURNS,
    ROW_NUMBER,
    ROW_OF_POOL,
    ROW_SIZE,
    SHIFT_END,
    SILENT_LANES,
    SIZE,
    SLOT_LIMIT,
    SLOT_PACE,
    SLOT_SIZE,
    SLOTS,
    SPAN,
    STAGE_LIMIT,
    STAGE_OPEN,
    STAGE_OPEN_COUNT,
    STAGE_SIZE,
    STAGES,
    STANDS_FOR,
    STEP,
    TIER_CLOCK,
    TIER_CLOCK_COUNT,
    TIER_COUNT,
    TIER_OF_QUEUE,
    TIER_SIZE,
    TIERS,
    TRIES,
    TYPE_NUMBER,
    TYPE_SIZE,
    TYPES,
    WARM_LIMIT,
    WHEN_CLOSED,
    Ints,
)
from sim.engine.compiled.use import has_both_backlog_and_live, size_in_progress
from sim.engine.program import Program
from sim.engine.rules import MISSING, NO_LIMIT, NOBODY


class Setting:
    """The objects of a replication as they are before it begins, each kind in rows of its own.

    Parameters
    ----------
    program
        The scenario in numbers.
    hand
        One replication's dealt chance, of the same scenario.
    """

    def __init__(self, program: Program, hand: Hand) -> None:
        self.program, self.hand = program, hand
        self.head_starts = sorted({0, *program.head_start.tolist()})
        self.lists = Lists()
        """What the objects point into."""
        channels, groups, queues = len(program.channels.live), len(program.groups.tier), len(program.queues.tier)
        self._front_lanes = (2 if has_both_backlog_and_live(program) else 1) * len(self.head_starts)
        self._silent_lanes = (2 if program.dialling.behind.any() else 1) * self._front_lanes
        silent = len(self.head_starts) if hand.contacts.silent.any() else 0
        self._lanes_of_queue = self._silent_lanes + silent
        self._laned, self._pools = queues_served_alike(program), pools(program)
        self._larger = self._pools.firsts[self._pools.several]
        stands = self._pools.several[self._pools.kind] & program.groups.by_numbers
        self._standing = np.flatnonzero(stands[hand.agents.group])
        self._levels = program.groups.slot_pace.shape[2]
        self.agents, self._length = len(hand.agents.group), DESK_SIZE
        self._channels = self._make_room(channels, CHANNEL_SIZE)
        self._stages = self._make_room(len(program.stages.limit), STAGE_SIZE)
        self._tiers = self._make_room(len(program.tiers.handover), TIER_SIZE)
        self._types = self._make_room(len(program.tiers.first), TYPE_SIZE)
        self._queues = self._make_room(queues, QUEUE_SIZE)
        lanes = len(self._laned.firsts) * self._lanes_of_queue
        self._lanes = self._make_room(lanes, LANE_SIZE)
        self._serves = self._make_room(len(program.rows.group), ROW_SIZE)
        self._groups = self._make_room(groups, GROUP_SIZE)
        self._away = self._make_room(2 * groups, AWAY_SIZE)
        self._slots = self._make_room(groups * channels * self._levels, SLOT_SIZE)
        self._pool_flags = self._make_room(-(-self._pools.flags // FLAGS_OF_LINE), LINE)
        self._lane_flags = self._make_room(-(-lanes // FLAGS_OF_LINE), LINE)
        self._larger_pools = self._make_room(len(self._larger), GROUP_SIZE)
        self._people = self._make_room(self.agents, AGENT_SIZE)
        self._stands = self._make_room(len(self._standing), AGENT_SIZE)
        self.objects = np.zeros(self._length, np.int64)
        """All that is there from the start."""
        self.size = size_in_progress(program, hand)
        """Of a contact in progress."""
        self._set_desk()
        self._set_channels()
        self._set_stages()
        self._set_tiers()
        self._set_queues()
        self._set_lanes()
        self._set_rows()
        self._set_groups()
        self._set_agents()

    @property
    def spare_objects(self) -> int:
        """How much one event may bring about: what is left to do of every piece of work in hand."""
        return 16 + 3 * self.agents * self._levels

    @property
    def spare_events(self) -> int:
        """Events that one event may bring about: ends of all talks of all agents, more than once."""
        return 64 + 4 * self.agents * self._levels * (self._levels + 1)

    @property
    def spare_spans(self) -> int:
        """Spans that may end in one instant."""
        return 2 * self.agents

    def _make_room(self, count: int, size: int) -> int:
        first = self._length
        self._length += count * size
        return first

    def _objects(self, first: int, count: int, size: int) -> Ints:
        """Give objects of a kind, one a row."""
        return self.objects[first : first + count * size].reshape(count, size)

    def _set_desk(self) -> None:
        desk = self.objects
        desk[LENGTH] = desk[HORIZON] = self.program.length
        desk[CROWDED] = CROWD
        desk[FRESH], desk[SIZE] = self._length, self.size
        desk[CHANNELS], desk[STAGES], desk[TIERS], desk[TYPES] = self._channels, self._stages, self._tiers, self._types
        desk[LANES], desk[LANES_END] = self._lanes, self._serves
        desk[POOL_FLAGS], desk[LANE_FLAGS] = self._pool_flags, self._lane_flags
        desk[GROUPS], desk[GROUPS_END] = self._groups, self._away
        desk[AGENTS], desk[AGENTS_END], desk[LEVELS] = self._people, self._stands, self._levels
        desk[LANES_OF_QUEUE], desk[SILENT_LANES] = self._lanes_of_queue * LANE_SIZE, self._silent_lanes * LANE_SIZE
        if self._front_lanes > len(self.head_starts):
            desk[BACKLOG_LANES] = len(self.head_starts) * LANE_SIZE
        desk[CHANNEL_COUNT], desk[LANGUAGE_COUNT] = len(self.program.channels.live), self.program.queues.of.shape[3]

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
        interruptible = last_interruptible(self.program)
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
            of_pools = serving[rows.group[serving] == self._pools.first[rows.group[serving]]]
            references = self._serves + of_pools * ROW_SIZE
            flag = self._pools.flag[rows.group[of_pools]] + (rows.keep_free[of_pools] > 0)
            ranked = zip(rows.rank[of_pools].tolist(), flag.tolist(), references.tolist(), strict=True)
            row[RANKS], row[LAST_RANK] = keep_ranks(self.lists, ranked)
            interrupting = references[of_pools < interruptible[of_pools]]
            row[INTERRUPTING], row[LAST_INTERRUPTING] = self.lists.keep(interrupting)
            row[AFTERS], row[LAST_AFTER] = self.lists.keep(sorted({*rows.after[serving].tolist()} - {0}))
            row[BY_DUE] = rows.due_first[serving].any()
        as_first = [RANKS, LAST_RANK, INTERRUPTING, LAST_INTERRUPTING, AFTERS, LAST_AFTER, BY_DUE]
        table[:, as_first] = table[self._laned.first][:, as_first]

    def _set_lanes(self) -> None:
        positions = np.arange(self._lanes_of_queue)
        lanes = self._objects(self._lanes, len(self._laned.firsts) * self._lanes_of_queue, LANE_SIZE)
        by_position = lanes.reshape(-1, self._lanes_of_queue, LANE_SIZE)
        by_position[..., LANE_BEHIND] = self._are_behind(positions)
        by_position[..., LANE_SILENT] = positions >= self._silent_lanes
        by_position[..., LANE_HEAD_START] = np.resize(self.head_starts, self._lanes_of_queue)

    def _are_behind(self, positions: Ints) -> NDArray[np.bool_]:
        """Return whether a queue's lanes at positions are of those who stand behind the live."""
        return (self._front_lanes <= positions) & (positions < self._silent_lanes)

    def _set_rows(self) -> None:
        rows, first_row = self.program.rows, self.program.groups.first_row
        table = self._objects(self._serves, len(rows.group), ROW_SIZE)
        numbers, group = np.arange(len(rows.group)), rows.group
        of_pool = numbers - first_row[group] + first_row[self._pools.first[group]]
        table[:, ROW_NUMBER], table[:, POOL_OF_ROW] = numbers, self._pool_references()[group]
        table[:, ROW_OF_POOL] = self._serves + of_pool * ROW_SIZE
        table[:, RANK], table[:, AFTER], table[:, KEEP_FREE] = rows.rank, rows.after, rows.keep_free
        table[:, INTERRUPTIBLE], table[:, DUE_FIRST] = rows.interruptible, rows.due_first
        kept: dict[bytes, tuple[int, int]] = {}
        for number in np.flatnonzero(of_pool == numbers):
            served = rows.queues[number].tobytes()
            if served not in kept:
                kept[served] = keep_priorities(self.lists, self._lanes_by_priority(rows.queues[number]))
            table[number, PRIORITIES], table[number, LAST_PRIORITY] = kept[served]
        table[:, [PRIORITIES, LAST_PRIORITY]] = table[of_pool][:, [PRIORITIES, LAST_PRIORITY]]
        table[:, OWN_PLACE] = self.lists.keep(self._serves + numbers * ROW_SIZE)[0] + numbers

    def _lanes_by_priority(self, queues: Ints) -> Iterator[tuple[int, bool, int]]:
        """Yield the priority of each lane of queues, whether it is of those behind, and its number."""
        for kind in {*self._laned.kind[queues].tolist()}:
            priority = int(self.program.queues.priority[self._laned.firsts[kind]])
            for position, behind in enumerate(self._are_behind(np.arange(self._lanes_of_queue)).tolist()):
                yield priority, behind, kind * self._lanes_of_queue + position

    def _pool_references(self) -> Ints:
        """Return the pool that each group's people belong to: the group itself if it serves like no other."""
        references = self._groups + self._pools.firsts * GROUP_SIZE
        references[self._pools.several] = self._larger_pools + np.arange(len(self._larger)) * GROUP_SIZE
        return references[self._pools.kind]

    def _set_groups(self) -> None:
        groups, agents = self.program.groups, self.hand.agents
        channels = len(self.program.channels.live)
        order = np.argsort(agents.step_group, kind="stable")
        steps = np.column_stack([agents.step_at[order], agents.step_number[order]])
        first_step, _ = self.lists.keep(steps)
        numbers = np.arange(len(groups.tier))
        bounds = first_step + 2 * np.searchsorted(agents.step_group[order], np.arange(len(groups.tier) + 1))
        first_agent = np.searchsorted(agents.group, numbers)
        has_agents = np.searchsorted(agents.group, numbers, side="right") > first_agent
        table = self._objects(self._groups, len(groups.tier), GROUP_SIZE)
        table[:, GROUP_NUMBER], table[:, BY_NUMBERS] = numbers, groups.by_numbers
        table[:, FIRST_ROW] = self._serves + groups.first_row[:-1] * ROW_SIZE
        table[:, LAST_ROW] = self._serves + groups.first_row[1:] * ROW_SIZE
        table[:, POOL], table[:, FLAG] = self._pool_references(), self._pools.flag
        table[:, SLOTS] = self._slots + self._pools.first * channels * self._levels * SLOT_SIZE
        table[:, AWAY_BUSY] = self._away + 2 * numbers * AWAY_SIZE
        table[:, AWAY_IDLE] = table[:, AWAY_BUSY] + AWAY_SIZE
        table[:, STEP], table[:, LAST_STEP] = bounds[:-1], bounds[1:]
        table[:, KEEPS_FREE] = self._pools.kept_free
        table[:, RAMP_STEP] = self.program.effects.ramp_step
        table[:, FIRST_AGENT] = np.where(has_agents, first_agent, NOBODY)
        as_first = [FIRST_ROW, LAST_ROW, SLOTS, FLAG]
        self._objects(self._larger_pools, len(self._larger), GROUP_SIZE)[:, as_first] = table[self._larger][:, as_first]
        slots = self.objects[self._slots : self._pool_flags].reshape(-1, channels, self._levels, SLOT_SIZE)
        slots[..., SLOT_LIMIT] = groups.slot_limit[..., None]
        slots[..., SLOT_PACE] = groups.slot_pace

    def _set_agents(self) -> None:
        agents = self.hand.agents
        people = self._objects(self._people, self.agents, AGENT_SIZE)
        people[:, AGENT_NUMBER] = np.arange(self.agents)
        people[:, AGENT_GROUP] = self._groups + agents.group.astype(np.int64) * GROUP_SIZE
        people[:, STANDS_FOR] = self._people + np.arange(self.agents) * AGENT_SIZE
        people[:, KIND] = EMPTY_HANDS
        people[:, BUSY_SINCE] = people[:, DUTY_SINCE] = people[:, SHIFT_END] = MISSING
        people[:, NEW] = agents.new
        spans = np.column_stack([agents.span_start, agents.span_end, agents.span_pause, agents.span_shift_end])
        first, _ = self.lists.keep(spans)
        people[:, SPAN] = first + 4 * agents.first_span[:-1]
        people[:, LAST_SPAN] = first + 4 * agents.first_span[1:]
        stands = self._objects(self._stands, len(self._standing), AGENT_SIZE)
        stands[:, STANDS_FOR] = people[self._standing, STANDS_FOR]
        people[self._standing, OWN_STAND] = self._stands + np.arange(len(self._standing)) * AGENT_SIZE
