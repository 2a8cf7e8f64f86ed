"""Single steps around a schedule, simulated with the same customers: how limits move with one person more or less."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from sim.staffing.plan.candidates import Candidates, below_any
from sim.staffing.plan.neighbourhood import Slopes
from sim.staffing.plan.schedules import Headcounts

Floats = NDArray[np.float64]


class Steps:
    """Slopes around the candidates of a search."""

    def __init__(self, candidates: Candidates) -> None:
        self._candidates, self._schedules = candidates, candidates.schedules

    def around(
        self, centre: Headcounts, added: Floats | None, known: Slopes | None
    ) -> tuple[Slopes, Iterable[Headcounts]]:
        """Simulate one person less on each choice; give the slopes, and the schedules that may hold.

        Parameters
        ----------
        added
            What one person more brings; None takes it for half of what one person less loses.
        known
            Slopes around another schedule, for steps that are below a hopeless one.
        """
        self._candidates.told("one person less on each shift")
        less = {at: stepped(centre, at, -1) for at in self._schedules.movable}
        hopeless = self._candidates.hopeless()
        asked = {
            at: one
            for at, one in less.items()
            if one[at] >= self._schedules.low[at] and (known is None or not below_any(one, hopeless))
        }
        gained = self._candidates.gains(centre, list(asked.values()))
        removed = np.zeros((len(self._candidates.fewer_help), len(centre)))
        for at in less:
            if at in asked:
                removed[:, at] = gained[asked[at]]
            elif known is not None:
                removed[:, at] = known.removed[:, at]
            elif added is not None:
                removed[:, at] = -added[:, at]
        return Slopes(-removed / 2 if added is None else added, removed), asked.values()

    def added(self, centre: Headcounts) -> Floats:
        """Simulate one person more on each choice: (rows, choices) slack gained."""
        self._candidates.told("one person more on each shift")
        more = {at: stepped(centre, at, 1) for at in self._schedules.movable}
        gained = self._candidates.gains(
            centre, [one for at, one in more.items() if one[at] <= self._schedules.high[at]]
        )
        added = np.zeros((len(self._candidates.fewer_help), len(centre)))
        for at, one in more.items():
            if one in gained:
                added[:, at] = gained[one]
        return added


def stepped(headcounts: Headcounts, at: int, by: int) -> Headcounts:
    """Give a schedule with so many people more on a choice."""
    return (*headcounts[:at], headcounts[at] + by, *headcounts[at + 1 :])
