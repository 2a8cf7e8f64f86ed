"""The order of whole numbers."""

import numpy as np
import pytest

from sim.measure.ordering import order_of


@pytest.mark.parametrize("highest", [1, 2**16 - 1, 2**16, 2**33, 2**62])
@pytest.mark.parametrize("number", [0, 1, 100, 3000])
def test_keys_come_in_their_stable_order(highest: int, number: int) -> None:
    """Few and many, of one digit and of several, with ties."""
    key = np.random.default_rng(1).integers(0, highest, number)
    key[: number // 2] = key[number - number // 2 :]
    assert order_of(key).tolist() == np.argsort(key, kind="stable").tolist()
