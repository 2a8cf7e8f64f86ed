"""A requirement that is given as a table, to be covered without simulating.

Columns `start`, `group` and `net`: from when on the clock (such as 2026-04-06 09:00; an offset from UTC may follow),
who can fill it (one group, or several with a slash between them), and how many people at work. `madoguchi staff --out`
writes such a table, `requirement.csv`; other columns are left alone. Each row holds for one interval of the scenario;
an interval that no row names needs nobody.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.measure.workload import Workload
from sim.scenario.calendar import Calendar
from sim.scenario.errors import DataError, Problem, listed, suggestion
from sim.scenario.tables import FileName, Tables, read_cell
from sim.scenario.units import read_not_negative, write_duration

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]

COLUMNS = ("start", "group", "net")


def read_needs(path: str | Path, scenario: Scenario) -> dict[tuple[str, ...], Floats]:
    """Read a requirement: by the groups that can fill it, (intervals,) agents needed on duty.

    Raises
    ------
    DataError
        With the line and column of every cell that is wrong.
    """
    file = FileName(str(path), Path.cwd())
    rows = Tables(Path(path).resolve().parent).read(file, None, COLUMNS)
    edges = Workload.of(scenario).edges
    calendar = Calendar.of(scenario)
    walls = [calendar.wall(int(at)) for at in edges[:-1]]
    numbers = {wall: number for number, wall in reversed(list(enumerate(walls)))}
    on_the_clock = {wall.replace(tzinfo=None): number for number, wall in reversed(list(enumerate(walls)))}
    groups = scenario.agent_groups
    interval = write_duration(scenario.time.interval)

    def interval_of(text: object) -> int:
        try:
            at = datetime.fromisoformat(str(text))
        except ValueError:
            raise ValueError("a date and time such as 2026-04-06 09:00") from None
        found = on_the_clock.get(at) if at.tzinfo is None else numbers.get(at)
        if found is None:
            raise ValueError(f"the begin of an interval of {interval} from {walls[0]:%Y-%m-%d %H:%M} on")
        return found

    def names_of(text: object) -> tuple[str, ...]:
        names = tuple(sorted({name.strip() for name in str(text).split("/")}))
        for name in names:
            if name not in groups:
                raise ValueError(f"an agent group ({listed(groups)}){suggestion(name, groups)}")
        return names

    needs: dict[tuple[str, ...], Floats] = {}
    problems: list[Problem] = []
    for start, group, net in rows:
        at, names = read_cell(start, interval_of, problems), read_cell(group, names_of, problems)
        number = read_cell(net, read_not_negative, problems)
        if at is not None and names is not None and number is not None:
            needs.setdefault(names, np.zeros(len(edges) - 1))[at] += number
    if problems:
        raise DataError(problems)
    return needs
