"""Self-service and the way from tier to tier, worked by hand."""

import pytest

from sim.engine.rules import End, Handled, Left
from tests.engine.timeline import Told, Tree, call, constant, desk, tell


def two_tiers(handover: Tree, log: Tree, second: Tree | None = None, **more: object) -> Told:
    """Play a desk that escalates everything to a second tier of one agent, which talks for 50 s."""
    handling = {
        "first": {"handle_time": constant(60), "resolved": 0, "escalated": 1.0},
        "second": {"handle_time": constant(50), **(second or {})},
    }
    tree = desk(log, tiers={"first": {}, "second": handover}, **more)
    tree["contact_types"]["question"]["handling"] = handling
    tree["agent_groups"] = {"clerks": {"tier": "first", "headcount": 2}, "experts": {"tier": "second", "headcount": 1}}
    return tell(tree)


def test_a_cold_handover_enters_the_next_queue_at_once_with_fresh_patience() -> None:
    told = two_tiers({}, {"phone": [call(0, 100), call(0, 100), call(30, 100)]}, {"patience": constant(40)})
    second = [stay for stay in told.stays if stay.agent == 2 or stay.left == Left.ABANDONED]
    # Both come at 100; the expert takes the first until 150, the other gives up at 140.
    assert [(stay.contact, stay.enter, stay.leave, stay.left) for stay in second[:2]] == [
        (0, 100, 100, Left.TAKEN),
        (1, 100, 140, Left.ABANDONED),
    ]
    assert told.ends[1] == End.ABANDONED


def test_a_warm_handover_holds_the_line_and_both_talk_for_the_briefing() -> None:
    told = two_tiers(
        {"handover": "warm", "briefing": constant(20)}, {"phone": [call(0, 100, wrap_up=30), call(10, 100)]}
    )
    first, second = (stay for stay in told.stays if stay.contact == 0)
    assert (first.talk_end, first.hold_end, first.done, first.handled) == (100, 120, 150, Handled.ESCALATED)
    assert (second.leave, second.talk_end, second.talk) == (100, 170, 50)
    first, second = (stay for stay in told.stays if stay.contact == 1)
    # Comes at 110, held until the expert is free at 170 and briefed until 190.
    assert (first.talk_end, first.hold_end, first.done) == (110, 190, 190)
    assert (second.enter, second.leave, second.talk_end) == (110, 170, 240)


def test_who_holds_the_line_past_the_end_that_sharing_would_have_brought_holds_on() -> None:
    """Two chats share until 40, when the expert takes the shorter: the longer, of 100 s, ends at 120 instead of 200."""
    tree = desk({"chat": [call(0, 100), call(0, 20)]}, tiers={"first": {}, "second": {"handover": "warm"}})
    tree["contact_types"]["question"]["handling"] = {
        "first": {"handle_time": constant(60), "resolved": 0, "escalated": 1.0},
        "second": {"handle_time": constant(200)},
    }
    slots = {"chat": {"limit": 2, "pace": ["100 %", "50 %"]}}
    tree["agent_groups"] = {
        "clerks": {"tier": "first", "headcount": 1, "slots": slots},
        "experts": {"tier": "second", "headcount": 1},
    }
    held = [(stay.contact, stay.talk_end, stay.hold_end) for stay in tell(tree).stays if stay.agent == 0]
    assert held == [(0, 120, 240), (1, 40, 40)]


def test_the_warm_limit_lets_the_first_agent_go_and_the_customer_waits_on_with_fresh_patience() -> None:
    told = two_tiers(
        {"handover": "warm", "warm_limit": "30 s"},
        {"phone": [call(0, 100), call(10, 100), call(11, 100)]},
        {"handle_time": constant(500), "patience": constant(40)},
    )
    first, second = (stay for stay in told.stays if stay.contact == 1)
    assert (first.talk_end, first.hold_end) == (110, 140)
    assert (second.enter, second.leave, second.left) == (110, 180, Left.ABANDONED)
    # The agent who held the line was not free for the third caller before 140; the other was, at 100.
    assert next(stay for stay in told.stays if stay.contact == 2).leave == 100


def test_the_warm_limit_ends_the_wait_and_not_the_briefing() -> None:
    handover = {"handover": "warm", "warm_limit": "30 s", "briefing": constant(60)}
    told = two_tiers(handover, {"phone": [call(0, 100), call(90, 100)]})
    # The expert briefs from 100 to 160 and talks to 210; the second comes at 190, is taken at 210 and briefed to 270,
    # during which the limit, at 220, passes.
    first, second = (stay for stay in told.stays if stay.contact == 1)
    assert (first.talk_end, first.hold_end) == (190, 270)
    assert (second.enter, second.leave, second.talk_end) == (190, 210, 320)


def test_a_ticket_lets_the_customer_hang_up_and_waits_without_patience() -> None:
    told = two_tiers(
        {"handover": "ticket"},
        {"phone": [call(0, 100), call(0, 100), call(101)]},
        {"handle_time": constant(1000), "patience": constant(40)},
        channels={"phone": {"waiting": "live", "lines": 2}},
    )
    # The third caller finds a line, because the first two have hung up; patience of 40 s plays no part in the backlog.
    assert told.ends == {0: End.RESOLVED, 1: End.RESOLVED, 2: End.RESOLVED}
    assert [told.times[contact][1] for contact in range(3)] == [1100, 2100, 3100]


def test_backlog_is_always_handed_over_as_a_ticket() -> None:
    told = two_tiers({"handover": "warm"}, {"email": [call(0, 100)]})
    first, second = told.stays
    assert (first.hold_end, first.done, second.leave) == (None, 100, 100)


def test_what_is_neither_resolved_nor_escalated_leaves_unresolved() -> None:
    tree = desk({"phone": [call(0)]})
    tree["contact_types"]["question"]["handling"]["first"]["resolved"] = 0
    assert tell(tree).ends[0] == End.UNRESOLVED


def stage(**more: object) -> Tree:
    return {"bot": {"channels": ["chat"], "takes": constant(30), "resolves": 0, **more}}


def test_self_service_takes_its_time_and_hands_on() -> None:
    told = tell(desk({"chat": [call(0)]}, self_service=stage()))
    assert (told.stays[0].enter, told.stays[0].leave) == (30, 30)


@pytest.mark.parametrize(
    ("more", "end"), [({"resolves": "100 %"}, End.RESOLVED_BY_STAGE), ({"gives_up": "100 %"}, End.GAVE_UP)]
)
def test_self_service_resolves_or_is_given_up(more: Tree, end: End) -> None:
    told = tell(desk({"chat": [call(0)]}, self_service=stage(**more)))
    assert told.ends[0] == end
    assert told.times[0] == (0, 30)
    assert not told.stays


def test_a_closed_stage_is_passed_by() -> None:
    hours = {"morning": {"mon": "00:10-00:20"}}
    told = tell(desk({"chat": [call(0), call(600)]}, self_service=stage(open="morning"), opening_hours=hours))
    assert [stay.enter for stay in told.stays] == [0, 630]


def test_a_full_stage_is_passed_by() -> None:
    """Room for one: the second, at 10, goes to a person at once; at 30 the first has left, and the third comes in."""
    told = tell(desk({"chat": [call(0, 1), call(10, 1), call(30, 1)]}, self_service=stage(limit=1)))
    assert [(stay.contact, stay.enter) for stay in told.stays] == [(0, 30), (1, 10), (2, 60)]


def test_what_a_stage_hands_on_is_harder_at_every_tier() -> None:
    """150 % of 100 s and of 50 s; the second comes when the stage is full, and is as hard as dealt."""
    told = two_tiers({}, {"chat": [call(0, 100), call(10, 100)]}, self_service=stage(harder_rest="150 %", limit=1))
    assert [(stay.contact, stay.talk) for stay in told.stays] == [(0, 150), (0, 75), (1, 100), (1, 50)]


def test_the_factors_of_several_stages_multiply_and_the_talk_is_rounded_once() -> None:
    """1001 ms × 1.5 × 1.3 = 1951.95 ms; rounded after each it would be 1953 ms. The wrap-up stays as it is."""
    menus = {name: {**stage(harder_rest=factor)["bot"]} for name, factor in (("a", "150 %"), ("b", "130 %"))}
    told = tell(desk({"chat": [call(0, 1.001, wrap_up=7)]}, self_service=menus))
    (stay,) = told.stays
    assert (stay.enter, stay.talk, stay.done) == (60, 1.952, 68.952)


def test_self_service_only_refuses_what_a_stage_hands_on_while_closed() -> None:
    hours = {"desk": {"mon": "00:10-00:20"}}
    channel = {"waiting": "live", "open": "desk", "when_closed": "self_service_only"}
    told = tell(
        desk({"chat": [call(0), call(600)]}, self_service=stage(), opening_hours=hours, channels={"chat": channel})
    )
    assert told.ends == {0: End.REFUSED, 1: End.RESOLVED}
    assert told.times[0] == (0, 30)


def test_a_contact_from_self_service_enters_after_patience_of_the_same_instant_has_run_out() -> None:
    # The caller who waits gives up at 30, exactly when the bot hands on: the limited queue has room again.
    channels = {"chat": {"waiting": "live", "queue_limit": 1}}
    log = {"chat": [call(0, patience=30), call(0, patience=60)]}
    tree = desk(log, channels=channels, self_service=stage())
    tree["agent_groups"]["clerks"] = {"tier": "first", "staffing": {"mon-sun": {"00:00": 0, "00:01": 1}}}
    told = tell(tree)
    assert told.ends[0] == End.RESOLVED
    assert told.ends[1] == End.BLOCKED


def three_tiers(first: Tree, second: Tree, log: Tree, tiers: Tree | None = None, third: Tree | None = None) -> Told:
    """Play a desk of three tiers, one agent each, who talk for 60, 50 and 40 s."""
    tree = desk(log, tiers={"first": {}, "second": {}, "third": {}, **(tiers or {})})
    tree["contact_types"]["question"]["handling"] = {
        "first": {"handle_time": constant(60), "resolved": 0, **first},
        "second": {"handle_time": constant(50), "resolved": 0, **second},
        "third": {"handle_time": constant(40), **(third or {})},
    }
    tree["agent_groups"] = {f"{tier}_desk": {"tier": tier, "headcount": 1} for tier in ("first", "second", "third")}
    return tell(tree)


FIRST, SECOND, THIRD = 0, 1, 2
"""The agents of three tiers, by group."""


def test_an_escalation_may_skip_a_tier() -> None:
    told = three_tiers({"escalated": {"third": 1.0}}, {}, {"phone": [call(0, 100)]})
    assert [(stay.agent, stay.enter, stay.talk_end) for stay in told.stays] == [(FIRST, 0, 100), (THIRD, 100, 140)]
    assert [stay.handled for stay in told.stays] == [Handled.ESCALATED, Handled.RESOLVED]


def test_an_escalation_by_several_ways_goes_each_of_them() -> None:
    told = three_tiers({"escalated": {"second": 0.5, "third": 0.5}}, {}, {"phone": [call(200 * i) for i in range(20)]})
    second = {stay.contact for stay in told.stays if stay.agent == SECOND}
    third = {stay.contact for stay in told.stays if stay.agent == THIRD}
    assert second
    assert third
    assert second | third == set(range(18))  # the nineteenth arrives at the end of the hour
    assert not second & third


def test_a_contact_may_be_sent_back_to_the_tier_that_handed_it_up() -> None:
    told = three_tiers(
        {"escalated": 1.0}, {"returned": 1.0}, {"phone": [call(0, 100), call(10, 100)]}, third={"resolved": 0}
    )
    mine = [stay for stay in told.stays if stay.contact == 0]
    # The first agent is with the second caller from 100 on: who was sent back waits from 150 to 200, then talks for
    # 60 s (the log's 100 s are of the first talk), and is handed up again. Now the second tier concludes it.
    assert [(stay.agent, stay.enter, stay.leave, stay.talk_end) for stay in mine] == [
        (FIRST, 0, 0, 100),
        (SECOND, 100, 100, 150),
        (FIRST, 150, 200, 260),
        (SECOND, 260, 260, 310),
    ]
    assert [stay.handled for stay in mine] == [
        Handled.ESCALATED,
        Handled.SENT_BACK,
        Handled.ESCALATED,
        Handled.UNRESOLVED,
    ]
    assert told.ends[0] == End.UNRESOLVED


def test_a_contact_is_sent_back_as_often_as_the_tier_may() -> None:
    told = three_tiers({"escalated": 1.0}, {"returned": 1.0, "returns": 2}, {"phone": [call(0)]})
    assert [stay.agent for stay in told.stays] == [FIRST, SECOND] * 3


def test_a_contact_goes_back_the_way_it_came() -> None:
    """From the third tier to the second that handed it up; to the first, if that did."""
    told = three_tiers(
        {"escalated": {"second": 1.0}}, {"escalated": 1.0}, {"phone": [call(0)]}, third={"resolved": 0, "returned": 1.0}
    )
    assert [stay.agent for stay in told.stays] == [FIRST, SECOND, THIRD, SECOND, THIRD]
    told = three_tiers({"escalated": {"third": 1.0}}, {}, {"phone": [call(0)]}, third={"resolved": 0, "returned": 1.0})
    assert [stay.agent for stay in told.stays] == [FIRST, THIRD, FIRST, THIRD]


def test_a_tier_takes_what_is_sent_back_to_it_by_its_own_handover() -> None:
    """Warm: the agent who sends the caller back holds the line until somebody takes it and was briefed."""
    warm = {"first": {"handover": "warm", "briefing": constant(10)}}
    told = three_tiers(
        {"escalated": 1.0}, {"returned": 1.0}, {"phone": [call(0, 100), call(10, 100)]}, warm, third={"resolved": 0}
    )
    _, second, first_again, _ = (stay for stay in told.stays if stay.contact == 0)
    assert (second.talk_end, second.hold_end, second.done) == (150, 210, 210)
    assert (first_again.enter, first_again.leave, first_again.talk_end) == (150, 200, 270)


def test_who_is_sent_back_has_fresh_patience() -> None:
    told = three_tiers(
        {"escalated": 1.0, "patience": constant(30)},
        {"returned": 1.0},
        {"phone": [call(0, 100, patience=500), call(10, 300, patience=500)]},
    )
    assert [(stay.agent, stay.enter, stay.leave) for stay in told.stays if stay.contact == 0] == [
        (FIRST, 0, 0),
        (SECOND, 100, 100),
        (-1, 150, 180),
    ]
    assert told.ends[0] == End.ABANDONED


def test_a_ticket_that_skipped_no_tier_holds_no_line_further_up() -> None:
    """After a tier of tickets nobody gives up; who skipped it holds the line and does."""
    third = {"handle_time": constant(1000), "patience": constant(40)}
    tickets = {"second": {"handover": "ticket"}}
    passed = three_tiers({"escalated": 1.0}, {"escalated": 1.0}, {"phone": [call(0), call(0)]}, tickets, third)
    assert passed.ends == {0: End.RESOLVED, 1: End.RESOLVED}
    skipped = three_tiers({"escalated": {"third": 1.0}}, {}, {"phone": [call(0), call(0)]}, tickets, third)
    assert skipped.ends == {0: End.RESOLVED, 1: End.ABANDONED}


MORNING: Tree = {"morning": {"mon": "00:05-00:10, 00:20-00:30"}}


def by_appointment(delay: float, tier: Tree, log: Tree) -> Told:
    """Play a desk that hands everything over to a visitor who comes by appointment and stays for 50 s."""
    return two_tiers({"appointment": constant(delay), **tier}, log, opening_hours=MORNING)


@pytest.mark.parametrize("handover", ["cold", "warm", "ticket"])
def test_an_appointment_makes_any_handover_a_ticket_that_enters_the_queue_later(handover: str) -> None:
    told = by_appointment(200, {"handover": handover}, {"phone": [call(0, 100, wrap_up=30)]})
    first, second = told.stays
    assert (first.talk_end, first.hold_end, first.done) == (100, None, 130)
    assert (second.enter, second.leave, second.talk_end) == (300, 300, 350)
    assert told.ends[0] == End.RESOLVED


def test_who_waits_for_an_appointment_holds_no_line_and_never_gives_up() -> None:
    told = two_tiers(
        {"appointment": constant(200)},
        {"phone": [call(0, 100), call(101, 100)]},
        {"handle_time": constant(1000), "patience": constant(40)},
        channels={"phone": {"waiting": "live", "lines": 1}},
    )
    assert told.ends == {0: End.RESOLVED, 1: End.RESOLVED}
    assert [(stay.enter, stay.leave) for stay in told.stays if stay.agent == 2] == [(300, 300), (401, 1300)]


@pytest.mark.parametrize(
    ("delay", "enters"),
    [(200, 500), (300, 600), (400, 1300), (0, 100)],
    ids=["within the first hours", "at their very end", "in the next ones", "at once, though the clock rests"],
)
def test_an_appointment_is_over_when_its_delay_has_passed_on_the_clock(delay: float, enters: float) -> None:
    """The clock runs from 300 to 600 and from 1200 to 1800; the talk that leads to it ends at 100."""
    told = by_appointment(delay, {"clock": "morning"}, {"email": [call(0, 100)]})
    assert told.stays[1].enter == enters


def test_an_appointment_beyond_the_end_leaves_the_contact_open() -> None:
    told = by_appointment(1000, {"clock": "morning"}, {"phone": [call(0, 100)]})
    assert told.ends[0] == End.OPEN
    assert [stay.handled for stay in told.stays] == [Handled.ESCALATED]


def test_a_second_line_helps_the_first_by_a_row_for_its_tier() -> None:
    """The expert takes the caller whom the first line has let wait for 20 s; its own tier's work goes before."""
    tree = desk({"phone": [call(0, 100), call(10, 100), call(15, 100)]}, tiers={"first": {}, "second": {}})
    tree["contact_types"]["question"]["handling"] = {
        "first": {"handle_time": constant(60), "resolved": 0, "escalated": 1.0},
        "second": {"handle_time": constant(50)},
    }
    tree["agent_groups"] = {
        "clerks": {"tier": "first", "headcount": 1},
        "experts": {"tier": "second", "headcount": 1, "serves": [{}, {"tier": "first", "after": "20 s"}]},
    }
    told = tell(tree)
    clerk, expert = 0, 1
    first = [(stay.contact, stay.agent, stay.leave) for stay in told.stays if stay.talk == 100]
    # The second waits from 10 to 30 for the expert, until 130; the clerk takes the third at 100, when the first is
    # handed up, whom the expert takes at 130 before the second, who enters the queue in that instant.
    assert first == [(0, clerk, 0), (1, expert, 30), (2, clerk, 100)]
    second = sorted((stay.leave or 0, stay.contact, stay.enter) for stay in told.stays if stay.talk == 50)
    assert second == [(130, 0, 100), (180, 1, 130), (230, 2, 200)]


def test_who_takes_over_its_own_handover_briefs_nobody_and_holds_no_line() -> None:
    """A clerk of both tiers with room for two chats goes on at 60, and wraps the first tier's talk up beside it."""
    handling = {
        "first": {"handle_time": constant(60), "wrap_up": constant(30), "resolved": 0, "escalated": 1},
        "second": {"handle_time": constant(100)},
    }
    tree = desk(
        {"chat": [call(0)]},
        contact_types={"question": {"arrivals": {"chat": {"log": [{"time": "00:00:00"}]}}, "handling": handling}},
        tiers={"first": {}, "second": {"handover": "warm", "briefing": constant(20)}},
        agent_groups={
            "clerks": {
                "tier": "first",
                "headcount": 1,
                "serves": [{}, {"tier": "second"}],
                "slots": {"chat": {"limit": 2, "pace": ["100 %", "100 %"]}},
            }
        },
    )
    first, second = tell(tree).stays
    assert (first.talk_end, first.hold_end, first.done) == (60, 60, 90)
    assert (second.enter, second.leave, second.agent, second.talk_end) == (60, 60, 0, 160)
