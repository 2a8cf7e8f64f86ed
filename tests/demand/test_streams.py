"""Streams: numbers found by name, which nothing else moves."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.demand.streams import Stream, StreamNames, Streams


def test_a_longer_column_begins_with_the_shorter_one() -> None:
    """The first k numbers of a purpose are the same however many are asked."""
    short = Streams(1, 0).named("marks").uniform("talk", 10)
    long = Streams(1, 0).named("marks").uniform("talk", 1_000)
    assert np.array_equal(short, long[:10])


def test_a_stretch_of_a_column_is_the_same_alone() -> None:
    """Numbers 300 to 399 are the same whether those before them are asked for or not."""
    whole = Streams(1, 0).named("marks").uniform("talk", 1_000)
    assert np.array_equal(Streams(1, 0).named("marks").uniform("talk", 100, 300), whole[300:400])


def test_chosen_numbers_of_a_stretch_are_those_at_their_places() -> None:
    numbers, chosen = Streams(1, 0).named("a").uniform("p", 1000, 7), np.array([0, 3, 4, 999])
    assert Streams(1, 0).named("a").uniform("p", 1000, 7, chosen).tolist() == numbers[chosen].tolist()


def test_other_purposes_and_the_order_of_asking_change_nothing() -> None:
    """A purpose's column is the same alone, after others, before others, and when asked again."""
    alone = Streams(1, 0).named("marks").uniform("talk", 5)
    used = Streams(1, 0).named("marks")
    used.uniform("patience", 7)
    used.uniform("decide", 0)
    after_others = used.uniform("talk", 5)
    again = used.uniform("talk", 5)
    assert np.array_equal(alone, after_others)
    assert np.array_equal(alone, again)


@pytest.mark.parametrize(
    ("other", "purpose"),
    [
        pytest.param(Streams(2, 0).named("marks"), "talk", id="seed"),
        pytest.param(Streams(1, 1).named("marks"), "talk", id="replication"),
        pytest.param(Streams(1, 0).named("mark"), "talk", id="stream"),
        pytest.param(Streams(1, 0).named("marks"), "walk", id="purpose"),
    ],
)
def test_every_one_of_the_four_names_gives_other_numbers(other: Stream, purpose: str) -> None:
    """Another seed, replication, stream or purpose shares no number and shows no correlation."""
    n = 100_000
    ours = Streams(1, 0).named("marks").uniform("talk", n)
    theirs = other.uniform(purpose, n)
    assert not np.intersect1d(ours, theirs).size
    assert abs(np.corrcoef(ours, theirs)[0, 1]) < 4 / np.sqrt(n)


def test_streams_seeded_together_are_those_seeded_alone() -> None:
    """Whichever names other replications asked for, and in whatever order, a stream has its own numbers."""
    names = StreamNames()
    for replication, asked in ((0, "ab"), (1, "bca"), (0, "dc")):
        together = Streams(1, replication, names)
        for name in asked:
            alone = Streams(1, replication).named(name).uniform("p", 3)
            assert together.named(name).uniform("p", 3).tolist() == alone.tolist()


def test_columns_side_by_side_are_the_columns() -> None:
    """Several purposes asked at once give what each gives alone."""
    chance, purposes = Streams(1, 0).named("a"), ["talk", "decide", "talk"]
    together = chance.columns(purposes, 5)
    assert together.tolist() == [chance.uniform(purpose, 5).tolist() for purpose in purposes]
    assert chance.columns([], 5).shape == (0, 5)


def test_numbers_are_uniform_and_independent_of_the_one_before() -> None:
    """A column passes the Kolmogorov-Smirnov test and has no serial correlation."""
    n = 200_000
    numbers = Streams(5, 3).named("arrivals/fault/phone").uniform("instants", n)
    assert stats.kstest(numbers, "uniform").pvalue > 0.001
    assert abs(np.corrcoef(numbers[1:], numbers[:-1])[0, 1]) < 4 / np.sqrt(n)


class _Extremes:
    """A bit generator that gives the least and the greatest 64-bit integer."""

    def advance(self, delta: int) -> None:
        pass

    def random_raw(self, n: int) -> np.ndarray:
        return np.array([0, 2**64 - 1], dtype=np.uint64)[:n]


def test_numbers_never_are_zero_or_one() -> None:
    """The least and the greatest raw integer give 2^-53 and 1 - 2^-53."""
    least, greatest = Stream(_Extremes()).uniform("any", 2)  # type: ignore[arg-type]
    assert least == 2.0**-53
    assert greatest == 1 - 2.0**-53


def test_the_numbers_of_a_name_are_fixed() -> None:
    """The same four names give the same digits on any machine and in any later version of NumPy or of this product."""
    assert Streams(7, 2).named("marks/fault/phone/0").uniform("talk/technical", 3).tolist() == [
        0.823974847051652,
        0.4947936744046125,
        0.4235001802159465,
    ]


def test_a_negative_seed_is_refused() -> None:
    """The error says what was given."""
    with pytest.raises(ValueError, match=r"must not be negative, got seed -1 and replication 0"):
        Streams(-1, 0).named("marks")
