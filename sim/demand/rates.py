"""Rates of arrival over the horizon, from volumes, profiles, rates and counts.

Rules
-----
- `volume` is a rate that follows the profile: the contacts of an ordinary week (one without holidays and clock changes)
  are spread over it in proportion to the profile's weights; 700 per day are 4,900 per week. A horizon that holds part
  of a week gets that part; a holiday gets what its own row weighs, not a share of an unchanged total. Without a profile
  the rate is constant.
- `counts` are means: the contacts of an interval are Poisson with the count as mean, evenly spread. An interval runs to
  the next start of the file; where that is two or more of the file's smallest steps away, rows without contacts were
  left out, and the interval, as also the last one, is as long as the smallest step.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.scenario.calendar import Calendar, Piece
from sim.scenario.units import DAY_MS, HOUR_MS, WEEK_MS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.scenario.model.arrivals import Arrivals
    from sim.scenario.model.time import DatedSteps, WeeklySteps
    from sim.scenario.schema import Scenario


def rate_pieces(scenario: Scenario, calendar: Calendar, arrivals: Arrivals) -> Sequence[Piece]:
    """Give the rate over the horizon, in contacts per ms."""
    linear = arrivals.interpolation == "linear"
    if arrivals.counts is not None:
        return _counted(arrivals.counts, calendar, scenario.time.interval)
    if arrivals.rates is not None:
        return _scaled(calendar.pieces(arrivals.rates, linear=linear), 1 / HOUR_MS)
    if arrivals.rate is not None:
        return (Piece(0, calendar.length, arrivals.rate / HOUR_MS, arrivals.rate / HOUR_MS),)
    assert arrivals.volume is not None  # the schema lets exactly one source through
    per_ms = arrivals.volume.count / arrivals.volume.per_ms
    if arrivals.profile is None:
        return (Piece(0, calendar.length, per_ms, per_ms),)
    profile = scenario.profiles[arrivals.profile]
    mean_weight = _weight_of_ordinary_week(profile, linear=linear) / WEEK_MS
    return _scaled(calendar.pieces(profile, linear=linear), per_ms / mean_weight)


def _weight_of_ordinary_week(profile: WeeklySteps, *, linear: bool) -> float:
    """Integrate the weights over a week of 168 hours without holidays, weight × ms."""
    knots = [(day * DAY_MS + at, weight) for day, row in enumerate(profile.rows[:7]) for at, weight in row or ()]
    around = [*knots, (knots[0][0] + WEEK_MS, knots[0][1])]
    return sum(
        (then - at) * ((weight + weight_then) / 2 if linear else weight)
        for (at, weight), (then, weight_then) in pairwise(around)
    )


def _counted(counts: DatedSteps, calendar: Calendar, grid_ms: int) -> tuple[Piece, ...]:
    """Spread each interval's count evenly over the interval; a single one is as long as the scenario's interval."""
    starts = [wall for wall, _ in counts.rows]
    steps = [then - wall for wall, then in pairwise(starts)]
    smallest = min(steps, default=timedelta(milliseconds=grid_ms))
    pieces = []
    for (wall, count), step in zip(counts.rows, [*steps, smallest], strict=True):
        start = calendar.instant_of(wall)
        end = calendar.instant_of(wall + (step if step < 2 * smallest else smallest))
        if max(start, 0) < min(end, calendar.length):
            rate = count / (end - start)
            pieces.append(Piece(max(start, 0), min(end, calendar.length), rate, rate))
    return tuple(pieces)


def _scaled(pieces: Iterable[Piece], factor: float) -> tuple[Piece, ...]:
    return tuple(Piece(piece.start, piece.end, piece.first * factor, piece.last * factor) for piece in pieces)


def cut(pieces: Iterable[Piece], grid: Sequence[int]) -> list[Piece]:
    """Cut pieces at the instants of a sorted grid."""
    cut = []
    for piece in pieces:
        inside = grid[bisect_right(grid, piece.start) : bisect_left(grid, piece.end)]
        slope = (piece.last - piece.first) / (piece.end - piece.start)
        for start, end in pairwise([piece.start, *inside, piece.end]):
            first, last = (piece.first + slope * (at - piece.start) for at in (start, end))
            cut.append(Piece(start, end, first, last))
    return cut
