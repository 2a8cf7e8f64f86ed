"""The map of a measure by day and hour."""

import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection

from sim.experiment.replicate import run
from sim.report.figures import heat_map
from sim.scenario.load import loads
from tests.experiment.desks import replayed
from tests.report.figures.sheets import Floats, sheet

NIGHT = """
format: 1
name: The night in which clocks go back
time: {start: 2026-10-24, length: 2 days, zone: Europe/Paris}
channels: {phone: {}}
contact_types:
  order:
    arrivals: {phone: {rate: 60 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 30 s}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 1}}
"""


RATE = "contact_types.order.arrivals.phone.rate"


def cells(ax: Axes) -> Floats:
    """Give the figures of the map, not a number where it is empty."""
    return np.ma.filled(ax.images[0].get_array().astype(float), np.nan)


def test_every_hour_shows_its_figure_and_half_width() -> None:
    """By hand: on Monday two of three calls are answered within 20 s, on Tuesday the only one."""
    ax = heat_map(run(replayed(), replications=2), channel="phone", ax=sheet())
    assert cells(ax) == pytest.approx(np.array([[200 / 3], [100]]))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Mon 6 Apr", "Tue 7 Apr"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["09"]
    assert ax.get_xlabel() == "hour of the day, clock of Asia/Tokyo"
    assert ax.get_title(loc="left") == "Service level within 20 s: phone"
    assert ax.figure.axes[1].get_ylabel() == "%"
    assert [text.get_text() for text in ax.texts] == ["67 ±0", "100 ≥16"]  # all of two trials


def test_hours_that_surely_miss_the_target_are_framed() -> None:
    """Two of three are below 80 %, without doubt since nothing is left to chance; one of one is not."""
    target = "{measure: service_level, channel: phone, within: 30 s, at_least: 80 %}"
    ax = heat_map(run(replayed(target), replications=2), channel="phone", ax=sheet())
    frames = [one for one in ax.collections if isinstance(one, PatchCollection)]
    assert {path.get_extents().y0.round() + 0.0 for one in frames for path in one.get_paths()} == {0}
    assert ax.get_title(loc="left") == "Service level within 30 s: phone"
    assert ax.get_xlabel().endswith("framed: the whole 95 % interval is below 80 %")


def test_a_target_of_other_contacts_is_not_held_against_these() -> None:
    target = "{measure: service_level, channel: phone, contact_type: order, within: 30 s, at_least: 80 %}"
    ax = heat_map(run(replayed(target), replications=2), channel="phone", ax=sheet())
    assert ax.get_title(loc="left") == "Service level within 20 s: phone"
    assert not [one for one in ax.collections if isinstance(one, PatchCollection)]


def test_a_target_of_another_deadline_is_not_held_against_these() -> None:
    target = "{measure: service_level, channel: phone, within: 30 s, at_least: 80 %}"
    ax = heat_map(run(replayed(target), replications=2), within="20 s", channel="phone", ax=sheet())
    assert ax.get_xlabel() == "hour of the day, clock of Asia/Tokyo"


def test_figures_above_a_bound_from_above_are_framed() -> None:
    """Monday's mean wait of the answered is 10 s, Tuesday's none."""
    target = "{measure: average_speed_of_answer, channel: phone, at_most: 5 s}"
    ax = heat_map(run(replayed(target), replications=2), "average_speed_of_answer", channel="phone", ax=sheet())
    assert cells(ax) == pytest.approx(np.array([[10], [0]]))
    frames = [one for one in ax.collections if isinstance(one, PatchCollection)]
    assert {path.get_extents().y0.round() + 0.0 for one in frames for path in one.get_paths()} == {0}
    assert ax.get_xlabel().endswith("framed: the whole 95 % interval is above 5 s")


def test_any_measure_by_the_hour_can_be_drawn_of_any_contacts() -> None:
    result = run(replayed(), replications=1)
    ax = heat_map(result, "offered", contact_type="order", channel="phone", ax=sheet())
    assert cells(ax)[:, 9] == pytest.approx([3, 1])
    assert ax.get_title(loc="left") == "Offered: order, phone"


def test_an_hour_that_comes_twice_shows_its_first_passage() -> None:
    """On 25 October Paris lives through the hour from two o'clock twice."""
    result = run(loads(NIGHT), replications=2)
    table = result.measure("offered", per="hour")
    twice = table[table["start"].dt.strftime("%d %H") == "25 02"]["estimate"].to_list()
    assert len(twice) == 2
    assert twice[0] != twice[1]
    drawn = cells(heat_map(result, "offered", ax=sheet()))
    assert drawn.shape == (2, 24)
    assert drawn[1, 2] == twice[0]
    assert drawn[1, 3:23].tolist() == table["estimate"].to_list()[-20:]
    assert np.isnan(drawn[1, 23])  # 48 hours end there


def test_long_runs_name_the_weeks_and_leave_out_numbers() -> None:
    """Five weeks from a Saturday: a name a Monday, and no text too small to read."""
    weeks = loads(NIGHT).with_changes({"time.length": "35 days", RATE: "1 per hour"})
    ax = heat_map(run(weeks, replications=1), "offered", ax=sheet())
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["Mon 26 Oct", "Mon 2 Nov", "Mon 9 Nov", "Mon 16 Nov", "Mon 23 Nov"]
    assert ax.get_yticks() == pytest.approx([2, 9, 16, 23, 30])
    assert len(ax.texts) == 0


def test_colours_grow_lighter_with_the_figure() -> None:
    """A print in grey keeps the order."""
    grey = colormaps["viridis"](np.linspace(0, 1, 64))[:, :3] @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(grey) > 0).all()
    ax = heat_map(run(replayed(), replications=1), channel="phone", ax=sheet())
    assert ax.images[0].get_cmap().name == "viridis"
