"""Bins of at most 0.1 %, exact at round thresholds."""

import numpy as np
import pytest

from sim.measure.counting.values import look_up
from sim.measure.histogram import Histogram, bin_of, is_edge, percentile, upper_edge

ROUND = [
    0,
    1,
    999,
    1_000,
    2_000,
    5_000,
    10_000,
    15_000,
    20_000,
    30_000,
    45_000,
    60_000,
    90_000,
    180_000,
    14_400_000,
    28_800_000,
]


@pytest.mark.parametrize("limit", ROUND)
def test_every_round_threshold_is_the_upper_edge_of_its_bin(limit: int) -> None:
    assert is_edge(limit)
    assert bin_of(np.array([limit + 1]))[0] == bin_of(np.array([limit]))[0] + 1


def test_a_bin_never_spans_more_than_a_thousandth_of_its_values() -> None:
    values = np.unique(np.geomspace(1, 10**10, 5000).astype(np.int64))
    edge = upper_edge(bin_of(values))
    assert (edge >= values).all()
    assert ((edge - values) * 1000 <= values).all()


def test_bins_are_exact_up_to_two_seconds() -> None:
    values = np.arange(2001)
    assert (upper_edge(bin_of(values)) == values).all()


def test_a_value_and_its_bin_edge_share_the_bin_and_bins_are_in_order() -> None:
    values = np.sort(np.random.default_rng(5).integers(0, 10**8, 1000))
    bins = bin_of(values)
    assert (np.diff(bins) >= 0).all()
    assert (bin_of(upper_edge(bins)) == bins).all()


def test_counts_within_a_threshold_include_it_and_keep_cells_apart() -> None:
    """Cell 0 waits 10 s, 20 s and 20.001 s; cell 1 waits 5 s."""
    histogram = Histogram.of(np.array([0, 0, 0, 1]), np.array([10_000, 20_000, 20_001, 5_000]))
    assert histogram.within(np.array([0]), 20_000) == 2
    assert histogram.within(np.array([1]), 20_000) == 1
    assert histogram.within(np.array([0, 1]), 20_000) == 3
    assert histogram.total(np.array([0, 1])) == 4


def test_histograms_add_up() -> None:
    one = Histogram.of(np.array([0, 2]), np.array([7, 9]))
    other = Histogram.of(np.array([0, 1]), np.array([7, 9]))
    both = one + other
    number, count = both.of_cells(np.array([0]))
    assert (upper_edge(number).tolist(), count.tolist()) == ([7], [2])
    assert both.total(np.array([1])) == 1


@pytest.mark.parametrize(("share", "value"), [(0.5, 20.0), (0.8, 40.0), (0.81, 50.0), (1.0, 50.0)])
def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed(share: float, value: float) -> None:
    """Of ten values two are 10, three 20, three 40 and two 50."""
    number = bin_of(np.array([10, 20, 40, 50]))
    assert percentile(number, np.array([2, 3, 3, 2]), share) == value


def test_there_is_no_percentile_of_nothing() -> None:
    assert np.isnan(percentile(np.empty(0, np.int64), np.empty(0, np.int64), 0.5))


@pytest.mark.parametrize("share", [0.5, 0.8, 0.9, 1.0])
def test_percentiles_of_groups_are_those_of_each_alone(share: float) -> None:
    """In any order, and with a group that has no values."""
    rng = np.random.default_rng(5)
    group, value = rng.choice(np.array([0, 1, 3]), 200), rng.integers(0, 90_000, 200)
    found = Histogram.of(group, value).percentiles(share, 4)
    for one in range(4):
        number, count = Histogram.of(np.zeros(200, np.int64)[group == one], value[group == one]).of_cells(np.array([0]))
        expected = percentile(number, count, share)
        assert found[one] == expected or (np.isnan(found[one]) and np.isnan(expected))


def test_values_up_to_a_limit_are_counted_cell_by_cell() -> None:
    """Of cell 0 two of three waits are within 20 s; cell 1 has none at all; cell 2's one is."""
    histogram = Histogram.of(np.array([0, 2, 0, 0]), np.array([10_000, 5_000, 20_000, 20_001]))
    below, whole = histogram.up_to(20_000.0, 3)
    assert (below.tolist(), whole.tolist()) == ([2, 0, 1], [3, 0, 1])


def test_counting_finds_the_bin_of_one_value_as_of_many() -> None:
    """With what it holds: values from its least on, up to the least of the next."""
    edges = upper_edge(np.arange(1_900, 30_000, 7))
    some = [np.arange(2_100), edges, edges + 1, np.geomspace(1, 10**12, 2000).astype(np.int64), 1 << np.arange(40)]
    values = np.unique(np.concatenate(some))
    one_by_one, found = getattr(look_up, "py_func", look_up), np.empty((len(values), 3), np.int64)
    for room, value in zip(found, values.tolist(), strict=True):
        one_by_one(room, value)
    bins = bin_of(values)
    assert found[:, 2].tolist() == bins.tolist()
    assert (found[:, 1] - 1).tolist() == upper_edge(bins).tolist()
    assert found[:, 0].tolist() == np.where(bins == 0, 0, upper_edge(bins - 1) + 1).tolist()


def test_what_is_compact_tells_the_same_in_less_room() -> None:
    """Keys and counts in the smallest integers, of the same cells, bins and counts; sums of them, too."""
    cell, value = np.array([0, 0, 0, 1]), np.array([10_000, 20_000, 20_001, 5_000])
    whole = Histogram.of(cell, value)
    compact = whole.compact()
    assert (compact.key.dtype, compact.count.dtype) == (np.int32, np.int8)
    for cells in (np.array([0]), np.array([1]), np.array([0, 1]), np.array([500, 1_000])):
        assert [part.tolist() for part in compact.of_cells(cells)] == [part.tolist() for part in whole.of_cells(cells)]
    both = compact + compact
    assert (both.key.tolist(), both.count.tolist()) == (whole.key.tolist(), (2 * whole.count).tolist())
    assert Histogram.of(np.array([1_000]), np.array([7])).compact().key.dtype == np.int64


def test_percentiles_and_shares_of_what_is_compact_are_the_same() -> None:
    """Also where the keys of a single cell fit into one byte, which no number of bins does."""
    whole = Histogram.of(np.zeros(4, np.int64), np.array([3, 5, 5, 90]))
    compact = whole.compact()
    assert compact.key.dtype == np.int8
    assert compact.percentiles(0.5, 2).tolist()[0] == whole.percentiles(0.5, 2).tolist()[0] == 5.0
    assert [part.tolist() for part in compact.up_to(5, 2)] == [part.tolist() for part in whole.up_to(5, 2)]


def test_counts_that_just_fit_stay_as_they_are() -> None:
    """126 of a value are kept in a byte, 127 in two: the highest number of a kind of integers stands for no entry."""
    for times, kind in ((126, np.int8), (127, np.int16)):
        compact = Histogram.of(np.zeros(times, np.int64), np.zeros(times, np.int64)).compact()
        assert compact.count.tolist() == [times]
        assert compact.count.dtype == kind


@pytest.mark.parametrize("stretch", [1, 2, 3, 1 << 15])
def test_two_histograms_put_together_in_stretches_hold_the_values_of_both(
    stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever ends first, also one without values; in the smallest integers that surely hold them."""
    monkeypatch.setattr("sim.measure.histogram.STRETCH", stretch)
    chance = np.random.default_rng(1)
    for one, other in ((0, 0), (0, 5), (5, 0), (4, 9), (200, 3), (150, 150)):
        cell, value = chance.integers(0, 3, one + other), chance.integers(0, 40, one + other)
        parts = Histogram.of(cell[:one], value[:one]).compact(), Histogram.of(cell[one:], value[one:])
        both, whole = parts[0] + parts[1], Histogram.of(cell, value)
        assert (both.key.tolist(), both.count.tolist()) == (whole.key.tolist(), whole.count.tolist())
        assert both.key.dtype == whole.compact().key.dtype
        assert both.count.dtype == np.int8


def test_counts_of_two_that_do_not_fit_into_their_integers_get_larger_ones() -> None:
    """Each has 100 values of a kind, which fit into a byte; together they do not."""
    one = Histogram.of(np.zeros(100, np.int64), np.zeros(100, np.int64)).compact()
    both = one + one
    assert (one.count.dtype, both.count.dtype, both.count.tolist()) == (np.int8, np.int16, [200])
