"""The examples of README.md: found by their marks, run, and, as a script, renewed.

``python tests/readme.py`` writes the output that the commands print today into README.md.
"""

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from pathlib import Path
from unittest import mock

from sim.cli.main import main

README = Path(__file__).parent.parent / "README.md"
COLUMNS = "100"
_BLOCK = re.compile(r"<!-- (?P<kind>file|output|doctest): (?P<name>.+?) -->\n```\w*\n(?P<text>.*?)```\n", re.DOTALL)


def blocks(kind: str) -> dict[str, str]:
    """Return the marked blocks of a kind by name.

    A mark is a comment on the line before the block: ``file: NAME`` is a file to write, ``output: COMMAND`` what the
    command prints in a folder with these files, ``doctest: NAME`` Python with its output.
    """
    found = _BLOCK.finditer(README.read_text(encoding="utf-8"))
    return {match["name"]: match["text"] for match in found if match["kind"] == kind}


def printed(command: str, folder: Path) -> str:
    """Return what a ``madoguchi`` command prints in a folder, without spaces at line ends."""
    arguments = shlex.split(command)
    assert arguments[0] == "madoguchi"
    shown = io.StringIO()
    settings = {**os.environ, "COLUMNS": COLUMNS, "NO_COLOR": "1"}
    with (
        mock.patch.dict(os.environ, settings),
        mock.patch.object(sys, "argv", arguments),
        contextlib.chdir(folder),
        contextlib.redirect_stdout(shown),
    ):
        try:
            main()
        except SystemExit as ended:
            if ended.code:
                raise
    return "".join(f"{line.rstrip()}\n" for line in shown.getvalue().strip("\n").split("\n"))


def printed_by_commands() -> dict[str, str]:
    """Return what each command of README.md prints today."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in blocks("file").items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        return {command: printed(command, Path(folder)) for command in blocks("output")}


if __name__ == "__main__":
    renewed = README.read_text(encoding="utf-8")
    today = printed_by_commands()
    for command, text in blocks("output").items():
        renewed = renewed.replace(text, today[command])
    README.write_text(renewed, encoding="utf-8")
