"""Pollaczek–Khinchine by hand."""

from __future__ import annotations

import pytest

from tests.truth.exact.single_server import mean_wait


def test_half_load_by_hand() -> None:
    """At half load exponential work waits as long as it takes, constant work half as long."""
    assert mean_wait(arrivals=0.5, handle_mean=1.0, handle_cv=1.0) == pytest.approx(1.0)
    assert mean_wait(arrivals=0.5, handle_mean=1.0, handle_cv=0.0) == pytest.approx(0.5)
    assert mean_wait(arrivals=0.1, handle_mean=5.0, handle_cv=2.0) == pytest.approx(12.5)


def test_a_full_load_is_refused() -> None:
    """There is no steady state."""
    with pytest.raises(ValueError, match="no rest"):
        mean_wait(arrivals=1.0, handle_mean=1.0, handle_cv=1.0)
