"""Scripts that run in a process of their own, which has no thread of pytest's and may fork."""

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

linux = pytest.mark.skipif(sys.platform != "linux", reason="forks are safe on Linux only")


def said_alone(script: str, status: int = 0) -> list[str]:
    """Run a script in a process of its own, and give what it and its own print.

    Warnings are errors in it. It has ended when its workers have, too: they share what it prints to.
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", dedent(script)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (status, "")
    return done.stdout.splitlines()
