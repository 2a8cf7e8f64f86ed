"""Intervals that cover what they say: against hand-worked values, exact distributions and synthetic data."""

from math import isnan, nan, sqrt

import numpy as np
import pytest

from sim.experiment.statistics import (
    LOOKS,
    SPENT,
    Estimate,
    MomentSums,
    exact_share,
    jackknife,
    level_after_looks,
    mean,
    precise,
    ratio,
    ratio_of_moments,
    t_quantile,
)


def test_a_mean_has_students_interval() -> None:
    """1, 2, 3: mean 2, standard error 1/√3, t(0.975; 2) = 4.302653."""
    found = mean([1, 2, 3])
    assert found.estimate == 2
    assert found.half_width == pytest.approx(4.302653 / sqrt(3), rel=1e-6)


def test_a_ratio_is_sum_over_sum_not_the_mean_of_ratios() -> None:
    assert ratio([1, 9], [10, 10]).estimate == 0.5
    assert ratio([1, 0], [1, 99]).estimate == 0.01


def test_a_ratios_interval_is_by_the_delta_method() -> None:
    """Residuals 3 − 0.5·4 = 1 and 1 − 0.5·4 = −1: s² = 2, standard error √(2/2)/4 = 0.25, t(0.975; 1) = 12.7062."""
    found = ratio([3, 1], [4, 4])
    assert found.half_width == pytest.approx(12.7062 * 0.25, rel=1e-5)


def test_a_ratio_to_a_constant_is_the_scaled_mean() -> None:
    assert ratio([4, 6, 11], [2, 2, 2]).half_width == pytest.approx(mean([2, 3, 5.5]).half_width)


def test_moments_give_the_same_interval_as_the_replications() -> None:
    rng = np.random.default_rng(3)
    bottoms = rng.integers(50, 150, 40)
    tops = rng.binomial(bottoms, 0.8)
    sums = MomentSums(
        40, tops.sum(), bottoms.sum(), (tops * tops).sum(), (tops * bottoms).sum(), (bottoms * bottoms).sum()
    )
    one, other = ratio(tops.tolist(), bottoms.tolist(), share=True), ratio_of_moments(sums, share=True)
    assert (other.estimate, other.low, other.high) == pytest.approx((one.estimate, one.low, one.high), rel=1e-9)


def test_one_replication_has_no_interval() -> None:
    found = ratio([3], [4])
    assert found.estimate == 0.75
    assert isnan(found.half_width)


def test_without_anything_to_judge_there_is_no_estimate() -> None:
    assert isnan(ratio([0, 0], [0, 0]).estimate)
    assert isnan(ratio_of_moments(MomentSums(2, 0, 0, 0, 0, 0)).estimate)


def test_a_share_of_exactly_one_gets_its_exact_binomial_bound() -> None:
    """All of 10 + 20 kept: the lower bound p solves p^30 = 2.5 %."""
    found = ratio([10, 20], [10, 20], share=True)
    assert (found.estimate, found.high) == (1, 1)
    assert found.low**30 == pytest.approx(0.025)
    none = ratio([0, 0], [10, 20], share=True)
    assert (1 - none.high) ** 30 == pytest.approx(0.025)
    assert none.low == 0


def test_an_exact_share_of_one_replication_is_bounded_too() -> None:
    assert exact_share(0.0, 100, 1, 0.95).high == pytest.approx(0.0362, abs=1e-4)


def test_a_shares_interval_stays_within_0_and_1() -> None:
    found = ratio([10, 9, 10], [10, 10, 10], share=True)
    assert found.high == 1.0


def test_order_of_replications_does_not_change_a_digit() -> None:
    values = [0.1 * value for value in range(1000)]
    assert mean(values).estimate == mean(values[::-1]).estimate


def test_the_jackknife_of_a_mean_is_students_interval() -> None:
    """Leaving out one of n values of a mean gives back the ordinary standard error, exactly."""
    values = [3.0, 5.0, 10.0, 6.0]
    without = [(sum(values) - value) / 3 for value in values]
    assert jackknife(6.0, without).half_width == pytest.approx(mean(values).half_width)


def test_the_jackknife_has_no_interval_from_one_block_or_from_nothing() -> None:
    assert isnan(jackknife(1.0, [nan]).half_width)
    assert isnan(jackknife(nan, [1.0, 2.0]).estimate)


def test_students_quantile_is_the_tables() -> None:
    assert t_quantile(0.95, 29) == pytest.approx(2.0452, abs=1e-4)


def test_ratio_intervals_of_skewed_counts_cover_the_truth() -> None:
    """30 replications of clustered binomials (beta 4, 1: mean 0.8): 95 % intervals cover 0.8 in 91 % to 98 %."""
    rng = np.random.default_rng(11)
    covered = 0
    for _ in range(600):
        bottoms = rng.poisson(100, 30)
        tops = rng.binomial(bottoms, rng.beta(40, 10, 30))
        found = ratio(tops.tolist(), bottoms.tolist(), share=True)
        covered += found.low <= 0.8 <= found.high
    assert 0.91 <= covered / 600 <= 0.98


def coverage_of_auto(needed: int, level: float) -> float:
    """Simulate normal replications until an interval is as short as `needed` replications would truly make it at 95 %.

    Sums over the replications between two looks are drawn at once: their sum is normal, their squares about it chi².
    """
    rng = np.random.default_rng(needed)
    runs, done = 400_000, 0
    total, squares = np.zeros(runs), np.zeros(runs)
    stopped, covered = np.zeros(runs, bool), np.zeros(runs, bool)
    for look in LOOKS:
        more = look - done
        sums = rng.standard_normal(runs) * sqrt(more)
        squares += sums**2 / more + rng.chisquare(more - 1, runs)
        total += sums
        done = look
        centre = total / look
        half = t_quantile(level, look - 1) * np.sqrt((squares - look * centre**2) / (look - 1) / look)
        now = ~stopped & ((half <= 1.96 / sqrt(needed)) | (look == LOOKS[-1]))
        covered |= now & (abs(centre) <= half)
        stopped |= now
    return float(covered.mean())


NEEDED = (20, 26, 30, 35, 45, 60, 75, 110, 180, 280, 450, 650, 950)
STANDARD_ERROR = sqrt(0.95 * 0.05 / 400_000)


@pytest.mark.parametrize("needed", NEEDED)
def test_intervals_cover_although_looking_ended_the_run(needed: int) -> None:
    assert coverage_of_auto(needed, level_after_looks(0.95)) >= 0.95 - 3 * STANDARD_ERROR


def test_intervals_that_spend_all_of_the_error_do_not_cover() -> None:
    assert min(coverage_of_auto(needed, 0.95) for needed in (26, 35, 45)) < 0.95 - 6 * STANDARD_ERROR


def test_the_level_spends_less_than_the_error_it_is_given() -> None:
    assert level_after_looks(0.95) == pytest.approx(1 - SPENT * 0.05)


def test_enough_is_a_point_of_a_share_or_5_percent() -> None:
    def around(point: float, half: float) -> Estimate:
        return Estimate(point, point - half, point + half, 30)

    assert precise(around(0.05, 0.0099), share=True)
    assert not precise(around(0.05, 0.0101), share=True)
    assert precise(around(0.8, 0.0399), share=True)
    assert not precise(around(0.8, 0.041), share=True)
    assert precise(around(10, 0.499), share=False)
    assert not precise(around(0.05, 0.01), share=False)


def test_a_figure_that_nothing_tells_needs_no_more_replications_one_without_interval_does() -> None:
    assert precise(Estimate(nan, nan, nan, 30), share=True)
    assert not precise(Estimate(0.5, nan, nan, 1), share=True)
