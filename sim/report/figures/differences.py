"""What scenarios are more or less than a base, with intervals."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Final

from sim.report.figures.canvas import axes, course, drawing, edges, in_thousands, line, on_the_clock, plain
from sim.report.wording import estimated, scale_for

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.experiment.comparison import Compared, Comparison

ROW: Final = 0.34
"""Inches that a row takes."""


@drawing
def differences(comparison: Comparison, measure: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Draw how a measure differs from that of the base, with the comparison's simultaneous 95 % intervals.

    Over the run: a row for each scenario and figure, with both figures beside it; filled where the interval leaves 0
    out. By period: a line for each, over time.

    Parameters
    ----------
    comparison
        Of scenarios with a base, or a sweep.
    measure
        One of those compared. Default: the first.
    ax
        To draw on. Default: new ones.

    Raises
    ------
    ValueError
        If the measure was not compared; the text says which were.
    """
    known = measures_of(comparison)
    if measure is not None and measure not in known:
        raise ValueError(f"measure: got {measure!r}, must be one that was compared: {', '.join(known)}")
    lines = _of(comparison, measure or known[0])
    ax = axes(ax, 9, height(comparison, lines[0].asked.measure.name))
    unit, factor = unit_of(comparison, lines)
    if lines[0].asked.per == "run":
        _rows(ax, comparison, lines, factor)
        ax.set_xlabel(f"difference from {plain(comparison.base)}, {unit}")
    else:
        _courses(ax, comparison, lines, factor)
        ax.set_ylabel(f"difference, {unit}")
    ax.set_title(
        f"{lines[0].asked.measure.name.replace('_', ' ').capitalize()}: difference from {plain(comparison.base)}"
        " with its 95 % interval",
        loc="left",
    )
    return ax


def measures_of(comparison: Comparison) -> list[str]:
    """Give the measures that were compared, in their order."""
    return list(dict.fromkeys(row.asked.measure.name for row in comparison.differences.lines))


def height(comparison: Comparison, measure: str) -> float:
    """Give the height (inches) in which a measure's differences are read well."""
    lines = _of(comparison, measure)
    return 1.3 + ROW * len(lines) if lines[0].asked.per == "run" else 4


def _of(comparison: Comparison, measure: str) -> list[Compared]:
    return [row for row in comparison.differences.lines if row.asked.measure.name == measure]


def _rows(ax: Axes, comparison: Comparison, lines: list[Compared], factor: float) -> None:
    for at, row in enumerate(lines):
        estimate, look, filled = row.difference.estimate, _look(comparison, row), row.difference.significant
        if not isnan(estimate.low):
            ax.plot([factor * estimate.low, factor * estimate.high], [at, at], color=look, linewidth=2.5)
        ax.plot(
            factor * estimate.estimate, at, "o", color=look, markersize=7, markerfacecolor=look if filled else "white"
        )
        unit = comparison.unit_of(row)
        both = (estimated(one, unit) for one in (row.base, row.other))
        ax.annotate(
            plain(" → ".join(both)), (1.02, at), xycoords=("axes fraction", "data"), va="center", fontsize="small",
            annotation_clip=False,
        )  # fmt: skip
    ax.axvline(0, color="black", linewidth=1)
    ax.set_yticks(range(len(lines)), [plain(_label(comparison, row, lines)) for row in lines])
    ax.set_ylim(len(lines) - 0.5, -0.5)
    ax.grid(axis="x", alpha=0.3)
    in_thousands(ax.xaxis)


def _courses(ax: Axes, comparison: Comparison, lines: list[Compared], factor: float) -> None:
    import numpy as np  # noqa: PLC0415  (drawing alone loads it)

    scenario = comparison.scenarios[comparison.base]
    at = edges(scenario, lines[0].asked.per)
    courses: dict[str, list[Compared]] = {}
    for row in lines:
        courses.setdefault(_label(comparison, row, lines), []).append(row)
    for number, (label, rows) in enumerate(courses.items()):
        figures = {name: np.full(len(at) - 1, np.nan) for name in ("estimate", "low", "high")}
        for row in rows:
            for name, values in figures.items():
                values[row.period] = factor * getattr(row.difference.estimate, name)
        course(ax, at, figures, line(number), plain(label))
    on_the_clock(ax, scenario, at)
    ax.axhline(0, color="black", linewidth=1)
    ax.legend(loc="best", frameon=False)


def _label(comparison: Comparison, row: Compared, lines: list[Compared]) -> str:
    """Name a row by what tells it from the others: the scenario, what it is of, or both."""
    scenarios = {one.scenario for one in comparison.differences.lines}
    words = {one.words for one in lines}
    if len(words) == 1:
        return row.scenario
    return row.words if len(scenarios) == 1 else f"{row.scenario}: {row.words}"


def _look(comparison: Comparison, row: Compared) -> str:
    others = [name for name in comparison.scenarios if name != comparison.base]
    return line(others.index(row.scenario)).colour


def unit_of(comparison: Comparison, lines: list[Compared]) -> tuple[str, float]:
    """Give the unit of differences in words and the factor to it; those of shares are percentage points."""
    unit = comparison.unit_of(lines[0])
    if unit == "share":
        return "percentage points", 100.0
    scale = scale_for(max(abs(row.difference.estimate.estimate) for row in lines), unit)
    return plain(scale.suffix or unit), scale.factor
