"""M/M/n with two priorities: nobody is interrupted, both are handled at the same rate, patience is endless."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tests.truth.exact.chain import mean, stationary


@dataclass(frozen=True)
class Priorities:
    """Mean waits of all contacts of the class, and the law of the first class's wait.

    A. Cobham, "Priority assignment in waiting line problems", Operations Research 2 (1954): with σ the share of the
    agents that a class takes and C the Erlang C of both together, W₁ = C/(nμ)/(1 − σ₁) and W₂ = W₁/(1 − σ₁ − σ₂).
    """

    first_arrivals: float
    second_arrivals: float
    handled: float
    agents: int

    @property
    def waits(self) -> float:
        """Share of either class that waits: Erlang C, summed state by state."""
        load = (self.first_arrivals + self.second_arrivals) / self.handled
        if load >= self.agents:
            raise ValueError(f"load {load:g} leaves {self.agents} agents no rest")
        weights = [1.0]
        for busy in range(1, self.agents + 1):
            weights.append(weights[-1] * load / busy)
        waiting = weights[-1] / (1.0 - load / self.agents)
        return waiting / (math.fsum(weights[:-1]) + waiting)

    @property
    def first_wait(self) -> float:
        """Mean wait of the first class."""
        capacity = self.agents * self.handled
        return self.waits / (capacity - self.first_arrivals)

    @property
    def second_wait(self) -> float:
        """Mean wait of the second class."""
        capacity = self.agents * self.handled
        rest = 1.0 - (self.first_arrivals + self.second_arrivals) / capacity
        return self.first_wait / rest

    def first_within(self, limit: float) -> float:
        """Share of the first class answered within `limit`: who waits does so exponentially, of mean 1/(nμ − λ₁)."""
        return 1.0 - self.waits * math.exp(-limit * (self.agents * self.handled - self.first_arrivals))


def mean_waits_by_chain(
    first_arrivals: float, second_arrivals: float, handled: float, agents: int, room: int
) -> tuple[float, float]:
    """Both mean waits from the chain (busy agents, waiting of the first, waiting of the second class), by Little."""
    arrivals = first_arrivals + second_arrivals

    def moves(state: tuple[int, int, int]) -> list[tuple[tuple[int, int, int], float]]:
        busy, first, second = state
        if busy < agents:
            return [((busy + 1, 0, 0), arrivals), ((busy - 1, 0, 0), busy * handled)]
        if first:
            taken = (agents, first - 1, second)
        elif second:
            taken = (agents, 0, second - 1)
        else:
            taken = (agents - 1, 0, 0)
        found = [(taken, agents * handled)]
        if first < room:
            found.append(((agents, first + 1, second), first_arrivals))
        if second < room:
            found.append(((agents, first, second + 1), second_arrivals))
        return found

    law = stationary((0, 0, 0), moves, cut=lambda state: room in state[1:])
    return mean(law, lambda state: state[1]) / first_arrivals, mean(law, lambda state: state[2]) / second_arrivals
