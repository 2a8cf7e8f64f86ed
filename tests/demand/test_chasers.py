"""Who would ask for its case, when, and with which numbers; and whom that leaves alone."""

import numpy as np
import pytest

from sim.demand.deal import deal
from sim.demand.hand import NEVER, NONE, AttemptKind, Contacts, Hand
from sim.scenario.errors import ScenarioError
from sim.scenario.load import loads

TEXT = """
format: 1
name: asking
time: {start: 2026-04-06, length: 10 days}
channels:
  phone:
    patience: {distribution: exponential, mean: 3 min}
    balking: {share: 20 %}
    retry: {share: 50 %, after: 1 min, channel: email}
  email: {waiting: backlog, initial_backlog: {waiting: 4, oldest: 4 h}, retry: {share: 30 %, after: 1 h}CHASERS}
tiers: {desk: {}, expert: {}}
agent_groups: {clerks: {tier: desk, headcount: 1}, experts: {tier: expert, headcount: 1}}
self_service: {menu: {channels: [phone], takes: 1 min, resolves: 20 %}}
contact_types:
  fault:
    arrivals: {phone: {rate: 9 per hour}, email: {rate: 30 per hour}}
    misrouted: {share: 10 %, to: order, triage: 1 min}
    handling:
      desk: {handle_time: {distribution: exponential, mean: 5 min}, wrap_up: 1 min, resolved: 50 %, escalated: 50 %}
      expert: {handle_time: {distribution: exponential, mean: 9 min}}
  order:
    arrivals: {phone: {rate: 1 per hour}}
    handling: {desk: {handle_time: 1 min}}
"""
MINUTE = 60_000
ASKING = (
    ", chasers: {after: 100 min, share: 40 %, channel: phone, handle_time: {distribution: exponential, mean: 90 s}}"
)


def dealt(chasers: str = ASKING) -> Hand:
    """Deal ten days of faults, by phone and by e-mail."""
    return deal(loads(TEXT.replace("CHASERS", chasers)), seed=1, replication=0)


@pytest.fixture(scope="module")
def hand() -> Hand:
    return dealt()


def chasers_of(contacts: Contacts) -> np.ndarray:
    return np.flatnonzero(contacts.kind == AttemptKind.CHASER)


def test_the_share_of_those_who_came_on_the_channel_first_asks(hand: Hand) -> None:
    """Not of those who come to it by a retry."""
    contacts = hand.contacts
    asking = np.zeros(hand.inquiries.channel.size, bool)
    asking[contacts.inquiry[chasers_of(contacts)]] = True
    by_email = hand.inquiries.channel == 0
    assert not asking[~by_email].any()
    share, n = asking[by_email].mean(), by_email.sum()
    assert abs(share - 0.4) < 4 * np.sqrt(0.4 * 0.6 / n)


def test_a_chaser_is_the_last_contact_of_its_inquiry_at_its_instant(hand: Hand) -> None:
    """100 minutes after the first; of the initial backlog, who came 90 and 30 minutes ago may be among them."""
    contacts, asking = hand.contacts, chasers_of(hand.contacts)
    assert np.array_equal(asking, hand.inquiries.first_contact[contacts.inquiry[asking] + 1] - 1)
    first = hand.inquiries.first_contact[contacts.inquiry[asking]]
    assert np.array_equal(contacts.at[asking], contacts.at[first] + 100 * MINUTE)
    assert (contacts.at[asking] >= 0).all()
    assert (contacts.attempt[asking] == NONE).all()
    assert (contacts.channel[asking] == 1).all()


def test_who_asks_of_the_initial_backlog_has_not_asked_before_the_start() -> None:
    """Everybody asks: of 210, 150, 90 and 30 minutes the last two, 10 and 70 minutes after the start."""
    everybody = dealt(ASKING.replace("40 %", "100 %"))
    asking = chasers_of(everybody.contacts)
    assert (everybody.contacts.at[asking[:2]] / MINUTE).tolist() == [10, 70]
    assert everybody.contacts.inquiry[asking[:2]].tolist() == [2, 3]


def test_a_chaser_has_the_marks_of_a_first_queue_alone(hand: Hand) -> None:
    """Balking and patience as on its channel, talk of its own, no wrap-up, no stage, no triage, no way on."""
    contacts, marks, asking = hand.contacts, hand.tier_marks, chasers_of(hand.contacts)
    n = np.sqrt(asking.size)
    assert abs(contacts.balks[asking].mean() - 0.2) < 4 * 0.4 / n
    first = contacts.first_tier_mark[asking]
    assert (contacts.first_tier_mark[asking + 1] == first + 1).all()
    assert (contacts.first_stage_mark[asking + 1] == contacts.first_stage_mark[asking]).all()
    assert (marks.tier[first] == 0).all()
    for column, mean in ((marks.talk, 90_000), (marks.patience, 180_000)):
        assert abs(column[first].mean() - mean) < 4 * mean / n
    assert not marks.wrap_up[first].any()
    assert not contacts.misrouted[asking].any()
    assert contacts.skips_self_service[asking].all()
    assert (contacts.retry[asking] == NONE).all()


def test_a_chaser_has_numbers_of_its_own(hand: Hand) -> None:
    """Its talk has nothing to do with that of the first contact or of a retry."""
    contacts, asking = hand.contacts, chasers_of(hand.contacts)
    talk = hand.tier_marks.talk[contacts.first_tier_mark[:-1]]
    for attempt in (0, 1):
        before = hand.inquiries.first_contact[contacts.inquiry[asking]] + attempt
        both = contacts.attempt[before] == attempt
        bound = 4 / np.sqrt(both.sum())
        assert abs(np.corrcoef(talk[before[both]], talk[asking[both]])[0, 1]) < bound


def test_talk_is_two_minutes_unless_said() -> None:
    hand = dealt(ASKING.replace(", handle_time: {distribution: exponential, mean: 90 s}", ""))
    talk = hand.tier_marks.talk[hand.contacts.first_tier_mark[chasers_of(hand.contacts)]]
    assert set(talk.tolist()) == {2 * MINUTE}


def test_chasers_move_no_other_numbers(hand: Hand) -> None:
    """Everything else is dealt as if nobody asked; of a larger share the smaller one is a part."""
    without, seldom = dealt(""), dealt(ASKING.replace("40 %", "20 %"))
    others = hand.contacts.kind != AttemptKind.CHASER
    for column in ("at", "channel", "attempt", "kind", "balks", "misrouted", "retry_after"):
        assert np.array_equal(getattr(hand.contacts, column)[others], getattr(without.contacts, column))
    of_others = np.repeat(others, np.diff(hand.contacts.first_tier_mark))
    for column in ("talk", "wrap_up", "decide", "patience"):
        assert np.array_equal(getattr(hand.tier_marks, column)[of_others], getattr(without.tier_marks, column))
    few, many = (one.contacts.inquiry[chasers_of(one.contacts)] for one in (seldom, hand))
    assert set(few) < set(many)
    assert (hand.contacts.at[hand.contacts.kind > AttemptKind.FIRST] < NEVER).sum() == many.size


def test_somebody_must_serve_who_asks() -> None:
    """At the first tier of the type, on the live channel named."""
    text = (
        TEXT.replace("CHASERS", ASKING).replace("phone: {rate: 9 per hour}, ", "").replace("misrouted", "x_misrouted")
    )
    text = text.replace("    x_misrouted: {share: 10 %, to: order, triage: 1 min}\n", "")
    serves = "tier: desk, headcount: 1, serves: [{channels: [email]}, {contact_types: [order]}]"
    with pytest.raises(ScenarioError, match=r"no agent group serves it at tier 'desk' on phone"):
        loads(text.replace("tier: desk, headcount: 1", serves))
    loads(text.replace("tier: desk, headcount: 1", serves.replace("[order]", "[fault, order]")))
    loads(text.replace("tier: desk, headcount: 1", serves).replace(ASKING, ""))
