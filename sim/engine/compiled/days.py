"""An agent's day: the spans of duty one after the other, with breaks that begin when the hands are empty."""

from __future__ import annotations

from sim.engine.compiled.events import NOBODYS, SPAN_BEGINS, SPAN_ENDS, place, push
from sim.engine.compiled.rule import rule
from sim.engine.compiled.state import (
    AGENT_NUMBER,
    AWAITS_EMPTY_HANDS,
    BREAK_OVER,
    LAST_SPAN,
    LAST_STEP,
    NOW,
    PRESENT,
    SHIFT_END,
    SPAN,
    STEP,
    WORK,
    Desk,
)

# What the lists hold of a span: when it starts and ends, the break before it, the end of its shift.
START, END, PAUSE, END_OF_SHIFT, SPAN_SIZE = range(5)
# What they hold of a step of staffing: from when on it holds, and the number.
FROM, NUMBER, STEP_SIZE = range(3)


@rule
def next_span(desk: Desk, agent: int, emptied: bool) -> None:
    """Let an agent come on duty at its next span, or wait for empty hands to begin the break before it.

    A break keeps its length, so that the next span may begin later; what lies between other spans keeps to the clock.
    """
    s, lists = desk.state, desk.lists
    s[agent + AWAITS_EMPTY_HANDS] = 0
    while s[agent + SPAN] < s[agent + LAST_SPAN]:
        span = s[agent + SPAN]
        if not emptied and lists[span + END_OF_SHIFT] != s[agent + SHIFT_END]:
            s[agent + SHIFT_END] = lists[span + END_OF_SHIFT]
            s[agent + BREAK_OVER] = 0
        if lists[span + PAUSE] > 0:
            if s[agent + WORK] > 0:
                s[agent + AWAITS_EMPTY_HANDS] = 1
                return
            s[agent + BREAK_OVER] = s[NOW] + lists[span + PAUSE]
        emptied = False
        begin = max(lists[span + START], s[agent + BREAK_OVER], s[NOW])
        if begin < lists[span + END]:
            push(desk, begin, place(SPAN_BEGINS, NOBODYS, s[agent + AGENT_NUMBER]))
            return
        s[agent + SPAN] += SPAN_SIZE


@rule
def end_of_span(desk: Desk, agent: int) -> None:
    """Let the present span of an agent end when it is to."""
    s = desk.state
    push(desk, desk.lists[s[agent + SPAN] + END], place(SPAN_ENDS, NOBODYS, s[agent + AGENT_NUMBER]))


@rule
def next_step(desk: Desk, group: int, first_agent: int) -> None:
    """Let the number of interchangeable people at work change at the group's next step."""
    s = desk.state
    if s[group + STEP] < s[group + LAST_STEP]:
        rises = desk.lists[s[group + STEP] + NUMBER] >= s[group + PRESENT]
        kind = SPAN_BEGINS if rises else SPAN_ENDS
        push(desk, desk.lists[s[group + STEP] + FROM], place(kind, NOBODYS, first_agent))
