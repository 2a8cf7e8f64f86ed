"""Which agent a contact would go to, and whose talk it might interrupt."""

from __future__ import annotations

from sim.engine.compiled.bits import lowest
from sim.engine.compiled.flags import FLAGS_OF_WORD, lower_flag
from sim.engine.compiled.groups import has_somebody, last_interruptible, longest_free, longest_sharing, slots_of
from sim.engine.compiled.rule import hot, rule
from sim.engine.compiled.state import (
    AFTER,
    AGENT_GROUP,
    AGENT_NUMBER,
    ALL,
    BLOCK_OF_FLAG,
    BLOCK_SIZE,
    BY_TREE,
    FIRST_ROW,
    FIRST_WORD,
    FLAG,
    FREE_AGENTS,
    FREE_TREE,
    INTERRUPTIBLE,
    INTERRUPTING,
    KEEP_FREE,
    KEEPS_FREE,
    KIND,
    LAST_INTERRUPTING,
    LAST_RANK,
    LAST_ROW,
    LAST_WORD,
    LEVELS,
    MASKS,
    NEXT_RANK,
    OPENS_AFTER,
    POOL_FLAGS,
    POOL_OF_ROW,
    RANKS,
    ROW_SIZE,
    ROWS,
    SHARING_TREES,
    SINCE,
    SLOT_LIMIT,
    TALK_FLAGS,
    TALK_ROWS,
    TALK_TREE,
    TREE_LENGTH,
    WORK,
    Desk,
    Ints,
)
from sim.engine.compiled.tournament import before, candidate, is_in, line_of, past, under, winner_of

# Why somebody of a pool may be taken by a row.
IS_FREE, HAS_A_SLOT, MAY_BE_INTERRUPTED = range(3)


@rule
def can_hold(s: Ints, agent: int, channel: int) -> bool:
    """Return whether a piece of work of a channel can join what is in an agent's hands."""
    if s[agent + WORK] == 0:
        return True
    return (
        s[agent + KIND] == channel and s[agent + WORK] < s[slots_of(s, s[agent + AGENT_GROUP], channel, 0) + SLOT_LIMIT]
    )


@hot
def agent_for(s: Ints, row: int, channel: int) -> int:
    """Return who of a pool would take work of a channel by its row, if at least `keep_free` others are free; else 0."""
    pool = s[row + POOL_OF_ROW]
    free, keep_free = s[pool + FREE_AGENTS], s[row + KEEP_FREE]
    if free > keep_free:
        return longest_free(s, pool)
    if free == keep_free:
        for occupied in range(1, s[slots_of(s, pool, channel, 0) + SLOT_LIMIT]):
            agent = longest_sharing(s, pool, channel, occupied)
            if agent != 0:
                return agent
    return 0


@rule
def nobody_to_take(s: Ints, pool: int, flag: int) -> bool:
    """Return whether nobody of a pool is free or has a slot to spare by the rows of a flag, and lower it if so.

    The first flag of a pool is that of rows that keep nobody free.
    """
    if has_somebody(s, pool, 0 if flag == s[pool + FLAG] else s[pool + KEEPS_FREE]):
        return False
    lower_flag(s, s[POOL_FLAGS], flag)
    return True


@rule
def own_row(s: Ints, row: int, agent: int) -> int:
    """Return the row of an agent's own group that says what a row of its pool says."""
    return row + s[s[agent + AGENT_GROUP] + FIRST_ROW] - s[s[row + POOL_OF_ROW] + FIRST_ROW]


@hot
def agent_to_take(desk: Desk, queue: int, channel: int, waited: int) -> tuple[int, int]:
    """Return which agent takes work of a queue that has waited so long, and by which of its pool's rows; else 0.

    Lowest rank first over all groups of the tier; within a rank fewest occupied slots, then longest since it last
    finished or came on duty, then lowest number.
    """
    s, lists = desk.state, desk.lists
    best = best_row = 0
    block, last = s[queue + RANKS], s[queue + LAST_RANK]
    while block < last:
        if lists[block + ALL] != 0:
            block = with_a_flag(desk, s[POOL_FLAGS], block, last)
            if block == last:
                break
        next_rank = block + lists[block + NEXT_RANK]
        if lists[block + OPENS_AFTER] > waited:
            block = next_rank
            continue
        agent, row = _agent_of_block(desk, block, channel, waited)
        if agent != 0:
            last = next_rank
            if best == 0 or _goes_rather_to(s, agent, row, best, best_row):
                best, best_row = agent, row
        block += BLOCK_SIZE
    return best, best_row


@rule
def with_a_flag(desk: Desk, flags: int, block: int, last: int) -> int:
    """Return the first of many blocks, from one on, of which a flag may be up; the last if none is before that."""
    s, lists = desk.state, desk.lists
    every, word = lists[block + ALL], lists[block + FIRST_WORD]
    of_block = lists[lists[block + MASKS] + word]
    flagged = s[flags + word] & lists[lists[every + MASKS] + word] & -(of_block & -of_block)
    while flagged == 0:
        word += 1
        if word >= lists[every + LAST_WORD]:
            return last
        flagged = s[flags + word] & lists[lists[every + MASKS] + word]
    return min(last, lists[lists[every + BLOCK_OF_FLAG] + word * FLAGS_OF_WORD + lowest(flagged)])


@hot
def _agent_of_block(desk: Desk, block: int, channel: int, waited: int) -> tuple[int, int]:
    s, lists = desk.state, desk.lists
    if lists[block + BY_TREE]:
        return _agent_by_trees(desk, block, channel, waited)
    best = best_row = 0
    for word in range(lists[block + FIRST_WORD], lists[block + LAST_WORD]):
        flagged = s[s[POOL_FLAGS] + word] & lists[lists[block + MASKS] + word]
        while flagged != 0:
            flag = word * FLAGS_OF_WORD + lowest(flagged)
            position = lists[lists[block + ROWS] + flag]
            flagged &= flagged - 1
            if nobody_to_take(s, s[lists[position] + POOL_OF_ROW], flag):
                continue
            while lists[position] != 0:
                row = lists[position]
                agent = agent_for(s, row, channel)
                if agent != 0 and (best == 0 or _goes_rather_to(s, agent, row, best, best_row)):
                    best, best_row = agent, row
                position += 1
    return best, best_row


@rule
def _goes_rather_to(s: Ints, agent: int, row: int, other: int, other_row: int) -> bool:
    if s[agent + WORK] != s[other + WORK]:
        return bool(s[agent + WORK] < s[other + WORK])
    if s[agent + SINCE] != s[other + SINCE]:
        return bool(s[agent + SINCE] < s[other + SINCE])
    if s[agent + AGENT_NUMBER] != s[other + AGENT_NUMBER]:
        return bool(s[agent + AGENT_NUMBER] < s[other + AGENT_NUMBER])
    return row < other_row


@rule
def _agent_by_trees(desk: Desk, block: int, channel: int, waited: int) -> tuple[int, int]:
    s = desk.state
    agent, row = _first_by_tree(desk, s[FREE_TREE], block, IS_FREE, waited)
    for occupied in range(1, s[LEVELS]):
        if agent != 0:
            break
        tree = s[SHARING_TREES] + (channel * s[LEVELS] + occupied) * s[TREE_LENGTH]
        agent, row = _first_by_tree(desk, tree, block, HAS_A_SLOT, waited)
    return agent, row


@rule
def _first_by_tree(desk: Desk, tree: int, block: int, how: int, waited: int) -> tuple[int, int]:
    """Return who is first in a tree of those who may be taken by a block's rows, and by which of them; else 0."""
    s = desk.state
    best = best_row = 0
    node = candidate(desk, tree, block, 1, best)
    while node != 0:
        number = line_of(s, tree, node)
        row = _row_for(desk, block, number, how, waited) if is_in(desk, block, number) else 0
        if row != 0:
            best, best_row = winner_of(s, tree, node), row
            node = past(node)
        else:
            node = under(s, tree, node)
        node = candidate(desk, tree, block, node, best)
    return best, best_row


@rule
def _row_for(desk: Desk, block: int, number: int, how: int, waited: int) -> int:
    """Return by which of a block's rows somebody of a line may be taken, so that enough are kept free; 0 by none."""
    s, lists = desk.state, desk.lists
    position = lists[lists[block + ROWS] + number]
    while lists[position] != 0:
        row = lists[position]
        spare = s[s[row + POOL_OF_ROW] + FREE_AGENTS] - s[row + KEEP_FREE]
        enough = spare > 0 if how == IS_FREE else spare == 0 if how == HAS_A_SLOT else spare >= 0
        if enough and s[row + AFTER] <= waited:
            return row
        position += 1
    return 0


@rule
def talk_to_interrupt(desk: Desk, queue: int, waited: int) -> tuple[int, int]:
    """Return the talk that live work of a queue would interrupt and the pool's row that it would come by; else 0.

    Lowest rank of the live work's row first, then who began (or resumed) last, then the lowest number.
    """
    s, lists = desk.state, desk.lists
    block, last = s[queue + INTERRUPTING], s[queue + LAST_INTERRUPTING]
    while block < last:
        if lists[block + ALL] != 0:
            block = with_a_flag(desk, s[TALK_FLAGS], block, last)
            if block == last:
                break
        talk, row = _talk_of_block(desk, block, waited)
        if talk != 0:
            return talk, row
        block += BLOCK_SIZE
    return 0, 0


@rule
def _talk_of_block(desk: Desk, block: int, waited: int) -> tuple[int, int]:
    s, lists = desk.state, desk.lists
    if lists[block + BY_TREE]:
        return _first_by_tree(desk, s[TALK_TREE], block, MAY_BE_INTERRUPTED, waited)
    best = best_row = 0
    for word in range(lists[block + FIRST_WORD], lists[block + LAST_WORD]):
        flagged = s[s[TALK_FLAGS] + word] & lists[lists[block + MASKS] + word]
        while flagged != 0:
            number = word * FLAGS_OF_WORD + lowest(flagged)
            flagged &= flagged - 1
            talk = last_interruptible(s, lists[s[TALK_ROWS] + number])
            if talk == 0:
                lower_flag(s, s[TALK_FLAGS], number)
                continue
            row = _row_for(desk, block, number, MAY_BE_INTERRUPTED, waited)
            if row != 0 and (best == 0 or before(s, talk, best)):
                best, best_row = talk, row
    return best, best_row


@rule
def talk_by_row(s: Ints, row: int) -> int:
    """Return the talk that live work would interrupt by a row that has just opened; 0 if it would none.

    The row's group keeps people free, and so is its own pool.
    """
    best = 0
    for held_by in range(row + ROW_SIZE, s[s[row + POOL_OF_ROW] + LAST_ROW], ROW_SIZE):
        talk = last_interruptible(s, held_by) if s[held_by + INTERRUPTIBLE] else 0
        if talk != 0 and (best == 0 or before(s, talk, best)):
            best = talk
    return best
