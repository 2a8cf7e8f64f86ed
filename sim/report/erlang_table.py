"""Erlang formulas beside the simulation, with what makes them differ."""

from __future__ import annotations

from collections.abc import Iterator
from math import nan
from typing import TYPE_CHECKING

from sim.report.grid import Grid, Line
from sim.report.readings import readings_in
from sim.report.wording import figure
from sim.scenario.units import write_duration
from sim.staffing.beside import Beside, beside

if TYPE_CHECKING:
    from sim.experiment.result import Result


def erlang_beside(result: Result) -> Iterator[Grid]:
    """Give a table for each set of live queues that the same people serve, or why there is none."""
    pools = beside(result.scenario)
    for pool in pools:
        title = f"Erlang beside simulation, {pool.tier}: {', '.join(pool.groups)}"
        if pool.none_because:
            yield Grid(title, (), (), (f"No figures: {pool.none_because}.",))
        elif pool.intervals:
            yield _table(result, pool, title)


def _table(result: Result, pool: Beside, title: str) -> Grid:
    queues = list(pool.queues)
    (level,) = readings_in(result.figures("service_level", within=pool.within_ms, queue=queues))
    (lost,) = readings_in(result.figures("abandonment", queue=queues))
    formulas = (_exact(pool.service_level_a), _exact(pool.service_level_c))
    return Grid(
        title,
        ("simulation", "Erlang A", "Erlang C"),
        (
            Line(f"service level, {write_duration(pool.within_ms)}", (str(level), *formulas)),
            Line("abandonment", (str(lost), _exact(pool.abandonment_a), _exact(0))),
        ),
        (
            "By interval in its steady state, with the agents on duty on average, weighted by expected contacts. "
            "They differ by:",
            *(f"- {reason}" for reason in pool.differs_by),
        ),
    )


def _exact(share: float) -> str:
    """Write a share that a formula gives: it has no interval."""
    return figure(share, nan, nan, "share")
