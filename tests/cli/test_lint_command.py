"""`madoguchi lint`, and what it finds said before a run."""

from pathlib import Path

from tests.cli.calls import Command

UNMOVED = ["--set", "targets=[{measure: refused, at_most: 5 %}]"]
"""A promise that no headcount can keep or break."""


def test_a_sound_scenario_has_no_findings(madoguchi: Command, tiny: Path) -> None:
    """Nothing found is said, and is status 0."""
    ran = madoguchi("lint", tiny)
    assert (ran.status, ran.out, ran.err) == (0, f"{tiny}: nothing found\n", "")


def test_findings_are_printed_with_status_1(madoguchi: Command, tiny: Path) -> None:
    """A finding names its key and is no bad input."""
    ran = madoguchi("lint", tiny, *UNMOVED)
    assert ran.status == 1
    assert ran.out.startswith("targets.0: refused does not depend on staffing")
    assert ran.out.count("\n") == 1


def test_bad_input_is_status_2(madoguchi: Command, tiny: Path) -> None:
    """What cannot be read is not linted."""
    ran = madoguchi("lint", tiny, "--set", "time.length=soon")
    assert (ran.status, ran.out) == (2, "")
    assert "time.length" in ran.err


def test_a_run_says_findings_first_and_goes_on(madoguchi: Command, tiny: Path) -> None:
    """Findings stand apart from the report, on standard error, also with --json."""
    for more in ([], ["--json"]):
        ran = madoguchi("run", tiny, "--replications", 1, *UNMOVED, *more)
        assert ran.status == 0
        assert ran.err.startswith("lint: targets.0: refused does not depend on staffing")
        assert "lint" not in ran.out
