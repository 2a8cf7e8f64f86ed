"""Outcomes typed by hand: a few rows that a reader can check, in whole seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

import numpy as np

from sim.demand.hand import (
    Agents,
    Appointments,
    AttemptKind,
    Contacts,
    Exchanges,
    Hand,
    Inquiries,
    StageMarks,
    TierMarks,
)
from sim.engine.outcome import AgentRecords, ContactRecords, LegRecords, Outcome, VisitRecords
from sim.engine.program import Channels, Dialling, Effects, Groups, Program, Queues, Rows, Stages, Tiers
from sim.engine.rules import MISSING, NO_LIMIT, NOBODY, CallBack, End, Handled, Left
from sim.measure.accounts import Measures, account
from sim.measure.breakdowns import Labels
from sim.measure.clock import Clocks
from sim.measure.frame import Frame, Prices, Thresholds
from sim.measure.periods import Periods

HOUR = 3600


@dataclass
class Contact:
    """One contact that began; times in s."""

    begin: int
    end: int | None = None
    how: End = End.RESOLVED
    inquiry: int | None = None
    """Its own unless said."""
    attempt: int = 0
    came_by: AttemptKind = AttemptKind.FIRST
    channel: int = 0
    kind: int = 0
    customer: int = -1
    language: int = -1
    stage: int = NOBODY
    talk: int = 0
    """Dealt for its first tier, s."""
    call_back: CallBack = CallBack.NOT_OFFERED


@dataclass
class Leg:
    """One stay in a queue; times in s. Taken and resolved unless said."""

    contact: int
    enter: int
    leave: int | None = None
    talk: int | None = None
    wrap_up: int = 0
    queue: int = 0
    left: Left = Left.TAKEN
    handled: Handled = Handled.RESOLVED
    agent: int = 0
    row: int = 0
    backlog: bool = False
    parked: int = 0
    briefing: int = 0
    found: tuple[int, int] | None = None
    """When an agent took the place of who had left silently, and when that was found out, s."""
    dialled: bool = False
    """Whether the agent dialled the customer, who was reached; in vain it was if the leg is so handled."""
    hold: int | None = None
    """How long the line was held after the talk, s."""

    @property
    def taken(self) -> bool:
        """Whether an agent took it."""
        return self.left == Left.TAKEN

    @property
    def talk_end(self) -> int | None:
        """When talk ended."""
        if not self.taken or self.talk is None:
            return None
        assert self.leave is not None
        return self.leave + self.briefing + self.talk + self.parked

    @property
    def hold_end(self) -> int | None:
        """When holding ended."""
        return None if self.hold is None or self.talk_end is None else self.talk_end + self.hold

    @property
    def wrap_up_end(self) -> int | None:
        """When it was done with."""
        if self.found is not None:
            return self.found[1]
        if self.talk_end is None or self.handled == Handled.RETURNED:
            return None
        return (self.hold_end or self.talk_end) + self.wrap_up


@dataclass
class Desk:
    """A desk and what happened at it; times in s."""

    contacts: list[Contact] = field(default_factory=list)
    legs: list[Leg] = field(default_factory=list)
    visits: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    """(contact, stage, begin, end, outcome)."""
    duty: list[tuple[int, int, int]] = field(default_factory=list)
    """(agent, begin, end)."""
    busy: list[tuple[int, int, int]] = field(default_factory=list)
    paid: list[tuple[int, int, int]] = field(default_factory=list)
    numbers: list[tuple[int, int]] = field(default_factory=list)
    """(from when, how many are at work) if group 0 is staffed by numbers."""
    agent_groups: tuple[int, ...] = (0,)
    """Group of each agent."""
    labels: Labels = field(
        default_factory=lambda: Labels(
            channels=("email", "phone"),
            contact_types=("fault", "order"),
            customers=("premium", "(nobody)"),
            languages=("(nobody)",),
            tiers=("desk", "expert"),
            stages=("bot",),
            groups=("clerks", "experts"),
            shifts=((), ()),
        )
    )
    length: int = HOUR
    warm_up: int = 0
    interval: int = 900
    thresholds: Thresholds = field(default_factory=Thresholds)
    clocks: tuple[list[tuple[int, int]] | None, ...] = (None, None)
    """When the clock of each channel runs;"""
    tier_clocks: tuple[list[tuple[int, int]] | None, ...] = (None, None)
    """and of each tier."""
    short_abandon: tuple[int, ...] = (0, 0)
    promised_within: tuple[int | None, ...] = (None, None)
    """Of call-backs, by channel, s."""
    outbound: tuple[bool, ...] = (False, False)
    due: int | None = None
    """Of all queues, s."""
    repeat_window: int = 0
    slots: tuple[tuple[int, int], ...] = ((0, 0), (0, 0))
    """(groups, channels) limits."""
    shifts: list[tuple[int, int]] = field(default_factory=list)
    """(agent, begin in s) of each shift."""
    price_hour: tuple[int, ...] = (0, 0)
    price_shift: int = 0
    price_overtime: tuple[int, ...] = (0, 0)
    price_visit: int = 0
    price_assist: int = 0
    """Of each leg that an agent takes."""
    price_assists_hour: float = 0.0
    price_lines_hour: float = 0.0

    def measured(self) -> Measures:
        """Give the sums of what happened."""
        return account(self.frame, self.hand, self.outcome)

    def total(self, table: str, counter: str, **where: str) -> int:
        """Give a counter over all time, of the chosen cells."""
        sums = self.measured().tables[table]
        [row] = sums.cells.rows((), where)
        return int(sums.values[counter][row.cells].sum())

    def by_slot(self, table: str, counter: str, **where: str) -> list[int]:
        """Give a counter by slot of time, of the chosen cells."""
        sums = self.measured().tables[table]
        [row] = sums.cells.rows((), where)
        return [int(value) for value in sums.values[counter][row.cells].sum(axis=0)]

    @property
    def queue_keys(self) -> list[tuple[str, str, str, str]]:
        """The queues as (tier, contact type, channel, language): every one there can be."""
        return list(product(self.labels.tiers, self.labels.contact_types, self.labels.channels, self.labels.languages))

    @property
    def program(self) -> Program:
        """Every group serves every queue of its tier, group 0 the first tier and group 1 the second."""
        labels = self.labels
        keys = self.queue_keys
        tier = np.array([labels.tiers.index(key[0]) for key in keys], np.int16)
        kind = np.array([labels.contact_types.index(key[1]) for key in keys], np.int16)
        channel = np.array([labels.channels.index(key[2]) for key in keys], np.int16)
        spoken = {name: number for number, name in enumerate(labels.languages[:-1])}
        none, both = np.zeros((0, 2), np.int64), len(labels.channels)
        types, tiers, groups = len(labels.contact_types), len(labels.tiers), len(labels.groups)
        return Program(
            length=1000 * self.length,
            channels=Channels(
                live=np.array([name != "email" for name in labels.channels]),
                open=(none,) * both,
                clock=(none,) * both,
                when_closed=np.zeros(both, np.int64),
                clears_at_closing=np.zeros(both, bool),
                lines=np.full(both, NO_LIMIT),
                detected_after=np.zeros(both, np.int64),
                queue_limit=np.full(both, NO_LIMIT),
                retry_when=np.zeros(both, np.int64),
                most_exchanges=np.zeros(both, np.int64),
                chased_on=np.array([name != "email" for name in labels.channels]),
            ),
            dialling=Dialling(
                outbound=np.array(self.outbound),
                offer_wait=np.full(both, NO_LIMIT),
                offer_waiting=np.full(both, NO_LIMIT),
                behind=np.zeros(both, bool),
                dial=np.full(both, 20_000),
                again_after=np.full(both, 900_000),
                tries=np.full(both, 3),
            ),
            stages=Stages(
                open=(none,) * len(labels.stages),
                limit=np.full(len(labels.stages), NO_LIMIT),
                harder_rest=np.ones(len(labels.stages)),
            ),
            tiers=Tiers(
                handover=np.zeros(tiers, np.int64),
                clock=(np.array([[0, HOUR]], np.int64),) * tiers,
                warm_limit=np.zeros(tiers, np.int64),
                first=np.zeros(types, np.int16),
                misrouted_to=np.full(types, NOBODY, np.int16),
                number=np.full(types, tiers, np.int16),
                position=np.zeros((types, tiers), np.int16),
                resolved=np.ones((types, tiers, both)),
                escalated=np.ones((types, tiers, both, tiers)),
                returns=np.ones((types, tiers), np.int64),
            ),
            queues=Queues(
                tier=tier,
                contact_type=kind,
                channel=channel,
                language=np.array([spoken.get(key[3], NOBODY) for key in keys], np.int16),
                priority=np.full(len(keys), 5),
                due=np.full(len(keys), NO_LIMIT if self.due is None else 1000 * self.due),
                of=np.arange(len(keys), dtype=np.int16).reshape(tiers, types, both, len(labels.languages)),
                rows=tuple(np.array([row]) for row in tier),
            ),
            rows=Rows(
                group=np.arange(groups, dtype=np.int16),
                rank=np.ones(groups, np.int64),
                after=np.zeros(groups, np.int64),
                keep_free=np.zeros(groups, np.int64),
                interruptible=np.zeros(groups, np.int64),
                due_first=np.zeros(groups, bool),
                queues=tuple(np.flatnonzero(tier == group) for group in range(groups)),
            ),
            groups=Groups(
                tier=np.arange(groups, dtype=np.int16),
                first_row=np.arange(groups + 1),
                by_numbers=np.ones(groups, bool),
                slot_limit=np.array(self.slots),
                slot_pace=np.full((groups, both, 4), 10**6),
            ),
            effects=Effects(
                talk=np.ones((groups, types, tiers, both)),
                talk_of_repeats=np.ones((groups, types, tiers, both)),
                wrap_up=np.ones((groups, types, tiers, both)),
                resolved=np.ones((groups, types, tiers, both, 4)),
                ramp_step=np.full(groups, 1000 * self.length),
                ramp=np.ones((groups, 1)),
            ),
            head_start=np.zeros(len(labels.customers) - 1, np.int64),
        )

    @property
    def frame(self) -> Frame:
        """What measuring needs to know of the desk; one local day of 24 h or more."""
        groups = len(self.labels.groups)
        days = [(at, at + 24 * HOUR * 1000) for at in range(0, 1000 * self.length, 24 * HOUR * 1000)]
        return Frame(
            self.labels,
            self.program,
            Periods.from_days(days, begin=1000 * self.warm_up, end=1000 * self.length, interval=1000 * self.interval),
            *(
                Clocks(
                    tuple(None if spans is None else 1000 * np.array(spans).reshape(-1, 2) for spans in clocks),
                    1000 * self.length,
                )
                for clocks in (self.clocks, self.tier_clocks)
            ),
            self.thresholds,
            1000 * np.array(self.short_abandon),
            np.array([NO_LIMIT if within is None else 1000 * within for within in self.promised_within]),
            1000 * self.repeat_window,
            Prices(
                1000 * np.array(self.price_hour),
                np.full(groups, 1000 * self.price_shift),
                1000 * np.array(self.price_overtime),
                np.full(len(self.labels.stages), 1000 * self.price_visit),
                np.full((groups, len(self.labels.contact_types), len(self.labels.tiers), 2), 1000 * self.price_assist),
                self.price_assists_hour / 3600,
                self.price_lines_hour / 3600,
            ),
        )

    @property
    def hand(self) -> Hand:
        """What was dealt, as far as measuring looks at it."""
        count = len(self.contacts)
        inquiry = np.array(
            [one.inquiry if one.inquiry is not None else at for at, one in enumerate(self.contacts)], np.int64
        )
        heads = {int(of): one for of, one in zip(reversed(inquiry), reversed(self.contacts), strict=True)}
        inquiries = [heads.get(number, Contact(0)) for number in range(max(heads, default=-1) + 1)]
        marks = np.arange(count + 1)
        zeros = np.zeros(count, np.int64)
        paid, shifts = sorted(self.paid), sorted(self.shifts)
        return Hand(
            seed=1,
            replication=0,
            inquiries=Inquiries(
                contact_type=np.array([one.kind for one in inquiries], np.int16),
                channel=np.array([one.channel for one in inquiries], np.int16),
                customer=np.array([one.customer for one in inquiries], np.int16),
                language=np.array([one.language for one in inquiries], np.int16),
                first_contact=np.zeros(len(inquiries) + 1, np.int64),
            ),
            contacts=Contacts(
                inquiry=inquiry,
                attempt=np.array([one.attempt for one in self.contacts], np.int16),
                kind=np.array([one.came_by for one in self.contacts], np.int8),
                contact_type=np.array([one.kind for one in self.contacts], np.int16),
                channel=np.array([one.channel for one in self.contacts], np.int16),
                at=zeros,
                balks=zeros.astype(bool),
                silent=zeros.astype(bool),
                skips_self_service=zeros.astype(bool),
                accepts_call_back=zeros.astype(bool),
                reached_on=np.ones(count, np.int16),
                misrouted=zeros.astype(bool),
                retry=zeros,
                repeat=zeros,
                repeat_after=zeros,
                retry_after=zeros,
                first_stage_mark=np.zeros(count + 1, np.int64),
                first_tier_mark=marks,
            ),
            stage_marks=StageMarks(np.zeros(0, np.int16), np.zeros(0, np.int64), np.zeros(0, np.int8)),
            tier_marks=TierMarks(
                tier=np.zeros(count, np.int16),
                talk=1000 * np.array([one.talk for one in self.contacts], np.int64),
                wrap_up=zeros,
                patience=zeros,
                briefing=zeros,
                decide=np.zeros(count),
                sent_back=np.zeros(count, np.bool_),
            ),
            appointments=Appointments(np.zeros(0, np.int64), np.zeros(0, np.int64)),
            exchanges=Exchanges(*(np.zeros(0, np.int64) for _ in range(4))),
            agents=Agents(
                group=np.array(self.agent_groups, np.int16),
                shift=np.full(len(self.agent_groups), -1, np.int16),
                index=np.arange(len(self.agent_groups)),
                speed=np.ones(len(self.agent_groups)),
                new=np.zeros(len(self.agent_groups), bool),
                first_span=np.zeros(len(self.agent_groups) + 1, np.int64),
                span_start=np.zeros(0, np.int64),
                span_end=np.zeros(0, np.int64),
                span_pause=np.zeros(0, np.int64),
                span_shift_end=np.zeros(0, np.int64),
                step_group=np.zeros(len(self.numbers), np.int16),
                step_at=_ms([at for at, _ in self.numbers]),
                step_number=np.array([number for _, number in self.numbers], np.int64),
                first_paid=np.searchsorted([agent for agent, _, _ in paid], np.arange(len(self.agent_groups) + 1)),
                paid_start=_ms([start for _, start, _ in paid]),
                paid_end=_ms([end for _, _, end in paid]),
                first_shift=np.searchsorted([agent for agent, _ in shifts], np.arange(len(self.agent_groups) + 1)),
                shift_begin=_ms([begin for _, begin in shifts]),
            ),
        )

    @property
    def outcome(self) -> Outcome:
        """What happened."""
        contacts, legs = self.contacts, sorted(self.legs, key=lambda leg: leg.contact)
        visits, duty, busy = sorted(self.visits), sorted(self.duty), sorted(self.busy)
        return Outcome(
            contacts=ContactRecords(
                contact=np.arange(len(contacts)),
                begin=_ms([one.begin for one in contacts]),
                end=_ms([one.end for one in contacts]),
                how=_whole([one.how for one in contacts]),
                stage=_whole([one.stage for one in contacts]),
                call_back=_whole([one.call_back for one in contacts]),
            ),
            visits=VisitRecords(
                contact=_whole([visit[0] for visit in visits]),
                stage=_whole([visit[1] for visit in visits]),
                begin=_ms([visit[2] for visit in visits]),
                end=_ms([visit[3] for visit in visits]),
                outcome=_whole([visit[4] for visit in visits]),
            ),
            legs=LegRecords(
                contact=_whole([leg.contact for leg in legs]),
                queue=_whole([leg.queue for leg in legs]),
                backlog=_whole([leg.backlog for leg in legs]),
                enter=_ms([leg.enter for leg in legs]),
                leave=_ms([leg.leave for leg in legs]),
                left=_whole([leg.left for leg in legs]),
                found=_ms([None if leg.found is None else leg.found[0] for leg in legs]),
                agent=_whole([leg.agent if leg.taken or leg.found else NOBODY for leg in legs]),
                row=_whole([leg.row if leg.taken or leg.found else NOBODY for leg in legs]),
                briefing=_ms([leg.briefing for leg in legs]),
                talk_end=_ms([leg.talk_end for leg in legs]),
                talk=_ms([leg.talk for leg in legs]),
                dialled=_whole([leg.dialled or leg.handled == Handled.NOT_REACHED for leg in legs]),
                parked=_ms([leg.parked for leg in legs]),
                hold_end=_ms([leg.hold_end for leg in legs]),
                wrap_up_end=_ms([leg.wrap_up_end for leg in legs]),
                handled=_whole([_handled(leg) for leg in legs]),
            ),
            agents=AgentRecords(
                duty_agent=_whole([agent for agent, _, _ in duty]),
                duty_begin=_ms([begin for _, begin, _ in duty]),
                duty_end=_ms([end for _, _, end in duty]),
                busy_agent=_whole([agent for agent, _, _ in busy]),
                busy_begin=_ms([begin for _, begin, _ in busy]),
                busy_end=_ms([end for _, _, end in busy]),
            ),
        )


def _handled(leg: Leg) -> Handled:
    if leg.found is not None:
        return Handled.NOBODY_THERE
    return leg.handled if leg.taken else Handled.NOT


def _ms(seconds: list[int | None] | list[int]) -> np.ndarray:
    return np.array([MISSING if value is None else 1000 * value for value in seconds], np.int64)


def _whole(values: list[int] | list[bool]) -> np.ndarray:
    return np.array(values, np.int64)
