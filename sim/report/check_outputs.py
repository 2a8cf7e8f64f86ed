"""Where the verdicts of a check go besides the terminal: JUnit XML, a step's summary, annotations, new baselines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sim.check.errors import CheckError
from sim.report.annotations import notes, notes_of_refusal
from sim.report.check_report import markdown, markdown_of_refusal
from sim.report.folder import OutputError, OutputFolder
from sim.report.junit import junit_of_refusal, junit_xml
from sim.scenario.errors import ScenarioError

if TYPE_CHECKING:
    from sim.check.verdicts import Verdicts


class Outputs:
    """The files that a check writes, proven to be writable before anything runs.

    A check that is refused (a broken scenario, nothing to check) writes them too, so that no file of an earlier check
    is taken for its own.

    Parameters
    ----------
    junit, summary
        Names of files; None for none.
    step_summary
        A file that Markdown is added to, if `summary` is none.
    annotate
        Prints an annotation; None for none.

    Raises
    ------
    OutputError
        On entering, if a file cannot be written.
    """

    def __init__(
        self, junit: str | None, summary: str | None, step_summary: str | None, annotate: Callable[[str], None] | None
    ) -> None:
        self._files = {"--junit": junit, "--summary": summary}
        self._step_summary = Path(step_summary) if step_summary and summary is None else None
        self._annotate = annotate
        self._stack = ExitStack()
        self._open: dict[str, tuple[OutputFolder, str]] = {}

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for option, name in self._files.items():
                if name is not None:
                    path = Path(name)
                    if not name or path.is_dir():
                        raise OutputError(f"{option} {name}: is {'a folder' if name else 'empty'}; name a file")
                    self._open[option] = stack.enter_context(OutputFolder(path.parent, option)), path.name
            if self._step_summary is not None:
                self._add("")
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._stack:
            if isinstance(error, CheckError | ScenarioError):
                where = error.problems[0].place.source if isinstance(error, ScenarioError) else "check"
                problems = error.problems if isinstance(error, ScenarioError) else ()
                self._write(junit_of_refusal(where, str(error), problems), markdown_of_refusal(str(error)))
                self._print(notes_of_refusal(error))

    def write(self, verdicts: Verdicts) -> None:
        """Write the verdicts everywhere."""
        self._write(junit_xml(verdicts), markdown(verdicts))
        self._print(notes(verdicts))

    def _print(self, lines: Iterable[str]) -> None:
        if self._annotate is not None:
            for line in lines:
                self._annotate(line)

    def _write(self, junit: str, summary: str) -> None:
        for option, text in (("--junit", junit), ("--summary", summary)):
            if option in self._open:
                folder, name = self._open[option]
                with folder.writing(name) as file:
                    file.write(text)
                folder.publish()
        if self._step_summary is not None:
            self._add(summary)

    def _add(self, text: str) -> None:
        assert self._step_summary is not None, "asked for"
        try:
            with self._step_summary.open("a", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise OutputError(f"step summary {self._step_summary}: cannot be written to ({error.strerror})") from error


def write_baselines(verdicts: Verdicts, folders: dict[Path, OutputFolder]) -> list[Path]:
    """Write the new baselines, and say where.

    Parameters
    ----------
    folders
        By folder, proven to be writable.
    """
    written = []
    for one in verdicts.files:
        if one.renewed is not None:
            path = Path(one.renewed.path)
            folder = folders[path.parent]
            with folder.writing(path.name) as file:
                file.write(one.renewed.text)
            written += folder.publish()
    return written
