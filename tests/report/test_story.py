"""Contacts' stories, worked by hand: what is said of each instant, and why."""

from __future__ import annotations

import random
from typing import Any

import pytest
import yaml

from sim.demand.deal import deal
from sim.engine.compile import compile_program
from sim.engine.journal import Journal
from sim.engine.reference import play
from sim.experiment.witness import Witnessed, witness
from sim.measure.frame import Frame
from sim.measure.joined import Joined
from sim.report.story import WIDTH, Story
from sim.scenario.load import loads
from tests.engine.test_chasers import asking
from tests.engine.timeline import Tree, call, constant, desk
from tests.laws.scenarios import random_loaded


def story_of(tree: Tree, contact: int) -> list[str]:
    """Return the lines of a contact's story without the spaces before them."""
    scenario = loads(yaml.safe_dump(tree, sort_keys=False))
    return [line.strip() for line in str(Story(witness(scenario, contact))).splitlines()]


def at(lines: list[str], clock: str) -> list[str]:
    """Return what happens at an instant, and the reasons given, line ends undone."""
    told: list[str] = []
    now = ""
    for line in lines:
        if line[:2].isdigit() and line[2] == ":":
            now, text = line.split(None, 1)
            if now == clock:
                told.append(text)
        elif line.startswith("· ") and now == clock:
            told.append(line)
        elif line and now == clock and told and not line.startswith(("Inquiry", "contact")):
            told[-1] += f" {line}"
    return told


def test_a_call_that_waits_is_told_from_the_door_to_the_end() -> None:
    """The whole text: one clerk, a minute's talk each, the third call of three."""
    log = {"phone": [call(0, 60), call(10, 60), call(20, 60, wrap_up=15, patience=300)]}
    text = str(Story(witness(loads(yaml.safe_dump(desk(log), sort_keys=False)), 2)))
    assert text == (
        "Contact 2 (phone, question), first contact\n"
        "by hand; replication 0, seed 1; times of UTC\n"
        "\n"
        "Mon 6 Apr 2026\n"
        "  00:00:20  arrives by phone, which is open\n"
        "  00:00:20  enters the queue first/question/phone: 1 waiting; before it contact 1\n"
        "              · clerks/1: talk with contact 0 (phone, question) since 00:00:00\n"
        "              · its patience is 5 min, until 00:05:20\n"
        "  00:01:00  clerks/1 takes contact 1 (phone, question) by row 1 of clerks: it stood before this one\n"
        "  00:02:00  clerks/1 takes it by row 1 of clerks 1 min 40 s after it came: contact 1 is done, and of\n"
        "            what the row serves it has waited longest\n"
        "  00:02:00  clerks/1 begins: talk of 1 min dealt\n"
        "  00:03:00  the talk ends: resolved\n"
        f"              · dealt number {_dealt(log, 2):.4f} (resolved below 1)\n"
        "  00:03:00  the contact ends: resolved\n"
        "  00:03:15  clerks/1 has wrapped up, 15 s\n"
        "\n"
        "Inquiry 2: no other contact.\n"
    )


def _dealt(log: dict[str, list[Tree]], contact: int) -> float:
    hand = deal(loads(yaml.safe_dump(desk(log), sort_keys=False)), 1, 0)
    return float(hand.tier_marks.decide[hand.contacts.first_tier_mark[contact]])


def two_rows(**rows: Any) -> Tree:
    """Return one clerk who takes calls before e-mails."""
    serves = [{"channels": ["phone"]}, {"channels": ["email"], **rows}]
    return {"agent_groups": {"clerks": {"tier": "first", "headcount": 1, "serves": serves}}}


def test_earlier_rows_and_higher_priority_are_why_others_are_taken_first() -> None:
    log = {"phone": [call(0, 60), call(30, 60)], "email": [call(10, 60)]}
    email = story_of(desk(log, **two_rows()), 1)
    assert at(email, "00:01:00") == [
        "clerks/1 takes contact 2 (phone, question) by row 1 of clerks: that row comes before row 2 of clerks"
    ]
    tree = desk({"phone": [call(0, 60), call(10, 60)]})
    urgent = {**tree["contact_types"]["question"], "priority": 2, "arrivals": {"phone": {"log": [call(20, 60)]}}}
    tree["contact_types"]["urgent"] = urgent
    waits = story_of(tree, 1)
    assert at(waits, "00:01:00") == [
        "clerks/1 takes contact 2 (phone, urgent) by row 1 of clerks: priority 2 goes before 5"
    ]


def test_live_work_lays_an_e_mail_aside_and_both_stories_say_so() -> None:
    log = {"email": [call(0, 100)], "phone": [call(40, 20)]}
    tree = desk(log, **two_rows(interruptible=True))
    call_story, email_story = story_of(tree, 1), story_of(tree, 0)
    assert at(call_story, "00:00:40")[1:4] == [
        "enters the queue first/question/phone: nobody waits there",
        "· clerks/1: talk with contact 0 (email, question) since 00:00:00",
        "clerks/1 takes it by row 1 of clerks at once: nobody is free, and contact 0 (email, question) can be laid "
        "aside for it",
    ]
    assert at(email_story, "00:00:40") == ["clerks/1 lays it aside for contact 1 (phone, question)"]
    assert "· laid aside for 20 s meanwhile" in at(email_story, "00:00:00")
    assert at(email_story, "00:02:00")[0] == "the talk ends: resolved"


def test_a_row_that_opens_later_is_announced_and_says_whom_it_finds() -> None:
    groups = {
        "clerks": {"tier": "first", "headcount": 1},
        "helpers": {"tier": "first", "headcount": 1, "serves": [{"after": "30 s"}]},
    }
    lines = story_of(desk({"phone": [call(0, 100), call(10, 60)]}, agent_groups=groups), 1)
    assert "· row 1 of helpers opens to it after 30 s" in at(lines, "00:00:10")
    assert at(lines, "00:00:40")[:3] == [
        "row 1 of helpers opens to it",
        "· helpers/1: free",
        "helpers/1 takes it by row 1 of helpers 30 s after it came: the row has just opened, 30 s after it came",
    ]


def test_of_several_free_the_longest_free_takes_it() -> None:
    groups = {"clerks": {"tier": "first", "headcount": 3}}
    lines = story_of(desk({"phone": [call(0, 100), call(10, 60)]}, agent_groups=groups), 1)
    assert "clerks/2 takes it by row 1 of clerks at once: of 2 free the longest so" in at(lines, "00:00:10")


def test_who_gives_up_tries_again_and_the_inquiry_lists_both() -> None:
    retry = {"share": 1, "after": constant(50), "attempts": 1}
    log = {"phone": [call(0, 200), call(10, 60, patience=20)]}
    lines = story_of(desk(log, channels={"phone": {"waiting": "live", "retry": retry}}), 2)
    assert at(lines, "00:00:30") == [
        "its patience runs out: it leaves the queue after 20 s",
        "the contact ends: abandoned",
        "· the customer tries again after 50 s: contact 3, 00:01:20",
    ]
    assert lines[lines.index("Inquiry 1:") + 1 :] == [
        "contact 2, first contact by phone: Mon 6 Apr 2026 00:00:10, abandoned 00:00:30",
        "contact 3, retry by phone: Mon 6 Apr 2026 00:01:20, resolved 00:04:20",
    ]


def test_factors_on_talk_are_named_with_what_they_make_of_it() -> None:
    """100 s × 50 % by an assist ÷ 125 % pace = 40 s."""
    tree = desk(
        {"phone": [call(0, 100)]},
        agent_groups={"clerks": {"tier": "first", "headcount": 1, "pace": 1.25}},
    )
    tree["assists"] = {"templates": {"handle_time": "50 %"}}
    lines = story_of(tree, 0)
    assert at(lines, "00:00:00")[-1] == (
        "clerks/1 begins: talk of 1 min 40 s dealt × 50 % (assist templates) × 80 % (the group's pace of 125 %) = 40 s"
    )
    assert at(lines, "00:00:40")[0] == "the talk ends: resolved"


def test_hands_that_resolve_more_than_stated_are_told_with_their_share() -> None:
    """50 % are stated; with odds times e they are 73.11 %: a number between counts among the resolved."""
    log = {"phone": [call(60 * minute, 10) for minute in range(30)]}
    tree = desk(log, agent_groups={"clerks": {"tier": "first", "headcount": 1}})
    tree["contact_types"]["question"]["handling"]["first"] |= {"resolved": "50 %"}
    tree["assists"] = {"coach": {"resolved": 1}}
    scenario = loads(yaml.safe_dump(tree, sort_keys=False))
    hand = deal(scenario, 1, 0)
    numbers = hand.tier_marks.decide
    between = next(one for one, number in enumerate(numbers) if 0.5 < number < 0.73)
    above = next(one for one, number in enumerate(numbers) if number > 0.74)
    lines = " ".join(story_of(tree, between))
    assert "in these hands 73.11 % are resolved, of which this is one (resolved below 0.5, unresolved" in lines
    lines = " ".join(story_of(tree, above))
    stated = 0.5 + (numbers[above] - 0.731059) * 0.5 / (1 - 0.731059)
    assert f"in these hands 73.11 % are resolved, where it counts as {stated:.4f} (resolved below 0.5" in lines


def test_sharing_is_told_with_the_time_that_it_costs() -> None:
    """Two chats at half speed for 40 s: the first loses 20 s."""
    slots = {"slots": {"chat": {"limit": 2, "pace": [1, 0.5]}}}
    log = {"chat": [call(0, 60), call(0, 20)]}
    lines = story_of(desk(log, agent_groups={"clerks": {"tier": "first", "headcount": 1, **slots}}), 0)
    assert "· 20 s more for work shared with others in hand" in at(lines, "00:00:00")
    second = story_of(desk(log, agent_groups={"clerks": {"tier": "first", "headcount": 1, **slots}}), 1)
    assert (
        "clerks/1 takes it by row 1 of clerks at once: nobody is free, and beside 1 in hand there is room for it"
    ) in at(second, "00:00:00")


def two_tiers(handover: Tree, log: list[Tree]) -> Tree:
    """Return a desk whose first tier hands everything to one expert."""
    handling = {
        "first": {"handle_time": constant(60), "resolved": 0, "escalated": 1},
        "second": {"handle_time": constant(100)},
    }
    return desk(
        {"phone": []},
        contact_types={"question": {"arrivals": {"phone": {"log": log}}, "handling": handling}},
        tiers={"first": {}, "second": handover},
        agent_groups={
            "clerks": {"tier": "first", "headcount": 2},
            "experts": {"tier": "second", "headcount": 1},
        },
    )


def test_a_warm_handover_says_who_holds_the_line_and_until_when() -> None:
    tree = two_tiers({"handover": "warm", "warm_limit": "30 s"}, [call(0, 10), call(0, 10)])
    lines = story_of(tree, 1)
    ends = at(lines, "00:00:10")
    assert ends[0] == "the talk ends: escalated to second; clerks/2 holds the line"
    assert ends[1].endswith("(resolved below 0, escalated to second below 1)")
    assert "· experts/1: talk with contact 0 (phone, question) since 00:00:10" in ends
    assert "· clerks/2 holds the line with it, until 00:00:40 at most" in ends
    assert at(lines, "00:00:40") == ["clerks/2 has held the line for 30 s"]


def test_a_ticket_hangs_up_and_an_appointment_says_when() -> None:
    ticket = story_of(two_tiers({"handover": "ticket"}, [call(0, 10)]), 0)
    assert at(ticket, "00:00:10")[0] == "the talk ends: escalated to second as a ticket: it hangs up"
    visit = story_of(two_tiers({"appointment": constant(300)}, [call(0, 10)]), 0)
    assert at(visit, "00:00:10")[0] == "the talk ends: escalated to second, by appointment in 5 min"
    assert at(visit, "00:05:10")[0] == "enters the queue second/question/phone: nobody waits there"


def test_self_service_is_told_stage_by_stage() -> None:
    tree = desk({"chat": [call(0, 60)]})
    tree["self_service"] = {
        "bot": {"channels": ["chat"], "takes": constant(30), "resolves": 0, "harder_rest": "150 %"},
    }
    lines = story_of(tree, 0)
    assert "begins with bot" in at(lines, "00:00:00")
    assert at(lines, "00:00:30")[:2] == ["bot hands it on after 30 s", "· what it hands on takes 150 % of the talk"]
    assert at(lines, "00:00:30")[-1] == "clerks/1 begins: talk of 1 min dealt × 150 % (what bot hands on) = 1 min 30 s"


def test_a_silent_leaver_is_found_where_its_place_stood() -> None:
    channels = {"chat": {"waiting": "live", "silent": {"share": 1, "detected_after": "20 s"}}}
    log = {"chat": [call(0, 100), call(10, patience=20), call(40)]}
    lines = story_of(desk(log, channels=channels), 1)
    assert at(lines, "00:00:30")[0] == "its patience runs out: it leaves without a sign, and its place stays after 20 s"
    assert at(lines, "00:01:40") == [
        "clerks/1 takes the place it left and finds nobody there, for 20 s, until 00:02:00"
    ]
    third = story_of(desk(log, channels=channels), 2)
    assert at(third, "00:00:40")[1] == (
        "enters the queue first/question/chat: nobody waits there; the places of contact 1, who left silently, stand "
        "before it"
    )


def test_call_backs_are_offered_and_dialled() -> None:
    callback = {"offered_when": {"waiting": 0}, "accepted": 1, "connects": 1}
    log = {"phone": [call(0, 100), call(10, 60)]}
    lines = story_of(desk(log, channels={"phone": {"waiting": "live", "callback": callback}}), 1)
    assert "· a call-back is offered: it accepts and hangs up" in at(lines, "00:00:10")
    assert "· 20 s of dialling before" in at(lines, "00:01:40")


def test_exchanges_of_a_case_are_told_answer_by_answer() -> None:
    """The customer writes once more, five minutes after the answer."""
    exchanges = {"continues": 1, "limit": 1, "customer_replies_after": constant(300)}
    tree = desk({"email": [call(0, 60)]}, channels={"email": {"waiting": "backlog", "exchanges": exchanges}})
    lines = story_of(tree, 0)
    assert at(lines, "00:01:00") == ["the answer is sent, and the customer writes again after 5 min"]
    assert at(lines, "00:06:00")[-1] == "clerks/1 begins: talk of 1 min dealt"
    assert at(lines, "00:07:00")[0] == "the talk ends: resolved"


def test_the_head_says_of_which_segment_and_language_the_customer_is() -> None:
    tree = desk({"phone": [call(0)]})
    tree["customers"] = {"premium": {}}
    tree["contact_types"]["question"] |= {"customer": "premium", "languages": {"en": 1}}
    assert story_of(tree, 0)[0] == "Contact 0 (phone, question), first contact, customer premium, language en"


def test_doors_that_turn_away_end_the_story() -> None:
    tree = desk({"phone": [call(120)]}, channels={"phone": {"waiting": "live", "open": "short"}})
    lines = story_of({**tree, "opening_hours": {"short": {"mon-sun": "00:00-00:01"}}}, 0)
    assert at(lines, "00:02:00") == ["arrives by phone, which is closed and turns it away", "the contact ends: refused"]
    busy = story_of(desk({"phone": [call(0), call(5)]}, channels={"phone": {"waiting": "live", "lines": 1}}), 1)
    assert at(busy, "00:00:05") == ["arrives by phone, which is open; all of 1 line taken", "the contact ends: busy"]


def test_with_priorities_the_rule_names_them() -> None:
    """The urgent call went first; then nothing has a priority before 5."""
    tree = desk({"phone": [call(0, 60), call(10, 60)]})
    urgent = {**tree["contact_types"]["question"], "priority": 2, "arrivals": {"phone": {"log": [call(20, 60)]}}}
    tree["contact_types"]["urgent"] = urgent
    assert at(story_of(tree, 1), "00:02:00")[0] == (
        "clerks/1 takes it by row 1 of clerks 1 min 50 s after it came: contact 2 is done, and of what the row serves "
        "nothing has a priority before 5, and of that it has waited longest"
    )


def test_many_who_go_before_are_told_by_reason() -> None:
    """Nine who stood before it, in one line."""
    log = {"phone": [call(0, 60), *(call(1, 10) for _ in range(9)), call(2, 10)]}
    lines = story_of(desk(log), 10)
    assert at(lines, "00:02:30")[:2] == [
        "meanwhile agents who serve its queue took 9 others",
        "· 9 × it stood before this one: contacts 1, 2, 3, 4, 5, 6, 7, 8, 9",
    ]


def test_people_away_within_their_shift_are_counted() -> None:
    """Two on a break from 00:05 to 00:15; the one who is there is at work."""
    pause = {"length": "10 min", "at": "00:05"}
    groups = {
        "clerks": {
            "tier": "first",
            "shifts": {"one": {"days": "mon-sun", "hours": "00:00-01:00", "headcount": 2, "breaks": [pause]}},
        },
        "spare": {"tier": "first", "headcount": 1},
    }
    lines = story_of(desk({"phone": [call(390, 600), call(400, 60)]}, agent_groups=groups), 1)
    assert at(lines, "00:06:40")[2:4] == [
        "· clerks: nobody on duty, 2 on a break",
        "· spare/1: talk with contact 0 (phone, question) since 00:06:30",
    ]
    assert at(lines, "00:15:00")[0] == (
        "clerks/one/1 takes it by row 1 of clerks 8 min 20 s after it came: on duty from now on, and of what the row "
        "serves it has waited longest"
    )


@pytest.mark.parametrize("seed", range(6))
def test_every_contact_of_a_random_scenario_has_its_story(seed: int) -> None:
    """No line is wider than the page, and none lies outside the contact's time."""
    scenario = random_loaded(random.Random(seed))
    program, hand = compile_program(scenario), deal(scenario, 1, 0)
    journal = Journal(frozenset(range(len(hand.contacts.at))))
    outcome = play(program, hand, journal)
    joined = Joined(Frame.of(scenario, program), hand, outcome)
    for record, contact in enumerate(outcome.contacts.contact.tolist()):
        story = Story(Witnessed(scenario, joined, journal, contact))
        assert max(map(len, str(story).splitlines())) <= WIDTH
        assert min(line.at for line in story.lines()) == outcome.contacts.begin[record]
        assert max(line.at for line in story.lines()) <= program.length


def test_a_chaser_is_told_as_what_it_is() -> None:
    """It asks at 100 for the case of 150 s, is told for 20 s, and has no score."""
    weights = {"best": 4.6, "per_minute_waiting": 0, "per_hour_in_backlog": 0, "per_transfer": 0}
    tree = asking([call(0, 150)]) | {"quality": {"satisfaction": {**weights, "unresolved": -1, "abandoned": 1.5}}}
    lines = story_of(tree, 1)
    assert lines[0] == "Contact 1 (phone, question), chaser"
    assert at(lines, "00:02:00") == [
        "the talk ends: the customer was told how the case stands",
        "the contact ends: chased",
    ]
    assert any(line.startswith("contact 1, chaser by phone") for line in lines)
