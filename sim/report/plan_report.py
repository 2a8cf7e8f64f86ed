"""A plan for people: on the terminal, as JSON, and as a scenario to be run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import isnan, nan
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sim.experiment.figures import write_amount
from sim.report.grid import Grid, Line
from sim.report.wording import day_and_time, day_of_year, estimated, figure
from sim.scenario.units import HOUR_MS, write_counted
from sim.staffing.plan.beside import ERLANG_C, ERLANG_C_BARE
from sim.staffing.plan.planned import intervals_table, shifts_table

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario
    from sim.staffing.covering import Needs
    from sim.staffing.plan import Plan
    from sim.staffing.plan.schedules import Schedules
    from sim.staffing.shifts import Cover

BY_FORMULA: Final = (
    "Required is by formula, interval by interval; the plan keeps the targets of longer periods with other numbers."
)
ERLANG_C_TWICE: Final = (
    f"{ERLANG_C_BARE}: exactly the people at work that it asks for in each interval, whoever they are. {ERLANG_C}: "
    "that, covered with the shifts of the plan. Hours at work are net of absence, time off the queue and breaks; who "
    "finishes a contact after the shift works on beyond them."
)
AS_GIVEN: Final = "Required is as given."
SAID: Final = {
    "verified": "verified: every target passed the confirmation",
    "undecided": "undecided",
    "missed": "targets missed",
    "infeasible": "infeasible: this is the nearest plan that was found",
}


def plan_grids(plan: Plan) -> Iterator[Grid]:
    """Give the tables of a plan: what it comes to, who works when, how targets are kept, what it is held against."""
    yield _summary(plan)
    yield _headcounts(plan.original, plan.shifts())
    yield _targets(plan)
    yield _comparison(plan)
    yield from _busiest_day(plan.intervals(), BY_FORMULA)


def cover_grids(schedules: Schedules, found: Cover, needs: Needs) -> Iterator[Grid]:
    """Give the tables of shifts that cover a given requirement: what they come to, who works when, by interval."""
    table = intervals_table(schedules, found.headcounts, needs)
    hours = np.diff(found.edges) / HOUR_MS
    required = sum(float(need @ hours) for need in needs.values())
    currency = schedules.scenario.currency
    lines = (
        ("cost", f"{_amount(found.cost)} {currency}".strip()),
        ("paid hours", f"{write_amount(found.paid_hours)} h"),
        ("required", f"{write_amount(required)} h"),
        ("proven gap", f"{100 * found.solution.gap:.2g} %"),
    )
    note = "Covered as given, interval by interval, on average over breaks and absence; nothing was simulated."
    if not found.solution.proven:
        note += " The solver stopped at its time limit: a longer one may find a cheaper cover."
    yield Grid(f"Cover: {schedules.scenario.name}", ("",), tuple(Line(name, (text,)) for name, text in lines), (note,))
    yield _headcounts(schedules.scenario, shifts_table(schedules, found.headcounts))
    yield from _busiest_day(table, AS_GIVEN)


def cover_json(schedules: Schedules, found: Cover, needs: Needs) -> str:
    """Give shifts that cover a given requirement as JSON."""
    parts = {
        "scenario": schedules.scenario.name,
        "cost": _number(found.cost),
        "paid_hours": found.paid_hours,
        "solver_gap": found.solution.gap,
        "changes": found.changes(),
        "shifts": _rows(shifts_table(schedules, found.headcounts)),
        "intervals": _rows(intervals_table(schedules, found.headcounts, needs)),
    }
    return json.dumps(parts, indent=2, ensure_ascii=False) + "\n"


def _summary(plan: Plan) -> Grid:
    sizes, effort = plan.effort.sizes, plan.effort
    lines = [Line("verdict", (SAID[plan.status],)), *(Line(title, (text,)) for title, text in plan.summary()[1:])]
    lines.append(Line("time", (f"{effort.seconds:.0f} s",)))
    notes = [f"{plan.reason[0].upper()}{plan.reason[1:]}."] if plan.reason else []
    if plan.interrupted or plan.out_of_time:
        why = "Interrupted" if plan.interrupted else "Stopped at its time limit"
        notes.append(f"{why}: this is the best plan so far, and a longer search may find a {_other(plan)} one.")
    if plan.bound is None:
        notes.append(f"No lower bound: {plan.no_bound_because}.")
    if plan.gap:
        notes.append(
            f"The solver stopped at its time limit with a gap of {100 * plan.gap:.2g} %: on another machine the plan "
            "may be another."
        )
    notes.append(
        f"Searched on {sizes.search:,} replications, put right on {sizes.selection:,} others, confirmed on "
        f"{sizes.confirmation:,} more, which neither had seen."
    )
    return Grid(f"Plan: {plan.original.name}", ("",), tuple(lines), tuple(notes))


def _other(plan: Plan) -> str:
    return "cheaper" if plan.verified else "better"


def _headcounts(scenario: Scenario, shifts: pd.DataFrame) -> Grid:
    lines = [
        Line(
            f"{row['agent_group']}/{row['shift']} {row['days']} {row['hours']}".strip(),
            (str(row["headcount"]), str(row["today"]), write_amount(row["paid_hours"]), _amount(row["cost"])),
        )
        for row in shifts.to_dict("records")
    ]
    heads = ("planned", "today", "paid hours", f"cost {scenario.currency}".strip())
    note = (
        "Paid hours and cost of all people of a shift, over the scenario. Overtime is on top of both, and what is made "
        "least does not count it."
    )
    return Grid("Headcounts", heads, tuple(lines), (note,))


def _targets(plan: Plan) -> Grid:
    lines = []
    for row in plan.targets().to_dict("records"):
        when = "" if pd.isna(row["decided_by"]) else f", {_start(row['judged'], row['decided_by'])}"
        found = figure(row["estimate"], row["low"], row["high"], row["unit"])
        limit = figure(row["limit"], nan, nan, row["unit"])
        lines.append(Line(f"{row['target']} ({row['judged']}{when})", (found, limit, row["verdict"])))
    note = (
        "By the confirmation. pass: the whole 95 % interval keeps the bound; fail: none of it does; undecided: more "
        "replications may tell. Of several periods the worst decides."
    )
    return Grid("Targets", ("found", "bound", "verdict"), tuple(lines), (note,))


def _start(judged: str, at: Any) -> str:
    return day_of_year(at) if judged.endswith(("day", "week")) else day_and_time(at)


def _comparison(plan: Plan) -> Grid:
    table = plan.comparison()
    lines = [
        Line("paid hours", tuple(_amount(hours) for hours in table["paid_hours"])),
        Line("hours at work", tuple(write_amount(hours) for hours in table["hours_at_work"])),
        Line("overtime", tuple(estimated(one.overtime, "h") for one in plan.compared)),
        Line(f"cost {plan.original.currency}".strip(), tuple(_amount(cost) for cost in table["cost"])),
        Line("all targets", tuple(table["verdict"])),
    ]
    found = [one.found for one in plan.compared]
    for number, bound in enumerate(found[0].promises.bounds):
        unit = plan.unit(bound)
        cells = []
        for one in found:
            cells.append(estimated(one.estimate(one.worst_row(number)), unit))
        name = found[0].promises.words(bound) + (" (its floor)" if bound.floor else "")
        lines.append(Line(name, tuple(cells)))
    replications = write_counted(found[0].replications, "replication")
    note = (
        f"All simulated on the same {replications}, fewer than the confirmation of the plan above; of several periods "
        "the worst. fail: the interval of a target breaks its bound; undecided: one holds it."
    )
    return Grid("Beside other plans", tuple(table["schedule"]), tuple(lines), (note, ERLANG_C_TWICE))


def _busiest_day(table: pd.DataFrame, what_is_required: str) -> Iterator[Grid]:
    """Give agents required and scheduled by hour of the day on which most are required."""
    if not len(table):
        return
    day = table["start"].dt.normalize()
    by_day = table.groupby(day)["required"].sum()
    busiest = pd.Timestamp(by_day.index[int(by_day.to_numpy().argmax())])
    mine = table[day == busiest]
    hourly = mine.groupby([mine["start"].dt.hour, "agent_groups"])[["required", "scheduled"]].mean().reset_index()
    hourly = hourly[(hourly["required"] > 0) | (hourly["scheduled"] > 0)]
    groups = list(dict.fromkeys(hourly["agent_groups"]))
    heads = tuple(f"{group}: {what}" for group in groups for what in ("required", "scheduled"))
    lines = []
    for hour, rows in hourly.groupby("start"):
        by_group = rows.set_index("agent_groups")
        cells = [
            f"{by_group.loc[group, what]:.1f}" if group in by_group.index else "–"
            for group in groups
            for what in ("required", "scheduled")
        ]
        lines.append(Line(f"{hour:02}:00", tuple(cells)))
    note = (
        "Mean agents on duty, net of shrinkage and breaks; people who serve several needs are counted at each. "
        f"{what_is_required}"
    )
    yield Grid(f"Required and scheduled, {day_of_year(busiest)}", heads, tuple(lines), (note,))


def _amount(value: float) -> str:
    return "–" if isnan(value) else write_amount(value)


def plan_json(plan: Plan) -> str:
    """Give everything that a plan found as JSON."""
    effort = plan.effort
    found = {
        "scenario": plan.original.name,
        "status": plan.status,
        "reason": plan.reason,
        "objective": plan.objective,
        "cost": _number(plan.cost),
        "paid_hours": plan.paid_hours,
        "lower_bound": plan.bound,
        "no_lower_bound_because": plan.no_bound_because,
        "solver_gap": plan.gap,
        "interrupted": plan.interrupted,
        "out_of_time": plan.out_of_time,
        "replications": {
            "played": effort.played,
            "from_journal": effort.recalled,
            "search": effort.sizes.search,
            "selection": effort.sizes.selection,
            "confirmation": effort.sizes.confirmation,
        },
        "seconds": round(effort.seconds, 1),
        "changes": plan.changes,
        "shifts": _rows(plan.shifts()),
        "targets": _rows(plan.targets()),
        "comparison": _rows(plan.comparison()),
        "intervals": _rows(plan.intervals()),
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): _plain(value) for key, value in row.items()} for row in table.astype(object).to_dict("records")]


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return _number(value)
    if value is None or value is pd.NaT:
        return None
    return value.isoformat(sep=" ", timespec="minutes") if isinstance(value, pd.Timestamp) else value


def _number(value: float) -> float | None:
    return None if isnan(value) else value


def covered_yaml(schedules: Schedules, found: Cover) -> str:
    """Give the scenario with covering shifts as YAML."""
    head = f"# {schedules.scenario.name}, with shifts that cover a given requirement; nothing was simulated.\n"
    return head + schedules.scenario.with_changes(found.changes()).to_yaml()


def planned_yaml(plan: Plan) -> str:
    """Give the planned scenario as YAML, with its verdict above."""
    head = [f"# {plan.original.name}, planned: {SAID[plan.status]}."]
    head += [f"# {title}: {text}" for title, text in plan.summary()[1:4]]
    return "\n".join(head) + "\n" + plan.scenario.to_yaml()
