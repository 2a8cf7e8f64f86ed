"""`madoguchi roster`: who works which shift, on the terminal and in files."""

from pathlib import Path

import pytest

from sim.staffing.roster import stages
from sim.staffing.solver import solve_here
from tests.cli.calls import Command

DESK = """\
format: 1
name: Order desk
time: {start: 2026-04-06, length: 7 days}
channels: {phone: {}}
contact_types: {order: {arrivals: {phone: {rate: 10 per hour}}, handling: {desk: {handle_time: 4 min}}}}
tiers: {desk: {}}
agent_groups:
  clerks:
    tier: desk
    shifts:
      early: {days: mon-fri, hours: "08:00-16:00", headcount: 2}
      late: {days: mon-sat, hours: "12:00-20:00", headcount: 1}
"""
PEOPLE = """\
everybody: {hours: 40 h, off_per_week: 2}
people:
  Anna: {days_off: [sat-sun], wishes: [avoid late, off fri weight 3]}
  Ben: {wishes: [prefer early]}
  Cara: {hours: 24 h, at_least: 20 h, wishes: [off 2026-04-06]}
  =Dan: {hours: 16 h}
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """120 contract hours for 16 shifts of 8 hours: one stays open, and Anna works all her days, Friday too."""
    monkeypatch.setattr(stages, "solve", solve_here)
    (tmp_path / "desk.yaml").write_text(DESK)
    (tmp_path / "people.yaml").write_text(PEOPLE)
    return tmp_path / "desk.yaml", tmp_path / "people.yaml"


def test_the_roster_is_printed_with_what_it_does_not_reach(madoguchi: Command, files: tuple[Path, Path]) -> None:
    """Status 1: a shift lacks somebody; the wish that had to give way is named."""
    ran = madoguchi("roster", *files)
    lines = [line.split() for line in ran.out.splitlines()]
    assert (ran.status, ran.err) == (1, "")
    assert ran.out.startswith("Roster: Order desk; 1 shift without enough people\n")
    assert ["shifts", "to", "fill", "16"] in lines
    assert ["filled", "15"] in lines
    assert ["penalty", "103"] in lines
    assert ["Anna", *["early"] * 5] in lines
    assert ["Anna,", "fri", "2026-04-10", "clerks/early", "off", "fri", "weight", "3", "3"] in lines
    assert "Without enough people" in ran.out


def test_a_roster_in_which_all_is_filled_is_status_0(madoguchi: Command, files: tuple[Path, Path]) -> None:
    """No late on Saturday nor Tuesday: 14 shifts."""
    fewer = ("--set", "agent_groups.clerks.shifts.late.headcount={mon: 1, wed-fri: 1}")
    ran = madoguchi("roster", *files, *fewer)
    assert (ran.status, "Without enough" in ran.out) == (0, False)


def test_tables_and_workbook_are_written(madoguchi: Command, files: tuple[Path, Path], tmp_path: Path) -> None:
    """CSV for programs, Excel for people; a name that looks like a formula stays a name in both."""
    openpyxl = pytest.importorskip("openpyxl")
    ran = madoguchi("roster", *files, "--out", tmp_path / "out", "--excel")
    assert ran.err == f"wrote {tmp_path / 'out'}\n"
    names = ("broken_wishes.csv", "calendar.csv", "hours.csv", "roster.xlsx", "shifts.csv", "uncovered.csv")
    assert tuple(sorted(path.name for path in (tmp_path / "out").iterdir())) == names
    calendar = (tmp_path / "out" / "calendar.csv").read_text().splitlines()
    assert calendar[0].startswith("name,mon 2026-04-06,tue 2026-04-07")
    assert calendar[1] == "Anna,early,early,early,early,early,,"
    assert calendar[4].startswith("'=Dan,")
    assert "8,1,1" in (tmp_path / "out" / "uncovered.csv").read_text()
    book = openpyxl.load_workbook(tmp_path / "out" / "roster.xlsx")
    assert book.sheetnames == ["calendar", "shifts", "hours", "uncovered", "broken_wishes"]
    assert (book["calendar"]["A2"].value, book["calendar"]["B2"].value) == ("Anna", "early")
    assert (book["calendar"]["A5"].value, book["calendar"]["A5"].data_type) == ("=Dan", "s")
    assert book["shifts"].max_row == 16


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--time-limit", "soon"), "--time-limit: got 'soon', must be a duration"),
        (("--gap", "1"), "--gap: got '1', must be a share such as 52 %"),
        (("--excel",), "--excel: goes with --out DIR"),
    ],
)
def test_bad_options_are_refused(
    madoguchi: Command, files: tuple[Path, Path], options: tuple[str, ...], message: str
) -> None:
    """Status 2 before anything is solved."""
    ran = madoguchi("roster", *files, *options)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(message)


def test_bad_people_and_scenarios_without_shifts_are_refused(
    madoguchi: Command, files: tuple[Path, Path], tiny: Path
) -> None:
    """With the place, or what is missing; and no folder is left behind."""
    files[1].write_text("people: {Anna: {skills: [typists]}}")
    ran = madoguchi("roster", *files, "--out", tiny.parent / "out")
    assert (ran.status, ran.out, (tiny.parent / "out").exists()) == (2, "", False)
    assert f"{files[1]}:1:25: people.Anna.skills\n  got 'typists', must be an agent group" in ran.err
    ran = madoguchi("roster", tiny, files[1])
    assert ran.status == 2
    assert "no shift needs anybody" in ran.err
