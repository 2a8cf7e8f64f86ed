"""README.md says what happens: its files, commands and Python are run and its output compared."""

import doctest
import os
from pathlib import Path

import pytest

from tests.readme import README, blocks, printed_by_commands

ROOT = README.parent


def test_commands_print_what_is_written() -> None:
    """Each command of README.md prints what stands there (renew it with `python tests/readme.py`)."""
    assert blocks("output")
    assert printed_by_commands() == blocks("output")


@pytest.mark.parametrize("name", blocks("doctest"))
def test_python_gives_what_is_written(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python of README.md, run in the repository's folder, gives the output that stands there."""
    monkeypatch.chdir(ROOT)
    test = doctest.DocTestParser().get_doctest(blocks("doctest")[name], {}, name, str(README), 0)
    said: list[str] = []
    results = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=said.append)
    assert results.attempted > 0
    assert results.failed == 0, "".join(said)


def test_links_lead_somewhere() -> None:
    """Every relative link of the documents leads to a file of the repository."""
    for document in (
        README,
        ROOT / "CONTRIBUTING.md",
        ROOT / "scenarios" / "README.md",
        ROOT / "scenarios" / "it_help_desk" / "README.md",
    ):
        targets = [part.split(")")[0] for part in document.read_text(encoding="utf-8").split("](")[1:]]
        local = [target for target in targets if not target.startswith(("https://", "#"))]
        assert [target for target in local if not (document.parent / target.split("#")[0]).exists()] == []


def test_ci_finds_its_commands() -> None:
    """The marks by which `.ci/run` finds the two commands stand in README.md, each before a block."""
    text = README.read_text(encoding="utf-8")
    for name in ("scenario", "tests"):
        assert f"<!-- ci: {name} -->\n```sh\n" in text
    assert os.access(Path(ROOT / ".ci" / "run"), os.X_OK)
