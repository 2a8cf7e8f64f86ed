"""What contacts go through: the door, self-service, people, from tier to tier."""

from __future__ import annotations

from typing import Final

from sim.demand.hand import NONE, AttemptKind, StageOutcome
from sim.engine.compiled.dealt import Dealt
from sim.engine.compiled.endings import FALSELY_RESOLVED, GAVE_UP, UNRESOLVED, end, give_line_back
from sim.engine.compiled.entering import enter, enter_again
from sim.engine.compiled.events import ENTERS_QUEUE, NOBODYS, SELF_SERVICE_ENDS, place, push
from sim.engine.compiled.handling import end_briefing, end_talk, finish, hang_up
from sim.engine.compiled.rule import rule
from sim.engine.compiled.state import (
    AGAIN_AFTER,
    AGENT,
    AGENT_NUMBER,
    AGENTS,
    ASTRAY,
    BEGAN,
    BRIEFED,
    C_BEGIN,
    C_CALL_BACK,
    C_END,
    C_HOW,
    C_STAGE,
    CHANNEL,
    CHANNEL_COUNT,
    CHANNELS,
    CONTACT,
    COUNTED,
    DESK,
    DIALLED_AGAIN,
    DIALS,
    DUE,
    FIRST_ENTRY,
    FIRST_TIER,
    GIVER,
    HANDOVER,
    HANDS,
    HEAD_START,
    HELD_UP,
    HOLDS_LINE,
    IN_STAGE,
    IN_VAIN,
    IS_REPEAT,
    LANE,
    LEG,
    LEG_COUNT,
    LENGTH,
    LINES,
    LINES_TAKEN,
    LIVE,
    MARK,
    MAY_REACH_PEOPLE,
    MISROUTED_TO,
    NEXT_IN_HAND,
    NEXT_TIER,
    NOW,
    OF_CONTACT,
    OPEN,
    OPEN_COUNT,
    OUTBOUND,
    PHASE,
    QUEUES_OF_TIER,
    REACHED_ON,
    RECORD,
    REMAINING,
    RETRY_WHEN,
    STAGE_LIMIT,
    STAGE_MARK,
    STAGE_OPEN,
    STAGE_OPEN_COUNT,
    STAGES,
    STATE,
    STILL_LIVE,
    TALKING,
    TIER,
    TIER_CLOCK,
    TIER_CLOCK_COUNT,
    TIERS,
    TO_DIAL,
    TRIES,
    TYPE,
    TYPES,
    UNSEEN,
    VISIT,
    VISITS,
    WARM_FROM,
    WHEN_CLOSED,
    WRAPPING_UP,
    Desk,
    give_back,
    new_row,
)
from sim.engine.compiled.waiting import last_start
from sim.engine.compiled.ways import RESOLVED, after_talk, begin_way
from sim.engine.compiled.ways import UNRESOLVED as LEFT_UNRESOLVED
from sim.engine.rules import MISSING, NO_LIMIT, NOBODY, CallBack, End, Handled, Handover, WhenClosed

REPEAT: Final = int(AttemptKind.REPEAT)
HANDED_ON: Final = int(StageOutcome.HANDED_ON)
RESOLVED_BY_STAGE: Final = int(StageOutcome.RESOLVED)
GAVE_UP_AT_STAGE: Final = int(StageOutcome.GAVE_UP)
REFUSE: Final = int(WhenClosed.REFUSE)
SELF_SERVICE_ONLY: Final = int(WhenClosed.SELF_SERVICE_ONLY)
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
    now = desk.state[DESK, NOW]
    span = last_start(desk.lists, starts, count, now)
    return span >= 0 and now < desk.lists[starts + count + span]


@rule
def arrive(desk: Desk, dealt: Dealt, contact: int) -> None:
    """Let a contact come to the door, then try self-service, then people."""
    s = desk.state
    case = _begin(desk, dealt, contact, s[DESK, NOW])
    channel = s[DESK, CHANNELS] + s[case, CHANNEL]
    closed = s[channel, WHEN_CLOSED]
    if closed == REFUSE and not is_open(desk, s[channel, OPEN], s[channel, OPEN_COUNT]):
        end(desk, dealt, case, ENDS_REFUSED)
        return
    if s[channel, LINES] != NO_LIMIT:
        if s[channel, LINES_TAKEN] >= s[channel, LINES]:
            end(desk, dealt, case, ENDS_BUSY)
            return
        s[channel, LINES_TAKEN] += 1
        s[case, HOLDS_LINE] = 1
        s[case, UNSEEN] = 0
    s[case, MAY_REACH_PEOPLE] = 1
    if closed == SELF_SERVICE_ONLY:
        s[case, MAY_REACH_PEOPLE] = is_open(desk, s[channel, OPEN], s[channel, OPEN_COUNT])
    if dealt.skips_self_service[contact]:
        _pass_on(desk, dealt, case, False)
    else:
        _pass_stages(desk, dealt, case, dealt.first_stage_mark[contact])


@rule
def wait_since(desk: Desk, dealt: Dealt, contact: int, came: int) -> None:
    """Let a case that came before the start, past door and self-service, wait in its queue since then."""
    _meet_people(desk, dealt, _begin(desk, dealt, contact, came))


@rule
def _begin(desk: Desk, dealt: Dealt, contact: int, at: int) -> int:
    s, contacts = desk.state, desk.contacts
    case = new_row(s)
    desk.case_of[contact] = case
    contacts[C_BEGIN, contact], contacts[C_END, contact], contacts[C_HOW, contact] = at, MISSING, ENDS_OPEN
    contacts[C_STAGE, contact], contacts[C_CALL_BACK, contact] = NOBODY, NOT_OFFERED
    s[case, CONTACT], s[case, BEGAN] = contact, at
    s[case, CHANNEL], s[case, TYPE] = dealt.channel[contact], dealt.contact_type[contact]
    channel = s[DESK, CHANNELS] + s[case, CHANNEL]
    s[case, STILL_LIVE] = s[channel, LIVE]
    s[case, HOLDS_LINE] = s[case, LEG_COUNT] = s[case, LEG] = s[case, DIALS] = s[case, GIVER] = 0
    s[case, TO_DIAL] = s[channel, OUTBOUND]
    s[case, REACHED_ON] = dealt.reached_on[contact]
    s[case, ASTRAY] = dealt.misrouted[contact]
    s[case, IS_REPEAT] = dealt.kind[contact] == REPEAT
    customer = dealt.customer[dealt.inquiry[contact]]
    s[case, LANE], s[case, HEAD_START] = dealt.lane[customer], dealt.head_start[customer]
    retries = (s[channel, RETRY_WHEN] >> ENDS_ABANDONED) & 1 and dealt.retry[contact] != NONE
    s[case, UNSEEN] = not retries and not s[channel, COUNTED]
    s[case, VISIT] = -1
    dealt.harder[case] = 1.0
    return case


@rule
def _pass_stages(desk: Desk, dealt: Dealt, case: int, first_mark: int) -> None:
    """Let a contact come to the next stage, or past the last one.

    A stage that is closed, or full, at the instant at which the contact would come to it is passed by.
    """
    s, visits = desk.state, dealt.visits
    contact, now = s[case, CONTACT], s[DESK, NOW]
    for mark in range(first_mark, dealt.first_stage_mark[contact + 1]):
        stage = s[DESK, STAGES] + dealt.stage[mark]
        if s[stage, STAGE_LIMIT] != NO_LIMIT and s[stage, IN_STAGE] >= s[stage, STAGE_LIMIT]:
            continue
        if not is_open(desk, s[stage, STAGE_OPEN], s[stage, STAGE_OPEN_COUNT]):
            continue
        s[stage, IN_STAGE] += 1
        visit = s[DESK, VISITS]
        s[DESK, VISITS] = visit + 1
        visits[0, visit], visits[1, visit], visits[2, visit] = contact, dealt.stage[mark], now
        visits[3, visit] = visits[4, visit] = MISSING
        s[case, STAGE_MARK], s[case, VISIT] = mark, visit
        push(desk, now + dealt.takes[mark], place(SELF_SERVICE_ENDS, contact, NOBODYS))
        return
    _pass_on(desk, dealt, case, s[case, VISIT] >= 0)


@rule
def end_stage(desk: Desk, dealt: Dealt, contact: int) -> None:
    """Let a contact's stay in a stage be over. What a stage hands on is harder work: the factors multiply."""
    s = desk.state
    case = desk.case_of[contact]
    mark, visit = s[case, STAGE_MARK], s[case, VISIT]
    stage, outcome = dealt.stage[mark], dealt.stage_outcome[mark]
    s[s[DESK, STAGES] + stage, IN_STAGE] -= 1
    dealt.visits[3, visit], dealt.visits[4, visit] = s[DESK, NOW], outcome
    if outcome != HANDED_ON:
        desk.contacts[C_STAGE, contact] = stage
        how = FALSELY_RESOLVED
        if outcome == RESOLVED_BY_STAGE:
            how = ENDS_RESOLVED_BY_STAGE
        elif outcome == GAVE_UP_AT_STAGE:
            how = GAVE_UP
        end(desk, dealt, case, how)
        return
    dealt.harder[case] *= dealt.harder_rest[stage]
    _pass_stages(desk, dealt, case, mark + 1)


@rule
def _pass_on(desk: Desk, dealt: Dealt, case: int, met_a_stage: bool) -> None:
    """Let a contact go on to people, in an event of its own if it comes from a stage."""
    s = desk.state
    if not s[case, MAY_REACH_PEOPLE]:
        end(desk, dealt, case, ENDS_REFUSED)
    elif met_a_stage:
        s[case, PHASE] = FIRST_ENTRY
        push(desk, s[DESK, NOW], place(ENTERS_QUEUE, s[case, CONTACT], NOBODYS))
    else:
        _meet_people(desk, dealt, case)


@rule
def queue_of(desk: Desk, tier: int, kind: int, channel: int) -> int:
    """Return the queue of a tier, contact type and channel."""
    s = desk.state
    return desk.lists[s[s[DESK, TIERS] + tier, QUEUES_OF_TIER] + kind * s[DESK, CHANNEL_COUNT] + channel]


@rule
def _meet_people(desk: Desk, dealt: Dealt, case: int) -> None:
    """Let a contact enter its first queue. Who is misrouted comes to that of the type that it is taken for."""
    s = desk.state
    contact, channel, kind = s[case, CONTACT], s[case, CHANNEL], s[case, TYPE]
    begin_way(desk, dealt, case)
    if s[case, ASTRAY]:
        kind = s[s[DESK, TYPES] + kind, MISROUTED_TO]
        queue = queue_of(desk, s[s[DESK, TYPES] + kind, FIRST_TIER], kind, channel)
        enter(desk, dealt, case, queue, dealt.first_tier_mark[contact + 1] - 1, 1.0, 0)
    else:
        queue = queue_of(desk, s[case, TIER], kind, channel)
        enter(desk, dealt, case, queue, s[case, MARK], dealt.harder[case], 0)
    if desk.case_of[contact] != 0 and s[case, TO_DIAL]:
        give_line_back(s, case)


@rule
def enter_next(desk: Desk, dealt: Dealt, contact: int) -> None:
    """Let a contact enter the queue that it was on its way to."""
    s = desk.state
    case = desk.case_of[contact]
    phase = s[case, PHASE]
    if phase == FIRST_ENTRY:
        _meet_people(desk, dealt, case)
    elif phase == NEXT_TIER:
        queue = queue_of(desk, s[case, TIER], s[case, TYPE], s[case, CHANNEL])
        enter(desk, dealt, case, queue, s[case, MARK], dealt.harder[case], s[case, GIVER])
    else:
        if phase == DIALLED_AGAIN:
            s[s[case, LEG], REMAINING] = MISSING
            s[s[case, LEG], IN_VAIN] = 0
        enter_again(desk, s[case, LEG])


@rule
def end_talk_of(desk: Desk, dealt: Dealt, contact: int, agent: int) -> None:
    """Let a contact's talk, or the briefing before it, be over, if it does end now and with that agent."""
    s = desk.state
    case = desk.case_of[contact]
    leg = s[case, LEG] if case != 0 else 0
    if leg == 0 or s[leg, DUE] != s[DESK, NOW]:
        return
    if s[leg, STATE] == BRIEFED:
        if s[s[s[leg, WARM_FROM], AGENT], AGENT_NUMBER] == agent:
            end_briefing(desk, leg)
    elif s[leg, STATE] == TALKING and s[s[leg, AGENT], AGENT_NUMBER] == agent:
        if s[leg, IN_VAIN]:
            _dialled_in_vain(desk, dealt, case, leg)
        else:
            _go_on(desk, dealt, case, leg)


@rule
def _dialled_in_vain(desk: Desk, dealt: Dealt, case: int, leg: int) -> None:
    """Let a customer who was not reached be dialled again later, or count as not reached."""
    s = desk.state
    channel = s[DESK, CHANNELS] + s[case, CHANNEL]
    s[leg, STATE] = HELD_UP
    hang_up(desk, leg)
    if s[case, DIALS] == s[channel, TRIES]:
        give_back(s, leg)
        end(desk, dealt, case, ENDS_NOT_REACHED)
    else:
        s[case, PHASE] = DIALLED_AGAIN
        push(desk, s[DESK, NOW] + s[channel, AGAIN_AFTER], place(ENTERS_QUEUE, s[case, CONTACT], NOBODYS))


@rule
def _go_on(desk: Desk, dealt: Dealt, case: int, leg: int) -> None:
    """End a talk and the contact with it, or let its matter go on at another tier.

    The tier that takes it over says how. The wrong desk keeps nothing: the contact enters its right queue.
    """
    s = desk.state
    s[case, LEG] = s[case, GIVER] = 0
    s[case, PHASE] = NEXT_TIER
    if s[case, ASTRAY]:
        s[case, ASTRAY] = 0
        end_talk(desk, leg, TRANSFERRED, False)
    else:
        handled = after_talk(desk, dealt, case, leg)
        if handled in (RESOLVED, LEFT_UNRESOLVED):
            end_talk(desk, leg, handled, False)
            end(desk, dealt, case, ENDS_RESOLVED if handled == RESOLVED else UNRESOLVED)
            return
        handover = s[s[DESK, TIERS] + s[case, TIER], HANDOVER]
        if s[case, STILL_LIVE] and handover == TICKET:
            s[case, STILL_LIVE] = 0
            give_line_back(s, case)
        warm = s[case, STILL_LIVE] == 1 and handover == WARM
        if warm:
            s[case, GIVER] = leg
        end_talk(desk, leg, handled, warm)
    push(desk, _entry(desk, dealt, case), place(ENTERS_QUEUE, s[case, CONTACT], NOBODYS))


@rule
def _entry(desk: Desk, dealt: Dealt, case: int) -> int:
    """Return when a contact that was handed over enters the tier's queue: now, or when its appointment has come."""
    s, lists = desk.state, desk.lists
    now, mark = s[DESK, NOW], s[case, MARK]
    marks = dealt.appointment_mark.shape[0]
    at = last_start(dealt.appointment_mark, 0, marks, mark)
    if at < 0 or dealt.appointment_mark[at] != mark or dealt.appointment_delay[at] == 0:
        return now
    left = dealt.appointment_delay[at]
    tier = s[DESK, TIERS] + s[case, TIER]
    starts, count = s[tier, TIER_CLOCK], s[tier, TIER_CLOCK_COUNT]
    for span in range(max(0, last_start(lists, starts, count, now)), count):
        begins = max(lists[starts + span], now)
        open_for = max(0, lists[starts + count + span] - begins)
        if open_for >= left:
            return begins + left
        left -= open_for
    return s[DESK, LENGTH]


@rule
def end_wrap_up(desk: Desk, contact: int, agent: int) -> None:
    """Let an agent be done with what it wraps up of a contact now; of two legs of the contact, the earlier."""
    s = desk.state
    best = 0
    leg = s[s[DESK, AGENTS] + agent, HANDS]
    while leg != 0:
        due = s[leg, STATE] == WRAPPING_UP and s[leg, DUE] == s[DESK, NOW] and s[leg, OF_CONTACT] == contact
        if due and (best == 0 or s[leg, RECORD] < s[best, RECORD]):
            best = leg
        leg = s[leg, NEXT_IN_HAND]
    finish(desk, best)
