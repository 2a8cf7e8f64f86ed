"""`madoguchi check`: verdicts for people and for CI, and its exit statuses."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.check.desks import desk, edited
from tests.cli.calls import Command

KEPT, BROKEN, OPEN = "offered >= 100", "offered >= 150", "phone.retry.abandonment <= 50 %"
FEW = ("--max-replications", 10, "--workers", 1, "--quiet")


@pytest.fixture(autouse=True)
def _not_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)


def test_a_table_says_what_was_found_and_what_it_took(tmp_path: Path, madoguchi: Command) -> None:
    ran = madoguchi("check", desk(tmp_path, KEPT, BROKEN), *FEW)
    assert ran.status == 1
    lines = ran.out.split("\n")
    assert lines[1:5] == [
        "  pass       offered >= 100",
        "             120.7 contacts (114.3 to 127.1), after 10 replications",
        "  fail       offered >= 150",
        "             120.7 contacts (114.3 to 127.1), after 10 replications",
    ]
    assert "1 scenario, 2 verdicts: 1 pass, 1 fail; spent 10 replications" in lines
    assert ran.err.startswith("took ")


def test_long_targets_and_what_is_undecided_are_told_on_lines_of_their_own(tmp_path: Path, madoguchi: Command) -> None:
    long = "phone.first.service_level(20 s, settled) >= 10 % on 50 % of hours, warn 20 %, floor 1 % per hour"
    lines = madoguchi("check", desk(tmp_path, OPEN, long), *FEW).out.split("\n")
    assert lines[1:6] == [
        f"  undecided  {OPEN}",
        "             no data: nothing came that it judges, after 10 replications; more replications will",
        "             hardly help: see whether it can come at all",
        "  pass       phone.first.service_level(20 s, settled) >= 10 % on 50 % of hours, warn 20 %, floor 1 %",
        "             per hour",
    ]


def test_exit_statuses(tmp_path: Path, madoguchi: Command) -> None:
    """0 all pass, 1 something failed, 3 nothing failed but something is undecided, unless that counts as a pass."""
    assert madoguchi("check", desk(tmp_path, KEPT), *FEW).status == 0
    path = desk(tmp_path, KEPT, OPEN)
    assert madoguchi("check", path, *FEW).status == 3
    assert madoguchi("check", path, *FEW, "--undecided", "pass").status == 0
    assert madoguchi("check", path, *FEW, "--set", f"targets=['{BROKEN}']").status == 1


def test_json_is_alone_on_its_stream(tmp_path: Path, madoguchi: Command) -> None:
    ran = madoguchi("check", desk(tmp_path, KEPT, BROKEN), *FEW, "--json", "--annotations", "github")
    found = json.loads(ran.out)
    assert (found["status"], found["passed"], found["counts"]["fail"]) == (1, False, 1)
    assert "::error file=" in ran.err


def test_ci_is_told_where_in_the_file_something_failed(
    tmp_path: Path, madoguchi: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk(tmp_path, KEPT, BROKEN, "offered >= 100, warn 150")
    said = "120.7 contacts (114.3 to 127.1), after 10 replications"
    failed = f"::error file={path},line=13,col=5,title=fail%3A offered >= 150::{said}"
    warned = f"::warning file={path},line=14,col=5,title=warned%3A offered >= 100%2C warn 150::"
    assert "::" not in madoguchi("check", path, *FEW).out
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    notes = [line for line in madoguchi("check", path, *FEW).out.split("\n") if line.startswith("::")]
    assert notes[0] == failed
    assert notes[1].startswith(warned)
    assert len(notes) == 2
    assert "::" not in madoguchi("check", path, *FEW, "--annotations", "none").out


def test_a_broken_scenario_is_told_to_ci_too(tmp_path: Path, madoguchi: Command) -> None:
    path = desk(tmp_path, KEPT)
    edited(path, "mean: 2 min", "mean: 2 mni")
    junit = tmp_path / "junit.xml"
    junit.write_text("<testsuites/>", encoding="utf-8")
    ran = madoguchi("check", path, *FEW, "--annotations", "github", "--junit", junit)
    assert ran.status == 2
    assert f"{path}:8:70: contact_types.order.handling.desk.handle_time.mean\n  got '2 mni'" in ran.err
    assert ran.out.startswith(f"::error file={path},line=8,col=70,title=contact_types.order.handling")
    (case,) = ET.parse(junit).getroot().iter("testcase")
    assert "got '2 mni'" in (case.find("error").text or "")  # type: ignore[union-attr]  # or the test fails


def test_junit_xml_has_a_case_for_each_verdict(tmp_path: Path, madoguchi: Command) -> None:
    path, junit = desk(tmp_path, KEPT, BROKEN, OPEN, f"{OPEN}, undecided pass"), tmp_path / "out" / "junit.xml"
    madoguchi("check", path, *FEW, "--junit", junit)
    (suite,) = ET.parse(junit).getroot()
    assert (suite.get("name"), suite.get("tests"), suite.get("failures"), suite.get("errors")) == (str(path), *"411")
    kinds = [[child.tag for child in case if child.tag != "properties"] for case in suite]
    assert kinds == [["system-out"], ["failure"], ["error"], ["system-out"]]
    assert [case.get("name") for case in suite][:2] == [KEPT, BROKEN]
    assert [case.get("line") for case in suite] == ["12", "13", "14", "15"]


def test_a_summary_is_added_to_that_of_the_step_or_written_where_asked(
    tmp_path: Path, madoguchi: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, step = desk(tmp_path, KEPT, BROKEN), tmp_path / "step.md"
    step.write_text("# Before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(step))
    madoguchi("check", path, *FEW)
    text = step.read_text(encoding="utf-8")
    assert text.startswith("# Before\n### madoguchi check: not passed\n")
    assert "| pass | " in text
    assert "| offered \\>= 150 (line 13) | 120.7 contacts (114.3 to 127.1), after 10 replications |" in text
    own = tmp_path / "own.md"
    madoguchi("check", path, *FEW, "--summary", own)
    assert step.read_text(encoding="utf-8") == text
    assert own.read_text(encoding="utf-8") == text.removeprefix("# Before\n")


def test_baselines_are_written_compared_and_renewed(tmp_path: Path, madoguchi: Command) -> None:
    path, baseline = desk(tmp_path, KEPT), tmp_path / "desk.baseline"
    desk(tmp_path, KEPT, name="other.yaml")
    assert "wrote" not in madoguchi("check", tmp_path, *FEW, "--update-baseline").err, "in a folder none is made"
    ran = madoguchi("check", path, *FEW, "--update-baseline")
    assert (ran.status, f"wrote {baseline}" in ran.err) == (0, True)
    first = baseline.read_bytes()
    ran = madoguchi("check", path, *FEW)
    assert (ran.status, "17 of 17 measures to the last digit as before" in ran.out) == (0, True)
    edited(path, "headcount: 3", "headcount: 2")
    ran = madoguchi("check", path, *FEW, "--annotations", "github")
    assert ran.status == 1
    assert f"::error file={baseline},line=" in ran.out
    ran = madoguchi("check", tmp_path, *FEW, "--update-baseline")
    assert (ran.status, f"wrote {baseline}" in ran.err) == (0, True)
    assert baseline.read_bytes() != first
    assert not (tmp_path / "other.baseline").exists()


def test_a_scenario_without_targets_is_checked_against_its_baseline(tmp_path: Path, madoguchi: Command) -> None:
    path = desk(tmp_path)
    assert madoguchi("check", path, *FEW).status == 2
    assert madoguchi("check", path, *FEW, "--update-baseline").status == 0
    ran = madoguchi("check", path, *FEW)
    assert (ran.status, "16 of 16 measures to the last digit" in ran.out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.yaml"], "missing.yaml: cannot be read: No such file or directory"),
        (["empty"], "no scenario with targets or a baseline was found in the folders given; name one"),
        (["desk.yaml", "--junit", "empty"], "--junit empty: is a folder; name a file"),
        (["desk.yaml", "--junit", "desk.yaml/x.xml"], "--junit desk.yaml: is a file; name a folder"),
        (["desk.yaml", "--summary", ""], "--summary : is empty; name a file"),
        (["desk.yaml", "--replications", "0"], "--replications: got '0', must be auto or a whole number"),
        (["desk.yaml", "--set", "targets=['ofered >= 1']"], "unknown measure 'ofered'; did you mean 'offered'?"),
        (["desk.yaml", "--update-baseline", "--set", "demand.scale=2"], "leave --set and --variant out"),
        (["old.yaml"], "old.baseline:1:1: format 0 of baselines; this version reads format 1, so nothing was compared"),
    ],
)
def test_what_cannot_be_checked_is_refused(
    tmp_path: Path, madoguchi: Command, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    """Never "all good": exit status 2 and a message that says what to do."""
    monkeypatch.chdir(tmp_path)
    desk(Path(), KEPT)
    desk(Path(), KEPT, name="old.yaml")
    Path("old.baseline").write_text("madoguchi baseline 0\n", encoding="utf-8")
    Path("empty").mkdir()
    ran = madoguchi("check", *arguments, "--quiet")
    assert ran.status == 2
    assert said in ran.err


def test_an_unwritable_step_summary_is_refused(
    tmp_path: Path, madoguchi: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    ran = madoguchi("check", desk(tmp_path, KEPT), *FEW)
    assert (ran.status, f"step summary {tmp_path}: cannot be written to" in ran.err) == (2, True)


def test_what_does_not_fit_into_memory_is_refused_unless_forced(
    tmp_path: Path, madoguchi: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk(tmp_path, KEPT)
    monkeypatch.setattr("sim.cli.memory.machine_bytes", lambda: 1_000_000)
    ran = madoguchi("check", path, *FEW)
    assert (ran.status, "or go on with --force" in ran.err) == (2, True)
    assert madoguchi("check", path, *FEW, "--force").status == 0
