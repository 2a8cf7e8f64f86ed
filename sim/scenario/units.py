"""Quantities as people write them, read into numbers and written back.

Every `read_…` takes the plain YAML value and raises `ValueError` with the rule that it breaks ("a share such as
52 %"); durations become whole milliseconds, shares and factors floats, rates contacts per hour.
"""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
WEEK_MS = 7 * DAY_MS
MONTH_MS = DAY_MS * 487 // 16
"""A month is 30.4375 days, a twelfth of the Julian year."""
YEAR_MS = 12 * MONTH_MS

PERIODS_MS = {
    "second": SECOND_MS,
    "minute": MINUTE_MS,
    "hour": HOUR_MS,
    "day": DAY_MS,
    "week": WEEK_MS,
    "month": MONTH_MS,
    "year": YEAR_MS,
}
UNITS_MS = {
    "ms": 1,
    "s": SECOND_MS,
    "min": MINUTE_MS,
    "h": HOUR_MS,
    "day": DAY_MS,
    "days": DAY_MS,
    "week": WEEK_MS,
    "weeks": WEEK_MS,
}
LONGEST_MS = 100 * YEAR_MS
"""No duration of a scenario is longer than a hundred years (a slip, not a promise)."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAYS = 7
"""The row of a week that applies on holidays: weekdays are 0 (Monday) to 6."""

NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_DURATION = re.compile(rf"({NUMBER})\s*(ms|s|min|h|days?|weeks?)(?![a-z])\s*")
_PERCENT = re.compile(rf"([-+]?{NUMBER})\s*%")
_PER = re.compile(rf"({NUMBER})\s+per\s+([a-z]+)")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?")


@dataclass(frozen=True)
class Volume:
    """So many contacts per period, such as 2600 per week."""

    count: float
    per: str

    @property
    def per_ms(self) -> int:
        """The period's length in milliseconds."""
        return PERIODS_MS[self.per]


@dataclass(frozen=True)
class Money:
    """An amount in the scenario's currency, per hour, per contact, per month, or each."""

    amount: float
    per: str


@dataclass(frozen=True)
class Tolerance:
    """How far a measure may move: relative to its value, or in percentage points of a share."""

    amount: float
    """As a fraction: 0.01 for `1 %` and for `1 point`."""
    relative: bool


def _number(value: object) -> float | None:
    """Give a finite number as float; None for anything else, booleans included."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def read_duration(value: object) -> int:
    """Read `6 min`, `250 ms` or `1 h 30 min` as whole milliseconds, rounded half to even."""
    rule = "a duration with its unit such as 250 ms, 20 s, 6 min, 4 h, 30 days or 4 weeks"
    if not isinstance(value, str):
        raise ValueError(rule)
    text, end, total = value.strip(), 0, 0.0
    while match := _DURATION.match(text, end):
        total += float(match[1]) * UNITS_MS[match[2]]
        end = match.end()
    if end == 0 or end != len(text):
        backward = text.startswith("-") and _DURATION.fullmatch(text[1:].strip())
        raise ValueError("0 or more (a duration counts forward)" if backward else rule)
    if total > LONGEST_MS:
        raise ValueError("a duration of at most 100 years")
    return round(total)


def read_positive_duration(value: object) -> int:
    """Read a duration that is longer than nothing."""
    milliseconds = read_duration(value)
    if milliseconds == 0:
        raise ValueError("a duration of more than 0")
    return milliseconds


def read_share(value: object) -> float:
    """Read `52 %` or 0.52 as a float from 0 to 1."""
    share = _percent(value)
    if share is None:
        raise ValueError("a share such as 52 %")
    if not 0 <= share <= 1:
        raise ValueError("a share between 0 % and 100 %")
    return share


def read_factor(value: object) -> float:
    """Read `110 %` or 1.1 as a float of at least 0."""
    factor = _percent(value)
    if factor is None or factor < 0:
        raise ValueError("a factor of at least 0 such as 110 %")
    return factor


def read_positive_factor(value: object) -> float:
    """Read a factor above 0."""
    factor = _percent(value)
    if factor is None or factor <= 0:
        raise ValueError("a factor above 0 such as 110 %")
    return factor


def _percent(value: object) -> float | None:
    if isinstance(value, str):
        match = _PERCENT.fullmatch(value.strip())
        # Divided as decimal digits, 12.3 % is the float nearest to 0.123.
        return float(f"{match[1]}e-2") if match and "e" not in match[1].lower() else None
    return _number(value)


def read_number(value: object) -> float:
    """Read a finite number."""
    number = _number(value)
    if number is None:
        raise ValueError("a number")
    return number


def read_not_negative(value: object) -> float:
    """Read a finite number of at least 0."""
    number = _number(value)
    if number is None or number < 0:
        raise ValueError("a number of at least 0")
    return number


def read_positive(value: object) -> float:
    """Read a finite number above 0."""
    number = _number(value)
    if number is None or number <= 0:
        raise ValueError("a number above 0")
    return number


def read_volume(value: object) -> Volume:
    """Read `2600 per week`."""
    match = _PER.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match or match[2] not in PERIODS_MS:
        raise ValueError("contacts per period such as 2600 per week (second, minute, hour, day, week, month or year)")
    return Volume(_finite(match[1]), match[2])


def read_rate(value: object) -> float:
    """Read `100 per hour` as contacts per hour."""
    match = _PER.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match or match[2] not in PERIODS_MS:
        raise ValueError("a rate such as 100 per hour")
    return _finite(match[1]) * HOUR_MS / PERIODS_MS[match[2]]


def read_trend(value: object) -> float:
    """Read `1 % per week` or `-2 % per week` as the growth of a week, a float above -1."""
    match = re.fullmatch(rf"([-+]?{NUMBER})\s*%\s*per\s+week", value.strip()) if isinstance(value, str) else None
    if not match or float(match[1]) <= -100:
        raise ValueError("growth by week such as 1 % per week")
    return _finite(match[1]) / 100


def read_money(value: object, per: tuple[str, ...]) -> Money:
    """Read `2600 per hour` or `8000 each`; `per` names what is allowed here."""
    match = re.fullmatch(rf"({NUMBER})\s+(?:per\s+([a-z]+)|(each))", value.strip()) if isinstance(value, str) else None
    unit = (match[2] or match[3]) if match else None
    if not match or unit not in per:
        examples = {"hour": "2600 per hour", "contact": "15 per contact", "each": "8000 each"}
        raise ValueError("an amount such as " + " or ".join(examples.get(one, f"50000 per {one}") for one in per))
    return Money(_finite(match[1]), unit)


def read_tolerance(value: object) -> Tolerance:
    """Read `1 point` (of a share) or `1 %` (of the value)."""
    if isinstance(value, str):
        if points := re.fullmatch(rf"({NUMBER})\s*points?", value.strip()):
            return Tolerance(_finite(points[1]) / 100, relative=False)
        if percent := re.fullmatch(rf"({NUMBER})\s*%", value.strip()):
            return Tolerance(_finite(percent[1]) / 100, relative=True)
    raise ValueError("a tolerance such as 1 point (of a share) or 1 % (of the value)")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a finite number")
    return number


def read_days(value: object) -> tuple[int, ...]:
    """Read `mon-fri`, `fri-tue`, `mon` or `mon,wed` as sorted weekdays, 0 for Monday."""
    days = _days(value)
    if days is None or HOLIDAYS in days:
        raise ValueError("weekdays such as mon-fri, sat-sun, fri-tue or mon,wed")
    return days


def read_row_days(value: object) -> tuple[int, ...]:
    """Read weekdays, or `holidays` as row 7."""
    days = _days(value)
    if days is None:
        raise ValueError("weekdays such as mon-fri, sat-sun or mon,wed, or holidays")
    return days


def _days(value: object) -> tuple[int, ...] | None:
    if not isinstance(value, str):
        return None
    days: list[int] = []
    for part in value.lower().split(","):
        first, dash, last = (piece.strip() for piece in part.strip().partition("-"))
        if first in ("holidays", "holiday") and not dash:
            days.append(HOLIDAYS)
        elif first in WEEKDAYS and (not dash or last in WEEKDAYS):
            begin = WEEKDAYS.index(first)
            steps = (WEEKDAYS.index(last) - begin) % 7 if dash else 0
            days.extend((begin + step) % 7 for step in range(steps + 1))
        else:
            return None
    return tuple(sorted(days)) if len(set(days)) == len(days) else None


def read_time_of_day(value: object) -> int:
    """Read `09:00`, `9:00` or `09:00:05.250` (to `24:00`) as milliseconds since local midnight."""
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if match:
        hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3] or 0)
        millis = int((match[4] or "0").ljust(3, "0"))
        of_day = hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS + millis
        if minutes < 60 and seconds < 60 and of_day <= DAY_MS:
            return of_day
    raise ValueError('a time of day such as "09:00" (quoted)')


def read_span(value: object) -> tuple[int, int]:
    """Read `09:00-18:00` as milliseconds of the day; over midnight the end is past 24 h."""
    if isinstance(value, str):
        begin_text, dash, end_text = value.partition("-")
        try:
            begin, end = read_time_of_day(begin_text), read_time_of_day(end_text)
        except ValueError:
            dash = ""
        if dash and begin != end and begin < DAY_MS:
            return begin, end if end > begin else end + DAY_MS
    raise ValueError('a span of the day such as "09:00-18:00" (quoted)')


def read_spans(value: object) -> tuple[tuple[int, int], ...]:
    """Read `09:00-12:00, 13:00-15:00`, or `closed` as no spans; sorted."""
    rule = 'spans such as "09:00-12:00, 13:00-15:00", or closed'
    if not isinstance(value, str):
        raise ValueError(rule)
    if value.strip() == "closed":
        return ()
    try:
        spans = sorted(read_span(part.strip()) for part in value.split(","))
    except ValueError:
        raise ValueError(rule) from None
    if any(before[1] > after[0] for before, after in pairwise(spans)):
        raise ValueError("spans that do not overlap")
    return tuple(spans)


def read_date(value: object) -> date:
    """Read `2026-04-06`."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            raise ValueError("a date that the calendar has, such as 2026-04-06") from None
    raise ValueError("a date such as 2026-04-06")


def read_datetime(value: object, first_day: date | None = None) -> datetime:
    """Read `2026-04-08 10:00` as wall-clock time; with `first_day` a time of day alone is on that day."""
    rule = 'a date and time such as "2026-04-08 10:00"'
    if not isinstance(value, str):
        raise ValueError(rule)
    day_text, _, time_text = value.strip().replace("T", " ").partition(" ")
    if first_day is not None and not time_text and ":" in day_text:
        day, time_text = first_day, day_text
    else:
        try:
            day = read_date(day_text)
        except ValueError:
            raise ValueError(rule) from None
    try:
        of_day = read_time_of_day(time_text) if time_text else 0
    except ValueError:
        raise ValueError(rule) from None
    return datetime(day.year, day.month, day.day) + timedelta(milliseconds=of_day)


def write_duration(milliseconds: int) -> str:
    """Write milliseconds in the largest unit that divides them."""
    if milliseconds == 0:
        return "0 s"
    for unit in ("weeks", "days", "h", "min", "s"):
        size = UNITS_MS[unit]
        if milliseconds % size == 0:
            count = milliseconds // size
            return f"{count} {unit.rstrip('s') if count == 1 and unit in ('weeks', 'days') else unit}"
    return f"{milliseconds} ms"


def write_counted(number: int, noun: str) -> str:
    """Write a number with its noun: `1 channel`, `3 channels`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def write_share(share: float) -> str:
    """Write a share or a factor in per cent."""
    return f"{round(share * 100, 10):g} %"


def write_time_of_day(of_day_ms: int) -> str:
    """Write milliseconds of the day as a clock shows them; past 24 h it is the next day's clock."""
    minutes, millis = divmod(of_day_ms if of_day_ms == DAY_MS else of_day_ms % DAY_MS, MINUTE_MS)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    seconds, millis = divmod(millis, SECOND_MS)
    return text + (f":{seconds:02}" if seconds or millis else "") + (f".{millis:03}" if millis else "")
