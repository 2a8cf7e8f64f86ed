"""Values of which histograms are kept: by kind and cell, and by the periods of what is watched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.measure.counters import KINDS
from sim.measure.counting.values import PAGE, PAGE_BITS, Bins
from sim.measure.histogram import BINS, Histogram, bin_of
from sim.measure.periods import Periods

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Watched:
    """Values of a kind and of some cells that are wanted by period as well."""

    table: str
    kind: str
    cells: Ints
    per: str


class ValuesWanted:
    """The values of one table: worked out once, counted in pages of their own for each replication."""

    def __init__(self, table: str, cells: int, periods: Periods, watched: Sequence[Watched]) -> None:
        kinds = KINDS[table]
        counts = [periods.count(one.per) for one in watched]
        # Cells of the table first, then the periods of what is watched.
        self._first = np.cumsum([len(kinds) * cells, *counts])
        self._pages = (int(bin_of(np.array([periods.end]))[0]) >> PAGE_BITS) + 1
        chosen = np.full((len(watched), cells), -1, np.int32)
        for row, one, first in zip(chosen, watched, self._first, strict=False):
            row[one.cells] = first
        slots = len(periods.slots) - 1
        self._blank = Bins(
            np.empty((0, 0), np.int32),
            np.empty((0, PAGE), np.int32),
            np.zeros(1, np.int64),
            np.arange(len(kinds) * cells, dtype=np.int32).reshape(len(kinds), cells),
            np.array([kinds.index(one.kind) for one in watched], np.int32),
            chosen,
            np.array([periods.of_slot(one.per) for one in watched], np.int32).reshape(len(watched), slots),
        )

    def bins(self) -> Bins:
        """Give bins without any counts."""
        lines = int(self._first[-1])
        return self._blank._replace(page=np.full((lines, self._pages), -1, np.int32), used=np.zeros(1, np.int64))

    def with_room(self, bins: Bins, records: int) -> Bins:
        """Give the same with room for whatever so many records may open."""
        lines = len(bins.line) + len(bins.kind)
        needed = min(bins.page.size, int(bins.used[0]) + lines * records)
        if len(bins.counts) >= needed:
            return bins
        longer = np.empty((max(needed, min(2 * len(bins.counts), bins.page.size)), PAGE), np.int32)
        longer[: bins.used[0]] = bins.counts[: bins.used[0]]
        return bins._replace(counts=longer)

    def histograms(self, bins: Bins) -> tuple[Histogram, list[Histogram]]:
        """Give how many values there are by kind and cell (kind k's cell c is k × cells + c); and of each watched."""
        line, number, count = _counted(bins)
        ends = np.searchsorted(line, self._first)
        parts = [slice(begin, end) for begin, end in zip((0, *ends), ends, strict=False)]
        firsts = (0, *self._first)
        whole, *watched = (
            Histogram((line[part] - first) * BINS + number[part], count[part])
            for part, first in zip(parts, firsts, strict=False)
        )
        return whole, watched


def _counted(bins: Bins) -> tuple[Ints, Ints, Ints]:
    """Give (line, bin, count) of all bins with counts, in this order."""
    opened = np.flatnonzero(bins.page.ravel() >= 0)
    counts = bins.counts[bins.page.ravel()[opened]]
    which, place = np.nonzero(counts)
    line, page = np.divmod(opened[which], bins.page.shape[1])
    return line, page * PAGE + place, counts[which, place].astype(np.int64)
