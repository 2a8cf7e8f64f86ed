"""Figures put right for what was dealt above or below its known expectation, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.report.grid import Grid, Line
from sim.report.wording import figure

if TYPE_CHECKING:
    from sim.experiment.result import Result


def with_controls(result: Result) -> Iterator[Grid]:
    """Give the figures whose intervals control variates shorten, beside the plain ones; nothing where none is."""
    rows = result.controlled_rows
    if not rows:
        return
    lines = tuple(
        Line(
            row["figure"],
            (
                figure(row["plain"], row["plain_low"], row["plain_high"], row["unit"]),
                figure(row["estimate"], row["low"], row["high"], row["unit"]),
                f"{row['shrunk']:.2f}",
                f"{row['n'] / row['shrunk'] ** 2:,.0f}",
            ),
        )
        for row in rows
    )
    yield Grid(
        "With control variates",
        ("plain", "controlled", "interval ×", "as after"),
        lines,
        (
            "Controlled: put right for how far arrivals, their crowding into hours, and the work dealt were off what is"
            " exactly expected of them. As after: the replications after which the plain interval would be as short."
            " Shown where it helps; verdicts rest on the plain figures.",
        ),
    )
