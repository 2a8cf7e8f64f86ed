"""The search of a plan: what it does when more is asked of it, or less."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from sim.staffing.plan.bounds import Asked
from sim.staffing.plan.evaluation import SEARCH, Block, Evaluator, Sizes
from sim.staffing.plan.journal import Journal
from sim.staffing.plan.playing import Players
from sim.staffing.plan.schedules import Schedules
from sim.staffing.plan.search import Search
from sim.staffing.solver import Solver
from tests.staffing.plan.desk import SERVICE, morning


def searching(targets: str, sizes: Sizes) -> Iterator[Search]:
    """Give a search that has looked at four schedules, from today's down to one that is far too small."""
    scenario = morning(targets)
    schedules = Schedules(scenario)
    with Players(scenario, schedules, 1, 1, "compiled") as players, Solver() as solver:
        search = Search(
            schedules,
            Evaluator(players, Journal(None, scenario, 1)),
            Block.of(SEARCH, sizes.search),
            asked=Asked(0.75, sizes.confirmation, sizes.search),
            solver=solver,
            solver_s=10,
            tell=lambda _step: None,
        )
        for headcounts in ((4, 4, 2), (4, 3, 0), (3, 2, 1), (1, 1, 0)):
            search.holds_whole(headcounts)
            search.holds(headcounts)
        yield search


@pytest.fixture
def search(short_blocks: Sizes) -> Iterator[Search]:
    """Give a search for a promise that can be kept."""
    yield from searching(SERVICE, short_blocks)


def test_asked_for_more_and_more_a_search_falls_back_on_what_held(search: Search) -> None:
    """Asked for more than each of them has, the next dearer ones are the best in turn."""
    held = sorted((one for one, seen in search.seen.items() if seen.holds), key=search.objective)
    assert search.best == held[0]
    assert len(held) > 1
    asked = search.asked
    for cheaper, dearer in pairwise(held):
        search.ask(replace(asked, extra=search.asked.extra + np.maximum(search.seen[cheaper].room, 0) + 1e-3))
        assert search.best == dearer


def test_eased_to_what_one_schedule_reaches_a_search_takes_what_comes_near(search: Search) -> None:
    """With thirty points more none of the four holds; eased to the largest, that holds, and two people alone do not."""
    search.ask(replace(search.asked, extra=0.3))
    assert search.best is None
    search.ease((4, 4, 2))
    assert search.best is not None
    assert search.seen[4, 4, 2].holds or search.objective(search.best) < search.objective((4, 4, 2))
    assert not search.holds((1, 1, 0))
