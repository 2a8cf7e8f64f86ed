"""Verdicts of a check: of each target and each baseline, with what was found in words, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any, Final

from sim.check.wording import in_words, interval, would_decide
from sim.scenario.units import write_counted

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.judge import Verdict
    from sim.experiment.statistics import Estimate
    from sim.scenario.errors import Place

FINE, FAILED, OPEN = 0, 1, 3
"""Exit statuses."""

SCHEMA: Final = 1
"""Version of the layout of the verdicts as JSON."""


@dataclass(frozen=True)
class TargetVerdict:
    """Whether a target holds."""

    file: str
    name: str
    """The target on one line, as it may be written in the scenario."""
    place: Place
    """Where it was written."""
    found: Verdict
    unit: str
    """share, s, h, the currency, ..."""
    per: str | None
    """The periods of the target; None of one for the whole run."""
    worst: str | None
    """Begin of the period that decides, on the scenario's clock; None if no single one does."""
    worst_of_floor: str | None
    """The same of the floor."""
    replications: int
    """After which it was decided."""
    level: float
    """Of the interval."""
    passes_undecided: bool
    """Whether being undecided counts as a pass."""

    @property
    def verdict(self) -> str:
        """pass, fail or undecided."""
        return self.found.verdict

    @property
    def status(self) -> int:
        """What it comes to as an exit status."""
        return _status(self.verdict, passes_undecided=self.passes_undecided)

    @property
    def warned(self) -> bool:
        """Whether the bound of `warn` is not kept."""
        return self.found.warn == "fail"

    def said(self) -> str:
        """Say what was found, in a line."""
        found = self.found
        when = "" if self.worst is None else f"worst {self.per} {self.worst}: "
        parts = [when + in_words(found.estimate, self.unit)]
        if found.risk is not None:
            parts.append(f"kept on {in_words(found.kept[self.per or 'day'], 'share')} of {self.per}s")
        if found.floor is not None:
            when = "" if self.worst_of_floor is None else f"worst {found.floor.per} {self.worst_of_floor}: "
            parts.append(f"floor: {found.floor.verdict}, {when}{in_words(found.floor.estimate, self.unit)}")
        if self.warned:
            parts.append("warned: the bound of `warn` is not kept")
        after = f", after {write_counted(self.replications, 'replication')}"
        return "; ".join(parts) + after + (f"; {self._would_decide()}" if self.verdict == "undecided" else "")

    def _would_decide(self) -> str:
        found = self.found
        judged = [(found.estimate, found.bound) if found.risk is None else (found.kept[self.per or "day"], found.risk)]
        if found.floor is not None:
            judged.append((found.floor.estimate, found.floor.bound))
        return would_decide(judged, self.replications)

    def to_dict(self) -> dict[str, Any]:
        """Give it for JSON."""
        found = self.found
        return {
            "target": self.name,
            "file": self.place.source,
            "line": self.place.line,
            "column": self.place.column,
            "measure": found.measure,
            "bound": found.bound,
            "unit": self.unit,
            "verdict": self.verdict,
            "counts_as": COUNTED[self.status],
            "warn": found.warn,
            "floor": None if found.floor is None else found.floor.verdict,
            "worst": self.worst,
            "replications": self.replications,
            "level": self.level,
            **_plain(found.estimate),
        }


COUNTED: Final = {FINE: "pass", FAILED: "fail", OPEN: "undecided"}


def _status(verdict: str, *, passes_undecided: bool) -> int:
    if verdict == "undecided":
        return FINE if passes_undecided else OPEN
    return FAILED if verdict == "fail" else FINE


@dataclass(frozen=True)
class Moved:
    """One measure of a baseline: what it was, what it is."""

    name: str
    place: Place
    """Its line in the baseline."""
    verdict: str
    """pass, fail or undecided."""
    unit: str
    before: Estimate
    now: Estimate
    difference: Estimate
    """Now less before, on the same hands."""
    allowed: float | None
    """How far it may move; None if it may not."""
    reason: str
    """Why the verdict is what it is."""

    @property
    def reproduced(self) -> bool:
        """Whether every digit is the same."""
        return self.reason == REPRODUCED

    def said(self) -> str:
        """Say it in a line."""
        if self.reproduced or isnan(self.difference.estimate):
            return self.reason
        before, now = (in_words(one.point(), self.unit, self.difference.half_width) for one in (self.before, self.now))
        unit = "points" if self.unit == "share" else self.unit
        factor = 100.0 if self.unit == "share" else 1.0
        moved = in_words(self.difference.scaled(1 / factor), "number")
        return f"{before}, now {now}: moved by {moved}{'' if unit == 'number' else ' ' + unit}; {self.reason}"

    def to_dict(self) -> dict[str, Any]:
        """Give it for JSON."""
        return {
            "measure": self.name,
            "file": self.place.source,
            "line": self.place.line,
            "verdict": self.verdict,
            "unit": self.unit,
            "reproduced": self.reproduced,
            "before": _number(self.before.estimate),
            "now": _number(self.now.estimate),
            "difference": _plain(self.difference),
            "allowed": self.allowed,
            "reason": self.reason,
        }


REPRODUCED: Final = "every digit as before"
WHAT_TO_DO: Final = "if it is meant: name how far measures may move in `regression.tolerance`, or use --update-baseline"


@dataclass(frozen=True)
class BaselineVerdict:
    """Whether a scenario still gives what its baseline says."""

    file: str
    place: Place
    """The baseline."""
    rows: tuple[Moved, ...]
    explained: tuple[str, ...]
    """What else is different: the scenario, its files, the version."""
    replications: int
    passes_undecided: bool

    name: Final = "baseline"

    @property
    def verdict(self) -> str:
        """pass, fail or undecided."""
        found = {row.verdict for row in self.rows}
        return next(one for one in ("fail", "undecided", "pass") if one in found)

    @property
    def status(self) -> int:
        """What it comes to as an exit status."""
        return _status(self.verdict, passes_undecided=self.passes_undecided)

    def said(self) -> str:
        """Say what was found: the counts, and what moved too far, a line each."""
        same = sum(row.reproduced for row in self.rows)
        over = f"over {write_counted(self.replications, 'replication')}"
        lines = [f"{same} of {write_counted(len(self.rows), 'measure')} to the last digit as before {over}"]
        lines += self.explained
        lines += [f"{row.verdict}: {row.name}: {row.said()}" for row in self.rows if row.verdict != "pass"]
        return "\n".join(lines if self.verdict == "pass" else [*lines, WHAT_TO_DO])

    def to_dict(self) -> dict[str, Any]:
        """Give it for JSON."""
        return {
            "file": self.place.source,
            "verdict": self.verdict,
            "counts_as": COUNTED[self.status],
            "replications": self.replications,
            "explained": list(self.explained),
            "measures": [row.to_dict() for row in self.rows],
        }


@dataclass(frozen=True)
class NewBaseline:
    """A baseline to be written."""

    path: str
    text: str


@dataclass(frozen=True)
class FileVerdicts:
    """The verdicts of one scenario."""

    file: str
    scenario: str
    """Its name."""
    hash: str
    seed: int
    replications: int
    """What it took."""
    targets: tuple[TargetVerdict, ...]
    baseline: BaselineVerdict | None
    renewed: NewBaseline | None = None
    """If one was asked for."""

    def __iter__(self) -> Iterator[TargetVerdict | BaselineVerdict]:
        """Give everything with a verdict."""
        yield from self.targets
        if self.baseline is not None:
            yield self.baseline

    def to_dict(self) -> dict[str, Any]:
        """Give them for JSON."""
        return {
            "file": self.file,
            "scenario": self.scenario,
            "scenario_hash": self.hash,
            "seed": self.seed,
            "replications": self.replications,
            "targets": [one.to_dict() for one in self.targets],
            "baseline": None if self.baseline is None else self.baseline.to_dict(),
        }


@dataclass(frozen=True)
class Verdicts:
    """What a check found."""

    files: tuple[FileVerdicts, ...]

    def __iter__(self) -> Iterator[TargetVerdict | BaselineVerdict]:
        """Give everything with a verdict, file by file."""
        for file in self.files:
            yield from file

    @property
    def status(self) -> int:
        """Exit status: 1 if anything failed, 3 if nothing failed but something is undecided, else 0."""
        found = {one.status for one in self}
        return FAILED if FAILED in found else OPEN if OPEN in found else FINE

    @property
    def passed(self) -> bool:
        """Whether everything holds."""
        return self.status == FINE

    @property
    def replications(self) -> int:
        """What the check took."""
        return sum(file.replications for file in self.files)

    def counts(self) -> dict[str, int]:
        """Give how many there are of each verdict."""
        return {verdict: sum(one.verdict == verdict for one in self) for verdict in ("pass", "fail", "undecided")}

    def said(self) -> str:
        """Say what it came to, and what it took, in a line."""
        counts = self.counts()
        verdicts = ", ".join(f"{number} {verdict}" for verdict, number in counts.items() if number)
        what = f"{write_counted(len(self.files), 'scenario')}, {write_counted(sum(counts.values()), 'verdict')}"
        return f"{what}: {verdicts}; spent {write_counted(self.replications, 'replication')}"

    def table(self) -> pd.DataFrame:
        """Give a row for each target, and for each measure of a baseline that moved.

        Returns
        -------
        pandas.DataFrame
            Columns file, line, what, verdict, bound (the target's, or how far a measure may move), estimate, low, high
            (of a measure: of the difference), unit, replications, said.
        """
        import pandas as pd  # noqa: PLC0415  (loading pandas takes longer than many checks)

        return pd.DataFrame([row for file in self.files for row in _rows(file)], columns=list(COLUMNS))

    def to_dict(self) -> dict[str, Any]:
        """Give all of it for JSON; `madoguchi schema --of verdicts` prints the JSON Schema."""
        return {
            "schema": SCHEMA,
            "status": self.status,
            "passed": self.passed,
            "replications": self.replications,
            "counts": self.counts(),
            "files": [file.to_dict() for file in self.files],
        }

    def __repr__(self) -> str:
        return f"<Verdicts of {self.said()}>"

    def _repr_html_(self) -> str:
        from html import escape  # noqa: PLC0415  (for notebooks alone)

        heads = ("verdict", "scenario", "target", "found")
        lines = [(one.verdict, one.file, one.name, one.said()) for one in self]
        left = " style='text-align:left'"  # notebooks set cells to the right, where sentences are hard to read
        head = "".join(f"<th{left}>{title}</th>" for title in heads)
        cells = (
            "".join(f"<td{left}>{'<br>'.join(escape(cell).split(chr(10)))}</td>" for cell in line) for line in lines
        )
        body = "".join(f"<tr>{line}</tr>" for line in cells)
        caption = f"<caption>{escape(self.said())}</caption>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


COLUMNS: Final = (
    *("file", "line", "what", "verdict", "bound"),
    *("estimate", "low", "high", "unit", "replications", "said"),
)
"""Of the table of verdicts."""


def _rows(file: FileVerdicts) -> Iterator[tuple[Any, ...]]:
    for one in file.targets:
        head = (one.file, one.place.line, one.name, one.verdict, one.found.bound)
        yield (*head, *interval(one.found.estimate), one.unit, one.replications, one.said())
    if file.baseline is not None:
        for row in file.baseline.rows:
            if not row.reproduced:
                moved = (file.file, row.place.line, row.name, row.verdict, row.allowed)
                yield (*moved, *interval(row.difference), row.unit, file.baseline.replications, row.said())


def _number(value: float) -> float | None:
    return value if isfinite(value) else None


def _plain(estimate: Estimate) -> dict[str, float | None]:
    """Give the numbers for JSON, which knows no NaN."""
    return {name: _number(getattr(estimate, name)) for name in ("estimate", "low", "high")}
