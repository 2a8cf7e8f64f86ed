"""Which engine plays, what is said of it, and where its machine code is kept."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sim.engine import choice
from sim.engine.compiled import cache, known
from sim.experiment.replicate import run
from tests.experiment.desks import random_hours


def test_both_engines_give_the_same_figures_and_the_result_names_which_ran() -> None:
    """Every figure of a run is the same to the last digit."""
    ours, theirs = (run(random_hours(), replications=3, seed=1, engine=name) for name in ("compiled", "reference"))
    assert (ours.engine, theirs.engine) == ("compiled", "reference")
    assert ours.summary() == theirs.summary()
    assert ours.legs(1).equals(theirs.legs(1))


def test_an_unknown_engine_is_refused() -> None:
    """The error names what there is."""
    with pytest.raises(ValueError, match="engine: got 'fast', must be compiled or reference"):
        choice.engine("fast")  # type: ignore[arg-type]  # what a slip would give


def test_without_numba_the_reference_engine_serves_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing library costs time, not results."""
    for module in [name for name in sys.modules if name.startswith("sim.engine.compiled")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.warns(RuntimeWarning, match="the reference engine plays, much slower: Numba cannot be imported"):
        result = run(random_hours(), replications=1, seed=1)
    assert result.engine == "reference"


def test_what_the_compiled_engine_does_not_know_is_played_by_the_reference_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A column that is new to it might change what happens."""
    monkeypatch.setitem(known.KNOWN, "Rows", known.KNOWN["Rows"].replace("due_first ", ""))
    chosen = choice.engine()
    assert chosen.name == "reference"
    assert chosen.remarks == ("the reference engine plays, much slower: the compiled one does not know Rows.due_first",)


@pytest.mark.parametrize(
    ("system", "environment", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": "/caches"}, "/caches/madoguchi"),
        ("linux", {"HOME": "/home/ann"}, "/home/ann/.cache/madoguchi"),
        ("darwin", {"HOME": "/Users/ann"}, "/Users/ann/Library/Caches/madoguchi"),
        ("win32", {"LOCALAPPDATA": "/ann/Local"}, "/ann/Local/madoguchi/Cache"),
        ("linux", {"XDG_CACHE_HOME": "/caches", "MADOGUCHI_CACHE": "/elsewhere"}, "/elsewhere"),
    ],
)
def test_the_cache_directory_follows_the_customs_of_the_system(
    monkeypatch: pytest.MonkeyPatch, system: str, environment: dict[str, str], expected: str
) -> None:
    """Linux, macOS and Windows each have their place; the environment may name another."""
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "MADOGUCHI_CACHE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", system)
    assert cache.cache_directory() == Path(expected)


def test_machine_code_is_kept_in_a_folder_of_its_rules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is kept is found again, and is in nobody else's folder."""
    monkeypatch.setenv("MADOGUCHI_CACHE", str(tmp_path))
    twice = cache.Kept(_twice)
    assert twice.compiles
    assert twice(2) == 4
    assert not cache.Kept(_twice).compiles
    assert [path.parent for path in tmp_path.iterdir()] == [tmp_path]
    assert any(cache.folder().rglob("*.nbi"))


def test_a_folder_that_cannot_be_written_is_said_and_the_engine_runs_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MADOGUCHI_CACHE", str(tmp_path / "file"))
    twice = cache.Kept(_twice)
    assert twice.remark is not None
    assert "cannot be kept in" in twice.remark
    assert "MADOGUCHI_CACHE" in twice.remark
    assert twice(2) == 4


def _twice(number: int) -> int:
    return 2 * number
