"""How long stays in queues took and how they ended: the counters that service figures of contacts and of legs share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.rules import Left
from sim.measure.tally import Tally

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Stays:
    """Stays in a queue that are judged. Shape of each column: (stays,)."""

    cell: Ints
    enter: Ints
    wait: Ints
    """ms from entering to leaving the queue; meaningless for those who still wait."""
    rest: Ints
    """ms from entering to the end of the scenario."""
    left: Ints
    """A Left."""
    called_back: Bools
    """Who accepted a call-back: not answered from the queue, and their waits are no waits on the line."""
    short_abandon: Ints
    """Who abandons sooner than this (ms) is left out of service level and abandonment; 0 leaves nobody out."""


def count_service(tally: Tally, stays: Stays, thresholds: Iterable[int]) -> None:
    """Add the service counters of stays to a tally, each in the slot of its queue entry.

    Counters
    --------
    offered
        All stays, those blocked by `queue_limit`, balked and disconnected included.
    judged
        Offered, without those who abandoned sooner than `short_abandon`.
    answered, answered_at_once
        Taken by an agent; taken in the instant of entering.
    abandoned
        Of the judged, left because patience ran out or balked.
    silent
        Of the abandoned, without a sign.
    wait_answered, wait_abandoned, wait_all
        Waits in ms of the answered (`waits_answered` counts them); of the abandoned, balkers apart (`gave_up_waiting`
        counts them); of all whose wait ended, the blocked apart who never waited (`wait_ended` counts them). Accepted
        call-backs are left out.
    due@T, answered_due@T, answered_within@T, abandoned_within@T
        Of the judged, accepted call-backs left out, whose deadline (entry + T) lies before the end of the scenario:
        all; the answered; those answered, and those abandoned, within T (inclusive).

    Histograms
    ----------
    answered, abandoned, all
        Waits, ms, by cell.
    left_judged, left_answered, left_abandoned
        Time from entry to the end of the scenario, ms: whoever has T or less of it is not due. With them, counts of any
        T follow: an answered stay that is not due waited less than T, so answered within T and due = (waited up to T)
        − (has up to T left).
    """
    slot = tally.periods.slot_of(stays.enter)
    taken = stays.left == Left.TAKEN
    balked = stays.left == Left.BALKED
    silent = stays.left == Left.SILENT
    ran_out = (stays.left == Left.ABANDONED) | silent
    gone = ran_out | balked
    on_line = ~stays.called_back
    ended = (taken | gone | (stays.left == Left.DISCONNECTED)) & on_line
    wait = np.where(ended, stays.wait, 0)
    spoken = taken & on_line
    judged = ~(gone & (wait < stays.short_abandon))
    lost = gone & judged
    gave_up = ran_out & judged

    for counter, which in {
        "offered": None,
        "judged": judged,
        "answered": taken,
        "answered_at_once": taken & (wait == 0),
        "abandoned": lost,
        "silent": lost & silent,
        "waits_answered": spoken,
        "gave_up_waiting": gave_up,
        "wait_ended": ended,
    }.items():
        tally.count(counter, stays.cell, slot, which)
    for counter, which in {"wait_answered": spoken, "wait_abandoned": gave_up, "wait_all": ended}.items():
        tally.count(counter, stays.cell, slot, which, wait)
    for limit in thresholds:
        due = judged & on_line & (stays.rest > limit)
        tally.count(f"due@{limit}", stays.cell, slot, due)
        tally.count(f"answered_due@{limit}", stays.cell, slot, due & taken)
        tally.count(f"answered_within@{limit}", stays.cell, slot, due & taken & (wait <= limit))
        tally.count(f"abandoned_within@{limit}", stays.cell, slot, due & lost & (wait <= limit))
    for kind, value, which in (
        ("answered", wait, spoken),
        ("abandoned", wait, lost),
        ("all", wait, ended),
        ("left_judged", stays.rest, judged & on_line),
        ("left_answered", stays.rest, spoken),
        ("left_abandoned", stays.rest, lost),
    ):
        tally.histogram(kind, stays.cell, slot, value, which)
