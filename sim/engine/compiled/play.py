"""Play a replication with the compiled engine."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from sim.demand.columns import column, filled, taken
from sim.demand.hand import NEVER, NONE, AttemptKind, Hand, sole
from sim.engine.compiled.cache import Kept
from sim.engine.compiled.dealt import Again, Appointments, Dealt, Exchanges, Ways
from sim.engine.compiled.events import HEAP_STARTS
from sim.engine.compiled.loop import Spare, begin_all, end_all, run_events
from sim.engine.compiled.records import outcome
from sim.engine.compiled.setting import Setting
from sim.engine.compiled.sorting import Records, Words, sort_legs, sort_spans
from sim.engine.compiled.state import (
    EVENTS,
    FRESH,
    LANE_SIZE,
    LATER,
    LEGS,
    LEGS_MOVED,
    SHORT,
    SPAN_RECORD,
    SPANS,
    Desk,
)
from sim.engine.compiled.use import leaves_aside
from sim.engine.outcome import Outcome
from sim.engine.program import Program
from sim.engine.rules import MISSING
from sim.engine.tables import ASIDE, CONTACT_RECORD, LEG_RECORD

CACHE_LINE: Final = 64
"""Bytes."""
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
    desk = _desk(setting)
    dealt = _dealt(setting, desk)
    spare = Spare(setting.spare_objects, setting.spare_events, setting.spare_spans)
    room = _like(desk)
    over = advance(desk, dealt, Records(_words(desk), _words(room)), spare, True)
    while not over:
        desk, dealt = _with_more_room(desk, dealt, setting)
        room = _like(desk)
        over = advance(desk, dealt, Records(_words(desk), _words(room)), spare, False)
    if desk.state[SHORT]:
        raise AssertionError("an event found no room for what it brought about")
    moved = room if desk.state[LEGS_MOVED] else desk
    return outcome(desk._replace(legs=moved.legs, asides=moved.asides, spans=room.spans), dealt)


@Kept
def advance(desk: Desk, dealt: Dealt, records: Records, spare: Spare, begins: bool) -> bool:
    """Play on until the end, or until there might be no room for the next event; return whether all is over."""
    if begins:
        begin_all(desk)
    over = run_events(desk, dealt, spare)
    if over:
        end_all(desk)
        sort_legs(desk, records)
        sort_spans(desk, records)
    return over


def _desk(setting: Setting) -> Desk:
    """Make room for what a replication is likely to need."""
    program, hand = setting.program, setting.hand
    contacts = len(hand.contacts.inquiry)
    objects = len(setting.objects) + setting.size * (setting.spare_objects + 1024 + contacts // 2)
    queues, effects = program.queues, program.effects
    place = queues.contact_type, queues.tier, queues.channel
    factors = np.stack([table[:, *place] for table in (effects.talk, effects.talk_of_repeats, effects.wrap_up)], axis=1)
    records = _aligned(contacts, CONTACT_RECORD)
    records["begin"], records["case"] = MISSING, 0
    legs = contacts + contacts // 2 + 1024
    events = 2 * (HEAP_STARTS + setting.spare_events + 2 * setting.agents + 1024)
    return Desk(
        state=_longer(setting.objects, objects),
        lists=setting.lists.all,
        events=_aligned(events, np.int64),
        later=_aligned(events, np.int64),
        legs=_aligned(legs, LEG_RECORD),
        asides=_aligned(legs if leaves_aside(program, hand) else 0, ASIDE),
        contacts=records,
        spans=_aligned(contacts + setting.spare_spans + len(hand.agents.span_start) + 1024, SPAN_RECORD),
        factors=np.ascontiguousarray(factors),
        speed=_plain(hand.agents.speed if (hand.agents.speed != 1).any() else hand.agents.speed[:0]),
        ramp=_plain(effects.ramp),
    )


def _dealt(setting: Setting, desk: Desk) -> Dealt:
    program, hand = setting.program, setting.hand
    contacts, marks, stages, exchanges = hand.contacts, hand.tier_marks, hand.stage_marks, hand.exchanges
    queues, tiers = program.queues, program.tiers
    place = queues.contact_type, queues.tier, queues.channel
    head_start = np.append(program.head_start, 0)
    first = _plain(hand.inquiries.first_contact[:-1])
    chasers = np.flatnonzero(contacts.kind == AttemptKind.CHASER).astype(np.int32)
    if chasers.size:
        first = np.concatenate([first, chasers])
        first = first[np.lexsort((first, contacts.at[first]))]
    return Dealt(
        first=first,
        first_at=_plain(
            contacts.at if len(first) == len(contacts.at) and not chasers.size else taken(contacts.at, first)
        ),
        present=filled(True, len(hand.inquiries.channel) if chasers.size else 0, np.int64(NONE)),
        lane=np.searchsorted(setting.head_starts, head_start) * LANE_SIZE,
        customer=_unless(NONE, hand.inquiries.customer),
        language=_unless(NONE, hand.inquiries.language),
        inquiry=_plain(contacts.inquiry),
        kind=_unless(AttemptKind.FIRST, contacts.kind),
        contact_type=_unless(0, contacts.contact_type),
        channel=_unless(0, contacts.channel),
        balks=_unless(0, contacts.balks),
        silent=_unless(0, contacts.silent),
        skips_self_service=_unless(0, contacts.skips_self_service),
        accepts_call_back=_unless(0, contacts.accepts_call_back),
        reached_on=_unless(1, contacts.reached_on),
        misrouted=_unless(0, contacts.misrouted),
        again=Again(
            retry=_unless(NONE, contacts.retry),
            retry_after=_unless(NEVER, contacts.retry_after),
            repeat=_unless(NONE, contacts.repeat),
            repeat_after=_unless(NEVER, contacts.repeat_after),
        ),
        first_stage_mark=_unless(0, contacts.first_stage_mark),
        stage=_plain(stages.stage),
        takes=_plain(stages.takes),
        stage_outcome=_plain(stages.outcome),
        talk=_plain(marks.talk),
        wrap_up=_unless(0, marks.wrap_up),
        patience=_unless(NEVER, marks.patience),
        briefing=_unless(0, marks.briefing),
        ways=Ways(
            first_tier_mark=_plain(contacts.first_tier_mark),
            decide=_plain(marks.decide),
            sent_back=_unless(0, marks.sent_back),
            exchange_mark=_plain(exchanges.mark),
            stated=_plain(tiers.resolved[place]),
            escalated=_plain(tiers.escalated[place]),
            reached=_plain(program.effects.resolved[:, *place]),
        ),
        appointments=Appointments(_plain(hand.appointments.mark), _plain(hand.appointments.delay)),
        exchanges=Exchanges(*(_plain(getattr(exchanges, name)) for name in Exchanges._fields)),
        harder_rest=_plain(program.stages.harder_rest),
        floats=desk.state.view(np.float64),
        visits=column(5 * len(stages.stage), np.int64).reshape(5, -1),
    )


def _words(desk: Desk) -> Words:
    return Words(*(table.view(np.int64) for table in (desk.legs, desk.asides, desk.spans)))


def _like(desk: Desk) -> Desk:
    """Make room for its records in order. What is not written there takes no memory."""
    return desk._replace(
        legs=_aligned(len(desk.legs), LEG_RECORD),
        asides=_aligned(len(desk.asides), ASIDE),
        spans=_aligned(len(desk.spans), SPAN_RECORD),
    )


def _with_more_room(desk: Desk, dealt: Dealt, setting: Setting) -> tuple[Desk, Dealt]:
    """Return the same with more room in whatever is nearly full."""
    used = desk.state
    if used[FRESH] + setting.spare_objects * setting.size > len(used):
        desk = desk._replace(state=_longer(used, 2 * len(used)))
        dealt = dealt._replace(floats=desk.state.view(np.float64))
    if 2 * (used[EVENTS] + used[LATER] + setting.spare_events + HEAP_STARTS) > len(desk.events):
        events, later = (_longer(each, 2 * len(each)) for each in (desk.events, desk.later))
        desk = desk._replace(events=events, later=later)
    if used[SPANS] + setting.spare_spans > len(desk.spans):
        desk = desk._replace(spans=_longer(desk.spans, 2 * len(desk.spans)))
    if used[LEGS] == len(desk.legs):
        asides = _longer(desk.asides, 2 * len(desk.asides))
        desk = desk._replace(legs=_longer(desk.legs, 2 * len(desk.legs)), asides=asides)
    return desk, dealt


def _longer(table: NDArray[D], length: int) -> NDArray[D]:
    longer = _aligned(length, table.dtype)
    longer[: len(table)] = table
    return longer


def _aligned(length: int, dtype: DTypeLike) -> NDArray[Any]:
    """Make room that begins with a cache line."""
    kind = np.dtype(dtype)
    room = column(length * kind.itemsize + CACHE_LINE, np.uint8)
    first = -room.ctypes.data % CACHE_LINE
    return room[first : first + length * kind.itemsize].view(kind)


def _unless(usual: int, column: NDArray[D]) -> NDArray[D]:
    """Return a column as the compiled functions know it; left out if it has what is usual in all rows."""
    value: Any = sole(column)
    return np.empty(0, column.dtype) if value is not None and value == usual else _plain(column)


def _plain(column: NDArray[D]) -> NDArray[D]:
    """Return an array as the compiled functions know it: contiguous and writeable."""
    return np.require(column, requirements=("C", "W", "A"))
