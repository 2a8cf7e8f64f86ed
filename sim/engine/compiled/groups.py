"""Who is free, has a slot to spare, is at work that may be interrupted, or is away.

All but the last of a pool: of all groups that serve alike.
"""

from __future__ import annotations

from sim.engine.compiled.flags import raise_flag
from sim.engine.compiled.line import first, join, leave
from sim.engine.compiled.rule import rule
from sim.engine.compiled.state import (
    ACCEPTING,
    AGENT_GROUP,
    AGENT_NUMBER,
    AWAY,
    AWAY_SIZE,
    BACKLOG,
    BY_NUMBERS,
    FLAG,
    FREE_AGENTS,
    HANDS,
    IN,
    INTERRUPTIBLE,
    KEEPS_FREE,
    KEPT_FLAG,
    KIND,
    LEAF,
    LEVELS,
    OWN_STAND,
    POOL,
    POOL_FLAGS,
    RESUMED,
    ROW,
    ROW_OF_POOL,
    SHARING,
    SINCE,
    SLOT_LIMIT,
    SLOT_SIZE,
    SLOTS,
    STANDS_FOR,
    STATE,
    TALK_FLAGS,
    TALKING,
    TALKS,
    TREE,
    WORK,
    Ints,
)
from sim.engine.compiled.tournament import settle


@rule
def slots_of(s: Ints, group: int, channel: int, occupied: int) -> int:
    """Return the row of a group's, or its pool's, slots for a channel when so many are occupied."""
    return s[group + SLOTS] + (channel * s[LEVELS] + occupied) * SLOT_SIZE


@rule
def note_free(s: Ints, agent: int) -> None:
    """Remember an agent on duty with empty hands."""
    group = s[agent + AGENT_GROUP]
    pool = s[group + POOL]
    s[pool + FREE_AGENTS] += 1
    raise_flag(s, s[POOL_FLAGS], s[pool + FLAG])
    join(s, pool, agent, s[agent + SINCE], s[agent + AGENT_NUMBER])
    if s[group + KEEPS_FREE]:
        _tell_rows_that_keep(s, group, pool, pool)
    if pool != group and s[agent + OWN_STAND] != 0:  # asked of larger pools only: it stands in another cache line
        join(s, group, s[agent + OWN_STAND], s[agent + SINCE], s[agent + AGENT_NUMBER])


@rule
def _tell_rows_that_keep(s: Ints, group: int, pool: int, line: int) -> None:
    """Let rows that keep people free know of one of a pool's lines: they have a flag and leaves of their own."""
    if has_somebody(s, pool, s[group + KEEPS_FREE]):
        raise_flag(s, s[POOL_FLAGS], s[pool + KEPT_FLAG])
    if s[line + TREE] != 0:
        kept = line == pool and s[pool + FREE_AGENTS] <= s[group + KEEPS_FREE]
        leaf = s[line + LEAF] + s[pool + KEPT_FLAG] - s[pool + FLAG]
        settle(s, s[line + TREE], leaf, 0 if kept else first(s, line))


@rule
def has_somebody(s: Ints, pool: int, kept: int) -> bool:
    """Return whether more of a pool are free than are kept free, or as many and somebody has a slot to spare."""
    return bool(s[pool + FREE_AGENTS] > kept or (s[pool + FREE_AGENTS] == kept and s[pool + SHARING] > 0))


@rule
def note_not_free(s: Ints, agent: int) -> None:
    """Forget an agent who takes work or leaves."""
    group = s[agent + AGENT_GROUP]
    pool = s[group + POOL]
    if s[agent + IN] == pool or s[agent + IN] == -pool:
        s[pool + FREE_AGENTS] -= 1
        leave(s, agent)
        if s[group + KEEPS_FREE]:
            _tell_rows_that_keep(s, group, pool, pool)
        if pool != group and s[agent + OWN_STAND] != 0:
            leave(s, s[agent + OWN_STAND])


@rule
def longest_free(s: Ints, pool: int) -> int:
    """Return who of the pool has been free longest; 0 if nobody is free."""
    return first(s, pool)


@rule
def longest_free_of(s: Ints, group: int) -> int:
    """Return who of a group of interchangeable people has been free longest; 0 if nobody is free."""
    stand = first(s, group)
    return s[stand + STANDS_FOR] if stand != 0 else 0


@rule
def longest_sharing(s: Ints, pool: int, channel: int, occupied: int) -> int:
    """Return who has held exactly so many pieces of work of a channel, and finished nothing, for longest; else 0."""
    return first(s, slots_of(s, pool, channel, occupied))


@rule
def last_interruptible(s: Ints, row: int) -> int:
    """Return the talk of a pool's row that may be interrupted and was begun (or resumed) last; 0 if there is none."""
    return first(s, row)


@rule
def interruptible_talk(s: Ints, agent: int) -> int:
    """Return the backlog talk that live work may interrupt: if its row says so and nothing else is in hand; else 0."""
    if s[agent + WORK] != 1:
        return 0
    leg = s[agent + HANDS]
    return leg if s[leg + BACKLOG] and s[leg + STATE] == TALKING and s[s[leg + ROW] + INTERRUPTIBLE] else 0


@rule
def note_in_hand(s: Ints, agent: int) -> None:
    """Let contacts know of an agent with work in hand who has a slot to spare, or whose talk may be interrupted."""
    if not s[agent + ACCEPTING]:
        return
    kind, occupied = s[agent + KIND], s[agent + WORK]
    group = s[agent + AGENT_GROUP]
    if kind >= 0 and s[agent + IN] == 0 and occupied < s[slots_of(s, group, kind, occupied) + SLOT_LIMIT]:
        pool = s[group + POOL]
        s[pool + SHARING] += 1
        raise_flag(s, s[POOL_FLAGS], s[pool + FLAG])
        line = slots_of(s, group, kind, occupied)
        join(s, line, agent, s[agent + SINCE], s[agent + AGENT_NUMBER])
        if s[group + KEEPS_FREE]:
            _tell_rows_that_keep(s, group, pool, line)
    talk = interruptible_talk(s, agent)
    if talk != 0 and s[talk + IN] == 0:
        row = s[s[talk + ROW] + ROW_OF_POOL]
        raise_flag(s, s[TALK_FLAGS], s[row + TALKS])
        join(s, row, talk, -s[talk + RESUMED], s[agent + AGENT_NUMBER])


@rule
def forget_in_hand(s: Ints, agent: int) -> None:
    """Forget what was noted of an agent's hands, because they change."""
    line = abs(s[agent + IN])
    leave(s, agent)
    if line != 0 and s[agent + ACCEPTING]:
        s[s[s[agent + AGENT_GROUP] + POOL] + SHARING] -= 1
        if s[s[agent + AGENT_GROUP] + KEEPS_FREE]:
            _tell_rows_that_keep(s, s[agent + AGENT_GROUP], s[s[agent + AGENT_GROUP] + POOL], line)
    if s[agent + WORK] == 1:
        leave(s, s[agent + HANDS])


@rule
def note_away(s: Ints, agent: int) -> None:
    """Remember one of interchangeable people who is not at work: apart, those who still have work in hand."""
    group = s[agent + AGENT_GROUP]
    if s[group + BY_NUMBERS]:
        leave(s, agent)
        join(s, s[group + AWAY] + (0 if s[agent + WORK] else AWAY_SIZE), agent, s[agent + AGENT_NUMBER], 0)
