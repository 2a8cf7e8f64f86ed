"""Arrival instants of first contacts: Poisson with a rate that follows the clock and its own busy days and hours.

A *strip* is a source of inquiries of one contact type on one channel with streams of its own. What does not depend on
chance (the rate over the horizon, cut where the day or the hour may change it) is worked out once, in the
`ArrivalPlan`; a deal only draws.

Rules
-----
- A `log` is replayed as it is in every replication: factors of busy days do not touch it, and what lies outside the
  horizon is left out.
- Factors are gamma with mean 1. A day is a local date, an hour counts from local midnight. Hours of one day depend on
  each other by a Gaussian copula in which any two have the same correlation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import gammaincinv, ndtr, ndtri

from sim.demand.hand import NONE, Floats, Ints
from sim.demand.rates import cut, rate_pieces
from sim.demand.streams import Stream, stream
from sim.scenario.calendar import Calendar
from sim.scenario.names import Names
from sim.scenario.units import HOUR_MS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from sim.scenario.model.arrivals import LogEntry
    from sim.scenario.schema import Scenario

HOURS_OF_LONGEST_DAY: Final = 26
"""Columns that a day has among the hourly factors, so that a day of 25 hours moves no other day's."""


@dataclass(frozen=True, slots=True)
class Wave:
    """The first contacts of one strip in one replication, in order of arrival."""

    strip: str
    """Name of the strip: streams of its inquiries' marks go by it."""
    contact_type: int
    channel: int
    at: Ints
    """Shape (inquiries,): sorted instants, ms, within the horizon."""
    talk: Ints | None = None
    """Of a log: handle times, ms, that replace the dealt one at the first tier; NONE where the log has none."""
    wrap_up: Ints | None = None
    patience: Ints | None = None
    """Of a log: patience in the first queue, ms; NONE where the log has none."""


@dataclass(frozen=True, slots=True)
class PoissonStrip:
    """A strip that follows a rate. Shape of the columns: (pieces,), stretches on which the rate is a straight line."""

    name: str
    contact_type: int
    channel: int
    start: Ints
    end: Ints
    """ms, half-open."""
    first: Floats
    """Contacts per ms at the start of the piece,"""
    last: Floats
    """and towards its end."""
    day: Ints
    """Position of the piece's local day in the horizon."""
    hour: Ints
    """Hour of that day, from local midnight."""
    busy_day_cv: float
    busy_hour_cv: float
    busy_correlation: float

    def deal(self, seed: int, replication: int, common: Floats) -> Wave:
        """Draw the instants of one replication.

        A Poisson process of rate 1 is mapped through the inverse of the integrated rate (Çinlar 1975), so that a rate
        that is changed a little moves the same contacts a little.

        Parameters
        ----------
        seed, replication
            Which of the streams.
        common
            Shape (days,): the factor of each day that all strips share.
        """
        chance = stream(seed, replication, f"arrivals/{self.name}")
        factor = common[self.day]
        if self.busy_day_cv > 0:
            factor = factor * busy_days(chance, self.busy_day_cv, len(common))[self.day]
        if self.busy_hour_cv > 0:
            hours = busy_hours(chance, self.busy_hour_cv, self.busy_correlation, len(common))
            factor = factor * hours[self.day, self.hour]
        expected = (self.end - self.start) * (self.first + self.last) / 2 * factor
        reached = np.concatenate(([0.0], np.cumsum(expected)))
        events = unit_rate_events(chance, float(reached[-1]))
        piece = np.searchsorted(reached, events, side="right") - 1
        through = (events - reached[piece]) / expected[piece]
        return Wave(self.name, self.contact_type, self.channel, self._instants(piece, through))

    def _instants(self, piece: NDArray[np.intp], through: Floats) -> Ints:
        """Give the instants at which a share `through` of what a piece expects has come."""
        first, last = self.first[piece], self.last[piece]
        # Root of first·x + (last − first)·x²/2 = through·(first + last)/2, in the form that is exact for level rates.
        root = np.sqrt(first * first + (last - first) * (last + first) * through)
        x = through * (first + last) / np.maximum(first + root, np.finfo(float).tiny)
        at = np.rint(self.start[piece] + x * (self.end[piece] - self.start[piece])).astype(np.int64)
        # Rounding must carry nobody over the end of a piece, where the rate may be 0 and the door closed.
        return np.minimum(at, self.end[piece] - 1)


@dataclass(frozen=True, slots=True)
class LoggedStrip:
    """A strip that replays a log."""

    wave: Wave

    def deal(self, seed: int, replication: int, common: Floats) -> Wave:  # noqa: ARG002  (a log leaves nothing to chance)
        """Give the log."""
        return self.wave


class ArrivalPlan:
    """Everything about a scenario's arrivals that does not depend on chance.

    Parameters
    ----------
    scenario
        A validated scenario.
    """

    def __init__(self, scenario: Scenario) -> None:
        names, calendar = Names.of(scenario), Calendar.of(scenario)
        self._days = len(calendar.days)
        self._common_day_cv = scenario.demand.busy_day_cv
        self.strips: tuple[PoissonStrip | LoggedStrip, ...] = tuple(
            _strip(scenario, names, calendar, contact_type, channel)
            for contact_type in names.contact_types
            for channel in names.channels
            if channel in scenario.contact_types[contact_type].arrivals
        )
        """By (contact type, channel)."""

    def deal(self, seed: int, replication: int) -> tuple[Wave, ...]:
        """Draw the arrivals of one replication, a wave for each strip."""
        common = np.ones(self._days)
        if self._common_day_cv > 0:
            common = busy_days(stream(seed, replication, "arrivals/common day"), self._common_day_cv, self._days)
        return tuple(strip.deal(seed, replication, common) for strip in self.strips)


def unit_rate_events(chance: Stream, until: float) -> Floats:
    """Draw a Poisson process of rate 1 on (0, until): sorted instants, the same however far it is drawn."""
    n = int(until + 6 * np.sqrt(until)) + 16
    while True:
        events: Floats = np.cumsum(-np.log(chance.uniform("gap", n)))
        if events[-1] >= until:
            return events[: np.searchsorted(events, until)]
        n *= 2


def busy_days(chance: Stream, cv: float, days: int) -> Floats:
    """Draw a factor for each day: gamma with mean 1 and the given coefficient of variation. Shape (days,)."""
    return _gamma_of_mean_1(chance.uniform("busy day", days), cv)


def busy_hours(chance: Stream, cv: float, correlation: float, days: int) -> Floats:
    """Draw a factor for each hour of each day: gamma with mean 1, hours of a day tied together.

    Parameters
    ----------
    chance
        Where the numbers come from.
    cv
        Coefficient of variation of each factor.
    correlation
        Of the normal variates behind any two hours of one day (0 to 1): z = √ρ · day + √(1 − ρ) · hour.
    days
        How many.

    Returns
    -------
    numpy.ndarray
        Shape (days, HOURS_OF_LONGEST_DAY).
    """
    shared = ndtri(chance.uniform("busy hours of day", days))[:, None]
    own = ndtri(chance.uniform("busy hour", days * HOURS_OF_LONGEST_DAY)).reshape(days, HOURS_OF_LONGEST_DAY)
    return _gamma_of_mean_1(ndtr(np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own), cv)


def _gamma_of_mean_1(u: Floats, cv: float) -> Floats:
    shape = 1 / cv**2
    return np.asarray(gammaincinv(shape, u) / shape, dtype=np.float64)


def _strip(
    scenario: Scenario, names: Names, calendar: Calendar, contact_type: str, channel: str
) -> PoissonStrip | LoggedStrip:
    arrivals = scenario.contact_types[contact_type].arrivals[channel]
    name = f"{contact_type}/{channel}"
    numbers = names.contact_types.index(contact_type), names.channels.index(channel)
    if arrivals.log is not None:
        return LoggedStrip(_logged(arrivals.log, calendar, name, *numbers))
    pieces = cut(rate_pieces(scenario, calendar, arrivals), _grid(calendar, hours=arrivals.busy_hour_cv > 0))
    start = np.array([piece.start for piece in pieces], dtype=np.int64)
    midnights = np.array([day.start for day in calendar.days], dtype=np.int64)
    day = np.searchsorted(midnights, start, side="right") - 1
    own, common = arrivals.busy_correlation, scenario.demand.busy_correlation
    return PoissonStrip(
        name,
        *numbers,
        start=start,
        end=np.array([piece.end for piece in pieces], dtype=np.int64),
        first=np.array([piece.first for piece in pieces]),
        last=np.array([piece.last for piece in pieces]),
        day=day,
        hour=(start - midnights[day]) // HOUR_MS,
        busy_day_cv=arrivals.busy_day_cv,
        busy_hour_cv=arrivals.busy_hour_cv,
        busy_correlation=common if own is None else own,
    )


def _grid(calendar: Calendar, *, hours: bool) -> list[int]:
    """Give the instants at which a factor may change: local midnights, with `hours` each hour from them."""
    if not hours:
        return [day.start for day in calendar.days]
    return [at for day in calendar.days for at in range(day.start, day.end, HOUR_MS)]


def _logged(log: tuple[LogEntry, ...], calendar: Calendar, name: str, contact_type: int, channel: int) -> Wave:
    entries = [(calendar.instant_of(entry.time), entry) for entry in log]
    held = sorted(((at, entry) for at, entry in entries if 0 <= at < calendar.length), key=lambda pair: pair[0])

    def column(durations: Iterable[int | None]) -> Ints:
        return np.array([NONE if duration is None else duration for duration in durations], dtype=np.int64)

    return Wave(
        name,
        contact_type,
        channel,
        at=np.array([at for at, _ in held], dtype=np.int64),
        talk=column(entry.handle_time_ms for _, entry in held),
        wrap_up=column(entry.wrap_up_ms for _, entry in held),
        patience=column(entry.patience_ms for _, entry in held),
    )
