"""Whom of those who wait a row takes next."""

from __future__ import annotations

from sim.engine.compiled.bits import lowest
from sim.engine.compiled.flags import FLAGS_OF_WORD, lower_flag
from sim.engine.compiled.hands import channel_of
from sim.engine.compiled.rule import hot, rule
from sim.engine.compiled.state import (
    AFTER,
    BACKLOG,
    BLOCK_SIZE,
    BY_TREE,
    DUE_FIRST,
    DUE_TREES,
    FIRST_WORD,
    LANE_FLAGS,
    LANE_SIZE,
    LANE_TREES,
    LANES,
    LAST_LANE_TREE,
    LAST_PRIORITY,
    LAST_WORD,
    MASKS,
    NOW,
    PLACE,
    PRIORITIES,
    Desk,
)
from sim.engine.compiled.tournament import candidate, goes_before, is_in, line_of, past, under, winner_of
from sim.engine.compiled.waiting import first_of
from sim.engine.compiled.who import agent_for, can_hold, talk_by_row

# What a row is asked for: what can join an agent's work; what may interrupt it; what can go to anybody of its group.
THAT_FITS, THAT_INTERRUPTS, THAT_CAN_GO = range(3)


@hot
def next_of(desk: Desk, row: int, wanted: int, agent: int) -> int:
    """Return what a row takes next of the legs that are wanted: by priority, then longest wait; 0 if there is none.

    A row that is `due_first` takes what is due soonest before it looks at the wait. A head start counts as waited, but
    not for the row's `after`. Call-backs that stand behind the live do so within their priority.
    """
    s, lists = desk.state, desk.lists
    for block in range(s[row + PRIORITIES], s[row + LAST_PRIORITY], BLOCK_SIZE):
        if lists[block + BY_TREE]:
            return _next_by_trees(desk, row, block, wanted, agent)
        leg = _next_of_priority(desk, row, block, wanted, agent)
        if leg != 0:
            return leg
    return 0


@hot
def _next_of_priority(desk: Desk, row: int, block: int, wanted: int, agent: int) -> int:
    s, lists = desk.state, desk.lists
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
                _has_waited(desk, row, leg)
                and _is_wanted(desk, leg, row, wanted, agent)
                and (best == 0 or goes_before(s, s[row + DUE_FIRST], leg, best))
            ):
                best = leg
    return best


@rule
def _next_by_trees(desk: Desk, row: int, block: int, wanted: int, agent: int) -> int:
    """Return what a row takes next of many lanes of all priorities.

    The lanes that compete in a tree are of one channel, and live or backlog: what one cannot do, no other can.
    """
    s, lists = desk.state, desk.lists
    best = 0
    for position in range(s[LANE_TREES], s[LAST_LANE_TREE]):
        tree = lists[position] + (s[DUE_TREES] if s[row + DUE_FIRST] else 0)
        node = candidate(desk, tree, block, 1, best)
        while node != 0:
            leg, number = winner_of(s, tree, node), line_of(s, tree, node)
            if not is_in(desk, block, number):
                node = under(s, tree, node)
            elif first_of(desk, s[LANES] + number * LANE_SIZE) == leg:  # else it has gone: this node has another
                if not _is_wanted(desk, leg, row, wanted, agent):
                    break
                if _has_waited(desk, row, leg):
                    best, node = leg, past(node)
                else:
                    node = under(s, tree, node)
            node = candidate(desk, tree, block, node, best)
    return best


@rule
def _has_waited(desk: Desk, row: int, leg: int) -> bool:
    """Return whether a leg has waited as long as a row asks."""
    s = desk.state
    latest = s[NOW] - s[row + AFTER]
    return bool(s[row + AFTER] == 0 or s[leg + PLACE] <= latest)


@rule
def _is_wanted(desk: Desk, leg: int, row: int, wanted: int, agent: int) -> bool:
    s = desk.state
    if wanted == THAT_FITS:
        return can_hold(s, agent, channel_of(s, leg))
    if wanted == THAT_INTERRUPTS:
        return not s[leg + BACKLOG]
    if agent_for(s, row, channel_of(s, leg)) != 0:
        return True
    return not s[leg + BACKLOG] and talk_by_row(s, row) != 0
