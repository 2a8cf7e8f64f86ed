"""The journal of plans: every evaluation in an SQLite file, so that a plan that was ended goes on where it was.

What is counted of a replication does not depend on the bounds that it is held against, but for those with `risk`, which
count the periods that keep them, and of percentiles, which count the values within them. Nor does it depend on what a
plan may change or makes least. Plans of scenarios that differ in nothing else find each other's evaluations.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.experiment.judge import question_of
from sim.measure.definitions import Quantile
from sim.scenario.fingerprint import fingerprint
from sim.scenario.model.plan import Plan as Wanted
from sim.staffing.errors import JournalError
from sim.staffing.plan.schedules import Headcounts, Schedules

if TYPE_CHECKING:
    from sim.scenario.model.targets import Target

Ints = NDArray[np.int64]
People = Headcounts | Mapping[str, Sequence[int]]
"""Who is there: headcounts of shifts, or by group people in each interval."""

_TABLES = (
    """
    create table if not exists evaluations (
        scenario text, headcounts text, first integer, number integer, rows integer, tops blob, bottoms blob,
        primary key (scenario, headcounts, first, number)
    ) without rowid
    """,
    "create table if not exists figures (name text primary key, value text) without rowid",
)


class Journal:
    """Evaluations that were made, by what is played and counted, seed, version, headcounts and replications.

    Parameters
    ----------
    path
        Of the file, made if there is none; None keeps nothing.
    schedules, seed
        Whose evaluations are asked: those of others in the same file are left alone.

    Raises
    ------
    JournalError
        If the file cannot be used.
    """

    def __init__(self, path: Path | None, schedules: Schedules, seed: int) -> None:
        self._path = path
        self._key = _digest([played_as(schedules), seed, version("madoguchi")])
        if path is not None and path.is_dir():
            raise JournalError(f"{path}: is a folder; name a file for the journal of evaluations")
        try:
            with ExitStack() as opened:
                connected = sqlite3.connect(":memory:" if path is None else path, isolation_level=None)
                self._file = opened.enter_context(closing(connected))
                self.known = self._prepared(path)
                opened.pop_all()
        except sqlite3.Error as error:
            raise JournalError(
                f"{path}: cannot be used as a journal of evaluations ({error}); name another file"
            ) from None

    def _prepared(self, path: Path | None) -> int:
        """Make the tables that are missing; give the replications that are known."""
        if path is not None:
            self._file.execute("pragma journal_mode = wal")
            self._file.execute("pragma synchronous = normal")
        for table in _TABLES:
            self._file.execute(table)
        (known,) = self._file.execute(
            "select coalesce(sum(number), 0) from evaluations where scenario = ?", (self._key,)
        ).fetchone()
        return int(known)

    def get(self, people: People, first: int, number: int) -> tuple[Ints, Ints] | None:
        """Give (tops, bottoms) of replications `first` and the next ones of these people: as many as were played."""
        known = self._file.execute(
            "select first, number, rows, tops, bottoms from evaluations"
            " where scenario = ? and headcounts = ? and first < ? and first + number > ? order by first, number",
            (self._key, json.dumps(people), first + number, first),
        ).fetchall()
        at, parts = first, []
        for begin, many, rows, tops, bottoms in known:
            if begin <= at < begin + many:
                chosen = slice(at - begin, first + number - begin)
                parts.append([np.frombuffer(sums, np.int64).reshape(many, rows)[chosen] for sums in (tops, bottoms)])
                at = begin + many
        if not parts:
            return None
        return np.concatenate([top for top, _ in parts]), np.concatenate([bottom for _, bottom in parts])

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

    def recall(self, name: str) -> str | None:
        """Give a figure that was kept under a name."""
        found = self._file.execute("select value from figures where name = ?", (name,)).fetchone()
        return None if found is None else str(found[0])

    def keep(self, name: str, value: str) -> None:
        """Keep a figure under a name; it is on the disk when this returns."""
        try:
            self._file.execute("insert or replace into figures values (?, ?)", (name, value))
        except sqlite3.Error as error:
            raise JournalError(f"{self._path}: the journal of evaluations cannot be written ({error})") from None

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def played_as(schedules: Schedules) -> str:
    """Give a digest of all that decides what is played of a schedule, and counted of that."""
    scenario = schedules.scenario
    patterns = () if scenario.plan is None else scenario.plan.patterns
    bare = [pattern.model_copy(update={"headcount": None, "at_most_share": None}) for pattern in patterns]
    same = scenario.model_copy(
        update={
            "targets": tuple(_without_bounds(target) for target in scenario.targets),
            "plan": Wanted.model_construct(patterns=tuple(bare)),
        }
    )
    return _digest([fingerprint(same), schedules.keys])


def _without_bounds(target: Target) -> Target:
    """Give what a target counts: itself, if its bound decides that."""
    if target.risk is not None or isinstance(question_of(target).formula, Quantile):
        return target
    none = {"at_least": None, "at_most": None, "warn": None}
    floor = target.floor
    if floor is not None:
        floor = floor.model_copy(update={"at_least": None, "at_most": None})
    return target.model_copy(update=none | {"floor": floor})


def _digest(said: object) -> str:
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
