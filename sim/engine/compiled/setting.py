"""From a Program and a Hand to the table of objects of the compiled engine, and the lists that they point into."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sim.demand.hand import AttemptKind, Hand, sole
from sim.engine.compiled.events import CROWD
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
    FRESH,
    FULL_SIZE,
    GROUP_NUMBER,
    GROUP_SIZE,
    GROUPS,
    GROUPS_END,
    HANDOVER,
    HORIZON,
    INTERRUPTIBLE,
    KEEP_FREE,
    KEEPS_FREE,
    KIND,
    LANE_BEHIND,
    LANE_HEAD_START,
    LANE_PRIORITY,
    LANE_QUEUE,
    LANE_SILENT,
    LANE_SIZE,
    LANES,
    LANES_END,
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
    LEAST_SIZE,
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
    POSITION,
    QUEUE_LIMIT,
    QUEUE_NUMBER,
    QUEUE_SIZE,
    QUEUES_OF_TIER,
    RAMP_STEP,
    RANK,
    RETRY_WHEN,
    RETURNS,
    ROW_GROUP,
    ROW_NUMBER,
    ROW_SIZE,
    ROWS_OF_QUEUE,
    SHIFT_END,
    SILENT_LANES,
    SIZE,
    SLOT_LIMIT,
    SLOT_PACE,
    SLOT_SIZE,
    SLOTS,
    SO_FAR,
    SPAN,
    STAGE_LIMIT,
    STAGE_OPEN,
    STAGE_OPEN_COUNT,
    STAGE_SIZE,
    STAGES,
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
from sim.engine.program import Program, Spans
from sim.engine.rules import MISSING, NO_LIMIT, NOBODY, Handover


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
        self.agents = len(hand.agents.group)
        self._length = DESK_SIZE
        self._channels = self._make_room(channels, CHANNEL_SIZE)
        self._stages = self._make_room(len(program.stages.limit), STAGE_SIZE)
        self._tiers = self._make_room(len(program.tiers.handover), TIER_SIZE)
        self._types = self._make_room(len(program.tiers.first), TYPE_SIZE)
        self._queues = self._make_room(queues, QUEUE_SIZE)
        self._lanes = self._make_room(queues * self._lanes_of_queue, LANE_SIZE)
        self._serves = self._make_room(len(program.rows.group), ROW_SIZE)
        self._groups = self._make_room(groups, GROUP_SIZE)
        self._away = self._make_room(2 * groups, AWAY_SIZE)
        self._slots = self._make_room(groups * channels * self._levels, SLOT_SIZE)
        self._people = self._make_room(self.agents, AGENT_SIZE)
        self.objects = np.zeros(self._length, np.int64)
        """All that is there from the start."""
        self.size = self._size()
        """Of a contact in progress."""
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

    @property
    def leaves_aside(self) -> bool:
        """Whether talks may be interrupted, lines be held for a handover, or places be left behind."""
        program, silent = self.program, self.hand.contacts.silent
        warm = program.tiers.handover == Handover.WARM
        return bool(program.rows.interruptible.any() or warm.any() or silent.any())

    def _size(self) -> int:
        """Return how long a stretch is that holds a contact in progress, or a leg, with the columns in use."""
        program, hand = self.program, self.hand
        channels, dialling, tiers = program.channels, program.dialling, len(program.tiers.handover)
        told = sole(hand.tier_marks.sent_back)  # the same to all, or to each its own, be it that nobody is sent back
        if told is None or told:
            return -(-(SO_FAR + 2 * tiers) // LINE) * LINE
        makes_use = (
            self.leaves_aside
            or (program.groups.slot_limit > 0).any()
            or dialling.outbound.any()
            or (dialling.offer_wait != NO_LIMIT).any()
            or (dialling.offer_waiting != NO_LIMIT).any()
            or (channels.queue_limit != NO_LIMIT).any()
            or program.rows.due_first.any()
            or (hand.contacts.kind == AttemptKind.CHASER).any()
        )
        return FULL_SIZE if makes_use else LEAST_SIZE

    def _make_room(self, count: int, size: int) -> int:
        first = self._length
        self._length += count * size
        return first

    def _objects(self, first: int, count: int, size: int) -> Ints:
        """Give objects of a kind, one a row."""
        return self.objects[first : first + count * size].reshape(count, size)

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
        desk = self.objects
        desk[LENGTH] = desk[HORIZON] = self.program.length
        desk[CROWDED] = CROWD
        desk[FRESH], desk[SIZE] = self._length, self.size
        desk[CHANNELS], desk[STAGES], desk[TIERS], desk[TYPES] = self._channels, self._stages, self._tiers, self._types
        desk[LANES], desk[LANES_END] = self._lanes, self._serves
        desk[GROUPS], desk[GROUPS_END] = self._groups, self._away
        desk[AGENTS], desk[AGENTS_END], desk[LEVELS] = self._people, self._length, self._levels
        desk[LANES_OF_QUEUE], desk[SILENT_LANES] = self._lanes_of_queue * LANE_SIZE, self._silent_lanes * LANE_SIZE
        desk[CHANNEL_COUNT], desk[LANGUAGE_COUNT] = len(self.program.channels.live), self.program.queues.of.shape[3]

    def _set_channels(self) -> None:
        channels, dialling = self.program.channels, self.program.dialling
        for number, row in enumerate(self._objects(self._channels, len(channels.live), CHANNEL_SIZE)):
            row[CHANNEL_NUMBER], row[LIVE] = number, channels.live[number]
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
            queues = np.flatnonzero(self.program.queues.channel == number) * QUEUE_SIZE + self._queues
            row[FIRST_QUEUE], row[LAST_QUEUE] = self._list(queues)

    def _set_stages(self) -> None:
        stages = self.program.stages
        for number, row in enumerate(self._objects(self._stages, len(stages.limit), STAGE_SIZE)):
            row[STAGE_OPEN], row[STAGE_OPEN_COUNT] = self._list_spans(stages.open[number])
            row[STAGE_LIMIT] = stages.limit[number]

    def _set_tiers(self) -> None:
        tiers, queue_of = self.program.tiers, self.program.queues.of
        for number, row in enumerate(self._objects(self._tiers, len(tiers.handover), TIER_SIZE)):
            row[HANDOVER], row[WARM_LIMIT] = tiers.handover[number], tiers.warm_limit[number]
            row[TIER_CLOCK], row[TIER_CLOCK_COUNT] = self._list_spans(tiers.clock[number])
            numbers = queue_of[number].astype(np.int64)
            row[QUEUES_OF_TIER], _ = self._list(np.where(numbers == NOBODY, 0, numbers * QUEUE_SIZE + self._queues))
        for number, row in enumerate(self._objects(self._types, len(tiers.first), TYPE_SIZE)):
            row[TYPE_NUMBER], row[FIRST_TIER] = number, tiers.first[number]
            row[MISROUTED_TO] = self._types + int(tiers.misrouted_to[number]) * TYPE_SIZE
            row[TIER_COUNT] = tiers.number[number]
            row[POSITION], _ = self._list(tiers.position[number].astype(np.int64))
            row[RETURNS], _ = self._list(tiers.returns[number])

    def _set_queues(self) -> None:
        queues, rows = self.program.queues, self.program.rows
        clocks = [self._list_clock(spans) for spans in self.program.channels.clock]
        for number, row in enumerate(self._objects(self._queues, len(queues.tier), QUEUE_SIZE)):
            serving, channel = queues.rows[number], int(queues.channel[number])
            row[QUEUE_NUMBER], row[NUMBER_OF_CHANNEL] = number, channel
            row[CHANNEL_OF_QUEUE] = self._channels + channel * CHANNEL_SIZE
            row[TIER_OF_QUEUE] = self._tiers + int(queues.tier[number]) * TIER_SIZE
            row[DUE_AFTER] = queues.due[number]
            row[ROWS_OF_QUEUE], row[LAST_ROW_OF_QUEUE] = self._list(self._serves + serving * ROW_SIZE)
            row[FIRST_LANE] = self._lanes + number * self._lanes_of_queue * LANE_SIZE
            row[AFTERS], row[LAST_AFTER] = self._list(sorted({*rows.after[serving].tolist()} - {0}))
            row[BY_DUE] = rows.due_first[serving].any()
            row[CLOCK], row[CLOCK_COUNT] = clocks[channel]
            for position, lane in enumerate(self._objects(row[FIRST_LANE], self._lanes_of_queue, LANE_SIZE)):
                lane[LANE_QUEUE] = self._queues + number * QUEUE_SIZE
                lane[LANE_PRIORITY] = queues.priority[number]
                lane[LANE_BEHIND] = self._is_behind(position)
                lane[LANE_SILENT] = position >= self._silent_lanes
                lane[LANE_HEAD_START] = self.head_starts[position % len(self.head_starts)]

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
        for number, row in enumerate(self._objects(self._serves, len(rows.group), ROW_SIZE)):
            row[ROW_NUMBER], row[ROW_GROUP] = number, self._groups + int(rows.group[number]) * GROUP_SIZE
            row[RANK], row[AFTER], row[KEEP_FREE] = rows.rank[number], rows.after[number], rows.keep_free[number]
            row[INTERRUPTIBLE], row[DUE_FIRST] = rows.interruptible[number], rows.due_first[number]
            lanes = [
                (priority[queue], self._is_behind(position), queue, position)
                for queue in rows.queues[number].tolist()
                for position in range(self._lanes_of_queue)
            ]
            row[LANES_OF_ROW], row[LAST_LANE_OF_ROW] = self._list(
                self._lanes + (queue * self._lanes_of_queue + position) * LANE_SIZE
                for _, _, queue, position in sorted(lanes)
            )
            row[OWN_PLACE], _ = self._list([self._serves + number * ROW_SIZE])

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
        for number, row in enumerate(self._objects(self._groups, len(groups.tier), GROUP_SIZE)):
            row[GROUP_NUMBER] = number
            row[FIRST_ROW], row[LAST_ROW] = self._serves + groups.first_row[number : number + 2] * ROW_SIZE
            row[BY_NUMBERS] = groups.by_numbers[number]
            row[SLOTS] = self._slots + number * channels * self._levels * SLOT_SIZE
            row[AWAY_BUSY], row[AWAY_IDLE] = (self._away + (2 * number + busy) * AWAY_SIZE for busy in (0, 1))
            row[STEP], row[LAST_STEP] = bounds[number : number + 2]
            row[KEEPS_FREE] = self.program.rows.keep_free[groups.first_row[number] : groups.first_row[number + 1]].any()
            row[RAMP_STEP] = self.program.effects.ramp_step[number]
            row[FIRST_AGENT] = first_agent[number] if has_agents[number] else NOBODY
        slots = self.objects[self._slots : self._people].reshape(-1, channels, self._levels, SLOT_SIZE)
        slots[..., SLOT_LIMIT] = groups.slot_limit[..., None]
        slots[..., SLOT_PACE] = groups.slot_pace

    def _set_agents(self) -> None:
        agents = self.hand.agents
        people = self._objects(self._people, self.agents, AGENT_SIZE)
        people[:, AGENT_NUMBER] = np.arange(self.agents)
        people[:, AGENT_GROUP] = self._groups + agents.group.astype(np.int64) * GROUP_SIZE
        people[:, KIND] = EMPTY_HANDS
        people[:, BUSY_SINCE] = people[:, DUTY_SINCE] = people[:, SHIFT_END] = MISSING
        people[:, NEW] = agents.new
        spans = np.column_stack([agents.span_start, agents.span_end, agents.span_pause, agents.span_shift_end])
        first, _ = self._list(spans)
        people[:, SPAN] = first + 4 * agents.first_span[:-1]
        people[:, LAST_SPAN] = first + 4 * agents.first_span[1:]
