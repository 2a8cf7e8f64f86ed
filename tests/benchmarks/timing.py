"""CPU seconds of pieces of work, by step of the line, taken in turn."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import process_time
from typing import TypeVar

from sim.engine.choice import Name
from sim.experiment.line import Line
from sim.scenario.schema import Scenario

Key = TypeVar("Key")

BLOCKS = 10
"""Into which the runs of short contestants are divided that take place around a long one."""


@dataclass(frozen=True)
class Timing:
    """CPU seconds of one round, by contact."""

    steps: dict[str, float]
    contacts: int
    """Of a replication."""

    @property
    def whole(self) -> float:
        """Of all steps together, by contact."""
        return sum(self.steps.values())

    @property
    def play(self) -> float:
        """Of playing, by contact."""
        return self.steps["play"]

    @property
    def beside(self) -> float:
        """Of dealing and measuring together, by contact."""
        return self.whole - self.play

    @property
    def replication(self) -> float:
        """Of a replication."""
        return self.whole * self.contacts

    def __str__(self) -> str:
        return ", ".join(f"{step} {each * 1e9:,.0f}" for step, each in self.steps.items()) + " ns a contact"


class Contestant:
    """Our whole line for one scenario, timed step by step.

    Parameters
    ----------
    replications
        How many make a round.
    """

    def __init__(self, scenario: Scenario, name: Name = "compiled", replications: int = 1) -> None:
        self._line, self._replications = Line(scenario, name), replications
        self._collected = self._line.collecting()

    def run(self, number: int) -> Timing:
        """Deal, play and measure the replications of round `number`."""
        first = number * self._replications
        return together([self._replication(each) for each in range(first, first + self._replications)])

    def _replication(self, number: int) -> Timing:
        line = self._line
        started = process_time()
        hand = line.deal(1, number)
        dealt = process_time()
        outcome = line.play(hand)
        played = process_time()
        self._collected.add(line.gather(line.account(hand, outcome)))
        measured = process_time()
        contacts = len(outcome.contacts.contact)
        seconds = {"deal": dealt - started, "play": played - dealt, "measure": measured - played}
        return Timing({step: taken / contacts for step, taken in seconds.items()}, contacts)


def together(timings: Sequence[Timing]) -> Timing:
    """Return what the contacts of several took on average."""
    contacts = sum(timing.contacts for timing in timings)
    steps = timings[0].steps
    seconds = {step: sum(one.steps[step] * one.contacts for one in timings) / contacts for step in steps}
    return Timing(seconds, round(contacts / len(timings)))


def in_turn(contestants: dict[Key, Callable[[int], Timing]], rounds: int) -> dict[Key, Timing]:
    """Return the median of every step over the rounds; contestants run in turn, so that a slow minute hits all."""
    runs: dict[Key, list[Timing]] = {key: [] for key in contestants}
    for run in contestants.values():
        run(0)  # warm up: tables, caches, the file system
    for number in range(1, rounds + 1):
        for key, run in contestants.items():
            runs[key].append(run(number))
    return {key: median(timings) for key, timings in runs.items()}


def around(shorter: Sequence[Callable[[int], Timing]], longest: Callable[[int], Timing], number: int) -> list[Timing]:
    """Return what round `number` of contestants took, of which one takes as long as some runs of the others.

    Those run in `BLOCKS` blocks, half of them before the longest and half after it, forwards and backwards by turns:
    what becomes slower or faster in the course of a round does so for all of them alike.

    The longest runs twice, and the second time counts. In a run of many replications the memory of one comes from the
    one before; a system that lends what lies idle elsewhere takes much longer to find it again.
    """
    blocks = []
    for block in range(BLOCKS):
        if block == BLOCKS // 2:
            longest(number)
            alone = longest(number)
        order = shorter if block % 2 else shorter[::-1]
        taken = [run(number * BLOCKS + block) for run in order]
        blocks.append(taken if block % 2 else taken[::-1])
    return [*(together(of_one) for of_one in zip(*blocks, strict=True)), alone]


def median(timings: Sequence[Timing]) -> Timing:
    """Return the median of every step."""
    steps = {step: statistics.median(one.steps[step] for one in timings) for step in timings[0].steps}
    return Timing(steps, round(statistics.fmean(one.contacts for one in timings)))
