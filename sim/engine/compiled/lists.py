"""The lists that objects of the compiled engine point into, one after the other in one array."""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.compiled.state import Ints
from sim.engine.program import Spans


class Lists:
    """Keeps lists of references and numbers, and says where each of them stands.

    Parameters
    ----------
    first
        What is there already, without what is kept here.
    """

    def __init__(self, first: Lists | None = None) -> None:
        self._numbers: array[int] = array("q") if first is None else first._numbers[:]

        self._once: dict[tuple[int, ...], int] = {}

    @property
    def all(self) -> Ints:
        """All lists in one."""
        return np.append(np.frombuffer(self._numbers, np.int64), 0)

    def keep(self, values: list[int] | NDArray[np.integer[Any]]) -> tuple[int, int]:
        """Keep a list and return where it starts and where it ends."""
        first = len(self._numbers)
        if isinstance(values, list):
            self._numbers.extend(values)
        else:
            self._numbers.frombytes(values.astype(np.int64).tobytes())
        return first, len(self._numbers)

    def keep_once(self, values: tuple[int, ...]) -> int:
        """Keep a short list that may be there already, and return where it starts."""
        if values not in self._once:
            self._once[values], _ = self.keep(list(values))
        return self._once[values]

    def put(self, place: int, value: int) -> None:
        """Write something that became known only after its list was kept."""
        self._numbers[place] = value

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
