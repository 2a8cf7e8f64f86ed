"""Judged targets as rows: the one table of targets, for those who read it as a data frame and for the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sim.experiment.judge import DAY_PERCENTILES, Held, Verdict
from sim.experiment.statistics import NOTHING, Estimate

if TYPE_CHECKING:
    from sim.scenario.model.targets import Target

TARGET_COLUMNS: Final = (
    *("target", "measure", "bound", "estimate", "low", "high", "half_width", "unit", "verdict", "warn", "decided_by"),
    *(f"{per}s_kept{part}" for per in ("day", "interval") for part in ("", "_low", "_high")),
    *("risk", "kept", "kept_low", "kept_high"),
    *(f"day_p{percentile}{part}" for percentile in DAY_PERCENTILES for part in ("", "_low", "_high")),
    *("floor", "floor_estimate", "floor_low", "floor_high", "floor_verdict", "floor_decided_by"),
)
"""Columns of the table of targets."""


def target_rows(
    verdicts: Iterable[Verdict],
    targets: Iterable[Target],
    unit: Callable[[str], str],
    start: Callable[[str, int], datetime],
) -> list[dict[str, Any]]:
    """Give the columns of each judged target; those of a floor only where it has one.

    Parameters
    ----------
    unit
        Names a unit as people read it.
    start
        Gives the wall-clock time at which a period begins: of a kind (day, hour, …), by its number.
    """
    return [
        {
            "target": verdict.target,
            "measure": verdict.measure,
            "bound": verdict.bound,
            **estimate_columns(verdict.estimate),
            "unit": unit(verdict.unit),
            "verdict": verdict.verdict,
            "warn": verdict.warn,
            "decided_by": None if verdict.period is None else start(target.per or "run", verdict.period),
            **_named("days_kept", verdict.kept["day"]),
            **_named("intervals_kept", verdict.kept["interval"]),
            "risk": verdict.risk,
            **_named("kept", verdict.kept[target.per] if target.per else NOTHING),
            **{key: value for at, day in verdict.days.items() for key, value in _named(f"day_p{at}", day).items()},
            **_floor_columns(verdict.floor, start),
        }
        for verdict, target in zip(verdicts, targets, strict=True)
    ]


def estimate_columns(estimate: Estimate) -> dict[str, float]:
    """Give the columns of an estimate."""
    return {
        "estimate": estimate.estimate,
        "low": estimate.low,
        "high": estimate.high,
        "half_width": estimate.half_width,
    }


def _floor_columns(floor: Held | None, start: Callable[[str, int], datetime]) -> dict[str, Any]:
    if floor is None:
        return {}
    return {
        "floor": floor.bound,
        **{f"floor_{name}": value for name, value in estimate_columns(floor.estimate).items() if name != "half_width"},
        "floor_verdict": floor.verdict,
        "floor_decided_by": start(floor.per, floor.period) if floor.estimate.n else None,
    }


def _named(name: str, found: Estimate) -> dict[str, float]:
    return {name: found.estimate, f"{name}_low": found.low, f"{name}_high": found.high}
