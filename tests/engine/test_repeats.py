"""Who is left unresolved comes back: repeats, worked by hand."""

from __future__ import annotations

import pytest

from sim.engine.rules import End
from tests.engine.timeline import Tree, call, constant, desk, tell

AFTER_100_S = {"share": "100 %", "after": constant(100), "attempts": 2}


def unresolved(log: Tree, repeat: Tree, **more: object) -> Tree:
    """Return a desk that talks for 60 s (a log's talk at first contacts) and resolves nothing."""
    tree = desk(log, **more)
    tree["contact_types"]["question"]["handling"]["first"]["resolved"] = 0
    tree["contact_types"]["question"]["repeat"] = repeat
    return tree


def test_who_is_left_unresolved_comes_back_so_many_times() -> None:
    """Talks end at 30, 190 and 350: each 60 s long but the first, each but the last followed 100 s later."""
    told = tell(unresolved({"phone": [call(0, 30, wrap_up=500)]}, AFTER_100_S, agent_groups=two_clerks()))
    assert sorted(told.times.values()) == [(0, 30), (130, 190), (290, 350)]
    assert set(told.ends.values()) == {End.UNRESOLVED}


def two_clerks() -> Tree:
    return {"clerks": {"tier": "first", "headcount": 2}}


def test_a_repeat_may_come_by_another_channel_whose_rules_hold() -> None:
    """The call is left unresolved at 30; the e-mail of 130 waits until the agent has done with another call at 200."""
    log = {"phone": [call(0, 30), call(50, 150)], "email": []}
    told = tell(unresolved(log, {**AFTER_100_S, "attempts": 1, "channel": "email"}))
    assert sorted(told.times.values()) == [(0, 30), (50, 200), (130, 260), (300, 360)]


def test_a_resolved_contact_is_not_followed_by_a_repeat() -> None:
    tree = unresolved({"phone": [call(0, 30)]}, AFTER_100_S)
    tree["contact_types"]["question"]["handling"]["first"]["resolved"] = "100 %"
    assert tell(tree).ends == {0: End.RESOLVED}


def test_who_abandons_retries_and_does_not_repeat() -> None:
    """Busy to 500: gives up at 20, tries again at 70 and gives up at 80; then no retry is left, and no repeat comes."""
    retry = {"share": "100 %", "after": constant(50), "attempts": 1}
    channels = {"phone": {"waiting": "live", "patience": constant(10), "retry": retry}}
    tree = unresolved({"phone": [call(0, 3000), call(10)]}, AFTER_100_S, channels=channels)
    told = tell(tree)
    assert sorted(time for time in told.times.values() if time != (0, 3000)) == [
        (10, 20),
        (70, 80),
        (3100, 3160),
        (3260, 3320),
    ]


def test_a_retry_that_is_left_unresolved_repeats() -> None:
    """Blocked at 10, retried at 60 and left unresolved at 120, back at 220: that was the second try after the first."""
    retry = {"share": "100 %", "after": constant(50), "attempts": 1}
    channels = {"phone": {"waiting": "live", "queue_limit": 0, "retry": retry}}
    tree = unresolved({"phone": [call(0, 30), call(10)]}, AFTER_100_S, channels=channels)
    told = tell(tree)
    second = sorted(told.times.values())
    assert [time for time in second if time in {(10, 10), (60, 120), (220, 280)}] == [(10, 10), (60, 120), (220, 280)]


@pytest.mark.parametrize(
    ("stage", "end"),
    [
        ({"resolves": 0, "gives_up": "100 %"}, End.GAVE_UP),
        ({"resolves": "100 %", "falsely_resolved": "100 %"}, End.FALSELY_RESOLVED),
    ],
)
def test_who_a_stage_leaves_unresolved_comes_back_and_meets_it_again(stage: Tree, end: End) -> None:
    """In the bot for 30 s each time, back 100 s after that."""
    bot = {"bot": {"channels": ["chat"], "takes": constant(30), **stage}}
    tree = desk({"chat": [call(0)]}, self_service=bot)
    tree["contact_types"]["question"]["repeat"] = AFTER_100_S
    told = tell(tree)
    assert sorted(told.times.values()) == [(0, 30), (130, 160), (260, 290)]
    assert set(told.ends.values()) == {end}


def test_what_a_stage_truly_resolved_does_not_come_back() -> None:
    bot = {"bot": {"channels": ["chat"], "takes": constant(30), "resolves": "100 %"}}
    tree = desk({"chat": [call(0)]}, self_service=bot)
    tree["contact_types"]["question"]["repeat"] = AFTER_100_S
    assert tell(tree).ends == {0: End.RESOLVED_BY_STAGE}


def test_an_article_out_of_date_does_not_solve() -> None:
    """`freshness` scales what the stage resolves: at 0 % it hands everything on."""
    bot = {"bot": {"channels": ["chat"], "takes": constant(30), "resolves": "100 %", "freshness": "0 %"}}
    assert tell(desk({"chat": [call(0)]}, self_service=bot)).ends == {0: End.RESOLVED}
