"""Contacts that come again: after an abandoned wait, or after a busy tone."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tests.truth.exact.chain import mean, stationary
from tests.truth.exact.waiting import Behind

State = tuple[int, ...]


@dataclass(frozen=True)
class RetrialFigures:
    """Steady state of a queue whose lost contacts retry; shares are of contacts, first ones and retries together."""

    contacts: float
    """Contacts per unit of time, retries included."""
    waits: float
    abandonment: float
    mean_wait: float
    occupancy: float
    service_level: float
    """Answered within the limit ÷ contacts."""


def after_abandoning(
    *,
    arrivals: float,
    handled: float,
    leaving: float,
    agents: int,
    retrying: float,
    returning: float,
    limit: float,
    room: tuple[int, int],
) -> RetrialFigures:
    """M/M/n+M whose abandoned contacts retry with probability `retrying`, any number of times.

    Who retries comes back after an exponential time of rate `returning`, with fresh patience. The chain is (present,
    away), cut at `room`. A desk that allows only so many attempts differs by what inquiries that need more would add.
    """

    def moves(state: tuple[int, int]) -> list[tuple[tuple[int, int], float]]:
        present, away = state
        found = [((present - 1, away), min(present, agents) * handled)] if present else []
        lost = max(present - agents, 0) * leaving
        if lost:
            kept = retrying if away < room[1] else 0.0
            found += [((present - 1, away + 1), lost * kept), ((present - 1, away), lost * (1.0 - kept))]
        if present < room[0]:
            found.append(((present + 1, away), arrivals))
            if away:
                found.append(((present + 1, away - 1), away * returning))
        return found

    law = stationary((0, 0), moves, cut=lambda state: state[0] == room[0] or state[1] == room[1])
    entering = {state: probability * (arrivals + state[1] * returning) for state, probability in law.items()}
    contacts = math.fsum(entering.values())
    in_time = [
        1.0 if present < agents else Behind(present - agents, agents * handled, leaving).answered_within(limit)
        for present in range(room[0] + 1)
    ]
    waiting = mean(law, lambda state: max(state[0] - agents, 0))
    return RetrialFigures(
        contacts=contacts,
        waits=math.fsum(flow for state, flow in entering.items() if state[0] >= agents) / contacts,
        abandonment=leaving * waiting / contacts,
        mean_wait=waiting / contacts,
        occupancy=mean(law, lambda state: min(state[0], agents)) / agents,
        service_level=math.fsum(flow * in_time[state[0]] for state, flow in entering.items()) / contacts,
    )


@dataclass(frozen=True)
class BusyFigures:
    """Steady state of lines without a queue whose busy contacts retry."""

    contacts: float
    """Contacts per unit of time, retries included."""
    busy: float
    """Share of contacts that hear the busy tone."""
    occupancy: float
    reached: float
    """Share of inquiries that get through at one of their attempts."""


def after_busy_tone(
    *, arrivals: float, handled: float, agents: int, retrying: float, returning: float, attempts: int, room: int
) -> BusyFigures:
    """M/M/n/n (a line an agent) whose busy contacts retry with probability `retrying`, at most `attempts` times.

    Who retries comes back after an exponential time of rate `returning`. The chain counts the contacts that are away by
    the attempts they have made, at most `room` of each, so that the limit on attempts is kept exactly.
    """

    def changed(state: State, *steps: tuple[int, int]) -> State:
        found = list(state)
        for position, step in steps:
            found[position] += step
        return tuple(found)

    def moves(state: State) -> list[tuple[State, float]]:
        present = state[0]
        found = [(changed(state, (0, -1)), present * handled)] if present else []
        for tried in range(attempts + 1):
            rate = arrivals if tried == 0 else state[tried] * returning
            back = [(tried, -1)] if tried else []
            if rate == 0.0:
                continue
            if present < agents:
                found.append((changed(state, *back, (0, 1)), rate))
                continue
            again = retrying if tried < attempts and state[tried + 1] < room else 0.0
            if again:
                found.append((changed(state, *back, (tried + 1, 1)), rate * again))
            if back and again < 1.0:
                found.append((changed(state, *back), rate * (1.0 - again)))
        return found

    law = stationary((0,) * (attempts + 1), moves, cut=lambda state: room in state[1:])
    contacts = arrivals + returning * mean(law, lambda state: sum(state[1:]))
    busy = math.fsum(
        probability * (arrivals + returning * sum(state[1:]))
        for state, probability in law.items()
        if state[0] == agents
    )
    handled_rate = handled * mean(law, lambda state: state[0])
    return BusyFigures(
        contacts=contacts,
        busy=busy / contacts,
        occupancy=handled_rate / handled / agents,
        reached=handled_rate / arrivals,
    )
