"""The overflow chain against what is known at its edges."""

from __future__ import annotations

import pytest

from sim.staffing.erlang import Queue, erlang_a
from tests.truth.exact.overflow import Side, SideFigures, overflow

CALLS = Side(arrivals=100 / 3600, handled=1 / 60, leaving=1 / 30, agents=2)
MAILS = Side(arrivals=70 / 3600, handled=1 / 90, leaving=1 / 45, agents=3)


def erlang(side: Side) -> Queue:
    """Give the queue of a side that is alone."""
    per_hour, talk_s, patience_s = 3600 * side.arrivals, 1 / side.handled, 1 / side.leaving
    return erlang_a(arrivals_per_hour=per_hour, handle_time_s=talk_s, patience_s=patience_s, agents=side.agents)


def alone(side: Side) -> SideFigures:
    """Give the figures of a side that is alone."""
    queue = erlang(side)
    return SideFigures(queue.waits, queue.abandonment, queue.mean_wait_s, queue.occupancy)


def test_a_second_group_that_keeps_everybody_free_helps_nobody() -> None:
    """Then both sides are Erlang A on their own."""
    sides = overflow(CALLS, MAILS, keep_free=3, room=(25, 25))
    for side, figures in zip((CALLS, MAILS), sides, strict=True):
        assert vars(figures) == pytest.approx(vars(alone(side)), rel=1e-9)


def test_equal_work_that_overflows_freely_is_one_pool_of_agents() -> None:
    """With the same handling and patience, nothing kept free and no contacts of the second type: Erlang A of five."""
    nobody = Side(arrivals=1e-12, handled=1 / 60, leaving=1 / 30, agents=3)
    calls = Side(arrivals=250 / 3600, handled=1 / 60, leaving=1 / 30, agents=2)
    figures, _ = overflow(calls, nobody, keep_free=0, room=(30, 2))
    pool = erlang(Side(calls.arrivals, calls.handled, calls.leaving, agents=5))
    assert figures.waits == pytest.approx(pool.waits, rel=1e-8)
    assert figures.abandonment == pytest.approx(pool.abandonment, rel=1e-8)
    assert figures.mean_wait == pytest.approx(pool.mean_wait_s, rel=1e-8)


def test_what_comes_is_handled_or_given_up() -> None:
    """The work of both groups is what the answered bring."""
    calls, mails = overflow(CALLS, MAILS, keep_free=1, room=(25, 25))
    work = sum(
        side.arrivals * (1 - figures.abandonment) / side.handled for side, figures in ((CALLS, calls), (MAILS, mails))
    )
    assert calls.occupancy * 2 + mails.occupancy * 3 == pytest.approx(work, rel=1e-10)
