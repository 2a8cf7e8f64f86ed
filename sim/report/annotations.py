"""Verdicts and problems as annotations: lines of output that GitHub Actions shows beside the lines of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.scenario.errors import Place, ScenarioError

if TYPE_CHECKING:
    from sim.check.verdicts import Verdicts


def notes(verdicts: Verdicts) -> Iterator[str]:
    """Give what failed and is undecided as errors, what is warned about as warnings; of a baseline each measure."""
    for file in verdicts.files:
        for target in file.targets:
            if target.status:
                yield _annotation("error", target.place, f"{target.verdict}: {target.name}", target.said())
            elif target.warned:
                yield _annotation("warning", target.place, f"warned: {target.name}", target.said())
        if file.baseline is not None and file.baseline.status:
            for row in file.baseline.rows:
                if row.verdict != "pass":
                    yield _annotation("error", row.place, f"{row.verdict}: {row.name}", row.said())


def notes_of_refusal(error: Exception) -> Iterator[str]:
    """Give the problems of a scenario, or what else kept a check from running."""
    if isinstance(error, ScenarioError):
        for problem in error.problems:
            yield _annotation("error", problem.place, problem.key or "scenario", problem.message)
    else:
        yield f"::error title=madoguchi check::{_data(str(error))}"


def _annotation(level: str, place: Place, title: str, message: str) -> str:
    at = f"file={_property(place.source)}"
    if place.line is not None:
        at += f",line={place.line},col={place.column}"
    return f"::{level} {at},title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    """Escape a message as workflow commands want it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
