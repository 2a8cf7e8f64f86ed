"""Courses over the run: queues, and agents on duty, busy and required."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.report.figures.canvas import Line, axes, course, drawing, edges, leave_room, line, on_the_clock, per_of, plain

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from sim.experiment.result import Result
    from sim.staffing.staff import Requirement


@drawing
def queue_length(
    result: Result, *, channel: str | Sequence[str] | None = None, per: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the mean number of contacts waiting over the run, a line for each channel, with 95 % intervals.

    Parameters
    ----------
    result
        Of a run.
    channel
        One or several. Default: all live ones, all if none is.
    per
        interval, hour or day. Default: interval, in runs of more than three weeks day.
    ax
        To draw on. Default: new ones.
    """
    per = per or per_of(result)
    ax, at = axes(ax), edges(result.scenario, per)
    table = result.measure("queue_length", by="channel", per=per)
    for number, name in enumerate(channels_shown(result, channel)):
        _draw(ax, at, table[table["channel"] == name], line(number), plain(name))
    on_the_clock(ax, result.scenario, at)
    leave_room(ax)
    ax.set_ylabel("contacts waiting")
    ax.set_title(f"Waiting in queues: mean by {per}, with its 95 % interval", loc="left")
    ax.legend(loc="upper right", frameon=False, ncols=4)
    return ax


@drawing
def agents(
    result: Result,
    *,
    agent_group: str | None = None,
    required: Sequence[float] | NDArray[np.float64] | Requirement | None = None,
    per: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the agents on duty and busy over the run, with 95 % intervals, and those that are required.

    Parameters
    ----------
    result
        Of a run.
    agent_group
        One of them. Default: all together.
    required
        Agents on duty that are needed, by interval of the scenario; or what `sim.staff` gave for it.
    per
        interval, hour or day. Default: interval, in runs of more than three weeks day.
    ax
        To draw on. Default: new ones.

    Raises
    ------
    ValueError
        If `required` has another length, or is given with other periods than intervals.
    """
    if required is not None and per not in {None, "interval"}:
        raise ValueError(f"required: is by interval and cannot be drawn per {per}; leave `per` out")
    per = "interval" if required is not None else per or per_of(result)
    tables = {}
    for name in ("agents_on_duty", "agents_busy"):
        table = result.measure(name, by="agent_group", per=per)
        tables[name] = table[table["agent_group"] == agent_group] if agent_group else result.measure(name, per=per)
    if agent_group is not None and tables["agents_on_duty"].empty:
        known = ", ".join(sorted(result.scenario.agent_groups))
        raise ValueError(f"agent_group: got {agent_group!r}, must be one of {known}")
    ax, at = axes(ax), edges(result.scenario, per)
    on_duty, busy = line(0), line(1)
    _draw(ax, at, tables["agents_on_duty"], on_duty, "on duty")
    _draw(ax, at, tables["agents_busy"], Line(busy.colour, "-"), "busy")
    if required is not None:
        needed, label = _needed(required, agent_group)
        if len(needed) != len(at) - 1:
            raise ValueError(f"required: got {len(needed)} values, must be {len(at) - 1}, one for each interval")
        ax.stairs(needed, at, color="black", linestyle=":", linewidth=1.6, label=label, baseline=None)
    on_the_clock(ax, result.scenario, at)
    leave_room(ax)
    ax.set_ylabel("agents")
    groups = [agent_group] if agent_group else sorted(result.scenario.agent_groups)
    whose = plain(groups[0]) if len(groups) == 1 else "all groups together"
    ax.set_title(f"Agents, {whose}: mean by {per}, with its 95 % interval", loc="left")
    ax.legend(loc="upper right", frameon=False, ncols=4)
    return ax


def _needed(
    required: Sequence[float] | NDArray[np.float64] | Requirement, agent_group: str | None
) -> tuple[NDArray[np.float64], str]:
    """Give the agents that are required of a group, or of all, by interval, and what they are called."""
    import numpy as np  # noqa: PLC0415  (drawing alone needs it)

    if isinstance(required, Sequence | np.ndarray):
        return np.asarray(required, np.float64), "required"
    needs = [need for group, need in required.net.items() if agent_group in {None, group}]
    return np.sum(needs, axis=0, dtype=np.float64), "required" if required.result else "required, by formula"


def channels_shown(result: Result, channel: str | Sequence[str] | None) -> list[str]:
    """Give the channels to draw: those asked for, else the live ones, else all."""
    known = result.scenario.channels
    if channel is None:
        return sorted(name for name in known if known[name].waiting == "live") or sorted(known)
    asked = [channel] if isinstance(channel, str) else list(channel)
    for name in asked:
        if name not in known:
            raise ValueError(f"channel: got {name!r}, must be one of {', '.join(sorted(known))}")
    return asked


def _draw(ax: Axes, at: NDArray[np.float64], table: pd.DataFrame, look: Line, label: str) -> None:
    """Draw a table of estimates by period."""
    course(ax, at, {name: table[name].to_numpy() for name in ("estimate", "low", "high")}, look, label)
