"""Who takes what: the queues, the groups, and the rules that bring a contact and an agent together."""

from __future__ import annotations

from functools import partial

from sim.demand.hand import NEVER, Hand
from sim.engine.program import Program
from sim.engine.reference.call_backs import CallBacks
from sim.engine.reference.clock import Clock
from sim.engine.reference.effort import Effort
from sim.engine.reference.hands import Hands
from sim.engine.reference.interruptions import Interruptions
from sim.engine.reference.people import Agent, Contact, Group, Leg, groups_of
from sim.engine.reference.waiting import Queues
from sim.engine.rules import NO_LIMIT, NOBODY, EventKind, Handled, Left


class Desk:
    """One replication's queues, agents and records."""

    def __init__(self, program: Program, hand: Hand) -> None:
        self.program = program
        self.clock = Clock()
        self.effort = Effort(program, hand)
        self.hands = Hands(self.clock, program, hand, self.effort, self.freed)
        rows = program.rows
        self.rank: list[int] = rows.rank.tolist()
        self.keep_free: list[int] = rows.keep_free.tolist()
        self.row_group: list[int] = rows.group.tolist()
        self.warm_limit: list[int] = program.tiers.warm_limit.tolist()
        self.queue_limit: list[int] = program.channels.queue_limit.tolist()
        self.patience: list[int] = hand.tier_marks.patience.tolist() + [NEVER] * len(hand.exchanges.mark)
        self.balks: list[bool] = hand.contacts.balks.tolist()
        self.silent: list[bool] = hand.contacts.silent.tolist()
        self.call_backs = CallBacks(program.dialling, hand)
        self.queues = Queues(program)
        self.waiting_at_the_door: list[int] = [0] * len(self.queue_limit)
        self.groups = groups_of(program.groups, hand.agents)
        self.interruptions = Interruptions(rows, self.groups)
        self.agents = [agent for group in self.groups for agent in group.agents]
        self.legs: list[Leg] = []
        self.duty_spans: list[tuple[int, int, int]] = []

    # ------------------------------------------------------------------ a contact enters a queue

    def enter(self, contact: Contact, queue: int, tier_mark: int, warm_from: Leg | None = None) -> Leg:
        """Let a contact enter a queue and return its leg, which is taken, turned away, or waits.

        In this order: an agent who can take it; one at interruptible work; the queue limit; balking; the offer of a
        call-back; else it waits. Later queues than a contact's first know neither limit nor balking nor call-backs.
        """
        leg = Leg(contact, queue, tier_mark, contact.entry(self.clock.now))
        leg.warm_from = warm_from
        contact.leg = leg
        contact.legs += 1
        self.legs.append(leg)
        if not self._route(leg):
            first = contact.legs == 1 and contact.live
            limit = self.queue_limit[contact.channel]
            if first and limit != NO_LIMIT and self.waiting_at_the_door[contact.channel] >= limit:
                self._leave(leg, Left.BLOCKED)
            elif first and self.balks[contact.number]:
                self._leave(leg, Left.BALKED)
            else:
                if first:
                    live_waiting = self.waiting_at_the_door[leg.channel]
                    self.call_backs.offer(leg, self.queues.head(leg.queue) or leg, live_waiting)
                leg.at_the_door = first and not leg.contact.to_dial
                self._wait(leg)
        return leg

    def dial_again(self, in_vain: Leg) -> Leg:
        """Let a contact that was not reached enter its queue once more, at its old place, and return the new leg."""
        leg = in_vain.once_more(self.clock.now)
        leg.contact.legs += 1
        self._enter_again(leg)
        return leg

    def put_back(self, leg: Leg) -> None:
        """Return an interrupted leg to its place in the queue, for anyone: a new leg that goes on where it stopped."""
        leg.handled = Handled.RETURNED
        leg.talk_end = self.clock.now
        again = leg.once_more(self.clock.now)
        again.remaining = leg.remaining
        again.in_vain = leg.in_vain
        again.talk_over = leg.talk_over
        self.clock.call_at(
            self.clock.now, EventKind.ENTERS_QUEUE, leg.number, NOBODY, lambda _: self._enter_again(again)
        )

    def _enter_again(self, leg: Leg) -> None:
        self.legs.append(leg)
        if not self._route(leg):
            self._wait(leg)

    def _route(self, leg: Leg) -> bool:
        """Find an agent for a leg that enters its queue or to which a row has opened; return whether one took it.

        Lowest rank first over all groups of the tier; within a rank fewest occupied slots, then longest since it last
        finished or came on duty, then lowest number. Live work that finds nobody may interrupt.
        """
        rows = self.queues.open_rows(leg, self.clock.now)
        at = 0
        while at < len(rows):
            rank = self.rank[rows[at]]
            best: tuple[int, int, int, int] | None = None
            while at < len(rows) and self.rank[rows[at]] == rank:
                row = rows[at]
                found = self._agent_for(row, leg.channel)
                if found is not None:
                    key = (len(found.work), found.since, found.number, row)
                    best = key if best is None or key < best else best
                at += 1
            if best is not None:
                self.take(leg, self.agents[best[2]], best[3])
                return True
        return not leg.backlog and self._interrupt(leg, rows)

    def _agent_for(self, row: int, channel: int) -> Agent | None:
        """Return the agent who would take work of a channel by a row, if at least `keep_free` others are free."""
        group = self.groups[self.row_group[row]]
        keep_free = self.keep_free[row]
        if group.free > keep_free:
            return group.longest_free()
        if group.free == keep_free:
            for occupied in range(1, group.slot_limit[channel]):
                agent = group.longest_sharing(channel, occupied)
                if agent is not None:
                    return agent
        return None

    def _interrupt(self, leg: Leg, rows: list[int]) -> bool:
        """Let live work interrupt backlog talk that its agent took by a later row; return whether it did.

        Who was interrupted goes on to take what now fits beside it: a slot to spare may be of use to a ticket.
        """
        found = self.interruptions.by(rows)
        if found is None:
            return False
        row, talk = found
        assert talk.agent is not None
        self._lay_aside(talk)
        self.take(leg, talk.agent, row)
        while self._take_next(talk.agent):
            pass
        return True

    def _lay_aside(self, talk: Leg) -> None:
        """Take an interrupted talk out of its agent's hands: parked with the agent, or back in the queue for anyone."""
        if self.interruptions.returned_at_once(talk):
            self.hands.stop(talk)
            self.put_back(talk)
        else:
            self.hands.park(talk)

    # ------------------------------------------------------------------ waiting and leaving

    def _wait(self, leg: Leg) -> None:
        self.queues.join(leg)
        leg.turn = self.clock.event()
        if leg.at_the_door:
            self.waiting_at_the_door[leg.channel] += 1
        for after in self.queues.afters[leg.queue]:
            if leg.place + after > self.clock.now:
                self.clock.call_at(
                    leg.place + after, EventKind.AFTER_PASSES, leg.number, NOBODY, lambda _: self._after_passes(leg)
                )
        if leg.warm_from is None:
            self._start_patience(leg)
        else:
            limit = self.warm_limit[self.queues.tier[leg.queue]]
            self.clock.call_at(
                self.clock.now + limit,
                EventKind.PATIENCE_ENDS,
                leg.number,
                NOBODY,
                lambda _: self._warm_limit_passes(leg),
            )

    def _start_patience(self, leg: Leg) -> None:
        """Let a live contact's dealt patience for this queue run from now on; who is called back needs none."""
        patience = self.patience[leg.tier_mark]
        if patience < NEVER and not leg.backlog and not leg.contact.to_dial:
            leg.patience_ends = self.clock.call_at(
                self.clock.now + patience,
                EventKind.PATIENCE_ENDS,
                leg.number,
                NOBODY,
                lambda _: self._give_up(leg),
            )

    def _give_up(self, leg: Leg) -> None:
        """Let a contact leave whose patience has run out: with a sign, or silently.

        Who leaves silently ends there and then, like all who abandon, and is in no limit and no length any more; but
        its place stays in the queue until an agent takes it, by the rules for who waits there, only to find that out.
        """
        silent = self.silent[leg.number]
        self._leave(leg, Left.SILENT if silent else Left.ABANDONED)
        if silent:
            self.queues.join(leg, silently_left=True)

    def _warm_limit_passes(self, leg: Leg) -> None:
        """Let the agent who holds the line go; the customer waits on alone, with fresh patience and the same place.

        Of a leg that was taken in time the briefing goes on.
        """
        giver = leg.warm_from
        if giver is not None and leg.left == Left.WAITING:
            leg.warm_from = None
            self._start_patience(leg)
            self.hands.end_hold(giver)

    def _after_passes(self, leg: Leg) -> None:
        if leg.lane is not None:
            self._route(leg)

    def disconnect(self, leg: Leg) -> None:
        """Let a contact leave its queue because its channel closes; who left silently leaves no place behind."""
        if leg.left == Left.WAITING:
            self._leave(leg, Left.DISCONNECTED)
        leg.lane = None

    def _leave(self, leg: Leg, left: Left) -> None:
        leg.lane = None
        leg.left = left
        leg.leave = self.clock.now
        if leg.turn is None:
            return
        if leg.at_the_door:
            self.waiting_at_the_door[leg.channel] -= 1
        if leg.patience_ends is not None:
            leg.patience_ends.call_off()
        leg.turn.succeed()

    # ------------------------------------------------------------------ an agent takes work

    def take(self, leg: Leg, agent: Agent, row: int) -> None:
        """Let an agent take a leg, or the place of who left it silently, by a row."""
        agent.group.note_not_free(agent)
        leg.row = row
        silent = leg.left == Left.SILENT
        if silent:
            leg.lane = None
        else:
            self._leave(leg, Left.TAKEN)
        self.hands.put(leg, agent)
        if leg.warm_from is not None:
            agent.group.note_sharing(agent)  # known before the giver is let go, who may open a row by that
        if silent:
            self.hands.find_out(leg)
        else:
            self.hands.begin(leg)
        self._note_in_hand(agent)

    def _note_in_hand(self, agent: Agent) -> None:
        """Let contacts know of an agent with work in hand who has a slot to spare, or whose talk may be interrupted."""
        agent.group.note_sharing(agent)
        talk = self.interruptions.talk_of(agent)
        if talk is not None:
            agent.group.note_interruptible(talk)

    def freed(self, agent: Agent) -> None:
        """Let an agent who has finished a piece of work, or came on duty, take what it can.

        Its rows in order, skipping what it cannot hold, until it takes nothing. While more of a group are at work than
        its number says, who finishes takes nothing more and leaves.
        """
        group = agent.group
        if agent.accepting and group.surplus:
            group.surplus -= 1
            self.end_duty(agent)
        while agent.accepting and self._take_next(agent):
            pass
        if agent.work:
            self._note_in_hand(agent)
            return
        self.hands.note_empty(agent)
        if agent.accepting:
            group.note_free(agent)
            self._offer_what_opened(group)
        elif agent.emptied is not None:
            agent.emptied.succeed()
            agent.emptied = None

    def _take_next(self, agent: Agent) -> bool:
        """Let an agent take one piece of work; return whether there was any.

        A parked talk is resumed before new work of the same row or a later one. An agent who is left with a single talk
        that may be interrupted takes live work of earlier rows as if it had just come. (An agent prefers its rows by
        their position; `rank` is how contacts see them.)
        """
        group = agent.group
        parked = self._first_parked(agent)
        talk = self.interruptions.talk_of(agent)
        for row in group.rows:
            if parked is not None and row >= parked.row:
                break
            if group.free < self.keep_free[row]:
                continue
            leg = self.queues.next_of(row, self.clock.now, lambda leg: agent.can_hold(leg.channel))
            if leg is not None:
                self.take(leg, agent, row)
                return True
            if talk is not None and row < talk.row:
                leg = self.queues.next_of(row, self.clock.now, lambda leg: not leg.backlog)
                if leg is not None:
                    self._lay_aside(talk)
                    self.take(leg, agent, row)
                    return True
        if parked is None:
            return False
        self.hands.resume(parked)
        return True

    def _first_parked(self, agent: Agent) -> Leg | None:
        """Return the parked talk that an agent with empty hands goes on with: first row, then parked last."""
        if agent.work or not agent.parked:
            return None
        return min(reversed(agent.parked), key=lambda leg: leg.row)

    def _offer_what_opened(self, group: Group) -> None:
        """Offer what waits to people with a slot to spare or at interruptible work, by rows that have just opened.

        One more free colleague has opened the rows that keep as many free as are free now. Who has just become free
        cannot take by them, being one of the `keep_free` others.
        """
        for row in group.rows:
            while self.keep_free[row] == group.free:
                leg = self.queues.next_of(row, self.clock.now, partial(self._could_go_by, row))
                if leg is None:
                    break
                agent = self._agent_for(row, leg.channel)
                if agent is None:
                    self._interrupt(leg, [row])
                else:
                    self.take(leg, agent, row)

    def _could_go_by(self, row: int, leg: Leg) -> bool:
        if self._agent_for(row, leg.channel) is not None:
            return True
        return not leg.backlog and self.interruptions.by([row]) is not None

    # ------------------------------------------------------------------ duty

    def begin_duty(self, agent: Agent) -> None:
        """Let an agent come on duty."""
        agent.accepting = True
        agent.duty_since = agent.since = self.clock.now
        self.freed(agent)

    def end_duty(self, agent: Agent) -> None:
        """Let an agent's span end: it takes nothing more; what it has parked returns to the queue."""
        agent.accepting = False
        agent.group.note_not_free(agent)
        self.duty_spans.append((agent.number, agent.duty_since, self.clock.now))
        for leg in sorted(agent.parked, key=lambda leg: leg.number):
            self.hands.unpark(leg)
            self.put_back(leg)
        agent.parked.clear()

    def set_number(self, group: Group, number: int) -> None:
        """Set how many of a group of interchangeable people are at work.

        When the number falls, who has been free longest goes first; for the rest, each who finishes leaves. When it
        rises, who has not left yet stays, by number, before others come, by number.
        """
        at_work = sum(agent.accepting for agent in group.agents)
        while at_work > number and (agent := group.longest_free()) is not None:
            self.end_duty(agent)
            at_work -= 1
        group.surplus = max(0, at_work - number)
        away = sorted((not agent.work, agent.number) for agent in group.agents if not agent.accepting)
        for _, who in away[: max(0, number - at_work)]:
            self.begin_duty(group.agent(who))
