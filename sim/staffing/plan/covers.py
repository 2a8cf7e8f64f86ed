"""Covers of a requirement by a plan's shifts: the schedules that a search begins with, and those it is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.staffing.covering import Covering
from sim.staffing.errors import SolverError
from sim.staffing.plan.schedules import Headcounts, Schedules

if TYPE_CHECKING:
    from sim.staffing.covering import Needs
    from sim.staffing.solver import Solver

GAP: Final = 1e-3
MISSING: Final = 2.0
"""What an agent that an interval lacks costs in a cover: so many of the dearest shift."""


class Covers:
    """Covers by the shifts of one plan."""

    def __init__(self, schedules: Schedules, solver: Solver, time_limit_s: float) -> None:
        self._schedules, self._solver, self._time_limit_s = schedules, solver, time_limit_s

    def cheapest(self, needs: Needs) -> Headcounts | None:
        """Give the cheapest headcounts that cover needs as far as the shifts can; None if nothing is allowed."""
        covering = Covering(self._schedules.scenario, self._schedules.ground, needs)
        dearest = max((covering.objective(choice) for choice in self._schedules.choices), default=0.0)
        programme = covering.programme(short=False, missing_costs=1.0 + MISSING * dearest)
        try:
            solution = self._solver.solve(programme, self._time_limit_s, GAP)
        except SolverError:
            return None
        return tuple(int(number) for number in solution.values[: len(self._schedules.choices)])
