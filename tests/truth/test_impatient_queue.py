"""M/M/n+M: one phone queue whose callers give up, in every reading of the service level."""

from __future__ import annotations

import pytest

import sim
from sim.staffing.erlang import Queue, erlang_a
from tests.truth.claims import SHORT, Claim, hold, reject

SCENARIO = """
format: 1
name: M/M/2+M
time: {start: 2026-03-02, length: 4 days, interval: 1 h, warm_up: 1 h}
channels: {phone: {patience: {distribution: exponential, mean: 20 s}}}
contact_types:
  call:
    arrivals: {phone: {rate: 153 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 40 s}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 2}}
targets: [{measure: service_level, channel: phone, within: 20 s, at_least: 60 %}]
"""

QUEUE = erlang_a(arrivals_per_hour=153, handle_time_s=40, patience_s=20, agents=2)
"""Erlang A of 1.7 Erlangs on two agents: load 0.85, a quarter abandon."""


def service_levels(queue: Queue) -> dict[str, float]:
    """Share answered within 20 s, by reading."""
    return {reading: queue.service_level(20, reading) for reading in ("offered", "answered", "short_out", "settled")}


CLAIMS = [
    *(Claim("service_level", exact, "20 s", reading) for reading, exact in service_levels(QUEUE).items()),
    Claim("abandonment", QUEUE.abandonment),
    Claim("occupancy", QUEUE.occupancy),
    Claim("waited", QUEUE.waits),
    Claim("wait", QUEUE.mean_wait_s, reading="all"),
    Claim("wait", QUEUE.mean_wait_answered_s, reading="answered"),
    Claim("wait", QUEUE.mean_wait_abandoned_s, reading="abandoned"),
    Claim("average_speed_of_answer", QUEUE.mean_wait_answered_s),
    Claim("queue_length", QUEUE.queue_length),
    Claim("agents_busy", QUEUE.agents_busy),
]


def test_a_short_run_agrees_with_erlang_a() -> None:
    """Within the intervals of eight days."""
    hold(sim.run(sim.loads(SCENARIO, SHORT), replications=8, seed=1), CLAIMS, precise=False)


@pytest.mark.slow
def test_a_long_run_agrees_with_erlang_a_and_tells_the_readings_apart() -> None:
    """Within narrow intervals; each reading with the next one's value, and a patience 5 % longer, are rejected."""
    result = sim.run(sim.loads(SCENARIO), replications=185, seed=1)
    hold(result, CLAIMS, precise=True)
    levels = service_levels(QUEUE)
    swapped = zip(levels, [*list(levels.values())[1:], levels["offered"]], strict=True)
    patient = erlang_a(arrivals_per_hour=153, handle_time_s=40, patience_s=21, agents=2)
    reject(
        result,
        [
            *(Claim("service_level", wrong, "20 s", reading) for reading, wrong in swapped),
            Claim("abandonment", patient.abandonment),
            Claim("wait", patient.mean_wait_s),
            Claim("wait", QUEUE.mean_wait_answered_s, reading="abandoned"),
        ],
    )
