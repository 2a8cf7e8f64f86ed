"""Erlang B, C and A: the steady state of one queue with n equal agents, by formula.

All three take Poisson arrivals and exponential handle times. They differ in what happens to a contact that finds
every agent busy: it is turned away (B), it waits as long as it takes (C), or it waits and leaves when its patience,
exponential as well, is over (A). Handle time means the whole time an agent is held: talk and wrap-up.

Arrivals are per hour, times in seconds, the offered load in Erlangs (arrivals per second × handle time in seconds).
B and A hold for any load, none or far above the agents, and for any number of agents from none to 100,000 and more.

Sources
-------
- A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic telephone
  exchanges", Elektroteknikeren 13 (1917): B and C.
- C. Palm, "Research on telephone traffic carried by full availability groups", Tele 1 (1957): A.
- O. Garnett, A. Mandelbaum and M. Reiman, "Designing a call center with impatient customers", Manufacturing & Service
  Operations Management 4 (2002): A, its measures and limits.
- S. Zeltyn and A. Mandelbaum, "Call centers with impatient customers: many-server asymptotics of the M/M/n+G queue",
  Queueing Systems 51 (2005): the measures as integrals over the virtual wait, which is how A is computed here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cache
from operator import index
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args, overload

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from numpy.typing import NDArray

Reading = Literal["offered", "answered", "short_out", "settled", "virtual"]
"""The ways to read a service level; see `Queue.service_level`."""

_SECONDS_PER_HOUR = 3600.0
_LEVELS = np.array([1.0, 8.0, 32.0, 64.0])
"""Where the integration is cut into panels: the density has fallen by these exponents from its peak."""


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
    load = _at_least("load_erlangs", load_erlangs, 0.0)
    numbers = np.asarray(agents)
    if numbers.dtype.kind not in "iu" or (numbers.size and numbers.min() < 0):
        raise ValueError(f"agents: got {agents!r}, must be whole numbers from 0")
    table = [1.0]
    for k in range(1, int(numbers.max(initial=0)) + 1):
        carried_on = load * table[-1]
        table.append(carried_on / (k + carried_on))
    return table[-1] if numbers.ndim == 0 else np.array(table)[numbers]


@dataclass(frozen=True, slots=True)
class Queue:
    """The steady state of one queue, as `erlang_c` and `erlang_a` give it.

    What no contact ever does (the wait of the abandoned where nobody abandons, occupancy without agents) is nan.
    """

    agents: int
    """Number of agents, n."""
    arrivals_per_hour: float
    """Contacts offered per hour, 3600 λ."""
    handle_time_s: float
    """Mean handle time in seconds, 1/μ."""
    patience_s: float
    """Mean patience in seconds, 1/θ; infinite in Erlang C."""
    waits: float
    """Share of contacts that find every agent busy."""
    answered: float
    """Share of contacts that are answered; 1 − abandonment, with its own digits."""
    abandonment: float
    """Share of contacts that leave without an answer."""
    mean_wait_s: float
    """Mean wait of all contacts, answered at once or not or abandoned, in seconds."""
    mean_wait_answered_s: float
    """Mean wait of the answered (average speed of answer), those answered at once included, in seconds."""
    mean_wait_abandoned_s: float
    """Mean wait of the abandoned, in seconds."""
    blocked_by_one_less: float = field(default=math.nan, repr=False)
    """Erlang B of the same load with one agent less, which scales the virtual wait of Erlang A."""

    @property
    def load_erlangs(self) -> float:
        """Offered load a = λ/μ."""
        return self.arrivals_per_hour / _SECONDS_PER_HOUR * self.handle_time_s

    @property
    def queue_length(self) -> float:
        """Mean number of contacts waiting: arrivals × mean wait (Little)."""
        return self.arrivals_per_hour / _SECONDS_PER_HOUR * self.mean_wait_s

    @property
    def agents_busy(self) -> float:
        """Mean number of agents handling contacts: load × answered."""
        return self.load_erlangs * self.answered

    @property
    def occupancy(self) -> float:
        """Share of the agents' time spent handling; nan without agents."""
        return self.agents_busy / self.agents if self.agents else math.nan

    def service_level(self, within_s: float, reading: Reading = "offered") -> float:
        """Share of contacts answered in time, in one of the readings in use.

        =========  ======================================================================
        offered    answered within T ÷ offered
        answered   answered within T ÷ answered
        short_out  answered within T ÷ (offered − abandoned within T)
        settled    answered or abandoned within T ÷ offered
        virtual    a contact of endless patience would be answered within T
        =========  ======================================================================

        T is `within_s` in seconds, inclusive: T = 0 gives the share that does not wait. The figure is nan where nobody
        is left to judge (`answered` without agents). A negative T and an unknown reading raise a `ValueError`.
        """
        within = self._within(_at_least("within_s", within_s, 0.0))
        match reading:
            case "offered":
                return within.answered
            case "answered":
                return within.answered / self.answered if self.answered else math.nan
            case "short_out":
                return within.answered / within.stayed if within.stayed else math.nan
            case "settled":
                return within.answered + (1.0 - within.stayed)
            case "virtual":
                return within.virtual
        raise ValueError(f"reading: got {reading!r}, must be one of {', '.join(get_args(Reading))}")

    def _within(self, within_s: float) -> _Within:
        """Shares that `service_level` is made of."""
        if self.patience_s == math.inf:
            late = self.waits * math.exp(-within_s * (self.agents - self.load_erlangs) / self.handle_time_s)
            return _Within(answered=1.0 - late, stayed=1.0, virtual=1.0 - late)
        leaving = 1.0 / self.patience_s
        patient = math.exp(-leaving * within_s)
        if self.agents == 0:
            return _Within(answered=0.0, stayed=patient, virtual=0.0)
        arrivals, capacity = self.arrivals_per_hour / _SECONDS_PER_HOUR, self.agents / self.handle_time_s
        at_once, wait, share = _virtual_wait(arrivals, capacity, leaving, self.blocked_by_one_less, within_s)
        soon = wait <= within_s
        answered = at_once + float(share[soon] @ np.exp(-leaving * wait[soon]))
        return _Within(
            answered=answered,
            stayed=answered + patient * float(share[~soon].sum()),
            virtual=at_once + float(share[soon].sum()),
        )


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
    agents = _whole(agents)
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
    agents = _whole(agents)
    leaving = 1.0 / _more_than("patience_s", patience_s, 0.0)
    if agents == 0:
        at_once, waits, answered, abandonment = 0.0, 1.0, 0.0, 1.0
        answered_wait, abandoned_wait, blocked_by_one_less = math.nan, patience_s, 1.0
    else:
        blocked_by_one_less = erlang_b(load, agents - 1)
        at_once, wait, share = _virtual_wait(arrivals, agents / handle_time_s, leaving, blocked_by_one_less)
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


class _Within(NamedTuple):
    """Shares of the offered contacts, at some T."""

    answered: float
    """Answered within T."""
    stayed: float
    """Not abandoned within T."""
    virtual: float
    """Would be answered within T, had they endless patience."""


def _virtual_wait(
    arrivals: float, capacity: float, leaving: float, blocked_by_one_less: float, cut_s: float = 0.0
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Law of the virtual wait of `erlang_a`, ready to be integrated over.

    g is log-concave. With more arrivals than capacity it peaks at u* = log(λ/nμ)/θ and falls by the exponent
    nμ/θ (e^(−v) − 1 + v), v = θ(u − u*); else it falls from u* = 0 by (nμ − λ)u + λ/θ (e^(−v) − 1 + v). A fall by L is
    reached, within a factor of 2, at v = ε + √(2ε) to the right of the peak and log(1 + ε + √(2ε)) to its left, where
    ε = Lθ/min(λ, nμ): panels between such points resolve g however narrow, broad or lopsided it is.

    Parameters
    ----------
    arrivals, capacity, leaving
        Rates λ, nμ (more than 0) and θ per second.
    blocked_by_one_less
        Erlang B with n − 1 agents.
    cut_s
        A time at which a panel ends, so that one may integrate up to it and from it.

    Returns
    -------
    at_once : float
        P(V = 0).
    wait : array
        Nodes u of V > 0, seconds, ascending.
    share : array
        Probabilities of the nodes; with `at_once` they add up to 1.
    """
    slower, surplus = min(arrivals, capacity), max(capacity - arrivals, 0.0)
    peak = math.log(arrivals / capacity) / leaving if arrivals > capacity else 0.0

    def fall(wait: NDArray[np.float64]) -> NDArray[np.float64]:
        beyond = leaving * (wait - peak)
        exponent: NDArray[np.float64] = slower / leaving * (np.expm1(-beyond) + beyond) + surplus * wait
        return exponent

    with np.errstate(divide="ignore"):
        steepness = np.divide(_LEVELS * leaving, slower)
        right = np.minimum((steepness + np.sqrt(2.0 * steepness)) / leaving, np.divide(_LEVELS, surplus))
    left = np.log1p(steepness + np.sqrt(2.0 * steepness)) / leaving if peak else np.zeros(0)
    end = peak + right[-1]
    # patience itself may be over long before the density falls: those panels serve the weight e^(−θu)
    edges = np.unique(np.concatenate(([0.0, cut_s], peak - left, peak + right, _LEVELS / leaving)))
    edges = edges[(edges >= 0.0) & (edges <= end)]

    node, weight = _gauss_legendre()
    half = np.diff(edges)[:, None] / 2.0
    wait = (edges[:-1, None] + half * (1.0 + node)).ravel()
    mass = arrivals * blocked_by_one_less * (half * weight).ravel() * np.exp(-fall(wait))
    none_waits = math.exp(-float(fall(np.zeros(1))[0]))
    total = none_waits + float(mass.sum())
    return none_waits / total, wait, mass / total


@cache
def _gauss_legendre() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.polynomial.legendre.leggauss(32)


def _arrivals_and_load(arrivals_per_hour: float, handle_time_s: float) -> tuple[float, float]:
    """Arrivals per second and offered load in Erlangs."""
    arrivals = _at_least("arrivals_per_hour", arrivals_per_hour, 0.0) / _SECONDS_PER_HOUR
    return arrivals, arrivals * _more_than("handle_time_s", handle_time_s, 0.0)


def _whole(agents: int) -> int:
    try:
        number = index(agents)
    except TypeError:
        number = -1
    if number < 0:
        raise ValueError(f"agents: got {agents!r}, must be a whole number from 0")
    return number


def _at_least(name: str, value: float, least: float) -> float:
    if not least <= value < math.inf:
        raise ValueError(f"{name}: got {value!r}, must be a finite number from {least:g}")
    return float(value)


def _more_than(name: str, value: float, bound: float) -> float:
    if not bound < value < math.inf:
        raise ValueError(f"{name}: got {value!r}, must be a finite number above {bound:g}")
    return float(value)
