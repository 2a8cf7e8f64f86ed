"""A morning at a small desk: some 120 calls, three shifts, a replication in a millisecond or two."""

import pytest

from sim.scenario.load import loads
from sim.scenario.schema import Scenario
from sim.staffing.plan.evaluation import Sizes
from sim.staffing.solver import Solver, solve_here

SERVICE = "{measure: service_level, channel: phone, within: 20 s, at_least: 80 %}"
SHIFTS = """\
      early: {days: mon, hours: "08:00-11:00", headcount: 4}
      late: {days: mon, hours: "09:00-12:00", headcount: 4}
      short: {days: mon, hours: "09:00-11:00", headcount: 2}"""


def morning(
    targets: str = SERVICE, plan: str = "{shifts: {clerks: all}}", shifts: str = SHIFTS, more: str = "", days: int = 1
) -> Scenario:
    """A desk that is open on Monday from eight to twelve (or so on more days), with today's shifts far too large."""
    listed = f"    shifts:\n{shifts}" if shifts else ""
    return loads(f"""\
format: 1
name: Small desk
currency: EUR
time: {{start: 2026-04-06, length: {days} days, interval: 30 min}}
opening_hours: {{day: {{mon-sun: "08:00-12:00"}}}}
channels: {{phone: {{open: day, patience: {{distribution: exponential, mean: 2 min}}}}}}
contact_types:
  order:
    arrivals:
      phone: {{rates: {{mon-sun: {{"00:00": 0 per hour, "08:00": 30 per hour, "09:00": 45 per hour,
        "11:00": 20 per hour, "12:00": 0 per hour}}}}}}
    handling: {{desk: {{handle_time: {{distribution: exponential, mean: 4 min}}}}}}
tiers: {{desk: {{}}}}
agent_groups:
  clerks:
    tier: desk
    cost: 20 per hour
{listed}
targets: [{targets}]
plan: {plan}
{more}
""")


def shorten(monkeypatch: pytest.MonkeyPatch, size: int = 32) -> Sizes:
    """Have plans search and select on so many replications each, confirm on twice that, and solve in this process."""
    sizes = Sizes(size, size, 2 * size)
    monkeypatch.setattr(Sizes, "of", staticmethod(lambda _contacts: sizes))
    monkeypatch.setattr(Solver, "solve", lambda _self, *asked: solve_here(*asked))
    return sizes
