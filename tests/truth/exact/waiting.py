"""The wait of a tagged contact behind others, first come first served."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special


@dataclass(frozen=True)
class Behind:
    """A contact that found every agent busy and some contacts ahead of it, all as impatient as itself.

    The agents together finish at rate `capacity`, each contact leaves at rate `leaving`: the wait of the tagged one, if
    it were endlessly patient, is a sum of exponentials of rates capacity + i × leaving, i = 0..ahead.
    """

    ahead: int
    capacity: float
    leaving: float

    @property
    def answered(self) -> float:
        """Probability of an answer: the patience outlasts each of those exponentials in turn."""
        return self.capacity / (self.capacity + (self.ahead + 1) * self.leaving)

    def virtually_within(self, limit: float) -> float:
        """Probability that an endlessly patient contact is answered within `limit`."""
        if self.leaving == 0.0:
            return float(special.gammainc(self.ahead + 1, self.capacity * limit))
        gone = -math.expm1(-self.leaving * limit)
        return float(special.betainc(self.ahead + 1, self.capacity / self.leaving, gone))

    def answered_within(self, limit: float) -> float:
        """Probability of an answer within `limit`."""
        if self.leaving == 0.0:
            return self.virtually_within(limit)
        gone = -math.expm1(-self.leaving * limit)
        return self.answered * float(special.betainc(self.ahead + 1, self.capacity / self.leaving + 1.0, gone))

    def abandoned_within(self, limit: float) -> float:
        """Probability that patience ends within `limit` and before the answer."""
        answer_soon = self.virtually_within(limit)
        patience_over = -math.expm1(-self.leaving * limit)
        return answer_soon - self.answered_within(limit) + (1.0 - answer_soon) * patience_over
