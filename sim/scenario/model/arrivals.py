"""How contacts of one type come on one channel, and what the whole demand has in common."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self

from pydantic import model_validator

from sim.scenario import units
from sim.scenario.errors import Fault, faulty, got_must_be, listed, must_be, suggestion
from sim.scenario.model.distribution import Distribution
from sim.scenario.model.section import Section
from sim.scenario.model.time import DatedSteps, Rates
from sim.scenario.quantities import (
    Choice,
    ContactTypeName,
    Context,
    DateTime,
    Factor,
    PositiveFactor,
    ProfileName,
    Rate,
    Reading,
    Share,
    Text,
    Trend,
    VolumeText,
)
from sim.scenario.tables import TABLE_SCHEMA, table_named, tables_of

LOG_DURATIONS = ("handle_time", "wrap_up", "patience")
SOURCES = ("volume", "rate", "rates", "counts", "log")


@dataclass(frozen=True)
class LogEntry:
    """One contact that came, replayed as it was; None where the log does not say."""

    time: datetime
    """Wall-clock time in the scenario's zone."""
    handle_time_ms: int | None
    wrap_up_ms: int | None
    patience_ms: int | None


def _read_counts(value: object, context: Context) -> DatedSteps:
    if not isinstance(value, dict) or "file" not in value:
        raise must_be(value, "a file such as {file: volumes.csv}, with columns start and contacts")
    return DatedSteps(
        tables_of(context).dated(table_named(value, "contacts"), units.read_not_negative, context.first_day)
    )


def _read_log(value: object, context: Context) -> tuple[LogEntry, ...]:
    if isinstance(value, dict) and "file" in value:
        rows = tables_of(context).log(table_named(value, "time"), LOG_DURATIONS, context.first_day)
        return tuple(LogEntry(row.time, *row.durations_ms) for row in rows)
    if not isinstance(value, list):
        raise must_be(value, "a file such as {file: contacts.csv} with a column time, or a list of contacts")
    faults: list[Fault] = []
    entries = [_log_entry(entry, position, context, faults) for position, entry in enumerate(value)]
    if faults:
        raise faulty(*faults)
    return tuple(sorted((entry for entry in entries if entry), key=lambda entry: entry.time))


def _log_entry(entry: object, position: int, context: Context, faults: list[Fault]) -> LogEntry | None:
    allowed = ("time", *LOG_DURATIONS)
    if not isinstance(entry, dict) or "time" not in entry:
        faults.append(
            Fault(got_must_be(entry, f"a contact with a time, and any of {listed(LOG_DURATIONS)}"), (position,))
        )
        return None
    before = len(faults)
    faults.extend(
        Fault(f"unknown key{suggestion(key, allowed)}", (position, key), on_key=True)
        for key in entry
        if key not in allowed
    )
    durations: list[int | None] = []
    time = None
    for key in allowed:
        try:
            if key == "time":
                time = units.read_datetime(entry[key], context.first_day)
            else:
                durations.append(units.read_duration(entry[key]) if key in entry else None)
        except ValueError as rule:
            faults.append(Fault(got_must_be(entry[key], str(rule)), (position, key)))
    return LogEntry(time, *durations) if time is not None and len(faults) == before else None


Counts = Annotated[DatedSteps, Reading(_read_counts, TABLE_SCHEMA)]
"""Contacts expected by interval: (wall-clock start, contacts until the next start)."""
Log = Annotated[
    tuple[LogEntry, ...],
    Reading(
        _read_log,
        {
            "anyOf": [
                TABLE_SCHEMA,
                {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["time"],
                        "additionalProperties": False,
                        "properties": {key: {"type": "string"} for key in ("time", *LOG_DURATIONS)},
                    },
                },
            ]
        },
    ),
]
"""Contacts replayed as they came, sorted by time."""


class Arrivals(Section):
    """How contacts of one type come on one channel: one of `volume`, `rate`, `rates`, `counts`, `log`."""

    volume: VolumeText | None = None
    """So many contacts a period, spread over the week as `profile` says, open or closed.
    Default: another key says it."""
    profile: ProfileName | None = None
    """The shape that `volume` is spread by. Default: evenly."""
    interpolation: Annotated[str, Choice(("steps", "linear"))] = "steps"
    """steps: a weight or rate holds until the next listed one; linear joins them.
    Default: steps (rule of the model)."""
    rate: Rate | None = None
    """A constant rate, in contacts per hour. Default: another key says it."""
    rates: Rates | None = None
    """Rates over the week, in contacts per hour. Default: another key says it."""
    counts: Counts | None = None
    """Contacts expected by interval, from a file with columns start and contacts. Default: another key says it."""
    log: Log | None = None
    """Contacts that came, replayed as they are, from a file or in place; plain numbers of a file are seconds.
    Default: another key says it."""
    busy_day_cv: Factor = 0.0
    """Coefficient of variation of a gamma factor on each day's rate. Default: 0 %, a Poisson stream."""
    busy_hour_cv: Factor = 0.0
    """Coefficient of variation of a gamma factor on each hour's rate. Default: 0 %, a Poisson stream."""
    busy_correlation: Share | None = None
    """Correlation of the hour factors within a day (Gaussian copula). Default: that of `demand`."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        given = [source for source in SOURCES if getattr(self, source) is not None]
        faults = []
        if len(given) != 1:
            found = f"{listed(f'`{source}`' for source in given)} together" if given else "none of them"
            faults.append(Fault(f"got {found}, must be one of {listed(SOURCES, 'or')}"))
        if self.profile is not None and self.volume is None:
            faults.append(Fault("`profile` shapes a `volume`, and there is none", ("profile",), on_key=True))
        if self.interpolation != "steps" and not {"volume", "rates"} & set(given):
            faults.append(Fault("only `volume` and `rates` are interpolated", ("interpolation",), on_key=True))
        if self.log is not None:
            faults += [
                Fault("a `log` is replayed as it is and does not vary", (key,), on_key=True)
                for key in ("busy_day_cv", "busy_hour_cv", "busy_correlation")
                if getattr(self, key)
            ]
        if self.busy_correlation and self.busy_hour_cv == 0 and self.log is None:
            faults.append(
                Fault("correlates hour factors; `busy_hour_cv` is missing", ("busy_correlation",), on_key=True)
            )
        if faults:
            raise faulty(*faults)
        return self


class Demand(Section):
    """What all arrivals have in common. Default: nothing."""

    busy_day_cv: Factor = 0.0
    """Coefficient of variation of one gamma factor of the day, common to all types. Default: 0 %."""
    busy_correlation: Share = 0.0
    """Correlation of hour factors within a day, for arrivals that say none. Default: 0 %, independent hours."""
    trend: Trend = 0.0
    """Growth from week to week of all but logs, such as `1 % per week`. Default: none."""
    scale: PositiveFactor = 1.0
    """Factor on every volume, rate and count; a log stays as it is. Default: 100 %."""


class Incident(Section):
    """An outage or a campaign that multiplies arrivals while it lasts, at a given time or at random."""

    name: Text | None = None
    """What reports call it. Default: its number."""
    start: DateTime | None = None
    """When it begins, wall-clock time; or say `every`. Default: `every` says it."""
    every: Distribution | None = None
    """Time from the end of one to the start of the next; or say `start`. Default: `start` says it."""
    lasts: Distribution
    """How long it lasts."""
    arrivals: dict[ContactTypeName, Factor]
    """Factor on the arrivals of each contact type while it lasts; a log stays as it is."""

    @model_validator(mode="after")
    def _when(self) -> Self:
        if (self.start is None) == (self.every is None):
            raise faulty(Fault("an incident needs either `start` or `every`"))
        return self
