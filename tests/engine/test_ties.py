"""What happens first of two events of one instant, worked by hand for every two kinds that can tell.

Of some kinds nothing tells the order: a channel that closes and people who leave, a stay with a bot that ends and talks
that end, people who come and a row that opens to who waits (they would take it either way).
"""

from __future__ import annotations

from typing import Any

from sim.engine.rules import End, Left
from tests.engine.timeline import Told, Tree, call, constant, desk, tell

CLOSES = {"opening_hours": {"early": {"mon-sun": "00:00-00:10"}}}
CLEARED = {"phone": {"waiting": "live", "open": "early", "at_closing": "clear"}}
"""A telephone that closes at 600 s and disconnects who waits."""
BOT = {"bot": {"channels": ["phone"], "takes": constant(100), "resolves": "0 %"}}
"""Hands everybody on after 100 s."""


def clerks(**more: Any) -> Tree:
    """Give a group of one person around the clock."""
    return {"tier": "first", "headcount": 1, **more}


def from_ten() -> Tree:
    """Give the staffing of a person who comes at 600 s."""
    return {"tier": "first", "staffing": {"mon-sun": {"00:00": 0, "00:10": 1}}}


def until_ten(**more: Any) -> Tree:
    """Give the staffing of a person who leaves at 600 s."""
    return {"tier": "first", "staffing": {"mon-sun": {"00:00": 1, "00:10": 0}}, **more}


def helper(after: str, **more: Any) -> Tree:
    """Give a free person whose row opens late."""
    return {"tier": "first", "headcount": 1, "serves": [{"after": after}], **more}


def taken(told: Told) -> list[tuple[int, float | None, int]]:
    """Return who was taken, when and by which agent, in the order of entering."""
    return [(stay.contact, stay.leave, stay.agent) for stay in told.stays if stay.left == Left.TAKEN]


def closing(log: list[Tree], **groups: Tree) -> Told:
    """Play a telephone that closes at 600."""
    return tell(desk({"phone": log}, channels=CLEARED, agent_groups=groups, **CLOSES))


# ---------------------------------------------------------------------- a channel closes before


def test_who_waits_at_closing_is_gone_before_people_come() -> None:
    assert closing([call(10)], clerks=from_ten()).ends == {0: End.DISCONNECTED}


def test_who_waits_at_closing_is_gone_before_a_talk_ends() -> None:
    assert closing([call(0, 600), call(10)], clerks=clerks()).ends[1] == End.DISCONNECTED


def test_who_waits_at_closing_is_gone_before_a_wrap_up_ends() -> None:
    assert closing([call(0, 500, wrap_up=100), call(10)], clerks=clerks()).ends[1] == End.DISCONNECTED


def test_who_waits_at_closing_is_gone_before_a_row_opens() -> None:
    told = closing([call(0, 1000), call(10)], clerks=clerks(), helpers=helper("590 s"))
    assert told.ends[1] == End.DISCONNECTED


def test_who_waits_at_closing_is_disconnected_though_patience_runs_out_too() -> None:
    assert closing([call(0, 1000), call(10, patience=590)], clerks=clerks()).ends[1] == End.DISCONNECTED


def test_who_comes_from_the_bot_as_the_channel_closes_is_inside_and_waits_on() -> None:
    log = {"phone": [call(400, 600), call(500)]}
    told = tell(desk(log, channels=CLEARED, self_service=BOT, **CLOSES))
    assert told.ends[1] == End.RESOLVED
    assert taken(told) == [(0, 500, 0), (1, 1100, 0)]


def test_who_arrives_as_the_channel_closes_is_refused() -> None:
    assert closing([call(599), call(600)], clerks=clerks()).ends == {0: End.RESOLVED, 1: End.REFUSED}


# ---------------------------------------------------------------------- a span ends before


def test_who_leaves_is_no_free_colleague_of_who_comes_then() -> None:
    """The row wants another one free: at 600 one leaves and one comes, and the caller waits on."""
    group = {
        "tier": "first",
        "serves": [{"keep_free": 1}],
        "shifts": {
            "early": {"days": "mon-sun", "hours": "00:00-00:10", "headcount": 1},
            "late": {"days": "mon-sun", "hours": "00:10-01:00", "headcount": 1},
        },
    }
    told = tell(desk({"phone": [call(10, patience=700)]}, agent_groups={"clerks": group}))
    assert told.ends == {0: End.ABANDONED}


def test_whose_talk_ends_with_the_shift_takes_nobody() -> None:
    told = tell(desk({"phone": [call(0, 600), call(10, patience=700)]}, agent_groups={"clerks": until_ten()}))
    assert told.ends[1] == End.ABANDONED


def test_whose_wrap_up_ends_with_the_shift_takes_nobody() -> None:
    log = {"phone": [call(0, 500, wrap_up=100), call(10, patience=700)]}
    assert tell(desk(log, agent_groups={"clerks": until_ten()})).ends[1] == End.ABANDONED


def test_who_leaves_does_not_take_what_its_row_opens_to_then() -> None:
    log = {"phone": [call(0, 1000), call(10, patience=700)]}
    groups = {"clerks": clerks(), "helpers": until_ten(serves=[{"after": "590 s"}])}
    assert tell(desk(log, agent_groups=groups)).ends[1] == End.ABANDONED


def test_who_leaves_does_not_take_who_comes_from_the_bot_then() -> None:
    log = {"phone": [call(500, patience=700)]}
    assert tell(desk(log, agent_groups={"clerks": until_ten()}, self_service=BOT)).ends[0] == End.ABANDONED


def test_who_leaves_does_not_take_who_arrives_then() -> None:
    log = {"phone": [call(600, patience=700)]}
    assert tell(desk(log, agent_groups={"clerks": until_ten()})).ends[0] == End.ABANDONED


# ---------------------------------------------------------------------- people come before


def test_who_comes_takes_who_waits_before_a_talk_ends() -> None:
    groups = {"clerks": clerks(), "late": from_ten()}
    told = tell(desk({"phone": [call(0, 600), call(10)]}, agent_groups=groups))
    assert taken(told) == [(0, 0, 0), (1, 600, 1)]


def test_who_comes_takes_who_waits_before_a_wrap_up_ends() -> None:
    groups = {"clerks": clerks(), "late": from_ten()}
    told = tell(desk({"phone": [call(0, 500, wrap_up=100), call(10)]}, agent_groups=groups))
    assert taken(told) == [(0, 0, 0), (1, 600, 1)]


def test_who_comes_takes_who_waits_before_patience_runs_out() -> None:
    told = tell(desk({"phone": [call(10, patience=590)]}, agent_groups={"clerks": from_ten()}))
    assert told.ends == {0: End.RESOLVED}


def urgent(**arrivals: list[Tree]) -> Tree:
    """Give contact types: questions that can wait, and outages that go first; by channel."""
    handling = {"first": {"handle_time": constant(60)}}
    return {
        name: {"priority": 5 if name == "question" else 1, "arrivals": {"phone": {"log": log}}, "handling": handling}
        for name, log in arrivals.items()
    }


def test_who_comes_takes_who_waits_before_the_more_urgent_arrive() -> None:
    types = urgent(question=[call(10)], outage=[call(600)])
    told = tell(desk({"phone": []}, contact_types=types, agent_groups={"clerks": from_ten()}))
    assert taken(told) == [(0, 600, 0), (1, 660, 0)]


def test_who_comes_takes_who_waits_before_the_more_urgent_come_from_the_bot() -> None:
    types = urgent(question=[call(10)], outage=[call(500)])
    told = tell(desk({"phone": []}, contact_types=types, self_service=BOT, agent_groups={"clerks": from_ten()}))
    assert taken(told) == [(0, 600, 0), (1, 660, 0)]


def test_of_people_who_come_together_the_lower_number_takes_who_waits_first() -> None:
    late = {"days": "mon-sun", "hours": "00:10-01:00", "headcount": 2}
    group = {"tier": "first", "shifts": {"late": late}}
    told = tell(desk({"phone": [call(10), call(20)]}, agent_groups={"clerks": group}))
    assert taken(told) == [(0, 600, 0), (1, 600, 1)]


# ---------------------------------------------------------------------- talk ends before


def test_a_talk_ends_before_a_wrap_up() -> None:
    """Agent 0 wraps up until 100, agent 1 talks until 100 and is the first to be free."""
    log = {"phone": [call(0, 50, wrap_up=50), call(0, 100), call(20)]}
    told = tell(desk(log, agent_groups={"clerks": clerks(headcount=2)}))
    assert taken(told)[2] == (2, 100, 1)


def test_of_talks_that_end_together_the_lower_contact_comes_first() -> None:
    """Contact 1 is with agent 1, contact 2 with agent 0."""
    log = {"phone": [call(0, 10), call(5, 95), call(20, 80), call(30)]}
    told = tell(desk(log, agent_groups={"clerks": clerks(headcount=2)}))
    assert taken(told)[1:] == [(1, 5, 1), (2, 20, 0), (3, 100, 1)]


def test_of_wrap_ups_that_end_together_the_lower_contact_comes_first() -> None:
    log = {"phone": [call(0, 10), call(5, 90, wrap_up=5), call(20, 70, wrap_up=10), call(30)]}
    told = tell(desk(log, agent_groups={"clerks": clerks(headcount=2)}))
    assert taken(told)[1:] == [(1, 5, 1), (2, 20, 0), (3, 100, 1)]


def test_whose_talk_ends_takes_who_waits_before_a_row_opens_to_a_helper() -> None:
    groups = {"clerks": clerks(), "helpers": helper("60 s")}
    assert taken(tell(desk({"phone": [call(0, 70), call(10)]}, agent_groups=groups)))[1] == (1, 70, 0)


def test_whose_wrap_up_ends_takes_who_waits_before_a_row_opens_to_a_helper() -> None:
    groups = {"clerks": clerks(), "helpers": helper("60 s")}
    told = tell(desk({"phone": [call(0, 50, wrap_up=20), call(10)]}, agent_groups=groups))
    assert taken(told)[1] == (1, 70, 0)


def test_whose_talk_or_wrap_up_ends_takes_who_waits_before_the_more_urgent_arrive() -> None:
    for first in (call(0, 100), call(0, 40, wrap_up=60)):
        told = tell(desk({"phone": []}, contact_types=urgent(question=[first, call(10)], outage=[call(100)])))
        assert taken(told)[1:] == [(1, 100, 0), (2, 160, 0)]


def test_a_line_is_free_for_who_arrives_as_a_talk_ends() -> None:
    told = tell(desk({"phone": [call(0, 60), call(60)]}, channels={"phone": {"waiting": "live", "lines": 1}}))
    assert told.ends == {0: End.RESOLVED, 1: End.RESOLVED}


# ---------------------------------------------------------------------- self-service, rows that open, patience


def test_a_place_with_the_bot_is_free_for_who_arrives_as_another_leaves_it() -> None:
    bot = {"bot": {**BOT["bot"], "limit": 1}}
    told = tell(desk({"phone": [call(0), call(100)]}, self_service=bot))
    assert taken(told) == [(0, 100, 0), (1, 200, 0)]


def test_of_two_whom_the_bot_hands_on_together_the_lower_contact_goes_first() -> None:
    told = tell(desk({"phone": [call(0), call(0)]}, self_service=BOT))
    assert taken(told) == [(0, 100, 0), (1, 160, 0)]


def test_a_row_opens_before_patience_runs_out() -> None:
    groups = {"clerks": clerks(), "helpers": helper("60 s")}
    told = tell(desk({"phone": [call(0, 100), call(10, patience=60)]}, agent_groups=groups))
    assert taken(told)[1] == (1, 70, 1)


def two_kinds(question: list[Tree], outage: list[Tree], **more: Any) -> Told:
    """Play helpers who are there for outages, and for questions that have waited for 60 s."""
    rows = [{"contact_types": ["outage"]}, {"contact_types": ["question"], "after": "60 s"}]
    groups = {"clerks": clerks(serves=[{"contact_types": ["question"]}]), "helpers": clerks(serves=rows)}
    types = urgent(question=question, outage=outage)
    return tell(desk({"phone": []}, contact_types=types, agent_groups=groups, **more))


def test_a_row_opens_to_who_waits_before_the_more_urgent_arrive() -> None:
    assert taken(two_kinds([call(0, 500), call(10)], [call(70)])) == [(0, 0, 0), (1, 70, 1), (2, 130, 1)]


def test_a_row_opens_to_who_waits_before_the_more_urgent_come_from_the_bot() -> None:
    """The questions come by chat, past the bot."""
    handling = {"first": {"handle_time": constant(60)}}
    types = {
        "outage": {"arrivals": {"phone": {"log": [call(0)]}}, "handling": handling, "priority": 1},
        "question": {"arrivals": {"chat": {"log": [call(0, 500), call(40)]}}, "handling": handling},
    }
    rows = [{"contact_types": ["outage"]}, {"contact_types": ["question"], "after": "60 s"}]
    groups = {"clerks": clerks(serves=[{"contact_types": ["question"]}]), "helpers": clerks(serves=rows)}
    told = tell(desk({"phone": [], "chat": []}, contact_types={**types}, agent_groups=groups, self_service=BOT))
    by_agent = sorted((stay.leave, stay.agent) for stay in told.stays if stay.left == Left.TAKEN)
    assert by_agent == [(0, 0), (100, 1), (160, 1)]
    assert told.times[2] == (40, 160)


def test_of_rows_that_open_together_the_lower_contact_gets_the_helper() -> None:
    groups = {"clerks": clerks(), "helpers": helper("60 s")}
    told = tell(desk({"phone": [call(0, 500), call(10), call(10)]}, agent_groups=groups))
    assert taken(told)[1:] == [(1, 70, 1), (2, 130, 1)]


def test_patience_runs_out_before_who_arrives_then_asks_for_room_in_the_queue() -> None:
    channels = {"phone": {"waiting": "live", "queue_limit": 1}}
    told = tell(desk({"phone": [call(0, 100), call(10, patience=60), call(70)]}, channels=channels))
    assert told.ends == {0: End.RESOLVED, 1: End.ABANDONED, 2: End.RESOLVED}


def test_patience_runs_out_before_who_comes_from_the_bot_asks_for_room_in_the_queue() -> None:
    channels = {"phone": {"waiting": "live", "queue_limit": 1}}
    log = {"phone": [call(0, 200), call(10, patience=60), call(70)]}
    told = tell(desk(log, channels=channels, self_service=BOT))
    assert told.ends == {0: End.RESOLVED, 1: End.ABANDONED, 2: End.RESOLVED}


def test_who_was_handed_over_enters_before_who_arrives() -> None:
    """One expert for the second tier's own calls and for what the first escalates: both come at 60."""
    second = {"second": {"handle_time": constant(50)}}
    first = {"first": {"handle_time": constant(60), "resolved": 0, "escalated": 1}}
    types = {
        "fault": {"arrivals": {"phone": {"log": [{"time": "00:00:00"}]}}, "handling": {**first, **second}},
        "return": {"arrivals": {"phone": {"log": [{"time": "00:01:00"}]}}, "handling": second},
    }
    groups = {"clerks": clerks(), "experts": {"tier": "second", "headcount": 1}}
    tree = desk({"phone": []}, agent_groups=groups, tiers={"first": {}, "second": {"handover": "cold"}})
    told = tell({**tree, "contact_types": types})
    assert taken(told) == [(0, 0, 0), (0, 60, 1), (1, 110, 1)]
