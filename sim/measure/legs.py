"""The account of legs: stays in the queues of a tier, their handling, and what stands in the queues by the clock."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.rules import MISSING, NOBODY, Handled, Left
from sim.measure.joined import Joined
from sim.measure.service import Stays, count_service
from sim.measure.spans import Spans
from sim.measure.steps import standing
from sim.measure.tally import Sums, Tally

Ints = NDArray[np.int64]


def leg_sums(joined: Joined) -> Sums:
    """Add up the legs that entered their queue in measured time, and queue lengths by the clock."""
    tally = Tally(joined.frame.legs, joined.frame.periods)
    legs = joined.outcome.legs
    counted = legs.enter >= tally.periods.begin

    stays = np.flatnonzero(counted & ~joined.continues)
    count_service(tally, _stays(joined, stays), joined.frame.thresholds.service)
    _count_handling(tally, joined, counted)

    for counter, (spans, _) in (("waiting", waiting_spans(joined)), ("backlog", backlog_spans(joined))):
        tally.spread(counter, spans)
    return tally.sums()


def _stays(joined: Joined, legs: Ints) -> Stays:
    """Give the stays of legs in their queues. A ticket's wait counts on its tier's clock."""
    frame, records = joined.frame, joined.outcome.legs
    enter, leave, end = records.enter[legs], records.leave[legs], frame.periods.end
    left, contact = records.left[legs].astype(np.int64), joined.leg_contact[legs]
    tier = frame.program.queues.tier[records.queue[legs]].astype(np.int64)
    kind = frame.program.queues.contact_type[records.queue[legs]]
    # Who is handed over without holding the line is a ticket; the first tier's clock is the channel's.
    clock = np.where((records.backlog[legs] == 1) & (tier != frame.program.tiers.first[kind]), tier, NOBODY)
    return Stays(
        joined.leg_cell[legs],
        enter,
        wait=frame.tier_clocks.elapsed(clock, enter, np.where(left == Left.WAITING, end, leave)),
        rest=frame.tier_clocks.left(clock, enter),
        left=left,
        called_back=joined.called_back[contact] & (joined.first_leg[contact] == legs),
        short_abandon=frame.short_abandon[joined.channel[contact]],
    )


def _count_handling(tally: Tally, joined: Joined, counted: NDArray[np.bool_]) -> None:
    """Count handling in the slot of queue entry: legs handled to the end of wrap-up or triage, and their times in ms.

    The talk of a part that was returned to the queue counts with the leg that took it up again, and dials in vain count
    with those that reached somebody: what is handled, times the mean, is the agents' time. What they need to find out
    that customers have left silently is counted apart.
    """
    legs = joined.outcome.legs
    slot = tally.periods.slot_of(legs.enter)
    done = counted & (joined.concluded | (legs.handled == Handled.TRANSFERRED)) & (legs.wrap_up_end != MISSING)
    part = counted & np.isin(legs.handled, (Handled.RETURNED, Handled.NOT_REACHED))
    held = legs.hold_end != MISSING
    holding = np.where(held, legs.hold_end - legs.talk_end, 0)
    wrap_up = legs.wrap_up_end - np.where(held, legs.hold_end, legs.talk_end)
    for counter, which, weight in (
        ("handled", done, None),
        ("talk", done | part, legs.talk + legs.briefing),
        ("wrap_up", done, wrap_up),
        ("holding", done, holding),
        ("detection", counted & (legs.handled == Handled.NOBODY_THERE), legs.wrap_up_end - legs.found),
        ("escalated", counted & (legs.handled == Handled.ESCALATED), None),
        ("sent_back", counted & (legs.handled == Handled.SENT_BACK), None),
    ):
        tally.count(counter, joined.leg_cell, slot, which, weight)


def waiting_spans(joined: Joined) -> tuple[Spans, Ints]:
    """Give (spans by leg cell, leg): when legs stood in their queue; those who still wait reach past the end."""
    legs = joined.outcome.legs
    stood = (Left.TAKEN, Left.ABANDONED, Left.SILENT, Left.DISCONNECTED, Left.WAITING)
    leg = np.flatnonzero(np.isin(legs.left, stood))
    return Spans(joined.leg_cell[leg], legs.enter[leg], _queue_end(joined)[leg]), leg


def backlog_spans(joined: Joined) -> tuple[Spans, Ints]:
    """Give (spans by leg cell, leg): when legs of a backlog were open, waiting or in hand."""
    legs = joined.outcome.legs
    leg = np.flatnonzero(legs.backlog == 1)
    handled = np.where(legs.talk_end == MISSING, joined.frame.periods.end + 1, legs.talk_end)
    end = np.where(legs.left == Left.TAKEN, handled, _queue_end(joined))
    return Spans(joined.leg_cell[leg], legs.enter[leg], end[leg]), leg


def standing_sums(joined: Joined) -> Sums:
    """Count the backlog just before the end of each period, by leg cell."""
    tally = Tally(joined.frame.legs, joined.frame.periods)
    spans, _ = backlog_spans(joined)
    tally.levels("backlog", lambda edges: standing(spans, len(tally.cells), edges[1:] - 1))
    return tally.sums()


def _queue_end(joined: Joined) -> Ints:
    legs = joined.outcome.legs
    return np.where(legs.left == Left.WAITING, joined.frame.periods.end + 1, legs.leave)
