"""Figures read with the digits that mean something."""

import math
from datetime import datetime

import pytest

from sim.report.wording import day_and_time, day_of_year, figure

NAN = math.nan


@pytest.mark.parametrize(
    ("estimate", "low", "high", "unit", "text"),
    [
        (0.813, 0.804, 0.822, "share", "81.3 % ± 0.9"),
        (0.8127, 0.8122, 0.8132, "share", "81.27 % ± 0.05"),
        (5912.4, 5872.4, 5952.4, "contacts", "5,912 ± 40"),
        (23.44, 22.62, 24.26, "s", "23.4 s ± 0.8"),
        (312.0, 306.0, 318.0, "s", "5.20 min ± 0.10"),
        (8000.0, 7640.0, 8360.0, "s", "2.22 h ± 0.10"),
        (40 * 86400.0, 38 * 86400.0, 42 * 86400.0, "s", "40 days ± 2"),
        (1234.5, 1230.5, 1238.5, "EUR", "1,234 EUR ± 4"),
        (6.0, 6.0, 6.0, "contacts", "6 ± 0"),
        (0.074, 0.070, 0.078, "number", "0.074 ± 0.004"),
    ],
)
def test_a_figure_shows_the_digits_that_its_half_width_supports(
    estimate: float, low: float, high: float, unit: str, text: str
) -> None:
    """An estimate ends where the first meaningful digit of its half-width does, and both have the same decimals."""
    assert figure(estimate, low, high, unit) == text


def test_a_figure_without_interval_has_three_digits() -> None:
    """A single replication has no interval: the estimate stands alone."""
    assert figure(0.81274, NAN, NAN, "share") == "81.3 %"
    assert figure(7.0, NAN, NAN, "contacts") == "7"


def test_a_figure_that_does_not_exist_is_a_dash() -> None:
    """A wait that nobody had is no number."""
    assert figure(NAN, NAN, NAN, "s") == "–"


def test_an_uneven_interval_is_written_out() -> None:
    """A share of exactly 1 has its exact bound on one side only."""
    assert figure(1.0, 0.9917, 1.0, "share") == "100 % (≥ 99.2)"
    assert figure(0.97, 0.92, 1.0, "share") == "97 % (92–100)"
    assert figure(0.0, 0.0, 0.004, "share") == "0 % (≤ 0.4)"


def test_days_and_times_are_written_out() -> None:
    """Weekday first, because that is what shifts are planned by."""
    at = datetime(2026, 4, 6, 9, 5)
    assert day_of_year(at) == "Mon 6 Apr"
    assert day_and_time(at) == "Mon 6 Apr 2026 09:05"
