"""What the compiled engine remembers: a table with a row for every object, and arrays for what there is much of.

Every channel, tier, queue, row of `serves`, agent, contact in progress and so on is a row of one table of integers and
is referred to by the number of its row; 0 is the desk itself, so that 0 as a reference means nobody. Which columns a
row has depends on what it is. Contacts in progress, their legs and what is left to do within an event come and go: they
use rows again that others have left.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.compiled.rule import rule

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WIDTH: Final = 32
"""Columns of the table."""
DESK: Final = 0
"""Row of the desk."""

# The desk: the clock, what is used of each array, the first row of each kind of object.
(
    NOW,
    RUNNING,  # place within its instant of the event that is happening
    LENGTH,
    FREE_ROW,
    FRESH_ROW,
    ROOM,  # rows that may be used
    EVENTS,
    GAP,  # 1 while the first event of the heap has been taken out and not been replaced
    LEGS,
    SPANS,
    VISITS,
    TO_DO,
    ARRIVAL,
    SHORT,  # 1 once something did not fit
    CHANNELS,
    STAGES,
    TIERS,
    TYPES,
    QUEUES,
    ROWS,
    GROUPS,
    AGENTS,
    LANES_OF_QUEUE,
    LEVELS,
    CHANNEL_COUNT,
    LANES,
    LANE_COUNT,
    GROUP_COUNT,
    AGENT_COUNT,
    SILENT_LANES,  # where a queue's lanes of who left silently begin among its lanes
    LANGUAGE_COUNT,  # that without a name included
) = range(31)

# Whatever stands in a line.
KEY, TIE, NEXT, PREV, CHILD, IN = range(6)
# Whatever has a line: those who joined in order from HEAD to TAIL, the others in a heap under ROOT.
HEAD, TAIL, ROOT = range(3)

# Channels.
(
    LIVE,
    OPEN,
    OPEN_COUNT,
    WHEN_CLOSED,
    LINES,
    LINES_TAKEN,
    QUEUE_LIMIT,
    AT_THE_DOOR,
    RETRY_WHEN,
    OUTBOUND,
    OFFER_WAIT,
    OFFER_WAITING,
    CALLED_BACK_BEHIND,
    DIAL,
    AGAIN_AFTER,
    TRIES,
    COUNTED,  # 1 where somebody asks how many wait at the door
    CLOSING,
    FIRST_QUEUE,
    LAST_QUEUE,
    DETECTED_AFTER,
    MOST_EXCHANGES,
) = range(22)

# Self-service stages.
STAGE_OPEN, STAGE_OPEN_COUNT, STAGE_LIMIT, IN_STAGE = range(4)

# Tiers.
HANDOVER, TIER_CLOCK, TIER_CLOCK_COUNT, WARM_LIMIT, QUEUES_OF_TIER = range(5)

# Contact types.
FIRST_TIER, MISROUTED_TO, TIER_COUNT, POSITION, RETURNS = range(5)

# Queues.
(
    QUEUE_NUMBER,
    QUEUE_TIER,
    QUEUE_TYPE,
    QUEUE_CHANNEL,
    DUE_AFTER,
    ROWS_OF_QUEUE,
    LAST_ROW_OF_QUEUE,
    FIRST_LANE,
    AFTERS,
    LAST_AFTER,
    BY_DUE,  # 1 where some row takes what is due first
    CLOCK,
    CLOCK_COUNT,
) = range(13)

# Lanes: those of a queue with the same head start who stand with the live, or behind them, or left silently.
LANE_QUEUE, LANE_PRIORITY, LANE_BEHIND, LANE_SILENT = range(3, 7)

# Rows of `serves`: the line is of the talks that may be interrupted.
(
    ROW_NUMBER,
    ROW_GROUP,
    RANK,
    AFTER,
    KEEP_FREE,
    INTERRUPTIBLE,
    DUE_FIRST,
    LANES_OF_ROW,
    LAST_LANE_OF_ROW,
    OWN_PLACE,  # where the lists name this row alone
) = range(3, 13)

# Agent groups: the line is of the free.
(
    GROUP_NUMBER,
    FIRST_ROW,
    LAST_ROW,
    FREE,
    SURPLUS,
    AT_WORK,
    BY_NUMBERS,
    SLOTS,  # row of the slots of its first channel, none occupied
    AWAY_BUSY,
    AWAY_IDLE,
    STEP,
    LAST_STEP,
    PRESENT,
    KEEPS_FREE,
    RAMP_STEP,
    FIRST_AGENT,
) = range(3, 19)

# Slots of a group for a channel when so many are occupied: the line is of those with one to spare.
SLOT_LIMIT, SLOT_PACE = range(3, 5)

# Agents.
(
    AGENT_NUMBER,
    AGENT_GROUP,
    ACCEPTING,
    SINCE,
    KIND,
    WORK,
    HANDS,
    PARKED,
    BUSY_SINCE,
    DUTY_SINCE,
    NEW,
    SPAN,
    LAST_SPAN,
    SHIFT_END,
    BREAK_OVER,
    AWAITS_EMPTY_HANDS,
) = range(6, 22)

# Contacts in progress.
(
    CONTACT,
    CHANNEL,
    TYPE,
    STILL_LIVE,
    HOLDS_LINE,
    LEG_COUNT,
    LEG,
    PHASE,
    TIER,
    SENT_BACK,
    TO_DIAL,
    DIALS,
    REACHED_ON,
    ASTRAY,
    LANE,  # which lane of a queue its head start puts it into
    HEAD_START,
    STAGE_MARK,
    MAY_REACH_PEOPLE,
    VISIT,
    GIVER,
    MARK,
    BEGAN,
    UNSEEN,  # 1 where nothing depends on the moment in which its patience ends
    IS_REPEAT,
    SILENT,
    EXCHANGE,  # which of its dealt exchanges it is at; NONE while the customer has not written again
    EXCHANGES,
    LANGUAGE,  # its number; that without a name comes after the last
    HAS_ENTERED,  # 1 once it has come to a queue
    AWAITS_REPLY,  # 1 while the customer is to write again
    IS_CHASER,
) = range(31)

# Legs of contacts in progress, and those that are being wrapped up after their contact went on.
(
    RECORD,
    OF_CONTACT,
    OF_CASE,
    QUEUE,
    PLACE,
    STATE,
    DUE,
    AGENT,
    ROW,
    REMAINING,
    PACE,
    PACE_SINCE,
    RESUMED,
    PARKED_SINCE,
    WARM_FROM,
    BACKLOG,
    BEHIND,
    COUNTS,
    IN_VAIN,
    TALK,
    WRAP_UP,
    PATIENCE,
    BRIEFING,
    NEXT_IN_HAND,
    DUE_AT,
    LEAVES_UNSEEN,
) = range(6, 32)

# What is left to do within an event.
OPERATION, WHO, WHERE = range(6, 9)

EMPTY_HANDS: Final = -2
"""Kind of work of an agent who has none."""
WHOLE_HANDS: Final = -1
"""Kind of work of an agent whose work takes all of the agent; kinds from 0 on are channels with slots."""
FULL_SPEED: Final = 1_000_000
"""Pace in parts per million."""

# States of a leg.
ENTERING, WAITING, SILENTLY_LEFT, FINDING_OUT, TALKING, BRIEFED, HELD_UP, HOLDING, WRAPPING_UP = range(9)

# What a contact's next entry into a queue is.
FIRST_ENTRY, NEXT_TIER, DIALLED_AGAIN, PUT_BACK = range(4)

# Columns of the records of legs, in the order of an Outcome.
(
    R_CONTACT,
    R_QUEUE,
    R_BACKLOG,
    R_ENTER,
    R_LEAVE,
    R_LEFT,
    R_FOUND,
    R_AGENT,
    R_ROW,
    R_BRIEFING,
    R_TALK_END,
    R_TALK,
    R_DIALLED,
    R_PARKED,
    R_HOLD_END,
    R_WRAP_UP_END,
    R_HANDLED,
) = range(17)

# Columns of the records of contacts, by contact; BEGIN is MISSING while one has not begun.
C_BEGIN, C_END, C_HOW, C_STAGE, C_CALL_BACK = range(5)

# Columns of the spans of agents.
S_OF_DUTY, S_AGENT, S_BEGIN, S_END = range(4)


class Desk(NamedTuple):
    """What every rule may look at."""

    state: Ints
    """(rows, WIDTH) the objects."""
    lists: Ints
    """Lists of references and numbers that objects point into."""
    events: Ints
    """(room, 2) the heap of events: instant, and place within it."""
    legs: Ints
    """(17, room) the records of legs, in order of entering."""
    contacts: Ints
    """(5, possible contacts) the records of contacts."""
    spans: Ints
    """(room, 4) duty and busy spans of agents, in order of their ends."""
    case_of: Ints
    """(possible contacts,) row of the contact in progress; 0 when it is not."""
    factors: Floats
    """(groups, 3, queues) on talk, talk of repeats, wrap-up."""
    speed: Floats
    """(agents,)"""
    ramp: Floats
    """(groups, steps)"""


@rule
def new_row(s: Ints) -> int:
    """Return a row of the table that nobody uses."""
    row = s[DESK, FREE_ROW]
    if row != 0:
        s[DESK, FREE_ROW] = s[row, NEXT]
        return row
    row = s[DESK, FRESH_ROW]
    if row == s[DESK, ROOM]:
        s[DESK, SHORT] = 1
        return row - 1
    s[DESK, FRESH_ROW] = row + 1
    return row


@rule
def give_back(s: Ints, row: int) -> None:
    """Let a row be used again."""
    s[row, NEXT] = s[DESK, FREE_ROW]
    s[DESK, FREE_ROW] = row
