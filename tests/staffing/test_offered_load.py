"""Offered load that follows the clock, against integrals worked out exactly."""

from itertools import pairwise
from math import exp, expm1, log, sqrt

import numpy as np
import pytest
from scipy import integrate, stats

from sim.measure.workload import Workload
from sim.scenario.load import loads
from sim.staffing.offered_load import OfferedLoad

DESK = """
format: 1
name: One desk
time: {start: 2026-04-06, length: 4 h, interval: 30 min}
channels: {phone: {}}
contact_types:
  order:
    arrivals: {phone: {rates: {mon-sun: {"00:00": 60 per hour}}}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 30 min}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 6}}
"""
EXPONENTIAL = "handle_time: {distribution: exponential, mean: 30 min}"
TWO_TIERS = (
    (
        "handling: {desk: {",
        "handling: {expert: {handle_time: {distribution: exponential, mean: 1 h}}, "
        "desk: {resolved: 60 %, escalated: 40 %, ",
    ),
    ("tiers: {desk: {}}", "tiers: {desk: {}, expert: {}}"),
    ("agent_groups: {", "agent_groups: {experts: {tier: expert, headcount: 3}, "),
)


def desk(*changes: tuple[str, str]) -> OfferedLoad:
    text = DESK
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return OfferedLoad.of(loads(text))


def queue_of(load: OfferedLoad, tier: str) -> int:
    program, labels = load.work.program, load.work.labels
    [queue] = np.flatnonzero(program.queues.tier == labels.tiers.index(tier))
    return int(queue)


def averages(in_hand, hours: float = 4) -> list[float]:  # type: ignore[no-untyped-def]
    """Average a function of the hour over half hours."""
    edges = np.arange(0, hours + 0.5, 0.5)
    return [integrate.quad(in_hand, a, b, epsabs=1e-10)[0] / (b - a) for a, b in pairwise(edges)]


def test_from_an_empty_desk_the_load_of_exponential_times_fills_up() -> None:
    """60 an hour of half an hour each: 30 (1 − e^(−2t)) in hand after t hours."""
    load = desk()
    assert load.erlangs[0] == pytest.approx(averages(lambda t: -30 * expm1(-2 * t)), rel=2e-4)
    assert load.highest[0, 1] == pytest.approx(-30 * expm1(-2), rel=1e-9)
    assert load.contacts[0] == pytest.approx([30] * 8)


def test_constant_times_fill_up_in_a_straight_line() -> None:
    """60 an hour of 45 minutes: 60 t until three quarters, then 45, exactly."""
    load = desk((EXPONENTIAL, "handle_time: {distribution: constant, mean: 45 min}"))
    assert load.erlangs[0] == pytest.approx([15, (37.5 + 45) / 2, *[45] * 6], rel=1e-9)


def test_the_load_lags_the_arrivals() -> None:
    """A jump from 60 to 120 an hour at two o'clock, half an hour each: e^(−2t) of it is still to come after t hours."""
    load = desk(('"00:00": 60 per hour', '"00:00": 60 per hour, "02:00": 120 per hour'))

    def in_hand(t: float) -> float:
        return -30 * expm1(-2 * t) - 30 * expm1(-2 * max(t - 2, 0))

    assert load.erlangs[0] == pytest.approx(averages(in_hand), rel=2e-4)
    naive = Workload.of(loads(DESK.replace("60 per hour", "120 per hour"))).erlangs[0, 4]
    assert load.erlangs[0, 4] < 0.8 * naive


def test_lognormal_times_agree_with_the_integral_of_the_tail() -> None:
    """m(t) = λ ∫ P(S > u) du by quadrature over SciPy's law."""
    load = desk((EXPONENTIAL, "handle_time: {distribution: lognormal, mean: 30 min, cv: 1.5}"))
    spread = sqrt(log(1 + 1.5**2))
    law = stats.lognorm(s=spread, scale=0.5 * exp(-(spread**2) / 2))

    def in_hand(t: float) -> float:
        return 60 * float(integrate.quad(law.sf, 0, t, points=[0.01, 0.1] if t > 0.1 else None)[0])

    assert load.erlangs[0] == pytest.approx(averages(in_hand), rel=2e-4)


def test_wrap_up_begins_when_talk_ends() -> None:
    """Both exponential: a tandem of two, of which both keep the agent."""
    load = desk((EXPONENTIAL, EXPONENTIAL + ", wrap_up: {distribution: exponential, mean: 15 min}"))

    def in_hand(t: float) -> float:
        return -30 * expm1(-2 * t) + 60 * (-expm1(-4 * t) / 4 - (exp(-2 * t) - exp(-4 * t)) / 2)

    assert load.erlangs[0] == pytest.approx(averages(in_hand), rel=2e-4)


def test_escalated_contacts_come_to_the_next_tier_when_their_talk_ends() -> None:
    """Two exponential tiers, 40 % go on: p λ ∫ of the tandem of 30 minutes and an hour."""
    load = desk(*TWO_TIERS)

    def in_hand(t: float) -> float:
        return 0.4 * 60 * (-expm1(-t) - (exp(-t) - exp(-2 * t)))

    assert load.erlangs[queue_of(load, "expert")] == pytest.approx(averages(in_hand), rel=3e-4)
    came = load.contacts[queue_of(load, "expert")]
    assert came[0] == pytest.approx(0.4 * 60 * (0.5 + expm1(-1) / 2), rel=1e-6)


def test_wrap_up_keeps_nobody_from_the_next_tier() -> None:
    """The contact goes on at the end of talk, whatever the agent still writes."""
    plain = desk(*TWO_TIERS)
    written = desk((EXPONENTIAL, EXPONENTIAL + ", wrap_up: 20 min"), *TWO_TIERS)
    at = queue_of(plain, "expert")
    assert written.contacts[at] == pytest.approx(plain.contacts[at], rel=1e-9)


def test_what_is_sent_back_comes_again_and_all_counts_are_the_workloads() -> None:
    """A day after the last arrival every contact has come to where the expected way leads it, and all work is done."""
    day = (
        ("length: 4 h", "length: 2 days"),
        ('mon-sun: {"00:00": 60 per hour}', 'mon: {"00:00": 60 per hour, "04:00": 0 per hour}'),
        ("{expert: {handle", "{expert: {resolved: 50 %, returned: 30 %, returns: 2, handle"),
        ("resolved: 60 %", "resolved: 50 %"),
    )
    load = desk(*TWO_TIERS, *day)
    work = load.work
    assert work.contacts.sum(axis=1)[queue_of(load, "desk")] > 260
    assert load.contacts.sum(axis=1) == pytest.approx(work.contacts.sum(axis=1), rel=1e-8)
    width = np.diff(work.edges)
    assert load.erlangs @ width == pytest.approx(work.contacts.sum(axis=1) * work.handle_ms, rel=1e-4)


def test_misrouted_contacts_are_triaged_first() -> None:
    """10 minutes at the wrong desk, then the right one: nobody is there before."""
    kind = "return: {arrivals: {phone: {rate: 0.001 per hour}}, handling: {desk: {handle_time: 5 min}}}"
    misrouted = "misrouted: {share: 50 %, to: return, triage: {distribution: constant, mean: 10 min}}"
    load = desk(("contact_types:", f"contact_types:\n  {kind}"), ("    handling", f"    {misrouted}\n    handling"))
    labels, queues = load.work.labels, load.work.program.queues
    right, wrong = (
        int(np.flatnonzero(queues.contact_type == labels.contact_types.index(kind))[0]) for kind in ("order", "return")
    )
    assert load.contacts[right, 0] == pytest.approx(15 + 30 * 20 / 60, rel=1e-6)
    assert load.erlangs[wrong, 1] == pytest.approx(30 / 6, rel=1e-3)


def test_appointments_wait_for_the_tiers_clock() -> None:
    """One hour of delay on a clock that starts at two: nobody comes before three, then all who were handed over."""
    load = desk(
        *TWO_TIERS,
        ("expert: {}", "expert: {clock: late, appointment: {distribution: constant, mean: 1 h}}"),
        ("channels:", 'opening_hours: {late: {mon-sun: "02:00-24:00"}}\nchannels:'),
    )
    came = load.contacts[queue_of(load, "expert")]
    handed = 0.4 * 60 * (2 + expm1(-4) / 2)
    assert came[:6] == pytest.approx([0] * 6, abs=1e-9)
    assert came[6] == pytest.approx(handed + 0.4 * 60 * (0.5 + (exp(-5) - exp(-4)) / 2), rel=1e-3)


def test_self_service_and_the_door_let_only_some_in() -> None:
    """A bot that solves a quarter, and a door that opens at two."""
    load = desk(
        (
            "channels: {phone: {}}",
            "channels: {phone: {open: late}}\nself_service: {bot: {channels: [phone], resolves: 25 %, takes: 1 min}}",
        ),
        ("contact_types:", 'opening_hours: {late: {mon-sun: "02:00-24:00"}}\ncontact_types:'),
    )
    assert load.contacts[0] == pytest.approx([0, 0, 0, 0, 22.5, 22.5, 22.5, 22.5])
    assert load.erlangs[0, :4] == pytest.approx([0] * 4, abs=1e-9)


def test_a_pool_counts_slots_at_the_pace_of_the_limit() -> None:
    """30 chats at once at 3 slots of 80 % each take 12.5 agents."""
    load = desk(
        ("phone: {}", "chat: {}"),
        ("{phone: {rates", "{chat: {rates"),
        ("headcount: 6", "headcount: 6, slots: {chat: {limit: 3, pace: [1, 0.9, 0.8]}}"),
    )
    assert load.of_pool((0,)) == pytest.approx(load.erlangs[0] / 2.4)


def test_load_is_told_apart_by_language_at_the_wrong_desk_too() -> None:
    """A quarter of the orders comes in Japanese, a tenth of each by way of the desk of the faults."""
    fault = "fault: {arrivals: {phone: {rate: 1 per hour}}, handling: {desk: {handle_time: 5 min}}}\n  order:\n"
    fault += "    misrouted: {share: 10 %, to: fault, triage: 6 min}\n    languages: {en: 75 %, ja: 25 %}\n"
    plain, load = desk(("order:\n", fault.replace("en: 75 %, ja: 25 %", ""))), desk(("order:\n", fault))
    of, whole = load.work.program.queues.of[0, :, 0], plain.work.program.queues.of[0, :, 0]
    for kind, language, share in ((1, 0, 0.75), (1, 1, 0.25), (0, 0, 0.75), (0, 1, 0.25)):
        # What the faults' own calls, which come in no named language, add is in a queue of its own.
        own = {0: 60 * 0.1 * 0.1 * share, 1: None}[kind]
        erlangs = load.erlangs[of[kind, language]]
        if own is None:
            assert erlangs == pytest.approx(share * plain.erlangs[whole[kind, -1]])
        else:
            assert erlangs[2:] == pytest.approx(own)
    assert load.erlangs.sum() == pytest.approx(plain.erlangs.sum())


def test_who_writes_again_is_work_when_the_reply_comes() -> None:
    """60 cases an hour, 15 minutes a message, half of them once more after 2 h: 22.5 in hand in the long run.

    A third of all messages, 0.5 of 1.5, is followed by one more: the limit is kept on average.
    """
    mail = (
        ("phone", "email"),
        ("email: {}", "email: {waiting: backlog, exchanges: {continues: 50 %, customer_replies_after: 2 h, limit: 1}}"),
        (EXPONENTIAL, "handle_time: {distribution: constant, mean: 15 min}"),
    )
    load = desk(*mail)
    assert load.contacts[0, 0] == pytest.approx(30)
    assert load.contacts[0, 5] == pytest.approx(30 * 4 / 3)
    longer = desk(*mail, ("length: 4 h", "length: 2 days"))
    assert longer.contacts[0, -1] == pytest.approx(45, rel=1e-6)
    assert longer.erlangs[0, -1] == pytest.approx(22.5, rel=1e-6)


def test_replies_leave_handovers_to_another_tier_as_they_are() -> None:
    """Of 60 cases an hour 40 % reach the experts however often customers write to the desk before."""
    mail = (
        ("phone", "email"),
        ("email: {}", "email: {waiting: backlog, exchanges: {continues: 50 %, customer_replies_after: 5 min}}"),
        ("length: 4 h", "length: 2 days"),
    )
    load = desk(*TWO_TIERS, *mail)
    twice = 2 - 0.5**10
    assert load.contacts[queue_of(load, "desk"), -1] == pytest.approx(30 * twice, rel=1e-6)
    assert load.contacts[queue_of(load, "expert"), -1] == pytest.approx(0.4 * 30 * twice, rel=1e-6)
