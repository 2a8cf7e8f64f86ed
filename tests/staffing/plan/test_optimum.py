"""Plans against all headcounts there are, on small problems."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
import pytest

import sim
from sim.scenario.schema import Scenario
from sim.staffing.plan.bounds import Found
from sim.staffing.plan.playing import Stage
from sim.staffing.plan.schedules import Headcounts, Schedules
from tests.staffing.plan.problems import PROBLEMS

FIRST = 9_000_000
LOOKS = (50, 150, 500, 2_000)
"""Fresh hands, common to all headcounts: 2,000, unless a target is missed by five standard errors before."""
HOPELESS = 5.0


@dataclass(frozen=True)
class Optimum:
    """The least objective of all headcounts that keep the targets by their means over 2,000 fresh hands."""

    objective: float
    headcounts: Headcounts
    judged: int
    """Headcounts that were judged."""


def optimum(scenario: Scenario) -> Optimum:
    """Look through all headcounts, the cheapest first; of those that are nowhere above a hopeless one no more."""
    schedules = Schedules(scenario)
    stage = Stage(schedules, 1, "compiled")
    hopeless: list[np.ndarray] = []
    judged = 0
    for headcounts in sorted(product(*(range(number + 1) for number in schedules.present)), key=schedules.objective):
        if any((np.array(headcounts) <= worse).all() for worse in hopeless):
            continue
        judged += 1
        found = next(_judged(stage, headcounts))
        if found.replications == LOOKS[-1] and found.holds():
            return Optimum(schedules.objective(headcounts), headcounts, judged)
        if found.replications < LOOKS[-1]:
            hopeless.append(np.array(headcounts))
    raise AssertionError("today's headcounts keep the targets")


def _judged(stage: Stage, headcounts: Headcounts) -> Iterator[Found]:
    tops, bottoms = stage.play(headcounts, range(FIRST, FIRST + LOOKS[0]))
    for before, look in pairwise(LOOKS):
        found = Found(stage.promises, tops, bottoms)
        if (found.slack < -HOPELESS * np.maximum(found.error, 1e-4)).any():
            yield found
        more = stage.play(headcounts, range(FIRST + before, FIRST + look))
        tops, bottoms = np.concatenate([tops, more[0]]), np.concatenate([bottoms, more[1]])
    yield Found(stage.promises, tops, bottoms)


@pytest.mark.slow
@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)
def test_the_plan_costs_what_the_best_of_all_headcounts_does(problem: Callable[[], Scenario]) -> None:
    """It is verified, it costs the same, and the lower bound is not above it."""
    scenario = problem()
    plan, best = sim.plan(scenario), optimum(scenario)
    assert plan.verified
    assert plan.objective == pytest.approx(best.objective), (plan.headcounts, best)
    assert plan.bound is None or plan.bound <= best.objective + 1e-6
