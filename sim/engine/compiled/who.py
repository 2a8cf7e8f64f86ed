"""Which agent a contact would go to, and whose talk it might interrupt."""

from __future__ import annotations

from sim.engine.compiled.flags import lower_flag
from sim.engine.compiled.groups import has_somebody, last_interruptible, longest_free, longest_sharing, slots_of
from sim.engine.compiled.rule import hot, rule
from sim.engine.compiled.state import (
    AFTER,
    AGENT,
    AGENT_GROUP,
    AGENT_NUMBER,
    FIRST_ROW,
    FLAG,
    FREE_AGENTS,
    INTERRUPTIBLE,
    KEEP_FREE,
    KEEPS_FREE,
    KIND,
    LAST_ROW,
    POOL_FLAGS,
    POOL_OF_ROW,
    RANK,
    RESUMED,
    ROW_SIZE,
    SLOT_LIMIT,
    WORK,
    Desk,
    Ints,
)


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


@rule
def talk_to_interrupt(desk: Desk, first: int, last: int, waited: int) -> tuple[int, int]:
    """Return the pool's row that live work would come by and the talk that it would interrupt; (0, 0) if none.

    The rows are those listed from `first` to before `last` that are open to work that has waited so long. Lowest rank
    of the live work's row first, then who began (or resumed) last, then the lowest number.
    """
    s = desk.state
    best_row = best = 0
    for position in range(first, last):
        row = desk.lists[position]
        pool = s[row + POOL_OF_ROW]
        if s[row + AFTER] > waited or s[pool + FREE_AGENTS] < s[row + KEEP_FREE]:
            continue
        for held_by in range(row + ROW_SIZE, s[pool + LAST_ROW], ROW_SIZE):
            if s[held_by + INTERRUPTIBLE] == 0:
                continue
            talk = last_interruptible(s, held_by)
            if talk != 0 and (best == 0 or _interrupts_rather(s, row, talk, best_row, best)):
                best_row, best = row, talk
    return best_row, best


@rule
def _interrupts_rather(s: Ints, row: int, talk: int, other_row: int, other: int) -> bool:
    if s[row + RANK] != s[other_row + RANK]:
        return bool(s[row + RANK] < s[other_row + RANK])
    if s[talk + RESUMED] != s[other + RESUMED]:
        return bool(s[talk + RESUMED] > s[other + RESUMED])
    agent, other_agent = s[s[talk + AGENT] + AGENT_NUMBER], s[s[other + AGENT] + AGENT_NUMBER]
    return bool(agent < other_agent or (agent == other_agent and row < other_row))
