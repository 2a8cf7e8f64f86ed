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
time: {start: 2026-03-02, length: 16 days, interval: 1 h, warm_up: 2 h}
channels: {phone: {waiting: live}}
contact_types:
  fault:
    arrivals: {phone: {rate: 130 per hour}}
    handling:
      front:
        {handle_time: {distribution: exponential, mean: 24 s}, resolved: 15 %,
         escalated: {network: 40 %, servers: 25 %, makers: 20 %}}
      network:
        {handle_time: {distribution: exponential, mean: 24 s}, resolved: 25 %, returned: 20 %, returns: 2,
         escalated: {servers: 20 %, makers: 25 %}}
      servers:
        {handle_time: {distribution: exponential, mean: 30 s}, resolved: 40 %, returned: 25 %, returns: 2,
         escalated: {makers: 25 %}}
      makers: {handle_time: {distribution: exponential, mean: 27 s}, resolved: 60 %, returned: 30 %, returns: 2}
tiers: {front: {}, network: {handover: cold}, servers: {handover: cold}, makers: {handover: cold}}
agent_groups:
  front: {tier: front, headcount: 2}
  network: {tier: network, headcount: 1}
  servers: {tier: servers, headcount: 1}
  makers: {tier: makers, headcount: 1}
targets: [{measure: service_level, tier: front, within: 20 s, at_least: 50 %}]
"""

TIERS = ("front", "network", "servers", "makers")
STATIONS = (
    Station(2, 1 / 24, {1: 0.40, 2: 0.25, 3: 0.20}),
    Station(1, 1 / 24, {2: 0.20, 3: 0.25}, sends_back=0.20),
    Station(1, 1 / 30, {3: 0.25}, sends_back=0.25),
    Station(1, 1 / 27, {}, sends_back=0.30),
)


def claims(returns: int) -> list[Claim]:
    """Erlang C of every station at the arrivals that the ways of the contacts bring."""
    found = []
    for tier, station, stays in zip(TIERS, STATIONS, visits(STATIONS, returns), strict=True):
        queue = erlang_c(arrivals_per_hour=130 * stays, handle_time_s=1 / station.handled, agents=station.agents)
        found += [
            Claim("service_level", queue.service_level(20), within="20 s", where={"tier": tier}),
            Claim("waited", queue.waits, where={"tier": tier}),
            Claim("wait", queue.mean_wait_s, where={"tier": tier}),
            Claim("occupancy", queue.occupancy, where={"agent_group": tier}),
        ]
    return found


def test_a_short_run_agrees_with_the_product_form() -> None:
    """Within the intervals of eight days."""
    hold(sim.run(sim.loads(SCENARIO, SHORT), replications=8, seed=1), claims(returns=2), precise=False)


@pytest.mark.slow
def test_a_long_run_agrees_with_the_product_form() -> None:
    """Within narrow intervals; rejected are no returns at all, and at the first two tiers one at most."""
    result = sim.run(sim.loads(SCENARIO), replications=190, seed=1)
    hold(result, claims(returns=2), precise=True)
    reject(result, [claim for claim in claims(returns=1)[:8] if claim.measure == "occupancy"])
    reject(result, [claim for claim in claims(returns=0) if claim.measure in {"occupancy", "waited"}])
