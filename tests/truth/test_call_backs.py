"""Call-backs offered by the number waiting: behind the live, and at the place kept."""

from __future__ import annotations

from typing import Any

import pytest

import sim
from tests.truth.claims import SHORT, Claim, hold, reject
from tests.truth.exact.calling_back import CallBackFigures, calling_back

SCENARIO = """
format: 1
name: Call-backs when enough of the callers wait
time: {start: 2026-03-02, length: 4 days, interval: 1 h, warm_up: 2 h}
channels:
  phone:
    patience: {distribution: exponential, mean: 60 s}
    callback: {offered_when: {waiting: 2}, accepted: 60 %, place: after_live, connects: 70 %, dial: 0 s, tries: 1}
contact_types:
  call:
    arrivals: {phone: {rate: 130 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 60 s}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 2}}
targets: [{measure: abandonment, channel: phone, at_most: 50 %}]
"""

KEPT = {
    "channels.phone.callback.place": "kept",
    "channels.phone.callback.offered_when.waiting": 1,
    "channels.phone.callback.accepted": "100 %",
    "contact_types.call.arrivals.phone.rate": "115 per hour",
}
"""Whoever finds a caller waiting is called back in turn: one live caller at most waits among them."""

MEASURED_S = 4 * 86_400 - 2 * 3600


def after_live(**changed: Any) -> CallBackFigures:
    """Solve the desk whose call-backs stand behind the live."""
    desk: dict[str, Any] = {
        "arrivals": 130 / 3600,
        "handled": 1 / 60,
        "leaving": 1 / 60,
        "agents": 2,
        "threshold": 2,
        "accepted": 0.6,
        "connects": 0.7,
        "behind": True,
        "room": (25, 60),
    }
    return calling_back(**{**desk, **changed})


def kept(**changed: Any) -> CallBackFigures:
    """Solve the desk whose call-backs keep their places."""
    desk = {"arrivals": 115 / 3600, "threshold": 1, "accepted": 1.0, "behind": False, "room": (2, 50)}
    return after_live(**{**desk, **changed})


def claims(figures: CallBackFigures, connects: float = 0.7) -> list[Claim]:
    """All that the chain tells, of the waiting as of the agents."""
    return [
        Claim("abandonment", figures.abandonment),
        Claim("call_back_delay", figures.delay),
        Claim("queue_length", figures.queue_length),
        Claim("occupancy", figures.occupancy),
        Claim("reached", connects),
    ]


def accepted(figures: CallBackFigures, length_s: float) -> Claim:
    """How many call-backs a replication has."""
    return Claim("call_backs", figures.accepted * length_s)


@pytest.mark.parametrize(("changes", "figures"), [({}, after_live()), (KEPT, kept())], ids=["after_live", "kept"])
def test_a_short_run_agrees_with_the_chain_of_the_queue(changes: dict[str, Any], figures: CallBackFigures) -> None:
    """Within the intervals of eight days."""
    result = sim.run(sim.loads(SCENARIO, {**changes, **SHORT}), replications=8, seed=1)
    hold(result, [*claims(figures), accepted(figures, 86_400 - 2 * 3600)], precise=False)


@pytest.mark.slow
def test_a_long_run_agrees_where_call_backs_stand_behind_the_live() -> None:
    """Within narrow intervals; places kept, one more to wait before the offer, and a better line are rejected."""
    result = sim.run(sim.loads(SCENARIO), replications=680, seed=1)
    figures = after_live()
    hold(result, [*claims(figures), accepted(figures, MEASURED_S)], precise=True)
    later = after_live(threshold=3, room=(25, 120))
    wrong = [claim for claim in claims(later) if claim.measure in {"abandonment", "queue_length"}]
    reject(result, [*wrong, accepted(later, MEASURED_S)])
    reject(result, claims(after_live(connects=0.8, room=(25, 120)), 0.8))


@pytest.mark.slow
def test_a_long_run_agrees_where_call_backs_keep_their_places() -> None:
    """Within narrow intervals; a place behind the live is rejected, which swaps delay for abandonment."""
    result = sim.run(sim.loads(SCENARIO, KEPT), replications=530, seed=1)
    hold(result, [*claims(kept()), accepted(kept(), MEASURED_S)], precise=True)
    swapped = kept(behind=True, room=(2, 150))
    reject(result, [Claim("abandonment", swapped.abandonment), Claim("call_back_delay", swapped.delay)])
