"""Intervals cover the truth as often as they say."""

import pytest

from sim.experiment.replicate import run
from sim.scenario.load import loads
from sim.staffing.erlang import erlang_a

SEEDS = 200
QUEUE = """
format: 1
name: M/M/2+M, 60 an hour for two people of 90 s, patience 60 s
time: {start: 2026-04-06, length: 3 h, warm_up: 1 h}
channels: {phone: {patience: {distribution: exponential, mean: 60 s}}}
contact_types:
  call:
    arrivals: {phone: {rate: 60 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 90 s}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 2}}
targets: [{measure: service_level, channel: phone, within: 20 s, at_least: 50 %}]
"""


@pytest.mark.slow
def test_95_percent_intervals_of_service_level_cover_the_truth_between_91_and_98_percent_of_the_time() -> None:
    """With 30 replications, over 200 seeds: a binomial of 200 and 95 % lies in 91–98 % with probability 0.99."""
    truth = erlang_a(60, 90, 60, 2).service_level(20)
    scenario = loads(QUEUE)
    covered = missed_by_another = 0
    for seed in range(SEEDS):
        row = run(scenario, replications=30, seed=seed).measure("service_level", by="channel", within="20 s").iloc[0]
        covered += row["low"] <= truth <= row["high"]
        missed_by_another += row["low"] <= truth + 0.03 <= row["high"]
    assert 0.91 <= covered / SEEDS <= 0.98
    assert missed_by_another / SEEDS < 0.5
