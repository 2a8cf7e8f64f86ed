"""The events of a replication, one after the other."""

from __future__ import annotations

from typing import Final, NamedTuple

from sim.engine.compiled.ahead import fetch
from sim.engine.compiled.days import NUMBER, SPAN_SIZE, STEP_SIZE, end_of_span, next_span, next_step
from sim.engine.compiled.dealt import Dealt
from sim.engine.compiled.desk import begin_duty, do_what_is_left, end_duty, set_number
from sim.engine.compiled.entering import close_channel, end_patience, enter, open_rows
from sim.engine.compiled.events import (
    AFTER_PASSES,
    ARRIVES,
    CHANNEL_CLOSES,
    ENTERS_QUEUE,
    HEAP_STARTS,
    NO_GAP,
    NOBODYS,
    PATIENCE_ENDS,
    SELF_SERVICE_ENDS,
    SPAN_BEGINS,
    TAKEN_OUT,
    TALK_ENDS,
    WRAP_UP_ENDS,
    agent_of,
    bring_near,
    contact_of,
    kind_of,
    place,
    push,
    tidy,
)
from sim.engine.compiled.groups import note_away
from sim.engine.compiled.hands import note_span, unpark
from sim.engine.compiled.line import first, leave
from sim.engine.compiled.rule import hot, part, rule
from sim.engine.compiled.state import (
    ACCEPTING,
    AGENT_GROUP,
    AGENT_SIZE,
    AGENTS,
    AGENTS_END,
    ARRIVAL,
    BUSY_SINCE,
    BY_NUMBERS,
    CHANNEL_COUNT,
    CHANNEL_SIZE,
    CHANNELS,
    CLOSING,
    DUE,
    DUTY_SINCE,
    EVENTS,
    FIRST_AGENT,
    FRESH,
    GAP,
    GROUP_SIZE,
    GROUPS,
    GROUPS_END,
    HORIZON,
    LANE_SIZE,
    LANES,
    LANES_END,
    LATER,
    LEAVES_UNSEEN,
    LEGS,
    LENGTH,
    NEXT_IN_HAND,
    NOW,
    OPEN,
    OPEN_COUNT,
    PARKED,
    PRESENT,
    RUNNING,
    SIZE,
    SPAN,
    SPANS,
    STEP,
    Desk,
)
from sim.engine.compiled.stories import (
    begin,
    come_to_the_door,
    end_stage,
    end_talk_of,
    end_wrap_up,
    pass_stages,
    stays_away,
)
from sim.engine.compiled.waiting import leave_unseen
from sim.engine.rules import MISSING

NO_ARRIVAL: Final = MISSING
"""Stands for when a contact came, of an event that is not a first contact's."""

SOON: Final = 8
"""How many arrivals it takes until what was asked for is there."""


class Spare(NamedTuple):
    """Room that one event may need."""

    objects: int
    events: int
    spans: int


@rule
def begin_all(desk: Desk) -> None:
    """Let every agent's day, every group's steps of staffing and every channel's closings begin."""
    s = desk.state
    for agent in range(s[AGENTS], s[AGENTS_END], AGENT_SIZE):
        note_away(s, agent)
        next_span(desk, agent, False)
    for group in range(s[GROUPS], s[GROUPS_END], GROUP_SIZE):
        if s[group + FIRST_AGENT] >= 0:
            next_step(desk, group, s[group + FIRST_AGENT])
    for channel in range(s[CHANNEL_COUNT]):
        _next_closing(desk, channel)


@rule
def run_events(desk: Desk, dealt: Dealt, spare: Spare) -> bool:
    """Let events happen until the end, or until there might be no room for the next one; return whether all is over.

    First contacts come in order, so that they need no heap: the next of them is held against the heap's first event.
    """
    s, events = desk.state, desk.events
    length = s[LENGTH]
    while True:
        tidy(desk)
        if _is_full(desk, spare):
            return False
        if s[LATER] > 0 and (s[EVENTS] == 0 or events[2 * HEAP_STARTS] >= s[HORIZON]):
            bring_near(desk)
        instant, at = length, 0
        if s[EVENTS] > 0:
            instant, at = events[2 * HEAP_STARTS], events[2 * HEAP_STARTS + 1]
        arrival = s[ARRIVAL]
        came = NO_ARRIVAL
        if arrival < dealt.first.shape[0] and dealt.first_at[arrival] <= instant:
            contact, comes = int(dealt.first[arrival]), dealt.first_at[arrival]
            at_its_place = place(ARRIVES if comes >= 0 else ENTERS_QUEUE, contact, NOBODYS)
            if max(0, comes) < instant or at_its_place < at:
                instant, at, came = max(0, comes), at_its_place, comes
                s[ARRIVAL] = arrival + 1
                _look_ahead(desk, dealt, arrival)
        if instant >= length:
            return True
        s[NOW], s[RUNNING] = instant, at
        s[GAP] = TAKEN_OUT if came == NO_ARRIVAL else NO_GAP
        _happen(desk, dealt, at, came)
        do_what_is_left(desk)


@hot
def _look_ahead(desk: Desk, dealt: Dealt, arrival: int) -> None:
    """Fetch what was dealt to those who come soon after an arrival: of later ones what leads to it, step by step."""
    last = dealt.first.shape[0] - 1
    fetch(dealt.first_at, min(arrival + 3 * SOON, last))
    fetch(dealt.first, min(arrival + 3 * SOON, last))
    contact = dealt.first[min(arrival + 2 * SOON, last)]
    fetch(desk.contacts, contact)
    fetch(dealt.inquiry, contact)
    fetch(dealt.ways.first_tier_mark, contact)
    mark = dealt.ways.first_tier_mark[dealt.first[min(arrival + SOON, last)]]
    fetch(dealt.talk, mark)
    fetch(dealt.ways.decide, mark)
    if dealt.patience.shape[0] > 0:
        fetch(dealt.patience, mark)
    if dealt.wrap_up.shape[0] > 0:
        fetch(dealt.wrap_up, mark)


@rule
def _is_full(desk: Desk, spare: Spare) -> bool:
    """Return whether the next event might find no room."""
    s = desk.state
    return bool(
        s[FRESH] + spare.objects * s[SIZE] > s.shape[0]
        or 2 * (s[EVENTS] + s[LATER] + spare.events + HEAP_STARTS) > desk.events.shape[0]
        or s[SPANS] + spare.spans > desk.spans.shape[0]
        or s[LEGS] == desk.legs.shape[0]
    )


@part
def _happen(desk: Desk, dealt: Dealt, at: int, came: int) -> None:  # noqa: PLR0912  (a branch a kind of event)
    """Let an event happen. Of a first contact it is known when it came: before the start if it is of the backlog."""
    s = desk.state
    kind, contact, agent = kind_of(at), contact_of(at), agent_of(at)
    entering = 0
    mark = -1
    if kind == TALK_ENDS:
        end_talk_of(desk, dealt, contact, agent)
    elif kind == ARRIVES and stays_away(desk, dealt, contact):
        pass
    elif kind == ARRIVES or came != NO_ARRIVAL:
        entering = begin(desk, dealt, contact, s[NOW] if kind == ARRIVES else came)
        if kind == ARRIVES:
            mark = come_to_the_door(desk, dealt, entering)
    elif kind == WRAP_UP_ENDS:
        end_wrap_up(desk, contact, agent)
    elif kind == PATIENCE_ENDS:
        end_patience(desk, dealt.again, contact)
    elif kind == ENTERS_QUEUE:
        entering = desk.contacts[contact]["case"]
    elif kind == SELF_SERVICE_ENDS:
        entering = desk.contacts[contact]["case"]
        mark = end_stage(desk, dealt, contact)
    elif kind == AFTER_PASSES:
        open_rows(desk, contact)
    elif kind == CHANNEL_CLOSES:
        close_channel(desk, dealt.again, s[CHANNELS] + contact * CHANNEL_SIZE)
        _next_closing(desk, contact)
    else:
        _change_duty(desk, s[AGENTS] + agent * AGENT_SIZE, kind)
    comes_to_stages = kind in (ARRIVES, SELF_SERVICE_ENDS)
    if comes_to_stages and (mark < 0 or not pass_stages(desk, dealt, entering, mark)):
        entering = 0
    if entering != 0:
        enter(desk, dealt, entering)


@rule
def _change_duty(desk: Desk, agent: int, kind: int) -> None:
    """Let an agent's span, or a group's step of staffing, begin or end."""
    s = desk.state
    group = s[agent + AGENT_GROUP]
    if s[group + BY_NUMBERS]:
        number = desk.lists[s[group + STEP] + NUMBER]
        set_number(desk, group, number)
        s[group + PRESENT] = number
        s[group + STEP] += STEP_SIZE
        next_step(desk, group, s[group + FIRST_AGENT])
    elif kind == SPAN_BEGINS:
        begin_duty(desk, agent)
        end_of_span(desk, agent)
    else:
        end_duty(desk, agent)
        s[agent + SPAN] += SPAN_SIZE
        next_span(desk, agent, False)


@rule
def _next_closing(desk: Desk, channel: int) -> None:
    """Let a channel clear its queues when it closes next, if that is its rule."""
    s = desk.state
    row = s[CHANNELS] + channel * CHANNEL_SIZE
    if s[row + CLOSING] >= 0 and s[row + CLOSING] < s[row + OPEN_COUNT]:
        push(
            desk,
            desk.lists[s[row + OPEN] + s[row + OPEN_COUNT] + s[row + CLOSING]],
            place(CHANNEL_CLOSES, channel, NOBODYS),
        )
        s[row + CLOSING] += 1


@rule
def end_all(desk: Desk) -> None:
    """Record what is under way at the end: who left unseen, what lies parked, spans of duty and of work."""
    s = desk.state
    s[NOW] = s[LENGTH]
    for lane in range(s[LANES], s[LANES_END], LANE_SIZE):
        leg = first(s, lane)
        while leg != 0:
            if s[leg + LEAVES_UNSEEN] and s[leg + DUE] < s[LENGTH]:
                leave_unseen(desk, leg)
            else:
                leave(s, leg)
            leg = first(s, lane)
    for agent in range(s[AGENTS], s[AGENTS_END], AGENT_SIZE):
        leg = s[agent + PARKED]
        while leg != 0:
            unpark(desk, leg)
            leg = s[leg + NEXT_IN_HAND]
        if s[agent + ACCEPTING] and s[agent + DUTY_SINCE] < s[LENGTH]:
            note_span(desk, 1, agent, s[agent + DUTY_SINCE])
        if s[agent + BUSY_SINCE] != MISSING and s[agent + BUSY_SINCE] < s[LENGTH]:
            note_span(desk, 0, agent, s[agent + BUSY_SINCE])
