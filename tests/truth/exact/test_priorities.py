"""Two priorities: by hand, by conservation, and against the chain of both queues."""

from __future__ import annotations

import pytest

from sim.staffing.erlang import erlang_c
from tests.truth.exact.priorities import Priorities, mean_waits_by_chain


def test_one_agent_by_hand() -> None:
    """One agent, a quarter of the load each: W₁ = 1/2 ÷ 3/4, W₂ = W₁ ÷ 1/2."""
    desk = Priorities(first_arrivals=0.25, second_arrivals=0.25, handled=1.0, agents=1)
    assert desk.waits == pytest.approx(0.5)
    assert desk.first_wait == pytest.approx(2 / 3)
    assert desk.second_wait == pytest.approx(4 / 3)


def test_priorities_only_shift_the_wait() -> None:
    """The mean over both classes is Erlang C's, and so is the first class's where there is no second."""
    desk = Priorities(first_arrivals=20.0, second_arrivals=30.0, handled=12.0, agents=5)
    together = erlang_c(arrivals_per_hour=50, handle_time_s=300, agents=5).mean_wait_s / 3600
    assert 0.4 * desk.first_wait + 0.6 * desk.second_wait == pytest.approx(together, rel=1e-12)
    alone = Priorities(first_arrivals=50.0, second_arrivals=0.0, handled=12.0, agents=5)
    queue = erlang_c(arrivals_per_hour=50, handle_time_s=300, agents=5)
    assert alone.first_wait == pytest.approx(queue.mean_wait_s / 3600, rel=1e-12)
    assert alone.first_within(20 / 3600) == pytest.approx(queue.service_level(20), rel=1e-12)


def test_cobham_equals_the_chain_of_both_queues() -> None:
    """Mean waits from the joint law of the two queues, cut at 80 each."""
    desk = Priorities(first_arrivals=0.9, second_arrivals=0.6, handled=1.0, agents=2)
    by_chain = mean_waits_by_chain(first_arrivals=0.9, second_arrivals=0.6, handled=1.0, agents=2, room=90)
    assert (desk.first_wait, desk.second_wait) == pytest.approx(by_chain, rel=1e-9)
