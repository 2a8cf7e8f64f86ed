"""Paired differences: worked by hand."""

from math import isnan, sqrt

import pytest

from sim.experiment.pairs import figure_of_blocks, figure_of_ratio, paired
from sim.experiment.statistics import ratio, t_quantile

ONES = [1, 1, 1]


def test_a_paired_interval_rests_on_the_differences_of_replications() -> None:
    """10, 12, 14 beside 11, 14, 14 err by −2, 0, 2 and −2, 1, 1, so apart by 0, 1, −1.

    Their sum of squares is 2, those apart 8 + 6: unpaired it takes 3 × 14 ÷ 2 = 21 replications.
    """
    base, other = figure_of_ratio([10, 12, 14], ONES, 0.95), figure_of_ratio([11, 14, 14], ONES, 0.95)
    assert base.parts == (-2, 0, 2)
    assert other.parts == (-2, 1, 1)
    found = paired(base, other, 3, 0.95)
    assert found.estimate.estimate == 1
    assert found.estimate.half_width == pytest.approx(t_quantile(0.95, 2) * sqrt(2 / 2 / 3))
    assert found.unpaired == 21
    assert not found.significant
    assert not found.same


def test_a_difference_without_variance_is_significant_and_has_no_unpaired_number() -> None:
    """Always one more: no run apart, however long, has an interval of no length."""
    found = paired(figure_of_ratio([1, 2, 3], ONES, 0.95), figure_of_ratio([2, 3, 4], ONES, 0.95), 3, 0.95)
    assert (found.estimate.low, found.estimate.high, found.unpaired) == (1, 1, None)
    assert found.significant


def test_what_no_replication_tells_apart_is_the_same() -> None:
    """Equal in every replication, not only on average."""
    one = figure_of_ratio([1, 2, 3], ONES, 0.95)
    assert paired(one, figure_of_ratio([1, 2, 3], ONES, 0.95), 3, 0.95).same
    assert not paired(one, figure_of_ratio([3, 2, 1], ONES, 0.95), 3, 0.95).same


def test_the_parts_of_a_ratio_give_its_own_interval() -> None:
    """4 ÷ 6, residuals −1/3 and 1/3 over a mean bottom of 3."""
    figure = figure_of_ratio([1, 3], [2, 4], 0.95)
    assert figure.parts == pytest.approx((-1 / 9, 1 / 9))
    error = sqrt(sum(part * part for part in figure.parts) / 1 / 2)
    assert figure.estimate == ratio([1, 3], [2, 4])
    assert figure.estimate.half_width == pytest.approx(t_quantile(0.95, 1) * error)


def test_blocks_of_a_mean_give_the_parts_of_the_mean() -> None:
    """The mean of 10, 12, 14 is 12, without each of them 13, 12 and 11."""
    assert figure_of_blocks(12, [13, 12, 11], 0.95).parts == (-2, 0, 2)


def test_one_replication_and_figures_of_nothing_have_no_interval() -> None:
    nothing = figure_of_ratio([0, 0], [0, 0], 0.95)
    assert isnan(paired(nothing, figure_of_ratio([1, 2], [1, 1], 0.95), 2, 0.95).estimate.estimate)
    alone = figure_of_ratio([5], [1], 0.95)
    found = paired(alone, figure_of_ratio([7], [1], 0.95), 1, 0.95)
    assert found.estimate.estimate == 2
    assert isnan(found.estimate.low)
    assert not found.significant
