"""M(t)/M/n(t)+M: arrivals by the half-hour, and a number of agents that falls while they are busy."""

from __future__ import annotations

from dataclasses import replace

import pytest

import sim
from tests.truth.claims import Claim, hold, reject
from tests.truth.exact.falling_staff import FallingStaff, Piece, PieceFigures

SCENARIO = """
format: 1
name: A rush, and agents who go home while they are busy
time: {start: 2026-03-02, length: 150 min, interval: 30 min}
channels: {phone: {patience: {distribution: exponential, mean: 2 min}}}
contact_types:
  call:
    arrivals:
      phone:
        rates:
          mon:
            "00:00": 500 per hour
            "00:30": 800 per hour
            "01:00": 600 per hour
            "01:30": 300 per hour
            "02:00": 0 per hour
    handling: {desk: {handle_time: {distribution: exponential, mean: 3 min}}}
tiers: {desk: {}}
agent_groups:
  clerks: {tier: desk, staffing: {mon: {"00:00": 16, "00:30": 30, "01:00": 14, "01:30": 10, "02:00": 8}}}
targets: [{measure: service_level, channel: phone, within: 2 min, at_least: 50 %}]
"""

PIECES = (Piece(30, 500 / 60, 16), Piece(30, 800 / 60, 30), Piece(30, 10, 14), Piece(30, 5, 10), Piece(30, 0, 8))
"""Per minute. At 01:00 30 are busy and 14 are due: sixteen must finish before anybody takes the next call."""


def day(pieces: tuple[Piece, ...]) -> list[PieceFigures]:
    """Integrate the Kolmogorov equations."""
    return FallingStaff(pieces, handled=1 / 3, leaving=1 / 2, room=80, panel=2.0).figures(limit=2)


def of_day(pieces: list[PieceFigures]) -> list[Claim]:
    """What the day's contacts meet, and its agents' work, of which overtime is no part of the occupancy."""
    offered = sum(piece.offered for piece in pieces)
    in_time = sum(piece.answered_within for piece in pieces)
    on_duty_busy = sum(piece.on_duty_busy_time for piece in pieces)
    return [
        Claim("service_level", in_time / offered, within="2 min"),
        Claim("service_level", in_time / sum(piece.answered for piece in pieces), "2 min", "answered"),
        Claim("abandonment", sum(piece.abandoned for piece in pieces) / offered),
        Claim("wait", 60 * sum(piece.waiting_time for piece in pieces) / offered),
        Claim("occupancy", on_duty_busy / sum(piece.duration * piece.agents for piece in PIECES)),
        Claim(
            "overtime", sum(piece.busy_time - piece.on_duty_busy_time for piece in pieces) / 60, width=0.02
        ),  # sixteen who finish
    ]


def of_intervals(pieces: list[PieceFigures]) -> list[Claim]:
    """The same by half-hour, which more days would tell better; in the last one nobody comes any more."""
    found = []
    for number, piece in enumerate(pieces):
        found += [
            Claim("agents_busy", piece.busy_time / 30, interval=number, width=0.01 if piece.offered else 0.02),
            Claim("queue_length", piece.waiting_time / 30, interval=number, width=0.02 if piece.offered else 0.07),
        ]
        if piece.offered:
            share = piece.answered_within / piece.offered
            found.append(Claim("service_level", share, within="2 min", interval=number, width=0.015))
    return found


def test_a_short_run_agrees_with_the_integrated_equations() -> None:
    """Within the intervals of 25 such days."""
    pieces = day(PIECES)
    result = sim.run(sim.loads(SCENARIO), replications=25, seed=1)
    hold(result, [*of_day(pieces), *of_intervals(pieces)], precise=False)


@pytest.mark.slow
def test_a_long_run_agrees_with_the_integrated_equations() -> None:
    """Within narrow intervals; agents who drop their calls to go home are rejected, and agents who do not go at all."""
    pieces = day(PIECES)
    result = sim.run(sim.loads(SCENARIO), replications=3400, seed=1)
    hold(result, [*of_day(pieces), *of_intervals(pieces)], precise=True)
    stayed = day((*PIECES[:2], replace(PIECES[2], agents=30), *PIECES[3:]))
    reject(result, of_day(stayed))
    reject(result, [Claim("agents_busy", pieces[2].on_duty_busy_time / 30, interval=2)])
