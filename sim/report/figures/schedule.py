"""Agents that are required: beside those of a plan, and beside those on duty now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.figures.canvas import axes, drawing, edges, leave_room, line, on_the_clock, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.staffing.plan import Plan
    from sim.staffing.staff import Requirement


@drawing
def required_and_scheduled(plan: Plan, agent_groups: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Draw the agents that a need requires, by formula, and those whom the plan puts on duty, by interval.

    Both are means, net of shrinkage and breaks, and have no intervals. The plan keeps promises of longer periods with
    other numbers than interval by interval would take.

    Parameters
    ----------
    plan
        The plan.
    agent_groups
        Whose need, as in `Plan.intervals`: the groups that can fill it. Default: the need that takes most people.
    ax
        To draw on. Default: new ones.

    Raises
    ------
    ValueError
        If there is no such need; the text says which there are.
    """
    table = plan.intervals()
    needs = needs_of(plan)
    if agent_groups is not None and agent_groups not in needs:
        raise ValueError(f"agent_groups: got {agent_groups!r}, must be one of {'; '.join(needs)}")
    chosen = agent_groups or max(
        needs, key=lambda one: float(table.loc[table["agent_groups"] == one, "required"].sum())
    )
    mine = table[table["agent_groups"] == chosen]
    ax, at = axes(ax), edges(plan.original, "interval")
    scheduled, required = line(2), line(0)
    ax.stairs(mine["scheduled"], at, fill=True, color=scheduled.colour, alpha=0.45, label="scheduled")
    ax.stairs(mine["required"], at, color=required.colour, linewidth=1.6, label="required", baseline=None)
    on_the_clock(ax, plan.original, at)
    leave_room(ax)
    ax.set_ylabel("agents on duty")
    ax.set_title(plain(f"Required by formula, and scheduled: {chosen}"), loc="left")
    ax.legend(loc="upper right", frameon=False, ncols=2)
    return ax


@drawing
def required(need: Requirement, agent_group: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Draw the agents that a group needs on duty in each interval, those to schedule for it, and those on duty now.

    They are decisions and means, and have no intervals; whether the targets hold under them is in `need.verdicts`.

    Parameters
    ----------
    need
        Of `sim.staff`.
    agent_group
        One of its groups. Default: the one that needs most people.
    ax
        To draw on. Default: new ones.

    Raises
    ------
    ValueError
        If there is no such group; the text says which there are.
    """
    if agent_group is not None and agent_group not in need.net:
        raise ValueError(f"agent_group: got {agent_group!r}, must be one of {', '.join(need.net)}")
    chosen = agent_group or max(need.net, key=lambda group: float(need.net[group].sum()))
    ax, at = axes(ax), edges(need.scenario, "interval")
    now, net, gross = line(2), line(0), line(1)
    on_duty = need.analytic.on_duty[chosen]
    if on_duty.any():
        ax.stairs(on_duty, at, fill=True, color=now.colour, alpha=0.45, label="on duty now")
    ax.stairs(need.net[chosen], at, color=net.colour, linewidth=1.6, label="required", baseline=None)
    label = "to schedule, with shrinkage and breaks"
    ax.stairs(need.gross(chosen), at, color=gross.colour, linestyle=":", label=label, baseline=None)
    on_the_clock(ax, need.scenario, at)
    leave_room(ax)
    ax.set_ylabel("agents")
    how = "by formula" if need.result is None else "by simulation"
    ax.set_title(plain(f"Required {how}: {chosen}"), loc="left")
    ax.legend(loc="upper right", frameon=False, ncols=3)
    return ax


def needs_of(plan: Plan) -> list[str]:
    """Give the needs of a plan: for each, the groups that can fill it."""
    return list(dict.fromkeys(plan.intervals()["agent_groups"]))
