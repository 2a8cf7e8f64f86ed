"""One queue whose callers are offered a call-back when enough of them wait on the line."""

from __future__ import annotations

from dataclasses import dataclass

from tests.truth.exact.chain import mean, stationary

State = tuple[int, tuple[bool, ...]]
"""Busy agents, and who waits in the order of being taken: True for a call-back, False for a live caller."""


@dataclass(frozen=True)
class CallBackFigures:
    """Steady state; rates are per unit of time."""

    accepted: float
    """Call-backs accepted per unit of time."""
    delay: float
    """Mean time from accepting to the dial."""
    abandonment: float
    """Share of all contacts."""
    queue_length: float
    """Live callers and call-backs together."""
    occupancy: float


def calling_back(
    *,
    arrivals: float,
    handled: float,
    leaving: float,
    agents: int,
    threshold: int,
    accepted: float,
    connects: float,
    behind: bool,
    room: tuple[int, int],
) -> CallBackFigures:
    """M/M/n+M in which who comes when `threshold` live callers wait is offered a call-back.

    The share `accepted` takes the offer, hangs up and has no patience. A call-back keeps its place or, if `behind`,
    stands behind all live callers. Its dial takes no time and reaches the share `connects`; who is not reached is lost,
    and the agent takes the next in the same instant. The chain is the order of the queue, cut at so many live callers
    and call-backs as `room` says.
    """

    def count(queue: tuple[bool, ...]) -> tuple[int, int]:
        called = sum(queue)
        return len(queue) - called, called

    def joined(queue: tuple[bool, ...], called: bool) -> tuple[bool, ...]:
        if behind and not called:
            live = len(queue) - sum(queue)
            return (*queue[:live], False, *queue[live:])
        return (*queue, called)

    def moves(state: State) -> list[tuple[State, float]]:
        busy, queue = state
        found: list[tuple[State, float]] = []
        if busy < agents:
            found.append(((busy + 1, ()), arrivals))
            if busy:
                found.append(((busy - 1, ()), busy * handled))
            return found
        live, called = count(queue)
        share = accepted if live >= threshold else 0.0
        if called < room[1]:
            found.append(((busy, joined(queue, True)), arrivals * share))
        if live < room[0]:
            found.append(((busy, joined(queue, False)), arrivals * (1.0 - share)))
        found += [
            ((busy, (*queue[:place], *queue[place + 1 :])), leaving) for place, one in enumerate(queue) if not one
        ]
        rate, rest = agents * handled, queue
        while rest:
            first, rest = rest[0], rest[1:]
            taken = connects if first else 1.0
            found.append(((busy, rest), rate * taken))
            rate *= 1.0 - taken
        found.append(((busy - 1, ()), rate))
        return found

    law = stationary(
        (0, ()), moves, cut=lambda state: any(n == most for n, most in zip(count(state[1]), room, strict=True))
    )
    offered = mean(law, lambda state: float(state[0] == agents and count(state[1])[0] >= threshold))
    live, called = (mean(law, lambda state, which=which: count(state[1])[which]) for which in (0, 1))
    return CallBackFigures(
        accepted=arrivals * offered * accepted,
        delay=called / (arrivals * offered * accepted),
        abandonment=leaving * live / arrivals,
        queue_length=live + called,
        occupancy=mean(law, lambda state: state[0]) / agents,
    )
