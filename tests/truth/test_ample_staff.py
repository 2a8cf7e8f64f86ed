"""A backlog with ample staff: cases that wait at the start, a rate that changes over the day, and nobody ever waits."""

from __future__ import annotations

import pytest

import sim
from tests.truth.claims import Claim, hold, reject
from tests.truth.exact.ample_staff import Survived, exponential, in_hand, lognormal

SCENARIO = """
format: 1
name: E-mail for four thousand clerks
time: {start: 2026-03-02, length: 16 h, interval: 1 h}
channels: {email: {waiting: backlog, initial_backlog: {waiting: 1280, oldest: 3 h}}}
contact_types:
  case:
    arrivals:
      email:
        rates: {mon-sun: {"00:00": 320 per hour, "06:00": 960 per hour, "09:00": 1920 per hour, "13:00": 480 per hour}}
    handling: {desk: {handle_time: {distribution: lognormal, mean: 50 min, cv: 1.2}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 4000}}
targets: [{measure: resolution, channel: email, within: 2 h, at_least: 50 %}]
"""

STEPS = [(0.0, 320.0), (6.0, 960.0), (9.0, 1920.0), (13.0, 480.0)]
"""Hours, and cases an hour from then on."""

HANDLED = lognormal(mean=50 / 60, cv=1.2)


def claims(handled: Survived, waiting: int = 1280) -> list[Claim]:
    """Cases in hand, hour by hour: all that are open, and as many agents."""
    means = [in_hand(STEPS, handled, waiting, hour, hour + 1) for hour in range(16)]
    return [
        Claim(measure, mean, interval=hour) for hour, mean in enumerate(means) for measure in ("agents_busy", "backlog")
    ]


def test_a_short_run_agrees_with_the_means_of_every_hour() -> None:
    """Within the intervals of twelve days."""
    hold(sim.run(sim.loads(SCENARIO), replications=12, seed=1), claims(HANDLED), precise=False)


@pytest.mark.slow
def test_a_long_run_agrees_with_the_means_of_every_hour() -> None:
    """Within 1 %; exponential handle times of the same mean are rejected once the start has died out and the day too.

    So are 64 cases more that wait at the start.
    """
    result = sim.run(sim.loads(SCENARIO), replications=380, seed=1)
    hold(result, claims(HANDLED), precise=True)
    reject(result, [claim for claim in claims(exponential(50 / 60)) if claim.interval in {1, 13, 15}])
    reject(result, [claim for claim in claims(HANDLED, waiting=1344) if claim.interval == 0])
