"""Play replications again, the same, for figures per hour or interval that nobody asked before the run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from sim.experiment.asked import deadlines_counted
from sim.experiment.collect import Moments
from sim.experiment.errors import QuestionError
from sim.experiment.estimate import Question, grid_of, needs_more_than, question, rows_of
from sim.measure.accounts import Account
from sim.measure.definitions import MEASURES, Ratio
from sim.measure.frame import Frame

if TYPE_CHECKING:
    from sim.experiment.gather import Grid
    from sim.experiment.line import Line


def gather_again(line: Line, frame: Frame, asked: Question, seed: int, numbers: range) -> list[Moments]:
    """Give the moments that a question, and others by the same breakdown, is answered from.

    Parameters
    ----------
    line
        Plays the replications of these numbers.
    frame
        Of the run.
    """
    kept = [Moments(grid, frame.periods.count(grid.per)) for grid in _grids(frame, asked)]
    wanted = [moments.grid.wanted for moments in kept]
    account = Account(frame, [one for of_grid in wanted for one in of_grid])
    for number in numbers:
        played = line.measures(seed, number)
        sums = iter(account.of(played.hand, played.outcome).sums)
        for moments, of_grid in zip(kept, wanted, strict=True):
            moments.add(moments.grid.of(list(islice(sums, len(of_grid)))))
    return kept


def _grids(frame: Frame, asked: Question) -> list[Grid]:
    """Give what is kept: all measures of the same rows, so that playing again once will do."""
    return grid_of(frame, [asked, *(other for name in MEASURES for other in _alike(frame, name, asked))])


def _alike(frame: Frame, name: str, asked: Question) -> Iterator[Question]:
    """Give what is asked of a measure instead, by each deadline and reading, where it is told apart so."""
    for within in deadlines_counted(frame, name):
        for reading in MEASURES[name].readings or (None,):
            try:
                other = question(name, by=asked.by, where=asked.where, per=asked.per, within=within, reading=reading)
                rows = rows_of(frame, other)
            except QuestionError:
                continue
            if rows and isinstance(other.formula, Ratio) and not needs_more_than(frame, other):
                yield other
