"""Figures as people read them: an estimate, its unit and the half-width of its interval, to the meaningful digits.

`81.3 % ± 0.9` is an estimate of 81.3 % whose 95 % confidence interval goes from 80.4 % to 82.2 %. Where the interval is
not symmetric, it is written out: `97 % (92–100)`; a share of exactly 0 or 1 has a bound on one side: `100 % (≥ 99.2)`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sim.experiment.statistics import Estimate

MOST_DECIMALS: Final = 3
SKEW: Final = 0.05
"""Sides of an interval that differ by more than this share of the wider one are written out."""


@dataclass(frozen=True)
class Scale:
    """How numbers of a unit are shown: multiplied by `factor`, with `suffix` behind, if they are below `below`."""

    factor: float
    suffix: str
    below: float = math.inf


_SECONDS: Final = (
    Scale(1, "s", below=120),
    Scale(1 / 60, "min", below=120 * 60),
    Scale(1 / 3600, "h", below=96 * 3600),
    Scale(1 / 86400, "days"),
)
_SHARE: Final = Scale(100, "%")


def scale_for(value: float, unit: str) -> Scale:
    """Choose how to show a number of a unit: seconds as s, min, h or days; shares as %; counts without a word."""
    if unit == "s":
        return next(scale for scale in _SECONDS if abs(value) < scale.below or scale.below == math.inf)
    if unit == "share":
        return _SHARE
    return Scale(1, "" if unit in ("contacts", "agents", "inquiries", "number", "score", "") else unit)


def figure(estimate: float, low: float, high: float, unit: str) -> str:
    """Write an estimate with its interval, such as `23.4 s ± 0.8`; `–` where there is none.

    Parameters
    ----------
    estimate, low, high
        In the measure's unit; bounds that are not numbers (a single replication has none) are left out.
    unit
        `share`, `s`, `h`, `contacts`, a currency, …
    """
    if not math.isfinite(estimate):
        return "–"
    scale = scale_for(estimate, unit)
    value = estimate * scale.factor
    suffix = f" {scale.suffix}" if scale.suffix else ""
    if not (math.isfinite(low) and math.isfinite(high)):
        return f"{_digits(value, _plain_decimals(value))}{suffix}"
    if low < estimate == high or low == estimate < high:
        sign, bound = ("≥", low) if low < estimate else ("≤", high)
        return f"{value:.0f}{suffix} ({sign} {_digits(bound * scale.factor, _decimals((high - low) * scale.factor))})"
    below, above = (estimate - low) * scale.factor, (high - estimate) * scale.factor
    wider = max(below, above)
    decimals = _decimals(wider) if wider > 0 else _plain_decimals(value)
    shown = f"{_digits(value, decimals)}{suffix}"
    if abs(above - below) <= SKEW * wider:
        return f"{shown} ± {_digits(wider, decimals) if wider > 0 else 0}"
    return f"{shown} ({_digits(value - below, decimals)}–{_digits(value + above, decimals)})"


def estimated(one: Estimate, unit: str) -> str:
    """Write an estimate with its interval, as `figure` does."""
    return figure(one.estimate, one.low, one.high, unit)


def difference(estimate: float, low: float, high: float, unit: str) -> str:
    """Write a difference with its sign, such as `−3.1 points ± 0.4`; those of shares are in percentage points."""
    if not math.isfinite(estimate):
        return "–"
    if unit == "share":
        estimate, low, high, unit = 100 * estimate, 100 * low, 100 * high, "points"
    if estimate < 0:
        estimate, low, high, sign = -estimate, -high, -low, "−"
    else:
        sign = "+"
    shown = figure(estimate, low, high, unit)
    number = shown.split(" ", 1)[0].replace(",", "")
    return shown if float(number) == 0 else f"{sign}{shown}"


def day_of_year(at: date) -> str:
    """Write a day, such as `Mon 6 Apr`."""
    return f"{at:%a} {at.day} {at:%b}"


def day_and_time(at: datetime) -> str:
    """Write an instant to the minute, such as `Mon 6 Apr 2026 09:00`."""
    return f"{day_of_year(at)} {at:%Y %H:%M}"


def _decimals(half_width: float) -> int:
    """Give the decimals at which a half-width shows its first digit; one more where that is a 1, which says little."""
    return min(max(-math.floor(math.log10(half_width / 2)), 0), MOST_DECIMALS)


def _plain_decimals(value: float) -> int:
    """Give the decimals that show three digits of a number without interval; none of a whole one."""
    if value == round(value):
        return 0
    return min(max(2 - math.floor(math.log10(abs(value))), 0), MOST_DECIMALS)


def _digits(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}"
    return text.removeprefix("-") if float(text.replace(",", "")) == 0 else text
