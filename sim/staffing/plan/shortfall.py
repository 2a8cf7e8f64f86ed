"""Why no schedule keeps all targets: which are not kept, the best that was found of each, and whether people help."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.experiment.figures import write_figure
from sim.staffing.plan.bounds import Found
from sim.staffing.plan.candidates import CHANCE, SLIGHT, Candidates
from sim.staffing.plan.schedules import Headcounts
from sim.staffing.plan.search import REPAIRS
from sim.staffing.plan.steps import stepped


class Shortfall:
    """What the nearest of some candidates lacks.

    Parameters
    ----------
    nearest
        A schedule.
    found
        Its confirmation.
    """

    def __init__(self, candidates: Candidates, nearest: Headcounts, found: Found) -> None:
        self._candidates, self._nearest, self._found = candidates, nearest, found

    def told(self) -> str:
        """Say which targets are not kept, the best that was found of each, and why."""
        found, said = self._found, []
        moved = self._moved_by_one_more()
        for number, bound in enumerate(found.promises.bounds):
            if found.slack[found.worst_row(number)] >= 0:
                continue
            best = max(
                (one.found for one in self._candidates.seen.values()),
                key=lambda one: float(one.slack[one.worst_row(number)]),
            )
            value = float(best.value[best.worst_row(number)])
            if moved is None:
                why = "every shift has all the people that the plan allows"
            elif not moved[found.promises.first_row[number] : found.promises.first_row[number + 1]].any():
                why = "one person more on any shift does not move it: headcounts cannot keep it"
            else:
                why = f"more people still help, but not enough within the plan's bounds and {REPAIRS} rounds of repair"
            shown = f"{100 * value:.1f} %" if bound.counted else write_figure(value)
            said.append(f"{found.promises.words(bound)} was at best {shown}; {why}")
        return "; ".join(said) or "the margin that a confirmation needs was not reached"

    def _moved_by_one_more(self) -> NDArray[np.bool_] | None:
        """Tell by row whether one person more on some shift helps beyond chance; None if nobody may come."""
        schedules = self._candidates.schedules
        more = [stepped(self._nearest, at, 1) for at in schedules.movable]
        more = [one for one in more if schedules.allows(one)]
        if not more:
            return None
        before, *after = self._candidates.first_look([self._nearest, *more])
        helped = np.zeros(len(before.promises.limit), bool)
        for one in after:
            helped |= one.gained_over(before) > CHANCE * one.error_beside(before) + SLIGHT
        return helped
