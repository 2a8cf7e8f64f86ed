"""Mean stays by hand."""

from __future__ import annotations

import pytest

from tests.truth.exact.network import Station, visits


def test_without_returns_the_shares_multiply() -> None:
    """Half go from the first to the second, a fifth from the first and a tenth of the second to the third."""
    stations = [Station(1, 1.0, {1: 0.5, 2: 0.2}), Station(1, 1.0, {2: 0.1}), Station(1, 1.0, {})]
    assert visits(stations, returns=1) == pytest.approx([1, 0.5, 0.25])


def test_one_return_by_hand() -> None:
    """Half go up; a quarter of them comes back once and half of that goes up again, where nothing is sent back now."""
    stations = [Station(1, 1.0, {1: 0.5}), Station(1, 1.0, {}, sends_back=0.25)]
    assert visits(stations, returns=1) == pytest.approx([1 + 0.125, 0.5 + 0.0625])


def test_endless_returns_solve_the_traffic_equations() -> None:
    """λ₁ = 1 + λ₂ / 4 and λ₂ = λ₁ / 2."""
    stations = [Station(1, 1.0, {1: 0.5}), Station(1, 1.0, {}, sends_back=0.25)]
    assert visits(stations, returns=40) == pytest.approx([8 / 7, 4 / 7], rel=1e-12)


def test_what_may_not_be_sent_back_any_more_goes_up_in_proportion() -> None:
    """All go to the second: half back, a quarter up, a quarter done. The second time half go up and half are done."""
    stations = [Station(1, 1.0, {1: 1.0}), Station(1, 1.0, {2: 0.25}, sends_back=0.5), Station(1, 1.0, {})]
    assert visits(stations, returns=1) == pytest.approx([1.5, 1.5, 0.25 + 0.5 * 0.5])
