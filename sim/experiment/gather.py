"""What is kept of one replication: sums by day, sums by hour and interval where they are asked, histograms.

A replication's records are added up where they were played, and only this leaves the place: its size depends on the
cells and days, and on what is asked by hour and interval, not on cells × intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.demand.columns import LARGEST, SMALL
from sim.demand.known import Deviations, KnownDemand
from sim.experiment.watch import PeriodsKept, RowKey, Watch
from sim.measure.accounts import Account, Measures, cells_of, counters_of
from sim.measure.counters import KINDS
from sim.measure.definitions import Ratio
from sim.measure.frame import Frame
from sim.measure.histogram import Histogram
from sim.measure.ledger import Amounts, Rows, Wanted

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

GRIDS: Final = ("hour", "interval")
"""Periods of which figures are kept where they are asked."""


@dataclass(frozen=True)
class Grid:
    """Counters of some rows by hour or interval, for the figures that are made of them."""

    table: str
    per: str
    rows: dict[RowKey, Ints]
    """The cells of each row."""
    formulas: tuple[Ratio, ...]
    cells: int
    """Of the table."""
    pooled: Ints | None = None
    """Numbers of the periods that are added up as one; None: each period is kept apart."""

    @cached_property
    def counters(self) -> dict[str, int]:
        """Place of each counter."""
        return {name: at for at, name in enumerate(sorted({name for one in self.formulas for name in one.counters}))}

    @cached_property
    def pairs(self) -> dict[tuple[str, str], int]:
        """Place of each product of counters that the ratio estimators need; each pair sorted."""
        pairs = {(one, other) for formula in self.formulas for one in formula.counters for other in formula.counters}
        return {pair: at for at, pair in enumerate(sorted(pair for pair in pairs if pair[0] <= pair[1]))}

    @cached_property
    def numbers(self) -> dict[RowKey, int]:
        """Place of each row."""
        return {key: at for at, key in enumerate(self.rows)}

    def has(self, formula: Ratio, key: RowKey) -> bool:
        """Tell whether a figure of a row can be made."""
        return (
            key in self.rows
            and set(formula.counters) <= set(self.counters)
            and all(
                (one, other) in self.pairs for one in formula.counters for other in formula.counters if one <= other
            )
        )

    @cached_property
    def layers(self) -> list[tuple[Ints, Rows]]:
        """The rows in parts in which none share a cell: their numbers, and what belongs to each."""
        layers: list[tuple[Ints, Rows]] = []
        waiting = list(enumerate(self.rows.values()))
        while waiting:
            of_cell = np.full(self.cells, -1)
            taken: list[int] = []
            left: list[tuple[int, Ints]] = []
            for number, row in waiting:
                if (of_cell[row] == -1).all():
                    of_cell[row] = len(taken)
                    taken.append(number)
                else:
                    left.append((number, row))
            layers.append((np.array(taken), Rows(len(taken), np.where(of_cell == -1, len(taken), of_cell))))
            waiting = left
        return layers

    @property
    def wanted(self) -> list[Wanted]:
        """What it is made of, by layer."""
        return [Wanted(self.table, tuple(self.counters), rows, self.per) for _, rows in self.layers]

    def of(self, layers: list[Ints]) -> Floats:
        """Give the counters of one replication, shape (counters, rows, periods), from what is wanted of it."""
        found = np.zeros((len(self.counters), len(self.rows), layers[0].shape[2] if layers else 0))
        for (numbers, _), layer in zip(self.layers, layers, strict=True):
            found[:, numbers] = layer
        return found if self.pooled is None else found[:, :, self.pooled].sum(axis=2, keepdims=True)


@dataclass(frozen=True)
class Days:
    """Counters of one table by cell and day, each in the smallest integers that hold it."""

    parts: tuple[tuple[tuple[str, ...], NDArray[np.signedinteger[Any]]], ...]
    """(counters, values of shape (counters, cells of which there is anything, days))."""
    cells: NDArray[np.signedinteger[Any]] | None = None
    """These cells; None: all of them."""
    number: int = 0
    """Of all cells."""

    @classmethod
    def of(cls, counters: Sequence[str], amounts: Amounts) -> Days:
        """Pack amounts."""
        rows = amounts.rows
        cells = None if rows is None else rows.astype(SMALL[np.searchsorted(LARGEST, amounts.number)])
        by_cell = amounts.values.transpose(1, 2, 0)  # so most of them stand
        highest, lowest = (find(axis=(0, 1), initial=0) for find in (by_cell.max, by_cell.min))
        kinds, parts = np.searchsorted(LARGEST, np.maximum(highest, ~lowest)), []  # ~-128 is 127
        for kind in np.unique(kinds).tolist():
            chosen = np.flatnonzero(kinds == kind)
            small = np.take(by_cell, chosen, axis=2).astype(SMALL[kind]).transpose(2, 0, 1)
            parts.append((tuple(counters[at] for at in chosen.tolist()), small))
        return cls(tuple(parts), cells, amounts.number)

    def __getitem__(self, counter: str) -> Ints:
        """Give a counter, shape (cells, days)."""
        for counters, values in self.parts:
            if counter in counters:
                found: Ints = values[counters.index(counter)].astype(np.int64)
                if self.cells is None:
                    return found
                every = np.zeros((self.number, found.shape[1]), np.int64)
                every[self.cells] = found
                return every
        raise KeyError(counter)


@dataclass(frozen=True)
class Gathered:
    """What is kept of one replication."""

    days: dict[str, Days]
    """By table."""
    grids: list[Floats]
    """Of each grid, shape (counters, rows, periods)."""
    kinds: dict[str, tuple[str, ...]]
    """By table, the kinds of value in its histogram."""
    histograms: dict[tuple[object, ...], Histogram]
    """By (table,): as `Sums.histogram`; by `sim.experiment.watch.histogram_key`: with periods as cells. Compact."""
    kept: list[PeriodsKept]
    """Of each watch."""
    paired: list[Floats]
    """Of each grid that is kept replication by replication, as `grids`."""
    known: Deviations
    """By how much its demand is off what is exactly expected."""


class Gathering:
    """Adds up what is kept of replications of one scenario."""

    def __init__(
        self,
        frame: Frame,
        grids: Sequence[Grid] = (),
        watches: Sequence[Watch] = (),
        paired: Sequence[Grid] = (),
        known: KnownDemand | None = None,
    ) -> None:
        self._grids, self._watches, self._known = grids, watches, known
        self._every = [*grids, *paired]
        self._counters = counters_of(frame)
        days = [
            Wanted(table, counters, Rows.each(len(cells_of(frame, table))), "day")
            for table, counters in self._counters.items()
        ]
        self._parts = [days, *(grid.wanted for grid in self._every), *(watch.wanted(frame) for watch in watches)]
        self._watched = [watch.watched() for watch in watches]
        self._account = Account(
            frame,
            [one for part in self._parts for one in part],
            [one for part in self._watched for one in part],
            histograms=True,
        )

    def of(self, measures: Measures) -> Gathered:
        """Add up a replication."""
        found = self._account.of(measures.hand, measures.outcome)
        amounts, watched = iter(found.amounts), iter(found.watched)
        days = [next(amounts) for _ in self._parts[0]]
        parts = [[next(amounts).whole for _ in part] for part in self._parts[1:]]
        grids = [grid.of(layers) for grid, layers in zip(self._every, parts, strict=False)]
        rest = parts[len(self._every) :]
        histograms: dict[tuple[object, ...], Histogram] = {(table,): one for table, one in found.histograms.items()}
        kept = []
        for watch, own, kinds in zip(self._watches, rest, self._watched, strict=True):
            of_kinds = [next(watched) for _ in kinds]
            histograms |= watch.histograms(of_kinds)
            kept.append(watch.kept(measures.frame.periods, of_kinds or own))
        return Gathered(
            {
                table: Days.of(counters, one)
                for (table, counters), one in zip(self._counters.items(), days, strict=True)
            },
            grids[: len(self._grids)],
            KINDS,
            {key: one.compact() for key, one in histograms.items()},
            kept,
            grids[len(self._grids) :],
            {} if self._known is None else self._known.of(measures.hand),
        )


def gather(
    measures: Measures, grids: Sequence[Grid] = (), watches: Sequence[Watch] = (), paired: Sequence[Grid] = ()
) -> Gathered:
    """Add up what is kept of one replication; who gathers several keeps a `Gathering`."""
    return Gathering(measures.frame, grids, watches, paired).of(measures)
