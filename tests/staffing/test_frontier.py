"""The frontier: plans for one promise after the other, on a desk that takes a second to plan."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from sim.experiment.replicate import run
from sim.report.figures import frontier as draw
from sim.report.figures.frontier import told_of
from sim.report.frontier_report import frontier_grids
from sim.scenario.schema import Scenario
from sim.staffing import frontier as frontiers
from sim.staffing.frontier import FRESH, Frontier, FrontierProgress, frontier
from sim.staffing.plan import plan
from sim.staffing.plan.evaluation import CONFIRMATION, FURTHER
from tests.report.figures.sheets import sheet
from tests.staffing.plan.desk import SERVICE, SHIFTS, morning, shorten

SCORES = "quality: {satisfaction: {best: 4.6, per_minute_waiting: -0.3, abandoned: 1.5}}"
FEW = "{shifts: {clerks: {early: 0..6, late: 0..6}}}"
"""Two headcounts to choose: quick to plan."""
ABANDONED = "{measure: abandonment, channel: phone, at_most: 12 %}"


class KilledError(Exception):
    """Stands for the end of the process."""


def _stop_at(point: int) -> Callable[[FrontierProgress], None]:
    """Press Ctrl-C when the plan of a point has begun."""

    def stop(progress: FrontierProgress) -> None:
        if progress.point == point:
            raise KeyboardInterrupt

    return stop


@pytest.fixture(scope="module")
def desk() -> Scenario:
    return morning(f"{ABANDONED}, {SERVICE}", plan=FEW, more=SCORES)


@pytest.fixture(scope="module")
def told() -> list[FrontierProgress]:
    return []


@pytest.fixture(scope="module")
def found(desk: Scenario, told: list[FrontierProgress]) -> Iterator[Frontier]:
    with pytest.MonkeyPatch.context() as patch:
        shorten(patch, 16)
        yield frontier(desk, ["90 %", 0.6], workers=1, progress=told.append)


def test_each_promise_has_a_plan_that_keeps_it_and_a_higher_one_costs_more(found: Frontier) -> None:
    low, high = found.points
    assert (low.bound, high.bound) == (0.6, 0.9)
    assert (low.plan.status, high.plan.status) == ("verified", "verified")
    assert low.plan.original.targets[1].at_least == 0.6
    assert low.plan.original.targets[0] == found.scenario.targets[0]  # all others stay
    assert low.reached.low > 0.6
    assert high.reached.low > 0.9
    assert low.spent.high < high.spent.low
    assert low.satisfaction.high < high.satisfaction.low


def test_figures_are_of_replications_that_no_plan_has_seen(found: Frontier) -> None:
    """They are those of a run of the planned scenario on the same numbers, the same for all plans."""
    point = found.points[0]
    again = run(point.plan.scenario, replications=found.replications, seed=1, first_replication=FRESH)
    level = again.measure("service_level", within="20 s", channel="phone").iloc[0]
    assert (point.reached.estimate, point.reached.low) == (level["estimate"], level["low"])
    assert point.spent.estimate == again.measure("cost")["estimate"].iloc[0]
    assert point.satisfaction.high == again.measure("satisfaction")["high"].iloc[0]
    assert FRESH > CONFIRMATION + 4 * FURTHER


def test_the_table_has_a_row_for_each_point(found: Frontier) -> None:
    table = found.table
    assert table["bound"].tolist() == [0.6, 0.9]
    assert table["spent"].tolist() == [point.spent.estimate for point in found.points]
    assert table.attrs["promise"] == "phone service_level within 20 s"
    assert table.attrs["spent_unit"] == "EUR"
    assert "<table" in found._repr_html_()
    assert repr(found) == "<Frontier of 'Small desk': 2 plans for phone service_level within 20 s>"


def test_the_search_begins_at_the_plan_of_the_next_higher_promise(
    told: list[FrontierProgress], found: Frontier
) -> None:
    """The highest promise starts from today's shifts; what keeps it keeps the lower one, so no cover is needed."""
    doing = {bound: {one.plan.doing for one in told if one.bound == bound} for bound in (0.6, 0.9)}
    assert "today's schedule" in doing[0.9]
    assert "the schedule to begin with" in doing[0.6]
    assert not any("cover of" in words for words in doing[0.6])
    assert {(one.point, one.points) for one in told} == {(1, 2), (2, 2)}


def test_a_frontier_that_was_killed_goes_on_and_plays_nothing_twice(
    desk: Scenario, found: Frontier, tmp_path: Path
) -> None:
    """Killed in its second plan; with the journal the same points, and together as many replications."""

    def kill(progress: FrontierProgress) -> None:
        if progress.point == 2 and progress.plan.replications > 20:
            raise KilledError

    with pytest.MonkeyPatch.context() as patch:
        shorten(patch, 16)
        with pytest.raises(KilledError):
            frontier(desk, ["90 %", 0.6], workers=1, resume=tmp_path / "j", progress=kill)
        again = frontier(desk, ["90 %", 0.6], workers=1, resume=tmp_path / "j")
        afterwards = plan(again.points[0].plan.original, workers=1, resume=tmp_path / "j")
    assert again.table.equals(found.table)
    assert [point.plan.headcounts for point in again.points] == [point.plan.headcounts for point in found.points]
    played = [sum(point.plan.effort.played for point in one.points) for one in (again, found)]
    assert played[0] < played[1] - 20
    assert afterwards.effort.recalled > 0


def test_points_of_one_curve_share_what_they_play(found: Frontier) -> None:
    """Today's shifts are simulated beside each plan, and played once."""
    low, high = found.points
    assert high.plan.effort.recalled == 0
    assert low.plan.effort.recalled > 0


def test_an_interrupted_frontier_has_the_points_that_are_complete(desk: Scenario) -> None:
    """Stopped in its second plan: the first, and what is missing is told."""
    with pytest.MonkeyPatch.context() as patch:
        shorten(patch, 16)
        stopped = frontier(desk, [0.9, 0.8, 0.6], workers=1, progress=_stop_at(2))
    assert [point.bound for point in stopped.points] == [0.9]
    assert stopped.interrupted
    assert stopped.missing == ((0.6, {}), (0.8, {}))
    [grid] = frontier_grids(stopped)
    assert (
        grid.notes[-1]
        == "Interrupted: not planned any more are ≥ 60 %, ≥ 80 %. With `--resume FILE` a frontier goes on."
    )


@pytest.mark.slow
def test_a_plan_that_begins_elsewhere_is_as_cheap(found: Frontier) -> None:
    with pytest.MonkeyPatch.context() as patch:
        shorten(patch, 16)
        alone = plan(found.points[0].plan.original, workers=1)
    assert found.points[0].plan.cost == pytest.approx(alone.cost, abs=60)  # a shift unit


def test_promises_that_are_written_in_a_line_are_varied_too() -> None:
    desk = morning('"phone.service_level(20 s) >= 80 %"')
    changed = frontiers._promising(desk, 0, 0.725, {"clerks": 1.1})
    assert changed.targets[0].at_least == 0.725
    assert changed.targets[0].within == 20_000
    assert changed.agent_groups["clerks"].pace == 1.1


@pytest.mark.slow
def test_each_pace_has_its_curve(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quicker people keep the same promise with fewer hours."""
    shorten(monkeypatch, 16)
    found = frontier(morning(plan=FEW), [0.8], paces={"clerks": (1.0, 1.5)}, workers=1)
    steady, quick = found.points
    assert (dict(steady.pace), dict(quick.pace)) == ({"clerks": 1.0}, {"clerks": 1.5})
    assert quick.plan.paid_hours < steady.plan.paid_hours
    assert np.isnan(quick.satisfaction.estimate)
    assert told_of(found) == ["spent"]
    ax = draw(found, ax=sheet())
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["clerks at pace 100 %", "clerks at pace 150 %"]


def test_what_cannot_be_traced_is_said(desk: Scenario) -> None:
    with pytest.raises(ValueError, match="bounds: got '85', must be a share between 0 and 1 such as 85 %"):
        frontier(desk, ["85"])
    with pytest.raises(ValueError, match="bounds: there are none; name at least one, such as 85 %"):
        frontier(desk, [])
    with pytest.raises(ValueError, match=r"target: got 0, must be the number of one .*: 1: phone service_level within"):
        frontier(desk, target=0)
    with pytest.raises(ValueError, match="target: the scenario has none that asks a share of at least something"):
        frontier(morning(ABANDONED))
    with pytest.raises(ValueError, match="paces: unknown group 'clerk'; known: clerks"):
        frontier(desk, paces={"clerk": [1.1]})
    with pytest.raises(ValueError, match=r"effort: got 0, must be a number above 0, such as 0\.5"):
        frontier(desk, effort=0)


def test_a_plan_of_other_shifts_is_nothing_to_begin_with(found: Frontier) -> None:
    other = morning(plan="{shifts: {clerks: {early: 0..6}}}", shifts=SHIFTS.replace("late:", "later:"))
    with pytest.raises(ValueError, match="begin: plans other shifts than 'Small desk' has; leave it out"):
        plan(other, begin=found.points[0].plan)


def test_the_curve_is_drawn_with_both_intervals(found: Frontier) -> None:
    for of in ("spent", "satisfaction"):
        ax = draw(found, of, ax=sheet())
        values = [getattr(point, of) for point in found.points]
        curve = ax.lines[0]
        assert list(curve.get_xdata()) == [point.reached.estimate for point in found.points]
        assert list(curve.get_ydata()) == [value.estimate for value in values]
        across = [tuple(one.get_xdata()) for one in ax.lines if len(set(one.get_ydata())) == 1 and one.get_alpha()]
        assert across == [(point.reached.low, point.reached.high) for point in found.points]
        up = [tuple(one.get_ydata()) for one in ax.lines if len(set(one.get_xdata())) == 1 and one.get_alpha()]
        assert up == [(value.low, value.high) for value in values]
        assert [text.get_text() for text in ax.texts] == ["≥ 60 %", "≥ 90 %"]
        assert ax.get_xlabel() == "phone service_level within 20 s, reached over the run"
    assert draw(found, ax=sheet()).get_ylabel() == "cost, EUR"
    with pytest.raises(
        ValueError, match="of: got 'cost', must be one of spent, satisfaction, first_contact_resolution"
    ):
        draw(found, "cost", ax=sheet())
