"""What is dealt for call-backs and outbound work: who accepts, and which dial reaches whom."""

from dataclasses import fields
from math import sqrt
from typing import Any

import numpy as np
import pytest
import yaml

from sim.demand.deal import deal
from sim.demand.hand import Hand
from sim.scenario.load import loads

ACCEPTED, CONNECTS = 0.45, 0.4


def hand(**callback: Any) -> Hand:
    """Deal some 4,000 callers, with a call-back if any of it is said."""
    tree: dict[str, Any] = {
        "format": 1,
        "name": "dials",
        "time": {"start": "2026-04-06", "length": "10 h"},
        "channels": {
            "phone": {"patience": {"distribution": "exponential", "mean": "3 min"}, "balking": {"share": 0.1}}
        },
        "contact_types": {
            "question": {
                "arrivals": {"phone": {"rate": "400 per hour"}},
                "handling": {"desk": {"handle_time": {"distribution": "exponential", "mean": "5 min"}}},
            }
        },
        "tiers": {"desk": {}},
        "agent_groups": {"clerks": {"tier": "desk", "headcount": 1}},
    }
    if callback:
        tree["channels"]["phone"]["callback"] = {"offered_when": {"waiting": 3}, **callback}
    return deal(loads(yaml.safe_dump(tree)), seed=11, replication=0)


@pytest.fixture(scope="module")
def dealt() -> Hand:
    return hand(accepted=ACCEPTED, connects=CONNECTS, tries=3)


def test_shares_are_the_ones_of_the_scenario(dealt: Hand) -> None:
    """The first, second and third dial reach what is left by a geometric law, each within four standard errors."""
    shares = {1: CONNECTS, 2: 0.6 * CONNECTS, 3: 0.36 * CONNECTS, 0: 0.6**3}
    for on, share in shares.items():
        hits = dealt.contacts.reached_on == on
        assert abs(hits.mean() - share) < 4 * sqrt(share * (1 - share) / hits.size)
    accepts = dealt.contacts.accepts_call_back
    assert abs(accepts.mean() - ACCEPTED) < 4 * sqrt(ACCEPTED * (1 - ACCEPTED) / accepts.size)
    assert abs(np.corrcoef(accepts, dealt.contacts.reached_on == 1)[0, 1]) < 4 / sqrt(accepts.size)


def test_call_backs_leave_every_other_number_unchanged(dealt: Hand) -> None:
    """The same customers come with the same numbers whether they are called back or not."""
    without = hand()
    for table in ("contacts", "tier_marks"):
        for field in fields(getattr(without, table)):
            if field.name not in ("accepts_call_back", "reached_on"):
                column = getattr(getattr(without, table), field.name)
                assert np.array_equal(column, getattr(getattr(dealt, table), field.name)), field.name
    assert not without.contacts.accepts_call_back.any()


def test_more_tries_and_a_better_connection_keep_whom_they_reached(dealt: Hand) -> None:
    """A further dial reaches some of those who were not; a better share reaches everybody at the latest as before."""
    on = dealt.contacts.reached_on
    further = hand(accepted=ACCEPTED, connects=CONNECTS, tries=4).contacts.reached_on
    assert np.array_equal(further[on > 0], on[on > 0])
    assert set(further[on == 0].tolist()) == {0, 4}
    better = hand(accepted=ACCEPTED, connects=0.7, tries=3).contacts.reached_on
    assert ((better[on > 0] > 0) & (better[on > 0] <= on[on > 0])).all()


@pytest.mark.parametrize(("connects", "on"), [(0, 0), (1, 1)])
def test_nobody_and_everybody_may_be_reached(connects: int, on: int) -> None:
    assert set(hand(accepted=1, connects=connects).contacts.reached_on.tolist()) == {on}
