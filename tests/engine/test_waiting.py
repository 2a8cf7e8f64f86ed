"""Doors, queues and patience, worked by hand on a desk of one or two people."""

import yaml

from sim.demand.deal import deal
from sim.engine.rules import End, Left
from sim.scenario.load import loads
from tests.engine.timeline import call, constant, desk, tell


def clerks(**more: object) -> dict[str, object]:
    return {"clerks": {"tier": "first", "headcount": 1, **more}}


def test_a_contact_is_taken_at_once_by_a_free_agent_and_leaves_after_talk() -> None:
    told = tell(desk({"phone": [call(10, talk=60, wrap_up=30)]}))
    assert told.times[0] == (10, 70)
    assert told.stays[0][:8] == (0, 10, 10, Left.TAKEN, 0, 70, 100, 1)
    assert told.busy == [(0, 10, 100)]
    assert told.duty == [(0, 0, 3600)]


def test_who_came_first_is_taken_first_when_the_agent_is_done_with_the_wrap_up() -> None:
    told = tell(desk({"phone": [call(0, 60, wrap_up=30), call(10), call(20)]}))
    assert [(stay.contact, stay.leave) for stay in told.stays] == [(0, 0), (1, 90), (2, 150)]


def test_patience_ends_a_wait() -> None:
    told = tell(desk({"phone": [call(0, 60), call(10, patience=30)]}))
    assert told.ends == {0: End.RESOLVED, 1: End.ABANDONED}
    assert told.times[1] == (10, 40)


def test_an_agent_who_is_done_at_the_instant_at_which_patience_runs_out_takes_the_contact() -> None:
    told = tell(desk({"phone": [call(0, 60), call(10, patience=50)]}))
    assert told.stays[1].leave == 60
    assert told.stays[1].left == Left.TAKEN


def test_an_agent_whose_wrap_up_ends_as_patience_runs_out_takes_the_contact() -> None:
    told = tell(desk({"phone": [call(0, 50, wrap_up=10), call(10, patience=50)]}))
    assert told.stays[1].left == Left.TAKEN


def test_an_arrival_at_the_instant_at_which_talk_ends_finds_the_agent_free() -> None:
    told = tell(desk({"phone": [call(0, 60), call(60)]}, channels={"phone": {"waiting": "live", "queue_limit": 0}}))
    assert told.stays[1].leave == 60


def test_of_two_arrivals_of_one_instant_the_lower_number_is_taken_first() -> None:
    told = tell(desk({"phone": [call(0, 60), call(0, 60)]}))
    assert [stay.leave for stay in told.stays] == [0, 60]


def test_a_limited_queue_blocks_who_comes_when_it_is_full() -> None:
    log = {"phone": [call(0), call(1), call(2), call(3)]}
    told = tell(desk(log, channels={"phone": {"waiting": "live", "queue_limit": 2}}))
    assert [told.ends[contact] for contact in range(4)] == [End.RESOLVED, End.RESOLVED, End.RESOLVED, End.BLOCKED]
    assert told.stays[3].leave == 3


def test_a_place_in_a_limited_queue_is_given_back_by_who_is_taken_or_gives_up() -> None:
    log = {"phone": [call(0, 60), call(1, patience=9), call(11), call(61)]}
    told = tell(desk(log, channels={"phone": {"waiting": "live", "queue_limit": 1}}))
    assert End.BLOCKED not in told.ends.values()


def test_balkers_leave_at_once_and_only_if_nobody_can_take_them() -> None:
    told = tell(
        desk({"phone": [call(0), call(1)]}, channels={"phone": {"waiting": "live", "balking": {"share": "100 %"}}})
    )
    assert told.ends == {0: End.RESOLVED, 1: End.BALKED}
    assert told.stays[1].leave == 1


def test_the_limit_blocks_before_a_contact_would_balk() -> None:
    channel = {"waiting": "live", "queue_limit": 0, "balking": {"share": "100 %"}}
    assert tell(desk({"phone": [call(0), call(1)]}, channels={"phone": channel})).ends[1] == End.BLOCKED


def test_lines_are_held_while_waiting_and_talking_but_not_during_wrap_up() -> None:
    log = {"phone": [call(0, 60, wrap_up=60), call(10), call(20), call(61)]}
    told = tell(desk(log, channels={"phone": {"waiting": "live", "lines": 2}}))
    assert [told.ends[contact] for contact in range(4)] == [End.RESOLVED, End.RESOLVED, End.BUSY, End.RESOLVED]


def test_a_closed_channel_refuses_and_an_opening_at_the_same_instant_lets_in() -> None:
    log = {"phone": [call(599), call(600), call(1199), call(1200)]}
    hours = {"mon-sun": "00:10-00:20"}
    told = tell(desk(log, channels={"phone": {"waiting": "live", "open": "desk"}}, opening_hours={"desk": hours}))
    assert [told.ends[contact] for contact in range(4)] == [End.REFUSED, End.RESOLVED, End.RESOLVED, End.REFUSED]


def test_a_closed_channel_may_let_contacts_wait() -> None:
    channel = {"waiting": "live", "open": "desk", "when_closed": "wait"}
    told = tell(desk({"phone": [call(0)]}, channels={"phone": channel}, opening_hours={"desk": {"mon": "00:10-00:20"}}))
    assert told.ends[0] == End.RESOLVED


def test_who_is_inside_at_closing_goes_on_unless_the_queue_is_cleared() -> None:
    log = {"phone": [call(0, 700), call(10)]}
    hours = {"desk": {"mon": "00:00-00:10"}}
    kept = tell(desk(log, channels={"phone": {"waiting": "live", "open": "desk"}}, opening_hours=hours))
    assert kept.stays[1].leave == 700
    cleared = tell(
        desk(log, channels={"phone": {"waiting": "live", "open": "desk", "at_closing": "clear"}}, opening_hours=hours)
    )
    assert cleared.ends == {0: End.RESOLVED, 1: End.DISCONNECTED}
    assert cleared.times[1] == (10, 600)


def test_nothing_happens_at_or_after_the_end() -> None:
    told = tell(desk({"phone": [call(0, 3600), call(10, patience=3590), call(20, patience=3579)]}))
    assert told.ends == {0: End.OPEN, 1: End.OPEN, 2: End.ABANDONED}
    assert told.stays[0].talk_end is None
    assert told.stays[1].left == Left.WAITING
    assert told.busy == [(0, 0, 3600)]


def test_a_retry_comes_to_the_door_after_its_time_with_new_marks() -> None:
    channel = {
        "waiting": "live",
        "patience": constant(30),
        "retry": {"share": "100 %", "after": constant(20), "attempts": 2},
    }
    # 0 to 60 the agent is busy: the second caller gives up at 40, tries again at 60 and is taken at once.
    told = tell(desk({"phone": [call(0, 60), call(10, talk=5)]}, channels={"phone": channel}))
    contact = max(told.ends)
    assert sorted(told.ends.values()) == [End.RESOLVED, End.RESOLVED, End.ABANDONED]
    assert sorted(told.times.values()) == [(0, 60), (10, 40), (60, 120)]
    assert contact > 1


def test_attempts_limit_the_retries_and_when_names_their_causes() -> None:
    retry = {"share": "100 %", "after": constant(20), "attempts": 2, "when": ["blocked"]}
    log = {"phone": [call(0, 3000), call(10)]}
    told = tell(desk(log, channels={"phone": {"waiting": "live", "queue_limit": 0, "retry": retry}}))
    assert sorted(told.times.values()) == [(0, 3000), (10, 10), (30, 30), (50, 50)]
    retry["when"] = ["abandoned"]
    told = tell(desk(log, channels={"phone": {"waiting": "live", "queue_limit": 0, "retry": retry}}))
    assert len(told.ends) == 2


def test_a_retry_may_change_the_channel() -> None:
    retry = {"share": "100 %", "after": constant(20), "channel": "email"}
    channels = {"phone": {"waiting": "live", "queue_limit": 0, "retry": retry}, "email": {"waiting": "backlog"}}
    told = tell(desk({"phone": [call(0, 100), call(10)]}, channels=channels))
    assert sorted(told.times.values()) == [(0, 100), (10, 10), (30, 160)]


def test_smaller_priority_goes_first_within_a_row_and_rows_go_first_over_priority() -> None:
    def kind(at: float, priority: int) -> dict[str, object]:
        return {
            "priority": priority,
            "arrivals": {"phone": {"log": [call(at, 100)]}},
            "handling": {"first": {"handle_time": constant(60)}},
        }

    types = {"question": kind(0, 5), "early": kind(10, 5), "urgent": kind(20, 1)}
    told = tell(desk({"phone": []}, contact_types=types))
    assert [stay.leave for stay in told.stays] == [0, 200, 100]
    rows = [{"contact_types": ["question", "early"]}, {"contact_types": ["urgent"]}]
    told = tell(desk({"phone": []}, contact_types=types, agent_groups=clerks(serves=rows)))
    assert [stay.leave for stay in told.stays] == [0, 100, 200]


CUSTOMERS = {"plain": {}, "premium": {"head_start": "30 s"}}


def of_customer(customer: object, *entries: dict[str, object]) -> dict[str, object]:
    """Return a type of contacts of a customer segment."""
    handling = {"first": {"handle_time": constant(60)}}
    return {"customer": customer, "arrivals": {"phone": {"log": list(entries)}}, "handling": handling}


def test_a_head_start_queues_as_if_come_earlier() -> None:
    # While the agent is busy, plain calls come at 10 and 20, a premium one at 45, as if at 15.
    types = {
        "question": of_customer("plain", call(0, 60), call(10), call(20)),
        "rich": of_customer("premium", call(45)),
    }
    told = tell(desk({"phone": []}, contact_types=types, customers=CUSTOMERS))
    assert [stay.leave for stay in told.stays] == [0, 60, 180, 120]
    assert told.stays[3].enter == 45


def test_who_stands_as_one_with_a_head_start_goes_by_number() -> None:
    # As if both had come at 10; the lower number is the one that came first.
    types = {"question": of_customer("plain", call(0, 60), call(10)), "rich": of_customer("premium", call(40))}
    told = tell(desk({"phone": []}, contact_types=types, customers=CUSTOMERS))
    assert [stay.leave for stay in told.stays] == [0, 60, 120]


def test_a_head_start_does_not_open_a_row_earlier() -> None:
    types = {"question": of_customer("premium", call(100))}
    told = tell(
        desk({"phone": []}, contact_types=types, customers=CUSTOMERS, agent_groups=clerks(serves=[{"after": "20 s"}]))
    )
    assert told.stays[0].leave == 120


def test_a_row_closed_to_one_with_a_head_start_is_open_to_who_came_before() -> None:
    # The same queue: plain came at 10, premium at 50 and stands before. The overflow desk, which takes who has waited
    # a minute, is done at 80 with a contact of its own channel.
    shares = {"plain": "50 %", "premium": "50 %"}
    types = {
        "question": of_customer(shares, call(10), call(50)),
        "first": of_customer("plain", call(0, 3000)),
        "mail": {"arrivals": {"email": {"log": [call(0, 80)]}}, "handling": {"first": {"handle_time": constant(60)}}},
    }
    groups = {
        "clerks": {"tier": "first", "serves": [{"channels": ["phone"]}], "headcount": 1},
        "helpers": {"tier": "first", "serves": [{"channels": ["email"]}, {"after": "60 s"}], "headcount": 1},
    }
    customers = {"plain": {}, "premium": {"head_start": "50 s"}}
    tree = desk({"phone": [], "email": []}, contact_types=types, customers=customers, agent_groups=groups)
    assert deal(loads(yaml.safe_dump(tree)), seed=1, replication=0).inquiries.customer[2:].tolist() == [0, 1]
    assert [stay.leave for stay in tell(tree).stays[2:]] == [80, 140]


def test_a_retry_may_keep_the_first_patience_and_pass_self_service_by() -> None:
    """The bot holds the caller from 10 to 40; gives up after 20 s; back at 90, past the bot, and gone after 20 s."""
    retry = {"share": 1, "after": constant(30), "attempts": 1, "patience": "kept", "self_service": "skip"}
    phone = {"waiting": "live", "retry": retry, "patience": constant(500)}
    bot = {"bot": {"channels": ["phone"], "takes": constant(30), "resolves": "0 %"}}
    log = {"phone": [call(0, 300), call(10, patience=20)]}
    told = tell(desk(log, channels={"phone": phone}, self_service=bot))
    first, again = [times for contact, times in sorted(told.times.items()) if contact > 1]
    assert (first, again) == ((10, 60), (90, 110))
    phone["retry"] = {**retry, "patience": "new", "self_service": "again"}
    told = tell(desk(log, channels={"phone": phone}, self_service=bot))
    first, again = [times for contact, times in sorted(told.times.items()) if contact > 1]
    assert (first, again) == ((10, 60), (90, 390))


def test_patience_is_the_tiers_else_the_types_else_the_channels() -> None:
    """One call after the other is given up, by the shortest rule that holds for it."""
    log = [{"time": "00:00:00", "handle_time": "500 s"}, {"time": "00:00:10", "handle_time": "60 s"}]
    handling = {"first": {"handle_time": constant(60), "patience": constant(20)}}
    kind = {"arrivals": {"phone": {"log": log}}, "handling": handling, "patience": constant(30)}
    channels = {"phone": {"waiting": "live", "patience": constant(40)}}
    for seconds in (20, 30, 40):
        told = tell(desk({"phone": []}, channels=channels, contact_types={"question": kind}))
        assert told.times[1] == (10, 10 + seconds)
        kind = {key: value for key, value in kind.items() if key != "patience" or seconds == 20}
        kind["handling"] = {"first": {"handle_time": constant(60)}}
