"""The order of whole numbers."""

import numpy as np
import pytest

from sim.measure.ordering import merge_counts, order_of


@pytest.mark.parametrize("highest", [1, 2**16 - 1, 2**16, 2**33, 2**62])
@pytest.mark.parametrize("number", [0, 1, 100, 3000])
def test_keys_come_in_their_stable_order(highest: int, number: int) -> None:
    """Few and many, of one digit and of several, with ties."""
    key = np.random.default_rng(1).integers(0, highest, number)
    key[: number // 2] = key[number - number // 2 :]
    assert order_of(key).tolist() == np.argsort(key, kind="stable").tolist()


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ({}, {}, {}),
        ({3: 1}, {}, {3: 1}),
        ({}, {3: 1}, {3: 1}),
        ({3: 1, 5: 2}, {3: 4, 4: 1}, {3: 5, 4: 1, 5: 2}),
        ({1: 1}, {2: 1, 3: 1}, {1: 1, 2: 1, 3: 1}),
        ({2: 1, 3: 1}, {1: 1}, {1: 1, 2: 1, 3: 1}),
    ],
)
def test_counts_of_two_are_put_together_in_the_order_of_their_keys(
    one: dict[int, int], other: dict[int, int], both: dict[int, int]
) -> None:
    """Keys of the one, of the other, and of both, until one of them ends: what is left is told by what was read."""
    columns, merged, read = np.zeros((2, 2, 4), np.int64), np.zeros((2, 8), np.int64), np.zeros(2, np.int64)
    for column, each in zip(columns, (one, other), strict=True):
        column[:, : len(each)] = list(each.keys()), list(each.values())
    used = merge_counts(columns, np.array([len(one), len(other)]), merged, read)
    assert len(one) in read.tolist() or len(other) in read.tolist()
    left = [
        (int(key), int(count))
        for column, each, begin in zip(columns, (one, other), read, strict=True)
        for key, count in column[:, begin : len(each)].T
    ]
    assert [*zip(*merged[:, :used].tolist(), strict=True), *left] == list(both.items())
