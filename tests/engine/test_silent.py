"""Silent leavers, worked by hand on a chat desk of one person who talks for a minute and needs 20 s to find out."""

from typing import Any

from sim.engine.rules import CallBack, End, Handled, Left
from tests.engine.timeline import Told, Tree, call, desk, tell


def chat(**more: Any) -> Tree:
    """Return channels: a chat that everybody who gives up leaves without a sign."""
    return {"chat": {"waiting": "live", "silent": {"share": 1, "detected_after": "20 s"}, **more}}


def told_of(log: list[Tree], clerks: Tree | None = None, **more: Any) -> Told:
    """Return what happens to the chats of a log."""
    group = {"tier": "first", "headcount": 1, **(clerks or {})}
    return tell(desk({"chat": log}, channels=chat(**more), agent_groups={"clerks": group}))


def handled_at(told: Told) -> list[tuple[int, float | None, float | None]]:
    """Return (contact, taken or found, done with) of all that an agent took, in the order of taking."""
    stays = [stay for stay in told.stays if stay.agent >= 0]
    taken = [(stay.contact, stay.found if stay.left == Left.SILENT else stay.leave, stay.done) for stay in stays]
    return sorted(taken, key=lambda one: one[1] or 0)


def test_who_leaves_silently_ends_when_its_patience_runs_out_and_costs_whoever_takes_its_place() -> None:
    """The second leaves at 30 s; its place is taken at 100 s for 20 s, before the third, who came later."""
    told = told_of([call(0, 100), call(10, wrap_up=40, patience=20), call(15)])
    assert told.ends[1] == End.SILENT
    assert told.times[1] == (10, 30)
    silent = told.stays[1]
    assert (silent.enter, silent.leave, silent.left, silent.found, silent.agent) == (10, 30, Left.SILENT, 100, 0)
    assert (silent.talk_end, silent.talk, silent.done, silent.handled) == (None, None, 120, Handled.NOBODY_THERE)
    assert handled_at(told) == [(0, 0, 100), (1, 100, 120), (2, 120, 180)]
    assert told.busy == [(0, 0, 180)]


def test_who_does_not_leave_silently_leaves_no_place_behind() -> None:
    silent = {"share": 0, "detected_after": "20 s"}
    told = told_of([call(0, 100), call(10, patience=20), call(15)], silent=silent)
    assert told.ends[1] == End.ABANDONED
    assert handled_at(told) == [(0, 0, 100), (2, 100, 160)]


def test_patience_that_ends_as_the_agent_gets_free_comes_too_late_to_leave() -> None:
    """End of talk comes before the end of patience in one instant."""
    told = told_of([call(0, 100), call(10, patience=90)])
    assert told.stays[1].left == Left.TAKEN


def test_a_place_that_nobody_takes_before_the_end_is_never_found() -> None:
    told = told_of([call(0, 4000), call(10, patience=20)])
    silent = told.stays[1]
    assert (silent.leave, silent.found, silent.agent, silent.handled) == (30, None, -1, Handled.NOT)
    told = told_of([call(0, 3590), call(10, patience=20)])
    assert (told.stays[1].found, told.stays[1].done, told.stays[1].handled) == (3590, None, Handled.OPEN)
    assert told.busy == [(0, 0, 3600)]


def test_detection_ends_like_a_talk_before_patience_that_runs_out_in_that_instant() -> None:
    """The agent finds out at 120 s and takes who would have given up then."""
    told = told_of([call(0, 100), call(10, patience=20), call(50, patience=70)])
    assert (told.stays[2].left, told.stays[2].leave) == (Left.TAKEN, 120)


def test_silent_leavers_occupy_a_slot_and_slow_other_chats_but_take_no_longer_themselves() -> None:
    """Two slots at half speed: 60 s are left of the long chat when the short one ends at 40 s.

    The place left behind then occupies the slot for 20 s, in which 10 s are talked; the other 50 s go at full speed.
    """
    slots = {"slots": {"chat": {"limit": 2, "pace": [1, 0.5]}}}
    told = told_of([call(0, 80), call(0, 20), call(1, patience=10)], slots)
    assert handled_at(told) == [(0, 0, 110), (1, 0, 40), (2, 40, 60)]


def test_silent_leavers_are_in_no_queue_limit() -> None:
    """With one place, the third is blocked while the second waits; the fourth finds it free and waits."""
    told = told_of([call(0, 100), call(10, patience=20), call(29), call(30), call(31)], queue_limit=1)
    assert [told.ends[contact] for contact in range(1, 5)] == [End.SILENT, End.BLOCKED, End.RESOLVED, End.BLOCKED]


def test_silent_leavers_are_not_at_the_head_of_the_queue_for_call_backs() -> None:
    """Call-backs are offered from a wait of 30 s on; who left silently after 20 s of waiting waits no more."""
    callback = {"offered_when": {"expected_wait": "30 s"}, "accepted": 1}
    log = [call(0, 200), call(10, patience=20), call(50), call(79), call(80)]
    told = told_of(log, callback=callback)
    assert [told.call_backs[contact] for contact in (2, 3)] == [CallBack.NOT_OFFERED] * 2
    assert told.call_backs[4] == CallBack.ACCEPTED
    patient = told_of([call(0, 200), call(10), call(50)], callback=callback)
    assert patient.call_backs[2] == CallBack.ACCEPTED


def test_silent_leavers_give_their_line_back() -> None:
    told = told_of([call(0, 100), call(10, patience=20), call(29), call(30)], lines=2)
    assert [told.ends[contact] for contact in (2, 3)] == [End.BUSY, End.RESOLVED]


def test_who_left_silently_may_try_again_as_who_abandons() -> None:
    retry = {"share": 1, "after": {"distribution": "constant", "mean": "50 s"}, "attempts": 1, "when": ["abandoned"]}
    told = told_of([call(0, 100), call(10, patience=20)], retry=retry)
    silent, again = (contact for contact in told.ends if contact > 1)
    assert told.times[again][0] == 80
    assert handled_at(told) == [(0, 0, 100), (silent, 100, 120), (again, 120, 180)]


def test_a_row_that_opens_after_a_wait_takes_the_place_left_behind() -> None:
    """The second group helps after 60 s of waiting: with who came at 10 s and left at 30 s, from 70 s on."""
    groups = {
        "clerks": {"tier": "first", "headcount": 1},
        "helpers": {"tier": "first", "headcount": 1, "serves": [{"after": "60 s"}]},
    }
    told = tell(desk({"chat": [call(0, 100), call(10, patience=20)]}, channels=chat(), agent_groups=groups))
    assert (told.stays[1].agent, told.stays[1].found, told.stays[1].done) == (1, 70, 90)


def test_silent_leavers_interrupt_like_any_live_work() -> None:
    """Nobody at the desk knows: the e-mail begun at 100 s by the helper's later row is laid aside at 110 s for 20 s."""
    groups = {
        "clerks": {"tier": "first", "headcount": 1, "serves": [{"channels": ["chat"]}]},
        "helpers": {
            "tier": "first",
            "headcount": 1,
            "serves": [{"channels": ["chat"], "after": "100 s"}, {"channels": ["email"], "interruptible": True}],
        },
    }
    log = {"chat": [call(0, 500), call(10, patience=20)], "email": [call(100, 60)]}
    told = tell(desk(log, channels=chat(), agent_groups=groups))
    silent, email = told.stays[1], told.stays[2]
    assert (silent.agent, silent.found, silent.done) == (1, 110, 130)
    assert (email.leave, email.talk_end, email.parked) == (100, 180, 20)


def test_closing_clears_the_places_left_behind() -> None:
    hours = {"short": {"mon-sun": "00:00-00:01"}}
    channels = chat(open="short", at_closing="clear")
    tree = desk({"chat": [call(0, 100), call(10, patience=20), call(15)]}, channels=channels)
    told = tell({**tree, "opening_hours": hours})
    assert [told.ends[contact] for contact in (1, 2)] == [End.SILENT, End.DISCONNECTED]
    assert told.stays[1].found is None
    assert told.busy == [(0, 0, 100)]


def test_tickets_and_held_customers_do_not_leave_silently() -> None:
    """The line is held for 30 s of the warm limit; patience runs from then on, and is over 20 s later."""
    channels = {"chat": {**chat()["chat"], "patience": {"distribution": "constant", "mean": "20 s"}}}
    handling = {
        "first": {"handle_time": {"distribution": "constant", "mean": "60 s"}, "resolved": 0, "escalated": 1},
        "second": {"handle_time": {"distribution": "constant", "mean": "60 s"}},
    }
    log: Tree = {"chat": {"log": [call(0, 10), call(0, 10)]}}
    tree = desk(
        {"chat": []},
        channels=channels,
        contact_types={"question": {"arrivals": log, "handling": handling}},
        tiers={"first": {}, "second": {"handover": "warm", "warm_limit": "30 s"}},
        agent_groups={
            "clerks": {"tier": "first", "headcount": 2},
            "experts": {"tier": "second", "headcount": 1},
        },
    )
    told = tell(tree)
    assert told.ends[1] == End.SILENT
    assert told.times[1] == (0, 60)
    tree["tiers"]["second"] = {"handover": "ticket"}
    assert tell(tree).ends[1] == End.RESOLVED
