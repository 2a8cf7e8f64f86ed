"""Playing schedules: the same dealt hands for all of them, here and in workers that keep their share of the hands.

A replication is dealt once and kept; a schedule changes nothing in it but who is on duty. Workers each play the
replications that are theirs (number modulo workers) of every schedule, so that they, too, deal each only once. Sums of
whole numbers come back, in the order of the replications: no figure depends on who played.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from sim.demand.duty import DutyPlan
from sim.demand.kept import Kept
from sim.experiment.line import Line
from sim.experiment.partners import Partners, PartnersLost
from sim.experiment.workers import check_workers, processors
from sim.staffing.plan.bounds import Promises
from sim.staffing.plan.overtime import Overtime
from sim.staffing.plan.schedules import Headcounts, Schedules

if TYPE_CHECKING:
    from types import TracebackType

    from sim.demand.hand import Hand
    from sim.engine.choice import Name
    from sim.scenario.schema import Scenario

Ints = NDArray[np.int64]

KEPT_BYTES: Final = 400_000_000
"""Of hands dealt in each process; those beyond are dealt again."""
SECONDS_ALONE: Final = 2.0
"""Of play, after which workers are called."""
DUTIES: Final = 64
"""Schedules whose planned duty is kept."""

Sums = tuple[Ints, Ints]
"""(tops, bottoms), each (replications, rows)."""


@dataclass(frozen=True)
class Task:
    """What is to be played, and counted of it."""

    people: Headcounts | Scenario
    """A schedule, or the scenario with people who do not work the plan's shifts."""
    replications: tuple[int, ...]
    overtime: bool = False
    """Whether overtime is counted, and not what was promised."""


class Stage:
    """Plays schedules of one scenario in this process.

    Pickled, it is what makes such a stage elsewhere, without the hands that were dealt here.
    """

    def __init__(self, schedules: Schedules, seed: int, engine: Name) -> None:
        self._schedules, self._seed, self._engine = schedules, seed, engine
        self._line = Line(schedules.staffed(schedules.present), engine)
        self.promises, self._overtime = Promises(schedules.scenario, self._line.frame), Overtime(self._line.frame)
        self._hands: dict[int, Hand] = {}
        self._bytes = 0
        self._kept = Kept()
        self._duties: OrderedDict[Headcounts, DutyPlan] = OrderedDict()

    def __reduce__(self) -> tuple[type[Stage], tuple[Schedules, int, Name]]:
        return Stage, (self._schedules, self._seed, self._engine)

    def promises_of(self, scenario: Scenario) -> Promises:
        """Give the promises of a scenario that differs from what is played here in bounds alone."""
        return Promises(scenario, self._line.frame)

    def elsewhere(self) -> Callable[[Sequence[Task]], list[Sums]]:
        """Begin to play in another process: hands that it shares with the one it was forked from take no room of it."""
        self._bytes = 0
        return self.done

    def done(self, tasks: Sequence[Task]) -> list[Sums]:
        """Play what is asked; the sums come in the order of the tasks."""
        return [self._done(task) for task in tasks]

    def _done(self, task: Task) -> Sums:
        if isinstance(task.people, tuple):
            return self.play(task.people, task.replications, overtime=task.overtime)
        return self.play_staffed(task.people, task.replications, overtime=task.overtime)

    def play(self, headcounts: Headcounts, numbers: Sequence[int], *, overtime: bool = False) -> Sums:
        """Play replications of a schedule; count what was promised, or overtime."""
        duty, counting = self._duty(headcounts), self._overtime if overtime else self.promises
        hands = (replace(self._hand(number), agents=duty.deal(self._seed, number)) for number in numbers)
        return _stacked([counting.totals(hand, self._line.play(hand)) for hand in hands])

    def play_staffed(self, scenario: Scenario, numbers: Sequence[int], *, overtime: bool = False) -> Sums:
        """Play replications of the scenario with other people, who need not work the plan's shifts."""
        line = Line(scenario, self._engine)
        counting = Overtime(line.frame) if overtime else Promises(scenario, line.frame)
        hands = (line.deal(self._seed, number) for number in numbers)
        return _stacked([counting.totals(hand, line.play(hand)) for hand in hands])

    def _hand(self, number: int) -> Hand:
        hand = self._hands.get(number)
        if hand is None:
            hand = self._line.deal(self._seed, number)
            size = _bytes(hand)
            if self._bytes + size <= KEPT_BYTES:
                self._bytes += size
                self._hands[number] = hand
        return hand

    def _duty(self, headcounts: Headcounts) -> DutyPlan:
        duty = self._duties.pop(headcounts, None)
        if duty is None:
            duty = DutyPlan(self._schedules.staffed(headcounts), self._kept)
            if len(self._duties) >= DUTIES:
                self._duties.popitem(last=False)
        self._duties[headcounts] = duty
        return duty


def _bytes(record: Any) -> int:
    """Give the size of all arrays in a record."""
    if isinstance(record, np.ndarray):
        return record.nbytes
    return sum(_bytes(getattr(record, one.name)) for one in fields(record)) if is_dataclass(record) else 0


class Players:
    """The process itself and, once the work is worth it, partners beside it.

    What is asked first is played here, so that the engine is compiled once, and what was dealt for it is there for
    partners that are forked.

    Parameters
    ----------
    workers
        How many processes play; `auto`: this one for the first seconds, then one for each processor.
    """

    def __init__(self, schedules: Schedules, seed: int, workers: int | str, engine: Name) -> None:
        self.stage = Stage(schedules, seed, engine)
        self.played = 0
        """Replications."""
        check_workers(workers)
        size = processors() if workers == "auto" else int(workers)
        self._partners = Partners(size, self.stage.elsewhere)
        self._alone = SECONDS_ALONE if workers == "auto" else 0.0
        self._seconds = 0.0
        self._lost = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._partners.__exit__(kind, error, trace)

    def play(self, tasks: Sequence[Task]) -> list[Sums]:
        """Play what is asked; the sums come in the order of the tasks."""
        together = self._partners.size > 1 and self._seconds > self._alone and not self._lost
        found = self._together(tasks) if together else self._here(tasks)
        self.played += sum(len(task.replications) for task in tasks)
        return found

    def _here(self, tasks: Sequence[Task]) -> list[Sums]:
        began = time.perf_counter()
        found = self.stage.done(tasks)
        self._seconds += time.perf_counter() - began
        return found

    def _together(self, tasks: Sequence[Task]) -> list[Sums]:
        size = self._partners.size
        shares = [[_share(task, worker, size) for task in tasks] for worker in range(size)]
        try:
            found = self._partners.answers(shares)
        except PartnersLost:
            # Whatever became of them: what they were to play is played here, and so is the rest.
            self._lost = True
            return self._here(tasks)
        return [_in_order(task.replications, of_task, size) for task, *of_task in zip(tasks, *found, strict=True)]


def _share(task: Task, worker: int, size: int) -> Task:
    """Give the part of a task that is a worker's."""
    return replace(task, replications=tuple(number for number in task.replications if number % size == worker))


def _stacked(totals: Sequence[Sums]) -> Sums:
    return np.array([top for top, _ in totals]), np.array([bottom for _, bottom in totals])


def _in_order(numbers: Sequence[int], shares: Sequence[Sums], size: int) -> Sums:
    """Put what workers played in the order of the replications."""
    rows = max((tops.shape[1] for tops, _ in shares if tops.size), default=0)
    tops, bottoms = np.zeros((len(numbers), rows), np.int64), np.zeros((len(numbers), rows), np.int64)
    for worker, (top, bottom) in enumerate(shares):
        places = [place for place, number in enumerate(numbers) if number % size == worker]
        if places:
            tops[places], bottoms[places] = top, bottom
    return tops, bottoms
