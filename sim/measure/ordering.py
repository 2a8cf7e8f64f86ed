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
def merge_counts(key: Ints, count: Ints, other_key: Ints, other_count: Ints, merged: Ints) -> int:
    """Put counts of increasing keys together.

    Parameters
    ----------
    merged
        Shape (2, at least as many as both have): keys and counts, to be written.

    Returns
    -------
    int
        How many there are.
    """
    at, other, used = 0, 0, 0
    while at < len(key) or other < len(other_key):
        if other == len(other_key) or (at < len(key) and key[at] < other_key[other]):
            merged[0, used], merged[1, used] = key[at], count[at]
            at += 1
        elif at == len(key) or other_key[other] < key[at]:
            merged[0, used], merged[1, used] = other_key[other], other_count[other]
            other += 1
        else:
            merged[0, used], merged[1, used] = key[at], count[at] + other_count[other]
            at, other = at + 1, other + 1
        used += 1
    return used
