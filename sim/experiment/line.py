"""The line: deal, play and measure replications of one scenario, in the process that asks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from sim.demand.deal import Dealer
from sim.engine.compile import compile_program
from sim.engine.reference import play
from sim.measure.accounts import Measures, account
from sim.measure.frame import Frame

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario


class Line:
    """Deals, plays and measures replications of a scenario; what does not depend on chance is worked out once."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._program = compile_program(scenario)
        self.frame = Frame.of(scenario, self._program)

    @cached_property
    def _dealer(self) -> Dealer:
        return Dealer(self.scenario)

    def one_by_one(self, seed: int, numbers: range) -> Iterator[Measures]:
        """Give the sums of replications, one after the other."""
        for number in numbers:
            yield self.measures(seed, number)

    def measures(self, seed: int, replication: int) -> Measures:
        """Give the sums of one replication: a pure function of the scenario, the seed and the replication's number."""
        hand = self._dealer.deal(seed, replication)
        return account(self.frame, hand, play(self._program, hand))
