"""The command `bench`, as people call it."""

import json
from pathlib import Path
from typing import Any

import pytest

from sim.engine import choice
from sim.engine.choice import Engine
from sim.experiment import bench as benching
from tests.cli.calls import Command

SLOWER = "the reference engine plays, much slower: Numba cannot be imported"


@pytest.fixture(autouse=True)
def no_new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the start of a new process for granted."""
    monkeypatch.setattr(benching, "_start", lambda _scenario, _engine: 1.5)


def without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the reference engine serve for the compiled one."""
    slow = choice.engine("reference").play
    found = Engine("reference", slow, (SLOWER,))
    for module in ("sim.engine.choice", "sim.experiment.bench"):
        monkeypatch.setattr(f"{module}.engine", lambda _name="compiled": found)


def test_the_report_sets_the_engines_beside_each_other(madoguchi: Command, tiny: Path) -> None:
    """Every step and what it comes to, memory by inquiry, and the start."""
    ran = madoguchi("bench", tiny, "--rounds", 1)
    assert (ran.status, ran.err) == (0, "")
    lines = [line.split() for line in ran.out.splitlines()]
    assert ["compiled", "reference"] in lines
    for step in ("deal", "play", "measure", "whole"):
        assert [len(line) for line in lines if line[:1] == [step]] == [5]
    assert ["start", "to", "first", "result,", "on", "the", "clock", "1.50", "s", "1.50", "s"] in lines
    assert "at the peak of the line" in ran.out


def test_json_holds_all_that_the_report_shows(madoguchi: Command, tiny: Path) -> None:
    """A row for each engine and step, and beside them what is true of all."""
    found: dict[str, Any] = json.loads(madoguchi("bench", tiny, "--rounds", 1, "--json").out)
    assert (found["scenario"], found["rounds"]) == ("Tiny desk", 1)
    assert (found["inquiries"], found["contacts"], found["events"]) == (2, 2, 2 * 4 + 2 * 2)
    assert found["bytes_at_peak"] > found["bytes_at_rest"] > 0
    assert found["start_seconds"] == {"compiled": 1.5, "reference": 1.5}
    assert [(row["engine"], row["step"]) for row in found["steps"]] == [
        (engine, step) for engine in ("compiled", "reference") for step in ("deal", "play", "measure", "whole")
    ]


def test_where_nobody_comes_there_is_no_memory_by_inquiry(madoguchi: Command, tiny: Path) -> None:
    """Nothing is divided by an inquiry that was not there."""
    log = tiny.read_text(encoding="utf-8").partition("        log:")
    rest = log[2].partition("    handling:")
    tiny.write_text(f"{log[0]}        rate: 0 per hour\n    handling:{rest[2]}", encoding="utf-8")
    ran = madoguchi("bench", tiny, "--rounds", 1)
    assert [line.split()[-1] for line in ran.out.splitlines() if line.startswith(("  dealt", "  at the peak"))] == [
        "–",
        "–",
    ]
    found = json.loads(madoguchi("bench", tiny, "--rounds", 1, "--json").out)
    assert (found["inquiries"], found["bytes_at_rest"], found["bytes_at_peak"]) == (0, None, None)


def test_without_numba_bench_says_so_and_measures_the_reference_engine_once(
    madoguchi: Command, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its figures are not shown as those of the compiled engine."""
    without_numba(monkeypatch)
    ran = madoguchi("bench", tiny, "--rounds", 1)
    assert (ran.status, ran.err) == (0, f"{SLOWER}\n")
    assert "compiled" not in ran.out
    assert "reference" in ran.out


def test_what_does_not_fit_into_memory_is_not_measured(
    madoguchi: Command, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `run` does not play it; `--force` goes on."""
    monkeypatch.setattr("sim.cli.memory.machine_bytes", lambda: 1000)
    refused = madoguchi("bench", tiny, "--rounds", 1)
    assert (refused.status, refused.out) == (2, "")
    assert "this machine has 0.0 GB" in refused.err
    assert madoguchi("bench", tiny, "--rounds", 1, "--force").status == 0
