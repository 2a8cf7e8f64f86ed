"""Step functions of time: how many spans run at once at most, line by line, from events in order of time.

An event is one whole number: its instant since an origin, and in the low bits the cell that begins or ends there and
whether it begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.measure.machine_code import hot, kept

Ints = NDArray[np.int64]

_DIGIT_BITS: Final = 11
_DIGITS: Final = 1 << _DIGIT_BITS


@dataclass(frozen=True)
class Steps:
    """Levels that rise and fall with the spans of cells.

    Parameters
    ----------
    lines
        Shape (cells, lines of each): the lines that a cell belongs to.
    weights
        Shape (cells, levels): by how much each level rises while one of the cell's spans runs.
    number
        Of lines.
    """

    lines: Ints
    weights: Ints
    number: int

    @property
    def cell_bits(self) -> int:
        """The low bits of events."""
        return (2 * len(self.lines)).bit_length()

    @cached_property
    def _distinct(self) -> tuple[Ints, Ints]:
        """Lines of the same cells are one: which one each line is, and those that each cell belongs to; -1 for none."""
        cells = len(self.lines)
        holds = np.zeros((self.number, cells), bool)
        holds[self.lines, np.arange(cells)[:, None]] = True
        _, which = np.unique(holds, axis=0, return_inverse=True)
        of_line = which.reshape(-1)
        own = [np.unique(of_line[lines]) for lines in self.lines]
        of_cell = np.full((cells, max(map(len, own), default=0)), -1)
        for cell, lines in enumerate(own):
            of_cell[cell, : len(lines)] = lines
        return of_line, of_cell

    def events(self, cell: Ints, begin: Ints, end: Ints, origin: int) -> Ints:
        """Give the events of spans that last."""
        lasting = end > begin
        low = cell[lasting] << 1
        begins, ends = (at[lasting] - origin << self.cell_bits for at in (begin, end))
        return np.concatenate((begins | low | 1, ends | low))

    def maxima(self, events: Ints, origin: int, edges: Ints) -> Ints:
        """Give the highest levels of periods, shape (levels, lines, periods). The events are put in order of time.

        What begins as another ends does not overlap it.
        """
        levels, (of_line, of_cell) = self.weights.shape[1], self._distinct
        highest = np.zeros((len(edges) - 1, levels, self.number), np.int64)
        if len(events):
            bits = int(events.max()).bit_length() - self.cell_bits
            spare, counts = np.empty_like(events), np.zeros(_DIGITS, np.int64)
            if _put_in_order(events, spare, counts, self.cell_bits, bits):
                events = spare
            level = np.zeros((levels, self.number), np.int64)
            _climb(events, self.cell_bits, origin, of_cell, self.weights, edges, level, highest)
        return highest.transpose(1, 2, 0)[:, of_line]


@kept
def _put_in_order(events: Ints, spare: Ints, counts: Ints, low: int, bits: int) -> bool:
    """Order events by the bits from `low` on, digit by digit (Knuth, TAOCP 3, 5.2.5, algorithm R).

    Returns
    -------
    bool
        Whether the order stands in `spare`.
    """
    passes = (bits + _DIGIT_BITS - 1) // _DIGIT_BITS
    for digit in range(passes):
        if digit % 2:
            _put_by_digit(spare, events, counts, low + digit * _DIGIT_BITS)
        else:
            _put_by_digit(events, spare, counts, low + digit * _DIGIT_BITS)
    return passes % 2 == 1


@hot
def _put_by_digit(source: Ints, target: Ints, counts: Ints, shift: int) -> None:
    counts[:] = 0
    for event in source:
        counts[(event >> shift) & (_DIGITS - 1)] += 1
    place = 0
    for digit in range(_DIGITS):
        number = counts[digit]
        counts[digit] = place
        place += number
    for event in source:
        digit = (event >> shift) & (_DIGITS - 1)
        target[counts[digit]] = event
        counts[digit] += 1


@kept
def _climb(  # noqa: PLR0913, PLR0917  (machine code takes numbers and arrays apart)
    events: Ints, cell_bits: int, origin: int, lines: Ints, weights: Ints, edges: Ints, level: Ints, highest: Ints
) -> None:
    """Follow the levels through time and keep the highest of each period."""
    periods, period, first = len(edges) - 1, -1, 0
    while first < len(events):
        instant = events[first] >> cell_bits
        at = instant + origin
        while period + 1 < periods and edges[period + 1] < at:
            period += 1
            _begin_period(highest[period], level)
        begins = period + 1 < periods and edges[period + 1] == at
        counts = period >= 0 and at < edges[periods] and not begins
        alone = first + 1 == len(events) or events[first + 1] >> cell_bits != instant
        past = first
        while past < len(events) and events[past] >> cell_bits == instant:
            _step(events[past], cell_bits, lines, weights, level, highest[period], counts and alone)
            past += 1
        if begins:
            period += 1
            _begin_period(highest[period], level)
        elif counts and not alone:
            for event in events[first:past]:
                _keep(event, cell_bits, lines, level, highest[period])
        first = past
    while period + 1 < periods:
        period += 1
        _begin_period(highest[period], level)


@hot
def _step(  # noqa: PLR0913, PLR0917  (machine code takes numbers and arrays apart)
    event: int, cell_bits: int, lines: Ints, weights: Ints, level: Ints, highest: Ints, keep: bool
) -> None:
    """Let the levels rise or fall with an event; `keep` the highest at once if no other event is in its instant."""
    cell, sign = (event & ((1 << cell_bits) - 1)) >> 1, 2 * (event & 1) - 1
    for which in range(len(level)):
        change = sign * weights[cell, which]
        if change != 0:
            for number in range(lines.shape[1]):
                line = lines[cell, number]
                if line < 0:
                    break
                now = level[which, line] + change
                level[which, line] = now
                if keep and now > highest[which, line]:
                    highest[which, line] = now


@hot
def _begin_period(highest: Ints, level: Ints) -> None:
    for which in range(level.shape[0]):
        for line in range(level.shape[1]):
            highest[which, line] = level[which, line]


@hot
def _keep(event: int, cell_bits: int, lines: Ints, level: Ints, highest: Ints) -> None:
    cell = (event & ((1 << cell_bits) - 1)) >> 1
    for which in range(len(level)):
        for number in range(lines.shape[1]):
            line = lines[cell, number]
            if line < 0:
                break
            highest[which, line] = max(highest[which, line], level[which, line])
