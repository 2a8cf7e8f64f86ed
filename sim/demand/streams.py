"""Streams of uniform numbers by name: the only source of chance.

A number is found by four names, (seed, replication, stream, purpose), and its place in the purpose's column. Nothing
else moves it: not other streams or purposes, not the order in which they are asked, not how many numbers are asked.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PERIOD_MASK: Final = 2**128 - 1
_ONE: Final = np.uint64(0x3FF0000000000000)
"""Bits of the float64 1.0: with 52 random bits below them a number in [1, 2)."""
_TO_OPEN_INTERVAL: Final = 1.0 - 2.0**-53


@lru_cache(maxsize=65_536)
def _stream_key(name: str) -> int:
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big")


@lru_cache(maxsize=65_536)
def _purpose_offset(purpose: str) -> int:
    return int.from_bytes(sha256(purpose.encode()).digest()[:16], "big")


class Stream:
    """Columns of uniform numbers, one for each purpose, out of one bit generator.

    A purpose's column begins at its own offset of the generator's period of 2^128 numbers, a hash of the purpose's
    name; going there is one `advance`, a few microseconds, where a generator of its own would cost ten times that.
    Two columns of a million numbers overlap with a probability below 1e-32. The generator is PCG64DXSM: its output
    function keeps subsequences of one period apart where that of the older PCG64 is known to be weak.

    Raw integers are used rather than `numpy.random.Generator` methods because NumPy promises that a bit generator's
    integers stay the same in later versions and gives no such promise for what a Generator makes of them.

    Parameters
    ----------
    bits
        The generator at its origin; the stream owns it from here on.
    """

    __slots__ = ("_bits", "_position")

    def __init__(self, bits: np.random.PCG64DXSM) -> None:
        self._bits = bits
        self._position = 0

    def uniform(
        self, purpose: str, n: int, first: int = 0, chosen: NDArray[np.integer] | None = None
    ) -> NDArray[np.float64]:
        """Give `n` neighbouring numbers of a purpose's column.

        Parameters
        ----------
        purpose
            Name of what the numbers decide, such as ``"talk/first_line"``.
        n
            How many; the first k of them are the same whatever `n` is.
        first
            Row of the first.
        chosen
            Which of them are given, by their places; None: all.

        Returns
        -------
        numpy.ndarray
            Shape (n,) or that of `chosen`, float64, uniform on the odd multiples of 2^-53: strictly between 0 and 1,
            and so is one minus them, exactly. (With one bit more the largest number would be rounded to 1.)
        """
        offset = _purpose_offset(purpose) + first
        self._bits.advance((offset - self._position) & _PERIOD_MASK)
        self._position = offset + n
        raw: NDArray[np.uint64] = self._bits.random_raw(n)
        if chosen is not None:
            raw = raw[chosen]
        raw >>= np.uint64(12)
        raw |= _ONE
        numbers = raw.view(np.float64)
        numbers -= _TO_OPEN_INTERVAL
        return numbers


def stream(seed: int, replication: int, name: str) -> Stream:
    """Give the stream of a name, in one replication of a seed.

    Parameters
    ----------
    seed
        Of the run; not negative.
    replication
        Number of the replication, from 0.
    name
        Of the stream, such as ``"marks/fault/phone/0"``. Making a stream costs some 20 µs, so make one for each
        contact type, channel and attempt (or agent group and shift), and let its purposes tell the rest apart.

    Raises
    ------
    ValueError
        If `seed` or `replication` is negative.
    """
    if seed < 0 or replication < 0:
        raise ValueError(f"seed and replication must not be negative, got seed {seed} and replication {replication}")
    sequence = np.random.SeedSequence(seed, spawn_key=(replication, _stream_key(name)))
    return Stream(np.random.PCG64DXSM(sequence))
