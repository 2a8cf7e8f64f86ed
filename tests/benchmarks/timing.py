"""CPU seconds of pieces of work, by step of the line, taken in turn."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import process_time
from typing import TypeVar

from sim.engine.choice import Name
from sim.experiment.line import Line
from sim.scenario.schema import Scenario

Key = TypeVar("Key")


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
        timings = [self._replication(each) for each in range(first, first + self._replications)]
        contacts = sum(timing.contacts for timing in timings)
        steps = timings[0].steps
        seconds = {step: sum(one.steps[step] * one.contacts for one in timings) / contacts for step in steps}
        return Timing(seconds, round(contacts / self._replications))

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


def in_turn(contestants: dict[Key, Callable[[int], Timing]], rounds: int) -> dict[Key, Timing]:
    """Return the median of every step over the rounds; contestants run in turn, so that a slow minute hits all."""
    runs: dict[Key, list[Timing]] = {key: [] for key in contestants}
    for run in contestants.values():
        run(0)  # warm up: tables, caches, the file system
    for number in range(1, rounds + 1):
        for key, run in contestants.items():
            runs[key].append(run(number))
    return {
        key: Timing(
            {step: statistics.median(one.steps[step] for one in timings) for step in timings[0].steps},
            round(statistics.fmean(one.contacts for one in timings)),
        )
        for key, timings in runs.items()
    }
