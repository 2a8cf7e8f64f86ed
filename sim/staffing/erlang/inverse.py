"""The formulas the other way round: how many agents a goal takes, and how many contacts so many agents can take."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sim.staffing.erlang.arguments import SECONDS_PER_HOUR, at_least, more_than, whole
from sim.staffing.erlang.formulas import erlang_a, erlang_b
from sim.staffing.erlang.queue import Queue, Reading

DIGITS: Final = 1e-12
"""Relative width at which the search for a rate or a load ends."""
ANY_RATE: Final = 1e9
"""What is kept at so many times the capacity is kept at any rate."""


@dataclass(frozen=True, slots=True)
class Goals:
    """What a queue must keep; goals that are None are not asked for.

    Each gets better with every agent, so that there is a least number that keeps all of them.
    """

    service_level: float | None = None
    """At least this share within `within_s`, more than 0 and less than 1."""
    within_s: float = 20.0
    """Deadline of the service level, seconds."""
    reading: Reading = "offered"
    """Of the service level."""
    abandonment: float | None = None
    """At most this share of the contacts, more than 0."""
    mean_wait_answered_s: float | None = None
    """At most this average speed of answer, seconds, more than 0."""
    waits: float | None = None
    """At most this share that does not find an agent free, more than 0."""
    occupancy: float | None = None
    """At most this share of the agents' time handling, more than 0: a cap on how hard people work."""

    def __post_init__(self) -> None:
        at_least("within_s", self.within_s, 0.0)
        if self.service_level is not None and not 0 < self.service_level < 1:
            raise ValueError(
                f"service_level: got {self.service_level!r}, must be above 0 and below 1: no number of agents answers"
                " every contact in time"
            )
        for name in ("abandonment", "waits", "occupancy"):
            share = getattr(self, name)
            if share is not None and not 0 < share <= 1:
                raise ValueError(f"{name}: got {share!r}, must be above 0 and at most 1: agents never bring it to none")
        if self.mean_wait_answered_s is not None:
            more_than("mean_wait_answered_s", self.mean_wait_answered_s, 0.0)

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        given = (self.service_level, self.abandonment, self.mean_wait_answered_s, self.waits, self.occupancy)
        return any(goal is not None for goal in given)

    def kept_by(self, queue: Queue) -> bool:
        """Tell whether a queue keeps all goals; what no contact ever does is not kept."""
        limits = (
            (queue.abandonment, self.abandonment),
            (queue.mean_wait_answered_s, self.mean_wait_answered_s),
            (queue.waits, self.waits),
            (queue.occupancy, self.occupancy),
        )
        return all(value <= limit for value, limit in limits if limit is not None) and (
            self.service_level is None or queue.service_level(self.within_s, self.reading) >= self.service_level
        )


NO_GOALS: Final = Goals()


def least_agents(arrivals_per_hour: float, handle_time_s: float, goals: Goals, patience_s: float = math.inf) -> int:
    """Least agents that keep the goals: by Erlang A, or by Erlang C where patience has no end.

    Where nobody comes nobody is needed.

    Parameters
    ----------
    arrivals_per_hour, handle_time_s, patience_s
        As `erlang_a` takes them.
    goals
        At least one.

    Raises
    ------
    ValueError
        If an argument is out of its range or no goal is set.

    Examples
    --------
    >>> least_agents(100, 240, Goals(service_level=0.8, within_s=20))
    10
    >>> least_agents(100, 240, Goals(service_level=0.8, within_s=20), patience_s=180)
    9
    >>> least_agents(100, 240, Goals(service_level=0.8, within_s=20, occupancy=0.6))
    12
    """
    load = at_least("arrivals_per_hour", arrivals_per_hour, 0.0) / SECONDS_PER_HOUR
    load *= more_than("handle_time_s", handle_time_s, 0.0)
    _asked(goals)
    if arrivals_per_hour == 0:
        return 0
    fewest = math.floor(load) + 1 if patience_s == math.inf else 0
    return _least(
        lambda agents: goals.kept_by(erlang_a(arrivals_per_hour, handle_time_s, patience_s, agents)),
        fewest,
        start=max(math.ceil(load), fewest),
        step=max(math.isqrt(math.ceil(load)), 1),
    )


def most_arrivals(agents: int, handle_time_s: float, goals: Goals, patience_s: float = math.inf) -> float:
    """Most contacts per hour that so many agents take while they keep the goals.

    Infinite if they keep them however many come (contacts without patience are soon settled), 0 without agents.

    Examples
    --------
    >>> round(most_arrivals(9, 240, Goals(service_level=0.8, within_s=20), patience_s=180), 1)
    106.5
    """
    agents, capacity = whole(agents), SECONDS_PER_HOUR * agents / more_than("handle_time_s", handle_time_s, 0.0)
    _asked(goals)
    if agents == 0:
        return 0.0
    if patience_s == math.inf:
        # At capacity the queue of the patient has no end, whatever the goal.
        return _most(
            lambda rate: rate < capacity and goals.kept_by(erlang_a(rate, handle_time_s, patience_s, agents)), capacity
        )
    return _most(lambda rate: goals.kept_by(erlang_a(rate, handle_time_s, patience_s, agents)), capacity)


def least_lines(load_erlangs: float, blocked: float) -> int:
    """Least lines (or agents, where nobody can wait) that turn away at most a share of the contacts: Erlang B.

    Examples
    --------
    >>> least_lines(12.03, 0.01)
    20
    """
    at_least("load_erlangs", load_erlangs, 0.0)
    _blocked(blocked)
    turned_away, lines = 1.0, 0
    while turned_away > blocked:  # the recursion of `erlang_b`, which passes all smaller numbers anyway
        lines += 1
        turned_away = load_erlangs * turned_away / (lines + load_erlangs * turned_away)
    return lines


def most_load(lines: int, blocked: float) -> float:
    """Largest load in Erlangs of which so many lines turn away at most a share: what Erlang B tables list.

    Examples
    --------
    >>> round(most_load(20, 0.01), 2)
    12.03
    """
    lines = whole(lines)
    _blocked(blocked)
    if blocked == 1:
        return math.inf
    return _most(lambda load: erlang_b(load, lines) <= blocked, float(lines)) if lines else 0.0


def _asked(goals: Goals) -> None:
    if not goals:
        raise ValueError("goals: got none, must name at least one: service_level, abandonment, waits, occupancy, …")


def _blocked(blocked: float) -> None:
    if not 0 < blocked <= 1:
        raise ValueError(f"blocked: got {blocked!r}, must be above 0 and at most 1: no number of lines blocks nobody")


def _least(kept: Callable[[int], bool], fewest: int, start: int, step: int) -> int:
    """Find the least number from `fewest` that is kept, by strides that double from `start`, then by halves."""
    at = start
    if kept(at):
        high, low = at, fewest - 1
        while high > fewest:
            at = max(high - step, fewest)
            if not kept(at):
                low = at
                break
            high, step = at, 2 * step
    else:
        low = at
        while not kept(at := low + step):
            low, step = at, 2 * step
        high = at
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if kept(middle) else (middle, high)
    return high


def _most(kept: Callable[[float], bool], scale: float) -> float:
    """Find the largest number that is kept, of a rule that holds near 0; infinite if it holds far above `scale`."""
    high = scale
    while kept(high):
        high *= 2
        if high > ANY_RATE * scale:
            return math.inf
    low = 0.0
    while high - low > DIGITS * high:
        middle = (low + high) / 2
        low, high = (middle, high) if kept(middle) else (low, middle)
    return low
