"""How the generators of a replication are seeded: side by side, as `SeedSequence(seed, spawn_key=(replication, key))`.

A replication seeds dozens of generators, by sequences that begin alike. What seed and replication make of a sequence's
pool is worked out once, and all keys are mixed into it together. NumPy promises that the words of a seed sequence stay
the same in later versions; its algorithm is M. E. O'Neill's ("Developing a seed_seq alternative", 2015).
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator

Words = NDArray[np.uint64]
"""Of 32 bits each, in twice the room: their products are cut off."""
W = TypeVar("W", int, NDArray[Any])

_WORD: Final = 2**32 - 1
_POOL: Final = 4
"""Words of a sequence's pool."""
_HALVES: Final = np.array(32, np.uint64)


class Seed(ISeedSequence):
    """What seeds one generator: four words of 64 bits."""

    def __init__(self, words: NDArray[np.uint64]) -> None:
        self._words = words

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> NDArray[Any]:
        """Give the words, of which there are no others."""
        if n_words != self._words.size or np.dtype(dtype) != self._words.dtype:
            raise ValueError(f"a seed has {self._words.size} words of 64 bits, got asked for {n_words} of {dtype}")
        return self._words


def seeds(seed: int, replication: int, keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Give the words that seed the generators of some keys, in one replication of a seed; shape (keys, 4)."""
    begun, factors = _begun(seed, replication)
    low, high = keys & _WORD, keys >> _HALVES
    pool = _mixed(begun, _hashed(low, *factors[:2]))
    # A key of 32 bits is one word, not two.
    pool = np.where(high > 0, _mixed(pool, _hashed(high, *factors[2:])), pool)
    words = _hashed(np.concatenate([pool, pool]), *_GIVEN_OUT)
    words[1::2] <<= _HALVES
    return np.ascontiguousarray((words[::2] | words[1::2]).T)


@lru_cache(maxsize=16)
def _begun(seed: int, replication: int) -> tuple[Words, tuple[Words, ...]]:
    """Give the pool after seed and replication, and by which factors the two words of a key are hashed into it."""
    factors = _factors(0x43B0D7E5, 0x931E8875)
    words = _words(seed)
    words += [0] * (_POOL - len(words)) + _words(replication)
    pool = [_hashed(word, *next(factors)) for word in words[:_POOL]]
    for source in range(_POOL):
        for place in range(_POOL):
            if place != source:
                pool[place] = _mixed(pool[place], _hashed(pool[source], *next(factors)))
    for word in words[_POOL:]:
        pool = [_mixed(old, _hashed(word, *next(factors))) for old in pool]
    return _column(pool), (*_columns(factors, _POOL), *_columns(factors, _POOL))


def _words(number: int) -> list[int]:
    """Give a number's words, the lowest first; 0 has one."""
    words = [number & _WORD]
    while number := number >> 32:
        words.append(number & _WORD)
    return words


def _hashed(word: W, given: W, times: W) -> W:
    hashed: W = (word ^ given) * times & _WORD
    hashed ^= hashed >> 16
    return hashed


def _mixed(one: W, other: W) -> W:
    mixed: W = 0xCA01F9DD * one - 0x4973F715 * other & _WORD
    mixed ^= mixed >> 16
    return mixed


def _factors(first: int, step: int) -> Iterator[tuple[int, int]]:
    """Give what each of the words that are hashed one after the other is given and multiplied by."""
    while True:
        then = first * step & _WORD
        yield first, then
        first = then


def _columns(factors: Iterator[tuple[int, int]], words: int) -> tuple[Words, Words]:
    """Give the factors of so many words below each other."""
    given, times = zip(*islice(factors, words), strict=True)
    return _column(given), _column(times)


def _column(words: Any) -> Words:
    return np.array(words, np.uint64)[:, None]


_GIVEN_OUT: Final = _columns(_factors(0x8B51F9DD, 0x58F38DED), 2 * _POOL)
