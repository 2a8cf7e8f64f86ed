"""The report of a comparison, and of a sweep."""

import io

from rich.console import Console

import sim
from sim.report.comparison import ComparisonReport, names_of
from sim.report.wording import difference
from tests.experiment.desks import random_hours, replayed


def report(found: sim.Comparison, width: int = 100) -> str:
    """Return the report of a comparison as text."""
    stream = io.StringIO()
    Console(file=stream, width=width).print(ComparisonReport(found))
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def test_every_scenario_has_a_table_of_figures_and_differences() -> None:
    two = replayed().with_changes({"agent_groups.clerks.headcount": 2})
    text = report(sim.compare(replayed(), {"two": two}, measures=["service_level", "offered"], replications=2))
    assert text.startswith("Three calls <and> one clerk\ntwo beside base\n")
    assert "service level, 20 s   75.00 % (75.00–75.00)" in text or "75 % ± 0" in text
    assert "+25 points ± 0 *" in text
    assert "same" in text
    assert "all 2 of this comparison" in " ".join(text.split())


def test_a_sweep_has_a_table_a_measure_with_the_base_in_its_place() -> None:
    found = sim.sweep(
        random_hours(), {"agent_groups.clerks.headcount": [1, 2, 3]}, measures="abandonment", replications=4
    )
    lines = [line.strip() for line in report(found).splitlines()]
    start = lines.index("Abandonment")
    assert [line.split()[0] for line in lines[start + 2 : start + 5]] == [f"headcount={n}" for n in (1, 2, 3)]
    assert " base" in lines[start + 3]


def test_differences_have_a_sign_and_shares_are_in_points() -> None:
    assert difference(-0.031, -0.035, -0.027, "share") == "−3.1 points ± 0.4"
    assert difference(2.0, 1.5, 2.5, "s") == "+2.0 s ± 0.5"
    assert difference(0.0, -0.004, 0.004, "share") == "0.0 points ± 0.4"
    assert difference(float("nan"), 0, 0, "s") == "–"


def test_files_are_called_by_their_stems_unless_these_are_the_same() -> None:
    assert names_of(["a/x.yaml", "b/x.yaml", "y.yaml"]) == ["a/x.yaml", "b/x.yaml", "y"]
