"""The expected way of a contact through the tiers, if nobody is lost while waiting."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.demand.marks import ContactPlan
    from sim.engine.program import Program

Floats = NDArray[np.float64]

NEGLIGIBLE: Final = 1e-9
"""Share of contacts whose further way is not followed."""


@dataclass(frozen=True)
class ExpectedWay:
    """Where a contact of one type on one channel comes, on average."""

    stays: Floats
    """(tiers,) in the queue of each tier, every message of a case counted."""
    handed_over: Floats
    """(tiers, tiers) from one to the other, escalated or sent back."""
    resolved: float
    """Share that ends resolved."""
    unresolved: Floats
    """(tiers,) share that ends unresolved there."""


def expected_way(program: Program, plan: ContactPlan) -> ExpectedWay:
    """Follow a contact from tier to tier: escalated, sent back as often as each tier may, until it ends.

    At each the customer may write again, as often as the limit lets a case in all: it is taken to hold by tier, which
    counts too much by no more than the share that reaches it.

    What a tier resolves is the mean of what the groups that serve it reach with their pace and assists, each
    number of slots taken as often as the others; of the rest the stated proportion is escalated.
    """
    tiers, kind, channel = program.tiers, plan.contact_type, plan.channel
    sent_back = {tier.tier: tier.sent_back for tier in plan.tiers}
    numbers = len(tiers.handover)
    stays, handed_over, resolved = np.zeros(numbers), np.zeros((numbers, numbers)), 0.0
    unresolved = np.zeros(numbers)
    messages = 1.0 if plan.exchanges is None else plan.exchanges.messages
    # (share of contacts, tiers from the first to the present one, returns by tier so far)
    to_go: list[tuple[float, tuple[int, ...], tuple[int, ...]]] = [(1.0, (int(tiers.first[kind]),), (0,) * numbers)]
    while to_go:
        share, way, returns = to_go.pop()
        here = way[-1]
        stays[here] += share * messages
        returned = 0.0
        if len(way) > 1 and returns[here] < tiers.returns[kind, here]:
            returned = share * sent_back[here]
            handed_over[here, way[-2]] += returned
            once_more = (*returns[:here], returns[here] + 1, *returns[here + 1 :])
            if returned > NEGLIGIBLE:
                to_go.append((returned, way[:-1], once_more))
        kept = share - returned
        below = min(float(tiers.resolved[kind, here, channel]), 1.0)
        reached = _resolved(program, kind, here, channel)
        resolved += kept * reached
        unresolved[here] += kept * (1.0 - reached)
        rest = kept * (1.0 - reached) / (1.0 - below) if below < 1.0 else 0.0
        for to, bound in enumerate(tiers.escalated[kind, here, channel].tolist()):
            moved, below = rest * max(bound - below, 0.0), max(bound, below)
            handed_over[here, to] += moved
            unresolved[here] -= moved
            if moved > NEGLIGIBLE:
                to_go.append((moved, (*way, to), returns))
    return ExpectedWay(stays, handed_over, resolved, np.maximum(unresolved, 0.0))


def _resolved(program: Program, kind: int, tier: int, channel: int) -> float:
    """Give the mean share resolved by the groups that serve a type at a tier on a channel, in any language."""
    queues, limits = program.queues, program.groups.slot_limit
    here = (queues.contact_type == kind) & (queues.tier == tier) & (queues.channel == channel)
    groups = {int(program.rows.group[row]) for queue in np.flatnonzero(here) for row in queues.rows[queue]}
    shares = [
        float(program.effects.resolved[group, kind, tier, channel, 1 : max(1, limits[group, channel]) + 1].mean())
        for group in sorted(groups)
    ]
    stated = float(program.tiers.resolved[kind, tier, channel])
    return min(fsum(shares) / len(shares) if shares else stated, 1.0)
