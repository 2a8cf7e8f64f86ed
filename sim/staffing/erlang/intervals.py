"""A table of intervals in, the same table with the formulas' answers out.

Columns `arrivals`, `handle_time`, `patience` and `agents` are read; what a table lacks, or a cell leaves empty, is as
the question says that all intervals share. Arrivals are rates such as `100 per hour`, or plain numbers of contacts in
the interval if its length is known; times are durations, plain numbers are seconds. All other columns are names and go
through as they are.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from sim.scenario.counts import read_count
from sim.scenario.errors import DataError, Place, Problem
from sim.scenario.tables import Cell, FileName, Tables, read_cell, read_seconds_or_duration
from sim.scenario.units import HOUR_MS, SECOND_MS, read_not_negative, read_rate
from sim.staffing.erlang.calculator import Answer, Question, answer

if TYPE_CHECKING:
    import pandas as pd

READ: Final = ("arrivals", "handle_time", "patience", "agents")
NEAR: Final = 0.8
"""Likeness from which a column's name is taken for a slip of one that is read."""

Value = TypeVar("Value")


def answer_intervals(path: str | Path, shared: Question, interval_ms: int | None = None) -> pd.DataFrame:
    """Answer the question for each row of a CSV or Excel table.

    Parameters
    ----------
    path
        The table, with a header.
    shared
        What all intervals share: goals, and whatever the table does not say. Arrivals and agents may be missing from
        both as long as each row can be answered.
    interval_ms
        Length of an interval, with which plain numbers of arrivals are contacts in it.

    Returns
    -------
    pandas.DataFrame
        A row an interval: the table's other columns, then the answer with the unit in each name.

    Raises
    ------
    DataError
        With the line and column of every cell that is wrong.
    """
    import pandas as pd  # noqa: PLC0415  (slow to import)

    rows, names = _read(Path(path))
    problems: list[Problem] = []
    answers = [_answered(row, shared, interval_ms, problems) for row in rows]
    if problems:
        raise DataError(problems)
    labels = [name for name in names if name.lower() not in READ]
    records = [
        {name: row[name].text for name in labels} | _record(found)
        for row, found in zip(rows, answers, strict=True)
        if found is not None
    ]
    return pd.DataFrame.from_records(records)


def _read(path: Path) -> tuple[list[dict[str, Cell]], tuple[str, ...]]:
    """Give the rows by column, and the columns as they are written."""
    tables, file = Tables(path.resolve().parent), FileName(str(path), Path.cwd())
    names = tables.columns(file, None)
    place = Place(str(path), 1, 1)
    problems = []
    for name in names:
        close = difflib.get_close_matches(name.lower(), READ, n=1, cutoff=NEAR)
        if close and name.lower() not in READ:
            problems.append(Problem(place, "", f"unknown column '{name}'; did you mean '{close[0]}'?"))
        if name.lower() not in READ and name in ANSWERED:
            problems.append(Problem(place, "", f"column '{name}' has the name of an answer; give it another"))
    if problems:
        raise DataError(problems)
    needed = [name for name in names if name]
    return [dict(zip(needed, cells, strict=True)) for cells in tables.read(file, None, needed)], tuple(needed)


def _answered(
    row: dict[str, Cell], shared: Question, interval_ms: int | None, problems: list[Problem]
) -> Answer | None:
    """Answer one row; note what is wrong with it."""
    cells = {name.lower(): cell for name, cell in row.items() if cell.text}
    before = len(problems)

    def value(column: str, read: Callable[[object], Value], otherwise: Value) -> Value:
        found = read_cell(cells[column], read, problems) if column in cells else None
        return otherwise if found is None else found

    def arrivals(given: object) -> float:
        if interval_ms is None:
            with suppress(ValueError):
                return read_rate(given)
            raise ValueError("a rate such as 100 per hour; for plain numbers say how long an interval is (--interval)")
        try:
            return read_rate(given) if isinstance(given, str) else read_not_negative(given) * HOUR_MS / interval_ms
        except ValueError:
            raise ValueError("a rate such as 100 per hour, or the contacts in the interval") from None

    def seconds(text: object) -> float:
        milliseconds = read_seconds_or_duration(text)
        if milliseconds == 0:
            raise ValueError("more than 0 seconds")
        return milliseconds / SECOND_MS

    asked = replace(
        shared,
        arrivals_per_hour=value("arrivals", arrivals, shared.arrivals_per_hour),
        handle_time_s=value("handle_time", seconds, shared.handle_time_s),
        patience_s=value("patience", seconds, shared.patience_s),
        agents=value("agents", read_count, shared.agents),
    )
    if len(problems) > before:
        return None
    at = next(iter(row.values())).place
    if math.isnan(asked.handle_time_s):
        problems.append(Problem(at, "", "has no handle time; give one here or, for all rows, with --handle-time"))
        return None
    if not asked.enough:
        message = "needs two of arrivals, agents and something to keep; give them here or, for all rows, as options"
        problems.append(Problem(at, "", message))
        return None
    return answer(asked)


ANSWERED: Final = (
    *("formula", "arrivals_per_hour", "handle_time_s", "patience_s", "load_erlangs", "agents", "scheduled"),
    *("service_level", "average_speed_of_answer_s", "abandonment", "waits", "blocked", "occupancy", "kept", "note"),
)
"""Columns of an answer."""


def _record(found: Answer) -> dict[str, object]:
    queue, question = found.queue, found.question
    values = (
        *(question.formula, found.arrivals_per_hour, question.handle_time_s, question.patience_s),
        *(found.load_erlangs, found.agents, found.scheduled),
        math.nan if queue is None else queue.service_level(question.goals.within_s, question.goals.reading),
        math.nan if queue is None else queue.mean_wait_answered_s,
        math.nan if queue is None else queue.abandonment,
        math.nan if queue is None else queue.waits,
        found.blocked,
        found.occupancy,
        found.kept,
        found.note,
    )
    return dict(zip(ANSWERED, values, strict=True))
