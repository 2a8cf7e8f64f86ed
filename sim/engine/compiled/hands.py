"""What goes on in an agent's hands: work is put in and taken out, talk advances at a pace, lies parked, goes on."""

from __future__ import annotations

from sim.engine.compiled.ahead import fetch
from sim.engine.compiled.effort import talk_length
from sim.engine.compiled.events import TALK_ENDS, place, push
from sim.engine.compiled.groups import forget_in_hand, slots_of
from sim.engine.compiled.rule import hot, rule
from sim.engine.compiled.state import (
    AGENT,
    AGENT_GROUP,
    AGENT_NUMBER,
    BUSY_SINCE,
    CHANNEL_OF_QUEUE,
    DIAL,
    DIALS,
    DUE,
    EMPTY_HANDS,
    FULL_SPEED,
    HANDS,
    HELD_UP,
    IN_VAIN,
    KIND,
    LINE,
    NEXT_IN_HAND,
    NOW,
    NUMBER_OF_CHANNEL,
    OF_CASE,
    OF_CONTACT,
    PACE,
    PACE_SINCE,
    PARKED,
    QUEUE,
    REACHED_ON,
    RECORD,
    REMAINING,
    RESUMED,
    SHORT,
    SLOT_LIMIT,
    SLOT_PACE,
    SPANS,
    STATE,
    TALK_FROM,
    TALKING,
    TO_DIAL,
    WARM_FROM,
    WHOLE_HANDS,
    WORK,
    Desk,
    Ints,
)
from sim.engine.rules import MISSING


@rule
def channel_of(s: Ints, leg: int) -> int:
    """Return the number of a leg's channel."""
    return s[s[leg + QUEUE] + NUMBER_OF_CHANNEL]


@hot
def giver_of(desk: Desk, leg: int) -> int:
    """Return the leg of who handed a contact over and holds the line for it; 0 if nobody does."""
    return desk.state[leg + WARM_FROM] if desk.asides.shape[0] > 0 else 0


@hot
def put(desk: Desk, leg: int, agent: int) -> None:
    """Put a leg into an agent's hands. Work of a channel with slots joins other work of its kind."""
    s = desk.state
    forget_in_hand(s, agent)
    if s[agent + KIND] == EMPTY_HANDS:
        channel = channel_of(s, leg)
        slotted = s[slots_of(s, s[agent + AGENT_GROUP], channel, 0) + SLOT_LIMIT] > 0
        s[agent + KIND] = channel if slotted else WHOLE_HANDS
        if s[agent + BUSY_SINCE] == MISSING:
            s[agent + BUSY_SINCE] = s[NOW]
    s[leg + AGENT] = agent
    desk.legs[s[leg + RECORD]]["agent"] = s[agent + AGENT_NUMBER]
    s[leg + NEXT_IN_HAND] = s[agent + HANDS]
    s[agent + HANDS] = leg
    s[agent + WORK] += 1
    if s[agent + KIND] >= 0:
        _change_pace(desk, agent)


@hot
def take_out(desk: Desk, leg: int, agent: int) -> None:
    """Take a leg out of an agent's hands."""
    s = desk.state
    forget_in_hand(s, agent)
    _unchain(s, agent, HANDS, leg)
    s[agent + WORK] -= 1
    if s[agent + WORK] == 0:
        s[agent + KIND] = EMPTY_HANDS
    else:
        _change_pace(desk, agent)


@rule
def _unchain(s: Ints, agent: int, chain: int, leg: int) -> None:
    """Take a leg out of the chain of those in an agent's hands, or of those parked."""
    one = s[agent + chain]
    if one == leg:
        s[agent + chain] = s[leg + NEXT_IN_HAND]
        return
    while s[one + NEXT_IN_HAND] != leg:
        one = s[one + NEXT_IN_HAND]
    s[one + NEXT_IN_HAND] = s[leg + NEXT_IN_HAND]


@hot
def begin_talk(desk: Desk, leg: int) -> None:
    """Let the talk begin, or go on where a former agent left it."""
    s = desk.state
    if s[leg + REMAINING] == MISSING:
        s[leg + REMAINING] = _dial_and_talk(desk, leg) * FULL_SPEED
    _run(desk, leg)


@hot
def _dial_and_talk(desk: Desk, leg: int) -> int:
    """Return how long the talk takes at full speed (ms), with the dial if the customer has yet to be reached."""
    s = desk.state
    case = s[leg + OF_CASE]
    if not s[case + TO_DIAL]:
        return talk_length(desk, leg)
    s[case + DIALS] += 1
    desk.legs[s[leg + RECORD]]["dialled"] = 1
    in_vain = s[case + DIALS] != s[case + REACHED_ON]
    s[leg + IN_VAIN] = in_vain
    s[case + TO_DIAL] = in_vain
    dial = s[s[s[leg + QUEUE] + CHANNEL_OF_QUEUE] + DIAL]
    return dial if in_vain else dial + talk_length(desk, leg)


@hot
def _run(desk: Desk, leg: int) -> None:
    """Let the talk advance from now on at its agent's pace."""
    s = desk.state
    agent = s[leg + AGENT]
    s[leg + STATE] = TALKING
    kind = s[agent + KIND]
    pace = FULL_SPEED
    if kind >= 0:
        pace = s[slots_of(s, s[agent + AGENT_GROUP], kind, s[agent + WORK]) + SLOT_PACE]
    if kind >= 0 or desk.asides.shape[0] > 0:
        s[leg + RESUMED] = s[leg + PACE_SINCE] = s[NOW]
        s[leg + PACE] = pace
    _set_end(desk, leg, pace)


@hot
def _set_end(desk: Desk, leg: int, pace: int) -> None:
    """Set the instant at which the talk ends: now + remaining ÷ pace, rounded up to a whole ms."""
    s = desk.state
    remaining = s[leg + REMAINING]
    if pace == FULL_SPEED:
        ends = s[NOW] + (remaining + (FULL_SPEED - 1)) // FULL_SPEED
    else:
        ends = s[NOW] + (remaining + (pace - 1)) // pace
    s[leg + DUE] = ends
    push(desk, ends, place(TALK_ENDS, s[leg + OF_CONTACT], s[s[leg + AGENT] + AGENT_NUMBER]))


@rule
def _advance(s: Ints, leg: int) -> None:
    """Take off what was said since the pace last changed (in millionths of a ms)."""
    now = s[NOW]
    s[leg + REMAINING] = max(0, s[leg + REMAINING] - (now - s[leg + PACE_SINCE]) * s[leg + PACE])
    s[leg + PACE_SINCE] = now


@rule
def _change_pace(desk: Desk, agent: int) -> None:
    """Set all running talks of an agent to the pace of the number of slots that are now occupied."""
    s = desk.state
    pace = s[slots_of(s, s[agent + AGENT_GROUP], s[agent + KIND], s[agent + WORK]) + SLOT_PACE]
    leg = s[agent + HANDS]
    while leg != 0:
        if s[leg + STATE] == TALKING and s[leg + PACE] != pace:
            _advance(s, leg)
            s[leg + PACE] = pace
            _set_end(desk, leg, pace)
        leg = s[leg + NEXT_IN_HAND]


@rule
def stop(desk: Desk, leg: int) -> None:
    """Take an unfinished talk out of its agent's hands; what remains of it is kept."""
    s = desk.state
    _advance(s, leg)
    s[leg + STATE] = HELD_UP
    take_out(desk, leg, s[leg + AGENT])


@rule
def park(desk: Desk, leg: int) -> None:
    """Lay an interrupted talk aside with its agent."""
    s = desk.state
    stop(desk, leg)
    agent = s[leg + AGENT]
    s[leg + RESUMED] = s[NOW]
    s[leg + NEXT_IN_HAND] = s[agent + PARKED]
    s[agent + PARKED] = leg


@rule
def resume(desk: Desk, leg: int) -> None:
    """Go on with a parked talk."""
    s = desk.state
    agent = s[leg + AGENT]
    _unchain(s, agent, PARKED, leg)
    unpark(desk, leg)
    put(desk, leg, agent)
    _run(desk, leg)


@rule
def unpark(desk: Desk, leg: int) -> None:
    """Account for the time that a talk lay parked until now."""
    s = desk.state
    parked = s[NOW] - s[leg + RESUMED]
    desk.asides[s[leg + RECORD]]["parked"] += parked
    s[leg + TALK_FROM] += parked


@hot
def note_talk_end(desk: Desk, leg: int) -> None:
    """Record that the talk of a leg is over, or goes on in another, and how long it was."""
    s = desk.state
    record = desk.legs[s[leg + RECORD]]
    record["talk_end"] = s[NOW]
    record["talk"] = s[NOW] - s[leg + TALK_FROM]


@hot
def note_span(desk: Desk, of_duty: int, agent: int, begin: int) -> None:
    """Record a span of an agent that ends now."""
    s, spans = desk.state, desk.spans
    used = s[SPANS]
    if used == spans.shape[0]:
        s[SHORT] = 1
        return
    s[SPANS] = used + 1
    fetch(spans, used + LINE)  # to be written soon
    span = spans[used]
    span["of_duty"], span["agent"] = of_duty, s[agent + AGENT_NUMBER]
    span["begin"], span["end"] = begin, s[NOW]


@hot
def note_empty(desk: Desk, agent: int) -> None:
    """Record that an agent's hands have been full until now and are empty."""
    s = desk.state
    if s[agent + BUSY_SINCE] != MISSING:
        if s[agent + BUSY_SINCE] < s[NOW]:
            note_span(desk, 0, agent, s[agent + BUSY_SINCE])
        s[agent + BUSY_SINCE] = MISSING
