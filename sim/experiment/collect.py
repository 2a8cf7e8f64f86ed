"""What is kept of replications: day sums of each, moments by hour and interval, histograms by block.

Memory grows with replications only by their day sums (in the smallest integers that hold them). Of hours and intervals
the sums and the products that ratio estimators need are kept, of the figures that are asked, added in replication
order. Histograms are kept in blocks of neighbouring replications (`sim.experiment.blocks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.known import Deviations
from sim.experiment.blocks import Blocks
from sim.experiment.gather import Days, Gathered, Grid
from sim.experiment.watch import Kept, RowKey, Watch
from sim.measure.definitions import Ratio
from sim.measure.frame import Frame

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def reduced(table: str, values: Ints, first: Ints) -> Ints:
    """Give values of neighbours on the last axis, from the first of each run, as those of the whole run.

    Their sum, maximum or last, as the table's meaning is.
    """
    if len(first) == values.shape[-1]:
        return values
    if table == "peaks":
        return np.maximum.reduceat(values, first, axis=-1)
    if table in {"standing", "oldest"}:
        return values[..., np.append(first[1:], values.shape[-1]) - 1]
    return np.add.reduceat(values, first, axis=-1)


class Moments:
    """Sums over replications of the counters of a grid, and of their products.

    Attributes
    ----------
    first
        (counters, rows, periods) sums of the counters.
    second
        (pairs, rows, periods) sums of their products.
    """

    def __init__(self, grid: Grid, periods: int) -> None:
        self.grid = grid
        shape = len(grid.rows), periods
        self.first: Floats = np.zeros((len(grid.counters), *shape))
        self.second: Floats = np.zeros((len(grid.pairs), *shape))

    def add(self, by_row: Floats) -> None:
        """Add one replication's counters, of shape (counters, rows, periods)."""
        self.first += by_row
        for (one, other), place in self.grid.pairs.items():
            self.second[place] += by_row[self.grid.counters[one]] * by_row[self.grid.counters[other]]


@dataclass(frozen=True)
class Distribution:
    """Values of some cells by bin and block."""

    number: Ints
    """(bins,) increasing."""
    counts: Ints
    """(blocks, bins)."""


class Collected:
    """Everything that is kept of the replications so far.

    Parameters
    ----------
    frame
        Of the scenario.
    grids
        What is kept by hour and interval.
    watches
        Figures whose periods are held against bounds.
    paired
        What is kept by hour and interval of each replication apart, to be paired with those of another scenario.
    """

    def __init__(
        self, frame: Frame, grids: Sequence[Grid] = (), watches: Sequence[Watch] = (), paired: Sequence[Grid] = ()
    ) -> None:
        self.frame = frame
        self.replications = 0
        self.kept = [Kept() for _ in watches]
        """By watch."""
        self.moments = [Moments(grid, frame.periods.count(grid.per)) for grid in grids]
        """By grid."""
        self.paired: list[tuple[Grid, list[Floats]]] = [(grid, []) for grid in paired]
        """Grids with their counters of each replication, of shape (counters, rows, periods)."""
        self.days: list[dict[str, Days]] = []
        self.known: list[Deviations] = []
        """By how much the demand of each replication is off what is exactly expected."""
        self.blocks = Blocks()
        self._kinds: dict[str, tuple[str, ...]] = {}
        self._totals: dict[tuple[str, str], Ints] = {}
        self._distributions: dict[tuple[object, ...], Distribution] = {}

    def add(self, gathered: Gathered) -> None:
        """Add the next replication, gathered for the same grids and watches."""
        self.days.append(gathered.days)
        for moments, by_row in zip(self.moments, gathered.grids, strict=True):
            moments.add(by_row)
        for kept, one in zip(self.kept, gathered.kept, strict=True):
            kept.replications.append(one)
        for (_, kept_apart), by_row in zip(self.paired, gathered.paired, strict=True):
            kept_apart.append(by_row)
        self.known.append(gathered.known)
        self._kinds = gathered.kinds
        self.blocks.add(gathered.histograms)
        self.replications += 1
        self._totals.clear()
        self._distributions.clear()

    def moments_of(self, formula: Ratio, per: str, key: RowKey) -> Moments | None:
        """Give the moments by hour or interval that a figure of a row is made of; None if they are not kept."""
        return next(
            (
                moments
                for moments in self.moments
                if (moments.grid.table, moments.grid.per) == (formula.table, per) and moments.grid.has(formula, key)
            ),
            None,
        )

    def paired_counters(self, formula: Ratio, per: str, key: RowKey) -> dict[str, Floats]:
        """Give the counters of a row by replication and hour or interval, shape (replications, periods)."""
        for grid, replications in self.paired:
            if (grid.table, grid.per) == (formula.table, per) and grid.has(formula, key):
                row, values = grid.numbers[key], np.stack(replications)
                return {name: values[:, grid.counters[name], row] for name in formula.counters}
        raise KeyError((formula, per, key))

    def counters(self, table: str, counters: Iterable[str], cells: Ints, per: str) -> dict[str, Ints]:
        """Give counters of the chosen cells by replication and period, shape (replications, periods).

        Parameters
        ----------
        per
            run, week or day.
        """
        if per == "run":
            return {counter: self._total(table, counter)[:, cells].sum(axis=1)[:, None] for counter in counters}
        edges = self.frame.periods.edges
        first_days = np.searchsorted(edges["day"], edges[per][:-1])
        return {
            counter: np.stack([self._over_days(table, counter, day, cells, first_days) for day in self.days])
            for counter in counters
        }

    def _total(self, table: str, counter: str) -> Ints:
        """Give a counter over the whole run, shape (replications, cells)."""
        if (table, counter) not in self._totals:
            first = np.array([0])
            whole = [reduced(table, day[table][counter], first)[:, 0] for day in self.days]
            self._totals[table, counter] = np.stack(whole)
        return self._totals[table, counter]

    @staticmethod
    def _over_days(table: str, counter: str, day: dict[str, Days], cells: Ints, first_days: Ints) -> Ints:
        return reduced(table, day[table][counter][cells].sum(axis=0), first_days)

    def of_kind(self, table: str, kind: str, cells: Ints) -> tuple[tuple[object, ...], Ints]:
        """Give the key of a table's histogram, and the numbers in it of cells of a kind of value."""
        frame, place = self.frame, self._kinds[table].index(kind)
        return (table,), cells + place * len({"contacts": frame.contacts, "legs": frame.legs}[table])

    def has_histogram(self, key: tuple[object, ...]) -> bool:
        """Tell whether a histogram is kept."""
        return all(key in part.histograms for part in self.blocks.parts)

    def distribution(self, histogram: tuple[object, ...], cells: Ints) -> Distribution:
        """Give the values of a histogram of the chosen cells, by block."""
        key = *histogram, cells.tobytes()
        if key not in self._distributions:
            parts = [part.histograms[histogram].of_cells(cells) for part in self.blocks.parts]
            number, place = np.unique(np.concatenate([bins for bins, _ in parts]), return_inverse=True)
            counts = np.zeros((len(self.blocks), len(number)), np.int64)
            block = np.repeat(self.blocks.of_part(), [len(bins) for bins, _ in parts])
            np.add.at(counts, (block, place), np.concatenate([count for _, count in parts]))
            self._distributions[key] = Distribution(number, counts)
        return self._distributions[key]
