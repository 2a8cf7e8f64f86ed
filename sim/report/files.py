"""The files of a run: summary.json, measures.csv, intervals.csv and contacts.csv.

They hold nothing of when, where or how fast the run was made: two runs of the same scenario, seed and version write the
same bytes.
"""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from sim.measure.definitions import MEASURES
from sim.report.deadlines import deadlines
from sim.report.spreadsheet import write_csv

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.comparison import Comparison
    from sim.experiment.result import Result
    from sim.report.folder import OutputFolder
    from sim.staffing.sensitivity import Sensitivity

SCHEMA: Final = 1
"""Version of the layout of summary.json and of the CSV files' columns."""

LIBRARIES: Final = ("madoguchi", "numpy", "scipy", "simpy")
"""Whose versions may move a digit."""

BY_DAY: Final = {
    "channel": ("offered", "answered", "abandonment", "average_speed_of_answer", "first_response", "queue_length"),
    "tier": ("offered", "answered", "abandonment", "average_speed_of_answer", "queue_length", "backlog"),
    "agent_group": ("agents_on_duty", "agents_busy", "occupancy", "utilisation", "staff_hours", "overtime", "cost"),
}
"""What measures.csv also has by day, beside the shares within the deadlines of targets."""

HEADS: Final = {"by": "breakdown", "of": "item"}
"""Columns of tables of estimates whose names say too little where nothing explains them."""

CONTACT_COLUMNS: Final = (
    "contact",
    "inquiry",
    "attempt",
    "kind",
    "channel",
    "contact_type",
    "customer",
    "language",
    "arrived",
    "ended",
    "end",
    "stage",
    "satisfaction",
    "call_back",
)


def write_files(result: Result, folder: OutputFolder) -> None:
    """Write the files of a run into a folder, and publish them together."""
    with folder.writing("summary.json") as file:
        file.write(summary_json(result))
    for name, table in (
        ("measures.csv", measures_table(result)),
        ("intervals.csv", intervals_table(result)),
        ("contacts.csv", contacts_table(result)),
    ):
        with folder.writing(name) as file:
            write_csv(table, file)
    folder.publish()


def summary_json(result: Result) -> str:
    """Give the run's figures as JSON: what was run with which versions, targets, measures and their definitions."""
    summary: dict[str, Any] = {
        "schema": SCHEMA,
        "versions": _versions(),
        "scenario_hash": result.scenario.hash,
        **result.summary(),
        "definitions": {name: measure.definition for name, measure in MEASURES.items()},
    }
    return _json(summary)


def write_comparison(found: Comparison, folder: OutputFolder) -> None:
    """Write the files of a comparison into a folder, and publish them together."""
    with folder.writing("comparison.json") as file:
        file.write(comparison_json(found))
    with folder.writing("differences.csv") as file:
        write_csv(found.table, file)
    folder.publish()


def comparison_json(found: Comparison) -> str:
    """Give a comparison as JSON: what was compared with which versions, differences, definitions of the measures."""
    summary: dict[str, Any] = {
        "schema": SCHEMA,
        "versions": _versions(),
        **found.summary(),
        "definitions": {name: MEASURES[name].definition for name in dict.fromkeys(found.table["measure"])},
    }
    return _json(summary)


def write_sensitivity(found: Sensitivity, folder: OutputFolder) -> None:
    """Write the files of a sensitivity into a folder, and publish them together."""
    with folder.writing("sensitivity.json") as file:
        file.write(sensitivity_json(found))
    with folder.writing("sensitivity.csv") as file:
        write_csv(found.table, file)
    folder.publish()


def sensitivity_json(found: Sensitivity) -> str:
    """Give a sensitivity as JSON: that of its comparison, with the factors."""
    summary = json.loads(comparison_json(found.comparison))
    return _json({**summary, "factors": found.ranges, "not_varied": found.idle})


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def _json(summary: dict[str, Any]) -> str:
    return json.dumps(summary, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def measures_table(result: Result) -> pd.DataFrame:
    """Give a row for each measure, breakdown, item and period: estimate, low, high, unit.

    All measures are given for the run, those of `BY_DAY` and shares within the deadlines of targets also by day.
    """
    import pandas as pd  # noqa: PLC0415  (loading pandas takes longer than many runs)

    run = result.measures.rename(columns=HEADS)
    run.insert(list(run.columns).index("item") + 1, "period", "run")
    columns = ["measure", "reading", "within_s", "breakdown", "item", "period", "estimate", "low", "high", "unit"]
    return pd.concat([run, *_days(result)], ignore_index=True)[columns]


def intervals_table(result: Result) -> pd.DataFrame:
    """Give channels and agent groups by interval of the local clock."""
    table = result.intervals.rename(columns=HEADS).sort_values(["start", "breakdown", "item"], kind="stable")
    return table[["start", "breakdown", "item", "measure", "within_s", "estimate", "low", "high", "unit"]]


def contacts_table(result: Result) -> pd.DataFrame:
    """Give the contacts of the first replication, a row for each leg; contacts without legs have one row.

    Times are wall-clock times of the scenario's zone with their offset from UTC.
    """
    replication = result.first_replication
    contacts, legs = result.contacts(replication), result.legs(replication)
    legs.insert(1, "leg", legs.groupby("contact").cumcount() + 1)
    legs = legs.drop(columns=["channel", "contact_type", "language"])
    return contacts[list(CONTACT_COLUMNS)].merge(legs, "left", on="contact")


def _days(result: Result) -> list[pd.DataFrame]:
    asked: list[tuple[str, str, int | None]] = [
        (dimension, measure, None) for dimension, measures in BY_DAY.items() for measure in measures
    ]
    asked += [("channel", "service_level", limit) for limit in deadlines(result.scenario, "service_level")]
    asked += [("channel", "first_response", limit) for limit in deadlines(result.scenario, "first_response")]
    tables = []
    for dimension, measure, within in asked:
        table = result.measure(measure, by=dimension, per="day", within=within)
        table["measure"], table["breakdown"] = measure, dimension
        table["reading"] = table.attrs["reading"]
        table["within_s"] = None if within is None else within / 1000
        table["item"] = table[dimension].astype(str)
        table["period"] = [f"{start:%Y-%m-%d}" for start in table["start"]]
        tables.append(table)
    return tables
