"""The examples of README.md: found by their marks, run, and, as a script, renewed.

``python tests/readme.py`` writes the output that the commands print today into README.md.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

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
    program, *arguments = shlex.split(command)
    assert program == "madoguchi"
    run = [sys.executable, "-c", "from sim.cli.main import main; main()", *arguments]
    environment = {**os.environ, "COLUMNS": COLUMNS, "NO_COLOR": "1"}
    ran = subprocess.run(run, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return "".join(f"{line.rstrip()}\n" for line in ran.stdout.strip("\n").split("\n"))


def printed_by_commands() -> dict[str, str]:
    """Return what each command of README.md prints today."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in blocks("file").items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        return {command: printed(command, Path(folder)) for command in blocks("output")}


if __name__ == "__main__":
    renewed = README.read_text(encoding="utf-8")
    for command, text in blocks("output").items():
        renewed = renewed.replace(text, printed_by_commands()[command])
    README.write_text(renewed, encoding="utf-8")
