"""How often targets hold: by day and interval, with `risk` and with a `floor`."""

import json
from math import isnan
from typing import Any

import pytest

from sim.experiment.judge import words
from sim.experiment.replicate import run
from sim.experiment.result import Result
from tests.experiment.desks import random_hours, replayed

SERVICE = "measure: service_level, within: 20 s"


def judged(target: str, replications: int = 30) -> dict[str, Any]:
    """Give the row of a target of the four calls: Monday 2 of 3 within 20 s, Tuesday the only one."""
    [row] = run(replayed(f"{{{target}}}"), replications=replications).targets().to_dict("records")
    return dict(row)


@pytest.mark.parametrize(
    ("target", "verdict"),
    [
        (f"{SERVICE}, at_least: 70 %, per: day, risk: 50 %", "pass"),
        (f"{SERVICE}, at_least: 70 %, per: day, risk: 51 %", "fail"),
        (f"{SERVICE}, at_least: 66 %, per: day, risk: 90 %", "pass"),
        (f"{SERVICE}, at_least: 100 %, per: day, risk: 50 %", "pass"),
        ("measure: abandonment, at_most: 0 %, per: day, risk: 50 %", "pass"),
        ("measure: abandonment, at_most: 0 %, per: day, risk: 60 %", "fail"),
    ],
)
def test_a_target_with_risk_holds_if_enough_of_its_periods_keep_the_bound(target: str, verdict: str) -> None:
    """Of the two days one keeps 70 % and 100 %, both keep 66 %; on one nobody abandons: in every replication."""
    assert judged(target)["verdict"] == verdict


def test_a_target_with_risk_shows_the_whole_run_and_the_share_of_its_periods() -> None:
    row = judged(f"{SERVICE}, at_least: 70 %, per: day, risk: 50 %")
    assert (row["estimate"], row["risk"], row["kept"], row["kept_low"]) == (0.75, 0.5, 0.5, 0.5)
    assert row["decided_by"] is None or isnan(row["decided_by"])


@pytest.mark.parametrize("per", ["hour", "interval"])
def test_risk_asks_nothing_of_single_hours(per: str) -> None:
    """Figures by hour that neither reports nor targets ask are not kept; of the two hours with calls one keeps 70 %."""
    row = judged(f"{SERVICE}, attempt: first, at_least: 70 %, per: {per}, risk: 50 %", replications=3)
    assert (row["verdict"], row["estimate"], row["kept"]) == ("pass", 0.75, 0.5)


def test_risk_is_asked_of_a_warning_too() -> None:
    row = judged(f"{SERVICE}, at_least: 66 %, per: day, risk: 90 %, warn: 70 %")
    assert (row["verdict"], row["warn"]) == ("pass", "fail")


def test_intervals_without_cases_are_not_judged() -> None:
    """All calls of a day come in one half-hour: of two intervals in which somebody came, one keeps 70 %."""
    row = judged(f"{SERVICE}, at_least: 70 %")
    assert (row["days_kept"], row["intervals_kept"]) == (0.5, 0.5)


def test_levels_are_judged_in_every_interval_and_amounts_in_none() -> None:
    """In 2 of 96 half-hours somebody waits; how many come adds up, so a bound for the run says nothing of a day."""
    row = judged("measure: queue_length, at_most: 0")
    assert row["intervals_kept"] == pytest.approx(95 / 96), "on Tuesday nobody waits"
    row = judged("measure: offered, at_least: 4")
    assert isnan(row["days_kept"])
    assert isnan(row["intervals_kept"])
    assert (row["day_p10"], row["day_p50"], row["day_p90"]) == (1, 2, 3)


def test_amounts_are_judged_in_the_periods_that_the_target_names() -> None:
    assert judged("measure: offered, at_least: 2, per: day")["kept"] == 0.5


@pytest.mark.parametrize(
    ("floor", "verdict", "floor_verdict"),
    [("60 %", "pass", "pass"), ("67 %", "fail", "fail")],
)
def test_a_target_holds_only_if_its_floor_does(floor: str, verdict: str, floor_verdict: str) -> None:
    """In the worse of two hours with calls, 2 of 3 are answered within 20 s; of all, 3 of 4."""
    row = judged(f"{SERVICE}, at_least: 70 %, floor: {{per: hour, at_least: {floor}}}")
    assert (row["verdict"], row["floor_verdict"]) == (verdict, floor_verdict)
    assert row["floor_estimate"] == pytest.approx(2 / 3)
    assert str(row["floor_decided_by"]) == "2026-04-06 09:00:00+09:00"
    assert row["estimate"] == 0.75


def test_a_floor_for_periods_that_cannot_be_judged_is_undecided() -> None:
    """Nobody was transferred from the only channel, so no wait of an abandoned retry is there to judge."""
    row = judged(f"{SERVICE}, attempt: retry, at_least: 70 %, floor: {{per: hour, at_least: 60 %}}")
    assert (row["verdict"], row["floor_verdict"]) == ("undecided", "undecided")
    assert row["floor_decided_by"] is None or isnan(row["floor_decided_by"])


def test_percentiles_are_judged_by_day_and_interval() -> None:
    """Monday two calls are answered, after 0 and 20 s; Tuesday one at once."""
    row = judged("measure: wait_p90, at_most: 10 s, per: day", replications=40)
    assert (row["verdict"], row["estimate"], row["days_kept"]) == ("fail", 20, 0.5)
    assert str(row["decided_by"]) == "2026-04-06 00:00:00+09:00"
    assert (row["day_p10"], row["day_p50"], row["day_p90"]) == (0, 10, 20), "linear between the middle two of 80"
    row = judged("measure: wait_p50, at_most: 10 s, per: day, floor: {per: hour, at_most: 20 s}", replications=40)
    assert (row["verdict"], row["floor_verdict"], row["days_kept"]) == ("pass", "pass", 1)


def test_a_percentile_day_has_an_interval() -> None:
    target = "{measure: abandonment, at_most: 20 %}"
    [row] = run(random_hours(target), replications=40, seed=5).targets().to_dict("records")
    assert row["day_p10_low"] < row["day_p10"] < row["day_p10_high"] < row["day_p90"]


def test_enough_replications_are_those_that_tell_the_share_of_periods() -> None:
    """Of the mean 30 replications say enough; of the share of hours, asked within a point, they do not."""
    target = "{measure: occupancy, at_most: 90 %, per: hour, risk: 50 %}"
    ended = run(random_hours(target)).ended
    assert "hours that keep it" in ended
    assert run(random_hours("{measure: occupancy, at_most: 90 %, per: hour}")).replications < 200


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (f"{{{SERVICE}, at_least: 80 %, per: day, risk: 90 %}}", "service_level within 20 s ≥ 80 % on 90 % of days"),
        (
            f"{{{SERVICE}, at_least: 80 %, floor: {{per: hour, at_least: 50 %}}}}",
            "service_level within 20 s ≥ 80 %, ≥ 50 % in every hour",
        ),
        (
            "{measure: wait_p90, at_most: 1 min, floor: {per: interval, at_most: 3 min}}",
            "wait_p90 ≤ 1 min, ≤ 3 min in every interval",
        ),
    ],
)
def test_risk_and_floor_are_said_with_the_target(target: str, said: str) -> None:
    assert words(replayed(target).targets[0]) == said


def test_the_summary_says_how_often_targets_hold() -> None:
    target = f"{{{SERVICE}, at_least: 70 %, per: day, risk: 50 %, floor: {{per: hour, at_least: 60 %}}}}"
    result: Result = run(replayed(target), replications=30)
    [found] = json.loads(json.dumps(result.summary(), allow_nan=False))["targets"]
    assert found["risk"] == 0.5
    assert found["kept"]["day"] == {"estimate": 0.5, "low": 0.5, "high": 0.5}
    assert found["days"]["p50"]["estimate"] == pytest.approx(5 / 6)
    assert (found["floor"]["per"], found["floor"]["bound"], found["floor"]["verdict"]) == ("hour", 0.6, "pass")
