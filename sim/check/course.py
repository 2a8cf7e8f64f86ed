"""The course of a check: looks at replications, the error spent over them, and verdicts that stand once found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from sim.experiment.judge import LEVEL, Judgement, verdicts
from sim.experiment.replicate import Playing, run_until
from sim.experiment.statistics import LOOKS, level_after_looks
from sim.scenario.units import write_counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.engine.choice import Engine, Name
    from sim.experiment.collect import Collected
    from sim.experiment.judge import Verdict
    from sim.experiment.replicate import Auto, Progress
    from sim.experiment.result import Result
    from sim.scenario.schema import Scenario

UNDECIDED: Final = "undecided"


@dataclass(frozen=True)
class Looks:
    """Numbers of replications after which a check looks at its targets.

    Every look may be wrong, and it is the first decisive one that counts, so the error 1 − level is shared out evenly:
    with K looks each forms its intervals at 1 − (1 − level) ÷ K. Whatever the looks have in common, the probability
    that any of them errs is at most the sum of their parts (an error-spending plan with equal parts, held by
    Bonferroni's inequality; Jennison & Turnbull 2000, Group Sequential Methods, ch. 7).
    """

    at: tuple[int, ...]
    """Increasing; the last is the limit."""

    @classmethod
    def up_to(cls, limit: int) -> Looks:
        """Give the looks of `auto` below a limit, and the limit."""
        return cls((*(look for look in LOOKS if look < limit), limit))

    @property
    def spent(self) -> float:
        """Share of the error that each look may use."""
        return 1 / len(self.at)

    @property
    def level(self) -> float:
        """Level of the intervals of each look."""
        return level_after_looks(LEVEL, self.spent)


class Judged(Protocol):
    """Something with a verdict."""

    @property
    def verdict(self) -> str:
        """pass, fail or undecided."""


Found = TypeVar("Found", bound=Judged)


@dataclass(frozen=True)
class Decision(Generic[Found]):
    """A verdict and when it was found."""

    found: Found
    replications: int


class Course(Generic[Found]):
    """Verdicts as look follows look: the first that is decisive stands, whatever later looks would say."""

    def __init__(self) -> None:
        self.decisions: list[Decision[Found]] = []

    def look(self, replications: int, found: list[Found]) -> None:
        """Take in what a look found, in the same order at every look."""
        now = [Decision(one, replications) for one in found]
        self.decisions = [
            before if before.found.verdict != UNDECIDED else after
            for before, after in zip(self.decisions or now, now, strict=True)
        ]

    @property
    def open(self) -> int:
        """How many are undecided."""
        return sum(decision.found.verdict == UNDECIDED for decision in self.decisions)


class Decided:
    """Goes on until every target of a scenario is decided, or replications are at the limit.

    Parameters
    ----------
    scenario
        With the targets.
    looks
        When to look at them.
    at_least
        Replications that are needed whatever the targets say, for a baseline.
    """

    def __init__(self, scenario: Scenario, looks: Looks, at_least: int = 0) -> None:
        self._scenario, self._looks, self._at_least = scenario, looks, at_least
        self.course: Course[Verdict] = Course()

    @property
    def looks(self) -> tuple[int, ...]:
        """Where the run may end."""
        if not self._scenario.targets:
            return (self._at_least,)
        return tuple(sorted({*self._looks.at, self._at_least} - {0}))

    def run(
        self,
        *,
        seed: int = 1,
        workers: int | Auto = 1,
        cluster: str | None = None,
        engine: Name | Engine = "compiled",
        progress: Callable[[Progress], None] | None = None,
    ) -> Result:
        """Simulate the scenario that far; arguments as for `sim.run`."""
        playing = Playing("auto", seed, 0, workers, cluster, progress, looks=self.looks, purpose="decided")
        return run_until(self._scenario, playing, self.judge, spent=self._looks.spent, engine=engine)

    def judge(self, collected: Collected) -> Judgement:
        """Judge the targets, if this is one of their looks."""
        done = collected.replications
        if done in self._looks.at:
            self.course.look(done, verdicts(self._scenario, collected, self._looks.level))
        targets = len(self._scenario.targets)
        decided = len(self.course.decisions) - self.course.open
        enough = done >= self._at_least and decided == targets
        return Judgement(enough, f"{decided} of {write_counted(targets, 'target')} decided")
