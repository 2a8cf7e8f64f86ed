"""Legs are judged at their tier; queue lengths and backlog run by the clock."""

from sim.engine.rules import End, Handled, Left
from sim.measure.frame import Thresholds
from tests.measure.typed import HOUR, Contact, Desk, Leg

EXPERT = 4
"""Queue of (expert, fault, email); 0 is (desk, fault, email), 1 (desk, fault, phone)."""


def of_legs(desk: Desk, *counters: str, **where: str) -> list[int]:
    return [desk.total("legs", counter, **where) for counter in counters]


ESCALATED = Desk(
    contacts=[Contact(0, 400)],
    legs=[
        Leg(0, 0, 10, talk=90, hold=30, wrap_up=20, handled=Handled.ESCALATED),
        Leg(0, 100, 120, talk=200, briefing=10, wrap_up=70, queue=EXPERT, row=1, agent=1),
    ],
    agent_groups=(0, 1),
)
"""Waits 10 s, talks 90 s, is held for 30 s while the first agent waits and briefs; the expert talks 200 s."""


def test_each_tier_judges_its_own_legs() -> None:
    assert of_legs(ESCALATED, "offered", "wait_answered", "escalated", tier="desk") == [1, 10_000, 1]
    assert of_legs(ESCALATED, "offered", "wait_answered", "escalated", tier="expert") == [1, 20_000, 0]


def test_handling_is_talk_with_its_briefing_wrap_up_and_holding() -> None:
    assert of_legs(ESCALATED, "handled", "talk", "wrap_up", "holding", tier="desk") == [1, 90_000, 20_000, 30_000]
    assert of_legs(ESCALATED, "handled", "talk", "wrap_up", "holding", tier="expert") == [1, 210_000, 70_000, 0]
    assert of_legs(ESCALATED, "talk", agent_group="experts") == [210_000]


def test_talk_is_as_experienced_with_parked_time_apart() -> None:
    desk = Desk(contacts=[Contact(0, 160)], legs=[Leg(0, 0, 0, talk=100, parked=60)])
    assert of_legs(desk, "talk", "handled") == [100_000, 1]


def test_returned_work_is_one_stay_with_all_its_talk() -> None:
    """Taken after 5 s, returned after 10 s of talk, waits 50 s more, talks 40 s."""
    desk = Desk(
        contacts=[Contact(0, 105)],
        legs=[Leg(0, 0, 5, talk=10, handled=Handled.RETURNED, backlog=True), Leg(0, 15, 65, talk=40, backlog=True)],
    )
    assert of_legs(desk, "offered", "answered", "wait_answered", "handled", "talk") == [1, 1, 5_000, 1, 50_000]
    assert of_legs(desk, "waiting") == [55_000], "the time in the queue counts both stays"
    assert of_legs(desk, "backlog") == [105_000]


def test_unfinished_handling_is_not_a_handled_leg() -> None:
    talking = Desk(contacts=[Contact(0, how=End.OPEN)], legs=[Leg(0, 0, 0, handled=Handled.OPEN)])
    wrapping = Desk(contacts=[Contact(0, HOUR - 5)], legs=[Leg(0, 0, 0, talk=HOUR - 5)])
    wrapping.legs[0].talk = None
    assert of_legs(talking, "answered", "handled", "talk") == [1, 0, 0]
    assert of_legs(wrapping, "handled", "wrap_up") == [0, 0]


def test_the_time_integral_of_the_queue_is_the_sum_of_waits() -> None:
    """Little's law on the sample path: waits of 10, 30 and 20 s, one of them until it abandoned."""
    desk = Desk(
        contacts=[Contact(0, 99), Contact(0, 99), Contact(5, 25, End.ABANDONED)],
        legs=[Leg(0, 0, 10, 89), Leg(1, 0, 30, 69), Leg(2, 5, 25, left=Left.ABANDONED)],
    )
    assert of_legs(desk, "waiting", "wait_all") == [60_000, 60_000]


def test_waiting_is_counted_in_the_slots_in_which_it_happens_up_to_the_end() -> None:
    """From 14 min to the end of the hour: 1 min in the first quarter, then whole ones."""
    desk = Desk(contacts=[Contact(840, how=End.OPEN)], legs=[Leg(0, 840, left=Left.WAITING)])
    assert desk.by_slot("legs", "waiting") == [60_000, 900_000, 900_000, 900_000]


def test_a_warm_up_cuts_integrals_by_the_clock_and_legs_by_their_entry() -> None:
    desk = Desk(contacts=[Contact(50, 200)], legs=[Leg(0, 50, 150, 50)], warm_up=100)
    assert of_legs(desk, "offered", "waiting") == [0, 50_000]


def test_backlog_is_open_from_entry_to_the_end_of_talk() -> None:
    desk = Desk(
        contacts=[Contact(0, 100), Contact(30, how=End.OPEN)],
        legs=[Leg(0, 0, 60, talk=40, backlog=True), Leg(1, 30, left=Left.WAITING, backlog=True)],
    )
    assert of_legs(desk, "backlog") == [100_000 + (HOUR - 30) * 1000]
    assert desk.by_slot("standing", "backlog") == [1, 1, 1, 1]


def test_a_period_ends_with_what_stood_before_the_next_began() -> None:
    """One case is closed and another comes exactly at minute 15: the first belongs to the quarter, the second not."""
    desk = Desk(
        contacts=[Contact(0, 900), Contact(900, 1000)],
        legs=[Leg(0, 0, 800, talk=100, backlog=True), Leg(1, 900, 900, talk=100, backlog=True)],
    )
    assert desk.by_slot("standing", "backlog", queue="desk/fault/email") == [1, 0, 0, 0]


def test_live_contacts_are_no_backlog() -> None:
    desk = Desk(contacts=[Contact(0, 100, channel=1)], legs=[Leg(0, 0, 60, talk=40, queue=1)])
    assert of_legs(desk, "backlog", "waiting") == [0, 60_000]


def line(desk: Desk, table: str, counter: str, name: str) -> list[int]:
    return desk.by_slot(table, counter, line=name)


def test_queue_maxima_are_kept_by_line() -> None:
    """Two of the desk's overlap in the first quarter; the expert's queue has one in the second."""
    desk = Desk(
        contacts=[Contact(0, 99), Contact(0, 99, channel=1), Contact(0, 2000)],
        legs=[
            Leg(0, 0, 20, 79),
            Leg(1, 10, 30, 69, queue=1),
            Leg(2, 950, 960, 9, queue=EXPERT, row=1, agent=1),
        ],
        agent_groups=(0, 1),
    )
    assert line(desk, "peaks", "waiting", "run") == [2, 1, 0, 0]
    assert line(desk, "peaks", "waiting", "tier=desk") == [2, 0, 0, 0]
    assert line(desk, "peaks", "waiting", "channel=phone") == [1, 0, 0, 0]
    assert line(desk, "peaks", "waiting", "queue=expert/fault/email") == [0, 1, 0, 0]


def test_the_oldest_backlog_contact_is_as_old_as_since_its_arrival() -> None:
    """It arrived at 0, entered the queue at 20 s and is open until minute 20."""
    desk = Desk(contacts=[Contact(0, 1200)], legs=[Leg(0, 20, 1100, talk=100, backlog=True)])
    assert line(desk, "oldest", "oldest", "run") == [899_999, 0, 0, 0]


def test_a_ticket_waits_on_its_tiers_clock_and_a_held_line_around_the_clock() -> None:
    """The expert's clock runs from 0 to 110 s and from 1000 s on: of 100 to 1020 s count 30 s."""
    desk = Desk(
        contacts=[Contact(0, 2000), Contact(0, 2000)],
        legs=[
            Leg(0, 0, 10, talk=90, handled=Handled.ESCALATED, queue=0, backlog=True),
            Leg(0, 100, 1020, talk=200, queue=EXPERT, row=1, agent=1, backlog=True),
            Leg(1, 0, 10, talk=90, handled=Handled.ESCALATED, queue=1),
            Leg(1, 100, 1020, talk=200, queue=EXPERT + 1, row=1, agent=1),
        ],
        agent_groups=(0, 1),
        tier_clocks=([(0, 5)], [(0, 110), (1000, HOUR)]),
        thresholds=Thresholds(service=(30_000,)),
    )
    email, phone = ({"tier": "expert", "channel": channel} for channel in ("email", "phone"))
    assert of_legs(desk, "wait_answered", "due@30000", "answered_within@30000", **email) == [30_000, 1, 1]
    assert of_legs(desk, "wait_answered", "due@30000", "answered_within@30000", **phone) == [920_000, 1, 0]
    # The first tier's stays are on the channel, whose queue nobody put a ticket into.
    assert of_legs(desk, "wait_answered", tier="desk") == [20_000]
