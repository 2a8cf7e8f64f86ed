"""Differences from a base, as rows and over time."""

import numpy as np
import pytest

from sim.experiment.compare import compare
from sim.experiment.comparison import Comparison
from sim.report.figures import differences
from sim.report.figures.differences import height, measures_of
from sim.scenario.load import loads
from tests.report.figures.sheets import sheet, steps

DESK = """
format: 1
name: Two channels, closed at night
currency: US$
time: {start: 2026-04-06, length: 1 day, zone: Asia/Tokyo}
opening_hours: {day: {mon-sun: "09:00-12:00"}}
channels: {phone: {open: day, patience: {distribution: exponential, mean: 3 min}}, chat: {open: day}}
contact_types:
  order:
    arrivals: {phone: {rate: 40 per hour}, chat: {rate: 10 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 2 min}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 2, cost: 20 per hour}}
"""
OTHERS = {"one more": {"agent_groups.clerks.headcount": 3}, "same": {"name": "The same"}}


@pytest.fixture(scope="module")
def compared() -> Comparison:
    desk = loads(DESK)
    return compare(desk, {name: desk.with_changes(changes) for name, changes in OTHERS.items()}, replications=6)


def test_each_row_is_a_difference_with_its_interval(compared: Comparison) -> None:
    ax = differences(compared, "service_level", ax=sheet())
    table = compared.table
    table = table[table["measure"] == "service_level"].reset_index()
    dots = [one for one in ax.lines if one.get_marker() == "o"]
    bars = [one for one in ax.lines if one.get_linewidth() == 2.5]
    assert [float(dot.get_xdata()[0]) for dot in dots] == pytest.approx(list(100 * table["difference"]))
    assert np.array([bar.get_xdata() for bar in bars]) == pytest.approx(100 * table[["low", "high"]].to_numpy())
    filled = [dot.get_markerfacecolor() != "white" for dot in dots]
    assert filled == list(table["significant"])
    assert {True, False} == set(filled)
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names[0] == "one more: chat service level, 20 s"
    assert ax.get_xlabel() == "difference from base, percentage points"
    assert ax.texts[-1].get_text().count("→") == 1


def test_amounts_are_in_the_currency_and_their_thousands_parted(compared: Comparison) -> None:
    """One clerk more costs 20 dollars an hour for 24 hours; a dollar sign is no formula."""
    ax = differences(compared, "cost", ax=sheet())
    dot = next(one for one in ax.lines if one.get_marker() == "o")
    assert float(dot.get_xdata()[0]) == pytest.approx(480, rel=0.05)  # and a little overtime less
    assert ax.get_xlabel() == r"difference from base, US\$"
    assert ax.xaxis.get_major_formatter()(-120000) == "\N{MINUS SIGN}120,000"
    assert [label.get_text() for label in ax.get_yticklabels()] == ["one more", "same"]


def test_differences_by_the_hour_are_drawn_over_time() -> None:
    """Hours in which nobody came stay empty, and all others keep their place."""
    desk = loads(DESK)
    more = desk.with_changes(OTHERS["one more"])
    found = compare(desk, {"one more": more}, measures="service_level", by="channel", per="hour", replications=4)
    ax = differences(found, ax=sheet())
    values, edges = steps(ax, "phone service level, 20 s")
    table = found.table[found.table["of"] == "phone"]
    assert len(edges) == 25
    assert np.flatnonzero(~np.isnan(values)).tolist() == [9, 10, 11] == list(table["start"].dt.hour)
    assert values[9:12] == pytest.approx(100 * table["difference"].to_numpy())
    assert ax.get_ylabel() == "difference, percentage points"


def test_a_measure_that_was_not_compared_is_refused(compared: Comparison) -> None:
    assert measures_of(compared) == ["service_level", "abandonment", "occupancy", "staff_hours", "cost"]
    with pytest.raises(ValueError, match="measure: got 'costs', must be one that was compared: service_level, aband"):
        differences(compared, "costs", ax=sheet())


def test_more_rows_are_given_more_room(compared: Comparison) -> None:
    assert height(compared, "service_level") > height(compared, "cost")
