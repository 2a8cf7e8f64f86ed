"""What satisfaction is made of: the weights of a scenario, by channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario.model.quality import Quality

Floats = NDArray[np.float64]

MILLIONTHS: Final = 1_000_000
"""Scores, and customers who are expected to leave, are counted in whole millionths."""


@dataclass(frozen=True)
class Scoring:
    """What scores are made of. Shape of each array: (channels,)."""

    best: Floats
    per_minute_waiting: Floats
    per_hour_in_backlog: Floats
    per_transfer: Floats
    unresolved: Floats
    abandoned: Floats
    promoters_from: float
    detractors_below: float
    dissatisfied_below: float
    """Scores below it are dissatisfied: 0 where churn is not counted."""
    leaves: float
    """Share of the dissatisfied who leave."""

    @classmethod
    def of(cls, quality: Quality, channels: Sequence[str]) -> Scoring | None:
        """Give the scoring of a scenario; None where contacts are not scored."""
        if quality.satisfaction is None:
            return None
        own = [quality.satisfaction.on_channel(channel) for channel in channels]
        churn = quality.churn
        return cls(
            np.array([weights.best for weights in own]),
            np.array([weights.per_minute_waiting for weights in own]),
            np.array([weights.per_hour_in_backlog for weights in own]),
            np.array([weights.per_transfer for weights in own]),
            np.array([weights.unresolved for weights in own]),
            np.array([weights.abandoned for weights in own]),
            quality.nps.promoters_from,
            quality.nps.detractors_below,
            churn.dissatisfied_below if churn else 0.0,
            churn.leaves if churn else 0.0,
        )

    @property
    def weights(self) -> Floats:
        """The weights, shape (6, channels): best, minute waiting, hour in backlog, transfer, unresolved, abandoned."""
        return np.stack(
            [
                self.best,
                self.per_minute_waiting,
                self.per_hour_in_backlog,
                self.per_transfer,
                self.unresolved,
                self.abandoned,
            ]
        )

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """The bounds of promoters, detractors and dissatisfied, and who leaves of these, in millionths."""
        bounds = (self.promoters_from, self.detractors_below, self.dissatisfied_below, self.leaves)
        promoter, detractor, dissatisfied, leaves = (round(bound * MILLIONTHS) for bound in bounds)
        return promoter, detractor, dissatisfied, leaves
