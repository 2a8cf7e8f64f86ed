"""The integrated day: constant staff is Erlang A, falling staff by hand, and the counts that must add up."""

from __future__ import annotations

import math
from functools import cache

import pytest

from sim.staffing.erlang import erlang_a
from tests.truth.exact.falling_staff import FallingStaff, Piece, PieceFigures


def test_a_long_day_of_constant_staff_becomes_erlang_a_in_every_reading() -> None:
    """After five hours of the same, the integrated chain gives the steady state's service levels."""
    pieces = (Piece(5.0, 60.0, 5), Piece(1.0, 60.0, 5), Piece(1.0, 0.0, 5))
    hour = FallingStaff(pieces, handled=12.0, leaving=20.0, room=45, panel=0.05).figures(limit=20 / 3600)[1]
    steady = erlang_a(arrivals_per_hour=60, handle_time_s=300, patience_s=180, agents=5)
    assert hour.abandoned / hour.offered == pytest.approx(steady.abandonment, rel=1e-9)
    assert hour.waited / hour.offered == pytest.approx(steady.waits, rel=1e-9)
    assert hour.busy_time / 5 == pytest.approx(steady.occupancy, rel=1e-9)
    assert hour.waiting_time == pytest.approx(steady.queue_length, rel=1e-9)
    readings = {
        "offered": hour.answered_within / hour.offered,
        "answered": hour.answered_within / hour.answered,
        "short_out": hour.answered_within / (hour.offered - hour.abandoned_within),
        "settled": (hour.answered_within + hour.abandoned_within) / hour.offered,
    }
    for reading, share in readings.items():
        assert share == pytest.approx(steady.service_level(20, reading), rel=1e-9), reading  # type: ignore[arg-type]


def test_a_day_of_so_many_agents_that_nobody_waits_is_an_infinite_desk() -> None:
    """The number busy has mean a(1 − e^(−μt)), hence the integral a(t − (1 − e^(−μt))/μ) over the first piece."""
    pieces = (Piece(1.0, 4.0, 30), Piece(1.0, 0.0, 30))
    first, _ = FallingStaff(pieces, handled=2.0, leaving=1.0, room=5, panel=0.05).figures(limit=0.1)
    assert first.busy_time == pytest.approx(2.0 * (1 - (1 - math.exp(-2)) / 2), rel=1e-12)
    assert first.answered_within == pytest.approx(first.offered)
    assert first.waited == pytest.approx(0, abs=1e-12)


def test_those_at_work_when_the_number_falls_finish_and_take_nothing() -> None:
    """Two agents, both busy for certain, fall to none: they drain at rate μ each, the queue only by its patience.

    Arrivals of a thousand an hour fill both agents and the queue; afterwards none come. E[busy] = 2 e^(−μt), and of the
    queue nobody is answered: what waited at the fall abandons.
    """
    pieces = (Piece(2.0, 1000.0, 2), Piece(3.0, 0.0, 0))
    desk = FallingStaff(pieces, handled=1.0, leaving=50.0, room=80, panel=0.05)
    busy, after = desk.figures(limit=0.01)
    assert after.busy_time == pytest.approx(2 * (1 - math.exp(-3)), rel=1e-6)
    assert after.on_duty_busy_time == 0
    waiting_at_fall = after.waiting_time * 50 / (1 - math.exp(-150))
    assert waiting_at_fall == pytest.approx((1000 - 2) / 50, rel=1e-2)
    assert busy.answered + busy.abandoned == pytest.approx(busy.offered, rel=1e-9)
    # answered: the two at the start, and one at each of the completions of two busy agents over two hours
    assert busy.answered == pytest.approx(2 + 2 * 2.0, rel=2e-3)


def test_one_over_the_number_finishes_before_the_next_is_taken() -> None:
    """Three busy fall to one: the queue moves only after two ends more, so that fewer are answered in time."""
    falls = (Piece(2.0, 60.0, 3), Piece(0.5, 60.0, 1), Piece(3.0, 0.0, 1))
    stays = (Piece(2.0, 60.0, 1), Piece(0.5, 60.0, 1), Piece(3.0, 0.0, 1))
    low, high = (
        FallingStaff(pieces, handled=6.0, leaving=10.0, room=60, panel=0.05).figures(limit=0.02)[1]
        for pieces in (falls, stays)
    )
    assert low.busy_time > high.busy_time + 0.1
    assert low.on_duty_busy_time == pytest.approx(0.5, abs=1e-3)
    assert low.answered_within < high.answered_within


DAY = (Piece(0.5, 60.0, 6), Piece(0.5, 100.0, 10), Piece(0.5, 100.0, 5), Piece(0.5, 40.0, 8), Piece(2.0, 0.0, 4))


@cache
def figures_of_day(room: int, panel: float) -> list[PieceFigures]:
    """Solve the day to a fineness, once."""
    return FallingStaff(DAY, handled=12.0, leaving=20.0, room=room, panel=panel).figures(limit=20 / 3600)


def test_contacts_by_their_hour_and_by_the_clock_add_up() -> None:
    """All come to an end, abandonments by entry equal the leaving of the queue, and answers equal the work done."""
    day = figures_of_day(room=45, panel=0.05)
    assert sum(piece.offered for piece in day) == 150
    assert sum(piece.answered + piece.abandoned for piece in day) == pytest.approx(150, abs=1e-9)
    leavers = 20.0 * sum(piece.waiting_time for piece in day)
    assert sum(piece.abandoned for piece in day) == pytest.approx(leavers, abs=1e-8)
    work_done = 12.0 * sum(piece.busy_time for piece in day)
    assert sum(piece.answered for piece in day) == pytest.approx(work_done, abs=1e-8)


def test_finer_panels_and_more_room_change_nothing() -> None:
    """Nine digits stand."""
    for rough, smooth in zip(figures_of_day(45, 0.05), figures_of_day(55, 0.025), strict=True):
        assert vars(rough) == pytest.approx(vars(smooth), rel=1e-9, abs=1e-9)


def test_a_day_that_ends_among_arrivals_and_a_queue_without_room_are_refused() -> None:
    """Deadlines beyond the end, and a cut that matters, are errors."""
    with pytest.raises(ValueError, match="add a piece without arrivals"):
        FallingStaff((Piece(1.0, 60.0, 6),), handled=12.0, leaving=20.0, room=60, panel=0.05).figures(limit=0.1)
    with pytest.raises(ValueError, match="more room"):
        FallingStaff(DAY, handled=12.0, leaving=20.0, room=15, panel=0.05).figures(limit=0.1)
