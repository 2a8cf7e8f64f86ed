"""Who takes what: rows, ranks, reserves, slots and interruptions, worked by hand."""

from sim.engine.rules import Handled, Left
from tests.engine.timeline import Tree, call, constant, desk, tell

BOTH = {"phone": {"waiting": "live"}, "email": {"waiting": "backlog"}}


def group(**more: object) -> Tree:
    return {"tier": "first", "headcount": 1, **more}


def test_the_longest_free_agent_takes_a_contact() -> None:
    log = {"phone": [call(0, 30), call(10, 10), call(100)]}
    told = tell(desk(log, agent_groups={"clerks": group(headcount=2)}))
    # Agent 0 is free since 30, agent 1 since 20.
    assert [stay.agent for stay in told.stays] == [0, 1, 1]


def test_the_lower_number_decides_between_agents_free_since_the_same_instant() -> None:
    log = {"phone": [call(0, 30), call(10, 20), call(100)]}
    told = tell(desk(log, agent_groups={"clerks": group(headcount=2)}))
    assert told.stays[2].agent == 0


def test_a_contact_goes_to_the_lowest_rank_over_all_groups() -> None:
    groups = {"a_helpers": group(serves=[{"rank": 2}]), "clerks": group(serves=[{"rank": 1}])}
    told = tell(desk({"phone": [call(0), call(1)]}, agent_groups=groups))
    assert [stay.agent for stay in told.stays] == [1, 0]


def test_after_opens_a_row_to_a_contact_that_has_waited_so_long() -> None:
    groups = {"clerks": group(), "helpers": group(serves=[{"after": "30 s"}])}
    told = tell(desk({"phone": [call(0, 100), call(10, 100), call(20, 100)]}, agent_groups=groups))
    assert [(stay.agent, stay.leave) for stay in told.stays] == [(0, 0), (1, 40), (0, 100)]


def test_after_passing_as_patience_runs_out_saves_the_contact() -> None:
    groups = {"clerks": group(), "helpers": group(serves=[{"after": "30 s"}])}
    told = tell(desk({"phone": [call(0, 100), call(10, patience=30)]}, agent_groups=groups))
    assert told.stays[1].left == Left.TAKEN


def test_an_agent_who_frees_up_leaves_who_has_not_waited_long_enough() -> None:
    groups = {"clerks": group(), "helpers": group(serves=[{"after": "30 s"}])}
    told = tell(desk({"phone": [call(0, 100), call(10, 50), call(50, 50), call(65, 50)]}, agent_groups=groups))
    # The helper takes 10 at 40 until 90, and at 90 who has waited since 50; who came at 65 waits for the clerk.
    assert [(stay.agent, stay.leave) for stay in told.stays] == [(0, 0), (1, 40), (1, 90), (0, 100)]


def test_keep_free_leaves_agents_for_other_work() -> None:
    rows = [{"channels": ["phone"]}, {"channels": ["email"], "keep_free": 1}]
    log = {"email": [call(0, 100), call(1, 100)], "phone": [call(50, 100)]}
    told = tell(desk(log, channels=BOTH, agent_groups={"clerks": group(headcount=2, serves=rows)}))
    by_begin = sorted((stay.leave, stay.enter) for stay in told.stays)
    # One e-mail at 0; the other must wait until one agent would stay free: 100, when the first is done, keeps the
    # telephone's agent busy until 150, so it begins then.
    assert by_begin == [(0, 0), (50, 50), (150, 1)]


def test_fewest_slots_first_then_chats_share_an_agent() -> None:
    groups = {"clerks": group(headcount=2, slots={"chat": {"limit": 2}})}
    log = {"chat": [call(0, 100), call(1, 100), call(2, 100), call(3, 100), call(4, 100)]}
    told = tell(desk(log, agent_groups=groups))
    assert [(stay.agent, stay.leave) for stay in told.stays] == [(0, 0), (1, 1), (0, 2), (1, 3), (0, 100)]


def test_sharing_slows_every_chat_and_the_rest_speeds_up_again() -> None:
    groups = {"clerks": group(slots={"chat": {"limit": 2, "pace": ["100 %", "50 %"]}})}
    told = tell(desk({"chat": [call(0, 100), call(50, 100)]}, agent_groups=groups))
    # The first has 50 s left at 50 and needs 100; by 150 the second has advanced 50 and goes on alone until 200.
    assert [stay.talk_end for stay in told.stays] == [150, 200]
    assert [stay.talk for stay in told.stays] == [150, 150]


def test_a_wrap_up_occupies_its_slot_at_its_own_speed() -> None:
    groups = {"clerks": group(slots={"chat": {"limit": 2, "pace": ["100 %", "50 %"]}})}
    told = tell(desk({"chat": [call(0, 100, wrap_up=40), call(50, 100)]}, agent_groups=groups))
    # As above until 150; the wrap-up keeps the second at half speed until 190 (20 s of talk), then 30 s are left.
    assert [(stay.talk_end, stay.done) for stay in told.stays] == [(150, 190), (220, 220)]


def test_the_end_of_a_slowed_talk_is_rounded_up_to_a_whole_millisecond() -> None:
    groups = {"clerks": group(slots={"chat": {"limit": 2, "pace": ["100 %", "85 %"]}})}
    told = tell(desk({"chat": [call(0, 100), call(0, 100)]}, agent_groups=groups))
    assert told.stays[0].talk_end == 117.648  # 100 / 0.85 = 117.6470…


def test_an_agent_takes_as_many_waiting_chats_as_it_has_slots() -> None:
    groups = {
        "clerks": {"tier": "first", "staffing": {"mon-sun": {"00:00": 0, "00:05": 1}}, "slots": {"chat": {"limit": 3}}}
    }
    told = tell(desk({"chat": [call(0), call(1), call(2), call(3)]}, agent_groups=groups))
    assert [stay.leave for stay in told.stays] == [300, 300, 300, 360]


def test_work_without_slots_needs_empty_hands() -> None:
    groups = {"clerks": group(slots={"chat": {"limit": 3}})}
    log = {"chat": [call(0, 100), call(20, 100)], "phone": [call(10, 50)]}
    told = tell(desk(log, agent_groups=groups))
    assert [stay.leave for stay in told.stays] == [0, 120, 20]


ROWS = [{"channels": ["phone"]}, {"channels": ["email"], "interruptible": True}]


def test_live_work_interrupts_and_the_agent_resumes_the_rest() -> None:
    log = {"email": [call(0, 100)], "phone": [call(30, 50, wrap_up=5)]}
    told = tell(desk(log, channels=BOTH, agent_groups={"clerks": group(serves=ROWS)}))
    mail, phone = told.stays
    assert (phone.leave, phone.done) == (30, 85)
    assert (mail.talk_end, mail.talk, mail.parked) == (155, 100, 55)
    assert told.busy == [(0, 0, 155)]


def test_a_waiting_call_goes_before_the_resumption_and_the_resumption_before_new_mail() -> None:
    log = {"email": [call(0, 100), call(1, 100)], "phone": [call(30, 50), call(40, 50)]}
    told = tell(desk(log, channels=BOTH, agent_groups={"clerks": group(serves=ROWS)}))
    assert [(stay.leave, stay.talk_end) for stay in told.stays] == [(0, 200), (200, 300), (30, 80), (80, 130)]


def test_shared_work_returns_to_its_place_and_a_free_colleague_takes_it() -> None:
    rows = [{"channels": ["phone"]}, {"channels": ["email"], "interruptible": "shared"}]
    groups = {"clerks": group(serves=rows), "writers": group(serves=[{"channels": ["email"], "after": "20 s"}])}
    told = tell(desk({"email": [call(0, 100)], "phone": [call(30, 50)]}, channels=BOTH, agent_groups=groups))
    first, second = (stay for stay in told.stays if stay.contact == 0)
    assert (first.leave, first.handled, first.talk) == (0, Handled.RETURNED, 30)
    # It keeps its place, so that `after` has passed already; 70 s of it are left.
    assert (second.enter, second.leave, second.agent, second.talk_end) == (30, 30, 1, 100)


def test_who_began_last_is_interrupted() -> None:
    log = {"email": [call(0, 1000), call(10, 1000)], "phone": [call(30, 50)]}
    told = tell(desk(log, channels=BOTH, agent_groups={"clerks": group(headcount=2, serves=ROWS)}))
    assert told.stays[2].agent == 1


def test_work_of_a_row_before_the_live_one_is_not_interrupted() -> None:
    rows = [{"channels": ["email"], "interruptible": True}, {"channels": ["phone"]}]
    log = {"email": [call(0, 100)], "phone": [call(30, 50)]}
    told = tell(desk(log, channels=BOTH, agent_groups={"clerks": group(serves=rows)}))
    assert told.stays[1].leave == 100


def test_parked_work_returns_to_the_queue_when_the_span_ends() -> None:
    hours = {
        "early": {"days": "mon", "hours": "00:00-00:02", "headcount": 1},
        "late": {"days": "mon", "hours": "00:04-00:30", "headcount": 1},
    }
    groups = {"clerks": {"tier": "first", "serves": ROWS, "shifts": hours}}
    told = tell(desk({"email": [call(0, 100)], "phone": [call(50, 100)]}, channels=BOTH, agent_groups=groups))
    first, second = (stay for stay in told.stays if stay.contact == 0)
    # Interrupted at 50; the span ends at 120 during the call, which is finished at 150; the late agent does the rest.
    assert (first.handled, first.talk_end, first.talk, first.parked) == (Handled.RETURNED, 120, 50, 70)
    assert (second.enter, second.leave, second.agent, second.talk_end) == (120, 240, 1, 290)
    assert told.busy == [(0, 0, 150), (1, 240, 290)]


def test_one_more_free_colleague_opens_a_reserved_row_to_somebody_with_a_slot_to_spare() -> None:
    rows = [{"channels": ["phone"]}, {"channels": ["chat"], "keep_free": 1}]
    groups = {"clerks": group(headcount=2, serves=rows, slots={"chat": {"limit": 2}})}
    log = {"chat": [call(0, 500), call(20, 100)], "phone": [call(10, 50)]}
    told = tell(desk(log, agent_groups=groups))
    # Agent 1 frees up at 60 and must stay free for the telephone; that lets agent 0 take the second chat.
    assert [(stay.agent, stay.leave) for stay in told.stays] == [(0, 0), (1, 10), (0, 60)]


def test_who_is_interrupted_takes_what_now_fits_in_its_hands_too() -> None:
    """A chat ticket does not interrupt the e-mail; when a live chat does at 10, it gets the second slot."""
    tree = desk({"chat": [call(0, 1)], "email": []}, tiers={"first": {}, "second": {"handover": "ticket"}})
    kinds = tree["contact_types"]
    escalating = {"handle_time": constant(1), "resolved": 0, "escalated": 1.0}
    kinds["question"]["handling"] = {"first": escalating, "second": {"handle_time": constant(60)}}
    kinds["question"]["arrivals"] = {"chat": {"log": [call(0, 1)]}}
    second = {"second": {"handle_time": constant(60)}}
    kinds["letter"] = {"arrivals": {"email": {"log": [call(0, 600)]}}, "handling": second}
    kinds["straight"] = {"arrivals": {"chat": {"log": [call(10, 60)]}}, "handling": second}
    tree["agent_groups"] = {
        "clerks": {"tier": "first", "headcount": 1},
        "experts": {
            "tier": "second",
            "headcount": 1,
            "slots": {"chat": {"limit": 2}},
            "serves": [{"channels": ["chat"]}, {"channels": ["email"], "interruptible": "shared"}],
        },
    }
    chats = [stay for stay in tell(tree).stays if stay.agent == 1 and stay.row == 1]
    assert [(stay.enter, stay.leave) for stay in chats] == [(1, 10), (10, 10)]


def test_who_takes_a_warm_handover_has_a_slot_to_spare_when_its_giver_becomes_free() -> None:
    """At 60 agent 1 hands over to agent 0 and is free: the reserved row opens, and agent 0 has a third slot for it."""
    tree = desk({"chat": []}, tiers={"first": {}, "second": {"handover": "warm"}})
    hard = {
        "first": {"handle_time": constant(60), "resolved": 0, "escalated": 1.0},
        "second": {"handle_time": constant(60)},
    }
    tree["contact_types"] = {
        "easy": {"arrivals": {"chat": {"log": [call(0, 500)]}}, "handling": {"first": {"handle_time": constant(60)}}},
        "hard": {"arrivals": {"chat": {"log": [call(0, 60)]}}, "handling": hard},
        "spare": {"arrivals": {"chat": {"log": [call(20, 10)]}}, "handling": {"first": {"handle_time": constant(60)}}},
    }
    rows = [
        {"contact_types": ["easy", "hard"]},
        {"contact_types": ["hard"], "tier": "second"},
        {"contact_types": ["spare"], "keep_free": 1},
    ]
    tree["agent_groups"] = {"clerks": group(headcount=2, serves=rows, slots={"chat": {"limit": 3}})}
    told = tell(tree)
    assert [(stay.agent, stay.enter, stay.leave) for stay in told.stays] == [
        (0, 0, 0),
        (1, 0, 0),
        (0, 60, 60),
        (0, 20, 60),
    ]


def test_live_work_behind_backlog_of_its_own_queue_may_interrupt() -> None:
    """The first caller comes back as a ticket at 30 and stands before the second, of 40, who does not wait behind it.

    The clerk answers two e-mails from 15 on. When one is done at 60 the other may be interrupted: by the second caller,
    though not by the ticket, which waits until empty hands.
    """
    tiers = {"first": {"handover": "ticket"}, "second": {}}
    tree = desk({"phone": [call(0, 10), call(40, 20)], "email": []}, tiers=tiers)
    first = {"handle_time": constant(50), "resolved": 0, "escalated": 1.0}
    second = {"handle_time": constant(20), "resolved": 0, "returned": 1.0}
    letter = {"arrivals": {"email": {"log": [call(15, 45), call(15, 200)]}}}
    tree["contact_types"]["question"]["handling"] = {"first": first, "second": second}
    tree["contact_types"]["letter"] = {**letter, "handling": {"first": {"handle_time": constant(60)}}}
    rows = [{"channels": ["phone"]}, {"channels": ["email"], "interruptible": True}]
    clerks = group(serves=rows, slots={"email": {"limit": 2}})
    tree["agent_groups"] = {"clerks": clerks, "experts": {"tier": "second", "headcount": 1}}
    told = tell(tree)
    calls = [(stay.enter, stay.leave) for stay in told.stays if stay.row == 0]
    assert calls[:3] == [(0, 0), (30, 80), (40, 60)]
