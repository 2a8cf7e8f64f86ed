"""The lists that objects of the compiled engine point into, one after the other in one array."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sim.engine.compiled.state import Ints
from sim.engine.program import Spans


class Lists:
    """Keeps lists of references and numbers, and says where each of them stands."""

    def __init__(self) -> None:
        self._kept: list[Ints] = []
        self._length = 0

    @property
    def all(self) -> Ints:
        """All lists in one."""
        return np.concatenate([*self._kept, np.zeros(1, np.int64)])

    def keep(self, values: Iterable[int] | Ints) -> tuple[int, int]:
        """Keep a list and return where it starts and where it ends."""
        kept = np.asarray(values if isinstance(values, np.ndarray) else list(values), dtype=np.int64).ravel()
        first = self._length
        self._kept.append(kept)
        self._length += len(kept)
        return first, self._length

    def keep_spans(self, spans: Spans) -> tuple[int, int]:
        """Keep all starts, then all ends, and return where they start and how many spans there are."""
        first, _ = self.keep(spans.T)
        return first, len(spans)

    def keep_clock(self, spans: Spans, end: int) -> tuple[int, int]:
        """Keep the starts of a clock's spans and the end of the scenario, then what it reads at each.

        Return where they start and how many starts there are.
        """
        starts = np.append(spans[:, 0], end)
        readings = np.cumsum(np.append(0, spans[:, 1] - spans[:, 0]))
        first, _ = self.keep(np.concatenate([starts, readings]))
        return first, len(starts)
