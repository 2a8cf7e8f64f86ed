"""Time that is paid but not there for contacts: whole days of absence and blocks off the phone.

Rules
-----
- `absence`: each person is absent on each date (on which their shift begins; in groups staffed by numbers each local
  day) with that probability, for the whole of it.
- `in_shift`: time from the shift's begin (in groups staffed by numbers from local midnight) is cut into blocks of
  `block`; each is off with that probability, on its own. Every instant of work lies in exactly one block, so the
  expected share of work that is off is `in_shift`, whatever the shift's length and breaks. Breaks stay where they are:
  a block that meets one, or the end of the shift, loses only what lies outside the work.

One more person or date moves nobody else's numbers: a column for each date, in it a place for each person and block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.demand.hand import Bools
from sim.scenario.units import HOUR_MS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sim.demand.streams import Streams
    from sim.scenario.model.agent_groups import Shrinkage

LONGEST_DAY_MS: Final = 26 * HOUR_MS
"""No shift and no local day is longer, clock changes in: each person has places for the blocks of so much time."""


class Absences:
    """Draws who is absent and which blocks are off, of the people of one shift or one group staffed by numbers.

    Parameters
    ----------
    name
        Of the stream.
    shrinkage
        Shares and length of a block.
    people
        How many there are at most.
    dates
        Local dates on which they work, in order.

    Attributes
    ----------
    name
        Of the stream.
    block_ms
        Length of a block, ms; a whole day where only days are taken off.
    blocks
        How many a person has on each date.
    places
        How many all have on all dates.
    """

    def __init__(self, name: str, shrinkage: Shrinkage, people: int, dates: Sequence[date]) -> None:
        self.name = name
        self._shrinkage = shrinkage
        self.people = people
        self._in_shift = [f"in_shift/{on}" for on in dates]
        self._absence = [f"absence/{on}" for on in dates]
        self.block_ms = shrinkage.block if shrinkage.in_shift > 0 else LONGEST_DAY_MS
        self.blocks = -(-LONGEST_DAY_MS // self.block_ms)
        self.places = len(dates) * people * self.blocks

    @property
    def none(self) -> bool:
        """Whether nothing is taken off."""
        return self._shrinkage.absence == 0 and self._shrinkage.in_shift == 0

    def available(self, streams: Streams) -> Bools:
        """Draw who is there: shape (dates, people, blocks), False where a block is off or the person absent."""
        there = np.ones((len(self._absence), self.people, self.blocks), dtype=bool)
        if self.none or not there.size:
            return there
        chance, shares = streams.named(self.name), self._shrinkage
        if shares.in_shift > 0:
            numbers = chance.columns(self._in_shift, self.people * self.blocks)
            np.greater_equal(numbers.reshape(there.shape), shares.in_shift, out=there)
        if shares.absence > 0:
            there[chance.columns(self._absence, self.people) < shares.absence] = False
        return there
