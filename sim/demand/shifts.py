"""The days of people who work in shifts: one person's shift on one date, its breaks, and what is paid of it.

Rules
-----
- Person i of a shift works on the dates on which the shift's headcount is above i. A shift that begins before the
  horizon counts with what reaches into it. Holidays change nothing: who has the day off is an exception.
- Person i begins a staggered break at the window's begin + v(i) × (window − length), v the van der Corput sequence 0,
  ½, ¼, ¾ …, rounded to 5 min (halves up) but never past the window; a break that would begin inside the one before it
  begins when that one ends.
- Breaks last as long as they say whatever clocks do; shifts end when the clock says.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from sim.scenario.units import MINUTE_MS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sim.scenario.calendar import Calendar, Span
    from sim.scenario.model.agent_groups import Shift

BREAK_GRID_MS: Final = 5 * MINUTE_MS


def van_der_corput(i: int) -> float:
    """Give element i of the sequence 0, ½, ¼, ¾, ⅛ …: the binary digits of i mirrored at the point, exactly."""
    digits = f"{i:b}"
    mirrored: float = int(digits[::-1], 2) / 2 ** len(digits)
    return mirrored


@dataclass(frozen=True, slots=True)
class Stretch:
    """Planned work between breaks."""

    start: int
    end: int
    """ms, half-open, within the shift but not cut to the horizon."""
    break_before: int
    """Total length of the shift's breaks before it, ms."""


@dataclass(frozen=True, slots=True)
class PersonDay:
    """One person's shift on one date."""

    start: int
    end: int
    """ms; they may lie outside the horizon."""
    breaks: tuple[tuple[int, int, bool], ...]
    """Sorted (start, end, paid), apart, within the shift."""

    def stretches(self) -> Iterator[Stretch]:
        """Give the work between breaks, in order."""
        edges = [(self.start, self.start, True), *self.breaks, (self.end, self.end, True)]
        break_before = 0
        for (start, end, _), (next_start, _, _) in pairwise(edges):
            break_before += end - start
            if end < next_start:
                yield Stretch(end, next_start, break_before)

    def paid(self) -> Iterator[Span]:
        """Give the shift less its unpaid breaks, in order."""
        since = self.start
        for start, end, paid in self.breaks:
            if not paid:
                yield since, start
                since = end
        yield since, self.end


def person_day(shift: Shift, calendar: Calendar, on: date, person: int) -> PersonDay:
    """Give the shift of person number `person` (from 0) on a date, whether they are in the headcount or not."""
    start, end = (calendar.instant(on, time_of_day) for time_of_day in shift.hours)
    taken: list[tuple[int, int, bool]] = []
    windows = zip(shift.break_windows(), shift.breaks, strict=True)
    planned = [(_break_time(window, pause.length, person), pause) for window, pause in windows]
    for time_of_day, pause in sorted(planned, key=lambda one: one[0]):
        begin = max(calendar.instant(on, time_of_day), taken[-1][1] if taken else start)
        if begin < end:
            taken.append((begin, min(begin + pause.length, end), pause.paid))
    return PersonDay(start, end, tuple(taken))


def _break_time(window: tuple[int, int], length: int, person: int) -> int:
    """Give when a person's break begins, on the clock of the shift's first day."""
    room = window[1] - window[0] - length
    steps = int(van_der_corput(person) * room / BREAK_GRID_MS + 0.5)
    return window[0] + min(steps * BREAK_GRID_MS, room)
