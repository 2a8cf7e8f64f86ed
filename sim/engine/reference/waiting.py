"""The queues of the reference engine: who waits where, and whom a row takes next."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count

from sim.engine.program import Program
from sim.engine.reference.due import Due
from sim.engine.reference.people import Leg

Waiting = list[tuple[int, int, int, Leg]]
"""Those of a queue with the same head start: a heap of (place − head start, contact, order of entering, leg), tidied
when read. The first of them has waited longest: a row whose `after` is closed to it is closed to all of them.
Backlog and live stand in lanes of their own, so that who may interrupt is not hidden behind who may not, and so do the
places of who left silently, so that whoever looks for the waiting does not see them."""


class Queues:
    """All queues of a replication.

    Parameters
    ----------
    program
        Says which rows serve which queues.
    """

    def __init__(self, program: Program) -> None:
        self.tier: list[int] = program.queues.tier.tolist()
        self.rows: list[list[int]] = [rows.tolist() for rows in program.queues.rows]
        self._after: list[int] = program.rows.after.tolist()
        self.afters = [sorted({self._after[row] for row in rows} - {0}) for rows in self.rows]
        self._channel: list[int] = program.queues.channel.tolist()
        self._priority: list[int] = program.queues.priority.tolist()
        self._of_row: list[list[int]] = [queues.tolist() for queues in program.rows.queues]
        self._waiting: list[dict[tuple[bool, bool, int, bool], Waiting]] = [{} for _ in self.rows]
        """By queue, then by whether they stand behind the live, are backlog, head start, whether they left silently."""
        self._joined = count()
        self._due_first: list[bool] = program.rows.due_first.tolist()
        self._due = Due(program)

    def join(self, leg: Leg, silently_left: bool = False) -> None:
        """Let a leg wait in its queue, at its place: as if it had come earlier by its customer's head start.

        Who has left silently stays at that place, for rows to take, but is not among the waiting any more.
        """
        head_start = leg.contact.head_start
        waiting = self._waiting[leg.queue].setdefault((leg.behind, leg.backlog, head_start, silently_left), [])
        leg.lane = waiting
        heappush(waiting, (leg.place - head_start, leg.number, next(self._joined), leg))

    def open_rows(self, leg: Leg, now: int) -> list[int]:
        """Return the rows whose `after` has passed since a leg really came, by (rank, group, row)."""
        waited = now - leg.place
        return [row for row in self.rows[leg.queue] if self._after[row] <= waited]

    def next_of(self, row: int, now: int, can_go: Callable[[Leg], bool]) -> Leg | None:
        """Return what a row takes next of the legs that can go to somebody: by priority, then longest wait.

        A row that is `due_first` takes what is due soonest before it looks at the wait. A head start counts as waited,
        but not for the row's `after`. Call-backs that stand behind the live do so within their priority.
        """
        best: tuple[int, bool, int, int, int, Leg] | None = None
        latest = now - self._after[row]
        for queue in self._of_row[row]:
            for (behind, *_), waiting in self._waiting[queue].items():
                leg = _first(waiting)
                if leg is not None and leg.place <= latest and can_go(leg):
                    due = self._due.of(queue, leg.place) if self._due_first[row] else 0
                    key = (self._priority[queue], behind, due, waiting[0][0], leg.number, leg)
                    best = key if best is None or key[:5] < best[:5] else best
        return None if best is None else best[5]

    def head(self, queue: int) -> Leg | None:
        """Return who stands first in a queue: live, or a call-back that kept its place; not who has left silently."""
        lanes = [
            lane
            for (behind, *_, silently_left), lane in self._waiting[queue].items()
            if not (behind or silently_left) and _first(lane) is not None
        ]
        return _first(min(lanes, key=lambda lane: lane[0][:2])) if lanes else None

    def standing(self, queue: int) -> list[Leg]:
        """Return all who stand in a queue, in no order; also who has left silently."""
        return [leg for lane in self._waiting[queue].values() for *_, leg in lane if leg.lane is lane]

    def standing_alone(self, channel: int) -> list[Leg]:
        """Return the live legs of a channel whose line nobody holds, by contact; also who has left silently."""
        waiting = [
            leg
            for queue, of_channel in zip(self._waiting, self._channel, strict=True)
            if of_channel == channel
            for lane in queue.values()
            for *_, leg in lane
            if leg.lane is lane and not leg.backlog and leg.warm_from is None and not leg.contact.to_dial
        ]
        return sorted(waiting, key=lambda leg: leg.number)


def _first(waiting: Waiting) -> Leg | None:
    """Return who stands first of those who still stand here."""
    while waiting and waiting[0][3].lane is not waiting:
        heappop(waiting)
    return waiting[0][3] if waiting else None
