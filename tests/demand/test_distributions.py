"""Distributions: every law's inverse, tails and means agree with each other and with theory."""

from __future__ import annotations

from math import inf, sqrt

import numpy as np
import pytest
from scipy import optimize, special, stats

from sim.demand.distributions import law, mean_of, whole_ms
from sim.demand.hand import NEVER
from sim.demand.laws import (
    Clipped,
    Constant,
    Gamma,
    Law,
    Lognormal,
    Mixture,
    Piecewise,
    Samples,
    Triangular,
    Weibull,
)
from sim.demand.streams import Streams
from sim.scenario.model.distribution import BOUNDS, Distribution

DESCRIBED = {
    "constant": ({"distribution": "constant", "mean": "40 s"}, 40_000, 0),
    "exponential": ({"distribution": "exponential", "mean": "3 min"}, 180_000, 1),
    "lognormal": ({"distribution": "lognormal", "mean": "6 min", "cv": 0.9}, 360_000, 0.9),
    "gamma": ({"distribution": "gamma", "mean": "2 h", "cv": 0.5}, 7_200_000, 0.5),
    "gamma of a high cv": ({"distribution": "gamma", "mean": "1 min", "cv": 2.5}, 60_000, 2.5),
    "erlang": ({"distribution": "erlang", "mean": "1 min", "phases": 4}, 60_000, 0.5),
    "weibull": ({"distribution": "weibull", "mean": "4 min", "shape": 2}, 240_000, sqrt(4 / np.pi - 1)),
    "hyperexponential": ({"distribution": "hyperexponential", "mean": "5 min", "cv": 3}, 300_000, 3),
    "hyperexponential of cv 1": ({"distribution": "hyperexponential", "mean": "5 min", "cv": 1}, 300_000, 1),
    "uniform": ({"distribution": "uniform", "low": "1 min", "high": "3 min"}, 120_000, 1 / sqrt(12)),
    "triangular": (
        {"distribution": "triangular", "low": "0 s", "mode": "1 min", "high": "2 min"},
        60_000,
        sqrt(1 / 6),
    ),
    "mixture": (
        {
            "mixture": [
                {"weight": "80 %", "distribution": "exponential", "mean": "10 s"},
                {"weight": "20 %", "distribution": "constant", "mean": "110 s"},
            ]
        },
        30_000,
        # E[X²] = 0.8 · 2 · 10² + 0.2 · 110² = 2580 s²
        sqrt(2_580 - 900) / 30,
    ),
    "table": (
        # A tenth at once, then even over 100 s: mean 0.9 · 50 s, E[X²] = 0.9 · 100²/3 = 3000 s².
        {"distribution": "table", "survival": {"0 s": 0.9, "100 s": 0}},
        45_000,
        sqrt(3_000 - 45**2) / 45,
    ),
}
"""Text, mean (ms) and cv by theory."""

LAWS: dict[str, Law] = {
    "constant": Constant(5_000.0),
    "exponential": Weibull(180_000.0, 1.0),
    "weibull": Weibull(240_000.0, 1.4),
    "lognormal": Lognormal(360_000.0, 0.9),
    "gamma": Gamma(60_000.0, 2.5),
    "gamma of a high cv": Gamma(60_000.0, 0.16),
    "triangular": Triangular(1_000.0, 4_000.0, 5_000.0),
    "triangular from its mode": Triangular(1_000.0, 1_000.0, 5_000.0),
    "triangular up to its mode": Triangular(1_000.0, 5_000.0, 5_000.0),
    "piecewise with a gap": Piecewise(np.array([0.0, 1e4, 3e4, 9e4]), np.array([0.1, 0.4, 0.4, 1.0])),
    "samples": Samples(np.array([0.0, 1_000.0, 1_000.0, 7_000.0])),
    "clipped": Clipped(Lognormal(360_000.0, 0.9), 60_000.0, 1_200_000.0),
    "clipped from below": Clipped(Weibull(180_000.0, 1.0), 60_000.0, inf),
    "mixture": Mixture([0.8, 0.2], [Lognormal(960_000.0, 0.9), Lognormal(2_700_000.0, 0.6)]),
    "mixture with a jump and a gap": Mixture(
        [0.3, 0.5, 0.2],
        [Constant(0.0), Piecewise(np.array([1e4, 2e4]), np.array([0.0, 1.0])), Samples(np.array([5e3, 5e4]))],
    ),
    "clipped mixture": Clipped(Mixture([0.5, 0.5], [Constant(1e3), Gamma(6e4, 4.0)]), 2e3, 9e4),
}


@pytest.mark.parametrize(("text", "mean", "cv"), DESCRIBED.values(), ids=DESCRIBED)
def test_dealt_durations_have_the_mean_and_the_cv_that_were_asked(
    text: dict[str, object], mean: float, cv: float
) -> None:
    """The mean and the second moment lie within four standard errors of theory, and `mean_of` is exact."""
    distribution = Distribution.model_validate(text)
    assert mean_of(distribution) == pytest.approx(mean, rel=1e-12)
    n = 200_000
    dealt = law(distribution).inverse(Streams(3, 0).named("distributions").uniform("law", n)) / mean
    squares = dealt**2
    assert abs(dealt.mean() - 1.0) <= 4 * cv / sqrt(n) + 1e-12
    assert abs(squares.mean() - (1.0 + cv**2)) <= 4 * squares.std() / sqrt(n) + 1e-12


@pytest.mark.parametrize("example", LAWS.values(), ids=LAWS)
def test_an_inverse_never_falls(example: Law) -> None:
    """Sorted numbers give sorted durations, out to the least and the greatest number a stream can give."""
    numbers = np.sort(Streams(4, 0).named("distributions").uniform("law", 100_000))
    numbers = np.concatenate([[2.0**-53, 1e-12, 1e-6], numbers, [1 - 1e-6, 1 - 1e-12, 1 - 2.0**-53]])
    numbers.sort()
    durations = example.inverse(numbers)
    assert np.all(np.diff(durations) >= -1e-12 * durations[1:])
    assert durations[0] >= 0.0
    assert np.isfinite(durations[-1])


@pytest.mark.parametrize("example", LAWS.values(), ids=LAWS)
def test_an_inverse_inverts_the_distribution_function(example: Law) -> None:
    """P(X < x) ≤ u ≤ P(X ≤ x) at x = inverse(u), but for the error of the tables."""
    numbers = Streams(5, 0).named("distributions").uniform("law", 10_000)
    durations = example.inverse(numbers)
    slack = 1e-9 + 1e-6 * (durations + example.mean)
    at_most, _ = example.tails(durations + slack)
    _, more_than_just_below = example.tails(durations - slack)
    assert np.all(numbers <= at_most + 1e-12)
    assert np.all(numbers >= 1.0 - more_than_just_below - 1e-12)


@pytest.mark.parametrize("example", LAWS.values(), ids=LAWS)
def test_the_two_tails_add_up_to_one(example: Law) -> None:
    """P(X ≤ x) + P(X > x) = 1 everywhere."""
    below, above = example.tails(np.array([0.0, 1.0, 1e3, 5e3, 1e5, 1e7, inf]))
    assert below + above == pytest.approx(np.ones(7))
    assert above[-1] == 0.0


@pytest.mark.parametrize("limit", [0.0, 4_500.0, 70_000.0, 4e6])
@pytest.mark.parametrize("example", LAWS.values(), ids=LAWS)
def test_a_limited_mean_is_the_integral_of_the_survival_function(example: Law, limit: float) -> None:
    """E[min(X, limit)] = ∫ P(X > x) dx from 0 to the limit, by steps that may miss a jump by half of one."""
    ends = np.linspace(0.0, limit, 20_001)
    middles = (ends[1:] + ends[:-1]) / 2
    integral = example.tails(middles)[1].mean() * limit
    assert example.limited_mean(limit) == pytest.approx(integral, rel=1e-4, abs=limit / 20_000)


@pytest.mark.parametrize("example", LAWS.values(), ids=LAWS)
def test_a_mean_is_the_limit_of_limited_means(example: Law) -> None:
    """A limit that nothing reaches changes nothing."""
    assert example.mean == pytest.approx(example.limited_mean(1e12), rel=1e-9)


@pytest.mark.parametrize("shape", [0.05, 0.16, 1.0, 2.5, 40.0, 10_000.0])
def test_the_gamma_table_keeps_its_stated_error(shape: float) -> None:
    """Every quantile is within 1e-6 × (itself + mean + mean/shape) of SciPy's inverse."""
    numbers = Streams(6, 0).named("distributions").uniform("law", 20_000)
    numbers[:4] = [2.0**-53, 1e-9, 1 - 1e-9, 1 - 2.0**-53]
    mean = 1_000.0
    exact = special.gammaincinv(shape, numbers) * mean / shape
    error = np.abs(Gamma(mean, shape).inverse(numbers) - exact)
    assert np.all(error <= 1e-6 * (exact + mean + mean / shape))


def test_the_mixture_table_keeps_its_stated_error() -> None:
    """Every quantile is within 1e-6 × (itself + the greatest mean of a part) of the root."""
    parts = [Lognormal(960.0, 0.9), Gamma(2_700.0, 0.8), Weibull(30.0, 1.0)]
    weights = [0.7, 0.05, 0.25]
    mixture = Mixture(weights, parts)
    for number in (1e-6, 0.01, 0.2, 0.25, 0.5, 0.9, 0.999, 1 - 1e-6):
        exact = optimize.brentq(
            lambda x, u=number: mixture.tails(np.array([x]))[0][0] - u, 0.0, 1e6, xtol=1e-10, rtol=1e-14
        )
        assert abs(mixture.inverse(np.array([number]))[0] - exact) <= 1e-6 * (exact + 2_700.0)


def test_a_mixture_gives_nothing_inside_a_gap_of_its_parts() -> None:
    """A mixture of 10 to 20 s and 30 to 40 s never gives 25 s, and gives each part its weight."""
    ten_to_twenty = Piecewise(np.array([10.0, 20.0]), np.array([0.0, 1.0]))
    thirty_to_forty = Piecewise(np.array([30.0, 40.0]), np.array([0.0, 1.0]))
    mixture = Mixture([0.25, 0.75], [ten_to_twenty, thirty_to_forty])
    durations = mixture.inverse(np.array([1e-9, 0.125, 0.2499999, 0.2500001, 0.625, 1 - 1e-9]))
    assert durations == pytest.approx([10.0, 15.0, 20.0, 30.0, 35.0, 40.0], abs=1e-4)


def test_laws_are_the_ones_of_scipy() -> None:
    """Quartiles and tails agree with scipy.stats, which parametrises them otherwise."""
    numbers = np.array([0.001, 0.25, 0.5, 0.75, 0.999])
    sigma = sqrt(np.log(1 + 0.9**2))
    lognormal = stats.lognorm(sigma, scale=360 * np.exp(-(sigma**2) / 2))
    assert Lognormal(360.0, 0.9).inverse(numbers) == pytest.approx(lognormal.ppf(numbers), rel=1e-12)
    weibull = stats.weibull_min(1.4, scale=240 / special.gamma(1 + 1 / 1.4))
    assert Weibull(240.0, 1.4).inverse(numbers) == pytest.approx(weibull.ppf(numbers), rel=1e-12)
    triangular = stats.triang(0.75, loc=1_000, scale=4_000)
    assert Triangular(1_000.0, 4_000.0, 5_000.0).inverse(numbers) == pytest.approx(triangular.ppf(numbers), rel=1e-12)


def test_a_hyperexponential_has_balanced_means() -> None:
    """With cv² = 3 the shares are (1 ± √(1/2))/2 and each part gives half of the mean."""
    hyperexponential = law(
        Distribution.model_validate({"distribution": "hyperexponential", "mean": "1 s", "cv": sqrt(3)})
    )
    often = (1 + sqrt(0.5)) / 2
    rare = 1 - often
    survival = often * np.exp(-2 * often * 2.0) + rare * np.exp(-2 * rare * 2.0)
    assert hyperexponential.tails(np.array([2_000.0]))[1][0] == pytest.approx(survival, rel=1e-9)


def test_samples_come_as_often_as_they_are_listed() -> None:
    """Of four samples each takes a quarter of the numbers."""
    samples = Samples(np.array([1.0, 2.0, 2.0, 9.0]))
    numbers = np.array([2.0**-53, 0.249, 0.251, 0.749, 0.751, 1 - 2.0**-53])
    assert samples.inverse(numbers).tolist() == [1.0, 1.0, 2.0, 2.0, 9.0, 9.0]


def test_the_share_that_a_table_leaves_over_never_ends() -> None:
    """A survival function that stops at 40 % gives NEVER to 40 %, unless `at_most` says where they end."""
    text = {"distribution": "table", "survival": {"0 s": 1, "60 s": 0.4}, "at_most": "90 s"}
    clipped = law(Distribution.model_validate(text))
    assert isinstance(clipped, Clipped)
    numbers = np.array([0.3, 0.59, 0.61, 0.99])
    assert whole_ms(clipped.law.inverse(numbers)).tolist() == [30_000, 59_000, NEVER, NEVER]
    assert whole_ms(clipped.inverse(numbers)).tolist() == [30_000, 59_000, 90_000, 90_000]
    assert clipped.law.mean == inf
    assert clipped.mean == pytest.approx(0.6 * 30_000 + 0.4 * 90_000)


def test_a_mixture_passes_on_what_never_ends() -> None:
    """A part that never ends for half of its contacts keeps them out of reach in a mixture."""
    half_never = Piecewise(np.array([0.0, 10.0]), np.array([0.0, 0.5]))
    mixture = Mixture([0.5, 0.5], [half_never, Constant(20.0)])
    assert mixture.mean == inf
    assert mixture.inverse(np.array([0.125, 0.5, 0.74, 0.76])) == pytest.approx([5.0, 20.0, 20.0, inf])


def test_whole_milliseconds_are_rounded_half_to_even_and_never_overflow() -> None:
    """0.5 ms becomes 0, 1.5 ms becomes 2, and whatever int64 cannot hold becomes NEVER."""
    assert whole_ms(np.array([0.5, 1.5, 2.6, 1e30, inf])).tolist() == [0, 2, 3, NEVER, NEVER]


@pytest.mark.parametrize("mean", ["1 ms", "6 min", "36500 days"])
@pytest.mark.parametrize("clipped", [{}, {"at_least": "1 ms", "at_most": "2 ms"}, {"at_least": "1 h"}])
@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("lognormal", "cv"),
        ("gamma", "cv"),
        ("hyperexponential", "cv"),
        ("weibull", "shape"),
        ("erlang", "phases"),
    ],
)
def test_whatever_is_allowed_can_be_dealt(kind: str, key: str, clipped: dict[str, str], mean: str) -> None:
    """Parameters at both ends of what a distribution takes, of the shortest and the longest mean, alone and mixed."""
    ends = (1.0 if kind == "hyperexponential" else BOUNDS[key][0], BOUNDS[key][1])
    numbers = np.array([2.0**-53, 1e-9, 0.01, 0.5, 0.99, 1.0 - 2.0**-53])
    for end in ends:
        bare = {"distribution": kind, "mean": mean, key: end, **clipped}
        mixed = {
            "mixture": [{**bare, "weight": "50 %"}, {"distribution": "constant", "mean": "1 min", "weight": "50 %"}]
        }
        for described in (bare, mixed):
            dealt = law(Distribution.model_validate(described))
            durations = dealt.inverse(numbers)
            assert np.isfinite(durations).all()
            assert (np.diff(durations) >= -1e-9 * durations[1:]).all()
            below, above = dealt.tails(np.array([0.0, 1.0, 6e4, 3.1e12]))
            assert below + above == pytest.approx(1.0)
            for limit in (1.0, 6e4, 3.1e12):
                assert 0.0 <= dealt.limited_mean(limit) <= min(limit, dealt.mean) * (1.0 + 1e-9)
