"""Baselines: the same desk gives every digit again; another is held against the tolerance on the same hands."""

import re
from pathlib import Path

import pytest

import sim
from sim.check.baseline import read_baseline
from sim.check.checking import Effort, check_case
from sim.check.collect import Case, baseline_of
from sim.check.errors import CheckError
from sim.check.regression import within
from sim.check.verdicts import BaselineVerdict
from sim.experiment.statistics import Estimate
from tests.check.desks import desk, edited

TARGET = "phone.service_level(20 s) >= 10 %"
TOLERANCE = "regression: {tolerance: {service_level: 2 points, average_speed_of_answer: 10 %}}\n"


def kept(path: Path, replications: int = 15) -> Path:
    """Write the baseline of a scenario."""
    baseline = baseline_of(path)
    case = Case(str(path), sim.load(path), baseline)
    renewed = check_case(case, Effort(replications=replications), renew=True).renewed
    assert renewed is not None
    Path(renewed.path).write_text(renewed.text, encoding="utf-8")
    return baseline


def compared(path: Path, **options: object) -> BaselineVerdict:
    """Give the verdict on the baseline of a scenario."""
    (file,) = sim.check(path, max_replications=15, **options).files
    assert file.baseline is not None
    return file.baseline


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A desk with a target and its baseline."""
    path = desk(tmp_path, TARGET)
    kept(path)
    return path


def test_a_baseline_has_a_line_for_each_measure_with_whole_numbers_per_replication(path: Path) -> None:
    text = baseline_of(path).read_text(encoding="utf-8")
    assert text.startswith("madoguchi baseline 1\n")
    (line,) = (line for line in text.split("\n") if line.startswith("service_level"))
    name, figure, numbers = line.split(" | ")
    assert name == "service_level(20 s) channel=phone"
    assert re.fullmatch(r"[\d.]+ % \([\d.]+ to [\d.]+\)", figure)
    result = sim.run(sim.load(path), replications=15, seed=1)
    tops, bottoms = zip(*(map(int, pair.split("/")) for pair in numbers.split()), strict=True)
    assert len(tops) == 15
    estimate = result.measure("service_level", by="channel", within="20 s")["estimate"][0]
    assert sum(tops) / sum(bottoms) == estimate
    assert len(text) < 10_000


@pytest.mark.parametrize("options", [{}, {"engine": "reference"}])
def test_an_unchanged_scenario_gives_every_digit_again(path: Path, options: dict[str, object]) -> None:
    found = compared(path, **options)
    assert (found.verdict, found.explained) == ("pass", ())
    assert all(row.reproduced for row in found.rows)
    assert "17 of 17 measures to the last digit as before over 15 replications" in found.said()


@pytest.mark.slow
def test_workers_give_every_digit_again(path: Path) -> None:
    assert all(row.reproduced for row in compared(path, workers=2).rows)


def test_comments_order_of_keys_and_ways_to_write_change_nothing(path: Path) -> None:
    edited(path, "format: 1\n", "# A remark.\nformat: 1\n")
    edited(path, "time: {start: 2026-04-06, length: 2 h}", "time: {length: 120 min, start: 2026-04-06}")
    assert compared(path).explained == ()


def test_a_plan_makes_no_baseline_stale(path: Path) -> None:
    """What the planner may change moves no figure: a `plan` may come, and be changed."""
    edited(path, "tiers: {desk: {}}\n", "tiers: {desk: {}}\nplan: {headcount: {clerks: 1..5}}\n")
    found = compared(path)
    assert (found.verdict, found.explained) == ("pass", ())
    assert all(row.reproduced for row in found.rows)


def test_a_change_without_tolerance_fails_and_is_explained(path: Path) -> None:
    edited(path, "headcount: 3", "headcount: 2")
    found = compared(path)
    assert found.verdict == "fail"
    (said,) = found.explained
    assert "the scenario is not the one of the baseline (hash " in said
    assert "its files are the same, its text is not" in said
    (row,) = (row for row in found.rows if row.name == "service_level(20 s) channel=phone")
    assert row.verdict == "fail"
    assert row.difference.high < 0
    assert re.search(r"%, now .* moved by -[\d.]+ \(-[\d.]+ to -[\d.]+\) points; no tolerance is named", row.said())
    assert "use --update-baseline" in found.said()
    same = {row.name for row in found.rows if row.reproduced}
    assert "inquiries" in same, "the same people called"


def test_the_paired_difference_is_that_of_both_runs(path: Path) -> None:
    """And its interval is shorter than that of two runs on hands of their own."""
    before = sim.load(path)
    edited(path, "headcount: 3", "headcount: 2")
    (row,) = (row for row in compared(path).rows if row.name == "service_level(20 s) channel=phone")
    runs = [
        sim.run(one, replications=15).measure("service_level", within="20 s").iloc[0]
        for one in (before, sim.load(path))
    ]
    assert row.difference.estimate == pytest.approx(runs[1]["estimate"] - runs[0]["estimate"])
    unpaired = (runs[0]["half_width"] ** 2 + runs[1]["half_width"] ** 2) ** 0.5
    assert row.difference.half_width < 1.3 * unpaired, "though it holds for all measures together"


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (-0.02, 0.02, "pass"),
        (-0.03, 0.01, "undecided"),
        (-0.04, -0.03, "fail"),
        (0.03, 0.04, "fail"),
        (0.02, 0.04, "undecided"),
    ],
)
def test_a_difference_is_held_against_the_tolerance(low: float, high: float, verdict: str) -> None:
    """±2 points; a difference of exactly that is allowed."""
    assert within(Estimate((low + high) / 2, low, high, 30), 0.02) == verdict


def test_what_a_tolerance_names_may_move_that_far(tmp_path: Path) -> None:
    """Talks that are 1 s longer move the service level by less than two points, and waits by less than 10 %."""
    path = desk(tmp_path, TARGET, more=TOLERANCE)
    kept(path)
    edited(path, "mean: 2 min", "mean: 121 s")
    rows = {row.name: row for row in compared(path).rows}
    level = rows["service_level(20 s) channel=phone"]
    assert (level.verdict, level.allowed, level.reproduced) == ("pass", 0.02, False)
    assert level.said().endswith("within the tolerance of 2 points")
    wait = rows["average_speed_of_answer channel=phone"]
    assert wait.allowed == pytest.approx(0.1 * wait.before.estimate)
    assert rows["occupancy agent_group=clerks"].verdict == "fail"


def test_another_version_tests_differences_instead_of_digits(path: Path) -> None:
    """What another version dealt a little otherwise passes; what moved significantly fails."""
    baseline = baseline_of(path)
    edited(baseline, f"version {read_baseline(baseline).version}", "version 0.0.9")
    assert compared(path).verdict == "pass"
    text = baseline.read_text(encoding="utf-8")
    (line,) = (line for line in text.split("\n") if line.startswith("inquiries |"))
    numbers = [int(number) for number in line.split(" | ")[2].split()]
    for shift, verdict in ((1, "pass"), (20, "fail")):
        other = " ".join(str(number + shift * (-1) ** (at * (shift == 1))) for at, number in enumerate(numbers))
        baseline.write_text(text.replace(line, f"inquiries | ? | {other}"), encoding="utf-8")
        found = compared(path)
        assert found.verdict == verdict
        assert found.explained[0].startswith("written by madoguchi 0.0.9, another version: paired differences")


def test_digits_that_one_version_does_not_give_again_fail(path: Path) -> None:
    baseline = baseline_of(path)
    line = next(line for line in baseline.read_text(encoding="utf-8").split("\n") if line.startswith("inquiries |"))
    edited(baseline, line, re.sub(r"\| (\d+) ", lambda first: f"| {int(first[1]) + 1} ", line))
    found = compared(path)
    assert [row.name for row in found.rows if row.verdict == "fail"] == ["inquiries"]


def test_changed_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "counts.csv").write_text("start,contacts\n2026-04-06 00:00,30\n2026-04-06 01:00,0\n", encoding="utf-8")
    path = desk(tmp_path, TARGET)
    edited(path, "{phone: {rate: 60 per hour}}", "{phone: {counts: {file: counts.csv}}}")
    kept(path)
    edited(tmp_path / "counts.csv", ",30", ",31")
    (said,) = compared(path).explained
    assert "changed files: counts.csv" in said


def test_a_measure_that_is_gone_fails_and_says_why(tmp_path: Path) -> None:
    path = desk(tmp_path, "phone.service_level(40 s) >= 10 %")
    kept(path)
    edited(path, "service_level(40 s)", "service_level(50 s)")
    (row,) = (row for row in compared(path).rows if not row.reproduced)
    assert (row.verdict, row.reason) == ("fail", "no target names this deadline any more")


def test_fewer_replications_compare_the_first_ones(path: Path) -> None:
    (file,) = sim.check(path, max_replications=10).files
    assert file.baseline is not None
    assert (file.baseline.verdict, file.baseline.replications) == ("pass", 10)


def test_the_hands_are_those_of_the_baseline(path: Path) -> None:
    with pytest.raises(CheckError, match="rests on seed 1, so hands of seed 2 cannot be compared; leave --seed out"):
        sim.check(path, seed=2)


BROKEN = [
    (
        "madoguchi baseline 1",
        "madoguchi baseline 0",
        ":1:1: format 0 of baselines; this version reads format 1, so not",
    ),
    ("madoguchi baseline 1", "something else", ":1:1: got 'something else', must be `madoguchi baseline 1`: not a"),
    ("seed 1", "seed one", ": seed and replications must be whole numbers; bring it back from git"),
    ("seed 1\n", "", ": has no line `seed`; bring it back from git, or renew it with --update-baseline"),
    ("seed 1\n", "seed 1\nsede 2\n", ": unknown line `sede`"),
    ("inquiries | ", "inquiries | x | ", ":20:1: got 'inquiries | x | "),
    ("replications 15", "replications 16", ": 15 replications, must be the 16 that the file names"),
]


@pytest.mark.parametrize(("old", "new", "said"), BROKEN)
def test_a_baseline_that_cannot_be_read_is_refused(path: Path, old: str, new: str, said: str) -> None:
    baseline = baseline_of(path)
    edited(baseline, old, new)
    with pytest.raises(CheckError) as refused:
        read_baseline(baseline)
    assert said in str(refused.value)
    assert str(refused.value).startswith(str(baseline))


def test_a_baseline_without_measures_or_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "desk.baseline"
    path.write_text("madoguchi baseline 1\nscenario x\nversion 1\nseed 1\nreplications 30\n", encoding="utf-8")
    with pytest.raises(CheckError, match="has no measure, so there is nothing to compare"):
        read_baseline(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(CheckError, match="cannot be read: it is not UTF-8 text"):
        read_baseline(path)


def test_a_baseline_without_its_scenario_is_refused(path: Path) -> None:
    path.rename(path.with_name("other.yaml"))
    with pytest.raises(
        CheckError, match=r"desk.baseline: a baseline without its scenario; remove it, or bring desk.yaml"
    ):
        sim.check(path.parent)
    with pytest.raises(CheckError, match=r"is a baseline; name its scenario"):
        sim.check(baseline_of(path))


def test_a_tolerance_of_a_percentile_is_refused(tmp_path: Path) -> None:
    path = desk(tmp_path, TARGET, more="regression: {tolerance: {wait_p90: 5 %}}\n")
    with pytest.raises(CheckError, match=r"regression.tolerance.wait_p90: percentiles have no sums per replication"):
        kept(path)
