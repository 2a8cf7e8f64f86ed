"""Cases of several messages: what of their time counts, and where."""

from sim.engine.rules import End, Handled
from sim.measure.frame import Thresholds
from tests.measure.typed import HOUR, Contact, Desk, Leg


def of(desk: Desk, *counters: str) -> list[int]:
    return [desk.total("contacts", counter) for counter in counters]


def case(**more: object) -> Desk:
    """Give a case of e-mail that came at 0 and waits for us from 0 to 100, 1,100 to 1,400 and in a second tier's queue.

    Answered at 100 (its customer writes again at 1,100), handed up at 1,500, answered there at 1,600 (the customer
    writes again at 2,600), resolved at 2,700.
    """
    return Desk(
        contacts=[Contact(0, 2700)],
        legs=[
            Leg(0, 0, 60, talk=40, backlog=True, handled=Handled.CONTINUED),
            Leg(0, 1100, 1400, talk=100, backlog=True, handled=Handled.ESCALATED),
            Leg(0, 1500, 1500, talk=100, queue=4, row=1, agent=1, backlog=True, handled=Handled.CONTINUED),
            Leg(0, 2600, 2600, talk=100, queue=4, row=1, agent=1, backlog=True),
        ],
        agent_groups=(0, 1),
        **more,  # type: ignore[arg-type]
    )


def test_replies_are_exchanges_and_no_transfers() -> None:
    assert of(case(), "offered", "answered", "exchanges", "transfers", "escalated") == [1, 1, 2, 1, 1]


def test_every_message_is_a_stay_in_its_tiers_queue() -> None:
    desk = case()
    for tier, stays in (("desk", 2), ("expert", 2)):
        assert [desk.total("legs", counter, tier=tier) for counter in ("offered", "handled")] == [stays, stays]


def test_the_first_response_is_the_first_answer() -> None:
    assert of(case(), "responses", "response_time") == [1, 100_000]


def test_the_resolution_clock_rests_while_the_customer_has_the_ball() -> None:
    """2,700 s after arrival, of which the customer took 1,000 twice."""
    desk = case(thresholds=Thresholds(resolution=(699_000, 700_000)))
    assert of(desk, "resolution_time", "resolution_within@699000", "resolution_within@700000") == [700_000, 0, 1]


def test_it_rests_on_the_channels_clock() -> None:
    """The clock runs from 600 to 2,000 and from 2,650 on: 1,450 s to the end, 500 and 400 of them the customer's."""
    desk = case(clocks=([(600, 2000), (2650, HOUR)], None))
    assert of(desk, "resolution_time") == [(1450 - 500 - 400) * 1000]


def test_a_resting_deadline_comes_later() -> None:
    """At the end, 3,600, the clock reads 1,600: a deadline of 1,600 is not due (it would be at the end), 1,599 is."""
    desk = case(thresholds=Thresholds(resolution=(1_599_000, 1_600_000)))
    assert of(desk, "resolution_due@1599000", "resolution_due@1600000") == [1, 0]


def test_who_awaits_a_reply_at_the_end_is_open_and_its_clock_rests() -> None:
    """Answered at 100 and silent since: its clock reads 100."""
    desk = Desk(
        contacts=[Contact(0, how=End.OPEN)],
        legs=[Leg(0, 0, 60, talk=40, backlog=True, handled=Handled.CONTINUED)],
        thresholds=Thresholds(resolution=(99_000, 100_000)),
    )
    counters = ("ended_open", "awaiting", "exchanges", "resolution_due@99000", "resolution_due@100000")
    assert of(desk, *counters) == [1, 1, 0, 1, 0]
    assert of(case(), "ended_open", "awaiting") == [0, 0]


def test_the_backlog_and_its_age_leave_out_who_waits_for_a_reply() -> None:
    """Open from 0 to 100, 1,100 to 1,600, 2,600 to 2,700; at 1,200 aged 200 and at 2,700 700 s."""
    desk = case(interval=300)
    assert desk.total("legs", "backlog") == 700_000
    ages = desk.measured().tables["oldest"].values["oldest"][0]
    assert ages.tolist()[:9] == [0, 0, 0, 199_999, 499_999, 0, 0, 0, 699_999]
