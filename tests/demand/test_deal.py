"""The deal: chains of retries by hand, the law of every mark, and what leaves whose numbers alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import fields, is_dataclass, replace
from functools import cache
from hashlib import sha256
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.demand.deal import Dealer, deal
from sim.demand.hand import NEVER, NONE, AttemptKind, Hand, StageOutcome
from sim.scenario.load import load, loads
from sim.scenario.names import Names
from sim.scenario.schema import Scenario

Tree = dict[str, Any]

MINUTE = 60_000
SCENARIOS = Path(__file__).parents[2] / "scenarios"

DESK: Tree = {
    "format": 1,
    "name": "A desk with some of everything that is dealt",
    "time": {"start": "2026-04-06", "length": "10 h"},
    "channels": {
        "phone": {
            "patience": {"distribution": "exponential", "mean": "3 min"},
            "balking": {"share": "10 %"},
            "retry": {"share": "40 %", "after": {"distribution": "exponential", "mean": "12 min"}, "attempts": 2},
        },
        "chat": {
            "patience": {"distribution": "weibull", "mean": "4 min", "shape": 1.4},
            "retry": {"share": "20 %", "after": {"distribution": "constant", "mean": "30 min"}, "channel": "email"},
        },
        "email": {"waiting": "backlog"},
    },
    "customers": {"external": {}, "premium": {}, "internal": {}},
    "contact_types": {
        "how_to": {
            "customer": {"external": "70 %", "premium": "30 %"},
            "languages": {"ja": "80 %", "en": "20 %", "es": 0},
            "arrivals": {
                "phone": {"rate": "60 per hour"},
                "chat": {"rate": "40 per hour"},
                "email": {"rate": "10 per hour"},
            },
            "handling": {
                "first_line": {
                    "handle_time": {"distribution": "lognormal", "mean": "6 min", "cv": 0.9},
                    "wrap_up": {"distribution": "exponential", "mean": "40 s"},
                    "on_chat": {"handle_time": {"distribution": "lognormal", "mean": "9 min", "cv": 0.5}},
                    "on_email": {"wrap_up": "0 s"},
                },
            },
        },
        "fault": {
            "customer": "internal",
            "arrivals": {"phone": {"rate": "30 per hour"}, "chat": {"rate": "20 per hour"}},
            "handling": {
                "first_line": {
                    "handle_time": {"distribution": "gamma", "mean": "7 min", "cv": 0.8},
                    "resolved": "45 %",
                    "escalated": "52 %",
                },
                "technical": {
                    "handle_time": {"distribution": "lognormal", "mean": "16 min", "cv": 0.9},
                    "wrap_up": "3 min",
                    "patience": {"distribution": "exponential", "mean": "10 min"},
                },
            },
        },
    },
    "self_service": {
        "chatbot": {
            "channels": ["chat"],
            "takes": {"distribution": "lognormal", "mean": "3 min", "cv": 0.8},
            "resolves": {"how_to": "52 %"},
            "gives_up": "6 %",
        }
    },
    "tiers": {
        "first_line": {},
        "technical": {"handover": "warm", "briefing": {"distribution": "exponential", "mean": "90 s"}},
    },
    "agent_groups": {
        "desk": {"tier": "first_line", "shifts": {"day": {"days": "mon-sun", "hours": "00:00-10:00", "headcount": 9}}},
        "engineers": {"tier": "technical", "headcount": 4},
    },
}


def scenario_of(tree: Tree) -> Scenario:
    """Load a tree as if it were a file."""
    return loads(json.dumps(tree))


def changed(**sections: Any) -> Tree:
    """Give the desk with keys of its sections replaced or added; None removes a key."""
    tree = deepcopy(DESK)
    for section, changes in sections.items():
        for key, value in changes.items():
            if value is None:
                del tree[section][key]
            else:
                tree.setdefault(section, {})[key] = value
    return tree


def dealt(tree: Tree, seed: int = 1, replication: int = 0) -> dict[tuple[str, ...], list[object]]:
    """Give all that is dealt by name: (type, first channel, attempt, what) to values by the inquiry's index."""
    scenario = scenario_of(tree)
    hand, names = deal(scenario, seed, replication), Names.of(scenario)
    found: dict[tuple[str, ...], list[object]] = {}
    for inquiry in range(hand.inquiries.channel.size):
        kind = names.contact_types[hand.inquiries.contact_type[inquiry]]
        first_channel = names.channels[hand.inquiries.channel[inquiry]]
        customer = names.customers[hand.inquiries.customer[inquiry]] if hand.inquiries.customer[inquiry] >= 0 else None
        spoken = names.languages[hand.inquiries.language[inquiry]] if hand.inquiries.language[inquiry] >= 0 else None
        found.setdefault((kind, first_channel, "language"), []).append(spoken)
        index = len(found.setdefault((kind, first_channel, "customer"), []))
        found[kind, first_channel, "customer"].append(customer)
        for contact in range(*hand.inquiries.first_contact[inquiry : inquiry + 2]):
            values = {
                "index": index,
                "channel": names.channels[hand.contacts.channel[contact]],
                "at": int(hand.contacts.at[contact]),
                "balks": bool(hand.contacts.balks[contact]),
                "silent": bool(hand.contacts.silent[contact]),
                "skips": bool(hand.contacts.skips_self_service[contact]),
                "retry_after": int(hand.contacts.retry_after[contact]),
                "repeat_after": int(hand.contacts.repeat_after[contact]),
            }
            for mark in range(*hand.contacts.first_stage_mark[contact : contact + 2]):
                stage = names.stages[hand.stage_marks.stage[mark]]
                values[f"takes/{stage}"] = int(hand.stage_marks.takes[mark])
                values[f"outcome/{stage}"] = int(hand.stage_marks.outcome[mark])
            own = range(*hand.contacts.first_tier_mark[contact : contact + 2])
            for mark in own:
                at_the_wrong_desk = hand.contacts.misrouted[contact] and mark == own[-1]
                tier = "(triage)" if at_the_wrong_desk else names.tiers[hand.tier_marks.tier[mark]]
                for what in ("talk", "wrap_up", "patience", "briefing", "decide"):
                    values[f"{what}/{tier}"] = getattr(hand.tier_marks, what)[mark].item()
            for what, value in values.items():
                again = "repeat " if hand.contacts.kind[contact] == AttemptKind.REPEAT else ""
                key = (kind, first_channel, f"{again}{hand.contacts.attempt[contact]}", what)
                found.setdefault(key, []).append(value)
    return found


def column(hand: Hand, names: Names, what: str, tier: str) -> np.ndarray:
    """Give one column of the marks of a tier."""
    return getattr(hand.tier_marks, what)[hand.tier_marks.tier == names.tiers.index(tier)]


def same_hand(one: Hand, other: Hand) -> bool:
    """Whether every column of every table agrees."""
    tables = ("inquiries", "contacts", "stage_marks", "tier_marks", "agents")
    return all(
        np.array_equal(getattr(getattr(one, table), field.name), getattr(getattr(other, table), field.name))
        for table in tables
        for field in fields(getattr(one, table))
    )


# What leaves whose numbers alone

MORE_TALK = {"handle_time": {"distribution": "exponential", "mean": "5 min"}}
CHANGES: dict[str, Tree] = {
    "a contact type more": changed(
        contact_types={
            "account": {"arrivals": {"phone": {"rate": "50 per hour"}}, "handling": {"first_line": MORE_TALK}}
        }
    ),
    "a channel more": changed(
        channels={"app": {"waiting": "backlog"}},
        contact_types={
            "fault": {
                **DESK["contact_types"]["fault"],
                "arrivals": {"app": {"rate": "50 per hour"}, **DESK["contact_types"]["fault"]["arrivals"]},
            }
        },
    ),
    "a tier more at the end": changed(
        tiers={"field_visit": {}},
        contact_types={
            "fault": {
                **DESK["contact_types"]["fault"],
                "handling": {**DESK["contact_types"]["fault"]["handling"], "field_visit": MORE_TALK},
            }
        },
        agent_groups={"visitors": {"tier": "field_visit", "headcount": 2}},
    ),
    "a tier more before the others": {
        **changed(
            contact_types={
                "fault": {
                    **DESK["contact_types"]["fault"],
                    "handling": {
                        "reception": {**MORE_TALK, "resolved": "10 %", "escalated": "90 %"},
                        **DESK["contact_types"]["fault"]["handling"],
                    },
                }
            },
            agent_groups={"front": {"tier": "reception", "headcount": 2}},
        ),
        "tiers": {"reception": {}, **DESK["tiers"]},
    },
    "a stage more before the others": {
        **changed(),
        "self_service": {
            "knowledge_base": {
                "channels": ["chat", "email"],
                "takes": {"distribution": "exponential", "mean": "2 min"},
                "resolves": {"how_to": "30 %", "fault": "5 %"},
            },
            **DESK["self_service"],
        },
    },
    "misrouting": changed(
        contact_types={
            "fault": {
                **DESK["contact_types"]["fault"],
                "misrouted": {
                    "share": "30 %",
                    "to": "how_to",
                    "triage": {"distribution": "exponential", "mean": "1 min"},
                },
            }
        }
    ),
    "a customer segment more, that nobody is of": changed(customers={"aged": {}}),
    "an agent and a shift more": changed(
        agent_groups={
            "desk": {
                "tier": "first_line",
                "shifts": {
                    "day": {"days": "mon-sun", "hours": "00:00-10:00", "headcount": 10},
                    "early": {"days": "mon-sun", "hours": "00:00-05:00", "headcount": 3},
                },
            }
        }
    ),
}


@cache
def dealt_desk() -> dict[tuple[str, ...], list[object]]:
    """Give all that is dealt for the desk as it is, worked out once."""
    return dealt(DESK)


@pytest.mark.parametrize("tree", CHANGES.values(), ids=CHANGES)
def test_one_thing_more_leaves_every_other_dealt_number_unchanged(tree: Tree) -> None:
    """Everything that was dealt before is dealt again, digit for digit."""
    before, after = dealt_desk(), dealt(tree)
    assert before == {key: after[key] for key in before}


def test_languages_leave_every_other_dealt_number_unchanged() -> None:
    """Faults come in two languages instead of one without a name, how-tos in others: nothing but languages moves."""
    tree = deepcopy(DESK)
    tree["contact_types"]["fault"]["languages"] = {"en": "70 %", "fr": "30 %"}
    tree["contact_types"]["how_to"]["languages"] = "ja"
    before, after = dealt_desk(), dealt(tree)
    assert {key for key in before if before[key] != after[key]} == {key for key in before if key[2] == "language"}
    assert set(after["fault", "phone", "language"]) == {"en", "fr"}
    assert set(after["how_to", "phone", "language"]) == {"ja"}


def test_removing_the_chatbot_leaves_every_other_dealt_number_unchanged() -> None:
    """Without the bot the same customers come with the same numbers, but for the bot's."""
    before, after = dealt_desk(), dealt({**changed(), "self_service": {}})
    assert after == {key: values for key, values in before.items() if not key[-1].endswith("/chatbot")}


def test_another_distribution_moves_its_own_numbers_only() -> None:
    """A longer talk at the first line changes that column of that type and nothing else."""
    tree = deepcopy(DESK)
    tree["contact_types"]["fault"]["handling"]["first_line"]["handle_time"]["mean"] = "8 min"
    before, after = dealt_desk(), dealt(tree)
    moved = {key for key in before if before[key] != after[key]}
    assert moved == {key for key in before if key[0] == "fault" and key[-1] == "talk/first_line"}


def test_a_larger_share_of_retries_keeps_the_retries_there_were() -> None:
    """Whoever tried again at 40 % tries again at 60 %, with the same numbers."""
    tree = deepcopy(DESK)
    tree["channels"]["phone"]["retry"]["share"] = "60 %"
    before, after = dealt_desk(), dealt(tree)
    key = ("fault", "phone", "1", "index")
    assert set(before[key]) < set(after[key])
    talk = dict(zip(after[key], after["fault", "phone", "1", "talk/first_line"], strict=True))
    assert [talk[index] for index in before[key]] == before["fault", "phone", "1", "talk/first_line"]


def test_so_many_of_each_attempt_would_leave_silently_and_nothing_else_moves() -> None:
    """The larger share keeps who would do so by the smaller one."""
    shares = {}
    for share in ("0 %", "40 %", "60 %"):
        phone = {**DESK["channels"]["phone"], "silent": {"share": share, "detected_after": "1 min"}}
        tree = changed(channels={"phone": phone})
        shares[share] = dealt(tree)
        hand, names = deal(scenario_of(tree), 1, 0), Names.of(scenario_of(tree))
        for attempt in (0, 1):
            calls = contacts_of(hand, names, None, "phone", attempt)
            if share == "0 %":
                assert not hand.contacts.silent[calls].any()
            else:
                assert_share(hand.contacts.silent[calls], int(share[:2]) / 100)
        assert not hand.contacts.silent[contacts_of(hand, names, None, "chat")].any()
    none, some, more = shares.values()
    for key, values in none.items():
        if key[-1] == "silent":
            assert all(a <= b for a, b in zip(some[key], more[key], strict=True))
        else:
            assert values == some[key] == more[key]


def test_so_many_are_misrouted_each_with_its_own_triage() -> None:
    """30 % of the faults, on every channel and attempt; their last mark is of the first tier of the other type."""
    scenario = scenario_of(CHANGES["misrouting"])
    contacts, marks, names = deal(scenario, 1, 0).contacts, deal(scenario, 1, 0).tier_marks, Names.of(scenario)
    fault = contacts.contact_type == names.contact_types.index("fault")
    assert not contacts.misrouted[~fault].any()
    assert_share(contacts.misrouted[fault], 0.3)
    assert np.array_equal(np.diff(contacts.first_tier_mark), np.where(fault, 2, 1) + contacts.misrouted)
    last = contacts.first_tier_mark[1:][contacts.misrouted] - 1
    assert np.all(marks.tier[last] == names.tiers.index("first_line"))
    assert not marks.wrap_up[last].any()
    assert_mean(marks.talk[last], MINUTE)
    live = contacts.channel[contacts.misrouted] != names.channels.index("email")
    assert np.array_equal(marks.patience[last] < NEVER, live)


def test_repeats_leave_first_contacts_and_their_retries_alone() -> None:
    """Every other number of who comes first, or retries after that, is dealt again; retries of repeats come beside."""
    tree = deepcopy(DESK)
    tree["contact_types"]["fault"]["repeat"] = {
        "share": "50 %",
        "after": {"distribution": "exponential", "mean": "1 h"},
    }
    before, after = dealt_desk(), dealt(tree)
    first = [key for key in before if key[2] in ("customer", "language", "0", "1") and key[-1] != "repeat_after"]
    assert {key: before[key] for key in first} == {key: after[key] for key in first}
    assert ("fault", "phone", "repeat 1", "talk/technical") in after


def test_false_resolutions_are_some_of_what_the_stage_thinks_resolved() -> None:
    """A share of 25 % turns so many of the resolved into falsely resolved; nothing else moves."""
    tree = deepcopy(DESK)
    tree["self_service"]["chatbot"]["falsely_resolved"] = "25 %"
    before, after = dealt_desk(), dealt(tree)
    bot = ("how_to", "chat", "0", "outcome/chatbot")
    assert {key for key in before if before[key] != after[key]} <= {
        bot,
        (*bot[:2], "1", bot[3]),
        (*bot[:2], "2", bot[3]),
    }
    was, now = np.array(before[bot]), np.array(after[bot])
    assert np.all(was[now == StageOutcome.FALSELY_RESOLVED] == StageOutcome.RESOLVED)
    assert np.array_equal(
        was == StageOutcome.RESOLVED, np.isin(now, (StageOutcome.RESOLVED, StageOutcome.FALSELY_RESOLVED))
    )


def test_the_order_of_keys_changes_nothing() -> None:
    """Channels, types, customers, groups and arrivals in another order deal the same Hand, column for column."""
    tree = deepcopy(DESK)
    for section in ("channels", "contact_types", "customers", "agent_groups"):
        tree[section] = dict(reversed(tree[section].items()))
    for kind in tree["contact_types"].values():
        kind["arrivals"] = dict(reversed(kind["arrivals"].items()))
        kind["handling"] = dict(reversed(kind["handling"].items()))
        if isinstance(kind["customer"], dict):
            kind["customer"] = dict(reversed(kind["customer"].items()))
        if "languages" in kind:
            kind["languages"] = dict(reversed(kind["languages"].items()))
    assert same_hand(deal(scenario_of(DESK), 1, 0), deal(scenario_of(tree), 1, 0))


def test_replication_k_alone_is_replication_k_of_a_batch() -> None:
    """A dealer that dealt others before deals the same replication 3 as a new one; other seeds and numbers differ."""
    dealer = Dealer(scenario_of(DESK))
    batch = [dealer.deal(1, replication) for replication in range(4)]
    assert same_hand(batch[3], deal(scenario_of(DESK), 1, 3))
    assert not same_hand(batch[3], batch[2])
    assert not same_hand(batch[3], dealer.deal(2, 3))


# The law of every mark


@pytest.fixture(scope="module")
def busy() -> tuple[Hand, Names]:
    """Ten hours of the desk at a hundred times its volume: some 160,000 inquiries."""
    tree = deepcopy(DESK)
    for kind in tree["contact_types"].values():
        for arrivals in kind["arrivals"].values():
            arrivals["rate"] = f"{100 * float(arrivals['rate'].split()[0])} per hour"
    scenario = scenario_of(tree)
    return deal(scenario, 11, 0), Names.of(scenario)


def assert_share(hits: np.ndarray, share: float) -> None:
    """Within four standard errors."""
    assert abs(hits.mean() - share) < 4 * sqrt(share * (1 - share) / hits.size)


def assert_mean(values: np.ndarray, mean: float) -> None:
    """Within four standard errors."""
    assert abs(values.mean() - mean) < 4 * values.std() / sqrt(values.size)


def contacts_of(hand: Hand, names: Names, kind: str | None, channel: str, attempt: int = 0) -> np.ndarray:
    """Give the numbers of the contacts of a type (or all), on a channel, of an attempt."""
    chosen = (hand.contacts.channel == names.channels.index(channel)) & (hand.contacts.attempt == attempt)
    if kind is not None:
        chosen &= hand.contacts.contact_type == names.contact_types.index(kind)
    return np.flatnonzero(chosen)


def marks_of(hand: Hand, names: Names, kind: str, channel: str, tier: str) -> np.ndarray:
    """Give the tier marks of the first contacts of a type on a channel."""
    tiers = [name for name in names.tiers if name in DESK["contact_types"][kind]["handling"]]
    return hand.contacts.first_tier_mark[contacts_of(hand, names, kind, channel)] + tiers.index(tier)


def test_shares_are_the_ones_of_the_scenario(busy: tuple[Hand, Names]) -> None:
    """Balking, retries of each attempt, customer segments, languages: each within four standard errors."""
    hand, names = busy
    for attempt, share in ((0, 0.4), (1, 0.4)):
        phone = contacts_of(hand, names, None, "phone", attempt)
        assert_share(hand.contacts.balks[phone], 0.1)
        assert_share(hand.contacts.retry[phone] != NONE, share)
    assert not np.any(hand.contacts.retry[contacts_of(hand, names, None, "phone", 2)] != NONE)
    chat = contacts_of(hand, names, None, "chat")
    assert not hand.contacts.balks[chat].any()
    assert_share(hand.contacts.retry[chat] != NONE, 0.2)
    assert_mean(hand.contacts.retry_after[phone_that_retries(hand, names)], 12 * MINUTE)
    how_to = hand.inquiries.contact_type == names.contact_types.index("how_to")
    assert_share(hand.inquiries.customer[how_to] == names.customers.index("premium"), 0.3)
    assert not np.any(hand.inquiries.customer[how_to] == names.customers.index("internal"))
    assert np.all(hand.inquiries.customer[~how_to] == names.customers.index("internal"))
    assert_share(hand.inquiries.language[how_to] == names.languages.index("ja"), 0.8)
    assert not np.any(hand.inquiries.language[how_to] == names.languages.index("es"))
    assert np.all(hand.inquiries.language[~how_to] == NONE)
    premium = hand.inquiries.customer[how_to] == names.customers.index("premium")
    assert_share(hand.inquiries.language[how_to][premium] == names.languages.index("ja"), 0.8)


def phone_that_retries(hand: Hand, names: Names) -> np.ndarray:
    """Give the first calls whose customers would try again."""
    phone = contacts_of(hand, names, None, "phone")
    return phone[hand.contacts.retry[phone] != NONE]


def test_stages_do_what_their_shares_say(busy: tuple[Hand, Names]) -> None:
    """Of those who meet the bot 52 % are resolved, 6 % give up, the rest is handed on; others meet no stage."""
    hand, names = busy
    how_to, fault = (contacts_of(hand, names, kind, "chat") for kind in ("how_to", "fault"))
    outcome = hand.stage_marks.outcome[hand.contacts.first_stage_mark[how_to]]
    assert_share(outcome == StageOutcome.RESOLVED, 0.52)
    assert_share(outcome == StageOutcome.GAVE_UP, 0.06)
    assert_share(outcome == StageOutcome.HANDED_ON, 0.42)
    assert_mean(hand.stage_marks.takes, 3 * MINUTE)
    marks = np.diff(hand.contacts.first_stage_mark)
    assert np.all(marks[how_to] == 1)
    assert np.all(marks[fault] == 0)


def test_freshness_scales_what_a_stage_resolves() -> None:
    """At 50 % the bot resolves 26 % of those it meets, all of whom it resolves at 100 %; as many give up."""
    tree = deepcopy(DESK)
    tree["contact_types"]["how_to"]["arrivals"]["chat"]["rate"] = "300 per hour"
    fresh = deal(scenario_of(tree), 1, 0).stage_marks.outcome
    tree["self_service"]["chatbot"]["freshness"] = "50 %"
    stale = deal(scenario_of(tree), 1, 0).stage_marks.outcome
    assert_share(stale == StageOutcome.RESOLVED, 0.26)
    assert_share(stale == StageOutcome.GAVE_UP, 0.06)
    assert np.all(fresh[stale == StageOutcome.RESOLVED] == StageOutcome.RESOLVED)


def test_durations_have_the_means_of_the_scenario(busy: tuple[Hand, Names]) -> None:
    """Talk and wrap-up by tier, with a channel's own, briefing and patience: each mean within four standard errors."""
    hand, names = busy
    marks = hand.tier_marks
    for kind, channel, tier, talk, wrap_up, patience, briefing in (
        ("how_to", "phone", "first_line", 6, 40 / 60, 3, 0),
        ("how_to", "chat", "first_line", 9, 40 / 60, 4, 0),
        ("how_to", "email", "first_line", 6, 0, None, 0),
        ("fault", "phone", "first_line", 7, 0, 3, 0),
        ("fault", "phone", "technical", 16, 3, 10, 1.5),
        ("fault", "chat", "technical", 16, 3, 10, 1.5),
    ):
        at = marks_of(hand, names, kind, channel, tier)
        assert np.all(marks.tier[at] == names.tiers.index(tier))
        assert_mean(marks.talk[at], talk * MINUTE)
        for values, mean in ((marks.wrap_up[at], wrap_up), (marks.briefing[at], briefing)):
            if np.ptp(values):
                assert_mean(values, mean * MINUTE)
            else:
                assert values[0] == mean * MINUTE
        if patience is None:
            assert np.all(marks.patience[at] == NEVER)
        else:
            assert_mean(marks.patience[at], patience * MINUTE)


def test_the_numbers_that_decide_are_uniform_and_independent_of_the_talk(busy: tuple[Hand, Names]) -> None:
    """They pass the Kolmogorov-Smirnov test, also at the second tier, and correlate with nothing."""
    hand, names = busy
    for tier in names.tiers:
        decide = column(hand, names, "decide", tier)
        assert stats.kstest(decide, "uniform").pvalue > 0.001
        for what in ("talk", "patience"):
            other = np.argsort(np.argsort(column(hand, names, what, tier)))
            assert abs(np.corrcoef(decide, other)[0, 1]) < 4 / sqrt(decide.size)


# By hand

TINY: Tree = {
    **deepcopy(DESK),
    "channels": {
        "phone": {"retry": {"share": "100 %", "after": {"distribution": "constant", "mean": "5 min"}, "attempts": 2}},
        "email": {"waiting": "backlog"},
    },
    "customers": {},
    "contact_types": {
        "order": {
            "arrivals": {
                "phone": {
                    "log": [{"time": "00:00:10", "handle_time": "40 s", "patience": "2 min"}, {"time": "00:00:30"}]
                },
                "email": {"log": [{"time": "00:00:10", "wrap_up": "7 s"}]},
            },
            "handling": {"first_line": {"handle_time": "3 min", "wrap_up": "20 s"}},
        }
    },
    "self_service": {},
    "tiers": {"first_line": {}},
    "agent_groups": {"desk": {"tier": "first_line", "headcount": 1}},
}
"""Two calls and an e-mail; every call tries again twice, 5 min after it left."""


def tiny(change: Callable[[Tree], None] = lambda _: None) -> Hand:
    """Deal the tiny scenario with a change."""
    tree = deepcopy(TINY)
    change(tree)
    return deal(scenario_of(tree), 1, 0)


def test_a_chain_of_retries_by_hand() -> None:
    """Three inquiries by (instant, type, channel), an e-mail and two calls, have 1 + 3 + 3 contacts."""
    hand = tiny()
    email, phone = 0, 1
    assert hand.inquiries.channel.tolist() == [email, phone, phone]
    assert hand.inquiries.customer.tolist() == hand.inquiries.language.tolist() == [NONE] * 3
    assert hand.inquiries.first_contact.tolist() == [0, 1, 4, 7]
    contacts = hand.contacts
    assert contacts.inquiry.tolist() == [0, 1, 1, 1, 2, 2, 2]
    assert contacts.attempt.tolist() == [0, 0, 1, 2, 0, 1, 2]
    assert contacts.at.tolist() == [10_000, 10_000, NEVER, NEVER, 30_000, NEVER, NEVER]
    assert contacts.retry.tolist() == [NONE, 2, 3, NONE, 5, 6, NONE]
    after = 5 * MINUTE
    assert contacts.retry_after.tolist() == [NEVER, after, after, NEVER, after, after, NEVER]
    assert contacts.first_stage_mark.tolist() == [0] * 8
    assert contacts.first_tier_mark.tolist() == list(range(8))


def test_retries_and_repeats_of_two_attempts_by_hand() -> None:
    """A call may be followed by a retry or a repeat, each of these by either: alike ones of an attempt are one."""

    def come_back(tree: Tree) -> None:
        after = {"distribution": "constant", "mean": "9 min"}
        tree["contact_types"]["order"]["repeat"] = {"share": "100 %", "after": after, "attempts": 2}

    contacts = tiny(come_back).contacts
    first, retry, repeat, _ = AttemptKind
    # The e-mail 0: two repeats (1, 2). A call 3: its retry 4 and repeat 5, then a retry 6 and a repeat 7 of either.
    assert contacts.inquiry.tolist() == [*[0] * 3, *[1] * 5, *[2] * 5]
    assert contacts.attempt.tolist() == [0, 1, 2, *[0, 1, 1, 2, 2] * 2]
    assert contacts.kind.tolist() == [first, repeat, repeat, *[first, retry, repeat, retry, repeat] * 2]
    assert contacts.retry.tolist() == [*[NONE] * 3, 4, 6, 6, NONE, NONE, 9, 11, 11, NONE, NONE]
    assert contacts.repeat.tolist() == [1, 2, NONE, 5, 7, 7, NONE, NONE, 10, 12, 12, NONE, NONE]
    after = 9 * MINUTE
    assert contacts.repeat_after.tolist() == [after, after, NEVER, *[after, after, after, NEVER, NEVER] * 2]


def test_attempts_count_retries_and_repeats_alike() -> None:
    """Two tries after the first at most for retries, one for repeats: nobody repeats after a retry."""

    def come_back_once(tree: Tree) -> None:
        after = {"distribution": "constant", "mean": "9 min"}
        tree["contact_types"]["order"]["repeat"] = {"share": "100 %", "after": after, "attempts": 1}

    contacts = tiny(come_back_once).contacts
    assert np.all(contacts.attempt[contacts.kind == AttemptKind.REPEAT] == 1)
    assert contacts.attempt.max() == 2


def test_a_repeat_comes_by_its_own_channel_with_new_marks_through_self_service() -> None:
    """Whatever the retry of the channel keeps or skips."""

    def by_email(tree: Tree) -> None:
        after = {"distribution": "constant", "mean": "9 min"}
        tree["channels"]["phone"]["patience"] = {"distribution": "exponential", "mean": "3 min"}
        tree["channels"]["phone"]["retry"].update({"patience": "kept", "self_service": "skip", "attempts": 1})
        tree["contact_types"]["order"]["repeat"] = {"share": "100 %", "after": after, "attempts": 1}

    hand = tiny(by_email)
    contacts, patience = hand.contacts, hand.tier_marks.patience
    call = np.flatnonzero((contacts.kind == AttemptKind.FIRST) & (contacts.channel == 1))
    assert np.array_equal(patience[contacts.retry[call]], patience[call])
    assert not np.any(patience[contacts.repeat[call]] == patience[call])
    assert contacts.skips_self_service[contacts.retry[call]].all()
    assert not contacts.skips_self_service[contacts.repeat[call]].any()

    def only_email(tree: Tree) -> None:
        by_email(tree)
        tree["contact_types"]["order"]["repeat"]["channel"] = "email"

    contacts = tiny(only_email).contacts
    assert np.all(contacts.channel[contacts.kind == AttemptKind.REPEAT] == 0)


def test_retries_that_keep_their_patience_keep_it_apart() -> None:
    """A retry has the patience of the contact before it, be that the first one's retry or its repeat."""

    def kept(tree: Tree) -> None:
        tree["channels"]["phone"]["patience"] = {"distribution": "exponential", "mean": "3 min"}
        tree["channels"]["phone"]["retry"]["patience"] = "kept"
        after = {"distribution": "constant", "mean": "9 min"}
        tree["contact_types"]["order"]["repeat"] = {"share": "100 %", "after": after}

    hand = tiny(kept)
    contacts, patience = hand.contacts, hand.tier_marks.patience
    trying = np.flatnonzero(contacts.retry != NONE)
    assert trying.size == np.unique(contacts.retry[trying]).size == 6
    assert np.array_equal(patience[contacts.retry[trying]], patience[trying])


def test_a_log_replaces_what_was_dealt_for_the_first_tier_of_first_contacts() -> None:
    """Where the log has a handle time, wrap-up or patience it holds; elsewhere, and for retries, the scenario's do."""
    marks = tiny().tier_marks
    assert marks.talk.tolist() == [180_000, 40_000, *[180_000] * 5]
    assert marks.wrap_up.tolist() == [7_000, *[20_000] * 6]
    assert marks.patience.tolist() == [NEVER, 120_000, *[NEVER] * 5]


def test_a_logged_patience_means_nothing_on_a_backlog_channel() -> None:
    """Nobody holds the line of an e-mail."""

    def log_patience(tree: Tree) -> None:
        tree["contact_types"]["order"]["arrivals"]["email"]["log"][0]["patience"] = "1 min"

    assert tiny(log_patience).tier_marks.patience[0] == NEVER


def test_a_retry_on_another_channel_follows_that_channels_rules() -> None:
    """A call that tries again by e-mail becomes e-mail, which does not try again."""

    def by_email(tree: Tree) -> None:
        tree["channels"]["phone"]["retry"]["channel"] = "email"

    contacts = tiny(by_email).contacts
    assert contacts.inquiry.tolist() == [0, 1, 1, 2, 2]
    assert contacts.channel.tolist() == [0, 1, 0, 1, 0]
    assert contacts.retry.tolist() == [NONE, 2, NONE, 4, NONE]


def test_attempts_hold_by_the_channel_that_was_tried() -> None:
    """Phone (2 tries after the first) and e-mail (1) that send to each other: call, e-mail, and no more."""

    def to_and_fro(tree: Tree) -> None:
        after = {"distribution": "constant", "mean": "1 min"}
        tree["channels"]["phone"]["retry"]["channel"] = "email"
        tree["channels"]["email"]["retry"] = {"share": 1, "after": after, "attempts": 1, "channel": "phone"}

    contacts = tiny(to_and_fro).contacts
    assert contacts.inquiry.tolist() == [0, 0, 0, 1, 1, 2, 2]
    assert contacts.channel.tolist() == [0, 1, 0, 1, 0, 1, 0]


def test_a_retry_keeps_its_patience_where_the_channel_says_so() -> None:
    """With `kept` all tries have the first one's patience at each tier, a log's too; with `new` they differ."""

    def impatient(tree: Tree) -> None:
        tree["channels"]["phone"]["patience"] = {"distribution": "exponential", "mean": "3 min"}
        tree["tiers"]["second_line"] = {}
        tree["contact_types"]["order"]["handling"]["second_line"] = {"handle_time": "1 min"}
        tree["contact_types"]["order"]["handling"]["first_line"].update({"resolved": "50 %", "escalated": "50 %"})
        tree["agent_groups"]["second"] = {"tier": "second_line", "headcount": 1}

    def kept(tree: Tree) -> None:
        impatient(tree)
        tree["channels"]["phone"]["retry"]["patience"] = "kept"

    first_line = tiny(kept).tier_marks.patience[2::2]
    second_line = tiny(kept).tier_marks.patience[3::2]
    assert first_line[:3].tolist() == [120_000] * 3
    for of_tries in (first_line[3:], second_line[:3], second_line[3:]):
        assert np.unique(of_tries).size == 1
    assert np.unique(second_line).size == 2
    assert np.unique(tiny(impatient).tier_marks.patience[2:]).size == 12


def test_a_retry_passes_self_service_again_unless_it_skips_it() -> None:
    """`self_service: skip` marks every try after the first."""

    def skip(tree: Tree) -> None:
        tree["channels"]["phone"]["retry"]["self_service"] = "skip"

    assert tiny(skip).contacts.skips_self_service.tolist() == [False, False, True, True, False, True, True]
    assert not tiny().contacts.skips_self_service.any()


@pytest.mark.parametrize(
    ("given_to", "minutes"),
    [
        pytest.param(("channel",), 3, id="the channel's"),
        pytest.param(("channel", "type"), 2, id="the type's before the channel's"),
        pytest.param(("channel", "type", "handling"), 1, id="the handling's before both"),
        pytest.param(("handling",), 1, id="the handling's alone"),
        pytest.param((), None, id="never"),
    ],
)
def test_patience_is_the_closest_one_that_is_given(given_to: tuple[str, ...], minutes: int | None) -> None:
    """The handling's, else the contact type's, else the channel's, else never; on e-mail never."""

    def give(tree: Tree) -> None:
        kind = tree["contact_types"]["order"]
        places = {"channel": tree["channels"]["phone"], "type": kind, "handling": kind["handling"]["first_line"]}
        for place, length in (("channel", "3 min"), ("type", "2 min"), ("handling", "1 min")):
            if place in given_to:
                places[place]["patience"] = {"distribution": "constant", "mean": length}
        del kind["arrivals"]["phone"]["log"][0]["patience"]

    patience = tiny(give).tier_marks.patience
    assert patience[0] == NEVER
    assert np.all(patience[1:] == (NEVER if minutes is None else minutes * MINUTE))


@pytest.mark.parametrize(("handover", "expected"), [("cold", 2 * MINUTE), ("warm", 2 * MINUTE), ("ticket", NEVER)])
def test_nobody_is_impatient_from_a_ticket_on(handover: str, expected: int) -> None:
    """In a tier that takes tickets, and those after it, nobody gives up; a first tier is not handed anything."""

    def three_tiers(tree: Tree) -> None:
        order = tree["contact_types"]["order"]
        order["patience"] = {"distribution": "constant", "mean": "2 min"}
        del order["arrivals"]["email"]
        split = {"handle_time": "1 min", "resolved": "50 %", "escalated": "50 %"}
        order["handling"] = {"first_line": split, "second_line": split, "third_line": {"handle_time": "1 min"}}
        tree["tiers"] = {"first_line": {"handover": handover}, "second_line": {"handover": handover}, "third_line": {}}
        for tier in ("second_line", "third_line"):
            tree["agent_groups"][tier] = {"tier": tier, "headcount": 1}

    assert tiny(three_tiers).tier_marks.patience[:3].tolist() == [2 * MINUTE, expected, expected]


@pytest.mark.parametrize(("handover", "expected"), [("cold", 0), ("warm", MINUTE), ("ticket", 0)])
def test_only_warm_handovers_have_a_briefing(handover: str, expected: int) -> None:
    """A tier's briefing is dealt where contacts come to it by warm handover; the first tier is not handed anything."""

    def two_tiers(tree: Tree) -> None:
        tier = {"handover": handover, "briefing": "1 min"}
        tree["tiers"] = {"first_line": tier, "second_line": tier}
        handling = tree["contact_types"]["order"]["handling"]
        handling["first_line"].update({"resolved": "50 %", "escalated": "50 %"})
        handling["second_line"] = {"handle_time": "1 min"}
        tree["agent_groups"]["second"] = {"tier": "second_line", "headcount": 1}

    assert tiny(two_tiers).tier_marks.briefing[:4].tolist() == [0, expected] * 2


def returning(tree: Tree) -> None:
    """Let a second tier send back half of what it gets, twice at most, and a third a quarter."""
    order = tree["contact_types"]["order"]
    talk = {"handle_time": {"distribution": "exponential", "mean": "1 min"}, "resolved": 0}
    order["handling"] = {
        "first_line": {**talk, "escalated": 1},
        "second_line": {**talk, "escalated": "20 %", "returned": "50 %", "returns": 2},
        "third_line": {**talk, "returned": "25 %"},
    }
    tree["tiers"] = {"first_line": {}, "second_line": {}, "third_line": {}}
    for tier in ("second_line", "third_line"):
        tree["agent_groups"][tier] = {"tier": tier, "headcount": 1}


def test_who_may_be_sent_back_has_marks_for_each_round() -> None:
    """A round of three tiers more for whom some tier of the last one would send back, and no fourth return."""
    hand = tiny(returning)
    marks, offsets = hand.tier_marks, hand.contacts.first_tier_mark
    rounds = np.diff(offsets) // 3
    assert (marks.tier.reshape(-1, 3) == [0, 1, 2]).all()
    assert set(rounds) == {1, 2, 3, 4}
    for first, number in zip(offsets[:-1].tolist(), rounds.tolist(), strict=True):
        back = marks.sent_back[first : first + 3 * number].reshape(-1, 3)
        assert not back[:, 0].any()
        assert back.any(axis=1)[:-1].all()
        assert number == 4 or not back[-1].any()
    of_round = np.concatenate([np.arange(number) for number in rounds])
    # By hand: nobody is sent back with probability 1/2 · 3/4 in each round.
    shares = [float((of_round == number).sum()) / rounds.size for number in range(4)]
    for number, share in enumerate(shares):
        expected = 0.625**number
        assert abs(share - expected) < 4 * np.sqrt(expected * (1 - expected) / rounds.size) + 1e-12


def test_appointments_are_dealt_to_whom_they_may_come() -> None:
    """One for each mark of a tier that works by appointment, and of the first tier only for whom is sent back."""

    def visits(tree: Tree) -> None:
        returning(tree)
        for tier in ("first_line", "third_line"):
            tree["tiers"][tier] = {"appointment": {"distribution": "exponential", "mean": "1 h"}}

    hand = tiny(visits)
    first = hand.contacts.first_tier_mark[:-1]
    of_tiers = np.flatnonzero(hand.tier_marks.tier != 1)
    assert (hand.appointments.mark == np.setdiff1d(of_tiers, first)).all()
    mean, n = hand.appointments.delay.mean(), hand.appointments.delay.size
    assert abs(mean - 60 * MINUTE) < 4 * 60 * MINUTE / np.sqrt(n)
    assert (hand.tier_marks.talk == tiny(returning).tier_marks.talk).all()


def test_returns_move_no_other_numbers_and_every_round_has_its_own() -> None:
    """The first round is dealt as without returns; talk is new after each."""

    def never(tree: Tree) -> None:
        returning(tree)
        for tier in ("second_line", "third_line"):
            del tree["contact_types"]["order"]["handling"][tier]["returned"]

    with_returns, without = tiny(returning), tiny(never)
    first = with_returns.contacts.first_tier_mark[:-1]
    for what in ("talk", "wrap_up", "patience", "briefing", "decide"):
        mine, theirs = getattr(with_returns.tier_marks, what), getattr(without.tier_marks, what)
        for position in range(3):
            assert (mine[first + position] == theirs[position::3]).all()
    again = np.flatnonzero(np.diff(with_returns.contacts.first_tier_mark) > 3)
    talk = with_returns.tier_marks.talk
    assert (talk[first[again]] != talk[first[again] + 3]).all()


@pytest.mark.parametrize(("shares", "expected"), [({"third_line": "50 %"}, 2), ({"second_line": "50 %"}, NEVER)])
def test_patience_is_dealt_where_a_way_leads_without_a_ticket(shares: Tree, expected: int) -> None:
    """A contact that skips the tier of tickets still holds the line; one that passed it does not."""

    def three_tiers(tree: Tree) -> None:
        order = tree["contact_types"]["order"]
        order["patience"] = {"distribution": "constant", "mean": "2 min"}
        del order["arrivals"]["email"]
        split = {"handle_time": "1 min", "resolved": "50 %", "escalated": "50 %"}
        order["handling"] = {
            "first_line": {**split, "escalated": shares},
            "second_line": split,
            "third_line": {"handle_time": "1 min"},
        }
        tree["tiers"] = {"first_line": {}, "second_line": {"handover": "ticket"}, "third_line": {}}
        for tier in ("second_line", "third_line"):
            tree["agent_groups"][tier] = {"tier": tier, "headcount": 1}

    patience = tiny(three_tiers).tier_marks.patience[:3].tolist()
    assert patience == [2 * MINUTE, NEVER, 2 * MINUTE if expected != NEVER else NEVER]


def test_a_retry_cannot_keep_a_patience_that_was_never_dealt() -> None:
    """Whoever was turned away from e-mail and calls instead has the patience of a caller, `kept` or not."""

    def call_instead(tree: Tree) -> None:
        after = {"distribution": "constant", "mean": "1 min"}
        tree["channels"]["phone"] = {"patience": {"distribution": "constant", "mean": "3 min"}}
        tree["channels"]["email"]["retry"] = {"share": 1, "after": after, "channel": "phone", "patience": "kept"}

    assert tiny(call_instead).tier_marks.patience[:2].tolist() == [NEVER, 3 * MINUTE]


def test_inquiries_of_one_instant_come_by_contact_type_then_channel_then_index() -> None:
    """Of forty calls and forty e-mails of two types in each of two seconds, each block keeps its order."""

    def all_at_once(tree: Tree) -> None:
        log = [{"time": at, "handle_time": f"{n} s"} for at in ("00:00:10", "00:00:20") for n in range(1, 41)]
        order = tree["contact_types"]["order"]
        order["arrivals"] = {"phone": {"log": log}, "email": {"log": log}}
        tree["contact_types"]["complaint"] = deepcopy(order)
        del tree["channels"]["phone"]["retry"]

    hand = tiny(all_at_once)
    assert hand.inquiries.contact_type.tolist() == ([0] * 80 + [1] * 80) * 2
    assert hand.inquiries.channel.tolist() == ([0] * 40 + [1] * 40) * 4
    assert hand.tier_marks.talk.tolist() == [1_000 * n for n in range(1, 41)] * 8


def test_samples_come_from_the_scenarios_own_file(tmp_path: Path) -> None:
    """Two folders with a file of the same name and other samples in it deal other talk."""
    tree = deepcopy(TINY)
    tree["contact_types"]["order"]["handling"]["first_line"]["handle_time"] = {
        "distribution": "samples",
        "file": "talk.csv",
    }
    talk = []
    for folder, sample in (("one", "30"), ("other", "50")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "talk.csv").write_text(f"duration\n{sample}\n", encoding="utf-8")
        (tmp_path / folder / "desk.yaml").write_text(json.dumps(tree), encoding="utf-8")
        hand = deal(load(tmp_path / folder / "desk.yaml"), 1, 0)
        talk.append(hand.tier_marks.talk[0])
    assert talk == [30_000, 50_000]


def test_a_desk_that_nobody_calls_has_an_empty_hand() -> None:
    """No inquiries, no contacts, no marks; the agents come all the same."""

    def silent(tree: Tree) -> None:
        tree["contact_types"]["order"]["arrivals"] = {"phone": {"rate": "0 per hour"}}

    hand = tiny(silent)
    assert hand.inquiries.first_contact.tolist() == [0]
    assert hand.contacts.first_tier_mark.tolist() == [0]
    assert hand.tier_marks.talk.size == hand.stage_marks.takes.size == hand.contacts.at.size == 0
    assert hand.agents.group.size == 1


@settings(max_examples=25)
@given(
    share=st.sampled_from(["0 %", "30 %", "100 %"]),
    attempts=st.integers(1, 4),
    channel=st.sampled_from(["phone", "chat", "email"]),
    back=st.sampled_from(["0 %", "30 %", "100 %"]),
    keeps=st.sampled_from(["new", "kept"]),
    seed=st.integers(0, 2**40),
)
def test_tables_fit_together(share: str, attempts: int, channel: str, back: str, keeps: str, seed: int) -> None:
    """Who follows is a contact of the same inquiry, one attempt on; each owns the marks of its type and channel."""
    tree = deepcopy(DESK)
    tree["channels"]["phone"]["retry"]["patience"] = keeps
    tree["contact_types"]["fault"]["repeat"] = {"share": back, "after": {"distribution": "exponential", "mean": "1 h"}}
    tree["channels"]["phone"]["retry"].update({"share": share, "attempts": attempts, "channel": channel})
    scenario = scenario_of(tree)
    hand, names = deal(scenario, seed, 0), Names.of(scenario)
    contacts, inquiries = hand.contacts, hand.inquiries
    first = inquiries.first_contact[:-1]
    assert np.all(contacts.attempt[first] == 0)
    assert np.all(np.diff(contacts.at[first]) >= 0)
    assert np.all(contacts.channel[first] == inquiries.channel)
    assert np.all((contacts.at < NEVER) == (contacts.attempt == 0))
    following = []
    for pointer, after, kind in (
        (contacts.retry, contacts.retry_after, AttemptKind.RETRY),
        (contacts.repeat, contacts.repeat_after, AttemptKind.REPEAT),
    ):
        assert np.all((pointer != NONE) == (after < NEVER))
        before = np.flatnonzero(pointer != NONE)
        following.append(pointer[before])
        assert np.array_equal(contacts.inquiry[pointer[before]], contacts.inquiry[before])
        assert np.array_equal(contacts.attempt[pointer[before]], contacts.attempt[before] + 1)
        assert np.all(contacts.kind[pointer[before]] == kind)
    assert np.array_equal(np.unique(np.concatenate(following)), np.flatnonzero(contacts.attempt > 0))
    order = np.lexsort((contacts.kind, contacts.channel, contacts.attempt, contacts.inquiry))
    assert np.array_equal(order, np.arange(contacts.at.size))
    tiers = np.where(contacts.contact_type == names.contact_types.index("fault"), 2, 1)
    assert np.array_equal(np.diff(contacts.first_tier_mark), tiers)
    meets_bot = (contacts.contact_type == names.contact_types.index("how_to")) & (
        contacts.channel == names.channels.index("chat")
    )
    assert np.array_equal(np.diff(contacts.first_stage_mark), meets_bot)
    assert hand.tier_marks.talk.min() >= 0
    assert hand.tier_marks.decide.size == contacts.first_tier_mark[-1]


DEALT = {"it_help_desk": "29d80fb8a8deb700", "tiny": "5f4f8ea43815f28b"}
"""Digests of hands: baselines rest on these numbers, so who moves them says so, and renews the baselines."""


@pytest.mark.parametrize("name", DEALT)
def test_shipped_scenarios_are_dealt_the_numbers_that_baselines_rest_on(name: str) -> None:
    """Every column of replication 3 of seed 1, in the order of the Hand: names, numbers and lengths."""
    assert _digest(deal(load(SCENARIOS / f"{name}.yaml"), 1, 3)) == DEALT[name]


def test_a_single_dealt_number_is_in_the_digest() -> None:
    """The last talk of the last contact, one ms longer."""
    hand = deal(load(SCENARIOS / "tiny.yaml"), 1, 3)
    talk = hand.tier_marks.talk.copy()
    talk[-1] += 1
    assert _digest(replace(hand, tier_marks=replace(hand.tier_marks, talk=talk))) != DEALT["tiny"]


def _digest(hand: Hand) -> str:
    found = sha256()
    for table in fields(hand):
        rows = getattr(hand, table.name)
        for column in fields(rows) if is_dataclass(rows) else ():
            values = getattr(rows, column.name)
            found.update(f"{table.name}.{column.name} {values.dtype} {len(values)}".encode() + values.tobytes())
    return found.hexdigest()[:16]
