"""Plans against all headcounts there are, on small problems."""

from collections.abc import Iterator
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
"""Fresh hands, common to all headcounts: 2,000, unless a target is missed, or all are kept, by five standard errors."""
PLAIN = 5.0


@dataclass(frozen=True)
class Optimum:
    """The least objective of all headcounts that keep the targets by their means over 2,000 fresh hands."""

    objective: float
    headcounts: Headcounts
    judged: int
    """Headcounts that were judged."""


def optimum(scenario: Scenario, planned: Headcounts) -> Optimum:
    """Find the cheapest of all headcounts, beginning with a plan's.

    Everything cheaper than the cheapest so far is looked through, the dearest first, so that whoever has more people on
    every shift comes first. What is nowhere above headcounts that missed a target by five standard errors is not
    judged: nobody is served sooner with fewer people. What is dearer need not be judged.
    """
    judge = _Judge(scenario)
    every = sorted(
        product(*(range(number + 1) for number in judge.schedules.present)), key=judge.schedules.objective, reverse=True
    )
    best = planned if judge.holds(planned) else next(one for one in reversed(every) if judge.holds(one))
    for headcounts in every:
        if judge.schedules.objective(headcounts) < judge.schedules.objective(best) - 1e-6 and judge.holds(headcounts):
            best = headcounts
    return Optimum(judge.schedules.objective(best), best, judge.judged)


class _Judge:
    """Judges headcounts by means over common hands."""

    def __init__(self, scenario: Scenario) -> None:
        self.schedules = Schedules(scenario)
        self._stage = Stage(self.schedules, 1, "compiled")
        self._hopeless: list[np.ndarray] = []
        self.judged = 0

    def holds(self, headcounts: Headcounts) -> bool:
        """Tell whether all targets are kept on 2,000 hands."""
        if any((np.array(headcounts) <= worse).all() for worse in self._hopeless):
            return False
        self.judged += 1
        found = next(_judged(self._stage, headcounts))
        if found.replications < LOOKS[-1] and not found.holds():
            self._hopeless.append(np.array(headcounts))
        return found.holds()


def _judged(stage: Stage, headcounts: Headcounts) -> Iterator[Found]:
    tops, bottoms = stage.play(headcounts, range(FIRST, FIRST + LOOKS[0]))
    for before, look in pairwise(LOOKS):
        found = Found(stage.promises, tops, bottoms)
        error = PLAIN * np.maximum(found.error, 1e-4)
        if (found.slack < -error).any() or (found.slack > error).all():
            yield found
        more = stage.play(headcounts, range(FIRST + before, FIRST + look))
        tops, bottoms = np.concatenate([tops, more[0]]), np.concatenate([bottoms, more[1]])
    yield Found(stage.promises, tops, bottoms)


@pytest.fixture(scope="module")
def dearer() -> list[str]:
    """Problems whose plan costs more than the optimum."""
    return []


@pytest.mark.slow
@pytest.mark.parametrize("name", PROBLEMS)
def test_the_plan_costs_what_the_best_of_all_headcounts_does(name: str, dearer: list[str]) -> None:
    """It is verified and costs the same, but in one problem at most one shift more; the bound is not above it."""
    scenario = PROBLEMS[name]()
    plan = sim.plan(scenario, workers=1)
    best = optimum(scenario, plan.headcounts)
    assert plan.verified
    assert plan.bound is None or plan.bound <= best.objective + 1e-6
    above = plan.objective - best.objective
    assert above > -1e-6, (plan.headcounts, best)
    if above > 1e-6:
        dearer.append(name)
    assert len(dearer) <= 1, (dearer, plan.headcounts, best)
    assert above <= _one_shift(plan.schedules) + 1e-6, (plan.headcounts, best)


def _one_shift(schedules: Schedules) -> float:
    """Give the objective of the dearest shift."""
    one = np.eye(len(schedules.choices), dtype=int)
    return max(schedules.objective(tuple(alone.tolist())) for alone in one)
