"""Scenarios beside a base, for a terminal: figures, differences, and what unpaired runs would have taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from sim.experiment.compare import short_keys
from sim.report.grid import Grid, Line, indented
from sim.report.wording import day_and_time, day_of_year, difference, estimated
from sim.scenario.calendar import Calendar
from sim.scenario.errors import listed
from sim.scenario.units import write_counted

if TYPE_CHECKING:
    from sim.experiment.comparison import Compared, Comparison
    from sim.experiment.statistics import Estimate

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
        others = [name for name in found.scenarios if name != found.base]
        if not found.settings:
            yield from head(found, f"{listed(others)} beside {found.base}")
            return
        yield from head(found, f"{write_counted(len(others), 'point')} beside {found.base}")
        for key, short in short_keys(list(next(iter(found.settings.values())))).items():
            if key != short:
                yield Text(f"{short}: {key}")

    def _notes(self) -> Iterator[str]:
        found = self._found
        for name, rows in found.differences.missing.items():
            yield f"Not in {name}: {listed(rows)}."
        if found.replications == 1:
            yield "A single replication has no confidence intervals: its differences are one possible course."
            return
        yield f"{together(found)} {MARK}: leaves 0 out. same: no replication differs."
        yield (
            f"{UNPAIRED}: replications of each scenario that runs apart, each on chance of its own, would have taken"
            " for an interval as short."
        )

    def _by_scenario(self) -> Iterator[Grid]:
        for name in self._found.scenarios:
            lines = [line for line in self._found.differences.lines if line.scenario == name]
            if lines:
                heads = (self._found.base, name, "difference", UNPAIRED)
                yield Grid(name, heads, tuple(self._line(label(self._found, line), line) for line in lines))

    def _by_measure(self) -> Iterator[Grid]:
        blocks: dict[str, list[Compared]] = {}
        for line in self._found.differences.lines:
            blocks.setdefault(label(self._found, line), []).append(line)
        for name, lines in blocks.items():
            points = {line.scenario: Line(line.scenario, self._line("", line).cells[1:]) for line in lines}
            base = Line(self._found.base, (own(self._found, lines[0], lines[0].base), "base", ""))
            # The base stands at its place in the grid, or in front.
            if self._found.base in self._found.settings:
                names = [one for one in self._found.settings if one in points or one == base.label]
            else:
                names = [base.label, *points]
            yield Grid(
                name[:1].upper() + name[1:],
                ("figure", "difference", UNPAIRED),
                tuple(points.get(one, base) for one in names),
            )

    def _line(self, name: str, line: Compared) -> Line:
        found = self._found
        unpaired = line.difference.unpaired
        return Line(
            name,
            (
                own(found, line, line.base),
                own(found, line, line.other),
                change(found, line),
                "–" if unpaired is None else f"{unpaired:,}",
            ),
        )


def head(found: Comparison, what: str) -> Iterator[Text]:
    """Give the lines that say what was compared, when, and how it ended."""
    base = found.scenarios[found.base]
    calendar = Calendar.of(base)
    begin, end = calendar.wall(base.time.warm_up), calendar.wall(calendar.length)
    yield Text(base.name, style="bold")
    yield Text(what if found.during is None else f"{what}, in the hours of {found.during}")
    yield Text(f"{day_and_time(begin)} to {day_and_time(end)} {calendar.zone}")
    yield Text(f"Seed {found.seed}; {found.ended}; all scenarios are dealt the same chance.")


def label(found: Comparison, line: Compared) -> str:
    """Say what figure a line is of, with its period."""
    start = found.start_of(line)
    if start is None:
        return line.words
    when = day_of_year(start) if line.asked.per in {"day", "week"} else f"{day_of_year(start)} {start:%H:%M}"
    return f"{line.words}, {when}"


def own(found: Comparison, line: Compared, of: Estimate) -> str:
    """Write a figure of one scenario with its own interval."""
    return estimated(of, found.unit_of(line))


def change(found: Comparison, line: Compared) -> str:
    """Write a difference to the base, marked where its interval leaves 0 out."""
    if line.difference.same:
        return "same  "
    of = line.difference.estimate
    shown = difference(of.estimate, of.low, of.high, found.unit_of(line))
    return f"{shown} {MARK if line.difference.significant else ' '}"


def together(found: Comparison) -> str:
    """Say what the intervals are."""
    number = found.differences.intervals
    of_difference = "of its 95 % interval"
    if number > 1:
        of_difference = f"of one that holds at once with all {number} of this comparison, with 95 % (Bonferroni)"
    return f"± of a figure: half of its own 95 % interval. ± of a difference: half {of_difference}."


def names_of(paths: Sequence[str]) -> list[str]:
    """Give scenario files short names: their stems, whole paths where these are the same."""
    from pathlib import Path  # noqa: PLC0415

    stems = [Path(path).stem for path in paths]
    return [stem if stems.count(stem) == 1 else path for stem, path in zip(stems, paths, strict=True)]
