"""Derive the figures of ``it_help_desk.yaml`` from the incident log of the UCI Machine Learning Repository, no. 498.

Run it as ``python scenarios/it_help_desk/derive.py incident_event_log.csv`` (the file as downloaded, plain or
compressed). It writes the three tables beside itself and prints the figures that the scenario quotes. ``README.md``
says how to read them.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

FIRST_DAY, END_DAY = "2016-03-01", "2016-06-01"
"""Nearly every incident was opened in these months; what was opened later is a trickle of leftovers."""

NON_WORKING_DAYS = ("2016-03-25", "2016-04-21", "2016-04-22", "2016-05-26", "2016-05-27")
"""Weekdays with a weekend's volume: Good Friday, Tiradentes, Corpus Christi and the Fridays between."""

SERVICE_DESK = "70"
"""The assignment group that gets half of the first assignments; the next largest gets 6 %."""

CATEGORIES = ("26", "32", "42", "46", "53")
"""The five largest categories; the others are taken together."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BUSY_HOUR = 15
"""Variability by hour is measured where at least so many incidents come in the hour: less is mostly chance."""


def read_incidents(path: Path) -> pd.DataFrame:
    """Return one row per incident: when it was opened, its category, and the groups it passed.

    Parameters
    ----------
    path
        The event log: one row per change of an incident, in order, ``?`` for missing.

    Returns
    -------
    pandas.DataFrame
        Columns ``opened`` (timestamp), ``category`` (as last corrected), ``first_group`` (missing for the 1.5 % that no
        group ever got) and ``other_groups`` (how many different groups besides the service desk it was assigned to).
    """
    log = pd.read_csv(path, na_values="?", dtype=str, usecols=["number", "opened_at", "category", "assignment_group"])
    log["opened"] = pd.to_datetime(log["opened_at"], format="%d/%m/%Y %H:%M")
    log = log[(log["opened"] >= FIRST_DAY) & (log["opened"] < END_DAY)]
    by_incident = log.groupby("number", sort=False)
    elsewhere = log[log["assignment_group"] != SERVICE_DESK].groupby("number")["assignment_group"].nunique()
    incidents = pd.DataFrame({"opened": by_incident["opened"].first(), "category": by_incident["category"].last()})
    incidents["category"] = incidents["category"].where(incidents["category"].isin(CATEGORIES), "other")
    # `first` skips missing values: a few incidents get their first group only in a later row.
    incidents["first_group"] = by_incident["assignment_group"].first()
    incidents["other_groups"] = elsewhere.reindex(incidents.index, fill_value=0)
    return incidents


def levels_by_category(incidents: pd.DataFrame) -> pd.DataFrame:
    """Return, by category and in total, the incidents and the shares that went on to a second and a third line.

    An incident that only the service desk had was solved at the first line; one that reached another group went to the
    second line; one that reached a further group went on to the third. Incidents without any group are left out.
    """
    incidents = incidents[incidents["first_group"].notna()]
    groups = [*incidents.groupby("category"), ("all", incidents)]
    rows = [
        {
            "category": name,
            "incidents": len(part),
            "share": len(part) / len(incidents),
            "first_assigned_to_desk": (part["first_group"] == SERVICE_DESK).mean(),
            "first_line_to_second": (part["other_groups"] >= 1).mean(),
            "second_line_to_third": (part["other_groups"] >= 2).sum() / (part["other_groups"] >= 1).sum(),
        }
        for name, part in groups
    ]
    return pd.DataFrame(rows).round(4)


def counts_by_day(opened: "pd.Series[pd.Timestamp]") -> pd.DataFrame:
    """Return the incidents of each day and whether it was a working day or an ordinary weekend."""
    count = opened.dt.strftime("%Y-%m-%d").value_counts().sort_index()
    weekday = [WEEKDAYS[day] for day in pd.to_datetime(count.index).day_of_week]
    ordinary = ["no" if day in NON_WORKING_DAYS else "yes" for day in count.index]
    return pd.DataFrame({"date": count.index, "weekday": weekday, "ordinary": ordinary, "incidents": count.to_numpy()})


def counts_by_hour(opened: "pd.Series[pd.Timestamp]") -> "pd.Series[int]":
    """Return the incidents of every hour of the ordinary days, hours without any included."""
    hours = pd.date_range(FIRST_DAY, END_DAY, freq="h", inclusive="left")
    hours = hours[~hours.normalize().isin(pd.to_datetime(list(NON_WORKING_DAYS)))]
    return opened.dt.floor("h").value_counts().reindex(hours, fill_value=0)


def weekly_profile(by_hour: "pd.Series[int]") -> pd.DataFrame:
    """Return the mean incidents an hour by weekday and hour of an ordinary week: columns weekday, time, weight."""
    mean = by_hour.groupby([by_hour.index.day_of_week, by_hour.index.hour]).mean()
    rows = [(WEEKDAYS[day], f"{hour:02d}:00", round(float(weight), 3)) for (day, hour), weight in mean.items()]
    return pd.DataFrame(rows, columns=["weekday", "time", "weight"])


def excess_variation(counts: "pd.Series[int]", cells: list["pd.Index[int]"], at_least: float) -> float:
    """Return the coefficient of variation of the rate: what the counts of like cells vary beyond Poisson.

    Counts with a random rate of mean m and coefficient of variation c have variance m + c² m²; so c² is the mean over
    cells (weekdays, or weekday and hour) of (variance − mean) ÷ mean², cells with a mean below `at_least` left out.
    """
    by_cell = counts.groupby(cells)
    mean, variance = by_cell.mean(), by_cell.var()
    beyond = ((variance - mean) / mean**2)[mean >= at_least]
    return float(np.sqrt(max(beyond.mean(), 0.0)))


def main() -> None:
    """Write the tables beside this file and print the figures quoted in the scenario."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", type=Path, help="incident_event_log.csv, plain or compressed")
    incidents = read_incidents(parser.parse_args().log)
    folder = Path(__file__).parent

    days = counts_by_day(incidents["opened"])
    days.to_csv(folder / "incidents_by_day.csv", index=False)
    levels_by_category(incidents).to_csv(folder / "levels_by_category.csv", index=False)
    by_hour = counts_by_hour(incidents["opened"])
    profile = weekly_profile(by_hour)
    profile.to_csv(folder / "profile.csv", index=False)

    print(f"incidents {len(incidents)}; a week of ordinary days {profile['weight'].sum():.0f}")
    working = days[(days["ordinary"] == "yes") & ~days["weekday"].isin(["sat", "sun"])]
    print(f"cv of a working day {excess_variation(working['incidents'], [working['weekday']], BUSY_HOUR):.3f}")
    for name in ("all", *CATEGORIES, "other"):
        part = incidents if name == "all" else incidents[incidents["category"] == name]
        hourly = counts_by_hour(part["opened"])
        hourly = hourly[hourly.index.day_of_week < 5]
        cells = [hourly.index.day_of_week, hourly.index.hour]
        busiest = BUSY_HOUR * len(part) / len(incidents)
        print(f"cv of a busy hour, category {name}: {excess_variation(hourly, cells, busiest):.3f}")


if __name__ == "__main__":
    main()
