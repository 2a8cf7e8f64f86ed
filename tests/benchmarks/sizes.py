"""What a contact costs as desks and runs grow, and what the shipped scenarios take."""

import statistics
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from sim.scenario.load import load
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
