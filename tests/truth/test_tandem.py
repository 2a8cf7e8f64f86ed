"""Jackson's tandem: a bot that contains a share, a first line, and technical support for what it escalates."""

from __future__ import annotations

import pytest

import sim
from tests.truth.claims import SHORT, Claim, hold, reject
from tests.truth.exact.tiers import Tier, TierFigures, tandem

SCENARIO = """
format: 1
name: A bot and two tiers of patient customers
time: {start: 2026-03-02, length: 8 days, interval: 1 h, warm_up: 2 h}
channels: {chat: {waiting: live}}
contact_types:
  fault:
    arrivals: {chat: {rate: 200 per hour}}
    handling:
      first_line: {handle_time: {distribution: exponential, mean: 28.8 s}, resolved: 25 %, escalated: 75 %}
      technical: {handle_time: {distribution: exponential, mean: 18 s}}
self_service:
  bot: {channels: [chat], takes: {distribution: lognormal, mean: 90 s, cv: 1.5}, resolves: 20 %, gives_up: 5 %}
tiers:
  first_line: {}
  technical: {handover: cold}
agent_groups:
  front_desk: {tier: first_line, headcount: 2}
  engineers: {tier: technical, headcount: 1}
targets: [{measure: service_level, channel: chat, within: 20 s, at_least: 50 %}]
"""


def tiers(contained: float) -> tuple[TierFigures, TierFigures]:
    """Compute both tiers in seconds, with the share of chats that end with the bot."""
    return tandem(
        arrivals=200 / 3600,
        contained=contained,
        first=Tier(2, 1 / 28.8),
        escalated=0.75,
        second=Tier(1, 1 / 18),
        limit=20.0,
    )


FIRST, TECHNICAL = tiers(contained=0.25)
"""150 chats an hour come to the first line (load 0.6), 112.5 go on (load 9/16)."""


def of_tier(name: str, group: str, tier: TierFigures) -> list[Claim]:
    """What the contacts of a tier meet."""
    return [
        Claim("service_level", tier.service_level, within="20 s", where={"tier": name}),
        Claim("waited", tier.waits, where={"tier": name}),
        Claim("wait", tier.mean_wait, where={"tier": name}),
        Claim("occupancy", tier.occupancy, where={"agent_group": group}),
    ]


CLAIMS = [
    *of_tier("first_line", "front_desk", FIRST),
    *of_tier("technical", "engineers", TECHNICAL),
    Claim("containment", 0.20),
    Claim("service_level", FIRST.service_level, within="20 s"),
]


def test_a_short_run_agrees_with_the_product_form() -> None:
    """Within the intervals of eight days."""
    hold(sim.run(sim.loads(SCENARIO, SHORT), replications=8, seed=1), CLAIMS, precise=False)


@pytest.mark.slow
def test_a_long_run_agrees_with_the_product_form() -> None:
    """Within narrow intervals; a bot whose lost chats came to the first line after all is rejected in every figure."""
    result = sim.run(sim.loads(SCENARIO), replications=250, seed=1)
    hold(result, CLAIMS, precise=True)
    first, technical = tiers(contained=0.20)
    reject(result, [*of_tier("first_line", "front_desk", first), *of_tier("technical", "engineers", technical)])
