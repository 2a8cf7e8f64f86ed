"""Named people and their contracts, read from YAML or a table (CSV, Excel).

    everybody: {rest: 11 h, longest_run: 5}
    people:
      Anna: {hours: 40 h, skills: [agents], days_off: [sat-sun, 2026-04-10], wishes: [off fri, prefer early]}

In a table the columns are `name` and the same keys, several values parted by semicolons.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from sim.scenario.counts import read_count, read_positive_count
from sim.scenario.errors import DataError, Place, Problem, ScenarioError, got_must_be, suggestion
from sim.scenario.tables import TABLE_SUFFIXES, FileName, Tables
from sim.scenario.units import HOUR_MS, read_duration, read_positive
from sim.scenario.yaml_text import Node, read_yaml
from sim.staffing.roster.posts import Post
from sim.staffing.roster.wishes import NO_DAYS, Days, Wish, read_day, read_wish


@dataclass(frozen=True)
class Person:
    """Somebody, and what their contract says."""

    name: str
    skills: tuple[str, ...] | None = None
    """Agent groups whose shifts they can work; None: all."""
    hours: int | None = None
    """Most paid ms a week; None: no limit."""
    at_least: int = 0
    """Paid ms a week that the contract guarantees."""
    days_off: Days = NO_DAYS
    """On which they never work."""
    off_per_week: int = 0
    """Least days off from Monday to Sunday."""
    rest: int = 11 * HOUR_MS
    """Least ms from the end of a shift to the begin of the next."""
    longest_run: int = 6
    """Most days at work in a row."""
    run_before: int = 0
    """Days at work in a row just before the scenario's first day."""
    wishes: tuple[Wish, ...] = ()

    def may_fill(self, post: Post) -> bool:
        """Tell whether skill and days off let them fill a post."""
        return (self.skills is None or post.group in self.skills) and not self.days_off.has(post.on)


KEYS: Final = tuple(one.name for one in fields(Person) if one.name != "name")


def read_people(path: str | Path, posts: Sequence[Post]) -> tuple[Person, ...]:
    """Read people from a YAML file or a table, in the order of the file.

    Parameters
    ----------
    path
        `.yaml`, `.yml`, `.csv`, `.xlsx`.
    posts
        What they are to fill: skills and wishes name its groups and shifts.

    Raises
    ------
    ScenarioError
        With the place of everything that is wrong.
    """
    path = Path(path)
    reading = _Reading(posts)
    people = reading.table(path) if path.suffix.lower() in TABLE_SUFFIXES else reading.yaml(path)
    if reading.problems:
        raise DataError(reading.problems)
    return people


Given = dict[str, tuple[Any, Place]]
"""Plain values by key, and where they were written."""


class _Reading:
    """Reads a file of people, and gathers what is wrong with it."""

    def __init__(self, posts: Sequence[Post]) -> None:
        groups, shifts = {post.group for post in posts}, {post.shift for post in posts}
        self.problems: list[Problem] = []
        self._groups = sorted(groups)
        wished = sorted(shifts | {f"{post.group}/{post.shift}" for post in posts})
        self._read: dict[str, Callable[[object], object]] = {
            "skills": partial(_several, self._skill),
            "hours": partial(_hours, more_than_0=True),
            "at_least": _hours,
            "days_off": _days_off,
            "off_per_week": _days_of_week,
            "rest": read_duration,
            "longest_run": read_positive_count,
            "run_before": read_count,
            "wishes": partial(_several, lambda text: read_wish(text, wished)),
        }

    def yaml(self, path: Path) -> tuple[Person, ...]:
        """Read `everybody` and `people`."""
        try:
            document = read_yaml(path.read_bytes(), str(path))
        except OSError as error:
            raise ScenarioError([Problem(Place(str(path)), "", f"cannot be read: {error.strerror}")]) from None
        sections = self._mapping(document, "", ("everybody", "people"))
        if "people" not in sections:
            self.problems.append(Problem(document.place, "people", "is missing; it names who there is"))
        shared = self._mapping(sections["everybody"], "everybody", KEYS) if "everybody" in sections else {}
        everybody = self._person(
            "everybody", {key: (node.plain(), node.place) for key, node in shared.items()}, Person("")
        )
        people = []
        for name, node in (self._mapping(sections["people"], "people") if "people" in sections else {}).items():
            own = {} if node.value is None else self._mapping(node, f"people.{name}", KEYS)
            given = {key: (below.plain(), below.place) for key, below in own.items()}
            people.append(replace(self._person(f"people.{name}", given, everybody), name=name))
        if "people" in sections and not people and not self.problems:
            self.problems.append(Problem(sections["people"].place, "people", "names nobody"))
        return tuple(people)

    def table(self, path: Path) -> tuple[Person, ...]:
        """Read a row a person."""
        tables, file = Tables(path.resolve().parent), FileName(str(path), Path.cwd())
        people: dict[str, Person] = {}
        for name, *cells in tables.read(file, None, ("name",), KEYS):
            if not name.text or name.text in people:
                self.problems.append(Problem(name.place, "", got_must_be(name.text or None, "a name, each once")))
            given: Given = {
                key: (_number_or_text(cell.text), cell.place)
                for key, cell in zip(KEYS, cells, strict=True)
                if cell.text
            }
            people[name.text] = replace(self._person("", given, Person("")), name=name.text)
        return tuple(people.values())

    def _person(self, key: str, given: Given, base: Person) -> Person:
        values: dict[str, Any] = {}
        for name, (value, place) in given.items():
            try:
                values[name] = self._read[name](value)
            except ValueError as rule:
                full = f"{key}.{name}" if key else name
                given_part = rule.part if isinstance(rule, _PartError) else value
                self.problems.append(Problem(place, full, got_must_be(given_part, str(rule))))
        person = replace(base, **values)
        if person.hours is not None and person.at_least > person.hours and "at_least" in values:
            message = f"guarantees {person.at_least / HOUR_MS:g} h and `hours` allows {person.hours / HOUR_MS:g} h"
            self.problems.append(Problem(given["at_least"][1], f"{key}.at_least" if key else "at_least", message))
        return person

    def _mapping(self, node: Node, key: str, known: Sequence[str] | None = None) -> dict[str, Node]:
        if not isinstance(node.value, dict):
            self.problems.append(Problem(node.place, key, got_must_be(node.plain(), "a mapping")))
            return {}
        for name, below in node.value.items():
            if known is not None and name not in known:
                place = below.key_place or below.place
                self.problems.append(
                    Problem(place, f"{key}.{name}".strip("."), f"unknown key{suggestion(name, known)}")
                )
        return {name: below for name, below in node.value.items() if known is None or name in known}

    def _skill(self, text: object) -> str:
        if text not in self._groups:
            raise ValueError(f"an agent group with shifts{suggestion(text, self._groups)}")
        return str(text)


def _parts(value: object) -> list[object]:
    """Give the items of a list, or of a text parted by semicolons."""
    if isinstance(value, list):
        return value
    return [part.strip() for part in value.split(";") if part.strip()] if isinstance(value, str) else [value]


class _PartError(ValueError):
    """A rule that one item of several breaks."""

    def __init__(self, part: object, rule: str) -> None:
        super().__init__(rule)
        self.part = part


def _several(read: Callable[[object], Any], value: object) -> tuple[Any, ...]:
    found = []
    for part in _parts(value):
        try:
            found.append(read(part))
        except ValueError as rule:
            raise _PartError(part, str(rule)) from None
    return tuple(found)


def _days_off(value: object) -> Days:
    return Days.together(_several(read_day, value))


def _hours(value: object, *, more_than_0: bool = False) -> int:
    """Read `38.5 h`, or a plain number of hours."""
    milliseconds = round(read_positive(value) * HOUR_MS) if isinstance(value, int | float) else read_duration(value)
    if more_than_0 and not milliseconds:
        raise ValueError("more than no hours a week")
    return milliseconds


def _days_of_week(value: object) -> int:
    days = read_count(value)
    if days > 7:
        raise ValueError("at most the 7 days of a week")
    return days


def _number_or_text(text: str) -> int | float | str:
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text
