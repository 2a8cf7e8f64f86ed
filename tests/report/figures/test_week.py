"""Courses of queues and agents over the run."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.dates import date2num

from sim.experiment.replicate import run
from sim.experiment.result import Result
from sim.report.figures import agents, queue_length
from sim.report.figures.canvas import line
from sim.scenario.load import loads
from sim.staffing.staff import staff
from tests.experiment.desks import random_hours, replayed
from tests.report.figures.sheets import band, sheet, steps

TWO = """
format: 1
name: Two channels
time: {start: 2026-04-06, length: 3 h, zone: Asia/Tokyo, interval: 1 h}
channels: {phone: {}, chat: {}, mail: {waiting: backlog}}
contact_types:
  order:
    arrivals: {phone: {rate: 20 per hour}, chat: {rate: 10 per hour}, mail: {rate: 1 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 2 min}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 1}, helpers: {tier: desk, headcount: 2}}
"""


@pytest.fixture(scope="module")
def two() -> Result:
    return run(loads(TWO), replications=3)


def test_queues_are_drawn_with_their_intervals(two: Result) -> None:
    """A line for each live channel, with a step an interval on the scenario's clock."""
    ax = queue_length(two, ax=sheet())
    table = two.measure("queue_length", by="channel", per="interval")
    for number, channel in enumerate(("chat", "phone")):
        mine = table[table["channel"] == channel]
        values, edges = steps(ax, channel)
        assert values.tolist() == mine["estimate"].tolist()
        assert edges[:-1] == pytest.approx([date2num(start) for start in mine["start"]])
        assert edges[-1] - edges[0] == pytest.approx(3 / 24)
        low, high = band(ax, number)
        assert low.min() == pytest.approx(mine["low"].min())
        assert high.max() == pytest.approx(mine["high"].max())
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["chat", "phone"]
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("contacts waiting", "clock of Asia/Tokyo")
    assert ax.get_title(loc="left") == "Waiting in queues: mean by interval, with its 95 % interval"


def test_a_queue_is_drawn_as_worked_by_hand() -> None:
    """On Monday from nine, two callers wait 20 s and 30 s: 50 s in the 30 minutes."""
    values, _ = steps(queue_length(run(replayed(), replications=1), ax=sheet()), "phone")
    assert values[18] == pytest.approx(50 / 1800)
    assert values.sum() == pytest.approx(50 / 1800)


def test_hours_are_named_by_the_clock_of_the_scenario(two: Result) -> None:
    """Midnight in Tokyo is 15:00 of the day before in UTC."""
    ax = queue_length(two, ax=sheet())
    midnight = ax.get_xlim()[0]
    assert ax.xaxis.get_major_formatter()(midnight) == "00:00\nMon 6 Apr"
    assert ax.xaxis.get_major_formatter()(midnight + 3 / 24) == "03:00"
    week = replayed().with_changes({"time.length": "5 days"})
    longer = queue_length(run(week, replications=1), ax=sheet())
    assert longer.xaxis.get_major_formatter()(midnight + 1) == "Tue 7 Apr"


def test_agents_on_duty_busy_and_required_are_drawn(two: Result) -> None:
    ax = agents(two, agent_group="helpers", required=[1, 1.5, 2], ax=sheet())
    for label, measure in (("on duty", "agents_on_duty"), ("busy", "agents_busy")):
        table = two.measure(measure, by="agent_group", per="interval")
        assert steps(ax, label)[0].tolist() == table[table["agent_group"] == "helpers"]["estimate"].tolist()
    assert steps(ax, "on duty")[0].tolist() == [2, 2, 2]
    assert steps(ax, "required")[0].tolist() == [1, 1.5, 2]
    assert ax.get_title(loc="left") == "Agents, helpers: mean by interval, with its 95 % interval"
    assert ax.get_ylabel() == "agents"


def test_what_staff_says_is_drawn_as_required() -> None:
    """Of one group, and of all together; by formula unless it was simulated."""
    result = run(random_hours("{measure: abandonment, at_most: 5 %}"), replications=1)
    need = staff(result.scenario, simulate=False)
    for group in ("clerks", None):
        ax = agents(result, agent_group=group, required=need, ax=sheet())
        assert steps(ax, "required, by formula")[0].tolist() == need.net["clerks"].tolist()
    assert need.net["clerks"].max() > 2


def test_without_a_group_all_agents_are_added_up(two: Result) -> None:
    ax = agents(two, ax=sheet())
    assert steps(ax, "on duty")[0].tolist() == [3, 3, 3]
    assert "all groups together" in ax.get_title(loc="left")
    assert "clerks" in agents(run(random_hours(), replications=1), ax=sheet()).get_title(loc="left")


def test_runs_of_more_than_three_weeks_are_drawn_by_day() -> None:
    weeks = replayed().with_changes({"time.length": "28 days"})
    result = run(weeks, replications=1)
    assert len(steps(queue_length(result, ax=sheet()), "phone")[0]) == 28
    assert len(steps(queue_length(result, per="interval", ax=sheet()), "phone")[0]) == 28 * 48


def test_what_cannot_be_drawn_is_said(two: Result) -> None:
    with pytest.raises(ValueError, match=r"required: got 2 values, must be 3, one for each interval"):
        agents(two, required=[1, 2], ax=sheet())
    with pytest.raises(ValueError, match=r"required: is by interval and cannot be drawn per day; leave `per` out"):
        agents(two, required=[1, 2, 3], per="day", ax=sheet())
    with pytest.raises(ValueError, match=r"agent_group: got 'clerk', must be one of clerks, helpers"):
        agents(two, agent_group="clerk", ax=sheet())
    with pytest.raises(ValueError, match=r"channel: got 'fax', must be one of chat, mail, phone"):
        queue_length(two, channel=["phone", "fax"], ax=sheet())


def test_lines_differ_in_grey() -> None:
    """Sixteen lines differ in colour or dashes; colours of neighbours in lightness, and their dashes too."""
    looks = [line(number) for number in range(16)]
    assert len(set(looks)) == 16
    assert all(one.dashes != other.dashes for one, other in pairwise(looks))
    grey = [_lightness(look.colour) for look in looks[:4]]
    assert np.diff(grey).min() > 10


def _lightness(colour: str) -> float:
    """Give L* of CIELAB (0 black, 100 white) of a colour such as #12355b."""
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(116 * (linear @ [0.2126, 0.7152, 0.0722]) ** (1 / 3) - 16)
