"""Estimates of a check in words: figures with their intervals, and what would decide what is undecided."""

from collections.abc import Sequence
from math import ceil, floor, inf, isnan, log10
from typing import Final

from sim.experiment.statistics import Estimate

MOST_DECIMALS: Final = 4

NO_DATA: Final = "no data: nothing came that it judges"

FURTHEST: Final = 20
"""More times the replications than this are not worth naming: the figure lies as good as at its bound."""


def in_words(estimate: Estimate, unit: str, error: float | None = None) -> str:
    """Write an estimate with its interval, to the digits that the interval leaves: `81.3 % (79.2 to 83.4)`.

    Parameters
    ----------
    error
        What decides about the digits instead of the half-width of its interval.
    """
    if isnan(estimate.estimate):
        return NO_DATA
    factor, suffix = (100.0, " %") if unit == "share" else (1.0, "" if unit in {"", "number"} else f" {unit}")
    half = estimate.half_width * factor
    decimals = _decimals(error * factor if error else half if half > 0 else estimate.estimate * factor)
    point, low, high = (f"{value * factor:,.{decimals}f}" for value in interval(estimate))
    return f"{point}{suffix}" if isnan(half) else f"{point}{suffix} ({low} to {high})"


def _decimals(size: float) -> int:
    """Give the decimals that show two digits of a half-width, and of a number without one at least that."""
    return min(max(1 - floor(log10(abs(size))), 0), MOST_DECIMALS) if size else 0


def interval(estimate: Estimate) -> tuple[float, float, float]:
    """Give an estimate with the ends of its interval."""
    return estimate.estimate, estimate.low, estimate.high


def would_decide(judged: Sequence[tuple[Estimate, float]], replications: int) -> str:
    """Say what would decide estimates that cannot be told from their bounds.

    Half-widths shrink as the root of the number of replications grows, so an interval that reaches over its bound ends
    there after (half-width ÷ distance from the bound)² times the replications.

    Parameters
    ----------
    judged
        Estimates with their bounds; those that are decided are passed over.
    replications
        After which they are undecided.
    """
    if any(isnan(estimate.estimate) for estimate, _ in judged):
        return "more replications will hardly help: see whether it can come at all"
    if any(isnan(estimate.half_width) for estimate, _ in judged):
        return "a single replication has no interval: take more"
    times = max((_times(*one) for one in judged if one[0].low <= one[1] <= one[0].high), default=1.0)
    if times > FURTHEST:
        return "as good as at its bound: give it room, or let it pass with `undecided: pass`"
    needed = max(ceil(round(replications * times, 6)), replications + 1)
    step = 10 ** max(floor(log10(needed)) - 1, 0)
    return f"about {ceil(needed / step) * step:,} would decide it (--max-replications), if the figure stays"


def _times(estimate: Estimate, bound: float) -> float:
    distance = abs(estimate.estimate - bound)
    half = estimate.estimate - estimate.low if bound <= estimate.estimate else estimate.high - estimate.estimate
    return (half / distance) ** 2 if distance else inf
