"""The candidates of a search: which is the best when more is asked of them, or less."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from sim.staffing.plan.bounds import Asked
from sim.staffing.plan.candidates import Candidates
from sim.staffing.plan.evaluation import SEARCH, Block, Evaluator, Sizes
from sim.staffing.plan.journal import Journal
from sim.staffing.plan.playing import Players
from sim.staffing.plan.schedules import Schedules
from tests.staffing.plan.desk import SERVICE, morning


def looked_at(targets: str, sizes: Sizes) -> Iterator[Candidates]:
    """Give four schedules that were looked at, from today's down to one that is far too small."""
    scenario = morning(targets)
    schedules = Schedules(scenario)
    with Players(schedules, 1, 1, "compiled") as players, closing(Journal(None, schedules, 1)) as journal:
        candidates = Candidates(
            schedules,
            Evaluator(players, journal, players.stage.promises),
            Block.of(SEARCH, sizes.search),
            Asked(0.75, sizes.confirmation, sizes.search),
            lambda _step: None,
        )
        for headcounts in ((4, 4, 2), (4, 3, 0), (3, 2, 1), (1, 1, 0)):
            candidates.holds_whole(headcounts)
            candidates.holds(headcounts)
        yield candidates


@pytest.fixture
def candidates(short_blocks: Sizes) -> Iterator[Candidates]:
    """Give those of a promise that can be kept."""
    yield from looked_at(SERVICE, short_blocks)


def test_asked_for_more_and_more_it_falls_back_on_what_held(candidates: Candidates) -> None:
    """Asked for more than each of them has, the next dearer ones are the best in turn."""
    held = sorted((one for one, seen in candidates.seen.items() if seen.holds), key=candidates.objective)
    assert candidates.best == held[0]
    assert len(held) > 1
    asked = candidates.asked
    for cheaper, dearer in pairwise(held):
        candidates.ask(
            replace(asked, extra=candidates.asked.extra + np.maximum(candidates.seen[cheaper].room, 0) + 1e-3)
        )
        assert candidates.best == dearer


def test_eased_to_what_one_schedule_reaches_it_takes_what_comes_near(candidates: Candidates) -> None:
    """With thirty points more none of the four holds; eased to the largest, that holds, and two people alone do not."""
    candidates.ask(replace(candidates.asked, extra=0.3))
    assert candidates.best is None
    candidates.ease((4, 4, 2))
    assert candidates.best is not None
    assert candidates.seen[4, 4, 2].holds or candidates.objective(candidates.best) < candidates.objective((4, 4, 2))
    assert not candidates.holds((1, 1, 0))


def test_fewer_people_elsewhere_do_not_tell_that_fewer_help(candidates: Candidates) -> None:
    """Nine people who come at eight wait less than ten of whom none does: that is no reason to send somebody home."""
    misplaced, placed = (0, 6, 4), (5, 4, 0)
    gained = candidates.gains(misplaced, [placed])[placed]
    assert (gained > 0).all()
    assert not candidates.fewer_help.any()
    assert not candidates.holds(misplaced)
    assert not candidates.too_many(misplaced)


def test_people_are_too_many_if_without_a_tenth_of_them_a_missed_limit_is_less_missed(short_blocks: Sizes) -> None:
    """At 2.40 EUR a call thirty people cost too much; two cost little, but miss the service level."""
    for candidates in looked_at(f"{SERVICE}, {{measure: cost_per_resolved, at_most: 2.4}}", short_blocks):
        assert not candidates.holds((10, 10, 10))
        assert not candidates.holds((1, 1, 0))
        assert not candidates.too_many((1, 1, 0))
        assert candidates.too_many((10, 10, 10))
