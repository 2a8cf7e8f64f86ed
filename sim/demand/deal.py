"""The deal: one replication's Hand, all chance in it, as arrays.

Streams: the marks of attempt k of the inquiries of a strip come from ``marks/STRIP/k``, one purpose for each thing that
is decided, named by tier or stage where there are several (``talk/technical``, ``outcome/chatbot``). At most one
contact of an attempt comes to happen, so a retry and a repeat of one attempt are dealt the same numbers; chasers, which
come beside them, have ``marks/STRIP/chaser``. Row i of a purpose's column belongs to the strip's inquiry i, whether it
comes to need it or not: so a contact type, channel, tier or stage more, another share or another distribution move
nobody else's numbers.

An inquiry's customer segment and its language are dealt with its first contact, where its type lists several, and kept
through all its contacts.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.demand.arrivals import ArrivalPlan, Wave
from sim.demand.duty import DutyPlan
from sim.demand.exchanges import exchanges_of
from sim.demand.hand import (
    NEVER,
    NONE,
    Appointments,
    AttemptKind,
    Contacts,
    Floats,
    Hand,
    Inquiries,
    Ints,
    N,
    Numbers,
    Small,
    StageMarks,
    StageOutcome,
    TierMarks,
    same,
)
from sim.demand.known import KnownDemand
from sim.demand.laws import Constant
from sim.demand.limits import refuse_too_many
from sim.demand.marks import TierPlan, contact_plans
from sim.demand.rounds import Round, rounds_of
from sim.demand.tries import PURPOSE, Try, tries_of
from sim.scenario.names import Names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.demand.marks import MisroutedPlan, StagePlan
    from sim.scenario.schema import Scenario

NO_TIME = Constant(0.0)
Number = TypeVar("Number", np.int16, np.int32, np.int64)


Rows = Ints | Numbers
_Placed = tuple[Try, Ints]
"""A try and the numbers of its contacts, in the order of its rows."""


class Dealer:
    """Deals replications of one scenario; what does not depend on chance is worked out once.

    Parameters
    ----------
    scenario
        A validated scenario.
    """

    def __init__(self, scenario: Scenario) -> None:
        names = Names.of(scenario)
        self._arrivals = ArrivalPlan(scenario)
        refuse_too_many(scenario, self._arrivals.expected_inquiries)
        self._duty = DutyPlan(scenario)
        self._plans = contact_plans(scenario, names)
        types = [scenario.contact_types[name] for name in names.contact_types]
        self._customers = [_shares(kind.customer or {}, names.customers) for kind in types]
        self._languages = [_shares(kind.languages, names.languages) for kind in types]

    @cached_property
    def known(self) -> KnownDemand:
        """What of it is exactly expected."""
        return KnownDemand(self._arrivals, self._plans)

    def deal(self, seed: int, replication: int) -> Hand:
        """Deal one replication: a pure function of the scenario, the seed and the replication's number.

        Parameters
        ----------
        seed
            Of the run; not negative.
        replication
            Number of the replication, from 0; it is the same alone and among others.
        """
        agents = self._duty.deal(seed, replication)
        waves = [wave for wave in self._arrivals.deal(seed, replication) if wave.at.size]
        tries = [tries_of(wave, self._plans, seed, replication) for wave in waves]
        inquiries, placed = self._inquiries(waves, tries)
        rounds = [rounds_of(one) for one, _ in placed]
        contacts = _contacts(placed, rounds, inquiries)
        stage_marks = _stage_marks(placed, contacts.first_stage_mark)
        tier_marks = _tier_marks(placed, rounds, contacts)
        appointments = _appointments(placed, rounds, contacts.first_tier_mark)
        exchanges = exchanges_of(placed, rounds, contacts.first_tier_mark)
        return Hand(seed, replication, inquiries, contacts, stage_marks, tier_marks, appointments, exchanges, agents)

    def _inquiries(self, waves: list[Wave], tries: list[list[Try]]) -> tuple[Inquiries, list[_Placed]]:
        """Merge the waves by (first instant, contact type, channel, index) and find each try's contacts a place."""
        sizes = [wave.at.size for wave in waves]
        # Waves come by (contact type, channel), so a stable sort by instant leaves ties in the written order.
        order = np.argsort(_joined([wave.at for wave in waves], np.int64), kind="stable")
        first_contact = np.zeros(order.size + 1, np.int32)
        np.cumsum(_joined([_depth(of_wave) for of_wave in tries], np.int32)[order], out=first_contact[1:])
        inquiries = Inquiries(
            contact_type=_merged([np.int16(wave.contact_type) for wave in waves], sizes, order),
            channel=_merged([np.int16(wave.channel) for wave in waves], sizes, order),
            customer=_merged([_dealt(of_wave[0], "customer", self._customers) for of_wave in tries], sizes, order),
            language=_merged([_dealt(of_wave[0], "language", self._languages) for of_wave in tries], sizes, order),
            first_contact=first_contact,
        )
        first = np.empty(order.size, np.int32)
        first[order] = first_contact[:-1]
        firsts = np.split(first, np.cumsum(sizes))[:-1]
        # Whole waves one after the other, attempts in order: what a retry keeps is dealt before the retry.
        of_waves = zip(firsts, tries, strict=True)
        return inquiries, [(one, of_wave[one.rows] + one.place) for of_wave, line in of_waves for one in line]


def deal(scenario: Scenario, seed: int, replication: int) -> Hand:
    """Deal one replication of a scenario; whoever deals several keeps a `Dealer`."""
    return Dealer(scenario).deal(seed, replication)


_Shares = tuple[Small, Floats]
"""Numbers of what a type's inquiries are of, by name, and their cumulated shares."""


def _shares(shares: Mapping[str, float], names: tuple[str, ...]) -> _Shares:
    """Number the names that have a share; NONE alone where none is named."""
    if not shares:
        return np.array([NONE], np.int16), np.ones(1)
    some = [(number, shares[name]) for number, name in enumerate(names) if shares.get(name, 0.0) > 0.0]
    return np.array([number for number, _ in some], np.int16), np.cumsum([share for _, share in some])


def _dealt(first: Try, purpose: str, by_type: list[_Shares]) -> Small | np.int16:
    """Deal what each of a wave's inquiries is of, by the shares of its type; where there is one, that is it."""
    numbers, cumulated = by_type[first.wave.contact_type]
    if numbers.size == 1:
        return np.int16(numbers[0])
    # Rounding may leave the last cumulated share a little below 1.
    place = np.searchsorted(cumulated[:-1], first.numbers(purpose), side="right")
    return numbers[place]


def _joined(parts: Sequence[NDArray[Number]], dtype: type[Number]) -> NDArray[Number]:
    """Join columns end to end; none give an empty one."""
    return np.concatenate([np.empty(0, dtype), *parts])


def _merged(of_waves: Sequence[Small | np.int16], sizes: list[int], order: Ints) -> Small:
    """Merge the waves' columns; a wave may have the same number in all rows, and all waves may."""
    if of_waves and all(np.ndim(of_wave) == 0 and of_wave == of_waves[0] for of_wave in of_waves):
        return same(np.int16(of_waves[0]), order.size)
    parts = [np.broadcast_to(of_wave, size) for of_wave, size in zip(of_waves, sizes, strict=True)]
    return _joined(parts, np.int16)[order]


def _depth(tries: list[Try]) -> Numbers:
    """Count the possible contacts of each inquiry of a wave."""
    depth = np.ones(tries[0].rows.size, np.int32)
    for one in tries[1:]:
        depth[one.rows] += 1
    return depth


def _contacts(placed: list[_Placed], rounds: list[tuple[Round, ...]], inquiries: Inquiries) -> Contacts:
    """Fill the table of contacts, but for the marks that they own."""
    first = inquiries.first_contact
    n, number = int(first[-1]), first.size - 1
    alone = n == number
    tries = [one for one, _ in placed]
    plans = [one.plan for one in tries]
    numbers = np.arange(number, dtype=np.int32)
    inquiry = numbers if alone else np.repeat(numbers, np.diff(first))
    channels = {plan.channel for plan in plans}
    retried, repeated = (
        any(follower.plan.kind == kind for one in tries for follower in one.followers) for kind in PURPOSE
    )
    contacts = Contacts(
        inquiry=inquiry,
        attempt=_room(not alone, n, np.int16(0)),
        kind=_room(not alone, n, np.int8(AttemptKind.FIRST)),
        contact_type=inquiries.contact_type if alone else inquiries.contact_type[inquiry],
        channel=_room(len(channels) > 1, n, np.int16(min(channels, default=0))),
        at=_room(True, n, np.int64(NEVER)),
        balks=_room(any(plan.balks > 0.0 for plan in plans), n, np.False_),
        silent=_room(any(plan.silent > 0.0 for plan in plans), n, np.False_),
        skips_self_service=_room(any(one.skips_self_service for one in tries), n, np.False_),
        accepts_call_back=_room(any(plan.accepts_call_back > 0.0 for plan in plans), n, np.False_),
        reached_on=_room(any(plan.reached is not None for plan in plans), n, np.int16(1)),
        misrouted=_room(any(plan.misrouted is not None for plan in plans), n, np.False_),
        retry=_room(retried, n, np.int32(NONE)),
        retry_after=_room(retried, n, np.int64(NEVER)),
        repeat=_room(repeated, n, np.int32(NONE)),
        repeat_after=_room(repeated, n, np.int64(NEVER)),
        first_stage_mark=_room(any(plan.stages for plan in plans), n + 1, np.int32(0)),
        first_tier_mark=np.zeros(n + 1, np.int32),
    )
    stage_marks, tier_marks = contacts.first_stage_mark[1:], contacts.first_tier_mark[1:]
    for (one, rows), of_one in zip(placed, rounds, strict=True):
        plan = one.plan
        _note(contacts.channel, rows, plan.channel)
        _note(contacts.attempt, rows, one.attempt)
        _note(contacts.kind, rows, one.kind)
        _note(contacts.skips_self_service, rows, one.skips_self_service)
        _note(stage_marks, rows, len(plan.stages))
        tier_marks[rows] = len(plan.tiers)
        for one_round in of_one[1:]:
            tier_marks[one_round.of(rows)] += len(plan.tiers)
        if plan.misrouted is not None:
            contacts.misrouted[rows] = one.numbers("misrouted") < plan.misrouted.share
            tier_marks[rows] += contacts.misrouted[rows]
        if one.at is not None:
            contacts.at[rows] = one.at
        if plan.balks > 0.0:
            contacts.balks[rows] = one.numbers("balks") < plan.balks
        if plan.silent > 0.0:
            contacts.silent[rows] = one.numbers("silent") < plan.silent
        if plan.accepts_call_back > 0.0:
            contacts.accepts_call_back[rows] = one.numbers("accepts call-back") < plan.accepts_call_back
        if plan.reached is not None:
            contacts.reached_on[rows] = _reached_on(one.numbers("connects"), plan.reached)
        for follower in one.followers:
            retries = follower.plan.kind == AttemptKind.RETRY
            row = contacts.retry if retries else contacts.repeat
            after = contacts.retry_after if retries else contacts.repeat_after
            coming = rows[follower.which]
            row[coming] = one.contacts_of(follower.by, rows, follower.which)
            purpose = f"{PURPOSE[follower.plan.kind]} after"
            after[coming] = one.durations(purpose, follower.plan.after)[follower.which]
    for counts in (contacts.first_stage_mark, contacts.first_tier_mark):
        if counts.flags.writeable:
            np.cumsum(counts, out=counts)
    return contacts


def _room(wanted: bool, rows: int, value: N) -> NDArray[N]:
    """Give a column to be filled where some plan deals anything there, of one number otherwise."""
    return np.full(rows, value) if wanted else same(value, rows)


def _note(column: NDArray[N], rows: Rows, value: int) -> None:
    """Fill some rows of a column, unless it is the same in all."""
    if column.flags.writeable:
        column[rows] = value


def _reached_on(number: Floats, reached: Floats) -> Ints:
    """Give which dial reaches, from 1; 0 if none does."""
    dial = np.searchsorted(reached, number, side="right") + 1
    return np.where(dial > reached.size, 0, dial)


def _stage_marks(placed: list[_Placed], first_mark: Rows) -> StageMarks:
    """Deal what each stage that fronts a contact would do with it."""
    n = int(first_mark[-1])
    marks = StageMarks(stage=np.empty(n, np.int16), takes=np.empty(n, np.int64), outcome=np.empty(n, np.int8))
    for one, rows in placed:
        for position, stage in enumerate(one.plan.stages):
            at = first_mark[rows] + position
            marks.stage[at] = stage.stage
            marks.takes[at] = one.durations(f"takes/{stage.name}", stage.takes)
            marks.outcome[at] = _stage_outcome(one, stage)
    return marks


def _stage_outcome(one: Try, stage: StagePlan) -> NDArray[np.int8]:
    """Deal what a stage does with each contact of a try."""
    number = one.numbers(f"outcome/{stage.name}")
    outcome = np.full(one.rows.size, StageOutcome.HANDED_ON, np.int8)
    outcome[number < stage.gone] = StageOutcome.GAVE_UP
    thinks_resolved = number < stage.resolved
    outcome[thinks_resolved] = StageOutcome.RESOLVED
    if stage.falsely_resolved > 0.0:
        falsely = one.numbers(f"falsely_resolved/{stage.name}") < stage.falsely_resolved
        outcome[thinks_resolved & falsely] = StageOutcome.FALSELY_RESOLVED
    return outcome


def _tier_marks(placed: list[_Placed], rounds: list[tuple[Round, ...]], contacts: Contacts) -> TierMarks:
    """Deal what each tier that handles a contact's type would do with it, and the desk that it reaches by mistake."""
    first_mark = contacts.first_tier_mark
    n = int(first_mark[-1])
    plans = [one.plan for one, _ in placed]
    of_tiers = [tier for plan in plans for tier in plan.tiers]
    misrouted = [plan.misrouted for plan in plans if plan.misrouted is not None]
    numbers = {tier.tier for tier in of_tiers} | {one.tier for one in misrouted}
    patience = [tier.patience for tier in of_tiers] + [one.patience for one in misrouted]
    has_patience = any(one is not None for one in patience)
    has_wrap_up = any(tier.wrap_up != NO_TIME for tier in of_tiers)
    marks = TierMarks(
        tier=_room(len(numbers) > 1, n, np.int16(min(numbers, default=0))),
        talk=np.empty(n, np.int64),
        wrap_up=_room(has_wrap_up or any(one.wave.wrap_up is not None for one, _ in placed), n, np.int64(0)),
        patience=_room(has_patience or any(one.wave.patience is not None for one, _ in placed), n, np.int64(NEVER)),
        briefing=_room(any(tier.briefing is not None for tier in of_tiers), n, np.int64(0)),
        decide=np.empty(n, np.float64),
        sent_back=_room(any(tier.sent_back > 0.0 for tier in of_tiers), n, np.False_),
    )
    for (one, rows), of_one in zip(placed, rounds, strict=True):
        for number, one_round in enumerate(of_one):
            first = one_round.first_marks(first_mark, rows)
            for position, tier in enumerate(one.plan.tiers):
                _tier_mark(marks, first + position, one, one_round, tier)
                if position in one_round.sent_back:
                    marks.sent_back[first + position] = one_round.sent_back[position]
                kept = number == 0 and one.keeps is not None and one.keeps_patience_at(position)
                if one.keeps is not None and kept and marks.patience.flags.writeable:
                    before = one.contacts_of(one.keeps, rows)
                    marks.patience[first + position] = marks.patience[first_mark[before] + position]
        if one.plan.misrouted is not None:
            _misroute(one, one.plan.misrouted, marks, contacts, rows)
        if one.attempt == 0:
            _replay(one, marks, first_mark[rows], _first_wait(contacts, rows))
    return marks


def _tier_mark(marks: TierMarks, at: Ints, one: Try, one_round: Round, tier: TierPlan) -> None:
    """Deal what one tier would do with the contacts of a round, into the rows `at` of the marks."""
    purpose, some = f"{tier.name}{one_round.suffix}", one_round.some
    _note(marks.tier, at, tier.tier)
    marks.talk[at] = one.durations(f"talk/{purpose}", tier.talk, some)
    if tier.wrap_up != NO_TIME:
        marks.wrap_up[at] = one.durations(f"wrap_up/{purpose}", tier.wrap_up, some)
    marks.decide[at] = one.numbers(f"decide/{purpose}", some)
    if tier.briefing is not None:
        marks.briefing[at] = one.durations(f"briefing/{purpose}", tier.briefing, some)
    if tier.patience is not None:
        marks.patience[at] = one.durations(f"patience/{purpose}", tier.patience, some)


def _appointments(placed: list[_Placed], rounds: list[tuple[Round, ...]], first_mark: Rows) -> Appointments:
    """Deal when contacts that are handed over may enter the queues of tiers that work by appointment.

    Nobody is handed over to the first tier in the first round.
    """
    marks, delays = [], []
    for (one, rows), of_one in zip(placed, rounds, strict=True):
        for number, one_round in enumerate(of_one):
            for position, tier in enumerate(one.plan.tiers):
                if tier.appointment is not None and (number or position):
                    purpose = f"appointment/{tier.name}{one_round.suffix}"
                    marks.append(one_round.first_marks(first_mark, rows) + position)
                    delays.append(one.durations(purpose, tier.appointment, one_round.some))
    mark = _joined(marks, np.int64)
    order = np.argsort(mark)
    return Appointments(mark[order], _joined(delays, np.int64)[order])


def _first_wait(contacts: Contacts, rows: Ints) -> Rows:
    """Give the tier mark of each contact's first queue: the wrong desk's if it is misrouted, else the first tier's."""
    first = contacts.first_tier_mark
    return np.where(contacts.misrouted[rows], first[rows + 1] - 1, first[rows])


def _misroute(one: Try, plan: MisroutedPlan, marks: TierMarks, contacts: Contacts, rows: Ints) -> None:
    """Deal the wait and the triage of a try's misrouted contacts at the wrong desk."""
    misrouted = contacts.misrouted[rows]
    at = contacts.first_tier_mark[rows[misrouted] + 1] - 1
    _note(marks.tier, at, plan.tier)
    marks.talk[at] = one.durations("triage", plan.triage)[misrouted]
    marks.decide[at] = 0.0
    if one.keeps is not None and one.keeps_patience_at(0) and marks.patience.flags.writeable:
        before = one.contacts_of(one.keeps, rows, misrouted)
        marks.patience[at] = marks.patience[_first_wait(contacts, before)]
    elif plan.patience is not None:
        marks.patience[at] = one.durations("patience/triage", plan.patience)[misrouted]


def _replay(first: Try, marks: TierMarks, first_tier: Rows, first_wait: Rows) -> None:
    """Put what a log says of first contacts in place of what was dealt for their first tier, and their first wait."""
    patience = first.wave.patience if first.plan.tiers[0].live else None
    for logged, column, at in (
        (first.wave.talk, marks.talk, first_tier),
        (first.wave.wrap_up, marks.wrap_up, first_tier),
        (patience, marks.patience, first_wait),
    ):
        if logged is not None:
            known = logged != NONE
            column[at[known]] = logged[known]
