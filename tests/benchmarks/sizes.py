"""What a contact costs as desks and runs grow, and what the shipped scenarios take."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from sim.scenario.load import load, loads
from sim.scenario.schema import Scenario
from tests.benchmarks.table import Goal, Row
from tests.benchmarks.timing import Contestant, Timing, in_turn

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "scenarios"
WORK_A = HERE / "work_a.yaml"

AGENTS = (10, 100, 1_000, 10_000)
CONTACTS = 500_000
"""Of each size of desk: the same number, so that only the size differs."""
CALLS_PER_MINUTE_AND_AGENT = 0.2
GOAL_OF_AGENTS = Goal("at most", 1.5)
"""The cost of a contact at 10,000 agents, in that at 100."""

PEOPLE = 240
PARTS = (1, 10, 60, 240)
"""Into how many groups they are divided, or of how many types their calls are."""
GOAL_OF_PARTS = Goal("at most", 1.5)
"""The cost of a contact with many groups or types of calls that all serve and are served alike, in that with one."""

INQUIRIES = (1_000, 10_000, 100_000, 1_000_000)
SHORTEST_ROUND = 200_000
"""Inquiries in a round of several replications: fewer take too short a time to be told from what happens beside."""
GOAL_OF_INQUIRIES = Goal("at most", 1.2)
"""Linear within 20 %: what ten times as many inquiries add, by inquiry, in what the step before added."""

GOAL_BESIDE_PLAYING = Goal("at most", 1.0)
"""Dealing and measuring together cost no more than playing does."""


def erlang_a(agents: int, contacts: int) -> Scenario:
    """Give work A with so many agents, as busy as its hundred, until about so many contacts have come."""
    calls_per_minute = CALLS_PER_MINUTE_AND_AGENT * agents
    return load(
        WORK_A,
        {
            "time.length": f"{contacts / calls_per_minute:g} min",
            "time.warm_up": None,
            "contact_types.call.arrivals.phone.rate": f"{calls_per_minute * 60:g} per hour",
            "agent_groups.agents.headcount": agents,
        },
    )


def agents(rounds: int) -> Iterator[Row]:
    """Tell what a contact costs by the number of agents."""
    medians = in_turn({size: Contestant(erlang_a(size, CONTACTS)).run for size in AGENTS}, rounds)
    base = medians[100]
    for size, timing in medians.items():
        work = f"M/M/{size:,}+M"
        goal = GOAL_OF_AGENTS if size == AGENTS[-1] else None
        yield Row(work, "a contact played, in that at 100 agents", str(timing), timing.play / base.play, goal)
        yield Row(work, "a contact, whole line, in that at 100", _rate(timing), timing.whole / base.whole, goal)


def divided(groups: int, types: int, prefer: bool = False, keep_free: int = 0) -> Scenario:
    """Give the calls of work A, of so many types, to 240 people in so many groups, all of whom take all.

    If groups prefer, each of them takes calls of one type first; so many of each group are kept free.
    """
    talk = {"desk": {"handle_time": {"distribution": "exponential", "mean": "5 min"}}}
    calls_per_hour = CALLS_PER_MINUTE_AND_AGENT * PEOPLE * 60
    calls = {"arrivals": {"phone": {"rate": f"{calls_per_hour / types:g} per hour"}}, "handling": talk}
    tree = {
        "format": 1,
        "name": f"{PEOPLE} people in {groups} groups, {types} types of calls",
        "time": {"start": "2026-03-02", "length": f"{CONTACTS / calls_per_hour:g} h"},
        "channels": {"phone": {"patience": {"distribution": "exponential", "mean": "3 min"}}},
        "contact_types": {f"call_{number}": calls for number in range(types)},
        "tiers": {"desk": {}},
        "agent_groups": {
            f"team_{number}": {
                "tier": "desk",
                "headcount": PEOPLE // groups,
                "serves": [{"contact_types": [f"call_{number % types}"]}, {}] if prefer else [{"keep_free": keep_free}],
            }
            for number in range(groups)
        },
    }
    return loads(json.dumps(tree))


def groups(rounds: int) -> Iterator[Row]:
    """Tell what a contact costs by the number of agent groups and of queues."""
    kinds = [(number, 1, False, 0) for number in PARTS] + [(1, number, False, 0) for number in PARTS[1:]]
    kinds += [(number, number, prefer, 0) for prefer in (False, True) for number in PARTS[1:3]]
    kinds += [(number, 1, False, 1) for number in PARTS[1:3]]
    medians = in_turn({kind: Contestant(divided(*kind)).run for kind in kinds}, rounds)
    base = medians[1, 1, False, 0]
    for (number, types, prefer, keep_free), timing in medians.items():
        own = ", each prefers one" if prefer else f", each keeps {keep_free} free" if keep_free else ""
        work = f"{PEOPLE} people in {number} groups, {types} queues{own}"
        goal = GOAL_OF_PARTS if max(number, types) > 1 and not prefer else None
        yield Row(work, "a contact played, in that of one group, one queue", str(timing), timing.play / base.play, goal)


def inquiries(rounds: int) -> Iterator[Row]:
    """Tell whether runs are linear in inquiries: each ten times as many add as much, by inquiry, as the ten before."""
    replications = {size: max(1, SHORTEST_ROUND // size) for size in INQUIRIES}
    contestants = {size: Contestant(erlang_a(100, size), replications=many) for size, many in replications.items()}
    medians = in_turn({size: contestant.run for size, contestant in contestants.items()}, rounds)
    added: list[float] = []
    for smaller, larger in pairwise(medians.values()):
        seconds = larger.whole * larger.contacts - smaller.whole * smaller.contacts
        added.append(seconds / (larger.contacts - smaller.contacts))
    for size, timing in medians.items():
        yield Row(f"M/M/100+M, {size:,} inquiries", "ms of CPU", str(timing), timing.whole * timing.contacts * 1e3)
    for (before, after), (_, size) in zip(pairwise(added), pairwise(INQUIRIES[1:]), strict=True):
        what = "an inquiry added, in those before"
        rate = f"{after * 1e9:,.0f} ns an added inquiry"
        yield Row(f"M/M/100+M, {size:,} inquiries", what, rate, after / before, GOAL_OF_INQUIRIES)


def shipped(rounds: int) -> Iterator[Row]:
    """Tell what `support_week.yaml` and the largest shipped scenario take."""
    from sim.cli.memory import memory_needed  # noqa: PLC0415

    expected = {path: memory_needed(load(path), 1).inquiries for path in sorted(SHIPPED.glob("*.yaml"))}
    names = {"support_week.yaml", max(expected, key=lambda path: expected[path]).name}
    for name in sorted(names):
        scenario = load(SHIPPED / name)
        medians = in_turn({engine: Contestant(scenario, engine).run for engine in ("reference", "compiled")}, rounds)
        reference, compiled = medians["reference"], medians["compiled"]
        work = f"{name}, {compiled.contacts:,} contacts"
        yield Row(work, "reference ÷ compiled, playing", str(reference), reference.play / compiled.play)
        yield Row(work, "reference ÷ compiled, whole line", _rate(compiled), reference.whole / compiled.whole)
        beside = compiled.beside / compiled.play
        yield Row(work, "deal and measure ÷ play, compiled", str(compiled), beside, GOAL_BESIDE_PLAYING)


def _rate(timing: Timing) -> str:
    return f"{1 / timing.whole:,.0f} contacts a s"
