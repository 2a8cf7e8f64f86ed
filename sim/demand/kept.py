"""What duty plans of one scenario share while its headcounts change: crews of the same people, and their draws.

More people only add to what is drawn of a crew, so that the draws of the largest hold those of all smaller ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.demand.absences import Absences
    from sim.demand.duty import ShiftCrew
    from sim.demand.hand import Bools
    from sim.demand.streams import Streams


class Kept:
    """Crews and draws of scenarios that differ in the headcounts of their shifts alone."""

    def __init__(self) -> None:
        self._crews: dict[tuple[int, int, tuple[int, ...]], ShiftCrew] = {}
        self._draws: dict[tuple[str, int, int], NDArray[np.uint8]] = {}

    def crew(self, numbers: tuple[int, int], headcount: tuple[int, ...], make: Callable[[], ShiftCrew]) -> ShiftCrew:
        """Give the crew of a shift with so many people by weekday, made if it is not known."""
        key = *numbers, headcount
        if key not in self._crews:
            self._crews[key] = make()
        return self._crews[key]

    def available(self, absences: Absences, streams: Streams) -> Bools:
        """Give what `absences.available` draws."""
        if absences.none:
            return absences.available(streams)
        key = absences.name, streams.seed, streams.replication
        known = self._draws.get(key)  # (dates, people, bytes of blocks)
        if known is None or known.shape[1] < absences.people:
            known = self._draws[key] = np.packbits(absences.available(streams), axis=2)
        return np.unpackbits(known[:, : absences.people], axis=2, count=absences.blocks).view(np.bool_)
