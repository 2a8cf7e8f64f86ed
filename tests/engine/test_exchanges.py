"""Cases of several messages, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.demand.hand import Exchanges, Hand
from sim.engine.rules import End, Handled
from tests.engine.timeline import Told, Tree, call, constant, desk, tell

TWO = {"clerks": {"tier": "first", "headcount": 2}}


def writing(log: list[Tree], limit: int = 1, reply: float = 100, **changes: object) -> Tree:
    """Return a desk of e-mails whose customers write again so many times, each so many seconds after the answer."""
    exchanges = {"continues": "100 %", "customer_replies_after": constant(reply), "limit": limit}
    return desk({"email": log}, channels={"email": {"waiting": "backlog", "exchanges": exchanges}}, **changes)


def times(told: Told, contact: int = 0) -> list[tuple[float | None, float | None, float | None]]:
    """Return when each message of a contact came, was taken, and was answered."""
    return [(stay.enter, stay.leave, stay.talk_end) for stay in told.stays if stay.contact == contact]


def test_the_customer_writes_again_until_the_limit_and_then_the_matter_ends() -> None:
    """The first message takes what the log says, its wrap-up too; the others what the handling says."""
    told = tell(writing([call(0, 30, wrap_up=10)], limit=2))
    assert times(told) == [(0, 0, 30), (130, 130, 190), (290, 290, 350)]
    assert [stay.handled for stay in told.stays] == [Handled.CONTINUED, Handled.CONTINUED, Handled.RESOLVED]
    assert [stay.done for stay in told.stays] == [40, 190, 350]
    assert (told.ends, told.times) == ({0: End.RESOLVED}, {0: (0, 350)})


def test_a_reply_keeps_nothing_of_the_old_place() -> None:
    """The reply of 160 waits behind what came at 155, though its case came first."""
    told = tell(writing([call(0), call(150, 500), call(155, 10)]))
    assert times(told, 0) == [(0, 0, 60), (160, 660, 720)]
    assert times(told, 2)[0] == (155, 650, 660)


def test_a_reply_waits_for_after_anew() -> None:
    """A row that opens after 50 s is closed to the reply until 50 s after it came."""
    groups = {"clerks": {"tier": "first", "headcount": 1, "serves": [{"after": "50 s"}]}}
    assert times(tell(writing([call(0)], agent_groups=groups))) == [(0, 50, 110), (210, 260, 320)]


def test_a_reply_is_due_anew() -> None:
    """Due in 300 s each: the case that came at 0 is due at 460 with its reply, after the one of 155, due at 455."""
    groups = {"clerks": {"tier": "first", "headcount": 1, "serves": [{"order": "due_first"}]}}
    tree = writing([call(0), call(150, 500), call(155, 10)], agent_groups=groups)
    tree["channels"]["email"]["due"] = "300 s"
    told = tell(tree)
    assert (times(told, 2)[0], times(told, 0)[1]) == ((155, 650, 660), (160, 660, 720))


def test_a_reply_that_comes_as_an_agent_frees_up_enters_after_the_agent_took_what_waits() -> None:
    """At 160 a talk ends and the reply enters; the agent takes what has waited since 110."""
    told = tell(writing([call(0), call(100, 60), call(110, 40)]))
    assert times(told, 2)[0] == (110, 160, 200)
    assert times(told, 0) == [(0, 0, 60), (160, 200, 260)]


def test_a_reply_in_no_time_stands_before_who_arrives_in_that_instant() -> None:
    """At 60 the agent takes who waits, then the reply enters, then the third arrives."""
    told = tell(writing([call(0), call(10, 20), call(60, 20)], reply=0))
    assert times(told, 1)[0] == (10, 60, 80)
    assert times(told, 0) == [(0, 0, 60), (60, 80, 140)]
    assert times(told, 2)[0] == (60, 140, 160)


def test_of_replies_of_one_instant_the_lower_contact_goes_first() -> None:
    """Both write again at 160, when one of two people is free."""
    told = tell(writing([call(0), call(0), call(150, 500)], agent_groups=TWO))
    assert (times(told, 0)[1], times(told, 1)[1]) == ((160, 160, 220), (160, 220, 280))


def test_a_closed_door_does_not_stop_a_reply() -> None:
    """Closed from 60 on: a case that comes at 70 is refused, the reply of 130 is answered."""
    tree = writing([call(0, 30), call(70)], opening_hours={"short": {"mon": "00:00-00:01"}})
    tree["channels"]["email"] |= {"open": "short", "when_closed": "refuse"}
    told = tell(tree)
    assert times(told, 0) == [(0, 0, 30), (130, 130, 190)]
    assert told.ends == {0: End.RESOLVED, 1: End.REFUSED}


def test_a_reply_passes_no_self_service_and_its_work_stays_harder() -> None:
    """The form takes 20 s before the first message alone; what it hands on is twice the work each time."""
    form = {"form": {"channels": ["email"], "takes": constant(20), "resolves": 0, "harder_rest": "200 %"}}
    told = tell(writing([call(0, 30)], self_service=form))
    assert times(told) == [(20, 20, 80), (180, 180, 300)]


def test_an_interrupted_answer_goes_on_where_it_stopped() -> None:
    """A call of 30 s interrupts the second answer, of 60 s, at 180: parked, it ends at 250; returned, likewise."""
    for interruptible in (True, "shared"):
        serves = [{"channels": ["phone"]}, {"channels": ["email"], "interruptible": interruptible}]
        groups = {"clerks": {"tier": "first", "headcount": 1, "serves": serves}}
        tree = writing([call(0, 30)], agent_groups=groups)
        tree["channels"]["phone"] = {}
        tree["contact_types"]["question"]["arrivals"]["phone"] = {"log": [call(180, 30)]}
        told = tell(tree)
        assert told.times == {0: (0, 220), 1: (180, 210)}, interruptible
        assert sum(talk for talk in (stay.talk for stay in told.stays if stay.contact == 0) if talk) == 30 + 60


def two_tiers(limit: int) -> Tree:
    """Return a desk that hands every e-mail up to a second tier, whose messages take 40 s."""
    groups = {"clerks": {"tier": "first", "headcount": 1}, "experts": {"tier": "second", "headcount": 1}}
    tree = writing([call(0, 60)], limit=limit, tiers={"first": {}, "second": {}}, agent_groups=groups)
    tree["contact_types"]["question"]["handling"] = {
        "first": {"handle_time": constant(60), "resolved": 0, "escalated": "100 %"},
        "second": {"handle_time": constant(40)},
    }
    return tree


def test_the_limit_holds_over_all_tiers() -> None:
    """The one exchange is at the first tier; what was dealt for the second comes to nothing."""
    told = tell(two_tiers(limit=1))
    assert [(stay.enter, stay.handled) for stay in told.stays] == [
        (0, Handled.CONTINUED),
        (160, Handled.ESCALATED),
        (220, Handled.RESOLVED),
    ]


def one_and_two(hand: Hand) -> Hand:
    """Play a hand that deals one exchange at the first tier and two, of their own, at the second."""
    seconds = (([0, 1, 1]), [100, 10, 20], [60, 5, 7], [0, 0, 3])
    mark, reply_after, talk, wrap_up = (np.array(column) for column in seconds)
    return replace(hand, exchanges=Exchanges(mark, 1000 * reply_after, 1000 * talk, 1000 * wrap_up))


def test_each_tier_asks_and_answers_in_its_own_queue() -> None:
    """One reply at the first tier; then two at the second, where the last wrap-up is of 3 s."""
    told = tell(two_tiers(limit=3), one_and_two)
    assert [(stay.agent, stay.enter, stay.talk_end, stay.done, stay.handled) for stay in told.stays] == [
        (0, 0, 60, 60, Handled.CONTINUED),
        (0, 160, 220, 220, Handled.ESCALATED),
        (1, 220, 260, 260, Handled.CONTINUED),
        (1, 270, 275, 275, Handled.CONTINUED),
        (1, 295, 302, 305, Handled.RESOLVED),
    ]


def test_a_limit_cuts_what_was_dealt() -> None:
    """Of the two exchanges at the second tier there is one: two in all."""
    told = tell(two_tiers(limit=2), one_and_two)
    assert [stay.handled for stay in told.stays][2:] == [Handled.CONTINUED, Handled.RESOLVED]


def test_who_is_handed_over_comes_by_appointment_and_replies_do_not() -> None:
    """The second tier's appointment is 500 s after the handover; its own exchanges follow at once when they come."""
    tree = two_tiers(limit=3)
    tree["tiers"]["second"] = {"appointment": constant(500)}
    told = tell(tree, one_and_two)
    assert [stay.enter for stay in told.stays] == [0, 160, 720, 770, 795]


def test_what_is_sent_back_has_exchanges_of_its_own_at_each_stay() -> None:
    """One reply at each of four stays: first, second, first again, second again."""
    tree = two_tiers(limit=10)
    second = {"handle_time": constant(40), "resolved": 0, "returned": "100 %", "returns": 1}
    tree["contact_types"]["question"]["handling"]["second"] = second

    def one_at_each(hand: Hand) -> Hand:
        mark = np.arange(4)
        return replace(hand, exchanges=Exchanges(mark, mark * 1000 + 9000, mark * 1000, mark * 0))

    told = tell(tree, one_at_each)
    assert [(stay.agent, stay.enter, stay.talk) for stay in told.stays] == [
        (0, 0, 60),
        (0, 69, 0),
        (1, 69, 40),
        (1, 119, 1),
        (0, 120, 60),
        (0, 191, 2),
        (1, 193, 40),
        (1, 245, 3),
    ]


def test_triage_at_the_wrong_desk_is_no_message() -> None:
    order = {"arrivals": {"email": {"log": []}}, "handling": {"first": {"handle_time": constant(60)}}}
    tree = writing([call(0, 60)], contact_types={"order": order})
    tree["contact_types"]["question"]["misrouted"] = {"share": "100 %", "to": "order", "triage": constant(30)}
    told = tell(tree)
    assert [(stay.enter, stay.handled) for stay in told.stays] == [
        (0, Handled.TRANSFERRED),
        (30, Handled.CONTINUED),
        (190, Handled.RESOLVED),
    ]


def test_a_ticket_of_a_live_contact_has_no_exchanges() -> None:
    tree = two_tiers(limit=1)
    tree["tiers"]["second"] = {"handover": "ticket"}
    tree["channels"]["phone"] = {}
    tree["contact_types"]["question"]["arrivals"] = {"phone": {"log": [call(0, 60)]}}
    assert [stay.handled for stay in tell(tree).stays] == [Handled.ESCALATED, Handled.RESOLVED]


def test_cases_that_waited_at_the_start_are_written_to_again_too() -> None:
    tree = writing([])
    tree["channels"]["email"]["initial_backlog"] = {"waiting": 1, "oldest": "80 s"}
    assert times(tell(tree)) == [(-40, 0, 60), (160, 160, 220)]


def test_who_was_dialled_once_is_not_dialled_again_for_a_reply() -> None:
    """The dial of 20 s belongs to the first talk alone."""
    tree = writing([call(0, 30)])
    tree["channels"]["email"] |= {"direction": "outbound"}
    assert [(stay.enter, stay.talk) for stay in tell(tree).stays] == [(0, 50), (150, 60)]


def test_a_case_that_awaits_a_reply_is_open_at_the_end() -> None:
    """The reply of 160 would come at the end exactly; nothing runs then."""
    tree = writing([call(0, 60)], time={"length": "160 s"})
    told = tell(tree)
    assert (times(told), told.ends, told.times) == ([(0, 0, 60)], {0: End.OPEN}, {0: (0, None)})
