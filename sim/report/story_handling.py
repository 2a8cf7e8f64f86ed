"""What made a talk as long as it was, and which number decided what it came to, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.demand.hand import AttemptKind, StageOutcome
from sim.engine.rules import Handled
from sim.report.story_names import percent, span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.engine.journal import Talk, Verdict
    from sim.experiment.witness import Witnessed
    from sim.report.story_names import Names


class Handling:
    """Tells of an agent's work on a contact.

    Parameters
    ----------
    seen
        The replication and its journal.
    names
        Writes its numbers.
    """

    def __init__(self, seen: Witnessed, names: Names) -> None:
        self._seen = seen
        self._names = names

    def length(self, talk: Talk, leg: int) -> str:
        """Tell how the length of a talk comes of the dealt one."""
        factors = [f" × {percent(factor)} ({why})" for factor, why in self._factors(talk, leg) if factor != 1.0]
        made = f" = {span(talk.length)}" if factors else ""
        return f"talk of {span(talk.dealt)} dealt{''.join(factors)}{made}"

    def _factors(self, talk: Talk, leg: int) -> Iterator[tuple[float, str]]:
        """Give what multiplies dealt talk, in the order in which it does."""
        scenario, labels = self._seen.scenario, self._names.labels
        legs, queues, hand = self._seen.outcome.legs, self._seen.program.queues, self._seen.hand
        agent, queue = int(legs.agent[leg]), int(legs.queue[leg])
        tier, kind, channel = (int(of[queue]) for of in (queues.tier, queues.contact_type, queues.channel))
        group = scenario.agent_groups[labels.groups[hand.agents.group[agent]]]
        if legs.handled[leg] != Handled.TRANSFERRED:
            visits = self._seen.outcome.visits
            for stage in visits.stage[(visits.contact == talk.contact) & (visits.outcome == StageOutcome.HANDED_ON)]:
                name = labels.stages[stage]
                yield scenario.self_service[name].harder_rest, f"what {name} hands on"
        for name, assist in scenario.assists.items():
            of = (
                (assist.agent_groups, labels.groups[hand.agents.group[agent]]),
                (assist.contact_types, labels.contact_types[kind]),
                (assist.tiers, labels.tiers[tier]),
                (assist.channels, labels.channels[channel]),
            )
            if all(wanted is None or own in wanted for wanted, own in of):
                yield assist.handle_time, f"assist {name}"
        if scenario.history.shared:
            if tier > self._seen.program.tiers.first[kind]:
                yield scenario.history.escalated_handle_time, "history of who escalated it"
            if hand.contacts.kind[talk.contact] == AttemptKind.REPEAT:
                yield scenario.history.repeat_handle_time, "history of the contact before"
        yield 1 / group.pace, f"the group's pace of {percent(group.pace)}"
        yield float(hand.agents.speed[agent]), "the agent's own speed"
        if hand.agents.new[agent] and group.ramp is not None:
            step = talk.at // group.ramp.per
            if step < len(group.ramp.handle_time):
                yield group.ramp.handle_time[step], "new people"

    def beyond(self, talk: Talk, leg: int) -> Iterator[str]:
        """Tell what else the talk took: dialling, sharing, lying aside."""
        legs = self._seen.outcome.legs
        channel = self._seen.program.queues.channel[legs.queue[leg]]
        dial = int(self._seen.program.dialling.dial[channel]) if legs.dialled[leg] else 0
        slower = int(legs.talk[leg]) - talk.length - dial
        if dial:
            yield f"{span(dial)} of dialling before"
        if slower > 0:
            yield f"{span(slower)} more for work shared with others in hand"
        if legs.parked[leg] > 0:
            yield f"laid aside for {span(int(legs.parked[leg]))} meanwhile"

    def verdict(self, verdict: Verdict, leg: int) -> str:
        """Tell which number decided against which table."""
        legs, queues, program = self._seen.outcome.legs, self._seen.program.queues, self._seen.program
        queue = legs.queue[leg]
        tier, kind, channel = queues.tier[queue], queues.contact_type[queue], queues.channel[queue]
        tiers = self._names.labels.tiers
        resolved = float(program.tiers.resolved[kind, tier, channel])
        shares, below = [f"resolved below {resolved:.4g}"], resolved
        for number, upto in enumerate(program.tiers.escalated[kind, tier, channel].tolist()):
            if upto > below:
                shares.append(f"escalated to {tiers[number]} below {upto:.4g}")
                below = upto
        if below < 1:
            shares.append("unresolved from there on")
        text = f"dealt number {verdict.dealt:.4f}"
        if verdict.dealt != verdict.stated:
            group = self._seen.hand.agents.group[legs.agent[leg]]
            reached = float(program.effects.resolved[group, kind, tier, channel, verdict.occupied])
            text += f"; in these hands {percent(reached)} are resolved, "
            text += f"where it counts as {verdict.stated:.4f}" if verdict.stated else "of which this is one"
        return f"{text} ({', '.join(shares)})"
