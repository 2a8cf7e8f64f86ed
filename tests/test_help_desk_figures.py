"""The figures of the help desk scenario against the tables that were derived from the incident log."""

import csv
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from sim.scenario.load import load

SCENARIO = Path(__file__).parent.parent / "scenarios" / "it_help_desk.yaml"
TABLES = SCENARIO.with_suffix("")
ATTRIBUTION = ("Amaral", "Fantinato", "Peres", "UCI", "498", "CC BY 4.0")


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the derived tables."""
    with (TABLES / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def derive() -> ModuleType:
    """Return the derivation script as a module."""
    spec = importlib.util.spec_from_file_location("derive", TABLES / "derive.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_shares_are_those_of_the_table() -> None:
    """Volume and escalation of each category are what the log showed, to the digits written."""
    scenario = load(SCENARIO)
    week = sum(float(row["weight"]) for row in rows_of("profile.csv"))
    for row in rows_of("levels_by_category.csv"):
        if row["category"] == "all":
            continue
        written = scenario.contact_types[f"category_{row['category']}"]
        volume = written.arrivals["phone"].volume
        assert volume is not None
        assert volume.count == pytest.approx(float(row["share"]) * week, abs=0.5)
        handling = written.handling
        assert handling["service_desk"].escalated == pytest.approx(float(row["first_line_to_second"]), abs=0.0006)
        assert handling["second_line"].escalated == pytest.approx(float(row["second_line_to_third"]), abs=0.0006)


def test_attribution_is_given() -> None:
    """The scenario and the note beside its tables name source, authors and licence."""
    for path in (SCENARIO, TABLES / "README.md"):
        text = path.read_text(encoding="utf-8")
        assert [word for word in ATTRIBUTION if word not in text] == []


def test_derivation_on_a_log_of_four_incidents(derive: ModuleType, tmp_path: Path) -> None:
    """Desk only, desk to one group and back, straight to a group and on to another, and one outside the months."""
    log = tmp_path / "log.csv"
    log.write_text(
        "number,opened_at,category,assignment_group\n"
        "1,7/3/2016 09:10,26,?\n1,7/3/2016 09:10,26,70\n"
        "2,7/3/2016 09:50,26,70\n2,7/3/2016 09:50,26,39\n2,7/3/2016 09:50,26,70\n"
        "3,8/3/2016 10:00,7,24\n3,8/3/2016 10:00,7,25\n3,8/3/2016 10:00,7,24\n"
        "4,1/7/2016 10:00,26,70\n",
        encoding="utf-8",
    )
    incidents = derive.read_incidents(log)
    levels = derive.levels_by_category(incidents).set_index("category")
    assert levels["incidents"].to_dict() == {"26": 2, "other": 1, "all": 3}
    assert levels.loc["26", "first_assigned_to_desk"] == 1.0
    assert levels.loc["26", "first_line_to_second"] == 0.5
    assert levels.loc["26", "second_line_to_third"] == 0.0
    assert levels.loc["other", "second_line_to_third"] == 1.0
    assert derive.counts_by_day(incidents["opened"])["incidents"].tolist() == [2, 1]


def test_profile_is_a_mean_over_ordinary_days(derive: ModuleType, tmp_path: Path) -> None:
    """One incident on Mondays at 9 in three months of 13 Mondays is a weight of 1 ÷ 13; a holiday's does not count."""
    log = tmp_path / "log.csv"
    log.write_text(
        "number,opened_at,category,assignment_group\n1,7/3/2016 09:10,26,70\n2,25/3/2016 09:10,26,70\n",
        encoding="utf-8",
    )
    profile = derive.weekly_profile(derive.counts_by_hour(derive.read_incidents(log)["opened"]))
    weights = profile.set_index(["weekday", "time"])["weight"]
    assert len(weights) == 7 * 24
    assert weights[("mon", "09:00")] == pytest.approx(1 / 13, abs=0.0005)
    assert weights[("fri", "09:00")] == 0.0
