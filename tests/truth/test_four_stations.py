"""Four tiers that escalate by a map and send back what they should not have got: a network of product form."""

from __future__ import annotations

import pytest

import sim
from sim.staffing.erlang import erlang_c
from tests.truth.claims import SHORT, Claim, hold, reject
from tests.truth.exact.network import Station, visits

SCENARIO = """
format: 1
name: Four tiers with returns
time: {start: 2026-03-02, length: 4 days, interval: 1 h, warm_up: 2 h}
channels: {phone: {waiting: live}}
contact_types:
  fault:
    arrivals: {phone: {rate: 130 per hour}}
    handling:
      front:
        {handle_time: {distribution: exponential, mean: 60 s}, resolved: 30 %,
         escalated: {network: 40 %, servers: 20 %, makers: 10 %}}
      network:
        {handle_time: {distribution: exponential, mean: 90 s}, resolved: 40 %, returned: 20 %, returns: 2,
         escalated: {servers: 10 %, makers: 20 %}}
      servers:
        {handle_time: {distribution: exponential, mean: 120 s}, resolved: 50 %, returned: 25 %, returns: 2,
         escalated: {makers: 15 %}}
      makers: {handle_time: {distribution: exponential, mean: 150 s}, resolved: 60 %, returned: 30 %, returns: 2}
tiers: {front: {}, network: {handover: cold}, servers: {handover: cold}, makers: {handover: cold}}
agent_groups:
  front: {tier: front, headcount: 4}
  network: {tier: network, headcount: 3}
  servers: {tier: servers, headcount: 2}
  makers: {tier: makers, headcount: 3}
targets: [{measure: service_level, tier: front, within: 20 s, at_least: 50 %}]
"""

TIERS = ("front", "network", "servers", "makers")
STATIONS = (
    Station(4, 1 / 60, {1: 0.40, 2: 0.20, 3: 0.10}),
    Station(3, 1 / 90, {2: 0.10, 3: 0.20}, sends_back=0.20),
    Station(2, 1 / 120, {3: 0.15}, sends_back=0.25),
    Station(3, 1 / 150, {}, sends_back=0.30),
)


def claims(returns: int) -> list[Claim]:
    """Erlang C of every station at the arrivals that the ways of the contacts bring."""
    found = []
    for tier, station, stays in zip(TIERS, STATIONS, visits(STATIONS, returns), strict=True):
        queue = erlang_c(arrivals_per_hour=130 * stays, handle_time_s=1 / station.handled, agents=station.agents)
        found += [
            Claim("service_level", queue.service_level(20), within="20 s", where={"tier": tier}, width=0.025),
            Claim("waited", queue.waits, where={"tier": tier}),
            Claim("wait", queue.mean_wait_s, where={"tier": tier}, width=0.09),
            Claim("occupancy", queue.occupancy, where={"agent_group": tier}, width=0.015),
        ]
    return found


def test_a_short_run_agrees_with_the_product_form() -> None:
    """Within the intervals of eight days."""
    hold(sim.run(sim.loads(SCENARIO, SHORT), replications=8, seed=1), claims(returns=2), precise=False)


@pytest.mark.slow
def test_a_long_run_agrees_with_the_product_form() -> None:
    """Within narrow intervals; rejected are no returns at all, and at the first two tiers one at most."""
    result = sim.run(sim.loads(SCENARIO), replications=60, seed=1)
    hold(result, claims(returns=2), precise=True)
    reject(result, [claim for claim in claims(returns=1)[:8] if claim.measure == "occupancy"])
    reject(result, [claim for claim in claims(returns=0) if claim.measure in {"occupancy", "waited"}])
