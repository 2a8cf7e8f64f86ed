"""The journal of a plan: every evaluation in an SQLite file, so that a plan that was ended goes on where it was."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.staffing.errors import JournalError
from sim.staffing.plan.schedules import Headcounts

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

Ints = NDArray[np.int64]
People = Headcounts | Mapping[str, Sequence[int]]
"""Who is there: headcounts of shifts, or by group people in each interval."""

_TABLE = """
create table if not exists evaluations (
    scenario text, headcounts text, first integer, number integer, rows integer, tops blob, bottoms blob,
    primary key (scenario, headcounts, first, number)
) without rowid
"""


class Journal:
    """Evaluations that were made, by scenario, seed, version, headcounts and replications.

    Parameters
    ----------
    path
        Of the file, made if there is none; None keeps nothing.
    scenario, seed
        Whose evaluations are asked: those of others in the same file are left alone.

    Raises
    ------
    JournalError
        If the file cannot be used.
    """

    def __init__(self, path: Path | None, scenario: Scenario, seed: int) -> None:
        self._path = path
        self._key = hashlib.sha256(json.dumps([scenario.hash, seed, version("madoguchi")]).encode()).hexdigest()
        if path is not None and path.is_dir():
            raise JournalError(f"{path}: is a folder; name a file for the journal of evaluations")
        try:
            self._file = sqlite3.connect(":memory:" if path is None else path, isolation_level=None)
            if path is not None:
                self._file.execute("pragma journal_mode = wal")
                self._file.execute("pragma synchronous = normal")
            self._file.execute(_TABLE)
            (self.known,) = self._file.execute(
                "select coalesce(sum(number), 0) from evaluations where scenario = ?", (self._key,)
            ).fetchone()
        except sqlite3.Error as error:
            raise JournalError(
                f"{path}: cannot be used as a journal of evaluations ({error}); name another file"
            ) from None

    def get(self, people: People, first: int, number: int) -> tuple[Ints, Ints] | None:
        """Give (tops, bottoms) of replications `first` and the next ones of these people, if they were played."""
        found = self._file.execute(
            "select rows, tops, bottoms from evaluations"
            " where scenario = ? and headcounts = ? and first = ? and number = ?",
            (self._key, json.dumps(people), first, number),
        ).fetchone()
        if found is None:
            return None
        rows, tops, bottoms = found
        return (
            np.frombuffer(tops, np.int64).reshape(number, rows),
            np.frombuffer(bottoms, np.int64).reshape(number, rows),
        )

    def put(self, people: People, first: int, number: int, tops: Ints, bottoms: Ints) -> None:
        """Keep what was played; it is on the disk when this returns."""
        try:
            self._file.execute(
                "insert or replace into evaluations values (?, ?, ?, ?, ?, ?, ?)",
                (
                    self._key,
                    json.dumps(people),
                    first,
                    number,
                    tops.shape[1],
                    np.ascontiguousarray(tops, np.int64).tobytes(),
                    np.ascontiguousarray(bottoms, np.int64).tobytes(),
                ),
            )
        except sqlite3.Error as error:
            raise JournalError(f"{self._path}: the journal of evaluations cannot be written ({error})") from None

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
