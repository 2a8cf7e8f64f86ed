"""Contacts that reach the wrong desk first, worked by hand."""

from __future__ import annotations

from sim.engine.rules import End, Handled, Left
from tests.engine.timeline import Told, Tree, call, constant, desk, tell

Log = list[Tree]


def misrouted(questions: Log, orders: Log, channel: str = "phone", **more: object) -> Told:
    """Play a desk on which every question reaches the orders first and is held there for 30 s."""
    order = {"arrivals": {channel: {"log": orders}}, "handling": {"first": {"handle_time": constant(60)}}}
    tree = desk({channel: questions}, contact_types={"order": order}, **more)
    tree["contact_types"]["question"]["misrouted"] = {"share": "100 %", "to": "order", "triage": constant(30)}
    return tell(tree)


def desks(orders: int, questions: int) -> Tree:
    """Return so many people for orders and for questions; orders come first by name."""
    return {
        "a": {"tier": "first", "headcount": orders, "serves": [{"contact_types": ["order"]}]},
        "b": {"tier": "first", "headcount": questions, "serves": [{"contact_types": ["question"]}]},
    }


def test_the_wrong_desk_holds_it_for_triage_without_wrap_up_and_transfers_it() -> None:
    told = misrouted([call(0, 60, wrap_up=10)], [], agent_groups=desks(1, 1))
    wrong, right = told.stays
    assert (wrong.agent, wrong.leave, wrong.talk_end, wrong.done, wrong.handled) == (0, 0, 30, 30, Handled.TRANSFERRED)
    assert (right.agent, right.enter, right.leave, right.talk_end, right.done) == (1, 30, 30, 90, 100)
    assert told.ends == {0: End.RESOLVED}


def test_each_queue_has_its_own_patience() -> None:
    """Patience of 20 s: waits from 10 to 25 for triage to 55, and from 55 to 70 for the one who takes questions."""
    channels = {"phone": {"waiting": "live", "patience": constant(20)}}
    plain = {"arrivals": {"phone": {"log": [call(5, 65)]}}, "handling": {"first": {"handle_time": constant(60)}}}
    groups = desks(1, 1)
    groups["b"]["serves"] = [{"contact_types": ["question", "request"]}]
    order = {"arrivals": {"phone": {"log": [call(0, 25)]}}, "handling": {"first": {"handle_time": constant(60)}}}
    tree = desk({"phone": [call(10, 50)]}, contact_types={"order": order, "request": plain}, channels=channels)
    tree["contact_types"]["question"]["misrouted"] = {"share": "100 %", "to": "order", "triage": constant(30)}
    told = tell({**tree, "agent_groups": groups})
    assert [(stay.enter, stay.leave, stay.left) for stay in told.stays if stay.contact == 2] == [
        (10, 25, Left.TAKEN),
        (55, 70, Left.TAKEN),
    ]


def test_who_gives_up_at_the_wrong_desk_has_abandoned() -> None:
    channels = {"phone": {"waiting": "live", "patience": constant(20)}}
    told = misrouted([call(10)], [call(0, 100)], agent_groups=desks(1, 1), channels=channels)
    assert (told.ends[1], told.times[1], len(told.stays)) == (End.ABANDONED, (10, 30), 2)


def test_a_logged_patience_is_for_the_first_wait() -> None:
    """Gives up at 17, seven seconds after it came; the question that is triaged at once waits for ever after that."""
    log = [call(0, 100), call(10, patience=7)]
    told = misrouted(log, [call(1, 500)], agent_groups=desks(1, 1))
    assert told.times[2] == (10, 17)
    groups = desks(2, 1)
    told = misrouted(log, [call(1, 500)], agent_groups=groups)
    assert told.ends[2] == End.ABANDONED, "the second for orders is at triage until 30"
    groups = desks(3, 1)
    told = misrouted(log, [call(1, 500)], agent_groups=groups)
    assert [(stay.enter, stay.leave) for stay in told.stays if stay.contact == 2] == [(10, 10), (40, 130)]


def test_the_right_queue_is_a_later_one_that_knows_no_limit() -> None:
    """Nobody may wait in a first queue; the second question, triaged from 40 to 70, waits in its second until 90."""
    channels = {"phone": {"waiting": "live", "queue_limit": 0}}
    told = misrouted([call(0, 60), call(40, 60), call(50, 60)], [], agent_groups=desks(1, 1), channels=channels)
    assert told.ends == {0: End.RESOLVED, 1: End.RESOLVED, 2: End.BLOCKED}
    assert [(stay.enter, stay.leave) for stay in told.stays if stay.contact == 1] == [(40, 40), (70, 90)]


def test_triage_is_not_the_work_that_self_service_made_harder() -> None:
    bot = {"bot": {"channels": ["chat"], "takes": constant(20), "resolves": 0, "harder_rest": "200 %"}}
    told = misrouted([call(0, 60)], [], "chat", agent_groups=desks(1, 1), self_service=bot)
    assert [(stay.enter, stay.talk) for stay in told.stays] == [(20, 30), (50, 120)]


def test_an_e_mail_to_the_wrong_address_waits_twice() -> None:
    told = misrouted([call(0, 60)], [call(0, 100)], "email")
    # One clerk takes the order until 100, the wrong address until 130, the question until 190.
    assert [(stay.enter, stay.leave) for stay in told.stays if stay.contact == 1] == [(0, 100), (130, 130)]
    assert told.ends == {0: End.RESOLVED, 1: End.RESOLVED}
