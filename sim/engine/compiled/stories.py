"""What contacts go through: the door, self-service, people, from tier to tier."""

from __future__ import annotations

from typing import Final

from sim.demand.hand import NONE, AttemptKind, StageOutcome
from sim.engine.compiled.dealt import Again, Appointments, Dealt, dealt_to
from sim.engine.compiled.endings import FALSELY_RESOLVED, GAVE_UP, UNRESOLVED, end, give_line_back
from sim.engine.compiled.events import ENTERS_QUEUE, NOBODYS, SELF_SERVICE_ENDS, place, push
from sim.engine.compiled.handling import end_briefing, end_talk, find_nobody, finish, hang_up
from sim.engine.compiled.rule import hot, part, rule
from sim.engine.compiled.state import (
    AGAIN_AFTER,
    AGENT_SIZE,
    AGENTS,
    ASTRAY,
    AWAITS_REPLY,
    BRIEFED,
    CHANNEL,
    CHANNEL_SIZE,
    CHANNELS,
    COMES_AS,
    CONTACT,
    COUNTED,
    DECIDES,
    DIALLED_AGAIN,
    DIALS,
    DUE,
    EXCHANGE,
    EXCHANGES,
    FINDING_OUT,
    FIRST_ENTRY,
    GIVER,
    HANDOVER,
    HANDS,
    HARDER,
    HAS_ENTERED,
    HELD_UP,
    HOLDING,
    HOLDS_LINE,
    IN_STAGE,
    IN_VAIN,
    LANE,
    LEG,
    LENGTH,
    LINES,
    LINES_TAKEN,
    LIVE,
    MARK,
    NEVER_ENTERS,
    NEXT_IN_HAND,
    NEXT_TIER,
    NOW,
    OF_CASE,
    OF_CONTACT,
    OFFER_WAIT,
    OFFER_WAITING,
    OPEN,
    OPEN_COUNT,
    OUTBOUND,
    PHASE,
    REACHED_ON,
    RECORD,
    RETRY_WHEN,
    SILENT,
    STAGE_LIMIT,
    STAGE_MARK,
    STAGE_OPEN,
    STAGE_OPEN_COUNT,
    STAGE_SIZE,
    STAGES,
    STATE,
    STILL_LIVE,
    TALKING,
    TIER,
    TIER_CLOCK,
    TIER_CLOCK_COUNT,
    TIER_SIZE,
    TIERS,
    TO_DIAL,
    TRIES,
    TYPE,
    TYPE_SIZE,
    TYPES,
    UNSEEN,
    VISIT,
    VISITS,
    WARM_FROM,
    WHEN_CLOSED,
    WRAPPING_UP,
    Desk,
    Ints,
    give_back,
    new_object,
)
from sim.engine.compiled.waiting import last_start
from sim.engine.compiled.ways import CHASED, CONTINUED, RESOLVED, after_talk
from sim.engine.compiled.ways import UNRESOLVED as LEFT_UNRESOLVED
from sim.engine.rules import MISSING, NO_LIMIT, NOBODY, CallBack, End, Handled, Handover, WhenClosed

FIRST: Final = int(AttemptKind.FIRST)
CHASER: Final = int(AttemptKind.CHASER)
ENDS_CHASED: Final = int(End.CHASED)
REPEAT: Final = int(AttemptKind.REPEAT)
HANDED_ON: Final = int(StageOutcome.HANDED_ON)
RESOLVED_BY_STAGE: Final = int(StageOutcome.RESOLVED)
GAVE_UP_AT_STAGE: Final = int(StageOutcome.GAVE_UP)
WAIT: Final = int(WhenClosed.WAIT)
REFUSE: Final = int(WhenClosed.REFUSE)
ENDS_OPEN: Final = int(End.OPEN)
ENDS_REFUSED: Final = int(End.REFUSED)
ENDS_BUSY: Final = int(End.BUSY)
ENDS_RESOLVED: Final = int(End.RESOLVED)
ENDS_RESOLVED_BY_STAGE: Final = int(End.RESOLVED_BY_STAGE)
ENDS_NOT_REACHED: Final = int(End.NOT_REACHED)
ENDS_ABANDONED: Final = int(End.ABANDONED)
NOT_OFFERED: Final = int(CallBack.NOT_OFFERED)
TRANSFERRED: Final = int(Handled.TRANSFERRED)
TICKET: Final = int(Handover.TICKET)
WARM: Final = int(Handover.WARM)


@rule
def is_open(desk: Desk, starts: int, count: int) -> bool:
    """Return whether something whose spans the lists hold from `starts` on (all starts, then all ends) is open now."""
    now = desk.state[NOW]
    span = last_start(desk.lists, starts, count, now)
    return span >= 0 and now < desk.lists[starts + count + span]


@part
def begin(desk: Desk, dealt: Dealt, contact: int, at: int) -> int:
    """Return the row of a contact that begins."""
    s, record = desk.state, desk.contacts[contact]
    case = new_object(s)
    record["case"] = case
    record["begin"], record["end"], record["how"] = at, MISSING, ENDS_OPEN
    record["stage"], record["call_back"] = NOBODY, NOT_OFFERED
    s[case + CONTACT] = contact
    channel = s[CHANNELS] + dealt_to(dealt.channel, contact, 0) * CHANNEL_SIZE
    s[case + CHANNEL], s[case + TYPE] = channel, s[TYPES] + dealt_to(dealt.contact_type, contact, 0) * TYPE_SIZE
    s[case + STILL_LIVE] = s[channel + LIVE]
    s[case + HOLDS_LINE] = s[case + LEG] = 0
    s[case + PHASE] = FIRST_ENTRY
    s[case + SILENT] = dealt_to(dealt.silent, contact, 0)
    if dealt.exchanges.mark.shape[0] > 0:
        s[case + EXCHANGE], s[case + EXCHANGES] = NONE, 0
    s[case + TO_DIAL] = s[channel + OUTBOUND]
    if s[channel + OUTBOUND] or s[channel + OFFER_WAIT] != NO_LIMIT or s[channel + OFFER_WAITING] != NO_LIMIT:
        s[case + DIALS], s[case + REACHED_ON] = 0, dealt_to(dealt.reached_on, contact, 1)
    s[case + ASTRAY] = dealt_to(dealt.misrouted, contact, 0)
    s[case + COMES_AS] = dealt_to(dealt.kind, contact, FIRST)
    inquiry = dealt.inquiry[contact]
    if dealt.present.shape[0] > 0:
        s[case + HAS_ENTERED] = s[case + AWAITS_REPLY] = 0
        dealt.present[inquiry] = contact
    customer = dealt_to(dealt.customer, inquiry, NONE)
    segment = customer if customer != NONE else dealt.lane.shape[0] - 1
    s[case + LANE] = dealt.lane[segment]
    retries = (s[channel + RETRY_WHEN] >> ENDS_ABANDONED) & 1 and dealt_to(dealt.again.retry, contact, NONE) != NONE
    s[case + UNSEEN] = not retries and not s[channel + COUNTED] and not s[case + SILENT]
    if dealt.stage.shape[0] > 0:
        s[case + VISIT] = -1
        dealt.floats[case + HARDER] = 1.0
    return case


@part
def stays_away(desk: Desk, dealt: Dealt, contact: int) -> bool:
    """Return whether a contact is a chaser who does not come, because its inquiry has no case with us now.

    There is one if the inquiry's present contact has not ended, has come to people and is not live, and the customer
    owes no reply.
    """
    if dealt_to(dealt.kind, contact, FIRST) != CHASER:
        return False
    s = desk.state
    present = dealt.present[dealt.inquiry[contact]]
    case = desk.contacts[present]["case"] if present != NONE else 0
    return case == 0 or s[case + STILL_LIVE] == 1 or s[case + HAS_ENTERED] == 0 or s[case + AWAITS_REPLY] == 1


@part
def come_to_the_door(desk: Desk, dealt: Dealt, case: int) -> int:
    """Ask the door, once; return which mark of a stage the contact comes to next, or -1 if it is not let in."""
    s = desk.state
    contact = s[case + CONTACT]
    channel = s[case + CHANNEL]
    closed = s[channel + WHEN_CLOSED]
    if closed != WAIT and not is_open(desk, s[channel + OPEN], s[channel + OPEN_COUNT]):
        if closed == REFUSE:
            end(desk, dealt.again, case, ENDS_REFUSED)
            return -1
        s[case + PHASE] = NEVER_ENTERS
    if s[channel + LINES] != NO_LIMIT:
        if s[channel + LINES_TAKEN] >= s[channel + LINES]:
            end(desk, dealt.again, case, ENDS_BUSY)
            return -1
        s[channel + LINES_TAKEN] += 1
        s[case + HOLDS_LINE] = 1
        s[case + UNSEEN] = 0
    return dealt_to(dealt.first_stage_mark, contact + dealt_to(dealt.skips_self_service, contact, 0), 0)


@part
def end_stage(desk: Desk, dealt: Dealt, contact: int) -> int:
    """Let a stay in a stage be over; return which mark the contact comes to next, or -1 if it ended.

    What a stage hands on is harder work: the factors of several stages multiply.
    """
    s = desk.state
    case = desk.contacts[contact]["case"]
    mark, visit = s[case + STAGE_MARK], s[case + VISIT]
    stage, outcome = dealt.stage[mark], dealt.stage_outcome[mark]
    s[s[STAGES] + stage * STAGE_SIZE + IN_STAGE] -= 1
    dealt.visits[3, visit], dealt.visits[4, visit] = s[NOW], outcome
    if outcome == HANDED_ON:
        dealt.floats[case + HARDER] *= dealt.harder_rest[stage]
        return mark + 1
    desk.contacts[contact]["stage"] = stage
    how = FALSELY_RESOLVED
    if outcome == RESOLVED_BY_STAGE:
        how = ENDS_RESOLVED_BY_STAGE
    elif outcome == GAVE_UP_AT_STAGE:
        how = GAVE_UP
    end(desk, dealt.again, case, how)
    return -1


@part
def pass_stages(desk: Desk, dealt: Dealt, case: int, first_mark: int) -> bool:
    """Let a contact come to the next stage; return whether it enters its first queue now, having met none.

    A stage that is closed, or full, at the instant at which the contact would come to it is passed by. Who comes from a
    stage enters the queue in an event of its own.
    """
    s, visits = desk.state, dealt.visits
    contact, now = s[case + CONTACT], s[NOW]
    for mark in range(first_mark, dealt_to(dealt.first_stage_mark, contact + 1, 0)):
        stage = s[STAGES] + dealt.stage[mark] * STAGE_SIZE
        full = s[stage + STAGE_LIMIT] != NO_LIMIT and s[stage + IN_STAGE] >= s[stage + STAGE_LIMIT]
        if full or not is_open(desk, s[stage + STAGE_OPEN], s[stage + STAGE_OPEN_COUNT]):
            continue
        s[stage + IN_STAGE] += 1
        visit = s[VISITS]
        s[VISITS] = visit + 1
        visits[0, visit], visits[1, visit], visits[2, visit] = contact, dealt.stage[mark], now
        visits[3, visit] = visits[4, visit] = MISSING
        s[case + STAGE_MARK], s[case + VISIT] = mark, visit
        push(desk, now + dealt.takes[mark], place(SELF_SERVICE_ENDS, contact, NOBODYS))
        return False
    if s[case + PHASE] == NEVER_ENTERS:
        end(desk, dealt.again, case, ENDS_REFUSED)
        return False
    if dealt.stage.shape[0] == 0 or s[case + VISIT] < 0:
        return True
    push(desk, now, place(ENTERS_QUEUE, contact, NOBODYS))
    return False


@part
def end_talk_of(desk: Desk, dealt: Dealt, contact: int, agent: int) -> None:
    """Let a contact's talk, or the briefing before it, be over, if it does end now and with that agent."""
    s = desk.state
    leg = _ends_now(s, contact, s[AGENTS] + agent * AGENT_SIZE)
    if leg == 0:
        return
    if s[leg + STATE] == BRIEFED:
        end_briefing(desk, leg)
    elif s[leg + STATE] == FINDING_OUT:
        find_nobody(desk, leg)
    elif s[leg + IN_VAIN]:
        _dialled_in_vain(desk, dealt.again, s[leg + OF_CASE], leg)
    else:
        _go_on(desk, dealt, s[leg + OF_CASE], leg)


@hot
def _ends_now(s: Ints, contact: int, agent: int) -> int:
    """Return the contact's leg that the agent talks to, is finding out about, or briefs of, until now; 0 without."""
    leg = s[agent + HANDS]
    while leg != 0:
        if s[leg + OF_CONTACT] == contact:
            state = s[leg + STATE]
            if state in (TALKING, FINDING_OUT) and s[leg + DUE] == s[NOW]:
                return leg
            if state == HOLDING:
                taken = s[s[leg + OF_CASE] + LEG]
                if s[taken + STATE] == BRIEFED and s[taken + WARM_FROM] == leg and s[taken + DUE] == s[NOW]:
                    return taken
        leg = s[leg + NEXT_IN_HAND]
    return 0


@rule
def _dialled_in_vain(desk: Desk, again: Again, case: int, leg: int) -> None:
    """Let a customer who was not reached be dialled again later, or count as not reached."""
    s = desk.state
    channel = s[case + CHANNEL]
    s[leg + STATE] = HELD_UP
    hang_up(desk, leg)
    if s[case + DIALS] == s[channel + TRIES]:
        give_back(s, leg)
        end(desk, again, case, ENDS_NOT_REACHED)
    else:
        s[case + PHASE] = DIALLED_AGAIN
        push(desk, s[NOW] + s[channel + AGAIN_AFTER], place(ENTERS_QUEUE, s[case + CONTACT], NOBODYS))


@part
def _go_on(desk: Desk, dealt: Dealt, case: int, leg: int) -> None:
    """End a talk and the contact with it, or let its matter go on at another tier.

    The tier that takes it over says how. The wrong desk keeps nothing: the contact enters its right queue.
    """
    s = desk.state
    s[case + LEG] = 0
    if desk.asides.shape[0] > 0:
        s[case + GIVER] = 0
    s[case + PHASE] = NEXT_TIER
    if s[case + ASTRAY]:
        s[case + ASTRAY] = 0
        end_talk(desk, leg, TRANSFERRED, False)
    else:
        handled = after_talk(desk, dealt.ways, case, leg, dealt.floats[case + DECIDES])
        if handled in (RESOLVED, LEFT_UNRESOLVED):
            end_talk(desk, leg, handled, False)
            end(desk, dealt.again, case, ENDS_RESOLVED if handled == RESOLVED else UNRESOLVED)
            return
        if handled == CHASED:
            end_talk(desk, leg, handled, False)
            end(desk, dealt.again, case, ENDS_CHASED)
            return
        if handled == CONTINUED:
            if dealt.present.shape[0] > 0:
                s[case + AWAITS_REPLY] = 1
            end_talk(desk, leg, handled, False)
            reply = s[NOW] + dealt.exchanges.reply_after[s[case + EXCHANGE]]
            push(desk, reply, place(ENTERS_QUEUE, s[case + CONTACT], NOBODYS))
            return
        handover = s[s[TIERS] + s[case + TIER] * TIER_SIZE + HANDOVER]
        if s[case + STILL_LIVE] and handover == TICKET:
            s[case + STILL_LIVE] = 0
            give_line_back(s, case)
        warm = s[case + STILL_LIVE] == 1 and handover == WARM
        if warm:
            s[case + GIVER] = leg
        end_talk(desk, leg, handled, warm)
    push(desk, _entry(desk, dealt.appointments, case), place(ENTERS_QUEUE, s[case + CONTACT], NOBODYS))


@rule
def _entry(desk: Desk, appointments: Appointments, case: int) -> int:
    """Return when a contact that was handed over enters the tier's queue: now, or when its appointment has come."""
    s, lists = desk.state, desk.lists
    now, mark = s[NOW], s[case + MARK]
    marks = appointments.mark.shape[0]
    at = last_start(appointments.mark, 0, marks, mark)
    if at < 0 or appointments.mark[at] != mark or appointments.delay[at] == 0:
        return now
    left = appointments.delay[at]
    tier = s[TIERS] + s[case + TIER] * TIER_SIZE
    starts, count = s[tier + TIER_CLOCK], s[tier + TIER_CLOCK_COUNT]
    for span in range(max(0, last_start(lists, starts, count, now)), count):
        begins = max(lists[starts + span], now)
        open_for = max(0, lists[starts + count + span] - begins)
        if open_for >= left:
            return begins + left
        left -= open_for
    return s[LENGTH]


@rule
def end_wrap_up(desk: Desk, contact: int, agent: int) -> None:
    """Let an agent be done with what it wraps up of a contact now; of two legs of the contact, the earlier."""
    s = desk.state
    best = 0
    leg = s[s[AGENTS] + agent * AGENT_SIZE + HANDS]
    while leg != 0:
        due = s[leg + STATE] == WRAPPING_UP and s[leg + DUE] == s[NOW] and s[leg + OF_CONTACT] == contact
        if due and (best == 0 or s[leg + RECORD] < s[best + RECORD]):
            best = leg
        leg = s[leg + NEXT_IN_HAND]
    finish(desk, best)
