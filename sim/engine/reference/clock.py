"""The reference engine's clock: SimPy's environment with the written order of simultaneous events."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import simpy

from sim.engine.rules import EventKind

NOBODYS: Final = -1
"""Contact or agent number of an event that concerns none: it comes before all others of its kind and instant."""


def place(kind: EventKind, contact: int, agent: int) -> int:
    """Return the place of an event among those of its instant: smaller happens first."""
    return ((kind + 1) << 64) | ((contact + 1) << 24) | (agent + 1)


class Moment(simpy.Event):
    """Something that happens at a known instant, unless it is called off or moved before.

    SimPy's own timeouts of one instant happen in the order in which they were made. A Moment has its place among those
    of its instant by (kind, contact, agent), whenever it was made.
    """

    def __init__(self, clock: Clock, instant: int, place_in_instant: int) -> None:
        self.env = clock
        self.callbacks = []
        self._value = None
        self._ok = True
        clock.schedule(self, priority=place_in_instant, delay=instant - clock.now)  # type: ignore[arg-type]  # any integer orders events

    def call_off(self) -> None:
        """Let the instant pass without a consequence."""
        if self.callbacks:
            self.callbacks.clear()


class Clock(simpy.Environment):
    """Whole milliseconds since the scenario's start.

    SimPy compares (instant, priority, order of making). What is already under way within an event (a process that was
    woken, one that starts) has SimPy's priorities 0 and 1; every Moment's place is larger. So an event is finished,
    with all that it makes possible, before the next one of the same instant.
    """

    if TYPE_CHECKING:  # SimPy allows fractions; this clock is never given one

        @property
        def now(self) -> int:
            """Return the present instant, ms."""

    def at(self, instant: int, kind: EventKind, contact: int = NOBODYS, agent: int = NOBODYS) -> Moment:
        """Return the Moment of `instant` (ms, not before now)."""
        return Moment(self, instant, place(kind, contact, agent))

    def call_at(
        self,
        instant: int,
        kind: EventKind,
        contact: int,
        agent: int,
        action: Callable[[Any], Any],
    ) -> Moment:
        """Return the Moment of `instant` at which `action` is called."""
        moment = Moment(self, instant, place(kind, contact, agent))
        moment.callbacks.append(action)
        return moment

    def hand_on(self, waited_for: simpy.Event, to: simpy.Event) -> None:
        """Let everybody who waits for one event wait for another instead."""
        to.callbacks.extend(waited_for.callbacks)
        waited_for.callbacks.clear()
