"""Counting values: how many of each kind and cell lie in each bin, in pages that are opened when they are needed."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.histogram import BEGIN, BINS, FIRST, WIDTH
from sim.measure.machine_code import hot, kept, rule

Ints = NDArray[np.int64]
Small = NDArray[np.int32]

PAGE_BITS: Final = 6
PAGE: Final = 1 << PAGE_BITS
"""Bins on a page."""
EXACT: Final = int(BEGIN[1])
"""Values up to this (ms) are their own bin."""


SHORT: Final = 10**6
_OF_SHORT: Final = int(np.searchsorted(BEGIN, SHORT)) - 1
"""Longer values (ms) are in this section of bins, or further on."""
WAIT, REST = 0, 2
"""Places in the memory of bins: of how long something took, and of how long it could have taken. What follows one
another there is often the same."""

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
    section = 1 if value < SHORT else _OF_SHORT
    while BEGIN[section + 1] < value:
        section += 1
    return int(FIRST[section] + (value - BEGIN[section] - 1) // WIDTH[section])


@hot
def bin_again(memory: Ints, place: int, value: int) -> int:
    """Return the bin of a value, at once if it is the one that was asked for last at this place of a memory."""
    if memory[place] != value:
        memory[place], memory[place + 1] = value, bin_of(value)
    number: int = memory[place + 1]
    return number


@hot
def note(bins: Bins, numbers: Ints, later: int, cell: int, slot: int, later_cell: int, later_slot: int) -> None:
    """Count a record's values by their bins to its cell, and to its slot's period where watched.

    Kinds from `later` on have a cell and a slot of their own.
    """
    for kind in range(len(numbers)):
        number = numbers[kind]
        if number != NO_VALUE:
            _count(bins, bins.line[kind, later_cell if kind >= later else cell], number)
    for watched in range(len(bins.kind)):
        number, is_later = numbers[bins.kind[watched]], bins.kind[watched] >= later
        first = bins.watched[watched, later_cell if is_later else cell]
        if number != NO_VALUE and first >= 0:
            _count(bins, first + bins.period[watched, later_slot if is_later else slot], number)


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


@kept
def counted(bins: Bins, key: Ints, count: Ints) -> int:
    """Give what is counted: line × BINS + bin of each bin with values, increasing, and how many; return how many bins.

    Parameters
    ----------
    key, count
        Take it, with room for all of it; without any room nothing is given.
    """
    used, room = 0, len(key)
    for line in range(bins.page.shape[0]):
        for at in range(bins.page.shape[1]):
            page = bins.page[line, at]
            if page < 0:
                continue
            for place in range(PAGE):
                number = bins.counts[page, place]
                if number > 0:
                    if room > 0:
                        key[used], count[used] = line * BINS + at * PAGE + place, number
                    used += 1
    return used
