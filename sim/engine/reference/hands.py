"""What goes on in an agent's hands: talk at a pace, parking, holding, briefing, wrap-up."""

from __future__ import annotations

from collections.abc import Callable

from sim.demand.hand import Hand
from sim.engine.program import Program
from sim.engine.reference.clock import Clock, Moment, place
from sim.engine.reference.effort import Effort
from sim.engine.reference.people import EMPTY_HANDS, FULL_SPEED, WHOLE_HANDS, Agent, Leg
from sim.engine.rules import MISSING, EventKind, Handled


class Hands:
    """Puts work into agents' hands, lets it advance, and takes it out again.

    Parameters
    ----------
    clock
        The replication's clock.
    program
        Says how long a dial takes, and to find out that a customer has left silently.
    hand
        Dealt briefing of each contact at each tier, and which dial reaches whom.
    effort
        Says how long talk and wrap-up take.
    freed
        Called when an agent has finished a piece of work and may take another, inside the event that finished it.
    """

    def __init__(
        self, clock: Clock, program: Program, hand: Hand, effort: Effort, freed: Callable[[Agent], None]
    ) -> None:
        self.clock = clock
        self.effort = effort
        self.freed = freed
        self.briefing: list[int] = hand.tier_marks.briefing.tolist()
        self.dial: list[int] = program.dialling.dial.tolist()
        self.detected_after: list[int] = program.channels.detected_after.tolist()
        self.reached_on: list[int] = hand.contacts.reached_on.tolist()
        self.busy_spans: list[tuple[int, int, int]] = []

    def put(self, leg: Leg, agent: Agent) -> None:
        """Put a leg into an agent's hands. Work of a channel with slots joins other work of its kind."""
        if agent.kind == EMPTY_HANDS:
            agent.kind = leg.channel if agent.group.slot_limit[leg.channel] else WHOLE_HANDS
            if agent.busy_since == MISSING:
                agent.busy_since = self.clock.now
        leg.agent = agent
        agent.work.append(leg)
        if agent.kind >= 0:
            self._change_pace(agent)

    def begin(self, leg: Leg) -> None:
        """Begin the handling of a leg that was just taken: the briefing of a warm handover first, else the talk.

        An agent of both tiers, with a slot to spare, may take over its own handover like anybody else. It has nobody to
        brief and no line to hold: the talk goes on at once, and the wrap-up of the first talk beside it.
        """
        giver = leg.warm_from
        if giver is None:
            self.begin_talk(leg)
            return
        leg.briefing = 0 if giver.agent is leg.agent else self.briefing[leg.tier_mark]
        leg.talk_over = self.clock.event()
        assert giver.agent is not None
        if leg.briefing == 0:
            self._end_briefing(leg)
        else:
            self.clock.call_at(
                self.clock.now + leg.briefing,
                EventKind.TALK_ENDS,
                leg.number,
                giver.agent.number,
                lambda _: self._end_briefing(leg),
            )

    def find_out(self, leg: Leg) -> None:
        """Let an agent who took the place of who had left silently find out that nobody is there any more.

        That takes as long as the channel says, whatever else is in hand and whoever the agent is; there is no wrap-up.
        """
        assert leg.agent is not None
        leg.found = self.clock.now
        self.clock.call_at(
            self.clock.now + self.detected_after[leg.channel],
            EventKind.TALK_ENDS,
            leg.number,
            leg.agent.number,
            lambda _: self._give_up(leg),
        )

    def _give_up(self, leg: Leg) -> None:
        leg.handled = Handled.NOBODY_THERE
        self._finish(leg)

    def _end_briefing(self, leg: Leg) -> None:
        giver, leg.warm_from = leg.warm_from, None
        assert giver is not None
        self.begin_talk(leg)
        self.end_hold(giver)

    def begin_talk(self, leg: Leg) -> None:
        """Let the talk begin, or go on where a former agent left it."""
        if leg.remaining == MISSING:
            leg.remaining = self._dial_and_talk(leg) * FULL_SPEED
        self._run(leg)

    def _dial_and_talk(self, leg: Leg) -> int:
        """Return how long the talk takes at full speed (ms), with the dial if the customer has yet to be reached.

        To dial is the first part of the talk: it goes slower while sharing, and what may interrupt the talk may
        interrupt it. Neither speed nor factors change it. Of a dial in vain there is no more than that.
        """
        contact, talk = leg.contact, self.effort.talk(leg, self.clock.now)
        if not contact.to_dial:
            return talk
        contact.dials += 1
        leg.dialled = True
        leg.in_vain = contact.dials != self.reached_on[leg.number]
        contact.to_dial = leg.in_vain
        return self.dial[leg.channel] + (0 if leg.in_vain else talk)

    def _run(self, leg: Leg) -> None:
        """Let the talk advance from now on at its agent's pace."""
        agent = leg.agent
        assert agent is not None
        leg.resumed = leg.pace_since = self.clock.now
        leg.pace = agent.group.slot_pace[agent.kind][len(agent.work)] if agent.kind >= 0 else FULL_SPEED
        self._set_end(leg)

    def _set_end(self, leg: Leg) -> None:
        """Set the Moment at which the talk ends: now + remaining ÷ pace, rounded up to a whole ms."""
        assert leg.agent is not None
        instant = self.clock.now - (-leg.remaining // leg.pace)
        ends = Moment(self.clock, instant, place(EventKind.TALK_ENDS, leg.number, leg.agent.number))
        if leg.talk_over is not None:
            self.clock.hand_on(leg.talk_over, ends)
        leg.talk_over = ends

    def _advance(self, leg: Leg) -> None:
        """Take off what was said since the pace last changed (in millionths of a ms)."""
        now = self.clock.now
        leg.remaining = max(0, leg.remaining - (now - leg.pace_since) * leg.pace)
        leg.pace_since = now

    def _change_pace(self, agent: Agent) -> None:
        """Set all running talks of an agent to the pace of the number of slots that are now occupied."""
        occupied = len(agent.work)
        pace = agent.group.slot_pace[agent.kind][occupied]
        for leg in agent.work:
            if leg.pace_since != MISSING and leg.pace != pace:
                self._advance(leg)
                leg.pace = pace
                self._set_end(leg)

    def stop(self, leg: Leg) -> None:
        """Take an unfinished talk out of its agent's hands; what remains of it is kept."""
        agent = leg.agent
        assert agent is not None
        self._advance(leg)
        leg.pace_since = MISSING
        paused = self.clock.event()
        assert leg.talk_over is not None
        self.clock.hand_on(leg.talk_over, paused)
        leg.talk_over = paused
        self._take_out(leg, agent)

    def park(self, leg: Leg) -> None:
        """Lay an interrupted talk aside with its agent."""
        self.stop(leg)
        leg.parked_since = self.clock.now
        assert leg.agent is not None
        leg.agent.parked.append(leg)

    def resume(self, leg: Leg) -> None:
        """Go on with a parked talk."""
        agent = leg.agent
        assert agent is not None
        agent.parked.remove(leg)
        self.unpark(leg)
        self.put(leg, agent)
        self._run(leg)

    def unpark(self, leg: Leg) -> None:
        """Account for the time that a talk lay parked until now."""
        leg.parked += self.clock.now - leg.parked_since
        leg.parked_since = MISSING

    def end_talk(self, leg: Leg, hold: bool = False) -> None:
        """Let the talk be over: the agent holds the line for a warm handover, or wraps up."""
        leg.talk_end = self.clock.now
        leg.pace_since = MISSING
        if not hold:
            self._wrap_up(leg)

    def hang_up(self, leg: Leg) -> None:
        """Let a dial in vain be over: nothing is to be wrapped up."""
        leg.talk_end = self.clock.now
        leg.pace_since = MISSING
        self._finish(leg)

    def end_hold(self, leg: Leg) -> None:
        """Let the agent who held the line wrap up."""
        leg.hold_end = self.clock.now
        self._wrap_up(leg)

    def _wrap_up(self, leg: Leg) -> None:
        """Occupy the agent for the wrap-up; without one it is done within the present event."""
        wrap_up = self.effort.wrap_up(leg, self.clock.now)
        if wrap_up == 0:
            self._finish(leg)
            return
        assert leg.agent is not None
        self.clock.call_at(
            self.clock.now + wrap_up, EventKind.WRAP_UP_ENDS, leg.number, leg.agent.number, lambda _: self._finish(leg)
        )

    def _finish(self, leg: Leg) -> None:
        agent = leg.agent
        assert agent is not None
        leg.wrap_up_end = self.clock.now
        agent.since = self.clock.now
        self._take_out(leg, agent)
        self.freed(agent)

    def _take_out(self, leg: Leg, agent: Agent) -> None:
        agent.work.remove(leg)
        if agent.work:
            self._change_pace(agent)
        else:
            agent.kind = EMPTY_HANDS

    def note_empty(self, agent: Agent) -> None:
        """Record that an agent's hands have been full until now and are empty."""
        if agent.busy_since != MISSING:
            if agent.busy_since < self.clock.now:
                self.busy_spans.append((agent.number, agent.busy_since, self.clock.now))
            agent.busy_since = MISSING
