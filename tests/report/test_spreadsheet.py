"""Tables as CSV: what a spreadsheet and a program read."""

import csv
import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from sim.report.spreadsheet import write_csv

PARIS = ZoneInfo("Europe/Paris")


def written(table: pd.DataFrame) -> str:
    """Return the table as CSV."""
    file = io.StringIO()
    write_csv(table, file)
    return file.getvalue()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-phone", "@desk", "\tphone", '=HYPERLINK("x","y")'])
def test_a_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    """A channel's name is never run: an apostrophe marks it as text, in cells and in the header."""
    header, cell = csv.reader(io.StringIO(written(pd.DataFrame({text: [text]}))))
    assert header == cell == [f"'{text}"]


def test_a_negative_number_stays_a_number() -> None:
    """The minus sign of a number is not a formula."""
    assert written(pd.DataFrame({"low": [-0.25, 3.0], "count": [-4, 5]})) == "low,count\n-0.25,-4\n3,5\n"


def test_what_never_happened_is_an_empty_cell() -> None:
    """Missing numbers, texts and instants are all empty."""
    table = pd.DataFrame(
        {
            "wait": [float("nan")],
            "agent": pd.array([None], "Int64"),
            "name": [None],
            "left": pd.DatetimeIndex([pd.NaT], tz=PARIS),
        }
    )
    assert written(table) == "wait,agent,name,left\n,,,\n"


def test_instants_have_their_offset_from_utc() -> None:
    """The hour that a clock change repeats is told apart by its offset."""
    first = pd.Timestamp(datetime(2026, 10, 25, 2, 30, tzinfo=PARIS))
    second = first + pd.Timedelta(hours=1)
    assert written(pd.DataFrame({"at": [first, second]})) == (
        "at\n2026-10-25T02:30:00.000+02:00\n2026-10-25T02:30:00.000+01:00\n"
    )


def test_commas_and_quotes_are_kept() -> None:
    """A name with a comma or a quote comes back as it was."""
    names = ["billing, foreign", 'the "gold" desk', "two\nlines"]
    rows = list(csv.reader(io.StringIO(written(pd.DataFrame({"name": names})))))
    assert rows == [["name"], *([name] for name in names)]


def test_a_byte_order_mark_stands_before_what_is_not_ascii() -> None:
    """Excel reads UTF-8 by the mark; plain files do without."""
    assert written(pd.DataFrame({"name": ["電話"]})) == "\ufeffname\n電話\n"
    assert written(pd.DataFrame({"name": ["phone"]})) == "name\nphone\n"
