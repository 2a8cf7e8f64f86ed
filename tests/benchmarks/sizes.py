"""What a contact costs as desks and runs grow, and what the shipped scenarios take."""

import json
import statistics
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from sim.scenario.load import load, loads
from sim.scenario.schema import Scenario
from tests.benchmarks.table import Goal, Row
from tests.benchmarks.timing import Contestant, Timing, around, in_turn, median

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

INQUIRIES = {1_000: 20, 10_000: 10, 100_000: 1, 1_000_000: 1}
"""In a replication, and the replications in each of the blocks around the largest: of a size as many inquiries as there
are in the largest, but a fifth of that of the smallest, which is mostly the fixed cost of a replication."""
ROUNDS_OF_INQUIRIES = 3
"""Rounds of these sizes, in rounds asked: they are short, and the ratio of the median one is told."""
GOAL_OF_INQUIRIES = Goal("at most", 1.2)
"""Linear within 20 %: what one more inquiry costs on the way to ten times as many, in what it did on the way before."""

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
    """Tell whether runs are linear in inquiries: on the way to ten times as many one more costs what it did before.

    The steps of a round are set against each other, then the median of the rounds' ratios is taken: sizes that ran
    minutes apart would tell of the machine's minutes.
    """
    run = {size: Contestant(erlang_a(100, size), replications=many).run for size, many in INQUIRIES.items()}
    *shorter, longest = run.values()
    around(shorter, longest, 0)  # warm up
    taken = [around(shorter, longest, number) for number in range(1, ROUNDS_OF_INQUIRIES * rounds + 1)]
    for size, of_size in zip(INQUIRIES, zip(*taken, strict=True), strict=True):
        timing = median(of_size)
        yield Row(f"M/M/100+M, {size:,} inquiries", "ms of CPU a replication", str(timing), timing.replication * 1e3)
    costs = [cost_of_one_more(sizes) for sizes in taken]
    for step, (some, many) in enumerate(pairwise(sorted(INQUIRIES)[1:])):
        ratios = [cost[step + 1] / cost[step] for cost in costs]
        one_more = statistics.median(cost[step + 1] for cost in costs)
        rate = f"{one_more * 1e9:,.0f} ns one more; rounds' ratios {min(ratios):.2f} to {max(ratios):.2f}"
        what = f"one more inquiry, in one more to {some:,}"
        yield Row(f"M/M/100+M, {some:,} to {many:,}", what, rate, statistics.median(ratios), GOAL_OF_INQUIRIES)


def cost_of_one_more(sizes: Sequence[Timing]) -> list[float]:
    """Return the CPU seconds of one more inquiry from each size to the next: what all replications cost drops out."""
    return [
        (larger.replication - smaller.replication) / (larger.contacts - smaller.contacts)
        for smaller, larger in pairwise(sizes)
    ]


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
