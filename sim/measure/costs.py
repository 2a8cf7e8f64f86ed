"""The account of costs, by the clock, in thousandths of the currency unit: whole numbers that add up exactly."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.measure.breakdowns import PARTS
from sim.measure.joined import Joined
from sim.measure.periods import HOUR_MS
from sim.measure.tally import Rows, Sums, Tally

Ints = NDArray[np.int64]


def cost_sums(joined: Joined, agents: Sums, visits: Sums) -> Sums:
    """Add up costs from the accounts of agents and visits; each (cell, slot) is rounded to a thousandth once.

    Counters
    --------
    cost
        Of people (paid hours and shifts), overtime, self-service, assists (by the clock, or by each leg that an agent
        takes and they apply to, in the slot of its queue entry) and lines (by the clock).
    resolved
        Inquiries resolved, when they were: what the cost per inquiry resolved divides by.
    """
    frame = joined.frame
    tally = Tally(frame.costs, frame.periods)
    slots = len(frame.periods.slots) - 1
    cost = np.zeros((len(frame.costs), slots), np.int64)
    nobody = {dimension: len(names) - 1 for dimension, names in frame.costs.names.items()}

    def add(part: str, place: Mapping[str, Ints], amount: Ints) -> None:
        rows = len(amount)
        codes = {"part": np.full(rows, PARTS.index(part))}
        codes |= {key: place.get(key, np.full(rows, nobody[key])) for key in ("agent_group", "stage")}
        np.add.at(cost, frame.costs.number(**codes), amount)

    group = {"agent_group": frame.agents.codes["agent_group"]}
    paid, shifts, overtime = agents.by(("paid", "shifts", "overtime"), Rows.each(len(agents.cells)), "slot")
    hours = _rounded(paid / HOUR_MS * frame.prices.hour[:, None])
    add("people", group, hours + shifts * frame.prices.shift[:, None])
    add("overtime", group, _rounded(overtime / HOUR_MS * frame.prices.overtime_hour[:, None]))
    stage = frame.visits.codes["stage"]
    (met,) = visits.by(("met",), Rows.each(len(visits.cells)), "slot")
    add("self_service", {"stage": stage}, met * frame.prices.visit[stage][:, None])
    add("assists", {}, _assists_by_leg(joined) + _by_clock(frame.prices.assists_by_time, frame.periods.slots))
    add("lines", {}, _by_clock(frame.prices.lines_by_time, frame.periods.slots))
    tally.fixed("cost", cost)

    ended = joined.outcome.contacts.end
    resolved = np.flatnonzero(joined.resolved & (ended >= frame.periods.begin))
    codes = {key: np.full(len(resolved), nobody[key]) for key in ("agent_group", "stage")}
    cell = frame.costs.number(part=np.full(len(resolved), PARTS.index("resolved")), **codes)
    tally.count("resolved", cell, frame.periods.slot_of(ended[resolved]))
    return tally.sums()


def _assists_by_leg(joined: Joined) -> Ints:
    """Give the cost of assists that are paid by contact, shape (1, slots)."""
    frame, legs, queues = joined.frame, joined.outcome.legs, joined.frame.program.queues
    taken = np.flatnonzero(joined.taken & ~joined.continues & (legs.enter >= frame.periods.begin))
    queue = legs.queue[taken]
    at = joined.leg_group[taken], queues.contact_type[queue], queues.tier[queue], queues.channel[queue]
    cost = np.zeros((1, len(frame.periods.slots) - 1), np.int64)
    np.add.at(cost[0], frame.periods.slot_of(legs.enter[taken]), frame.prices.assist[at])
    return cost


def _by_clock(price: float, edges: Ints) -> Ints:
    """Give what a price per ms comes to in each slot, shape (1, slots): whole numbers that add up to that of all."""
    return np.diff(_rounded(price * (edges - edges[0])))[None, :]


def _rounded(amount: NDArray[np.float64]) -> Ints:
    return np.rint(amount).astype(np.int64)
