"""Assists, history, pace, sharing, speeds and new people, worked by hand."""

import json
from typing import Any

import numpy as np
import pytest

from sim.demand.deal import deal
from sim.engine.compile import compile_program
from sim.engine.rules import Handled
from sim.scenario.load import loads
from sim.scenario.schema import Scenario
from tests.engine.timeline import Told, Tree, call, constant, desk, tell


def scenario(tree: Tree) -> Scenario:
    return loads(json.dumps(tree))


def answered(told: Told) -> list[tuple[float | None, float | None]]:
    """Give the end of talk and of wrap-up of each leg."""
    return [(stay.talk_end, stay.done) for stay in told.stays]


def clerks(**more: Any) -> Tree:
    return {"clerks": {"tier": "first", "headcount": 1, **more}}


def test_an_assist_shortens_talk_and_wrap_up_where_it_applies() -> None:
    """On the phone 60 s × 80 % = 48 s of talk and 20 s × 50 % = 10 s of wrap-up; e-mail as dealt."""
    log = {"phone": [call(0, 60, wrap_up=20)], "email": [call(100, 60, wrap_up=20)]}
    assist = {"channels": ["phone"], "handle_time": "80 %", "wrap_up": "50 %"}
    assert answered(tell(desk(log, assists={"templates": assist}))) == [(48, 58), (160, 180)]


@pytest.mark.parametrize(
    ("narrowed", "talk"),
    [
        ({}, 30),
        ({"agent_groups": ["clerks"]}, 30),
        ({"agent_groups": ["others"]}, 60),
        ({"contact_types": ["question"], "tiers": ["first"]}, 30),
        ({"tiers": ["second"]}, 60),
    ],
)
def test_an_assist_applies_to_what_it_names(narrowed: Tree, talk: float) -> None:
    groups = clerks() | {"others": {"tier": "second", "headcount": 1}}
    tree = desk({"phone": [call(0, 60)]}, tiers={"first": {}, "second": {}}, agent_groups=groups)
    assert tell(tree | {"assists": {"coach": {"handle_time": "50 %", **narrowed}}}).stays[0].talk == talk


def test_assists_multiply_and_each_product_is_rounded_once() -> None:
    """10.001 s × (80 % × 50 % ÷ 1.25) = 3.20032 s: 3.200 s."""
    tree = desk({"phone": [call(0, 10.001)]}, agent_groups=clerks(pace="125 %"))
    tree["assists"] = {"one": {"handle_time": "80 %"}, "other": {"handle_time": "50 %"}}
    assert answered(tell(tree)) == [(3.2, 3.2)]


def test_pace_divides_talk_and_leaves_wrap_up() -> None:
    tree = desk({"phone": [call(0, 60, wrap_up=20)]}, agent_groups=clerks(pace="120 %"))
    assert answered(tell(tree)) == [(50, 70)]


def test_shared_history_shortens_the_talk_of_escalated_contacts() -> None:
    """The first tier takes 60 s as dealt, the second 50 s × 90 % = 45 s; not shared, 50 s."""
    groups = clerks() | {"experts": {"tier": "second", "headcount": 1}}
    tree = desk({"phone": [call(0, 60)]}, tiers={"first": {}, "second": {}}, agent_groups=groups)
    tree["contact_types"]["question"]["handling"] = {
        "first": {"handle_time": constant(60), "resolved": 0, "escalated": 1.0},
        "second": {"handle_time": constant(50)},
    }
    history = {"shared": True, "escalated_handle_time": "90 %"}
    assert [stay.talk for stay in tell(tree | {"history": history}).stays] == [60, 45]
    assert [stay.talk for stay in tell(tree | {"history": history | {"shared": False}}).stays] == [60, 50]


def test_new_people_are_slower_step_by_step_until_their_ramp_is_over() -> None:
    """150 % in the first 10 minutes, 120 % in the next, then as all: 60 s become 90, 72 and 60; so does wrap-up."""
    log = {"phone": [call(0, 60, wrap_up=10), call(570, 20, wrap_up=10), call(700, 60), call(1200, 60)]}
    ramp = {"share_new": "100 %", "handle_time": ["150 %", "120 %"], "per": "10 min"}
    told = tell(desk(log, agent_groups=clerks(ramp=ramp)))
    # The second talk begins in the first step and ends with it at 600: its wrap-up lies in the second.
    assert answered(told) == [(90, 105), (600, 612), (772, 772), (1260, 1260)]


def test_nobody_is_new_where_the_share_is_nothing() -> None:
    ramp = {"share_new": "0 %", "handle_time": ["150 %"], "per": "10 min"}
    assert answered(tell(desk({"phone": [call(0, 60)]}, agent_groups=clerks(ramp=ramp)))) == [(60, 60)]


def test_each_agent_has_a_speed_of_its_own() -> None:
    """Talk and wrap-up of the agent who took it are the dealt ones times its speed, each rounded."""
    log = {"phone": [call(0, 100, wrap_up=10), call(0, 100, wrap_up=10)]}
    tree = desk(log, agent_groups={"clerks": {"tier": "first", "headcount": 2, "speed_cv": "30 %"}})
    speeds = deal(scenario(tree), 1, 0).agents.speed
    assert speeds[0] != speeds[1]
    for stay, speed in zip(tell(tree).stays, speeds, strict=True):
        talk, wrap_up = round(100_000 * speed), round(10_000 * speed)
        assert (stay.talk_end, stay.done) == (talk / 1000, (talk + wrap_up) / 1000)


def odds(p: float) -> float:
    return p / (1 - p)


def resolved_share(**changes: Any) -> Any:
    """Give the share resolved at a desk that resolves half on phone and chat, by (channel, occupied slots)."""
    tree = desk({"chat": [call(0)], "phone": [call(0)]})
    tree["contact_types"]["question"]["handling"]["first"]["resolved"] = "50 %"
    return compile_program(scenario(tree | changes)).effects.resolved[0, 0, 0]


def test_pace_moves_the_odds_of_resolving_by_its_power() -> None:
    """+10 % pace at an exponent of −0.5: odds of 1 become 1.1^−0.5."""
    quality = {"pace_effect": {"resolved": -0.5}}
    share = resolved_share(quality=quality, agent_groups=clerks(pace="110 %"))
    assert odds(share[0, 1]) == pytest.approx(1.1**-0.5)
    assert resolved_share(quality=quality)[0, 1] == 0.5


def test_assists_and_sharing_move_the_log_odds_and_add_up() -> None:
    """Chat at 2 slots: e^(0.4 − 0.3); the phone has the assist alone."""
    slots = {"chat": {"limit": 2, "resolved_when_sharing": [0, -0.3]}}
    share = resolved_share(assists={"coach": {"resolved": 0.4}}, agent_groups=clerks(slots=slots))
    chat, phone = share
    assert np.log(odds(chat[1:])) == pytest.approx([0.4, 0.1])
    assert np.log(odds(phone[1:])) == pytest.approx([0.4, 0.4])


@pytest.mark.parametrize("certain", [0, 1])
def test_certainty_stays_certain(certain: float) -> None:
    tree = desk({"phone": [call(0)]}, assists={"coach": {"resolved": 2.0}})
    tree["contact_types"]["question"]["handling"]["first"]["resolved"] = certain
    assert compile_program(scenario(tree)).effects.resolved.min() == certain
    assert compile_program(scenario(tree)).effects.resolved.max() == certain


def ends(change: float, calls: int = 3000) -> dict[Handled, int]:
    """Count what the first tier's talks came to, at 40 % resolved and 45 % escalated, log-odds changed by so much."""
    groups = {name: {"tier": name, "headcount": 60} for name in ("first", "second")}
    tree = desk({"phone": [call(second, 1) for second in range(calls)]}, tiers={"first": {}, "second": {}})
    tree["agent_groups"] = groups
    tree["contact_types"]["question"]["handling"] = {
        "first": {"handle_time": constant(1), "resolved": "40 %", "escalated": "45 %"},
        "second": {"handle_time": constant(1)},
    }
    tree["assists"] = {"coach": {"resolved": change, "tiers": ["first"]}}
    handled = [stay.handled for stay in tell(tree).stays if stay.agent < 60]
    return {how: handled.count(how) for how in (Handled.RESOLVED, Handled.ESCALATED, Handled.UNRESOLVED)}


@pytest.mark.parametrize("change", [-0.7, 0.9])
def test_altered_odds_keep_the_proportion_of_escalated_to_unresolved(change: float) -> None:
    """45 to 15: three quarters of what is not resolved are escalated, whatever the share resolved has become."""
    found = ends(change)
    share = 1 / (1 + 1.5 * np.exp(-change))
    error = np.sqrt(share * (1 - share) / 3000)
    assert found[Handled.RESOLVED] / 3000 == pytest.approx(share, abs=3.3 * error)
    rest = 3000 - found[Handled.RESOLVED]
    assert found[Handled.ESCALATED] / rest == pytest.approx(0.75, abs=3.3 * np.sqrt(0.75 * 0.25 / rest))


def test_the_slots_occupied_at_the_end_of_talk_decide() -> None:
    """Nothing is resolved at two chats, almost all at one: of two that overlap the first to end is not, the last is."""
    slots = {"chat": {"limit": 2, "resolved_when_sharing": [20, -20]}}
    tree = desk({"chat": [call(0, 60), call(30, 60)]}, agent_groups=clerks(slots=slots))
    tree["contact_types"]["question"]["handling"]["first"]["resolved"] = "50 %"
    assert [stay.handled for stay in tell(tree).stays] == [Handled.UNRESOLVED, Handled.RESOLVED]


def test_hopeless_odds_come_to_nothing() -> None:
    """A change that no float can hold the power of is as good as never, or always."""
    shares = (resolved_share(assists={"coach": {"resolved": change}})[0, 1] for change in (-1000, 1000))
    assert tuple(shares) == pytest.approx((0, 1))


def test_shared_history_shortens_the_talk_of_repeats_at_every_tier() -> None:
    """60 s as dealt at first; the customer comes back unresolved, and is dealt with in 60 s × 80 % = 48 s."""
    tree = desk({"phone": [call(0, 60)]}, history={"shared": True, "repeat_handle_time": "80 %"})
    tree["contact_types"]["question"]["handling"]["first"]["resolved"] = 0
    tree["contact_types"]["question"]["repeat"] = {"share": 1.0, "after": constant(100), "attempts": 1}
    assert [stay.talk for stay in tell(tree).stays] == [60, 48]
    assert [stay.talk for stay in tell(tree | {"history": {"repeat_handle_time": "80 %"}}).stays] == [60, 60]
