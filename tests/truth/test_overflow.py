"""Two skills: the mail order desk helps the hotline as long as one of its own stays free."""

from __future__ import annotations

import pytest

import sim
from tests.truth.claims import SHORT, Claim, hold, reject
from tests.truth.exact.overflow import Side, SideFigures, overflow

SCENARIO = """
format: 1
name: Two skills with overflow
time: {start: 2026-03-02, length: 4 days, interval: 1 h, warm_up: 1 h}
channels: {phone: {waiting: live}}
contact_types:
  fault:
    patience: {distribution: exponential, mean: 30 s}
    arrivals: {phone: {rate: 110 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 60 s}}}
  order:
    patience: {distribution: exponential, mean: 45 s}
    arrivals: {phone: {rate: 75 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 90 s}}}
tiers: {desk: {}}
agent_groups:
  hotline: {tier: desk, headcount: 2, serves: [{contact_types: [fault]}]}
  orders:
    tier: desk
    headcount: 3
    serves: [{contact_types: [order]}, {contact_types: [fault], after: 0 s, keep_free: 1}]
targets: [{measure: abandonment, contact_type: fault, at_most: 50 %}]
"""

FAULTS = Side(arrivals=110 / 3600, handled=1 / 60, leaving=1 / 30, agents=2)
ORDERS = Side(arrivals=75 / 3600, handled=1 / 90, leaving=1 / 45, agents=3)


def claims(keep_free: int) -> list[Claim]:
    """All that the chain tells of both sides."""
    faults, orders = overflow(FAULTS, ORDERS, keep_free, room=(25, 25))
    return [*of_side("fault", "hotline", faults), *of_side("order", "orders", orders)]


def of_side(contact_type: str, group: str, side: SideFigures) -> list[Claim]:
    """What a type meets, and its group."""
    return [
        Claim("abandonment", side.abandonment, where={"contact_type": contact_type}),
        Claim("waited", side.waits, where={"contact_type": contact_type}),
        Claim("wait", side.mean_wait, where={"contact_type": contact_type}),
        Claim("occupancy", side.occupancy, where={"agent_group": group}),
    ]


def test_a_short_run_agrees_with_the_joint_chain() -> None:
    """Within the intervals of eight days."""
    hold(sim.run(sim.loads(SCENARIO, SHORT), replications=8, seed=1), claims(keep_free=1), precise=False)


@pytest.mark.slow
def test_a_long_run_agrees_with_the_joint_chain() -> None:
    """Within narrow intervals; helping with nobody kept free, or with two, is rejected in every figure."""
    result = sim.run(sim.loads(SCENARIO), replications=250, seed=1)
    hold(result, claims(keep_free=1), precise=True)
    reject(result, claims(keep_free=0))
    reject(result, claims(keep_free=2))
