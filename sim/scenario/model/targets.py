"""Targets: what must hold, and how far measures may move before a check complains."""

from typing import Annotated, Self

from pydantic import Field, GetJsonSchemaHandler, ValidationInfo, field_validator, model_validator
from pydantic_core import CoreSchema

from sim.scenario import units
from sim.scenario.errors import Fault, described, faulty, got_must_be, listed, must_be, suggestion
from sim.scenario.measure_names import ATTEMPTS, BREAKDOWNS, MEASURES, PERIODS, READINGS
from sim.scenario.model.section import Section, described_beside
from sim.scenario.model.target_line import read_line
from sim.scenario.quantities import (
    ChannelName,
    Choice,
    ContactTypeName,
    Context,
    CustomerName,
    GroupName,
    JsonSchema,
    LanguageName,
    PositiveDuration,
    Reading,
    Share,
    TierName,
    ToleranceText,
    context_of,
)

BOUNDS = ("at_least", "at_most")


def _read_measure(value: object, _context: Context) -> str:
    if not isinstance(value, str):
        raise must_be(value, "the name of a measure")
    if value not in MEASURES:
        raise faulty(Fault(f"unknown measure {described(value)}{suggestion(value, MEASURES)}"))
    return str(value)


MeasureText = Annotated[str, Reading(_read_measure, {"enum": sorted(MEASURES)})]


def _read_bound(value: object, _context: Context) -> float:
    """Read a bound in any unit; the target then holds it to the measure's unit."""
    for read in (units.read_number, units.read_factor):
        try:
            return read(value)
        except ValueError:
            continue
    try:
        return float(units.read_duration(value))
    except ValueError:
        raise ValueError("a number, a share such as 80 %, or a duration such as 4 h, as the measure needs") from None


Bound = Annotated[float, Reading(_read_bound, {"type": ["number", "string"]})]
"""In the measure's unit: a share 0 to 1, milliseconds, a count, an amount of money or a score."""
READ_BOUND = {
    "share": units.read_share,
    "duration": units.read_duration,
    "count": units.read_not_negative,
    "number": units.read_number,
    "money": units.read_not_negative,
    "score": units.read_number,
}


class Floor(Section):
    """A weaker bound that every period keeps."""

    per: Annotated[str, Choice(PERIODS)]
    """The periods."""
    at_least: Bound | None = None
    """The measure is at least this in each. Default: none."""
    at_most: Bound | None = None
    """The measure is at most this in each. Default: none."""


class Target(Section):
    """A promise: a measure, what it is of, and its bound; or the same on a line.

    `[NAME.]... MEASURE [(DEADLINE [, READING])] (>= or <=) BOUND [per PERIOD] [on SHARE of PERIODs] [, warn BOUND]
    [, floor BOUND per PERIOD] [, undecided pass]`, such as `"phone.service_level(20 s) >= 80 % per day, warn 85 %"`.
    """

    measure: MeasureText
    """What is measured."""
    reading: Annotated[str, Choice(READINGS)] = "offered"
    """Of a service level: what the answered within T are divided by. Default: offered (definition of the measure)."""
    channel: ChannelName | None = None
    """Contacts of this channel alone. Default: all."""
    contact_type: ContactTypeName | None = None
    """Of this contact type alone. Default: all."""
    tier: TierName | None = None
    """Legs at the tier. Default: contacts, by their first human queue."""
    agent_group: GroupName | None = None
    """Of this agent group alone. Default: all."""
    customer: CustomerName | None = None
    """Of this customer segment alone. Default: all."""
    language: LanguageName | None = None
    """In this language alone. Default: all."""
    attempt: Annotated[str, Choice(ATTEMPTS)] | None = None
    """First contacts, retries or repeats alone. Default: all."""
    within: PositiveDuration | None = None
    """The deadline T, inclusive. Default: none."""
    at_least: Bound | None = None
    """The measure is at least this. Default: none."""
    at_most: Bound | None = None
    """The measure is at most this. Default: none."""
    per: Annotated[str, Choice(PERIODS)] | None = None
    """The periods for which it must hold. Default: the whole run."""
    risk: Share | None = None
    """Share of those periods, over the replications, that must keep the bound. Default: the mean is judged."""
    floor: Floor | None = None
    """A weaker bound for shorter periods. Default: none."""
    warn: Bound | None = None
    """A bound that is only warned about. Default: none."""
    undecided: Annotated[str, Choice(("report", "pass"))] = "report"
    """What a check makes of it when no replication is left and nothing is decided: report (exit status 3) or pass.
    Default: report."""

    @property
    def unit(self) -> str:
        """Unit of the bound: share, duration, count, number, money or score."""
        measure = MEASURES[self.measure]
        return "duration" if measure.within == "may" and self.within is None else measure.unit

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        """Describe the line beside the mapping."""
        line = {
            "type": "string",
            "pattern": r"^[^<>≤≥]+(>=|<=|≥|≤)[^<>≤≥]+$",
            "examples": ["phone.service_level(20 s) >= 80 %", "abandonment <= 5 % per day, warn 4 %"],
        }
        return described_beside(handler.resolve_ref_schema(handler(schema)), line)

    @model_validator(mode="before")
    @classmethod
    def _from_line(cls, value: object, info: ValidationInfo) -> object:
        return read_line(value, context_of(info)) if isinstance(value, str) else value

    @field_validator("at_least", "at_most", "warn", "floor", mode="before")
    @classmethod
    def _bounds_in_unit(cls, value: object, info: ValidationInfo) -> object:
        """Hold bounds to the unit of the measure, which is read before them."""
        measure = MEASURES.get(info.data.get("measure", ""))
        if measure is None:
            return value
        unit = "duration" if measure.within == "may" and info.data.get("within") is None else measure.unit
        in_floor = info.field_name == "floor"
        bounds = {key: value[key] for key in BOUNDS if key in value} if isinstance(value, dict) else {}
        faults = []
        for key, bound in bounds.items() if in_floor else [("", value)]:
            try:
                READ_BOUND[unit](bound)
            except ValueError as rule:
                faults.append(Fault(got_must_be(bound, str(rule)), (key,) if in_floor else ()))
        if faults:
            raise faulty(*faults)
        return value

    @model_validator(mode="after")
    def _sound(self) -> Self:
        measure = MEASURES[self.measure]
        narrowed = frozenset(key for key in BREAKDOWNS if getattr(self, key) is not None)
        faults = []
        if not measure.narrows_by(narrowed):
            choices = " or by ".join(listed(keys) or "nothing" for keys in measure.by)
            faults.append(Fault(f"{self.measure} is not told apart by {listed(sorted(narrowed))}; it is by {choices}"))
        if measure.within == "yes" and self.within is None:
            faults.append(Fault(f"{self.measure} needs `within`, the deadline, such as `within: 20 s`"))
        if measure.within == "no" and self.within is not None:
            faults.append(Fault(f"{self.measure} takes no deadline", ("within",), on_key=True))
        if self.reading != "offered" and self.measure != "service_level":
            faults.append(Fault("only service_level has readings", ("reading",), on_key=True))
        if (self.at_least is None) == (self.at_most is None):
            faults.append(Fault("a target needs either `at_least` or `at_most`"))
        if self.risk is not None and self.per is None:
            faults.append(Fault("says how many periods keep the bound; say `per: day` too", ("risk",), on_key=True))
        if self.floor is not None:
            bound = "at_least" if self.at_least is not None else "at_most"
            if getattr(self.floor, bound) is None or (
                self.floor.at_least is not None and self.floor.at_most is not None
            ):
                faults.append(Fault(f"needs `{bound}` alone, as its target has", ("floor",)))
        if faults:
            raise faulty(*faults)
        return self


class Regression(Section):
    """How far a check lets measures move from their baseline."""

    tolerance: dict[MeasureText, ToleranceText] = Field(default_factory=dict)
    """By measure: `1 point` of a share, or `1 %` of the value. Default: every digit must agree."""

    @field_validator("tolerance", mode="before")
    @classmethod
    def _points_of_shares(cls, value: object) -> object:
        """Refuse points of what is no share."""
        rule = "a part of its value such as 1 %: only shares have points"
        faults = [
            Fault(got_must_be(given, rule), (name,))
            for name, given in (value.items() if isinstance(value, dict) else ())
            if name in MEASURES and MEASURES[name].unit != "share" and _is_in_points(given)
        ]
        if faults:
            raise faulty(*faults)
        return value


def _is_in_points(given: object) -> bool:
    """Tell whether a tolerance is in percentage points; what is none at all is said where it is read."""
    try:
        return not units.read_tolerance(given).relative
    except ValueError:
        return False
