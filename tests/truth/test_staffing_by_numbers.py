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
channels: {phone: {patience: {distribution: exponential, mean: 4 min}}}
contact_types:
  call:
    arrivals:
      phone:
        rates:
          mon:
            "00:00": 600 per hour
            "00:30": 1150 per hour
            "01:00": 600 per hour
            "01:30": 1000 per hour
            "02:00": 0 per hour
    handling: {desk: {handle_time: {distribution: exponential, mean: 3 min}}}
tiers: {desk: {}}
agent_groups:
  clerks: {tier: desk, staffing: {mon: {"00:00": 10, "00:30": 40, "01:00": 8, "01:30": 10, "02:00": 4}}}
targets: [{measure: service_level, channel: phone, within: 8 min, at_least: 50 %}]
"""

PIECES = (Piece(30, 10, 10), Piece(30, 1150 / 60, 40), Piece(30, 10, 8), Piece(30, 1000 / 60, 10), Piece(30, 0, 4))
"""Per minute. At 01:00 40 are busy and 8 are due: 32 must finish before anybody takes the next call."""

PHONE, CLERKS = {"channel": "phone"}, {"agent_group": "clerks"}
"""All there are; what is asked by half-hour of them is kept as a run goes."""


def day(pieces: tuple[Piece, ...]) -> list[PieceFigures]:
    """Integrate the Kolmogorov equations."""
    return FallingStaff(pieces, handled=1 / 3, leaving=1 / 4, room=125, panel=3.0).figures(limit=8)


def of_day(pieces: list[PieceFigures]) -> list[Claim]:
    """What the day's contacts meet, and its agents' work, of which overtime is no part of the occupancy."""
    offered = sum(piece.offered for piece in pieces)
    in_time = sum(piece.answered_within for piece in pieces)
    on_duty_busy = sum(piece.on_duty_busy_time for piece in pieces)
    return [
        Claim("service_level", in_time / offered, within="8 min"),
        Claim("service_level", in_time / sum(piece.answered for piece in pieces), "8 min", "answered"),
        Claim("abandonment", sum(piece.abandoned for piece in pieces) / offered),
        Claim("wait", 60 * sum(piece.waiting_time for piece in pieces) / offered),
        Claim("occupancy", on_duty_busy / sum(piece.duration * piece.agents for piece in PIECES)),
        Claim("overtime", sum(piece.busy_time - piece.on_duty_busy_time for piece in pieces) / 60),
    ]


def of_intervals(pieces: list[PieceFigures]) -> list[Claim]:
    """The same by half-hour; in the last one nobody comes any more."""
    found = []
    for number, piece in enumerate(pieces):
        found += [
            Claim("agents_busy", piece.busy_time / 30, interval=number, where=CLERKS),
            Claim("queue_length", piece.waiting_time / 30, interval=number, where=PHONE),
        ]
        if piece.offered:
            share = piece.answered_within / piece.offered
            found.append(Claim("service_level", share, within="8 min", interval=number, where=PHONE))
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
    result = sim.run(sim.loads(SCENARIO), replications=6200, seed=1)
    hold(result, [*of_day(pieces), *of_intervals(pieces)], precise=True)
    stayed = day((*PIECES[:2], replace(PIECES[2], agents=30), *PIECES[3:]))
    reject(result, of_day(stayed))
    reject(result, [Claim("agents_busy", pieces[2].on_duty_busy_time / 30, interval=2, where=CLERKS)])
