"""Tables as CSV that spreadsheets and programs read alike.

Comma-separated UTF-8 with a header. Numbers have a decimal point and all their digits; instants are ISO 8601 with their
offset from UTC; what never happened is an empty cell. A byte order mark stands in front only where a text is not plain
ASCII, because Excel misreads such files without it.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final, TextIO

if TYPE_CHECKING:
    import pandas as pd

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins with one of them is run as a formula by spreadsheets (OWASP, "CSV Injection")."""

_BYTE_ORDER_MARK: Final = "\ufeff"


def write_csv(table: pd.DataFrame, file: TextIO) -> None:
    """Write a table's columns (not its index) as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([as_text(str(name)) for name in table.columns])
    writer.writerows(zip(*(_cells(table.iloc[:, number]) for number in range(table.shape[1])), strict=True))
    content = text.getvalue()
    file.write(content if content.isascii() else _BYTE_ORDER_MARK + content)


def as_text(text: str) -> str:
    """Mark a text that a spreadsheet would run as a formula with an apostrophe, as spreadsheets themselves do."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def _cells(column: pd.Series[Any]) -> list[str]:
    """Write the values of one column."""
    missing = column.isna().to_numpy()
    return ["" if empty else _cell(value) for value, empty in zip(column.tolist(), missing, strict=True)]


def _cell(value: object) -> str:
    if isinstance(value, str):
        return as_text(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if hasattr(value, "isoformat"):
        # Always to the millisecond, so that the column sorts as text and every row reads alike.
        return str(value.isoformat(timespec="milliseconds"))
    return str(value)
