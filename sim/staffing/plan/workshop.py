"""What plans share whose scenarios differ in nothing but bounds: dealt hands, workers, a solver, the journal."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from sim.staffing.plan.evaluation import Evaluator
from sim.staffing.plan.journal import Journal, played_as
from sim.staffing.plan.playing import Players
from sim.staffing.solver import Solver

if TYPE_CHECKING:
    from types import TracebackType

    from sim.engine.choice import Name
    from sim.staffing.plan.schedules import Schedules


class Workshop:
    """Where plans are made; a context.

    Parameters
    ----------
    schedules
        Of one of the scenarios.
    seed, workers, engine, resume
        As for `plan`.
    """

    def __init__(
        self,
        schedules: Schedules,
        seed: int,
        workers: int | Literal["auto"],
        engine: Name,
        resume: str | Path | None,
    ) -> None:
        self._schedules, self._seed, self._workers, self._engine = schedules, seed, workers, engine
        self._resume = None if resume is None else Path(resume)
        self._played_as = played_as(schedules)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.journal = Journal(self._resume, self._schedules, self._seed)
            stack.callback(self.journal.close)
            self._players = stack.enter_context(Players(self._schedules, self._seed, self._workers, self._engine))
            self.solver = stack.enter_context(Solver())
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def suits(self, schedules: Schedules) -> bool:
        """Tell whether plans of a scenario can be made here: whether the same is played and counted."""
        return played_as(schedules) == self._played_as

    def evaluator(self, schedules: Schedules, clock: Callable[[], float]) -> Evaluator:
        """Give what evaluates schedules of a scenario by its own bounds."""
        return Evaluator(self._players, self.journal, self._players.stage.promises_of(schedules.scenario), clock)
