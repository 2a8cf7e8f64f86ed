"""What is kept of replications: day sums of each, moments by hour and interval, histograms by block.

Memory grows with replications only by their day sums (in the smallest integers that hold them). Of hours and intervals
the sums and the products that ratio estimators need are kept, added in replication order. Histograms are kept in blocks
of neighbouring replications, for the jackknife: between 20 and 39 blocks, merged in pairs as they fill.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.experiment.watch import Kept, RowKey, Watch, row_key
from sim.measure.accounts import Measures, reduced, reduced_from
from sim.measure.cells import Row
from sim.measure.definitions import DIMENSIONS, ratios
from sim.measure.frame import Frame
from sim.measure.histogram import Histogram
from sim.measure.tally import Sums

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

GRIDS: Final = ("hour", "interval")
"""Periods of which only moments are kept."""

MOST_BLOCKS: Final = 40

Days = dict[str, dict[str, NDArray[np.integer]]]
"""By table and counter, shape (cells, days): one replication."""


@dataclass
class Moments:
    """Sums over replications by row and period."""

    rows: dict[RowKey, int]
    counters: dict[str, int]
    """Place of each counter in `first`."""
    pairs: dict[tuple[str, str], int]
    """Place of each product of counters in `second`; each pair sorted."""
    first: Floats
    """(counters, rows, periods) sums of the counters."""
    second: Floats
    """(pairs, rows, periods) sums of their products."""

    def add(self, by_row: Floats) -> None:
        """Add one replication's counters, of shape (counters, rows, periods)."""
        self.first += by_row
        for (one, other), place in self.pairs.items():
            self.second[place] += by_row[self.counters[one]] * by_row[self.counters[other]]


@dataclass
class Block:
    """Histograms of neighbouring replications.

    By (table, kind), with the table's cells; and by `sim.experiment.watch.histogram_key`, with periods as cells.
    """

    replications: int
    histograms: dict[tuple[object, ...], Histogram]

    def __add__(self, other: Block) -> Block:
        """Give the block of both."""
        return Block(
            self.replications + other.replications,
            {key: one + other.histograms[key] for key, one in self.histograms.items()},
        )


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
    selections
        Rows, beyond each line of each breakdown, of which hours and intervals may be asked: label by dimension.
    watches
        Figures whose periods are held against bounds.
    """

    def __init__(
        self, frame: Frame, selections: Sequence[Mapping[str, str]] = (), watches: Sequence[Watch] = ()
    ) -> None:
        self.frame = frame
        self.kept = [Kept() for _ in watches]
        """By watch."""
        self._watches = watches
        self.replications = 0
        self.days: list[Days] = []
        self.blocks: list[Block] = []
        self._block_size = 1
        self._selections = selections
        self._pairs = _pairs_by_table(frame)
        self._rows: dict[str, list[Ints]] = {}
        """By table: the cells that each row sums."""
        self._totals: dict[tuple[str, str], Ints] = {}
        self._distributions: dict[tuple[object, ...], Distribution] = {}
        self.moments: dict[tuple[str, str], Moments] = {}
        """By table and period."""

    def add(self, measures: Measures) -> None:
        """Add the next replication."""
        days: Days = {}
        for table, sums in measures.tables.items():
            stack = np.stack(list(sums.values.values()))
            by_day = reduced(table, stack, self.frame.periods, "day")
            days[table] = {counter: _smallest(by_day[place]) for place, counter in enumerate(sums.values)}
            self._add_moments(table, sums, stack)
            del stack, by_day  # before the next table's are made
        self.days.append(days)
        histograms: dict[tuple[object, ...], Histogram] = {
            (table, kind): samples.histogram
            for table, sums in measures.tables.items()
            for kind, samples in sums.samples.items()
        }
        for watch, kept in zip(self._watches, self.kept, strict=True):
            kept.add(watch, measures, self.frame.periods)
            histograms |= watch.histograms(measures, self.frame.periods)
        self._add_block(Block(1, histograms))
        self.replications += 1
        self._totals.clear()
        self._distributions.clear()

    def _add_block(self, block: Block) -> None:
        if self.blocks and self.blocks[-1].replications < self._block_size:
            self.blocks[-1] += block
            return
        if len(self.blocks) == MOST_BLOCKS - 1:
            # An odd number: the last one keeps its size and is filled up by the replications to come.
            paired = list(zip(self.blocks[::2], self.blocks[1::2], strict=False))
            self.blocks = [one + other for one, other in paired] + self.blocks[2 * len(paired) :]
            self._block_size *= 2
            self._add_block(block)
            return
        self.blocks.append(block)

    def _add_moments(self, table: str, sums: Sums, stack: Ints) -> None:
        if table not in self._rows:
            self._rows[table], numbers = self._rows_and_numbers(sums)
            for per in GRIDS:
                self.moments[table, per] = self._empty_moments(table, sums, numbers, per)
        # Row by row and not as one product of matrices, whose threads get into each other's way at this size.
        # The row of all cells without a copy of them: over a quarter it is the largest thing in memory.
        chosen = (stack if len(cells) == stack.shape[1] else stack[:, cells] for cells in self._rows[table])
        by_row = np.stack([cells.sum(axis=1) for cells in chosen], axis=1).astype(np.float64)
        for per in GRIDS:
            self.moments[table, per].add(reduced(table, by_row, self.frame.periods, per))

    def _empty_moments(self, table: str, sums: Sums, numbers: dict[RowKey, int], per: str) -> Moments:
        pairs, shape = self._pairs[table], (len(self._rows[table]), self.frame.periods.count(per))
        return Moments(
            numbers,
            {counter: place for place, counter in enumerate(sums.values)},
            {pair: place for place, pair in enumerate(pairs)},
            np.zeros((len(sums.values), *shape)),
            np.zeros((len(pairs), *shape)),
        )

    def _rows_and_numbers(self, sums: Sums) -> tuple[list[Ints], dict[RowKey, int]]:
        """Give the cells of each row and the row of each key; keys that sum the same cells share a row."""
        rows: dict[bytes, int] = {}
        numbers, cells = {}, []
        for key, row in self._keyed_rows(sums).items():
            if row.cells.tobytes() not in rows:
                rows[row.cells.tobytes()] = len(rows)
                cells.append(row.cells)
            numbers[key] = rows[row.cells.tobytes()]
        return cells, numbers

    def _keyed_rows(self, sums: Sums) -> dict[RowKey, Row]:
        """Give the rows of which moments are kept: all, each line of each breakdown, the selections that fit."""
        if "line" in sums.cells.names:
            return {_line_key(row.labels[0]): row for row in sums.cells.rows(("line",))}
        rows: dict[RowKey, Row] = {(): sums.cells.rows()[0]}
        for dimension in sums.cells.names:
            for row in sums.cells.rows((dimension,)):
                rows[row_key({dimension: row.labels[0]})] = row
        for selection in self._selections:
            if set(selection) <= set(sums.cells.names):
                rows[row_key(selection)] = sums.cells.rows((), selection)[0]
        return rows

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
            whole = [reduced_from(table, day[table][counter].astype(np.int64), first)[:, 0] for day in self.days]
            self._totals[table, counter] = np.stack(whole)
        return self._totals[table, counter]

    @staticmethod
    def _over_days(table: str, counter: str, day: Days, cells: Ints, first_days: Ints) -> Ints:
        return reduced_from(table, day[table][counter][cells].astype(np.int64).sum(axis=0), first_days)

    def has_histogram(self, key: tuple[object, ...]) -> bool:
        """Tell whether a histogram is kept: of a table's kind, or by period."""
        return all(key in block.histograms for block in self.blocks)

    def distribution(self, histogram: tuple[object, ...], cells: Ints) -> Distribution:
        """Give the values of a histogram of the chosen cells, by block."""
        key = *histogram, cells.tobytes()
        if key not in self._distributions:
            parts = [block.histograms[histogram].of_cells(cells) for block in self.blocks]
            number, place = np.unique(np.concatenate([bins for bins, _ in parts]), return_inverse=True)
            counts = np.zeros((len(parts), len(number)), np.int64)
            block = np.repeat(np.arange(len(parts)), [len(bins) for bins, _ in parts])
            np.add.at(counts, (block, place), np.concatenate([count for _, count in parts]))
            self._distributions[key] = Distribution(number, counts)
        return self._distributions[key]


def _line_key(line: str) -> RowKey:
    dimension, _, label = line.partition("=")
    return ((dimension, label),) if label else ()


def _smallest(values: Ints) -> NDArray[np.integer]:
    """Give the same numbers in the smallest integers that hold them."""
    low, high = (int(values.min()), int(values.max())) if values.size else (0, 0)
    for kind in (np.int8, np.int16, np.int32):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return values.astype(kind)
    return values


def _pairs_by_table(frame: Frame) -> dict[str, tuple[tuple[str, str], ...]]:
    """Give, by table, the products of counters that the ratio estimators of all measures need."""
    pairs: dict[str, set[tuple[str, str]]] = {table: set() for table in (*DIMENSIONS, "peaks", "standing", "oldest")}
    for formula in ratios(frame.thresholds.by_measure):
        counters = formula.counters
        pairs[formula.table] |= {(one, other) for one in counters for other in counters if one <= other}
    return {table: tuple(sorted(of_table)) for table, of_table in pairs.items()}
