"""`pytest scenarios/`: every target and baseline is an item."""

from importlib.metadata import entry_points
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import sim
from tests.check.desks import desk, edited
from tests.check.test_baseline import kept

KEPT, BROKEN = "offered >= 100", "offered >= 150"
FEW = "[pytest]\nmadoguchi_max_replications = 10\n"

INSTALLED = any(point.name == "madoguchi" for point in entry_points(group="pytest11"))
PLUGIN = () if INSTALLED else ("-p", "sim.check.pytest_plugin")


@pytest.fixture(autouse=True, scope="module")
def _loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Have everything imported: what a pytest within this one imports is forgotten after it."""
    folder = tmp_path_factory.mktemp("first")
    desk(folder, KEPT)
    kept(folder / "desk.yaml", replications=2)
    sim.check(folder / "desk.yaml", replications=2)


def ran(pytester: pytest.Pytester, *arguments: object) -> pytest.RunResult:
    """Run pytest in a process of this one."""
    return pytester.runpytest_inprocess(*PLUGIN, "-p", "no:cacheprovider", *arguments)


@pytest.fixture
def folder(pytester: pytest.Pytester) -> Path:
    """A project with a scenario of two targets, one of them broken."""
    pytester.makefile(".ini", pytest=FEW)
    scenarios = pytester.mkdir("scenarios")
    desk(scenarios, KEPT, BROKEN)
    return scenarios


def test_each_target_is_an_item_and_a_failure_says_all(pytester: pytest.Pytester, folder: Path) -> None:
    result = ran(pytester, "-v", "scenarios")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "scenarios/desk.yaml::offered >= 100 PASSED*",
            "scenarios/desk.yaml::offered >= 150 FAILED*",
            "fail: 12*.* contacts (*), after 10 replications",
            "scenarios/desk.yaml:13:5: offered >= 150",
            "FAILED scenarios/desk.yaml::offered >= 150 - fail: 12*",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_items_are_chosen_by_name(pytester: pytest.Pytester, folder: Path) -> None:
    ran(pytester, "-k", "offered and 100", "scenarios").assert_outcomes(passed=1, deselected=1)
    ran(pytester, "scenarios/desk.yaml::offered >= 100").assert_outcomes(passed=1)


def test_a_scenario_is_run_once(pytester: pytest.Pytester, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.check import checking  # noqa: PLC0415

    runs = []
    check_case = checking.check_case
    monkeypatch.setattr(checking, "check_case", lambda *a, **k: (runs.append(1), check_case(*a, **k))[1])
    ran(pytester, "scenarios")
    assert len(runs) == 1


def test_a_baseline_is_an_item_too(pytester: pytest.Pytester, folder: Path) -> None:
    path = desk(folder, KEPT)
    kept(path, replications=10)
    ran(pytester, "scenarios").assert_outcomes(passed=2)
    edited(path, "headcount: 3", "headcount: 2")
    result = ran(pytester, "scenarios")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "fail: * of 17 measures to the last digit*",
            "*the scenario is not the one of the baseline*",
            "scenarios/desk.baseline:1:1: baseline",
        ]
    )


def test_the_last_failures_can_be_run_again(pytester: pytest.Pytester, folder: Path) -> None:
    pytester.runpytest_inprocess(*PLUGIN, "scenarios").assert_outcomes(passed=1, failed=1)
    pytester.runpytest_inprocess(*PLUGIN, "--lf", "scenarios").assert_outcomes(failed=1)


def test_junit_xml_has_the_verdicts_as_properties(pytester: pytest.Pytester, folder: Path) -> None:
    ran(pytester, "--junitxml=junit.xml", "scenarios")
    cases = {case.get("name"): case for case in ET.parse("junit.xml").getroot().iter("testcase")}
    properties = {one.get("name"): one.get("value") for one in cases[BROKEN].iter("property")}
    assert (properties["madoguchi_verdict"], properties["madoguchi_replications"]) == ("fail", "10")
    assert properties["madoguchi_found"].endswith("after 10 replications")


def test_other_yaml_files_are_left_alone(pytester: pytest.Pytester, folder: Path) -> None:
    (folder / "workflow.yaml").write_text("on: push\njobs: [}\n", encoding="utf-8")
    (folder / "data.yml").write_text("format: 1\ntargets: [x]\n", encoding="utf-8")
    (folder / "no_targets.yaml").write_text(desk(folder, KEPT).read_text().partition("targets:")[0], encoding="utf-8")
    ran(pytester, "scenarios").assert_outcomes(passed=1)


def test_a_broken_scenario_is_an_error_with_its_place(pytester: pytest.Pytester, folder: Path) -> None:
    edited(folder / "desk.yaml", "mean: 2 min", "mean: 2")
    result = ran(pytester, "scenarios")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*desk.yaml:8:70: contact_types.order.handling.desk.handle_time.mean", "*got 2, must*"]
    )


def test_settings_of_the_project_are_kept(pytester: pytest.Pytester, folder: Path) -> None:
    """None are collected; an undecided target passes; a setting that makes no sense is said."""
    pytester.makefile(".ini", pytest="[pytest]\nmadoguchi_scenarios = false\n")
    ran(pytester, "scenarios").assert_outcomes()
    desk(folder, "phone.retry.abandonment <= 50 %")
    pytester.makefile(".ini", pytest=FEW)
    ran(pytester, "scenarios").assert_outcomes(failed=1)
    pytester.makefile(".ini", pytest=f"{FEW}madoguchi_undecided = pass\n")
    ran(pytester, "scenarios").assert_outcomes(passed=1)
    pytester.makefile(".ini", pytest="[pytest]\nmadoguchi_replications = many\n")
    result = ran(pytester, "scenarios")
    result.stdout.fnmatch_lines(["*settings of madoguchi: *'many'*"])


@pytest.mark.slow
def test_the_items_of_a_scenario_go_to_one_worker(
    pytester: pytest.Pytester, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers of their own home have no engine compiled, so the other one plays."""
    monkeypatch.setenv("PYTHONPATH", str(Path(sim.__file__).parents[1]))
    pytester.makefile(".ini", pytest=f"{FEW}madoguchi_engine = reference\n")
    desk(folder, *[f"offered >= {bound}" for bound in range(50, 60)])
    desk(folder, *[f"offered >= {bound}" for bound in range(60, 70)], name="other.yaml")
    result = pytester.runpytest_subprocess(*PLUGIN, "-v", "-n", "2", "scenarios")
    result.assert_outcomes(passed=20)
    workers: dict[str, set[str]] = {}
    for line in result.outlines:
        if line.startswith("[gw") and "PASSED" in line:
            workers.setdefault("desk" if "desk.yaml" in line else "other", set()).add(line[:5])
    assert {name: len(found) for name, found in workers.items()} == {"desk": 1, "other": 1}
