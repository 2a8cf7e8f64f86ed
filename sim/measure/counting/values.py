"""Counting values: how many of each kind and cell lie in each bin.

Values are listed as records are read. Of a few cells they are counted in pages that are opened when they are needed,
some thousands at a time: counts stand far apart in memory, and a loop that does nothing else asks for many of them at
once. Of many cells hardly two values share a page: then all are listed, put in order and counted.
"""

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
LISTED: Final = 4_096
"""Values are counted when so many are listed."""
_STEP_BITS: Final = 11
_LONG_STEP_BITS: Final = 21
_LONG: Final = 1 << _LONG_STEP_BITS + 1
_LONGEST: Final = 1 << 32
"""Steps of values, ms, up to `_LONG` and beyond it up to `_LONGEST`: at most one section of bins ends within a step."""


def _sections(steps: int, bits: int) -> NDArray[np.int8]:
    """Give the section of bins in which each of so many steps begins."""
    begins = np.maximum(np.arange(steps) << bits, 1)
    return np.asarray(np.searchsorted(BEGIN, begins) - 1, np.int8)


_OF_STEP: Final = _sections(_LONG >> _STEP_BITS, _STEP_BITS)
_OF_LONG_STEP: Final = _sections((_LONGEST >> _LONG_STEP_BITS) + 1, _LONG_STEP_BITS)
_BINS_PER_MS: Final = 1.0 / WIDTH

WAIT, REST, RESPONSE, RESPONSE_REST, RESOLUTION, RESOLUTION_REST = range(6)
"""What a record has values of: how long something took, and how long it could have taken. Of legs the first two."""
MOST_VALUES: Final = RESOLUTION_REST + 1


class Noted(NamedTuple):
    """The values of one record: what follows one another is often the same, and of several kinds."""

    bin: Ints
    """(values,)"""
    kinds: Ints
    """(values,) the bits of the kinds that have this value; 0 for none."""
    known: Ints
    """(2, 3) the bins that were last looked up: the least value of each, the least beyond it, and its number."""


def noted(values: int) -> Noted:
    """Make room for the values of one record at a time."""
    return Noted(np.zeros(values, np.int64), np.zeros(values, np.int64), np.zeros((2, 3), np.int64))


class Bins(NamedTuple):
    """Counts by line and bin: lines of each group of kinds and cell, then of each period of a watched kind.

    Kinds that often have the same value of a record are counted together.
    """

    page: Small
    """(lines, pages) where the counts of a page stand; -1 while there are none."""
    pages: Small
    """(lines, 2) the first of them that is there, and the one after the last."""
    counts: Small
    """(pages, PAGE)"""
    listed: Ints
    """Takes what is not yet counted, as numbers with the bin in the low bits, and the line above; some more than are
    listed at once have room."""
    used: Ints
    """(3,) pages that are open, groups, and how many are listed."""
    kinds: Ints
    """(groups,) the bits of the kinds of each group; first each kind alone."""
    group: Small
    """(2 to the number of kinds,) the group of kinds by their bits; -1 for none. No kinds at all have any group."""
    cells: int
    """0 where only periods are counted."""
    alone: int
    """How many kinds there are."""
    kind: Small
    """(watched,) what is counted by periods as well: the kind,"""
    watched: Small
    """(watched, cells) the line of the first period; -1 of cells that are not watched,"""
    period: Small
    """(watched, slots) and the period of each slot."""
    at_once: int
    """How many are listed at once: all of them where they are put in order, and no pages are there."""
    bits: int
    """The low bits of what is listed."""


@rule
def look_up(bin_known: Ints, value: int) -> None:
    """Look up the bin of a value (ms, 0 or more), as `sim.measure.histogram.bin_of` does of many.

    Parameters
    ----------
    bin_known
        Takes the least value of the bin, the least beyond it, and its number.
    """
    if value < _LONG:
        section = int(_OF_STEP[value >> _STEP_BITS])
    else:
        section = int(_OF_LONG_STEP[min(value, _LONGEST) >> _LONG_STEP_BITS])
        while BEGIN[section + 2] < value:
            section += 1
    section += BEGIN[section + 1] < value
    # Half a ms from either edge: no rounding reaches the next bin, and to multiply is faster than to divide.
    number = int((value - BEGIN[section] - 0.5) * _BINS_PER_MS[section])
    first = BEGIN[section] + 1 + number * WIDTH[section]
    bin_known[0], bin_known[1], bin_known[2] = first, first + WIDTH[section], FIRST[section] + number


@hot
def set_value(values: Noted, which: int, value: int, kinds: int) -> None:
    """Set a value (ms) of some kinds; `which` is the wait, or the rest."""
    values.kinds[which] = kinds
    if kinds != 0:
        values.bin[which] = _bin_again(values.known, which, value)


@hot
def set_another(values: Noted, which: int, value: int, kinds: int, like: int) -> None:
    """Set a further value of some kinds; if it is like the wait, or the rest, these have one more kind.

    Parameters
    ----------
    like
        Which; negative where it is counted elsewhere: then it is `~like` of which the bin may be known.
    """
    values.kinds[which] = 0
    if kinds == 0:
        return
    first = like if like >= 0 else ~like
    number = _bin_again(values.known, first, value)
    if like >= 0 and values.kinds[like] != 0 and values.bin[like] == number:
        values.kinds[like] |= kinds
    else:
        values.bin[which], values.kinds[which] = number, kinds


@hot
def _bin_again(known: Ints, which: int, value: int) -> int:
    """Return the bin of a value, at once if it is the one that was last looked up."""
    if value < known[which, 0] or value >= known[which, 1]:
        look_up(known[which], value)
    number: int = known[which, 2]
    return number


@hot
def note(bins: Bins, values: Noted, cell: int, slot: int, later_cell: int, later_slot: int) -> None:
    """List a record's values to be counted to its cell, and to its slot's period where watched.

    Of resolutions the cell and the slot are `later_cell` and `later_slot`.
    """
    if bins.used[2] >= bins.at_once:
        count_listed(bins)
    used = bins.used[2]
    for which in range(len(values.kinds) if bins.cells > 0 else 0):
        kinds, own = values.kinds[which], cell if which < RESOLUTION else later_cell
        group = bins.group[kinds]
        if group < 0:
            used = _list_apart(bins, kinds, own, values.bin[which], used)
        else:
            # What is of no kind is written, and written over: to ask would take longer.
            bins.listed[used] = ((group * bins.cells + own) << bins.bits) | values.bin[which]
            used += kinds != 0
    for watched in range(len(bins.kind)):
        kind = bins.kind[watched]
        for which in range(len(values.kinds)):
            if (values.kinds[which] >> kind) & 1 == 1:
                later = which >= RESOLUTION
                first = bins.watched[watched, later_cell if later else cell]
                if first >= 0:
                    line = first + bins.period[watched, later_slot if later else slot]
                    bins.listed[used] = (line << bins.bits) | values.bin[which]
                    used += 1
    bins.used[2] = used


@rule
def _list_apart(bins: Bins, kinds: int, cell: int, number: int, used: int) -> int:
    """List a value of kinds that are no group: as a new one, or each kind alone if there are groups enough."""
    group = bins.used[1]
    if group < len(bins.kinds):
        bins.used[1] += 1
        bins.kinds[group] = kinds
        bins.group[kinds] = group
        bins.listed[used] = ((group * bins.cells + cell) << bins.bits) | number
        return used + 1
    for kind in range(bins.alone):
        if (kinds >> kind) & 1 == 1:
            bins.listed[used] = ((kind * bins.cells + cell) << bins.bits) | number
            used += 1
    return used


@rule
def count_listed(bins: Bins) -> None:
    """Count what is listed, in pages if there are any."""
    if len(bins.page) == 0:
        return
    for at in range(bins.used[2]):
        _count(bins, bins.listed[at] >> bins.bits, bins.listed[at] & ((1 << bins.bits) - 1))
    bins.used[2] = 0


@hot
def _count(bins: Bins, line: int, number: int) -> None:
    page = bins.page[line, number >> PAGE_BITS]
    if page < 0:
        page = bins.used[0]
        bins.page[line, number >> PAGE_BITS] = page
        bins.pages[line, 0] = min(bins.pages[line, 0], number >> PAGE_BITS)
        bins.pages[line, 1] = max(bins.pages[line, 1], (number >> PAGE_BITS) + 1)
        bins.used[0] += 1
        for place in range(PAGE):
            bins.counts[page, place] = 0
    bins.counts[page, number & (PAGE - 1)] += 1


@kept
def counted(bins: Bins, kinds: int, lines: Ints, sums: Small, key: Ints, count: Ints) -> int:
    """Give what is counted by kind and cell, then by the periods of watched kinds; return how many bins have values.

    Parameters
    ----------
    kinds
        How many there are.
    lines, sums
        Room for the lines of a kind and cell, and for the counts of a page.
    key, count
        Take (kind × cells + cell) × BINS + bin, increasing, and how many values, as far as there is room.
    """
    used = 0
    for row in range(kinds * bins.cells):
        kind, cell = row // bins.cells, row % bins.cells
        number = 0
        for group in range(bins.used[1]):
            line = group * bins.cells + cell
            if (bins.kinds[group] >> kind) & 1 == 1 and bins.pages[line, 1] > 0:
                lines[number] = line
                number += 1
        used = _give(bins, lines, number, row, sums, used, key, count)
    watched = len(bins.kinds) * bins.cells
    for line in range(watched, len(bins.page)):
        lines[0] = line
        used = _give(bins, lines, 1, kinds * bins.cells + line - watched, sums, used, key, count)
    return used


@rule
def _give(bins: Bins, lines: Ints, number: int, row: int, sums: Small, used: int, key: Ints, count: Ints) -> int:
    """Give the counts of some lines together as those of one row; return how many bins are given by now."""
    first, past = bins.page.shape[1], 0
    for which in range(number):
        first, past = min(first, bins.pages[lines[which], 0]), max(past, bins.pages[lines[which], 1])
    for at in range(first, past):
        open_ones, page = 0, 0
        for which in range(number):
            if bins.page[lines[which], at] >= 0:
                page = bins.page[lines[which], at]
                open_ones += 1
        if open_ones == 1:
            used = _give_page(bins.counts[page], row * BINS + at * PAGE, used, key, count)
        elif open_ones > 1:
            sums[:] = 0
            for which in range(number):
                page = bins.page[lines[which], at]
                if page >= 0:
                    for place in range(PAGE):
                        sums[place] += bins.counts[page, place]
            used = _give_page(sums, row * BINS + at * PAGE, used, key, count)
    return used


@rule
def _give_page(counts: Small, first: int, used: int, key: Ints, count: Ints) -> int:
    """Give what is not 0 of the counts of a page, of which the first has the key `first`."""
    if used + PAGE <= len(key):
        for place in range(PAGE):  # what is 0 is written, and written over: to ask would take longer
            key[used], count[used] = first + place, counts[place]
            used += counts[place] > 0
        return used
    for place in range(PAGE):
        if counts[place] > 0:
            if used < len(key):
                key[used], count[used] = first + place, counts[place]
            used += 1
    return used


@kept
def counted_in_order(bins: Bins, kinds: int, ordered: Ints, heads: Ints, key: Ints, count: Ints) -> int:
    """Give what is listed as `counted` gives what stands on pages; return how many bins have values.

    Parameters
    ----------
    ordered
        What is listed, in order: lines of each group of kinds and cell, then those of periods.
    heads
        (3, groups) room for where the values of each group begin and end that is of a kind, and its first line.
    key, count
        With room for all values of all kinds.
    """
    used = 0
    for kind in range(kinds if bins.cells > 0 else 0):
        number = 0
        for group in range(bins.used[1]):
            if (bins.kinds[group] >> kind) & 1 == 1:
                first = (group * bins.cells) << bins.bits
                begin, end = _place(ordered, first), _place(ordered, first + (bins.cells << bins.bits))
                if begin < end:
                    heads[0, number], heads[1, number], heads[2, number] = begin, end, first
                    number += 1
        used = _give_together(bins, ordered, heads, number, kind * bins.cells, used, key, count)
    watched = len(bins.kinds) * bins.cells
    heads[0, 0], heads[1, 0], heads[2, 0] = _place(ordered, watched << bins.bits), len(ordered), watched << bins.bits
    return _give_together(bins, ordered, heads, int(heads[0, 0] < heads[1, 0]), kinds * bins.cells, used, key, count)


@rule
def _place(ordered: Ints, key: int) -> int:
    """Return the place of the first number that is not below a key."""
    low, high = 0, len(ordered)
    while low < high:
        middle = (low + high) // 2
        if ordered[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low


@rule
def _give_together(
    bins: Bins, ordered: Ints, heads: Ints, number: int, row: int, used: int, key: Ints, count: Ints
) -> int:
    """Give the counts of some stretches together, by line and bin; return how many bins are given by now."""
    low = (1 << bins.bits) - 1
    while number > 0:
        least = ordered[heads[0, 0]] - heads[2, 0]
        for which in range(1, number):
            least = min(least, ordered[heads[0, which]] - heads[2, which])
        values, left = 0, 0
        for which in range(number):
            at, end, first = heads[0, which], heads[1, which], heads[2, which]
            begin = at
            while at < end and ordered[at] - first == least:
                at += 1
            values += at - begin
            if at < end:
                heads[0, left], heads[1, left], heads[2, left] = at, end, first
                left += 1
        number = left
        key[used], count[used] = (row + (least >> bins.bits)) * BINS + (least & low), values
        used += 1
    return used
