"""Chat: agents hold several contacts at once and are slower at each."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tests.truth.exact.chain import mean, stationary
from tests.truth.exact.waiting import Behind

State = tuple[int, ...]


@dataclass(frozen=True)
class SharingFigures:
    """Steady state of a chat desk."""

    waits: float
    abandonment: float
    mean_wait: float
    handle_time: float
    """Mean time from answer to end, as the slowed customers live it."""
    occupancy: float
    """Share of the agents' time in which they hold any contact."""
    slot_occupancy: float
    service_level: float
    """Answered within the limit ÷ offered."""


def sharing(
    *, arrivals: float, handled: float, pace: tuple[float, ...], agents: int, leaving: float, limit: float, room: int
) -> SharingFigures:
    """Steady state of `agents` who each hold up to len(pace) chats, every one at rate handled × pace[k − 1] among k.

    A new chat goes to an agent with the fewest; when all are full it waits and leaves at rate `leaving`. Who ends a
    chat while others wait takes the first of them; chats are not passed between agents. The state is how many agents
    hold 0, 1, … chats, and how many contacts wait (at most `room`). Work is exponential, so what is left of it is too,
    at whatever pace it goes.
    """
    slots = len(pace)

    def moves(state: State) -> list[tuple[State, float]]:
        holding, waiting = list(state[:-1]), state[-1]
        found: list[tuple[State, float]] = []
        fewest = next(k for k, count in enumerate(holding) if count)
        if fewest < slots:
            found.append((_moved(holding, fewest, fewest + 1), arrivals))
        elif waiting < room:
            found.append(((*holding, waiting + 1), arrivals))
        for k in range(1, slots + 1):
            rate = holding[k] * k * handled * pace[k - 1]
            if rate and waiting:
                found.append(((*holding, waiting - 1), rate))
            elif rate:
                found.append((_moved(holding, k, k - 1), rate))
        if waiting:
            found.append(((*holding, waiting - 1), waiting * leaving))
        return found

    law = stationary((agents, *[0] * slots, 0), moves, cut=lambda state: state[-1] == room)
    capacity = agents * slots * handled * pace[-1]
    in_time = [Behind(ahead, capacity, leaving).answered_within(limit) for ahead in range(room + 1)]
    waiting = mean(law, lambda state: state[-1])
    chats = mean(law, lambda state: sum(k * count for k, count in enumerate(state[:-1])))
    abandonment = leaving * waiting / arrivals
    return SharingFigures(
        waits=mean(law, lambda state: float(state[slots] == agents)),
        abandonment=abandonment,
        mean_wait=waiting / arrivals,
        handle_time=chats / (arrivals * (1.0 - abandonment)),
        occupancy=1.0 - mean(law, lambda state: state[0]) / agents,
        slot_occupancy=chats / (agents * slots),
        service_level=math.fsum(
            probability * (in_time[state[-1]] if state[slots] == agents else 1.0) for state, probability in law.items()
        ),
    )


def _moved(holding: list[int], source: int, target: int) -> State:
    """State with nobody waiting in which one agent holds `target` chats instead of `source`."""
    changed = list(holding)
    changed[source] -= 1
    changed[target] += 1
    return (*changed, 0)
