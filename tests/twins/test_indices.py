"""What the machine code of the rules makes of an index."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest

from sim.engine.compiled.rule import OPTIONS

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


def _text(function: Any) -> str:
    """Give what a function was compiled to."""
    return "".join(function.inspect_llvm().values())
