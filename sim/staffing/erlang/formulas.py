"""Erlang B, C and A as functions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, overload

import numpy as np
from scipy import special

from sim.staffing.erlang.arguments import SECONDS_PER_HOUR, at_least, more_than, whole
from sim.staffing.erlang.queue import Queue
from sim.staffing.erlang.virtual_wait import virtual_wait

if TYPE_CHECKING:
    from numpy.typing import NDArray


@overload
def erlang_b(load_erlangs: float, agents: int) -> float: ...
@overload
def erlang_b(load_erlangs: float, agents: NDArray[np.integer]) -> NDArray[np.float64]: ...
def erlang_b(load_erlangs: float, agents: int | NDArray[np.integer]) -> float | NDArray[np.float64]:
    """Share of contacts turned away when nobody can wait (M/M/n/n, Erlang B).

    B(0) = 1 and B(k) = aB(k−1) / (k + aB(k−1)) for a load of a Erlangs (Erlang 1917). Only positive numbers are
    added, so no digit is lost; a share below 1e-308 is given as 0.

    Parameters
    ----------
    load_erlangs
        Offered load, at least 0.
    agents
        Number of agents, or an array of such numbers: all come from one pass up to the largest.

    Raises
    ------
    ValueError
        If the load is negative or not finite, or a number of agents is not a whole number from 0.

    Examples
    --------
    >>> round(erlang_b(10.0, 10), 4)
    0.2146
    """
    load = at_least("load_erlangs", load_erlangs, 0.0)
    numbers = np.asarray(agents)
    if numbers.dtype.kind not in "iu" or (numbers.size and numbers.min() < 0):
        raise ValueError(f"agents: got {agents!r}, must be whole numbers from 0")
    table = [1.0]
    for k in range(1, int(numbers.max(initial=0)) + 1):
        carried_on = load * table[-1]
        table.append(carried_on / (k + carried_on))
    return table[-1] if numbers.ndim == 0 else np.array(table)[numbers]


def erlang_c(arrivals_per_hour: float, handle_time_s: float, agents: int) -> Queue:
    """Steady state of a queue in which everybody waits as long as it takes (M/M/n, Erlang C).

    With load a, B = `erlang_b(a, n)`, arrival rate λ and completion rate μ of one agent, the share that waits is
    nB / (n − a(1 − B)), and it waits for an exponential time of mean 1 / (nμ − λ) (Erlang 1917).

    Parameters
    ----------
    arrivals_per_hour
        Arrival rate, at least 0.
    handle_time_s
        Mean handle time in seconds, more than 0.
    agents
        Number of agents; must exceed the load.

    Raises
    ------
    ValueError
        If an argument is out of its range, or the agents cannot carry the load (contacts that give up: `erlang_a`).

    Examples
    --------
    >>> queue = erlang_c(arrivals_per_hour=60, handle_time_s=300, agents=8)
    >>> round(queue.waits, 3), round(queue.mean_wait_s, 1)
    (0.167, 16.7)
    """
    _, load = _arrivals_and_load(arrivals_per_hour, handle_time_s)
    agents = whole(agents)
    if load >= agents:
        raise ValueError(
            f"agents: got {agents} for a load of {load:g} Erlangs, must be at least {math.floor(load) + 1}: with fewer"
            " the queue of patient contacts grows without end (if contacts give up, use erlang_a with their patience)"
        )
    blocked = erlang_b(load, agents)
    waits = agents * blocked / (agents - load * (1.0 - blocked))
    mean_wait_s = waits * handle_time_s / (agents - load)
    return Queue(
        agents=agents,
        arrivals_per_hour=arrivals_per_hour,
        handle_time_s=handle_time_s,
        patience_s=math.inf,
        waits=waits,
        answered=1.0,
        abandonment=0.0,
        mean_wait_s=mean_wait_s,
        mean_wait_answered_s=mean_wait_s,
        mean_wait_abandoned_s=math.nan,
    )


def erlang_a(arrivals_per_hour: float, handle_time_s: float, patience_s: float, agents: int) -> Queue:
    """Steady state of a queue whose contacts leave after an exponential patience (M/M/n+M, Erlang A).

    The virtual wait V is what a contact of endless patience would wait. It is 0 if an agent is free and has else the
    density λ·P(n − 1 busy)·g(u), g(u) = exp(λ(1 − e^(−θu))/θ − nμu), with arrival rate λ, completion rate μ of one
    agent and leaving rate θ = 1 / patience. A contact is answered if its patience outlasts V, so that each figure is
    an integral of positive terms over g (Zeltyn & Mandelbaum 2005):

    ======================  =======================================
    waits                   E[1; V > 0]
    abandonment             E[1 − e^(−θV)]
    mean wait of all        E[1 − e^(−θV)] / θ
    mean wait of answered   E[V e^(−θV)] / P(answered)
    mean wait of abandoned  E[1 − (1 + θV) e^(−θV)] / (θ P(abandoned))
    ======================  =======================================

    The integrals are taken by Gauss–Legendre rules between points that follow the peak of g, accurate to about eleven
    digits. The same wait in terms of the contacts ahead: with j of them, 1 − e^(−θV) is beta distributed with
    parameters j + 1 and nμ/θ, hence the incomplete beta form P(V ≤ t) = I(1 − e^(−θt); j + 1, nμ/θ) (Palm 1957).

    Parameters
    ----------
    arrivals_per_hour
        Arrival rate, at least 0.
    handle_time_s
        Mean handle time in seconds, more than 0.
    patience_s
        Mean patience in seconds, more than 0. Infinite patience gives Erlang C and needs agents above the load.
    agents
        Number of agents, from 0; the load may be far above it.

    Raises
    ------
    ValueError
        If an argument is out of its range.

    Examples
    --------
    >>> queue = erlang_a(arrivals_per_hour=48 * 60, handle_time_s=60, patience_s=120, agents=50)
    >>> round(queue.abandonment, 3), round(queue.mean_wait_s, 1), round(queue.occupancy, 2)
    (0.031, 3.7, 0.93)
    """
    if patience_s == math.inf:
        return erlang_c(arrivals_per_hour, handle_time_s, agents)
    arrivals, load = _arrivals_and_load(arrivals_per_hour, handle_time_s)
    agents = whole(agents)
    leaving = 1.0 / more_than("patience_s", patience_s, 0.0)
    if agents == 0:
        at_once, waits, answered, abandonment = 0.0, 1.0, 0.0, 1.0
        answered_wait, abandoned_wait, blocked_by_one_less = math.nan, patience_s, 1.0
    else:
        blocked_by_one_less = erlang_b(load, agents - 1)
        at_once, wait, share = virtual_wait(arrivals, agents / handle_time_s, leaving, blocked_by_one_less)
        stays = np.exp(-leaving * wait)
        waits = float(share.sum())
        answered = at_once + float(share @ stays)
        abandonment = float(share @ -np.expm1(-leaving * wait))
        answered_wait = float(share @ (wait * stays)) / answered
        # 1 − (1 + z)e^(−z) is the incomplete gamma function of 2, which keeps its digits where z is small
        time_lost = float(share @ special.gammainc(2.0, leaving * wait)) * patience_s
        abandoned_wait = time_lost / abandonment if abandonment > 0.0 else math.nan
    return Queue(
        agents=agents,
        arrivals_per_hour=arrivals_per_hour,
        handle_time_s=handle_time_s,
        patience_s=patience_s,
        waits=waits,
        answered=answered,
        abandonment=abandonment,
        mean_wait_s=abandonment * patience_s,
        mean_wait_answered_s=answered_wait,
        mean_wait_abandoned_s=abandoned_wait,
        blocked_by_one_less=blocked_by_one_less,
    )


def _arrivals_and_load(arrivals_per_hour: float, handle_time_s: float) -> tuple[float, float]:
    """Arrivals per second and offered load in Erlangs."""
    arrivals = at_least("arrivals_per_hour", arrivals_per_hour, 0.0) / SECONDS_PER_HOUR
    return arrivals, arrivals * more_than("handle_time_s", handle_time_s, 0.0)
