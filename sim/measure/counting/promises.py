"""Promises that run from a contact's arrival on its channel's clock: a first response, a resolution."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.measure.counters import OF_PROMISE, Promise
from sim.measure.counting.values import NO_VALUE, REST, WAIT, bin_again
from sim.measure.machine_code import rule

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


@rule
def set_bins(bins: Ints, memory: Ints, kind: int, done: bool, took: int, rest: int) -> None:
    """Set the bins of how long a promise took, and of what was left to it: of all, and of those that were kept."""
    of_rest = bin_again(memory, REST, rest)
    bins[kind] = bin_again(memory, WAIT, took) if done else NO_VALUE
    bins[kind + Promise.LEFT_RESPONSE_DUE - Promise.RESPONSE] = of_rest
    bins[kind + Promise.LEFT_RESPONSE - Promise.RESPONSE] = of_rest if done else NO_VALUE
