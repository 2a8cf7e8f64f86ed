"""A measure by day and hour, as a map of colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.experiment.judge import DEFAULT_WITHIN
from sim.report.figures.canvas import axes, drawing, plain
from sim.report.wording import day_of_year, scale_for
from sim.scenario.units import read_duration, write_duration

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from sim.experiment.result import Result
    from sim.scenario.model.targets import Target

MOST_ROWS_WITH_NUMBERS: Final = 14
MOST_DAYS_NAMED: Final = 31
DARK: Final = 0.55
"""Share of the colours, from dark to light, on which numbers are white."""


@drawing
def heat_map(
    result: Result,
    measure: str = "service_level",
    *,
    within: str | int | None = None,
    bound: float | None = None,
    ax: Axes | None = None,
    **where: Any,
) -> Axes:
    """Draw a measure by day (down) and hour of the day (across); light is much, dark is little, empty is nobody.

    Up to two weeks, each hour has its figure with the half-width of its 95 % interval. Hours are framed of which the
    whole interval misses the bound. An hour that comes twice, when clocks are put back, shows its first passage.

    Parameters
    ----------
    result
        Of a run.
    measure
        Any measure that can be asked per hour.
    within
        The deadline, as "20 s" or in ms. Default: that of the first target of the measure on these contacts, else 20 s.
    bound
        What the hours are held against, in the measure's unit. Default: that of the target with this deadline.
    ax
        To draw on. Default: new ones.
    **where
        Labels to narrow it to, such as `channel="phone"`.
    """
    import numpy as np  # noqa: PLC0415

    target = _target(result, measure, within, where)
    if within is None:
        within = target.within if target else DEFAULT_WITHIN if measure == "service_level" else None
    sign = -1 if target and target.at_most is not None else 1
    table = result.measure(measure, per="hour", within=within, **where)
    if bound is None and target is not None:
        bound = target.at_least if target.at_least is not None else target.at_most
        bound = bound / 1000 if bound is not None and table["unit"].iloc[0] == "s" else bound
    days, hours, cells = _grid(table)
    unit, factor = _scale(table)
    ax = axes(ax, *size(len(days), len(hours)))
    least, most = _range(cells["estimate"] * factor, share=unit == "%")
    image = ax.imshow(
        cells["estimate"] * factor, cmap="viridis", vmin=least, vmax=most, aspect="auto", interpolation="nearest"
    )
    ax.set_xticks(range(len(hours)), [f"{hour:02d}" for hour in hours])
    shown = [row for row, day in enumerate(days) if len(days) <= MOST_DAYS_NAMED or day.weekday() == 0]
    ax.set_yticks(shown, [day_of_year(days[row]) for row in shown])
    ax.set_xlabel(f"hour of the day, clock of {result.scenario.time.zone}")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    bar = ax.figure.colorbar(image, ax=ax, label=unit or "number", pad=0.02)
    if len(days) <= MOST_ROWS_WITH_NUMBERS:
        _write_numbers(ax, cells, factor, least + DARK * (most - least))
    ax.set_title(_title(measure, within, where), loc="left")
    if bound is not None:
        bar.ax.axhline(bound * factor, color="black", linewidth=2)
        beyond = cells["high"] if sign > 0 else cells["low"]
        missed = np.argwhere(sign * (beyond - bound) < 0)
        _frame(ax, missed)
        side = "below" if sign > 0 else "above"
        ax.set_xlabel(
            f"{ax.get_xlabel()}\nframed: the whole 95 % interval is {side} {bound * factor:g} {unit}".rstrip()
        )
    return ax


def size(days: int, hours: int) -> tuple[float, float]:
    """Give the width and height (inches) in which so many rows and columns are read well."""
    return 3 + 0.62 * hours, 1.9 + (min(0.42 * days, 9) if days <= MOST_DAYS_NAMED else 9)


def _target(result: Result, measure: str, within: str | int | None, where: dict[str, Any]) -> Target | None:
    """Give the first target of the measure for just these contacts."""
    limit = read_duration(within) if isinstance(within, str) else within
    dimensions = ("channel", "contact_type", "tier", "queue", "agent_group", "customer", "language")
    return next(
        (
            target
            for target in result.scenario.targets
            if target.measure == measure
            and limit in {None, target.within}
            and {name: getattr(target, name, None) for name in dimensions}
            == {name: where.get(name) for name in dimensions}
        ),
        None,
    )


def _grid(table: pd.DataFrame) -> tuple[list[pd.Timestamp], list[int], dict[str, NDArray[np.float64]]]:
    """Give the days, the hours of the day from the first to the last with a figure, and arrays (days, hours)."""
    import numpy as np  # noqa: PLC0415

    clock = table["start"].dt.tz_localize(None)
    table = table[~clock.duplicated()]
    starts = table["start"]
    of_row = starts.dt.normalize()
    dates = {day: number for number, day in enumerate(dict.fromkeys(of_row))}
    row = np.array([dates[day] for day in of_row])
    hour = starts.dt.hour.to_numpy()
    known = hour[table["estimate"].notna()]
    first, last = (int(known.min()), int(known.max())) if len(known) else (0, 23)
    cells = {}
    for column in ("estimate", "low", "high"):
        whole = np.full((len(dates), 24), np.nan)
        whole[row, hour] = table[column]
        cells[column] = whole[:, first : last + 1]
    return list(dates), list(range(first, last + 1)), cells


def _scale(table: pd.DataFrame) -> tuple[str, float]:
    """Give the unit of the picture and the factor to it."""
    unit = str(table["unit"].iloc[0])
    scale = scale_for(float(table["estimate"].max()), unit)
    return scale.suffix, scale.factor


def _range(figures: NDArray[np.float64], *, share: bool) -> tuple[float, float]:
    """Give what the darkest and the lightest colour stand for; shares go to 100 %, from 0 or, if all reach it, 50 %."""
    known = figures[figures == figures]  # noqa: PLR0124  (not NaN)
    if share:
        return (50.0 if len(known) and known.min() >= 50 else 0.0), 100.0
    return 0.0, float(known.max()) if len(known) and known.max() > 0 else 1.0


def _write_numbers(ax: Axes, cells: dict[str, NDArray[np.float64]], factor: float, dark: float) -> None:
    """Write each figure with its half-width, or its bound; white on colours of figures up to `dark`."""
    import numpy as np  # noqa: PLC0415

    estimates = cells["estimate"] * factor
    decimals = 0 if float(np.nanmax(estimates, initial=0)) >= 10 else 1
    for row, column in np.argwhere(~np.isnan(estimates)):
        value, low, high = (cells[name][row, column] * factor for name in ("estimate", "low", "high"))
        if low < value == high or low == value < high:
            interval = f" ≥{low:.{decimals}f}" if low < value else f" ≤{high:.{decimals}f}"
        else:
            interval = "" if np.isnan(low) else f" ±{(high - low) / 2:.{decimals}f}"
        text, colour = f"{value:.{decimals}f}{interval}", "white" if value < dark else "black"
        ax.text(column, row, text, ha="center", va="center", fontsize=8, color=colour)


def _frame(ax: Axes, cells: NDArray[np.int64]) -> None:
    from matplotlib.collections import PatchCollection  # noqa: PLC0415
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    frames = [Rectangle((column - 0.46, row - 0.44), 0.92, 0.88) for row, column in cells]
    for colour, width in (("black", 3.0), ("white", 1.2)):  # seen on any colour, and in grey
        ax.add_collection(PatchCollection(frames, facecolor="none", edgecolor=colour, linewidth=width, label="missed"))


def _title(measure: str, within: str | int | None, where: dict[str, Any]) -> str:
    of = ", ".join(label if isinstance(label, str) else " + ".join(label) for label in where.values())
    limit = read_duration(within) if isinstance(within, str) else within
    deadline = "" if limit is None else f" within {write_duration(limit)}"
    return plain(f"{measure.replace('_', ' ').capitalize()}{deadline}{f': {of}' if of else ''}")
