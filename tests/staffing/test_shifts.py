"""Covering a requirement: against all headcounts there are, and each rule on a day that can be seen through."""

from collections.abc import Mapping
from itertools import product

import numpy as np
import pytest

from sim.measure.workload import Workload
from sim.scenario.load import loads
from sim.scenario.schema import Scenario
from sim.staffing import shifts
from sim.staffing.errors import SolverError
from sim.staffing.shift_choices import choices_of
from sim.staffing.shifts import Cover, cover
from sim.staffing.solver import solve_here

EARLY_AND_LATE = """\
      early: {days: mon-sun, hours: "08:00-12:00", headcount: 1}
      late: {days: mon-sun, hours: "10:00-14:00", headcount: 1}"""


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shifts, "solve", solve_here)


def desk(
    plan: str, shifts: str = EARLY_AND_LATE, more: str = "", cost: str = "20 per hour", length: str = "1 day"
) -> Scenario:
    """A Monday (or more days) in hours, and one group, `clerks`."""
    listed = f"    shifts:\n{shifts}" if shifts else ""
    paid = f"    cost: {cost}" if cost else ""
    return loads(f"""\
format: 1
name: Desk
time: {{start: 2026-04-06, length: {length}, interval: 1 h}}
channels: {{phone: {{}}}}
contact_types: {{order: {{arrivals: {{phone: {{rate: 10 per hour}}}}, handling: {{desk: {{handle_time: 4 min}}}}}}}}
tiers: {{desk: {{}}}}
agent_groups:
  clerks:
    tier: desk
{paid}
{listed}
{more}
plan: {plan}
""")


def need(by_hour: Mapping[int, float], hours: int = 24) -> np.ndarray:
    needed = np.zeros(hours)
    for hour, agents in by_hour.items():
        needed[hour] = agents
    return needed


def clerks(scenario: Scenario, by_hour: Mapping[int, float], hours: int = 24) -> Cover:
    return cover(scenario, {("clerks",): need(by_hour, hours)}, gap=0)


def headcounts(found: Cover) -> dict[tuple[str, tuple[int, ...]], int]:
    return {
        (choice.draft.name, choice.draft.days): number
        for number, choice in zip(found.headcounts, found.choices, strict=True)
    }


def by_name(found: Cover) -> dict[str, int]:
    return {choice.draft.name: number for number, choice in zip(found.headcounts, found.choices, strict=True)}


def test_the_cheapest_shifts_cover_each_hour() -> None:
    """Two from eight, three from ten, one after twelve: two early and one late, 12 hours of 20."""
    found = clerks(desk("{shifts: {clerks: all}}"), {8: 2, 10: 3, 12: 1})
    assert by_name(found) == {"early": 2, "late": 1}
    assert (found.cost, found.paid_hours, found.solution.gap) == (240, 12, 0)
    assert found.on_duty["clerks"][8:14].tolist() == [2, 2, 3, 3, 1, 1]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("objective", ["cost", "staff_hours", "headcount"])
def test_no_headcounts_cover_for_less(seed: int, objective: str) -> None:
    """Four shifts of other hours and prices, needs by chance: all headcounts up to five are judged."""
    chance = np.random.default_rng(seed)
    lines, begins = [], chance.integers(6, 12, 4)
    for number, begin in enumerate(begins.tolist()):
        end, each = begin + int(chance.integers(3, 8)), int(chance.integers(40, 200))
        lines.append(
            f'      s{number}: {{days: mon-sun, hours: "{begin:02}:00-{end:02}:00", headcount: 1, cost: {each} each}}'
        )
    scenario = desk(f"{{shifts: {{clerks: all}}, objective: {objective}}}", "\n".join(lines))
    wanted = np.zeros(24)
    wanted[begins.min() : begins.max() + 3] = chance.integers(0, 4, begins.max() + 3 - begins.min())
    found = cover(scenario, {("clerks",): wanted}, gap=0)
    price = {
        "cost": [choice.cost for choice in found.choices],
        "staff_hours": [choice.paid_ms / 3.6e6 for choice in found.choices],
        "headcount": [1] * 4,
    }[objective]
    there = np.array([choice.present_share for choice in found.choices])
    best = min(
        float(np.dot(price, numbers))
        for numbers in product(range(6), repeat=4)
        if (np.array(numbers) @ there >= wanted - 1e-9).all()
    )
    assert found.solution.cost == pytest.approx(best)
    assert found.solution.bound == pytest.approx(best)
    assert (found.on_duty["clerks"] >= wanted - 1e-5).all()


def test_bounds_hold_and_shifts_that_are_not_named_keep_their_headcounts() -> None:
    """Early may have one or two, late keeps its one."""
    scenario = desk("{shifts: {clerks: {early: 1..2}}}")
    assert by_name(clerks(scenario, {})) == {"early": 1, "late": 1}
    assert by_name(clerks(scenario, {8: 1.5})) == {"early": 2, "late": 1}
    with pytest.raises(SolverError, match=r"1 intervals lack agents, most of all 0\.50 of clerks at Mon 06 Apr 08:00"):
        clerks(scenario, {8: 2.5})


def test_bounds_that_contradict_each_other_are_told() -> None:
    scenario = desk("{shifts: {clerks: {early: 5..6}}, on_site: 3}")
    with pytest.raises(SolverError, match="`on_site` and `at_most_share` contradict each other"):
        clerks(scenario, {8: 2})


def test_weekdays_of_one_headcount_are_one_choice() -> None:
    """Monday stands apart from the rest: its need moves nobody else's number."""
    shifts_by_day = '      day: {days: mon-wed, hours: "08:00-12:00", headcount: {mon: 3, tue-wed: 1}}'
    scenario = desk("{shifts: {clerks: all}}", shifts_by_day, length="3 days")
    found = clerks(scenario, {8: 2, 32: 1, 56: 4}, hours=72)
    assert headcounts(found) == {("day", (0,)): 2, ("day", (1, 2)): 4}
    assert found.changes() == {"agent_groups.clerks.shifts.day.headcount": {"mon": 2, "tue": 4, "wed": 4}}


def test_days_outside_the_scenario_keep_their_headcounts() -> None:
    """A Monday is planned: what holds from Tuesday on is not touched."""
    found = clerks(
        desk("{shifts: {clerks: {early: 0..9}}}", EARLY_AND_LATE.replace("1}", "{mon: 5, tue-sun: 2}}")), {8: 3}
    )
    changes = found.changes()["agent_groups.clerks.shifts.early.headcount"]
    assert changes == {"mon": 3} | dict.fromkeys(("tue", "wed", "thu", "fri", "sat", "sun"), 2)


def test_exceptions_stay_as_they_are() -> None:
    """Two are there on the date by exception; whatever the headcount, it counts on no other date of the scenario."""
    scenario = desk("{shifts: {clerks: all}}", more="    exceptions: [{date: 2026-04-06, shift: early, headcount: 2}]")
    assert by_name(clerks(scenario, {8: 2})) == {"late": 0}
    with pytest.raises(SolverError, match="lack agents"):
        clerks(scenario, {8: 3})


def test_absence_and_time_off_the_queue_are_taken_off() -> None:
    """10 % and 20 % away: each gives 0.72."""
    scenario = desk("{shifts: {clerks: all}}", more="    shrinkage: {absence: 10 %, in_shift: 20 %}")
    assert by_name(clerks(scenario, {8: 2})) == {"early": 3, "late": 0}
    assert clerks(scenario, {8: 2}).on_duty["clerks"][8] == pytest.approx(3 * 0.72)


def test_breaks_count_on_average_over_their_window() -> None:
    """An hour of break between nine and twelve takes a quarter of nine, half of ten, a quarter of eleven."""
    pause = 'breaks: [{length: 1 h, between: "09:00-12:00"}]'
    scenario = desk(
        "{shifts: {clerks: all}}", f'      day: {{days: mon-sun, hours: "08:00-13:00", headcount: 1, {pause}}}'
    )
    [choice] = choices_of(scenario, Workload.of(scenario).edges)[0]
    assert choice.present_share[8:13] == pytest.approx([1, 0.75, 0.5, 0.75, 1])
    assert choice.paid_ms == 4 * 3_600_000
    fixed = scenario.with_changes({"agent_groups.clerks.shifts.day.breaks": [{"length": "30 min", "at": "10:00"}]})
    assert choices_of(fixed, Workload.of(fixed).edges)[0][0].present_share[8:13] == pytest.approx([1, 1, 0.5, 1, 1])


def test_many_people_are_on_duty_as_the_average_says() -> None:
    """With 64 people the staggered breaks of the model are the average, to 5 minutes."""
    pause = 'breaks: [{length: 30 min, between: "09:00-12:00"}, {length: 15 min, between: "12:00-12:45", paid: true}]'
    scenario = desk(
        "{shifts: {clerks: all}}", f'      day: {{days: mon-sun, hours: "08:00-13:00", headcount: 64, {pause}}}'
    )
    work = Workload.of(scenario)
    [choice] = choices_of(scenario, work.edges)[0]
    assert 64 * choice.present_share == pytest.approx(work.agents[0], abs=64 * 0.03)


def test_nights_reach_into_the_next_day_and_only_paid_time_within_the_scenario_counts() -> None:
    """From 22 to 6, two days: three nights touch them; of the first two hours lie before, of the last six after."""
    scenario = desk(
        "{shifts: {clerks: all}}", '      night: {days: mon-sun, hours: "22:00-06:00", headcount: 1}', length="2 days"
    )
    [choice] = choices_of(scenario, Workload.of(scenario).edges)[0]
    assert np.flatnonzero(choice.present_share).tolist() == [*range(6), *range(22, 30), 46, 47]
    assert (choice.paid_ms, choice.times) == (16 * 3_600_000, 3)


def test_patterns_make_shifts_that_the_language_takes() -> None:
    """Begins from eight to ten by the hour, three or four hours long: the two that just fit, in a valid scenario."""
    pattern = "{group: clerks, lengths: [3 h, 4 h], starts: '08:00-10:00', every: 1 h, cost: 25 per hour}"
    scenario = desk(f"{{patterns: [{pattern}]}}", shifts="")
    found = clerks(scenario, {9: 1, 10: 2, 11: 2, 12: 2})
    assert len(found.choices) == 6
    assert {name for name, number in by_name(found).items() if number} == {"from_0900_to_1300", "from_1000_to_1300"}
    assert found.cost == 7 * 25
    changed = scenario.with_changes(found.changes())
    assert Workload.of(changed).agents[0].tolist() == found.on_duty["clerks"].tolist()
    assert changed.agent_groups["clerks"].shifts["from_0900_to_1300"].cost == changed.plan.patterns[0].cost  # type: ignore[union-attr]


def test_patterns_have_breaks_day_sets_and_names_of_their_own() -> None:
    """One headcount for Monday and Tuesday, another name where a shift has it, breaks from the shift's begin."""
    pattern = (
        "{group: clerks, lengths: [4 h], starts: '08:00-08:15', days: [mon-tue], headcount: 0..3, "
        "breaks: [{length: 30 min, between: 1 h-2 h, paid: true}]}"
    )
    listed = '      from_0800_to_1200: {days: mon, hours: "08:00-09:00", headcount: 0}'
    scenario = desk(f"{{patterns: [{pattern}]}}", listed, length="2 days")
    found = clerks(scenario, {8: 2, 32: 1}, hours=48)
    assert headcounts(found) == {("from_0800_to_1200", (0,)): 0, ("from_0800_to_1200_2", (0, 1)): 2}
    assert found.changes()["agent_groups.clerks.shifts.from_0800_to_1200_2"] == {
        "days": "mon,tue",
        "hours": "08:00-12:00",
        "headcount": {"mon": 2, "tue": 2},
        "breaks": [{"length": "30 min", "between": "09:00-10:00", "paid": True}],
    }
    assert scenario.with_changes(found.changes()).agent_groups["clerks"].shifts["from_0800_to_1200_2"].breaks[0].paid
    with pytest.raises(SolverError, match="lack agents"):
        clerks(scenario, {8: 4}, hours=48)


def test_patterns_take_the_place_of_people_by_numbers() -> None:
    """A group has either: the changes remove the one, and the number counts no longer."""
    pattern = "{group: clerks, lengths: [4 h], starts: '22:00-02:00', every: 2 h}"
    scenario = desk(f"{{patterns: [{pattern}]}}", shifts="", more="    headcount: 9", length="2 days")
    found = clerks(scenario, {24: 1, 27: 2}, hours=48)
    changed = scenario.with_changes(found.changes())
    assert changed.agent_groups["clerks"].headcount is None
    assert headcounts(found)["from_0000_to_0400", (1,)] == 2
    assert Workload.of(changed).agents[0].tolist() == found.on_duty["clerks"].tolist()


def test_places_on_site_are_counted_with_breaks() -> None:
    """Four hours or two: with one place, one long shift must do, though short ones are cheaper an hour."""
    two = """\
      long: {days: mon-sun, hours: "08:00-12:00", headcount: 0}
      short: {days: mon-sun, hours: "08:00-10:00", headcount: 0, cost: 1 each}"""
    assert by_name(clerks(desk("{shifts: {clerks: all}}", two), {8: 2, 11: 1})) == {"long": 1, "short": 1}
    assert by_name(clerks(desk("{shifts: {clerks: all}, on_site: 1}", two), {8: 1, 11: 1})) == {"long": 1, "short": 0}
    with pytest.raises(SolverError, match=r"1\.00 of clerks at Mon 06 Apr 08:00"):
        clerks(desk("{shifts: {clerks: all}, on_site: 1}", two), {8: 2})


def test_part_time_is_at_most_a_share() -> None:
    """Two hours are needed of three people: cheap short shifts may be a third of all."""
    short_ones = "{group: clerks, lengths: [2 h], starts: '08:00-08:15', at_most_share: SHARE}"
    patterns = short_ones + ", {group: clerks, lengths: [4 h], starts: '08:00-08:15'}"
    for share, short in (("100 %", 3), ("34 %", 1), ("0 %", 0)):
        found = clerks(desk(f"{{patterns: [{patterns.replace('SHARE', share)}]}}", shifts=""), {8: 3, 9: 3})
        assert by_name(found) == {"from_0800_to_1000": short, "from_0800_to_1200": 3 - short}


def test_people_are_counted_with_their_days_off() -> None:
    """One a day for a week: one person without days off; with two days off 1.4, of whom there must be enough."""
    shift = '      day: {days: mon-sun, hours: "08:00-12:00", headcount: {mon: 1, tue: 2, wed-sun: 3}}'
    for days_off, people in ((0, 1), (2, 1.4)):
        scenario = desk(
            f"{{shifts: {{clerks: all}}, objective: headcount, days_off: {days_off}}}", shift, length="7 days"
        )
        found = cover(scenario, {("clerks",): np.tile(need({8: 1}), 7)}, gap=0)
        assert found.solution.cost == pytest.approx(people)
        assert set(found.headcounts) == {1}


def test_people_around_the_clock_can_be_chosen() -> None:
    """The least number in the range that covers; 24 hours each."""
    scenario = desk("{headcount: {clerks: 2..9}}", shifts="", more="    headcount: 5")
    found = clerks(scenario, {3: 3.5})
    assert (found.headcounts, found.paid_hours, found.changes()) == ((4,), 96, {"agent_groups.clerks.headcount": 4})
    assert clerks(scenario, {3: 1}).headcounts == (2,)


MORE = """\
  writers: {tier: desk, cost: 10 per hour, shifts: {w: {days: mon-sun, hours: "08:00-12:00", headcount: 0}}}
  both: {tier: desk, cost: 15 per hour, shifts: {b: {days: mon-sun, hours: "08:00-12:00", headcount: 0}}}"""


def test_whoever_can_fill_two_needs_fills_one_at_a_time() -> None:
    """Phone by clerks or both, mail by writers or both: 2 + 2 people, whoever is cheapest; nobody counts twice."""
    scenario = desk("{shifts: {clerks: {early: 0..9, late: 0..0}, writers: {w: 0..1}, both: all}}", more=MORE)
    found = cover(scenario, {("clerks", "both"): need({8: 2}), ("writers", "both"): need({8: 2})}, gap=0)
    assert by_name(found) == {"early": 0, "late": 0, "w": 1, "b": 3}
    capped = scenario.with_changes({"plan.shifts.both": {"b": "0..1"}})
    with pytest.raises(SolverError, match="lack agents"):
        cover(
            capped.with_changes({"plan.shifts.clerks": {"early": "0..1"}}),
            {("clerks", "both"): need({8: 2}), ("writers", "both"): need({8: 2})},
        )


def test_a_need_of_several_groups_takes_the_cheaper() -> None:
    """Writers are half the price."""
    found = cover(
        desk("{shifts: {clerks: all, writers: all, both: all}}", more=MORE),
        {("clerks", "writers"): need({8: 3})},
        gap=0,
    )
    assert by_name(found)["w"] == 3


def test_groups_staffed_by_numbers_stand_as_they_are() -> None:
    """Three around the clock leave one of four to cover."""
    scenario = desk("{shifts: {clerks: all}}", more="  others: {tier: desk, headcount: 3}")
    found = cover(scenario, {("clerks", "others"): need({8: 4})}, gap=0)
    assert by_name(found) == {"early": 1, "late": 0}


def test_bad_questions_are_refused() -> None:
    """Without a plan, without a cost that counts, with needs of nobody or of another day."""
    scenario = desk("{shifts: {clerks: all}}")
    with pytest.raises(ValueError, match="has no `plan`"):
        clerks(scenario.with_changes({"plan": None}), {8: 1})
    with pytest.raises(ValueError, match="group 'clerks' has none; give it a `cost`"):
        clerks(desk("{shifts: {clerks: all}}", cost=""), {8: 1})
    assert by_name(clerks(desk("{shifts: {clerks: all}, objective: staff_hours}", cost=""), {8: 1}))["early"] == 1
    with pytest.raises(ValueError, match="unknown group 'typists'; known: clerks"):
        cover(scenario, {("typists",): need({})})
    with pytest.raises(ValueError, match="got 2 intervals of clerks, must be 24"):
        clerks(scenario, {}, hours=2)
