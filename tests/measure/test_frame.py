"""What measuring takes over from a scenario: prices, deadlines, clocks."""

import pytest
import yaml

from sim.engine.compile import compile_program
from sim.measure.frame import Frame
from sim.scenario.load import loads

DESK = """
format: 1
name: Prices and promises
time: {start: 2026-04-06, length: 2 days, repeat_window: 1 day}
opening_hours: {office: {mon-fri: "09:00-17:00"}}
channels:
  email: {waiting: backlog, clock: office}
  phone: {short_abandon: 5 s}
contact_types:
  order:
    arrivals: {phone: {rate: 6 per hour}, email: {rate: 6 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 4 min}}}
self_service:
  bot: {channels: [phone], takes: {distribution: constant, mean: 1 s}, resolves: 10 %, cost: 15 per contact}
  page: {channels: [email], takes: {distribution: constant, mean: 1 s}, resolves: 10 %}
tiers: {desk: {}}
agent_groups:
  clerks:
    tier: desk
    cost: 20 per hour
    shifts:
      early: {days: mon-fri, hours: "08:00-16:00", headcount: 1}
      late: {days: mon-fri, hours: "10:00-18:00", headcount: 1, cost: 30 per hour}
      night: {days: mon-fri, hours: "18:00-23:00", headcount: 1, cost: 150 each}
  helpers: {tier: desk, headcount: 1}
targets:
  - {measure: service_level, channel: phone, within: 45 s, at_least: 80 %}
  - {measure: first_response, channel: email, within: 4 h, at_least: 80 %}
"""


@pytest.fixture(scope="module")
def frame() -> Frame:
    scenario = loads(DESK)
    return Frame.of(scenario, compile_program(scenario))


def test_people_cost_what_their_shift_or_else_their_group_says(frame: Frame) -> None:
    """In thousandths, by (group, shift): early, late and night clerks, then helpers without a price."""
    assert frame.prices.hour.tolist() == [20_000, 30_000, 0, 0]
    assert frame.prices.shift.tolist() == [0, 0, 150_000, 0]
    assert frame.prices.overtime_hour.tolist() == [20_000, 30_000, 20_000, 0]


def test_self_service_costs_by_contact_where_it_has_a_price(frame: Frame) -> None:
    assert frame.prices.visit.tolist() == [15_000, 0]


def test_deadlines_are_those_of_targets_and_20_seconds(frame: Frame) -> None:
    assert frame.thresholds.service == (20_000, 45_000)
    assert frame.thresholds.response == (14_400_000,)
    assert frame.thresholds.resolution == ()


def test_clocks_run_in_opening_hours_where_a_channel_has_them(frame: Frame) -> None:
    hours, always = frame.clocks.spans
    assert hours is not None
    assert (hours / 3_600_000).tolist() == [[9, 17], [33, 41]]
    assert always is None


def test_short_abandonment_and_the_repeat_window_are_taken_over(frame: Frame) -> None:
    assert frame.short_abandon.tolist() == [0, 5_000]
    assert frame.repeat_window == 86_400_000


def test_assists_and_lines_cost_by_the_clock_and_by_contact() -> None:
    """2 lines at 730.5 per month are 2 per hour; the assist by contact costs where it applies alone."""
    text = DESK.replace("currency: EUR\n", "")
    tree = loads(text).tree
    name = next(name for name, channel in tree["channels"].items() if channel.get("waiting") != "backlog")
    tree["channels"][name] |= {"lines": 2, "line_cost": "730.5 per month"}
    tree["assists"] = {
        "recognition": {"cost": "1461 per month"},
        "templates": {"cost": "3 per hour"},
        "coach": {"cost": "0.5 per contact", "channels": [name]},
    }
    scenario = loads(yaml.safe_dump(tree, sort_keys=False))
    prices = Frame.of(scenario, compile_program(scenario)).prices
    assert prices.lines_by_time * 3_600_000 == pytest.approx(2_000)
    assert prices.assists_by_time * 3_600_000 == pytest.approx(5_000)
    channel = sorted(tree["channels"]).index(name)
    assert (prices.assist[..., channel] == 500).all()
    assert prices.assist.sum() == prices.assist[..., channel].sum()
