"""Until when what waits is due."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from sim.demand.hand import NEVER
from sim.engine.program import Program
from sim.engine.rules import NO_LIMIT


class Due:
    """Instants at which legs are due: the contact type's `due`, else the channel's, on the channel's clock.

    It counts from the leg's place in its queue, at every tier and for every reply of a customer anew; a head start does
    not bring it forward. Before the scenario and after its end every clock runs.

    Parameters
    ----------
    program
        Says what is due when, and when clocks run.
    """

    def __init__(self, program: Program) -> None:
        self._due: list[int] = program.queues.due.tolist()
        self._channel: list[int] = program.queues.channel.tolist()
        self._starts: list[list[int]] = []
        self._before: list[list[int]] = []
        """By channel: what the clock reads at the start of each span in which it runs, after the end included."""
        for spans in program.channels.clock:
            starts, before = [], [0]
            for start, end in spans.tolist():
                starts.append(start)
                before.append(before[-1] + end - start)
            self._starts.append([*starts, program.length])
            self._before.append(before)

    def of(self, queue: int, place: int) -> int:
        """Return the instant (ms) at which a leg with that place in a queue is due; NEVER if it never is."""
        due = self._due[queue]
        if due == NO_LIMIT:
            return NEVER
        channel = self._channel[queue]
        starts, before = self._starts[channel], self._before[channel]
        target = self._reading(starts, before, place) + due
        if target <= 0:
            return target
        span = bisect_left(before, target) - 1
        return starts[span] + target - before[span]

    def _reading(self, starts: list[int], before: list[int], at: int) -> int:
        """Return what a clock reads at an instant, ms."""
        span = bisect_right(starts, at) - 1
        if span < 0:
            return min(at, 0)
        return min(before[span] + at - starts[span], before[span + 1])
