"""How long talk and wrap-up take, and how likely they resolve, in whose hands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.demand.hand import AttemptKind

if TYPE_CHECKING:
    from sim.demand.hand import Hand
    from sim.engine.program import Program
    from sim.engine.reference.people import Agent, Leg

Factors = list[list[list[list[float]]]]
"""By group, contact type, tier and channel."""

BELOW_ONE: Final = 1 - 2**-53


class Effort:
    """Turns what was dealt for a leg into what it comes to with the agent who has it.

    Rules
    -----
    - A length is the dealt one × the Program's factor for its type, tier, channel and group × the agent's speed × for
      new people the ramp's factor at the instant in which it begins; after each product it is rounded to a whole ms,
      half to even. A talk that goes on with another agent keeps the length that it began with.
    - Before that, talk is multiplied by the product of the `harder_rest` of all stages that handed the contact on, in
      their order, and rounded once.
    - At the end of talk the share resolved is the Program's for the agent's group and the number of slots then
      occupied, this contact's included. What is not resolved keeps its stated proportions.
    """

    def __init__(self, program: Program, hand: Hand) -> None:
        effects, queues = program.effects, program.queues
        # The marks of exchanges are numbered after those of tiers.
        self._talk: list[int] = hand.tier_marks.talk.tolist() + hand.exchanges.talk.tolist()
        self._wrap_up: list[int] = hand.tier_marks.wrap_up.tolist() + hand.exchanges.wrap_up.tolist()
        self._talk_factor: Factors = effects.talk.tolist()
        self._repeat_talk_factor: Factors = effects.talk_of_repeats.tolist()
        self._is_repeat: list[bool] = (hand.contacts.kind == AttemptKind.REPEAT).tolist()
        self._wrap_up_factor: Factors = effects.wrap_up.tolist()
        self._stated: list[list[list[float]]] = program.tiers.resolved.tolist()
        self._reached: list[list[list[list[list[float]]]]] = effects.resolved.tolist()
        self._ramp_step: list[int] = effects.ramp_step.tolist()
        self._ramp: list[list[float]] = effects.ramp.tolist()
        self._speed: list[float] = hand.agents.speed.tolist()
        self._new: list[bool] = hand.agents.new.tolist()
        self._place: list[tuple[int, int, int]] = list(
            zip(queues.contact_type.tolist(), queues.tier.tolist(), queues.channel.tolist(), strict=True)
        )

    def talk(self, leg: Leg, now: int) -> int:
        """Return the length (ms) of a talk that its agent begins now."""
        factor = self._repeat_talk_factor if self._is_repeat[leg.number] else self._talk_factor
        return self._length(round(self._talk[leg.tier_mark] * leg.contact.harder), factor, leg, now)

    def wrap_up(self, leg: Leg, now: int) -> int:
        """Return the length (ms) of a wrap-up that its agent begins now."""
        return self._length(self._wrap_up[leg.tier_mark], self._wrap_up_factor, leg, now)

    def _length(self, dealt: int, factors: Factors, leg: Leg, now: int) -> int:
        agent = _agent_of(leg)
        group = agent.group.number
        kind, tier, channel = self._place[leg.queue]
        length = round(dealt * factors[group][kind][tier][channel])
        length = round(length * self._speed[agent.number])
        if self._new[agent.number]:
            ramp = self._ramp[group]
            length = round(length * ramp[min(now // self._ramp_step[group], len(ramp) - 1)])
        return length

    def as_stated(self, leg: Leg, number: float) -> float:
        """Return where a dealt number stands among the stated shares, the talk being over with its agent.

        Below the reached share of resolved it counts as resolved; from there on the numbers up to 1 are stretched over
        the stated rest, so that escalated and unresolved keep their proportions.
        """
        kind, tier, channel = self._place[leg.queue]
        stated = self._stated[kind][tier][channel]
        agent = _agent_of(leg)
        reached = self._reached[agent.group.number][kind][tier][channel][len(agent.work)]
        if reached == stated:
            return number
        if number < reached:
            return 0.0
        return min(stated + (number - reached) * ((1 - stated) / (1 - reached)), BELOW_ONE)


def _agent_of(leg: Leg) -> Agent:
    assert leg.agent is not None
    return leg.agent
