"""Scaled scenarios: what a factor changes, and what it leaves alone."""

import pytest

from sim.demand.distributions import law
from sim.scenario.load import loads
from sim.scenario.model.distribution import Distribution
from sim.scenario.scaled import FACTORS, times
from sim.scenario.schema import Scenario

DESK = """
format: 1
name: Every duration
time: {start: 2026-04-06, length: 1 day}
channels:
  phone: {patience: {distribution: exponential, mean: 100 s, at_most: 10 min}}
  chat: {}
  email: {waiting: backlog, chasers: {after: 1 h, share: 10 %, channel: phone}}
contact_types:
  order:
    arrivals: {phone: {rate: 10 per hour}, email: {rate: 5 per hour}}
    misrouted: {share: 5 %, to: fault, triage: 30 s}
    handling:
      desk:
        handle_time: {mixture: [{weight: 60 %, distribution: lognormal, mean: 100 s, cv: 0.5},
                                {weight: 40 %, distribution: uniform, low: 10 s, high: 20 s}]}
        wrap_up: 20 s
        patience: {distribution: table, survival: {"0 s": 1, "50 s": 0}}
        on_chat: {handle_time: {distribution: triangular, low: 10 s, mode: 20 s, high: 30 s}}
  fault:
    arrivals:
      chat: {log: [{time: "2026-04-06 09:00:00", handle_time: 100 s, wrap_up: 10 s, patience: 50 s}]}
    handling: {desk: {handle_time: 60 s}}
self_service:
  bot: {channels: [chat], takes: 10 s, resolves: {fault: 60 %, order: 30 %}, gives_up: 20 %}
tiers: {desk: {briefing: 15 s}}
agent_groups:
  clerks: {tier: desk, headcount: 3, shrinkage: {absence: 10 %, in_shift: 5 %}}
"""


@pytest.fixture(scope="module")
def desk() -> Scenario:
    return loads(DESK)


def test_handle_time_scales_all_talk_and_wrap_up_and_nothing_else(desk: Scenario) -> None:
    """Half as long again: mixtures, channels of their own, triage, chasers (2 min unless said), logs."""
    longer = FACTORS["handle_time"](desk, 1.5)
    handling, own = longer.contact_types["order"].handling["desk"], desk.contact_types["order"].handling["desk"]
    assert law(handling.handle_time).mean == pytest.approx(1.5 * law(own.handle_time).mean)
    assert law(handling.wrap_up).mean == 30_000
    assert law(handling.on_channel("chat").handle_time).mean == 30_000
    assert handling.on_channel("chat").wrap_up == handling.wrap_up
    misrouted, chasers = longer.contact_types["order"].misrouted, longer.channels["email"].chasers
    assert misrouted is not None
    assert law(misrouted.triage).mean == 45_000
    assert chasers is not None
    assert chasers.handle_time is not None
    assert law(chasers.handle_time).mean == 180_000
    log = longer.contact_types["fault"].arrivals["chat"].log
    assert log is not None
    assert (log[0].handle_time_ms, log[0].wrap_up_ms, log[0].patience_ms) == (150_000, 15_000, 50_000)
    assert (longer.tiers, longer.self_service, longer.demand) == (desk.tiers, desk.self_service, desk.demand)
    assert handling.patience == own.patience
    assert longer.channels["phone"] == desk.channels["phone"]


def test_patience_scales_where_anybody_holds_the_line(desk: Scenario) -> None:
    """Twice as patient: of the channel with its limit, of the tier, of the log; work stays."""
    patient = FACTORS["patience"](desk, 2)
    of_channel = patient.channels["phone"].patience
    assert of_channel is not None
    assert (of_channel.mean, of_channel.at_most) == (200_000, 1_200_000)
    of_tier = patient.contact_types["order"].handling["desk"].patience
    assert of_tier is not None
    assert of_tier.survival == ((0, 1.0), (100_000, 0.0))
    log = patient.contact_types["fault"].arrivals["chat"].log
    assert log is not None
    assert (log[0].handle_time_ms, log[0].patience_ms) == (100_000, 100_000)
    assert patient.contact_types["order"].handling["desk"].wrap_up.mean == 20_000


def test_containment_is_scaled_as_far_as_there_is_room(desk: Scenario) -> None:
    """Of 60 % half as much again would be 90 %, but 20 % give up: 80 % remain."""
    stage = FACTORS["containment"](desk, 1.5).self_service["bot"]
    assert stage.resolves == {"fault": 0.8, "order": pytest.approx(0.45)}


def test_absence_volume_and_their_neighbours(desk: Scenario) -> None:
    group = FACTORS["absence"](desk, 1.1).agent_groups["clerks"]
    assert group.shrinkage.absence == pytest.approx(0.11)
    assert group.shrinkage.in_shift == 0.05
    more = FACTORS["volume"](desk, 1.1)
    assert more.demand.scale == pytest.approx(1.1)
    assert more.contact_types == desk.contact_types


def test_a_law_times_a_factor_gives_every_customer_the_factor_of_the_same() -> None:
    """Whatever the kind: the inverse at any dealt number is the factor times what it was."""
    import numpy as np  # noqa: PLC0415

    number = np.array([0.01, 0.3, 0.5, 0.9, 0.999])
    for said in (
        {"distribution": "gamma", "mean": "100 s", "cv": 0.7},
        {"distribution": "erlang", "mean": "100 s", "phases": 3},
        {"distribution": "weibull", "mean": "100 s", "shape": 1.4, "at_least": "20 s", "at_most": "200 s"},
        {"distribution": "hyperexponential", "mean": "100 s", "cv": 2},
        {"distribution": "table", "cumulative": {"10 s": 0, "40 s": 0.5, "100 s": 1}},
    ):
        one = Distribution.model_validate(said)
        assert law(times(one, 1.1)).inverse(number) == pytest.approx(1.1 * law(one).inverse(number), rel=1e-5)


def test_samples_are_scaled_one_by_one() -> None:
    """Two distributions of one file that differ in their factor are two laws."""
    one = Distribution.model_construct({"distribution", "file"}, distribution="samples", file="x.csv")
    one._samples_ms = (10_000, 20_000)
    longer = times(one, 1.5)
    assert longer.samples_ms == (15_000, 30_000)
    assert (law(one).mean, law(longer).mean) == (15_000, 22_500)
