"""Rare turns of the rules, worked by hand: what no ordinary day brings about and the rules have an answer for."""

from __future__ import annotations

from typing import Any

import pytest

from sim.engine.rules import Left
from tests.engine.timeline import Stay, Told, Tree, call, constant, desk, tell

CHATS = {"chat": {"limit": 2}}
SHORT: Tree = {
    "short": {"arrivals": {"chat": {"log": [call(0, 30)]}}, "handling": {"first": {"handle_time": constant(60)}}}
}
"""A chat of 30 s that comes at once."""
SLOW_CHATS = {"chat": {"limit": 2, "pace": ["100 %", "50 %"]}}


def stays_of(told: Told, contact: int) -> list[Stay]:
    """Return the stays of a contact."""
    return [stay for stay in told.stays if stay.contact == contact]


def escalating(talk: float, **more: Any) -> Tree:
    """Give handling of which everything is escalated."""
    return {"handle_time": constant(talk), "resolved": 0, "escalated": 1.0, **more}


# ---------------------------------------------------------------------- live work interrupts


def writers(**more: Any) -> Tree:
    """Give a group of one who writes mail until a call comes."""
    rows = [{"channels": ["phone"]}, {"channels": ["email"], "interruptible": True}]
    return {"tier": "first", "headcount": 1, "serves": rows, **more}


def who_answers(log: Tree, **groups: Tree) -> int:
    """Return who takes the only call."""
    (answered,) = (stay for stay in tell(desk(log, agent_groups=groups)).stays if stay.row in _rows_of_phone(groups))
    return answered.agent


def _rows_of_phone(groups: Tree) -> set[int]:
    rows = [row for name in sorted(groups) for row in groups[name]["serves"]]
    return {number for number, row in enumerate(rows) if row["channels"] == ["phone"]}


def test_a_call_interrupts_where_its_row_has_the_lower_rank() -> None:
    """Agent 1 began last, but calls rather go to the group of agent 0."""
    rows = [{"channels": ["phone"], "rank": 2}, {"channels": ["email"], "interruptible": True}]
    log = {"email": [call(0, 500), call(10, 500)], "phone": [call(30)]}
    assert who_answers(log, a=writers(), b=writers(serves=rows)) == 0
    assert who_answers(log, a=writers(serves=rows), b=writers()) == 1


def test_of_one_rank_a_call_interrupts_who_began_last_whatever_the_group() -> None:
    log = {"email": [call(0, 500), call(10, 500)], "phone": [call(30)]}
    assert who_answers(log, a=writers(), b=writers()) == 1


def test_of_those_who_began_together_the_lower_number_is_interrupted() -> None:
    log = {"email": [call(0, 500), call(0, 500)], "phone": [call(30)]}
    assert who_answers(log, a=writers(), b=writers()) == 0


def test_a_call_comes_to_the_one_it_interrupts_by_the_first_row_that_lets_it() -> None:
    rows = [
        {"channels": ["phone"], "contact_types": ["question"]},
        {"channels": ["phone"]},
        {"channels": ["email"], "interruptible": True},
    ]
    log = {"email": [call(0, 500)], "phone": [call(30)]}
    told = tell(desk(log, agent_groups={"clerks": writers(serves=rows)}))
    assert stays_of(told, 1)[0].row == 0


def test_of_several_parked_talks_that_of_the_first_row_goes_on_first() -> None:
    """Mail is parked for a chat; a ticket joins the chat, is left alone, and is parked for a call.

    The call ends at 170. Of the mail 50 s are left, of the ticket as much; the ticket was parked last, the mail is of
    an earlier row.
    """
    second = {"second": {"handle_time": constant(60)}}
    types = {
        "call": {"arrivals": {"phone": {"log": [call(120, 50)]}}, "handling": second},
        "chat": {"arrivals": {"chat": {"log": [call(10, 100)]}}, "handling": second},
        "letter": {"arrivals": {"email": {"log": [call(0, 60)]}}, "handling": second},
        "order": {
            "arrivals": {"chat": {"log": [{"time": "00:00:19"}]}},
            "handling": {"first": escalating(1), "second": {"handle_time": constant(150)}},
        },
    }
    rows = [
        {"contact_types": ["call"]},
        {"contact_types": ["chat"]},
        {"contact_types": ["letter"], "interruptible": True},
        {"contact_types": ["order"], "interruptible": True},
    ]
    groups = {
        "clerks": {"tier": "first", "headcount": 1},
        "experts": {"tier": "second", "headcount": 1, "slots": CHATS, "serves": rows},
    }
    tree = desk({"chat": [], "email": [], "phone": []}, tiers={"first": {}, "second": {"handover": "ticket"}})
    told = tell({**tree, "contact_types": types, "agent_groups": groups})
    by_row = {stay.row: stay for stay in told.stays if stay.agent == 1}
    assert [by_row[row].leave for row in (1, 2, 3, 4)] == [120, 10, 0, 20]
    assert [by_row[row].talk_end for row in (1, 2, 3, 4)] == [170, 110, 220, 270]


# ---------------------------------------------------------------------- sharing


def test_a_talk_that_was_to_end_now_does_not_end_a_briefing() -> None:
    """While two chats shared agent 0, the first of them was to end at 200; alone from 60 on, it ended at 130.

    At 150 agent 1 hands it over warm, and the briefing ends at 200.
    """
    tree = desk(
        {"chat": [call(0, 100)]},
        tiers={"first": {}, "second": {}, "third": {"handover": "warm", "briefing": constant(50)}},
        contact_types=SHORT,
    )
    tree["contact_types"]["question"]["handling"] = {
        "first": escalating(60),
        "second": escalating(20),
        "third": {"handle_time": constant(40)},
    }
    tree["agent_groups"] = {
        "clerks": {"tier": "first", "headcount": 1, "slots": SLOW_CHATS},
        "experts": {"tier": "second", "headcount": 1},
        "masters": {"tier": "third", "headcount": 1},
    }
    first, second, third = stays_of(tell(tree), 0)
    assert (first.talk_end, second.talk_end, second.hold_end) == (130, 150, 200)
    assert (third.leave, third.talk_end) == (150, 240)


def test_a_talk_that_was_to_end_now_does_not_tell_that_nobody_is_there() -> None:
    """As before; at the second tier the customer leaves silently at 150, which is found out from 180 to 200."""
    order = {"arrivals": {"phone": {"log": [call(1, 179)]}}, "handling": {"second": {"handle_time": constant(60)}}}
    tree = desk(
        {"chat": [call(0, 100)], "phone": []},
        channels={"chat": {"waiting": "live", "silent": {"share": 1, "detected_after": "20 s"}}},
        tiers={"first": {}, "second": {}},
        contact_types={**SHORT, "order": order},
    )
    tree["contact_types"]["question"]["handling"] = {
        "first": escalating(60),
        "second": {"handle_time": constant(20), "patience": constant(20)},
    }
    tree["agent_groups"] = {
        "clerks": {"tier": "first", "headcount": 1, "slots": SLOW_CHATS},
        "experts": {"tier": "second", "headcount": 1},
    }
    silent = stays_of(tell(tree), 0)[1]
    assert (silent.left, silent.leave, silent.found, silent.done) == (Left.SILENT, 150, 180, 200)


def test_who_is_one_too_many_goes_though_the_own_handover_has_just_been_taken() -> None:
    """The only agent is to go at 60 and hands over to itself at 100: what it has in hand then is the last."""
    rows: list[Tree] = [{}, {"tier": "second"}]
    tree = desk(
        {"chat": [call(0, 100), call(80)]},
        tiers={"first": {}, "second": {"handover": "warm", "briefing": constant(30)}},
    )
    tree["contact_types"]["question"]["handling"] = {"first": escalating(60), "second": {"handle_time": constant(50)}}
    staffing = {"mon-sun": {"00:00": 1, "00:01": 0}}
    clerks = {"tier": "first", "staffing": staffing, "serves": rows, "slots": {"chat": {"limit": 3}}}
    tree["agent_groups"] = {"clerks": clerks}
    told = tell(tree)
    assert told.duty == [(0, 0, 100)]
    first, second = stays_of(told, 0)
    assert (first.hold_end, first.done, second.leave, second.talk_end) == (100, 100, 100, 150)


# ---------------------------------------------------------------------- people


def test_of_those_who_have_not_left_yet_the_lower_numbers_stay_whoever_has_left_meanwhile() -> None:
    """Four go at 60, each when the first of two chats ends: agent 3 at 100, then 0, 1 and 2; agent 1 is done at 200.

    At 300 two are wanted again: of agents 0, 2 and 3, who still chat, the first two.
    """
    first = [call(0, 110), call(0, 120), call(0, 130), call(0, 100)]
    second = [call(1, 999), call(1, 199), call(1, 999), call(1, 999)]
    staffing = {"mon-sun": {"00:00": 4, "00:01": 0, "00:05": 2}}
    groups = {"clerks": {"tier": "first", "staffing": staffing, "slots": CHATS}}
    told = tell(desk({"chat": [*first, *second]}, agent_groups=groups))
    assert told.duty == [(0, 0, 110), (0, 300, 3600), (1, 0, 120), (2, 0, 130), (2, 300, 3600), (3, 0, 100)]


def test_a_group_of_nobody_takes_nothing() -> None:
    groups = {"clerks": {"tier": "first", "headcount": 1}, "a": {"tier": "first", "headcount": 0}}
    told = tell(desk({"phone": [call(0), call(0)]}, agent_groups=groups))
    assert [(stay.leave, stay.agent) for stay in told.stays] == [(0, 0), (60, 0)]


@pytest.mark.parametrize(
    ("talk", "handover", "experts"),
    [
        (21 * 60, {"briefing": constant(0)}, {}),
        (20 * 60, {"briefing": constant(0)}, {"serves": [{"after": "60 s"}]}),
        (20 * 60, {"warm_limit": "60 s"}, {"headcount": 0}),
    ],
    ids=["as it enters the next queue", "as a row opens", "as the warm limit passes"],
)
def test_who_holds_a_line_from_before_the_break_into_the_next_shift_goes_on_at_once(
    talk: float, handover: Tree, experts: Tree
) -> None:
    """The line is let go at 00:40: the break is forgone, and the shift that began at 00:33 goes on from there."""
    shift = {"days": "mon-sun", "hours": "00:33-00:31", "headcount": 1, "breaks": [{"length": "2 min", "at": "00:20"}]}
    tree = desk({"phone": [call(19 * 60, talk)]}, tiers={"first": {}, "second": {"handover": "warm", **handover}})
    tree["contact_types"]["question"]["handling"] = {"first": escalating(60), "second": {"handle_time": constant(50)}}
    tree["agent_groups"] = {
        "clerks": {"tier": "first", "shifts": {"day": shift}},
        "experts": {"tier": "second", "headcount": 1, **experts},
    }
    told = tell(tree)
    assert told.stays[0].hold_end == 2400
    assert [span for span in told.duty if span[0] == 0] == [(0, 0, 1200), (0, 2400, 3600)]


def test_the_break_of_a_shift_does_not_delay_the_next_shift() -> None:
    """A break of 10 min is due at 00:20 and begins with the end of the talk, at 00:27; the shift ends at 00:31.

    Two minutes later the next shift begins, of the same person.
    """
    breaks = [{"length": "10 min", "at": "00:20"}]
    shift = {"days": "mon-sun", "hours": "00:33-00:31", "headcount": 1, "breaks": breaks}
    tree = desk(
        {"phone": [call(19 * 60, 8 * 60), call(32 * 60)]},
        agent_groups={"clerks": {"tier": "first", "shifts": {"d": shift}}},
    )
    told = tell(tree)
    assert told.duty == [(0, 0, 1200), (0, 33 * 60, 3600)]
