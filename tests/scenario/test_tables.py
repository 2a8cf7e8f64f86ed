"""Tables that a scenario names: sound ones are read, others refused with file, row and column."""

# ruff: noqa: E501  (one case a line reads as a table)

from datetime import datetime
from pathlib import Path

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.load import load, loads
from tests.scenario.desk import changed

WEEK = changed('{mon-sun: {"00:00": 1}}', "{file: week.csv}")
COUNTS = changed("{rate: 2 per hour}", "{counts: {file: volumes.csv}}")
LOG = changed("{rate: 2 per hour}", "{log: {file: log.csv}}")
STAFF = changed("headcount: 2}", "staffing: {file: staff.csv}}")
SAMPLES = changed("{distribution: exponential, mean: 3 min}", "{distribution: samples, file: waits.csv, column: wait}")

BAD = [
    ("no column", WEEK, "week.csv", "weekday,hour,weight\nmon,09:00,1\n", "week.csv:1:1", "has no column 'time'"),
    ("misspelt column", COUNTS, "volumes.csv", "start,contcts\n", "volumes.csv:1:1", "no column 'contacts'; did you mean 'contcts'?"),
    ("column twice", COUNTS, "volumes.csv", "start,contacts,contacts\n2026-04-06,1,2\n", "volumes.csv:1:3", "there twice"),
    ("column nobody reads", LOG, "log.csv", "time,handletime\n09:00,5\n", "log.csv:1:2", "unknown column 'handletime'; did you mean 'handle_time'?"),
    ("no rows", COUNTS, "volumes.csv", "start,contacts\n", "volumes.csv:1:1", "no rows"),
    ("nothing", COUNTS, "volumes.csv", "", ":15:23", "volumes.csv is empty"),
    ("bad weekday", WEEK, "week.csv", "weekday,time,weight\nmon,09:00,1\nmonday,10:00,1\n", "week.csv:3:1", "got 'monday', must be weekdays"),
    ("bad time", WEEK, "week.csv", "weekday,time,weight\nmon,9,1\n", "week.csv:2:2", "got '9', must be a time of day"),
    ("time twice", WEEK, "week.csv", "weekday,time,weight\nmon,09:00,1\nmon-fri,09:00,2\n", "week.csv:3:2", "each time of a weekday once"),
    ("negative weight", WEEK, "week.csv", "weekday,time,weight\nmon,09:00,-1\n", "week.csv:2:3", "got '-1', must be a number of at least 0"),
    ("missing cell", COUNTS, "volumes.csv", "start,contacts\n2026-04-06 09:00\n", "volumes.csv:2:2", "got nothing"),
    ("not a number", COUNTS, "volumes.csv", "start,contacts\n2026-04-06 09:00,nan\n", "volumes.csv:2:2", "got 'nan'"),
    ("bad start", COUNTS, "volumes.csv", "start,contacts\n06/04/2026,5\n", "volumes.csv:2:1", "a date and time such as"),
    ("start twice", COUNTS, "volumes.csv", "start,contacts\n2026-04-06,5\n2026-04-06 00:00,5\n", "volumes.csv:3:1", "each start once"),
    ("counts of another year", COUNTS, "volumes.csv", "start,contacts\n2025-04-06,5\n", ":15:23", "none lies in the simulated 2026-04-06 to 2026-04-12"),
    ("bad duration", LOG, "log.csv", "time,patience\n09:00,5 mins\n", "log.csv:2:2", "got '5 mins', must be"),
    ("seconds with a word", LOG, "log.csv", "time,patience\n09:00,40 sec\n", "log.csv:2:2", "must be seconds as a plain number, or a duration"),
    ("sheet of a table of text", COUNTS.replace("volumes.csv", "volumes.csv, sheet: April"), "volumes.csv", "start,contacts\n2026-04-06,5\n", ":15:23", "no Excel file and has no sheet 'April'"),
    ("no name", COUNTS.replace("volumes.csv", "''"), "volumes.csv", "", ":15:23", "file has no name"),
    ("negative seconds", LOG, "log.csv", "time,handle_time\n09:00,-5\n", "log.csv:2:2", "got '-5', must be seconds of at least 0"),
    ("half an agent", STAFF, "staff.csv", "start,agents\n2026-04-06,2.5\n", "staff.csv:2:2", "a whole number"),
    ("staff that comes too late", STAFF, "staff.csv", "start,agents\n2027-01-01,2\n", ":25:38", "after the simulated span"),
    (
        *("semicolons", WEEK, "week.csv", "weekday;time;weight\nmon;09:00;1\n", "week.csv:1:1"),
        "its columns are parted by semicolons, must be by commas",
    ),
    ("no sample column", SAMPLES, "waits.csv", "duration\n5\n", "waits.csv:1:1", "has no column 'wait'"),
    ("bad sample", SAMPLES, "waits.csv", "wait\n5\nlong\n", "waits.csv:3:1", "got 'long'"),
    ("not UTF-8", COUNTS, "volumes.csv", b"start,contacts\n\xff\xfe,1\n", ":15:23", "not UTF-8"),
    ("broken quotes", COUNTS, "volumes.csv", 'start,contacts\n"2026-04-06"x,1\n', "volumes.csv:2:1", "not a CSV table"),
    ("no workbook", COUNTS.replace("volumes.csv", "volumes.xlsx"), "volumes.xlsx", "start,contacts\n", ":15:23", "not an Excel workbook"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name", "table", "place", "said"), [case[1:] for case in BAD], ids=[case[0] for case in BAD]
)
def test_a_bad_table_is_refused_with_its_place(
    text: str, name: str, table: str | bytes, place: str, said: str, tmp_path: Path
) -> None:
    """File, row and column; where the table as a whole is wrong, the place that names it."""
    (tmp_path / "desk.yaml").write_text(text, encoding="utf-8")
    (tmp_path / name).write_bytes(table if isinstance(table, bytes) else table.encode())
    with pytest.raises(ScenarioError) as refused:
        load(tmp_path / "desk.yaml")
    (problem,) = refused.value.problems
    assert place in str(problem.place)
    assert said in str(problem)
    assert {file.name for file in tmp_path.iterdir()} == {"desk.yaml", name}


@pytest.mark.parametrize("name", ["../week.csv", "/etc/hostname", "sub/../../week.csv"])
def test_a_table_outside_the_scenarios_folder_is_refused(name: str, tmp_path: Path) -> None:
    """Also one that is there."""
    folder = tmp_path / "inside"
    folder.mkdir()
    (tmp_path / "week.csv").write_text("weekday,time,weight\nmon,09:00,1\n", encoding="utf-8")
    (folder / "desk.yaml").write_text(WEEK.replace("week.csv", name), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"leaves the scenario's folder; put the file beside"):
        load(folder / "desk.yaml")


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """A table is where its link leads."""
    folder = tmp_path / "inside"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text("weekday,time,weight\nmon,09:00,1\n", encoding="utf-8")
    (folder / "week.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "desk.yaml").write_text(WEEK, encoding="utf-8")
    with pytest.raises(ScenarioError, match="leaves the scenario's folder"):
        load(folder / "desk.yaml")


def test_all_bad_cells_of_a_table_are_told_at_once(tmp_path: Path) -> None:
    """Three of them in two rows."""
    (tmp_path / "desk.yaml").write_text(WEEK, encoding="utf-8")
    (tmp_path / "week.csv").write_text("weekday,time,weight\nmo,9,1\ntue,10:00,x\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load(tmp_path / "desk.yaml")
    assert [(one.place.line, one.place.column) for one in refused.value.problems] == [(2, 1), (2, 2), (3, 3)]


def test_a_week_is_read_with_its_holidays(tmp_path: Path) -> None:
    """Rows for several days at once, in any order, with a byte order mark and blank lines."""
    (tmp_path / "desk.yaml").write_text(WEEK, encoding="utf-8")
    table = "\ufeffWeekday,time,weight\nmon-tue,12:00,3\nmon-tue,8:00,1\n\nholiday,10:00,2\n"
    (tmp_path / "week.csv").write_text(table, encoding="utf-8")
    rows = load(tmp_path / "desk.yaml").profiles["flat"].rows
    hour = 3_600_000
    assert rows[0] == rows[1] == ((8 * hour, 1.0), (12 * hour, 3.0))
    assert rows[2] == ()
    assert rows[7] == ((10 * hour, 2.0),)


def test_another_column_and_an_excel_sheet_may_be_named(tmp_path: Path) -> None:
    """Cells of a workbook are read as those of a CSV; columns that nobody asked for are let be."""
    openpyxl = pytest.importorskip("openpyxl")

    book = openpyxl.Workbook()
    sheet = book.create_sheet("April")
    sheet.append(["Start", "phone", "e-mail"])
    sheet.append([datetime(2026, 4, 6, 9), 12, 7])
    sheet.append(["2026-04-06 10:00", 8.5, 3])
    book.save(tmp_path / "volumes.xlsx")
    text = COUNTS.replace("{file: volumes.csv}", "{file: volumes.xlsx, sheet: April, column: phone}")
    (tmp_path / "desk.yaml").write_text(text, encoding="utf-8")
    counts = load(tmp_path / "desk.yaml").contact_types["order"].arrivals["email"].counts
    assert counts is not None
    assert counts.rows == ((datetime(2026, 4, 6, 9), 12.0), (datetime(2026, 4, 6, 10), 8.5))
    (tmp_path / "desk.yaml").write_text(text.replace("sheet: April", "sheet: Aprul"), encoding="utf-8")
    with pytest.raises(ScenarioError, match="has no sheet 'Aprul'; did you mean 'April'"):
        load(tmp_path / "desk.yaml")


def test_samples_are_sorted_milliseconds(tmp_path: Path) -> None:
    """Plain numbers are seconds."""
    (tmp_path / "desk.yaml").write_text(SAMPLES, encoding="utf-8")
    (tmp_path / "waits.csv").write_text("wait,who\n12.5,a\n3 s,b\n1 min,c\n", encoding="utf-8")
    patience = load(tmp_path / "desk.yaml").channels["phone"].patience
    assert patience is not None
    assert patience.samples_ms == (3_000, 12_500, 60_000)


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    """Even if it is named like one."""
    (tmp_path / "desk.yaml").write_text(COUNTS, encoding="utf-8")
    (tmp_path / "volumes.csv").mkdir()
    with pytest.raises(ScenarioError, match=r"volumes\.csv is a folder; name a table in it"):
        load(tmp_path / "desk.yaml")


def test_a_text_names_no_tables(tmp_path: Path) -> None:
    """It has no folder, unless one is given."""
    (tmp_path / "week.csv").write_text("weekday,time,weight\nmon,09:00,1\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="only where the scenario has a folder"):
        loads(WEEK)
    assert loads(WEEK, folder=tmp_path).profiles["flat"].rows[0]
