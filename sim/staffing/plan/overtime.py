"""Overtime of schedules: a plan's cost and paid hours leave it out, and who reads them is told it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.measure.accounts import Account
from sim.measure.ledger import Rows, Wanted

if TYPE_CHECKING:
    from sim.demand.hand import Hand
    from sim.engine.outcome import Outcome
    from sim.measure.frame import Frame

Ints = NDArray[np.int64]

ONCE: Final = np.ones(1, np.int64)
"""Each replication counts once."""


class Overtime:
    """Counts the time that people have work in hand after their shifts."""

    def __init__(self, frame: Frame) -> None:
        cells = len(frame.agents)
        self._account = Account(frame, [Wanted("agents", ("overtime",), Rows.one(cells, np.arange(cells)), "run")])

    def totals(self, hand: Hand, outcome: Outcome) -> tuple[Ints, Ints]:
        """Give (tops, bottoms) of one replication, each of one row: ms, and once."""
        (sums,) = self._account.of(hand, outcome).sums
        return sums.reshape(1), ONCE
