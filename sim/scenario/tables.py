"""Tables that a scenario names: CSV and Excel files, read once into plain rows with their places."""

import contextlib
import csv
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sim.scenario import units
from sim.scenario.errors import DataError, Fault, Place, Problem, faulty, got_must_be, suggestion

if TYPE_CHECKING:
    from sim.scenario.quantities import Context

LARGEST_TABLE_BYTES = 512 * 1024 * 1024
EXCEL_SUFFIXES = (".xlsx", ".xlsm")
TABLE_SUFFIXES = (".csv", *EXCEL_SUFFIXES)


class FileName(str):
    """A file's name as written in a scenario, with the folder that it is relative to."""

    __slots__ = ("folder",)
    folder: Path

    def __new__(cls, name: str, folder: Path) -> "FileName":
        """Keep the folder beside the text."""
        made = super().__new__(cls, name)
        made.folder = folder
        return made

    def __getnewargs__(self) -> tuple[str, Path]:  # type: ignore[override]  # what __new__ takes, for copies and pickles
        return str(self), self.folder


class Cell(NamedTuple):
    """One cell of a table and where it stands."""

    text: str
    place: Place


class TableName(NamedTuple):
    """A table as a scenario names it."""

    file: str
    column: str
    """The column of the values."""
    sheet: str | None


TABLE_SCHEMA = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {"file": {"type": "string"}, "column": {"type": "string"}, "sheet": {"type": "string"}},
}
"""JSON Schema of what `table_named` reads."""


def table_named(value: dict[str, Any], column: str) -> TableName:
    """Read `{file: volumes.csv, column: …, sheet: …}`; `column` is the default."""
    allowed = ("file", "column", "sheet")
    faults = [
        Fault(f"unknown key{suggestion(key, allowed)}", (key,), on_key=True) for key in value if key not in allowed
    ]
    faults += [
        Fault(got_must_be(given, "a text"), (key,))
        for key, given in value.items()
        if key in allowed and not isinstance(given, str)
    ]
    if faults:
        raise faulty(*faults)
    return TableName(value["file"], value.get("column", column), value.get("sheet"))


@dataclass
class Tables:
    """Reads tables below one folder and remembers their digests, for the scenario's hash."""

    root: Path
    """The scenario's folder, absolute."""
    digests: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each file read, by its path relative to the root."""
    _cache: dict[tuple[str, str | None], list[tuple[int, list[str]]]] = field(default_factory=dict)

    def path_of(self, name: str) -> Path:
        """Give the absolute path of a file named in the scenario.

        Raises
        ------
        DataError
            If the path leaves the scenario's folder or is not a file of bearable size.
        """
        if not name:
            raise _unreadable("file", "has no name; name a table beside the scenario or below it")
        folder = name.folder if isinstance(name, FileName) else self.root
        path = (folder / name).resolve()
        folder = path.parent
        if not path.is_relative_to(self.root):
            raise _unreadable(name, "leaves the scenario's folder; put the file beside the scenario or below it")
        if path.is_dir():
            raise _unreadable(name, "is a folder; name a table in it")
        if not path.is_file():
            tables = (
                [file.name for file in folder.iterdir() if file.suffix in TABLE_SUFFIXES] if folder.is_dir() else []
            )
            raise _unreadable(name, f"is not there{suggestion(path.name, tables) if tables else ''}")
        if path.stat().st_size > LARGEST_TABLE_BYTES:
            raise _unreadable(name, f"is larger than {LARGEST_TABLE_BYTES // 1024**2} MiB")
        return path

    def read(
        self, file: str, sheet: str | None, needed: Sequence[str], optional: Sequence[str] | None = None
    ) -> list[tuple[Cell, ...]]:
        """Read columns of a table.

        Parameters
        ----------
        file, sheet
            As written in the scenario (`.csv` or `.xlsx`); the first sheet if None.
        needed
            Columns that the table must have.
        optional
            Columns that it may have, then all others are refused; None lets others be.

        Returns
        -------
        list of tuple of Cell
            Rows that are not empty, each with its cells in the order `needed`, `optional`; a missing one is empty.
        """
        (first_line, header), *body = self._rows(file, sheet, needed)
        columns = [text.strip().lower() for text in header]
        if (mark := _parted_by(columns)) is not None:
            message = f"its columns are parted by {mark}, must be by commas"
            raise DataError([Problem(Place(file, first_line, 1), "", message)])
        wanted = [column.lower() for column in (*needed, *(optional or ()))]
        problems = [
            Problem(Place(file, first_line, 1), "", f"has no column '{column}'{suggestion(column, columns)}")
            for column in needed
            if column.lower() not in columns
        ]
        for position, column in enumerate(columns):
            place = Place(file, first_line, position + 1)
            if columns.index(column) != position and column in wanted:
                problems.append(Problem(place, "", f"column '{column}' is there twice"))
            elif optional is not None and column and column not in wanted:
                problems.append(Problem(place, "", f"unknown column '{column}'{suggestion(column, wanted)}"))
        if not problems and not body:
            problems.append(Problem(Place(file, first_line, 1), "", "has a header but no rows"))
        if problems:
            raise DataError(problems)
        where = [columns.index(column) if column in columns else None for column in wanted]
        return [tuple(_cell(file, line, texts, position) for position in where) for line, texts in body]

    def columns(self, file: str, sheet: str | None) -> tuple[str, ...]:
        """Give the names of a table's columns, as they are written."""
        (_, header), *_ = self._rows(file, sheet, ())
        return tuple(text.strip() for text in header)

    def has_column(self, table: TableName, column: str) -> bool:
        """Tell whether a table has a column."""
        return column in [name.lower() for name in self.columns(table.file, table.sheet)]

    def weekly_steps(
        self, table: TableName, read_value: Callable[[object], float]
    ) -> tuple[tuple[tuple[int, float], ...], ...]:
        """Read columns weekday, time and a value as eight rows (holidays last) of (ms of the day, value)."""
        rows: list[dict[int, float]] = [{} for _ in range(8)]
        problems: list[Problem] = []
        for days_cell, time_cell, value_cell in self.read(table.file, table.sheet, ("weekday", "time", table.column)):
            days = read_cell(days_cell, units.read_row_days, problems)
            of_day = read_cell(time_cell, units.read_time_of_day, problems)
            value = read_cell(value_cell, read_value, problems)
            if days is None or of_day is None or value is None:
                continue
            if of_day >= units.DAY_MS or any(of_day in rows[day] for day in days):
                problems.append(bad_cell(time_cell, "each time of a weekday once, before 24:00"))
            for day in days:
                rows[day][of_day] = value
        if problems:
            raise DataError(problems)
        return tuple(tuple(sorted(row.items())) for row in rows)

    def dated(
        self, table: TableName, read_value: Callable[[object], float], first_day: date | None
    ) -> tuple[tuple[datetime, float], ...]:
        """Read columns start and a value as (wall-clock time, value), sorted; each time once."""
        rows: dict[datetime, float] = {}
        problems: list[Problem] = []
        for start_cell, value_cell in self.read(table.file, table.sheet, ("start", table.column)):
            start = read_cell(start_cell, lambda text: units.read_datetime(text, first_day), problems)
            value = read_cell(value_cell, read_value, problems)
            if start is None or value is None:
                continue
            if start in rows:
                problems.append(bad_cell(start_cell, "each start once"))
            rows[start] = value
        if problems:
            raise DataError(problems)
        return tuple(sorted(rows.items()))

    def log(self, table: TableName, durations: Sequence[str], first_day: date | None) -> tuple["LogRow", ...]:
        """Read a log of contacts: column time and any of `durations`, sorted by time, ties as in the file."""
        rows: list[LogRow] = []
        problems: list[Problem] = []
        for time_cell, *cells in self.read(table.file, table.sheet, ("time",), durations):
            time = read_cell(time_cell, lambda text: units.read_datetime(text, first_day), problems)
            values = [read_cell(cell, read_seconds_or_duration, problems) if cell.text else None for cell in cells]
            if time is not None:
                rows.append(LogRow(time, tuple(values)))
        if problems:
            raise DataError(problems)
        return tuple(sorted(rows, key=lambda row: row.time))

    def samples(self, table: TableName) -> tuple[int, ...]:
        """Read one column of durations, in milliseconds, sorted."""
        problems: list[Problem] = []
        values = [
            read_cell(cell, read_seconds_or_duration, problems)
            for (cell,) in self.read(table.file, table.sheet, (table.column,))
        ]
        if problems:
            raise DataError(problems)
        return tuple(sorted(value for value in values if value is not None))

    def _rows(self, file: str, sheet: str | None, needed: Sequence[str]) -> list[tuple[int, list[str]]]:
        path = self.path_of(file)
        if sheet is not None and path.suffix.lower() not in EXCEL_SUFFIXES:
            raise _unreadable(file, f"is no Excel file and has no sheet '{sheet}'; leave `sheet` out")
        relative = path.relative_to(self.root).as_posix()
        if (relative, sheet) not in self._cache:
            read = _excel_rows(path, file, sheet) if path.suffix.lower() in EXCEL_SUFFIXES else _csv_rows(path, file)
            self._cache[relative, sheet] = [row for row in read if any(text.strip() for text in row[1])]
            self.digests[relative] = _digest(path)
        rows = self._cache[relative, sheet]
        if not rows:
            columns = f" with the columns {', '.join(needed)}" if needed else ""
            raise _unreadable(file, f"is empty; it needs a header{columns}")
        return rows


class LogRow(NamedTuple):
    """One contact of a log: when, and the durations that were asked for, in milliseconds."""

    time: datetime
    durations_ms: tuple[int | None, ...]


def tables_of(context: "Context") -> Tables:
    """Give the reader of tables of a validation."""
    if context.tables is None:
        raise faulty(Fault("files can be read only where the scenario has a folder; load it from a file"))
    return context.tables


def read_seconds_or_duration(text: object) -> int:
    """Read a cell: a plain number is seconds, else a duration with its unit; whole milliseconds."""
    try:
        number = float(str(text))
    except ValueError:
        try:
            return units.read_duration(text)
        except ValueError as rule:
            raise ValueError(f"seconds as a plain number, or {rule}") from None
    if not 0 <= number <= units.LONGEST_MS / units.SECOND_MS:
        raise ValueError("seconds of at least 0, or a duration such as 6 min")
    return round(number * units.SECOND_MS)


Value = TypeVar("Value")


def read_cell(cell: Cell, read: Callable[[object], Value], problems: list[Problem]) -> Value | None:
    """Read a cell as a number if it looks like one, else as a text; note what is wrong with it."""
    plain: object = cell.text
    try:
        plain = int(cell.text)
    except ValueError:
        with contextlib.suppress(ValueError):
            plain = float(cell.text)
    for given in (plain, cell.text):
        try:
            return read(given)
        except ValueError as error:
            rule = str(error)
    problems.append(bad_cell(cell, rule))
    return None


def bad_cell(cell: Cell, rule: str) -> Problem:
    """Say of a cell what it must be."""
    return Problem(cell.place, "", got_must_be(cell.text or None, rule))


def _cell(name: str, line: int, texts: Sequence[str], position: int | None) -> Cell:
    if position is None:
        return Cell("", Place(name, line, 1))
    text = texts[position].strip() if position < len(texts) else ""
    return Cell(text, Place(name, line, position + 1))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _csv_rows(path: Path, name: str) -> list[tuple[int, list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            return [(reader.line_num, row) for row in reader]
    except UnicodeDecodeError as error:
        raise _unreadable(name, f"is not UTF-8 text (byte {error.start})") from None
    except csv.Error as error:
        raise DataError([Problem(Place(name, reader.line_num, 1), "", f"is not a CSV table: {error}")]) from None


def _excel_rows(path: Path, name: str, sheet: str | None) -> list[tuple[int, list[str]]]:
    try:
        import openpyxl  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415  (an extra)
    except ImportError:
        raise _unreadable(
            name, "is an Excel file, which needs the extra: pip install 'madoguchi[excel]'; or save it as CSV"
        ) from None
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever its zip and XML readers raise
        raise _unreadable(name, f"is not an Excel workbook: {error}") from None
    try:
        if sheet is not None and sheet not in book.sheetnames:
            raise _unreadable(name, f"has no sheet '{sheet}'{suggestion(sheet, book.sheetnames)}")
        cells = book[sheet] if sheet is not None else book.worksheets[0]
        return [
            (line, ["" if value is None else str(value) for value in row])
            for line, row in enumerate(cells.iter_rows(values_only=True), start=1)
        ]
    finally:
        book.close()


def _parted_by(columns: list[str]) -> str | None:
    """Tell what a spreadsheet parted the columns by, if not by commas."""
    marks = {";": "semicolons", "\t": "tabs"}
    return next((name for mark, name in marks.items() if len(columns) == 1 and mark in columns[0]), None)


def _unreadable(name: str, message: str) -> DataError:
    return DataError([Problem(Place(str(name)), "", message)])
