"""The plan: headcounts, what they cost, how the targets were kept, and what it is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from math import nan
from typing import TYPE_CHECKING, Any, Literal

from sim.experiment.figures import write_amount
from sim.experiment.judge import question_of
from sim.scenario.calendar import Calendar
from sim.scenario.units import HOUR_MS, WEEKDAYS
from sim.staffing.plan.beside import Compared
from sim.staffing.plan.bounds import Bound, Found
from sim.staffing.plan.evaluation import Sizes
from sim.staffing.plan.schedules import Headcounts, Schedules

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.schema import Scenario
    from sim.staffing.covering import Needs
    from sim.staffing.shift_choices import Choice

Status = Literal["verified", "undecided", "missed", "infeasible"]


@dataclass(frozen=True)
class Effort:
    """What a plan took."""

    sizes: Sizes
    """Of its blocks."""
    played: int
    """Replications."""
    recalled: int
    """Replications that a journal knew."""
    seconds: float


@dataclass(frozen=True)
class Plan:
    """Headcounts of shifts, and what simulation shows of them."""

    original: Scenario
    """The scenario that was planned."""
    schedules: Schedules
    headcounts: Headcounts
    status: Status
    """verified: every target passed the confirmation; undecided: it does not tell; missed: it shows that one is not
    kept; infeasible: none that keeps all was found, and this is the nearest."""
    reason: str
    """Why it is not verified."""
    found: Found
    """The confirmation."""
    compared: tuple[Compared, ...]
    """The plan, Erlang C without and in shifts, and today, on the first replications of the confirmation."""
    needs: Needs
    """The requirement that it is shown against."""
    bound: float | None
    """No schedule that keeps the targets has less of what the plan makes least; None where nothing is proven."""
    no_bound_because: str
    """Why nothing is proven; empty where something is."""
    gap: float
    """The widest gap that the solver left when its time was over; 0 if it never was."""
    interrupted: bool
    """Whether somebody ended the search (Ctrl-C)."""
    out_of_time: bool
    """Whether the time limit did."""
    effort: Effort

    @property
    def scenario(self) -> Scenario:
        """The scenario with the planned headcounts."""
        return self.schedules.planned(self.headcounts)

    @property
    def changes(self) -> dict[str, Any]:
        """The changes that make it the original's (`Scenario.with_changes`)."""
        return self.schedules.changes(self.headcounts)

    @property
    def objective(self) -> float:
        """What the plan makes least: cost, people, or paid hours."""
        return self.schedules.objective(self.headcounts)

    @property
    def cost(self) -> float:
        """Of all shifts that may change or stand beside them, within the scenario; not a number if one has none."""
        return self.schedules.cost(self.headcounts)

    @property
    def paid_hours(self) -> float:
        """Of the same."""
        return self.schedules.paid_hours(self.headcounts)

    @property
    def verified(self) -> bool:
        """Whether every target passed the confirmation."""
        return self.status == "verified"

    def shifts(self) -> pd.DataFrame:
        """Give a row for each shift and days of one headcount: people now and as planned, paid hours, cost.

        Shifts without people, now and then, are left out.
        """
        return shifts_table(self.schedules, self.headcounts)

    def targets(self) -> pd.DataFrame:
        """Give a row for each bound: the figure of the run or of the period that decides, its interval, the verdict."""
        promises = self.found.promises
        rows = []
        for number, bound in enumerate(promises.bounds):
            verdict, row = self.found.verdict(number)
            estimate = self.found.estimate(row)
            rows.append(
                {
                    "target": promises.words(bound),
                    "judged": _judged(bound),
                    "limit": float(promises.limit[row]),
                    "estimate": estimate.estimate,
                    "low": estimate.low,
                    "high": estimate.high,
                    "unit": self.unit(bound),
                    "verdict": verdict,
                    "decided_by": self._period(bound, row - int(promises.first_row[number])),
                }
            )
        columns = ("target", "judged", "limit", "estimate", "low", "high", "unit", "verdict", "decided_by")
        return _frame(rows, columns)

    def unit(self, bound: Bound) -> str:
        """Give the unit of the figures of a bound."""
        if bound.risk is not None or bound.share_of_values:
            return "share"
        unit = question_of(self.original.targets[bound.target]).unit
        return self.original.currency or unit if unit == "currency" else unit

    def _period(self, bound: Bound, number: int) -> datetime | None:
        """Give the begin of the period that decides, on the scenario's clock; nothing for the run."""
        if bound.per == "run" or bound.risk is not None:
            return None
        edges = self.found.promises.periods.edges[bound.per]
        return Calendar.of(self.original).wall(int(edges[number])).replace(tzinfo=None)

    def comparison(self) -> pd.DataFrame:
        """Give a row for each of `compared`: objective, cost, paid hours, hours at work, overtime, verdict on all.

        And by target the figure of the run or of the worst period. People without shifts have neither objective, cost
        nor paid hours.
        """
        rows = []
        schedules = self.schedules
        for one in self.compared:
            figures = {}
            for number, bound in enumerate(one.found.promises.bounds):
                row = one.found.worst_row(number)
                name = one.found.promises.words(bound) + (" (floor)" if bound.floor else "")
                figures[name] = float(one.found.value[row])
            rows.append(
                {
                    "schedule": one.name,
                    "objective": nan if one.headcounts is None else schedules.objective(one.headcounts),
                    "cost": nan if one.headcounts is None else schedules.cost(one.headcounts),
                    "paid_hours": nan if one.headcounts is None else schedules.paid_hours(one.headcounts),
                    "hours_at_work": one.hours_at_work,
                    "overtime_hours": one.overtime.estimate,
                    "overtime_low": one.overtime.low,
                    "overtime_high": one.overtime.high,
                    "verdict": _together(one.found.verdicts),
                    "replications": one.found.replications,
                }
                | figures
            )
        return _frame(rows, tuple(dict.fromkeys(key for row in rows for key in row)))

    def intervals(self) -> pd.DataFrame:
        """Give a row for each interval and need: agents required by formula, and on duty on average.

        Both net of shrinkage and breaks; required is what `analytic_requirement` says, which the search starts from.
        """
        return intervals_table(self.schedules, self.headcounts, self.needs)

    def summary(self) -> list[tuple[str, str]]:
        """Give what it comes to as (title, text), for people."""
        currency = self.original.currency
        plan = self.original.plan
        parts = [
            ("plan", self.status + (f": {self.reason}" if self.reason else "")),
            ("cost", f"{write_amount(self.cost)} {currency}".strip() if self.cost == self.cost else "not given"),
            ("paid hours", f"{write_amount(self.paid_hours)} h"),
        ]
        if plan is not None and plan.objective == "headcount":
            parts.append(("people", write_amount(self.objective)))
        least = "none is proven"
        if self.bound is not None:
            least = f"{write_amount(self.bound)} (least that any schedule may come to)"
        parts.append(("lower bound", least))
        parts.append(("replications", f"{self.effort.played:,} played, {self.effort.recalled:,} from the journal"))
        return parts

    def __repr__(self) -> str:
        return f"<Plan of {self.original.name!r}: {'; '.join(f'{title} {text}' for title, text in self.summary())}>"

    def _repr_html_(self) -> str:
        """Show a small table in a notebook, and the headcounts."""
        rows = "".join(
            f"<tr><th style='text-align:left'>{escape(title)}</th><td style='text-align:left'>{escape(text)}</td></tr>"
            for title, text in self.summary()
        )
        table = self.shifts()[["agent_group", "shift", "days", "hours", "headcount", "today"]]
        return f"<table><caption>{escape(self.original.name)}</caption>{rows}</table>{table.to_html(index=False)}"


def shifts_table(schedules: Schedules, headcounts: Headcounts) -> pd.DataFrame:
    """Give a row for each shift and days of one headcount that has people now or then."""
    rows = [
        _described(choice)
        | {
            "headcount": planned,
            "today": today,
            "paid_hours": planned * choice.paid_ms / HOUR_MS,
            "cost": planned * choice.cost if planned else 0.0,
        }
        for choice, planned, today in zip(schedules.choices, headcounts, schedules.present, strict=True)
        if planned or today
    ]
    return _frame(rows, ("agent_group", "shift", "days", "hours", "headcount", "today", "paid_hours", "cost"))


def _described(choice: Choice) -> dict[str, object]:
    shift = choice.draft.shift
    if shift is None:
        return {"agent_group": choice.group, "shift": "around the clock", "days": "", "hours": ""}
    begin, end = (f"{at // HOUR_MS:02}:{at % HOUR_MS // 60_000:02}" for at in shift.hours)
    days = ",".join(WEEKDAYS[day] for day in choice.draft.days)
    return {"agent_group": choice.group, "shift": choice.draft.name, "days": days, "hours": f"{begin}-{end}"}


def intervals_table(schedules: Schedules, headcounts: Headcounts, needs: Needs) -> pd.DataFrame:
    """Give a row for each interval and need: agents required, and on duty on average."""
    ground = schedules.ground
    on_duty = ground.on_duty(headcounts)
    calendar = Calendar.of(schedules.scenario)
    starts = [calendar.wall(int(at)).replace(tzinfo=None) for at in ground.edges[:-1]]
    rows = [
        {
            "start": start,
            "agent_groups": ", ".join(groups),
            "required": float(need[at]),
            "scheduled": float(sum(on_duty[group][at] for group in groups)),
        }
        for groups, need in sorted(needs.items())
        for at, start in enumerate(starts)
    ]
    return _frame(rows, ("start", "agent_groups", "required", "scheduled"))


def _together(verdicts: list[str]) -> str:
    """Give the verdict on all targets: the worst of theirs."""
    return next((one for one in ("fail", "undecided") if one in verdicts), "pass")


def _judged(bound: Bound) -> str:
    """Say what the figure of a bound is of."""
    if bound.risk is not None:
        return f"{bound.per}s that keep it"
    floor = "floor, " if bound.floor else ""
    values = "values up to it, " if bound.share_of_values else ""
    return f"{floor}{values}{'run' if bound.per == 'run' else f'worst {bound.per}'}"


def _frame(rows: Sequence[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415  (slow to import)

    return pd.DataFrame(list(rows), columns=list(columns))
