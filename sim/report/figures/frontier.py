"""The curve on which a manager chooses: what promises cost, and what becomes of satisfaction and resolution."""

from __future__ import annotations

from itertools import groupby
from math import isnan
from typing import TYPE_CHECKING, Final

from sim.report.figures.canvas import axes, drawing, in_percent, in_thousands, line, plain
from sim.scenario.units import write_share

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.staffing.frontier import Frontier, Point

OF: Final = {
    "spent": "spent",
    "satisfaction": "mean satisfaction, 1 to 5",
    "first_contact_resolution": "resolved at first contact",
}


@drawing
def frontier(found: Frontier, of: str = "spent", *, ax: Axes | None = None) -> Axes:
    """Draw what is spent, or what becomes of quality, over the promise that is reached, with 95 % intervals of both.

    A curve for each pace; each point says what was promised. Filled points are plans whose confirmation showed that all
    targets are kept.

    Parameters
    ----------
    found
        The frontier.
    of
        spent, satisfaction or first_contact_resolution.
    ax
        To draw on. Default: new ones.
    """
    if of not in OF:
        raise ValueError(f"of: got {of!r}, must be one of {', '.join(OF)}")
    ax = axes(ax, 7.5, 4.5)
    for number, (label, points) in enumerate(_curves(found)):
        look = line(number)
        shown = [point for point in points if not isnan(getattr(point, of).estimate)]
        at, values = [point.reached for point in shown], [getattr(point, of) for point in shown]
        ax.plot(
            [one.estimate for one in at], [one.estimate for one in values],
            color=look.colour, linestyle=look.dashes, linewidth=1.2, label=label or None,
        )  # fmt: skip
        for point, across, up in zip(shown, at, values, strict=True):
            ax.plot([across.low, across.high], [up.estimate] * 2, color=look.colour, linewidth=2, alpha=0.6)
            ax.plot([across.estimate] * 2, [up.low, up.high], color=look.colour, linewidth=2, alpha=0.6)
            filled = look.colour if point.plan.verified else "white"
            ax.plot(across.estimate, up.estimate, "o", color=look.colour, markerfacecolor=filled, markersize=7)
            away, side = ((6, -10), "left") if number % 2 else ((-6, 4), "right")
            ax.annotate(
                f"≥ {write_share(point.bound)}", (across.estimate, up.estimate), xytext=away,
                textcoords="offset points", ha=side, fontsize="small",
            )  # fmt: skip
    in_percent(ax.xaxis)
    if of == "first_contact_resolution":
        in_percent(ax.yaxis)
    else:
        in_thousands(ax.yaxis)
    ax.margins(0.12)
    ax.grid(alpha=0.3)
    ax.set_xlabel(plain(f"{found.promise.partition(' per ')[0]}, reached over the run"))
    spent = "cost" if found.spent_unit != "h" else "paid hours"
    ax.set_ylabel(plain(f"{spent}, {found.spent_unit}") if of == "spent" else OF[of])
    ax.set_title("Cheapest plans by promise, with 95 % intervals", loc="left")
    if len({tuple(point.pace.items()) for point in found.points}) > 1:
        ax.legend(frameon=False)
    return ax


def told_of(found: Frontier) -> list[str]:
    """Give what a frontier can be drawn of: what its scenario tells nothing of is left out."""
    return [of for of in OF if any(not isnan(getattr(point, of).estimate) for point in found.points)]


def _curves(found: Frontier) -> list[tuple[str, list[Point]]]:
    by_pace = groupby(found.points, key=lambda point: tuple(point.pace.items()))
    return [
        (", ".join(f"{plain(group)} at pace {write_share(pace)}" for group, pace in paces), list(points))
        for paces, points in by_pace
    ]
