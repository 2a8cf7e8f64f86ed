"""Who waits where, and whom a row takes next."""

from __future__ import annotations

from typing import Final

from sim.demand.hand import NEVER
from sim.engine.compiled.bits import lowest
from sim.engine.compiled.events import NOBODYS, PATIENCE_ENDS, place
from sim.engine.compiled.flags import FLAGS_OF_WORD, lower_flag, raise_flag
from sim.engine.compiled.hands import channel_of
from sim.engine.compiled.line import first, join, leave
from sim.engine.compiled.rule import hot, rule
from sim.engine.compiled.state import (
    AFTER,
    BACKLOG,
    BACKLOG_LANES,
    BEHIND,
    BLOCK_SIZE,
    BY_DUE,
    CLOCK,
    CLOCK_COUNT,
    DUE,
    DUE_AFTER,
    DUE_AT,
    DUE_FIRST,
    FIRST_LANE,
    FIRST_WORD,
    KEY,
    LANE,
    LANE_BEHIND,
    LANE_FLAGS,
    LANE_HEAD_START,
    LANE_SILENT,
    LANE_SIZE,
    LANES,
    LANES_OF_QUEUE,
    LAST_PRIORITY,
    LAST_WORD,
    LEAVES_UNSEEN,
    MASKS,
    NOW,
    OF_CASE,
    OF_CONTACT,
    OWN_PLACE,
    PLACE,
    PRIORITIES,
    QUEUE,
    RECORD,
    RUNNING,
    SILENT_LANES,
    SILENTLY_LEFT,
    STATE,
    TIE,
    TO_DIAL,
    WAITING,
    Desk,
    Ints,
    give_back,
)
from sim.engine.compiled.who import agent_for, can_hold, talk_to_interrupt
from sim.engine.rules import NO_LIMIT, End, Left

ABANDONED: Final = int(Left.ABANDONED)
ENDS_ABANDONED: Final = int(End.ABANDONED)

# What a row is asked for: what can join an agent's work; what may interrupt it; what can go to anybody of its group.
THAT_FITS, THAT_INTERRUPTS, THAT_CAN_GO = range(3)

EVER: Final = 2**62
"""Longer than anybody waits, ms."""


@hot
def stand(desk: Desk, leg: int) -> None:
    """Let a leg wait in its queue, at its place: as if it had come earlier by its customer's head start."""
    s = desk.state
    queue, case = s[leg + QUEUE], s[leg + OF_CASE]
    s[leg + STATE] = WAITING
    lane = s[queue + FIRST_LANE] + s[case + LANE]
    if s[leg + BACKLOG]:
        lane += s[BACKLOG_LANES]
    if s[case + TO_DIAL] and s[leg + BEHIND]:
        lane += s[SILENT_LANES] // 2
    if s[queue + BY_DUE]:
        s[leg + DUE_AT] = _due_at(desk, queue, s[leg + PLACE])
    join_lane(s, lane, leg, s[leg + PLACE] - s[lane + LANE_HEAD_START], s[leg + OF_CONTACT])


@rule
def join_lane(s: Ints, lane: int, leg: int, key: int, tie: int) -> None:
    """Let a leg stand in a lane."""
    raise_flag(s, s[LANE_FLAGS], (lane - s[LANES]) // LANE_SIZE)
    join(s, lane, leg, key, tie)


@rule
def leave_place_behind(s: Ints, leg: int) -> None:
    """Let who leaves silently stay at its place for rows to take, though not among those who wait any more."""
    case = s[leg + OF_CASE]
    s[leg + STATE] = SILENTLY_LEFT
    lane = s[s[leg + QUEUE] + FIRST_LANE] + s[SILENT_LANES] + s[case + LANE]
    join_lane(s, lane, leg, s[leg + PLACE] - s[lane + LANE_HEAD_START], s[leg + OF_CONTACT])


@rule
def gone(s: Ints, leg: int) -> bool:
    """Return whether a leg that leaves unseen left before the event that is happening."""
    if s[leg + DUE] > s[NOW] or not s[leg + LEAVES_UNSEEN]:
        return False
    return bool(s[leg + DUE] < s[NOW] or place(PATIENCE_ENDS, s[leg + OF_CONTACT], NOBODYS) < s[RUNNING])


@hot
def leave_unseen(desk: Desk, leg: int) -> None:
    """Record that a leg left when its patience ended, on which nothing but its own record depends."""
    s = desk.state
    case, contact = s[leg + OF_CASE], s[leg + OF_CONTACT]
    leave(s, leg)
    desk.legs[s[leg + RECORD]]["left"] = ABANDONED
    desk.legs[s[leg + RECORD]]["leave"] = s[leg + DUE]
    desk.contacts[contact]["end"] = s[leg + DUE]
    desk.contacts[contact]["how"] = ENDS_ABANDONED
    desk.contacts[contact]["case"] = 0
    give_back(s, leg)
    give_back(s, case)


@hot
def first_of(desk: Desk, lane: int) -> int:
    """Return who stands first in a lane of those who still wait; 0 if nobody does.

    All who stand in a lane are of one channel, and live or backlog: what the first cannot do, no other can.
    """
    leg = first(desk.state, lane)
    while leg != 0 and gone(desk.state, leg):
        leave_unseen(desk, leg)
        leg = first(desk.state, lane)
    return leg


@rule
def head(desk: Desk, queue: int) -> int:
    """Return who stands first in a queue, live or a call-back that kept its place; 0 if nobody does.

    Who has left silently does not.
    """
    s = desk.state
    best = 0
    lanes = s[LANES_OF_QUEUE]
    for lane in range(s[queue + FIRST_LANE], s[queue + FIRST_LANE] + lanes, LANE_SIZE):
        if s[lane + LANE_BEHIND] or s[lane + LANE_SILENT]:
            continue
        leg = first_of(desk, lane)
        if leg != 0 and (best == 0 or _came_before(s, leg, best)):
            best = leg
    return best


@rule
def _came_before(s: Ints, leg: int, other: int) -> bool:
    return bool(s[leg + KEY] < s[other + KEY] or (s[leg + KEY] == s[other + KEY] and s[leg + TIE] < s[other + TIE]))


@hot
def next_of(desk: Desk, row: int, wanted: int, agent: int) -> int:
    """Return what a row takes next of the legs that are wanted: by priority, then longest wait; 0 if there is none.

    A row that is `due_first` takes what is due soonest before it looks at the wait. A head start counts as waited, but
    not for the row's `after`. Call-backs that stand behind the live do so within their priority.
    """
    s = desk.state
    for block in range(s[row + PRIORITIES], s[row + LAST_PRIORITY], BLOCK_SIZE):
        leg = _next_of_priority(desk, row, block, wanted, agent)
        if leg != 0:
            return leg
    return 0


@hot
def _next_of_priority(desk: Desk, row: int, block: int, wanted: int, agent: int) -> int:
    s, lists = desk.state, desk.lists
    latest = s[NOW] - s[row + AFTER]
    best = 0
    for word in range(lists[block + FIRST_WORD], lists[block + LAST_WORD]):
        flagged = s[s[LANE_FLAGS] + word] & lists[lists[block + MASKS] + word]
        while flagged != 0:
            number = word * FLAGS_OF_WORD + lowest(flagged)
            flagged &= flagged - 1
            leg = first_of(desk, s[LANES] + number * LANE_SIZE)
            if leg == 0:
                lower_flag(s, s[LANE_FLAGS], number)
            elif (
                (s[row + AFTER] == 0 or s[leg + PLACE] <= latest)
                and _is_wanted(desk, leg, row, wanted, agent)
                and (best == 0 or _goes_before(s, row, leg, best))
            ):
                best = leg
    return best


@rule
def _goes_before(s: Ints, row: int, leg: int, other: int) -> bool:
    """Return whether a leg is taken before another of the same priority."""
    if s[row + DUE_FIRST] and s[leg + DUE_AT] != s[other + DUE_AT]:
        return bool(s[leg + DUE_AT] < s[other + DUE_AT])
    return _came_before(s, leg, other)


@rule
def _is_wanted(desk: Desk, leg: int, row: int, wanted: int, agent: int) -> bool:
    s = desk.state
    if wanted == THAT_FITS:
        return can_hold(s, agent, channel_of(s, leg))
    if wanted == THAT_INTERRUPTS:
        return not s[leg + BACKLOG]
    if agent_for(s, row, channel_of(s, leg)) != 0:
        return True
    if s[leg + BACKLOG]:
        return False
    _, talk = talk_to_interrupt(desk, s[row + OWN_PLACE], s[row + OWN_PLACE] + 1, EVER)
    return talk != 0


@rule
def last_start(lists: Ints, starts: int, count: int, instant: int) -> int:
    """Return which of sorted starts is the last at or before an instant; -1 if none is."""
    low, high = 0, count
    while low < high:
        middle = (low + high) >> 1
        if lists[starts + middle] <= instant:
            low = middle + 1
        else:
            high = middle
    return low - 1


@rule
def _due_at(desk: Desk, queue: int, came: int) -> int:
    """Return the instant (ms) at which a leg with that place in a queue is due; NEVER if it never is.

    Of the channel's clock the lists hold the starts of its spans, the end of the scenario as the last, then what it
    reads at each of them.
    """
    s, lists = desk.state, desk.lists
    due = s[queue + DUE_AFTER]
    if due == NO_LIMIT:
        return NEVER
    starts, count = s[queue + CLOCK], s[queue + CLOCK_COUNT]
    readings = starts + count
    span = last_start(lists, starts, count, came)
    if span < 0:
        reading = min(came, 0)
    else:
        reading = min(lists[readings + span] + came - lists[starts + span], lists[readings + span + 1])
    target = reading + due
    if target <= 0:
        return target
    span = last_start(lists, readings, count, target - 1)
    return lists[starts + span] + target - lists[readings + span]
