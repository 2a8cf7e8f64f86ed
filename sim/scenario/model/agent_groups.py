"""Agent groups: who takes what, and what people's days look like."""

from typing import Annotated, Any, Final, Self

from pydantic import Field, model_validator

from sim.scenario import counts, units
from sim.scenario.errors import Fault, faulty, got_must_be
from sim.scenario.model.section import Section
from sim.scenario.model.time import Staffing
from sim.scenario.quantities import (
    DAYS_PATTERN,
    ChannelName,
    Choice,
    ContactTypeName,
    Context,
    CostOfShift,
    CostPerHour,
    Count,
    Date,
    Days,
    Duration,
    Factor,
    Flag,
    Headcount,
    Name,
    Number,
    PositiveCount,
    PositiveDuration,
    PositiveFactor,
    Reading,
    Rounds,
    Share,
    Span,
    Text,
    TierName,
    TimeOfDay,
    Zone,
    unknown_name,
)


def _read_headcount(value: object, _context: Context) -> tuple[int, ...]:
    """Read a whole number, or numbers by weekday (0 where none is given)."""
    if not isinstance(value, dict):
        return (counts.read_headcount(value),) * 7
    people: dict[int, int] = {}
    faults = []
    for key, given in value.items():
        try:
            days = units.read_days(key)
            if any(day in people for day in days):
                raise ValueError("each weekday once")
        except ValueError as rule:
            faults.append(Fault(got_must_be(key, str(rule)), (key,), on_key=True))
            continue
        try:
            people.update(dict.fromkeys(days, counts.read_headcount(given)))
        except ValueError as rule:
            faults.append(Fault(got_must_be(given, str(rule)), (key,)))
    if faults:
        raise faulty(*faults)
    return tuple(people.get(day, 0) for day in range(7))


WeekdayHeadcount = Annotated[
    tuple[int, ...],
    Reading(
        _read_headcount,
        {
            "anyOf": [
                {"type": "integer", "minimum": 0},
                {
                    "type": "object",
                    "propertyNames": {"pattern": f"^{DAYS_PATTERN}$"},
                    "additionalProperties": {"type": "integer", "minimum": 0},
                },
            ]
        },
    ),
]
"""People by weekday, Monday to Sunday."""


class ServesRow(Section):
    """One line of what a group takes."""

    channels: tuple[ChannelName, ...] | None = None
    """The channels that it takes from. Default: all channels."""
    contact_types: tuple[ContactTypeName, ...] | None = None
    """The contact types that it takes. Default: all contact types."""
    rank: PositiveCount | None = None
    """How contacts see the row: they go to the lowest rank. Default: its position, from 1."""
    after: Duration = 0
    """Opens the row only to contacts that have waited so long in the queue. Default: 0 s."""
    keep_free: Count = 0
    """Opens the row only while so many other agents of the group are free; who has any work in hand,
    interruptible too, is not. Default: 0."""
    interruptible: Annotated[bool | str, Choice((False, True, "shared"))] = False
    """true: live work may interrupt it, and the agent resumes it; shared: it returns to the queue for anyone.
    Default: false."""
    order: Annotated[str, Choice(("longest_wait", "due_first"))] = "longest_wait"
    """Who is taken first, within a priority. Default: longest_wait."""
    tier: TierName | None = None
    """The tier whose queues the row serves. Default: the group's."""


SLOWEST: Final = 1e-6
"""Pace of work that an agent shares, at least, and its reciprocal at most: engines count in millionths."""


class Slots(Section):
    """Several contacts of a channel at a time for one agent."""

    limit: Rounds
    """Most contacts at a time."""
    pace: tuple[PositiveFactor, ...] | None = None
    """Speed of each contact while 1, 2, … are at work. Default: 100 % at every level."""
    handle_time: tuple[PositiveDuration, ...] | None = None
    """The same by mean handle time at each level: pace[n] = handle_time[1] ÷ handle_time[n]. Default: none."""
    resolved_when_sharing: tuple[Number, ...] | None = None
    """Change of the log-odds of resolving while 1, 2, … are at work. Default: none."""

    @model_validator(mode="after")
    def _levels(self) -> Self:
        faults = []
        for key in ("pace", "handle_time", "resolved_when_sharing"):
            given = getattr(self, key)
            if given is not None and len(given) != self.limit:
                faults.append(
                    Fault(f"got {len(given)} values, must be {self.limit} (`limit`), one for each level", (key,))
                )
        if self.pace is not None and self.handle_time is not None:
            faults.append(Fault("`pace` and `handle_time` say the same; leave one out", ("handle_time",), on_key=True))
        faults += self._out_of_bounds()
        if faults:
            raise faulty(*faults)
        return self

    def _out_of_bounds(self) -> list[Fault]:
        key, bounds = "pace" if self.handle_time is None else "handle_time", f"from {SLOWEST:g} to {1 / SLOWEST:g}"
        return [
            Fault(f"the pace with {level} at work comes to {pace:.3g}, must be {bounds}", (key,), on_key=True)
            for level, pace in enumerate(self.pace_by_level, 1)
            if not SLOWEST <= pace <= 1 / SLOWEST
        ]

    @property
    def pace_by_level(self) -> tuple[float, ...]:
        """Speed of each contact while 1, 2, …, `limit` are at work."""
        if self.handle_time is not None:
            return tuple(self.handle_time[0] / time for time in self.handle_time)
        return self.pace or (1.0,) * self.limit


class Shrinkage(Section):
    """Paid time that is not there for contacts."""

    absence: Share = 0.0
    """Share of the person-days that are absent, paid. Default: 0 %."""
    in_shift: Share = 0.0
    """Share of the shift outside breaks spent off the queue (meetings, coaching). Default: 0 %."""
    block: PositiveDuration = 15 * units.MINUTE_MS
    """Length of one such absence from the queue, at least 1 min. Default: 15 min (rule of the model)."""

    @model_validator(mode="after")
    def _long_enough(self) -> Self:
        if self.block < units.MINUTE_MS:
            rule = "at least 1 min: each person's day is cut into blocks, of which each is dealt"
            raise faulty(Fault(got_must_be(units.write_duration(self.block), rule), ("block",)))
        return self


class Break(Section):
    """A pause in a shift, staggered over `between` or fixed `at` a time."""

    length: PositiveDuration
    """How long."""
    between: Span | None = None
    """The window that people's breaks are spread over. Default: none."""
    at: TimeOfDay | None = None
    """The time at which all take it; or say `between`. Default: none."""
    paid: Flag = False
    """Whether it is paid. Default: false."""

    @model_validator(mode="after")
    def _when(self) -> Self:
        if (self.between is None) == (self.at is None):
            raise faulty(Fault("a break needs either `between` or `at`"))
        if self.between is not None and self.between[1] - self.between[0] < self.length:
            raise faulty(Fault("is longer than its window `between`", ("length",)))
        return self


class Shift(Section):
    """A shift: the same hours on some weekdays, for some people."""

    days: Days
    """The weekdays on which it begins."""
    hours: Span
    """From when to when; past 24 h it ends on the next day."""
    headcount: WeekdayHeadcount
    """People, one number or by weekday (0 where none is given)."""
    cost: CostOfShift | None = None
    """Cost per hour, or of one person's shift (`each`). Default: the group's cost per hour."""
    breaks: tuple[Break, ...] = ()
    """Pauses. Default: none."""

    def break_windows(self) -> tuple[tuple[int, int], ...]:
        """Give the window of each break in ms since midnight of the shift's first day, in the order of `breaks`."""
        windows = []
        for pause in self.breaks:
            begin, end = pause.between or (pause.at or 0, (pause.at or 0) + pause.length)
            # A break after midnight of a night shift is written as the next day's clock shows it.
            later = units.DAY_MS if begin < self.hours[0] and end + units.DAY_MS <= self.hours[1] else 0
            windows.append((begin + later, end + later))
        return tuple(windows)

    @model_validator(mode="after")
    def _breaks_fit(self) -> Self:
        windows = self.break_windows()
        faults = [
            Fault("lies outside the shift's hours", ("breaks", position))
            for position, (begin, end) in enumerate(windows)
            if begin < self.hours[0] or end > self.hours[1]
        ]
        fixed = [
            (*window, position)
            for position, (window, pause) in enumerate(zip(windows, self.breaks, strict=True))
            if pause.at is not None
        ]
        for one, other in zip(sorted(fixed), sorted(fixed)[1:], strict=False):
            if one[1] > other[0]:
                faults.append(Fault("overlaps another break", ("breaks", other[2])))
        if sum(pause.length for pause in self.breaks) >= self.hours[1] - self.hours[0]:
            faults.append(Fault("the breaks leave nothing of the shift", ("breaks",)))
        if faults:
            raise faulty(*faults)
        return self


class ShiftException(Section):
    """Another headcount of a shift on one date."""

    date: Date
    """The date on which the shift begins."""
    shift: Text
    """The shift, by name."""
    headcount: Headcount
    """People on that date."""


class Ramp(Section):
    """New people who are slower."""

    share_new: Share
    """Share of the group that is new at the start."""
    handle_time: tuple[PositiveFactor, ...]
    """Factor on their handle time in each `per` since they came; 100 % after the last."""
    per: PositiveDuration
    """Length of each step."""


class Overtime(Section):
    """What work after the end of a span costs."""

    pay: PositiveFactor = 1.0
    """Factor on the cost per hour. Default: 100 %."""


class AgentGroup(Section):
    """People with the same skills, rules and pay."""

    tier: TierName
    """The tier it works for."""
    serves: tuple[ServesRow, ...] = (ServesRow.model_construct(set()),)
    """What it takes, preferred first. Default: everything that comes to the tier."""
    languages: tuple[Name, ...] | None = None
    """Languages it speaks. Default: all."""
    zone: Zone | None = None
    """IANA zone of its shifts. Default: the scenario's."""
    slots: dict[ChannelName, Slots] = Field(default_factory=dict)
    """Channels of which an agent takes several contacts at a time. Default: one at a time."""
    pace: PositiveFactor = 1.0
    """Divides its talk; 110 % works a tenth faster. Default: 100 %."""
    speed_cv: Factor = 0.0
    """Coefficient of variation of the agents' own speeds (lognormal, mean 1). Default: 0 %."""
    ramp: Ramp | None = None
    """New people. Default: none."""
    shrinkage: Shrinkage = Shrinkage.model_construct(set())
    """Absence and time off the queue. Default: none."""
    overtime: Overtime = Overtime.model_construct(set())
    """Pay of overtime. Default: as other hours."""
    cost: CostPerHour | None = None
    """Cost of a paid hour. Default: not counted."""
    shifts: dict[Name, Shift] = Field(default_factory=dict)
    """People by shift; or `staffing`, or `headcount`. Default: none."""
    exceptions: tuple[ShiftException, ...] = ()
    """Other headcounts on single dates. Default: none."""
    staffing: Staffing | None = None
    """Interchangeable people by numbers over time. Default: none."""
    headcount: Headcount | None = None
    """People around the clock. Default: none."""

    def speaks(self, language: str | None) -> bool:
        """Tell whether it speaks a language; None is the one without a name, which everybody speaks."""
        return language is None or self.languages is None or language in self.languages

    @model_validator(mode="after")
    def _one_way_to_staff(self) -> Self:
        given = {
            "shifts": bool(self.shifts),
            "staffing": self.staffing is not None,
            "headcount": self.headcount is not None,
        }
        ways = [way for way, said in given.items() if said]
        faults = []
        if len(ways) > 1:
            faults.append(
                Fault(f"got {' and '.join(ways)}, must be one of shifts, staffing or headcount", (ways[-1],), True)
            )
        days: set[tuple[str, Any]] = set()
        for position, exception in enumerate(self.exceptions):
            at = ("exceptions", position)
            if exception.shift not in self.shifts:
                faults.append(Fault(unknown_name(exception.shift, self.shifts, "shift"), (*at, "shift")))
            elif exception.date.weekday() not in self.shifts[exception.shift].days:
                day = units.WEEKDAYS[exception.date.weekday()]
                faults.append(Fault(f"is a {day}, on which shift '{exception.shift}' does not begin", (*at, "date")))
            if (exception.shift, exception.date) in days:
                faults.append(Fault("is already excepted", (*at, "date")))
            days.add((exception.shift, exception.date))
        if self.languages == ():
            faults.append(Fault("is an empty list; leave it out for all", ("languages",)))
        for position, row in enumerate(self.serves):
            for key in ("channels", "contact_types"):
                if getattr(row, key) == ():
                    faults.append(Fault("is an empty list; leave it out for all", ("serves", position, key)))
        if faults:
            raise faulty(*faults)
        return self
