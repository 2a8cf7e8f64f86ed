"""Streams: numbers found by name, which nothing else moves."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.demand.streams import Stream, stream


def test_a_longer_column_begins_with_the_shorter_one() -> None:
    """The first k numbers of a purpose are the same however many are asked."""
    short = stream(1, 0, "marks").uniform("talk", 10)
    long = stream(1, 0, "marks").uniform("talk", 1_000)
    assert np.array_equal(short, long[:10])


def test_a_stretch_of_a_column_is_the_same_alone() -> None:
    """Numbers 300 to 399 are the same whether those before them are asked for or not."""
    whole = stream(1, 0, "marks").uniform("talk", 1_000)
    assert np.array_equal(stream(1, 0, "marks").uniform("talk", 100, 300), whole[300:400])


def test_chosen_numbers_of_a_stretch_are_those_at_their_places() -> None:
    numbers, chosen = stream(1, 0, "a").uniform("p", 1000, 7), np.array([0, 3, 4, 999])
    assert stream(1, 0, "a").uniform("p", 1000, 7, chosen).tolist() == numbers[chosen].tolist()


def test_other_purposes_and_the_order_of_asking_change_nothing() -> None:
    """A purpose's column is the same alone, after others, before others, and when asked again."""
    alone = stream(1, 0, "marks").uniform("talk", 5)
    used = stream(1, 0, "marks")
    used.uniform("patience", 7)
    used.uniform("decide", 0)
    after_others = used.uniform("talk", 5)
    again = used.uniform("talk", 5)
    assert np.array_equal(alone, after_others)
    assert np.array_equal(alone, again)


@pytest.mark.parametrize(
    ("other", "purpose"),
    [
        pytest.param(stream(2, 0, "marks"), "talk", id="seed"),
        pytest.param(stream(1, 1, "marks"), "talk", id="replication"),
        pytest.param(stream(1, 0, "mark"), "talk", id="stream"),
        pytest.param(stream(1, 0, "marks"), "walk", id="purpose"),
    ],
)
def test_every_one_of_the_four_names_gives_other_numbers(other: Stream, purpose: str) -> None:
    """Another seed, replication, stream or purpose shares no number and shows no correlation."""
    n = 100_000
    ours = stream(1, 0, "marks").uniform("talk", n)
    theirs = other.uniform(purpose, n)
    assert not np.intersect1d(ours, theirs).size
    assert abs(np.corrcoef(ours, theirs)[0, 1]) < 4 / np.sqrt(n)


def test_numbers_are_uniform_and_independent_of_the_one_before() -> None:
    """A column passes the Kolmogorov-Smirnov test and has no serial correlation."""
    n = 200_000
    numbers = stream(5, 3, "arrivals/fault/phone").uniform("instants", n)
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
    assert stream(7, 2, "marks/fault/phone/0").uniform("talk/technical", 3).tolist() == [
        0.823974847051652,
        0.4947936744046125,
        0.4235001802159465,
    ]


def test_a_negative_seed_is_refused() -> None:
    """The error says what was given."""
    with pytest.raises(ValueError, match=r"must not be negative, got seed -1 and replication 0"):
        stream(-1, 0, "marks")
