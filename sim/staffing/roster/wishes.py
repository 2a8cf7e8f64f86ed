"""What people would like, in a few words: `off fri`, `avoid late mon-wed`, `prefer early weight 5`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sim.scenario.errors import suggestion
from sim.scenario.units import NUMBER, read_date, read_days
from sim.staffing.roster.posts import Post

Kind = Literal["off", "avoid", "prefer"]
RULE: Final = "a wish such as off fri, avoid late, prefer early mon-wed or off 2026-04-10 weight 5"

_WISH: Final = re.compile(rf"(off|avoid|prefer)\s+(.*?)(?:\s+weight\s+({NUMBER}))?", re.DOTALL)


@dataclass(frozen=True)
class Days:
    """Weekdays and dates."""

    weekdays: tuple[int, ...] = ()
    dates: frozenset[date] = frozenset()

    @classmethod
    def together(cls, several: Iterable[Days]) -> Days:
        """Give the days of several."""
        days = list(several)
        dates = frozenset(date for one in days for date in one.dates)
        return cls(tuple(sorted({day for one in days for day in one.weekdays})), dates)

    def has(self, on: date) -> bool:
        """Tell whether a date is one of them."""
        return on.weekday() in self.weekdays or on in self.dates


NO_DAYS: Final = Days()


@dataclass(frozen=True)
class Wish:
    """A wish, which each post that breaks it breaks once.

    `off`: not to work on these days. `avoid`: not to work this shift on them. `prefer`: if at work on these days, then
    in this shift.
    """

    text: str
    """As written."""
    kind: Kind
    days: Days | None = None
    """None: all days."""
    shift: str = ""
    """Name of a shift, `late` or `agents/late`."""
    weight: float = 1.0

    def broken_by(self, post: Post) -> bool:
        """Tell whether working a post breaks it."""
        if self.days is not None and not self.days.has(post.on):
            return False
        named = self.shift in {post.shift, f"{post.group}/{post.shift}"}
        return self.kind == "off" or named == (self.kind == "avoid")


def read_day(text: object) -> Days:
    """Read `fri`, `sat-sun` or `2026-04-10`."""
    with suppress(ValueError):
        return Days(dates=frozenset({read_date(text)}))
    with suppress(ValueError):
        return Days(weekdays=read_days(text))
    raise ValueError("weekdays such as sat-sun or a date such as 2026-04-10")


def read_wish(text: object, shifts: Sequence[str]) -> Wish:
    """Read a wish; `shifts` are the names that it may use."""
    match = _WISH.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError(RULE)
    words, weight = match[2].split(), float(match[3] or 1)
    if not 0 < weight < float("inf"):
        raise ValueError("a wish with a weight above 0")
    if match[1] == "off":
        return Wish(match[0], "off", _days(words), weight=weight)
    kind: Kind = "avoid" if match[1] == "avoid" else "prefer"
    # The name of a shift may have blanks: the longest beginning that is one.
    for length in range(len(words), 0, -1):
        shift = " ".join(words[:length])
        if shift in shifts:
            return Wish(match[0], kind, _days(words[length:]) if words[length:] else None, shift, weight)
    raise ValueError(f"a wish about a shift of the scenario{suggestion(words[0] if words else '', shifts)}")


def _days(words: list[str]) -> Days:
    try:
        days = [read_day(word) for word in " ".join(words).replace(", ", ",").split()]
    except ValueError:
        raise ValueError(RULE) from None
    if not days:
        raise ValueError(RULE)
    return Days.together(days)
