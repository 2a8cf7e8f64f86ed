"""Random scenarios obey the laws of the model."""

import random

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.demand.deal import deal
from sim.engine.compile import compile_program
from sim.engine.reference import play
from sim.scenario.load import loads
from tests.laws.laws import LAWS, Play
from tests.laws.scenarios import random_scenario


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_random_scenarios_obey_every_law(r: random.Random) -> None:
    """Every law holds for what the engine makes of a random scenario."""
    scenario = loads(yaml.safe_dump(random_scenario(r), sort_keys=False))
    program, hand = compile_program(scenario), deal(scenario, seed=1, replication=0)
    played = Play(program, hand, play(program, hand))
    for law in LAWS:
        law(played)
