"""Who takes what: the rules that bring a contact and an agent together, and people on duty."""

from __future__ import annotations

from sim.engine.compiled.days import next_span
from sim.engine.compiled.groups import (
    forget_in_hand,
    interruptible_talk,
    longest_free_of,
    note_away,
    note_free,
    note_in_hand,
    note_not_free,
)
from sim.engine.compiled.handling import (
    COMES_IN,
    HAS_FINISHED,
    IS_NOTED,
    OFFERS,
    TAKES_BESIDE,
    TAKES_ON,
    lay_aside,
    leave_to_do,
    put_back,
    take,
)
from sim.engine.compiled.hands import channel_of, note_empty, note_span, resume, unpark
from sim.engine.compiled.line import first, leave
from sim.engine.compiled.next_leg import THAT_CAN_GO, THAT_FITS, THAT_INTERRUPTS, next_of
from sim.engine.compiled.rule import hot, part, rule
from sim.engine.compiled.state import (
    ACCEPTING,
    AGENT,
    AGENT_GROUP,
    AT_WORK,
    AWAITS_EMPTY_HANDS,
    AWAY,
    AWAY_SIZE,
    BACKLOG,
    DUTY_SINCE,
    FIRST_ROW,
    FREE_AGENTS,
    INTERRUPTING,
    KEEP_FREE,
    KEEPS_FREE,
    LAST_INTERRUPTING,
    LAST_ROW,
    NEXT_IN_HAND,
    NEXT_TO_DO,
    NOW,
    OPERATION,
    PARKED,
    PLACE,
    POOL,
    QUEUE,
    ROW,
    ROW_SIZE,
    SINCE,
    SPAN,
    SURPLUS,
    TO_DO,
    WHERE,
    WHO,
    WORK,
    Desk,
    Ints,
    give_back,
)
from sim.engine.compiled.who import agent_for, agent_to_take, own_row, talk_by_row, talk_to_interrupt


@hot
def route(desk: Desk, leg: int) -> bool:
    """Find an agent for a leg that enters its queue or to which a row has opened; return whether one took it.

    Live work that finds nobody may interrupt.
    """
    s = desk.state
    queue = s[leg + QUEUE]
    waited = s[NOW] - s[leg + PLACE]
    agent, row = agent_to_take(desk, queue, channel_of(s, leg), waited)
    if agent != 0:
        take(desk, leg, agent, own_row(s, row, agent))
        return True
    if s[leg + BACKLOG] or s[queue + INTERRUPTING] == s[queue + LAST_INTERRUPTING]:
        return False
    talk, row = talk_to_interrupt(desk, queue, waited)
    if talk == 0:
        return False
    _interrupt(desk, leg, row, talk)
    return True


@rule
def _interrupt(desk: Desk, leg: int, row: int, talk: int) -> None:
    """Let live work interrupt backlog talk that its agent took by a later row.

    Who was interrupted goes on to take what now fits beside it.
    """
    agent = desk.state[talk + AGENT]
    lay_aside(desk, talk)
    leave_to_do(desk.state, TAKES_BESIDE, agent, 0)
    take(desk, leg, agent, own_row(desk.state, row, agent))


# ---------------------------------------------------------------------- what is left to do within an event


@part
def do_what_is_left(desk: Desk) -> None:
    """Do all that the present event made possible."""
    s = desk.state
    while s[TO_DO] != 0:
        noted = s[TO_DO]
        operation, who, where = s[noted + OPERATION], s[noted + WHO], s[noted + WHERE]
        s[TO_DO] = s[noted + NEXT_TO_DO]
        give_back(s, noted)
        if operation == IS_NOTED:
            note_in_hand(s, who)
        elif operation == COMES_IN:
            _come_in(desk, who)
        elif operation == OFFERS:
            _offer_what_opened(desk, who, where)
        else:
            if operation == HAS_FINISHED:
                _leave_if_too_many(desk, who)
            if operation == TAKES_BESIDE or s[who + ACCEPTING]:
                leave_to_do(s, TAKES_BESIDE if operation == TAKES_BESIDE else TAKES_ON, who, 0)
                if _take_next(desk, who):
                    continue
                noted = s[TO_DO]
                s[TO_DO] = s[noted + NEXT_TO_DO]
                give_back(s, noted)
            if operation != TAKES_BESIDE:
                _has_taken_all(desk, who)


@rule
def _leave_if_too_many(desk: Desk, agent: int) -> None:
    """Let an agent who has finished take nothing more, while more of its group are at work than its number says."""
    s = desk.state
    group = s[agent + AGENT_GROUP]
    if s[agent + ACCEPTING] and s[group + SURPLUS] > 0:
        s[group + SURPLUS] -= 1
        end_duty(desk, agent)


@hot
def _has_taken_all(desk: Desk, agent: int) -> None:
    """Note what an agent has in hand who has taken what it could, or that it is free, or has gone."""
    s = desk.state
    group = s[agent + AGENT_GROUP]
    if s[agent + WORK] > 0:
        if s[agent + ACCEPTING]:
            note_in_hand(s, agent)
        else:
            note_away(s, agent)
        return
    note_empty(desk, agent)
    if s[agent + ACCEPTING]:
        note_free(s, agent)
        if s[group + KEEPS_FREE]:
            leave_to_do(s, OFFERS, group, s[group + FIRST_ROW])
    else:
        note_away(s, agent)
        if s[agent + AWAITS_EMPTY_HANDS]:
            next_span(desk, agent, True)


@hot
def _take_next(desk: Desk, agent: int) -> bool:
    """Let an agent take one piece of work; return whether there was any.

    A parked talk is resumed before new work of the same row or a later one. An agent who is left with a single talk
    that may be interrupted takes live work of earlier rows as if it had just come.
    """
    s = desk.state
    group = s[agent + AGENT_GROUP]
    free = s[s[group + POOL] + FREE_AGENTS]
    parked = _first_parked(s, agent)
    talk = interruptible_talk(s, agent)
    for row in range(s[group + FIRST_ROW], s[group + LAST_ROW], ROW_SIZE):
        if parked != 0 and row >= s[parked + ROW]:
            break
        if free < s[row + KEEP_FREE]:
            continue
        leg = next_of(desk, row, THAT_FITS, agent)
        if leg != 0:
            take(desk, leg, agent, row)
            return True
        if talk != 0 and row < s[talk + ROW]:
            leg = next_of(desk, row, THAT_INTERRUPTS, agent)
            if leg != 0:
                lay_aside(desk, talk)
                take(desk, leg, agent, row)
                return True
    if parked == 0:
        return False
    resume(desk, parked)
    return True


@rule
def _first_parked(s: Ints, agent: int) -> int:
    """Return the parked talk that an agent with empty hands goes on with: first row, then parked last; 0 without."""
    if s[agent + WORK] > 0:
        return 0
    best = leg = s[agent + PARKED]
    while leg != 0:
        if s[leg + ROW] < s[best + ROW]:
            best = leg
        leg = s[leg + NEXT_IN_HAND]
    return best


@rule
def _offer_what_opened(desk: Desk, group: int, first_row: int) -> None:
    """Offer what waits to people with a slot to spare or at interruptible work, by rows that have just opened.

    One more free colleague has opened the rows that keep as many free as are free now. Who has just become free cannot
    take by them, being one of the `keep_free` others.
    """
    s = desk.state
    for row in range(first_row, s[group + LAST_ROW], ROW_SIZE):
        if s[row + KEEP_FREE] != s[group + FREE_AGENTS]:
            continue
        leg = next_of(desk, row, THAT_CAN_GO, 0)
        if leg == 0:
            continue
        leave_to_do(s, OFFERS, group, row)
        agent = agent_for(s, row, channel_of(s, leg))
        if agent != 0:
            take(desk, leg, agent, row)
        else:
            _interrupt(desk, leg, row, talk_by_row(s, row))
        return


# ---------------------------------------------------------------------- duty


@rule
def begin_duty(desk: Desk, agent: int) -> None:
    """Let an agent come on duty."""
    s = desk.state
    leave(s, agent)
    s[agent + ACCEPTING] = 1
    s[s[agent + AGENT_GROUP] + AT_WORK] += 1
    s[agent + DUTY_SINCE] = s[agent + SINCE] = s[NOW]
    leave_to_do(s, HAS_FINISHED, agent, 0)


@rule
def end_duty(desk: Desk, agent: int) -> None:
    """Let an agent's span end: it takes nothing more; what it has parked returns to the queue."""
    s = desk.state
    note_not_free(s, agent)
    forget_in_hand(s, agent)
    s[agent + ACCEPTING] = 0
    s[s[agent + AGENT_GROUP] + AT_WORK] -= 1
    note_span(desk, 1, agent, s[agent + DUTY_SINCE])
    leg = s[agent + PARKED]
    s[agent + PARKED] = 0
    while leg != 0:
        further = s[leg + NEXT_IN_HAND]
        unpark(desk, leg)
        put_back(desk, leg)
        leg = further
    note_away(s, agent)


@rule
def set_number(desk: Desk, group: int, number: int) -> None:
    """Set how many of a group of interchangeable people are at work.

    When the number falls, who has been free longest goes first; for the rest, each who finishes leaves. When it rises,
    who has not left yet stays, by number, before others come, by number.
    """
    s = desk.state
    at_work = s[group + AT_WORK]
    while at_work > number and longest_free_of(s, group) != 0:
        end_duty(desk, longest_free_of(s, group))
        at_work -= 1
    s[group + SURPLUS] = max(0, at_work - number)
    coming = _called_in(s, group, number - at_work)
    if coming != 0:
        leave_to_do(s, COMES_IN, coming, 0)


@rule
def _come_in(desk: Desk, agent: int) -> None:
    """Let somebody who was called in come on duty, then who was called in after them."""
    s = desk.state
    if s[agent + SPAN] != 0:
        leave_to_do(s, COMES_IN, s[agent + SPAN], 0)
    begin_duty(desk, agent)


@rule
def _called_in(s: Ints, group: int, number: int) -> int:
    """Take so many people from those who are away; return the first, chained by SPAN."""
    head = tail = 0
    for _ in range(number):
        agent = first(s, s[group + AWAY])
        if agent == 0:
            agent = first(s, s[group + AWAY] + AWAY_SIZE)
        leave(s, agent)
        s[agent + SPAN] = 0
        if tail == 0:
            head = agent
        else:
            s[tail + SPAN] = agent
        tail = agent
    return head
