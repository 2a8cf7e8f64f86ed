"""Every line and branch of the compiled engine's rules is run by some timeline or random scenario."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
KERNEL: Final = "sim/engine/compiled"
NOT_RULES: Final = ("ahead", "bits", "cache", "earlier", "indices", "rule", "together")
COMPILING: Final = {f"{KERNEL}/{name}.py" for name in NOT_RULES}
"""About machine code and where it is kept, which the interpreter has no use for."""
WHAT_RUNS: Final = ("tests/engine", *(f"tests/twins/test_{name}.py" for name in ("room", "trees", "twins")))


@pytest.mark.slow
def test_every_branch_of_the_rules_is_reached(tmp_path: Path) -> None:
    """The rules run under the interpreter, which counts; what nothing reaches is named by file, line and branch."""
    told = tmp_path / "told.json"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "COVERAGE_FILE": str(tmp_path / "data")}
    coverage = [sys.executable, "-m", "coverage"]
    tests = ["-m", "pytest", "-n", "0", "-p", "no:cacheprovider", *WHAT_RUNS]
    for arguments in (["run", "--branch", f"--source={KERNEL}", *tests], ["json", "-o", str(told)]):
        ran = subprocess.run(
            [*coverage, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    files = json.loads(told.read_text(encoding="utf-8"))["files"]
    counted = {Path(name).as_posix(): lines for name, lines in files.items()}
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / KERNEL).glob("*.py")} == set(counted)
    missed = {
        name: lines["missing_lines"] + [f"{line} to {to}" for line, to in lines["missing_branches"]]
        for name, lines in counted.items()
        if name not in COMPILING and (lines["missing_lines"] or lines["missing_branches"])
    }
    assert missed == {}
