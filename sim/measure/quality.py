"""Satisfaction of a replication's contacts, one by one; the rules are in `sim.measure.counting.contacts`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.demand.hand import Hand
from sim.engine.outcome import Outcome
from sim.measure.accounts import Account
from sim.measure.frame import Frame

Ints = NDArray[np.int64]


def scores(frame: Frame, hand: Hand, outcome: Outcome) -> Ints:
    """Give the score of each contact in millionths; MISSING for those still open, and for chasers."""
    return Account(frame, []).scores(hand, outcome)
