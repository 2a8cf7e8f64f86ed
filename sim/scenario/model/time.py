"""When: the horizon, opening hours, holidays, and steps over the week."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, TypeVar

from pydantic import GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticCustomError

from sim.scenario import counts, units
from sim.scenario.errors import Fault, faulty, got_must_be, must_be
from sim.scenario.model.section import Section, described_beside
from sim.scenario.quantities import (
    RATE_SCHEMA,
    ROW_DAYS_PATTERN,
    SPANS_SCHEMA,
    TIME_OF_DAY_PATTERN,
    Context,
    Date,
    Duration,
    JsonSchema,
    PositiveDuration,
    Reading,
    Text,
    Zone,
)
from sim.scenario.tables import TABLE_SCHEMA, table_named, tables_of

WEEK_ROWS = 8
"""Monday to Sunday, then holidays."""


class Time(Section):
    """The simulated span and its grid."""

    start: Date
    """First day; time 0 is 00:00 of it in `zone`."""
    length: PositiveDuration
    """How long the simulated span is; nothing at or after its end happens. A day is 24 h, also where the clocks change:
    a span over the end of summer time ends an hour earlier by the clock on the wall."""
    zone: Zone = "UTC"
    """IANA time zone of all wall-clock times. Default: UTC, which has no daylight saving."""
    interval: PositiveDuration = 15 * units.MINUTE_MS
    """Grid of demand, staffing and reports. Default: 15 min, the field's usual interval."""
    warm_up: Duration = 0
    """Measured time starts after it. Default: 0 s, for desks that open empty."""
    repeat_window: PositiveDuration = 72 * units.HOUR_MS
    """An inquiry that does not come back within it counts as resolved at first contact.
    Default: 72 h (definition of the measure)."""


@dataclass(frozen=True)
class WeeklyHours:
    """Open spans of each weekday."""

    rows: tuple[tuple[tuple[int, int], ...] | None, ...]
    """Monday to Sunday, then holidays: sorted spans in milliseconds of local time of day, ends past 24 h reach into
    the next day; None as the holidays row means that the weekday's applies."""


@dataclass(frozen=True)
class WeeklySteps:
    """A value that holds from each listed time to the next listed one, over midnight and over unlisted days."""

    rows: tuple[tuple[tuple[int, float], ...] | None, ...]
    """Monday to Sunday, then holidays: sorted (milliseconds of local time of day, value); an empty row lists nothing
    (the value before goes on), None as the holidays row means that the weekday's applies."""


@dataclass(frozen=True)
class DatedSteps:
    """A value that holds from each listed wall-clock time to the next, from a file with a `start` column."""

    rows: tuple[tuple[datetime, float], ...]
    """Sorted (wall-clock time in the scenario's zone, value)."""


Value = TypeVar("Value")


def _weekly_rows(given: object, what: str, read_row: Callable[[object], Value]) -> list[Value | None]:
    """Read a mapping of days to rows; None for the days that it does not list."""
    if not isinstance(given, dict) or not given:
        raise must_be(given, f"a mapping of days to {what}")
    rows: list[Value | None] = [None] * WEEK_ROWS
    listed_as: dict[int, str] = {}
    faults: list[Fault] = []
    for key, value in given.items():
        try:
            days = units.read_row_days(key)
        except ValueError as rule:
            faults.append(Fault(got_must_be(key, str(rule)), (key,), on_key=True))
            continue
        if twice := [day for day in days if day in listed_as]:
            day = "holidays" if twice[0] == units.HOLIDAYS else units.WEEKDAYS[twice[0]]
            faults.append(Fault(f"{day} is already listed under '{listed_as[twice[0]]}'", (key,), on_key=True))
            continue
        listed_as.update(dict.fromkeys(days, str(key)))
        try:
            row = read_row(value)
        except PydanticCustomError as error:
            faults.extend(replace(fault, at=(key, *fault.at)) for fault in (error.context or {})["faults"])
        except ValueError as rule:
            faults.append(Fault(got_must_be(value, str(rule)), (key,)))
        else:
            for weekday in days:
                rows[weekday] = row
    if faults:
        raise faulty(*faults)
    return rows


def read_weekly_hours(value: object, _context: Context) -> WeeklyHours:
    """Read `{mon-fri: "09:00-18:00", holidays: closed}`; days that are not listed are closed."""
    rows = _weekly_rows(value, 'opening spans such as {mon-fri: "09:00-18:00"}', units.read_spans)
    hours = WeeklyHours(tuple(() if row is None and day != units.HOLIDAYS else row for day, row in enumerate(rows)))
    for day in range(7):
        spans, following = hours.rows[day] or (), hours.rows[(day + 1) % 7] or ()
        if spans and following and spans[-1][1] - units.DAY_MS > following[0][0]:
            names = units.WEEKDAYS[day], units.WEEKDAYS[(day + 1) % 7]
            raise faulty(Fault(f"the hours of {names[0]} reach over midnight into those of {names[1]}"))
    return hours


def steps_reader(read_value: Callable[[object], float], column: str) -> Callable[[object, Context], WeeklySteps]:
    """Make a reader of weekly steps, in place or from a CSV with columns weekday, time and `column`."""

    def read_row(value: object) -> tuple[tuple[int, float], ...]:
        if not isinstance(value, dict) or not value:
            raise must_be(value, f'a mapping of times to {column}s such as {{"08:00": …}}')
        faults, row = [], {}
        for time, number in value.items():
            try:
                of_day = units.read_time_of_day(time)
            except ValueError as rule:
                faults.append(Fault(got_must_be(time, str(rule)), (time,), on_key=True))
                continue
            if of_day in row or of_day >= units.DAY_MS:
                rule_text = "each time once, before 24:00"
                faults.append(Fault(got_must_be(time, rule_text), (time,), on_key=True))
            try:
                row[of_day] = read_value(number)
            except ValueError as rule:
                faults.append(Fault(got_must_be(number, str(rule)), (time,)))
        if faults:
            raise faulty(*faults)
        return tuple(sorted(row.items()))

    def read(value: object, context: Context) -> WeeklySteps:
        if isinstance(value, dict) and "file" in value:
            rows_of_file = tables_of(context).weekly_steps(table_named(value, column), read_value)
            return WeeklySteps((*rows_of_file[:7], rows_of_file[7] or None))
        rows = _weekly_rows(value, f"times and {column}s", read_row)
        return WeeklySteps(tuple(() if row is None and day != units.HOLIDAYS else row for day, row in enumerate(rows)))

    return read


def steps_schema(value: JsonSchema) -> JsonSchema:
    """Describe weekly steps as written: in place, or a file of them."""
    of_day = {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": TIME_OF_DAY_PATTERN},
        "additionalProperties": value,
    }
    weekly = {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": ROW_DAYS_PATTERN},
        "additionalProperties": of_day,
    }
    return {"anyOf": [TABLE_SCHEMA, weekly]}


def _read_count_step(value: object) -> float:
    return float(counts.read_headcount(value))


_read_weekly_staffing = steps_reader(_read_count_step, "agents")


def read_staffing(value: object, context: Context) -> WeeklySteps | DatedSteps:
    """Read staffing by numbers: weekly steps in place, or a file with columns start (or weekday, time) and agents."""
    if isinstance(value, dict) and "file" in value:
        table = table_named(value, "agents")
        if not tables_of(context).has_column(table, "weekday"):
            return DatedSteps(tables_of(context).dated(table, counts.read_headcount, context.first_day))
    return _read_weekly_staffing(value, context)


WeeklyHoursText = Annotated[
    WeeklyHours,
    Reading(
        read_weekly_hours,
        {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": ROW_DAYS_PATTERN},
            "additionalProperties": SPANS_SCHEMA,
        },
    ),
]
Weights = Annotated[
    WeeklySteps,
    Reading(steps_reader(units.read_not_negative, "weight"), steps_schema({"type": "number", "minimum": 0})),
]
"""The shape of a week: only the proportions between weights matter."""
Rates = Annotated[WeeklySteps, Reading(steps_reader(units.read_rate, "rate"), steps_schema(RATE_SCHEMA))]
"""Contacts per hour over the week."""
Staffing = Annotated[
    WeeklySteps | DatedSteps,
    Reading(read_staffing, steps_schema({"type": "integer", "minimum": 0})),
]
"""Agents at work over time."""


class HolidayCalendar(Section):
    """The public holidays of a country (by the `holidays` package), or a list of dates."""

    country: Text | None = None
    """ISO 3166 code such as JP. Default: none."""
    subdivision: Text | None = None
    """ISO 3166-2 code of a state or prefecture. Default: none."""
    dates: tuple[Date, ...] = ()
    """Further holidays; `holidays: [2026-04-06]` is short for it. Default: none."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        """Describe the list of dates beside the mapping."""
        dates = {"type": "array", "items": {"type": "string", "format": "date"}}
        return described_beside(handler.resolve_ref_schema(handler(schema)), dates)

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: object) -> object:
        return {"dates": value} if isinstance(value, list) else value
