"""The journal: what it notes, and that nothing happens otherwise because of it."""

import random
from dataclasses import fields

import numpy as np
import pytest
import yaml

from sim.demand.deal import deal
from sim.engine.compile import compile_program
from sim.engine.journal import Cause, Doing, Journal
from sim.engine.reference import play
from sim.engine.rules import NOBODY
from sim.scenario.load import loads
from tests.engine.timeline import Tree, call, desk
from tests.laws.scenarios import random_loaded


def journal_of(tree: Tree, *watched: int) -> Journal:
    """Return what is noted of some contacts of a scenario tree."""
    scenario = loads(yaml.safe_dump(tree, sort_keys=False))
    journal = Journal(frozenset(watched))
    play(compile_program(scenario), deal(scenario, 1, 0), journal)
    return journal


@pytest.mark.parametrize("seed", range(6))
def test_what_happens_is_the_same_with_and_without(seed: int) -> None:
    scenario = random_loaded(random.Random(seed))
    program, hand = compile_program(scenario), deal(scenario, 1, 0)
    journal = Journal(frozenset(range(len(hand.contacts.at))))
    plain, noted = play(program, hand), play(program, hand, journal)
    for table in fields(plain):
        for column in fields(getattr(plain, table.name)):
            values = [getattr(getattr(outcome, table.name), column.name) for outcome in (plain, noted)]
            assert np.array_equal(*values)
    legs = noted.legs
    # A leg that enters once is looked at once, and each that an agent took has its take.
    assert sum(look.enters for look in journal.looks) == len(legs.contact)
    assert len(journal.takes) == (legs.agent != NOBODY).sum()
    assert sorted(take.contact for take in journal.takes) == sorted(legs.contact[legs.agent != NOBODY].tolist())


def test_only_who_is_watched_is_noted_and_who_passes_it() -> None:
    """Three calls of a minute: the second is no business of the third, but stands before it."""
    log = {"phone": [call(0), call(10), call(20)]}
    journal = journal_of(desk(log), 2)
    assert [(look.at, look.contact, look.waiting, look.ahead) for look in journal.looks] == [(20_000, 2, 1, (1,))]
    assert [(take.at, take.contact, take.cause, take.passed_over) for take in journal.takes] == [
        (60_000, 1, Cause.FREED, ((2, 0),)),
        (120_000, 2, Cause.FREED, ()),
    ]
    assert [(talk.contact, talk.length) for talk in journal.talks] == [(2, 60_000)]
    assert [verdict.contact for verdict in journal.verdicts] == [2]


def test_a_look_says_what_everybody_has_in_hand() -> None:
    """At 65 s one wraps up, another is on the line, and whom nobody serves is not asked."""
    groups = {
        "clerks": {"tier": "first", "headcount": 2, "serves": [{"channels": ["phone"]}]},
        "writers": {"tier": "first", "headcount": 1, "serves": [{"channels": ["email"]}]},
    }
    log = {"phone": [call(0, 60, wrap_up=30), call(5, 100), call(65)], "email": []}
    [look] = journal_of(desk(log, agent_groups=groups), 2).looks
    assert [(one.agent, [(work.contact, work.doing, work.since) for work in one.work]) for one in look.people] == [
        (0, [(0, Doing.WRAP_UP, 60_000)]),
        (1, [(1, Doing.TALK, 5_000)]),
    ]


def test_the_cause_of_a_take_is_how_contact_and_agent_met() -> None:
    """One is free; a row opens after 30 s; a colleague's return opens a row that keeps one free."""
    helpers = {"tier": "first", "headcount": 1, "serves": [{"after": "30 s"}]}
    clerks = {"tier": "first", "headcount": 1}
    log = {"phone": [call(0, 100), call(10)]}
    journal = journal_of(desk(log, agent_groups={"clerks": clerks, "helpers": helpers}), 0, 1)
    assert [(take.at, take.contact, take.cause) for take in journal.takes] == [
        (0, 0, Cause.ENTERED),
        (40_000, 1, Cause.ROW_OPENED),
    ]
    careful = {
        "tier": "first",
        "headcount": 2,
        "serves": [{"channels": ["phone"]}, {"channels": ["chat"], "keep_free": 1}],
    }
    slots = {"slots": {"chat": {"limit": 2}}}
    log = {"chat": [call(0, 300), call(20, 60)], "phone": [call(10, 60)]}
    journal = journal_of(desk(log, agent_groups={"clerks": {**careful, **slots}}), 2)
    assert [(take.at, take.cause, take.agent) for take in journal.takes if take.contact == 2] == [
        (70_000, Cause.COLLEAGUE_FREE, 0)
    ]


def test_interrupting_is_noted_of_both() -> None:
    """The e-mail begun at 0 s is laid aside at 40 s."""
    serves = [{"channels": ["phone"]}, {"channels": ["email"], "interruptible": True}]
    groups = {"clerks": {"tier": "first", "headcount": 1, "serves": serves}}
    tree = desk({"email": [call(0, 100)], "phone": [call(40, 20)]}, agent_groups=groups)
    for watched in (0, 1):
        takes = journal_of(tree, watched).takes
        assert (40_000, 1, 0) in [(take.at, take.contact, take.interrupted) for take in takes]


def test_who_has_a_head_start_stands_before_who_came_earlier() -> None:
    """A customer segment is dealt, so the calls' segments are looked up: every premium sees no standard before it."""
    tree = desk({"phone": [call(0, 600), *(call(at) for at in range(10, 60, 5))]})
    tree["customers"] = {"premium": {"head_start": "60 s"}, "standard": {}}
    tree["contact_types"]["question"]["customer"] = {"premium": "50 %", "standard": "50 %"}
    hand = deal(loads(yaml.safe_dump(tree, sort_keys=False)), 1, 0)
    premium = [bool(hand.inquiries.customer[number] == 0) for number in range(11)]
    assert 2 < sum(premium[1:]) < 8
    for look in journal_of(tree, *range(1, 11)).looks:
        before = range(1, look.contact)
        stand = [one for one in before if premium[one]] + [one for one in before if not premium[one]]
        assert look.waiting == len(before)
        assert list(look.ahead) == (stand if not premium[look.contact] else [one for one in stand if premium[one]])
