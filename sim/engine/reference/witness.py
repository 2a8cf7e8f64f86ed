"""A desk that keeps a Journal of the contacts that are watched; the desk itself knows nothing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engine.journal import Cause, Doing, Journal, Look, Person, Take, Talk, Verdict, Work
from sim.engine.reference.desk import Desk
from sim.engine.reference.effort import Effort
from sim.engine.reference.hands import Hands
from sim.engine.rules import MISSING, NOBODY, Left

if TYPE_CHECKING:
    from sim.demand.hand import Hand
    from sim.engine.program import Program
    from sim.engine.reference.people import Agent, Group, Leg


class WitnessedDesk(Desk):
    """A Desk whose every decision about watched contacts is noted before or as it is carried out.

    Parameters
    ----------
    program, hand
        Of the replication.
    journal
        Says who is watched, and is written.
    """

    def __init__(self, program: Program, hand: Hand, journal: Journal) -> None:
        super().__init__(program, hand)
        self.journal = journal
        self.effort = WitnessedEffort(program, hand, journal)
        self.hands = Hands(self.clock, program, hand, self.effort, self.freed)
        self._waiting: list[Leg] = []
        self._routed: Leg | None = None
        self._aside: Leg | None = None
        self._colleague_free = False

    def _route(self, leg: Leg) -> bool:
        if leg.number in self.journal.watched:
            self.journal.looks.append(self._look(leg))
            self._waiting = [one for one in self._waiting if one.left == Left.WAITING and one is not leg]
            self._waiting.append(leg)
        before, self._routed = self._routed, leg
        taken = super()._route(leg)
        self._routed = before
        return taken

    def _look(self, leg: Leg) -> Look:
        rows = self.queues.rows[leg.queue]
        standing = self.queues.standing(leg.queue)
        groups = [self.groups[number] for number in sorted({self.row_group[row] for row in rows})]
        before = [other for other in sorted(standing, key=_order) if _order(other) < _order(leg)]
        return Look(
            at=self.clock.now,
            contact=leg.number,
            queue=leg.queue,
            mark=leg.tier_mark,
            enters=leg.turn is None,
            place=leg.place,
            waiting=sum(other.left == Left.WAITING and other is not leg for other in standing),
            ahead=tuple(other.number for other in before if other.left == Left.WAITING),
            left_silently=tuple(other.number for other in before if other.left == Left.SILENT),
            people=tuple(person for group in groups for person in self._people(group)),
        )

    def _people(self, group: Group) -> list[Person]:
        here = [agent for agent in group.agents if agent.accepting or agent.work or agent.parked]
        return [Person(agent.number, agent.accepting, self._work_of(agent)) for agent in here]

    def _work_of(self, agent: Agent) -> tuple[Work, ...]:
        parked = [Work(leg.number, leg.queue, Doing.PARKED, leg.parked_since) for leg in agent.parked]
        return (*(Work(leg.number, leg.queue, *_doing(leg)) for leg in agent.work), *parked)

    def _lay_aside(self, talk: Leg) -> None:
        self._aside = talk
        super()._lay_aside(talk)

    def _offer_what_opened(self, group: Group) -> None:
        self._colleague_free = True
        super()._offer_what_opened(group)
        self._colleague_free = False

    def take(self, leg: Leg, agent: Agent, row: int) -> None:
        """Let an agent take a leg by a row, and note it if it is watched, or passes over who is."""
        interrupted, self._aside = self._aside, None
        if leg is self._routed:
            cause = Cause.ENTERED if leg.turn is None else Cause.ROW_OPENED
        else:
            cause = Cause.COLLEAGUE_FREE if self._colleague_free else Cause.FREED
        passed_over = tuple((one.number, one.queue) for one in self._waiting if self._passes_over(one, leg, agent))
        number = NOBODY if interrupted is None else interrupted.number
        if passed_over or not self.journal.watched.isdisjoint((leg.number, number)):
            self.journal.takes.append(
                Take(self.clock.now, leg.number, leg.queue, leg.place, agent.number, row, cause, number, passed_over)
            )
        super().take(leg, agent, row)

    def _passes_over(self, watched: Leg, leg: Leg, agent: Agent) -> bool:
        waits = watched.left == Left.WAITING and watched.lane is not None and watched is not leg
        return waits and any(self.row_group[row] == agent.group.number for row in self.queues.rows[watched.queue])


class WitnessedEffort(Effort):
    """Notes what becomes of the dealt lengths and numbers of watched contacts."""

    def __init__(self, program: Program, hand: Hand, journal: Journal) -> None:
        super().__init__(program, hand)
        self._journal = journal

    def talk(self, leg: Leg, now: int) -> int:
        """Return the length (ms) of a talk that its agent begins now."""
        length = super().talk(leg, now)
        if leg.number in self._journal.watched:
            self._journal.talks.append(Talk(now, leg.number, self._talk[leg.tier_mark], length))
        return length

    def as_stated(self, leg: Leg, number: float) -> float:
        """Return where a dealt number stands among the stated shares, the talk being over with its agent."""
        stated = super().as_stated(leg, number)
        if leg.number in self._journal.watched and leg.agent is not None:
            self._journal.verdicts.append(Verdict(leg.number, number, stated, len(leg.agent.work)))
        return stated


def _order(leg: Leg) -> tuple[bool, int, int]:
    """Return where a leg stands in its queue: behind the live or not, its place less its head start, its contact."""
    return leg.behind, leg.place - leg.contact.head_start, leg.number


def _doing(leg: Leg) -> tuple[Doing, int]:
    """Return what the agent does with a leg in hand, and since when (ms)."""
    if leg.found != MISSING:
        return Doing.DETECTION, leg.found
    if leg.warm_from is not None:
        return Doing.BRIEFING, leg.leave
    if leg.talk_end == MISSING:
        return Doing.TALK, leg.resumed
    later = leg.contact.leg
    if later is not None and later.warm_from is leg:
        return (Doing.HOLDING, leg.talk_end) if later.agent is None else (Doing.BRIEFING, later.leave)
    return Doing.WRAP_UP, leg.talk_end if leg.hold_end == MISSING else leg.hold_end
