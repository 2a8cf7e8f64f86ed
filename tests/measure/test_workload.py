"""Expected work and people, worked by hand."""

import numpy as np
import pytest

from sim.engine.rules import NOBODY
from sim.measure.workload import Workload
from sim.scenario.load import loads
from sim.scenario.schema import Scenario

DESK = """
format: 1
name: Two tiers behind a bot
time: {start: 2026-04-06, length: 1 day, interval: 1 h}
opening_hours: {office: {mon-sun: "09:00-17:00"}, morning: {mon-sun: "00:00-12:00"}}
channels:
  phone: {open: office, patience: {distribution: constant, mean: 2 min}}
  email: {waiting: backlog}
contact_types:
  fault:
    arrivals:
      phone: {rate: 60 per hour}
      email: {rates: {mon-sun: {"00:00": 0 per hour, "08:00": 10 per hour, "10:00": 0 per hour}}}
    handling:
      desk:
        handle_time: {distribution: constant, mean: 4 min}
        wrap_up: {distribution: constant, mean: 1 min}
        resolved: 70 %
        escalated: 20 %
      expert: {handle_time: {distribution: constant, mean: 10 min}}
self_service:
  bot: {channels: [phone], open: morning, takes: {distribution: constant, mean: 1 min}, resolves: 20 %, gives_up: 5 %}
tiers: {desk: {}, expert: {handover: warm, briefing: {distribution: constant, mean: 1 min}}}
agent_groups:
  clerks:
    tier: desk
    shrinkage: {absence: 10 %, in_shift: 20 %}
    slots: {email: {limit: 2, pace: [100 %, 75 %]}}
    shifts: {day: {days: mon-fri, hours: "08:30-17:30", headcount: 10, breaks: [{at: "12:00", length: 30 min}]}}
  experts: {tier: expert, staffing: {mon-sun: {"00:00": 0, "09:00": 3, "12:30": 2, "17:00": 0}}}
"""


@pytest.fixture(scope="module")
def desk() -> Scenario:
    return loads(DESK)


@pytest.fixture(scope="module")
def work(desk: Scenario) -> Workload:
    return Workload.of(desk)


def queue(work: Workload, tier: str, channel: str) -> int:
    return int(work.program.queues.of[work.labels.tiers.index(tier), 0, work.labels.channels.index(channel), NOBODY])


def test_contacts_come_in_at_an_open_door_and_past_open_self_service(work: Workload) -> None:
    """60 an hour, of whom the bot keeps 25 % until noon; before 9 and from 17 on the door is shut."""
    came = work.contacts[queue(work, "desk", "phone")]
    assert came[[8, 9, 11, 12, 16, 17]].tolist() == pytest.approx([0, 45, 45, 60, 60, 0])


def test_rates_hold_from_their_time_to_the_next(work: Workload) -> None:
    came = work.contacts[queue(work, "desk", "email")]
    assert came[[7, 8, 9, 10]].tolist() == pytest.approx([0, 10, 10, 0])


def test_a_tier_gets_its_share_of_escalations(work: Workload) -> None:
    assert work.contacts[queue(work, "expert", "phone")][12] == pytest.approx(12)


def test_handling_is_talk_wrap_up_and_the_briefings_of_both_sides(work: Workload) -> None:
    """Desk: 4 + 1 min and a briefing of 1 min for every fifth; expert: 10 min and the briefing."""
    assert work.handle_ms[queue(work, "desk", "phone")] == pytest.approx(5.2 * 60_000)
    assert work.handle_ms[queue(work, "expert", "phone")] == pytest.approx(11 * 60_000)


def test_load_is_contacts_by_handle_time_over_time(work: Workload) -> None:
    assert work.erlangs[queue(work, "desk", "phone")][12] == pytest.approx(60 * 5.2 / 60)


def test_patience_is_for_live_queues(work: Workload) -> None:
    assert work.patience_ms[queue(work, "desk", "phone")] == 120_000
    assert work.patience_ms[queue(work, "desk", "email")] == np.inf


def test_agents_on_duty_are_less_what_is_away_and_less_breaks(work: Workload) -> None:
    """Ten clerks, of whom 0.9 × 0.8 are there: 7.2; half of that while the shift or the break takes half an hour."""
    clerks = work.agents[work.labels.groups.index("clerks")]
    assert clerks[[7, 8, 9, 12, 17, 18]].tolist() == pytest.approx([0, 3.6, 7.2, 3.6, 3.6, 0])


def test_agents_by_numbers_follow_their_steps(work: Workload) -> None:
    experts = work.agents[work.labels.groups.index("experts")]
    assert experts[[8, 9, 12, 13, 17]].tolist() == pytest.approx([0, 3, 2.5, 2, 0])


def test_an_agent_with_slots_gets_slots_times_pace_done(work: Workload) -> None:
    clerks = work.labels.groups.index("clerks")
    assert work.capacity(clerks, work.labels.channels.index("email")) == pytest.approx(1.5)
    assert work.capacity(clerks, work.labels.channels.index("phone")) == 1


def test_the_handle_times_of_a_log_count_where_it_has_them() -> None:
    """Two logged calls of 10 min and 20 min, one without: (10 + 20 + 4) / 3 and 1 min of wrap-up, plus 0.2 briefing."""
    log = '[{time: "09:00:00", handle_time: 10 min}, {time: "09:10:00", handle_time: 20 min}, {time: "09:20:00"}]'
    work = Workload.of(loads(DESK.replace("{rate: 60 per hour}", f"{{log: {log}}}")))
    assert work.handle_ms[queue(work, "desk", "phone")] == pytest.approx((34 / 3 + 1.2) * 60_000)


def test_what_self_service_hands_on_is_harder_work() -> None:
    """150 % of 4 min for the 3 × 45 from the bot, 4 min for the 5 × 60 who find it closed: 4 min 37 s on average."""
    harder = Workload.of(loads(DESK.replace("gives_up: 5 %", "gives_up: 5 %, harder_rest: 150 %")))
    plain = Workload.of(loads(DESK))
    more = {"desk": 4, "expert": 10}
    for tier, minutes in more.items():
        at = queue(plain, tier, "phone")
        assert harder.handle_ms[at] - plain.handle_ms[at] == pytest.approx(minutes * 60_000 * 0.5 * 135 / 435)
    assert np.array_equal(harder.contacts, plain.contacts)


def test_work_is_told_apart_by_language() -> None:
    """A quarter of 60 calls comes in Japanese, which English speakers at pace 200 % do not take: 4 min, not 3 or 2."""
    text = DESK.replace("    handling:", "    languages: {ja: 25 %, en: 75 %}\n    handling:", 1)
    text = text.replace("    tier: desk\n", "    tier: desk\n    languages: [ja, en]\n", 1)
    work = Workload.of(loads(text + "  more: {tier: desk, headcount: 1, pace: 200 %, languages: [en]}\n"))
    of = work.program.queues.of[0, 0, work.labels.channels.index("phone")]
    en, ja = (int(of[work.labels.languages.index(name)]) for name in ("en", "ja"))
    assert (work.contacts[en, 12], work.contacts[ja, 12]) == pytest.approx((45, 15))
    assert (work.handle_ms[en], work.handle_ms[ja]) == pytest.approx((4.2 * 60_000, 5.2 * 60_000))
    assert [work.labels.groups[group] for group in work.groups_of(ja)] == ["clerks"]


def test_haste_and_tools_move_what_is_escalated() -> None:
    """Twice the pace halves the odds 7 to 3: 7 in 13 resolved; of the 6 left two in three go on as before, 4 in 13.

    Two groups of which one keeps its pace resolve (7/13 + 7/10) / 2.
    """
    hasty = DESK.replace("    tier: desk\n", "    tier: desk\n    pace: 200 %\n", 1)
    hasty += "quality: {pace_effect: {resolved: -1}}\n"
    work = Workload.of(loads(hasty))
    assert work.contacts[queue(work, "expert", "phone")][12] == pytest.approx(60 * 4 / 13)
    way = work.ways[0, work.labels.channels.index("phone")]
    assert way.resolved == pytest.approx(7 / 13 + 4 / 13)
    both = hasty.replace("  experts: {", "  calm: {tier: desk, headcount: 1}\n  experts: {")
    work = Workload.of(loads(both))
    left = 1 - (7 / 13 + 7 / 10) / 2
    assert work.contacts[queue(work, "expert", "phone")][12] == pytest.approx(60 * left * 2 / 3)


def test_who_is_sent_back_comes_again_and_is_handed_up_again() -> None:
    """Of 60 calls 12 reach an expert, who sends a quarter back once: 3 more at the desk, 0.6 of them at the expert."""
    returned = DESK.replace("mean: 10 min}}", "mean: 10 min}, resolved: 50 %, returned: 25 %}")
    work = Workload.of(loads(returned))
    assert work.contacts[queue(work, "desk", "phone")][12] == pytest.approx(63)
    assert work.contacts[queue(work, "expert", "phone")][12] == pytest.approx(12.6)
    # Who was handed up twice was briefed twice; what is sent back to the desk comes cold.
    assert work.handle_ms[queue(work, "desk", "phone")] == pytest.approx(5.2 * 60_000)
    assert work.handle_ms[queue(work, "expert", "phone")] == pytest.approx(11 * 60_000)
    # The desk resolves 70 % of 63; the expert half, and of those it may not send back two thirds.
    resolved = work.ways[0, work.labels.channels.index("phone")].resolved
    assert resolved == pytest.approx((0.7 * 63 + 0.5 * 12 + 2 / 3 * 0.6) / 60)


def test_an_escalation_by_shares_is_followed_by_each() -> None:
    """A fifth of 60 calls goes to the expert and a tenth to the visitors, whose ticket has no briefing."""
    visits = (
        DESK.replace("escalated: 20 %", "escalated: {expert: 20 %, visit: 10 %}")
        .replace("mean: 10 min}}", "mean: 10 min}}\n      visit: {handle_time: 1 h}")
        .replace("tiers: {desk: {},", "tiers: {desk: {}, visit: {handover: ticket},")
        .replace("agent_groups:", "agent_groups:\n  visitors: {tier: visit, headcount: 1}")
    )
    work = Workload.of(loads(visits))
    assert work.contacts[queue(work, "expert", "phone")][12] == pytest.approx(12)
    assert work.contacts[queue(work, "visit", "phone")][12] == pytest.approx(6)
    assert not work.live[queue(work, "visit", "phone")]


def test_triage_of_the_misrouted_is_work_of_the_wrong_queue_and_takes_none_from_the_right_one() -> None:
    """Of 10 e-mailed orders 20 % reach the faults: 2 of 1 min each beside 20 faults of 5 min."""
    orders = """
  order:
    arrivals: {email: {rates: {mon-sun: {"00:00": 0 per hour, "08:00": 10 per hour, "09:00": 0 per hour}}}}
    misrouted: {share: 20 %, to: fault, triage: {distribution: constant, mean: 1 min}}
    handling: {desk: {handle_time: {distribution: constant, mean: 2 min}}}
self_service:"""
    work = Workload.of(loads(DESK.replace("\nself_service:", orders)))
    plain = Workload.of(loads(DESK))
    before, wrong = queue(plain, "desk", "email"), queue(work, "desk", "email")
    right = int(work.program.queues.of[0, 1, work.labels.channels.index("email"), NOBODY])
    assert work.contacts[wrong].sum() == pytest.approx(plain.contacts[before].sum() + 2)
    assert work.contacts[right].sum() == pytest.approx(10)
    expected = (20 * plain.handle_ms[before] + 2 * 60_000) / 22
    assert work.handle_ms[[wrong, right]].tolist() == pytest.approx([expected, 120_000])


def test_the_replies_of_customers_are_work_of_the_same_tier() -> None:
    """Half of all messages are answered again, twice at most: 1.75 e-mails at the desk for each of 20, talk as said."""
    replies = "{continues: 50 %, customer_replies_after: 1 h, limit: 2}"
    text = DESK.replace("{waiting: backlog}", f"{{waiting: backlog, exchanges: {replies}}}")
    work, plain = Workload.of(loads(text)), Workload.of(loads(DESK))
    for tier, cases in (("desk", 20), ("expert", 4)):
        at = queue(work, tier, "email")
        assert plain.contacts[at].sum() == pytest.approx(cases)
        assert work.contacts[at].sum() == pytest.approx(1.75 * cases)
        assert work.handle_ms[at] == pytest.approx(plain.handle_ms[at])
    assert work.ways[0, 0].resolved == pytest.approx(plain.ways[0, 0].resolved)
