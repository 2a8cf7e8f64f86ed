"""A frontier for people: on the terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from math import isnan
from typing import TYPE_CHECKING, Any

from sim.report.grid import Grid, Line
from sim.report.spreadsheet import write_csv
from sim.report.wording import estimated
from sim.scenario.units import write_counted, write_share

if TYPE_CHECKING:
    from sim.experiment.statistics import Estimate
    from sim.report.folder import OutputFolder
    from sim.staffing.frontier import Frontier, Point


def frontier_grids(found: Frontier) -> Iterator[Grid]:
    """Give the table of a frontier: a row for each promise and pace."""
    unit = found.spent_unit
    heads: list[tuple[str, Callable[[Point], str]]] = [
        ("reached over the run", lambda point: estimated(point.reached, "share")),
        ("paid hours" if unit == "h" else "cost", lambda point: estimated(point.spent, unit)),
        ("satisfaction", lambda point: estimated(point.satisfaction, "score")),
        ("resolved at first contact", lambda point: estimated(point.first_contact_resolution, "share")),
        ("plan", lambda point: point.plan.status),
    ]
    columns = [(head, [cell(point) for point in found.points]) for head, cell in heads]
    told = [(head, cells) for head, cells in columns if any(text != "–" for text in cells)]
    lines = [
        Line(_promised(point), tuple(cells[number] for _, cells in told)) for number, point in enumerate(found.points)
    ]
    efforts = [point.plan.effort for point in found.points]
    played, recalled = sum(one.played for one in efforts), sum(one.recalled for one in efforts)
    notes = [
        "Each row is the cheapest plan found that keeps this promise and all other targets. Figures: of "
        f"{write_counted(found.replications, 'replication')} that no plan has seen, the same for all, with half of the "
        "95 % interval. verified: the plan's own confirmation showed that every target is kept.",
        f"Plans took {played:,} replications; {recalled:,} more were known of other plans, or of the journal.",
    ]
    if found.interrupted:
        missing = ", ".join(_asked(bound, pace) for bound, pace in found.missing)
        notes.append(f"Interrupted: not planned any more are {missing}. With `--resume FILE` a frontier goes on.")
    yield Grid(f"Frontier: {found.promise}", tuple(head for head, _ in told), tuple(lines), tuple(notes))


def write_frontier(found: Frontier, folder: OutputFolder) -> None:
    """Write frontier.json and frontier.csv into a folder, and publish them together."""
    with folder.writing("frontier.json") as file:
        file.write(frontier_json(found))
    with folder.writing("frontier.csv") as file:
        write_csv(found.table, file)
    folder.publish()


def frontier_json(found: Frontier) -> str:
    """Give everything that a frontier found as JSON."""
    points = [
        {
            "bound": point.bound,
            "pace": dict(point.pace),
            "status": point.plan.status,
            "reason": point.plan.reason,
            "paid_hours": point.plan.paid_hours,
            "played": point.plan.effort.played,
            "from_journal": point.plan.effort.recalled,
            "reached": _plain(point.reached),
            "spent": _plain(point.spent),
            "satisfaction": _plain(point.satisfaction),
            "first_contact_resolution": _plain(point.first_contact_resolution),
            "changes": point.plan.changes,
        }
        for point in found.points
    ]
    summary = {
        "scenario": found.scenario.name,
        "scenario_hash": found.scenario.hash,
        "promise": found.promise,
        "spent_unit": found.spent_unit,
        "replications": found.replications,
        "interrupted": found.interrupted,
        "missing": [{"bound": bound, "pace": dict(pace)} for bound, pace in found.missing],
        "points": points,
    }
    return json.dumps(summary, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _promised(point: Point) -> str:
    return _asked(point.bound, point.pace)


def _asked(bound: float, pace: Mapping[str, float]) -> str:
    paces = "".join(f", {group} at pace {write_share(one)}" for group, one in pace.items())
    return f"≥ {write_share(bound)}{paces}"


def _plain(estimate: Estimate) -> dict[str, Any] | None:
    """Give the numbers for JSON; none where the scenario does not tell."""
    if isnan(estimate.estimate):
        return None
    named = {"estimate": estimate.estimate, "low": estimate.low, "high": estimate.high}
    return {name: None if isnan(value) else value for name, value in named.items()}
