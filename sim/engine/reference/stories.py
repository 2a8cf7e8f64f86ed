"""The stories that the reference engine plays: a contact's, an agent's day, a channel's closing, a group's number.

Each is a SimPy process that can be read aloud. What happens between contacts and agents is told in `desk`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator
from typing import Any, Final

import simpy

from sim.demand.hand import NEVER, NONE, Hand, StageOutcome
from sim.engine.program import Program, Spans
from sim.engine.reference.chasers import Chasers
from sim.engine.reference.desk import Desk
from sim.engine.reference.people import Agent, Contact, Group, Leg
from sim.engine.reference.ways import Way, Ways
from sim.engine.rules import (
    MISSING,
    NO_LIMIT,
    REPEATED_ENDS,
    End,
    EventKind,
    Handled,
    Handover,
    Left,
    WhenClosed,
)

Story = Generator[simpy.Event, Any, None]

END_OF_STAGE: Final = {
    StageOutcome.RESOLVED: End.RESOLVED_BY_STAGE,
    StageOutcome.FALSELY_RESOLVED: End.FALSELY_RESOLVED,
    StageOutcome.GAVE_UP: End.GAVE_UP,
}
"""How a contact ends that a self-service stage does not hand on."""

END_OF_LEFT: Final = {
    Left.ABANDONED: End.ABANDONED,
    Left.BALKED: End.BALKED,
    Left.BLOCKED: End.BLOCKED,
    Left.DISCONNECTED: End.DISCONNECTED,
    Left.SILENT: End.SILENT,
}
"""How a contact ends that left its queue without having been taken."""

END_OF_HANDLED: Final = {
    Handled.RESOLVED: End.RESOLVED,
    Handled.UNRESOLVED: End.UNRESOLVED,
    Handled.CHASED: End.CHASED,
}
"""How a contact ends whose matter goes on at no other tier."""


class Openings:
    """Whether something is open at an instant: exactly if the instant lies in a half-open span."""

    def __init__(self, spans: Spans) -> None:
        self.starts: list[int] = spans[:, 0].tolist()
        self.ends: list[int] = spans[:, 1].tolist()

    def at(self, instant: int) -> bool:
        """Return whether it is open at `instant` (ms)."""
        span = bisect_right(self.starts, instant) - 1
        return span >= 0 and instant < self.ends[span]

    def after(self, instant: int, length: int) -> int:
        """Return the first instant by which it was open for `length` ms since `instant`; NEVER if none is."""
        for start, end in zip(self.starts, self.ends, strict=True):
            open_for = max(0, end - max(start, instant))
            if open_for >= length:
                return max(start, instant) + length
            length -= open_for
        return NEVER


class Stories:
    """Tells the stories of one replication on a Desk."""

    def __init__(self, program: Program, hand: Hand, desk: Desk) -> None:
        self.program, self.hand, self.desk, self.clock = program, hand, desk, desk.clock
        channels, tiers, contacts = program.channels, program.tiers, hand.contacts
        self.live: list[bool] = channels.live.tolist()
        self.open = [Openings(spans) for spans in channels.open]
        self.stage_open = [Openings(spans) for spans in program.stages.open]
        self.stage_limit: list[int] = program.stages.limit.tolist()
        self.harder_rest: list[float] = program.stages.harder_rest.tolist()
        self.in_stage = [0] * len(self.stage_limit)
        self.when_closed: list[int] = channels.when_closed.tolist()
        self.lines: list[int] = channels.lines.tolist()
        self.lines_taken = [0] * len(self.lines)
        self.retry_when: list[int] = channels.retry_when.tolist()
        self.outbound: list[bool] = program.dialling.outbound.tolist()
        self.again_after: list[int] = program.dialling.again_after.tolist()
        self.tries: list[int] = program.dialling.tries.tolist()
        self.handover: list[int] = tiers.handover.tolist()
        self.tier_clock = [Openings(spans) for spans in tiers.clock]
        appointments = hand.appointments
        self.appointment = dict(zip(appointments.mark.tolist(), appointments.delay.tolist(), strict=True))
        self.chasers = Chasers(hand)
        self.ways = Ways(program, hand, desk.effort, self.chasers.numbers)
        self.first_tier: list[int] = tiers.first.tolist()
        self.misrouted_to: list[int] = tiers.misrouted_to.tolist()
        self.misrouted: list[bool] = contacts.misrouted.tolist()
        self.first_tier_mark: list[int] = contacts.first_tier_mark.tolist()
        self.queue_of: list[list[list[list[int]]]] = program.queues.of.tolist()
        self.language: list[int] = hand.inquiries.language[contacts.inquiry].tolist()
        self.contact_type: list[int] = contacts.contact_type.tolist()
        self.channel: list[int] = contacts.channel.tolist()
        self.inquiry: list[int] = contacts.inquiry.tolist()
        self.customer: list[int] = hand.inquiries.customer.tolist()
        self.head_start: list[int] = [*program.head_start.tolist(), 0]  # the last one of who has no segment (NONE)
        self.skips_self_service: list[bool] = contacts.skips_self_service.tolist()
        self.retry: list[int] = contacts.retry.tolist()
        self.retry_after: list[int] = contacts.retry_after.tolist()
        self.repeat: list[int] = contacts.repeat.tolist()
        self.repeat_after: list[int] = contacts.repeat_after.tolist()
        self.first_stage_mark: list[int] = contacts.first_stage_mark.tolist()
        self.stage: list[int] = hand.stage_marks.stage.tolist()
        self.takes: list[int] = hand.stage_marks.takes.tolist()
        self.stage_outcome: list[int] = hand.stage_marks.outcome.tolist()
        self.contacts: list[Contact] = []
        self.visits: list[list[int]] = []

    # ------------------------------------------------------------------ contacts

    def arrivals(self) -> Story:
        """The first contact of each inquiry arrives, one after the other; the initial backlog waits since it came."""
        contacts = self.hand.contacts
        first = self.hand.inquiries.first_contact[:-1]
        for number, at in zip(first.tolist(), contacts.at[first].tolist(), strict=True):
            if at < 0:
                yield self.clock.at(0, EventKind.ENTERS_QUEUE, number)
                self.clock.process(self.waiting_case(number, at))
            else:
                yield self.clock.at(at, EventKind.ARRIVES, number)
                self.clock.process(self.contact(number))

    def askings(self) -> Story:
        """Customers ask what became of their cases, one after the other."""
        for number, at in self.chasers.coming:
            yield self.clock.at(at, EventKind.ARRIVES, number)
            if self.chasers.asks(number):
                self.clock.process(self.contact(number))

    def contact(self, number: int) -> Story:
        """A contact comes to the door, tries self-service, then people; where it fails, it may try again later."""
        contact = self._begin(number, self.clock.now)
        how = self._at_the_door(contact)
        if how is None:
            how = yield from self._through_self_service(contact)
        if how is None:
            how = yield from self._with_people(contact)
        self._end(contact, how)

    def waiting_case(self, number: int, came: int) -> Story:
        """A case that came before the start, past door and self-service, waits in its queue since then."""
        contact = self._begin(number, came)
        how = yield from self._with_people(contact)
        self._end(contact, how)

    def _begin(self, number: int, at: int) -> Contact:
        channel = self.channel[number]
        contact = Contact(number, self.contact_type[number], channel, self.live[channel], at)
        contact.head_start = self.head_start[self.customer[self.inquiry[number]]]
        self.contacts.append(contact)
        self.chasers.note(self.inquiry[number], contact)
        return contact

    def _at_the_door(self, contact: Contact) -> End | None:
        """Ask the door once, on arrival; return how the contact ends if it is not let in."""
        channel = contact.channel
        if not self.open[channel].at(self.clock.now) and self.when_closed[channel] == WhenClosed.REFUSE:
            return End.REFUSED
        if self.lines[channel] != NO_LIMIT:
            if self.lines_taken[channel] >= self.lines[channel]:
                return End.BUSY
            self.lines_taken[channel] += 1
            contact.holds_line = True
        return None

    def _through_self_service(self, contact: Contact) -> Generator[simpy.Event, Any, End | None]:
        """Pass the stages that front the channel, in order; return how the contact ends if it needs no person.

        A stage that is closed, or full, at the instant at which the contact would come to it is passed by. What a stage
        hands on is harder work: the factors of several stages multiply.
        """
        number, channel = contact.number, contact.channel
        may_reach_people = self.when_closed[channel] != WhenClosed.SELF_SERVICE_ONLY or self.open[channel].at(
            self.clock.now
        )
        met_a_stage = False
        if not self.skips_self_service[number]:
            for mark in range(self.first_stage_mark[number], self.first_stage_mark[number + 1]):
                stage = self.stage[mark]
                full = self.stage_limit[stage] != NO_LIMIT and self.in_stage[stage] >= self.stage_limit[stage]
                if full or not self.stage_open[stage].at(self.clock.now):
                    continue
                met_a_stage = True
                self.in_stage[stage] += 1
                visit = [number, stage, self.clock.now, MISSING, MISSING]
                self.visits.append(visit)
                yield self.clock.at(self.clock.now + self.takes[mark], EventKind.SELF_SERVICE_ENDS, number)
                self.in_stage[stage] -= 1
                visit[3], visit[4] = self.clock.now, self.stage_outcome[mark]
                if self.stage_outcome[mark] != StageOutcome.HANDED_ON:
                    contact.stage = stage
                    return END_OF_STAGE[StageOutcome(self.stage_outcome[mark])]
                contact.harder *= self.harder_rest[stage]
        if not may_reach_people:
            return End.REFUSED
        if met_a_stage:
            yield self.clock.at(self.clock.now, EventKind.ENTERS_QUEUE, number)
        return None

    def _with_people(self, contact: Contact) -> Generator[simpy.Event, Any, End]:
        """Wait for a person of the first tier, talk, and go from tier to tier until the matter ends.

        The wrong desk holds who is misrouted for triage, which has no wrap-up and is not the work that self-service
        made harder; in the instant in which it ends the contact enters its right queue, with fresh patience.
        """
        way, channel = self.ways.of(contact), contact.channel
        contact.to_dial = self.outbound[channel]
        astray = self.misrouted[contact.number]
        harder, contact.harder = contact.harder, 1.0 if astray else contact.harder
        leg = self.desk.enter(contact, *self._first_queue(contact, way))
        if contact.to_dial:
            self._hang_up(contact)
        while True:
            if leg.turn is not None:
                yield leg.turn
            if leg.left != Left.TAKEN:
                return END_OF_LEFT[leg.left]
            assert leg.talk_over is not None
            yield leg.talk_over
            assert contact.leg is not None
            leg = contact.leg
            if leg.in_vain:
                leg.handled = Handled.NOT_REACHED
                self.desk.hands.hang_up(leg)
                if contact.dials == self.tries[channel]:
                    return End.NOT_REACHED
                yield self.clock.at(self.clock.now + self.again_after[channel], EventKind.ENTERS_QUEUE, contact.number)
                leg = self.desk.dial_again(leg)
                continue
            leg.handled = Handled.TRANSFERRED if astray else way.after_talk(leg)
            if leg.handled in END_OF_HANDLED:
                self.desk.hands.end_talk(leg)
                return END_OF_HANDLED[leg.handled]
            giver = None
            if astray:
                self.desk.hands.end_talk(leg)
                astray, contact.harder = False, harder
            elif leg.handled == Handled.CONTINUED:
                self.desk.hands.end_talk(leg)
            else:
                giver = self._hand_over(contact, leg, way.tier)
            yield self.clock.at(self._entry(way), EventKind.ENTERS_QUEUE, contact.number)
            leg = self.desk.enter(contact, self._queue(contact, way.tier, contact.contact_type), way.leg_mark, giver)

    def _first_queue(self, contact: Contact, way: Way) -> tuple[int, int]:
        """Return the first queue that a contact comes to, and the tier mark that holds there.

        Who is misrouted comes to the first queue of the type that it is taken for. That queue is the contact's first:
        its limit, balking, call-backs and patience apply there.
        """
        kind, tier, mark = contact.contact_type, way.tier, way.mark
        if self.misrouted[contact.number]:
            kind = self.misrouted_to[kind]
            tier, mark = self.first_tier[kind], self.first_tier_mark[contact.number + 1] - 1
        return self._queue(contact, tier, kind), mark

    def _queue(self, contact: Contact, tier: int, kind: int) -> int:
        """Return the queue of a tier and type that a contact comes to: on its channel, in its inquiry's language."""
        return self.queue_of[tier][kind][contact.channel][self.language[contact.number]]

    def _entry(self, way: Way) -> int:
        """Return when a contact whose matter goes on enters the tier's queue.

        A case whose customer writes again: when the reply comes, by plain time. Who was handed over: now, or when its
        appointment has come. An appointment's dealt delay runs on the tier's clock; one of nothing is over at once,
        whether the clock runs or not.
        """
        if way.exchange != NONE:
            return self.clock.now + way.reply_after
        delay = self.appointment.get(way.mark, 0)
        return self.tier_clock[way.tier].after(self.clock.now, delay) if delay else self.clock.now

    def _hand_over(self, contact: Contact, leg: Leg, tier: int) -> Leg | None:
        """End the talk of a leg whose matter goes on at another tier; return it if its agent holds the line meanwhile.

        The tier that takes it over says how, whether it is escalated to it or sent back to it.
        """
        if contact.live and self.handover[tier] == Handover.TICKET:
            contact.live = False
            self._hang_up(contact)
        warm = contact.live and self.handover[tier] == Handover.WARM
        self.desk.hands.end_talk(leg, hold=warm)
        return leg if warm else None

    def _hang_up(self, contact: Contact) -> None:
        """Give the line back: at the end of talk, on leaving, on becoming a ticket."""
        if contact.holds_line:
            contact.holds_line = False
            self.lines_taken[contact.channel] -= 1

    def _end(self, contact: Contact, how: End) -> None:
        """End a contact and, if its end calls for it and the dealt numbers say so, let the customer come again.

        A retry follows the ends that its channel retries; a repeat follows what left the inquiry unresolved: by a
        person, by a stage that it gave up at, or by one that only thinks it resolved. Both count their time from the
        instant of leaving (of a ticket: from the end of the talk that left it unresolved).
        """
        contact.end, contact.how = self.clock.now, how
        self._hang_up(contact)
        number = contact.number
        if self.retry_when[contact.channel] >> how & 1:
            self._come_again(self.retry[number], self.retry_after[number])
        elif how in REPEATED_ENDS:
            self._come_again(self.repeat[number], self.repeat_after[number])

    def _come_again(self, number: int, after: int) -> None:
        if number != NONE:
            self.clock.call_at(
                self.clock.now + after,
                EventKind.ARRIVES,
                number,
                NONE,
                lambda _: self.clock.process(self.contact(number)),
            )

    # ------------------------------------------------------------------ agents and channels

    def agent_day(self, agent: Agent, spans: list[tuple[int, int, int, int]]) -> Story:
        """An agent comes on duty and leaves, span after span (start, end, break before it, end of its shift; ms).

        A break begins when the hands are empty and keeps its length, so that the next span may begin later; what lies
        between other spans keeps to the clock.
        """
        break_over = 0
        shift = MISSING
        for start, end, pause, shift_end in spans:
            if shift_end != shift:
                shift, break_over = shift_end, 0
            if pause:
                if agent.work:
                    agent.emptied = self.clock.event()
                    yield agent.emptied
                break_over = self.clock.now + pause
            begin = max(start, break_over, self.clock.now)
            if begin < end:
                yield self.clock.at(begin, EventKind.SPAN_BEGINS, agent=agent.number)
                self.desk.begin_duty(agent)
                yield self.clock.at(end, EventKind.SPAN_ENDS, agent=agent.number)
                self.desk.end_duty(agent)

    def staffing(self, group: Group, steps: list[tuple[int, int]]) -> Story:
        """The number of interchangeable people at work changes at each step (instant in ms, number)."""
        number = 0
        for at, new in steps:
            kind = EventKind.SPAN_BEGINS if new >= number else EventKind.SPAN_ENDS
            yield self.clock.at(at, kind, agent=group.first_agent)
            self.desk.set_number(group, new)
            number = new

    def closings(self, channel: int) -> Story:
        """When the channel closes, those who wait alone in a live queue are disconnected.

        With them go the places of who left silently before.
        """
        for end in self.open[channel].ends:
            yield self.clock.at(end, EventKind.CHANNEL_CLOSES)
            for leg in self.desk.queues.standing_alone(channel):
                self.desk.disconnect(leg)

    def begin_all(self) -> None:
        """Let every story of the replication begin."""
        agents = self.hand.agents
        first = agents.first_span.tolist()
        columns = (agents.span_start, agents.span_end, agents.span_pause, agents.span_shift_end)
        spans = list(zip(*(column.tolist() for column in columns), strict=True))
        for agent in self.desk.agents:
            if first[agent.number] < first[agent.number + 1]:
                self.clock.process(self.agent_day(agent, spans[first[agent.number] : first[agent.number + 1]]))
        for group in self.desk.groups:
            mine = agents.step_group == group.number
            if mine.any():
                steps = list(zip(agents.step_at[mine].tolist(), agents.step_number[mine].tolist(), strict=True))
                self.clock.process(self.staffing(group, steps))
        for channel, clears in enumerate(self.program.channels.clears_at_closing.tolist()):
            if clears:
                self.clock.process(self.closings(channel))
        self.clock.process(self.arrivals())
        self.clock.process(self.askings())
