"""The two engines agree on every field of every Outcome."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from pathlib import Path

import pytest

from sim.demand.deal import deal
from sim.engine.compile import compile_program
from sim.engine.compiled.known import unknown_columns
from sim.engine.reference import play
from sim.scenario.load import load
from tests.laws.scenarios import random_loaded
from tests.twins.equality import difference, engines_differ

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
QUICK = {"call_centre", "tiny"}
"""Shipped scenarios of which the reference engine plays a replication within a second."""

RANDOM, MANY, MORE = 80, 2000, int(os.environ.get("MADOGUCHI_TWINS", "0"))
"""How many random scenarios are played: by default, in the slow test, and on top of those if the environment asks."""


def test_the_compiled_engine_knows_every_column() -> None:
    """A column that a rule of the reference engine may read or write is known to the compiled one too."""
    assert unknown_columns() == ()


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.stem, marks=[pytest.mark.slow] * (path.stem not in QUICK)) for path in SHIPPED]
)
def test_engines_agree_on_shipped_scenarios(path: Path) -> None:
    """Five replications; of what takes many seconds, one."""
    scenario = load(path)
    for replication in range(1 if path.stem == "quarter" else 5):
        assert engines_differ(scenario, 1, replication) is None


def test_engines_agree_on_random_scenarios() -> None:
    """A random scenario over the whole language is played alike."""
    _agree(range(RANDOM))


@pytest.mark.slow
def test_engines_agree_on_two_thousand_random_scenarios() -> None:
    """The same, at many more seeds."""
    _agree(range(RANDOM, MANY + MORE))


def _agree(seeds: range) -> None:
    for seed in seeds:
        found = engines_differ(random_loaded(random.Random(seed)))
        assert found is None, f"seed {seed}: {found}"


def test_a_difference_is_found_and_named() -> None:
    """One changed number in one column is found, and said with its row."""
    scenario = random_loaded(random.Random(1))
    outcome = play(compile_program(scenario), deal(scenario, 1, 0))
    assert difference(outcome, outcome) is None
    talk_end = outcome.legs.talk_end.copy()
    talk_end[3] += 1
    other = replace(outcome, legs=replace(outcome.legs, talk_end=talk_end))
    assert str(difference(outcome, other)).startswith(f"legs.talk_end[3] of 1: {talk_end[3] - 1} and {talk_end[3]}\n")
