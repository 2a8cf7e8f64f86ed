"""One number of a requirement taken apart: so many people for each reason.

The parts are differences of requirements, each a number that can be worked out by itself, so that they add up to the
people to schedule. Of all pools that the group serves (of one that several groups serve, by the group's share of it):

load
    Erlangs of contacts in hand if nobody waited, each taking one person (offered load that follows the clock).
sharing
    The same with as many contacts at a time as slots allow, at the pace of the limit, less load: negative, saved.
variability
    Σ over queues of the least people by Erlang C who keep the pool's promises for that queue alone, less load and
    sharing: what chance within the interval takes if nobody helps another queue.
pooling
    The least people by Erlang C for all queues of a pool together, less those: negative, saved by serving together.
abandonment
    The least people by Erlang A, with the patience of the scenario, less those by Erlang C: negative, saved because
    some leave.
backlog
    People planned for deferred work beyond those who wait for live contacts.
whole people
    What rounding up to whole people of the group adds.
simulation
    The repaired number less all above: targets per day or run ask less of some intervals, people help other pools while
    they are free, busy days and backlog in the way ask more.
shift misfit
    People on duty by the scenario's shifts (today's, or a plan's in the scenario that it wrote), less the number
    required; not there for a group without people on shifts.
shrinkage
    Net ÷ (1 − shrinkage) less net: who is scheduled and away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, Final

from sim.scenario.calendar import Calendar
from sim.scenario.units import read_datetime
from sim.staffing.pools import Formulas, Steady

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import Console, ConsoleOptions, RenderResult

    from sim.staffing.requirement import PoolNeed
    from sim.staffing.staff import Requirement

MEANINGS: Final = {
    "load": "in hand on average if nobody waited, one contact a person",
    "sharing": "saved by several contacts at a time",
    "variability": "chance within the interval, each queue alone (Erlang C)",
    "pooling": "saved by serving queues together",
    "abandonment": "saved because some leave (Erlang A)",
    "backlog": "deferred work beyond what waiting people do",
    "whole people": "rounded up",
    "simulation": "what simulation finds different: busy days, daily targets, helpers",
    "shift misfit": "on duty by the scenario's shifts beyond the requirement",
    "shrinkage": "scheduled and away: absence, off the phone, breaks",
}


@dataclass(frozen=True)
class Part:
    """People for one reason."""

    name: str
    people: float

    @property
    def meaning(self) -> str:
        """Say the reason."""
        return MEANINGS[self.name]


@dataclass(frozen=True)
class Explanation:
    """The people of a group in an interval, taken apart."""

    group: str
    start: datetime
    required: int
    """Net."""
    parts: tuple[Part, ...]

    @property
    def total(self) -> float:
        """People to schedule, or scheduled if the group has shifts: the sum of the parts."""
        return sum(part.people for part in self.parts)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Lay out as a line a part."""
        what = "scheduled" if any(part.name == "shift misfit" for part in self.parts) else "to schedule"
        yield f"{self.group} at {self.start:%a %Y-%m-%d %H:%M}: {self.required} needed at work, {self.total:.2f} {what}"
        width = max(len(part.name) for part in self.parts)
        for part in self.parts:
            yield f"  {part.people:+8.2f}  {part.name:<{width}}  {part.meaning}"
        yield f"  {self.total:8.2f}  {'together':<{width}}  gross people"

    def __str__(self) -> str:
        """Say it in lines."""
        return "\n".join(str(line) for line in self.__rich_console__(None, None))  # type: ignore[arg-type]


def explain(need: Requirement, group: str, at: str) -> Explanation:
    """Take the people of a group in the interval that holds an instant apart.

    Raises
    ------
    ValueError
        If the group is not one that is planned for, or the instant lies outside the scenario.
    """
    if group not in need.net:
        raise ValueError(f"explain: got group {group!r}, must be one of {', '.join(need.net)}")
    interval = _interval(need, at)
    parts: dict[str, float] = dict.fromkeys(MEANINGS, 0.0)
    scheduled = need.scheduled.get(group)
    if scheduled is None:
        del parts["shift misfit"]
    for one in need.analytic.pools:
        if group in one.pool.groups:
            share = need.analytic.share_of(one.pool.groups, group, interval)
            for name, people in _of_pool(one, need, interval).items():
                parts[name] += share * people
    by_formula = int(need.analytic.by_group[group][interval])
    required = int(need.net[group][interval])
    parts["whole people"] = by_formula - sum(parts.values())
    parts["simulation"] = float(required - by_formula)
    present = float(required)
    if scheduled is not None:
        present = float(scheduled[interval])
        parts["shift misfit"] = present - required
    parts["shrinkage"] = present / (1 - need.shrunk[group].total) - present
    start = Calendar.of(need.scenario).wall(int(need.edges[interval]))
    return Explanation(group, start, required, tuple(Part(name, people) for name, people in parts.items()))


def _of_pool(one: PoolNeed, need: Requirement, interval: int) -> dict[str, float]:
    """Give the parts of one pool's people in an interval."""
    if not one.pool.live:
        return {"backlog": float(one.agents[interval])}
    state = one.steady[interval]
    if state is None:
        return {}
    formulas, promises = Formulas(), one.pool.promises
    alone_in_hand = state.load * one.pool.pace  # contacts at full speed, one a person
    queues = [replace(queue, patience_s=inf) for queue in _apart(one, need, interval, state)]
    apart = sum(formulas.least(queue, promises) for queue in queues)
    together = formulas.least(replace(state, patience_s=inf), promises)
    shared = state.load / one.pool.slots
    return {
        "load": alone_in_hand,
        "sharing": shared - alone_in_hand,
        "variability": apart - shared,
        "pooling": float(together - apart),
        "abandonment": float(one.agents[interval] - together),
    }


def _apart(one: PoolNeed, need: Requirement, interval: int, state: Steady) -> list[Steady]:
    """Give what comes to each queue of a pool alone."""
    load = need.analytic.offered
    chosen = [queue for queue in one.pool.queues if load.erlangs[queue, interval] > 0]
    if len(chosen) < 2:
        return [state]
    whole = sum(float(load.erlangs[queue, interval]) for queue in chosen)
    return [
        replace(
            state,
            load=state.load * float(load.erlangs[queue, interval]) / whole,
            handle_s=float(load.work.handle_ms[queue]) / 1000 / one.pool.pace,
        )
        for queue in chosen
    ]


def _interval(need: Requirement, at: str) -> int:
    calendar = Calendar.of(need.scenario)
    try:
        wall = read_datetime(at, need.scenario.time.start)
    except ValueError as rule:
        raise ValueError(f"explain: got {at!r}, must be {rule}, or a time of the first day such as 10:00") from None
    instant = calendar.instant_of(wall)
    if not int(need.edges[0]) <= instant < int(need.edges[-1]):
        raise ValueError(f"explain: {at} lies outside the scenario's time")
    return int((need.edges <= instant).sum()) - 1
