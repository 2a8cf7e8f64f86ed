"""The verdicts of a check: a table for a terminal, Markdown for the summary of a CI step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from sim.report.grid import INDENT, indented
from sim.report.targets import STYLES

if TYPE_CHECKING:
    from sim.check.verdicts import Verdicts

WIDEST: Final = 11
"""Of the column of verdicts."""

NOTE: Final = (
    "pass: the whole interval keeps the bound; fail: none of it does; undecided: more replications may tell"
    " (--max-replications). All looks at a target err together in at most 5 %, half of it on either side."
)


class CheckReport:
    """The verdicts of a check, file by file.

    Parameters
    ----------
    verdicts
        Of the check.
    """

    def __init__(self, verdicts: Verdicts) -> None:
        self._verdicts = verdicts

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Lay out file by file, with what the check came to below."""
        for file in self._verdicts.files:
            yield Text(f"{file.file}: {file.scenario}", style="bold")
            for one in file:
                first, *more = indented(Text(one.name), console, options, by=INDENT + WIDEST)
                yield Text.assemble(
                    " " * INDENT, (f"{one.verdict:<{WIDEST}}", STYLES[one.verdict]), first.plain.strip()
                )
                yield from more
                yield from indented(Text(one.said(), style="dim"), console, options, by=INDENT + WIDEST)
        yield from indented(Text(NOTE, style="dim"), console, options)
        yield Text(self._verdicts.said())


def markdown(verdicts: Verdicts) -> str:
    """Give the verdicts as Markdown, a row each."""
    lines = [f"### madoguchi check: {'passed' if verdicts.passed else 'not passed'}", "", verdicts.said(), ""]
    lines += ["| verdict | scenario | target | found |", "| --- | --- | --- | --- |"]
    for file in verdicts.files:
        for one in file:
            name = one.name if one.place.line is None else f"{one.name} (line {one.place.line})"
            cells = (one.verdict, file.file, name, one.said())
            lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def markdown_of_refusal(message: str) -> str:
    """Say as Markdown that a check could not be made, and why."""
    quoted = "\n".join(f"    {line}" for line in message.split("\n"))
    return f"### madoguchi check: refused\n\n{quoted}\n"


def _cell(text: str) -> str:
    """Write a text so that Markdown shows it as it is, on one line."""
    for character in "\\`*_[]<>|":
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", "<br>")
