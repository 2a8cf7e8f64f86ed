"""The report of a run: which sections and lines it has, for which desk."""

import io
from functools import cache
from pathlib import Path

import pytest
from rich.console import Console

import sim
from sim.report.tables import RunReport
from tests.experiment.desks import replayed

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@cache
def report(result: sim.Result, width: int = 100) -> str:
    """Return the report of a result as text."""
    stream = io.StringIO()
    Console(file=stream, width=width).print(RunReport(result))
    return stream.getvalue()


def section(text: str, title: str) -> list[str]:
    """Return the lines of a section, up to the next one."""
    after = text[text.index(f"\n{title}\n") + 1 :].splitlines()
    ends = [number for number, line in enumerate(after) if number and line and not line.startswith(" ")]
    return [line.rstrip() for line in after[: ends[0] if ends else None]]


@pytest.fixture(scope="module")
def support() -> sim.Result:
    """The support week: three channels, two stages, two tiers, four groups."""
    return sim.run(sim.load(SCENARIOS / "support_week.yaml"), replications=2, seed=1)


def test_sections_come_in_the_order_in_which_planners_ask(support: sim.Result) -> None:
    """Targets first, then channels, tiers, groups, self-service, inquiries, days and cost."""
    text = report(support)
    titles = [
        "Targets",
        "Live channels",
        "Backlog channels",
        "Tiers",
        "Agent groups",
        "Self-service",
        "Inquiries, by contact type",
        "By day",
        "Hours with most late answers on chat",
        "Hours with most late answers on phone",
        "Cost of the run",
        "Erlang beside simulation, technical: engineers",
    ]
    places = [text.index(f"\n{title}\n") for title in titles]
    assert places == sorted(places)


def test_nothing_is_wider_than_the_terminal(support: sim.Result) -> None:
    """At 100 columns and at 72, every line fits and no figure is cut."""
    for width in (100, 72):
        text = report(support, width)
        assert max(map(len, text.splitlines())) <= width
        assert "…" not in text


def test_a_channel_is_judged_at_its_own_deadlines_by_day(support: sim.Result) -> None:
    """The telephone's promise is 20 s, the chat's a minute: the days show each at its own."""
    heads = section(report(support), "By day")[1]
    assert "phone in 20 s" in heads
    assert "chat in 1 min" in heads
    assert "chat in 20 s" not in heads
    assert "email in 4 h" in heads


def test_groups_follow_the_tiers(support: sim.Result) -> None:
    """First line first: the engineers of the second tier come last."""
    heads = " ".join(section(report(support), "Agent groups")).split()
    groups = [word for word in heads if word in support.scenario.agent_groups]
    assert groups[-1] == "engineers"


def test_e_mail_does_not_drown_the_seconds_that_callers_wait(support: sim.Result) -> None:
    """A tier's wait is that of live channels: e-mail lies overnight for hours, callers wait for seconds."""
    lines = section(report(support), "Tiers")
    (wait,) = (line for line in lines if line.startswith("  mean wait of the answered"))
    assert wait.split()[6] == "s"
    assert any("Waits and abandonment: from chat and phone alone." in line for line in lines)


def test_slot_occupancy_is_only_of_groups_with_slots(support: sim.Result) -> None:
    """Who has no slots has a dash there."""
    with_slots = sum(bool(group.slots) for group in support.scenario.agent_groups.values())
    cells = "".join(line for line in section(report(support), "Agent groups") if line.startswith("  slot occupancy"))
    assert 0 < with_slots < len(support.scenario.agent_groups)
    assert cells.count("%") == with_slots
    assert cells.count("–") == len(support.scenario.agent_groups) - with_slots


def test_shared_people_have_no_erlang_formula(support: sim.Result) -> None:
    """Where groups overlap in what they serve, it is said that no formula fits."""
    lines = section(report(support), "Erlang beside simulation, first_line: billing_desk, chat_team, front_desk")
    assert lines[1].startswith("  No figures: the queues share some people and not others")


def test_service_levels_are_shown_in_the_readings_that_targets_ask() -> None:
    """Of the four calls one hangs up after 30 s: 75 % are answered within a minute, and all are settled by then."""
    target = "{measure: service_level, reading: settled, channel: phone, within: 1 min, at_least: 90 %}"
    text = report(sim.run(replayed(target), replications=2))
    assert "  service level (settled), 1 min   100 % (≥ 63)" in section(text, "Live channels")
    assert "settled: (answered or abandoned within T) ÷ offered" in text
    assert "phone in 1 min (settled)" in section(text, "By day")[1]


def test_who_leaves_silently_has_lines_of_its_own(support: sim.Result) -> None:
    """Where somebody does: the share of all who came, and the agents' hours that it cost, 2 min each."""
    assert "silently" not in report(support)
    changes = {
        "channels.chat.silent": {"share": "50 %", "detected_after": "2 min"},
        "channels.chat.patience": {"distribution": "exponential", "mean": "20 s"},
    }
    result = sim.run(sim.load(SCENARIOS / "support_week.yaml", changes), replications=1)
    lines = section(report(result), "Live channels")
    (share,) = (line.split()[3] for line in lines if line.startswith("  of which silently"))
    (hours,) = (line.split()[4] for line in lines if line.startswith("  agents' time with those"))
    legs, contacts = result.legs(), result.contacts()
    offered = (contacts["channel"] == "chat") & contacts["entered_queue"].notna()
    left = legs[legs["left"] == "silent"]
    at_first = (left["tier"] == "first_line").sum()
    assert 0 < at_first < len(left) < offered.sum()
    assert float(share) == round(100 * at_first / offered.sum(), 2)
    assert float(hours) == round(len(left["found_silent"].dropna()) * 2 / 60, 2)


def test_long_runs_are_shown_by_week() -> None:
    """Fifteen days are too many lines: three weeks, the last one of a single day."""
    scenario = sim.load(SCENARIOS / "tiny.yaml", {"time.length": "15 days"})
    lines = section(report(sim.run(scenario, replications=1)), "By week")
    assert [line[2:12].rstrip() for line in lines[2:5]] == ["Mon 6 Apr", "Mon 13 Apr", "Mon 20 Apr"]


def test_a_single_replication_says_that_it_has_no_intervals() -> None:
    """One course of events proves nothing, and no figure pretends to."""
    text = report(sim.run(sim.load(SCENARIOS / "tiny.yaml"), replications=1))
    assert "A single replication has no confidence intervals" in text
    assert "± is half" not in text
    assert " ± " not in text


def test_measured_time_starts_after_the_warm_up() -> None:
    """The head says from when on figures count."""
    scenario = sim.load(SCENARIOS / "call_centre.yaml", {"time.warm_up": "12 h"})
    head = report(sim.run(scenario, replications=1)).splitlines()[1]
    assert head == "Mon 2 Mar 2026 12:00 to Mon 9 Mar 2026 00:00 Europe/Paris, measured after a warm-up of 12 h"


def test_a_warning_is_shown_beside_its_target() -> None:
    target = "{measure: service_level, reading: answered, within: 10 s, at_least: 50 %, warn: 70 %}"
    shown = Console(width=120)
    with shown.capture() as capture:
        shown.print(RunReport(sim.run(replayed(target), replications=30)))
    assert "warned: the bound of `warn` is not kept" in capture.get()


def test_replies_of_customers_are_shown_with_their_cases() -> None:
    """A planner sees how often they write again, and how many cases are with them when the week ends."""
    often = {"continues": "50 %", "customer_replies_after": {"distribution": "exponential", "mean": "5 h"}}
    changes = {"channels.email.exchanges": often}
    text = report(sim.run(sim.load(SCENARIOS / "support_week.yaml", changes), replications=1))
    lines = section(text, "Backlog channels")
    assert [line[2:30].rstrip() for line in lines if "customer" in line][:2] == [
        "customers' replies per case",
        "of these with their customer",
    ]
    assert "at the end also who owes us a reply" in " ".join(" ".join(lines).split())
    assert "without the waits for customers' replies" in " ".join(text.split())


def test_who_asks_for_a_case_is_shown_among_the_calls() -> None:
    """A planner sees how many of the calls an ageing backlog makes."""
    asking = {"after": "1 h", "share": "60 %", "channel": "phone"}
    week = sim.load(SCENARIOS / "support_week.yaml", {"channels.email.chasers": asking})
    lines = section(report(sim.run(week, replications=1)), "Live channels")
    (line,) = (line for line in lines if line.startswith("  of these asking for a case"))
    assert float(line.split()[-1].replace(",", "")) > 0
    assert line.split()[-2] == "–"
