"""The line: deal, play and measure replications of one scenario, in the process that asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from sim.demand.deal import Dealer
from sim.engine.choice import Engine, Name, engine
from sim.engine.compile import compile_program
from sim.experiment.ahead import compile_measuring_beside
from sim.experiment.asked import ASKED_NOTHING, ToPair, grids
from sim.experiment.collect import Collected
from sim.experiment.gather import Gathered, Gathering
from sim.experiment.judge import watches
from sim.measure.accounts import Measures, account
from sim.measure.frame import Frame

if TYPE_CHECKING:
    from sim.demand.hand import Hand
    from sim.engine.outcome import Outcome
    from sim.scenario.schema import Scenario


class Line:
    """Deals, plays and measures replications of a scenario; what does not depend on chance is worked out once.

    Parameters
    ----------
    scenario
        What to simulate.
    playing
        The engine.
    to_pair
        What is kept of each replication apart.
    """

    def __init__(
        self, scenario: Scenario, playing: Engine | Name = "compiled", to_pair: ToPair = ASKED_NOTHING
    ) -> None:
        self.scenario = scenario
        self.engine = playing if isinstance(playing, Engine) else engine(playing)
        self._program = compile_program(scenario)
        self.frame = Frame.of(scenario, self._program, to_pair.deadlines)
        self.grids = grids(scenario, self.frame)
        self.watches = watches(scenario, self.frame)
        self.to_pair, self.paired = to_pair, to_pair.grids(self.frame)

    @cached_property
    def _dealer(self) -> Dealer:
        return Dealer(self.scenario)

    @cached_property
    def _gathering(self) -> Gathering:
        return Gathering(self.frame, self.grids, self.watches, self.paired, self._dealer.known)

    @property
    def recipe(self) -> Callable[[], Line]:
        """What makes the same line elsewhere; it can be pickled."""
        return partial(Line, self.scenario, self.engine.name, self.to_pair)

    def collecting(self) -> Collected:
        """Give what takes its replications in."""
        return Collected(self.frame, self.grids, self.watches, self.paired)

    def warm_up(self) -> None:
        """Have the engine compiled and kept before others look for it."""
        if self.engine.compiles:
            self.gathered(0, 0)

    def one_by_one(self, seed: int, numbers: range) -> Iterator[Gathered]:
        """Give what is kept of replications, one after the other."""
        for number in numbers:
            yield self.gathered(seed, number)

    def gathered(self, seed: int, replication: int) -> Gathered:
        """Give what is kept of one replication: a pure function of the scenario, the seed and its number."""
        return self.gather(self.measures(seed, replication))

    def measures(self, seed: int, replication: int) -> Measures:
        """Give one replication, of which sums are added up as they are asked."""
        hand = self.deal(seed, replication)
        return self.account(hand, self.play(hand))

    def deal(self, seed: int, replication: int) -> Hand:
        """Deal a replication's chance."""
        return self._dealer.deal(seed, replication)

    def play(self, hand: Hand) -> Outcome:
        """Find out what happens."""
        if self.engine.compiles:
            compile_measuring_beside()
        return self.engine.play(self._program, hand)

    def account(self, hand: Hand, outcome: Outcome) -> Measures:
        """Measure what happened."""
        return account(self.frame, hand, outcome)

    def gather(self, measures: Measures) -> Gathered:
        """Add up what is kept of a replication."""
        return self._gathering.of(measures)


class Lines:
    """Lines of several scenarios that play the same replications, so that they are dealt the same chance.

    Parameters
    ----------
    lines
        One a scenario.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = tuple(lines)

    @property
    def recipe(self) -> Callable[[], Lines]:
        """What makes the same lines elsewhere; it can be pickled."""
        return partial(_cooked, tuple(line.recipe for line in self.lines))

    def warm_up(self) -> None:
        """Have the engine compiled and kept before others look for it."""
        self.lines[0].warm_up()

    def one_by_one(self, seed: int, numbers: range) -> Iterator[tuple[Gathered, ...]]:
        """Give what is kept of replications by line, one after the other."""
        for number in numbers:
            yield self.gathered(seed, number)

    def gathered(self, seed: int, replication: int) -> tuple[Gathered, ...]:
        """Give what is kept of one replication, by line."""
        return tuple(line.gathered(seed, replication) for line in self.lines)


def _cooked(recipes: Sequence[Callable[[], Line]]) -> Lines:
    return Lines([recipe() for recipe in recipes])
