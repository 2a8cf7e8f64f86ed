"""Agents that are required, beside those of a plan and those on duty now."""

from types import SimpleNamespace
from typing import cast

import pandas as pd
import pytest
from matplotlib.dates import date2num

from sim.report.figures import required, required_and_scheduled
from sim.scenario.load import loads
from sim.staffing.plan import Plan
from sim.staffing.staff import staff
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


def test_what_a_group_needs_is_drawn_beside_who_is_on_duty_now() -> None:
    """Of five people to schedule one is away."""
    desk = loads(
        DESK.replace("headcount: 2}", "headcount: 2, shrinkage: {absence: 20 %}}")
        + "targets: [{measure: service_level, channel: phone, within: 20 s, at_least: 80 %}]"
    )
    need = staff(desk, simulate=False)
    ax = required(need, ax=sheet())
    assert steps(ax, "required")[0].tolist() == need.net["clerks"].tolist()
    assert steps(ax, "on duty now")[0].tolist() == [1.6, 1.6]
    to_schedule = steps(ax, "to schedule, with shrinkage and breaks")[0]
    assert to_schedule == pytest.approx(need.net["clerks"] / 0.8)
    assert ax.get_title(loc="left") == "Required by formula: clerks"
    with pytest.raises(ValueError, match="agent_group: got 'clerk', must be one of clerks"):
        required(need, "clerk", ax=sheet())
