"""The compiled engine's arrays: they grow with what a replication needs, and nothing is written beside them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.demand.deal import deal
from sim.engine.compile import compile_program
from sim.engine.compiled import play as module
from sim.engine.compiled.events import HEAP_STARTS
from sim.engine.compiled.setting import Setting
from sim.engine.compiled.state import (
    AGENTS,
    AGENTS_END,
    CHANNELS,
    DESK_SIZE,
    FRESH,
    FULL_SIZE,
    GROUPS,
    HORIZON,
    LANE_FLAGS,
    LANES,
    LEAST_SIZE,
    LINE,
    POOL_FLAGS,
    SIZE,
    SO_FAR,
    STAGES,
    TIERS,
    TYPES,
    Desk,
    new_object,
)
from sim.scenario.load import loads
from tests.engine.timeline import Tree, call, constant, desk
from tests.twins.equality import engines_differ

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim import Scenario


def scenario(tree: Tree) -> Scenario:
    """Load a tree."""
    return loads(json.dumps(tree))


def test_a_replication_that_outgrows_every_array_is_played_alike() -> None:
    """A crowd fills table and heap and gives up; then contacts go through four tiers: more legs and spans than likely.

    Of each array there is room for a thousand and some more than contacts suggest.
    """
    tiers = ("first", "second", "third", "fourth")
    on = {"handle_time": constant(1), "resolved": 0, "escalated": 1.0}
    tree = desk(
        {"phone": []},
        time={"start": "2026-04-06", "length": "3 h"},
        channels={"phone": {"waiting": "live", "queue_limit": 9999}},
        tiers={tier: {} for tier in tiers},
        agent_groups={tier: {"tier": tier, "headcount": 1} for tier in tiers},
    )
    tree["contact_types"] = {
        "crowd": {
            "arrivals": {"phone": {"log": [call(0, 1, patience=0.5)] * 1700}},
            "handling": {"first": {"handle_time": constant(1)}},
        },
        "caller": {
            "arrivals": {"phone": {"log": [call(60 + 8 * number, 1) for number in range(1300)]}},
            "handling": dict.fromkeys(tiers[:-1], on) | {"fourth": {"handle_time": constant(1)}},
        },
    }
    assert engines_differ(scenario(tree)) is None


def test_many_events_at_the_same_instants_are_played_alike() -> None:
    """Three hundred talks of whole minutes: heaps of every length, in which most events are tied with others."""
    log = [call(30 * (number // 60), 60 * (1 + number % 7)) for number in range(1200)]
    tree = desk({"phone": log}, agent_groups={"clerks": {"tier": "first", "headcount": 300}})
    assert engines_differ(scenario(tree)) is None


def test_more_events_than_the_heap_is_to_hold_are_played_alike() -> None:
    """Thousands of talks at a time, of one to fifty minutes: most are kept beside the heap until they are near.

    As many wait, so that it is told in which order talks end.
    """
    log = [call(number // 200, 60 * (1 + number * number % 53 % 50)) for number in range(6000)]
    tree = desk({"phone": log}, agent_groups={"clerks": {"tier": "first", "headcount": 3000}})
    assert engines_differ(scenario(tree)) is None


def test_a_case_has_room_for_who_handed_it_up_though_nobody_is_sent_back_by_chance() -> None:
    """All are escalated at the first tier; the second might send one back, and does not."""
    tree = desk(
        {"phone": []},
        time={"start": "2026-04-06", "length": "3 h"},
        tiers={"first": {}, "second": {}},
        agent_groups={tier: {"tier": tier, "headcount": 1} for tier in ("first", "second")},
    )
    tree["contact_types"] = {
        "fault": {
            "arrivals": {"phone": {"rate": "6 per hour"}},
            "handling": {
                "first": {"handle_time": constant(60), "resolved": 0, "escalated": 1.0},
                "second": {"handle_time": constant(60), "returned": 1e-9, "returns": 1},
            },
        }
    }
    given = scenario(tree)
    program, hand = compile_program(given), deal(given, 1, 0)
    assert len(hand.tier_marks.sent_back)
    assert not hand.tier_marks.sent_back.any()
    assert Setting(program, hand).size >= SO_FAR + 2 * 2
    assert engines_differ(given) is None


def size_of(tree: Tree) -> int:
    """Return how long a stretch is that holds a contact in progress."""
    given = scenario(tree)
    return Setting(compile_program(given), deal(given, 1, 0)).size


def test_a_plain_scenario_makes_use_of_no_more_than_the_first_lines_of_a_case() -> None:
    assert size_of(desk({"phone": [call(0)], "chat": [call(0)], "email": [call(0)]})) == LEAST_SIZE


@pytest.mark.parametrize(
    "changes",
    [
        {"agent_groups": {"a": {"tier": "first", "headcount": 1, "slots": {"chat": {"limit": 2}}}}},
        {"agent_groups": {"a": {"tier": "first", "headcount": 1, "serves": [{"interruptible": True}]}}},
        {"agent_groups": {"a": {"tier": "first", "headcount": 1, "serves": [{"order": "due_first"}]}}},
        {"channels": {"chat": {"waiting": "live", "silent": {"share": 1, "detected_after": "20 s"}}}},
        {"channels": {"chat": {"waiting": "live", "queue_limit": 3}}},
        {
            "channels": {
                "phone": {"waiting": "live", "callback": {"offered_when": {"expected_wait": "30 s"}, "accepted": 1}}
            }
        },
        {"channels": {"phone": {"waiting": "live", "callback": {"offered_when": {"waiting": 2}, "accepted": 1}}}},
        {"channels": {"email": {"waiting": "backlog", "direction": "outbound"}}},
        {"channels": {"email": {"waiting": "backlog", "chasers": {"after": "1 min", "share": 1, "channel": "phone"}}}},
    ],
)
def test_a_case_has_room_for_what_a_scenario_makes_use_of(changes: Tree) -> None:
    """What is used by some scenarios only stands behind what all use, and there is room for it if one of them does."""
    tree = desk({"phone": [call(0)], "chat": [call(0)], "email": [call(0, 600)]}, **changes)
    assert size_of(tree) == FULL_SIZE


def test_every_kind_of_object_begins_with_a_cache_line() -> None:
    """Also agents, their stands and contacts in progress, which come behind the flags of pools and lanes."""
    groups = {name: {"tier": "first", "headcount": 3} for name in ("a", "b")}
    given = scenario(desk({"phone": [call(0)]}, agent_groups=groups))
    objects = Setting(compile_program(given), deal(given, 1, 0)).objects
    kinds = (CHANNELS, STAGES, TIERS, TYPES, LANES, GROUPS, POOL_FLAGS, LANE_FLAGS, AGENTS, AGENTS_END, FRESH)
    assert [int(objects[kind]) % LINE for kind in kinds] == [0] * len(kinds)


def test_more_people_than_short_numbers_count_are_played_alike() -> None:
    """Groups and queues are kept in 16-bit numbers, agents are not."""
    tree = desk({"phone": [call(0), call(1)]}, agent_groups={"clerks": {"tier": "first", "headcount": 2**15 + 1}})
    assert engines_differ(scenario(tree)) is None


def all_beside_the_heap(desk: Desk) -> Desk:
    """Let no event be near enough for the heap, and no other find room."""
    desk.state[HORIZON] = 0
    return desk._replace(later=desk.later[:0].copy())


@pytest.mark.parametrize(
    ("spare", "short"),
    [
        ("spare_events", lambda desk: desk._replace(events=desk.events[: 2 * HEAP_STARTS].copy())),
        ("spare_events", all_beside_the_heap),
        ("spare_spans", lambda desk: desk._replace(spans=desk.spans[:1].copy())),
        ("spare_objects", lambda desk: desk._replace(state=desk.state[: desk.state[FRESH] + desk.state[SIZE]].copy())),
    ],
)
def test_what_finds_no_room_is_not_written_but_said(
    spare: str, short: Callable[[Desk], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were an event to bring about more than it may, an error would tell: the arrays have no bounds of their own."""
    tree = desk({"phone": [call(0), call(30), call(300)], "email": [call(10)]})
    program, hand = compile_program(scenario(tree)), deal(scenario(tree), 1, 0)
    make_room = module._desk
    monkeypatch.setattr(Setting, spare, 0)
    monkeypatch.setattr(module, "_desk", lambda setting: short(make_room(setting)))
    with pytest.raises(AssertionError, match="an event found no room for what it brought about"):
        module.play(program, hand)


def test_what_comes_and_goes_is_not_written_beyond_the_room_that_there_is() -> None:
    """Play ends there and then: no stretch is given out twice."""
    objects = np.zeros(DESK_SIZE + LEAST_SIZE, np.int64)
    objects[FRESH], objects[SIZE] = DESK_SIZE, LEAST_SIZE
    take = getattr(new_object, "py_func", new_object)
    assert take(objects) == DESK_SIZE
    with pytest.raises(AssertionError, match="an event found no room for what it brought about"):
        take(objects)
