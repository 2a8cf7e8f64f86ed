"""Which engine plays, what is said of it, and where its machine code is kept."""

from __future__ import annotations

import importlib
import os
import pickle
import platform
import subprocess
import sys
from pathlib import Path
from unittest import mock

import llvmlite.binding as llvm
import pytest

from sim.engine import choice
from sim.engine.compiled import cache, known, together
from sim.engine.compiled.rule import rule
from sim.experiment import ahead, workers
from sim.experiment.replicate import run
from sim.measure.counting import walk
from tests.experiment.desks import random_hours

ROOT = Path(__file__).parents[2]


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
    run(random_hours(), replications=1, seed=1)  # measuring is loaded: Numba would look for itself in vain
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


@pytest.mark.skipif(platform.machine() != "x86_64", reason="other processors' code has other lengths")
def test_the_machine_code_of_the_engine_is_no_more_than_a_first_start_has_time_for() -> None:
    """A short rule that is compiled into all that call it may cost more than all others: 903 kB once took 45 s of LLVM.

    Now 711 kB take 13 s.
    """
    run(random_hours(), replications=1, seed=1)
    (code,) = cache.folder().glob("*.advance-*.nbc")
    assert code.stat().st_size < 800_000


def test_what_is_kept_serves_the_same_source_in_another_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two virtual environments compile once."""
    copies = []
    for place in ("one", "other"):
        source = tmp_path / place / "copied.py"
        source.parent.mkdir()
        source.write_text("def thrice(number):\n    return 3 * number\n")
        monkeypatch.syspath_prepend(source.parent)
        monkeypatch.delitem(sys.modules, "copied", raising=False)
        copies.append(importlib.import_module("copied").thrice)
    assert copies[0].__code__.co_filename != copies[1].__code__.co_filename
    kept = tmp_path / "kept"
    assert cache.Kept(copies[0], kept)(2) == 6
    again = cache.Kept(copies[1], kept)
    assert not again.compiles
    assert again(2) == 6
    assert sum(again._function.stats.cache_hits.values()) == 1


def test_what_is_kept_is_found_without_what_compiling_needs_and_compiled_again_for_another_kind(tmp_path: Path) -> None:
    """A process that finds the code for a whole number loads nothing that compiling needs; for a float it does."""
    (tmp_path / "kept_here.py").write_text("def twice(number):\n    return 2 * number\n")
    code = (
        "import sys; from pathlib import Path; from kept_here import twice\n"
        "from sim.engine.compiled.cache import Kept\n"
        f"twice = Kept(twice, Path({str(tmp_path / 'kept')!r}))\n"
        "for number in (3, 0.5):\n"
        "    print(twice(number), 'numba.np.arrayobj' in sys.modules)\n"
        "print(sum(twice._function.stats.cache_hits.values()))\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}

    def said() -> list[str]:
        command = [sys.executable, "-c", code]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()

    assert said() == ["6", "True", "1.0", "True", "0"]
    assert said() == ["6", "False", "1.0", "False", "2"]
    next((tmp_path / "kept").glob("*.2.nbc")).unlink()  # that of the float
    assert said() == ["6", "False", "1.0", "True", "1"]


def test_what_is_kept_is_machine_code_and_names_alone(tmp_path: Path) -> None:
    """What it was made from is no part of it: nobody links it."""
    assert cache.Kept(_twice, tmp_path)(2) == 4
    (file,) = tmp_path.glob("*.nbc")
    _, kind, (code, names) = pickle.loads(file.read_bytes())[0]
    assert kind == "object"
    assert b"ELF" in code[:4] or sys.platform != "linux"
    lines = str(llvm.parse_bitcode(names)).splitlines()
    assert {line for line in lines if line.startswith(" ")} == {"  unreachable"}
    assert any("_twice" in line for line in lines if line.startswith("define"))


def test_a_rule_is_no_machine_code_of_its_own(tmp_path: Path) -> None:
    """It is a part of what Python calls; the answer is the one of rules that stand alone."""
    add_one = rule(_one_more)

    def twice_more(number: int) -> int:
        return add_one(add_one(number))

    assert together.IS_AS_KNOWN
    assert cache.Kept(twice_more, tmp_path)(5) == 7
    (compiled,) = add_one.overloads.values()  # type: ignore[attr-defined]  # Numba's
    assert not compiled.library._finalized


def test_where_numba_looks_different_each_rule_is_compiled_as_numba_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It takes longer and comes to the same."""
    monkeypatch.setattr(together, "IS_AS_KNOWN", False)
    add_one = rule(_one_more)

    def twice_more(number: int) -> int:
        return add_one(add_one(number))

    assert cache.Kept(twice_more, tmp_path)(5) == 7
    (compiled,) = add_one.overloads.values()  # type: ignore[attr-defined]  # Numba's
    assert compiled.library._finalized


@pytest.mark.skipif(sys.platform == "win32", reason="tries the lock by means that Windows does not have")
def test_one_process_compiles_while_others_wait_and_a_dead_one_keeps_nobody_waiting(tmp_path: Path) -> None:
    """The lock is the system's on an open file: it goes with whoever held it."""
    import fcntl  # noqa: PLC0415  (not on Windows)

    lock = tmp_path / "lock"
    holds = "import sys, pathlib; from sim.engine.compiled.cache import one_at_a_time\n"
    holds += "with one_at_a_time(pathlib.Path(sys.argv[1])): print('in', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holds, str(lock)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
        with lock.open("ab") as file, pytest.raises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        other.kill()
    with cache.one_at_a_time(lock):
        pass


def test_a_first_start_compiles_measuring_beside_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """If there is a processor for it; and what the process does there can be done."""
    begun: list[list[str]] = []
    monkeypatch.setattr(ahead.subprocess, "Popen", lambda command, **_: (begun.append(command), mock.Mock())[1])
    monkeypatch.setattr(ahead.atexit, "register", mock.Mock())
    monkeypatch.setattr(walk.count_part, "compiles", True)
    for processors in (1, 2):
        monkeypatch.setattr(workers, "processors", lambda processors=processors: processors)
        ahead.compile_measuring_beside.__wrapped__()
    assert begun == [[sys.executable, "-c", "from sim.experiment.ahead import measure_once; measure_once()"]]
    ahead.measure_once()


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


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", [b"", b"\x80\x04", b"no pickle"], ids=["empty", "cut off", "other"])
def test_what_was_kept_and_is_damaged_is_compiled_and_kept_anew(tmp_path: Path, suffix: str, damage: bytes) -> None:
    """As after a power cut: this start compiles, and the next one finds what it left."""
    assert cache.Kept(_twice, tmp_path)(2) == 4
    (file,) = tmp_path.glob(f"*.{suffix}")
    file.write_bytes(damage)
    assert cache.Kept(_twice, tmp_path)(2) == 4
    again = cache.Kept(_twice, tmp_path)
    assert again(2) == 4
    assert sum(again._function.stats.cache_hits.values()) == 1


def test_what_is_kept_serves_where_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As in an image that somebody else made: nothing is compiled, and there is nothing to be said."""
    assert cache.Kept(_twice, tmp_path)(2) == 4
    monkeypatch.setattr(cache, "obstacle", lambda _place: "Read-only file system")
    twice = cache.Kept(_twice, tmp_path)
    assert (twice.compiles, twice.remark) == (False, None)
    assert twice(2) == 4
    assert sum(twice._function.stats.cache_hits.values()) == 1


def test_a_full_disk_is_said_and_costs_no_result(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The machine code is made, but cannot be left for the next start."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache._Cache, "_save_overload", full)
    with pytest.warns(RuntimeWarning, match=r"kept in .* \(No space left on device\), so the next run compiles"):
        assert cache.Kept(_twice, tmp_path)(2) == 4


def _one_more(number: int) -> int:
    return number + 1


def _twice(number: int) -> int:
    return 2 * number
