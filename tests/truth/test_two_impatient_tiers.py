"""Two tiers whose customers give up at either: what the first hands on is not Poisson, only the joint chain tells."""

from __future__ import annotations

import pytest

import sim
from sim.staffing.erlang import erlang_a
from tests.truth.claims import SHORT, Claim, hold, reject
from tests.truth.exact.tiers import Tier, TierFigures, joint_chain

SCENARIO = """
format: 1
name: Two tiers of impatient customers
time: {start: 2026-03-02, length: 4 days, interval: 1 h, warm_up: 1 h}
channels: {phone: {waiting: live}}
contact_types:
  fault:
    arrivals: {phone: {rate: 85 per hour}}
    handling:
      first_line:
        {handle_time: {distribution: exponential, mean: 36 s}, resolved: 20 %, escalated: 80 %,
         patience: {distribution: exponential, mean: 60 s}}
      technical:
        {handle_time: {distribution: exponential, mean: 48 s}, patience: {distribution: exponential, mean: 30 s}}
tiers:
  first_line: {}
  technical: {handover: cold}
agent_groups:
  front_desk: {tier: first_line, headcount: 1}
  engineers: {tier: technical, headcount: 1}
targets: [{measure: service_level, channel: phone, within: 20 s, at_least: 50 %}]
"""

FIRST, TECHNICAL = joint_chain(
    arrivals=85 / 3600,
    first=Tier(1, 1 / 36, 1 / 60),
    escalated=0.8,
    second=Tier(1, 1 / 48, 1 / 30),
    limit=20.0,
    room=(40, 30),
)
"""Per second: load 0.85 at the first line, 0.65 at the second."""


def of_tier(name: str, group: str, tier: TierFigures) -> list[Claim]:
    """What the contacts of a tier meet."""
    return [
        Claim("service_level", tier.service_level, within="20 s", where={"tier": name}),
        Claim("abandonment", tier.abandonment, where={"tier": name}),
        Claim("waited", tier.waits, where={"tier": name}),
        Claim("wait", tier.mean_wait, where={"tier": name}),
        Claim("occupancy", tier.occupancy, where={"agent_group": group}),
    ]


CLAIMS = [*of_tier("first_line", "front_desk", FIRST), *of_tier("technical", "engineers", TECHNICAL)]


def test_a_short_run_agrees_with_the_joint_chain() -> None:
    """Within the intervals of eight days."""
    hold(sim.run(sim.loads(SCENARIO, SHORT), replications=8, seed=1), CLAIMS, precise=False)


@pytest.mark.slow
def test_a_long_run_agrees_with_the_joint_chain() -> None:
    """Within narrow intervals; Erlang A of as many Poisson arrivals at the second tier is rejected."""
    result = sim.run(sim.loads(SCENARIO), replications=175, seed=1)
    hold(result, CLAIMS, precise=True)
    poisson = erlang_a(arrivals_per_hour=3600 * TECHNICAL.arrivals, handle_time_s=48, patience_s=30, agents=1)
    reject(
        result,
        [
            Claim("service_level", poisson.service_level(20), within="20 s", where={"tier": "technical"}),
            Claim("abandonment", poisson.abandonment, where={"tier": "technical"}),
            Claim("waited", poisson.waits, where={"tier": "technical"}),
        ],
    )
