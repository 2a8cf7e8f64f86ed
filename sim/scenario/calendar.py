"""From wall clocks to milliseconds: local days, opening hours and weekly steps as instants of the simulated span.

One rule serves every clock change: **a local time means the first instant at which the local clock shows it or a later
time**. So a time that is skipped in spring means the jump itself (hours that lie in the gap are empty), a time that
happens twice in autumn means its first occurrence, and order is kept: what begins earlier on paper begins no later in
fact. A shift over the autumn change is an hour longer than on paper, one over the spring change an hour shorter.

`time.length` is elapsed time: seven days are 168 hours, whatever clocks do within them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from sim.scenario.errors import suggestion
from sim.scenario.model.time import DatedSteps, HolidayCalendar, WeeklyHours, WeeklySteps
from sim.scenario.units import DAY_MS, HOLIDAYS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.scenario.schema import Scenario

Span = tuple[int, int]
"""Half-open [start, end) in ms since the scenario's start."""

Row = TypeVar("Row")

_ONE_DAY = timedelta(days=1)
_ONE_MS = timedelta(milliseconds=1)
_DAYS_AROUND = 21
"""How far outside the span a listed value is looked for: a week, and room for weeks of holidays."""


@dataclass(frozen=True)
class Day:
    """A local day and its place in the simulated span."""

    date: date
    start: int
    """First instant of the day, ms; before 0 for days that began before the scenario."""
    end: int
    """First instant of the next day, ms: 23 h or 25 h later where clocks change."""


@dataclass(frozen=True)
class Piece:
    """A stretch of time over which a value runs on a straight line."""

    start: int
    end: int
    """ms, half-open."""
    first: float
    """Value at the start."""
    last: float
    """Value towards the end; the same as `first` where values are steps."""


@dataclass(frozen=True)
class Calendar:
    """Clock and calendar of one time zone over the simulated span [0, length).

    Parameters
    ----------
    origin
        Instant of time 0, in UTC.
    length
        Of the simulated span, ms.
    zone
        Time zone of every local time that is asked for.
    holiday_dates
        Local dates on which the `holidays` row of a week applies.
    """

    origin: datetime
    length: int
    zone: ZoneInfo
    holiday_dates: frozenset[date] = frozenset()

    @classmethod
    def of(cls, scenario: "Scenario") -> "Calendar":
        """Give the calendar of a scenario, in the scenario's zone."""
        zone = ZoneInfo(scenario.time.zone)
        origin = _first_instant(datetime.combine(scenario.time.start, time()), zone)
        calendar = cls(origin, scenario.time.length, zone)
        years = {local.year for local in calendar._dates(_DAYS_AROUND, _DAYS_AROUND)}
        return replace(calendar, holiday_dates=holiday_dates(scenario.holidays, years))

    def in_zone(self, zone: str) -> "Calendar":
        """Give the same span and holidays on the clock of another zone (an IANA name)."""
        return replace(self, zone=ZoneInfo(zone))

    def instant(self, day: date, time_of_day: int) -> int:
        """Give the instant of a local time, in ms since the scenario's start (negative before it).

        Parameters
        ----------
        day
            Local date.
        time_of_day
            Milliseconds on the clock since 00:00 of that date; from 24 h on, times of the days after.
        """
        days, rest = divmod(time_of_day, DAY_MS)
        return self.instant_of(datetime.combine(day, time()) + timedelta(days=days, milliseconds=rest))

    def instant_of(self, wall: datetime) -> int:
        """Give the instant of a local wall-clock time (without a zone of its own), ms since the scenario's start."""
        return (_first_instant(wall, self.zone) - self.origin) // _ONE_MS

    def wall(self, at: int) -> datetime:
        """Give the local wall-clock time at `at` ms since the scenario's start, with its zone."""
        return (self.origin + timedelta(milliseconds=at)).astimezone(self.zone)

    @cached_property
    def days(self) -> tuple[Day, ...]:
        """The local days that share time with [0, length), in order."""
        return tuple(Day(local, self.instant(local, 0), self.instant(local, DAY_MS)) for local in self._dates())

    def spans(self, hours: WeeklyHours) -> tuple[Span, ...]:
        """Give the spans of weekly hours within [0, length): sorted, touching ones merged, clipped.

        Hours belong to the day on which they begin: those over midnight run their full length, also into a holiday.
        """
        return merged_spans(
            (
                (self.instant(local, start), self.instant(local, end))
                for local in self._dates(before=1)
                for start, end in self._row(hours.rows, local) or ()
            ),
            self.length,
        )

    def steps(self, steps: WeeklySteps | DatedSteps) -> tuple[tuple[int, float], ...]:
        """Give the values of steps over the span as sorted (instant, value): each holds until the next.

        The first is at 0 and has the value in force there: of weekly steps the last one listed before, of dated steps
        0 if none is listed before. Steps that repeat the value before them are left out.
        """
        values = {max(at, 0): value for at, value in self._knots(steps, past_end=False)}
        listed = [(0, values.pop(0, 0.0)), *values.items()]
        return (listed[0], *(step for before, step in pairwise(listed) if step[1] != before[1]))

    def pieces(self, steps: WeeklySteps, *, linear: bool = False) -> tuple[Piece, ...]:
        """Give weekly steps as stretches that cover [0, length).

        Parameters
        ----------
        steps
            Values at listed times.
        linear
            Whether values run on straight lines from each listed time to the next listed one (over midnight and
            unlisted days too) rather than hold.
        """
        if not linear:
            held = self.steps(steps)
            ends = [*(at for at, _ in held[1:]), self.length]
            return tuple(Piece(at, end, value, value) for (at, value), end in zip(held, ends, strict=True))
        knots = list(self._knots(steps, past_end=True))
        joined = []
        for (at, value), (then, value_then) in pairwise(knots):
            start, end = max(at, 0), min(then, self.length)
            if start < end:
                slope = (value_then - value) / (then - at)
                joined.append(Piece(start, end, value + slope * (start - at), value + slope * (end - at)))
        return tuple(joined) or (Piece(0, self.length, 0.0, 0.0),)

    def _knots(self, steps: WeeklySteps | DatedSteps, *, past_end: bool) -> Iterator[tuple[int, float]]:
        """Give (instant, value) of listed times in order, from the last day before the span that lists any on.

        They end with the span, or with the first one past its end.
        """
        if isinstance(steps, DatedSteps):
            listed = ((self.instant_of(wall), value) for wall, value in steps.rows)
        else:
            first = self.wall(0).date()
            days_back = (n for n in range(1, _DAYS_AROUND) if self._row(steps.rows, first - n * _ONE_DAY))
            listed = (
                (self.instant(local, time_of_day), value)
                for local in self._dates(next(days_back, 0), _DAYS_AROUND if past_end else 0)
                for time_of_day, value in self._row(steps.rows, local) or ()
            )
        for at, value in listed:
            if at < self.length:
                yield at, value
            else:
                if past_end:
                    yield at, value
                return

    def _row(self, rows: tuple[Row | None, ...], local: date) -> Row | None:
        """Give the row of a week that applies on a date; without a `holidays` row a holiday is an ordinary weekday."""
        row = rows[HOLIDAYS] if local in self.holiday_dates else None
        return rows[local.weekday()] if row is None else row

    def _dates(self, before: int = 0, after: int = 0) -> Iterator[date]:
        """Give the local dates of the span, with so many before and after it."""
        local = self.wall(0).date() - before * _ONE_DAY
        last = self.wall(self.length - 1).date() + after * _ONE_DAY
        while local <= last:
            yield local
            local += _ONE_DAY


def merged_spans(spans: Iterable[Span], length: int) -> tuple[Span, ...]:
    """Sort spans, clip them to [0, length), leave out empty ones and join those that touch or overlap."""
    merged: list[Span] = []
    for start, end in sorted((max(start, 0), min(end, length)) for start, end in spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def open_time(spans: "NDArray[np.int64]", at: "NDArray[np.int64]") -> "NDArray[np.int64]":
    """Give how much of [0, at) lies in the spans: the reading of a clock that runs only when they are open.

    The time between two instants on that clock is the difference of their readings.

    Parameters
    ----------
    spans
        Shape (spans, 2), ms: sorted, half-open, apart.
    at
        Instants, ms, of any shape.

    Returns
    -------
    numpy.ndarray
        Open ms, int64, of the shape of `at`.
    """
    import numpy as np  # noqa: PLC0415  (the scenario is read without NumPy)

    starts, ends = spans[:, 0], spans[:, 1]
    before = np.concatenate(([0], np.cumsum(ends - starts)))
    begun = np.searchsorted(starts, at, side="right")
    overhang = np.maximum(np.concatenate(([0], ends))[begun] - at, 0)
    reading: NDArray[np.int64] = before[begun] - overhang
    return reading


def _first_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Give the first instant (in UTC) at which the zone's clock shows a wall-clock time or a later one."""
    earlier = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if earlier.astimezone(zone).replace(tzinfo=None) == wall:
        return earlier
    # Skipped: the clock jumped over it between these two readings; the jump is where it first shows more.
    before, after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), earlier
    while after - before > _ONE_MS:
        middle = before + (after - before) // _ONE_MS // 2 * _ONE_MS
        if middle.astimezone(zone).replace(tzinfo=None) >= wall:
            after = middle
        else:
            before = middle
    return after


def holiday_dates(holidays: HolidayCalendar, years: Iterable[int]) -> frozenset[date]:
    """Give the holidays of some years, and every date that is listed.

    Raises
    ------
    LookupError
        If the country or the subdivision is not known; the text says which are.
    """
    if holidays.country is None:
        return frozenset(holidays.dates)
    import holidays as public_holidays  # noqa: PLC0415  (slow to import, and few scenarios name a country)

    try:
        public = public_holidays.country_holidays(holidays.country, subdiv=holidays.subdivision, years=years)
    except NotImplementedError:
        # Listing what there is loads the holidays of every country: done only to help.
        known = public_holidays.list_supported_countries()
        if holidays.country not in known:
            message = f"unknown country '{holidays.country}'{suggestion(holidays.country, known)}"
        else:
            missing = f"{holidays.country} has no subdivision '{holidays.subdivision}'"
            message = f"{missing}{suggestion(holidays.subdivision, known[holidays.country])}"
        raise LookupError(message) from None
    return frozenset(public) | frozenset(holidays.dates)
