"""Plays random scenarios with rules that the interpreter runs, and fails where an index is negative.

``NUMBA_DISABLE_JIT=1 python -m tests.twins.signs SEEDS``: so many from the first on.
"""

from __future__ import annotations

import random
import sys
from typing import Any

import numpy as np
from numba import config
from numpy.typing import NDArray

from sim.demand.deal import deal
from sim.engine.compile import compile_program
from sim.engine.compiled import play as module
from tests.laws.scenarios import random_loaded

Settings: Any = config


class FromTheStart(np.ndarray[Any, Any]):
    """An array that is not indexed from its end."""

    def __getitem__(self, index: Any) -> Any:
        """Read as ever, where no index is negative."""
        return super().__getitem__(counted(index))

    def __setitem__(self, index: Any, value: Any) -> None:
        """Write as ever, where no index is negative."""
        super().__setitem__(counted(index), value)


def counted(index: Any) -> Any:
    """Return an index, or the indices of several dimensions, none of which is negative."""
    for one in index if isinstance(index, tuple) else (index,):
        if isinstance(one, int | np.integer) and one < 0:
            raise IndexError(f"the index {one} counts from the end")
    return index


def watched(value: Any) -> Any:
    """Return the same arrays, in named tuples or alone, as arrays that are not indexed from their end."""
    if isinstance(value, tuple):
        return type(value)(*(watched(one) for one in value))
    return value.view(FromTheStart) if isinstance(value, np.ndarray) else value


def play(seed: int) -> NDArray[np.int32]:
    """Play a random scenario so, and return the contacts that began."""
    scenario = random_loaded(random.Random(seed))
    advance = module.advance
    module.advance = lambda *given: advance(*(watched(one) for one in given))  # type: ignore[assignment]
    try:
        return module.play(compile_program(scenario), deal(scenario, 1, 0)).contacts.contact
    finally:
        module.advance = advance


if __name__ == "__main__":
    assert Settings.DISABLE_JIT, "machine code does not ask"
    print(sum(len(play(seed)) for seed in range(int(sys.argv[1]))))
