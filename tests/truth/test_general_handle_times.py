"""M/G/1: one agent whose handle times are lognormal."""

from __future__ import annotations

import pytest

import sim
from tests.truth.claims import SHORT, Claim, hold, reject
from tests.truth.exact.single_server import mean_wait

SCENARIO = """
format: 1
name: M/G/1
time: {start: 2026-03-02, length: 16 days, interval: 1 h, warm_up: 1 h}
channels: {phone: {waiting: live}}
contact_types:
  call:
    arrivals: {phone: {rate: 120 per hour}}
    handling: {desk: {handle_time: {distribution: lognormal, mean: 18 s, cv: 0.8}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 1}}
targets: [{measure: service_level, channel: phone, within: 20 s, at_least: 50 %}]
"""


def claims(handle_cv: float) -> list[Claim]:
    """Pollaczek–Khinchine at load 0.6; the queue's length by Little."""
    wait_s = mean_wait(arrivals=120 / 3600, handle_mean=18, handle_cv=handle_cv)
    return [Claim("wait", wait_s), Claim("queue_length", 120 / 3600 * wait_s)]


CLAIMS = [*claims(0.8), Claim("waited", 0.6), Claim("occupancy", 0.6)]


def test_a_short_run_agrees_with_pollaczek_and_khinchine() -> None:
    """Within the intervals of eight days."""
    hold(sim.run(sim.loads(SCENARIO, SHORT), replications=8, seed=1), CLAIMS, precise=False)


@pytest.mark.slow
def test_a_long_run_agrees_with_pollaczek_and_khinchine() -> None:
    """Within narrow intervals; the wait behind exponential handle times is rejected, and an occupancy a point off."""
    result = sim.run(sim.loads(SCENARIO), replications=120, seed=1)
    hold(result, CLAIMS, precise=True)
    reject(result, [*claims(1.0), Claim("occupancy", 0.61)])
