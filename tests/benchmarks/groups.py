"""What a contact costs by the number of agent groups and of queues, of those that are alike and those that differ."""

import json
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

from sim.scenario.load import loads
from sim.scenario.schema import Scenario
from tests.benchmarks.sizes import CALLS_PER_MINUTE_AND_AGENT, CONTACTS
from tests.benchmarks.table import Goal, Row
from tests.benchmarks.timing import Contestant, in_turn

PEOPLE = 240
ALIKE, KEEP, PREFER, RANKED, SKILLED = (
    "alike",
    "each keeps one free",
    "each prefers one",
    "each of a rank of its own",
    "each of skills of its own",
)
FEW, MANY = 60, 240
GOAL_OF_ALIKE = Goal("at most", 1.5)
"""The cost of a contact with many groups or types of calls that all serve and are served alike, in that with one."""
GOAL_OF_DIFFERING = Goal("at most", 2.0)
"""The same of four times as many that differ, in that with so many: it would be four, were each of them looked at."""


class Division(NamedTuple):
    """How people are divided into groups, and calls into types."""

    groups: int
    types: int
    how: str = ALIKE

    def __str__(self) -> str:
        return f"{PEOPLE} people in {self.groups} groups, {self.types} queues, {self.how}"


ONE = Division(1, 1)
DIVISIONS = (
    ONE,
    *(Division(number, 1) for number in (10, FEW, MANY)),
    *(Division(1, number) for number in (10, FEW, MANY)),
    *(Division(number, number) for number in (10, FEW)),
    *(Division(number, 1, KEEP) for number in (10, FEW)),
    *(Division(number, 1, RANKED) for number in (FEW, MANY)),
    *(Division(number, number, how) for how in (PREFER, SKILLED) for number in (FEW, MANY)),
)


def divided(division: Division) -> Scenario:
    """Give the calls of work A, of so many types, to 240 people in so many groups, in that way."""
    talk = {"desk": {"handle_time": {"distribution": "exponential", "mean": "5 min"}}}
    calls_per_hour = CALLS_PER_MINUTE_AND_AGENT * PEOPLE * 60
    calls = {"arrivals": {"phone": {"rate": f"{calls_per_hour / division.types:g} per hour"}}, "handling": talk}
    teams = {
        f"team_{number}": {
            "tier": "desk",
            "headcount": PEOPLE // division.groups,
            "serves": _serves(number, division),
        }
        for number in range(division.groups)
    }
    tree = {
        "format": 1,
        "name": str(division),
        "time": {"start": "2026-03-02", "length": f"{CONTACTS / calls_per_hour:g} h"},
        "channels": {"phone": {"patience": {"distribution": "exponential", "mean": "3 min"}}},
        "contact_types": {f"call_{number}": calls for number in range(division.types)},
        "tiers": {"desk": {}},
        "agent_groups": teams,
    }
    return loads(json.dumps(tree))


def _serves(group: int, division: Division) -> list[dict[str, Any]]:
    own = f"call_{group % division.types}"
    if division.how == KEEP:
        return [{"keep_free": 1}]
    if division.how == PREFER:
        return [{"contact_types": [own]}, {}]
    if division.how == RANKED:
        return [{"rank": group + 1}]
    if division.how == SKILLED:
        drawn = random.Random(group)
        skills = {own, *(f"call_{number}" for number in range(division.types) if drawn.random() < 1 / 2)}
        return [{"contact_types": sorted(skills)}]
    return [{}]


def rows(rounds: int) -> Iterator[Row]:
    """Tell what a contact costs in each division."""
    medians = in_turn({division: Contestant(divided(division)).run for division in DIVISIONS}, rounds)
    for division, timing in medians.items():
        has_goal = division.how in {ALIKE, KEEP} and division != ONE
        what, costs = "a contact played, in that of one group, one queue", timing.play / medians[ONE].play
        yield Row(str(division), what, str(timing), costs, GOAL_OF_ALIKE if has_goal else None)
    for many, timing in medians.items():
        few = Division(FEW, min(FEW, many.types), many.how)
        if many.groups == MANY and many.how != ALIKE:
            costs = timing.play / medians[few].play
            yield Row(str(many), f"the same, in that of {FEW} groups", str(timing), costs, GOAL_OF_DIFFERING)
