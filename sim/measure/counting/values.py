"""Counting values: how many of each kind and cell lie in each bin, in pages that are opened when they are needed."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.histogram import BEGIN, FIRST, WIDTH
from sim.measure.machine_code import hot, rule

Ints = NDArray[np.int64]
Small = NDArray[np.int32]

PAGE_BITS: Final = 6
PAGE: Final = 1 << PAGE_BITS
"""Bins on a page."""
EXACT: Final = int(BEGIN[1])
"""Values up to this (ms) are their own bin."""


NO_VALUE: Final = -1
"""In the place of a bin: there is nothing to count."""


class Bins(NamedTuple):
    """Counts by line (kind and cell, or period of a watched kind) and bin."""

    page: Small
    """(lines, pages) where the counts of a page stand; -1 while there are none."""
    counts: Small
    """(pages, PAGE)"""
    used: Ints
    """(1,) pages that are open."""
    line: Small
    """(kinds, cells) the line of each kind and cell."""
    kind: Small
    """(watched,) what is counted by periods as well: the kind,"""
    watched: Small
    """(watched, cells) the line of the first period; -1 of cells that are not watched,"""
    period: Small
    """(watched, slots) and the period of each slot."""


@rule
def bin_of(value: int) -> int:
    """Return the bin of a value (ms, 0 or more), as `sim.measure.histogram.bin_of` does of many."""
    if value <= EXACT:
        return value
    low, high = 1, len(BEGIN)
    while high - low > 1:
        middle = (low + high) // 2
        if BEGIN[middle] < value:
            low = middle
        else:
            high = middle
    return int(FIRST[low] + (value - BEGIN[low] - 1) // WIDTH[low])


@hot
def note(bins: Bins, cell: int, slot: int, numbers: Ints, first: int, past: int) -> None:
    """Count a record's values of some kinds, by their bins, to its cell, and to its slot's period where watched."""
    for kind in range(first, past):
        number = numbers[kind]
        if number != NO_VALUE:
            _count(bins, bins.line[kind, cell], number)
    for watched in range(len(bins.kind)):
        kind = bins.kind[watched]
        if first <= kind < past and numbers[kind] != NO_VALUE and bins.watched[watched, cell] >= 0:
            _count(bins, bins.watched[watched, cell] + bins.period[watched, slot], numbers[kind])


@hot
def _count(bins: Bins, line: int, number: int) -> None:
    page = bins.page[line, number >> PAGE_BITS]
    if page < 0:
        page = bins.used[0]
        bins.page[line, number >> PAGE_BITS] = page
        bins.used[0] += 1
        for place in range(PAGE):
            bins.counts[page, place] = 0
    bins.counts[page, number & (PAGE - 1)] += 1
