"""Histograms of replications in blocks of neighbours, for the jackknife.

There are between 20 and 39 blocks, all of one size but the last, which is being filled; the size doubles when there
would be 40. Within a block histograms are put together two of one size at a time, as a binary counter carries: an
entry is copied as often as the size of a block was doubled, not once for every replication that comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from sim.measure.histogram import Histogram

MOST_BLOCKS: Final = 40


@dataclass
class Part:
    """Histograms of neighbouring replications, compact.

    By their keys in `sim.experiment.gather.Gathered`.
    """

    replications: int
    histograms: dict[tuple[object, ...], Histogram]

    def put_together(self, other: Part, *, lasting: bool) -> Part:
        """Give the part of both, in room that lasts or not."""
        pairs = ((key, one, other.histograms[key]) for key, one in self.histograms.items())
        both = {key: one.lasting_with(beside) if lasting else one + beside for key, one, beside in pairs}
        return Part(self.replications + other.replications, both)


class Blocks:
    """Blocks of neighbouring replications, in parts.

    Attributes
    ----------
    parts
        In the order of the replications; a block that is full is one part.
    """

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._size = 1
        """Replications of a block that is full, a power of two."""

    def __len__(self) -> int:
        """Give the number of blocks."""
        return (self.replications + self._size - 1) // self._size

    @property
    def replications(self) -> int:
        """How many are held."""
        return sum(part.replications for part in self.parts)

    def add(self, histograms: dict[tuple[object, ...], Histogram]) -> None:
        """Add those of the next replication, compact."""
        if self.replications == (MOST_BLOCKS - 1) * self._size:
            # An odd number: the last one keeps its size and is filled up by the replications to come.
            self._size *= 2
            for place in range(MOST_BLOCKS // 2 - 1):  # one after the other: both take room meanwhile
                self._put_together(place)
        if self._size == 1:  # a full block; others are soon put together
            histograms = {key: one.lasting() for key, one in histograms.items()}
        self.parts.append(Part(1, histograms))
        while len(self.parts) > 1 and self.parts[-1].replications == self.parts[-2].replications < self._size:
            self._put_together(len(self.parts) - 2)

    def _put_together(self, place: int) -> None:
        """Put two neighbours of one size together; a full block has room that lasts, others are soon put together."""
        one, other = self.parts[place : place + 2]
        full = one.replications + other.replications == self._size
        self.parts[place : place + 2] = [one.put_together(other, lasting=full)]

    def of_part(self) -> list[int]:
        """Give the number of each part's block."""
        begins = accumulate((part.replications for part in self.parts[:-1]), initial=0)
        return [begin // self._size for begin in begins] if self.parts else []
