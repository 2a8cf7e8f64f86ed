"""Instants of a Poisson process whose rate is made of straight lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.demand.columns import column, stretches

if TYPE_CHECKING:
    from sim.demand.hand import Floats, Ints
    from sim.demand.streams import Stream


@dataclass(frozen=True, slots=True)
class RateLines:
    """The straight lines of a rate, as instants are drawn from them. Shape of the columns: (pieces,)."""

    length: Floats
    """ms."""
    last: Floats
    """The last instant of the piece, ms,"""
    start: Floats
    """and its first."""
    both: Floats
    """Sum of the rates at its two ends."""
    steeper: Floats
    """Difference of their squares; zero where the rate is level."""
    first: Floats
    squared: Floats
    """Rate at its start, and its square."""
    root: Floats | None
    """What instants are divided by, of each piece; None unless all are level."""
    expected: Floats
    """Contacts, at a growth of 100 %."""

    @staticmethod
    def between(start: Ints, end: Ints, first: Floats, last: Floats) -> RateLines:
        """Give the lines between rates at the start of pieces and towards their (half-open) end."""
        length, both = (end - start).astype(np.float64), first + last
        steeper, squared = (last - first) * both, first * first
        return RateLines(
            start=start.astype(np.float64),
            last=(end - 1).astype(np.float64),
            length=length,
            both=both,
            steeper=steeper,
            first=first,
            squared=squared,
            root=None if steeper.any() else _root(squared.copy(), first),
            expected=length * both / 2,
        )

    def instants(self, chance: Stream, factor: Floats) -> tuple[Ints, Ints]:
        """Draw the instants of a rate that is a factor times that of the pieces; return them after the pieces' bounds.

        Those of piece k are the instants from bound k to before bound k + 1.

        A Poisson process of rate 1 is mapped through the inverse of the integrated rate (Çinlar 1975), so that a rate
        that is changed a little moves the same contacts a little.
        """
        expected = self.expected * factor
        reached = np.concatenate(([0.0], np.cumsum(expected)))
        events = unit_rate_events(chance, float(reached[-1]))
        bounds, at = np.searchsorted(events, reached), column(events.size, np.int64)
        for part in stretches(events.size):
            of_piece = np.diff(bounds.clip(part.start, part.stop))
            through = events[part]
            through -= reached[:-1].repeat(of_piece)
            through /= expected.repeat(of_piece)
            # Root of first·x + (last − first)·x²/2 = through·(first + last)/2, in a form that is exact for level rates.
            if self.root is None:
                root = self.steeper.repeat(of_piece)
                root *= through
                root += self.squared.repeat(of_piece)
                root = _root(root, self.first.repeat(of_piece))
            else:
                root = self.root.repeat(of_piece)
            x = through
            x *= self.both.repeat(of_piece)
            x /= root
            x *= self.length.repeat(of_piece)
            x += self.start.repeat(of_piece)
            np.rint(x, out=x)
            # Rounding must carry nobody over the end of a piece, where the rate may be 0 and the door closed.
            np.minimum(x, self.last.repeat(of_piece), out=x)
            at[part] = x
        return bounds, at


def _root(squared: Floats, first: Floats) -> Floats:
    """Give first + √squared, which is never 0; it takes the place of the squared."""
    np.sqrt(squared, out=squared)
    squared += first
    np.maximum(squared, np.finfo(float).tiny, out=squared)
    return squared


def unit_rate_events(chance: Stream, until: float) -> Floats:
    """Draw a Poisson process of rate 1 on (0, until): sorted instants, the same however far it is drawn."""
    n = int(until + 6 * np.sqrt(until)) + 16
    while True:
        events: Floats = column(n, np.float64)
        reached = 0.0
        for part in stretches(n):
            gaps = chance.uniform("gap", part.stop - part.start, part.start)
            np.negative(np.log(gaps, out=gaps), out=gaps)
            gaps[0] += reached
            reached = np.cumsum(gaps, out=events[part])[-1]
        if reached >= until:
            return events[: np.searchsorted(events, until)]
        n *= 2
