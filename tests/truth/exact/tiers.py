"""Two tiers, one behind the other, with or without a bot in front and with or without patience."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tests.truth.exact.chain import mean, stationary
from tests.truth.exact.waiting import Behind


@dataclass(frozen=True)
class Tier:
    """n agents, each of whom handles at rate `handled`; who waits leaves at rate `leaving` (0: endless patience)."""

    agents: int
    handled: float
    leaving: float = 0.0

    def rate_down(self, present: int) -> float:
        """Rate at which contacts are handled when so many are present."""
        return min(present, self.agents) * self.handled

    def rate_away(self, present: int) -> float:
        """Rate at which contacts abandon when so many are present."""
        return max(present - self.agents, 0) * self.leaving


@dataclass(frozen=True)
class TierFigures:
    """What the contacts that come to a tier meet there, in the steady state."""

    arrivals: float
    waits: float
    abandonment: float
    mean_wait: float
    occupancy: float
    service_level: float
    """Answered within the limit ÷ all that came."""


def tandem(
    *, arrivals: float, contained: float, first: Tier, escalated: float, second: Tier, limit: float
) -> tuple[TierFigures, TierFigures]:
    """Two tiers of patient contacts behind a bot, each by Erlang C.

    The bot takes any time, ends the share `contained` and hands on the rest; the share `escalated` of what the first
    tier handled enters the second queue at once. Departures of M/G/∞ and, in the steady state, of M/M/n are Poisson
    (Burke 1956), so that each tier is M/M/n on its own (Jackson 1957).
    """
    to_first = arrivals * (1.0 - contained)
    return _patient(to_first, first, limit), _patient(to_first * escalated, second, limit)


def _patient(arrivals: float, tier: Tier, limit: float) -> TierFigures:
    load, rest = arrivals / tier.handled, tier.agents - arrivals / tier.handled
    if tier.leaving or rest <= 0.0:
        raise ValueError(
            f"a tier of patient contacts needs leaving rate 0 and load {load:g} below {tier.agents} agents"
        )
    weights = [1.0]
    for busy in range(1, tier.agents + 1):
        weights.append(weights[-1] * load / busy)
    waiting = weights[-1] * tier.agents / rest
    waits = waiting / (math.fsum(weights[:-1]) + waiting)
    return TierFigures(
        arrivals=arrivals,
        waits=waits,
        abandonment=0.0,
        mean_wait=waits / (rest * tier.handled),
        occupancy=load / tier.agents,
        service_level=1.0 - waits * math.exp(-limit * rest * tier.handled),
    )


def joint_chain(
    *, arrivals: float, first: Tier, escalated: float, second: Tier, limit: float, room: tuple[int, int]
) -> tuple[TierFigures, TierFigures]:
    """Two tiers from the joint chain of the numbers present at each, impatient at either or both.

    An impatient first tier does not send Poisson arrivals on: a contact that comes to the second tier finds its states
    in proportion to the rate of handovers in them, not to time. `room` is the most that may be present at each tier.
    """

    def moves(state: tuple[int, int]) -> list[tuple[tuple[int, int], float]]:
        one, two = state
        handed_on = escalated if two < room[1] else 0.0
        found = [
            ((one + 1, two), arrivals if one < room[0] else 0.0),
            ((one - 1, two + 1), first.rate_down(one) * handed_on),
            ((one - 1, two), first.rate_down(one) * (1.0 - handed_on) + first.rate_away(one)),
            ((one, two - 1), second.rate_down(two) + second.rate_away(two)),
        ]
        return [(following, rate) for following, rate in found if rate]

    law = stationary((0, 0), moves, cut=lambda state: state[0] == room[0] or state[1] == room[1])
    handovers = {state: probability * first.rate_down(state[0]) * escalated for state, probability in law.items()}
    return (
        _met(first, {state: probability * arrivals for state, probability in law.items()}, law, 0, limit),
        _met(second, handovers, law, 1, limit),
    )


def _met(
    tier: Tier,
    entering: dict[tuple[int, int], float],
    law: dict[tuple[int, int], float],
    position: int,
    limit: float,
) -> TierFigures:
    """Figures of one tier from the rate of entries by state and the law of the state."""
    rate = math.fsum(entering.values())

    def share(of_present: list[float]) -> float:
        return math.fsum(flow * of_present[state[position]] for state, flow in entering.items()) / rate

    most = max(state[position] for state in law)
    capacity = tier.agents * tier.handled
    in_time = [
        1.0 if present < tier.agents else Behind(present - tier.agents, capacity, tier.leaving).answered_within(limit)
        for present in range(most + 1)
    ]
    waiting = mean(law, lambda state: max(state[position] - tier.agents, 0))
    return TierFigures(
        arrivals=rate,
        waits=share([float(present >= tier.agents) for present in range(most + 1)]),
        abandonment=tier.leaving * waiting / rate,
        mean_wait=waiting / rate,
        occupancy=mean(law, lambda state: min(state[position], tier.agents)) / tier.agents,
        service_level=share(in_time),
    )
