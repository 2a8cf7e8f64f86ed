"""`madoguchi frontier`: the table, the files it writes, and how it refuses."""

import json
from pathlib import Path

import pytest

from tests.cli.calls import Command
from tests.staffing.plan.desk import morning, shorten

FEW = "{shifts: {clerks: {early: 0..6, late: 0..6}}}"
"""Two headcounts to choose: quick to plan."""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small desk as a file; plans of it take short blocks."""
    shorten(monkeypatch, 16)
    path = tmp_path / "desk.yaml"
    path.write_text(morning(plan=FEW).to_yaml(), encoding="utf-8")
    return path


def test_a_frontier_is_shown_written_and_drawn(madoguchi: Command, desk: Path, tmp_path: Path) -> None:
    """A row for each promise with what it costs; columns that the scenario tells nothing of are left out."""
    out = tmp_path / "out"
    ran = madoguchi("frontier", desk, "--bounds", "60 %,85 %", "--workers", 1, "--out", out, "--figures", out)
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert lines[0] == "Frontier: phone service_level within 20 s"
    assert lines[1].split() == ["reached", "over", "the", "run", "cost", "plan"]
    assert lines[2].split()[:3] == ["≥", "60", "%"]
    assert lines[3].split()[:3] == ["≥", "85", "%"]
    assert lines[3].endswith("verified")
    assert "plan 1 of 2 (≥ 85 %)" in ran.err
    assert {path.name for path in out.iterdir()} == {"frontier.json", "frontier.csv", "frontier.png"}
    found = json.loads((out / "frontier.json").read_text(encoding="utf-8"))
    assert [point["bound"] for point in found["points"]] == [0.6, 0.85]
    assert found["points"][0]["satisfaction"] is None
    played, known = (sum(point[name] for point in found["points"]) for name in ("played", "from_journal"))
    assert f"Plans took {played:,} replications; {known:,} more were known" in " ".join(ran.out.split())
    assert min(played, known) > 0
    assert found["points"][0]["spent"]["low"] <= found["points"][0]["spent"]["estimate"]
    assert (out / "frontier.csv").read_text(encoding="utf-8").startswith("bound,status,paid_hours,reached,")


def test_bad_input_is_said_before_anything_runs(madoguchi: Command, desk: Path) -> None:
    for arguments, message in (
        (["--bounds", "85"], "bounds: got '85', must be a share between 0 and 1 such as 85 %"),
        (["--pace", "clerks=fast"], "--pace: got 'clerks=fast', must be GROUP=A,B such as front_desk=100 %,110 %"),
        (["--pace", "clerk=110 %"], "paces: unknown group 'clerk'; known: clerks"),
        (["--set", "plan=null"], "plan: is missing; say which shifts may change"),
        (["--effort", "0"], "effort: got 0.0, must be a number above 0, such as 0.5"),
    ):
        ran = madoguchi("frontier", desk, "-q", *arguments)
        assert (ran.status, ran.out) == (2, "")
        assert message in ran.err
