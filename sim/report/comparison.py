"""Scenarios beside a base, for a terminal: figures, differences, and what unpaired runs would have taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from sim.experiment.compare import short_keys
from sim.report.grid import Grid, Line, indented
from sim.report.wording import day_and_time, day_of_year, difference, figure
from sim.scenario.calendar import Calendar
from sim.scenario.errors import listed
from sim.scenario.units import write_counted

if TYPE_CHECKING:
    from sim.experiment.comparison import Compared, Comparison

MARK: Final = "*"
UNPAIRED: Final = "unpaired"


class ComparisonReport:
    """What a planner reads of a comparison, for printing with Rich.

    Parameters
    ----------
    found
        The comparison; of a sweep every measure has a table of all points, else every scenario one of all measures.
    """

    def __init__(self, found: Comparison) -> None:
        self._found = found

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Give the head, a table a scenario (or measure), and the notes."""
        yield from self._head()
        tables = self._by_measure() if self._found.settings else self._by_scenario()
        for table in tables:
            yield Text()
            yield table
        yield Text()
        for note in self._notes():
            yield from indented(Text(note, style="dim"), console, options)

    def _head(self) -> Iterator[Text]:
        found = self._found
        base = found.scenarios[found.base]
        others = [name for name in found.scenarios if name != found.base]
        calendar = Calendar.of(base)
        during = "" if found.during is None else f", in the hours of {found.during}"
        yield Text(base.name, style="bold")
        if found.settings:
            yield Text(f"{write_counted(len(others), 'point')} beside {found.base}{during}")
            for key, short in short_keys(list(next(iter(found.settings.values())))).items():
                if key != short:
                    yield Text(f"{short}: {key}")
        else:
            yield Text(f"{listed(others)} beside {found.base}{during}")
        yield Text(
            f"{day_and_time(calendar.wall(base.time.warm_up))} to {day_and_time(calendar.wall(calendar.length))} "
            f"{calendar.zone}"
        )
        yield Text(f"Seed {found.seed}; {found.ended}; all scenarios are dealt the same chance.")

    def _notes(self) -> Iterator[str]:
        found = self._found
        missing = found.differences.missing
        for name, rows in missing.items():
            yield f"Not in {name}: {listed(rows)}."
        if found.replications == 1:
            yield "A single replication has no confidence intervals: its differences are one possible course."
            return
        together = found.differences.intervals
        of_difference = "of its 95 % interval"
        if together > 1:
            of_difference = f"of one that holds at once with all {together} of this comparison, with 95 % (Bonferroni)"
        yield (
            f"± of a figure: half of its own 95 % interval. ± of a difference: half {of_difference}. {MARK}: leaves 0"
            " out. same: no replication differs."
        )
        yield (
            f"{UNPAIRED}: replications of each scenario that runs apart, each on chance of its own, would have taken"
            " for an interval as short."
        )

    def _by_scenario(self) -> Iterator[Grid]:
        for name in self._found.scenarios:
            lines = [line for line in self._found.differences.lines if line.scenario == name]
            if lines:
                heads = (self._found.base, name, "difference", UNPAIRED)
                yield Grid(name, heads, tuple(self._line(self._label(line), line) for line in lines))

    def _by_measure(self) -> Iterator[Grid]:
        blocks: dict[str, list[Compared]] = {}
        for line in self._found.differences.lines:
            blocks.setdefault(self._label(line), []).append(line)
        for label, lines in blocks.items():
            first = lines[0].base
            own = figure(first.estimate, first.low, first.high, self._unit(lines[0]))
            points = {line.scenario: Line(line.scenario, self._line("", line).cells[1:]) for line in lines}
            base = Line(self._found.base, (own, "base", ""))
            # The base stands at its place in the grid, or in front.
            if self._found.base in self._found.settings:
                names = [name for name in self._found.settings if name in points or name == base.label]
            else:
                names = [base.label, *points]
            yield Grid(
                label[:1].upper() + label[1:],
                ("figure", "difference", UNPAIRED),
                tuple(points.get(name, base) for name in names),
            )

    def _line(self, label: str, line: Compared) -> Line:
        unit, found = self._unit(line), line.difference
        change = found.estimate
        shown = difference(change.estimate, change.low, change.high, unit)
        return Line(
            label,
            (
                figure(line.base.estimate, line.base.low, line.base.high, unit),
                figure(line.other.estimate, line.other.low, line.other.high, unit),
                "same  " if found.same else f"{shown} {MARK if found.significant else ' '}",
                "–" if found.unpaired is None else f"{found.unpaired:,}",
            ),
        )

    def _label(self, line: Compared) -> str:
        start = self._found.start_of(line)
        if start is None:
            return line.words
        when = day_of_year(start) if line.asked.per in {"day", "week"} else f"{day_of_year(start)} {start:%H:%M}"
        return f"{line.words}, {when}"

    def _unit(self, line: Compared) -> str:
        return self._found.unit_of(line)


def names_of(paths: Sequence[str]) -> list[str]:
    """Give scenario files short names: their stems, whole paths where these are the same."""
    from pathlib import Path  # noqa: PLC0415

    stems = [Path(path).stem for path in paths]
    return [stem if stems.count(stem) == 1 else path for stem, path in zip(stems, paths, strict=True)]
