"""Retrials: none is the plain queue; flows balance; one line by hand."""

from __future__ import annotations

import pytest

from sim.staffing.erlang import erlang_a, erlang_b
from tests.truth.exact.retrials import after_abandoning, after_busy_tone

DESK = {"arrivals": 60.0, "handled": 12.0, "agents": 5}


def test_without_retries_it_is_erlang_a() -> None:
    """Nobody comes back."""
    desk = after_abandoning(**DESK, leaving=20.0, retrying=0.0, returning=5.0, limit=20 / 3600, room=(50, 3))
    alone = erlang_a(arrivals_per_hour=60, handle_time_s=300, patience_s=180, agents=5)
    assert desk.contacts == pytest.approx(60.0)
    assert desk.waits == pytest.approx(alone.waits, rel=1e-10)
    assert desk.abandonment == pytest.approx(alone.abandonment, rel=1e-10)
    assert desk.mean_wait == pytest.approx(alone.mean_wait_s / 3600, rel=1e-10)
    assert desk.service_level == pytest.approx(alone.service_level(20), rel=1e-10)
    assert desk.occupancy == pytest.approx(alone.occupancy, rel=1e-10)


def test_abandoned_contacts_that_retry_add_to_the_arrivals() -> None:
    """Contacts = first ones + retrying × abandoned; agents do the work of the answered."""
    desk = after_abandoning(**DESK, leaving=20.0, retrying=0.5, returning=5.0, limit=20 / 3600, room=(60, 40))
    assert desk.contacts == pytest.approx(60 + 0.5 * desk.abandonment * desk.contacts, rel=1e-10)
    assert desk.occupancy * 5 * 12 == pytest.approx(desk.contacts * (1 - desk.abandonment), rel=1e-10)


def test_very_late_retries_are_fresh_poisson_arrivals() -> None:
    """The slower they return the nearer to Erlang A with the fixed point of the arrivals."""
    desk = after_abandoning(**DESK, leaving=20.0, retrying=0.5, returning=0.1, limit=20 / 3600, room=(60, 200))
    mixed = erlang_a(arrivals_per_hour=desk.contacts, handle_time_s=300, patience_s=180, agents=5)
    assert desk.abandonment == pytest.approx(mixed.abandonment, rel=5e-3)
    sooner = after_abandoning(**DESK, leaving=20.0, retrying=0.5, returning=5.0, limit=20 / 3600, room=(60, 40))
    assert sooner.abandonment > desk.abandonment


def test_busy_contacts_that_never_retry_are_erlang_b() -> None:
    """Two attempts that nobody makes."""
    desk = after_busy_tone(**DESK, retrying=0.0, returning=5.0, attempts=2, room=3)
    assert desk.busy == pytest.approx(erlang_b(5.0, 5), rel=1e-10)
    assert desk.reached == pytest.approx(1 - erlang_b(5.0, 5), rel=1e-10)


def test_one_line_and_one_attempt_by_hand() -> None:
    """λ = μ = 1, all retry once, at once: at an instant's delay the line is as busy as before, so half are lost.

    Returning at rate 10⁹ the retry finds what the first try found: busy = 1/2 of first tries, all of the retries.
    """
    desk = after_busy_tone(arrivals=1.0, handled=1.0, agents=1, retrying=1.0, returning=1e9, attempts=1, room=4)
    assert desk.reached == pytest.approx(0.5, rel=1e-6)
    assert desk.contacts == pytest.approx(1.5, rel=1e-6)
    assert desk.busy == pytest.approx(2 / 3, rel=1e-6)


def test_a_second_attempt_by_hand() -> None:
    """The same with half retrying, twice: all attempts find what the first found, so 1 + ½·½ + ½·½·½ contacts come."""
    desk = after_busy_tone(arrivals=1.0, handled=1.0, agents=1, retrying=0.5, returning=1e9, attempts=2, room=4)
    assert desk.reached == pytest.approx(0.5, rel=1e-6)
    assert desk.contacts == pytest.approx(1 + 0.5 * 0.5 + 0.5 * 0.5 * 0.5, rel=1e-6)


def test_every_inquiry_is_reached_or_used_up_its_attempts() -> None:
    """First tries + retries balance: contacts × (1 − busy) are reached; each further attempt lets more through."""
    reached = []
    for attempts in (0, 1, 2):
        desk = after_busy_tone(**DESK, retrying=0.8, returning=6.0, attempts=attempts, room=34)
        assert desk.contacts * (1 - desk.busy) == pytest.approx(60 * desk.reached, rel=1e-10)
        assert desk.occupancy == pytest.approx(60 * desk.reached / 12 / 5, rel=1e-10)
        reached.append(desk.reached)
    assert reached[0] < reached[1] < reached[2] < 1
