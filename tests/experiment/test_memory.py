"""Memory of a run grows with the contacts of a replication, not with the periods that reports could show."""

import tracemalloc

import pytest

from sim.experiment.replicate import run
from sim.scenario.load import loads

CONTACTS = 6000
INTERVALS_AN_HOUR = 4

QUARTER = """
format: 1
name: A quarter
time: {start: 2026-04-06, length: WEEKS weeks, interval: 15 min}
holidays: [2026-04-13, 2026-05-01]
opening_hours: {office: {mon-fri: "08:00-18:00", holidays: closed}}
profiles: {office: {mon-fri: {"08:00": 1, "18:00": 0}, holidays: {"00:00": 0}}}
demand: {trend: 1 % per week}
channels: {phone: {open: office, patience: {distribution: exponential, mean: 4 min}}}
contact_types:
  order:
    arrivals: {phone: {volume: VOLUME per week, profile: office}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 3 min}}}
tiers: {desk: {}}
agent_groups:
  clerks: {tier: desk, shifts: {day: {days: mon-fri, hours: "08:00-18:00", headcount: 6}}}
targets:
  - {measure: service_level, channel: phone, within: 20 s, at_least: 80 %, per: day, risk: 90 %}
"""


def peak_mb(weeks: int, contacts: int) -> float:
    """Run two replications of so many weeks and contacts, and give the most memory that was in use, MB."""
    scenario = loads(QUARTER.replace("WEEKS", str(weeks)).replace("VOLUME", str(contacts // weeks)))
    run(scenario, replications=1)  # what is loaded once
    tracemalloc.start()
    try:
        result = run(scenario, replications=2)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert result.replications == 2
    return peak / 1e6


@pytest.mark.slow
def test_nine_more_weeks_with_as_many_contacts_take_what_is_asked_by_the_interval() -> None:
    """With trend and holidays: at most 1.5 kB an interval, where all cells of all measures would take twenty."""
    more = 9 * 7 * 24 * INTERVALS_AN_HOUR
    assert peak_mb(13, CONTACTS) - peak_mb(4, CONTACTS) < more * 1500 / 1e6


@pytest.mark.slow
def test_a_contact_more_takes_half_a_kilobyte_at_most() -> None:
    assert peak_mb(13, 3 * CONTACTS) - peak_mb(13, CONTACTS) < 2 * CONTACTS * 500 / 1e6
