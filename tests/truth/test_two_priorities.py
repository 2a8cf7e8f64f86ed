"""M/M/n with two priorities: the urgent go first, nobody is interrupted."""

from __future__ import annotations

import pytest

import sim
from tests.truth.claims import SHORT, Claim, hold, reject
from tests.truth.exact.priorities import Priorities

SCENARIO = """
format: 1
name: M/M/3 with two priorities
time: {start: 2026-03-02, length: 8 days, interval: 1 h, warm_up: 1 h}
channels: {phone: {waiting: live}}
contact_types:
  outage:
    priority: 1
    arrivals: {phone: {rate: 180 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 18 s}}}
  question:
    priority: 2
    arrivals: {phone: {rate: 180 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 18 s}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 3}}
targets: [{measure: service_level, contact_type: outage, within: 20 s, at_least: 80 %}]
"""

DESK = Priorities(first_arrivals=180.0, second_arrivals=180.0, handled=200.0, agents=3)
"""Per hour; load 0.6."""

CLAIMS = [
    Claim("wait", 3600 * DESK.first_wait, where={"contact_type": "outage"}),
    Claim("wait", 3600 * DESK.second_wait, where={"contact_type": "question"}),
    Claim("service_level", DESK.first_within(20 / 3600), within="20 s", where={"contact_type": "outage"}),
    Claim("waited", DESK.waits),
    Claim("occupancy", 0.6),
]


def test_a_short_run_agrees_with_cobham() -> None:
    """Within the intervals of eight days."""
    hold(sim.run(sim.loads(SCENARIO, SHORT), replications=8, seed=1), CLAIMS, precise=False)


@pytest.mark.slow
def test_a_long_run_agrees_with_cobham() -> None:
    """Within narrow intervals; the waits without priorities are rejected in both classes."""
    result = sim.run(sim.loads(SCENARIO), replications=225, seed=1)
    hold(result, CLAIMS, precise=True)
    alike_s = 3600 * (DESK.first_wait + DESK.second_wait) / 2
    reject(result, [Claim("wait", alike_s, where={"contact_type": name}) for name in ("outage", "question")])
