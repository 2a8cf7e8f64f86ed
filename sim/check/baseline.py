"""Baselines: what a scenario gave, as a small text beside it, for later checks to hold the same hands against.

    madoguchi baseline 1
    scenario 5b0e...                                    SHA-256 of the resolved scenario without `plan`, and its files
    file profiles/office_week.csv 77ab...               SHA-256 of each of these files
    version 0.1.0                                       of madoguchi
    seed 1
    replications 30
    phone.service_level(20 s) | 87.1 % | 912/1003 877/990 ...

After `|` comes the figure, for whoever reads the file, and then the sums of each replication: top/bottom, or the top
alone of what is a mean per replication. Lines that begin with # are remarks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sim.check.errors import CheckError

if TYPE_CHECKING:
    from pathlib import Path

FORMAT: Final = 1
HEAD: Final = "madoguchi baseline"
RENEW: Final = "renew it with --update-baseline"


@dataclass(frozen=True)
class Series:
    """One measure, replication by replication, in whole numbers."""

    name: str
    """The measure and what it is of, such as `phone.service_level(20 s)`."""
    tops: tuple[int, ...]
    bottoms: tuple[int, ...] | None
    """None of what is a mean per replication."""
    line: int = 0
    """Of the file, from 1; 0 if it was not read from one."""

    @property
    def over(self) -> tuple[int, ...]:
        """What the tops are divided by."""
        return self.bottoms if self.bottoms is not None else (1,) * len(self.tops)

    def first(self, number: int) -> Series:
        """Give it for the first replications."""
        return Series(
            self.name, self.tops[:number], self.bottoms[:number] if self.bottoms is not None else None, self.line
        )

    def same_digits(self, other: Series) -> bool:
        """Tell whether every number agrees."""
        return (self.tops, self.bottoms) == (other.tops, other.bottoms)


@dataclass(frozen=True)
class Baseline:
    """What a scenario gave."""

    scenario: str
    """Hash of the resolved scenario, and of the files it names."""
    files: dict[str, str]
    """SHA-256 by name."""
    version: str
    seed: int
    replications: int
    series: tuple[Series, ...]

    def text(self, title: str, figures: dict[str, str]) -> str:
        """Give the text of the file.

        Parameters
        ----------
        title
            Name of the scenario's file.
        figures
            By name of a series, what it comes to, for people.
        """
        lines = [
            f"{HEAD} {FORMAT}",
            f"# What {title} gave. After a change that is meant: madoguchi check {title} --update-baseline",
            f"scenario {self.scenario}",
            *(f"file {name} {digest}" for name, digest in sorted(self.files.items())),
            f"version {self.version}",
            f"seed {self.seed}",
            f"replications {self.replications}",
        ]
        for one in self.series:
            numbers = one.tops if one.bottoms is None else zip(one.tops, one.bottoms, strict=True)
            written = " ".join(str(each) if isinstance(each, int) else f"{each[0]}/{each[1]}" for each in numbers)
            lines.append(f"{one.name} | {figures[one.name]} | {written}")
        return "\n".join(lines) + "\n"


def read_baseline(path: Path) -> Baseline:
    """Read a baseline.

    Raises
    ------
    CheckError
        If it cannot be read, or is of another format; the text says where and what to do.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise CheckError(f"{path}: cannot be read: {reason}; bring it back from git, or {RENEW}") from None
    _check_format(path, lines[0])
    heads: dict[str, str] = {}
    files: dict[str, str] = {}
    series: list[Series] = []
    for number, line in enumerate(lines[1:], start=2):
        if not line or line.startswith("#"):
            continue
        if "|" in line:
            series.append(_series(path, number, line))
        elif line.startswith("file "):
            name, _, digest = line.removeprefix("file ").rpartition(" ")
            files[name] = digest
        else:
            key, _, value = line.partition(" ")
            heads[key] = value
    return _baseline(path, heads, files, series)


def _check_format(path: Path, first: str) -> None:
    if not first.startswith(f"{HEAD} "):
        raise CheckError(f"{path}:1:1: got {first[:40]!r}, must be `{HEAD} {FORMAT}`: not a baseline; {RENEW}")
    written = first.removeprefix(f"{HEAD} ")
    if written != str(FORMAT):
        raise CheckError(
            f"{path}:1:1: format {written} of baselines; this version reads format {FORMAT}, so nothing was compared. "
            f"Use the version that wrote it, or {RENEW}"
        )


def _series(path: Path, number: int, line: str) -> Series:
    parts = [part.strip() for part in line.split("|")]
    try:
        name, _, numbers = parts
        pairs = [tuple(map(int, each.split("/"))) for each in numbers.split()]
        if {len(pair) for pair in pairs} == {1}:
            return Series(name, tuple(top for (top,) in pairs), None, number)
        return Series(name, tuple(top for top, _ in pairs), tuple(bottom for _, bottom in pairs), number)
    except ValueError:
        raise CheckError(
            f"{path}:{number}:1: got {line[:60]!r}, must be `MEASURE | FIGURE | TOP/BOTTOM ...` with whole numbers; "
            f"bring it back from git, or {RENEW}"
        ) from None


def _baseline(path: Path, heads: dict[str, str], files: dict[str, str], series: list[Series]) -> Baseline:
    try:
        found = Baseline(
            heads["scenario"],
            files,
            heads["version"],
            int(heads["seed"]),
            int(heads["replications"]),
            tuple(series),
        )
    except KeyError as missing:
        raise CheckError(f"{path}: has no line `{missing.args[0]}`; bring it back from git, or {RENEW}") from None
    except ValueError:
        raise CheckError(
            f"{path}: seed and replications must be whole numbers; bring it back from git, or {RENEW}"
        ) from None
    for one in series:
        if len(one.tops) != found.replications or found.replications < 1:
            raise CheckError(
                f"{path}:{one.line}:1: {one.name}: {len(one.tops)} replications, must be the {found.replications} that "
                f"the file names; bring it back from git, or {RENEW}"
            )
    if not series:
        raise CheckError(f"{path}: has no measure, so there is nothing to compare; {RENEW}")
    unknown = sorted(set(heads) - {"scenario", "version", "seed", "replications"})
    if unknown:
        raise CheckError(f"{path}: unknown line `{unknown[0]}`; bring it back from git, or {RENEW}")
    return found
