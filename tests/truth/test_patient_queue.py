"""M/M/n: one phone queue in which everybody waits as long as it takes."""

from __future__ import annotations

import pytest

import sim
from sim.staffing.erlang import erlang_c
from tests.truth.claims import SHORT, Claim, hold, reject

SCENARIO = """
format: 1
name: M/M/2
time: {start: 2026-03-02, length: 8 days, interval: 1 h, warm_up: 1 h}
channels: {phone: {waiting: live}}
contact_types:
  call:
    arrivals: {phone: {rate: 270 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 16 s}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 2}}
targets: [{measure: service_level, channel: phone, within: 20 s, at_least: 60 %}]
"""


def claims(agents: int) -> list[Claim]:
    """Erlang C of 1.2 Erlangs, three fifths of what two agents can do."""
    queue = erlang_c(arrivals_per_hour=270, handle_time_s=16, agents=agents)
    return [
        Claim("service_level", queue.service_level(20), within="20 s"),
        Claim("waited", queue.waits),
        Claim("wait", queue.mean_wait_s),
        Claim("average_speed_of_answer", queue.mean_wait_answered_s),
        Claim("queue_length", queue.queue_length),
        Claim("occupancy", queue.occupancy),
    ]


def test_a_short_run_agrees_with_erlang_c() -> None:
    """Within the intervals of eight days."""
    hold(sim.run(sim.loads(SCENARIO, SHORT), replications=8, seed=1), claims(2), precise=False)


@pytest.mark.slow
def test_a_long_run_agrees_with_erlang_c_and_with_no_other_staff() -> None:
    """Within narrow intervals; the values of three agents are rejected, and so is an occupancy two points off."""
    result = sim.run(sim.loads(SCENARIO), replications=165, seed=1)
    hold(result, claims(2), precise=True)
    reject(result, [*claims(3), Claim("occupancy", 0.62)])
