"""Figures in sentences are never written with exponents."""

import pytest

from sim.experiment.figures import write_amount, write_figure


@pytest.mark.parametrize(
    ("amount", "written"),
    [(46_685_600.0, "46,685,600"), (18_440.5, "18,440.5"), (200 / 3, "66.67"), (0.0, "0"), (-1_234.567, "-1,234.57")],
)
def test_an_amount_is_written_to_the_hundredth(amount: float, written: str) -> None:
    assert write_amount(amount) == written


@pytest.mark.parametrize(
    ("value", "written"), [(46_685_600.0, "46,690,000"), (22_296.0, "22,300"), (0.0123456, "0.01235"), (4.5, "4.5")]
)
def test_a_figure_is_written_to_four_digits(value: float, written: str) -> None:
    assert write_figure(value) == written
