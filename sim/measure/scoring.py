"""What satisfaction is made of: the weights of a scenario, by channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario.model.quality import Quality

Floats = NDArray[np.float64]


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
