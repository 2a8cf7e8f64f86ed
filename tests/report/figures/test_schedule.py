"""A plan's agents beside those that are required."""

from types import SimpleNamespace
from typing import cast

import pandas as pd
import pytest
from matplotlib.dates import date2num

from sim.report.figures import required_and_scheduled
from sim.scenario.load import loads
from sim.staffing.plan import Plan
from tests.report.figures.sheets import sheet, steps

DESK = """
format: 1
name: Two hours
time: {start: 2026-04-06, length: 2 h, zone: Asia/Tokyo, interval: 1 h}
channels: {phone: {}}
contact_types:
  order:
    arrivals: {phone: {rate: 40 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 2 min}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 2}}
"""


@pytest.fixture
def plan() -> Plan:
    """As much of a plan as is drawn."""
    needs = {"clerks": [(1.0, 2.0), (3.0, 2.5)], "clerks, helpers": [(5.0, 6.0), (1.0, 1.0)]}
    rows = [
        {
            "start": pd.Timestamp(f"2026-04-06 {hour:02}:00"),
            "agent_groups": groups,
            "required": need,
            "scheduled": there,
        }
        for groups, hours in needs.items()
        for hour, (need, there) in enumerate(hours)
    ]
    table = pd.DataFrame(rows)
    return cast(Plan, SimpleNamespace(original=loads(DESK), intervals=lambda: table))


def test_both_are_drawn_interval_by_interval(plan: Plan) -> None:
    ax = required_and_scheduled(plan, "clerks", ax=sheet())
    assert steps(ax, "required")[0].tolist() == [1, 3]
    values, edges = steps(ax, "scheduled")
    assert values.tolist() == [2, 2.5]
    midnight = date2num(pd.Timestamp("2026-04-06", tz="Asia/Tokyo"))
    assert edges == pytest.approx([midnight, midnight + 1 / 24, midnight + 2 / 24])
    assert ax.get_ylabel() == "agents on duty"
    assert ax.get_title(loc="left") == "Required by formula, and scheduled: clerks"


def test_the_largest_need_is_drawn_if_none_is_named(plan: Plan) -> None:
    assert steps(required_and_scheduled(plan, ax=sheet()), "required")[0].tolist() == [5, 1]
    with pytest.raises(ValueError, match="agent_groups: got 'clerk', must be one of clerks; clerks, helpers"):
        required_and_scheduled(plan, "clerk", ax=sheet())
