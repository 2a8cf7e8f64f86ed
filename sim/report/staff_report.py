"""A requirement for people: the curve by group, hour and day, hours with shrinkage beside, targets; and its files."""

from __future__ import annotations

import json
from math import nan
from typing import TYPE_CHECKING, Final

import numpy as np
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from sim.report.grid import Grid, Line, indented
from sim.report.spreadsheet import write_csv
from sim.report.targets import TargetTable
from sim.report.wording import day_of_year, figure
from sim.scenario.calendar import Calendar
from sim.scenario.units import write_share

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from sim.report.folder import OutputFolder
    from sim.staffing.confirm import Mended
    from sim.staffing.staff import Requirement

SCHEMA: Final = 1
"""Version of the layout of requirement.json and of the CSV files' columns."""

NET: Final = "Net: people at work, whoever they are; each interval's in requirement.csv (--out) or --json."
SHRINKAGE: Final = (
    "Gross: people to schedule, net ÷ (1 − shrinkage), where shrinkage is 1 − (1 − absence)(1 − off the phone)(1 −"
    " breaks): absent person-days, time off the queue of those present, breaks as a share of the group's shifts. FTE:"
    " gross hours of a day ÷ 8."
)

SAME_CUSTOMERS: Final = (
    "On the replications of the search, the same customers for all. Of percentiles: the share within the bound."
)
ERLANG_C: Final = (
    "Erlang C: each interval for itself, with the contacts that arrive in it, and nobody gives up; played with exactly "
    "those people. By formula: Erlang A on the load that follows the clock. `plan` shows Erlang C in shifts, too."
)


class StaffReport:
    """A requirement, laid out for a terminal."""

    def __init__(self, need: Requirement) -> None:
        self._need = need

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Lay out the parts, one below the other."""
        need = self._need
        yield Text(f"{need.scenario.name}: people needed", style="bold")
        yield from indented(Text(_found(need)), console, options)
        if need.result is not None:
            yield Text()
            yield TargetTable(need.result)
        if need.mended:
            yield Text()
            yield mended_by(need)
        for heading, lines in (("Not kept", need.unmet), ("Assumed", need.assumed)):
            if lines:
                yield Text()
                yield Text(heading, style="bold")
                for line in lines:
                    yield from indented(Text(line), console, options)
        yield Text()
        yield hours_of(need)
        for group in need.net:
            yield Text()
            yield curve_of(need, group)


def _found(need: Requirement) -> str:
    formula = need.analytic.hours
    return (
        f"{need.net_hours:,.1f} h net, {need.gross_hours:,.1f} h gross; by formula {formula:,.1f} h net; on duty now "
        f"{_on_duty(need):,.1f} h. {need.search}."
    )


def mended_by(need: Requirement) -> Grid:
    """Give what the people of Erlang C and those of the formulas reach, and what those of the repair do, by target."""
    lines = [
        Line(
            one.target,
            (
                one.per,
                figure(one.bound, nan, nan, one.unit),
                *(_held(one, value) for value in (one.by_erlang_c, one.by_formula, one.repaired)),
            ),
        )
        for one in need.mended
    ]
    hours = (need.erlang_c_hours, need.analytic.hours, need.net_hours)
    lines.append(Line("people at work, net", ("run", "", *(f"{one:,.1f} h" for one in hours))))
    heads = ("judged", "bound", "Erlang C", "by formula", "repaired")
    return Grid("By formula, and repaired by simulation", heads, tuple(lines), (SAME_CUSTOMERS, ERLANG_C))


def _held(one: Mended, value: float) -> str:
    return figure(value, nan, nan, one.unit) + ("" if one.keeps(value) else ", missed")


def _on_duty(need: Requirement) -> float:
    return float(sum((need.analytic.on_duty[group] * need.hours).sum() for group in need.net))


def hours_of(need: Requirement) -> Grid:
    """Give the hours of people by group and day, net and gross, and what shrinkage is made of."""
    lines = []
    for row in need.by_day.to_dict("records"):
        hours = (f"{row[name]:,.1f}" for name in ("net_hours", "gross_hours", "fte"))
        lines.append(Line(f"{row['group']}, {day_of_year(row['day'])}", (*hours, str(row["peak"]))))
    notes = [NET, SHRINKAGE]
    for group, shrunk in need.shrunk.items():
        parts = ((shrunk.absence, "absence"), (shrunk.in_shift, "off the phone"), (shrunk.breaks, "breaks"))
        said = ", ".join(f"{write_share(round(share, 4))} {name}" for share, name in parts if share)
        notes.append(f"{group}: {said or 'no shrinkage'}; {write_share(round(shrunk.total, 4))} together.")
    return Grid("Hours of people by day", ("net h", "gross h", "FTE", "most"), tuple(lines), tuple(notes))


def curve_of(need: Requirement, group: str) -> Grid:
    """Give a group's people by hour of the day (down) and day (across), on average over the hour's intervals."""
    calendar = Calendar.of(need.scenario)
    walls = [calendar.wall(int(at)) for at in need.edges[:-1]]
    days = list(dict.fromkeys(wall.date() for wall in walls))
    total = np.zeros((24, len(days)))
    width = np.zeros((24, len(days)))
    for wall, people, hours in zip(walls, need.net[group], need.hours, strict=True):
        place = wall.hour, days.index(wall.date())
        total[place] += people * hours
        width[place] += hours
    lines = [
        Line(f"{hour:02}:00", tuple(_people(*cell) for cell in zip(total[hour], width[hour], strict=True)))
        for hour in range(24)
        if total[hour].sum() > 0
    ]
    return Grid(f"{group}: people at work by hour, net", tuple(day_of_year(day) for day in days), tuple(lines))


def _people(total: float, width: float) -> str:
    if not total or not width:
        return ""
    mean = total / width
    return f"{mean:.0f}" if mean == round(mean) else f"{mean:.1f}"


def requirement_json(need: Requirement) -> str:
    """Give a requirement as JSON."""
    return json.dumps({"schema": SCHEMA, **need.summary()}, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def write_requirement(need: Requirement, folder: OutputFolder) -> None:
    """Write requirement.json, requirement.csv and, by group, staffing_GROUP.csv, and publish them together."""
    with folder.writing("requirement.json") as file:
        file.write(requirement_json(need))
    days = need.by_day.assign(day=[f"{day:%Y-%m-%d}" for day in need.by_day["day"]])
    for name, table in (("requirement.csv", need.table), ("hours_by_day.csv", days), *_staffing(need)):
        with folder.writing(name) as file:
            write_csv(table, file)
    folder.publish()


def _staffing(need: Requirement) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give by group what `staffing: {file: ...}` of a scenario reads: start and agents."""
    for group, rows in need.table.groupby("group", sort=False):
        start = [f"{at:%Y-%m-%d %H:%M:%S}" for at in rows["start"]]
        yield f"staffing_{group}.csv", rows.assign(start=start, agents=rows["net"])[["start", "agents"]]
