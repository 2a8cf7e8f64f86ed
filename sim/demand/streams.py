"""Streams of uniform numbers by name: the only source of chance.

A number is found by four names, (seed, replication, stream, purpose), and its place in the purpose's column. Nothing
else moves it: not other streams or purposes, not the order in which they are asked, not how many numbers are asked.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.demand.seeds import Seed, seeds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_PERIOD_MASK: Final = 2**128 - 1
_UNUSED_BITS: Final = np.array(12, np.uint64)
_ONE: Final = np.array(0x3FF0000000000000, np.uint64)
"""Bits of the float64 1.0: with 52 random bits below them a number in [1, 2)."""
_TO_OPEN_INTERVAL: Final = np.array(1.0 - 2.0**-53)
_FLOAT: Final = np.dtype(np.float64)


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
        raw = self._raw(purpose, n, first)
        return _open_interval(raw if chosen is None else raw.take(chosen))

    def columns(self, purposes: Sequence[str], n: int) -> NDArray[np.float64]:
        """Give the first `n` numbers of some purposes' columns, as `uniform` does; shape (purposes, n)."""
        raw = np.empty((len(purposes), n), np.uint64)
        for row, purpose in zip(raw, purposes, strict=True):
            row[:] = self._raw(purpose, n, 0)
        return _open_interval(raw)

    def _raw(self, purpose: str, n: int, first: int) -> NDArray[np.uint64]:
        """Give neighbouring integers of a purpose's column."""
        offset = _purpose_offset(purpose) + first
        self._bits.advance((offset - self._position) & _PERIOD_MASK)
        self._position = offset + n
        raw: NDArray[np.uint64] = self._bits.random_raw(n)
        return raw


def _open_interval(raw: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Turn raw integers into numbers between 0 and 1, in their place."""
    # Arrays given one by one are taken as they are, at half of what operators on scalars cost.
    np.right_shift(raw, _UNUSED_BITS, raw)
    np.bitwise_or(raw, _ONE, raw)
    numbers = raw.view(_FLOAT)
    np.subtract(numbers, _TO_OPEN_INTERVAL, numbers)
    return numbers


class StreamNames:
    """The names of streams that replications asked for, so that those of the next one are seeded together."""

    def __init__(self) -> None:
        self._keys: dict[str, int] = {}

    def with_one(self, name: str) -> dict[str, int]:
        """Note a name, and give all that are known with the keys of their streams."""
        self._keys.setdefault(name, _stream_key(name))
        return self._keys.copy()  # at once, whatever other threads note


class Streams:
    """The streams of one replication of a seed, by name.

    Parameters
    ----------
    seed
        Of the run; not negative.
    replication
        Number of the replication, from 0.
    names
        Of a scenario's streams; none are known by default.

    Raises
    ------
    ValueError
        If `seed` or `replication` is negative.
    """

    def __init__(self, seed: int, replication: int, names: StreamNames | None = None) -> None:
        if seed < 0 or replication < 0:
            raise ValueError(
                f"seed and replication must not be negative, got seed {seed} and replication {replication}"
            )
        self.seed, self.replication = seed, replication
        self._names = StreamNames() if names is None else names
        self._seeds: dict[str, NDArray[np.uint64]] = {}

    def named(self, name: str) -> Stream:
        """Give the stream of a name, such as ``"marks/fault/phone/0"``, at its origin.

        The first one seeds all whose names are known, which takes some 50 µs; the others take 1 µs.
        """
        if name not in self._seeds:
            new = {one: key for one, key in self._names.with_one(name).items() if one not in self._seeds}
            of_all = seeds(self.seed, self.replication, np.array(list(new.values()), np.uint64))
            self._seeds.update(zip(new, of_all, strict=True))
        seed: Any = Seed(self._seeds[name])  # a generator takes any ISeedSequence, as NumPy's types do not say
        return Stream(np.random.PCG64DXSM(seed))
