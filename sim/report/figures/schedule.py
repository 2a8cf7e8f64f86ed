"""A plan's agents beside those that are required."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.figures.canvas import axes, drawing, edges, leave_room, line, on_the_clock, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.staffing.plan import Plan


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


def needs_of(plan: Plan) -> list[str]:
    """Give the needs of a plan: for each, the groups that can fill it."""
    return list(dict.fromkeys(plan.intervals()["agent_groups"]))
