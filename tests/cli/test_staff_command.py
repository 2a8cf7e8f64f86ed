"""The command `staff`: what it prints, writes and refuses."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sim.cli.main import app
from sim.scenario.load import load

DESK = """
format: 1
name: A small desk
time: {start: 2026-04-06, length: 1 day, interval: 6 h}
channels: {phone: {patience: {distribution: exponential, mean: 3 min}}}
contact_types:
  order:
    arrivals: {phone: {rate: 10 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 4 min}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, shrinkage: {absence: 20 %}, headcount: 3}}
targets: [{measure: service_level, channel: phone, within: 20 s, at_least: 80 %}]
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    path = tmp_path / "desk.yaml"
    path.write_text(DESK)
    return path


def called(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["staff", *map(str, arguments)])


def test_it_prints_targets_hours_and_the_curve_and_takes_a_number_apart(desk: Path) -> None:
    done = called(desk, "--replications", 10, "--workers", 1, "--explain", "clerks@10:00")
    assert done.exit_code == 0, done.output
    for text in (
        "A small desk: people needed",
        "by formula",
        "phone service_level within 20 s ≥ 80 %",
        "By formula, and repaired by simulation",
        "clerks, Mon 6 Apr",
        "net ÷ (1 − shrinkage)",
        "clerks: 20 % absence; 20 % together.",
        "clerks: people at work by hour, net",
        "clerks at Mon 2026-04-06 06:00:",
        "saved because some leave (Erlang A)",
        "confirming",
    ):
        assert text in done.output


def test_analytic_is_fast_and_plays_nothing(desk: Path) -> None:
    done = called(desk, "--analytic", "--json")
    found = json.loads(done.stdout)
    assert found["targets"] == []
    assert found["search"] == "by formula; nothing was simulated"
    assert found["groups"]["clerks"]["net"] == [2, 2, 2, 2]
    assert found["groups"]["clerks"]["gross"] == [2.5] * 4


def test_its_staffing_files_can_be_named_in_a_scenario(desk: Path, tmp_path: Path) -> None:
    done = called(desk, "--analytic", "--quiet", "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "requirement.csv").read_text().startswith("start,group,net,gross,load,by_formula")
    desk.write_text(DESK.replace("headcount: 3", "staffing: {file: out/staffing_clerks.csv}"))
    assert load(desk).agent_groups["clerks"].staffing is not None


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--explain", "clerks"), "--explain: got 'clerks', must be GROUP@TIME with one of the groups clerks"),
        (("--explain", "clerks@soon"), "--explain: got 'soon', must be a date and time such as"),
        (("--replications", "0"), "--replications: got '0', must be auto or a whole number of at least 1"),
        (("--set", "targets=[]"), "the scenario has no `targets` to keep; add some, or ask with --analytic"),
    ],
)
def test_bad_input_is_refused_before_anything_runs(desk: Path, arguments: tuple[str, ...], text: str) -> None:
    done = called(desk, *arguments)
    assert done.exit_code == 2
    assert text in done.output


def test_a_target_that_is_not_kept_makes_the_command_fail(desk: Path) -> None:
    desk.write_text(DESK.replace("at_least: 80 %}", "at_least: 80 %}, {measure: staff_hours, at_most: 1}"))
    done = called(desk, "--replications", 5, "--workers", 1, "--quiet")
    assert done.exit_code == 1
    assert "more people only break it" in done.output


def test_the_curve_is_drawn_into_a_folder(desk: Path, tmp_path: Path) -> None:
    done = called(desk, "--analytic", "--figures", tmp_path / "drawn", "--figure-format", "svg")
    assert (done.exit_code, done.stderr) == (0, f"wrote {tmp_path / 'drawn'}\n"), done.output
    assert [path.name for path in (tmp_path / "drawn").iterdir()] == ["required.svg"]
