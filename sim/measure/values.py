"""Values of which histograms are kept: by kind and cell, and by the periods of what is watched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.demand.columns import column
from sim.measure.counters import KINDS
from sim.measure.counting.values import LISTED, MOST_VALUES, PAGE, PAGE_BITS, Bins, counted, counted_in_order
from sim.measure.histogram import BINS, Histogram, bin_of
from sim.measure.ordering import in_order
from sim.measure.periods import Periods

Ints = NDArray[np.int64]

SPARE: Final = 16
"""Part of the entries for which there is room beside them, and beside a page."""
PAGES: Final = 8
"""Values are counted on pages if there may be at most so many for each record."""


@dataclass(frozen=True)
class Watched:
    """Values of a kind and of some cells that are wanted by period as well."""

    table: str
    kind: str
    cells: Ints
    per: str


class ValuesWanted:
    """The values of one table: worked out once, counted in pages of their own for each replication.

    Parameters
    ----------
    cells
        Of the table.
    whole
        Whether values are wanted of all kinds and cells, beside those watched.
    """

    def __init__(self, table: str, cells: int, periods: Periods, watched: Sequence[Watched], *, whole: bool) -> None:
        self._kinds, of_whole = len(KINDS[table]), cells if whole else 0
        self._entries = 0
        counts = [periods.count(one.per) for one in watched]
        # Of what is given: cells of each kind first, then the periods of what is watched.
        self._first = np.cumsum([self._kinds * of_whole, *counts])
        self._pages = (int(bin_of(np.array([periods.end]))[0]) >> PAGE_BITS) + 1
        groups = 2 * self._kinds
        self._lines = int(groups * of_whole + self._first[-1] - self._first[0])
        chosen = np.full((len(watched), cells), -1, np.int32)
        for row, one, first in zip(chosen, watched, self._first - self._first[0] + groups * of_whole, strict=False):
            row[one.cells] = first
        alone = 1 << np.arange(self._kinds)
        group = np.full(1 << self._kinds, -1, np.int32)
        group[alone], group[0] = np.arange(self._kinds), 0
        slots = len(periods.slots) - 1
        self._blank = Bins(
            np.empty((0, 0), np.int32),
            np.empty((0, 2), np.int32),
            np.empty((0, PAGE), np.int32),
            np.empty(0, np.int64),
            np.array([0, self._kinds, 0]),
            np.append(alone, np.zeros(groups - self._kinds, np.int64)),
            group,
            of_whole,
            self._kinds,
            np.array([KINDS[table].index(one.kind) for one in watched], np.int32),
            chosen,
            np.array([periods.of_slot(one.per) for one in watched], np.int32).reshape(len(watched), slots),
            LISTED,
            PAGE_BITS + (self._pages - 1).bit_length(),
        )

    def bins(self, records: int) -> Bins:
        """Give bins without any counts, for so many records."""
        blank = self._blank
        on_pages = self._lines * self._pages <= PAGES * records
        lines = self._lines if on_pages else 0
        at_once = LISTED if on_pages else (self._kinds + len(blank.kind)) * records
        return blank._replace(
            page=np.full((lines, self._pages), -1, np.int32),
            pages=np.repeat(np.array([[self._pages, 0]], np.int32), lines, axis=0),
            listed=np.empty(at_once + MOST_VALUES * (self._kinds + len(blank.kind)), np.int64),
            at_once=at_once,
            used=blank.used.copy(),
            kinds=blank.kinds.copy(),
            group=blank.group.copy(),
        )

    def with_room(self, bins: Bins, records: int) -> Bins:
        """Give the same with room for whatever so many records may open. The room is kept for the next replication."""
        lines = self._kinds + len(bins.kind)
        needed = min(bins.page.size, int(bins.used[0]) + lines * records)
        if len(bins.counts) >= needed:
            return bins
        pages = max(needed, min(2 * len(bins.counts), bins.page.size))
        longer = column(pages * PAGE, np.int32).reshape(pages, PAGE)
        longer[: bins.used[0]] = bins.counts[: bins.used[0]]
        self._blank = self._blank._replace(counts=longer)
        return bins._replace(counts=longer)

    def histograms(self, bins: Bins) -> tuple[Histogram, list[Histogram]]:
        """Give how many values there are by kind and cell (kind k's cell c is k × cells + c); and of each watched."""
        key, count = self._on_pages(bins) if len(bins.page) else self._in_order(bins)
        ends = np.searchsorted(key, self._first * BINS)
        watched = [
            Histogram(key[begin:end] - first * BINS, count[begin:end])
            for first, begin, end in zip(self._first, ends, ends[1:], strict=False)
        ]
        return Histogram(key[: ends[0]], count[: ends[0]]), watched

    def _on_pages(self, bins: Bins) -> tuple[Ints, Ints]:
        """Give the keys and counts of what is counted on pages."""
        room = self._kinds, np.empty(len(bins.kinds), np.int64), np.empty(PAGE, np.int32)
        key, count = (np.empty(self._entries, np.int64) for _ in range(2))
        number = counted(bins, *room, key, count)
        if number > self._entries:  # the next replication will have about as many
            self._entries = number + number // SPARE + PAGE
            key, count = (np.empty(self._entries, np.int64) for _ in range(2))
            counted(bins, *room, key, count)
        return key[:number], count[:number]

    def _in_order(self, bins: Bins) -> tuple[Ints, Ints]:
        """Give the keys and counts of what is listed."""
        ordered = in_order(bins.listed[: bins.used[2]])
        groups = np.searchsorted(ordered, np.arange(len(bins.kinds) + 1) * bins.cells << bins.bits)
        of_each = [kinds.bit_count() for kinds in bins.kinds.tolist()]
        most = int(np.diff(groups) @ of_each) + len(ordered) - int(groups[-1])
        key, count = (np.empty(most, np.int64) for _ in range(2))
        number = counted_in_order(bins, self._kinds, ordered, np.empty((3, len(bins.kinds)), np.int64), key, count)
        return key[:number], count[:number]
