"""Contacts are judged once, by their first human queue; inquiries by all their contacts. Six rows at a time."""

from dataclasses import replace

from sim.demand.hand import AttemptKind, StageOutcome
from sim.engine.rules import End, Handled, Left
from sim.measure.frame import Thresholds
from tests.measure.typed import HOUR, Contact, Desk, Leg

T = "@20000"


def one(contact: Contact, *legs: Leg, **desk: object) -> Desk:
    """Give a desk with one contact and its legs."""
    return Desk(contacts=[contact], legs=list(legs), **desk)  # type: ignore[arg-type]


def of_contacts(desk: Desk, *counters: str, **where: str) -> list[int]:
    return [desk.total("contacts", counter, **where) for counter in counters]


SIX = Desk(
    contacts=[
        Contact(0, 100),
        Contact(10, 200),
        Contact(20, 300),
        Contact(30, 60, End.ABANDONED),
        Contact(40, 40, End.BALKED),
        Contact(50, 50, End.BLOCKED),
    ],
    legs=[
        Leg(0, 0, 0, talk=100),
        Leg(1, 10, 30, talk=100),
        Leg(2, 20, 41, talk=100),
        Leg(3, 30, 45, left=Left.ABANDONED),
        Leg(4, 40, 40, left=Left.BALKED),
        Leg(5, 50, 50, left=Left.BLOCKED),
    ],
)
"""Waits 0 s, 20 s and 21 s; one abandons after 15 s, one balks, one is blocked."""


def test_everybody_who_came_to_a_human_queue_was_offered() -> None:
    assert of_contacts(SIX, "arrived", "offered", "answered", "answered_at_once") == [6, 6, 3, 1]


def test_the_balked_count_with_the_abandoned_the_blocked_do_not() -> None:
    assert of_contacts(SIX, "abandoned", "ended_abandoned", "ended_balked", "ended_blocked") == [2, 1, 1, 1]


def test_who_leaves_silently_counts_with_the_abandoned_and_takes_no_more_room() -> None:
    """It left after 15 s, and its place was taken at 60 s for 30 s: agents' time apart from handle times."""
    silent = Leg(1, 30, 45, left=Left.SILENT, found=(60, 90))
    desk = Desk(
        contacts=[Contact(0, 60), Contact(30, 45, End.SILENT)],
        legs=[Leg(0, 0, 0, talk=60), silent],
        duty=[(0, 0, 3600)],
        busy=[(0, 0, 90)],
        slots=((2, 0), (0, 0)),
    )
    counters = ("offered", "answered", "abandoned", "silent", "ended_silent", "wait_abandoned", "wait_ended")
    assert of_contacts(desk, *counters) == [2, 1, 1, 1, 1, 15_000, 2]
    assert of_contacts(desk, "reached_nobody", "responses") == [1, 1]
    totals = {name: desk.total("legs", name) for name in ("handled", "talk", "detection", "waiting", "silent")}
    assert totals == {"handled": 1, "talk": 60_000, "detection": 30_000, "waiting": 15_000, "silent": 1}
    assert desk.total("legs", "detection", agent_group="clerks") == 30_000
    assert (desk.total("agents", "busy"), desk.total("agents", "slots_used")) == (90_000, 90_000)


def test_a_wait_of_exactly_t_is_within_it() -> None:
    """Answered within 20 s: waits of 0 s and 20 s; 15 s and balked are abandoned within it."""
    assert of_contacts(SIX, f"answered_within{T}", f"due{T}", f"answered_due{T}", f"abandoned_within{T}") == [
        2,
        6,
        3,
        2,
    ]


def test_who_abandons_after_exactly_t_abandoned_within_it() -> None:
    desk = one(Contact(0, 20, End.ABANDONED), Leg(0, 0, 20, left=Left.ABANDONED))
    assert of_contacts(desk, f"abandoned_within{T}", f"answered_within{T}", f"due{T}") == [1, 0, 1]


def test_waits_add_up_by_how_they_ended() -> None:
    """Answered 0 + 20 + 21 s; abandoned 15 s, balkers apart; all 56 s of five, the blocked apart."""
    found = of_contacts(SIX, "wait_answered", "wait_abandoned", "gave_up_waiting", "wait_all", "wait_ended")
    assert found == [41_000, 15_000, 1, 56_000, 5]


def test_short_abandoners_are_left_out_of_what_is_judged() -> None:
    """With 16 s the 15 s abandoner and the balker go; with 15 s only the balker, who left sooner than that."""
    desk = replace(SIX, short_abandon=(0, 16))
    phone = [replace(contact, channel=1) for contact in SIX.contacts]
    legs = [replace(leg, queue=1) for leg in SIX.legs]
    desk = replace(desk, contacts=phone, legs=legs)
    assert of_contacts(desk, "offered", "judged", "abandoned", f"due{T}") == [6, 4, 0, 4]
    assert of_contacts(replace(desk, short_abandon=(0, 15)), "judged", "abandoned") == [5, 1]


def test_who_entered_too_late_is_not_yet_due_kept_or_broken() -> None:
    """20 s before the end: answered at once, but not due; a second earlier it is."""
    late = one(Contact(HOUR - 20, HOUR - 1), Leg(0, HOUR - 20, HOUR - 20, talk=5))
    assert of_contacts(late, "offered", "answered", f"due{T}", f"answered_within{T}") == [1, 1, 0, 0]
    due = one(Contact(HOUR - 21, HOUR - 1), Leg(0, HOUR - 21, HOUR - 21, talk=5))
    assert of_contacts(due, f"due{T}", f"answered_within{T}") == [1, 1]


def test_who_still_waits_is_offered_and_due_but_has_no_wait() -> None:
    waiting = one(Contact(0, how=End.OPEN), Leg(0, 0, left=Left.WAITING))
    assert of_contacts(waiting, "offered", "answered", f"due{T}", "wait_ended", "ended_open") == [1, 0, 1, 0, 1]


def test_contacts_of_before_the_warm_up_do_not_count() -> None:
    desk = Desk(
        contacts=[Contact(99, 120), Contact(100, 120)], legs=[Leg(0, 99, 99, 10), Leg(1, 100, 100, 10)], warm_up=100
    )
    assert of_contacts(desk, "arrived", "offered", "inquiries") == [1, 1, 1]


def test_a_service_figure_belongs_to_the_interval_of_queue_entry() -> None:
    """Arrived at 14:50 minutes, entered the queue after a bot at 15:10, was answered at 31 minutes."""
    desk = one(Contact(890, 2000), Leg(0, 910, 1860, talk=10))
    assert desk.by_slot("contacts", "arrived") == [1, 0, 0, 0]
    assert desk.by_slot("contacts", "answered") == [0, 1, 0, 0]


def test_an_escalated_contact_is_judged_by_its_first_queue_alone() -> None:
    """Answered at once at the desk, then 100 s of waiting for the expert."""
    legs = (Leg(0, 0, 0, talk=50, handled=Handled.ESCALATED), Leg(0, 50, 150, talk=9, queue=4, row=1))
    desk = one(Contact(0, 159), *legs)
    assert of_contacts(desk, "offered", "answered_at_once", "wait_all", "escalated", "transfers") == [1, 1, 0, 1, 1]


def test_work_that_was_returned_and_taken_up_again_is_no_transfer() -> None:
    desk = one(Contact(0, 100), Leg(0, 0, 0, talk=10, handled=Handled.RETURNED), Leg(0, 10, 60, talk=40))
    assert of_contacts(desk, "offered", "transfers", "escalated", "answered") == [1, 0, 0, 1]


def test_a_live_response_is_when_handling_begins_a_backlog_response_when_it_ends() -> None:
    """Both arrive at 0, are taken at 30 s and talked through for 60 s."""
    response = Thresholds(response=(30_000, 90_000))
    live = one(Contact(0, 90, channel=1), Leg(0, 0, 30, 60, queue=1), thresholds=response)
    mail = one(Contact(0, 90), Leg(0, 0, 30, 60), thresholds=response)
    assert of_contacts(live, "response_time", "response_within@30000") == [30_000, 1]
    assert of_contacts(mail, "response_time", "response_within@30000", "response_within@90000") == [90_000, 0, 1]


def test_a_response_clock_counts_opening_hours_only() -> None:
    """Open 0-100 s and 1000-2000 s; arrived at 50 s, replied at 1020 s: 70 s on the clock, which has 1050 s left."""
    desk = one(
        Contact(50, 1020),
        Leg(0, 50, 1000, 20),
        clocks=([(0, 100), (1000, 2000)], None),
        thresholds=Thresholds(response=(69_000, 70_000, 1_050_000)),
    )
    assert of_contacts(desk, "responses", "response_time") == [1, 70_000]
    assert of_contacts(desk, "response_within@69000", "response_within@70000", "response_due@70000") == [0, 1, 1]
    assert of_contacts(desk, "response_due@1050000") == [0], "its last good instant is not over"


def test_resolution_runs_from_the_first_arrival_through_retries() -> None:
    """Abandons at 60 s, retries at 600 s, is resolved at 700 s."""
    desk = Desk(
        contacts=[
            Contact(0, 60, End.ABANDONED, inquiry=0),
            Contact(600, 700, inquiry=0, attempt=1, came_by=AttemptKind.RETRY),
        ],
        legs=[Leg(0, 0, 60, left=Left.ABANDONED), Leg(1, 600, 600, 100)],
        thresholds=Thresholds(resolution=(699_000, 700_000)),
    )
    assert of_contacts(desk, "inquiries", "contacts_of_inquiries", "inquiries_resolved") == [1, 2, 1]
    assert of_contacts(desk, "resolution_time", "resolution_within@699000", "resolution_within@700000") == [
        700_000,
        0,
        1,
    ]
    assert of_contacts(desk, "retries", "arrived", attempt="retry") == [1, 1]
    assert of_contacts(desk, "resolutions", attempt="first") == [1], "an inquiry counts with its first contact"


def test_resolved_at_first_contact_is_by_the_first_answered_one() -> None:
    """Inquiry 0 abandons first and is then resolved: by its first answered contact. Inquiry 1 is left unresolved."""
    desk = Desk(
        contacts=[
            Contact(0, 60, End.ABANDONED, inquiry=0),
            Contact(600, 700, inquiry=0, attempt=1, came_by=AttemptKind.RETRY),
            Contact(10, 50, End.UNRESOLVED, inquiry=1),
        ],
        legs=[
            Leg(0, 0, 60, left=Left.ABANDONED),
            Leg(1, 600, 600, 100),
            Leg(2, 10, 10, 40, handled=Handled.UNRESOLVED),
        ],
    )
    assert of_contacts(desk, "first_answers", "resolved_first", "resolved_first_one_leg") == [2, 1, 1]


def test_a_repeat_is_counted_and_an_inquiry_that_needed_it_was_not_resolved_at_first_contact() -> None:
    """Inquiry 0 is left unresolved and resolved when it comes back; so is inquiry 1, which the bot thought resolved."""
    back = {"attempt": 1, "came_by": AttemptKind.REPEAT}
    desk = Desk(
        contacts=[
            Contact(0, 60, End.UNRESOLVED, inquiry=0),
            Contact(600, 700, inquiry=0, **back),
            Contact(0, 30, End.FALSELY_RESOLVED, inquiry=1, stage=0),
            Contact(900, 950, inquiry=1, **back),
            Contact(2000, 2060, inquiry=2),
        ],
        visits=[(2, 0, 0, 30, StageOutcome.FALSELY_RESOLVED)],
        legs=[
            Leg(0, 0, 0, 60, handled=Handled.UNRESOLVED),
            Leg(1, 600, 600, 100),
            Leg(3, 900, 900, 50),
            Leg(4, 2000, 2000, 60),
        ],
    )
    assert of_contacts(desk, "repeats", "retries", "answered") == [2, 0, 4]
    assert of_contacts(desk, "repeats", "arrived", attempt="repeat") == [2, 2]
    assert of_contacts(desk, "first_answers", "resolved_first") == [3, 1]
    assert of_contacts(desk, "inquiries", "inquiries_resolved", "reached_nobody") == [3, 3, 0]


def test_containment_is_told_truly_and_as_the_stage_reports() -> None:
    """Of three that met the bot it thinks two resolved, of which one comes back and reaches nobody."""
    desk = Desk(
        contacts=[
            Contact(0, 30, End.RESOLVED_BY_STAGE, stage=0, talk=300),
            Contact(10, 40, End.FALSELY_RESOLVED, stage=0, talk=300),
            Contact(20, 50, End.GAVE_UP, stage=0),
        ],
        visits=[
            (0, 0, 0, 30, StageOutcome.RESOLVED),
            (1, 0, 10, 40, StageOutcome.FALSELY_RESOLVED),
            (2, 0, 20, 50, StageOutcome.GAVE_UP),
        ],
    )
    assert of_contacts(desk, "met_self_service", "contained", "thought_contained", "work_saved") == [3, 1, 2, 300_000]
    assert of_contacts(desk, "inquiries_resolved", "resolutions", "reached_nobody") == [1, 1, 2]
    assert [desk.total("visits", counter) for counter in ("resolved", "falsely_resolved")] == [1, 1]


def test_triage_at_the_wrong_desk_is_an_answer_and_a_transfer_but_no_reply() -> None:
    """An e-mail is triaged from 10 to 40 s and answered from 100 to 150 s."""
    triage = Leg(0, 0, 10, 30, queue=2, handled=Handled.TRANSFERRED, backlog=True)
    desk = one(Contact(0, 150), triage, Leg(0, 40, 100, 50, backlog=True))
    assert of_contacts(desk, "answered", "transfers", "escalated") == [1, 1, 0]
    assert of_contacts(desk, "responses", "response_time") == [1, 150_000]
    assert [desk.total("legs", counter) for counter in ("handled", "talk", "wrap_up")] == [2, 80_000, 0]


def test_an_escalated_first_contact_resolves_but_not_in_one_leg() -> None:
    desk = one(Contact(0, 99), Leg(0, 0, 0, 50, handled=Handled.ESCALATED), Leg(0, 50, 60, 39, queue=4, row=1))
    assert of_contacts(desk, "resolved_first", "resolved_first_one_leg") == [1, 0]


def test_a_contact_that_was_sent_back_counts_once_and_each_move_as_a_transfer() -> None:
    desk = one(
        Contact(0, 99),
        Leg(0, 0, 0, 10, handled=Handled.ESCALATED),
        Leg(0, 10, 10, 10, queue=4, row=1, handled=Handled.SENT_BACK),
        Leg(0, 20, 20, 10, handled=Handled.ESCALATED),
        Leg(0, 30, 60, 39, queue=4, row=1),
    )
    assert of_contacts(desk, "escalated", "sent_back", "transfers") == [1, 1, 3]


def test_first_answers_within_the_repeat_window_of_the_end_are_too_young_to_judge() -> None:
    young = Desk(
        contacts=[Contact(0, 100), Contact(HOUR - 500, HOUR - 400)],
        legs=[Leg(0, 0, 0, 100), Leg(1, HOUR - 500, HOUR - 500, 100)],
        repeat_window=1000,
    )
    assert of_contacts(young, "first_answers", "resolved_first") == [1, 1]


def test_containment_counts_inquiries_and_the_work_they_would_have_been() -> None:
    """Of three that met the bot one is resolved (300 s of talk saved), one gives up, one is handed on."""
    desk = Desk(
        contacts=[
            Contact(0, 30, End.RESOLVED_BY_STAGE, stage=0, talk=300),
            Contact(10, 40, End.GAVE_UP, stage=0, talk=300),
            Contact(20, 100, talk=300),
            Contact(25, 90),
        ],
        visits=[
            (0, 0, 0, 30, StageOutcome.RESOLVED),
            (1, 0, 10, 40, StageOutcome.GAVE_UP),
            (2, 0, 20, 50, StageOutcome.HANDED_ON),
        ],
        legs=[Leg(2, 50, 50, 50), Leg(3, 25, 25, 65)],
    )
    assert of_contacts(desk, "met_self_service", "contained", "work_saved") == [3, 1, 300_000]
    found = [
        desk.total("visits", counter, stage="bot") for counter in ("met", "resolved", "gave_up", "handed_on", "time")
    ]
    assert found == [3, 1, 1, 1, 90_000]
    assert of_contacts(desk, "reached_nobody") == [1], "who gave up; the contained one was helped"


def test_an_inquiry_that_is_still_open_may_yet_reach_somebody() -> None:
    desk = Desk(contacts=[Contact(0, 9, End.BUSY), Contact(0, how=End.OPEN)], legs=[Leg(1, 0, left=Left.WAITING)])
    assert of_contacts(desk, "reached_nobody", "ended_busy") == [1, 1]


def test_contacts_are_told_apart_by_channel_type_and_customer() -> None:
    desk = Desk(
        contacts=[Contact(0, 9, End.BUSY, channel=1, customer=0), Contact(0, 9, End.REFUSED, kind=1)],
    )
    assert of_contacts(desk, "arrived", channel="phone") == [1]
    assert of_contacts(desk, "ended_refused", contact_type="order") == [1]
    assert of_contacts(desk, "ended_busy", customer="premium", contact_type="fault") == [1]
    assert of_contacts(desk, "arrived", customer="(nobody)", channel="phone") == [0]


def test_contacts_and_legs_are_told_apart_by_language() -> None:
    """Two languages, and a contact in none: the sums of the three are the whole."""
    desk = Desk(
        contacts=[
            Contact(0, 100, language=0),
            Contact(0, 50, End.ABANDONED, language=1),
            Contact(0, 60, language=0),
            Contact(0, 40),
        ],
        legs=[
            Leg(0, 0, 10, talk=90),
            Leg(1, 0, 50, left=Left.ABANDONED, queue=1),
            Leg(2, 0, 20, talk=40),
            Leg(3, 0, 0, talk=40, queue=2),
        ],
        labels=replace(Desk().labels, languages=("en", "ja", "(nobody)")),
    )
    languages = ("en", "ja", "(nobody)")
    for table in ("contacts", "legs"):
        offered = [desk.total(table, "offered", language=name) for name in languages]
        waits = [desk.total(table, "wait_answered", language=name) for name in languages]
        assert (offered, waits) == ([2, 1, 1], [30_000, 0, 0])
        assert sum(offered) == desk.total(table, "offered")
    assert of_contacts(desk, "inquiries", "abandoned", language="ja") == [1, 1]
    assert desk.total("legs", "answered", queue="desk/fault/email/en") == 2
    assert desk.total("legs", "answered", queue="desk/fault/email") == 1
