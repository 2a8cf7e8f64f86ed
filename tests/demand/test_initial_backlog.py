"""The cases that wait at the start: how old, of which types, and with which marks."""

import pytest

from sim.demand.arrivals import ArrivalPlan
from sim.demand.deal import deal
from sim.demand.initial_backlog import ages, types_in_proportion
from sim.scenario.errors import ScenarioError
from sim.scenario.load import loads
from sim.scenario.schema import Scenario

MINUTE = 60_000


TEXT = """
format: 1
name: backlog
time: {start: 2026-04-06, length: 1 day}
channels: {email: {waiting: backlogBACKLOG}, form: {waiting: backlog}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 1}}
contact_types:
  fault:
    arrivals: {email: {rate: 4 per hour}, form: {rate: 9 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 5 min}}}
  order:
    arrivals: {email: {rate: 2 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 5 min}}}
"""


def scenario(backlog: str = ", initial_backlog: {waiting: 6, oldest: 60 min}") -> Scenario:
    """Give a day with two types by e-mail, twice as many faults as orders."""
    return loads(TEXT.replace("BACKLOG", backlog))


def test_ages_are_spread_evenly() -> None:
    """Of 4 cases, the oldest of an hour: 7.5, 22.5, 37.5 and 52.5 minutes."""
    assert (ages(4, 60 * MINUTE) / MINUTE).tolist() == [7.5, 22.5, 37.5, 52.5]
    assert ages(0, 60 * MINUTE).tolist() == []


def test_types_are_mixed_in_proportion() -> None:
    """At 2 to 1 every third case is of the second type; where nothing is expected, all alike."""
    assert types_in_proportion([4, 2], 6).tolist() == [0, 1, 0, 0, 1, 0]
    assert types_in_proportion([0, 0], 4).tolist() == [0, 1, 0, 1]


def test_the_backlog_came_before_the_start() -> None:
    """5 and 15 minutes and so on before: the youngest is a fault, the next an order; oldest first in the Hand."""
    hand = deal(scenario(), 1, 0)
    first = hand.inquiries.first_contact[:6]
    assert (hand.contacts.at[first] / MINUTE).tolist() == [-55, -45, -35, -25, -15, -5]
    assert hand.inquiries.contact_type[:6].tolist() == [0, 1, 0, 0, 1, 0]
    assert hand.inquiries.channel[:6].tolist() == [0] * 6
    assert hand.contacts.at[hand.inquiries.first_contact[6]] >= 0


def test_a_backlog_moves_nobody_who_comes_later() -> None:
    """The others come with their own numbers."""
    without, with_backlog = deal(scenario(""), 1, 0), deal(scenario(), 1, 0)
    assert with_backlog.contacts.at[6:].tolist() == without.contacts.at.tolist()
    assert with_backlog.tier_marks.talk[6:].tolist() == without.tier_marks.talk.tolist()
    assert ArrivalPlan(scenario()).expected_inquiries == ArrivalPlan(scenario("")).expected_inquiries + 6


def test_a_backlog_of_no_type_is_refused() -> None:
    """Somebody must come on the channel."""
    text = TEXT.replace(
        "form: {waiting: backlog}", "form: {waiting: backlog, initial_backlog: {waiting: 2, oldest: 1 h}}"
    )
    with pytest.raises(ScenarioError, match=r"channels\.form\.initial_backlog: no contact type arrives"):
        loads(text.replace("BACKLOG", "").replace(", form: {rate: 9 per hour}", ""))
