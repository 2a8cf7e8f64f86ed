"""Figures of a result as lines of a table: which measure, of whom, in which reading."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.report.grid import Line
from sim.report.wording import figure

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.result import Result


@dataclass(frozen=True)
class Reading:
    """An estimate with its interval, in a unit."""

    estimate: float
    low: float
    high: float
    unit: str

    def __str__(self) -> str:
        """Write it with its unit and half-width."""
        return figure(self.estimate, self.low, self.high, self.unit)


def readings_in(table: pd.DataFrame) -> list[Reading]:
    """Give the estimates of a table of estimates, row by row."""
    return [
        Reading(*row) for row in zip(*(table[column] for column in ("estimate", "low", "high", "unit")), strict=True)
    ]


class Lines:
    """Asks a result for figures and writes them as lines of tables.

    Parameters
    ----------
    result
        Of a run.
    dimension
        What the columns of the tables are: `channel`, `tier`, `agent_group`, `contact_type`, …
    items
        The columns.
    """

    def __init__(self, result: Result, dimension: str, items: Sequence[str]) -> None:
        self._result = result
        self._dimension = dimension
        self._items = items

    def of(self, label: str, measure: str, among: Collection[str] | None = None, **ask: Any) -> Line:
        """Give a measure of the items as a line.

        Parameters
        ----------
        among
            Items for which the measure means something, all if None; the others have `–`, like those without a figure.
        """
        found = self._readings(measure, among, **ask)
        return Line(label, tuple(str(found[item]) if item in found else "–" for item in self._items))

    def if_any(self, label: str, measure: str, among: Collection[str] | None = None, **ask: Any) -> list[Line]:
        """Give the line unless it is 0 or unknown for all items: a line of zeros tells nobody anything."""
        some = any(reading.estimate > 0 for reading in self._readings(measure, among, **ask).values())
        return [self.of(label, measure, among, **ask)] if some else []

    def _readings(self, measure: str, among: Collection[str] | None, **ask: Any) -> dict[str, Reading]:
        table = self._result.measure(measure, by=self._dimension, **ask)
        readings = zip(table[self._dimension].astype(str), readings_in(table), strict=True)
        wanted = self._items if among is None else among
        return {item: reading for item, reading in readings if item in wanted}
