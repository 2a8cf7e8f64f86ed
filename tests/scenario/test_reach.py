"""Which queues contacts can come to, and who takes from them."""

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.load import loads
from sim.scenario.reach import Queue, channels_of, chased_on, groups_serving, queues, tiers_reached
from tests.scenario.desk import DESK, changed

CHAT = changed("  email: {waiting", "  chat: {}\n  email: {waiting")


def test_a_queue_is_there_for_every_tier_and_channel_of_a_type() -> None:
    """Two tiers by escalation, two channels by arrival."""
    assert set(queues(loads(DESK))) == {
        Queue(tier, "order", channel, None) for tier in ("desk", "experts") for channel in ("phone", "email")
    }


def test_without_escalation_only_the_first_tier_is_reached() -> None:
    """Others that handle the type are for those who are handed on."""
    assert tiers_reached(loads(changed(", escalated: 15 %", "")), "order", "phone") == ["desk"]


def test_customers_come_on_other_channels_too() -> None:
    """By retry and by repeat; who only asks for a case comes on the channel of chasers, and to the first tier."""
    ways = {
        "retry": CHAT.replace("phone: {open", "phone: {retry: {share: 5 %, after: 1 min, channel: chat}, open"),
        "repeat": CHAT.replace("  order:\n", "  order:\n    repeat: {share: 5 %, after: 1 h, channel: chat}\n"),
    }
    for way, text in ways.items():
        assert channels_of(loads(text), "order") == ["phone", "email", "chat"], way
    assert channels_of(loads(CHAT), "order") == ["phone", "email"]
    asking = CHAT.replace("clock: office}", "clock: office, chasers: {after: 1 day, share: 5 %, channel: chat}}")
    assert chased_on(loads(CHAT), "order") == []
    assert chased_on(loads(asking), "order") == ["chat"]
    assert channels_of(loads(asking), "order") == ["phone", "email"]
    assert set(queues(loads(asking))) - set(queues(loads(CHAT))) == {Queue("desk", "order", "chat", None)}
    assert chased_on(loads(asking.replace("share: 5 %", "share: 0 %")), "order") == []


def test_a_group_serves_the_languages_it_speaks() -> None:
    """All if it names none; a type without languages is served by everybody."""
    text = changed("  order:\n", "  order:\n    languages: {en: 50 %, ja: 50 %}\n")
    text = text.replace("    tier: desk\n", "    tier: desk\n    languages: [en]\n")
    text = text.replace("  experts: {tier", "  more: {tier: desk, headcount: 1}\n  experts: {tier")
    scenario = loads(text)
    assert groups_serving(scenario, Queue("desk", "order", "phone", "en")) == ["clerks", "more"]
    assert groups_serving(scenario, Queue("desk", "order", "phone", "ja")) == ["more"]
    assert groups_serving(scenario, Queue("desk", "order", "phone", None)) == ["clerks", "more"]


def test_a_language_that_nobody_of_a_tier_speaks_is_an_error() -> None:
    """It names the tier, the channels and the language; one in which nobody comes needs nobody."""
    text = changed("  order:\n", "  order:\n    languages: {en: 50 %, ja: 50 %, es: 0}\n")
    with pytest.raises(ScenarioError) as refused:
        loads(text.replace("{tier: experts, headcount: 2", "{tier: experts, headcount: 2, languages: [en]"))
    assert [(problem.key, problem.message) for problem in refused.value.problems] == [
        (
            "contact_types.order.handling.experts",
            "no agent group serves it at tier 'experts' on phone in ja and email in ja; add it to the `serves` of a "
            "group, or the language to its `languages`",
        )
    ]


def test_the_wrong_desk_speaks_the_languages_of_who_is_misrouted_to_it() -> None:
    """Orders come in English alone; a fault in Japanese that reaches their desk finds nobody who speaks it."""
    fault = "  fault:\n    languages: ja\n    arrivals: {phone: {rate: 1 per hour}}\n"
    fault += "    misrouted: {share: 5 %, to: order, triage: 1 min}\n    handling: {experts: {handle_time: 1 min}}\n"
    text = changed("contact_types:\n", f"contact_types:\n{fault}").replace(
        "  order:\n", "  order:\n    languages: en\n"
    )
    assert Queue("desk", "order", "phone", "ja") in set(queues(loads(text)))
    with pytest.raises(ScenarioError, match=r"no agent group serves it at tier 'desk' on phone in ja") as refused:
        loads(text.replace("    tier: desk\n", "    tier: desk\n    languages: [en]\n"))
    assert [problem.key for problem in refused.value.problems] == ["contact_types.order.handling.desk"]


def test_a_group_that_speaks_nothing_is_an_error() -> None:
    """An empty list is not the same as none."""
    with pytest.raises(ScenarioError, match="is an empty list; leave it out for all"):
        loads(changed("headcount: 2", "headcount: 2, languages: []"))


def test_a_row_may_help_another_tier() -> None:
    """Then the group serves both."""
    text = changed("headcount: 2", "headcount: 2, serves: [{}, {tier: desk, channels: [email]}]")
    scenario = loads(text)
    assert groups_serving(scenario, Queue("desk", "order", "email", None)) == ["clerks", "experts"]
    assert groups_serving(scenario, Queue("desk", "order", "phone", None)) == ["clerks"]
    assert groups_serving(scenario, Queue("experts", "order", "phone", None)) == ["experts"]
