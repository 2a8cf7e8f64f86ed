"""The tagged contact's wait on cases that the hand can follow."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import sparse

from tests.truth.exact.chain import advance
from tests.truth.exact.waiting import Behind


def test_the_first_in_line_races_its_patience_against_the_agents() -> None:
    """Rates 3 (answer) and 1 (patience): answered with 3/4, settled at rate 4, so by half a unit with 1 − e^(−2)."""
    first = Behind(ahead=0, capacity=3.0, leaving=1.0)
    settled = 1 - math.exp(-2)
    assert first.answered == pytest.approx(3 / 4)
    assert first.virtually_within(0.5) == pytest.approx(1 - math.exp(-1.5))
    assert first.answered_within(0.5) == pytest.approx(3 / 4 * settled)
    assert first.abandoned_within(0.5) == pytest.approx(1 / 4 * settled)


def test_endless_patience_gives_the_erlang_law() -> None:
    """Two ahead: three exponentials of rate 2, by time 1: 1 − e^(−2)(1 + 2 + 2)."""
    third = Behind(ahead=2, capacity=2.0, leaving=0.0)
    assert third.answered == 1
    assert third.virtually_within(1.0) == third.answered_within(1.0) == pytest.approx(1 - 5 * math.exp(-2))
    assert third.abandoned_within(1.0) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("limit", [0.05, 0.4, 3.0])
def test_the_beta_forms_equal_the_integrated_chain(limit: float) -> None:
    """Seven ahead, integrated as a chain of those still ahead: answered and abandoned within the limit."""
    ahead, capacity, leaving = 7, 5.0, 1.3
    generator = np.zeros((ahead + 3, ahead + 3))
    for k in range(ahead + 1):
        generator[k, k - 1 if k else ahead + 1] += capacity + (k * leaving if k else 0.0)
        generator[k, ahead + 2] += leaving
        generator[k, k] -= generator[k].sum()
    start = np.zeros(ahead + 3)
    start[ahead] = 1.0
    law = advance(sparse.csr_array(generator.T), start, limit, fastest=capacity + (ahead + 1) * leaving)
    tagged = Behind(ahead, capacity, leaving)
    assert tagged.answered_within(limit) == pytest.approx(law[ahead + 1], abs=1e-13)
    assert tagged.abandoned_within(limit) == pytest.approx(law[ahead + 2], abs=1e-13)
