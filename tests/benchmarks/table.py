"""Work, rate and goal: the rows of the table that all benchmarks print."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

WIDTHS = (34, 44, 56)


@dataclass(frozen=True)
class Goal:
    """What a figure is held to."""

    bound: Literal["at least", "at most"]
    value: float
    unit: str = ""

    def kept_by(self, figure: float) -> bool:
        """Tell whether a figure keeps it."""
        return figure >= self.value if self.bound == "at least" else figure <= self.value

    def __str__(self) -> str:
        return f"{self.bound} {self.value:g}{self.unit}"


@dataclass(frozen=True)
class Row:
    """One figure of one piece of work; without a goal it is there to be read."""

    work: str
    what: str
    rate: str
    """What was measured, in its units."""
    figure: float | None = None
    """What is held to the goal: a ratio within one run, seconds or MiB."""
    goal: Goal | None = None

    @property
    def missed(self) -> bool:
        """Whether there is a goal and it is missed."""
        return self.goal is not None and self.figure is not None and not self.goal.kept_by(self.figure)

    def __str__(self) -> str:
        columns = zip((self.work, self.what, self.rate), WIDTHS, strict=True)
        line = " ".join(f"{text:<{width}}" for text, width in columns)
        if self.figure is None:
            return line.rstrip()
        line += f" {self.figure:9.3f}"
        if self.goal is None:
            return line
        return f"{line}  {self.goal}: {'MISSED' if self.missed else 'kept'}"


def printed(rows: Iterable[Row]) -> list[Row]:
    """Print rows as they come, and return the missed ones."""
    missed = []
    for row in rows:
        print(row, flush=True)
        if row.missed:
            missed.append(row)
    return missed
