"""Random scenarios tell wrong rules from right ones."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.twins.mutations import ENGINES, MUTATIONS


@pytest.mark.slow
def test_random_scenarios_tell_every_wrong_rule() -> None:
    """One rule after the other is made wrong in a copy of one engine: some scenario is then played otherwise."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.twins.mutations"],
        cwd=ENGINES.parents[1],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    assert [line.split(": ")[0] for line in ran.stdout.splitlines()] == [mutation.name for mutation in MUTATIONS]
