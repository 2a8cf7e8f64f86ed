"""What a check says of what it could not decide."""

from math import nan

import pytest

from sim.check.wording import would_decide
from sim.experiment.statistics import Estimate


def found(estimate: float, half: float) -> Estimate:
    """Give an estimate with an even interval."""
    return Estimate(estimate, estimate - half, estimate + half, 100)


@pytest.mark.parametrize(
    ("judged", "said"),
    [
        ([(found(0.8, 0.1), 0.85)], "about 400 would decide it"),
        ([(found(0.8, 0.1), 0.75)], "about 400 would decide it"),
        ([(found(0.8, 0.1), 0.85), (found(0.8, 0.09), 0.83)], "about 900 would decide it"),
        ([(found(0.8, 0.1), 0.85), (found(0.8, 0.1), 0.95)], "about 400 would decide it"),
        ([(found(0.8, 0.1), 0.9)], "about 110 would decide it"),
        ([(found(0.8, 0.1), 0.801)], "as good as at its bound: give it room, or let it pass"),
        ([(found(0.8, 0.1), 0.8)], "as good as at its bound"),
        ([(found(nan, nan), 0.8)], "more replications will hardly help"),
        ([(found(0.8, nan), 0.8)], "a single replication has no interval"),
    ],
)
def test_what_is_undecided_says_what_would_decide_it(judged: list[tuple[Estimate, float]], said: str) -> None:
    """After 100 replications: half the half-width takes four times as many; what is decided takes no more."""
    assert would_decide(judged, 100).startswith(said)
