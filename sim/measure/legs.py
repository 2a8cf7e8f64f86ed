"""The account of legs: stays in the queues of a tier, their handling, and what stands in the queues by the clock."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.rules import MISSING, Handled, Left
from sim.measure.joined import Joined
from sim.measure.service import Stays, count_service
from sim.measure.steps import standing
from sim.measure.tally import Sums, Tally

Ints = NDArray[np.int64]


def leg_sums(joined: Joined) -> Sums:
    """Add up the legs that entered their queue in measured time, and queue lengths by the clock."""
    tally = Tally(joined.frame.legs, joined.frame.periods)
    legs = joined.outcome.legs
    counted = legs.enter >= tally.periods.begin

    stays = np.flatnonzero(counted & ~joined.continues)
    channel = joined.channel[joined.leg_contact[stays]]
    count_service(
        tally,
        Stays(
            joined.leg_cell[stays],
            legs.enter[stays],
            legs.leave[stays],
            legs.left[stays],
            joined.frame.short_abandon[channel],
        ),
        joined.frame.thresholds.service,
    )
    _count_handling(tally, joined, counted)

    waiting = np.isin(legs.left, (Left.TAKEN, Left.ABANDONED, Left.DISCONNECTED, Left.WAITING))
    until = queue_end(joined)
    tally.spread("waiting", joined.leg_cell[waiting], legs.enter[waiting], until[waiting])
    begin, end, backlog = backlog_spans(joined)
    tally.spread("backlog", joined.leg_cell[backlog], begin[backlog], end[backlog])
    return tally.sums()


def _count_handling(tally: Tally, joined: Joined, counted: NDArray[np.bool_]) -> None:
    """Count handling in the slot of queue entry: legs handled to the end of wrap-up, and their times in ms.

    The talk of a part that was returned to the queue counts with the leg that took it up again.
    """
    legs = joined.outcome.legs
    slot = tally.periods.slot_of(legs.enter)
    done = counted & joined.concluded & (legs.wrap_up_end != MISSING)
    part = counted & (legs.handled == Handled.RETURNED)
    held = legs.hold_end != MISSING
    holding = np.where(held, legs.hold_end - legs.talk_end, 0)
    wrap_up = legs.wrap_up_end - np.where(held, legs.hold_end, legs.talk_end)
    for counter, which, weight in (
        ("handled", done, None),
        ("talk", done | part, legs.talk + legs.briefing),
        ("wrap_up", done, wrap_up),
        ("holding", done, holding),
        ("escalations", counted & (legs.handled == Handled.ESCALATED), None),
    ):
        tally.count(counter, joined.leg_cell, slot, which, weight)
    moved = np.append(False, joined.leg_contact[1:] == joined.leg_contact[:-1]) & ~joined.continues
    tally.count("transfers", joined.leg_cell, slot, counted & moved)


def queue_end(joined: Joined) -> Ints:
    """Give until when each leg stood in its queue, ms; past the end of the scenario for those who still wait."""
    legs = joined.outcome.legs
    return np.where(legs.left == Left.WAITING, joined.frame.periods.end + 1, legs.leave)


def backlog_spans(joined: Joined) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Give (begin, end, which): from when to when each leg of a backlog was open, waiting or in hand."""
    legs = joined.outcome.legs
    end = np.where(legs.talk_end == MISSING, joined.frame.periods.end + 1, legs.talk_end)
    return legs.enter, np.where(legs.left == Left.TAKEN, end, queue_end(joined)), legs.backlog == 1


def standing_sums(joined: Joined) -> Sums:
    """Count what stands open at the end of each slot, by leg cell: waiting contacts and backlog."""
    tally = Tally(joined.frame.legs, joined.frame.periods)
    at, cells = tally.periods.slots[1:], len(joined.frame.legs)
    begin, end, backlog = backlog_spans(joined)
    tally.values["backlog"] = standing(joined.leg_cell[backlog], begin[backlog], end[backlog], cells, at)
    return tally.sums()
