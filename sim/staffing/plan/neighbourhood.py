"""The cheapest schedule near another by what simulation showed of single steps: cuts in the covering programme.

Around a schedule every limit is taken to move on a straight line with the people added to, and taken off, each choice;
the slopes are differences simulated with the same customers. A limit then is a linear row (a cut, as in J. Atlason, M.
Epelman and S. Henderson, "Call center staffing with simulation and cutting plane methods", Annals of Operations
Research 127, 2004, and M. T. Cezik and P. L'Ecuyer, "Staffing multiskill call centers via linear programming and
simulation", Management Science 54, 2008) in the programme of covers, whose other rules stay. Adding and taking off have
slopes of their own, because service levels are curved. It is a guess, that simulation accepts or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.staffing.covering import Covering
from sim.staffing.errors import SolverError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.staffing.plan.schedules import Headcounts, Schedules
    from sim.staffing.solver import Programme, Solution

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

GAP: Final = 1e-6
DEAR: Final = 1e3
"""What a missed limit costs: so many times all that the steps may cost."""
STEEPEST: Final = 4.0
"""Factor by which one schedule that did not hold makes a slope steeper, at most."""
STEP: Final = 1e-7
"""What a step costs beside what it saves, so that of equal schedules the nearest is taken."""


@dataclass(frozen=True)
class Slopes:
    """How limits move with single steps. Shape of each: (rows, choices)."""

    added: Floats
    """Slack gained by one more person."""
    removed: Floats
    """Slack gained by one person less; mostly negative."""

    def tamed(self) -> Slopes:
        """Give slopes by which nobody gains from adding and taking off at once, which only noise says."""
        middle = (self.added - self.removed) / 2
        bent = self.added > -self.removed
        return Slopes(np.where(bent, middle, self.added), np.where(bent, -middle, self.removed))

    def steeper(self, steps: Ints, room: Floats, left: Floats) -> Slopes:
        """Give slopes that agree better with what became of some steps, where they promised too much.

        Parameters
        ----------
        steps
            (choices,) people added, or taken off.
        room, left
            (rows,) slack before and after them; where some is left nothing is learned.
        """
        rise, fall = np.maximum(steps, 0), np.maximum(-steps, 0)
        hoped_gain, hoped_loss = self.added @ rise, -(self.removed @ fall)
        added, removed = self.added.copy(), self.removed.copy()
        known = np.isfinite(room) & np.isfinite(left)
        gained = np.where(known, left, 0.0) - np.where(known, room, 0.0)
        for row in np.flatnonzero(known & (left < 0) & (gained < hoped_gain - hoped_loss)):
            if hoped_loss[row] > 0:
                removed[row, fall > 0] *= min(max((hoped_gain[row] - gained[row]) / hoped_loss[row], 1.2), STEEPEST)
            added[row, rise > 0] /= 2
        return Slopes(added, removed)


class Neighbourhood(Covering):
    """The programme of schedules near one.

    Parameters
    ----------
    centre
        The schedule.
    slopes
        Around it.
    """

    def __init__(self, schedules: Schedules, centre: Headcounts, slopes: Slopes) -> None:
        super().__init__(schedules.scenario, schedules.ground, {})
        self._centre, self._slopes, self._movable = centre, slopes.tamed(), schedules.movable
        self._widest = 1.0 + max((self.objective(self.choices[at]) for at in self._movable), default=0.0)

    def cheapest(
        self, slack: Floats, radius: int, below: float | None, solve: Callable[[Programme], Solution]
    ) -> Headcounts | None:
        """Give the cheapest schedule within so many steps that keeps all limits, as far as lines tell.

        Parameters
        ----------
        slack
            (rows,) of the centre; what is infinite is not asked.
        below
            What it must cost less than; None where limits may be missed, as little as can be.

        Returns
        -------
        Its headcounts; None if there is none.
        """
        self._lay_out(short=False)
        steps = self._steps(radius)
        scale = np.maximum(np.abs(self._slopes.removed).max(axis=1), np.abs(self._slopes.added).max(axis=1))
        for row in np.flatnonzero(np.isfinite(slack) & (scale > 0)):
            terms = [
                (variable, float(slope))
                for number, (add, take) in steps.items()
                for variable, slope in (
                    (add, self._slopes.added[row, number]),
                    (take, self._slopes.removed[row, number]),
                )
                if slope
            ]
            if below is None:
                missed = self._variables(1, DEAR * self._widest / float(scale[row]))
                terms = [*terms, (missed, 1.0)]
            self._rows.append((terms, -float(slack[row]), np.inf))
        if below is not None:
            saved = [(at, cost) for at, cost in enumerate(self._cost) if cost and at < self._first_step]
            self._rows.append((saved, -np.inf, below))
        try:
            solution = solve(self._written())
        except SolverError:
            return None
        return tuple(int(number) for number in solution.values[: len(self.choices)])

    def _steps(self, radius: int) -> dict[int, tuple[int, int]]:
        """Add the steps: by choice the variables of people added and taken off."""
        self._first_step = len(self._cost)
        steps = {}
        for number in range(len(self.choices)):
            if number not in self._movable:
                self._rows.append(([(number, 1.0)], self._centre[number], self._centre[number]))
                continue
            add, take = self._variables(1, STEP * self._widest), self._variables(1, STEP * self._widest)
            self._most[add] = self._most[take] = float(radius)
            self._whole_too += [add, take]
            self._rows.append(([(number, 1.0), (add, -1.0), (take, 1.0)], self._centre[number], self._centre[number]))
            steps[number] = add, take
        self._rows.append(([(one, 1.0) for both in steps.values() for one in both], -np.inf, float(radius)))
        return steps
