"""What moves a figure most: a bar for each factor, the longest on top."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Final

from sim.report.figures.canvas import axes, drawing, in_thousands, line, plain
from sim.report.figures.differences import unit_of
from sim.report.wording import estimated
from sim.scenario.units import write_share

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.staffing.sensitivity import Bar, Sensitivity

ROW: Final = 0.6
"""Inches that a factor takes."""


@drawing
def tornado(sensitivity: Sensitivity, of: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Draw what each factor, varied by itself, does to a figure, with simultaneous 95 % intervals.

    Parameters
    ----------
    sensitivity
        Over the run.
    of
        The figure, such as "phone service level, 20 s", or a measure. Default: the first.
    ax
        To draw on. Default: new ones.

    Raises
    ------
    ValueError
        If there is no such figure, or figures are by period.
    """
    found = figures_of(sensitivity)
    chosen = next(iter(found)) if of is None else of
    bars = found.get(chosen) or next(
        (bars for bars in found.values() if bars[0].low.asked.measure.name == chosen), None
    )
    if bars is None:
        raise ValueError(f"of: got {of!r}, must be one of {'; '.join(found)}")
    ax = axes(ax, 9, height(bars))
    first = bars[0].low
    unit, factor = unit_of(sensitivity.comparison, [one for bar in bars for one in (bar.low, bar.high)])
    for number, bar in enumerate(bars):
        for side, row in enumerate((bar.low, bar.high)):
            at, look = number - 0.19 + 0.38 * side, line(3 * side)
            end, low, high = (factor * getattr(row.difference.estimate, part) for part in ("estimate", "low", "high"))
            ax.barh(at, end, height=0.36, color=look.colour)
            low, high = (end, end) if isnan(low) else (low, high)
            ax.plot([low, high], [at, at], color="grey", linewidth=1.5)
            ax.annotate(
                write_share(sensitivity.ranges[bar.factor][side]), (low if end < 0 else high, at),
                xytext=(-4 if end < 0 else 4, 0), textcoords="offset points", ha="right" if end < 0 else "left",
                va="center", fontsize="small",
            )  # fmt: skip
    ax.axvline(0, color="black", linewidth=1)
    ax.margins(x=0.12)
    if ax.dataLim.width == 0:
        ax.set_xlim(-1, 1)
    ax.set_yticks(range(len(bars)), [bar.factor.replace("_", " ") for bar in bars])
    ax.set_ylim(len(bars) - 0.5, -0.5)
    in_thousands(ax.xaxis)
    ax.set_xlabel(f"difference from the scenario as it stands, {unit}")
    base = estimated(first.base, sensitivity.comparison.unit_of(first))
    words = first.words[:1].upper() + first.words[1:]
    ax.set_title(plain(f"{words}: {base} as it stands; differences with 95 % intervals"), loc="left")
    return ax


def figures_of(sensitivity: Sensitivity) -> dict[str, list[Bar]]:
    """Give the bars of each figure, by its words."""
    found = {bars[0].low.words: bars for bars in sensitivity.bars if bars}
    if any(bars[0].low.asked.per != "run" for bars in found.values()):
        raise ValueError("sensitivity: is by period, and a tornado shows the run; leave `per` out of what it asks")
    return found


def height(bars: list[Bar]) -> float:
    """Give the height (inches) in which bars are read well."""
    return 1.3 + ROW * len(bars)
