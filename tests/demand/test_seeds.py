"""Seeds: side by side, and the same that NumPy gives one by one."""

from __future__ import annotations

import numpy as np
import pytest

from sim.demand.seeds import Seed, seeds


@pytest.mark.parametrize("seed", [0, 1, 2**32, 2**100 + 7, 2**200 + 1])
@pytest.mark.parametrize("replication", [0, 3, 2**40])
def test_seeds_are_those_of_numpys_seed_sequences(seed: int, replication: int) -> None:
    """Of keys of one word and of two, whatever words seed and replication have."""
    keys = np.array([0, 1, 2**32 - 1, 2**32, 2**32 + 1, 2**64 - 1], np.uint64)
    ours = seeds(seed, replication, keys)
    theirs = [np.random.SeedSequence(seed, spawn_key=(replication, key)) for key in keys.tolist()]
    assert ours.tolist() == [one.generate_state(4, np.uint64).tolist() for one in theirs]


def test_a_seed_gives_its_words_and_no_others() -> None:
    """A generator that asked for more, as those of other kinds do, would be told."""
    words = np.arange(4, dtype=np.uint64)
    assert Seed(words).generate_state(4, np.uint64) is words
    with pytest.raises(ValueError, match=r"a seed has 4 words of 64 bits, got asked for 8 of"):
        Seed(words).generate_state(8, np.uint64)
