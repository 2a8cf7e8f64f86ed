"""Call-backs and outbound work: what is offered, promised and reached. Phone is channel 1."""

import pytest

from sim.engine.rules import CallBack, End, Handled, Left
from tests.measure.typed import Contact, Desk, Leg

CALLED: dict[str, object] = {"channel": 1, "call_back": CallBack.ACCEPTED}

FIVE = Desk(
    contacts=[
        Contact(0, 100, channel=1),
        Contact(10, 700, **CALLED),
        Contact(20, 1400, End.NOT_REACHED, **CALLED),
        Contact(3000, None, End.OPEN, **CALLED),
        Contact(40, 90, End.ABANDONED, channel=1, call_back=CallBack.DECLINED),
    ],
    legs=[
        Leg(0, 0, 5, talk=95, queue=1),
        Leg(1, 10, 610, talk=20, queue=1, handled=Handled.NOT_REACHED),
        Leg(1, 640, 650, talk=50, queue=1),
        Leg(2, 20, 1380, talk=20, queue=1, handled=Handled.NOT_REACHED),
        Leg(3, 3000, queue=1, left=Left.WAITING),
        Leg(4, 40, 90, queue=1, left=Left.ABANDONED),
    ],
    promised_within=(None, 600),
)
"""A caller answered after 5 s, one reached by the second dial, one not reached, one still to be dialled, one declined.

The promise of 10 min: kept to the second caller exactly, broken to the third, and to the fourth not due at 3600 s.
"""


@pytest.mark.parametrize(
    ("counter", "number"),
    [
        ("call_backs_offered", 4),
        ("call_backs_accepted", 3),
        ("call_backs_begun", 2),
        ("call_back_delay", (600 + 1360) * 1000),
        ("call_backs_pending", 1),
        ("call_backs_due", 2),
        ("call_backs_kept", 1),
        ("dialled", 2),
        ("reached", 1),
        ("ended_not_reached", 1),
    ],
)
def test_call_backs_are_counted(counter: str, number: int) -> None:
    assert FIVE.total("contacts", counter) == number


def test_call_backs_are_left_out_of_service_level_and_waits() -> None:
    """Who declined is judged; who was reached is answered, but not within any number of seconds."""
    found = {
        name: FIVE.total("contacts", name)
        for name in ("offered", "judged", "due@20000", "answered", "answered_within@20000", "waits_answered")
    }
    assert found == {
        "offered": 5,
        "judged": 5,
        "due@20000": 2,
        "answered": 2,
        "answered_within@20000": 1,
        "waits_answered": 1,
    }
    assert FIVE.total("contacts", "wait_answered") == 5000
    assert FIVE.total("contacts", "wait_all") == 55_000


def test_by_legs_a_contact_that_is_dialled_again_is_one_stay() -> None:
    assert FIVE.total("legs", "offered") == 5
    assert FIVE.total("legs", "due@20000") == 2
    assert FIVE.total("contacts", "transfers") == 0


def test_dials_in_vain_are_agents_time_in_the_mean_handle_time() -> None:
    assert FIVE.total("legs", "handled") == 2
    assert FIVE.total("legs", "talk") == (95 + 20 + 50 + 20) * 1000


def test_who_was_dialled_in_vain_was_reached_by_nobody() -> None:
    assert FIVE.total("contacts", "reached_nobody") == 2  # not reached, abandoned
    assert FIVE.total("contacts", "responses") == 2


def test_outbound_work_counts_as_dialled() -> None:
    desk = Desk(
        contacts=[Contact(0, 100), Contact(0, 20, End.NOT_REACHED), Contact(0, None, End.OPEN)],
        legs=[
            Leg(0, 0, 0, talk=100, backlog=True),
            Leg(1, 0, 0, talk=20, backlog=True, handled=Handled.NOT_REACHED),
            Leg(2, 0, left=Left.WAITING, backlog=True),
        ],
        outbound=(True, False),
    )
    assert [desk.total("contacts", name) for name in ("dialled", "reached", "call_backs_accepted")] == [2, 1, 0]
