"""How the days of a run compare: service level, first response and occupancy by day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from sim.report.deadlines import deadlines, in_reading, live_levels
from sim.report.grid import Grid, Line
from sim.report.readings import Reading
from sim.report.wording import day_of_year
from sim.scenario.units import write_duration

if TYPE_CHECKING:
    from sim.experiment.result import Found, Result

MOST_DAYS: Final = 14
"""Longer runs are shown by week."""


def by_day(result: Result, live: list[str], backlog: list[str]) -> Iterator[Grid]:
    """Give the table of days, or of weeks where there are too many days to read; none of a run of a single day.

    Parameters
    ----------
    live, backlog
        Names of the channels.
    """
    days = len(result.figures("inquiries", per="day"))
    per = "day" if days <= MOST_DAYS else "week"
    if days == 1:
        return
    columns: dict[str, dict[str, str]] = {}
    for channel, levels in live_levels(result.scenario, live).items():
        for limit, reading in levels:
            found = result.figures("service_level", by="channel", per=per, within=limit, reading=reading)
            columns |= _columns(found, [channel], f"in {write_duration(limit)}{in_reading(reading)}")
    for limit in deadlines(result.scenario, "first_response"):
        found = result.figures("first_response", by="channel", per=per, within=limit)
        columns |= _columns(found, backlog, f"in {write_duration(limit)}")
    columns |= _columns(result.figures("occupancy", by="agent_group", per=per), None, "busy")
    starts = next(iter(columns.values()))
    yield Grid(
        f"By {per}",
        tuple(columns),
        tuple(Line(start, tuple(cells[start] for cells in columns.values())) for start in starts),
        (
            "Channels: service level; of backlog channels first response; by when the contact came. "
            "Groups: occupancy. – where nobody came or nobody was on duty.",
        ),
    )


def _columns(found: list[Found], items: list[str] | None, head: str) -> dict[str, dict[str, str]]:
    """Give, by head of a column, its texts by day.

    Parameters
    ----------
    found
        Figures of items by period.
    items
        Those to show; all if None.
    """
    columns: dict[str, dict[str, str]] = {}
    for one in found:
        (item,) = one.labels
        if items is None or item in items:
            columns.setdefault(f"{item} {head}", {})[day_of_year(one.start)] = str(Reading.of(one))
    return columns
