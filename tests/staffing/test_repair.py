"""Simulated repair, against every staffing of a small problem tried out."""

from itertools import product

import numpy as np
import pytest

from sim.experiment.line import Line
from sim.scenario.load import loads
from sim.scenario.schema import Scenario
from sim.staffing.erlang import Goals, least_agents
from sim.staffing.offered_load import OfferedVolume
from sim.staffing.repair import MARGIN, Repair
from sim.staffing.requirement import analytic_requirement, erlang_c_requirement
from sim.staffing.staffed import staffed
from sim.staffing.trials import Bound, Trials

DESK = """
format: 1
name: A morning
time: {start: 2026-04-06, length: 3 h, interval: 1 h}
channels: {phone: {patience: {distribution: exponential, mean: 5 min}}}
contact_types:
  order:
    arrivals: {phone: {rates: {mon-sun: {"00:00": 8 per hour, "01:00": 24 per hour, "02:00": 4 per hour}}}}
    handling: {desk: {handle_time: {distribution: lognormal, mean: 8 min, cv: 1.2}}}
tiers: {desk: {}}
agent_groups:
  clerks: {tier: desk, shrinkage: {absence: 10 %}, shifts: {all: {days: mon-sun, hours: "00:00-03:00", headcount: 4}}}
targets: [{measure: service_level, channel: phone, within: 60 s, at_least: 75 %}]
"""


def small(text: str = DESK, replications: int = 25) -> tuple[Scenario, Trials, Repair]:
    scenario = loads(text)
    volume = OfferedVolume(scenario)
    trials = Trials(scenario, volume.work.edges, 1, range(replications))
    repair = Repair(scenario, volume, trials, Line(scenario).frame.periods, lambda _: None)
    return scenario, trials, repair


def holds(trials: Trials, numbers: tuple[int, ...]) -> bool:
    tried = trials.tried({"clerks": np.array(numbers)})
    return not tried.short({bound: MARGIN * error for bound, error in tried.errors.items()})


@pytest.mark.parametrize(
    "target",
    [
        "{measure: service_level, channel: phone, within: 60 s, at_least: 75 %}",
        pytest.param(
            "{measure: service_level, within: 60 s, at_least: 75 %, floor: {per: hour, at_least: 70 %}}",
            marks=pytest.mark.slow,
        ),
        pytest.param("{measure: abandonment, at_most: 8 %}", marks=pytest.mark.slow),
        pytest.param("{measure: wait_p90, channel: phone, at_most: 2 min}", marks=pytest.mark.slow),
        pytest.param("{measure: average_speed_of_answer, at_most: 20 s, per: hour}", marks=pytest.mark.slow),
    ],
)
def test_the_repaired_hours_are_the_fewest_of_all_staffings_that_hold(target: str) -> None:
    """All curves of 1 to 6 people in each of three hours are tried, on the hands of the search."""
    given = "{measure: service_level, channel: phone, within: 60 s, at_least: 75 %}"
    _, trials, repair = small(DESK.replace(given, target), replications=10 if target == given else 25)
    found = repair.repaired().staffing["clerks"]
    assert holds(trials, tuple(found.tolist()))
    fewer = (numbers for numbers in product(range(1, 7), repeat=3) if sum(numbers) < found.sum())
    assert not any(holds(trials, numbers) for numbers in fewer)


def test_a_staffed_scenario_has_exactly_so_many_people_in_each_interval() -> None:
    """Whatever the group's shifts, absence and zone; also where the clock goes back."""
    text = DESK.replace("2026-04-06, length: 3 h", "2026-10-25, length: 6 h, zone: Europe/Paris")
    scenario = loads(text.replace("{tier: desk, shr", "{tier: desk, zone: Asia/Tokyo, shr"))
    numbers = np.array([1, 3, 2, 5, 0, 4])
    edges = OfferedVolume(scenario).work.edges
    changed = staffed(scenario, edges, {"clerks": numbers})
    assert OfferedVolume(changed).work.agents[0].tolist() == numbers.tolist()


def test_what_no_staffing_keeps_is_found_with_twice_the_people_and_told() -> None:
    """One in five is left unresolved: no number of people resolves 90 %."""
    text = DESK.replace("cv: 1.2}}", "cv: 1.2}, resolved: 80 %}").replace(
        "targets: [", "targets: [{measure: first_contact_resolution, at_least: 90 %}, "
    )
    _, trials, repair = small(text.replace("length: 3 h", "length: 4 days"), 2)
    repair.repaired()
    [(bound, best)] = repair.beyond.items()
    assert bound == Bound(0, "run", 0, 0.9, at_least=True, is_floor=False)
    assert 0.7 < best < 0.85
    assert trials.replications == 2


def test_everybody_meets_the_same_customers() -> None:
    """The same staffing twice is one trial, and one more person moves no arrival."""
    _, trials, _ = small(replications=3)
    first = trials.tried({"clerks": np.array([2, 4, 2])})
    assert trials.tried({"clerks": np.array([2, 4, 2])}) is first
    more = trials.tried({"clerks": np.array([2, 5, 2])})
    assert trials.played == 2
    assert more.misses[0].sum() <= first.misses[0].sum()


LONG_CALLS = """
format: 1
name: Half-hour calls over a hump
time: {start: 2026-04-06, length: 6 h, interval: 30 min}
channels: {phone: {patience: {distribution: exponential, mean: 5 min}}}
contact_types:
  order:
    arrivals: {phone: {rates: {mon-sun: {"00:00": 20 per hour, "01:00": 50 per hour, "02:00": 90 per hour,
      "03:00": 100 per hour, "04:00": 60 per hour, "05:00": 25 per hour}}}}
    handling: {desk: {handle_time: {distribution: lognormal, mean: 30 min, cv: 1.2}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 1}}
targets: [{measure: service_level, within: 20 s, at_least: 80 %, per: day, floor: {per: interval, at_least: 77 %}}]
"""


@pytest.mark.slow
def test_long_calls_break_erlang_c_s_floor_less_the_offered_load_s_and_not_the_repaired_one() -> None:
    """Calls of half an hour carry the hump over: its worst interval is far below what its own arrivals ask for."""
    scenario, trials, repair = small(LONG_CALLS, 120)
    staffings = (
        erlang_c_requirement(scenario).by_group,
        analytic_requirement(scenario).by_group,
        repair.repaired().staffing,
    )
    worst_c, worst_a, repaired = (
        min(figure for bound, figure in trials.tried(staffing).figures.items() if bound.is_floor)
        for staffing in staffings
    )
    assert worst_c < worst_a - 0.05
    assert worst_a < repaired
    assert repaired >= 0.77


def test_people_on_duty_now_are_one_way_to_begin() -> None:
    """Six by day where two would do: what is found from there is said, and has fewer hours."""
    said: list[str] = []
    scenario = loads(DESK.replace("headcount: 4", "headcount: 6").replace("absence: 10 %", "absence: 0 %"))
    volume = OfferedVolume(scenario)
    trials = Trials(scenario, volume.work.edges, 1, range(3))
    found = Repair(scenario, volume, trials, Line(scenario).frame.periods, said.append).repaired()
    assert "on duty now: 18 h, all targets hold" in said
    assert found.staffing["clerks"].sum() < 18


@pytest.mark.slow
def test_in_steady_hours_simulation_asks_for_the_least_agents_of_exact_erlang_a() -> None:
    """100 calls an hour of 4 min with patience of 3 min: 9 agents answer 88 % within 20 s, 8 answer 77 %."""
    text = DESK.replace('{"00:00": 8 per hour, "01:00": 24 per hour, "02:00": 4 per hour}', '{"00:00": 100 per hour}')
    text = text.replace("lognormal, mean: 8 min, cv: 1.2", "exponential, mean: 4 min").replace(
        "mean: 5 min", "mean: 3 min"
    )
    text = text.replace("within: 60 s, at_least: 75 %", "within: 20 s, at_least: 80 %, per: hour")
    least = least_agents(100, 240, Goals(service_level=0.8), patience_s=180)
    _, _, repair = small(text.replace("length: 3 h", "length: 6 h"), 60)
    assert repair.repaired().staffing["clerks"][1:].tolist() == [least] * 5
