"""Rates of arrival: what volumes, profiles and counts come to over the horizon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sim.demand.rates import cut, rate_pieces
from sim.scenario.calendar import Calendar, Piece
from sim.scenario.load import load
from sim.scenario.units import HOUR_MS

if TYPE_CHECKING:
    from pathlib import Path

OFFICE = """
profiles:
  office:
    mon-fri: {"08:00": 1, "12:00": 3, "18:00": 0}
    sat: {"09:00": 2, "12:00": 0}
    holidays: {"10:00": 1, "11:00": 0}
"""


def pieces(
    folder: Path,
    arrivals: str,
    length: str = "7 days",
    more: str = OFFICE,
    zone: str = "UTC",
    start: str = "2026-04-06",
) -> list[Piece]:
    """Give the rate of one contact type on one channel, from a Monday on unless said."""
    file = folder / "scenario.yaml"
    file.write_text(
        f"""
format: 1
name: rates
time: {{start: {start}, length: {length}, zone: {zone}}}
channels: {{phone: {{}}}}
tiers: {{desk: {{}}}}
agent_groups: {{clerks: {{tier: desk, headcount: 1}}}}
contact_types:
  call:
    arrivals: {{phone: {{{arrivals}}}}}
    handling: {{desk: {{handle_time: {{distribution: constant, mean: 1 min}}}}}}
{more}
"""
    )
    one = load(file)
    return list(rate_pieces(one, Calendar.of(one), one.contact_types["call"].arrivals["phone"]))


def expected(rate: list[Piece]) -> float:
    """Integrate a rate: the contacts expected over the horizon."""
    return sum((piece.end - piece.start) * (piece.first + piece.last) / 2 for piece in rate)


def by_hour(rate: list[Piece]) -> list[tuple[float, float, float]]:
    """Give pieces that are not 0 as (start, end) in hours and contacts per hour."""
    return [(one.start / HOUR_MS, one.end / HOUR_MS, one.first * HOUR_MS) for one in rate if one.first or one.last]


def test_a_volume_per_week_is_what_comes_in_a_week(tmp_path: Path) -> None:
    """Whatever the profile and its weights."""
    assert expected(pieces(tmp_path, "volume: 2600 per week, profile: office")) == pytest.approx(2600)
    linear = "volume: 2600 per week, profile: office, interpolation: linear"
    assert expected(pieces(tmp_path, linear)) == pytest.approx(2600)
    assert expected(pieces(tmp_path, "volume: 2600 per week")) == pytest.approx(2600)


@pytest.mark.parametrize(
    ("volume", "in_a_week"),
    [("700 per day", 4900.0), ("2 per hour", 336.0), ("1000 per month", 1000 * 7 / 30.4375)],
)
def test_other_periods_are_rates_too(tmp_path: Path, volume: str, in_a_week: float) -> None:
    """700 per day are 4,900 per week, of which the profile's weekdays get theirs; a month has 30.4375 days."""
    assert expected(pieces(tmp_path, f"volume: {volume}, profile: office")) == pytest.approx(in_a_week)


def test_weights_share_the_volume_out_in_proportion(tmp_path: Path) -> None:
    """A week of 4 h × 1 + 6 h × 3 on five days and 3 h × 2 weighs 116: 116 per week are 1, 3 and 2 per hour."""
    monday = [(8, 12, pytest.approx(1)), (12, 18, pytest.approx(3))]
    rate = by_hour(pieces(tmp_path, "volume: 116 per week, profile: office"))
    assert rate[:2] == monday
    assert rate[-1] == (129, 132, pytest.approx(2))


def test_a_horizon_gets_its_part_of_the_volume(tmp_path: Path) -> None:
    """Ten days from Monday hold a week and three more weekdays; half a day holds four hours of it."""
    ten_days = pieces(tmp_path, "volume: 116 per week, profile: office", "10 days")
    assert expected(ten_days) == pytest.approx(116 + 3 * 22)
    assert expected(pieces(tmp_path, "volume: 116 per week, profile: office", "12 h")) == pytest.approx(4)


def test_a_holiday_gets_what_its_row_weighs(tmp_path: Path) -> None:
    """A holiday Monday has 1 contact instead of 22, and the rest of the week what it always has."""
    rate = pieces(tmp_path, "volume: 116 per week, profile: office", more=f"{OFFICE}\nholidays: [2026-04-06]")
    assert expected(rate) == pytest.approx(116 - 22 + 1)


def test_counts_are_spread_over_their_intervals(tmp_path: Path) -> None:
    """30 contacts from 09:00 to 09:30 are 60 per hour; what the file does not list brings nobody."""
    (tmp_path / "volumes.csv").write_text(
        "start,contacts\n2026-04-06 09:00,30\n2026-04-06 09:30,10\n2026-04-06 10:00,0\n2026-04-06 12:00,5\n"
    )
    rate = pieces(tmp_path, "counts: {file: volumes.csv}")
    assert by_hour(rate) == [(9, 9.5, pytest.approx(60)), (9.5, 10, pytest.approx(20)), (12, 12.5, pytest.approx(10))]


def test_counts_of_uneven_intervals_run_to_the_next_start(tmp_path: Path) -> None:
    """Counts by month: April has its 30 days although February, the shortest, has 28."""
    counts = {2: 9, 3: 9, 4: 300, 5: 310, 6: 9}
    rows = "".join(f"2026-{month:02}-01 00:00,{count}\n" for month, count in counts.items())
    (tmp_path / "volumes.csv").write_text(f"start,contacts\n{rows}")
    rate = pieces(tmp_path, "counts: {file: volumes.csv}", "40 days")
    assert by_hour(rate) == [(0, 25 * 24, pytest.approx(10 / 24)), (25 * 24, 40 * 24, pytest.approx(10 / 24))]


def test_counts_outside_the_horizon_bring_nobody(tmp_path: Path) -> None:
    """An interval that the horizon cuts keeps its rate, so it brings a part of its count."""
    (tmp_path / "volumes.csv").write_text(
        "start,contacts\n2026-04-05 22:00,8\n2026-04-06 02:00,8\n2026-04-06 06:00,8\n"
    )
    rate = by_hour(pieces(tmp_path, "counts: {file: volumes.csv}", "4 h"))
    assert rate == [(0, 2, pytest.approx(2)), (2, 4, pytest.approx(2))]


def test_counts_of_hours_that_the_clock_skips_or_repeats(tmp_path: Path) -> None:
    """On the autumn day the interval 01:00-02:00 lasts two hours; its count is spread over both."""
    (tmp_path / "volumes.csv").write_text(
        "start,contacts\n2026-10-25 00:00,6\n2026-10-25 01:00,6\n2026-10-25 02:00,6\n"
    )
    rate = pieces(tmp_path, "counts: {file: volumes.csv}", zone="Europe/London", start="2026-10-25")
    assert by_hour(rate) == [(0, 1, 6.0), (1, 3, 3.0), (3, 4, 6.0)]


def test_cutting_a_line_leaves_the_line() -> None:
    """A piece that rises from 0 to 8 over 4 ms, cut at 1 and 3, is 0 to 2, 2 to 6, 6 to 8."""
    assert cut([Piece(0, 4, 0.0, 8.0)], [0, 1, 3, 4, 9]) == [Piece(0, 1, 0, 2), Piece(1, 3, 2, 6), Piece(3, 4, 6, 8)]
