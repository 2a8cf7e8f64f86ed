"""The error of a check is spent over its looks, and a verdict stands once it is found."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.check.course import Course, Decided, Looks
from sim.experiment.judge import side
from sim.experiment.statistics import MomentSums, ratio_of_moments
from tests.experiment.desks import random_hours

Floats = NDArray[np.float64]

STATED = 0.025
"""Of the error of 5 %, the half that calls a kept bound broken."""


@dataclass(frozen=True)
class Side:
    """A verdict alone."""

    verdict: str


def test_looks_are_the_written_ones_and_the_limit() -> None:
    assert Looks.up_to(1000).at == (30, 50, 80, 120, 200, 300, 500, 700, 1000)
    assert Looks.up_to(100).at == (30, 50, 80, 100)
    assert Looks.up_to(10).at == (10,)


def test_the_error_is_shared_out_over_the_looks() -> None:
    """Four looks take 1.25 % each of the 5 %; a single one takes all of it."""
    assert Looks.up_to(100).level == pytest.approx(0.9875)
    assert Looks((40,)).level == 0.95


def test_the_first_decisive_verdict_stands() -> None:
    course: Course[Side] = Course()
    for replications, found in ((30, "undecided pass"), (50, "fail fail"), (80, "pass undecided")):
        course.look(replications, [Side(verdict) for verdict in found.split()])
    assert [(one.found.verdict, one.replications) for one in course.decisions] == [("fail", 50), ("pass", 30)]
    assert course.open == 0


def test_a_run_ends_when_every_target_is_decided() -> None:
    """Far from their bounds two targets are decided at the first look; one that nothing can move goes to the limit."""
    result = Decided(random_hours('"abandonment <= 90 %"', '"offered >= 10"'), Looks.up_to(1000)).run()
    assert (result.replications, result.ended) == (30, "decided after 30 replications: 2 of 2 targets decided")
    result = Decided(random_hours('"offered >= 10"', '"retry.abandonment <= 50 %"'), Looks.up_to(60)).run()
    assert (result.replications, result.ended) == (60, "limit of 60 replications: 1 of 2 targets decided")


def test_a_baseline_takes_its_replications_whatever_is_decided() -> None:
    rule = Decided(random_hours('"offered >= 10"'), Looks.up_to(1000), at_least=37)
    assert rule.run().replications == 37
    assert rule.course.decisions[0].replications == 30


def verdict_of(values: Floats, bound: float, looks: Looks, level: float) -> str:
    """Give the verdict on the mean of replication values, of shape (replications,), being at least a bound."""
    course: Course[Side] = Course()
    first, second = np.cumsum(values), np.cumsum(values**2)
    for look in looks.at:
        top = float(first[look - 1])
        sums = MomentSums(look, top, look, float(second[look - 1]), top, look)
        course.look(look, [Side(side(ratio_of_moments(sums, level), bound, at_least=True))])
        if not course.open:
            break
    return course.decisions[0].found.verdict


def drawn(number: int) -> Floats:
    """Give replication values with mean 0.8: skewed, as service levels of single days are. Shape (runs, limit)."""
    return np.random.default_rng(6).beta(8, 2, (number, 1000))


@pytest.mark.slow
@pytest.mark.parametrize("errors_away", [0, 1, 2])
def test_wrong_verdicts_are_no_more_than_stated(errors_away: int) -> None:
    """A bound so many standard errors (at the limit) below or above the truth; at the truth only `fail` is wrong."""
    looks, values = Looks.up_to(1000), drawn(2000)
    error = np.sqrt(8 * 2 / (10**2 * 11) / 1000)
    kept = [verdict_of(one, 0.8 - errors_away * error, looks, looks.level) for one in values]
    assert kept.count("fail") / len(kept) <= STATED
    if errors_away:
        broken = [verdict_of(one, 0.8 + errors_away * error, looks, looks.level) for one in values]
        assert broken.count("pass") / len(broken) <= STATED
        assert kept.count("pass") / len(kept) > 0.03 * errors_away, "and it is no coward"


@pytest.mark.slow
def test_naive_looks_at_95_percent_are_wrong_more_often_than_stated() -> None:
    """The same looks, each with the whole error, call a bound that is exactly kept broken far too often."""
    found = [verdict_of(one, 0.8, Looks.up_to(1000), 0.95) for one in drawn(2000)]
    assert found.count("fail") / len(found) > 2 * STATED
