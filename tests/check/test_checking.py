"""Scenarios to verdicts, from Python."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

import sim
from sim.check.collect import is_scenario
from sim.check.errors import CheckError
from tests.check.desks import desk, edited
from tests.check.test_baseline import kept

KEPT, BROKEN, OPEN = "offered >= 100", "offered >= 150", "phone.retry.abandonment <= 50 %"
"""120 calls are to be expected; nobody calls again, so nothing can be said of those who do."""


def test_verdicts_come_to_a_status(tmp_path: Path) -> None:
    """1 if anything failed, 3 if nothing failed but something is undecided, else 0."""

    def status(*targets: str) -> int:
        return sim.check(desk(tmp_path, *targets), max_replications=30).status

    assert [status(KEPT), status(KEPT, OPEN), status(BROKEN), status(KEPT, OPEN, BROKEN)] == [0, 3, 1, 1]


def test_undecided_counts_as_a_pass_where_it_is_said(tmp_path: Path) -> None:
    assert sim.check(desk(tmp_path, f"{OPEN}, undecided pass"), max_replications=30).passed
    assert sim.check(desk(tmp_path, OPEN), max_replications=30, undecided="pass").passed
    assert not sim.check(desk(tmp_path, f"{BROKEN}, undecided pass"), max_replications=30).passed


def test_a_verdict_says_where_and_what_and_after_how_many_replications(tmp_path: Path) -> None:
    path = desk(tmp_path, KEPT, BROKEN)
    verdicts = sim.check(path, max_replications=30)
    kept, broken = verdicts
    assert str(broken.place) == f"{path}:13:5"
    assert (kept.name, kept.verdict, kept.replications) == (KEPT, "pass", 30)
    assert (broken.name, broken.verdict) == (BROKEN, "fail")
    assert broken.said() == "122.4 contacts (118.9 to 125.9), after 30 replications"
    assert verdicts.said() == "1 scenario, 2 verdicts: 1 pass, 1 fail; spent 30 replications"


def test_a_bound_that_is_only_warned_about_is_shown(tmp_path: Path) -> None:
    (verdict,) = sim.check(desk(tmp_path, "offered >= 100, warn 150"), max_replications=30)
    assert verdict.verdict == "pass"
    assert "warned: the bound of `warn` is not kept" in verdict.said()


def test_no_verdict_depends_on_engine_or_workers(tmp_path: Path) -> None:
    path = desk(tmp_path, KEPT, "phone.service_level(20 s) >= 50 %")
    first = sim.check(path, max_replications=30).to_dict()
    assert sim.check(path, max_replications=30, engine="reference").to_dict() == first


def test_scenarios_in_memory_are_checked_too(tmp_path: Path) -> None:
    scenario = sim.load(desk(tmp_path, KEPT))
    assert sim.check([scenario, scenario.with_changes({"targets": [BROKEN]})], replications=30).counts() == {
        "pass": 1,
        "fail": 1,
        "undecided": 0,
    }


def test_verdicts_show_as_table_json_and_html(tmp_path: Path) -> None:
    verdicts = sim.check(desk(tmp_path, KEPT, "abandonment <= 50 %", name="a&b.yaml"), replications=30)
    table = verdicts.table()
    assert list(table["what"]) == [KEPT, "abandonment <= 50 %"]
    assert list(table["line"]) == [12, 13]
    assert json.loads(json.dumps(verdicts.to_dict(), allow_nan=False))["passed"]


def test_a_target_per_period_names_the_one_that_decides(tmp_path: Path) -> None:
    """The second hour begins with the queue that the first one leaves; its floor is that of the worst half-hour."""
    per_hour = "phone.service_level(20 s) >= 76 % per hour, floor 10 % per interval"
    (verdict,) = sim.check(desk(tmp_path, per_hour), replications=30)
    assert verdict.said().startswith("worst hour 2026-04-06 01:00: ")
    assert "; floor: pass, worst interval 2026-04-06 01:" in verdict.said()
    assert verdict.to_dict()["worst"] == "2026-04-06 01:00"
    (verdict,) = sim.check(desk(tmp_path, KEPT), replications=30)
    assert verdict.to_dict()["worst"] is None


def test_verdicts_are_a_table_in_notebooks(tmp_path: Path) -> None:
    """A row each with what was found, a line each of what a baseline says; texts of files are no HTML."""
    path = desk(tmp_path, KEPT, "abandonment <= 50 %", name="a&b.yaml")
    kept(path)
    edited(path, "headcount: 3", "headcount: 2")
    verdicts = sim.check(path, max_replications=30)
    page = ElementTree.fromstring(verdicts._repr_html_().replace("<br>", "\n"))
    assert "".join(page.find("caption").itertext()) == verdicts.said()
    heads, *rows = [["".join(cell.itertext()) for cell in row] for row in page.iter("tr")]
    assert heads == ["verdict", "scenario", "target", "found"]
    assert rows == [[one.verdict, one.file, one.name, one.said()] for one in verdicts]
    assert [row[0] for row in rows] == ["pass", "pass", "fail"]
    assert rows[2][3].count("\n") > 3
    assert "a&amp;b.yaml" in verdicts._repr_html_()
    assert "abandonment &lt;= 50 %" in verdicts._repr_html_()


def test_a_folder_gives_its_scenarios_and_says_what_it_passes_over(tmp_path: Path) -> None:
    desk(tmp_path, KEPT, name="one.yaml")
    (tmp_path / "below").mkdir()
    desk(tmp_path / "below", KEPT, name="two.yml")
    (tmp_path / "workflow.yaml").write_text("on: push\njobs: {}\n", encoding="utf-8")
    (tmp_path / ".hidden").mkdir()
    desk(tmp_path / ".hidden", BROKEN)
    found = sim.check(tmp_path, replications=30)
    assert [Path(file.file).name for file in found.files] == ["one.yaml", "two.yml"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("format: 1\nchannels: {}\n", True),
        ("# words\nformat: 1   # of the language\nname: x\ntiers: {}\n", True),
        ("format: 1\njobs: {}\n", False),
        ("format: 2\nchannels: {}\n", False),
        ("services:\n  format: 1\n  channels: {}\n", False),
        ("extends: base.yaml   # the desk\n", True),
        ("extends: eslint\n", False),
    ],
)
def test_a_scenario_is_told_from_other_yaml_by_its_format_and_sections(tmp_path: Path, text: str, meant: bool) -> None:
    desk(tmp_path, name="base.yaml")
    path = tmp_path / "file.yaml"
    path.write_text(text, encoding="utf-8")
    assert is_scenario(path) is meant


def test_nothing_to_check_is_refused(tmp_path: Path) -> None:
    """An empty folder, a folder of other files, a scenario without targets, a scenario in memory without."""
    with pytest.raises(CheckError, match="no scenario with targets or a baseline was found"):
        sim.check(tmp_path)
    path = desk(tmp_path)
    with pytest.raises(CheckError, match=r"desk.yaml: nothing to check: no targets and no baseline"):
        sim.check(tmp_path)
    with pytest.raises(CheckError, match=r"desk.yaml: nothing to check: it has no targets.*--update-baseline"):
        sim.check(path)
    with pytest.raises(CheckError, match="Checked desk: nothing to check"):
        sim.check(sim.load(path))
    with pytest.raises(CheckError, match="no scenario"):
        sim.check([])


def test_all_broken_scenarios_are_told_before_anything_runs(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        edited(desk(tmp_path, KEPT, name=name), "mean: 2 min", "mean: 2")
    desk(tmp_path, KEPT, name="sound.yaml")
    with pytest.raises(sim.ScenarioError) as refused:
        sim.check(tmp_path)
    assert [Path(problem.place.source).name for problem in refused.value.problems] == ["a.yaml", "b.yaml"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"max_replications": 0}, "max_replications: got 0, must be a whole number of at least 1"),
        ({"replications": "auto"}, "replications: got 'auto', must be a whole number of at least 1"),
        ({"seed": -1}, "seed: got -1, must be a whole number of at least 0"),
        ({"undecided": "fail"}, "undecided: got 'fail', must be 'report' or 'pass'"),
    ],
)
def test_options_are_checked(tmp_path: Path, options: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        sim.check(desk(tmp_path, KEPT), **options)


def test_the_package_can_be_called_once_its_modules_are_imported(tmp_path: Path) -> None:
    """`import sim.check.…` makes `sim.check` the package, which is the function too."""
    import sim.check.errors  # noqa: PLC0415

    assert sim.check(desk(tmp_path, KEPT), replications=30).passed
