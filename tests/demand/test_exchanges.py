"""How often customers write again: shares, durations, and whose numbers that leaves alone."""

import numpy as np
import pytest

from sim.demand.deal import deal
from sim.demand.hand import Hand
from sim.scenario.load import loads

TEXT = """
format: 1
name: correspondence
time: {start: 2026-04-06, length: 10 days}
channels: {phone: {}, email: {waiting: backlogEXCHANGES}}
tiers: {desk: {}, expert: {}}
agent_groups: {clerks: {tier: desk, headcount: 1}, experts: {tier: expert, headcount: 1}}
contact_types:
  fault:
    arrivals: {phone: {rate: 9 per hour}, email: {rate: 30 per hour}}
    handling:
      desk: {handle_time: {distribution: exponential, mean: 5 min}, resolved: 50 %, escalated: 50 %}
      expert:
        handle_time: {distribution: exponential, mean: 9 min}
        wrap_up: {distribution: exponential, mean: 1 min}
"""
MINUTE = 60_000
OFTEN = ", exchanges: {continues: 40 %, customer_replies_after: {distribution: exponential, mean: 2 h}, limit: 3}"


def dealt(exchanges: str = OFTEN) -> Hand:
    """Deal ten days of two tiers."""
    return deal(loads(TEXT.replace("EXCHANGES", exchanges)), seed=1, replication=0)


@pytest.fixture(scope="module")
def hand() -> Hand:
    return dealt()


def test_the_customer_writes_again_for_the_share_at_most_so_often(hand: Hand) -> None:
    """At each tier of each case apart: 40 % once, 16 % twice, 6.4 % three times, nobody more often."""
    by_email = np.flatnonzero(hand.contacts.channel == 0)
    marks = hand.contacts.first_tier_mark[by_email][:, None] + [0, 1]
    often = np.bincount(hand.exchanges.mark, minlength=hand.tier_marks.talk.size)
    assert often[np.setdiff1d(np.arange(often.size), marks)].sum() == 0
    for tier in (0, 1):
        for least, share in enumerate((0.4, 0.16, 0.064, 0.0), start=1):
            found = (often[marks[:, tier]] >= least).mean()
            assert abs(found - share) <= 4 * np.sqrt(share * (1 - share) / by_email.size)
    both = (often[marks] > 0).all(axis=1).mean()
    assert abs(both - 0.16) < 4 * np.sqrt(0.16 * 0.84 / by_email.size), "tiers are independent"


def test_each_exchange_has_durations_of_its_own(hand: Hand) -> None:
    """By the handling of its tier; those of one case have nothing to do with each other."""
    exchanges, tier = hand.exchanges, hand.tier_marks.tier[hand.exchanges.mark]
    for what, at, mean in (
        (exchanges.reply_after, tier >= 0, 120),
        (exchanges.talk, tier == 0, 5),
        (exchanges.talk, tier == 1, 9),
        (exchanges.wrap_up, tier == 1, 1),
    ):
        assert abs(what[at].mean() / MINUTE - mean) < 4 * mean / np.sqrt(at.sum())
    assert not exchanges.wrap_up[tier == 0].any()
    again = np.flatnonzero((np.diff(exchanges.mark) == 0) & (tier[1:] == 0))
    before = hand.tier_marks.talk[exchanges.mark[again]]
    for one, other in (
        (exchanges.reply_after[again], exchanges.reply_after[again + 1]),
        (exchanges.talk[again], exchanges.talk[again + 1]),
        (exchanges.talk[again], before),
    ):
        assert abs(np.corrcoef(one, other)[0, 1]) < 4 / np.sqrt(again.size)


def test_they_come_by_tier_mark_and_order(hand: Hand) -> None:
    """A smaller limit deals the first of each stay alone, the same ones."""
    assert np.all(np.diff(hand.exchanges.mark) >= 0)
    once = dealt(OFTEN.replace("limit: 3", "limit: 1")).exchanges
    mark, first = np.unique(hand.exchanges.mark, return_index=True)
    assert np.array_equal(once.mark, mark)
    assert np.array_equal(once.reply_after, hand.exchanges.reply_after[first])
    assert np.array_equal(once.talk, hand.exchanges.talk[first])


def test_they_move_no_other_numbers(hand: Hand) -> None:
    """Everything else is dealt as if nobody wrote again; of a larger share the smaller one is a part."""
    without, seldom = dealt(""), dealt(OFTEN.replace("40 %", "20 %"))
    assert without.exchanges.mark.size == 0
    for column in ("talk", "wrap_up", "decide", "patience"):
        assert np.array_equal(getattr(hand.tier_marks, column), getattr(without.tier_marks, column))
    assert np.array_equal(hand.contacts.at, without.contacts.at)
    assert set(seldom.exchanges.mark) < set(hand.exchanges.mark)
