"""`staff`: how many people each group needs in each interval to keep the targets, proved by simulation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property
from math import isnan, nan
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.experiment.errors import QuestionError
from sim.experiment.line import Line
from sim.experiment.replicate import run
from sim.scenario.calendar import Calendar
from sim.scenario.units import HOUR_MS, write_counted
from sim.staffing.confirm import Mended, mended, missed, unmet
from sim.staffing.explained import Explanation, explain
from sim.staffing.offered_load import OfferedVolume
from sim.staffing.repair import Repair
from sim.staffing.requirement import AnalyticRequirement, analytic_requirement, erlang_c_requirement
from sim.staffing.shrinkage import Shrunk
from sim.staffing.staffed import staffed
from sim.staffing.trials import Trials

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.replicate import Auto
    from sim.experiment.result import Result
    from sim.scenario.schema import Scenario

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Say = Callable[[str], None]

SEARCH_CONTACTS: Final = 360_000
FEWEST: Final = 8
MOST: Final = 120
"""Staffings are tried on as many replications as have so many contacts, within these limits."""
CONFIRMED: Final = 200
"""Fresh replications of the confirmation."""
CONFIRMATIONS: Final = 3
"""At most: who falls short is mended once more, and confirmed on others."""
HOURS_OF_A_DAY: Final = 8.0
"""Of one full-time equivalent."""


@dataclass(frozen=True)
class Requirement:
    """People by group and interval that keep the targets."""

    scenario: Scenario
    edges: Ints
    """(intervals + 1,) ms since the scenario's start."""
    net: dict[str, Ints]
    """By group: (intervals,) people at work. Groups that only help out (`after`) are left as they are, and not here."""
    analytic: AnalyticRequirement
    """What formulas ask for, before simulation."""
    result: Result | None
    """The confirmation: the net curve simulated on fresh replications; None if nothing was simulated."""
    unmet: tuple[str, ...]
    """What could not be kept, and why."""
    search: str
    """How it was found, in words."""
    mended: tuple[Mended, ...] = ()
    """By target, what the people of Erlang C, and those of the formulas, reach, and what these do."""
    erlang_c_hours: float = nan
    """Of the people at work that Erlang C by interval asks for, of the same groups."""

    @property
    def scheduled(self) -> dict[str, Floats]:
        """By group with people on shifts: (intervals,) of them on duty by these, shrinkage taken off."""
        groups = self.scenario.agent_groups
        return {
            name: self.analytic.on_duty[name]
            for name in self.net
            if any(sum(shift.headcount) for shift in groups[name].shifts.values())
        }

    @property
    def needs(self) -> dict[tuple[str, ...], Floats]:
        """As `sim.staffing.shifts.cover` takes them."""
        return {(group,): numbers.astype(np.float64) for group, numbers in self.net.items()}

    @property
    def assumed(self) -> tuple[str, ...]:
        """What was taken where the scenario does not say it."""
        return self.analytic.assumed

    @property
    def staffed(self) -> Scenario:
        """The scenario with exactly these people, net, in place of the groups' shifts."""
        return staffed(self.scenario, self.edges, self.net)

    @cached_property
    def shrunk(self) -> dict[str, Shrunk]:
        """By group: who is scheduled and not there."""
        return {group: Shrunk.of(self.scenario, group) for group in self.net}

    def gross(self, group: str) -> Floats:
        """Give (intervals,) people to schedule: net ÷ (1 − shrinkage)."""
        return np.asarray(self.net[group] / (1 - self.shrunk[group].total))

    @cached_property
    def hours(self) -> Floats:
        """(intervals,) lengths in hours."""
        return np.asarray(np.diff(self.edges) / HOUR_MS)

    @property
    def net_hours(self) -> float:
        """Of people over the scenario."""
        return float(sum((numbers * self.hours).sum() for numbers in self.net.values()))

    @property
    def gross_hours(self) -> float:
        """The same, shrinkage on top."""
        return float(sum((self.gross(group) * self.hours).sum() for group in self.net))

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each group and interval: start, group, net, gross, load, by_formula, on_duty_now."""
        import pandas as pd  # noqa: PLC0415

        calendar = Calendar.of(self.scenario)
        start = [calendar.wall(int(at)) for at in self.edges[:-1]]
        by_formula, load = self.analytic.by_group, self.load
        return pd.concat(
            [
                pd.DataFrame(
                    {
                        "start": start,
                        "group": group,
                        "net": numbers,
                        "gross": self.gross(group),
                        "load": load[group],
                        "by_formula": by_formula[group],
                        "on_duty_now": self.analytic.on_duty[group],
                    }
                )
                for group, numbers in self.net.items()
            ],
            ignore_index=True,
        )

    @cached_property
    def by_day(self) -> pd.DataFrame:
        """A row for each group and day: net and gross hours, full-time equivalents (8 h a day), the most people."""
        import pandas as pd  # noqa: PLC0415

        table = self.table.assign(hours=np.tile(self.hours, len(self.net)))
        table["day"] = [start.date() for start in table["start"]]
        rows = []
        for (group, day), part in table.groupby(["group", "day"], sort=False):
            net, gross = (float((part[name] * part["hours"]).sum()) for name in ("net", "gross"))
            rows.append((group, day, net, gross, gross / HOURS_OF_A_DAY, int(part["net"].max())))
        return pd.DataFrame(rows, columns=["group", "day", "net_hours", "gross_hours", "fte", "peak"])

    @property
    def load(self) -> dict[str, Floats]:
        """By group: (intervals,) offered load in people, shared out as needs are."""
        return self.analytic.shared_out([(need.pool.groups, need.load) for need in self.analytic.pools])

    @property
    def verdicts(self) -> pd.DataFrame:
        """Targets with figures, intervals and verdicts under the net curve, as `Result.targets`."""
        if self.result is None:
            raise ValueError("nothing was simulated: staff(..., simulate=True) gives verdicts")
        return self.result.targets()

    def explain(self, group: str, at: str) -> Explanation:
        """Take the people of a group at an instant apart: load, variability, pooling, and so on.

        Parameters
        ----------
        group
            One of `net`.
        at
            On the scenario's clock: `2026-04-06 10:00`, or `10:00` of the first day.
        """
        return explain(self, group, at)

    def summary(self) -> dict[str, Any]:
        """Give it as plain data for JSON."""
        calendar = Calendar.of(self.scenario)
        return {
            "scenario": self.scenario.name,
            "net_hours": self.net_hours,
            "gross_hours": self.gross_hours,
            "starts": [calendar.wall(int(at)).isoformat() for at in self.edges[:-1]],
            "groups": {
                group: {
                    "net": numbers.tolist(),
                    "gross": self.gross(group).tolist(),
                    "by_formula": self.analytic.by_group[group].tolist(),
                    "shrinkage": self.shrunk[group].total,
                }
                for group, numbers in self.net.items()
            },
            "targets": [] if self.result is None else self.result.summary()["targets"],
            "erlang_c_hours": None if isnan(self.erlang_c_hours) else self.erlang_c_hours,
            "mended": [asdict(one) for one in self.mended],
            "unmet": list(self.unmet),
            "assumed": list(self.assumed),
            "search": self.search,
        }

    def __repr__(self) -> str:
        return (
            f"<Requirement of {self.scenario.name!r}: {self.net_hours:,.0f} h net, {self.gross_hours:,.0f} h gross, "
            f"{write_counted(len(self.net), 'group')}>"
        )

    def _repr_html_(self) -> str:
        from sim.staffing.html import page  # noqa: PLC0415  (Jinja2 is for notebooks)

        return page(self)


def staff(  # noqa: PLR0913  (all that can be asked)
    scenario: Scenario,
    *,
    simulate: bool = True,
    replications: int | Auto = CONFIRMED,
    seed: int = 1,
    workers: int | Auto = 1,
    progress: Say | None = None,
) -> Requirement:
    """Find how many people each group needs in each interval to keep the targets.

    Starts from formulas (`analytic_requirement`), repairs the curve by simulation until the targets hold in the periods
    they name with as few hours as it finds, and confirms it on replications that the search has not seen.

    Parameters
    ----------
    scenario
        With targets; its groups' shifts are not used, but for who shares work that several groups can do, and for when
        people who work at a backlog may be there.
    simulate
        False: give what the formulas say.
    replications
        Of each confirmation, at most three; as `run` takes it. The search plays 8 to 120, the fewer the more contacts
        they have, and not more than these.
    seed, workers
        As for `run`.
    progress
        Told what is done, in words.

    Examples
    --------
    >>> import sim
    >>> need = sim.staff(sim.load("scenarios/call_centre.yaml"), simulate=False)
    >>> need.net_hours
    716.0
    """
    say = progress or (lambda _: None)
    if not simulate:
        analytic = analytic_requirement(scenario)
        planned = sorted({group for names in analytic.needs for group in names})
        net = {group: analytic.by_group[group] for group in planned}
        return Requirement(scenario, analytic.edges, net, analytic, None, (), "by formula; nothing was simulated")
    if not scenario.targets:
        raise QuestionError("the scenario has no `targets` to keep; add some, or ask for what formulas say (analytic)")
    say("working out the start by formula")
    volume, line = OfferedVolume(scenario), Line(scenario)
    contacts = max(float(volume.work.contacts.sum()), 1.0)
    searched = int(np.clip(SEARCH_CONTACTS / contacts, FEWEST, MOST))
    if isinstance(replications, int):
        searched = min(searched, replications)
    line.warm_up()
    trials = Trials(scenario, volume.work.edges, seed, range(searched))
    repair = Repair(scenario, volume, trials, line.frame.periods, say)
    repaired = repair.repaired()
    net = repaired.staffing
    by_interval = erlang_c_requirement(scenario).by_group
    erlang_c = {group: by_interval[group] for group in net}
    first = searched
    for confirmation in range(1, CONFIRMATIONS + 1):
        say(f"confirming {repair.hours(net):.0f} h on fresh replications")
        result = run(
            staffed(scenario, volume.work.edges, net),
            replications=replications,
            seed=seed,
            first_replication=first,
            workers=workers,
        )
        first += result.replications
        lacking = missed(result, repair, trials.tried(net))
        if not lacking or confirmation == CONFIRMATIONS or result.interrupted:
            break
        for bound, more in lacking.items():
            repair.margin[bound] = repair.margin.get(bound, 0.0) + more
        net = repair.raised(net)
    search = (
        f"{trials.played} staffings tried on the same {write_counted(trials.replications, 'replication')}, "
        f"{write_counted(confirmation, 'confirmation')}, the last on {write_counted(result.replications, 'fresh one')} "
        f"(from {result.first_replication} on)"
    )
    return Requirement(
        scenario,
        volume.work.edges,
        net,
        repair.analytic,
        result,
        tuple(unmet(result, repair, trials.tried(net))),
        search,
        mended(scenario, trials.tried(erlang_c), repaired.start_tried, trials.tried(net)),
        repair.hours(erlang_c),
    )
