"""What each kind of value is called and allows, for people: the words of the language reference."""

from typing import Annotated, Any, Final, get_args, get_origin

from sim.scenario import counts, quantities, shape
from sim.scenario.model import agent_groups, arrivals, distribution, plan, targets, time
from sim.scenario.quantities import Choice, Reference
from sim.scenario.schema import Scenario

_PERIODS: Final = "second, minute, hour, day, week, month or year"
_NAMED: Final = (
    (quantities.Duration, "duration, 0 s or more"),
    (quantities.PositiveDuration, "duration, more than 0 s"),
    (quantities.Share, "share, 0 % to 100 %"),
    (quantities.Factor, "factor, 0 % or more"),
    (quantities.PositiveFactor, "factor, more than 0 %"),
    (quantities.Number, "number"),
    (quantities.NotNegative, "number, 0 or more"),
    (quantities.Positive, "number above 0"),
    (quantities.Count, "whole number, 0 or more"),
    (quantities.PositiveCount, "whole number, 1 or more"),
    (quantities.Headcount, f"whole number, 0 to {counts.MOST_PEOPLE:,}"),
    (quantities.Rounds, f"whole number, 1 to {counts.MOST_ROUNDS:,}"),
    (quantities.Rate, f"contacts per {_PERIODS}"),
    (quantities.Trend, "per cent per week, above -100 %"),
    (quantities.VolumeText, f"contacts per {_PERIODS}"),
    (quantities.CostPerHour, "money per hour"),
    (quantities.CostPerContact, "money per contact"),
    (quantities.CostOfShift, "money per hour, or each"),
    (quantities.CostOfLine, "money per month or hour"),
    (quantities.CostOfTool, "money per month, hour or contact"),
    (quantities.ToleranceText, "points of a share, or per cent of the value"),
    (quantities.RangeText, "whole numbers from..to, or one number"),
    (quantities.Days, "weekdays, mon to sun"),
    (quantities.TimeOfDay, 'time of day, "00:00" to "24:00"'),
    (quantities.Span, 'span of the day, "from-to"; over midnight the end is the smaller'),
    (quantities.Date, "date"),
    (quantities.DateTime, "date and time, wall clock"),
    (quantities.Flag, "`true` or `false`"),
    (quantities.Text, "text"),
    (quantities.AnyText, "text"),
    (quantities.FileText, "file, relative to the scenario"),
    (quantities.Zone, "IANA time zone"),
    (quantities.Name, "name of letters, digits, _ and -"),
    (quantities.CustomerShares, "a customer segment, or shares by segment that add up to 100 %"),
    (quantities.LanguageShares, "a language, or shares by language that add up to 100 %"),
    (quantities.Escalated, "share, or shares by tier that add up to at most 100 %"),
    (quantities.Resolves, "share, or shares by contact type"),
    (distribution.Points, "probability by duration, two points or more"),
    (agent_groups.WeekdayHeadcount, "whole number, 0 or more, or such numbers by weekdays"),
    (time.WeeklyHoursText, "spans by weekdays and `holidays`; or `closed`"),
    (
        time.Weights,
        "weights by weekdays and time of day, or `{file: …}` with columns weekday, time, weight",
    ),
    (time.Rates, "rates by weekdays and time of day, or `{file: …}` with columns weekday, time, rate"),
    (time.Staffing, "agents by weekdays and time of day, or `{file: …}` with columns start (or weekday, time), agents"),
    (arrivals.Counts, "`{file: …}` with columns start, contacts"),
    (arrivals.Log, "`{file: …}` with a column time (and handle_time, wrap_up, patience), or a list of such contacts"),
    (plan.ShiftRanges, "`all`, or ranges from..to by shift"),
    (plan.Offsets, 'span from the begin of the shift, "from-to" in durations'),
    (targets.MeasureText, "name of a measure"),
    (targets.Bound, "share, duration, count, money or score, as the measure has"),
    (shape.field_type(Scenario.model_fields["format"]), "`1`"),
    (shape.field_type(Scenario.model_fields["variants"]), "dotted keys and their values, by name"),
)
_WORDS: Final = {id(get_args(kind)[1]): words for kind, words in _NAMED}
"""By the object that reads the value, of which each kind has its own."""


def kind_words(kind: Any) -> str:
    """Say what a value of a type of the schema may be.

    Raises
    ------
    LookupError
        If the type has no words yet.
    """
    kind = shape.bare(kind)
    if shape.is_section(kind):
        return "distribution, or a duration" if issubclass(kind, distribution.Distribution) else "section"
    origin, parts = get_origin(kind), get_args(kind)
    if origin is dict:
        return f"by {name_of(parts[0])}: {kind_words(parts[1])}"
    if origin is tuple:
        return f"list of: {kind_words(parts[0])}"
    found = next(filter(None, map(_reader_words, parts[1:])), None) if origin is Annotated else None
    if found is None:
        raise LookupError(f"no words for values of the type {kind}")
    return found


def _reader_words(reads: object) -> str | None:
    if isinstance(reads, Choice):
        return ", ".join(f"`{str(word).lower() if isinstance(word, bool) else word}`" for word in reads.words)
    return f"name of {reads.noun}" if isinstance(reads, Reference) else _WORDS.get(id(reads))


def name_of(kind: Any) -> str:
    """Say what the names of a mapping name."""
    reads = get_args(kind)[1]
    return reads.noun.removeprefix("an ").removeprefix("a ") if isinstance(reads, Reference) else "name"
