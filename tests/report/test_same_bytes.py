"""No figure depends on which engine plays, on how many workers, or on how the work is shared out."""

from itertools import product

import pytest

from sim.engine.choice import Name
from sim.experiment import workers as sharing
from sim.experiment.replicate import run
from sim.report.files import summary_json
from sim.scenario.load import loads
from sim.scenario.schema import Scenario

DESK = """
format: 1
name: Two channels, two tiers, one day
time: {start: 2026-04-06, length: 1 day, zone: Asia/Tokyo, interval: 30 min}
opening_hours: {day: {mon-sun: "08:00-18:00"}}
channels:
  phone: {open: day, patience: {distribution: exponential, mean: 2 min}, retry: {share: 40 %, after: 5 min}}
  chat: {open: day, at_closing: clear, patience: {distribution: weibull, mean: 4 min, shape: 1.4}}
demand: {busy_day_cv: 10 %}
contact_types:
  order:
    arrivals: {phone: {rate: 25 per hour}, chat: {rate: 15 per hour}}
    handling:
      desk:
        handle_time: {distribution: lognormal, mean: 5 min, cv: 0.9}
        wrap_up: {distribution: exponential, mean: 40 s}
        resolved: 70 %
        escalated: 25 %
      experts: {handle_time: {distribution: lognormal, mean: 12 min, cv: 1.0}}
tiers: {desk: {}, experts: {handover: warm, warm_limit: 3 min}}
agent_groups:
  clerks:
    tier: desk
    serves: [{channels: [phone]}, {channels: [chat], keep_free: 1}]
    slots: {chat: {limit: 2, pace: [100 %, 80 %]}}
    shrinkage: {absence: 10 %, in_shift: 8 %}
    cost: 30 per hour
    shifts:
      day: {days: mon-sun, hours: "08:00-18:00", breaks: [{length: 30 min, between: "11:00-14:00"}], headcount: 5}
  experts: {tier: experts, shifts: {day: {days: mon-sun, hours: "08:00-18:00", headcount: 2}}}
targets:
  - {measure: service_level, channel: phone, within: 20 s, at_least: 80 %}
  - {measure: occupancy, agent_group: clerks, at_most: 88 %}
"""
REPLICATIONS = 21
ENGINES: tuple[Name, ...] = ("compiled", "reference")


@pytest.fixture(scope="module")
def desk() -> Scenario:
    return loads(DESK)


@pytest.fixture(scope="module")
def alone(desk: Scenario) -> bytes:
    """The summary of one process with the compiled engine."""
    return summary_json(run(desk, replications=REPLICATIONS, seed=3)).encode()


def test_the_reference_engine_writes_the_same_bytes(desk: Scenario, alone: bytes) -> None:
    summary = summary_json(run(desk, replications=REPLICATIONS, seed=3, engine="reference"))
    assert summary.encode() == alone


def test_another_seed_writes_others(desk: Scenario, alone: bytes) -> None:
    """What is compared does depend on chance."""
    assert summary_json(run(desk, replications=REPLICATIONS, seed=4)).encode() != alone


@pytest.mark.slow
@pytest.mark.parametrize(("workers", "engine"), list(product((1, 2, 4), ENGINES)))
def test_any_number_of_workers_with_either_engine_writes_the_same_bytes(
    desk: Scenario, alone: bytes, workers: int, engine: Name
) -> None:
    summary = summary_json(run(desk, replications=REPLICATIONS, seed=3, engine=engine, workers=workers))
    assert summary.encode() == alone


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [1e-9, 0.02, 10.0])
def test_chunks_of_any_size_write_the_same_bytes(
    desk: Scenario, alone: bytes, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One replication at a time, a few, or all that are left."""
    monkeypatch.setattr(sharing, "SECONDS_OF_CHUNK", seconds)
    assert summary_json(run(desk, replications=REPLICATIONS, seed=3, workers=2)).encode() == alone
