"""Erlang beside simulation: the right queue from the scenario's inputs, none where none fits."""

from math import isnan

import pytest

from sim.scenario.load import loads
from sim.staffing.beside import Beside, beside
from sim.staffing.erlang import erlang_a, erlang_c

DESK = """
format: 1
name: One queue
time: {start: 2026-04-06, length: 2 h, interval: 1 h}
channels:
  phone: {patience: {distribution: exponential, mean: 3 min}}
  chat: {}
  email: {waiting: backlog}
contact_types:
  order:
    arrivals: {phone: {rates: {mon-sun: {"00:00": 100 per hour, "01:00": 60 per hour}}}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 3 min}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 6}}
"""


def pools(*changes: tuple[str, str]) -> list[Beside]:
    text = DESK
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return beside(loads(text))


def test_each_interval_is_a_queue_in_its_steady_state() -> None:
    [pool] = pools()
    first, second = pool.intervals
    assert (first.arrivals_per_hour, first.load_erlangs, first.agents) == pytest.approx((100, 5, 6))
    assert first.service_level_c == pytest.approx(erlang_c(100, 180, 6).service_level(20))
    assert second.service_level_a == pytest.approx(erlang_a(60, 180, 180, 6).service_level(20))
    assert second.abandonment_a == pytest.approx(erlang_a(60, 180, 180, 6).abandonment)


def test_languages_that_other_people_speak_are_queues_of_their_own() -> None:
    """Six for the 60 % in English, two for the rest in Japanese; if one of them speaks both, no formula fits."""
    languages = ("    handling:", "    languages: {en: 60 %, ja: 40 %}\n    handling:")
    english = ("headcount: 6}", "headcount: 6, languages: [en]}")
    japanese = ("agent_groups: {", "agent_groups: {japanese: {tier: desk, headcount: 2, languages: [ja]}, ")
    found = {pool.groups: pool for pool in pools(languages, english, japanese)}
    assert {groups: pool.queues for groups, pool in found.items()} == {
        ("clerks",): ("desk/order/phone/en",),
        ("japanese",): ("desk/order/phone/ja",),
    }
    assert found["japanese",].service_level_a == pytest.approx(
        (100 * erlang_a(40, 180, 180, 2).service_level(20) + 60 * erlang_a(24, 180, 180, 2).service_level(20)) / 160
    )
    both = ("headcount: 2, languages: [ja]", "headcount: 2, languages: [ja, en]")
    [pool] = pools(languages, english, japanese, both)
    assert "overlapping skills" in pool.none_because
    [pool] = pools(languages)
    assert pool.queues == ("desk/order/phone/en", "desk/order/phone/ja")
    [plain] = pools()
    assert pool.service_level_a == pytest.approx(plain.service_level_a)


def test_the_run_weighs_intervals_by_their_contacts() -> None:
    [pool] = pools()
    levels = [one.service_level_c for one in pool.intervals]
    assert pool.service_level_c == pytest.approx((100 * levels[0] + 60 * levels[1]) / 160)


def test_where_more_comes_than_can_be_handled_erlang_c_answers_nobody_in_time() -> None:
    [pool] = pools(("headcount: 6", "headcount: 4"))
    assert pool.intervals[0].service_level_c == 0
    assert 0 < pool.intervals[0].service_level_a < 1


def test_between_whole_numbers_of_agents_figures_lie_on_a_line() -> None:
    """Six people of whom a quarter is off the queue: 4.5."""
    [pool] = pools(("headcount: 6", "headcount: 6, shrinkage: {in_shift: 25 %}"))
    four, five = (erlang_a(100, 180, 180, agents).service_level(20) for agents in (4, 5))
    assert pool.intervals[0].service_level_a == pytest.approx((four + five) / 2)


def test_chat_counts_as_slots_at_the_pace_of_the_limit() -> None:
    """6 × 3 slots, each as slow as 3 min ÷ 72 %."""
    [pool] = pools(
        ("arrivals: {phone:", "arrivals: {chat:"),
        ("headcount: 6", "headcount: 6, slots: {chat: {limit: 3, pace: [1, 0.85, 0.72]}}"),
    )
    assert pool.intervals[0].agents == 18
    assert pool.intervals[0].service_level_c == pytest.approx(erlang_c(100, 180 / 0.72, 18).service_level(20))
    assert any("pace at the limit" in reason for reason in pool.differs_by)


def test_the_deadline_is_the_targets() -> None:
    target = "targets: [{measure: service_level, channel: phone, within: 45 s, at_least: 80 %}]\ntiers:"
    [pool] = pools(("tiers:", target))
    assert pool.within_ms == 45_000
    assert pool.intervals[0].service_level_c == pytest.approx(erlang_c(100, 180, 6).service_level(45))


def test_overlapping_skills_have_no_formula_and_it_says_so() -> None:
    [pool] = pools(
        ("arrivals: {phone:", "arrivals: {chat: {rate: 9 per hour}, phone:"),
        (
            "clerks: {tier: desk, headcount: 6}",
            "clerks: {tier: desk, headcount: 6}, callers: {tier: desk, headcount: 1, serves: [{channels: [phone]}]}",
        ),
    )
    assert pool.intervals == ()
    assert "overlapping skills" in pool.none_because
    assert isnan(pool.service_level_c)


def test_work_in_slots_beside_other_work_has_no_formula() -> None:
    [pool] = pools(
        ("arrivals: {phone:", "arrivals: {chat: {rate: 9 per hour}, phone:"),
        ("headcount: 6", "headcount: 6, slots: {chat: {limit: 3}}"),
    )
    assert "slots" in pool.none_because


def test_queues_that_share_nobody_stand_apart() -> None:
    groups = (
        "clerks: {tier: desk, headcount: 6, serves: [{channels: [phone]}]}, "
        "writers: {tier: desk, headcount: 1, serves: [{channels: [chat]}]}"
    )
    found = pools(
        ("arrivals: {phone:", "arrivals: {chat: {rate: 9 per hour}, phone:"),
        ("clerks: {tier: desk, headcount: 6}", groups),
    )
    assert sorted(pool.queues for pool in found) == [("desk/order/chat",), ("desk/order/phone",)]
    assert all(not pool.none_because for pool in found)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("mean: 3 min}}}", "mean: 3 min}, wrap_up: {distribution: constant, mean: 5 s}}}"), "not exponential"),
        (
            (
                "phone: {patience:",
                "phone: {retry: {share: 40 %, after: {distribution: constant, mean: 9 min}}, patience:",
            ),
            "retries:",
        ),
        (("phone: {patience:", "phone: {balking: {share: 10 %}, patience:"), "some balk"),
        (("arrivals: {phone:", "arrivals: {email: {rate: 9 per hour}, phone:"), "other work (backlog)"),
        (("tiers:", "demand: {busy_day_cv: 10 %}\ntiers:"), "busier than the mean"),
        (("headcount: 6", "headcount: 6, serves: [{after: 10 s}]"), "only after a wait"),
    ],
)
def test_a_reason_to_differ_is_given_only_where_the_scenario_has_it(change: tuple[str, str], reason: str) -> None:
    [plain], [changed] = pools(), pools(change)
    assert not any(reason in one for one in plain.differs_by)
    assert any(reason in one for one in changed.differs_by)


def test_a_plain_queue_differs_by_load_carried_over_and_patience_alone() -> None:
    [pool] = pools()
    assert [reason.split(":")[0] for reason in pool.differs_by] == ["load is carried over", "abandonment"]
