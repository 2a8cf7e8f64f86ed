"""How often a check is wrong about a desk whose truth is known from many other replications."""

from collections.abc import Sequence
from math import sqrt
from pathlib import Path

import pytest
from scipy.stats import binom

import sim
from sim.scenario.schema import Scenario

CALL_CENTRE = Path(__file__).parents[2] / "scenarios" / "call_centre.yaml"
SEEDS, LIMIT = 100, 50
"""A check for each seed, looking after 30 and 50 replications."""
KNOWN_FROM = 1_500
"""Replications of another seed: their error is a sixth of that of a check at its limit."""
STATED = 0.025
MOST_WRONG = int(binom.isf(0.001, SEEDS, STATED))
"""Of so many seeds; a procedure that is wrong as often as stated is wrong more often than this once in a thousand."""


def monday(*bounds: float) -> Scenario:
    """Give the first day of the call centre, whose service level is held against bounds."""
    targets = [{"measure": "service_level", "channel": "phone", "within": "20 s", "at_least": one} for one in bounds]
    changes = {"time.length": "1 day", "agent_groups.agents.shifts.saturday": None, "plan": None, "targets": targets}
    return sim.load(CALL_CENTRE, changes)


def verdicts(bounds: Sequence[float]) -> dict[float, list[str]]:
    """Check the day with every seed, and give what was found of each bound."""
    day = monday(*bounds)
    found = [[one.verdict for one in sim.check(day, seed=seed, max_replications=LIMIT)] for seed in range(SEEDS)]
    return dict(zip(bounds, map(list, zip(*found, strict=True)), strict=True))


@pytest.mark.slow
def test_a_real_desk_is_judged_wrongly_no_more_often_than_stated() -> None:
    """Bounds 0, 1 and 2 standard errors (at the limit) from the truth, on either side; looks in between included."""
    many = sim.run(monday(0.5), replications=KNOWN_FROM, seed=SEEDS + 1)
    (truth,) = many.measure("service_level", channel="phone", within="20 s").to_dict("records")
    error = truth["half_width"] / 1.96 * sqrt(KNOWN_FROM / LIMIT)
    kept = {away: truth["estimate"] - away * error for away in (0, 1, 2)}
    broken = {away: truth["estimate"] + away * error for away in (1, 2)}
    found = verdicts([*kept.values(), *broken.values()])
    wrong = {-away: found[bound].count("fail") for away, bound in kept.items()}
    wrong |= {away: found[bound].count("pass") for away, bound in broken.items()}
    assert max(wrong.values()) <= MOST_WRONG, wrong
    assert found[kept[0]].count("undecided") > 0.8 * SEEDS, "more replications will not tell what is at its bound"
    assert found[kept[2]].count("pass") > 0.2 * SEEDS, "and it is no coward"
    assert found[broken[2]].count("fail") > 0.2 * SEEDS
