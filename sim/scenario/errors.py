"""Problems of a scenario: where, what was given, what is allowed, what to try."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic_core import PydanticCustomError

Key = tuple[str | int, ...]
"""Where a value stands in a scenario: keys of mappings and positions in lists, outermost first."""


@dataclass(frozen=True)
class Place:
    """Where something was written: a file's line and column (from 1), or a `--set`."""

    source: str
    line: int | None = None
    column: int | None = None
    variant: str | None = None
    """The variant that put it there."""

    def __str__(self) -> str:
        """Print as `file:line:column`, or the source alone when it has no lines."""
        return self.source if self.line is None else f"{self.source}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a scenario, said so that a planner can mend it."""

    place: Place
    """Where it was written."""
    key: str
    """The dotted key, such as `channels.phone.patience`; empty for the file as a whole."""
    message: str
    """`got …, must be …`, or a sentence."""

    def __str__(self) -> str:
        """Print over two lines when something was got, else over one."""
        key = self.key + (f" (in variant {self.place.variant})" if self.place.variant else "")
        if not key:
            return f"{self.place}: {self.message}"
        between = "\n  " if self.message.startswith("got ") else ": "
        return f"{self.place}: {key.strip()}{between}{self.message}"


class ScenarioError(Exception):
    """A scenario that cannot be run, with all its problems in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type["ScenarioError"], tuple[tuple[Problem, ...]]]:
        """Pickle by the problems."""
        return type(self), (self.problems,)


class DataError(ScenarioError):
    """A table (CSV, Excel) that a scenario names cannot be read as what it should be."""


@dataclass(frozen=True)
class Fault:
    """A problem seen inside a section, before its place in the file is known."""

    message: str
    at: Key = ()
    """Where, relative to the section or value that was being checked."""
    on_key: bool = False
    """Whether the key itself is wrong (else its value)."""
    place: Place | None = None
    """Where it was written, when that is not the scenario (a cell of a table)."""


def faulty(*faults: Fault) -> PydanticCustomError:
    """Wrap faults as the exception that a Pydantic validator raises."""
    return PydanticCustomError("faults", "{faults}", {"faults": faults})


def must_be(got: object, rule: str, at: Key = ()) -> PydanticCustomError:
    """Wrap `got …, must be …` as the exception that a Pydantic validator raises."""
    return faulty(Fault(got_must_be(got, rule), at))


def got_must_be(got: object, rule: str) -> str:
    """Say what was given and what is allowed."""
    return f"got {described(got)}, must be {rule}"


def described(value: object) -> str:
    """Name a plain value as a person would: texts quoted, mappings and lists by what they are."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return repr(str(value) if len(value) <= 60 else f"{value[:57]}...")
    if isinstance(value, dict):
        return "a mapping" + (f" of {listed(map(str, list(value)[:4]))}" if value else "")
    if isinstance(value, list | tuple):
        return "a list"
    return str(value)


def listed(names: Iterable[str], last: str = "and") -> str:
    """Join names as in a sentence: `a, b and c`."""
    names = list(names)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def suggestion(word: object, known: Iterable[str]) -> str:
    """Say `; did you mean 'x'?` if a known word is close, else list the known ones if they are few."""
    known = sorted(known)
    close = difflib.get_close_matches(str(word), known, n=1, cutoff=0.6)
    if close:
        return f"; did you mean '{close[0]}'?"
    if not known:
        return "; none is defined"
    return f"; known: {', '.join(known)}" if len(known) <= 24 else ""
