"""Call-backs, worked by hand on a desk of one person who talks for a minute, wraps nothing up and dials for 20 s."""

from typing import Any

import pytest

from sim.engine.rules import CallBack, End, Handled, Left
from tests.engine.timeline import Told, Tree, call, constant, desk, tell


def phone(when: Tree, channel: Tree | None = None, **callback: Any) -> Tree:
    """Return channels: a telephone whose callers all accept the call-back that is offered `when`."""
    return {
        "phone": {"waiting": "live", "callback": {"offered_when": when, "accepted": 1, **callback}, **(channel or {})}
    }


def taken(told: Told) -> list[tuple[int, float | None]]:
    """Return who was taken when, in the order of taking."""
    stays = [stay for stay in told.stays if stay.left == Left.TAKEN]
    return [(stay.contact, stay.leave) for stay in sorted(stays, key=lambda stay: stay.leave or 0)]


def test_a_call_back_is_offered_when_the_head_of_the_queue_has_waited_so_long() -> None:
    log = {"phone": [call(0, 100), call(10), call(39), call(40)]}
    told = tell(desk(log, channels=phone({"expected_wait": "30 s"})))
    assert told.call_backs == {
        0: CallBack.NOT_OFFERED,
        1: CallBack.NOT_OFFERED,
        2: CallBack.NOT_OFFERED,
        3: CallBack.ACCEPTED,
    }


def test_a_call_back_is_offered_when_so_many_live_contacts_wait() -> None:
    """Who has accepted one does not wait on the line: the third to wait is the first one too many."""
    log = {"phone": [call(0, 100), call(1), call(2), call(3), call(4), call(5)]}
    told = tell(desk(log, channels=phone({"waiting": 2})))
    assert [contact for contact, how in told.call_backs.items() if how == CallBack.ACCEPTED] == [3, 4, 5]
    log = {"phone": [call(0, 100), call(1, patience=2), call(2), call(3), call(4)]}
    told = tell(desk(log, channels=phone({"waiting": 2})))
    assert [contact for contact, how in told.call_backs.items() if how == CallBack.ACCEPTED] == [4]


def test_it_is_offered_to_nobody_whom_an_agent_can_take() -> None:
    told = tell(desk({"phone": [call(0)]}, channels=phone({"waiting": 0})))
    assert told.call_backs == {0: CallBack.NOT_OFFERED}


def test_who_declines_waits_on_and_may_give_up() -> None:
    log = {"phone": [call(0, 100), call(10, patience=30)]}
    told = tell(desk(log, channels=phone({"waiting": 0}, accepted=0)))
    assert told.call_backs[1] == CallBack.DECLINED
    assert told.ends[1] == End.ABANDONED
    assert told.times[1] == (10, 40)


def test_who_accepts_has_no_patience_and_the_dial_costs_the_agent_20_s() -> None:
    log = {"phone": [call(0, 100), call(10, 60, wrap_up=5, patience=30)]}
    told = tell(desk(log, channels=phone({"waiting": 0})))
    assert told.stays[1][:8] == (1, 10, 100, Left.TAKEN, 0, 180, 185, Handled.RESOLVED)
    assert told.stays[1].talk == 80
    assert told.times[1] == (10, 180)
    assert told.busy == [(0, 0, 185)]


def test_a_call_back_keeps_its_place() -> None:
    log = {"phone": [call(0, 100), call(10, 30), call(20, 30)]}
    told = tell(
        desk(
            log,
            channels=phone(
                {
                    "waiting": 0,
                },
                accepted=1,
            ),
        )
    )
    assert taken(told) == [(0, 0), (1, 100), (2, 150)]


def test_a_call_back_stands_behind_all_live_contacts_if_its_channel_says_so() -> None:
    """The second caller accepts, as the first has waited 10 s; whoever comes on the line later goes first."""
    log = {"phone": [call(0, 100), call(90, 30), call(110, 30), call(140, 30)]}
    channels = phone({"waiting": 0}, place="after_live")
    told = tell(desk(log, channels=channels))
    assert taken(told) == [(0, 0), (1, 100), (2, 150), (3, 200)]  # all accepted: first come, first served among them
    log = {"phone": [call(0, 100), call(10, 30), call(40, 30)], "chat": [call(50, 30)]}
    told = tell(desk(log, channels=channels | {"chat": {"waiting": "live"}}))
    assert taken(told) == [(0, 0), (3, 100), (1, 130), (2, 180)]


def test_accepting_gives_the_line_back() -> None:
    log = {"phone": [call(0, 100), call(10), call(20)]}
    told = tell(desk(log, channels=phone({"waiting": 0}, {"lines": 2})))
    assert told.ends == {0: End.RESOLVED, 1: End.RESOLVED, 2: End.RESOLVED}
    told = tell(desk(log, channels=phone({"waiting": 0}, {"lines": 2}, accepted=0)))
    assert told.ends[2] == End.BUSY


def test_a_call_back_is_in_no_limit_and_no_closing_disconnects_it() -> None:
    log = {"phone": [call(0, 1000), call(10), call(20)]}
    channel = {"queue_limit": 1, "open": "early", "at_closing": "clear"}
    hours = {"early": {"mon-sun": "00:00-00:10"}}
    told = tell(desk(log, channels=phone({"waiting": 0}, channel), opening_hours=hours))
    assert told.ends == {0: End.RESOLVED, 1: End.RESOLVED, 2: End.RESOLVED}
    told = tell(desk(log, channels=phone({"waiting": 0}, channel, accepted=0), opening_hours=hours))
    assert told.ends == {0: End.RESOLVED, 1: End.DISCONNECTED, 2: End.BLOCKED}


def test_who_is_not_reached_is_dialled_again_at_its_old_place_and_given_up_after_the_last_try() -> None:
    """Dialled at 100, over at 120; again 30 s later, when the agent has just taken who came at 120."""
    log = {"phone": [call(0, 100), call(10), call(130, 60)]}
    told = tell(desk(log, channels=phone({"expected_wait": "0 s"}, connects=0, again_after="30 s", tries=2)))
    assert [stay[:8] for stay in told.stays if stay.contact == 1] == [
        (1, 10, 100, Left.TAKEN, 0, 120, 120, Handled.NOT_REACHED),
        (1, 150, 190, Left.TAKEN, 0, 210, 210, Handled.NOT_REACHED),
    ]
    assert told.times[1] == (10, 210)
    assert told.ends == {0: End.RESOLVED, 1: End.NOT_REACHED, 2: End.RESOLVED}


def test_who_is_dialled_again_goes_before_who_came_since() -> None:
    log = {"phone": [call(0, 100), call(5), call(96), call(200, 100), call(210, 60)]}
    told = tell(desk(log, channels=phone({"expected_wait": "90 s"}, connects=0, again_after="30 s", tries=2)))
    assert taken(told) == [(0, 0), (1, 100), (2, 160), (3, 200), (2, 300), (4, 320), (4, 370)]


def test_who_is_not_reached_may_call_again() -> None:
    retry = {"share": 1, "after": constant(60), "when": ["not_reached"]}
    log = {"phone": [call(0, 100), call(10)]}
    told = tell(desk(log, channels=phone({"waiting": 0}, {"retry": retry}, connects=0, tries=1)))
    assert told.ends[4] == End.NOT_REACHED
    assert told.times[5] == (180, 240)


@pytest.mark.parametrize("handover", ["cold", "warm"])
def test_who_was_reached_is_on_the_line_for_the_next_tier(handover: str) -> None:
    """The expert is busy until 460: cold, the customer gives up; warm, the first agent holds the line."""
    handling = {
        "first": {"handle_time": constant(60), "resolved": 0, "escalated": 1},
        "second": {"handle_time": constant(400), "patience": constant(10)},
    }
    told = tell(
        desk(
            {"phone": [call(0, 60), call(10, 60)]},
            channels=phone({"waiting": 0}),
            contact_types={"question": {"arrivals": {"phone": {"log": [call(0), call(10)]}}, "handling": handling}},
            tiers={"first": {}, "second": {"handover": handover, "warm_limit": "10 min"}},
            agent_groups={"clerks": {"tier": "first", "headcount": 1}, "experts": {"tier": "second", "headcount": 1}},
        )
    )
    if handover == "cold":
        assert told.ends[1] == End.ABANDONED
        assert told.times[1] == (10, 150)
    else:
        assert told.ends[1] == End.RESOLVED
        assert told.stays[2].hold_end == 460


def test_outbound_work_is_dialled_and_ends_not_reached_after_its_tries() -> None:
    survey = {"waiting": "backlog", "direction": "outbound", "connects": 0, "tries": 2, "again_after": "5 min"}
    told = tell(desk({"survey": [call(10, 60, wrap_up=30)]}, channels={"survey": survey}))
    assert [stay[1:8] for stay in told.stays] == [
        (10, 10, Left.TAKEN, 0, 30, 30, Handled.NOT_REACHED),
        (330, 330, Left.TAKEN, 0, 350, 350, Handled.NOT_REACHED),
    ]
    assert told.ends == {0: End.NOT_REACHED}


def test_outbound_work_that_reaches_its_customer_is_talked_through() -> None:
    survey = {"waiting": "backlog", "direction": "outbound", "dial": "5 s"}
    told = tell(desk({"survey": [call(10, 60, wrap_up=30)]}, channels={"survey": survey}))
    assert told.stays[0][1:9] == (10, 10, Left.TAKEN, 0, 75, 105, Handled.RESOLVED, 65)


def test_outbound_work_that_was_not_reached_is_a_new_contact_when_its_channel_retries() -> None:
    retry = {"share": 1, "after": constant(600), "attempts": 1}
    survey = {"waiting": "backlog", "direction": "outbound", "connects": 0, "tries": 1, "retry": retry}
    told = tell(desk({"survey": [call(10)]}, channels={"survey": survey}))
    assert told.times == {0: (10, 30), 1: (630, 650)}
    assert told.ends == {0: End.NOT_REACHED, 1: End.NOT_REACHED}


def test_a_call_interrupts_a_dial_like_talk_and_the_dial_goes_on_where_it_stopped() -> None:
    survey = {"waiting": "backlog", "direction": "outbound"}
    rows = [{"channels": ["phone"]}, {"channels": ["survey"], "interruptible": True}]
    told = tell(
        desk(
            {"survey": [call(0, 60)], "phone": [call(15, 30)]},
            channels={"survey": survey},
            agent_groups={"clerks": {"tier": "first", "headcount": 1, "serves": rows}},
        )
    )
    assert told.stays[0].parked == 30
    assert told.stays[0].talk_end == 110
    assert told.stays[0].talk == 80
