"""Chat: two agents who hold two chats each and are slower at both."""

from __future__ import annotations

import pytest

import sim
from tests.truth.claims import SHORT, Claim, hold, reject
from tests.truth.exact.sharing import SharingFigures, sharing

SCENARIO = """
format: 1
name: Two agents, two chats each
time: {start: 2026-03-02, length: 4 days, interval: 1 h, warm_up: 1 h}
channels: {chat: {patience: {distribution: exponential, mean: 20 s}}}
contact_types:
  question:
    arrivals: {chat: {rate: 95 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 90 s}}}
tiers: {desk: {}}
agent_groups:
  clerks: {tier: desk, headcount: 2, slots: {chat: {limit: 2, pace: [100 %, 70 %]}}}
targets: [{measure: service_level, channel: chat, within: 20 s, at_least: 50 %}]
"""


def desk(pace: tuple[float, ...]) -> SharingFigures:
    """Solve the chain, per second; with full hands the agents end 112 chats an hour: load 0.85."""
    return sharing(arrivals=95 / 3600, handled=1 / 90, pace=pace, agents=2, leaving=1 / 20, limit=20.0, room=40)


def claims(figures: SharingFigures) -> list[Claim]:
    """All that the chain tells."""
    return [
        Claim("service_level", figures.service_level, within="20 s"),
        Claim("abandonment", figures.abandonment),
        Claim("waited", figures.waits),
        Claim("wait", figures.mean_wait),
        Claim("handle_time", figures.handle_time),
        Claim("occupancy", figures.occupancy),
        Claim("slot_occupancy", figures.slot_occupancy),
    ]


def test_a_short_run_agrees_with_the_chain_of_holdings() -> None:
    """Within the intervals of eight days."""
    hold(sim.run(sim.loads(SCENARIO, SHORT), replications=8, seed=1), claims(desk((1.0, 0.7))), precise=False)


@pytest.mark.slow
def test_a_long_run_agrees_with_the_chain_of_holdings() -> None:
    """Within narrow intervals; a pace of 75 % is rejected in every figure."""
    result = sim.run(sim.loads(SCENARIO), replications=240, seed=1)
    hold(result, claims(desk((1.0, 0.7))), precise=True)
    reject(result, claims(desk((1.0, 0.75))))
