"""Chat sharing: no slowdown and one slot are queues already known; one agent of two slots by hand."""

from __future__ import annotations

import pytest

from sim.staffing.erlang import erlang_a
from tests.truth.exact.sharing import sharing


def test_sharing_without_slowdown_is_erlang_a_with_a_server_a_slot() -> None:
    """Two agents of three slots at full pace are six servers, whoever holds what."""
    desk = sharing(arrivals=50.0, handled=12.0, pace=(1.0, 1.0, 1.0), agents=2, leaving=15.0, limit=0.01, room=50)
    servers = erlang_a(arrivals_per_hour=50, handle_time_s=300, patience_s=240, agents=6)
    assert desk.waits == pytest.approx(servers.waits, rel=1e-10)
    assert desk.abandonment == pytest.approx(servers.abandonment, rel=1e-10)
    assert desk.mean_wait == pytest.approx(servers.mean_wait_s / 3600, rel=1e-10)
    assert desk.slot_occupancy == pytest.approx(servers.occupancy, rel=1e-10)
    assert desk.service_level == pytest.approx(servers.service_level(36), rel=1e-10)
    assert desk.handle_time == pytest.approx(1 / 12, rel=1e-10)


def test_one_slot_is_erlang_a() -> None:
    """Agents who hold one chat at a time."""
    desk = sharing(arrivals=50.0, handled=12.0, pace=(1.0,), agents=4, leaving=15.0, limit=0.01, room=50)
    servers = erlang_a(arrivals_per_hour=50, handle_time_s=300, patience_s=240, agents=4)
    assert desk.waits == pytest.approx(servers.waits, rel=1e-10)
    assert desk.occupancy == pytest.approx(servers.occupancy, rel=1e-10)
    assert desk.slot_occupancy == pytest.approx(servers.occupancy, rel=1e-10)


def test_one_agent_of_two_slots_by_hand() -> None:
    """λ = μ = 1, pace (1, ½), almost no patience: rates up 1, down 1 and 2·½ = 1: a third each, and a third blocked."""
    desk = sharing(arrivals=1.0, handled=1.0, pace=(1.0, 0.5), agents=1, leaving=1e9, limit=0.0, room=4)
    assert desk.waits == pytest.approx(1 / 3, rel=1e-8)
    assert desk.abandonment == pytest.approx(1 / 3, rel=1e-8)
    assert desk.occupancy == pytest.approx(2 / 3, rel=1e-8)
    assert desk.handle_time == pytest.approx(1.5, rel=1e-8)
    assert desk.service_level == pytest.approx(2 / 3, rel=1e-8)


def test_new_chats_go_to_the_agent_with_the_fewest() -> None:
    """Two agents of two slots, pace (1, ½), hardly any queue: six mixes of what they hold, balanced by hand.

    Who holds anything ends a chat at rate 1, whether one or two. With the mixes a (0,0), b (0,1), c (1,1), d (0,2),
    e (1,2), f (2,2) the rates are a→b 1; b→a 1, b→c 1; c→b 2, c→e 1; d→b 1, d→e 1; e→c 1, e→d 1, e→f 1; f→e 2.
    From e = 1: f = ½; d = ½; the balance of e gives c = 3·1 − d − 2f = 1½; that of c gives b = 3c − e = 3½ = a.
    """
    desk = sharing(arrivals=1.0, handled=1.0, pace=(1.0, 0.5), agents=2, leaving=1e9, limit=0.0, room=4)
    weights = {"a": 3.5, "b": 3.5, "c": 1.5, "d": 0.5, "e": 1.0, "f": 0.5}
    total = sum(weights.values())
    assert desk.waits == pytest.approx(weights["f"] / total, rel=1e-8)
    idle = (2 * weights["a"] + weights["b"] + weights["d"]) / 2 / total
    assert desk.occupancy == pytest.approx(1 - idle, rel=1e-8)


def test_in_the_long_run_everybody_is_answered_who_does_not_abandon() -> None:
    """With slowed agents, too, the answered within an endless limit are all but the abandoned."""
    desk = sharing(arrivals=50.0, handled=12.0, pace=(1.0, 0.6), agents=2, leaving=15.0, limit=1e6, room=60)
    assert desk.service_level == pytest.approx(1 - desk.abandonment, rel=1e-10)
