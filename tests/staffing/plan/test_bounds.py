"""What a schedule is judged by is what a run of the planned scenario is judged by, to the digit."""

import numpy as np
import pytest
from scipy import stats

from sim.experiment.replicate import run
from sim.staffing.plan.bounds import Asked, Found
from sim.staffing.plan.playing import Stage
from sim.staffing.plan.schedules import Schedules
from tests.staffing.plan.desk import morning

PER_DAY = "{measure: service_level, channel: phone, within: 20 s, at_least: 60 %, per: day, "
PER_DAY += "floor: {per: hour, at_least: 35 %}}"
RISK = "{measure: abandonment, channel: phone, at_most: 10 %, per: day, risk: 60 %}"
MEAN = "{measure: occupancy, agent_group: clerks, at_most: 70 %}"
PERCENTILE = "{measure: wait_p90, channel: phone, at_most: 60 s}"
EVERY_DAY = """\
      early: {days: mon-wed, hours: "08:00-11:00", headcount: {mon: 2, tue-wed: 3}}
      late: {days: mon-wed, hours: "09:00-12:00", headcount: 2}"""


@pytest.fixture(scope="module")
def judged() -> tuple[Found, dict[str, dict[str, object]]]:
    """One early person more on two days: judged by the planner, and by a run of the scenario as written."""
    scenario = morning(", ".join((PER_DAY, RISK, MEAN)), shifts=EVERY_DAY, days=3)
    schedules = Schedules(scenario)
    assert schedules.present == (2, 3, 2)
    changed = (2, 4, 2)
    stage = Stage(schedules, 1, "compiled")
    result = run(schedules.planned(changed), replications=25, first_replication=500)
    return Found(stage.promises, *stage.play(changed, range(500, 525))), {
        row["measure"]: row for row in result.targets().to_dict("records")
    }


def test_figures_and_intervals_are_those_of_a_run(judged: tuple[Found, dict[str, dict[str, object]]]) -> None:
    """Of a target per day, its floor, the share of days that keep a bound, and a mean over the run."""
    found, by_run = judged
    for number, (measure, part) in enumerate(
        [("service_level", ""), ("service_level", "floor_"), ("abandonment", "kept"), ("occupancy", "")]
    ):
        verdict, row = found.verdict(number)
        ours, theirs = found.estimate(row), by_run[measure]
        names = [f"{part}{end}" for end in ("estimate", "low", "high")]
        if part == "kept":
            names = ["kept", "kept_low", "kept_high"]
        if part == "floor_":
            assert verdict == theirs["floor_verdict"]
        assert [ours.estimate, ours.low, ours.high] == pytest.approx([theirs[name] for name in names], rel=1e-9)
    whole = ["fail" if "fail" in found.verdicts[:2] else max(found.verdicts[:2], key=["pass", "undecided"].index)]
    assert [*whole, *found.verdicts[2:]] == [row["verdict"] for row in by_run.values()]


def test_a_percentile_is_kept_where_enough_values_are_within_the_bound() -> None:
    """The 90th percentile is at most a minute exactly if at least 90 % of the answered waited at most a minute."""
    scenario = morning(PERCENTILE)
    schedules = Schedules(scenario)
    stage = Stage(schedules, 1, "compiled")
    for headcounts in ((1, 1, 1), (2, 2, 1), (4, 4, 2)):
        found = Found(stage.promises, *stage.play(headcounts, range(20)))
        p90 = run(schedules.planned(headcounts), replications=20).measure("wait_p90", by="channel")["estimate"].item()
        assert found.holds() == (p90 <= 60)


def test_the_difference_of_two_schedules_has_the_error_of_their_common_customers() -> None:
    """Three replications by hand: tops 6, 8, 7 and 5, 8, 5 of 10 each: differences 1, 0, 2 of 10."""
    schedules = Schedules(morning())
    promises = Stage(schedules, 1, "compiled").promises
    bottoms = np.array([[10], [10], [10]])
    one = Found(promises, np.array([[6], [8], [7]]), bottoms)
    other = Found(promises, np.array([[5], [8], [5]]), bottoms)
    assert one.value == pytest.approx([0.7])
    assert one.slack == pytest.approx([-0.1])
    assert one.error == pytest.approx([np.sqrt(0.02 / 2 / 3)])
    assert one.error_beside(other) == pytest.approx([np.sqrt((0 + 0.01 + 0.01) / 2 / 3) * doubt(2)])


def doubt(free: int) -> float:
    """By how much Student's quantile is above the normal one at 2.5, with so many degrees of freedom."""
    return float(stats.t.ppf(stats.norm.cdf(2.5), free)) / 2.5


def test_the_periods_of_a_target_tell_each_other_s_errors() -> None:
    """Two days, three replications, ten and twenty contacts: variances 0.03 and 0 of one, mean 0.015 by ten contacts.

    The other day has what four replications' degrees tell of both, in proportion to contacts: half of it by twenty.
    """
    scenario = morning("{measure: service_level, channel: phone, within: 20 s, at_least: 80 %, per: day}", days=2)
    promises = Stage(Schedules(scenario), 1, "compiled").promises
    tops, bottoms = np.array([[5, 16], [8, 16], [8, 16]]), np.array([[10, 20], [10, 20], [10, 20]])
    found = Found(promises, tops, bottoms)
    own = np.array([0.03 / 3, 0.0])  # squared errors of the means
    assert found.error**2 == pytest.approx(own)
    of_all = (own[0] * 10 + own[1] * 20) / 2 / np.array([10, 20])
    free, others = 2, 2
    expected = np.sqrt((free * own + others * of_all) / (free + others)) * doubt(free + others)
    assert found.steady_error == pytest.approx(expected)
    alone = Found(promises, tops, np.array([[10, 0], [10, 0], [10, 0]]))
    assert alone.steady_error[0] == pytest.approx(np.sqrt(own[0]) * doubt(free))


def test_a_margin_allows_for_the_interval_of_the_confirmation_and_for_luck() -> None:
    """Half a width as of 12 replications, by Student, and 0.674 errors × √(1 + 12/4) for three in four."""
    promises = Stage(Schedules(morning()), 1, "compiled").promises
    found = Found(promises, np.array([[6], [8], [7]]), np.array([[10], [10], [10]]))
    asked = Asked(0.75, confirmation=12, known=4)
    of_twelve = np.sqrt(0.02 / 2 / 12) * doubt(2)
    assert found.margin(asked) == pytest.approx([(stats.t.ppf(0.975, 11) + 0.6745 * 2) * of_twelve], rel=1e-3)
    more = Asked(0.75, confirmation=12, known=4, extra=0.01)
    assert found.room(more) == pytest.approx(found.room(asked) - 0.01)
