"""Plans of a small desk: what they keep, whose hands they see, and what is said where there is none."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

import sim
from sim.experiment.errors import QuestionError
from sim.experiment.replicate import run
from sim.scenario.errors import ScenarioError
from sim.scenario.schema import Scenario
from sim.staffing.plan import Plan, PlanProgress
from sim.staffing.plan.beside import ERLANG_C, ERLANG_C_BARE
from sim.staffing.plan.evaluation import CONFIRMATION, SEARCH, SELECTION, Sizes
from sim.staffing.plan.playing import Stage, Sums
from sim.staffing.plan.schedules import Headcounts
from sim.staffing.requirement import erlang_c_requirement
from sim.staffing.staffed import staffed
from tests.staffing.plan.desk import SERVICE, SHIFTS, morning

Ints = NDArray[np.int64]
Played = list[tuple[Headcounts, tuple[int, ...]]]
BY_INTERVAL: Headcounts = ()
"""Stands for people who are told by interval, without shifts."""
FOR_OVERTIME = -1
"""Marks those who are played again to count their overtime."""


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Played:
    """Write down every schedule and the replications that it is played on."""
    seen: Played = []
    play = Stage.play

    def watched(stage: Stage, headcounts: Headcounts, numbers: Sequence[int], *, overtime: bool) -> Sums:
        seen.append(((*headcounts, FOR_OVERTIME) if overtime else headcounts, tuple(numbers)))
        return play(stage, headcounts, numbers, overtime=overtime)

    play_staffed = Stage.play_staffed

    def watched_by_interval(stage: Stage, scenario: Scenario, numbers: Sequence[int], *, overtime: bool) -> Sums:
        seen.append(((*BY_INTERVAL, FOR_OVERTIME) if overtime else BY_INTERVAL, tuple(numbers)))
        return play_staffed(stage, scenario, numbers, overtime=overtime)

    monkeypatch.setattr(Stage, "play", watched)
    monkeypatch.setattr(Stage, "play_staffed", watched_by_interval)
    return seen


def test_a_plan_is_verified_cheaper_than_today_and_can_be_run(short_blocks: Sizes) -> None:
    """Ten people today; the plan's scenario keeps the promise on hands that no part of the plan has seen."""
    scenario = morning()
    plan = sim.plan(scenario, workers=1)
    assert plan.verified
    assert plan.cost < 20 * (4 * 3 + 4 * 3 + 2 * 2)
    assert plan.paid_hours == plan.cost / 20
    assert set(plan.targets()["verdict"]) == {"pass"}
    again = run(plan.scenario, replications=60).measure("service_level", within="20 s")
    assert again["estimate"].item() > 0.79
    assert list(plan.shifts()["today"]) == [4, 4, 2]
    assert (plan.shifts()["headcount"] * np.array([3, 3, 2])).sum() == plan.paid_hours
    assert {"this plan", "today"} <= set(plan.comparison()["schedule"])
    assert plan.comparison().set_index("schedule")["verdict"]["today"] == "pass"
    assert "verified" in repr(plan)
    assert "<table>" in plan._repr_html_()


def test_amounts_of_targets_are_in_the_currency_of_the_scenario(short_blocks: Sizes) -> None:
    """As those of a run are; without a currency they are just that."""
    targets = f"{SERVICE}, {{measure: cost, at_most: 800}}"
    plan = sim.plan(morning(targets), workers=1)
    assert list(plan.targets()["unit"]) == ["share", "EUR"]
    without = sim.plan(morning(targets).with_changes({"currency": None}), workers=1)
    assert list(without.targets()["unit"]) == ["share", "currency"]


def test_each_block_has_its_own_hands_and_nothing_is_played_twice(short_blocks: Sizes, played: Played) -> None:
    """The search, the selection and the confirmation have no replication in common; the confirmation comes last."""
    plan = sim.plan(morning(), workers=1)
    blocks = [
        {number for _, numbers in played for number in numbers if first <= number < first + 1_000_000}
        for first in (SEARCH, SELECTION, CONFIRMATION)
    ]
    assert [len(block) for block in blocks] == [short_blocks.search, short_blocks.selection, short_blocks.confirmation]
    began = next(at for at, (_, numbers) in enumerate(played) if numbers[0] >= CONFIRMATION)
    assert all(numbers[0] >= CONFIRMATION for _, numbers in played[began:])
    assert played[began][0] == plan.headcounts
    pairs = [(headcounts, number) for headcounts, numbers in played for number in numbers]
    assert len(pairs) == len(set(pairs)) == plan.effort.played


@pytest.mark.slow
def test_a_plan_does_not_depend_on_who_plays(short_blocks: Sizes) -> None:
    """Two workers, each with its share of the hands, find the same plan by the same figures."""
    one, two = (sim.plan(morning(), workers=workers) for workers in (1, 2))
    assert one.headcounts == two.headcounts
    assert (one.found.tops == two.found.tops).all()
    assert (one.found.bottoms == two.found.bottoms).all()


def test_erlang_c_is_told_as_it_asks_and_in_shifts(short_blocks: Sizes) -> None:
    """Without shifts exactly its people are at work; shifts of two and three hours have more of them."""
    plan = sim.plan(morning(), workers=1)
    by_name = {one.name: one for one in plan.compared}
    bare, covered = by_name[ERLANG_C_BARE], by_name[ERLANG_C]
    requirement = erlang_c_requirement(morning())
    assert bare.headcounts is None
    assert bare.hours_at_work == requirement.hours
    replications = short_blocks.confirmation // 2
    exactly = staffed(morning(), *by_erlang_c())
    again = run(exactly, replications=replications, first_replication=CONFIRMATION).measure(
        "service_level", within="20 s", per="day"
    )
    assert bare.found.value[0] == pytest.approx(again["estimate"].item())
    rows = plan.comparison().set_index("schedule")
    assert np.isnan(rows["paid_hours"][ERLANG_C_BARE])
    assert rows["paid_hours"][ERLANG_C] == covered.hours_at_work > requirement.hours
    assert rows["paid_hours"]["this plan"] == rows["hours_at_work"]["this plan"]


def test_overtime_is_what_the_same_replications_tell_of_it(short_blocks: Sizes) -> None:
    """Who comes at noon is answered by people whose shift is over: of the plan, and of as many as Erlang C asks for."""
    plan = sim.plan(morning(), workers=1)
    rows = plan.comparison().set_index("schedule")
    exactly = staffed(morning(), *by_erlang_c())
    for name, scenario in (("this plan", plan.scenario), ("today", morning()), (ERLANG_C_BARE, exactly)):
        again = run(scenario, replications=short_blocks.confirmation // 2, first_replication=CONFIRMATION)
        told = again.measure("overtime").iloc[0]
        columns = ["overtime_hours", "overtime_low", "overtime_high"]
        assert rows.loc[name, columns].tolist() == pytest.approx(told[["estimate", "low", "high"]].tolist())
        assert told["estimate"] > 0


def by_erlang_c() -> tuple[Ints, dict[str, Ints]]:
    """Give the intervals, and how many clerks the formula asks for in each."""
    requirement = erlang_c_requirement(morning())
    return requirement.edges, {"clerks": requirement.by_group["clerks"]}


def test_what_suffices_today_is_never_made_dearer(short_blocks: Sizes) -> None:
    """Three early and two late keep it with nothing to spare, and each is one too few without."""
    fits = '      early: {days: mon, hours: "08:00-11:00", headcount: 3}\n'
    fits += '      late: {days: mon, hours: "09:00-12:00", headcount: 2}'
    plan = sim.plan(morning(shifts=fits), workers=1)
    assert plan.verified
    assert plan.headcounts == (3, 2)


def test_today_replaces_a_dearer_plan_if_it_passes_the_same_confirmation(short_blocks: Sizes) -> None:
    """Three early and two late keep 81 % with too little to spare for the search, which goes to confirm a sixth person.

    The confirmation passes for both, so that today's five stay; of 82 % it does not show that five keep it.
    """
    fits = '      early: {days: mon, hours: "08:00-11:00", headcount: 3}\n'
    fits += '      late: {days: mon, hours: "09:00-12:00", headcount: 2}'
    confirmed: dict[int, float | None] = {}

    def planned(percent: int) -> Plan:
        def told(progress: PlanProgress) -> None:
            if progress.doing == "confirming on fresh hands":
                confirmed.setdefault(percent, progress.objective)

        return sim.plan(morning(SERVICE.replace("80 %", f"{percent} %"), shifts=fits), workers=1, progress=told)

    assert (planned(81).headcounts, confirmed[81]) == ((3, 2), 20 * 6 * 3)
    assert (planned(82).headcounts, confirmed[82]) == ((3, 3), 20 * 6 * 3)
    assert planned(81).status == planned(82).status == "verified"


def test_a_target_that_no_headcount_keeps_is_named_with_its_best(short_blocks: Sizes) -> None:
    """Satisfaction of those who never wait is 4.5: more people do not move it."""
    quality = "quality: {satisfaction: {best: 4.5, per_minute_waiting: -0.1}}"
    plan = sim.plan(morning(f"{SERVICE}, {{measure: satisfaction, at_least: 4.9}}", more=quality), workers=1)
    assert plan.status == "infeasible"
    said = (
        "satisfaction ≥ 4.9 was at best 4.5; one person more on any shift does not move it: headcounts cannot keep it"
    )
    assert plan.reason == said


def test_a_target_that_no_headcount_moves_pulls_nobody(short_blocks: Sizes) -> None:
    """Some 127 calls come, whoever is there: asked for 100 at most, the nearest plan is the one without that target."""
    nearest = sim.plan(morning(f"{SERVICE}, {{measure: arrived, channel: phone, at_most: 100}}"), workers=1)
    assert nearest.status == "infeasible"
    assert "one person more on any shift does not move it: headcounts cannot keep it" in nearest.reason
    assert nearest.objective == sim.plan(morning(), workers=1).objective


def test_a_target_that_is_almost_reached_pulls_few(short_blocks: Sizes) -> None:
    """Only far more people would see nobody at all give up: a tenth of what is missed is not worth them."""
    quality = "quality: {satisfaction: {best: 4.5, per_minute_waiting: 0}}"
    nearest = sim.plan(morning(f"{SERVICE}, {{measure: satisfaction, at_least: 4.9}}", more=quality), workers=1)
    assert nearest.status == "infeasible"
    assert nearest.objective < nearest.schedules.objective(nearest.schedules.present)


def test_what_plainly_holds_is_not_played_to_the_end(short_blocks: Sizes, played: Played) -> None:
    """Ten people keep the promise by far; five are the plan: the search plays a few replications of most between."""
    plan = sim.plan(morning(), workers=1)
    by_schedule: dict[Headcounts, int] = {}
    for headcounts, numbers in played:
        if numbers[0] < SELECTION:
            by_schedule[headcounts] = by_schedule.get(headcounts, 0) + len(numbers)
    assert by_schedule[plan.headcounts] == short_blocks.search
    dearer = [number for one, number in by_schedule.items() if plan.schedules.objective(one) > plan.objective + 60]
    assert dearer
    assert max(dearer) < short_blocks.search


def test_bounds_that_allow_too_few_are_named(short_blocks: Sizes) -> None:
    """Three people at most: all of them, and it is said that there are no more."""
    plan = sim.plan(morning(plan="{shifts: {clerks: {early: 0..2, late: 0..1, short: 0..0}}}"), workers=1)
    assert (plan.status, plan.headcounts) == ("infeasible", (2, 1, 0))
    assert plan.reason.endswith("every shift has all the people that the plan allows")


def test_what_is_missing_is_refused(short_blocks: Sizes) -> None:
    """A plan needs a `plan`, targets, and something to choose; the error says which."""
    without_targets = morning().with_changes({"targets": []})
    with pytest.raises(ScenarioError, match=r"targets: are missing: a plan needs promises to keep"):
        sim.plan(without_targets)
    with pytest.raises(ScenarioError, match=r"plan: is missing; say which shifts may change"):
        sim.plan(morning().with_changes({"plan": None}))
    with pytest.raises(ScenarioError, match="leaves no headcount to choose"):
        sim.plan(morning(plan="{shifts: {clerks: {early: 4..4}}}"))


def test_where_people_are_too_many_smaller_covers_are_looked_at(short_blocks: Sizes) -> None:
    """With 2.40 EUR a call at most, what covers the requirement costs too much: it goes down from there, not up."""
    told: list[str] = []
    cheap = f"{SERVICE.replace('80 %', '60 %')}, {{measure: cost_per_resolved, at_most: 2.4}}"
    few = SHIFTS.replace("headcount: 4", "headcount: 1").replace("headcount: 2", "headcount: 0")
    plan = sim.plan(morning(cheap, shifts=few), workers=1, progress=lambda one: told.append(one.doing))
    assert plan.verified
    scales = [int(doing.split()[3]) for doing in told if doing.startswith("a cover of")]
    assert min(scales) < max(scales) == 100
    assert not any(doing.startswith("repairing") for doing in told)


def test_interrupted_before_anything_holds_the_nearest_is_given(short_blocks: Sizes) -> None:
    """Ctrl-C at the first cover: today's two people are all that was seen."""

    def stop(progress: PlanProgress) -> None:
        if progress.doing.startswith("a cover"):
            raise KeyboardInterrupt

    few = SHIFTS.replace("headcount: 4", "headcount: 1").replace("headcount: 2", "headcount: 0")
    plan = sim.plan(morning(shifts=few), workers=1, progress=stop)
    assert (plan.status, plan.headcounts, plan.interrupted) == ("missed", (1, 1, 0), True)
    assert plan.reason == "the search had found nothing that keeps all targets when it was interrupted"


def test_interrupted_the_best_so_far_is_confirmed(short_blocks: Sizes) -> None:
    """Ctrl-C in the descent: what held by then is confirmed and returned, and it says that it was interrupted."""

    def stop(progress: PlanProgress) -> None:
        if progress.doing.startswith("one person more"):
            raise KeyboardInterrupt

    plan = sim.plan(morning(), workers=1, progress=stop)
    assert plan.interrupted
    assert plan.verified
    assert plan.objective >= sim.plan(morning(), workers=1).objective


def seconds(played: Played) -> Callable[[], float]:
    """Give a clock by which each replication takes a second."""
    return lambda: float(sum(len(numbers) for _, numbers in played))


def test_a_plan_ends_in_time_with_the_best_so_far_confirmed(short_blocks: Sizes, played: Played) -> None:
    """With less time than it takes: searched, confirmed and held against others within it."""
    whole = sim.plan(morning(), workers=1)
    limit = whole.effort.played - 40
    played.clear()
    plan = sim.plan(morning(), workers=1, time_limit=f"{limit} s", clock=seconds(played))
    assert plan.out_of_time
    assert not plan.interrupted
    assert plan.verified
    assert whole.objective <= plan.objective < plan.schedules.objective(plan.schedules.present)
    assert limit / 2 < plan.effort.played <= limit
    assert plan.effort.seconds == plan.effort.played
    assert not whole.out_of_time


def test_what_the_first_hands_wait_for_is_not_taken_for_the_time_of_all(short_blocks: Sizes, played: Played) -> None:
    """Machine code takes ten minutes, once: the search has the minutes that are left, which suffice."""
    clock = seconds(played)
    plan = sim.plan(morning(), workers=1, time_limit="30 min", clock=lambda: clock() + 600 * bool(played))
    assert plan.objective < plan.schedules.objective(plan.schedules.present)
    assert not plan.out_of_time


def test_with_time_enough_a_limit_changes_nothing(short_blocks: Sizes, played: Played) -> None:
    """The same headcounts on the same replications."""
    whole = sim.plan(morning(), workers=1)
    plan = sim.plan(morning(), workers=1, time_limit="10 h", clock=seconds(played))
    assert (plan.headcounts, plan.effort.played) == (whole.headcounts, whole.effort.played)
    assert not plan.out_of_time


def test_without_any_time_today_is_all_that_is_looked_at(short_blocks: Sizes, played: Played) -> None:
    """Its first look, its confirmation, and what stands beside it; it holds, so that it is the plan."""
    plan = sim.plan(morning(), workers=1, time_limit="1 s", clock=seconds(played))
    assert plan.verified
    assert plan.headcounts == plan.schedules.present
    assert {headcounts for headcounts, numbers in played if numbers[0] < CONFIRMATION} == {plan.headcounts}


def test_out_of_time_with_nothing_that_holds_the_nearest_is_given(short_blocks: Sizes, played: Played) -> None:
    """Two people miss the promise by far; it is not called infeasible, because nobody has looked any further."""
    few = SHIFTS.replace("headcount: 4", "headcount: 1").replace("headcount: 2", "headcount: 0")
    plan = sim.plan(morning(shifts=few), workers=1, time_limit="1 s", clock=seconds(played))
    assert (plan.status, plan.headcounts) == ("missed", (1, 1, 0))
    assert plan.reason == "the search had found nothing that keeps all targets when its time was over"


def test_a_limit_that_is_no_time_is_refused(short_blocks: Sizes) -> None:
    """It says what was given and what it must be."""
    with pytest.raises(QuestionError, match=r"time_limit: got 'soon', must be .*such as"):
        sim.plan(morning(), time_limit="soon")
