"""A roster for people: on the terminal, as CSV files, and as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterator
from math import nan
from typing import TYPE_CHECKING

from sim.experiment.figures import write_amount
from sim.report.grid import Grid, Line
from sim.report.spreadsheet import write_csv
from sim.report.wording import figure
from sim.scenario.units import HOUR_MS, write_counted, write_share

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.folder import OutputFolder
    from sim.staffing.roster import Roster

WORKBOOK = "roster.xlsx"


def roster_grids(roster: Roster) -> Iterator[Grid]:
    """Give the tables of a roster: how good it is, who works when, what stayed open, which wishes were broken."""
    yield _summary(roster)
    calendar = roster.calendar()
    days = tuple(f"{name[:3]} {name[-5:]}" for name in calendar.columns[1:])
    yield Grid("Who works when", days, tuple(Line(row[1], tuple(row[2:])) for row in calendar.itertuples()))
    yield from _rows("Without enough people", roster.uncovered(), ("needed", "missing"))
    yield from _rows("Broken wishes", roster.broken_wishes(), ("wish", "weight"))
    hours = roster.hours()
    short = hours[hours["hours_short"] > 0]
    if len(short):
        lines = [
            Line(f"{row.name_}, week of {row.week}", (f"{row.paid_hours:g} h", f"{row.hours_short:g} h"))
            for row in short.rename(columns={"name": "name_"}).itertuples()
        ]
        yield Grid("Below guaranteed hours", ("at work", "short by"), tuple(lines))


def _summary(roster: Roster) -> Grid:
    solution, uncovered, broken = roster.solution, roster.uncovered(), roster.broken_wishes()
    needed = sum(post.needed for post in roster.posts)
    paid = sum(roster.posts[post].paid for _, post in roster.filled) / HOUR_MS
    lines = (
        ("people", str(len(roster.people))),
        ("shifts to fill", f"{needed:,}"),
        ("filled", f"{len(roster.filled):,}"),
        ("without anybody", f"{needed - len(roster.filled):,}"),
        ("paid hours", f"{write_amount(paid)} h"),
        ("wishes broken", f"{len(broken):,}"),
        ("penalty", figure(solution.cost, nan, nan, "")),
        ("proven gap", write_share(round(solution.gap, 6))),
    )
    ended = "" if solution.proven else " Time ran out before the gap asked for was proven; more may do better."
    note = (
        "Penalty: 100 for each person that a shift lacks, 2 for each hour below a guarantee, and the weight of each "
        f"broken wish. No roster has less than {100 * (1 - solution.gap):.4g} % of it. Contracts are kept." + ended
    )
    title = f"Roster: {roster.scenario.name}"
    if len(uncovered):
        title += f"; {write_counted(len(uncovered), 'shift')} without enough people"
    return Grid(title, ("",), tuple(Line(label, (value,)) for label, value in lines), (note,))


def _rows(title: str, table: pd.DataFrame, figures: tuple[str, ...]) -> Iterator[Grid]:
    if not len(table):
        return
    lines = []
    for row in table.to_dict("records"):
        who = f"{row['name']}, " if "name" in row else ""
        when = f"{row['weekday']} {row['date']} {row['agent_group']}/{row['shift']}"
        cells = (f"{row[name]:g}" if isinstance(row[name], float) else str(row[name]) for name in figures)
        lines.append(Line(f"{who}{when}", tuple(cells)))
    yield Grid(title, figures, tuple(lines))


def write_roster(roster: Roster, folder: OutputFolder, *, workbook: bool) -> None:
    """Write a roster's tables into a folder as CSV, if asked also as one Excel workbook, and publish them."""
    tables = _tables(roster)
    for name, table in tables.items():
        with folder.writing(f"{name}.csv") as file:
            write_csv(table.astype({one: str for one in ("date", "week") if one in table}), file)
    if workbook:
        folder.put(WORKBOOK, _workbook(tables))
    folder.publish()


def _tables(roster: Roster) -> dict[str, pd.DataFrame]:
    return {
        "calendar": roster.calendar(),
        "shifts": roster.shifts(),
        "hours": roster.hours(),
        "uncovered": roster.uncovered(),
        "broken_wishes": roster.broken_wishes(),
    }


def can_write_workbooks() -> bool:
    """Tell whether the extra that Excel files need is installed."""
    from importlib.util import find_spec  # noqa: PLC0415  (only this question needs it)

    return find_spec("xlsxwriter") is not None


def _workbook(tables: dict[str, pd.DataFrame]) -> bytes:
    import pandas as pd  # noqa: PLC0415  (slow to import)

    content = io.BytesIO()
    # Names stay texts: a spreadsheet must not run one that begins with an equals sign.
    plain = {"options": {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}}
    with pd.ExcelWriter(content, engine="xlsxwriter", engine_kwargs=plain) as book:
        for name, table in tables.items():
            table.to_excel(book, sheet_name=name, index=False, freeze_panes=(1, 1))
            book.sheets[name].autofit()
    return content.getvalue()
