"""What the compiled engine remembers: the objects of a desk, one after the other in one array, and tables of records.

Every channel, tier, queue, row of `serves`, agent, contact in progress and so on is a stretch of one array of integers
and is referred to by where it begins; the desk itself begins at 0, so that 0 as a reference means nobody. Which columns
an object has depends on what it is; `s[agent + WORK]` is one of an agent. Sizes are multiples of a cache line's eight
numbers, and what every contact makes use of stands in an object's first line or two. Contacts in progress, their legs
and what is left to do within an event come and go: they use stretches again that others have left.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.compiled.rule import rule

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Table = NDArray[np.void]

LINE: Final = 8
"""Numbers in a cache line."""

# The desk: the clock, what is used of each table, the first object of each kind.
(
    NOW,
    RUNNING,  # place within its instant of the event that is happening
    LENGTH,
    TO_DO,
    GAP,  # what has become of the heap's first event
    EVENTS,  # in the heap
    HORIZON,  # from which instant on events are kept beside it
    LATER,  # how many those are
    CROWDED,  # how many in the heap are too many for that horizon
    ARRIVAL,
    FREE,
    LEGS,
    SPANS,
    FRESH,
    SIZE,  # of what comes and goes
    AGENTS,
    CHANNELS,
    TYPES,
    TIERS,
    LEVELS,
    CHANNEL_COUNT,
    LANGUAGE_COUNT,  # that without a name included
    STAGES,
    SILENT_LANES,  # where a queue's lanes of who left silently begin among its lanes, as a distance
    BACKLOG_LANES,  # how far its lanes of backlog are from those of live work; 0 where none has both
    POOL_FLAGS,
    LANE_FLAGS,
    VISITS,
    SHORT,  # 1 once something did not fit
    GROUPS,
    LANES,
    LANES_END,
    LANES_OF_QUEUE,  # as a distance
    AGENTS_END,
    GROUPS_END,
    DUTIES,  # how many of the spans are of duty, once they are sorted
    LEGS_MOVED,  # 1 once the records of legs have been moved into their order
    FREE_TREE,  # of the lines of the free; 0 where there are few pools, as below
    SHARING_TREES,  # of the lines of those with a slot to spare: a tree for each channel and number of occupied slots
    TREE_LENGTH,  # of each of them
    TALK_FLAGS,  # of pools' rows whose talks may be interrupted
    TALK_ROWS,  # where the lists name those rows
    TALK_TREE,  # of the lines of such talks
    LANE_TREES,  # where the lists name the trees of lanes
    LAST_LANE_TREE,
    DUE_TREES,  # how far behind a tree of lanes its twin is that goes by what is due first; 0 where no row does
) = range(46)
DESK_SIZE: Final = 48

# Whatever stands in a line.
IN = 0
KEY, TIE, NEXT, PREV = range(8, 12)
CHILD = 16
# Whatever has a line: those who joined in order from HEAD to TAIL, the others in a heap under ROOT; the tree of lines
# in which it competes, if it does, and its node there.
HEAD, TAIL, ROOT, TREE, LEAF = range(5)

# Trees of lines, in which who comes out first of all is known. Node 1 is the root, those under node n are 2 n and
# 2 n + 1; the nodes of lines come last.
LEAVES, BY_DUE_FIRST, COVERS = range(3)
TREE_HEAD: Final = 8
# Nodes: who comes out first of what is under it, 0 if nobody does, and of which line's node.
WINNER, WINNERS_LEAF = range(2)
NODE_SIZE: Final = 2
# What is under a node of a tree: bits of a word of flags, or more than a word has: 0.
COVERED_WORD, COVERED = range(2)

# Channels.
(
    CHANNEL_NUMBER,
    LIVE,
    RETRY_WHEN,
    LINES,
    LINES_TAKEN,
    WHEN_CLOSED,
    COUNTED,  # 1 where somebody asks how many wait at the door
    AT_THE_DOOR,
    OPEN,
    OPEN_COUNT,
    QUEUE_LIMIT,
    OUTBOUND,
    OFFER_WAIT,
    OFFER_WAITING,
    CALLED_BACK_BEHIND,
    DIAL,
    AGAIN_AFTER,
    TRIES,
    CLOSING,
    FIRST_QUEUE,
    LAST_QUEUE,
    DETECTED_AFTER,
    MOST_EXCHANGES,
) = range(23)
CHANNEL_SIZE: Final = 24

# Self-service stages.
STAGE_OPEN, STAGE_OPEN_COUNT, STAGE_LIMIT, IN_STAGE = range(4)
STAGE_SIZE: Final = 8

# Tiers.
HANDOVER, TIER_CLOCK, TIER_CLOCK_COUNT, WARM_LIMIT, QUEUES_OF_TIER = range(5)
TIER_SIZE: Final = 8

# Contact types.
TYPE_NUMBER, FIRST_TIER, MISROUTED_TO, TIER_COUNT, POSITION, RETURNS = range(6)
TYPE_SIZE: Final = 8

# Queues.
(
    QUEUE_NUMBER,
    CHANNEL_OF_QUEUE,
    NUMBER_OF_CHANNEL,
    RANKS,  # blocks of its pools' rows, of one rank each
    LAST_RANK,
    INTERRUPTING,  # blocks of its pools' rows whose talks live work may interrupt, by rows of one rank each
    LAST_INTERRUPTING,
    FIRST_LANE,
    AFTERS,
    LAST_AFTER,
    BY_DUE,  # 1 where some row takes what is due first
    DUE_AFTER,
    CLOCK,
    CLOCK_COUNT,
    TIER_OF_QUEUE,
) = range(15)
QUEUE_SIZE: Final = 16

# Lanes of queues that are served alike: those with the same head start who are live, or backlog, who stand with the
# live, or behind them, or left silently. Who has the better priority, and does not stand behind, comes first of all.
LANE_IN_FRONT, LANE_KEY = range(5, 7)
LANE_SIZE: Final = 8
KEYS_OF_PRIORITY: Final = 1 << 44
"""Milliseconds of 557 years: as many keys as those of one priority may have."""

# Rows of `serves`: the line is of the talks that may be interrupted, of a pool in its first group's rows.
(
    ROW_NUMBER,
    POOL_OF_ROW,
    AFTER,
    KEEP_FREE,
    PRIORITIES,  # blocks of its lanes, of one priority each, and in the end of those behind
    LAST_PRIORITY,
    INTERRUPTIBLE,
    DUE_FIRST,
    TALKS,  # of a pool's row: its number among those whose talks may be interrupted
    ROW_OF_POOL,  # the row of the pool's first group that says the same
) = range(5, 15)
ROW_SIZE: Final = 16

# Agent groups, and pools of those that serve alike: the line is of the free. A group that serves like no other is its
# own pool; in a larger one, the line of a group of interchangeable people is of stands for its own.
(
    FREE_AGENTS,
    SURPLUS,
    FIRST_ROW,
    LAST_ROW,
    KEEPS_FREE,  # how many a group keeps free by the row that keeps fewest, of those that keep any; 0 without
    SLOTS,  # the slots of its first channel, none occupied
    GROUP_NUMBER,
    RAMP_STEP,
    AT_WORK,
    BY_NUMBERS,
    AWAY,  # those with work in hand, then, behind that line, the others
    STEP,
    LAST_STEP,
    PRESENT,
    FIRST_AGENT,
    POOL,
    FLAG,  # of a pool: its number
    KEPT_FLAG,  # that of its rows that keep people free, if there are any
    SHARING,  # how many of a pool have work in hand and a slot to spare
) = range(5, 24)
GROUP_SIZE: Final = 24

# Those of a group who are away.
AWAY_SIZE: Final = 8

# Slots of a pool for a channel when so many are occupied: the line is of those with one to spare.
SLOT_LIMIT, SLOT_PACE = range(5, 7)
SLOT_SIZE: Final = 8

# Agents.
(
    ACCEPTING,
    KIND,
    WORK,
    HANDS,
    PARKED,
    AGENT_GROUP,
    AGENT_NUMBER,
) = range(1, 8)
SINCE, BUSY_SINCE, NEW, DUTY_SINCE = range(12, 16)
SPAN, LAST_SPAN, SHIFT_END, BREAK_OVER, AWAITS_EMPTY_HANDS = range(17, 22)
(
    OWN_STAND,  # what stands for the agent among the free of its group; 0 where that line is the pool's
    STANDS_FOR,  # of an agent: itself
) = range(22, 24)
AGENT_SIZE: Final = 24

# Contacts in progress. What only some scenarios make use of comes after the first lines, which no other touches.
(
    CONTACT,
    LEG,
    TYPE,
    CHANNEL,
    TIER,
    MARK,
    PHASE,
    ASTRAY,
    COMES_AS,  # an AttemptKind
    STILL_LIVE,
    HOLDS_LINE,
    DECIDES,  # the dealt number that decides what comes of its stay, in `floats`
    TO_DIAL,
    LANE,  # which lane of a queue its head start puts it into, as a distance
    UNSEEN,  # 1 where nothing depends on the moment in which its patience ends
    SILENT,
) = range(16)
(
    GIVER,  # where `asides` are kept
    EXCHANGE,  # where customers write again: which of its dealt exchanges it is at; NONE while this one has not
    EXCHANGES,
    DIALS,  # where its channel dials
    REACHED_ON,
    STAGE_MARK,  # where there is self-service
    VISIT,
    HARDER,  # how much harder self-service has left it, in `floats`
    HAS_ENTERED,  # where customers chase: 1 once it has come to a queue
    AWAITS_REPLY,  # 1 while the customer is to write again
    SENT_BACK,  # where tiers send back
    SO_FAR,  # who handed it up to each tier, then how often each sent it back
) = range(16, 28)

# Legs of contacts in progress, and those that are being wrapped up after their contact went on. As above.
(
    DUE,
    STATE,
    AGENT,
    OF_CONTACT,
    OF_CASE,
    RECORD,
    QUEUE,
) = range(1, 8)
(
    NEXT_IN_HAND,
    IN_VAIN,
    TALK_FROM,  # when the talk would have begun without briefing and time that it lay parked
    WRAP_UP,
) = range(12, 16)
(
    PLACE,
    PATIENCE,
    TALK,
    BACKLOG,
    LEAVES_UNSEEN,
    ROW,
    REMAINING,
) = range(17, 24)
(
    WARM_FROM,  # where `asides` are kept
    BRIEFING,
    RESUMED,  # or, while it lies parked, since when
    PACE,  # there, and where its agent has slots
    PACE_SINCE,
    BEHIND,  # as long as it is to be dialled
    DUE_AT,  # where some row takes what is due first
    COUNTS,  # where its channel is counted
) = range(24, 32)

# What is left to do within an event.
NEXT_TO_DO, OPERATION, WHO, WHERE = range(4)

# Blocks of pools, rows or lanes, in the lists: which words hold their flags, masks of them, whether a tree is asked who
# is first of them. Of pools and rows, too, where each one's rows begin, up to a 0, how long contacts must have waited
# for those rows, how far away the blocks of the next rank begin, and, where a queue has many, what leads to those of
# which a flag is up: the same of all its flags, in order of the blocks, and to which block each of them leads.
FIRST_WORD, LAST_WORD, MASKS, BY_TREE, ROWS, OPENS_AFTER, NEXT_RANK, ALL = range(8)
BLOCK_SIZE: Final = 8
BLOCK_OF_FLAG: Final = BY_TREE

# What nobody uses.
NEXT_FREE: Final = 0

LEAST_SIZE: Final = 24
"""Of contacts in progress, legs and what is left to do, if no scenario's own columns are made use of."""

FULL_SIZE: Final = 32
"""If they are, but for those who hand up and send back."""

EMPTY_HANDS: Final = -2
"""Kind of work of an agent who has none."""
WHOLE_HANDS: Final = -1
"""Kind of work of an agent whose work takes all of the agent; kinds from 0 on are channels with slots."""
FULL_SPEED: Final = 1_000_000
"""Pace in parts per million."""

# States of a leg.
ENTERING, WAITING, SILENTLY_LEFT, FINDING_OUT, TALKING, BRIEFED, HELD_UP, HOLDING, WRAPPING_UP = range(9)

# What a contact's next entry into a queue is; one that is let in to self-service only never enters any.
FIRST_ENTRY, NEXT_TIER, DIALLED_AGAIN, PUT_BACK, NEVER_ENTERS = range(5)

SPAN_RECORD: Final = np.dtype([("begin", np.int64), ("end", np.int64), ("agent", np.int32), ("of_duty", np.int32)])


class Desk(NamedTuple):
    """What every rule may look at."""

    state: Ints
    """The objects."""
    lists: Ints
    """Lists of references and numbers that objects point into."""
    events: Ints
    """The heap of events: of each its instant, and its place within that."""
    later: Ints
    """The events beside it, in no order."""
    legs: Table
    """(room,) LEG_RECORDs, in order of entering."""
    asides: Table
    """(room,) ASIDEs of the same legs; none where nothing but their initial values could be in them: where no work is
    interrupted, no line held for a handover, no place left behind."""
    contacts: Table
    """(possible contacts,) CONTACT_RECORDs."""
    spans: Table
    """(room,) SPAN_RECORDs of duty and busy spans of agents, in order of their ends."""
    factors: Floats
    """(groups, 3, queues) on talk, talk of repeats, wrap-up."""
    speed: Floats
    """(agents,), or none where all are 1"""
    ramp: Floats
    """(groups, steps)"""


@rule
def new_object(s: Ints) -> int:
    """Return a stretch that nobody uses, for what comes and goes."""
    free = s[FREE]
    if free != 0:
        s[FREE] = s[free + NEXT_FREE]
        return free
    fresh = s[FRESH]
    if fresh + s[SIZE] > s.shape[0]:
        # There is no stretch to go on with: who shared one with another might wait for itself for ever.
        raise AssertionError("an event found no room for what it brought about")
    s[FRESH] = fresh + s[SIZE]
    return fresh


@rule
def give_back(s: Ints, what: int) -> None:
    """Let a stretch be used again."""
    s[what + NEXT_FREE] = s[FREE]
    s[FREE] = what
