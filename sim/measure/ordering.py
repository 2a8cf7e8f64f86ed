"""The order of whole numbers, in linear time."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

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
