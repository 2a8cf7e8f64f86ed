"""The order of whole numbers, and counts of them put together, in linear time."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.measure.machine_code import kept

Ints = NDArray[np.int64]

_DIGIT_BITS: Final = 16
"""NumPy's stable sort of 16-bit numbers is a radix sort; of longer ones it compares."""

_FEW: Final = 256


def order_of(key: Ints | NDArray[np.int32]) -> Ints:
    """Give the stable order of keys, 0 or more, digit by digit from the lowest (Knuth, TAOCP 3, 5.2.5, algorithm R)."""
    if len(key) < _FEW:
        return np.argsort(key, kind="stable")
    digit = (key & 0xFFFF).astype(np.uint16)
    order = np.argsort(digit, kind="stable")
    rest = key >> _DIGIT_BITS
    highest = int(rest.max())
    while highest:
        digit = (rest & 0xFFFF).astype(np.uint16)
        order = order[np.argsort(digit[order], kind="stable")]
        rest = rest >> _DIGIT_BITS
        highest >>= _DIGIT_BITS
    return order


@kept
def merge_counts(both: Ints, entries: Ints, merged: Ints, read: Ints) -> int:
    """Put counts of increasing keys together, until one of two is at its end.

    Parameters
    ----------
    both
        Shape (2, 2, at least as many as either has): keys and counts of either.
    entries
        Shape (2,): how many either has.
    merged
        Shape (2, at least as many as both have): keys and counts, to be written.
    read
        Shape (2,): how many of either are in it, to be written.

    Returns
    -------
    int
        How many there are.
    """
    at, beside, used = 0, 0, 0
    one, other = both[0], both[1]
    while at < entries[0] and beside < entries[1]:
        # Which comes first is as good as chance: without a jump there is none to be guessed wrong.
        of_one, of_other = int(one[0, at] <= other[0, beside]), int(other[0, beside] <= one[0, at])
        merged[0, used] = min(one[0, at], other[0, beside])
        merged[1, used] = of_one * one[1, at] + of_other * other[1, beside]
        at, beside, used = at + of_one, beside + of_other, used + 1
    read[0], read[1] = at, beside
    return used
