"""How long a stay in a queue took and how it ended: the counters that service figures of contacts and legs share."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.rules import Left
from sim.measure.counters import OF_DEADLINE, Service, Wait
from sim.measure.counting.values import REST, WAIT, Noted, set_value
from sim.measure.machine_code import rule

Ints = NDArray[np.int64]

_ANSWERED, _ABANDONED, _ALL, _LEFT_JUDGED, _LEFT_ANSWERED, _LEFT_ABANDONED = (1 << kind for kind in Wait)


class Stay(NamedTuple):
    """A stay in a queue that is judged."""

    wait: int
    """ms from entering to leaving the queue; meaningless for those who still wait."""
    rest: int
    """ms from entering to the end of the scenario."""
    left: int
    """A Left."""
    called_back: bool
    """Who accepted a call-back: not answered from the queue, and their waits are no waits on the line."""
    short_abandon: int
    """Who abandons sooner than this (ms) is left out of service level and abandonment; 0 leaves nobody out."""


@rule
def count_service(amounts: Ints, first: int, values: Noted, stay: Stay, limits: Ints) -> None:
    """Add to the service counters of a stay, from column `first` on, and set the values of its times.

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
    taken, silent = stay.left == Left.TAKEN, stay.left == Left.SILENT
    ran_out = stay.left == Left.ABANDONED or silent
    gone = ran_out or stay.left == Left.BALKED
    on_line = not stay.called_back
    ended = (taken or gone or stay.left == Left.DISCONNECTED) and on_line
    wait = stay.wait if ended else 0
    spoken = taken and on_line
    judged = not (gone and wait < stay.short_abandon)
    lost, may_be_due = gone and judged, judged and on_line

    amounts[first + Service.OFFERED] += 1
    amounts[first + Service.JUDGED] += judged
    amounts[first + Service.WAIT_ENDED] += ended
    amounts[first + Service.WAIT_ALL] += wait
    if taken:
        amounts[first + Service.ANSWERED] += 1
        amounts[first + Service.ANSWERED_AT_ONCE] += wait == 0
        amounts[first + Service.WAITS_ANSWERED] += spoken
        amounts[first + Service.WAIT_ANSWERED] += wait
    elif lost:
        amounts[first + Service.ABANDONED] += 1
        amounts[first + Service.SILENT] += silent
        amounts[first + Service.GAVE_UP_WAITING] += ran_out
        amounts[first + Service.WAIT_ABANDONED] += wait if ran_out else 0
    for number in range(len(limits) if may_be_due else 0):
        limit, column = limits[number], first + Service.DEADLINES + OF_DEADLINE * number
        due = stay.rest > limit
        amounts[column] += due
        if taken:
            amounts[column + 1] += due
            amounts[column + 2] += due and wait <= limit
        elif gone:
            amounts[column + 3] += due and wait <= limit

    waits = (_ANSWERED if spoken else 0) + (_ABANDONED if lost else 0) + (_ALL if ended else 0)
    set_value(values, WAIT, wait, waits)
    rests = (_LEFT_JUDGED if may_be_due else 0) + (_LEFT_ANSWERED if spoken else 0)
    set_value(values, REST, stay.rest, rests + (_LEFT_ABANDONED if lost else 0))
