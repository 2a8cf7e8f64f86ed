"""Step functions of time: how many spans run at once at most, line by line, from events in order of time.

An event is one whole number: its instant since an origin, and in the low bits the cell that begins or ends there and
whether it begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.demand.columns import column
from sim.measure.machine_code import hot, kept
from sim.measure.ordering import in_order

Ints = NDArray[np.int64]

_NEVER: Final = 2**62


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
            Shape (lines,); and (cells, moves) twice: the level of a line (level × lines + line; one level more, which
            nothing raises, for no more: all cells have as many moves), and by how much it rises.
        """
        (cells, of_each), levels = self.lines.shape, self.weights.shape[1]
        of_line = _alike(self.lines, self.number)
        own = np.sort(of_line[self.lines], axis=1)
        again = np.zeros(own.shape, bool)
        again[:, 1:] = own[:, 1:] == own[:, :-1]
        moves = ((self.weights[:, :, None] != 0) & ~again[:, None, :]).reshape(cells, levels * of_each)
        places = (np.arange(levels)[:, None] * self.number + own[:, None, :]).reshape(moves.shape)
        place = np.where(moves, places, levels * self.number)
        by = np.where(moves, np.repeat(self.weights, of_each, axis=1), 0)
        first = np.argsort(~moves, axis=1, kind="stable")[:, : int(moves.sum(axis=1).max(initial=0))]
        place, by = (np.ascontiguousarray(np.take_along_axis(part, first, axis=1)) for part in (place, by))
        return of_line, place, by

    def events(self, spans: Sequence[tuple[Ints, Ints, Ints, Ints]], origin: int) -> Ints:
        """Give the events of spans that last, of several lists of them.

        Parameters
        ----------
        spans
            The cell of each owner; and the owner, the begin and the end of each span.
        """
        events: Ints = column(2 * sum(len(owner) for _, owner, _, _ in spans), np.int64)
        used = 0
        for cell, owner, begin, end in spans:
            used += _write_events(cell, owner, begin, end, origin, self.cell_bits, events[used:])
        return events[:used]

    def maxima(self, events: Ints, origin: int, edges: Ints) -> Ints:
        """Give the highest levels of periods, shape (levels, lines, periods). The events are put in order of time.

        What begins as another ends does not overlap it.
        """
        levels, (of_line, place, by) = self.weights.shape[1], self._moves
        highest = np.zeros((len(edges) + 1, levels * self.number + 1), np.int64)
        if len(events):
            events = in_order(events, self.cell_bits)
            level = np.zeros(levels * self.number + 1, np.int64)
            _climb(events, self.cell_bits, place, by, np.append(edges - origin, _NEVER), level, highest)
        return highest[1:-1, :-1].T.reshape(levels, self.number, len(edges) - 1)[:, of_line]


def _alike(lines: Ints, number: int) -> Ints:
    """Give, of each of so many lines, the first one that has the same cells.

    Parameters
    ----------
    lines
        Shape (cells, lines of each).
    """
    order = np.argsort(lines, axis=None, kind="stable")
    held = (order // max(lines.shape[1], 1)).astype(np.int32)
    ends = np.cumsum(np.bincount(lines.reshape(-1), minlength=number))
    first: dict[bytes, int] = {}
    of_line = [first.setdefault(one.tobytes(), line) for line, one in enumerate(np.split(held, ends[:-1]))]
    return np.array(of_line, np.int64)


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
def _climb(  # noqa: PLR0913, PLR0917  (machine code takes numbers and arrays apart)
    events: Ints, cell_bits: int, place: Ints, by: Ints, edges: Ints, level: Ints, highest: Ints
) -> None:
    """Follow the levels through time and keep the highest of each period.

    Parameters
    ----------
    edges
        Of the periods, ms since the origin, and an instant that never comes.
    highest
        Takes the levels of the time before the periods, of each, and of the time after them.
    """
    period, first = 0, 0
    while first < len(events):
        instant = events[first] >> cell_bits
        while edges[period] < instant:
            period += 1
            _begin_period(highest[period], level)
        at_edge = edges[period] == instant  # then the period that ends does not count it, and the next begins after it
        if not at_edge and (first + 1 == len(events) or events[first + 1] >> cell_bits != instant):
            _step(events[first], cell_bits, place, by, level, highest[period])
            first += 1
            continue
        past = first
        while past < len(events) and events[past] >> cell_bits == instant:
            _move(events[past], cell_bits, place, by, level)
            past += 1
        for event in events[first:past]:
            if not at_edge:
                _keep(event, cell_bits, place, level, highest[period])
        first = past
    for rest in range(period + 1, len(highest)):
        _begin_period(highest[rest], level)


@hot
def _begin_period(highest: Ints, level: Ints) -> None:
    for at in range(len(level)):
        highest[at] = level[at]


@hot
def _step(  # noqa: PLR0913, PLR0917  (machine code takes numbers and arrays apart)
    event: int, cell_bits: int, place: Ints, by: Ints, level: Ints, highest: Ints
) -> None:
    """Let the levels rise or fall with an event that is alone in its instant, and keep the highest at once."""
    cell, sign = (event & ((1 << cell_bits) - 1)) >> 1, 2 * (event & 1) - 1
    for number in range(place.shape[1]):
        at = place[cell, number]
        now, before = level[at] + sign * by[cell, number], highest[at]
        level[at] = now
        highest[at] = max(now, before)


@hot
def _move(event: int, cell_bits: int, place: Ints, by: Ints, level: Ints) -> None:
    """Let the levels rise or fall with an event."""
    cell, sign = (event & ((1 << cell_bits) - 1)) >> 1, 2 * (event & 1) - 1
    for number in range(place.shape[1]):
        level[place[cell, number]] += sign * by[cell, number]


@hot
def _keep(event: int, cell_bits: int, place: Ints, level: Ints, highest: Ints) -> None:
    cell = (event & ((1 << cell_bits) - 1)) >> 1
    for number in range(place.shape[1]):
        at = place[cell, number]
        highest[at] = max(highest[at], level[at])
