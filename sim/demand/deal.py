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
from sim.demand.columns import ascending, column, filled, note, put, taken
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
    Numbers,
    Small,
    StageMarks,
    StageOutcome,
    same,
)
from sim.demand.known import KnownDemand
from sim.demand.limits import refuse_too_many
from sim.demand.marks import contact_plans
from sim.demand.rounds import Round, rounds_of
from sim.demand.streams import StreamNames, Streams
from sim.demand.tier_marks import tier_marks_of
from sim.demand.tries import PURPOSE, Try, tries_of
from sim.scenario.names import Names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.demand.marks import StagePlan
    from sim.scenario.schema import Scenario

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
        self._streams = StreamNames()
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
        streams = Streams(seed, replication, self._streams)
        agents = self._duty.deal(seed, replication)
        waves = [wave for wave in self._arrivals.deal(streams) if wave.at.size]
        tries = [tries_of(wave, self._plans, streams) for wave in waves]
        inquiries, placed = self._inquiries(waves, tries)
        rounds = [rounds_of(one) for one, _ in placed]
        contacts = _contacts(placed, rounds, inquiries)
        stage_marks = _stage_marks(placed, contacts.first_stage_mark)
        tier_marks = tier_marks_of(placed, rounds, contacts)
        appointments = _appointments(placed, rounds, contacts.first_tier_mark)
        exchanges = exchanges_of(placed, rounds, contacts.first_tier_mark)
        return Hand(seed, replication, inquiries, contacts, stage_marks, tier_marks, appointments, exchanges, agents)

    def _inquiries(self, waves: list[Wave], tries: list[list[Try]]) -> tuple[Inquiries, list[_Placed]]:
        """Merge the waves by (first instant, contact type, channel, index) and find each try's contacts a place."""
        sizes = [wave.at.size for wave in waves]
        # Waves come by (contact type, channel), so a stable sort by instant leaves ties in the written order.
        order = _order_of([wave.at for wave in waves])
        first_contact: Numbers = column(order.size + 1, np.int32)
        first_contact[0], depth = 0, _joined([_depth(of_wave) for of_wave in tries], np.int32)
        np.cumsum(taken(depth, order), out=first_contact[1:])
        inquiries = Inquiries(
            contact_type=_merged([np.int16(wave.contact_type) for wave in waves], sizes, order),
            channel=_merged([np.int16(wave.channel) for wave in waves], sizes, order),
            customer=_merged([_dealt(of_wave[0], "customer", self._customers) for of_wave in tries], sizes, order),
            language=_merged([_dealt(of_wave[0], "language", self._languages) for of_wave in tries], sizes, order),
            first_contact=first_contact,
        )
        first: Numbers = column(order.size, np.int32)
        first[order] = first_contact[:-1]
        firsts = np.split(first, np.cumsum(sizes))[:-1]
        # Whole waves one after the other, attempts in order: what a retry keeps is dealt before the retry.
        of_waves = zip(firsts, tries, strict=True)
        return inquiries, [(one, one.among(of_wave)) for of_wave, line in of_waves for one in line]


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


def _order_of(columns: list[Ints]) -> Ints:
    """Give the stable order of columns, end to end, each of which is in order."""
    if len(columns) == 1:
        return ascending(columns[0].size, np.int64)
    return np.argsort(_joined(columns, np.int64), kind="stable")


def _joined(parts: Sequence[NDArray[Number]], dtype: type[Number]) -> NDArray[Number]:
    """Join columns end to end; none give an empty one."""
    joined: NDArray[Number] = column(sum(part.size for part in parts), dtype)
    return np.concatenate(parts, out=joined) if parts else joined


def _merged(of_waves: Sequence[Small | np.int16], sizes: list[int], order: Ints) -> Small:
    """Merge the waves' columns; a wave may have the same number in all rows, and all waves may."""
    if of_waves and all(np.ndim(of_wave) == 0 and of_wave == of_waves[0] for of_wave in of_waves):
        return same(np.int16(of_waves[0]), order.size)
    joined: Small = column(order.size, np.int16)
    begin = 0
    for of_wave, size in zip(of_waves, sizes, strict=True):
        joined[begin : begin + size] = of_wave
        begin += size
    return taken(joined, order)


def _depth(tries: list[Try]) -> Numbers:
    """Count the possible contacts of each inquiry of a wave."""
    depth = filled(True, tries[0].rows.size, np.int32(1))
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
    numbers = ascending(number, np.int32)
    inquiry = numbers if alone else np.repeat(numbers, np.diff(first))
    channels = {plan.channel for plan in plans}
    retried, repeated = (
        any(follower.plan.kind == kind for one in tries for follower in one.followers) for kind in PURPOSE
    )
    contacts = Contacts(
        inquiry=inquiry,
        attempt=filled(not alone, n, np.int16(0)),
        kind=filled(not alone, n, np.int8(AttemptKind.FIRST)),
        contact_type=inquiries.contact_type if alone else taken(inquiries.contact_type, inquiry),
        channel=filled(len(channels) > 1, n, np.int16(min(channels, default=0))),
        at=filled(True, n, np.int64(NEVER)),
        balks=filled(any(plan.balks > 0.0 for plan in plans), n, np.False_),
        silent=filled(any(plan.silent > 0.0 for plan in plans), n, np.False_),
        skips_self_service=filled(any(one.skips_self_service for one in tries), n, np.False_),
        accepts_call_back=filled(any(plan.accepts_call_back > 0.0 for plan in plans), n, np.False_),
        reached_on=filled(any(plan.reached is not None for plan in plans), n, np.int16(1)),
        misrouted=filled(any(plan.misrouted is not None for plan in plans), n, np.False_),
        retry=filled(retried, n, np.int32(NONE)),
        retry_after=filled(retried, n, np.int64(NEVER)),
        repeat=filled(repeated, n, np.int32(NONE)),
        repeat_after=filled(repeated, n, np.int64(NEVER)),
        first_stage_mark=filled(any(plan.stages for plan in plans), n + 1, np.int32(0)),
        first_tier_mark=filled(True, n + 1, np.int32(0)),
    )
    stage_marks, tier_marks = contacts.first_stage_mark[1:], contacts.first_tier_mark[1:]
    for (one, rows), of_one in zip(placed, rounds, strict=True):
        plan = one.plan
        note(contacts.channel, rows, plan.channel)
        note(contacts.attempt, rows, one.attempt)
        note(contacts.kind, rows, one.kind)
        note(contacts.skips_self_service, rows, one.skips_self_service)
        note(stage_marks, rows, len(plan.stages))
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
            coming = rows[follower.some]
            row[coming] = one.contacts_of(follower.by, rows, follower.some)
            purpose = f"{PURPOSE[follower.plan.kind]} after"
            after[coming] = one.durations(purpose, follower.plan.after, follower.some)
    for counts in (contacts.first_stage_mark, contacts.first_tier_mark):
        if counts.flags.writeable:
            np.cumsum(counts, out=counts)
    return contacts


def _reached_on(number: Floats, reached: Floats) -> Ints:
    """Give which dial reaches, from 1; 0 if none does."""
    dial = np.searchsorted(reached, number, side="right") + 1
    return np.where(dial > reached.size, 0, dial)


def _stage_marks(placed: list[_Placed], first_mark: Rows) -> StageMarks:
    """Deal what each stage that fronts a contact would do with it."""
    n = int(first_mark[-1])
    marks = StageMarks(stage=column(n, np.int16), takes=column(n, np.int64), outcome=column(n, np.int8))
    for one, rows in placed:
        for position, stage in enumerate(one.plan.stages):
            at = first_mark[rows] + position
            marks.stage[at] = stage.stage
            put(marks.takes, at, one.stretches_of_durations(f"takes/{stage.name}", stage.takes))
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
