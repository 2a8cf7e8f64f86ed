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
        Leg(1, 640, 650, talk=50, queue=1, dialled=True),
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
        ("dials", 3),
        ("outbound_due", 0),
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


OUTBOUND = Desk(
    contacts=[
        Contact(0, 700),
        Contact(100, 800),
        Contact(200, 900, End.NOT_REACHED),
        Contact(300, None, End.OPEN),
        Contact(3000, 3100),
        Contact(0, 100, channel=1),
    ],
    legs=[
        Leg(0, 0, 30, talk=20, backlog=True, handled=Handled.NOT_REACHED),
        Leg(0, 500, 600, talk=100, backlog=True, dialled=True),
        Leg(1, 100, 701, talk=99, backlog=True, dialled=True),
        Leg(2, 200, 200, talk=20, backlog=True, handled=Handled.NOT_REACHED),
        Leg(3, 300, left=Left.WAITING, backlog=True),
        Leg(4, 3000, 3000, talk=100, backlog=True, dialled=True),
        Leg(5, 0, 0, talk=100, queue=1),
    ],
    outbound=(True, False),
    due=600,
)
"""Reached after exactly 600 s by the second dial, after 601 s, in no try, not yet dialled; the fifth is due at the end
of the hour, too late to be judged; the sixth is a caller."""


def test_outbound_work_is_in_time_if_the_dial_that_reaches_begins_within_due() -> None:
    found = [OUTBOUND.total("contacts", name) for name in ("outbound_due", "outbound_in_time", "dialled", "dials")]
    assert found == [4, 1, 4, 5]


@pytest.mark.parametrize(("due", "in_time"), [(539, 1), (540, 2), (541, 3)])
def test_due_rests_while_the_channels_clock_does(due: int, in_time: int) -> None:
    """It rests for a minute: the first is reached after 540 s on the clock, the second after 541, the fifth at once."""
    clocks = ([(0, 150), (210, 3600)], None)
    desk = Desk(OUTBOUND.contacts, OUTBOUND.legs, outbound=(True, False), due=due, clocks=clocks)
    assert desk.total("contacts", "outbound_in_time") == in_time


def test_without_a_due_nothing_is_late() -> None:
    desk = Desk(OUTBOUND.contacts, OUTBOUND.legs, outbound=(True, False))
    assert desk.total("contacts", "outbound_due") == 0
