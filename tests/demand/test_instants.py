"""Instants of a rate made of straight lines: level ones by a way of their own."""

from dataclasses import replace

import numpy as np

from sim.demand.columns import STRETCH
from sim.demand.instants import RateLines
from sim.demand.streams import Streams


def test_level_rates_give_what_the_formula_of_all_lines_gives() -> None:
    """To the last bit, whatever else a rate is: what is worked out once for a piece is what its instants had."""
    start = np.arange(0, 50_000_000, 3_600_000)
    rate = 3e-3 * np.linspace(0, 1, start.size) ** 1.7
    level = RateLines.between(start, start + 3_600_000, rate, rate)
    factor = np.linspace(0.3, 1.9, start.size)
    bounds, at = level.instants(Streams(1, 0).named("a"), factor)
    of_all_lines = replace(level, root=None)
    assert level.root is not None
    assert [one.tolist() for one in of_all_lines.instants(Streams(1, 0).named("a"), factor)] == [
        bounds.tolist(),
        at.tolist(),
    ]
    assert at.size > STRETCH
    assert np.all(np.diff(at) >= 0)


def test_a_rate_that_rises_is_no_level_one() -> None:
    """One steep piece is enough: its instants crowd towards its end."""
    start = np.array([0, 1_000_000])
    rising = RateLines.between(start, start + 1_000_000, np.array([1e-2, 0.0]), np.array([1e-2, 2e-2]))
    assert rising.root is None
    bounds, at = rising.instants(Streams(1, 0).named("a"), np.ones(2))
    late = np.mean(at[bounds[1] :] >= 1_500_000)
    assert abs(late - 0.75) < 4 * np.sqrt(0.75 * 0.25 / (bounds[2] - bounds[1]))
