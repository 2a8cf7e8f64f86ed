"""Distributions of durations."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Self

from pydantic import GetJsonSchemaHandler, ValidationInfo, model_validator
from pydantic_core import CoreSchema

from sim.scenario import units
from sim.scenario.errors import DataError, Fault, faulty, got_must_be, listed, must_be
from sim.scenario.model.section import Section, described_beside
from sim.scenario.quantities import (
    DURATION_SCHEMA,
    Choice,
    Context,
    Duration,
    FileText,
    JsonSchema,
    Positive,
    PositiveCount,
    PositiveDuration,
    Reading,
    Share,
    Text,
    context_of,
    table_faults,
)
from sim.scenario.tables import TableName, tables_of

NEEDED = {
    "constant": ("mean",),
    "exponential": ("mean",),
    "lognormal": ("mean", "cv"),
    "gamma": ("mean", "cv"),
    "erlang": ("mean", "phases"),
    "weibull": ("mean", "shape"),
    "hyperexponential": ("mean", "cv"),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "mixture": ("mixture",),
    "table": (),
    "samples": ("file",),
}
"""Kinds of distribution and the parameters that each needs."""
OPTIONAL = {"table": ("survival", "cumulative"), "samples": ("column", "sheet")}
BOUNDS = {"cv": (0.001, 1_000), "shape": (0.01, 100), "phases": (1, 1_000_000)}
"""From where to where a distribution is told from a constant, and comes near its mean, with the digits there are."""
ALWAYS = ("distribution", "at_least", "at_most", "weight")


def _read_points(value: object, _context: Context) -> tuple[tuple[int, float], ...]:
    """Read `{"0 s": 1, "60 s": 0.82}` as (ms, probability), sorted by time."""
    if not isinstance(value, dict) or len(value) < 2:
        raise must_be(value, 'at least two points such as {"0 s": 1, "40 min": 0}')
    points: dict[int, float] = {}
    faults = []
    for time, share in value.items():
        try:
            time_ms = units.read_duration(time)
            if time_ms in points:
                raise ValueError("each time once")
        except ValueError as rule:
            faults.append(Fault(got_must_be(time, str(rule)), (time,), on_key=True))
            continue
        try:
            points[time_ms] = units.read_share(share)
        except ValueError as rule:
            faults.append(Fault(got_must_be(share, str(rule)), (time,)))
    if faults:
        raise faulty(*faults)
    return tuple(sorted(points.items()))


_POINTS_SCHEMA: JsonSchema = {
    "type": "object",
    "minProperties": 2,
    "additionalProperties": {"type": ["number", "string"]},
}
Points = Annotated[tuple[tuple[int, float], ...], Reading(_read_points, _POINTS_SCHEMA)]
"""Points of a survival or distribution function: (ms, probability), sorted by time."""


class Distribution(Section):
    """A distribution of durations (in milliseconds once read); a plain duration such as `40 s` is a constant.

    Which parameters a kind needs: constant, exponential: mean; lognormal, gamma, hyperexponential (balanced means):
    mean, cv; erlang: mean, phases; weibull: mean, shape; uniform: low, high; triangular: low, mode, high; mixture:
    mixture; table: survival or cumulative; samples: file.
    """

    distribution: Annotated[str, Choice(tuple(NEEDED))]
    """Kind; needs not be said of a `mixture`."""
    mean: Duration | None = None
    """Mean, before clipping. Default: none."""
    cv: Positive | None = None
    """Coefficient of variation: standard deviation ÷ mean, from 0.001 to 1,000. Default: none."""
    shape: Positive | None = None
    """Shape of a Weibull, from 0.01 to 100: 1 is exponential, above 1 people get more impatient as they wait.
    Default: none."""
    phases: PositiveCount | None = None
    """Number of exponential phases of an Erlang, at most 1,000,000. Default: none."""
    low: Duration | None = None
    """Least value of a uniform or triangular. Default: none."""
    mode: Duration | None = None
    """Most likely value of a triangular. Default: none."""
    high: Duration | None = None
    """Greatest value of a uniform or triangular. Default: none."""
    mixture: "tuple[Component, ...] | None" = None
    """Parts, of which one is chosen by weight. Default: none."""
    survival: Points | None = None
    """Points of P(X > t), linear between them; ends at 0, or `at_most` clips it. Default: none."""
    cumulative: Points | None = None
    """Points of P(X ≤ t), linear between them, up to 1, or `at_most` clips it. Default: none."""
    file: FileText | None = None
    """Table whose column holds samples. Default: none."""
    column: Text = "duration"
    """Column of the samples. Default: duration."""
    sheet: Text | None = None
    """Sheet of an Excel file. Default: the first."""
    at_least: Duration | None = None
    """Lower values are raised to it. Default: no clipping."""
    at_most: PositiveDuration | None = None
    """Greater values are lowered to it. Default: no clipping."""
    _samples_ms: tuple[int, ...] = ()

    @property
    def samples_ms(self) -> tuple[int, ...]:
        """The samples read from `file`, in milliseconds, sorted."""
        return self._samples_ms

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        """Describe the plain duration beside the mapping; a mixture needs not say its kind."""
        described = handler.resolve_ref_schema(handler(schema))
        kinds = [{"required": ["distribution"]}, {"required": ["mixture"]}]
        needed = [key for key in described.pop("required") if key != "distribution"]
        described["anyOf"] = [{"required": [*needed, *kind["required"]]} for kind in kinds]
        return described_beside(described, DURATION_SCHEMA)

    @model_validator(mode="before")
    @classmethod
    def _from_duration(cls, value: object) -> object:
        if isinstance(value, str | int | float):
            return {"distribution": "constant", "mean": value}
        if isinstance(value, dict) and "mixture" in value:
            return {"distribution": "mixture", **value}
        return value

    @model_validator(mode="after")
    def _check(self, info: ValidationInfo) -> Self:
        kind, given = self.distribution, self.model_fields_set
        allowed = {*ALWAYS, *NEEDED[kind], *OPTIONAL.get(kind, ())}
        faults = [
            Fault(
                f"{kind} does not take `{key}`; it takes {listed(sorted(allowed - set(ALWAYS)))}", (key,), on_key=True
            )
            for key in type(self).model_fields
            if key in given - allowed
        ]
        missing = [key for key in NEEDED[kind] if key not in given]
        if missing:
            faults.append(Fault(f"{kind} needs {listed(f'`{key}`' for key in missing)}"))
        else:
            faults.extend(self._impossible())
        if faults:
            raise faulty(*faults)
        if kind == "samples" and self.file is not None:
            table = TableName(self.file, self.column, self.sheet)
            try:
                self._samples_ms = tables_of(context_of(info)).samples(table)
            except DataError as error:
                raise table_faults(error) from None
        return self

    def _impossible(self) -> Iterator[Fault]:
        """Give what no random number can do."""
        kind = self.distribution
        if self.mean == 0 and kind != "constant":
            yield Fault(got_must_be("0 s", "more than 0"), ("mean",))
        for key, (least, most) in BOUNDS.items():
            value = getattr(self, key)
            if value is not None and not least <= value <= most:
                rule = f"from {least:,} to {most:,}: what varies {'less' if _steadier(key, value) else 'more'} "
                rule += "is a constant, `constant`" if _steadier(key, value) else "has a mean that nothing comes near"
                yield Fault(got_must_be(value, rule), (key,))
        if kind == "hyperexponential" and self.cv is not None and self.cv < 1:
            yield Fault(got_must_be(self.cv, "at least 1 for a hyperexponential (gamma takes less)"), ("cv",))
        ends = [end for end in (self.low, self.mode, self.high) if end is not None]
        if len(ends) > 1 and (ends != sorted(ends) or ends[0] == ends[-1]):
            order = "low < high" if kind == "uniform" else "low ≤ mode ≤ high and low < high"
            yield Fault(f"{order} does not hold", ("high",))
        if self.at_least is not None and self.at_most is not None and self.at_least >= self.at_most:
            yield Fault("`at_least` must be below `at_most`", ("at_least",))
        if kind == "table":
            yield from self._impossible_table()
        if self.mixture is not None:
            weight = math.fsum(part.weight for part in self.mixture)
            if not self.mixture or abs(weight - 1) > 1e-9:
                yield Fault(f"the weights add up to {units.write_share(weight)}, must be 100 %", ("mixture",))

    def _impossible_table(self) -> Iterator[Fault]:
        if (self.survival is None) == (self.cumulative is None):
            yield Fault("a table needs either `survival` or `cumulative`")
            return
        key = "survival" if self.survival is not None else "cumulative"
        points = self.survival or self.cumulative or ()
        falling = [share if key == "survival" else 1 - share for _, share in points]
        if any(before < after for before, after in pairwise(falling)):
            yield Fault(f"`{key}` must never {'rise' if key == 'survival' else 'fall'} with time", (key,))
        elif falling[-1] > 1e-12 and self.at_most is None:
            end = 0 if key == "survival" else 1
            yield Fault(f"`{key}` must end at {end}, or `at_most` must say where the rest ends", (key,))


def _steadier(key: str, value: float) -> bool:
    """Tell whether a parameter beyond its bounds is at the end where durations hardly differ."""
    least, most = BOUNDS[key]
    return value < least if key == "cv" else value > most


class Component(Distribution):
    """One part of a mixture."""

    weight: Share
    """Share of the values that this part gives; the weights of a mixture add up to 100 %."""
