"""Periods of measured time: intervals, hours, days and weeks of the local clock, as edges in ms.

The *slots* are the finest of them: every interval, hour, day and week is a run of slots, so a figure of any period is a
sum over its slots. Measured time starts at the end of the warm-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.scenario.calendar import Calendar
    from sim.scenario.schema import Scenario

Ints = NDArray[np.int64]

PERIODS: Final = ("run", "week", "day", "hour", "interval")
"""What a measure can be asked per."""

HOUR_MS: Final = 3_600_000
DAYS_PER_WEEK: Final = 7


@dataclass(frozen=True)
class Periods:
    """The grid of measured time.

    Parameters
    ----------
    edges
        Per period name, shape (periods + 1,): ms since the scenario's start, increasing. All begin at the end of the
        warm-up and end with the scenario.
    slots
        Shape (slots + 1,): the union of all edges.
    """

    edges: dict[str, Ints]
    slots: Ints

    @classmethod
    def of(cls, scenario: Scenario, calendar: Calendar) -> Periods:
        """Give the periods of a scenario.

        Hours and intervals count from the start of each local day, so that they stay on the clock where clocks change;
        the last of a day is shorter where they do not fill it. Weeks are seven local days from the first one.
        """
        days = [(day.start, day.end) for day in calendar.days]
        begin, end = scenario.time.warm_up, calendar.length
        return cls.from_days(days, begin=begin, end=end, interval=scenario.time.interval)

    @classmethod
    def from_days(cls, days: list[tuple[int, int]], *, begin: int, end: int, interval: int) -> Periods:
        """Give the periods within [begin, end) of local days given as (start, end), all in ms."""
        starts = [start for start, _ in days]
        stepped = {
            name: [at for start, stop in days for at in range(start, stop, step)]
            for name, step in (("hour", HOUR_MS), ("interval", interval))
        }
        edges = {
            name: _clipped(instants, begin, end)
            for name, instants in {"run": [], "week": starts[::DAYS_PER_WEEK], "day": starts, **stepped}.items()
        }
        return cls(edges, np.unique(np.concatenate(list(edges.values()))))

    @property
    def begin(self) -> int:
        """End of the warm-up, ms."""
        return int(self.slots[0])

    @property
    def end(self) -> int:
        """End of the scenario, ms."""
        return int(self.slots[-1])

    def edges_of(self, per: str) -> Ints:
        """Give the edges of the periods of a name; those of the slots for `slot`."""
        return self.slots if per == "slot" else self.edges[per]

    def count(self, per: str) -> int:
        """Give how many periods of a name there are."""
        return len(self.edges_of(per)) - 1

    def widths(self, per: str) -> Ints:
        """Give the length of each period, ms."""
        return np.diff(self.edges_of(per))

    def first_slots(self, per: str) -> Ints:
        """Give the first slot of each period, as `numpy.ufunc.reduceat` takes it."""
        return np.searchsorted(self.slots, self.edges_of(per)[:-1])

    def of_slot(self, per: str) -> Ints:
        """Give the period of each slot."""
        if per not in self._of_slot:
            slots = np.arange(len(self.slots) - 1)
            self._of_slot[per] = np.searchsorted(self.first_slots(per), slots, side="right") - 1
        return self._of_slot[per]

    @cached_property
    def _of_slot(self) -> dict[str, Ints]:
        return {}

    def slot_of(self, at: Ints) -> Ints:
        """Give the slot that holds each instant; negative before the measured time."""
        return np.searchsorted(self.slots, at, side="right") - 1


def _clipped(instants: list[int], begin: int, end: int) -> Ints:
    inside = [at for at in instants if begin < at < end]
    return np.array([begin, *inside, end], np.int64)
