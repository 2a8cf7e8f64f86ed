"""What moves the figures most, for a terminal: a table a figure, the factor with the greatest swing first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from sim.report.comparison import MARK, change, head, label, own, together
from sim.report.grid import Grid, Line, indented
from sim.scenario.errors import listed
from sim.scenario.units import write_share

if TYPE_CHECKING:
    from sim.staffing.sensitivity import Bar, Sensitivity


class SensitivityReport:
    """What a planner reads of a sensitivity, for printing with Rich.

    Parameters
    ----------
    found
        The sensitivity.
    """

    def __init__(self, found: Sensitivity) -> None:
        self._found = found

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Give the head, a table a figure, and the notes."""
        factors = [factor.replace("_", " ") for factor in self._found.ranges]
        yield from head(self._found.comparison, f"{listed(factors)}, one at a time, beside the scenario as it stands")
        for bars in self._found.bars:
            yield Text()
            yield self._table(bars)
        yield Text()
        for note in self._notes():
            yield from indented(Text(note, style="dim"), console, options)

    def _table(self, bars: list[Bar]) -> Grid | Text:
        found, base = self._found.comparison, bars[0].low
        name = label(found, base)
        title = f"{name[:1].upper()}{name[1:]}: {own(found, base, base.base)} as it stands"
        if all(line.difference.same for bar in bars for line in (bar.low, bar.high)):
            return Text(f"{title}; no factor changes it", style="bold")
        return Grid(title, self._heads(), tuple(self._line(bar) for bar in bars))

    def _heads(self) -> tuple[str, ...]:
        low, high = ("at " + write_share(value) for value in next(iter(self._found.ranges.values())))
        if not self._alike:
            low, high = "low", "high"
        return low, "difference", high, "difference"

    @property
    def _alike(self) -> bool:
        """Whether all factors are varied between the same values."""
        return len(set(self._found.ranges.values())) == 1

    def _line(self, bar: Bar) -> Line:
        low, high = (write_share(value) for value in self._found.ranges[bar.factor])
        found, name = self._found.comparison, bar.factor.replace("_", " ")
        cells = [text for one in (bar.low, bar.high) for text in (own(found, one, one.other), change(found, one))]
        return Line(name if self._alike else f"{name}, {low} to {high}", tuple(cells))

    def _notes(self) -> Iterator[str]:
        if self._found.idle:
            names = listed([factor.replace("_", " ") for factor in self._found.idle])
            yield f"Not varied: {names}; the scenario has nothing that would be scaled."
        if self._found.comparison.replications > 1:
            yield "The factor with the greatest swing from low to high stands first."
            yield f"{together(self._found.comparison)} {MARK}: leaves 0 out. same: no replication differs."
