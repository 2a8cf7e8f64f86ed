"""Random scenarios obey the laws of the model."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim import Scenario
from sim.demand.deal import deal
from sim.engine.compile import compile_program
from sim.engine.compiled.play import play
from tests.laws.laws import LAWS, Play
from tests.laws.scenarios import random_loaded


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_random_scenarios_obey_every_law(r: random.Random) -> None:
    """Every law holds for what the engine makes of a random scenario."""
    _hold_every_law(random_loaded(r))


@pytest.mark.slow
def test_three_hundred_more_obey_them() -> None:
    """The same, at plain seeds."""
    for seed in range(300):
        _hold_every_law(random_loaded(random.Random(seed)))


def _hold_every_law(scenario: Scenario) -> None:
    program, hand = compile_program(scenario), deal(scenario, seed=1, replication=0)
    played = Play(program, hand, play(program, hand))
    for law in LAWS:
        law(played)
