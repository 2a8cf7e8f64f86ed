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
    def _moves(self) -> tuple[Ints, Ints, Ints]:
        """Lines of the same cells are one: give which one each line is, and what the spans of each cell move.

        Returns
        -------
        tuple[Ints, Ints, Ints]
            Shape (lines,); and (cells, moves) twice: the level of a line (level × lines + line; -1 for no more), and
            by how much it rises.
        """
        cells = len(self.lines)
        holds = np.zeros((self.number, cells), bool)
        holds[self.lines, np.arange(cells)[:, None]] = True
        _, which = np.unique(holds, axis=0, return_inverse=True)
        of_line = which.reshape(-1)
        moves = [
            [(level * self.number + line, weight) for level, weight in enumerate(of_cell) if weight for line in own]
            for of_cell, own in zip(self.weights.tolist(), (np.unique(of_line[one]) for one in self.lines), strict=True)
        ]
        what = np.full((2, cells, max(map(len, moves), default=0)), -1)
        for cell, of_cell in enumerate(moves):
            what[:, cell, : len(of_cell)] = np.array(of_cell).reshape(-1, 2).T
        return of_line, what[0], what[1]

    def events(self, cell: Ints, owner: Ints, begin: Ints, end: Ints, origin: int) -> Ints:
        """Give the events of spans that last; `cell` is that of each owner."""
        events = np.empty(2 * len(owner), np.int64)
        return events[: _write_events(cell, owner, begin, end, origin, self.cell_bits, events)]

    def maxima(self, events: Ints, origin: int, edges: Ints) -> Ints:
        """Give the highest levels of periods, shape (levels, lines, periods). The events are put in order of time.

        What begins as another ends does not overlap it.
        """
        levels, (of_line, place, by) = self.weights.shape[1], self._moves
        highest = np.zeros((len(edges) - 1, levels * self.number), np.int64)
        if len(events):
            bits = int(events.max()).bit_length() - self.cell_bits
            spare, counts = np.empty_like(events), np.zeros((-(-bits // _DIGIT_BITS), _DIGITS), np.int64)
            if _put_in_order(events, spare, counts, self.cell_bits):
                events = spare
            level = np.zeros(levels * self.number, np.int64)
            _climb(events, self.cell_bits, origin, place, by, edges, level, highest)
        return highest.T.reshape(levels, self.number, len(edges) - 1)[:, of_line]


@kept
def _write_events(  # noqa: PLR0913, PLR0917  (machine code takes numbers and arrays apart)
    cell: Ints, owner: Ints, begin: Ints, end: Ints, origin: int, cell_bits: int, events: Ints
) -> int:
    """Write when spans that last begin and end; return how many events there are."""
    used = 0
    for span in range(len(owner)):
        if end[span] > begin[span]:
            low = cell[owner[span]] << 1
            events[used] = ((begin[span] - origin) << cell_bits) | low | 1
            events[used + 1] = ((end[span] - origin) << cell_bits) | low
            used += 2
    return used


@kept
def _put_in_order(events: Ints, spare: Ints, counts: Ints, low: int) -> bool:
    """Order events by the bits from `low` on, digit by digit (Knuth, TAOCP 3, 5.2.5, algorithm R).

    Parameters
    ----------
    counts
        Zeros, of shape (digits of the highest event, values of a digit).

    Returns
    -------
    bool
        Whether the order stands in `spare`.
    """
    digits = len(counts)
    for event in events:
        for digit in range(digits):
            counts[digit, (event >> (low + digit * _DIGIT_BITS)) & (_DIGITS - 1)] += 1
    for digit in range(digits):
        if digit % 2:
            _put_by_digit(spare, events, counts[digit], low + digit * _DIGIT_BITS)
        else:
            _put_by_digit(events, spare, counts[digit], low + digit * _DIGIT_BITS)
    return digits % 2 == 1


@hot
def _put_by_digit(source: Ints, target: Ints, counts: Ints, shift: int) -> None:
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
    events: Ints, cell_bits: int, origin: int, place: Ints, by: Ints, edges: Ints, level: Ints, highest: Ints
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
            _step(events[past], cell_bits, place, by, level, highest[period], counts and alone)
            past += 1
        if begins:
            period += 1
            _begin_period(highest[period], level)
        elif counts and not alone:
            for event in events[first:past]:
                _keep(event, cell_bits, place, level, highest[period])
        first = past
    while period + 1 < periods:
        period += 1
        _begin_period(highest[period], level)


@hot
def _step(  # noqa: PLR0913, PLR0917  (machine code takes numbers and arrays apart)
    event: int, cell_bits: int, place: Ints, by: Ints, level: Ints, highest: Ints, keep: bool
) -> None:
    """Let the levels rise or fall with an event; `keep` the highest at once if no other event is in its instant."""
    cell, sign = (event & ((1 << cell_bits) - 1)) >> 1, 2 * (event & 1) - 1
    for number in range(place.shape[1]):
        at = place[cell, number]
        if at < 0:
            break
        now = level[at] + sign * by[cell, number]
        level[at] = now
        if keep and now > highest[at]:
            highest[at] = now


@hot
def _begin_period(highest: Ints, level: Ints) -> None:
    for at in range(len(level)):
        highest[at] = level[at]


@hot
def _keep(event: int, cell_bits: int, place: Ints, level: Ints, highest: Ints) -> None:
    cell = (event & ((1 << cell_bits) - 1)) >> 1
    for number in range(place.shape[1]):
        at = place[cell, number]
        if at < 0:
            break
        highest[at] = max(highest[at], level[at])
