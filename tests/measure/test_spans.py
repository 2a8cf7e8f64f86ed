"""Unions and common parts of many owners' spans, and the steps that they make."""

from itertools import pairwise

import numpy as np

from sim.measure.spans import Spans
from sim.measure.steps import Steps


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


def test_spans_are_divided_by_those_of_the_same_owner() -> None:
    """One span over two of duty and past them, one apart, one of who was never there."""
    duty = spans((0, 10, 20), (0, 30, 40), (2, 0, 5))
    inside, outside = spans((0, 5, 35), (0, 36, 50), (1, 0, 7), (2, 1, 4)).divided(duty)
    assert listed(inside) == [(0, 10, 20), (0, 30, 35), (0, 36, 40), (2, 1, 4)]
    assert listed(outside) == [(0, 5, 10), (0, 20, 30), (0, 40, 50), (1, 0, 7)]
    inside, outside = spans((0, 1, 2)).divided(spans())
    assert (listed(inside), listed(outside)) == ([], [(0, 1, 2)])


def highest(found: Spans, edges: list[int], *, raises: tuple[int, ...] = (1, 1), origin: int = 0) -> list[list[int]]:
    """Give the maxima of two owners' spans, each with a line of its own besides that of both, by line and slot."""
    steps = Steps(np.array([[0, 1], [0, 2]]), np.array(raises)[:, None], 3)
    return steps.maxima(steps.events([(np.arange(2), *found.columns)], origin), origin, np.array(edges))[0].tolist()


def test_the_maximum_counts_what_overlaps_not_what_follows_on() -> None:
    """Two spans in the first slot, one after the other: one at once. In the second slot three overlap."""
    found = highest(spans((0, 0, 5), (0, 5, 10), (0, 12, 18), (0, 13, 17), (1, 14, 30)), [0, 10, 20, 30])
    assert found == [[1, 3, 1], [1, 2, 0], [0, 1, 1]]


def test_the_maximum_of_a_slot_counts_who_stood_there_when_it_began() -> None:
    """Since before measured time, or by then for good; what has no length is nowhere."""
    assert highest(spans((0, -5, 30), (1, 4, 4)), [0, 10, 20, 30], origin=-5)[0] == [1, 1, 1]
    assert highest(spans((0, -5, 0)), [0, 10, 20], origin=-5)[0] == [0, 0]
    assert highest(spans(), [0, 10, 20])[0] == [0, 0]


def test_spans_can_be_taken_off() -> None:
    """Three on duty, of whom one is busy from 2 to 8: three free only at the begin and the end."""
    both = spans((0, 0, 10), (0, 0, 10), (0, 0, 10), (1, 2, 8))
    assert highest(both, [0, 2, 8, 10], raises=(1, -1))[0] == [3, 2, 3]


def test_many_events_are_put_in_order_of_time() -> None:
    """A thousand spans over a month, held against a plain count at every instant at which one begins."""
    rng = np.random.default_rng(3)
    begin = rng.integers(-10_000, 2_600_000_000, 1_000)
    end = begin + rng.integers(0, 90_000_000, 1_000)
    edges = [0, 700_000_000, 2_000_000_000, 2_600_000_000]
    standing = [
        max(int(((begin <= at) & (at < end)).sum()) for at in (first, *begin[(begin >= first) & (begin < last)]))
        for first, last in pairwise(edges)
    ]
    found = Spans(np.zeros(1_000, np.int64), begin, end)
    assert highest(found, edges, origin=int(begin.min()))[0] == standing
