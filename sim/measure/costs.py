"""The account of costs, by the clock, in thousandths of the currency unit: whole numbers that add up exactly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.measure.breakdowns import PARTS
from sim.measure.frame import Frame
from sim.measure.ledger import Rows, Wanted
from sim.measure.periods import HOUR_MS

Ints = NDArray[np.int64]

COUNTERS: Final = ("cost", "resolved")


def needed(frame: Frame) -> tuple[Wanted, Wanted]:
    """Give what costs are made of: agents' paid time, shifts and overtime, and visits to stages, by slot."""
    return (
        Wanted("agents", ("paid", "shifts", "overtime"), Rows.each(len(frame.agents)), "slot"),
        Wanted("visits", ("met",), Rows.each(len(frame.visits)), "slot"),
    )


def costs(frame: Frame, agents: Ints, visits: Ints, assists: Ints, resolved: Ints) -> dict[str, Ints]:
    """Add up costs by cell and slot; each is rounded to a thousandth once.

    Counters
    --------
    cost
        Of people (paid hours and shifts), overtime, self-service, assists (by the clock, or by each leg that an agent
        takes and they apply to, in the slot of its queue entry) and lines (by the clock).
    resolved
        Inquiries resolved, when they were: what the cost per inquiry resolved divides by.

    Parameters
    ----------
    agents, visits
        What is `needed`.
    assists
        Shape (slots,): what assists that are paid by contact cost.
    resolved
        Shape (slots,).
    """
    prices, edges = frame.prices, frame.periods.slots
    cost, done = (np.zeros((len(frame.costs), len(edges) - 1), np.int64) for _ in COUNTERS)
    nobody = {dimension: len(names) - 1 for dimension, names in frame.costs.names.items()}

    def add(total: Ints, part: str, place: Mapping[str, Ints], amount: Ints) -> None:
        rows = len(amount)
        codes = {"part": np.full(rows, PARTS.index(part))}
        codes |= {key: place.get(key, np.full(rows, nobody[key])) for key in ("agent_group", "stage")}
        for cell, of_row in zip(frame.costs.number(**codes).tolist(), amount, strict=True):
            total[cell] += of_row

    group, stage = frame.agents.codes["agent_group"], frame.visits.codes["stage"]
    paid, shifts, overtime = agents
    add(cost, "people", {"agent_group": group}, _priced(paid, prices.hour) + shifts * prices.shift[:, None])
    add(cost, "overtime", {"agent_group": group}, _priced(overtime, prices.overtime_hour))
    add(cost, "self_service", {"stage": stage}, visits[0] * prices.visit[stage][:, None])
    add(cost, "assists", {}, assists[None, :] + _by_clock(prices.assists_by_time, edges))
    add(cost, "lines", {}, _by_clock(prices.lines_by_time, edges))
    add(done, "resolved", {}, resolved[None, :])
    return {"cost": cost, "resolved": done}


def _priced(time: Ints, hour: Ints) -> Ints:
    """Give what time (ms, by cell and slot) costs at a price per hour of each cell."""
    return _rounded(time / HOUR_MS * hour[:, None])


def _by_clock(price: float, edges: Ints) -> Ints:
    """Give what a price per ms comes to in each slot, shape (1, slots): whole numbers that add up to that of all."""
    return np.diff(_rounded(price * (edges - edges[0])))[None, :]


def _rounded(amount: NDArray[np.float64]) -> Ints:
    return np.rint(amount).astype(np.int64)
