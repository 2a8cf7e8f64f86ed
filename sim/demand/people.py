"""How quick people are, and who of them is new.

Rules
-----
- `speed_cv`: every person has a speed, a lognormal factor of mean 1 on all their talk and wrap-up: who has 1.1 takes a
  tenth longer than their group does on average, so that the handle times of a scenario stay what they are on average.
- `ramp`: every person is new with the probability `share_new`, on its own, and came at the scenario's start.

One more person moves nobody else's numbers: each crew (the people of one shift, or of a group staffed by numbers) has a
stream of its own, and each person a place in its columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.demand.hand import Bools, Floats
from sim.demand.laws import Lognormal
from sim.demand.streams import Streams


@dataclass(frozen=True, slots=True)
class Staff:
    """The people of one crew, as far as their speed goes."""

    name: str
    """Of the stream."""
    people: int
    speed_cv: float
    share_new: float

    def deal(self, streams: Streams) -> tuple[Floats, Bools]:
        """Draw everybody's speed, and whether they are new; shape (people,) each."""
        speed, new = np.ones(self.people), np.zeros(self.people, dtype=bool)
        if not self.speed_cv and not self.share_new:
            return speed, new
        chance = streams.named(self.name)
        if self.speed_cv > 0:
            speed = Lognormal(1.0, self.speed_cv).inverse(chance.uniform("speed", self.people))
        if self.share_new > 0:
            new = chance.uniform("new", self.people) < self.share_new
        return speed, new
