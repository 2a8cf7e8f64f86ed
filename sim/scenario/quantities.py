"""Field types of the schema: quantities with units, names that refer to other sections, small choices.

Each is an ordinary Python type for the reader of a `Scenario` and, for Pydantic, knows how to read the YAML value,
how to write it back, and its JSON Schema.
"""

import math
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sim.scenario import counts, units
from sim.scenario.errors import DataError, Fault, described, faulty, got_must_be, must_be, suggestion

if TYPE_CHECKING:
    from sim.scenario.tables import Tables

JsonSchema = dict[str, Any]
Value = TypeVar("Value")


@dataclass(frozen=True)
class Context:
    """What a value needs to know of the rest of the scenario while it is read."""

    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The names that each section defines, as far as the text says (sound or not)."""
    first_day: date | None = None
    """The day the scenario starts on, if that is sound."""
    tables: "Tables | None" = None
    """Reads the files that the scenario names."""


def context_of(info: ValidationInfo) -> Context:
    """Give the context of a validation; an empty one where a model is built by hand."""
    return info.context if isinstance(info.context, Context) else Context()


def _as_is(value: object) -> object:
    return value


@dataclass(frozen=True, eq=False)
class Quantity:
    """A scalar that `read` turns into a number, with its inverse and JSON Schema."""

    read: Callable[[Any], Any]
    """Gives the value, or raises ValueError with the rule."""
    json_schema: JsonSchema
    write: Callable[[Any], object] = _as_is
    """Gives a value as it would be written, for printing defaults."""

    def validate(self, value: object) -> object:
        """Read the value; the exception says what was got and what must be."""
        try:
            return self.read(value)
        except ValueError as rule:
            raise must_be(value, str(rule)) from None

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate by `read` alone."""
        return core_schema.no_info_plain_validator_function(self.validate)

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchema:
        """Describe the text as written in YAML."""
        return dict(self.json_schema)


def text(pattern: str, *examples: str) -> JsonSchema:
    """Describe a text by its regular expression."""
    return {"type": "string", "pattern": f"^\\s*(?:{pattern})\\s*$", "examples": list(examples)}


_PERIOD = "(?:second|minute|hour|day|week|month|year)"
_LENGTH = rf"(?:{units.NUMBER}\s*(?:ms|s|min|h|days?|weeks?)\s*)+"
_PERCENT: JsonSchema = {"anyOf": [{"type": "number", "minimum": 0}, text(rf"{units.NUMBER}\s*%", "110 %")]}
SHARE_SCHEMA: JsonSchema = {
    "anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, text(rf"{units.NUMBER}\s*%", "52 %")]
}
_CLOCK_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?"
_SPAN = rf"{_CLOCK_TIME}\s*-\s*{_CLOCK_TIME}"
_DAY_NAMES = "(?:" + "|".join(units.WEEKDAYS) + ")"
DAYS_PATTERN = rf"{_DAY_NAMES}(?:\s*-\s*{_DAY_NAMES})?(?:\s*,\s*{_DAY_NAMES}(?:\s*-\s*{_DAY_NAMES})?)*"
ROW_DAYS_PATTERN = rf"^(?:{DAYS_PATTERN}|holidays?)$"
SPANS_SCHEMA = text(rf"{_SPAN}(?:\s*,\s*{_SPAN})*|closed", "09:00-18:00", "closed")
TIME_OF_DAY_PATTERN = rf"^\s*{_CLOCK_TIME}\s*$"


def _money(*per: str) -> Quantity:
    pattern = rf"{units.NUMBER}\s+(?:" + "|".join(one if one == "each" else rf"per\s+{one}" for one in per) + ")"
    return Quantity(partial(units.read_money, per=per), text(pattern, f"100 per {per[0]}"), _write_money)


def _write_trend(growth: float) -> str:
    return f"{units.write_share(growth)} per week"


def _write_money(money: units.Money) -> str:
    return f"{money.amount:g} {'each' if money.per == 'each' else f'per {money.per}'}"


DURATION_SCHEMA = text(_LENGTH, "6 min")
Duration = Annotated[int, Quantity(units.read_duration, DURATION_SCHEMA, units.write_duration)]
"""Whole milliseconds."""
PositiveDuration = Annotated[int, Quantity(units.read_positive_duration, DURATION_SCHEMA, units.write_duration)]
"""Whole milliseconds, at least one."""
Share = Annotated[float, Quantity(units.read_share, SHARE_SCHEMA, units.write_share)]
"""From 0 to 1."""
Factor = Annotated[float, Quantity(units.read_factor, _PERCENT, units.write_share)]
"""At least 0; 1 changes nothing."""
PositiveFactor = Annotated[float, Quantity(units.read_positive_factor, _PERCENT, units.write_share)]
"""Above 0; 1 changes nothing."""
Number = Annotated[float, Quantity(units.read_number, {"type": "number"})]
NotNegative = Annotated[float, Quantity(units.read_not_negative, {"type": "number", "minimum": 0})]
Positive = Annotated[float, Quantity(units.read_positive, {"type": "number", "exclusiveMinimum": 0})]
Count = Annotated[int, Quantity(counts.read_count, {"type": "integer", "minimum": 0})]
Headcount = Annotated[
    int, Quantity(counts.read_headcount, {"type": "integer", "minimum": 0, "maximum": counts.MOST_PEOPLE})
]
"""People."""
Rounds = Annotated[int, Quantity(counts.read_rounds, {"type": "integer", "minimum": 1, "maximum": counts.MOST_ROUNDS})]
"""How often something may happen to one contact."""
PositiveCount = Annotated[int, Quantity(counts.read_positive_count, {"type": "integer", "minimum": 1})]
RATE_SCHEMA = text(rf"{units.NUMBER}\s+per\s+{_PERIOD}", "100 per hour")
Rate = Annotated[float, Quantity(units.read_rate, RATE_SCHEMA)]
"""Contacts per hour."""
Trend = Annotated[
    float, Quantity(units.read_trend, text(rf"[-+]?{units.NUMBER}\s*%\s*per\s+week", "1 % per week"), _write_trend)
]
"""Growth from one week to the next, above -1."""
VolumeText = Annotated[
    units.Volume, Quantity(units.read_volume, text(rf"{units.NUMBER}\s+per\s+{_PERIOD}", "2600 per week"))
]
CostPerHour = Annotated[units.Money, _money("hour")]
CostPerContact = Annotated[units.Money, _money("contact")]
CostOfShift = Annotated[units.Money, _money("hour", "each")]
CostOfLine = Annotated[units.Money, _money("month", "hour")]
CostOfTool = Annotated[units.Money, _money("month", "hour", "contact")]
ToleranceText = Annotated[
    units.Tolerance, Quantity(units.read_tolerance, text(rf"{units.NUMBER}\s*(?:%|points?)", "1 point", "1 %"))
]
RangeText = Annotated[
    counts.Range,
    Quantity(counts.read_range, {"anyOf": [{"type": "integer", "minimum": 0}, text(r"\d+\.\.\d+", "4..20")]}),
]
Days = Annotated[tuple[int, ...], Quantity(units.read_days, text(DAYS_PATTERN, "mon-fri", "mon,wed"))]
"""Sorted weekdays, 0 for Monday."""
TimeOfDay = Annotated[
    int, Quantity(units.read_time_of_day, {"type": "string", "pattern": TIME_OF_DAY_PATTERN}, units.write_time_of_day)
]
"""Milliseconds since local midnight."""
Span = Annotated[tuple[int, int], Quantity(units.read_span, text(_SPAN, "09:00-18:00"))]
"""Milliseconds since local midnight, begin and end; over midnight the end is past 24 h."""
Date = Annotated[date, Quantity(units.read_date, {"type": "string", "format": "date"})]
DateTime = Annotated[datetime, Quantity(units.read_datetime, {"type": "string"})]
"""Wall-clock time in the scenario's zone, without a zone of its own."""


def _read_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def _read_text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text")
    return str(value)


def _read_any_text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a text")
    return str(value)


def _read_name(value: object) -> str:
    if not isinstance(value, str) or not value or not value.replace("_", "a").replace("-", "a").isalnum():
        raise ValueError("a name of letters, digits, _ and -")
    return str(value)


def _read_file(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise ValueError("the name of a file, relative to the scenario")
    return value


def _read_zone(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("an IANA time zone such as Asia/Tokyo")
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        close = suggestion(value, zoneinfo.available_timezones())
        raise ValueError(f"an IANA time zone such as Asia/Tokyo{close}") from None
    return str(value)


Flag = Annotated[bool, Quantity(_read_flag, {"type": "boolean"})]
Text = Annotated[str, Quantity(_read_text, {"type": "string"})]
FileText = Annotated[str, Quantity(_read_file, {"type": "string"})]
"""A file's name; it keeps the folder that it is relative to."""
AnyText = Annotated[str, Quantity(_read_any_text, {"type": "string"})]
"""A text that may be empty."""
Zone = Annotated[str, Quantity(_read_zone, {"type": "string", "examples": ["Asia/Tokyo"]})]
"""An IANA time zone."""
Name = Annotated[str, Quantity(_read_name, {"type": "string", "pattern": r"^[\w-]+$"})]
"""A name that a section gives to one of its parts."""


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    words: tuple[Any, ...]

    def validate(self, value: object) -> object:
        """Give the word, or say which there are."""
        if isinstance(value, str | bool) and value in self.words:
            return value if isinstance(value, bool) else str(value)
        shown = " or ".join(("true" if word else "false") if isinstance(word, bool) else word for word in self.words)
        raise must_be(value, shown)

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate by comparing with the words."""
        return core_schema.no_info_plain_validator_function(self.validate)

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchema:
        """List the words."""
        return {"enum": list(self.words)}


@dataclass(frozen=True)
class Reference:
    """A name that another section must define."""

    section: str
    noun: str

    def validate(self, value: object, info: ValidationInfo) -> str:
        """Give the name, or suggest one that is defined."""
        return self.check(value, context_of(info))

    def check(self, value: object, context: Context) -> str:
        """Give the name, or raise a fault that suggests one."""
        if not isinstance(value, str):
            raise must_be(value, f"the name of {self.noun}")
        known = context.names.get(self.section)
        if known is not None and value not in known:
            raise faulty(Fault(unknown_name(value, known, self.noun.removeprefix("an ").removeprefix("a "))))
        return str(value)

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate against the context's names."""
        return core_schema.with_info_plain_validator_function(self.validate)

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchema:
        """Describe a name."""
        return {"type": "string"}


ChannelName = Annotated[str, Reference("channels", "a channel")]
ContactTypeName = Annotated[str, Reference("contact_types", "a contact type")]
CustomerName = Annotated[str, Reference("customers", "a customer segment")]
TierName = Annotated[str, Reference("tiers", "a tier")]
GroupName = Annotated[str, Reference("agent_groups", "an agent group")]
LanguageName = Annotated[str, Reference("languages", "a language")]
ProfileName = Annotated[str, Reference("profiles", "a profile")]
OpeningHoursName = Annotated[str, Reference("opening_hours", "an opening hours entry")]


def table_faults(error: DataError) -> PydanticCustomError:
    """Say what is wrong with a table: in the table where a line is known, else where the scenario names it."""
    return faulty(
        *(
            Fault(problem.message, place=problem.place)
            if problem.place.line is not None
            else Fault(f"{problem.place.source} {problem.message}")
            for problem in error.problems
        )
    )


@dataclass(frozen=True, eq=False)
class Reading:
    """A value whose reader sees the context and raises its own faults."""

    read: Callable[[Any, Context], Any]
    json_schema: JsonSchema
    write: Callable[[Any], object] = _as_is
    """Gives a value as it would be written, for printing defaults."""

    def validate(self, value: object, info: ValidationInfo) -> object:
        """Read the value in its context; problems of a table keep their place in the table."""
        try:
            return self.read(value, context_of(info))
        except ValueError as rule:
            if isinstance(rule, PydanticCustomError | ValidationError):
                raise
            raise must_be(value, str(rule)) from None
        except DataError as error:
            raise table_faults(error) from None

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate by `read` alone."""
        return core_schema.with_info_plain_validator_function(self.validate)

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchema:
        """Describe the value as written in YAML."""
        return dict(self.json_schema)


def unknown_name(name: object, known: Iterable[str], noun: str) -> str:
    """Say that a name is not defined, and which one may have been meant."""
    return f"unknown {noun} {described(name)}{suggestion(name, known)}"


def read_each(
    value: dict[Any, Any], read: Callable[[object], Value], known: Iterable[str] | None = None, noun: str = "name"
) -> dict[str, Value]:
    """Read every value of a mapping; `known` are the names that its keys may be."""
    faults: list[Fault] = []
    found: dict[str, Value] = {}
    for name, given in value.items():
        if known is not None and name not in known:
            faults.append(Fault(unknown_name(name, known, noun), (name,), on_key=True))
        try:
            found[str(name)] = read(given)
        except ValueError as rule:
            faults.append(Fault(got_must_be(given, str(rule)), (name,)))
    if faults:
        raise faulty(*faults)
    return found


def read_shares(value: object, section: str, noun: str, context: Context, whole: bool) -> dict[str, float]:
    """Read a mapping of defined names to shares that add up to at most (`whole`: exactly) 100 %."""
    if not isinstance(value, dict) or not value:
        raise must_be(value, f"a mapping of {noun}s to shares")
    shares = read_each(value, units.read_share, context.names.get(section), noun)
    total = math.fsum(shares.values())
    if total > 1 + 1e-9 or (whole and total < 1 - 1e-9):
        bound = "must be 100 %" if whole else "must be at most 100 %"
        raise faulty(Fault(f"the shares add up to {units.write_share(total)}, {bound}"))
    return shares


SHARES_SCHEMA: JsonSchema = {"type": "object", "additionalProperties": SHARE_SCHEMA}


def _read_customer(value: object, context: Context) -> dict[str, float]:
    if isinstance(value, str):
        Reference("customers", "a customer segment").check(value, context)
        return {str(value): 1.0}
    return read_shares(value, "customers", "customer segment", context, whole=True)


def _read_languages(value: object, context: Context) -> dict[str, float]:
    if isinstance(value, str):
        return {_read_name(value): 1.0}
    if value == {}:
        return {}
    return read_shares(value, "languages", "language", context, whole=True)


def _read_escalated(value: object, context: Context) -> float | dict[str, float]:
    if isinstance(value, dict):
        return read_shares(value, "tiers", "tier", context, whole=False)
    return units.read_share(value)


def _read_resolves(value: object, context: Context) -> float | dict[str, float]:
    if not isinstance(value, dict):
        return units.read_share(value)
    return read_each(value, units.read_share, context.names.get("contact_types"), "contact type")


CustomerShares = Annotated[dict[str, float], Reading(_read_customer, {"anyOf": [{"type": "string"}, SHARES_SCHEMA]})]
"""Share of each customer segment; together 1."""
LanguageShares = Annotated[dict[str, float], Reading(_read_languages, {"anyOf": [{"type": "string"}, SHARES_SCHEMA]})]
"""Share of each language; together 1."""
Escalated = Annotated[
    float | dict[str, float],
    Reading(_read_escalated, {"anyOf": [*SHARE_SCHEMA["anyOf"], SHARES_SCHEMA]}, units.write_share),
]
"""Share to the next tier that handles the type, or shares by tier."""
Resolves = Annotated[
    float | dict[str, float], Reading(_read_resolves, {"anyOf": [*SHARE_SCHEMA["anyOf"], SHARES_SCHEMA]})
]
"""One share for all contact types, or a share by contact type."""
