"""The time that a plan may take: the search ends when what is left is what its confirmation takes."""

from __future__ import annotations

from collections.abc import Callable

from sim.experiment.errors import QuestionError
from sim.scenario.units import SECOND_MS, read_positive_duration


class TimeOver(Exception):  # noqa: N818  (what happened, not what somebody did wrong)
    """The time for searching is over."""


class Budget:
    """The time of one plan, which begins now.

    Parameters
    ----------
    time_limit
        Such as "10 min"; None for as long as it takes.
    clock
        Seconds that only grow.

    Raises
    ------
    QuestionError
        If the limit is no time.
    """

    def __init__(self, time_limit: str | None, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.limit_s: float | None = None
        if time_limit is not None:
            try:
                self.limit_s = read_positive_duration(time_limit) / SECOND_MS
            except ValueError as rule:
                raise QuestionError(f"time_limit: got {time_limit!r}, must be {rule}") from None
        self._began = clock()

    @property
    def elapsed_s(self) -> float:
        """Since the begin."""
        return self.clock() - self._began

    def check(self, reserved_s: float) -> None:
        """Raise `TimeOver` if no more than so many seconds are left."""
        if self.limit_s is not None and self.elapsed_s + reserved_s >= self.limit_s:
            raise TimeOver
