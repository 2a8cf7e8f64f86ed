"""When incidents happen: outages and campaigns that multiply arrivals for a while.

Rules
-----
- A scheduled incident begins at its `start` and lasts as dealt. One `every` so often comes at random: the first one
  `every` after the scenario's start, each further one `every` after the end of the one before, at least a second later.
- Each has a stream of its own, by its name (by its number without one), so that others move nothing of it.
- What the factors do to arrivals is told in `sim.demand.arrivals`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.demand.distributions import law, whole_ms
from sim.scenario.units import SECOND_MS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.demand.hand import Bools, Ints
    from sim.demand.laws import Law
    from sim.demand.streams import Streams
    from sim.scenario.calendar import Calendar
    from sim.scenario.names import Names
    from sim.scenario.schema import Scenario

SHORTEST_PAUSE_MS: Final = SECOND_MS
"""Least time between two incidents of one kind, so that they are two."""


@dataclass(frozen=True, slots=True)
class Incident:
    """What an incident does to one source of arrivals in one replication."""

    name: str
    factor: float
    spans: Ints
    """Shape (spans, 2): sorted half-open [start, end) in ms, apart."""

    def at(self, instants: Ints) -> Bools:
        """Tell of each instant whether the incident is on."""
        if not len(self.spans):
            return np.zeros(len(instants), np.bool_)
        span = np.searchsorted(self.spans[:, 0], instants, side="right") - 1
        on: Bools = (span >= 0) & (instants < self.spans[span, 1])
        return on


@dataclass(frozen=True, slots=True)
class IncidentPlan:
    """One entry of `incidents`, as far as it does not depend on chance."""

    name: str
    """Streams go by it."""
    start: int | None
    """ms, of a scheduled incident;"""
    every: Law | None
    """else the time from the end of one to the start of the next."""
    lasts: Law
    factors: dict[int, float]
    """On the arrivals of each contact type, by number."""

    @property
    def share_of_time(self) -> float:
        """Share of the time in which an incident that comes `every` so often is on, on average."""
        assert self.every is not None
        return self.lasts.mean / max(self.lasts.mean + self.every.mean, SHORTEST_PAUSE_MS)

    def deal(self, streams: Streams, length: int) -> Ints:
        """Draw when it happens in one replication.

        Returns
        -------
        numpy.ndarray
            Shape (incidents, 2): sorted half-open [start, end) in ms, apart, of those that begin within `length`.
        """
        chance = streams.named(self.name)
        if self.every is None:
            begin = np.array([self.start], np.int64)
            return np.column_stack((begin, begin + self._durations(chance.uniform("lasts", 1), self.lasts)))
        n = 16
        while True:
            lasts = self._durations(chance.uniform("lasts", n), self.lasts)
            pauses = np.maximum(self._durations(chance.uniform("every", n), self.every), SHORTEST_PAUSE_MS)
            end = np.cumsum(pauses + lasts)
            if end[-1] >= length:
                spans = np.column_stack((end - lasts, end))
                return spans[spans[:, 0] < length]
            n *= 2

    @staticmethod
    def _durations(numbers: NDArray[np.float64], of: Law) -> Ints:
        return whole_ms(of.inverse(numbers))


def incident_plans(scenario: Scenario, names: Names, calendar: Calendar) -> tuple[IncidentPlan, ...]:
    """Give the plan of each incident, in the order of the file."""
    plans = []
    met: Counter[str] = Counter()
    for number, incident in enumerate(scenario.incidents):
        name = f"incident/{number if incident.name is None else incident.name}"
        met[name] += 1
        plans.append(
            IncidentPlan(
                # A name that is there twice would have one stream for two.
                name if met[name] == 1 else f"{name}/{met[name]}",
                start=None if incident.start is None else calendar.instant_of(incident.start),
                every=None if incident.every is None else law(incident.every),
                lasts=law(incident.lasts),
                factors={names.contact_types.index(kind): factor for kind, factor in incident.arrivals.items()},
            )
        )
    return tuple(plans)
