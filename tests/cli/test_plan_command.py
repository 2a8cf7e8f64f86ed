"""`madoguchi plan`: the report, the files it writes, and its exit statuses."""

import json
from pathlib import Path

import pytest

from sim.scenario.load import load
from tests.cli.calls import Command
from tests.staffing.plan.desk import morning, shorten


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small desk as a file; plans of it take short blocks."""
    shorten(monkeypatch)
    path = tmp_path / "desk.yaml"
    path.write_text(morning().to_yaml(), encoding="utf-8")
    return path


def test_the_plan_is_reported_and_its_scenario_runs(madoguchi: Command, desk: Path, tmp_path: Path) -> None:
    """Status 0: verdict, headcounts now and then, targets with intervals, other plans beside; the file can be run."""
    out = tmp_path / "new" / "planned.yaml"
    drawn = tmp_path / "drawn"
    ran = madoguchi("plan", desk, "--workers", "1", "--out", out, "--figures", drawn)
    assert ran.status == 0
    assert [path.name for path in drawn.iterdir()] == ["required_and_scheduled.png"]
    assert f"wrote {drawn}" in ran.err
    for text in (
        "verified: every target passed the confirmation",
        "clerks/early mon 08:00-11:00",
        "Erlang C by interval",
        "Erlang C, no shifts: exactly the people at work that it asks for in each interval",
    ):
        assert text in " ".join(ran.out.split())
    assert "replications" in ran.out
    assert "nothing holds yet; 0 replications" in ran.err
    assert f"wrote {out}; next: madoguchi run {out}" in ran.err
    planned = load(out)
    assert sum(planned.agent_groups["clerks"].shifts[name].headcount[0] for name in ("early", "late", "short")) < 10
    assert out.read_text(encoding="utf-8").startswith("# Small desk, planned: verified")
    assert madoguchi("run", out, "--replications", "2", "-q").status == 0


def test_the_plan_as_json(madoguchi: Command, desk: Path) -> None:
    """Everything that the report shows, and the changes that make the plan."""
    found = json.loads(madoguchi("plan", desk, "--workers", "1", "--json", "-q").out)
    assert found["status"] == "verified"
    assert found["replications"]["confirmation"] == 64
    assert found["cost"] == sum(shift["cost"] for shift in found["shifts"])
    assert load(desk).with_changes(found["changes"]).hash != load(desk).hash
    assert {"start", "required", "scheduled"} <= set(found["intervals"][0])


def test_infeasible_is_status_1_and_says_why(madoguchi: Command, desk: Path) -> None:
    """The nearest plan is shown all the same."""
    few = "plan.shifts.clerks={early: 0..1, late: 0..1, short: 0..0}"
    ran = madoguchi("plan", desk, "--workers", "1", "-q", "--set", few)
    assert ran.status == 1
    assert "infeasible: this is the nearest plan" in ran.out
    assert "every shift has all the people that the" in " ".join(ran.out.split())


def test_out_of_time_is_status_4_if_verified_and_3_else(madoguchi: Command, desk: Path) -> None:
    """No time at all: today's schedule is confirmed; where it misses the promise, whether any keeps it is open."""
    ran = madoguchi("plan", desk, "--workers", "1", "-q", "--time-limit", "1 ms")
    assert ran.status == 4
    said = " ".join(ran.out.split())
    assert "verified: every target passed the confirmation" in said
    assert (
        "Stopped at its time limit: this is the best plan so far, and a longer search may find a cheaper one." in said
    )
    few = [
        "--set",
        "agent_groups.clerks.shifts.early.headcount=1",
        "--set",
        "agent_groups.clerks.shifts.late.headcount=1",
    ]
    ran = madoguchi("plan", desk, "--workers", "1", "-q", "--time-limit", "1 ms", "--json", *few)
    assert ran.status == 3
    found = json.loads(ran.out)
    assert (found["status"], found["out_of_time"], found["interrupted"]) == ("missed", True, False)
    assert found["reason"] == "the search had found nothing that keeps all targets when its time was over"


def test_bad_input_is_status_2_before_anything_runs(madoguchi: Command, desk: Path, tmp_path: Path) -> None:
    """No plan in the scenario; a folder for a file; a journal that is none."""
    ran = madoguchi("plan", desk, "--set", "plan=null")
    assert ran.status == 2
    assert "plan: is missing; say which shifts may change, such as plan: {shifts: {agents: all}}" in ran.err
    ran = madoguchi("plan", desk, "--out", tmp_path)
    assert (ran.status, ran.err) == (
        2,
        f"--out: {tmp_path} is a folder; name a file, such as {tmp_path / 'planned.yaml'}\n",
    )
    ran = madoguchi("plan", desk, "--time-limit", "soon")
    assert ran.status == 2
    assert "--time-limit: got 'soon', must be a duration with its unit such as" in ran.err
    ran = madoguchi("plan", desk, "--resume", desk)
    assert ran.status == 2
    assert "cannot be used as a journal of evaluations" in ran.err


def test_a_given_requirement_is_covered_without_simulating(madoguchi: Command, desk: Path, tmp_path: Path) -> None:
    """Two people from nine to eleven and one before: the short shift twice and an early one are the cheapest."""
    rows = ["start,group,net,load", "2026-04-06 08:00,clerks,1,0.4", "2026-04-06 08:30,clerks,1,0.5"]
    rows += [f"2026-04-06 {at},clerks,2,1.1" for at in ("09:00", "09:30", "10:00", "10:30:00+00:00")]
    (tmp_path / "need.csv").write_text("\n".join(rows))
    out = tmp_path / "covered.yaml"
    ran = madoguchi("plan", desk, "--requirement", tmp_path / "need.csv", "--out", out)
    assert ran.status == 0
    assert "nothing was simulated" in ran.out
    shifts = load(out).agent_groups["clerks"].shifts
    assert [shifts[name].headcount[0] for name in ("early", "late", "short")] == [1, 0, 1]
    found = json.loads(madoguchi("plan", desk, "--requirement", tmp_path / "need.csv", "--json").out)
    assert found["cost"] == 20 * (3 + 2)


def test_what_is_wrong_with_a_requirement_is_told_by_cell(madoguchi: Command, desk: Path, tmp_path: Path) -> None:
    """Line and column, what was given and what it must be; what cannot be covered is status 1."""
    need = tmp_path / "need.csv"
    need.write_text("start,group,net\n2026-04-06 08:10,clerk,-1\n")
    ran = madoguchi("plan", desk, "--requirement", need)
    assert ran.status == 2
    for text in (
        "need.csv:2:1",
        "got '2026-04-06 08:10', must be the begin of an interval of 30 min from 2026-04-06 00:00 on",
        "got 'clerk', must be an agent group (clerks); did you mean 'clerks'?",
        "got '-1'",
    ):
        assert text in ran.err
    need.write_text("start,group,net\n2026-04-06 13:00,clerks,1\n")
    ran = madoguchi("plan", desk, "--requirement", need)
    assert ran.status == 1
    assert "1 intervals lack agents" in ran.err
