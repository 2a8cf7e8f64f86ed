"""The shipped plans of twelve hours, on customers no search has seen, and the formula they are held against."""

from pathlib import Path

import pytest

from sim.experiment.replicate import run
from sim.experiment.result import Result
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.staffing.plan.covers import Covers
from sim.staffing.plan.schedules import Schedules
from sim.staffing.requirement import AnalyticRequirement, erlang_c_requirement
from sim.staffing.solver import Solver
from sim.staffing.staffed import staffed

pytestmark = pytest.mark.slow

SCENARIOS = Path(__file__).parents[3] / "scenarios"
FRESH = 6_000_000
"""First replication, beyond those of plans and frontiers."""


def _by_erlang_c(name: str) -> tuple[AnalyticRequirement, Scenario, float]:
    """Give what Erlang C by interval asks for, the scenario with shifts that cover it, and their paid hours."""
    scenario = load(SCENARIOS / f"{name}.yaml")
    requirement, schedules = erlang_c_requirement(scenario), Schedules(scenario)
    with Solver() as solver:
        covered = Covers(schedules, solver, 30.0).cheapest(requirement.needs)
    assert covered is not None
    return requirement, schedules.planned(covered), schedules.paid_hours(covered)


def _worst(result: Result, per: str) -> float:
    return float(result.measure("service_level", within="20 s", channel="phone", per=per)["estimate"].min())


@pytest.mark.parametrize("name", ["twelve_hours", "twelve_hours_long_calls"])
def test_the_shipped_plan_keeps_day_and_hours_with_a_seventh_fewer_paid_hours(name: str) -> None:
    """On 500 fresh replications the whole interval of the target, and of its floor, keeps the bound."""
    result = run(load(SCENARIOS / f"{name}_planned.yaml"), replications=500, first_replication=FRESH)
    [target] = result.targets().to_dict("records")
    assert (target["verdict"], target["floor_verdict"]) == ("pass", "pass")
    paid = result.measure("staff_hours")["estimate"].item()
    assert paid <= 0.86 * _by_erlang_c(name)[2]


def test_erlang_c_lets_the_hours_sink_in_which_long_calls_are_still_in_hand() -> None:
    """Its people answer far less than 80 % after the peaks; shifts that cover them hide it by people who stay on."""
    requirement, covered, paid = _by_erlang_c("twelve_hours_long_calls")
    scenario = load(SCENARIOS / "twelve_hours_long_calls.yaml")
    bare = run(staffed(scenario, requirement.edges, requirement.by_group), replications=200, first_replication=FRESH)
    in_shifts = run(covered, replications=100, first_replication=FRESH)
    assert _worst(bare, "day") > 0.85
    assert _worst(bare, "hour") < 0.68
    assert _worst(bare, "interval") < 0.62
    assert _worst(in_shifts, "hour") > 0.88
    assert paid > requirement.hours + 20
    overtime = [one.measure("overtime")["estimate"].item() for one in (bare, in_shifts)]
    assert overtime[0] < 12
    assert overtime[1] > 30
