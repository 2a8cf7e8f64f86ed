"""A contact enters a queue: it is taken, turned away, or waits."""

from __future__ import annotations

from typing import Final

from sim.demand.hand import NEVER
from sim.engine.compiled.dealt import Dealt
from sim.engine.compiled.desk import route
from sim.engine.compiled.effort import rounded
from sim.engine.compiled.endings import ABANDONED, BALKED, BLOCKED, DISCONNECTED, give_up
from sim.engine.compiled.events import AFTER_PASSES, NOBODYS, PATIENCE_ENDS, place, push
from sim.engine.compiled.handling import end_hold
from sim.engine.compiled.line import join, leave
from sim.engine.compiled.rule import rule
from sim.engine.compiled.state import (
    AFTERS,
    AGENT,
    AT_THE_DOOR,
    BACKLOG,
    BEGAN,
    BEHIND,
    BRIEFING,
    C_CALL_BACK,
    CALLED_BACK_BEHIND,
    CHANNEL,
    CHANNELS,
    CONTACT,
    COUNTED,
    COUNTS,
    DESK,
    DUE,
    ENTERING,
    FIRST_LANE,
    FIRST_QUEUE,
    IN,
    IN_VAIN,
    KEY,
    LANES_OF_QUEUE,
    LAST_AFTER,
    LAST_QUEUE,
    LEAVES_UNSEEN,
    LEG,
    LEG_COUNT,
    LEGS,
    NEXT_IN_HAND,
    NOW,
    OF_CASE,
    OF_CONTACT,
    OFFER_WAIT,
    OFFER_WAITING,
    PACE_SINCE,
    PARKED_SINCE,
    PATIENCE,
    PLACE,
    QUEUE,
    QUEUE_LIMIT,
    QUEUE_NUMBER,
    QUEUE_TIER,
    R_AGENT,
    R_BACKLOG,
    R_BRIEFING,
    R_CONTACT,
    R_DIALLED,
    R_ENTER,
    R_HANDLED,
    R_HOLD_END,
    R_LEAVE,
    R_LEFT,
    R_PARKED,
    R_QUEUE,
    R_ROW,
    R_TALK,
    R_TALK_END,
    R_WRAP_UP_END,
    RECORD,
    REMAINING,
    RESUMED,
    ROW,
    STATE,
    STILL_LIVE,
    TALK,
    TIE,
    TIERS,
    TO_DIAL,
    UNSEEN,
    WAITING,
    WARM_FROM,
    WARM_LIMIT,
    WRAP_UP,
    Desk,
    new_row,
)
from sim.engine.compiled.waiting import first_of, gone, head, leave_unseen, stand
from sim.engine.rules import MISSING, NO_LIMIT, NOBODY, CallBack, Left

STILL_WAITING: Final = int(Left.WAITING)
ACCEPTED: Final = int(CallBack.ACCEPTED)
DECLINED: Final = int(CallBack.DECLINED)


@rule
def enter(desk: Desk, dealt: Dealt, case: int, queue: int, mark: int, harder: float, giver: int) -> None:
    """Let a contact enter a queue.

    In this order: an agent who can take it; one at interruptible work; the queue limit; balking; the offer of a
    call-back; else it waits. Later queues than a contact's first know neither limit nor balking nor call-backs.
    """
    s = desk.state
    s[case, LEG_COUNT] += 1
    leg = new_row(s)
    s[case, LEG] = leg
    came = s[case, BEGAN] if s[case, BEGAN] < 0 and s[case, LEG_COUNT] == 1 else s[DESK, NOW]
    s[leg, OF_CONTACT], s[leg, OF_CASE], s[leg, QUEUE], s[leg, PLACE] = s[case, CONTACT], case, queue, came
    s[leg, TALK] = rounded(dealt.talk[mark] * harder)
    s[leg, WRAP_UP], s[leg, PATIENCE] = dealt.wrap_up[mark], dealt.patience[mark]
    s[leg, BRIEFING] = dealt.briefing[mark]
    s[leg, BEHIND] = 0
    s[leg, REMAINING] = MISSING
    s[leg, IN_VAIN] = 0
    _begin_leg(desk, leg, came)
    s[leg, WARM_FROM] = giver
    if route(desk, leg):
        return
    at_first = s[case, LEG_COUNT] == 1 and s[case, STILL_LIVE] == 1
    channel = s[DESK, CHANNELS] + s[case, CHANNEL]
    if at_first and s[channel, QUEUE_LIMIT] != NO_LIMIT and s[channel, AT_THE_DOOR] >= s[channel, QUEUE_LIMIT]:
        give_up(desk, dealt, leg, BLOCKED)
    elif at_first and dealt.balks[s[case, CONTACT]]:
        give_up(desk, dealt, leg, BALKED)
    else:
        if at_first:
            _offer_call_back(desk, dealt, leg, channel)
            if s[channel, COUNTED] and not s[case, TO_DIAL]:
                s[leg, COUNTS] = 1
                s[channel, AT_THE_DOOR] += 1
        _wait(desk, leg)


@rule
def _begin_leg(desk: Desk, leg: int, enters: int) -> None:
    """Begin the record of a leg."""
    s, legs = desk.state, desk.legs
    record = s[DESK, LEGS]
    s[DESK, LEGS] = record + 1
    s[leg, RECORD], s[leg, STATE], s[leg, DUE] = record, ENTERING, MISSING
    s[leg, AGENT] = s[leg, ROW] = s[leg, WARM_FROM] = s[leg, COUNTS] = s[leg, LEAVES_UNSEEN] = s[leg, IN] = 0
    s[leg, PACE_SINCE] = s[leg, RESUMED] = s[leg, PARKED_SINCE] = MISSING
    s[leg, BACKLOG] = 1 - s[s[leg, OF_CASE], STILL_LIVE]
    legs[R_CONTACT, record], legs[R_QUEUE, record] = s[leg, OF_CONTACT], s[s[leg, QUEUE], QUEUE_NUMBER]
    legs[R_BACKLOG, record], legs[R_ENTER, record] = s[leg, BACKLOG], enters
    legs[R_LEFT, record], legs[R_AGENT, record], legs[R_ROW, record] = STILL_WAITING, NOBODY, NOBODY
    legs[R_LEAVE, record] = legs[R_TALK_END, record] = legs[R_TALK, record] = MISSING
    legs[R_HOLD_END, record] = legs[R_WRAP_UP_END, record] = MISSING
    legs[R_BRIEFING, record] = legs[R_DIALLED, record] = legs[R_PARKED, record] = legs[R_HANDLED, record] = 0


@rule
def enter_again(desk: Desk, leg: int) -> None:
    """Let a contact enter its queue once more, at its old place, by a new leg that knows what the old one knew."""
    _begin_leg(desk, leg, desk.state[DESK, NOW])
    if not route(desk, leg):
        _wait(desk, leg)


@rule
def _offer_call_back(desk: Desk, dealt: Dealt, leg: int, channel: int) -> None:
    """Offer a call-back to a leg that enters its queue now, if it is time to, and note what becomes of the offer."""
    s = desk.state
    wait, waiting = s[channel, OFFER_WAIT], s[channel, OFFER_WAITING]
    offered = waiting != NO_LIMIT and s[channel, AT_THE_DOOR] >= waiting
    if wait != NO_LIMIT and not offered:
        ahead = head(desk, s[leg, QUEUE])
        offered = s[leg, PLACE] - s[ahead if ahead != 0 else leg, PLACE] >= wait
    if offered:
        accepts = dealt.accepts_call_back[s[leg, OF_CONTACT]]
        desk.contacts[C_CALL_BACK, s[leg, OF_CONTACT]] = ACCEPTED if accepts else DECLINED
        s[s[leg, OF_CASE], TO_DIAL] = accepts
        s[leg, BEHIND] = accepts and s[channel, CALLED_BACK_BEHIND] == 1


@rule
def _wait(desk: Desk, leg: int) -> None:
    s, lists = desk.state, desk.lists
    queue, contact = s[leg, QUEUE], s[leg, OF_CONTACT]
    stand(desk, leg)
    for position in range(s[queue, AFTERS], s[queue, LAST_AFTER]):
        opens = s[leg, PLACE] + lists[position]
        if opens > s[DESK, NOW]:
            push(desk, opens, place(AFTER_PASSES, contact, NOBODYS))
    if s[leg, WARM_FROM] == 0:
        _start_patience(desk, leg)
    else:
        s[leg, DUE] = s[DESK, NOW] + s[s[DESK, TIERS] + s[queue, QUEUE_TIER], WARM_LIMIT]
        push(desk, s[leg, DUE], place(PATIENCE_ENDS, contact, NOBODYS))


@rule
def _start_patience(desk: Desk, leg: int) -> None:
    """Let a live contact's dealt patience for this queue run from now on; who is called back needs none."""
    s = desk.state
    case = s[leg, OF_CASE]
    s[leg, DUE] = MISSING
    if s[leg, PATIENCE] < NEVER and not s[leg, BACKLOG] and not s[case, TO_DIAL]:
        s[leg, DUE] = s[DESK, NOW] + s[leg, PATIENCE]
        s[leg, LEAVES_UNSEEN] = s[case, UNSEEN]
        if not s[case, UNSEEN]:
            push(desk, s[leg, DUE], place(PATIENCE_ENDS, s[leg, OF_CONTACT], NOBODYS))


@rule
def end_patience(desk: Desk, dealt: Dealt, contact: int) -> None:
    """Let a contact abandon; or let the agent who holds the line for it go.

    In that case the customer waits on alone, with fresh patience and the same place.
    """
    s = desk.state
    case = desk.case_of[contact]
    leg = s[case, LEG] if case != 0 else 0
    if leg == 0 or s[leg, STATE] != WAITING or s[leg, DUE] != s[DESK, NOW]:
        return
    giver = s[leg, WARM_FROM]
    if giver == 0:
        give_up(desk, dealt, leg, ABANDONED)
    else:
        s[leg, WARM_FROM] = 0
        _start_patience(desk, leg)
        end_hold(desk, giver)


@rule
def open_rows(desk: Desk, contact: int) -> None:
    """Look for an agent again for a contact that has waited as long as some row's `after`."""
    s = desk.state
    case = desk.case_of[contact]
    leg = s[case, LEG] if case != 0 else 0
    if leg == 0 or s[leg, STATE] != WAITING or not _opens_now(desk, leg):
        return
    if gone(s, leg):
        leave_unseen(desk, leg)
    else:
        route(desk, leg)


@rule
def _opens_now(desk: Desk, leg: int) -> bool:
    s = desk.state
    queue = s[leg, QUEUE]
    for position in range(s[queue, AFTERS], s[queue, LAST_AFTER]):
        if s[leg, PLACE] + desk.lists[position] == s[DESK, NOW]:
            return True
    return False


@rule
def close_channel(desk: Desk, dealt: Dealt, channel: int) -> None:
    """Disconnect those who wait alone in a live queue of a channel that closes."""
    s = desk.state
    lanes = s[DESK, LANES_OF_QUEUE]
    for position in range(s[channel, FIRST_QUEUE], s[channel, LAST_QUEUE]):
        queue = desk.lists[position]
        for lane in range(s[queue, FIRST_LANE], s[queue, FIRST_LANE] + lanes):
            _clear(desk, dealt, lane)


@rule
def _clear(desk: Desk, dealt: Dealt, lane: int) -> None:
    """Let those who wait alone leave a lane; the others keep their order."""
    s = desk.state
    stays = 0
    leg = first_of(desk, lane)
    while leg != 0:
        leave(s, leg)
        if s[leg, BACKLOG] or s[leg, WARM_FROM] != 0 or s[s[leg, OF_CASE], TO_DIAL]:
            s[leg, NEXT_IN_HAND] = stays
            stays = leg
        else:
            give_up(desk, dealt, leg, DISCONNECTED)
        leg = first_of(desk, lane)
    while stays != 0:
        further = s[stays, NEXT_IN_HAND]
        join(s, lane, stays, s[stays, KEY], s[stays, TIE])
        stays = further
