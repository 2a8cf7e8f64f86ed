"""Axes: how times, shares and units are written on them, and lines that differ in grey too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from sim.report.wording import day_of_year

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from numpy.typing import NDArray

    from sim.experiment.result import Result
    from sim.scenario.schema import Scenario

Asked = ParamSpec("Asked")
Drawn = TypeVar("Drawn")

MOST_INTERVALS_DAYS: Final = 21
"""Longer runs are drawn by day: more intervals than a picture has columns tell nothing."""

BAND: Final = 0.25
"""Opacity of an interval."""

_COLOURS: Final = ("#12355b", "#c2304a", "#2e9c8a", "#e3a72f")
"""Of increasing lightness (22, 44, 58 and 72 of 100 in CIELAB)."""
_DASHES: Final = ("-", "--", "-.", ":")
_LETTERS: Final = ("Noto Sans CJK JP", "Yu Gothic", "Hiragino Sans", "Meiryo", "IPAexGothic", "MS Gothic", "Noto Sans")
"""Fonts with letters that Matplotlib's own lacks; names of channels and groups may be in any language."""


@dataclass(frozen=True)
class Line:
    """How a line looks."""

    colour: str
    dashes: str


def line(number: int) -> Line:
    """Give the look of a line by its number from 0; the first sixteen all differ, neighbours in colour and dashes."""
    colours = len(_COLOURS)
    return Line(_COLOURS[number % colours], _DASHES[(number + number // colours) % len(_DASHES)])


def drawing(draw: Callable[Asked, Drawn]) -> Callable[Asked, Drawn]:
    """Let a function that draws find letters of any language that an installed font has, without changing the style."""

    @wraps(draw)
    def with_letters(*args: Asked.args, **kwargs: Asked.kwargs) -> Drawn:
        from matplotlib import font_manager, rcParams  # noqa: PLC0415  (drawing alone loads Matplotlib)

        installed, families = set(font_manager.get_font_names()), rcParams["font.family"]
        rcParams["font.family"] = [*families, *(name for name in _LETTERS if name in installed)]
        try:  # rc_context would undo what a notebook sets when its first figure is made, and show no further ones
            return draw(*args, **kwargs)
        finally:
            rcParams["font.family"] = families

    return with_letters


def axes(ax: Axes | None, width: float = 9, height: float = 4) -> Axes:
    """Give the axes to draw on: those given, or new ones of a size in inches."""
    if ax is not None:
        return ax
    from matplotlib import pyplot  # noqa: PLC0415

    return pyplot.subplots(figsize=(width, height), layout="constrained")[1]


def plain(text: str) -> str:
    """Keep Matplotlib from reading a text of the scenario as a formula."""
    return text.replace("$", r"\$")


def in_percent(axis: Axis) -> None:
    """Write the shares of an axis in percent."""
    from matplotlib.ticker import FuncFormatter  # noqa: PLC0415

    axis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.10g} %"))


def course(
    ax: Axes, at: NDArray[np.float64], figures: Mapping[str, NDArray[np.float64]], look: Line, label: str
) -> None:
    """Draw figures over time as steps with their intervals.

    Parameters
    ----------
    at
        (periods + 1,) edges.
    figures
        `estimate`, `low` and `high`, each (periods,); not a number where there is none.
    """
    import numpy as np  # noqa: PLC0415

    low, high = (np.append(figures[name], figures[name][-1:]) for name in ("low", "high"))
    ax.fill_between(at, low, high, step="post", color=look.colour, alpha=BAND, linewidth=0)
    ax.stairs(
        figures["estimate"], at, color=look.colour, linestyle=look.dashes, linewidth=1.5, label=label, baseline=None
    )


def leave_room(ax: Axes) -> None:
    """Let the vertical axis begin at 0 and end above what is drawn, with room for a legend."""
    top = ax.dataLim.y1
    ax.set_ylim(0, 1.18 * top if top > 0 else 1)


def in_thousands(axis: Axis) -> None:
    """Write the numbers of an axis with their thousands parted, few enough to stand beside each other."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415

    axis.set_major_locator(MaxNLocator(6))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}".replace("-", "\N{MINUS SIGN}")))


def per_of(result: Result) -> str:
    """Give the periods at which a course over time is drawn: intervals, days where these are too many."""
    days = len(result.measure("inquiries", per="day"))
    return "interval" if days <= MOST_INTERVALS_DAYS else "day"


def edges(scenario: Scenario, per: str) -> NDArray[np.float64]:
    """Give the edges of the periods of a name, shape (periods + 1,), in Matplotlib's days."""
    import numpy as np  # noqa: PLC0415
    from matplotlib.dates import date2num  # noqa: PLC0415

    from sim.measure.periods import HOUR_MS, Periods  # noqa: PLC0415
    from sim.scenario.calendar import Calendar  # noqa: PLC0415

    calendar = Calendar.of(scenario)
    at = date2num(calendar.origin) + Periods.of(scenario, calendar).edges[per] / (24 * HOUR_MS)
    return np.asarray(at, np.float64)


def on_the_clock(ax: Axes, scenario: Scenario, span: Sequence[float] | NDArray[np.float64]) -> None:
    """Write days, or hours where there are few days, on the time axis, by the scenario's clock.

    Parameters
    ----------
    span
        Begin and end, in Matplotlib's days.
    """
    from matplotlib import dates  # noqa: PLC0415
    from matplotlib.ticker import FuncFormatter  # noqa: PLC0415

    zone = ZoneInfo(scenario.time.zone)
    days = span[-1] - span[0]
    locator: dates.DateLocator
    if days <= 2:
        locator = dates.HourLocator(byhour=range(0, 24, 3 if days <= 1 else 6), tz=zone)
    elif days <= MOST_INTERVALS_DAYS:
        locator = dates.DayLocator(interval=1 if days <= 10 else 2, tz=zone)
    else:
        locator = dates.WeekdayLocator(dates.MO, interval=int(days // 7 // 13) + 1, tz=zone)

    def written(at: float, _position: int | None) -> str:
        instant = dates.num2date(at, tz=zone)
        if days > 2:
            return day_of_year(instant)
        return f"{instant:%H:%M}" if instant.hour else f"{instant:%H:%M}\n{day_of_year(instant)}"

    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(FuncFormatter(written))
    ax.set_xlim(span[0], span[-1])
    ax.set_xlabel(f"clock of {zone}")
