"""Folders of runs. An output folder: files are written under temporary names and renamed together at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO


class OutputError(Exception):
    """A folder that cannot be written to; the text says which, why, and what to do."""


class StoredRunError(Exception):
    """A folder without a run that can be read; the text says what to do."""


class OutputFolder:
    """A folder that takes the files of a run, all of them or none.

    Entering creates the folder and proves that it can be written to, so that a mistake is found before anything runs.
    Leaving removes temporary files, and the folder too if it was made here and stayed empty. Other files of the folder
    are left alone.

    Parameters
    ----------
    path
        The folder; made, with those above it, if it does not exist.
    option
        That named it, for errors.

    Raises
    ------
    OutputError
        On entering, if `path` cannot be made or written to.
    """

    def __init__(self, path: Path, option: str = "--out") -> None:
        self.path = path
        self._option = option
        self._made: list[Path] = []
        self._staged: dict[Path, Path] = {}

    def __enter__(self) -> Self:
        try:
            for folder in reversed([self.path, *self.path.parents]):
                if not folder.exists():
                    folder.mkdir()
                    self._made.append(folder)
            probe = self._temporary("probe")
            probe.touch(exist_ok=False)
            probe.unlink()
        except OSError as error:
            self._remove_made()
            reason = "is a file" if self.path.is_file() else f"cannot be written to ({error.strerror or error})"
            raise OutputError(f"{self._option} {self.path}: {reason}; name a folder that you may write to") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for temporary in self._staged.values():
            temporary.unlink(missing_ok=True)
        self._remove_made()

    @contextmanager
    def writing(self, name: str) -> Iterator[TextIO]:
        """Open a file for UTF-8 text (lines end in a line feed on every system); it appears with `publish`."""
        temporary = self._temporary(name)
        self._staged[self.path / name] = temporary
        with temporary.open("w", encoding="utf-8", newline="") as file:
            yield file

    def put(self, name: str, content: bytes) -> None:
        """Write a file that is no text; it appears with `publish`."""
        temporary = self._temporary(name)
        self._staged[self.path / name] = temporary
        temporary.write_bytes(content)

    def publish(self) -> list[Path]:
        """Give the files their names, in the order of writing; files of an earlier run are replaced."""
        published = []
        for final in list(self._staged):
            os.replace(self._staged[final], final)
            del self._staged[final]
            published.append(final)
        return published

    def _temporary(self, name: str) -> Path:
        return self.path / f".{name}.{os.getpid()}.part"

    def _remove_made(self) -> None:
        for folder in reversed(self._made):
            try:
                folder.rmdir()
            except OSError:  # it holds what was published, or somebody else's file
                return
