"""Targets with their verdicts, for a terminal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.experiment.judge import DAY_PERCENTILES
from sim.report.grid import GAP, INDENT, Grid, Line, indented
from sim.report.wording import day_and_time, day_of_year, figure

if TYPE_CHECKING:
    from sim.experiment.result import Result
    from sim.scenario.model.targets import Target

STYLES: Final = {"pass": "green", "fail": "bold red", "undecided": "yellow"}

WARNINGS: Final = {"fail": "warned: the bound of `warn` is not kept", "undecided": "the bound of `warn` is undecided"}

NOTE: Final = (
    "pass: the whole 95 % interval keeps the bound; fail: none of it does; undecided: more replications may tell."
    " Of a target per day (week, hour, interval) the worst one decides and is shown; on a share of them, that share"
    " decides."
)


class TargetTable:
    """The targets of a run, a line each: verdict, promise, what was found.

    Parameters
    ----------
    result
        Of the run.
    """

    def __init__(self, result: Result) -> None:
        self._result = result

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Lay out as a table with a note on what the verdicts mean."""
        table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 0, 0, GAP), collapse_padding=False)
        table.add_column()
        table.add_column(overflow="fold")
        table.add_column(justify="right", no_wrap=True)
        for target, row in zip(self._result.scenario.targets, self._result.judged, strict=True):
            promise = Text(row["target"])
            if remarks := _remarks(target, row):
                promise.append(f"\n{remarks}", style="dim")
            table.add_row(
                Text(row["verdict"], style=STYLES[row["verdict"]]),
                promise,
                Text(figure(row["estimate"], row["low"], row["high"], row["unit"])),
            )
        yield Text("Targets", style="bold")
        yield Padding(table, (0, 0, 0, INDENT), expand=False)
        yield from indented(Text(NOTE, style="dim"), console, options)


def _remarks(target: Target, row: dict[Any, Any]) -> str:
    """Say which period decides, and on how many days the bound was kept."""
    remarks = []
    if row["warn"] in WARNINGS:
        remarks.append(WARNINGS[row["warn"]])
    if row["decided_by"] is not None:
        remarks.append(f"worst {target.per}: {_start(target.per or 'run', row['decided_by'])}")
    if target.risk is not None:
        remarks.append(f"kept on {_found(row, 'kept', 'share')} of {target.per}s")
    if target.floor is not None:
        remarks.append(_floor(target.floor.per, row))
    return "; ".join(remarks)


def _floor(per: str, row: dict[Any, Any]) -> str:
    verdict = f"floor: {row['floor_verdict']}"
    if row["floor_decided_by"] is None:
        return verdict
    return f"{verdict}, worst {per} {_start(per, row['floor_decided_by'])}: {_found(row, 'floor', row['unit'])}"


def _start(per: str, at: datetime) -> str:
    return day_of_year(at) if per in {"day", "week"} else day_and_time(at)


def _found(row: dict[Any, Any], name: str, unit: str) -> str:
    estimate = row["floor_estimate" if name == "floor" else name]
    return figure(estimate, row[f"{name}_low"], row[f"{name}_high"], unit)


def how_days_vary(result: Result) -> Grid:
    """Give, for every target, how often its bound is kept over the replications, and what good and bad days are like.

    Numbers and amounts add up over time: their bound speaks of the run or of the target's own periods, so of shorter
    ones only the figures are shown.
    """
    lines = []
    for row in result.judged:
        kept = (_found(row, name, "share") for name in ("days_kept", "intervals_kept"))
        days = (_found(row, f"day_p{percentile}", row["unit"]) for percentile in DAY_PERCENTILES)
        lines.append(Line(row["target"], (*kept, *days)))
    return Grid(
        "Targets, day by day",
        ("days kept", "intervals kept", *(f"{percentile} % day" for percentile in DAY_PERCENTILES)),
        tuple(lines),
        (
            "Days and intervals that keep the bound, of those of all replications with something to judge. 10, 50, 90 %"
            " day: so many of these days have at most this figure.",
        ),
    )
