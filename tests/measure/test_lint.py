"""Findings before a run: each on a desk with one fault, none on a sound one."""

import pytest

from sim.measure.lint import lint
from sim.scenario.load import loads

SOUND = """
format: 1
name: A sound desk
time: {start: 2026-04-06, length: 7 days}
opening_hours: {office: {mon-fri: "09:00-17:00"}}
channels:
  phone: {open: office}
  email: {waiting: backlog, clock: office}
contact_types:
  order:
    arrivals: {phone: {rate: 60 per hour}, email: {rate: 2 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 4 min}, resolved: 90 %}}
tiers: {desk: {}}
agent_groups:
  clerks: {tier: desk, shifts: {day: {days: mon-fri, hours: "09:00-17:00", headcount: 6}}}
targets:
  - {measure: first_response, channel: email, within: 4 h, at_least: 90 %}
  - {measure: resolution, channel: phone, within: 4 h, at_least: 90 %}
"""


def findings(*changes: tuple[str, str]) -> list[str]:
    text = SOUND
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return [str(finding) for finding in lint(loads(text))]


def test_a_sound_desk_has_no_findings() -> None:
    assert findings() == []


def test_more_erlangs_than_agents_are_found_where_they_are_worst() -> None:
    """100 calls of 4 min an hour are 6.7 Erlangs for 6 people, in all 160 quarters of an hour of the week."""
    [found, *_] = findings(("rate: 60 per hour", "rate: 100 per hour"))
    assert found.startswith(
        "agent_groups.clerks: 6.7 Erlangs of live work come to clerks at Mon 2026-04-06 09:00 and 6.0"
    )
    assert "in 160 of 672 intervals" in found


def test_cases_that_wait_at_the_start_are_work_too() -> None:
    """40 h of calls at 4 Erlangs and 336 mails are 182 h; with 900 mails more, of 4 min, 242 h; 240 are there."""
    found = findings(("email: {waiting", "email: {initial_backlog: {waiting: 900, oldest: 3 days}, waiting"))
    assert found == ["tiers.desk: is loaded 101 %: 242 h of work for 240 h on duty; above 95 % queues keep growing"]


def test_a_language_that_too_few_speak_is_found_although_others_have_time() -> None:
    """Of 4 Erlangs of calls a half comes in Japanese, to the one of seven people who speaks it."""
    found = findings(
        ("handling: {desk", "languages: {ja: 50 %, en: 50 %}\n    handling: {desk"),
        ("tier: desk,", "tier: desk, languages: [en],"),
        ("targets:", "  bilingual: {tier: desk, headcount: 1}\ntargets:"),
    )
    assert found == [
        "agent_groups.bilingual: 2.0 Erlangs of live work that nobody else serves come to bilingual at Mon 2026-04-06 "
        "09:00 and 1.0 agents are on duty; in 160 of 672 intervals more comes than can be handled at once"
    ]


def test_a_language_in_which_nobody_is_there_at_some_hour_is_found() -> None:
    """The one who speaks Japanese comes at 10; one in ten of 60 calls an hour from 9 on is 6 a day."""
    found = findings(
        ("handling: {desk", "languages: {ja: 10 %, en: 90 %}\n    handling: {desk"),
        ("tier: desk,", "tier: desk, languages: [en],"),
        (
            "targets:",
            '  bilingual: {tier: desk, shifts: {late: {days: mon-sun, hours: "10:00-24:00", headcount: 1}}}\ntargets:',
        ),
    )
    assert found == [
        "channels.phone: 30 contacts of order in ja come to desk while nobody who serves them is on duty, first at "
        "Mon 2026-04-06 09:00; shorten `open` or lengthen the shifts"
    ]


def test_a_promise_in_a_language_is_held_against_those_who_speak_it() -> None:
    """Japanese mail from 17:00 on waits for the one who speaks it until 16:00, 7 hours of the clock."""
    found = findings(
        ("handling: {desk", "languages: {ja: 10 %, en: 90 %}\n    handling: {desk"),
        ("tier: desk,", "tier: desk, languages: [en],"),
        ("channel: email, within", "channel: email, language: ja, within"),
        (
            "targets:",
            "  japanese: {tier: desk, serves: [{channels: [email]}], "
            'shifts: {late: {days: mon-sun, hours: "16:00-17:00", headcount: 1}}}\n'
            "  callers: {tier: desk, serves: [{channels: [phone]}], headcount: 1}\ntargets:",
        ),
    )
    assert found == [
        "targets.0: promises first_response within 4 h, but from Thu 2026-04-09 17:00 nobody who serves email in ja is "
        "on duty for 7 h of its clock; give the channel a `clock` that rests meanwhile, or promise later"
    ]


def test_slots_carry_more_erlangs() -> None:
    slots = ("tier: desk, shifts", "tier: desk, slots: {phone: {limit: 2}}, shifts")
    assert findings(("rate: 60 per hour", "rate: 100 per hour"), slots) == []


def test_a_tier_loaded_above_95_percent_is_found() -> None:
    """40 h of calls at 4 Erlangs and 168 h of mail at 0.6 are 260 h; five people on duty have 200 h."""
    found = findings(("headcount: 6", "headcount: 5"), ("rate: 2 per hour", "rate: 9 per hour"))
    assert found == ["tiers.desk: is loaded 130 %: 261 h of work for 200 h on duty; above 95 % queues keep growing"]


def test_a_live_queue_that_nobody_serves_at_some_hour_is_found() -> None:
    found = findings(('hours: "09:00-17:00", headcount', 'hours: "09:00-16:00", headcount'))
    assert found[0].startswith(
        "channels.phone: 300 contacts of order come to desk while nobody who serves them is on duty"
    )
    assert "first at Mon 2026-04-06 16:00" in found[0]


def test_a_promise_shorter_than_the_gap_between_hours_is_found() -> None:
    """Without a clock that rests, a mail of Friday evening waits from 17:00 until Sunday is over, 55 h."""
    [found] = findings((", clock: office", ""))
    assert found.startswith("targets.0: promises first_response within 4 h, but from Fri 2026-04-10 17:00 nobody")
    assert "for 55 h of its clock" in found or "for 2 days" in found


@pytest.mark.parametrize("measure", ["containment", "refused"])
def test_a_target_that_no_staffing_can_move_is_found(measure: str) -> None:
    target = f"{{measure: {measure}, channel: phone, at_least: 10 %}}"
    [found] = findings(("{measure: resolution, channel: phone, within: 4 h, at_least: 90 %}", target))
    assert found == f"targets.1: {measure} does not depend on staffing: no headcount moves it"


def test_a_resolution_above_what_the_tiers_resolve_is_found() -> None:
    [found] = findings(
        (
            "within: 4 h, at_least: 90 %}\n  - {measure: resolution",
            "within: 4 h, at_least: 90 %}\n  - {measure: resolution",
        ),
        ("resolved: 90 %", "resolved: 89 %"),
    )
    assert found == (
        "targets.1: wants resolution of 90 %, but the tiers resolve 89 % of what comes to them even if nobody waits"
    )


def test_escalated_contacts_that_a_later_tier_resolves_count() -> None:
    """50 % at once and 40 % of them by way of the experts, who resolve all: 90 % is within reach."""
    changes = [
        (
            "resolved: 90 %}",
            "resolved: 50 %, escalated: 40 %}, expert: {handle_time: {distribution: constant, mean: 1 min}}",
        ),
        ("tiers: {desk: {}}", "tiers: {desk: {}, expert: {}}"),
        ("agent_groups:", "agent_groups:\n  experts: {tier: expert, headcount: 3}"),
    ]
    assert findings(*changes) == []
