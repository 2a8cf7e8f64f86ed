"""Arrival instants of first contacts: Poisson with a rate that follows the clock and its own busy days and hours.

A *source* is where contacts of one contact type on one channel come from. Its inquiries are dealt in *strips*, each
with streams of its own. What does not depend on chance (the rate over the horizon, cut where the day or the hour may
change it) is worked out once, in the `ArrivalPlan`; a deal only draws.

Rules
-----
- A `log` is replayed as it is in every replication: neither factors of busy days nor `scale`, `trend` and incidents
  touch it, and what lies outside the horizon is left out.
- `trend` multiplies the rate by 1 + growth from week to week: week w of the scenario (its days 7w to 7w + 6, from the
  first day on) has (1 + growth)^w.
- The *growth* at an instant is `scale` times trend. The first strip is all who come at 100 %, further strips are those
  who come from 100 to 200 %, from 200 to 400 %, and so on: of each strip come those inquiries whose dealt keep-number
  is below the share of it that the growth reaches. So two growths have in common all that the smaller one has.
- Where an incident multiplies by more than 1, it brings a strip of its own (and further ones for the growth). Its rate
  is what its factor adds to that of the source and of the incidents before it in the file, so that factors of incidents
  of one time are multiplied. One that multiplies by less than 1 keeps that share of everybody, by the same
  keep-numbers. Busy days and hours are those of the source.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.demand.busy import busy_days, busy_hours
from sim.demand.hand import NONE, Floats, Ints
from sim.demand.incidents import Incident, IncidentPlan, incident_plans
from sim.demand.initial_backlog import ages, types_in_proportion
from sim.demand.instants import RateLines
from sim.demand.rates import cut, rate_pieces
from sim.scenario.calendar import Calendar
from sim.scenario.names import Names
from sim.scenario.units import HOUR_MS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sim.demand.streams import Streams
    from sim.scenario.model.arrivals import LogEntry
    from sim.scenario.schema import Scenario

DAYS_A_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Wave:
    """The first contacts of one strip in one replication, in order of arrival."""

    strip: str
    """Name of the strip: streams of its inquiries' marks go by it."""
    contact_type: int
    channel: int
    at: Ints
    """Shape (inquiries,): sorted instants, ms, within the horizon; before 0 for those of the initial backlog."""
    row: Ints | None = None
    """Which of the strip's inquiries they are, ascending: their rows in the columns of marks. None: all of them."""
    talk: Ints | None = None
    """Of a log: handle times, ms, that replace the dealt one at the first tier; NONE where the log has none."""
    wrap_up: Ints | None = None
    patience: Ints | None = None
    """Of a log: patience in the first queue, ms; NONE where the log has none."""

    @property
    def logged(self) -> bool:
        """Whether a log says something of them beside when they came."""
        return self.talk is not None or self.wrap_up is not None or self.patience is not None


@dataclass(frozen=True)
class PoissonSource:
    """A source that follows a rate. Shape of the columns: (pieces,), stretches on which the rate is a straight line."""

    name: str
    contact_type: int
    channel: int
    start: Ints
    end: Ints
    """ms, half-open."""
    first: Floats
    """Contacts per ms at the start of the piece, at a growth of 100 %,"""
    last: Floats
    """and towards its end."""
    growth: Floats
    """Scale times trend."""
    day: Ints
    """Position of the piece's local day in the horizon."""
    hour: Ints
    """Hour of that day, from local midnight."""
    busy_day_cv: float
    busy_hour_cv: float
    busy_correlation: float

    def deal(self, streams: Streams, common: Floats, incidents: Sequence[Incident]) -> Iterator[Wave]:
        """Draw the instants of one replication, a wave for each strip.

        Parameters
        ----------
        streams
            Of the replication.
        common
            Shape (days,): the factor of each day that all sources share.
        incidents
            Those that change the source's rate, in the order of the file.
        """
        chance = streams.named(f"arrivals/{self.name}")
        days = busy_days(chance, self.busy_day_cv, len(common)) if self.busy_day_cv > 0 else np.ones(len(common))
        hours = np.ones((1, 1))
        if self.busy_hour_cv > 0:
            hours = busy_hours(chance, self.busy_hour_cv, self.busy_correlation, len(common))
        days = common * days

        def busy(pieces: PoissonSource) -> Floats:
            hourly = hours[pieces.day, pieces.hour] if self.busy_hour_cv > 0 else 1.0
            factor: Floats = days[pieces.day] * hourly
            return factor

        yield from self._strips(self.name, busy(self), streams, incidents)
        adding = [incident for incident in incidents if incident.factor > 1 and len(incident.spans)]
        if adding:
            pieces = self._cut_at(np.unique(np.concatenate([incident.spans.ravel() for incident in adding])))
            factor = busy(pieces)
            for incident in adding:
                there = incident.at(pieces.start)
                added = np.where(there, factor * (incident.factor - 1), 0.0)
                yield from pieces._strips(f"{self.name}/{incident.name}", added, streams, incidents)
                factor = np.where(there, factor * incident.factor, factor)

    def expected(self, edges: Ints) -> Floats:
        """Give the expected contacts between each two edges (ms, ascending), incidents left out."""
        if not self.start.size:
            return np.zeros(edges.size - 1)
        length = self.end - self.start
        first, last = self.first * self.growth, self.last * self.growth
        reached = np.concatenate(([0.0], np.cumsum(length * (first + last) / 2)))
        piece = np.maximum(np.searchsorted(self.start, edges, side="right") - 1, 0)
        into = np.clip(edges - self.start[piece], 0, length[piece])
        steeper = (last - first)[piece] * into / (2 * length[piece])
        return np.diff(reached[piece] + into * (first[piece] + steeper))

    def _strips(self, name: str, factor: Floats, streams: Streams, incidents: Sequence[Incident]) -> Iterator[Wave]:
        """Draw the strips of a rate that is a factor times that of the pieces: of each, those who come."""
        (least, reached), strip, low, high = self._growths, 0, 0.0, 1.0
        keeping = [incident for incident in incidents if incident.factor < 1]
        while low < reached:
            own = f"{name}/further {strip}" if strip else name
            chance = streams.named(f"arrivals/{own}")
            bounds, at = self._lines.instants(chance, factor * (high - low))
            row = None
            if keeping or least < high:
                growing = np.clip((self.growth - low) / (high - low), 0.0, 1.0)
                share = np.repeat(growing, np.diff(bounds))
                for incident in keeping:
                    share = np.where(incident.at(at), share * incident.factor, share)
                row = np.flatnonzero(chance.uniform("keep", at.size) < share)
                at = at[row]
            yield Wave(own, self.contact_type, self.channel, at, row)
            strip, low, high = strip + 1, high, 2 * high

    @cached_property
    def _growths(self) -> tuple[float, float]:
        """The least and the greatest growth."""
        return float(self.growth.min(initial=inf)), float(self.growth.max(initial=0.0))

    @cached_property
    def _lines(self) -> RateLines:
        return RateLines.between(self.start, self.end, self.first, self.last)

    def _cut_at(self, edges: Ints) -> PoissonSource:
        """Cut the pieces at sorted instants."""
        start = np.union1d(self.start, edges)
        piece = np.searchsorted(self.start, start, side="right") - 1
        end = np.minimum(self.end[piece], np.append(start[1:], self.end[-1:]))
        there = (piece >= 0) & (start < end)  # between pieces and around them nobody comes
        start, end, piece = start[there], end[there], piece[there]
        slope = (self.last - self.first)[piece] / (self.end - self.start)[piece]
        return replace(
            self,
            start=start,
            end=end,
            first=self.first[piece] + slope * (start - self.start[piece]),
            last=self.first[piece] + slope * (end - self.start[piece]),
            growth=self.growth[piece],
            day=self.day[piece],
            hour=self.hour[piece],
        )


@dataclass(frozen=True, slots=True)
class LoggedSource:
    """A source that replays a log: one strip, and nothing left to chance."""

    wave: Wave

    @property
    def contact_type(self) -> int:
        """Number of the contact type."""
        return self.wave.contact_type

    @property
    def channel(self) -> int:
        """Number of the channel."""
        return self.wave.channel

    def expected(self, edges: Ints) -> Floats:
        """Give the contacts between each two edges (ms, ascending)."""
        return np.diff(np.searchsorted(self.wave.at, edges)).astype(np.float64)


class ArrivalPlan:
    """Everything about a scenario's arrivals that does not depend on chance.

    Parameters
    ----------
    scenario
        A validated scenario.
    """

    def __init__(self, scenario: Scenario) -> None:
        names, calendar = Names.of(scenario), Calendar.of(scenario)
        self.midnights = np.array([day.start for day in calendar.days], np.int64)
        self.length = calendar.length
        self.common_day_cv = scenario.demand.busy_day_cv
        self.incidents: tuple[IncidentPlan, ...] = incident_plans(scenario, names, calendar)
        self.sources: tuple[PoissonSource | LoggedSource, ...] = tuple(
            _source(scenario, names, calendar, contact_type, channel)
            for contact_type in names.contact_types
            for channel in names.channels
            if channel in scenario.contact_types[contact_type].arrivals
        )
        """By (contact type, channel)."""
        self.initial_backlog: tuple[Wave, ...] = tuple(
            sorted(_initial_backlog(scenario, self.sources, names), key=lambda wave: (wave.contact_type, wave.channel))
        )
        """Who waits at the start, having come before it, by (contact type, channel)."""

    def deal(self, streams: Streams) -> tuple[Wave, ...]:
        """Draw the arrivals of one replication: the initial backlog, then a wave for each strip of each source."""
        common = np.ones(len(self.midnights))
        if self.common_day_cv > 0:
            common = busy_days(streams.named("arrivals/common day"), self.common_day_cv, len(self.midnights))
        spans = [plan.deal(streams, self.length) for plan in self.incidents]
        waves: list[Wave] = list(self.initial_backlog)
        for source in self.sources:
            if isinstance(source, LoggedSource):
                waves.append(source.wave)
                continue
            incidents = [
                Incident(plan.name, plan.factors[source.contact_type], span)
                for plan, span in zip(self.incidents, spans, strict=True)
                if source.contact_type in plan.factors
            ]
            waves.extend(source.deal(streams, common, incidents))
        return tuple(waves)

    @property
    def expected_inquiries(self) -> float:
        """How many inquiries a replication has on average; incidents, taken one by one, last as long as on average."""
        whole = np.array([0, self.length])
        total = float(sum(wave.at.size for wave in self.initial_backlog))
        for source in self.sources:
            ordinary = float(source.expected(whole).sum())
            total += ordinary
            if isinstance(source, PoissonSource):
                for plan in self.incidents:
                    factor = plan.factors.get(source.contact_type, 1.0)
                    if plan.start is None:
                        total += (factor - 1) * ordinary * plan.share_of_time
                    else:
                        span = np.clip([plan.start, plan.start + round(plan.lasts.mean)], 0, self.length)
                        total += (factor - 1) * float(source.expected(span).sum())
        return total


def _source(
    scenario: Scenario, names: Names, calendar: Calendar, contact_type: str, channel: str
) -> PoissonSource | LoggedSource:
    arrivals = scenario.contact_types[contact_type].arrivals[channel]
    name = f"{contact_type}/{channel}"
    numbers = names.contact_types.index(contact_type), names.channels.index(channel)
    if arrivals.log is not None:
        return LoggedSource(_logged(arrivals.log, calendar, name, *numbers))
    pieces = cut(rate_pieces(scenario, calendar, arrivals), _grid(calendar, hours=arrivals.busy_hour_cv > 0))
    start = np.array([piece.start for piece in pieces], dtype=np.int64)
    midnights = np.array([day.start for day in calendar.days], dtype=np.int64)
    day = np.searchsorted(midnights, start, side="right") - 1
    own, common = arrivals.busy_correlation, scenario.demand.busy_correlation
    return PoissonSource(
        name,
        *numbers,
        start=start,
        end=np.array([piece.end for piece in pieces], dtype=np.int64),
        first=np.array([piece.first for piece in pieces]),
        last=np.array([piece.last for piece in pieces]),
        growth=scenario.demand.scale * np.power(1 + scenario.demand.trend, day // DAYS_A_WEEK, dtype=np.float64),
        day=day,
        hour=(start - midnights[day]) // HOUR_MS,
        busy_day_cv=arrivals.busy_day_cv,
        busy_hour_cv=arrivals.busy_hour_cv,
        busy_correlation=common if own is None else own,
    )


def _initial_backlog(
    scenario: Scenario, sources: Sequence[PoissonSource | LoggedSource], names: Names
) -> Iterator[Wave]:
    for number, channel in enumerate(names.channels):
        backlog = scenario.channels[channel].initial_backlog
        if backlog is None or backlog.waiting == 0:
            continue
        coming = [source for source in sources if source.channel == number]
        whole = np.array([0, scenario.time.length])
        kind = types_in_proportion([float(source.expected(whole).sum()) for source in coming], backlog.waiting)
        age = ages(backlog.waiting, backlog.oldest)
        for position, source in enumerate(coming):
            at = -age[kind == position][::-1]
            strip = f"{names.contact_types[source.contact_type]}/{channel}/initial backlog"
            yield Wave(strip, source.contact_type, number, np.minimum(at, -1))


def _grid(calendar: Calendar, *, hours: bool) -> list[int]:
    """Give the instants at which a factor may change: local midnights, with `hours` each hour from them."""
    if not hours:
        return [day.start for day in calendar.days]
    return [at for day in calendar.days for at in range(day.start, day.end, HOUR_MS)]


def _logged(log: tuple[LogEntry, ...], calendar: Calendar, name: str, contact_type: int, channel: int) -> Wave:
    entries = [(calendar.instant_of(entry.time), entry) for entry in log]
    held = sorted(((at, entry) for at, entry in entries if 0 <= at < calendar.length), key=lambda pair: pair[0])

    def known(durations: Iterable[int | None]) -> Ints:
        return np.array([NONE if duration is None else duration for duration in durations], dtype=np.int64)

    return Wave(
        name,
        contact_type,
        channel,
        at=np.array([at for at, _ in held], dtype=np.int64),
        talk=known(entry.handle_time_ms for _, entry in held),
        wrap_up=known(entry.wrap_up_ms for _, entry in held),
        patience=known(entry.patience_ms for _, entry in held),
    )
