"""Small scenarios whose every figure can be worked by hand."""

from sim.scenario.load import loads
from sim.scenario.schema import Scenario

REPLAYED = """
format: 1
name: Three calls <and> one clerk
currency: JPY
time: {start: 2026-04-06, length: 2 days, zone: Asia/Tokyo, interval: 30 min, repeat_window: 1 h}
channels: {phone: {}}
contact_types:
  order:
    arrivals:
      phone:
        log:
          - {time: "2026-04-06 09:00:00", handle_time: 60 s, patience: 10 min}
          - {time: "2026-04-06 09:00:40", handle_time: 60 s, patience: 10 min}
          - {time: "2026-04-06 09:00:50", handle_time: 60 s, patience: 30 s}
          - {time: "2026-04-07 09:00:00", handle_time: 30 s, patience: 10 min}
    handling: {desk: {handle_time: {distribution: constant, mean: 60 s}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 1, cost: 3600 per hour}}
TARGETS
"""
"""Monday: answered at once, answered after 20 s, abandoned after 30 s. Tuesday: answered at once. Nothing is left to
chance, so every interval has no length."""

RANDOM = """
format: 1
name: A random hour
time: {start: 2026-04-06, length: 2 h}
channels: {phone: {patience: {distribution: exponential, mean: 3 min}}}
contact_types:
  order:
    arrivals: {phone: {rate: 60 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 2 min}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 2}}
TARGETS
"""


def replayed(*targets: str) -> Scenario:
    """Give the scenario of four calls with targets, each a line of YAML."""
    return _with(REPLAYED, targets)


def random_hours(*targets: str) -> Scenario:
    """Give two hours of random calls with targets."""
    return _with(RANDOM, targets)


def _with(text: str, targets: tuple[str, ...]) -> Scenario:
    listed = "".join(f"\n  - {target}" for target in targets)
    return loads(text.replace("TARGETS", f"targets:{listed}" if targets else ""))
