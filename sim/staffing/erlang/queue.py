"""One queue in its steady state: what the formulas say of it, and its service level in every reading."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, get_args

import numpy as np

from sim.staffing.erlang.arguments import SECONDS_PER_HOUR, at_least
from sim.staffing.erlang.virtual_wait import virtual_wait

Reading = Literal["offered", "answered", "short_out", "settled", "virtual"]
"""The ways to read a service level; see `Queue.service_level`."""


class _Within(NamedTuple):
    """Shares of the offered contacts, at some T."""

    answered: float
    """Answered within T."""
    stayed: float
    """Not abandoned within T."""
    virtual: float
    """Would be answered within T, had they endless patience."""


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
        return self.arrivals_per_hour / SECONDS_PER_HOUR * self.handle_time_s

    @property
    def queue_length(self) -> float:
        """Mean number of contacts waiting: arrivals × mean wait (Little)."""
        return self.arrivals_per_hour / SECONDS_PER_HOUR * self.mean_wait_s

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
        within = self._within(at_least("within_s", within_s, 0.0))
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

    def reached_within(self, share: float, reading: Reading = "offered") -> float:
        """Time T in seconds within which a share is answered: `service_level(T, reading)` the other way round.

        0 if so many do not wait at all, infinite if so many are never answered. The share is above 0 and below 1, else
        a `ValueError` is raised.
        """
        if not 0 < share < 1:
            raise ValueError(f"share: got {share!r}, must be above 0 and below 1")
        if self.service_level(0.0, reading) >= share:
            return 0.0
        low, high, longest = 0.0, self.handle_time_s, 1e9 * min(self.handle_time_s, self.patience_s)
        while not self.service_level(high, reading) >= share:
            low, high = high, 2 * high
            if low > longest:
                return math.inf
        while high - low > 1e-12 * high:
            middle = (low + high) / 2
            low, high = (low, middle) if self.service_level(middle, reading) >= share else (middle, high)
        return high

    def _within(self, within_s: float) -> _Within:
        """Shares that `service_level` is made of."""
        if self.patience_s == math.inf:
            late = self.waits * math.exp(-within_s * (self.agents - self.load_erlangs) / self.handle_time_s)
            return _Within(answered=1.0 - late, stayed=1.0, virtual=1.0 - late)
        leaving = 1.0 / self.patience_s
        patient = math.exp(-leaving * within_s)
        if self.agents == 0:
            return _Within(answered=0.0, stayed=patient, virtual=0.0)
        arrivals, capacity = self.arrivals_per_hour / SECONDS_PER_HOUR, self.agents / self.handle_time_s
        at_once, wait, share = virtual_wait(arrivals, capacity, leaving, self.blocked_by_one_less, within_s)
        soon = wait <= within_s
        answered = at_once + float(share[soon] @ np.exp(-leaving * wait[soon]))
        return _Within(
            answered=answered,
            stayed=answered + patient * float(share[~soon].sum()),
            virtual=at_once + float(share[soon].sum()),
        )
