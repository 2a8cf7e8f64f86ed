"""Promises that run from a contact's arrival on its channel's clock: a first response, a resolution."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.measure.counters import OF_PROMISE
from sim.measure.counting.values import REST, WAIT, Noted, set_another
from sim.measure.machine_code import hot, rule

Ints = NDArray[np.int64]


@rule
def count_due(amounts: Ints, column: int, limits: Ints, done: bool, took: int, rest: int) -> None:
    """Add to the counters of a promise's deadlines: those due, and of these the kept.

    Parameters
    ----------
    amounts, column
        Where the counters of the deadlines begin.
    limits
        Deadlines, ms.
    done, took
        Whether it was kept at all, and how long that took (ms).
    rest
        How long (ms) it had until the end: a deadline of less was due.
    """
    for number in range(len(limits)):
        due = rest > limits[number]
        amounts[column + OF_PROMISE * number] += due
        amounts[column + OF_PROMISE * number + 1] += done and due and took <= limits[number]


@hot
def set_times(values: Noted, first: int, joined: bool, kinds: int, done: bool, took: int, rest: int) -> None:
    """Set the values of how long a promise took, and of what was left to it: of all, and of those that were kept.

    Parameters
    ----------
    first
        Which value is the first of them.
    joined
        Whether it is counted where the contact's wait is.
    kinds
        The bit of how long it took; the others follow.
    """
    set_another(values, first, took, kinds if done else 0, WAIT if joined else ~WAIT)
    lefts = kinds << 1 if not done else (kinds << 1) + (kinds << 2)
    set_another(values, first + 1, rest, lefts, REST if joined else ~REST)
