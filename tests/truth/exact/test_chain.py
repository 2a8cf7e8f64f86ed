"""The chain solvers on chains whose laws are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import linalg, sparse

from tests.truth.exact.chain import advance, mean, stationary


def single_server(room: int) -> dict[int, float]:
    """M/M/1 at load 1/2, cut at `room`."""
    return stationary(
        0,
        lambda present: [(present + 1, 1.0 if present < room else 0.0), (present - 1, 2.0 if present else 0.0)],
        cut=lambda present: present == room,
    )


def test_the_single_server_queue_is_geometric() -> None:
    """P(k) = 2^−(k+1) at load 1/2, and the mean is 1."""
    law = single_server(60)
    assert [law[k] for k in range(5)] == pytest.approx([1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32], rel=1e-13)
    assert mean(law, float) == pytest.approx(1, rel=1e-12)


def test_a_chain_cut_too_soon_is_refused() -> None:
    """Twenty places hold all but half a millionth of that law."""
    with pytest.raises(ValueError, match=r"still holds 4\.8e-07; give it more room"):
        single_server(20)


def test_two_states_relax_exponentially() -> None:
    """Rates 2 and 3: from the first state, P(first at t) = 3/5 + 2/5 e^(−5t)."""
    forward = sparse.csr_array(np.array([[-2.0, 3.0], [2.0, -3.0]]))
    for duration in (0.0, 0.01, 0.3, 4.0):
        law = advance(forward, np.array([1.0, 0.0]), duration, fastest=3.0)
        assert law[0] == pytest.approx(0.6 + 0.4 * math.exp(-5 * duration), abs=1e-14)


def test_advance_is_the_matrix_exponential_of_several_columns() -> None:
    """Against scaling and squaring, on a chain of five states and 400 expected jumps."""
    rng = np.random.default_rng(1)
    generator = rng.uniform(0, 20, (5, 5))
    generator -= np.diag(generator.sum(axis=1))
    values = rng.normal(size=(5, 2))
    fastest = -generator.diagonal().min()
    got = advance(sparse.csr_array(generator), values, 400 / fastest, fastest)
    assert got == pytest.approx(linalg.expm(generator * 400 / fastest) @ values, abs=1e-12)
