"""Claims of exact values, held against the intervals of a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.experiment.result import Result

LEVEL: Final = 0.999
"""Of the intervals in which exact values must lie."""

WIDTH: Final = 0.01
"""Largest half-width, relative to the exact value, of a claim without a width of its own: 2 % off is outside."""

KNOWN: Final = 1e-9
"""Relative error of an exact value that is computed: what never varies in a run has an interval of no width."""

SHORT: Final = {"time.length": "1 day"}
"""Changes a scenario for the tests that run every time."""


@dataclass(frozen=True)
class Claim:
    """That a measure has an exact value (shares plain, times in seconds)."""

    measure: str
    exact: float
    within: str | None = None
    """Deadline of a service level."""
    reading: str | None = None
    interval: int | None = None
    """Of that interval of the run; of the whole run without."""
    where: dict[str, str] = field(default_factory=dict)
    """What the measure is narrowed to."""
    width: float | None = None
    """Largest relative half-width, if not `WIDTH`."""

    def verdict(self, result: Result) -> tuple[bool, float, str]:
        """Tell whether the value lies in the interval, the interval's relative half-width, and all that in words."""
        per = "run" if self.interval is None else "interval"
        table = result.measure(
            self.measure, per=per, within=self.within, reading=self.reading, level=LEVEL, **self.where
        )
        row = table.iloc[self.interval or 0]
        known = KNOWN * abs(self.exact)
        inside = bool(row["low"] - known <= self.exact <= row["high"] + known)
        width = float(row["half_width"]) / self.exact
        of = [self.measure, self.within, self.reading, *self.where.values()]
        if self.interval is not None:
            of.append(f"interval {self.interval}")
        words = (
            f"{' '.join(filter(None, of))}: {row['estimate']:.6g} in {row['low']:.6g} to {row['high']:.6g}"
            f" (± {width:.2%}), exact {self.exact:.6g}"
        )
        return inside, width, words


def hold(result: Result, claims: Iterable[Claim], *, precise: bool) -> None:
    """Fail with every claim whose value lies outside its interval or, if `precise`, whose interval is too wide."""
    faults = []
    for claim in claims:
        inside, width, words = claim.verdict(result)
        if not inside:
            faults.append(f"outside: {words}")
        elif precise and width > (claim.width or WIDTH):
            faults.append(f"too wide: {words}")
    assert not faults, "\n".join(faults)


def reject(result: Result, claims: Iterable[Claim]) -> None:
    """Fail with every claim of a wrong value that lies inside its interval."""
    kept = [words for inside, _, words in (claim.verdict(result) for claim in claims) if inside]
    assert not kept, "wrong values pass:\n" + "\n".join(kept)
