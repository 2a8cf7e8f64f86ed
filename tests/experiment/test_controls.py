"""Control variates: worked by hand, and intervals that cover."""

import numpy as np
import pytest

import sim
from sim.experiment.controls import Basis, controlled
from sim.experiment.pairs import figure_of_ratio
from tests.experiment.desks import random_hours

THIRTY = list(range(30))
ONES = [1] * 30


def test_what_controls_explain_wholly_has_no_error_left() -> None:
    """Values 5 + 2c with mean deviation 0.5: the plain mean is 6, put right 5, and nothing is left of the interval."""
    deviations = [(-1.0, 2.0)[number % 2] for number in THIRTY]
    figure = figure_of_ratio([5 + 2 * one for one in deviations], ONES, 0.95)
    assert figure.estimate.estimate == 6
    found = controlled(figure, Basis.of([deviations]), 0.95)
    assert found is not None
    assert found.estimate == pytest.approx(5)
    assert found.half_width == pytest.approx(0, abs=1e-9)


def test_an_estimate_is_that_of_a_regression() -> None:
    """Beside numpy's least squares with two controls: intercept, and standard error of the intercept."""
    chance = np.random.default_rng(1)
    controls = chance.normal(size=(30, 2)) + 0.3
    values = 3 + controls @ [2.0, -1.0] + chance.normal(size=30) / 2
    design = np.column_stack((np.ones(30), controls))
    slopes, squares, *_ = np.linalg.lstsq(design, values, rcond=None)
    found = controlled(figure_of_ratio(values.tolist(), ONES, 0.95), Basis.of(controls.T.tolist()), 0.95)
    assert found is not None
    assert found.estimate == pytest.approx(slopes[0])
    error = np.sqrt(squares[0] / 27 * np.linalg.inv(design.T @ design)[0, 0])
    assert found.half_width == pytest.approx(2.0518305 * error, rel=1e-6)  # Student, 27 degrees of freedom


def test_controls_are_left_out_where_they_do_not_help() -> None:
    """Fewer than 30 replications, no control, no error, or nothing explained."""
    values = [float(number % 7) for number in THIRTY]
    figure = figure_of_ratio(values, ONES, 0.95)
    useful, idle = Basis.of([[value - 3 for value in values]]), Basis.of([[(-1.0) ** number for number in THIRTY]])
    assert controlled(figure, useful, 0.95) is not None
    assert controlled(figure, idle, 0.95) is None
    assert controlled(figure, Basis.of([]), 0.95) is None
    assert controlled(figure_of_ratio(ONES, ONES, 0.95), useful, 0.95) is None
    few = Basis.of([[value - 3 for value in values[:29]]])
    assert controlled(figure_of_ratio(values[:29], ONES[:29], 0.95), few, 0.95) is None


def test_what_a_control_says_twice_counts_once() -> None:
    values = [float(number % 7) for number in THIRTY]
    assert len(Basis.of([values, [2 * value for value in values]]).columns) == 1


@pytest.mark.parametrize("strength", [0.3, 1.0, 3.0])
def test_intervals_with_controls_cover(strength: float) -> None:
    """Of 600 runs of 30 replications at least 92.5 % of the intervals, controlled where it helps, hold the truth.

    95 % less 2.8 standard errors of 600 trials; arrivals are Poisson with a random factor, as busy days are, and the
    figure is bent in them. (With the degrees of freedom of a plain interval too few would.)
    """
    chance = np.random.default_rng(7)
    covered = 0
    for _ in range(600):
        factor = chance.gamma(25, 1 / 25, size=30)
        hours = chance.poisson(factor[:, None] * 20, size=(30, 5))
        off = hours.sum(axis=1) - 100.0
        crowding = ((hours - 20.0) ** 2).sum(axis=1) - 5 * (20 + 400 / 25)
        work = chance.normal(size=30) * 10
        values = 50 + strength * (off / 20 + crowding / 200 + work / 20) + chance.normal(size=30)
        figure = figure_of_ratio(values.tolist(), ONES, 0.95)
        found = controlled(figure, Basis.of([off.tolist(), crowding.tolist(), work.tolist()]), 0.95) or figure.estimate
        covered += found.low <= 50 <= found.high
    assert covered >= 0.925 * 600


def test_a_run_says_what_controls_shorten() -> None:
    """Two hours of calls for two clerks: abandonment hangs on how many call; sums are left as they are."""
    result = sim.run(random_hours(), replications=40, seed=3)
    table = result.controlled
    assert set(table["measure"]) <= {"service_level", "abandonment", "occupancy"}
    assert (table["shrunk"] <= 0.95).all()
    row = table[table["measure"] == "abandonment"].iloc[0]
    plain = result.measure("abandonment", by="channel").iloc[0]
    assert (row["plain"], row["plain_low"], row["plain_high"]) == tuple(plain[["estimate", "low", "high"]])
    assert row["half_width"] == pytest.approx(row["shrunk"] * plain["half_width"])
    from tests.report.test_run_report import report, section  # noqa: PLC0415

    lines = section(report(result), "With control variates")
    assert any(line.startswith("  phone abandonment ") and f" {row['shrunk']:.2f} " in line for line in lines)
    few = sim.run(random_hours(), replications=3, seed=3)
    assert few.controlled.empty
    assert "With control variates" not in report(few)


@pytest.mark.slow
def test_intervals_of_a_desk_with_controls_cover() -> None:
    """Of 100 runs of 30 replications with other chance, 95 % less 3 standard errors hold the mean over all of them."""
    rows = []
    for number in range(100):
        table = sim.run(random_hours(), replications=30, seed=17, first_replication=30 * number).controlled
        rows += table[table["measure"] == "abandonment"].to_dict("records")
    assert len(rows) > 90  # it helps nearly always
    truth = float(np.mean([row["plain"] for row in rows]))
    covered = sum(row["low"] <= truth <= row["high"] for row in rows)
    assert covered >= 0.884 * len(rows)
