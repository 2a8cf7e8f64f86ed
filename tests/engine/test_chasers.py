"""Customers who ask what became of their open case, worked by hand."""

from __future__ import annotations

import pytest

from sim.engine.rules import CallBack, End, Handled, Left
from tests.engine.timeline import Tree, call, constant, desk, tell


def asking(
    mails: list[Tree], calls: list[Tree] | None = None, after: float = 100, phone: Tree | None = None, **changes: object
) -> Tree:
    """Return a desk of e-mails whose customers all call so many seconds after they wrote, for a talk of 20 s.

    One clerk answers e-mails, another calls.
    """
    chasers = {"after": f"{after} s", "share": "100 %", "channel": "phone", "handle_time": constant(20)}
    groups = {
        "a_mails": {"tier": "first", "headcount": 1, "serves": [{"channels": ["email"]}]},
        "b_calls": {"tier": "first", "headcount": 1, "serves": [{"channels": ["phone"]}]},
    }
    tree = desk(
        {"email": mails, "phone": calls or []},
        channels={"email": {"waiting": "backlog", "chasers": chasers}, "phone": phone or {}},
    )
    return tree | {"agent_groups": groups} | changes


def test_the_customer_of_an_open_case_asks_and_is_told() -> None:
    """Cases of 150 s: the first is open after 100 s, the second waits, the third (done at 350, came at 270) is not."""
    told = tell(asking([call(0, 150), call(10, 150), call(270, 50)]))
    assert [(stay.contact, stay.enter, stay.leave, stay.talk_end, stay.done) for stay in told.stays if stay.agent] == [
        (1, 100, 100, 120, 120),
        (3, 110, 120, 140, 140),
    ]
    assert told.ends == {
        0: End.RESOLVED,
        1: End.CHASED,
        2: End.RESOLVED,
        3: End.CHASED,
        4: End.RESOLVED,
    }
    assert {stay.handled for stay in told.stays if stay.agent} == {Handled.CHASED}


def test_a_chaser_leaves_its_case_as_it_is() -> None:
    """The case's talk of 150 s goes on while its customer asks, who is told for longer than the case takes."""
    tree = asking([call(0, 150)])
    tree["channels"]["email"]["chasers"]["handle_time"] = constant(90)
    told = tell(tree)
    assert told.times == {0: (0, 150), 1: (100, 190)}
    assert told.ends == {0: End.RESOLVED, 1: End.CHASED}


def test_a_case_that_is_resolved_in_that_instant_is_not_asked_for() -> None:
    told = tell(asking([call(0, 100)]))
    assert told.ends == {0: End.RESOLVED}


def test_talk_is_two_minutes_unless_said() -> None:
    tree = asking([call(0, 150)])
    del tree["channels"]["email"]["chasers"]["handle_time"]
    assert tell(tree).stays[-1].talk == 120


@pytest.mark.parametrize(("reply", "asks"), [(39, True), (40, True), (41, False)])
def test_who_owes_a_reply_does_not_ask(reply: int, asks: bool) -> None:
    """Answered at 60; the reply comes before, with, or after the instant of asking, 100, and waits behind another."""
    tree = asking([call(0, 60), call(1, 500)])
    exchanges = {"continues": "100 %", "customer_replies_after": constant(reply), "limit": 1}
    tree["channels"]["email"]["exchanges"] = exchanges
    assert (1 in tell(tree).ends) == asks


def test_who_is_in_self_service_does_not_ask() -> None:
    """The form takes until 100, the instant of asking: its end comes first, so the case is with us; until 101, not."""
    for takes, asks in ((100, True), (101, False)):
        form = {"form": {"channels": ["email"], "takes": constant(takes), "resolves": 0}}
        assert (1 in tell(asking([call(0, 60)], self_service=form)).ends) == asks


def test_who_holds_the_line_itself_does_not_ask() -> None:
    """Refused by e-mail at 0 the customer tries by phone at 50, where a call of 300 s goes before it."""
    tree = asking([call(0)], [call(0, 300)])
    tree["opening_hours"] = {"late": {"mon": "00:30-01:00"}}
    tree["channels"]["email"] |= {"open": "late", "when_closed": "refuse"}
    tree["channels"]["email"]["retry"] = {"share": "100 %", "after": constant(50), "channel": "phone"}
    told = tell(tree)
    assert len(told.ends) == 3
    assert sorted(told.ends.values()) == [End.RESOLVED, End.RESOLVED, End.REFUSED]


def test_who_was_left_unresolved_does_not_ask_until_it_is_back() -> None:
    """Unresolved at 60; at 100 the customer asks if the repeat by e-mail came at 90, or at 100, not if at 110."""
    for after, asks in ((30, True), (40, True), (50, False)):
        tree = asking([call(0, 60), call(1, 500)])
        tree["contact_types"]["question"]["handling"]["first"]["resolved"] = 0
        tree["contact_types"]["question"]["repeat"] = {"share": "100 %", "after": constant(after), "attempts": 1}
        assert (2 in tell(tree).ends) == asks, after


def test_a_case_that_waits_for_its_appointment_is_asked_for() -> None:
    tree = asking([call(0, 60)], tiers={"first": {}, "second": {"appointment": constant(600)}})
    tree["agent_groups"]["experts"] = {"tier": "second", "headcount": 1}
    tree["contact_types"]["question"]["handling"] = {
        "first": {"handle_time": constant(60), "resolved": 0, "escalated": "100 %"},
        "second": {"handle_time": constant(40)},
    }
    told = tell(tree)
    assert told.ends == {0: End.RESOLVED, 1: End.CHASED}
    assert told.times[1] == (100, 120)


def test_a_chaser_meets_the_door_like_everybody_and_never_tries_again() -> None:
    """Closed; all lines taken by a call; the queue full; impatient; not willing to wait at all."""
    again = {"retry": {"share": "100 %", "after": constant(5)}}
    busy = [call(0, 500)]
    for phone, calls, end in (
        ({"open": "late"}, [], End.REFUSED),
        ({"lines": 1}, busy, End.BUSY),
        ({"queue_limit": 0}, busy, End.BLOCKED),
        ({"patience": constant(30)}, busy, End.ABANDONED),
        ({"balking": {"share": "100 %"}}, busy, End.BALKED),
    ):
        tree = asking([call(0, 900)], calls, phone={**phone, **again})
        tree["opening_hours"] = {"late": {"mon": "00:30-01:00"}}
        told = tell(tree)
        assert told.ends[1] == end
        assert len(told.ends) == 2 + len(calls)
        assert told.times[1] == (100, 130 if end == End.ABANDONED else 100)


def test_a_chaser_passes_by_self_service_and_may_be_called_back() -> None:
    """Nobody asks the menu; accepted at 100 behind a call of 150, dialled at 150 for 20 s, told for 20 s."""
    menu = {"menu": {"channels": ["phone"], "takes": constant(30), "resolves": 0}}
    callback = {"offered_when": {"waiting": 0}, "accepted": "100 %"}
    told = tell(asking([call(0, 900)], [call(0, 120)], phone={"callback": callback}, self_service=menu))
    # The call is in the menu until 30 and talks until 150.
    (stay,) = (stay for stay in told.stays if stay.contact == 1)
    assert (stay.enter, stay.leave, stay.talk_end) == (100, 150, 190)
    assert (told.ends[1], told.call_backs[1]) == (End.CHASED, CallBack.ACCEPTED)


def test_a_case_of_the_initial_backlog_is_asked_for_when_it_is_old_enough() -> None:
    """Cases of 150 and 50 s: the first should have been asked for 50 s before the start, the second is at 50."""
    tree = asking([], [])
    tree["contact_types"]["question"]["arrivals"]["email"] = {"log": []}
    tree["contact_types"]["question"]["handling"]["first"]["handle_time"] = constant(200)
    tree["channels"]["email"]["initial_backlog"] = {"waiting": 2, "oldest": "200 s"}
    told = tell(tree)
    assert told.times == {0: (-150, 200), 1: (-50, 400), 2: (50, 70)}
    assert told.ends[2] == End.CHASED


def test_of_chasers_and_calls_of_one_instant_the_lower_contact_goes_first() -> None:
    """Contact 1 asks for case 0 at 100, before the call that comes then; contact 3 for case 2 at 101."""
    told = tell(asking([call(0, 400), call(1, 400)], [call(100, 30), call(101, 30)]))
    assert [(stay.contact, stay.leave) for stay in told.stays if stay.agent == 1] == [
        (1, 100),
        (3, 150),
        (4, 120),
        (5, 170),
    ]


def test_a_chaser_of_a_misrouted_case_reaches_the_right_desk() -> None:
    order = {"arrivals": {"email": {"log": []}}, "handling": {"first": {"handle_time": constant(60)}}}
    tree = asking([call(0, 150)])
    tree["contact_types"]["order"] = order
    tree["contact_types"]["question"]["misrouted"] = {"share": "100 %", "to": "order", "triage": constant(30)}
    told = tell(tree)
    (stay,) = (stay for stay in told.stays if stay.contact == 1)
    assert (stay.handled, stay.left, stay.talk) == (Handled.CHASED, Left.TAKEN, 20)


def test_nobody_asks_at_the_end() -> None:
    """Nothing at or after the end runs."""
    assert tell(asking([call(0, 900)], time={"start": "2026-04-06", "length": "100 s"})).ends == {0: End.OPEN}
    assert 1 in tell(asking([call(0, 900)], time={"start": "2026-04-06", "length": "101 s"})).ends
