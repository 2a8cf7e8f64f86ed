"""Groups that serve alike are one pool, and contacts of queues that are served alike stand in the same lanes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sim.engine.compile import compile_program
from sim.engine.compiled.alike import pools, queues_served_alike
from sim.scenario.load import loads
from tests.engine.timeline import Tree, call, constant, desk, tell

if TYPE_CHECKING:
    from sim.engine.program import Program

CALLS_FIRST: list[Tree] = [{"channels": ["phone"]}, {"channels": ["email"], "interruptible": True}]


def group(**more: object) -> Tree:
    return {"tier": "first", "headcount": 1, **more}


def program(tree: Tree) -> Program:
    return compile_program(loads(json.dumps(tree)))


def kinds_of_calls(*on: str, **each: Tree) -> Tree:
    """Return a desk of contact types that come on channels; some keys of each are its own."""
    tree = desk({name: [] for name in on})
    talk = {"handling": {"first": {"handle_time": constant(60)}}}
    arrivals = {channel: {"log": [call(0)]} for channel in on}
    tree["contact_types"] = {name: {"arrivals": arrivals, **talk, **own} for name, own in each.items()}
    return tree


@pytest.mark.parametrize(
    ("own", "shared"),
    [
        ({}, True),
        ({"headcount": 5, "pace": "110 %", "cost": "40 per hour"}, True),
        ({"serves": [{"channels": ["phone"]}, {"channels": ["email"], "interruptible": True}]}, True),
        ({"serves": [{"channels": ["phone"]}, {"channels": ["email"]}]}, False),
        ({"serves": [{"channels": ["phone"], "after": "1 s"}, CALLS_FIRST[1]]}, False),
        ({"serves": [{"channels": ["phone"], "rank": 2}, CALLS_FIRST[1]]}, False),
        ({"serves": [{"channels": ["phone"], "order": "due_first"}, CALLS_FIRST[1]]}, False),
        ({"serves": [{}, CALLS_FIRST[1]]}, False),
        ({"slots": {"email": {"limit": 2}}}, False),
    ],
)
def test_groups_whose_rows_and_slots_say_the_same_are_one_pool(own: Tree, shared: bool) -> None:
    groups = {"a": group(serves=CALLS_FIRST), "b": {**group(serves=CALLS_FIRST), **own}}
    tree = desk({"phone": [], "email": []}, agent_groups=groups)
    assert pools(program(tree)).first.tolist() == [0, 0 if shared else 1]


def test_groups_that_keep_people_free_are_pools_of_their_own() -> None:
    keeps = group(serves=[{"keep_free": 1}])
    tree = desk({"phone": []}, agent_groups={"a": group(), "b": keeps, "c": keeps, "d": group()})
    assert pools(program(tree)).first.tolist() == [0, 1, 2, 0]


def test_rows_that_keep_people_free_have_a_flag_of_their_own() -> None:
    """Behind those of all pools; it is up when the row that keeps fewest has somebody."""
    keeps = group(serves=[{"channels": ["phone"]}, {"channels": ["email"], "keep_free": 2}, {"keep_free": 1}])
    groups = {"a": group(), "b": keeps, "c": group(), "d": keeps}
    found = pools(program(desk({"phone": [], "email": []}, agent_groups=groups)))
    assert found.kept_free.tolist() == [0, 1, 0, 1]
    assert (found.flag.tolist(), found.kept_flag[[1, 3]].tolist(), found.flags) == ([0, 1, 0, 2], [3, 4], 5)


def test_of_groups_that_keep_one_free_for_calls_an_email_goes_to_where_another_is_free() -> None:
    rows = [{"channels": ["phone"]}, {"channels": ["email"], "keep_free": 1}]
    groups = {"a": group(headcount=2, serves=rows), "b": group(serves=rows)}
    log = {"email": [call(0, 100), call(1, 100)], "phone": [call(2, 100), call(3, 200)]}
    told = tell(desk(log, agent_groups=groups))
    # At 1 one of a and one of b are free; at 100 one of a; at 102, when the first call ends, both of a.
    assert [(stay.agent, stay.leave) for stay in told.stays] == [(0, 0), (1, 102), (1, 2), (2, 3)]


def test_queues_of_a_channel_with_like_rows_and_priority_share_lanes() -> None:
    tree = kinds_of_calls("email", "phone", a={}, b={}, c={"priority": 3}, d={"priority": 3})
    # Queues are numbered by type, then by channel.
    assert queues_served_alike(program(tree)).first.tolist() == [0, 1, 0, 1, 4, 5, 4, 5]


def test_queues_that_some_row_tells_apart_have_lanes_of_their_own() -> None:
    tree = kinds_of_calls("phone", a={}, b={}, c={})
    tree["agent_groups"] = {"all": group(), "some": group(serves=[{"contact_types": ["b"]}])}
    assert queues_served_alike(program(tree)).first.tolist() == [0, 1, 0]


@pytest.mark.parametrize(("order", "expected"), [("due_first", [0, 1, 1]), ("longest_wait", [0, 0, 0])])
def test_until_when_they_are_due_tells_queues_apart_where_some_row_asks(order: str, expected: list[int]) -> None:
    tree = kinds_of_calls("email", a={"due": "1 h"}, b={"due": "2 h"}, c={"due": "2 h"})
    tree["agent_groups"] = {"clerks": group(serves=[{"order": order}])}
    assert queues_served_alike(program(tree)).first.tolist() == expected


@pytest.mark.parametrize(("offer", "expected"), [({"expected_wait": "1 min"}, [0, 1]), ({"waiting": 3}, [0, 0])])
def test_a_queue_whose_head_decides_on_call_backs_has_lanes_of_its_own(offer: Tree, expected: list[int]) -> None:
    tree = kinds_of_calls("phone", a={}, b={})
    tree["channels"]["phone"]["callback"] = {"offered_when": offer, "accepted": 1}
    assert queues_served_alike(program(tree)).first.tolist() == expected


def test_of_groups_that_serve_alike_who_is_free_longest_takes_a_call_by_a_row_of_its_own_group() -> None:
    groups = {name: group(serves=[{"channels": ["email"]}, {"channels": ["phone"]}]) for name in ("a", "b", "c")}
    told = tell(
        desk(
            {"email": [], "phone": [call(0, 30), call(1, 10), call(2, 20), call(60), call(61), call(62)]},
            agent_groups=groups,
        )
    )
    # Free since 30, 11 and 22; the rows of calls are 1, 3 and 5.
    assert [(stay.agent, stay.row) for stay in told.stays] == [(0, 1), (1, 3), (2, 5), (1, 3), (2, 5), (0, 1)]


def test_of_a_group_whose_number_falls_its_own_people_go_though_others_of_the_pool_are_free_longer() -> None:
    falls = {"mon-sun": {"00:00": 2, "00:01": 1}}
    groups = {"a": group(), "b": {"tier": "first", "staffing": falls}, "c": group()}
    told = tell(
        desk({"phone": [call(0, 5), call(1, 30), call(2, 20), call(100), call(101), call(102)]}, agent_groups=groups)
    )
    # Free since 5 (of a), 31 and 22 (both of b), 0 (of c): the second of b goes at 60.
    assert (2, 0, 60) in told.duty
    assert [stay.agent for stay in told.stays] == [0, 1, 2, 3, 0, 1]


def test_a_group_whose_number_rises_again_is_found_free_by_the_whole_pool() -> None:
    steps = {"mon-sun": {"00:00": 1, "00:01": 0, "00:02": 1}}
    groups = {"a": {"tier": "first", "staffing": steps}, "b": group()}
    told = tell(desk({"phone": [call(70, 100), call(80, 10), call(130)]}, agent_groups=groups))
    assert [(stay.agent, stay.leave) for stay in told.stays] == [(1, 70), (0, 120), (0, 130)]


def test_the_fewest_slots_are_looked_for_over_all_groups_that_serve_alike() -> None:
    chat = {"slots": {"chat": {"limit": 3}}}
    groups = {"a": group(**chat), "b": group(**chat), "c": group(**chat)}
    told = tell(desk({"chat": [call(second, 300) for second in range(8)]}, agent_groups=groups))
    assert [stay.agent for stay in told.stays] == [0, 1, 2, 0, 1, 2, 0, 1]


def test_a_call_interrupts_who_began_last_of_all_groups_that_serve_alike() -> None:
    groups = {name: group(serves=CALLS_FIRST) for name in ("a", "b", "c")}
    log = {"phone": [call(30, 10), call(31, 10)], "email": [call(0, 100), call(1, 100), call(2, 100)]}
    told = tell(desk(log, agent_groups=groups))
    calls = [(stay.agent, stay.row, stay.leave) for stay in told.stays if stay.row % 2 == 0]
    assert calls == [(2, 4, 30), (1, 2, 31)]


def test_of_queues_that_are_served_alike_the_longest_wait_goes_first() -> None:
    tree = kinds_of_calls("phone", a={}, b={}, c={"priority": 6})
    for kind, times in {"a": (0, 30), "b": (10, 20), "c": (5,)}.items():
        tree["contact_types"][kind]["arrivals"] = {"phone": {"log": [call(time) for time in times]}}
    told = tell(tree)
    assert sorted((stay.leave, stay.enter) for stay in told.stays) == [(0, 0), (60, 10), (120, 20), (180, 30), (240, 5)]


def test_groups_whose_slots_go_at_another_pace_are_pools_of_their_own() -> None:
    slots = {name: {"slots": {"chat": {"limit": 2, "pace": ["100 %", name]}}} for name in ("50 %", "80 %")}
    groups = {"a": group(**slots["50 %"]), "b": group(**slots["80 %"]), "c": group(**slots["50 %"])}
    tree = desk({"chat": [call(second, 60) for second in range(4)]}, agent_groups=groups)
    assert pools(program(tree)).first.tolist() == [0, 1, 0]
    # Agent 0 shares from 3 on; the fourth chat waits for nobody.
    assert [(stay.agent, stay.talk_end) for stay in tell(tree).stays] == [(0, 117), (1, 61), (2, 62), (0, 120)]


def taken_by(backlog: str, *channels: list[str]) -> list[tuple[int, float | None]]:
    """Return by which rows an agent took what lay there, of 100 s, and a call at 10 s, and when.

    Rows of channels in the order given; talk of all but the telephone alone may be interrupted.
    """
    rows = [{"channels": names, "interruptible": names != ["phone"]} for names in channels]
    log = {"email": [], "form": [], "phone": [call(10, 5)]} | {backlog: [call(0, 100)]}
    told = tell(desk(log, agent_groups={"clerks": group(serves=rows)}))
    return [(stay.row, stay.leave) for stay in told.stays]


def test_a_call_does_not_interrupt_talk_of_its_own_row_though_a_later_one_may_be_interrupted() -> None:
    assert taken_by("email", ["phone", "email"], ["form"]) == [(0, 0), (0, 100)]


def test_a_row_between_two_that_may_be_interrupted_interrupts_the_later() -> None:
    assert taken_by("form", ["email"], ["phone"], ["form"]) == [(2, 0), (1, 10)]
