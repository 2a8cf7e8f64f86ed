"""A contact enters a queue: it is taken, turned away, or waits."""

from __future__ import annotations

from typing import Final

from sim.demand.hand import NEVER, NONE
from sim.engine.compiled.ahead import fetch
from sim.engine.compiled.dealt import Again, Dealt, dealt_to
from sim.engine.compiled.desk import route
from sim.engine.compiled.effort import rounded
from sim.engine.compiled.endings import ABANDONED, BALKED, BLOCKED, DISCONNECTED, SILENT_LEFT, give_line_back, give_up
from sim.engine.compiled.events import AFTER_PASSES, NOBODYS, PATIENCE_ENDS, place, push
from sim.engine.compiled.handling import end_hold, forget_contact
from sim.engine.compiled.hands import giver_of
from sim.engine.compiled.lanes import join_lane, leave_lane
from sim.engine.compiled.rule import hot, part, rule
from sim.engine.compiled.state import (
    AFTERS,
    AGENT,
    ASTRAY,
    AT_THE_DOOR,
    AWAITS_REPLY,
    BACKLOG,
    BEHIND,
    BRIEFING,
    CALLED_BACK_BEHIND,
    CHANNEL,
    CHANNEL_COUNT,
    CHANNEL_NUMBER,
    CHANNEL_OF_QUEUE,
    CONTACT,
    COUNTED,
    COUNTS,
    DECIDES,
    DIALLED_AGAIN,
    DUE,
    ENTERING,
    EXCHANGE,
    FIRST_ENTRY,
    FIRST_LANE,
    FIRST_QUEUE,
    FIRST_TIER,
    GIVER,
    HARDER,
    HAS_ENTERED,
    IN,
    IN_VAIN,
    KEY,
    LANE_SIZE,
    LANES_OF_QUEUE,
    LANGUAGE_COUNT,
    LAST_AFTER,
    LAST_QUEUE,
    LEAVES_UNSEEN,
    LEG,
    LEGS,
    LINE,
    MARK,
    MISROUTED_TO,
    NEXT_IN_HAND,
    NEXT_TIER,
    NOW,
    OF_CASE,
    OF_CONTACT,
    OFFER_WAIT,
    OFFER_WAITING,
    PATIENCE,
    PHASE,
    PLACE,
    QUEUE,
    QUEUE_LIMIT,
    QUEUE_NUMBER,
    QUEUES_OF_TIER,
    RECORD,
    REMAINING,
    ROW,
    SILENT,
    SILENTLY_LEFT,
    STATE,
    STILL_LIVE,
    TALK,
    TIE,
    TIER,
    TIER_OF_QUEUE,
    TIER_SIZE,
    TIERS,
    TO_DIAL,
    TYPE,
    TYPE_NUMBER,
    UNSEEN,
    WAITING,
    WARM_FROM,
    WARM_LIMIT,
    WRAP_UP,
    Desk,
    Ints,
    give_back,
    new_object,
)
from sim.engine.compiled.waiting import first_of, gone, head, last_start, leave_unseen, stand
from sim.engine.compiled.ways import begin_way
from sim.engine.rules import MISSING, NO_LIMIT, NOBODY, CallBack, Left

STILL_WAITING: Final = int(Left.WAITING)
ACCEPTED: Final = int(CallBack.ACCEPTED)
DECLINED: Final = int(CallBack.DECLINED)


@part
def enter(desk: Desk, dealt: Dealt, case: int) -> None:
    """Let a contact enter the queue that it comes to: its first, that of the next tier, or its old one again.

    In this order: an agent who can take it; one at interruptible work; the queue limit; balking; the offer of a
    call-back; else it waits. Later queues than a contact's first know neither limit nor balking nor call-backs.
    """
    s = desk.state
    contact, phase = s[case + CONTACT], s[case + PHASE]
    if phase in (FIRST_ENTRY, NEXT_TIER):
        leg = _new_leg(desk, dealt, case)
    else:
        leg = s[case + LEG]
        if phase == DIALLED_AGAIN:
            s[leg + REMAINING] = MISSING
            s[leg + IN_VAIN] = 0
        _begin_leg(desk, leg, s[NOW])
    at_first = phase == FIRST_ENTRY and s[case + STILL_LIVE] == 1
    if not route(desk, leg):
        channel = s[case + CHANNEL]
        if at_first:
            if s[channel + QUEUE_LIMIT] != NO_LIMIT and s[channel + AT_THE_DOOR] >= s[channel + QUEUE_LIMIT]:
                give_up(desk, dealt.again, leg, BLOCKED)
                return
            if dealt_to(dealt.balks, contact, 0):
                give_up(desk, dealt.again, leg, BALKED)
                return
            _offer_call_back(desk, leg, channel, dealt_to(dealt.accepts_call_back, contact, 0))
            if s[channel + COUNTED] and not s[case + TO_DIAL]:
                s[leg + COUNTS] = 1
                s[channel + AT_THE_DOOR] += 1
        _wait(desk, leg)
    if phase == FIRST_ENTRY and s[case + TO_DIAL]:
        give_line_back(s, case)


@part
def _new_leg(desk: Desk, dealt: Dealt, case: int) -> int:
    """Return a leg of a contact that comes to its first queue, or to that of another tier.

    Who is misrouted comes to the first queue of the type that it is taken for, where the work is not the work that
    self-service made harder.
    """
    s = desk.state
    contact, kind, tier, mark = s[case + CONTACT], s[case + TYPE], s[case + TIER], s[case + MARK]
    enters, giver = s[NOW], 0
    harder = dealt.floats[case + HARDER] if dealt.stage.shape[0] > 0 else 1.0
    if s[case + PHASE] == FIRST_ENTRY:
        begin_way(desk, dealt.ways, case)
        tier, mark = s[case + TIER], s[case + MARK]
        began = desk.contacts[contact]["begin"]
        if began < 0:
            enters = began
        if s[case + ASTRAY]:
            kind = s[kind + MISROUTED_TO]
            tier = s[kind + FIRST_TIER]
            mark = dealt.ways.first_tier_mark[contact + 1] - 1
            harder = 1.0
    elif desk.asides.shape[0] > 0:
        giver = s[case + GIVER]
    dealt.floats[case + DECIDES] = dealt.ways.decide[s[case + MARK]]
    leg = new_object(s)
    s[case + LEG] = leg
    if dealt.present.shape[0] > 0:
        s[case + HAS_ENTERED], s[case + AWAITS_REPLY] = 1, 0
    s[leg + OF_CONTACT], s[leg + OF_CASE], s[leg + PLACE] = contact, case, enters
    of_tier = s[s[TIERS] + tier * TIER_SIZE + QUEUES_OF_TIER]
    of_channel = s[kind + TYPE_NUMBER] * s[CHANNEL_COUNT] + s[s[case + CHANNEL] + CHANNEL_NUMBER]
    s[leg + QUEUE] = desk.lists[of_tier + of_channel * s[LANGUAGE_COUNT] + _language(s, dealt, contact)]
    exchange = s[case + EXCHANGE] if dealt.exchanges.mark.shape[0] > 0 else NONE
    briefing = 0
    if exchange == NONE:
        s[leg + TALK] = rounded(dealt.talk[mark] * harder)
        s[leg + WRAP_UP], s[leg + PATIENCE] = dealt_to(dealt.wrap_up, mark, 0), dealt_to(dealt.patience, mark, NEVER)
        briefing = dealt_to(dealt.briefing, mark, 0)
    else:
        s[leg + TALK] = rounded(dealt.exchanges.talk[exchange] * harder)
        s[leg + WRAP_UP], s[leg + PATIENCE] = dealt.exchanges.wrap_up[exchange], NEVER
    if s[case + TO_DIAL]:
        s[leg + BEHIND] = 0
    s[leg + REMAINING] = MISSING
    s[leg + IN_VAIN] = 0
    _begin_leg(desk, leg, enters)
    if desk.asides.shape[0] > 0:
        s[leg + WARM_FROM], s[leg + BRIEFING] = giver, briefing
    return leg


@hot
def _language(s: Ints, dealt: Dealt, contact: int) -> int:
    """Return the number of a contact's language; that without a name comes after the last."""
    if dealt.language.shape[0] > 0:
        language = dealt.language[dealt.inquiry[contact]]
        if language != NONE:
            return language
    return s[LANGUAGE_COUNT] - 1


@hot
def _begin_leg(desk: Desk, leg: int, enters: int) -> None:
    """Begin the record of a leg."""
    s = desk.state
    number = s[LEGS]
    s[LEGS] = number + 1
    fetch(desk.legs, number + LINE)  # to be written soon
    s[leg + RECORD], s[leg + STATE], s[leg + DUE] = number, ENTERING, MISSING
    s[leg + AGENT] = s[leg + ROW] = s[leg + LEAVES_UNSEEN] = s[leg + IN] = 0
    if s[s[s[leg + QUEUE] + CHANNEL_OF_QUEUE] + COUNTED]:
        s[leg + COUNTS] = 0
    s[leg + BACKLOG] = 1 - s[s[leg + OF_CASE] + STILL_LIVE]
    record = desk.legs[number]
    record["contact"], record["queue"] = s[leg + OF_CONTACT], s[s[leg + QUEUE] + QUEUE_NUMBER]
    record["backlog"], record["enter"] = s[leg + BACKLOG], enters
    record["left"], record["agent"], record["row"] = STILL_WAITING, NOBODY, NOBODY
    record["leave"] = record["talk_end"] = record["talk"] = record["wrap_up_end"] = MISSING
    record["briefing"] = record["dialled"] = record["handled"] = 0
    if desk.asides.shape[0] > 0:
        aside = desk.asides[number]
        aside["found"] = aside["hold_end"] = MISSING
        aside["parked"] = 0
        s[leg + WARM_FROM] = 0


@hot
def _offer_call_back(desk: Desk, leg: int, channel: int, accepts: bool) -> None:
    """Offer a call-back to a leg that enters its queue now, if it is time to, and note what becomes of the offer."""
    s = desk.state
    wait, waiting = s[channel + OFFER_WAIT], s[channel + OFFER_WAITING]
    offered = waiting != NO_LIMIT and s[channel + AT_THE_DOOR] >= waiting
    if wait != NO_LIMIT and not offered:
        ahead = head(desk, s[leg + QUEUE])
        offered = s[leg + PLACE] - s[(ahead if ahead != 0 else leg) + PLACE] >= wait
    if offered:
        desk.contacts[s[leg + OF_CONTACT]]["call_back"] = ACCEPTED if accepts else DECLINED
        s[s[leg + OF_CASE] + TO_DIAL] = accepts
        s[leg + BEHIND] = accepts and s[channel + CALLED_BACK_BEHIND] == 1


@hot
def _wait(desk: Desk, leg: int) -> None:
    s, lists = desk.state, desk.lists
    queue, contact = s[leg + QUEUE], s[leg + OF_CONTACT]
    stand(desk, leg)
    for position in range(s[queue + AFTERS], s[queue + LAST_AFTER]):
        opens = s[leg + PLACE] + lists[position]
        if opens > s[NOW]:
            push(desk, opens, place(AFTER_PASSES, contact, NOBODYS))
    if giver_of(desk, leg) == 0:
        _start_patience(desk, leg)
    else:
        s[leg + DUE] = s[NOW] + s[s[queue + TIER_OF_QUEUE] + WARM_LIMIT]
        push(desk, s[leg + DUE], place(PATIENCE_ENDS, contact, NOBODYS))


@hot
def _start_patience(desk: Desk, leg: int) -> None:
    """Let a live contact's dealt patience for this queue run from now on; who is called back needs none."""
    s = desk.state
    case = s[leg + OF_CASE]
    s[leg + DUE] = MISSING
    if s[leg + PATIENCE] < NEVER and not s[leg + BACKLOG] and not s[case + TO_DIAL]:
        s[leg + DUE] = s[NOW] + s[leg + PATIENCE]
        s[leg + LEAVES_UNSEEN] = s[case + UNSEEN]
        if not s[case + UNSEEN]:
            push(desk, s[leg + DUE], place(PATIENCE_ENDS, s[leg + OF_CONTACT], NOBODYS))


@rule
def end_patience(desk: Desk, again: Again, contact: int) -> None:
    """Let a contact abandon; or let the agent who holds the line for it go.

    In that case the customer waits on alone, with fresh patience and the same place.
    """
    s = desk.state
    case = desk.contacts[contact]["case"]
    leg = s[case + LEG] if case != 0 else 0
    if leg == 0 or s[leg + STATE] != WAITING or s[leg + DUE] != s[NOW]:
        return
    giver = giver_of(desk, leg)
    if giver == 0:
        give_up(desk, again, leg, SILENT_LEFT if s[case + SILENT] else ABANDONED)
    else:
        s[leg + WARM_FROM] = 0
        _start_patience(desk, leg)
        end_hold(desk, giver)


@rule
def open_rows(desk: Desk, contact: int) -> None:
    """Look for an agent again for a contact that has waited as long as some row's `after`."""
    s = desk.state
    case = desk.contacts[contact]["case"]
    leg = s[case + LEG] if case != 0 else 0
    if leg == 0 or s[leg + STATE] not in (WAITING, SILENTLY_LEFT) or not _opens_now(desk, leg):
        return
    if gone(s, leg):
        leave_unseen(desk, leg)
    else:
        route(desk, leg)


@rule
def _opens_now(desk: Desk, leg: int) -> bool:
    s = desk.state
    queue, waited = s[leg + QUEUE], s[NOW] - s[leg + PLACE]
    last = last_start(desk.lists, s[queue + AFTERS], s[queue + LAST_AFTER] - s[queue + AFTERS], waited)
    return last >= 0 and desk.lists[s[queue + AFTERS] + last] == waited


@rule
def close_channel(desk: Desk, again: Again, channel: int) -> None:
    """Disconnect those who wait alone in a live queue of a channel that closes.

    With them go the places of who left silently before.
    """
    s = desk.state
    lanes = s[LANES_OF_QUEUE]
    for position in range(s[channel + FIRST_QUEUE], s[channel + LAST_QUEUE]):
        queue = desk.lists[position]
        for lane in range(s[queue + FIRST_LANE], s[queue + FIRST_LANE] + lanes, LANE_SIZE):
            _clear(desk, again, lane)


@rule
def _clear(desk: Desk, again: Again, lane: int) -> None:
    """Let those who wait alone leave a lane; the others keep their order."""
    s = desk.state
    stays = 0
    leg = first_of(desk, lane)
    while leg != 0:
        leave_lane(s, leg)
        if s[leg + STATE] == SILENTLY_LEFT:
            forget_contact(desk, s[leg + OF_CASE])
            give_back(s, leg)
        elif s[leg + BACKLOG] or giver_of(desk, leg) != 0 or s[s[leg + OF_CASE] + TO_DIAL]:
            s[leg + NEXT_IN_HAND] = stays
            stays = leg
        else:
            give_up(desk, again, leg, DISCONNECTED)
        leg = first_of(desk, lane)
    while stays != 0:
        further = s[stays + NEXT_IN_HAND]
        join_lane(s, lane, stays, s[stays + KEY], s[stays + TIE])
        stays = further
