"""What a check is to look at: the scenarios under the paths that were given."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.check.errors import CheckError

if TYPE_CHECKING:
    from sim.scenario.load import Settings
    from sim.scenario.schema import Scenario

ENDINGS: Final = (".yaml", ".yml")
BASELINE_ENDING: Final = ".baseline"

_FORMAT = re.compile(r"^format\s*:\s*1\s*(#.*)?$", re.MULTILINE)
_SECTION = re.compile(r"^(?:channels|contact_types|tiers|agent_groups)\s*:", re.MULTILINE)
_EXTENDS = re.compile(r"""^extends\s*:\s*["']?(?P<base>[^"'#\n]+?)["']?\s*(?:#.*)?$""", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """A scenario to check."""

    path: str
    """As messages name it."""
    scenario: Scenario
    baseline: Path | None
    """Where its baseline is, or would be; None for a scenario that is no file."""

    @property
    def has_baseline(self) -> bool:
        """Whether there is a baseline."""
        return self.baseline is not None and self.baseline.exists()


@dataclass(frozen=True)
class Found:
    """The files under the paths that were given."""

    named: list[Path] = field(default_factory=list)
    """Given by name: each must have something to check."""
    listed: list[Path] = field(default_factory=list)
    """Scenarios of folders that were given."""
    passed_over: list[str] = field(default_factory=list)
    """YAML files of these folders that are none, and why."""


def baseline_of(path: Path) -> Path:
    """Give where the baseline of a scenario file is: `desk.yaml` has `desk.baseline`."""
    return path.with_suffix(BASELINE_ENDING)


def is_scenario(path: Path) -> bool:
    """Tell whether a YAML file is meant as a scenario.

    It says `format: 1` at the left margin and at least one section that every scenario has, or it extends one that
    does. Other YAML files (of CI, of other programs) are none.
    """
    seen: set[Path] = set()
    while path not in seen:
        seen.add(path)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return False
        if _FORMAT.search(text) and _SECTION.search(text):
            return True
        base = _EXTENDS.search(text)
        if base is None:
            return False
        path = (path.parent / base["base"]).resolve()
    return False


def find(paths: Iterable[str | Path]) -> Found:
    """Find the scenario files under files and folders; hidden folders are left out.

    Raises
    ------
    CheckError
        If a path is not there, is a baseline, or a folder has a baseline without its scenario.
    """
    found = Found()
    for given in paths:
        path = Path(given)
        if path.is_dir():
            _look_into(path, found)
        elif path.suffix == BASELINE_ENDING:
            raise CheckError(f"{path} is a baseline; name its scenario, {path.with_suffix('.yaml')}")
        else:
            found.named.append(path)  # whether it can be read is said by who reads it
    return found


def _look_into(folder: Path, found: Found) -> None:
    for path in _files(folder):
        if path.suffix in ENDINGS:
            if is_scenario(path):
                found.listed.append(path)
            else:
                found.passed_over.append(f"{path}: not a scenario: no `format: 1` at the left margin")
        elif path.suffix == BASELINE_ENDING and not any(path.with_suffix(ending).exists() for ending in ENDINGS):
            raise CheckError(f"{path}: a baseline without its scenario; remove it, or bring {path.stem}.yaml back")


def _files(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(where) / name for name in sorted(names))


def collect(
    found: Found, overrides: Settings = (), variant: str | None = None, *, without_targets: bool = False
) -> list[Case]:
    """Load what was found; nothing is left out in silence.

    Parameters
    ----------
    overrides, variant
        As for `sim.load`.
    without_targets
        Whether files that were named need neither targets nor a baseline.

    Raises
    ------
    ScenarioError
        If any scenario is not sound, with the problems of all of them.
    CheckError
        If there is nothing to check.
    """
    from sim.scenario.errors import Problem, ScenarioError  # noqa: PLC0415  (whoever only looks for files reads none)
    from sim.scenario.load import load  # noqa: PLC0415

    problems: list[Problem] = []
    cases: list[Case] = []
    for path in dict.fromkeys((*found.named, *found.listed)):
        try:
            scenario = load(path, overrides, variant)
        except ScenarioError as error:
            problems.extend(error.problems)
            continue
        case = Case(str(path), scenario, baseline_of(path))
        if scenario.targets or case.has_baseline or (without_targets and path in found.named):
            cases.append(case)
        elif path in found.named:
            raise CheckError(
                f"{path}: nothing to check: it has no targets, and there is no {baseline_of(path)}. "
                "Add `targets`, or make a baseline with --update-baseline"
            )
        else:
            found.passed_over.append(f"{path}: nothing to check: no targets and no baseline")
    if problems:
        raise ScenarioError(problems)
    if not cases:
        where = ", ".join(str(path) for path in found.named) or "the folders given"
        raise CheckError(
            "\n".join([*found.passed_over, f"no scenario with targets or a baseline was found in {where}; name one"])
        )
    return cases
