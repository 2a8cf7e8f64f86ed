"""Unions and common parts of many owners' spans, and the steps that they make."""

import numpy as np

from sim.measure.spans import Spans
from sim.measure.steps import maxima, oldest, standing


def spans(*rows: tuple[int, int, int]) -> Spans:
    """Give spans of (owner, begin, end)."""
    return Spans(*np.array(rows, np.int64).reshape(-1, 3).T)


def listed(found: Spans) -> list[tuple[int, int, int]]:
    return list(zip(*(column.tolist() for column in found.columns), strict=True))


def test_a_union_joins_what_touches_and_keeps_owners_apart() -> None:
    found = spans((1, 0, 5), (0, 10, 20), (0, 0, 5), (0, 5, 8), (0, 12, 15), (0, 30, 30)).merged()
    assert listed(found) == [(0, 0, 8), (0, 10, 20), (1, 0, 5)]


def test_an_owner_that_ends_late_does_not_swallow_the_next_that_begins_early() -> None:
    assert listed(spans((0, 0, 100), (1, 0, 1), (1, 50, 60)).merged()) == [(0, 0, 100), (1, 0, 1), (1, 50, 60)]


def test_the_common_part_is_cut_out_of_each_partner() -> None:
    """One long span over two of duty; spans that only touch have nothing in common."""
    duty = spans((0, 10, 20), (0, 30, 40), (1, 0, 5)).merged()
    assert listed(spans((0, 15, 35), (1, 5, 9)).common(duty)) == [(0, 15, 20), (0, 30, 35)]
    assert listed(spans().common(duty)) == []


def test_what_is_taken_out_leaves_pieces_on_both_sides() -> None:
    """From the first owner's span a middle part and an end; the other owner's goes as a whole."""
    whole, taken = spans((0, 0, 10), (0, 20, 30), (1, 0, 5)), spans((0, 2, 4), (0, 25, 30), (1, 0, 5))
    assert listed(whole.without(taken)) == [(0, 0, 2), (0, 4, 10), (0, 20, 25)]
    assert listed(whole.without(spans())) == listed(whole)


def test_the_maximum_counts_what_overlaps_not_what_follows_on() -> None:
    """Two spans in the first slot, one after the other: one at once. In the second slot three overlap."""
    found = maxima(spans((0, 0, 5), (0, 5, 10), (0, 12, 18), (0, 13, 17), (0, 14, 30)), 1, np.array([0, 10, 20, 30]))
    assert found.tolist() == [[1, 3, 1]]


def test_the_maximum_of_a_slot_counts_who_stood_there_when_it_began() -> None:
    assert maxima(spans((0, 0, 30)), 2, np.array([0, 10, 20, 30])).tolist() == [[1, 1, 1], [0, 0, 0]]


def test_spans_can_be_taken_off() -> None:
    """Three on duty, of whom one is busy from 2 to 8: three free only at the begin and the end."""
    both = spans((0, 0, 10), (0, 0, 10), (0, 0, 10), (0, 2, 8))
    found = maxima(both, 1, np.array([0, 2, 8, 10]), np.array([1, 1, 1, -1]))
    assert found.tolist() == [[3, 2, 3]]


def test_a_span_stands_at_its_begin_and_no_longer_at_its_end() -> None:
    assert standing(spans((0, 5, 10), (1, 0, 99)), 2, np.array([4, 5, 9, 10])).tolist() == [[0, 1, 1, 0], [1, 1, 1, 1]]


def test_the_oldest_is_the_one_born_first_of_those_that_stand() -> None:
    found = oldest(spans((0, 5, 20), (0, 6, 9), (0, 30, 40)), np.array([5, 1, 30]), 1, np.array([8, 10, 25, 30]))
    assert found.tolist() == [[7, 5, 0, 0]]
