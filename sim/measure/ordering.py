"""The order of whole numbers, and counts of them put together, in linear time."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.demand.columns import column
from sim.measure.machine_code import hot, kept

Ints = NDArray[np.int64]

_DIGIT_BITS: Final = 16
"""NumPy's stable sort of 16-bit numbers is a radix sort; of longer ones it compares."""

_FEW: Final = 256

_SHORT_BITS: Final = 11
_SHORT: Final = 1 << _SHORT_BITS
"""Digits of which counts stay near the processor."""


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


def in_order(keys: Ints, low: int = 0) -> Ints:
    """Give keys, 0 or more, in order of their bits from `low` on; their own room is used as well."""
    if not len(keys):
        return keys
    bits = int(keys.max()).bit_length() - low
    spare: Ints = column(len(keys), np.int64)
    counts = np.zeros((-(-bits // _SHORT_BITS) + 1, _SHORT), np.int64)
    return spare if _put_in_order(keys, spare, counts, low) else keys


@kept
def _put_in_order(keys: Ints, spare: Ints, counts: Ints, low: int) -> bool:
    """Order keys by the bits from `low` on, digit by digit (Knuth, TAOCP 3, 5.2.5, algorithm R).

    Parameters
    ----------
    counts
        Zeros, of shape (digits of the highest key and one more, values of a digit).

    Returns
    -------
    bool
        Whether the order stands in `spare`.
    """
    digits = len(counts) - 1
    for key in keys:
        counts[0, (key >> low) & (_SHORT - 1)] += 1
    for digit in range(digits):
        shift = low + digit * _SHORT_BITS
        if digit % 2:
            _put_by_digit(spare, keys, counts[digit], counts[digit + 1], shift)
        else:
            _put_by_digit(keys, spare, counts[digit], counts[digit + 1], shift)
    return digits % 2 == 1


@hot
def _put_by_digit(source: Ints, target: Ints, counts: Ints, of_next: Ints, shift: int) -> None:
    """Put keys in order of a digit of which they are counted, and count them by the next."""
    place = 0
    for digit in range(_SHORT):
        number = counts[digit]
        counts[digit] = place
        place += number
    for key in source:
        rest = key >> shift
        digit = rest & (_SHORT - 1)
        target[counts[digit]] = key
        counts[digit] += 1
        of_next[(rest >> _SHORT_BITS) & (_SHORT - 1)] += 1


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
