"""Shifts, breaks, overtime and staffing by numbers, worked by hand."""

from sim.engine.rules import Left
from tests.engine.timeline import Tree, call, desk, tell


def shift(hours: str, headcount: int = 1, **more: object) -> Tree:
    return {
        "clerks": {"tier": "first", "shifts": {"day": {"days": "mon", "hours": hours, "headcount": headcount, **more}}}
    }


def test_an_agent_takes_nothing_at_the_end_of_its_span_and_finishes_what_it_has() -> None:
    told = tell(desk({"phone": [call(50, 100), call(60), call(120)]}, agent_groups=shift("00:00-00:02")))
    assert told.stays[0].talk_end == 150
    assert [stay.left for stay in told.stays[1:]] == [Left.WAITING, Left.WAITING]
    assert told.duty == [(0, 0, 120)]
    assert told.busy == [(0, 50, 150)]


def test_an_agent_who_comes_as_patience_runs_out_takes_the_contact() -> None:
    told = tell(desk({"phone": [call(0, patience=60)]}, agent_groups=shift("00:01-00:10")))
    assert told.stays[0].leave == 60


def test_a_break_begins_when_the_hands_are_empty_and_keeps_its_length() -> None:
    pause = [{"length": "5 min", "at": "00:05"}]
    log = {"phone": [call(290, 70), call(400), call(3000)]}
    told = tell(desk(log, agent_groups=shift("00:00-00:30", breaks=pause)))
    # The break should begin at 300, begins at 360, and ends at 660.
    assert told.duty == [(0, 0, 300), (0, 660, 1800)]
    assert told.stays[1].leave == 660


def test_a_break_ends_with_its_shift() -> None:
    pause = [{"length": "5 min", "at": "00:05"}]
    told = tell(desk({"phone": [call(290, 400), call(400)]}, agent_groups=shift("00:00-00:15", breaks=pause)))
    # It begins at 690 and would end at 990, after the shift.
    assert told.duty == [(0, 0, 300)]
    assert told.stays[1].left == Left.WAITING


def by_numbers(*steps: tuple[str, int]) -> Tree:
    return {"clerks": {"tier": "first", "staffing": {"mon-sun": dict(steps)}}}


def test_when_the_number_falls_who_is_free_goes_first_and_else_who_finishes() -> None:
    log = {"phone": [call(0, 400), call(0, 350), call(320), call(330)]}
    told = tell(desk(log, agent_groups=by_numbers(("00:00", 3), ("00:05", 1))))
    # At 300 agent 2 goes (free); agent 1 is done at 350 and leaves; agent 0 is done at 400 and takes the next.
    assert told.duty == [(0, 0, 3600), (1, 0, 350), (2, 0, 300)]
    assert [(stay.agent, stay.leave) for stay in told.stays[2:]] == [(0, 400), (0, 460)]


def test_who_has_not_left_yet_stays_when_the_number_rises_again() -> None:
    log = {"phone": [call(0, 1000), call(0, 1000)]}
    told = tell(desk(log, agent_groups=by_numbers(("00:00", 2), ("00:05", 1), ("00:10", 2))))
    assert told.duty == [(0, 0, 3600), (1, 0, 3600)]


def test_who_leaves_with_chats_in_hand_finishes_them_and_takes_no_more() -> None:
    groups = by_numbers(("00:00", 1), ("00:05", 0))
    groups["clerks"]["slots"] = {"chat": {"limit": 2}}
    told = tell(desk({"chat": [call(0, 310), call(0, 400), call(320)]}, agent_groups=groups))
    assert told.duty == [(0, 0, 310)]
    assert told.busy == [(0, 0, 400)]
    assert told.stays[2].left == Left.WAITING


def test_a_night_shift_works_over_midnight_and_has_its_break_on_the_next_day() -> None:
    pause = [{"length": "5 min", "at": "00:05"}]
    times = (
        ("2026-04-06 23:59:30", 60),
        ("2026-04-07 00:00:10", 60),
        ("2026-04-07 00:04:50", 40),
        ("2026-04-07 00:06", 5),
    )
    log = [{"time": time, "handle_time": f"{talk} s"} for time, talk in times]
    groups = shift("23:30-00:30", breaks=pause)
    told = tell(desk({"phone": log}, agent_groups=groups, time={"length": "2 days"}))
    # Midnight is 86400. The break of 300 s should begin at 86700 and begins at 86730.
    assert [stay.leave for stay in told.stays] == [86370, 86430, 86690, 87030]
    assert told.duty == [(0, 84600, 86700), (0, 87030, 88200)]


def test_the_shift_of_a_group_elsewhere_keeps_to_the_clock_there() -> None:
    # 09:00 in London in summer is 17:00 in Tokyo.
    groups = shift("09:00-10:00")
    groups["clerks"]["zone"] = "Europe/London"
    time = {"zone": "Asia/Tokyo", "length": "1 day"}
    told = tell(desk({"phone": [call(16 * 3600)]}, agent_groups=groups, time=time))
    assert told.stays[0].leave == 17 * 3600
    assert told.duty == [(0, 17 * 3600, 18 * 3600)]
