"""Customers who try again: after giving up in a queue, and after a busy tone."""

from __future__ import annotations

import pytest

import sim
from sim.staffing.erlang import erlang_a
from tests.truth.claims import SHORT, Claim, hold, reject
from tests.truth.exact.retrials import BusyFigures, RetrialFigures, after_abandoning, after_busy_tone

ABANDONED = """
format: 1
name: Half of those who give up call again
time: {start: 2026-03-02, length: 4 days, interval: 1 h, warm_up: 1 h}
channels:
  phone:
    patience: {distribution: exponential, mean: 20 s}
    retry: {share: 50 %, after: {distribution: exponential, mean: 60 s}, attempts: 12}
contact_types:
  call:
    arrivals: {phone: {rate: 75 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 36 s}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 1}}
targets: [{measure: service_level, channel: phone, within: 20 s, at_least: 50 %}]
"""

BUSY = """
format: 1
name: Two lines, and two more attempts
time: {start: 2026-03-02, length: 4 days, interval: 1 h, warm_up: 1 h}
channels:
  phone:
    lines: 2
    retry: {share: 80 %, after: {distribution: exponential, mean: 60 s}, attempts: 2}
contact_types:
  call:
    arrivals: {phone: {rate: 80 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 60 s}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 2}}
"""


def abandoned() -> RetrialFigures:
    """Solve the chain of endless attempts, per second.

    Of the inquiries fewer than (1/2 × the share that abandons a retry)^12, less than one in a million, need more than
    the desk allows.
    """
    return after_abandoning(
        arrivals=75 / 3600,
        handled=1 / 36,
        leaving=1 / 20,
        agents=1,
        retrying=0.5,
        returning=1 / 60,
        limit=20.0,
        room=(35, 30),
    )


def busy(attempts: int) -> BusyFigures:
    """Solve the chain of lines and of those away after each attempt, per second."""
    return after_busy_tone(
        arrivals=80 / 3600, handled=1 / 60, agents=2, retrying=0.8, returning=1 / 60, attempts=attempts, room=16
    )


def of_queue(figures: RetrialFigures) -> list[Claim]:
    """What contacts meet, first ones and retries together."""
    return [
        Claim("service_level", figures.service_level, within="20 s"),
        Claim("abandonment", figures.abandonment),
        Claim("waited", figures.waits),
        Claim("wait", figures.mean_wait),
        Claim("occupancy", figures.occupancy),
    ]


def of_lines(figures: BusyFigures) -> list[Claim]:
    """Busy tones by contact and by inquiry, and the agents' work."""
    return [
        Claim("busy", figures.busy),
        Claim("occupancy", figures.occupancy),
        Claim("contacts_per_inquiry", figures.contacts / (80 / 3600)),
        Claim("reached_nobody", 1 - figures.reached),
    ]


def test_a_short_run_agrees_with_the_chain_of_abandoned_retries() -> None:
    """Within the intervals of eight days."""
    hold(sim.run(sim.loads(ABANDONED, SHORT), replications=8, seed=1), of_queue(abandoned()), precise=False)


def test_a_short_run_agrees_with_the_chain_of_busy_retries() -> None:
    """Within the intervals of eight days."""
    hold(sim.run(sim.loads(BUSY, SHORT), replications=8, seed=1), of_lines(busy(2)), precise=False)


@pytest.mark.slow
def test_a_long_run_agrees_with_the_chain_of_abandoned_retries() -> None:
    """Within narrow intervals; Erlang A without retries, and of retries that come back as Poisson, is rejected."""
    figures = abandoned()
    result = sim.run(sim.loads(ABANDONED), replications=72, seed=1)
    hold(result, of_queue(figures), precise=True)
    alone = erlang_a(arrivals_per_hour=75, handle_time_s=36, patience_s=20, agents=1)
    mixed = erlang_a(arrivals_per_hour=3600 * figures.contacts, handle_time_s=36, patience_s=20, agents=1)
    for wrong in (alone, mixed):
        reject(result, [Claim("abandonment", wrong.abandonment), Claim("waited", wrong.waits)])


@pytest.mark.slow
def test_a_long_run_agrees_with_the_chain_of_busy_retries() -> None:
    """Within narrow intervals; one attempt more or less is rejected."""
    result = sim.run(sim.loads(BUSY), replications=125, seed=1)
    hold(result, of_lines(busy(2)), precise=True)
    reject(result, [*of_lines(busy(1)), *of_lines(busy(3))[:1]])
