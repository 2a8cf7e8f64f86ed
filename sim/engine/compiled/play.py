"""Play a replication with the compiled engine."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.demand.hand import NONE, AttemptKind, Hand
from sim.engine.compiled.cache import Kept
from sim.engine.compiled.dealt import Again, Appointments, Dealt, Exchanges, Ways
from sim.engine.compiled.loop import Spare, begin_all, end_all, run_events
from sim.engine.compiled.records import outcome
from sim.engine.compiled.setting import Setting
from sim.engine.compiled.state import C_BEGIN, DESK, EVENTS, FRESH_ROW, LEGS, ROOM, SHORT, SPANS, Desk
from sim.engine.outcome import Outcome
from sim.engine.program import Program
from sim.engine.rules import MISSING

D = TypeVar("D", bound=np.generic)


def play(program: Program, hand: Hand) -> Outcome:
    """Return what happens when a Program meets a Hand.

    Deterministic: nothing is drawn here. Nothing at or after the Program's length runs.

    Parameters
    ----------
    program
        The scenario in numbers.
    hand
        One replication's dealt chance, of the same scenario.
    """
    setting = Setting(program, hand)
    desk, dealt = _desk(setting), _dealt(setting)
    spare = Spare(setting.spare_rows, setting.spare_events, setting.spare_spans)
    over = advance(desk, dealt, spare, True)
    while not over:
        desk, dealt = _with_more_room(desk, dealt, setting)
        over = advance(desk, dealt, spare, False)
    if desk.state[DESK, SHORT]:
        raise AssertionError("an event found no room for what it brought about")
    return outcome(desk, dealt)


@Kept
def advance(desk: Desk, dealt: Dealt, spare: Spare, begins: bool) -> bool:
    """Play on until the end, or until there might be no room for the next event; return whether all is over."""
    if begins:
        begin_all(desk)
    over = run_events(desk, dealt, spare)
    if over:
        end_all(desk)
    return over


def _desk(setting: Setting) -> Desk:
    """Make room for what a replication is likely to need."""
    program, hand = setting.program, setting.hand
    contacts = len(hand.contacts.inquiry)
    rows = _rows(setting)
    state = _longer(setting.table, rows)
    state[DESK, ROOM] = rows
    queues, effects = program.queues, program.effects
    place = queues.contact_type, queues.tier, queues.channel
    factors = np.stack([table[:, *place] for table in (effects.talk, effects.talk_of_repeats, effects.wrap_up)], axis=1)
    records = np.empty((5, contacts), np.int64)
    records[C_BEGIN] = MISSING
    return Desk(
        state=state,
        lists=setting.lists,
        events=np.empty((setting.spare_events + 2 * len(setting.table) + 1024, 2), np.int64),
        legs=np.empty((17, contacts + contacts // 2 + 1024), np.int64),
        contacts=records,
        spans=np.empty((contacts + setting.spare_spans + len(hand.agents.span_start) + 1024, 4), np.int64),
        case_of=np.zeros(contacts, np.int64),
        factors=np.ascontiguousarray(factors),
        speed=_plain(hand.agents.speed),
        ramp=_plain(effects.ramp),
    )


def _rows(setting: Setting) -> int:
    """Return how many rows the table has to begin with: pages that nobody writes cost nothing."""
    return len(setting.table) + setting.spare_rows + 1024 + len(setting.hand.contacts.inquiry) // 2


def _dealt(setting: Setting) -> Dealt:
    program, hand = setting.program, setting.hand
    contacts, marks, stages, exchanges = hand.contacts, hand.tier_marks, hand.stage_marks, hand.exchanges
    queues, tiers = program.queues, program.tiers
    place = queues.contact_type, queues.tier, queues.channel
    head_start = np.append(program.head_start, 0)
    first = _plain(hand.inquiries.first_contact[:-1])
    chasers = np.flatnonzero(contacts.kind == AttemptKind.CHASER)
    if chasers.size:
        first = np.concatenate([first, chasers])
        first = first[np.lexsort((first, contacts.at[first]))]
    rows = _rows(setting)
    return Dealt(
        first=first,
        first_at=contacts.at[first],
        present=np.full(len(hand.inquiries.channel) if chasers.size else 0, NONE, np.int64),
        lane=np.searchsorted(setting.head_starts, head_start),
        head_start=head_start,
        customer=_plain(hand.inquiries.customer),
        language=_plain(hand.inquiries.language),
        inquiry=_plain(contacts.inquiry),
        kind=_plain(contacts.kind),
        contact_type=_plain(contacts.contact_type),
        channel=_plain(contacts.channel),
        balks=_plain(contacts.balks),
        silent=_plain(contacts.silent),
        skips_self_service=_plain(contacts.skips_self_service),
        accepts_call_back=_plain(contacts.accepts_call_back),
        reached_on=_plain(contacts.reached_on),
        misrouted=_plain(contacts.misrouted),
        again=Again(
            retry=_plain(contacts.retry),
            retry_after=_plain(contacts.retry_after),
            repeat=_plain(contacts.repeat),
            repeat_after=_plain(contacts.repeat_after),
        ),
        first_stage_mark=_plain(contacts.first_stage_mark),
        stage=_plain(stages.stage),
        takes=_plain(stages.takes),
        stage_outcome=_plain(stages.outcome),
        talk=_plain(marks.talk),
        wrap_up=_plain(marks.wrap_up),
        patience=_plain(marks.patience),
        briefing=_plain(marks.briefing),
        ways=Ways(
            first_tier_mark=_plain(contacts.first_tier_mark),
            decide=_plain(marks.decide),
            sent_back=_plain(marks.sent_back),
            exchange_mark=_plain(exchanges.mark),
            stated=_plain(tiers.resolved[place]),
            escalated=_plain(tiers.escalated[place]),
            reached=_plain(program.effects.resolved[:, *place]),
            so_far=np.empty((rows, 2 * len(tiers.handover)), np.int64),
        ),
        appointments=Appointments(_plain(hand.appointments.mark), _plain(hand.appointments.delay)),
        exchanges=Exchanges(*(_plain(getattr(exchanges, name)) for name in Exchanges._fields)),
        harder_rest=_plain(program.stages.harder_rest),
        harder=np.empty(rows),
        visits=np.empty((5, len(stages.stage)), np.int64),
    )


def _with_more_room(desk: Desk, dealt: Dealt, setting: Setting) -> tuple[Desk, Dealt]:
    """Return the same with more room in whatever is nearly full."""
    s = desk.state
    used = s[DESK]
    if used[FRESH_ROW] + setting.spare_rows > used[ROOM]:
        rows = 2 * len(s)
        s = _longer(s, rows)
        s[DESK, ROOM] = rows
        ways = dealt.ways._replace(so_far=_longer(dealt.ways.so_far, rows))
        dealt = dealt._replace(harder=_longer(dealt.harder, rows), ways=ways)
        desk = desk._replace(state=s)
    if used[EVENTS] + setting.spare_events > len(desk.events):
        desk = desk._replace(events=_longer(desk.events, 2 * len(desk.events)))
    if used[SPANS] + setting.spare_spans > len(desk.spans):
        desk = desk._replace(spans=_longer(desk.spans, 2 * len(desk.spans)))
    if used[LEGS] == desk.legs.shape[1]:
        legs = np.empty((17, 2 * desk.legs.shape[1]), np.int64)
        legs[:, : desk.legs.shape[1]] = desk.legs
        desk = desk._replace(legs=legs)
    return desk, dealt


def _longer(table: NDArray[D], rows: int) -> NDArray[D]:
    longer = np.empty((rows, *table.shape[1:]), table.dtype)
    longer[: len(table)] = table
    return longer


def _plain(column: NDArray[D]) -> NDArray[D]:
    """Return an array as the compiled functions know it: contiguous and writeable."""
    return np.require(column, requirements=("C", "W", "A"))
