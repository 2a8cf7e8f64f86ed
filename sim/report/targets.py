"""Targets with their verdicts, for a terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report.grid import GAP, INDENT, indented
from sim.report.readings import readings_in
from sim.report.wording import day_and_time, day_of_year

if TYPE_CHECKING:
    from sim.experiment.result import Result
    from sim.scenario.model.targets import Target

STYLES: Final = {"pass": "green", "fail": "bold red", "undecided": "yellow"}

WARNINGS: Final = {"fail": "warned: the bound of `warn` is not kept", "undecided": "the bound of `warn` is undecided"}

NOTE: Final = (
    "pass: the whole 95 % interval keeps the bound; fail: none of it does; undecided: more replications may tell."
    " Of a target per day (week, hour, interval) the worst one decides and is shown."
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
        targets = self._result.targets()
        table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 0, 0, GAP), collapse_padding=False)
        table.add_column()
        table.add_column(overflow="fold")
        table.add_column(justify="right", no_wrap=True)
        found = zip(self._result.scenario.targets, targets.to_dict("records"), readings_in(targets), strict=True)
        for target, row, reading in found:
            promise = Text(row["target"])
            if remarks := _remarks(target, row):
                promise.append(f"\n{remarks}", style="dim")
            table.add_row(Text(row["verdict"], style=STYLES[row["verdict"]]), promise, Text(str(reading)))
        yield Text("Targets", style="bold")
        yield Padding(table, (0, 0, 0, INDENT), expand=False)
        yield from indented(Text(NOTE, style="dim"), console, options)


def _remarks(target: Target, row: dict[Any, Any]) -> str:
    """Say which period decides, and on how many days the bound was kept."""
    remarks = []
    if row["warn"] in WARNINGS:
        remarks.append(WARNINGS[row["warn"]])
    if not pd.isna(row["decided_by"]):
        start = row["decided_by"]
        remarks.append(f"worst {target.per}: {day_of_year(start) if target.per == 'day' else day_and_time(start)}")
    if not math.isnan(row["days_kept"]):
        remarks.append(f"the bound is kept on {100 * row['days_kept']:.0f} % of days")
    return "; ".join(remarks)
