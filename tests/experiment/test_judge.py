"""Verdicts by intervals."""

from math import nan

import pytest

from sim.experiment.judge import side, words
from sim.experiment.replicate import run
from sim.experiment.statistics import Estimate
from tests.experiment.desks import replayed


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.81, 0.9, "pass"),
        (0.8, 0.9, "pass"),
        (0.79, 0.81, "undecided"),
        (0.7, 0.8, "undecided"),
        (0.7, 0.79, "fail"),
        (nan, nan, "undecided"),
    ],
)
def test_the_interval_must_lie_on_one_side_and_a_truth_at_the_bound_is_kept(
    low: float, high: float, verdict: str
) -> None:
    """At least 80 %: an interval up to exactly 80 % may still be kept; the mirror image holds for at most."""
    assert side(Estimate((low + high) / 2, low, high, 30), 0.8, at_least=True) == verdict
    mirrored = Estimate(-(low + high) / 2, -high, -low, 30)
    assert side(mirrored, -0.8, at_least=False) == verdict


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ('"phone.service_level(20 s) >= 80 %"', "phone service_level within 20 s ≥ 80 %"),
        (
            "{measure: service_level, reading: settled, tier: desk, within: 1 min, at_least: 90 %, per: day}",
            "desk service_level (settled) within 1 min ≥ 90 % per day",
        ),
        ("{measure: average_speed_of_answer, at_most: 30 s}", "average_speed_of_answer ≤ 30 s"),
        ("{measure: queue_length, at_most: 2.5}", "queue_length ≤ 2.5"),
    ],
)
def test_a_target_is_said_in_a_line(target: str, said: str) -> None:
    assert words(replayed(target).targets[0]) == said


@pytest.mark.parametrize(("warn", "said"), [("60 %", "pass"), ("70 %", "fail")])
def test_a_bound_that_is_only_warned_about_changes_no_verdict(warn: str, said: str) -> None:
    """Three of four calls are answered, two of these within 10 s: 67 % of them keeps 50 % and 60 %, not 70 %."""
    target = f"{{measure: service_level, reading: answered, within: 10 s, at_least: 50 %, warn: {warn}}}"
    row = run(replayed(target), replications=30).targets().iloc[0]
    assert (row["verdict"], row["warn"]) == ("pass", said)


def test_without_a_warning_bound_there_is_no_warning() -> None:
    assert run(replayed('"phone.service_level(20 s) >= 50 %"'), replications=30).targets().iloc[0]["warn"] is None
