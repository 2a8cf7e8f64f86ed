"""M(t)/G/∞ by hand."""

from __future__ import annotations

import math

import pytest
from scipy import integrate, stats

from tests.truth.exact.ample_staff import exponential, in_hand, lognormal


def test_a_constant_rate_fills_up_exponentially() -> None:
    """3 an hour for half an hour each: 1.5 (1 − e^(−2t)), in the mean over an hour 1.5 (1 − (1 − e^(−2)) / 2)."""
    mean = in_hand([(0.0, 3.0)], exponential(0.5), waiting=0, begin=0.0, end=1.0)
    assert mean == pytest.approx(1.5 * (1 - (1 - math.exp(-2)) / 2), rel=1e-12)


def test_what_waited_at_first_dies_out() -> None:
    """Ten of mean 1: 10 (1 − e^(−1)) over the first unit."""
    mean = in_hand([(0.0, 0.0)], exponential(1.0), waiting=10, begin=0.0, end=1.0)
    assert mean == pytest.approx(10 * (1 - math.exp(-1)), rel=1e-12)


def test_a_rate_that_stops_leaves_what_is_still_in_hand() -> None:
    """1 an hour until 2, mean 1: at t ≥ 2 it is e^−(t − 2) − e^(−t), integrated from 2 to 3."""
    mean = in_hand([(0.0, 1.0), (2.0, 0.0)], exponential(1.0), waiting=0, begin=2.0, end=3.0)
    assert mean == pytest.approx((1 - math.exp(-1)) * (1 - math.exp(-2)), rel=1e-12)


@pytest.mark.parametrize("x", [0.2, 1.0, 7.0])
def test_the_partial_mean_of_a_lognormal_is_the_integral_of_its_survival_function(x: float) -> None:
    """Of mean 2 and cv 1.2."""
    sigma = math.sqrt(math.log1p(1.2**2))
    law = stats.lognorm(sigma, scale=2 * math.exp(-(sigma**2) / 2))
    assert lognormal(2.0, 1.2)(x) == pytest.approx(integrate.quad(law.sf, 0, x)[0], rel=1e-9)
