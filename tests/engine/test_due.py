"""Who is due first, worked by hand on a desk of one clerk who is busy when they come."""

from typing import Any

import pytest

from tests.engine.timeline import Tree, call, desk, tell

HOURS = {"office": {"mon-sun": "00:00-00:01, 00:10-00:20"}}


def order(log: Tree, channels: Tree, types: Tree | None = None, **row: Any) -> list[int]:
    """Return the contacts in the order in which the clerk took them."""
    clerks = {"clerks": {"tier": "first", "headcount": 1, "serves": [{"order": "due_first", **row}]}}
    told = tell(desk(log, channels=channels, agent_groups=clerks, opening_hours=HOURS, **(types or {})))
    return [stay.contact for stay in sorted(told.stays, key=lambda stay: stay.leave or 0)]


LOG = {"email": [call(0, 100), call(10)], "form": [call(20)]}
EMAIL, FORM = {"waiting": "backlog", "due": "10 min"}, {"waiting": "backlog", "due": "9 min"}


def test_what_is_due_sooner_goes_before_what_has_waited_longer() -> None:
    """The mail of 10 s is due at 610 s, the form of 20 s at 560 s."""
    assert order(LOG, {"email": EMAIL, "form": FORM}) == [0, 2, 1]
    assert order(LOG, {"email": EMAIL, "form": FORM}, order="longest_wait") == [0, 1, 2]


def test_what_is_due_at_one_instant_goes_by_its_wait() -> None:
    assert order(LOG, {"email": EMAIL, "form": {"waiting": "backlog", "due": "590 s"}}) == [0, 1, 2]


@pytest.mark.parametrize(("email", "expected"), [({"due": "10 min"}, [0, 1, 2]), ({}, [0, 2, 1])])
def test_what_has_no_due_goes_behind_what_has_one(email: Tree, expected: list[int]) -> None:
    """However long the other's due is."""
    form = {"waiting": "backlog", "due": "40 min"}
    assert order(LOG, {"email": {"waiting": "backlog", **email}, "form": form}) == expected


def test_due_counts_on_the_channels_clock() -> None:
    """The form has 40 s of the first minute and 8 min 20 s from 00:10 on: due at 1100 s, later than the mail."""
    assert order(LOG, {"email": EMAIL, "form": {**FORM, "clock": "office"}}) == [0, 1, 2]
    assert order(LOG, {"email": EMAIL, "form": {"waiting": "backlog", "due": "40 s", "clock": "office"}}) == [0, 2, 1]


def test_after_the_end_every_clock_runs() -> None:
    """The mail is due 40 min after an hour, the form 20 min."""
    late = {"email": {**EMAIL, "due": "99 min"}, "form": {"waiting": "backlog", "due": "78 min"}}
    assert order(LOG, late) == [0, 2, 1]


def test_a_priority_comes_before_the_due() -> None:
    handling = {"first": {"handle_time": {"distribution": "constant", "mean": "60 s"}}}
    types = {
        "question": {"arrivals": {"email": {"log": LOG["email"]}}, "handling": handling, "priority": 1},
        "order": {"arrivals": {"form": {"log": LOG["form"]}}, "handling": handling},
    }
    assert order(LOG, {"email": EMAIL, "form": FORM}, {"contact_types": types}) == [0, 1, 2]
    types["question"] = {**types["question"], "priority": 5}
    assert order(LOG, {"email": EMAIL, "form": FORM}, {"contact_types": types}) == [0, 2, 1]
    types["question"] = {**types["question"], "due": "9 min"}
    assert order(LOG, {"email": EMAIL, "form": FORM}, {"contact_types": types}) == [0, 1, 2]
