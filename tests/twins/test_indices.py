"""Which indices the rules come by, and what their machine code makes of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest

from sim.engine.compiled.rule import OPTIONS
from tests.twins.signs import FromTheStart

COMPARES_WITH_ZERO = "icmp slt i64"


def second_of(numbers: np.ndarray[Any, np.dtype[np.int64]], row: int) -> int:
    """Read and write an element, as rules do."""
    numbers[row] += 1
    return int(numbers[row + 1])


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="the interpreter runs the rules")
def test_no_rule_asks_whether_an_index_is_negative() -> None:
    """Numba's own machine code does, at each number, so that a negative one may count from the end."""
    numbers = np.arange(4)
    ours = numba.njit(**OPTIONS)(second_of)
    assert [ours(numbers, 1), numbers.tolist()] == [2, [0, 2, 2, 3]]
    usual = numba.njit(**{name: value for name, value in OPTIONS.items() if name != "pipeline_class"})(second_of)
    usual(numbers, 1)
    assert [COMPARES_WITH_ZERO in _text(function) for function in (ours, usual)] == [False, True]


def test_an_index_that_counts_from_the_end_is_found() -> None:
    """In one dimension or several, reading or writing; fields have names."""
    numbers = np.zeros((2, 3)).view(FromTheStart)
    assert numbers[1, 2] == 0
    for index in (-1, (1, -1), np.int64(-2)):
        with pytest.raises(IndexError, match="counts from the end"):
            numbers[index]
        with pytest.raises(IndexError, match="counts from the end"):
            numbers[index] = 1
    records = np.zeros(2, [("contact", np.int32)]).view(FromTheStart)
    assert records[1]["contact"] == 0
    with pytest.raises(IndexError, match="counts from the end"):
        records["contact"][-1]


@pytest.mark.parametrize("scenarios", [2, pytest.param(60, marks=pytest.mark.slow)])
def test_no_rule_comes_by_an_index_that_is_negative(scenarios: int) -> None:
    """Machine code would read elsewhere, or write; here the interpreter runs the rules of random scenarios and asks."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.twins.signs", str(scenarios)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) > 100 * scenarios  # contacts


def _text(function: Any) -> str:
    """Give what a function was compiled to."""
    return "".join(function.inspect_llvm().values())
