"""Who waits where, and whom a row takes next."""

from __future__ import annotations

from typing import Final

from sim.demand.hand import NEVER
from sim.engine.compiled.events import NOBODYS, PATIENCE_ENDS, place
from sim.engine.compiled.lanes import join_lane, leave_lane
from sim.engine.compiled.line import first
from sim.engine.compiled.rule import hot, rule
from sim.engine.compiled.state import (
    BACKLOG,
    BACKLOG_LANES,
    BEHIND,
    BY_DUE,
    CLOCK,
    CLOCK_COUNT,
    DUE,
    DUE_AFTER,
    DUE_AT,
    FIRST_LANE,
    LANE,
    LANE_IN_FRONT,
    LANE_KEY,
    LANE_SIZE,
    LANES_OF_QUEUE,
    LEAVES_UNSEEN,
    NOW,
    OF_CASE,
    OF_CONTACT,
    PLACE,
    QUEUE,
    RECORD,
    RUNNING,
    SILENT_LANES,
    SILENTLY_LEFT,
    STATE,
    TO_DIAL,
    WAITING,
    Desk,
    Ints,
    give_back,
)
from sim.engine.compiled.tournament import before
from sim.engine.rules import NO_LIMIT, End, Left

ABANDONED: Final = int(Left.ABANDONED)
ENDS_ABANDONED: Final = int(End.ABANDONED)


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
    join_lane(s, lane, leg, s[leg + PLACE] + s[lane + LANE_KEY], s[leg + OF_CONTACT])


@rule
def leave_place_behind(s: Ints, leg: int) -> None:
    """Let who leaves silently stay at its place for rows to take, though not among those who wait any more."""
    case = s[leg + OF_CASE]
    s[leg + STATE] = SILENTLY_LEFT
    lane = s[s[leg + QUEUE] + FIRST_LANE] + s[SILENT_LANES] + s[case + LANE]
    join_lane(s, lane, leg, s[leg + PLACE] + s[lane + LANE_KEY], s[leg + OF_CONTACT])


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
    leave_lane(s, leg)
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
        if not s[lane + LANE_IN_FRONT]:
            continue
        leg = first_of(desk, lane)
        if leg != 0 and (best == 0 or before(s, leg, best)):
            best = leg
    return best


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
