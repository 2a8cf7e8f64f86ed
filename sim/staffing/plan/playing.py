"""Playing schedules: the same dealt hands for all of them, here and in workers that keep their share of the hands.

A replication is dealt once and kept; a schedule changes nothing in it but who is on duty. Workers each play the
replications that are theirs (number modulo workers) of every schedule, so that they, too, deal each only once. Sums of
whole numbers come back, in the order of the replications: no figure depends on who played.
"""

from __future__ import annotations

import pickle
import time
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from contextlib import ExitStack
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from sim.demand.duty import DutyPlan
from sim.demand.kept import Kept
from sim.experiment.line import Line
from sim.experiment.workers import Crew, local_crew, processors
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
"""Of dealt hands, in each process; those beyond are dealt again."""
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
    """Plays schedules of one scenario in this process."""

    def __init__(self, schedules: Schedules, seed: int, engine: Name) -> None:
        self._schedules, self._seed, self._engine = schedules, seed, engine
        self._line = Line(schedules.staffed(schedules.present), engine)
        self.promises, self._overtime = Promises(schedules.scenario, self._line.frame), Overtime(self._line.frame)
        self._hands: dict[int, Hand] = {}
        self._bytes = 0
        self._kept = Kept()
        self._duties: OrderedDict[Headcounts, DutyPlan] = OrderedDict()

    def promises_of(self, scenario: Scenario) -> Promises:
        """Give the promises of a scenario that differs from what is played here in bounds alone."""
        return Promises(scenario, self._line.frame)

    def done(self, task: Task) -> Sums:
        """Play what is asked."""
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


@lru_cache(maxsize=1)
def _stage(scenario: bytes, seed: int, engine: Name) -> Stage:
    return Stage(Schedules(pickle.loads(scenario)), seed, engine)


def play_share(scenario: bytes, seed: int, engine: Name, tasks: list[Task]) -> list[Sums]:
    """Play what is a worker's share: what a worker does."""
    stage = _stage(scenario, seed, engine)
    return [stage.done(task) for task in tasks]


class Players:
    """The process itself and, once the work is worth it, workers beside it.

    Parameters
    ----------
    workers
        How many processes play; `auto`: this one for the first seconds, then one for each processor.
    """

    def __init__(self, scenario: Scenario, schedules: Schedules, seed: int, workers: int | str, engine: Name) -> None:
        self._job = pickle.dumps(scenario), seed, engine
        self.stage = Stage(schedules, seed, engine)
        self.played = 0
        """Replications."""
        self._wanted = processors() if workers == "auto" else int(workers)
        self._alone = SECONDS_ALONE if workers == "auto" else 0.0
        self._seconds = 0.0
        self._stack = ExitStack()
        self._executors: list[Executor] = []
        self._crew: Crew = local_crew(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def play(self, tasks: Sequence[Task]) -> list[Sums]:
        """Play what is asked; the sums come in the order of the tasks."""
        found = self._together(tasks) if self._in_crew() else self._here(tasks)
        self.played += sum(len(task.replications) for task in tasks)
        return found

    def _in_crew(self) -> bool:
        if self._wanted < 2 or self._seconds < self._alone:
            return False
        if not self._executors:
            self._executors = [self._stack.enter_context(self._crew.called()) for _ in range(self._wanted)]
        return True

    def _here(self, tasks: Sequence[Task]) -> list[Sums]:
        began = time.perf_counter()
        found = [self.stage.done(task) for task in tasks]
        self._seconds += time.perf_counter() - began
        return found

    def _together(self, tasks: Sequence[Task]) -> list[Sums]:
        size = len(self._executors)
        try:
            futures: list[list[Future[list[Sums]]]] = []
            for task in tasks:
                shares = [
                    replace(task, replications=tuple(number for number in task.replications if number % size == worker))
                    for worker in range(size)
                ]
                futures.append(
                    [
                        executor.submit(play_share, *self._job, [share])
                        for executor, share in zip(self._executors, shares, strict=True)
                    ]
                )
            return [
                _in_order(task.replications, [future.result()[0] for future in of_task], size)
                for task, of_task in zip(tasks, futures, strict=True)
            ]
        except self._crew.lost:
            # Whatever became of the workers: what they were to play is played here, and so is the rest.
            self._wanted, self._executors = 1, []
            return self._here(tasks)


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
