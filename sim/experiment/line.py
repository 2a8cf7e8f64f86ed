"""The line: deal, play and measure replications of one scenario, in the process that asks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from sim.demand.deal import Dealer
from sim.engine.choice import Engine, Name, engine
from sim.engine.compile import compile_program
from sim.experiment.asked import grids
from sim.experiment.gather import Gathered, gather
from sim.experiment.judge import watches
from sim.measure.accounts import Measures, account
from sim.measure.frame import Frame

if TYPE_CHECKING:
    from sim.demand.hand import Hand
    from sim.engine.outcome import Outcome
    from sim.scenario.schema import Scenario


class Line:
    """Deals, plays and measures replications of a scenario; what does not depend on chance is worked out once."""

    def __init__(self, scenario: Scenario, playing: Engine | Name = "compiled") -> None:
        self.scenario = scenario
        self.engine = playing if isinstance(playing, Engine) else engine(playing)
        self._program = compile_program(scenario)
        self.frame = Frame.of(scenario, self._program)
        self.grids = grids(scenario, self.frame)
        self.watches = watches(scenario, self.frame)

    @cached_property
    def _dealer(self) -> Dealer:
        return Dealer(self.scenario)

    def warm_up(self) -> None:
        """Have the engine compiled and kept before others look for it."""
        if self.engine.compiles:
            self.measures(0, 0)

    def one_by_one(self, seed: int, numbers: range) -> Iterator[Gathered]:
        """Give what is kept of replications, one after the other."""
        for number in numbers:
            yield self.gathered(seed, number)

    def gathered(self, seed: int, replication: int) -> Gathered:
        """Give what is kept of one replication: a pure function of the scenario, the seed and its number."""
        return self.gather(self.measures(seed, replication))

    def measures(self, seed: int, replication: int) -> Measures:
        """Give all sums of one replication, to be added up as they are asked."""
        hand = self.deal(seed, replication)
        return self.account(hand, self.play(hand))

    def deal(self, seed: int, replication: int) -> Hand:
        """Deal a replication's chance."""
        return self._dealer.deal(seed, replication)

    def play(self, hand: Hand) -> Outcome:
        """Find out what happens."""
        return self.engine.play(self._program, hand)

    def account(self, hand: Hand, outcome: Outcome) -> Measures:
        """Measure what happened."""
        return account(self.frame, hand, outcome)

    def gather(self, measures: Measures) -> Gathered:
        """Add up what is kept of a replication."""
        return gather(measures, self.grids, self.watches)
