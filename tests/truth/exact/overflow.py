"""Two groups of agents of which the second helps the first when enough of it are free."""

from __future__ import annotations

from dataclasses import dataclass

from tests.truth.exact.chain import mean, stationary

State = tuple[int, int, int, int, int]
"""At work: first group; second group on its own contacts, on the first's; waiting: the first's, the second's."""


@dataclass(frozen=True)
class Side:
    """A contact type and its group: rates per unit of time."""

    arrivals: float
    handled: float
    leaving: float
    agents: int


@dataclass(frozen=True)
class SideFigures:
    """What contacts of a type meet, and how busy their group is, in the steady state."""

    waits: float
    abandonment: float
    mean_wait: float
    occupancy: float


def overflow(first: Side, second: Side, keep_free: int, room: tuple[int, int]) -> tuple[SideFigures, SideFigures]:
    """Two types, each with its group; the second group also takes the first type if `keep_free` others are free.

    A contact of the first type prefers its own group. An agent of the second group who finishes takes a waiting contact
    of its own type, else one of the first type if at least `keep_free` of its colleagues are free. Either type is
    impatient. The chain is cut at so many waiting of each type as `room` says.
    """

    def freed(state: State) -> State:
        """Give what follows once a second agent has finished (and is not counted any more)."""
        busy, own, helping, one, two = state
        if two:
            return busy, own + 1, helping, one, two - 1
        others_free = second.agents - own - helping - 1
        if one and others_free >= keep_free:
            return busy, own, helping + 1, one - 1, two
        return state

    def moves(state: State) -> list[tuple[State, float]]:
        busy, own, helping, one, two = state
        free = second.agents - own - helping
        found: list[tuple[State, float]] = []
        if busy < first.agents:
            found.append(((busy + 1, own, helping, one, two), first.arrivals))
        elif free > keep_free:
            found.append(((busy, own, helping + 1, one, two), first.arrivals))
        elif one < room[0]:
            found.append(((busy, own, helping, one + 1, two), first.arrivals))
        if free:
            found.append(((busy, own + 1, helping, one, two), second.arrivals))
        elif two < room[1]:
            found.append(((busy, own, helping, one, two + 1), second.arrivals))
        if busy:
            following = (busy, own, helping, one - 1, two) if one else (busy - 1, own, helping, one, two)
            found.append((following, busy * first.handled))
        if own:
            found.append((freed((busy, own - 1, helping, one, two)), own * second.handled))
        if helping:
            found.append((freed((busy, own, helping - 1, one, two)), helping * first.handled))
        if one:
            found.append(((busy, own, helping, one - 1, two), one * first.leaving))
        if two:
            found.append(((busy, own, helping, one, two - 1), two * second.leaving))
        return found

    law = stationary((0, 0, 0, 0, 0), moves, cut=lambda state: state[3] == room[0] or state[4] == room[1])

    def free_of_second(state: State) -> int:
        return second.agents - state[1] - state[2]

    one, two = mean(law, lambda state: state[3]), mean(law, lambda state: state[4])
    return (
        SideFigures(
            waits=mean(law, lambda state: float(state[0] == first.agents and free_of_second(state) <= keep_free)),
            abandonment=first.leaving * one / first.arrivals,
            mean_wait=one / first.arrivals,
            occupancy=mean(law, lambda state: state[0]) / first.agents,
        ),
        SideFigures(
            waits=mean(law, lambda state: float(free_of_second(state) == 0)),
            abandonment=second.leaving * two / second.arrivals,
            mean_wait=two / second.arrivals,
            occupancy=1.0 - mean(law, free_of_second) / second.agents,
        ),
    )
