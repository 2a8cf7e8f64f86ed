"""Histograms of waits in whole-number bins of at most 0.1 %, from which percentiles and service levels are read.

Bins are exact (1 ms wide) up to 2 s; beyond, their width follows the 1-2-5 decades: 2 ms up to 5 s, 5 ms up to 10 s,
10 ms up to 20 s, 20 ms up to 50 s and so on, never more than 1/1000 of what they hold. Bins include their upper edge,
and every threshold that people write (20 s, 45 s, 90 s, 4 h) is an upper edge, so counts up to it are exact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import cycle, pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.demand.columns import LARGEST, SMALL, STRETCH, lasting, lasting_room, used_of
from sim.measure.ordering import merge_counts, order_of

Ints = NDArray[np.int64]
Whole = NDArray[np.signedinteger[Any]]

_LONGEST_MS: Final = 10**13
"""Three hundred years: no wait is longer."""


def _scale() -> tuple[Ints, Ints, Ints]:
    """Give per section of equal bins: its begin (exclusive, ms), its bins' width (ms) and its first bin."""
    begins, widths, firsts = [-1], [1], [0]
    begin, width, first = 2_000, 2, 2_001
    for end_over_begin, wider in cycle(((5, 5), (4, 4), (4, 4))):  # in halves: 2 to 5, 5 to 10, 10 to 20
        if begin > _LONGEST_MS:
            break
        begins.append(begin)
        widths.append(width)
        firsts.append(first)
        end = begin * end_over_begin // 2
        first += (end - begin) // width
        begin, width = end, width * wider // 2
    return np.array(begins), np.array(widths), np.array(firsts)


BEGIN, WIDTH, FIRST = _scale()
BINS: Final = int(FIRST[-1] + 4 * 10**6)
"""More than the number of any bin: room to number (cell, bin) pairs as cell × BINS + bin."""


def bin_of(value: Ints) -> Ints:
    """Give the bin of each value (ms, 0 or more)."""
    section = np.searchsorted(BEGIN, value, side="left") - 1
    return FIRST[section] + (value - BEGIN[section] - 1) // WIDTH[section]


def upper_edge(number: Ints) -> Ints:
    """Give the largest value (ms) that belongs to each bin."""
    section = np.searchsorted(FIRST, number, side="right") - 1
    return BEGIN[section] + (number - FIRST[section] + 1) * WIDTH[section]


def key_of(cell: Ints, value: Ints) -> Ints:
    """Give the number of each (cell, bin of the value) pair."""
    return cell.astype(np.int64) * BINS + bin_of(value)


@dataclass(frozen=True)
class Histogram:
    """How many values of each cell lie in each bin, kept sparse.

    Parameters
    ----------
    key
        Shape (entries,): cell × BINS + bin, increasing.
    count
        Shape (entries,).
    """

    key: Whole = field(default_factory=lambda: np.empty(0, np.int64))
    count: Whole = field(default_factory=lambda: np.empty(0, np.int64))

    @classmethod
    def of(cls, cell: Ints, value: Ints) -> Histogram:
        """Count values (ms) by cell."""
        return cls.of_keys(key_of(cell, value))

    @classmethod
    def of_keys(cls, key: Ints) -> Histogram:
        """Count values by their keys."""
        ordered = key[order_of(key)]
        first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(key) else ordered
        return cls(ordered[first], np.diff(np.append(first, len(key))))

    def __add__(self, other: Histogram) -> Histogram:
        """Give the histogram of both, compact."""
        key, count = (np.empty(rows, kind) for rows, kind in self._room_with(other))
        used = _put_together(self, other, key, count)
        return Histogram(key[:used], count[:used])

    def lasting_with(self, other: Histogram) -> Histogram:
        """Give the histogram of both, compact, in room of its own, to be kept while columns come and go."""
        key, count = (lasting_room(rows, kind) for rows, kind in self._room_with(other))
        used = _put_together(self, other, key, count)
        return Histogram(used_of(key, used), used_of(count, used))

    def _room_with(self, other: Histogram) -> list[tuple[int, type[np.signedinteger[Any]]]]:
        """Tell what room keys and counts of both need at most: entries, and their kind."""
        rows, both = len(self.key) + len(other.key), (self, other)
        highest = max(_highest(one.key[-1:]) for one in both), sum(_highest(one.count) for one in both)
        return [(rows, _smallest(one)) for one in highest]

    @property
    def _whole(self) -> tuple[Ints, Ints]:
        """Keys and counts as they are worked with, whether they are compact or not."""
        return np.asarray(self.key, np.int64), np.asarray(self.count, np.int64)

    def _widened(self, begin: int, room: Ints) -> int:
        """Write a stretch of keys and counts as they are worked with; give how many there are."""
        key, count = (part[begin : begin + STRETCH] for part in (self.key, self.count))
        room[0, : len(key)], room[1, : len(key)] = key, count
        return len(key)

    def compact(self) -> Histogram:
        """Give the same in the smallest integers that hold it."""
        return Histogram(*(part.astype(_smallest(_highest(part))) for part in (self.key, self.count)))

    def lasting(self) -> Histogram:
        """Give the same in room of its own, to be kept while columns come and go."""
        return Histogram(lasting(self.key), lasting(self.count))

    def of_cells(self, cells: Ints) -> tuple[Ints, Ints]:
        """Give (bin, count) of each entry of the chosen cells; a bin comes once for each cell with values in it."""
        begin, end = self._places(cells * BINS), self._places((cells + 1) * BINS)
        entries = [np.arange(first, past) for first, past in zip(begin, end, strict=True)]
        chosen = np.concatenate(entries) if entries else np.empty(0, np.int64)
        return np.asarray(self.key[chosen], np.int64) % BINS, np.asarray(self.count[chosen], np.int64)

    def _places(self, keys: Ints) -> Ints:
        """Give the place of the first entry from each key on, without a copy of what is compact."""
        most = np.iinfo(self.key.dtype).max  # beyond all entries
        return np.searchsorted(self.key, np.minimum(keys, most).astype(self.key.dtype))

    def within(self, cells: Ints, limit: int) -> int:
        """Count values of the chosen cells of at most `limit` ms (exact where the limit is a bin's upper edge)."""
        number, count = self.of_cells(cells)
        return int(count[upper_edge(number) <= limit].sum())

    def percentiles(self, share: float, cells: int) -> NDArray[np.float64]:
        """Give, for each of so many cells, what `percentile` gives of its values (ms)."""
        key, count = self._whole
        bounds = np.searchsorted(key, np.arange(cells + 1) * BINS)
        return np.array(
            [percentile(key[begin:end] % BINS, count[begin:end], share) for begin, end in pairwise(bounds.tolist())]
        )

    def up_to(self, limit: float, cells: int) -> tuple[Ints, Ints]:
        """Give, for each of so many cells, how many values lie in bins up to a limit (ms), and how many there are."""
        key, count = self._whole
        cell, within = key // BINS, upper_edge(key % BINS) <= limit
        below, whole = np.zeros(cells, np.int64), np.zeros(cells, np.int64)
        np.add.at(below, cell[within], count[within])
        np.add.at(whole, cell, count)
        return below, whole

    def total(self, cells: Ints) -> int:
        """Count values of the chosen cells."""
        return int(self.of_cells(cells)[1].sum())


def _put_together(one: Histogram, other: Histogram, key: Whole, count: Whole) -> int:
    """Write the entries of both, stretch by stretch, which stay near the processor; give how many there are."""
    wide, merged = np.empty((2, 2, STRETCH), np.int64), np.empty((2, 2 * STRETCH), np.int64)
    entries, read = np.empty((2, 2), np.int64)
    at, beside, used = 0, 0, 0
    while at < len(one.key) and beside < len(other.key):
        entries[:] = one._widened(at, wide[0]), other._widened(beside, wide[1])
        found = merge_counts(wide, entries, merged, read)
        key[used : used + found], count[used : used + found] = merged[:, :found]
        at, beside, used = at + int(read[0]), beside + int(read[1]), used + found
    for left, begin in ((one, at), (other, beside)):
        end = used + len(left.key) - begin
        key[used:end], count[used:end] = left.key[begin:], left.count[begin:]
        used = end
    return used


def _highest(values: Whole) -> int:
    return int(values.max(initial=0))


def _smallest(highest: int) -> type[np.signedinteger[Any]]:
    """Give the kind of integers for values up to this; its own largest stands for what is beyond all of them."""
    return SMALL[np.searchsorted(LARGEST, highest + 1)]


def percentile(number: Ints, count: Ints, share: float) -> float:
    """Give the least bin edge (ms) that this share of the counted values does not exceed; NaN without values.

    Parameters
    ----------
    number, count
        Bins, increasing, and how many values lie in each (none is allowed).
    share
        Above 0, at most 1.
    """
    cumulated = np.cumsum(count)
    if not len(number) or not cumulated[-1]:
        return float("nan")
    # The smallest whole number of values that is at least the share of them, safe against 0.9 * 10 = 9.000000000000002.
    needed = int(np.ceil(share * cumulated[-1] - 1e-9))
    return float(upper_edge(number[np.searchsorted(cumulated, max(needed, 1))][None])[0])


def is_edge(limit: int) -> bool:
    """Tell whether counts up to a limit (ms) are exact."""
    return bool(upper_edge(bin_of(np.array([limit])))[0] == limit)
