"""What is dealt and exactly expected."""

from math import sqrt

import numpy as np
import pytest

from sim.demand.deal import Dealer
from sim.demand.known import CONTROLS, EVERYBODY
from sim.scenario.load import loads

DESK = """
format: 1
name: Known
time: {{start: 2026-04-06, length: 2 h}}
channels: {{phone: {{}}, chat: {{}}}}
demand: {demand}
contact_types:
  order:
    arrivals: {{phone: {phone}, chat: {chat}}}
    handling: {{desk: {{handle_time: {talk}, wrap_up: 10 s}}}}
self_service: {{bot: {{channels: [chat], takes: 10 s, resolves: 50 %}}}}
tiers: {{desk: {{}}}}
agent_groups: {{clerks: {{tier: desk, headcount: 1}}}}
{more}
"""


def dealer(
    phone: str = "{rate: 60 per hour}",
    chat: str = "{rate: 6 per hour}",
    demand: str = "{scale: 100 %}",
    talk: str = "60 s",
    more: str = "",
) -> Dealer:
    return Dealer(loads(DESK.format(phone=phone, chat=chat, demand=demand, talk=talk, more=more)))


def test_deviations_of_a_hand_are_counted_by_hand() -> None:
    """Two hours at 60 calls and 6 chats: less 132; constant work is never off what so many contacts take."""
    one = dealer()
    hand = one.deal(1, 0)
    at = hand.contacts.at[hand.inquiries.first_contact[:-1]]
    first, second = (float(((at >= hour * 3_600_000) & (at < (hour + 1) * 3_600_000)).sum()) for hour in (0, 1))
    arrivals, crowding, work = one.known.of(hand)[EVERYBODY]
    assert arrivals == first + second - 132
    assert crowding == pytest.approx((first - 66) ** 2 - 66 + (second - 66) ** 2 - 66)
    assert work == 0


def test_channels_and_types_are_known_by_themselves() -> None:
    """Phone and chat add up to everybody; the one type is everybody."""
    one = dealer()
    found = one.known.of(one.deal(1, 3))
    names = {("channel", 0), ("channel", 1), ("contact_type", 0), EVERYBODY}
    assert set(found) == names
    assert found["contact_type", 0] == found[EVERYBODY]
    assert found["channel", 0][0] + found["channel", 1][0] == found[EVERYBODY][0]


def test_variance_by_hour_is_worked_by_hand() -> None:
    """60 an hour times factors: 60 + 3600 × ((1 + common²)(1 + day²)(1 + hour²) − 1)."""
    busy = "{rate: 60 per hour, busy_day_cv: 30 %, busy_hour_cv: 40 %, busy_correlation: 0.5}"
    known = dealer(phone=busy, demand="{busy_day_cv: 20 %}").known
    phone = ("channel", 1)
    assert known.groups[phone] == [1]
    expected = 60 + 3600 * (1.04 * 1.09 * 1.16 - 1)
    assert known._variance[phone].tolist() == pytest.approx([expected, expected])


def test_growth_is_in_what_is_expected() -> None:
    assert dealer(demand="{scale: 150 %}").known.sources[1].by_hour.tolist() == pytest.approx([90, 90])


def test_logs_and_what_incidents_touch_are_not_known() -> None:
    """An outage changes by chance how many come: the type it touches has no control, nor has a log."""
    log = '{log: [{time: "2026-04-06 00:30:00"}]}'
    assert [one.channel for one in dealer(chat=log).known.sources] == [1]
    outage = "incidents: [{name: outage, every: 1 h, lasts: 10 min, arrivals: {order: 300 %}}]"
    one = dealer(more=outage)
    assert one.known.sources == ()
    assert one.known.of(one.deal(1, 0)) == {}


def test_every_control_has_expectation_zero() -> None:
    """Means over 400 deals lie within 3.5 standard errors of 0, with every kind of chance in the demand."""
    one = dealer(
        phone='{rates: {mon: {"00:00": 10 per hour, "00:40": 40 per hour}}, busy_day_cv: 30 %, busy_hour_cv: 40 %, '
        "busy_correlation: 0.5}",
        demand="{scale: 130 %, busy_day_cv: 20 %}",
        talk="{distribution: lognormal, mean: 60 s, cv: 1}",
    )
    found = [one.known.of(one.deal(11, replication)) for replication in range(400)]
    for group in one.known.groups:
        values = np.array([deal[group] for deal in found])
        assert values.shape == (400, len(CONTROLS))
        errors = values.std(axis=0, ddof=1) / sqrt(400)
        assert (np.abs(values.mean(axis=0)) < 3.5 * errors).all()
        # A wrong expectation of a tenth more calls would be seen.
        assert errors[0] < 0.1 * sum(one.known.sources[place].by_hour.sum() for place in one.known.groups[group]) / 3.5
