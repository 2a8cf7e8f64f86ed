"""A table of figures with its title and the definitions below it, laid out for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

INDENT: Final = 2
GAP: Final = 3
"""Blanks between two columns."""
LEAST_LABEL: Final = 32
"""Columns that labels keep where longer ones are wrapped."""


def indented(text: Text, console: Console, options: ConsoleOptions, by: int = INDENT) -> Iterator[Text]:
    """Wrap a text and move it in, without blanks at the ends of lines."""
    for line in text.wrap(console, max(options.max_width - by, 1)):
        yield Text(" " * by) + line


@dataclass(frozen=True)
class Line:
    """One measure of all items."""

    label: str
    cells: tuple[str, ...]
    """One text an item."""


@dataclass(frozen=True)
class Grid:
    """Figures by measure (down) and item (across).

    All texts are shown as they are: nothing in a scenario's names is read as markup.
    """

    title: str
    items: tuple[str, ...]
    """Heads of the columns; one empty text for a table of a single column without head."""
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    """What the measures mean and whom they count."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Lay out for the console's width: items that do not fit beside each other go into further blocks.

        Long labels are wrapped where that saves a block.
        """
        yield Text(self.title, style="bold")
        labels = max((cell_len(line.label) for line in self.lines), default=0)
        blocks = list(self._blocks(options.max_width, labels))
        if labels > LEAST_LABEL:
            narrow = list(self._blocks(options.max_width, LEAST_LABEL))
            if len(narrow) < len(blocks):
                labels, blocks = LEAST_LABEL, narrow
        for number, items in enumerate(blocks):
            if number:
                yield Text()
            yield Padding(self._table(items, labels), (0, 0, 0, INDENT), expand=False)
        for note in self.notes:
            yield from indented(Text(note, style="dim"), console, options)

    def _blocks(self, width: int, labels: int) -> Iterator[list[int]]:
        """Cut the items into runs that fit beside labels of a width."""
        block: list[int] = []
        taken = INDENT + labels
        for item, head in enumerate(self.items):
            needs = GAP + max(cell_len(text) for text in (head, *(line.cells[item] for line in self.lines)))
            if block and taken + needs > width:
                yield block
                block, taken = [], INDENT + labels
            block.append(item)
            taken += needs
        if block:
            yield block

    def _table(self, items: list[int], labels: int) -> Table:
        heads = [self.items[item] for item in items]
        table = Table(box=None, pad_edge=False, show_header=any(heads), padding=(0, 0, 0, GAP), collapse_padding=False)
        table.add_column("", overflow="fold", max_width=labels)
        for head in heads:
            table.add_column(Text(head, style="bold"), justify="right", overflow="fold")
        for line in self.lines:
            table.add_row(Text(line.label), *(Text(line.cells[item]) for item in items))
        return table
