"""The two engines agree on every field of every Outcome."""

from __future__ import annotations

import json
import os
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.demand.deal import deal
from sim.engine.compile import compile_program
from sim.engine.compiled.known import unknown_columns
from sim.engine.reference import play
from sim.scenario.load import load, loads
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


@pytest.mark.parametrize("seed", [0, 1])
def test_engines_agree_on_desks_of_many_groups_and_queues(seed: int) -> None:
    """More of both than fit into a word of flags: 45 types by two channels, 45 groups that prefer some of them."""
    assert engines_differ(loads(json.dumps(_many(random.Random(seed))))) is None


def _many(r: random.Random) -> dict[str, Any]:
    """Return a desk of 45 people, each in a group of one, who are as busy as they can be."""
    types = [f"type_{number:02d}" for number in range(45)]
    talk = {"distribution": "exponential", "mean": "5 min"}
    rates = {"phone": {"rate": "8 per hour"}, "email": {"rate": "4 per hour"}}
    groups: dict[str, Any] = {}
    for number, name in enumerate(types):
        own: dict[str, Any] = {"contact_types": [name, *r.sample(types, r.randint(0, 4))]}
        others: dict[str, Any] = {"channels": r.sample(["phone", "email"], r.randint(1, 2))}
        if r.random() < 0.3:
            others["after"] = "30 s"
        if r.random() < 0.3:
            others["interruptible"] = True
        groups[f"group_{number:02d}"] = {"tier": "desk", "headcount": 1, "serves": [own, others]}
        if r.random() < 0.2:
            groups[f"group_{number:02d}"]["slots"] = {"email": {"limit": 2}}
    return {
        "format": 1,
        "name": "many",
        "time": {"start": "2026-04-06", "length": "3 h"},
        "channels": {"phone": {"patience": talk}, "email": {"waiting": "backlog"}},
        "contact_types": {
            name: {"arrivals": rates, "handling": {"desk": {"handle_time": talk}}, "priority": r.randint(4, 5)}
            for name in types
        },
        "tiers": {"desk": {}},
        "agent_groups": groups,
    }


def test_a_difference_is_found_and_named() -> None:
    """One changed number in one column is found, and said with its row."""
    scenario = random_loaded(random.Random(1))
    outcome = play(compile_program(scenario), deal(scenario, 1, 0))
    assert difference(outcome, outcome) is None
    talk_end = outcome.legs.talk_end.copy()
    talk_end[3] += 1
    other = replace(outcome, legs=replace(outcome.legs, talk_end=talk_end))
    assert str(difference(outcome, other)).startswith(f"legs.talk_end[3] of 1: {talk_end[3] - 1} and {talk_end[3]}\n")
