"""From a Program and a Hand to the table of objects of the compiled engine, and the lists that they point into."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sim.demand.hand import Hand
from sim.engine.compiled.state import (
    AFTER,
    AFTERS,
    AGAIN_AFTER,
    AGENT_COUNT,
    AGENT_GROUP,
    AGENT_NUMBER,
    AGENTS,
    AWAY_BUSY,
    AWAY_IDLE,
    BUSY_SINCE,
    BY_DUE,
    BY_NUMBERS,
    CALLED_BACK_BEHIND,
    CHANNEL_COUNT,
    CHANNELS,
    CLOCK,
    CLOCK_COUNT,
    CLOSING,
    COUNTED,
    DESK,
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
    FRESH_ROW,
    GROUP_COUNT,
    GROUP_NUMBER,
    GROUPS,
    HANDOVER,
    INTERRUPTIBLE,
    KEEP_FREE,
    KEEPS_FREE,
    KIND,
    LANE_BEHIND,
    LANE_COUNT,
    LANE_PRIORITY,
    LANE_QUEUE,
    LANE_SILENT,
    LANES,
    LANES_OF_QUEUE,
    LANES_OF_ROW,
    LANGUAGE_COUNT,
    LAST_AFTER,
    LAST_LANE_OF_ROW,
    LAST_QUEUE,
    LAST_ROW,
    LAST_ROW_OF_QUEUE,
    LAST_SPAN,
    LAST_STEP,
    LENGTH,
    LEVELS,
    LINES,
    LIVE,
    MISROUTED_TO,
    MOST_EXCHANGES,
    NEW,
    OFFER_WAIT,
    OFFER_WAITING,
    OPEN,
    OPEN_COUNT,
    OUTBOUND,
    OWN_PLACE,
    POSITION,
    QUEUE_CHANNEL,
    QUEUE_LIMIT,
    QUEUE_NUMBER,
    QUEUE_TIER,
    QUEUE_TYPE,
    QUEUES,
    QUEUES_OF_TIER,
    RAMP_STEP,
    RANK,
    RETRY_WHEN,
    RETURNS,
    ROW_GROUP,
    ROW_NUMBER,
    ROWS,
    ROWS_OF_QUEUE,
    SHIFT_END,
    SILENT_LANES,
    SLOT_LIMIT,
    SLOT_PACE,
    SLOTS,
    SPAN,
    STAGE_LIMIT,
    STAGE_OPEN,
    STAGE_OPEN_COUNT,
    STAGES,
    STEP,
    TIER_CLOCK,
    TIER_CLOCK_COUNT,
    TIER_COUNT,
    TIERS,
    TRIES,
    TYPES,
    WARM_LIMIT,
    WHEN_CLOSED,
    WIDTH,
    Ints,
)
from sim.engine.program import Program, Spans
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
        self._listed: list[Ints] = []
        self._length_listed = 0
        channels, groups, queues = len(program.channels.live), len(program.groups.tier), len(program.queues.tier)
        behind = 2 if program.dialling.behind.any() else 1
        self._silent_lanes = behind * len(self.head_starts)
        silent = len(self.head_starts) if hand.contacts.silent.any() else 0
        self._lanes_of_queue = self._silent_lanes + silent
        self._levels = program.groups.slot_pace.shape[2]
        self._agents = len(hand.agents.group)
        self._rows = 1
        self._channels = self._make_room(channels)
        self._stages = self._make_room(len(program.stages.limit))
        self._tiers = self._make_room(len(program.tiers.handover))
        self._types = self._make_room(len(program.tiers.first))
        self._queues = self._make_room(queues)
        self._lanes = self._make_room(queues * self._lanes_of_queue)
        self._serves = self._make_room(len(program.rows.group))
        self._groups = self._make_room(groups)
        self._away = self._make_room(2 * groups)
        self._slots = self._make_room(groups * channels * self._levels)
        self._people = self._make_room(self._agents)
        self.table = np.zeros((self._rows, WIDTH), np.int64)
        self._set_desk()
        self._set_channels()
        self._set_stages()
        self._set_tiers()
        self._set_queues()
        self._set_rows()
        self._set_groups()
        self._set_agents()

    @property
    def lists(self) -> Ints:
        """What the objects point into."""
        return np.concatenate([*self._listed, np.zeros(1, np.int64)])

    @property
    def spare_rows(self) -> int:
        """Rows of the table that one event may use: what is left to do of every piece of work in hand."""
        return 16 + 3 * self._agents * self._levels

    @property
    def spare_events(self) -> int:
        """Events that one event may bring about: ends of all talks of all agents, more than once."""
        return 64 + 4 * self._agents * self._levels * (self._levels + 1)

    @property
    def spare_spans(self) -> int:
        """Spans that may end in one instant."""
        return 2 * self._agents

    def _make_room(self, count: int) -> int:
        first = self._rows
        self._rows += count
        return first

    def _list(self, values: Iterable[int] | Ints) -> tuple[int, int]:
        """Keep a list and return where it starts and where it ends."""
        kept = np.asarray(values if isinstance(values, np.ndarray) else list(values), dtype=np.int64).ravel()
        first = self._length_listed
        self._listed.append(kept)
        self._length_listed += len(kept)
        return first, self._length_listed

    def _list_spans(self, spans: Spans) -> tuple[int, int]:
        """Keep all starts, then all ends, and return where they start and how many spans there are."""
        first, _ = self._list(spans.T)
        return first, len(spans)

    def _set_desk(self) -> None:
        desk = self.table[DESK]
        desk[LENGTH] = self.program.length
        desk[FRESH_ROW] = self._rows
        desk[CHANNELS], desk[STAGES], desk[TIERS], desk[TYPES] = self._channels, self._stages, self._tiers, self._types
        desk[QUEUES], desk[LANES], desk[ROWS], desk[GROUPS] = self._queues, self._lanes, self._serves, self._groups
        desk[AGENTS], desk[AGENT_COUNT], desk[LEVELS] = self._people, self._agents, self._levels
        desk[LANES_OF_QUEUE], desk[SILENT_LANES] = self._lanes_of_queue, self._silent_lanes
        desk[CHANNEL_COUNT], desk[GROUP_COUNT] = len(self.program.channels.live), len(self.program.groups.tier)
        desk[LANGUAGE_COUNT] = self.program.queues.of.shape[3]
        desk[LANE_COUNT] = len(self.program.queues.tier) * self._lanes_of_queue

    def _set_channels(self) -> None:
        channels, dialling = self.program.channels, self.program.dialling
        for number in range(len(channels.live)):
            row = self.table[self._channels + number]
            row[LIVE] = channels.live[number]
            row[OPEN], row[OPEN_COUNT] = self._list_spans(channels.open[number])
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
            queues = np.flatnonzero(self.program.queues.channel == number) + self._queues
            row[FIRST_QUEUE], row[LAST_QUEUE] = self._list(queues)

    def _set_stages(self) -> None:
        stages = self.program.stages
        for number in range(len(stages.limit)):
            row = self.table[self._stages + number]
            row[STAGE_OPEN], row[STAGE_OPEN_COUNT] = self._list_spans(stages.open[number])
            row[STAGE_LIMIT] = stages.limit[number]

    def _set_tiers(self) -> None:
        tiers, queue_of = self.program.tiers, self.program.queues.of
        for number in range(len(tiers.handover)):
            row = self.table[self._tiers + number]
            row[HANDOVER], row[WARM_LIMIT] = tiers.handover[number], tiers.warm_limit[number]
            row[TIER_CLOCK], row[TIER_CLOCK_COUNT] = self._list_spans(tiers.clock[number])
            numbers = queue_of[number].astype(np.int64)
            row[QUEUES_OF_TIER], _ = self._list(np.where(numbers == NOBODY, 0, numbers + self._queues))
        for number in range(len(tiers.first)):
            row = self.table[self._types + number]
            row[FIRST_TIER], row[MISROUTED_TO] = tiers.first[number], tiers.misrouted_to[number]
            row[TIER_COUNT] = tiers.number[number]
            row[POSITION], _ = self._list(tiers.position[number].astype(np.int64))
            row[RETURNS], _ = self._list(tiers.returns[number])

    def _set_queues(self) -> None:
        queues, rows = self.program.queues, self.program.rows
        clocks = [self._list_clock(spans) for spans in self.program.channels.clock]
        for number in range(len(queues.tier)):
            row = self.table[self._queues + number]
            serving = queues.rows[number]
            row[QUEUE_NUMBER], row[QUEUE_TIER] = number, queues.tier[number]
            row[QUEUE_TYPE], row[QUEUE_CHANNEL] = queues.contact_type[number], queues.channel[number]
            row[DUE_AFTER] = queues.due[number]
            row[ROWS_OF_QUEUE], row[LAST_ROW_OF_QUEUE] = self._list(serving + self._serves)
            row[FIRST_LANE] = self._lanes + number * self._lanes_of_queue
            row[AFTERS], row[LAST_AFTER] = self._list(sorted({*rows.after[serving].tolist()} - {0}))
            row[BY_DUE] = rows.due_first[serving].any()
            row[CLOCK], row[CLOCK_COUNT] = clocks[queues.channel[number]]
            for position in range(self._lanes_of_queue):
                lane = self.table[row[FIRST_LANE] + position]
                lane[LANE_QUEUE], lane[LANE_PRIORITY] = self._queues + number, queues.priority[number]
                lane[LANE_BEHIND] = self._is_behind(position)
                lane[LANE_SILENT] = position >= self._silent_lanes

    def _is_behind(self, position: int) -> bool:
        """Return whether the lane of a queue at a position is of those who stand behind the live."""
        return len(self.head_starts) <= position < self._silent_lanes

    def _list_clock(self, spans: Spans) -> tuple[int, int]:
        """Keep the starts of a clock's spans and the end of the scenario, then what it reads at each."""
        starts = np.append(spans[:, 0], self.program.length)
        readings = np.cumsum(np.append(0, spans[:, 1] - spans[:, 0]))
        first, _ = self._list(np.concatenate([starts, readings]))
        return first, len(starts)

    def _set_rows(self) -> None:
        rows, priority = self.program.rows, self.program.queues.priority
        for number in range(len(rows.group)):
            row = self.table[self._serves + number]
            row[ROW_NUMBER], row[ROW_GROUP] = number, self._groups + rows.group[number]
            row[RANK], row[AFTER], row[KEEP_FREE] = rows.rank[number], rows.after[number], rows.keep_free[number]
            row[INTERRUPTIBLE], row[DUE_FIRST] = rows.interruptible[number], rows.due_first[number]
            lanes = [
                (priority[queue], self._is_behind(position), queue, position)
                for queue in rows.queues[number].tolist()
                for position in range(self._lanes_of_queue)
            ]
            row[LANES_OF_ROW], row[LAST_LANE_OF_ROW] = self._list(
                self._lanes + queue * self._lanes_of_queue + position for _, _, queue, position in sorted(lanes)
            )
            row[OWN_PLACE], _ = self._list([self._serves + number])

    def _set_groups(self) -> None:
        groups, agents = self.program.groups, self.hand.agents
        channels = len(self.program.channels.live)
        order = np.argsort(agents.step_group, kind="stable")
        steps = np.column_stack([agents.step_at[order], agents.step_number[order]])
        first_step, _ = self._list(steps)
        numbers = np.arange(len(groups.tier))
        bounds = first_step + 2 * np.searchsorted(agents.step_group[order], np.arange(len(groups.tier) + 1))
        first_agent = np.searchsorted(agents.group, numbers)
        has_agents = np.searchsorted(agents.group, numbers, side="right") > first_agent
        for number in range(len(groups.tier)):
            row = self.table[self._groups + number]
            row[GROUP_NUMBER] = number
            row[FIRST_ROW], row[LAST_ROW] = self._serves + groups.first_row[number : number + 2]
            row[BY_NUMBERS] = groups.by_numbers[number]
            row[SLOTS] = self._slots + number * channels * self._levels
            row[AWAY_BUSY], row[AWAY_IDLE] = self._away + 2 * number, self._away + 2 * number + 1
            row[STEP], row[LAST_STEP] = bounds[number : number + 2]
            row[KEEPS_FREE] = self.program.rows.keep_free[groups.first_row[number] : groups.first_row[number + 1]].any()
            row[RAMP_STEP] = self.program.effects.ramp_step[number]
            row[FIRST_AGENT] = first_agent[number] if has_agents[number] else NOBODY
        slots = self.table[self._slots : self._people].reshape(-1, channels, self._levels, WIDTH)
        slots[..., SLOT_LIMIT] = groups.slot_limit[..., None]
        slots[..., SLOT_PACE] = groups.slot_pace

    def _set_agents(self) -> None:
        agents = self.hand.agents
        people = self.table[self._people :]
        people[:, AGENT_NUMBER] = np.arange(self._agents)
        people[:, AGENT_GROUP] = self._groups + agents.group.astype(np.int64)
        people[:, KIND] = EMPTY_HANDS
        people[:, BUSY_SINCE] = people[:, DUTY_SINCE] = people[:, SHIFT_END] = MISSING
        people[:, NEW] = agents.new
        spans = np.column_stack([agents.span_start, agents.span_end, agents.span_pause, agents.span_shift_end])
        first, _ = self._list(spans)
        people[:, SPAN] = first + 4 * agents.first_span[:-1]
        people[:, LAST_SPAN] = first + 4 * agents.first_span[1:]
