"""What moves a figure most."""

import pytest
from matplotlib.patches import Rectangle

from sim.report.figures import tornado
from sim.scenario.load import loads
from sim.staffing.sensitivity import Sensitivity, sensitivity
from tests.report.figures.sheets import sheet

DESK = """
format: 1
name: A short day
time: {start: 2026-04-06, length: 3 h, zone: Asia/Tokyo}
channels: {phone: {patience: {distribution: exponential, mean: 3 min}}, chat: {}}
contact_types:
  order:
    arrivals: {phone: {rate: 40 per hour}, chat: {rate: 10 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 2 min}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 2}}
"""


@pytest.fixture(scope="module")
def varied() -> Sensitivity:
    return sensitivity(loads(DESK), {"patience": (0.5, 2.0), "volume": (0.8, 1.3)}, replications=4)


def test_every_bar_is_a_difference_with_its_interval(varied: Sensitivity) -> None:
    """Two bars a factor, at its two values; the factor with the greatest swing is on top."""
    words = "phone service level, 20 s"
    ax = tornado(varied, words, ax=sheet())
    bars = next(bars for bars in varied.bars if bars[0].low.words == words)
    assert bars[0].swing > bars[1].swing
    assert (
        [label.get_text() for label in ax.get_yticklabels()] == [bar.factor for bar in bars] == ["volume", "patience"]
    )
    expected = [row.difference.estimate for bar in bars for row in (bar.low, bar.high)]
    drawn = [one for one in ax.patches if isinstance(one, Rectangle)]
    assert [one.get_width() for one in drawn] == pytest.approx([100 * one.estimate for one in expected])
    intervals = [tuple(one.get_xdata()) for one in ax.lines if one.get_color() == "grey"]
    assert [low for low, _ in intervals] == pytest.approx([100 * one.low for one in expected])
    assert [high for _, high in intervals] == pytest.approx([100 * one.high for one in expected])
    assert [text.get_text() for text in ax.texts] == ["80 %", "130 %", "50 %", "200 %"]
    assert ax.get_xlabel() == "difference from the scenario as it stands, percentage points"
    assert ax.get_title(loc="left").startswith("Phone service level, 20 s: ")


def test_a_measure_names_its_first_figure(varied: Sensitivity) -> None:
    assert tornado(varied, "abandonment", ax=sheet()).get_title(loc="left").startswith("Chat abandonment: ")
    assert tornado(varied, ax=sheet()).get_title(loc="left").startswith("Chat service level, 20 s: ")


def test_a_figure_that_nothing_moves_has_bars_of_no_length(varied: Sensitivity) -> None:
    ax = tornado(varied, "staff_hours", ax=sheet())
    assert ax.get_xlim() == (-1, 1)


def test_what_cannot_be_drawn_is_said(varied: Sensitivity) -> None:
    with pytest.raises(ValueError, match="of: got 'costs', must be one of chat service level, 20 s; phone service"):
        tornado(varied, "costs", ax=sheet())
    by_hour = sensitivity(loads(DESK), ["volume"], replications=2, measures="service_level", per="hour")
    with pytest.raises(ValueError, match="is by period, and a tornado shows the run; leave `per` out"):
        tornado(by_hour, ax=sheet())
