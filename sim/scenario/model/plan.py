"""What the planner may change, and what it aims at."""

from typing import Annotated

from pydantic import Field

from sim.scenario import counts, units
from sim.scenario.errors import must_be
from sim.scenario.model.section import Section
from sim.scenario.quantities import (
    Choice,
    Context,
    CostOfShift,
    Count,
    Days,
    Flag,
    GroupName,
    JsonSchema,
    PositiveDuration,
    RangeText,
    Reading,
    Share,
    Span,
    read_each,
    text,
)


def _read_shift_ranges(value: object, _context: Context) -> dict[str, counts.Range] | None:
    """Read `all` (None), or ranges by shift."""
    if value == "all":
        return None
    if not isinstance(value, dict) or not value:
        raise must_be(value, "all, or ranges by shift such as {day: 4..20}")
    return read_each(value, counts.read_range)


_RANGE_SCHEMA: JsonSchema = {"anyOf": [{"type": "integer", "minimum": 0}, text(r"\d+\.\.\d+", "4..20")]}
ShiftRanges = Annotated[
    dict[str, counts.Range] | None,
    Reading(
        _read_shift_ranges, {"anyOf": [{"const": "all"}, {"type": "object", "additionalProperties": _RANGE_SCHEMA}]}
    ),
]
"""Ranges of headcount by shift; None for all shifts of the group, any headcount."""


def _read_offsets(value: object, _context: Context) -> tuple[int, int]:
    """Read `2 h-4 h`, from the shift's begin."""
    begin_text, dash, end_text = value.partition("-") if isinstance(value, str) else ("", "", "")
    if dash:
        begin, end = units.read_duration(begin_text), units.read_duration(end_text)
        if begin < end:
            return begin, end
    raise ValueError('a span from the begin of the shift such as "2 h-4 h"')


Offsets = Annotated[tuple[int, int], Reading(_read_offsets, {"type": "string", "examples": ["2 h-4 h"]})]
"""Milliseconds from the shift's begin, begin and end."""


class PatternBreak(Section):
    """A pause of a generated shift."""

    length: PositiveDuration
    """How long."""
    between: Offsets
    """The window that people's breaks are spread over, from the shift's begin."""
    paid: Flag = False
    """Whether it is paid. Default: false."""


class Pattern(Section):
    """Shifts that the planner may invent for a group."""

    group: GroupName
    """Whose shifts."""
    lengths: tuple[PositiveDuration, ...]
    """How long they may be, breaks included."""
    starts: Span
    """From when to when they may begin, both included."""
    every: PositiveDuration = 30 * units.MINUTE_MS
    """Grid of the begins. Default: 30 min (rule of the model)."""
    days: tuple[Days, ...] | None = None
    """Day sets that one headcount holds for. Default: each weekday on its own."""
    breaks: tuple[PatternBreak, ...] = ()
    """Pauses. Default: none."""
    cost: CostOfShift | None = None
    """Cost per hour, or of one person's shift. Default: the group's cost per hour."""
    headcount: RangeText | None = None
    """Bounds of each such shift's headcount. Default: any."""
    at_most_share: Share | None = None
    """Largest share of the group's shifts, for part-time. Default: no limit."""


class Plan(Section):
    """What the planner may change, and what it aims at."""

    objective: Annotated[str, Choice(("cost", "headcount", "staff_hours"))] = "cost"
    """What is made least. Default: cost."""
    shifts: dict[GroupName, ShiftRanges] = Field(default_factory=dict)
    """Shifts whose headcounts may change: all, or ranges by shift. Default: none."""
    headcount: dict[GroupName, RangeText] = Field(default_factory=dict)
    """Groups whose number of people may change: their `headcount`, or that of all their shifts. Default: none."""
    patterns: tuple[Pattern, ...] = ()
    """Shifts that the planner may invent. Default: none."""
    on_site: Count | None = None
    """Most people at work at a time, over all groups. Default: no limit."""
    days_off: Count | None = None
    """Days off of each person in a week. Default: as the shifts say."""
    time_limit: PositiveDuration | None = None
    """How long the solver may take. Default: the planner's own."""
