"""The share that is answered within each time."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.experiment.replicate import run
from sim.report.figures import waits
from tests.experiment.desks import random_hours, replayed
from tests.report.figures.sheets import sheet

PROMISE = "{measure: service_level, channel: phone, within: 2 min, at_least: 80 %}"


def line_of(ax: Axes, label: str) -> Line2D:
    """Give the line with a label."""
    (found,) = (one for one in ax.lines if one.get_label() == label)
    return found


def test_every_point_is_the_service_level_at_its_time() -> None:
    result = run(random_hours(PROMISE), replications=4)
    ax = waits(result, ax=sheet())
    drawn = line_of(ax, "phone")
    times, shares = np.asarray(drawn.get_xdata()), np.asarray(drawn.get_ydata())
    assert len(times) <= 41
    assert times[-1] == 3  # half as long again as the promise
    for at in (3, len(times) // 2):
        asked = result.measure("service_level", within=f"{60 * times[at]:g} s", channel="phone")
        assert shares[at] == asked["estimate"].iloc[0]
    assert (np.diff(shares) > -0.02).all()  # who is not yet due differs
    cross = line_of(ax, "phone, promised")
    assert (cross.get_xdata(), cross.get_ydata()) == ([2], [0.8])
    assert ax.get_xlabel() == "time waited, min"
    assert ax.get_ylabel() == "answered within it, of the contacts offered"


def test_steps_come_where_waits_were_worked_by_hand() -> None:
    """Of four calls two are answered at once, one after 20 s, one never; of those answered all within 20 s."""
    result = run(replayed(), replications=2)
    for reading, shares in (("offered", (0.5, 0.75)), ("answered", (2 / 3, 1))):
        drawn = line_of(waits(result, reading=reading, up_to="40 s", ax=sheet()), "phone")
        times = np.asarray(drawn.get_xdata())
        expected = np.where(times < 20, *shares)
        assert np.asarray(drawn.get_ydata()) == pytest.approx(expected)


def test_long_times_are_shown_in_hours() -> None:
    result = run(replayed(), replications=1)
    ax = waits(result, up_to="4 h", ax=sheet())
    assert ax.get_xlabel() == "time waited, h"
    assert ax.get_xlim() == pytest.approx((0, 4), rel=0.05)


def test_what_cannot_be_drawn_is_said() -> None:
    result = run(replayed(), replications=1)
    with pytest.raises(ValueError, match="reading: got 'all', must be one of offered, answered, short_out, settled"):
        waits(result, reading="all", ax=sheet())
    with pytest.raises(ValueError, match="up_to: got 0, must be more than 0, such as '2 min'"):
        waits(result, up_to=0, ax=sheet())
