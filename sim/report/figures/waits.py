"""How long contacts wait: the share that is answered within each time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sim.report.figures.canvas import BAND, axes, drawing, in_percent, line, plain
from sim.report.figures.week import channels_shown
from sim.report.wording import scale_for
from sim.scenario.units import read_duration

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.experiment.result import Result

POINTS: Final = 40
"""At most so many times are read between 0 and the longest that is shown."""

BEYOND: Final = 1.5
"""Times are shown up to so many times the longest deadline of a target."""
SHORTEST_MS: Final = 10_000
"""A picture of shorter times would show what nobody feels."""

READINGS: Final = {
    "offered": "of the contacts offered",
    "answered": "of the contacts answered",
    "short_out": "of the offered but quick leavers",
    "settled": "of the offered, or left within it",
}


@drawing
def waits(
    result: Result,
    *,
    channel: str | Sequence[str] | None = None,
    reading: str = "offered",
    up_to: str | int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the service level over its deadline: the share of contacts answered within each time, with 95 % intervals.

    Of the answered it is the distribution of their waits; of the offered it rises to the share that is answered at all.
    Crosses are what targets ask.

    Parameters
    ----------
    result
        Of a run.
    channel
        One or several. Default: all live ones, all if none is.
    reading
        As of service_level: offered, answered, short_out or settled.
    up_to
        The longest time, as "2 min" or in ms. Default: what 95 % of the answered wait at most, and beyond deadlines.
    ax
        To draw on. Default: new ones.
    """
    names = channels_shown(result, channel)
    if reading not in READINGS:
        raise ValueError(f"reading: got {reading!r}, must be one of {', '.join(READINGS)}")
    ax = axes(ax, 7)
    times = _times(result, names, up_to)
    scale = scale_for(times[-1] / 1000, "s")
    for number, name in enumerate(names):
        look = line(number)
        rows = [
            result.measure("service_level", within=within, reading=reading, channel=name).iloc[0] for within in times
        ]
        at = [within / 1000 * scale.factor for within in times]
        ax.fill_between(
            at, [row["low"] for row in rows], [row["high"] for row in rows], color=look.colour, alpha=BAND, linewidth=0
        )
        ax.plot(at, [row["estimate"] for row in rows], color=look.colour, linestyle=look.dashes, label=plain(name))
        for within, share in _promises(result, name):
            ax.plot(
                within / 1000 * scale.factor, share, "x", color=look.colour, markersize=9, markeredgewidth=2.5,
                label=f"{plain(name)}, promised",
            )  # fmt: skip
    ax.set_xlim(0, times[-1] / 1000 * scale.factor)
    ax.set_ylim(0, 1)
    in_percent(ax.yaxis)
    ax.grid(alpha=0.3)
    ax.set_xlabel(f"time waited, {scale.suffix}")
    ax.set_ylabel(f"answered within it, {READINGS[reading]}")
    ax.set_title("Waits, with 95 % intervals", loc="left")
    ax.legend(loc="lower right", frameon=False)
    return ax


def _promises(result: Result, channel: str) -> list[tuple[int, float]]:
    """Give (deadline in ms, share) of what targets ask of a channel."""
    return [
        (target.within, target.at_least)
        for target in result.scenario.targets
        if target.measure == "service_level" and target.within is not None and target.at_least is not None
        if target.channel == channel and target.tier is None
    ]


def _times(result: Result, names: list[str], up_to: str | int | None) -> list[int]:
    """Give the times (ms), at a step of 1, 2 or 5 times a power of ten: up to such, waits are counted exactly."""
    if up_to is None:
        waited = [float(result.measure("wait_p95", channel=name)["estimate"].fillna(0).iloc[0]) for name in names]
        promised = [within for name in names for within, _ in _promises(result, name)]
        longest = max(1000 * max(waited), BEYOND * max(promised, default=0), SHORTEST_MS)
    else:
        longest = read_duration(up_to) if isinstance(up_to, str) else up_to
        if longest <= 0:
            raise ValueError(f"up_to: got {up_to!r}, must be more than 0, such as '2 min'")
    step = next(unit * 10**power for power in range(12) for unit in (1, 2, 5) if unit * 10**power * POINTS >= longest)
    return [step * number for number in range(int(-(-longest // step)) + 1)]
