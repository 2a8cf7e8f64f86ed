"""Figures of a result as lines of a table: which measure, of whom, in which reading."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.report.grid import Line
from sim.report.wording import figure

if TYPE_CHECKING:
    from sim.experiment.result import Found, Result


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

    @classmethod
    def of(cls, found: Found) -> Reading:
        """Give what is read of a figure."""
        estimate = found.estimate
        return cls(estimate.estimate, estimate.low, estimate.high, found.unit)


def readings_in(found: Iterable[Found]) -> list[Reading]:
    """Give what is read of figures, one by one."""
    return [Reading.of(one) for one in found]


def readings_by(found: Iterable[Found]) -> dict[str, Reading]:
    """Give what is read of figures by the label of the one dimension that they are broken down by."""
    return {one.labels[0]: Reading.of(one) for one in found}


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
        readings = readings_by(self._result.figures(measure, by=self._dimension, **ask))
        wanted = self._items if among is None else among
        return {item: reading for item, reading in readings.items() if item in wanted}
