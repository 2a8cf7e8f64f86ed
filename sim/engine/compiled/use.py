"""What of the rules a scenario makes use of, and so how much is remembered of each contact in progress."""

from __future__ import annotations

from sim.demand.hand import AttemptKind, Hand, sole
from sim.engine.compiled.state import FULL_SIZE, LEAST_SIZE, LINE, SO_FAR
from sim.engine.program import Program
from sim.engine.rules import NO_LIMIT, Handover


def leaves_aside(program: Program, hand: Hand) -> bool:
    """Return whether talks may be interrupted, lines be held for a handover, or places be left behind."""
    warm = program.tiers.handover == Handover.WARM
    return bool(program.rows.interruptible.any() or warm.any() or hand.contacts.silent.any())


def has_both_backlog_and_live(program: Program) -> bool:
    """Return whether one queue may hold live work and backlog: tickets of live contacts."""
    return bool(program.channels.live.any() and (program.tiers.handover == Handover.TICKET).any())


def size_in_progress(program: Program, hand: Hand) -> int:
    """Return how long a stretch is that holds a contact in progress, or a leg, with the columns in use."""
    channels, dialling, tiers = program.channels, program.dialling, len(program.tiers.handover)
    told = sole(hand.tier_marks.sent_back)  # the same to all, or to each its own, be it that nobody is sent back
    if told is None or told:
        return -(-(SO_FAR + 2 * tiers) // LINE) * LINE
    makes_use = (
        leaves_aside(program, hand)
        or (program.groups.slot_limit > 0).any()
        or dialling.outbound.any()
        or (dialling.offer_wait != NO_LIMIT).any()
        or (dialling.offer_waiting != NO_LIMIT).any()
        or (channels.queue_limit != NO_LIMIT).any()
        or program.rows.due_first.any()
        or (hand.contacts.kind == AttemptKind.CHASER).any()
    )
    return FULL_SIZE if makes_use else LEAST_SIZE
