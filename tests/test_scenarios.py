"""What every shipped scenario promises: a question, targets, people enough, and nothing the engine leaves out."""

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.demand.deal import deal
from sim.demand.hand import Hand
from sim.engine.compile import compile_program
from sim.engine.compiled.play import play
from sim.engine.outcome import Outcome
from sim.engine.program import Program
from sim.engine.rules import Handled
from sim.measure.lint import lint
from sim.scenario import load as reading
from sim.scenario.schema import Scenario

FOLDER = Path(__file__).parent.parent / "scenarios"
SHIPPED = sorted(FOLDER.glob("*.yaml"))
HIGHEST_LOAD = 0.95
FULL_SPEED = 1_000_000

LONG = {"quarter"}
"""Scenarios of which a replication takes many seconds."""


@cache
def load(path: Path, variant: str | None = None) -> Scenario:
    """Read a scenario, once for all tests: it does not change."""
    return reading.load(path, variant=variant)


FOR_THE_PLANNER = {path.stem for path in SHIPPED if path.stem.startswith("twelve_hours")}
"""Cases without anybody on duty, and with as few as the targets bear: who gives up is part of the plan."""

each_scenario = pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
each_scenario_played = pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem, marks=[pytest.mark.slow] * (path.stem in LONG))
        for path in SHIPPED
        if path.stem not in FOR_THE_PLANNER
    ],
)


def chats_at_a_time(program: Program, queue: int) -> float:
    """Return how much work of a queue one agent gets done an hour: slots × pace at the limit, 1 without slots."""
    channel = program.queues.channel[queue]
    return max(
        limit * program.groups.slot_pace[group, channel, limit] / FULL_SPEED if limit else 1.0
        for group in program.rows.group[program.queues.rows[queue]]
        for limit in (program.groups.slot_limit[group, channel],)
    )


def load_by_tier(program: Program, hand: Hand, outcome: Outcome) -> NDArray[np.float64]:
    """Return, by tier, the work dealt to contacts that came to it ÷ the time that its people are on duty."""
    legs, marks, groups = outcome.legs, hand.tier_marks, program.groups
    tier_of_leg = program.queues.tier[legs.queue]
    position = program.tiers.position[hand.contacts.contact_type[legs.contact], tier_of_leg]
    mark = hand.contacts.first_tier_mark[legs.contact] + position
    sharing = np.array([chats_at_a_time(program, queue) for queue in range(len(program.queues.tier))])
    work = (marks.talk[mark] + marks.wrap_up[mark] + legs.briefing) / sharing[legs.queue]
    work[legs.handled == Handled.RETURNED] = 0  # goes on in another leg
    duty = outcome.agents.duty_end - outcome.agents.duty_begin
    tier_of_duty = groups.tier[hand.agents.group[outcome.agents.duty_agent]]
    tiers = len(program.tiers.handover)
    return np.bincount(tier_of_leg, work, tiers) / np.bincount(tier_of_duty, duty, tiers)


@each_scenario
def test_opens_with_its_question(path: Path) -> None:
    """The comment at the top of a shipped scenario asks what the scenario answers."""
    first_sentence = re.split(r"(?<=[.!?])\s", path.read_text(encoding="utf-8"), maxsplit=1)[0]
    assert first_sentence.startswith("# ")
    assert first_sentence.endswith("?")


@each_scenario
def test_names_targets(path: Path) -> None:
    """A shipped scenario says what must hold."""
    assert load(path).targets


@each_scenario
def test_every_variant_is_sound(path: Path) -> None:
    """And is another scenario than the one that it changes."""
    scenario = load(path)
    for name in scenario.variants:
        assert load(path, variant=name).hash != scenario.hash


@each_scenario
def test_lint_is_clean(path: Path) -> None:
    """Lint has nothing to say about a shipped scenario; of cases for the planner, that they are short of people."""
    found = lint(load(path))
    assert bool(found) == (path.stem in FOR_THE_PLANNER)
    assert all(finding.key in {"tiers.desk", "channels.phone", "agent_groups.clerks"} for finding in found)


@each_scenario_played
def test_tiers_are_loaded_below_the_limit(path: Path) -> None:
    """Every tier's people are on duty for longer than its work takes, with a margin, unless there is an outage."""
    scenario = load(path)
    if scenario.incidents:
        scenario = scenario.with_changes({"incidents": None})
    program = compile_program(scenario)
    hand = deal(scenario, 1, 0)
    loads = load_by_tier(program, hand, play(program, hand))
    assert (loads > 0).all()
    assert (loads < HIGHEST_LOAD).all(), dict(zip(scenario.tiers, loads, strict=True))


def test_load_sees_too_few_people() -> None:
    """With one engineer by day the second tier's load is found to be above the limit."""
    cut = {"agent_groups.engineers.shifts.day.headcount": 1, "agent_groups.engineers.shifts.early.headcount": 1}
    scenario = load(FOLDER / "support_week.yaml").with_changes(cut)
    program = compile_program(scenario)
    hand = deal(scenario, 1, 0)
    assert load_by_tier(program, hand, play(program, hand))[1] > HIGHEST_LOAD


def test_support_week_is_a_busy_week() -> None:
    """The support week deals at least 8,000 inquiries."""
    scenario = load(FOLDER / "support_week.yaml")
    assert min(deal(scenario, 1, replication).inquiries.contact_type.size for replication in range(3)) >= 8_000
