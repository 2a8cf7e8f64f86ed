"""How many people a desk needs in each interval, by formula: where `staff` and `plan` start from.

Rules
-----
- The load of each queue follows the clock: first contacts, escalated, sent back and repeating ones, and the retries of
  who gave up, of whom there are as many as the people planned leave (a fixed point, `OfferedVolume`).
- Live pools (`pools`): in each interval the least people with whom Erlang A, fed with that load, keeps every promise.
- Backlog pools (`deferred`): work due by the clock, done by what live people have time for and by further people. Who
  waits for live contacts of a pool works at the backlog that all of its groups serve, but for those whom the backlog's
  rows keep free; caps of occupancy hold for them together. People may be planned in the intervals in which somebody of
  these groups is on duty now, or may be by the plan's shifts and patterns. Cases that wait at the start are due evenly
  over the time that new ones have.
- A need that several groups can fill is an assignment: each person fills one need at a time. Where it is told by group,
  it is shared out as the people of these groups are on duty now at that time (over the whole run where none is).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.scenario.calendar import Calendar, open_time
from sim.scenario.units import HOUR_MS, write_duration, write_share
from sim.staffing.deferred import Backlog, Deferred, deferred
from sim.staffing.erlang import Goals, least_agents
from sim.staffing.offered_load import OfferedLoad, OfferedVolume
from sim.staffing.pools import Formulas, Pool, Steady, hours, pools_of, steady_states
from sim.staffing.promises import DEFAULT, DEFAULT_DUE_MS, due
from sim.staffing.shift_choices import choices_of

if TYPE_CHECKING:
    from sim.measure.workload import Workload
    from sim.scenario.schema import Scenario

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOST_ROUNDS: Final = 4
"""Of the fixed point of retries."""
ENOUGH: Final = 1e-6


@dataclass(frozen=True)
class PoolNeed:
    """What a pool takes."""

    pool: Pool
    agents: Floats
    """(intervals,) people; of live pools whole numbers."""
    load: Floats
    """(intervals,) of these, at work on average if nobody waited: offered load."""
    steady: tuple[Steady | None, ...]
    """Of a live pool, what comes in each interval."""
    late_hours: float
    """Of a backlog pool, work that is late whoever is planned."""


@dataclass(frozen=True)
class AnalyticRequirement:
    """Net people by interval that keep the targets, by formula."""

    edges: Ints
    """(intervals + 1,) ms."""
    offered: OfferedLoad
    """That they are for."""
    pools: tuple[PoolNeed, ...]
    on_duty: dict[str, Floats]
    """By group: (intervals,) people on duty now."""
    assumed: tuple[str, ...]
    """What was taken where the scenario does not say it."""

    @property
    def needs(self) -> dict[tuple[str, ...], Floats]:
        """By the groups that can fill it: (intervals,) people, as `sim.staffing.shifts.cover` takes them."""
        needs: dict[tuple[str, ...], Floats] = {}
        for need in self.pools:
            known = needs.get(need.pool.groups)
            needs[need.pool.groups] = need.agents if known is None else known + need.agents
        return needs

    @property
    def by_group(self) -> dict[str, Ints]:
        """(intervals,) whole people of each group: every need shared out among the groups that fill it."""
        total = self.shared_out(list(self.needs.items()))
        return {group: np.ceil(need - ENOUGH).astype(np.int64) for group, need in total.items()}

    def shared_out(self, needs: list[tuple[tuple[str, ...], Floats]]) -> dict[str, Floats]:
        """Give (intervals,) people by group of what any of several groups may fill, added up."""
        total = {group: np.zeros(len(self.edges) - 1) for group in self.on_duty}
        for groups, need in needs:
            for group, share in zip(groups, self._shares(groups), strict=True):
                total[group] += need * share
        return total

    def share_of(self, groups: tuple[str, ...], group: str, interval: int) -> float:
        """Give which part of a need one of the groups that may fill it does."""
        return float(self._shares(groups)[groups.index(group), interval])

    def _shares(self, groups: tuple[str, ...]) -> Floats:
        """Give (groups, intervals) which part of a need each group fills."""
        there = np.array([self.on_duty[group] for group in groups])
        whole, run = there.sum(axis=0), there.sum(axis=1, keepdims=True)
        of_run = run / run.sum() if run.sum() > 0 else np.full_like(run, 1 / len(groups))
        now: Floats = np.divide(there, whole, out=np.zeros_like(there), where=whole > 0)
        return np.asarray(np.where(whole > 0, now, of_run))

    @property
    def hours(self) -> float:
        """Of people over the scenario."""
        return float(sum((need * np.diff(self.edges)).sum() for need in self.needs.values())) / HOUR_MS


def analytic_requirement(scenario: Scenario) -> AnalyticRequirement:
    """Give the people that keep the targets by Erlang A on the offered load that follows the clock.

    Examples
    --------
    >>> import sim
    >>> need = analytic_requirement(sim.load("scenarios/call_centre.yaml"))
    >>> list(need.needs)
    [('agents',)]
    """
    load, live = fixed_point(scenario, OfferedVolume(scenario), Formulas())
    return finished(scenario, load, live)


def fixed_point(scenario: Scenario, volume: OfferedVolume, formulas: Formulas) -> tuple[OfferedLoad, list[PoolNeed]]:
    """Give the offered load, retries and repeats included, and what its live pools take.

    The people planned leave a share that abandons, which makes retries, which take people: repeated until the numbers
    stay, four times at most.
    """
    work = volume.work
    abandoned = np.zeros_like(work.contacts)
    agents: dict[Pool, list[int]] = {}
    for _ in range(MOST_ROUNDS):
        load = volume.with_returns(abandoned)
        states = {pool: steady_states(load, pool) for pool in pools_of(scenario, work, load.contacts) if pool.live}
        before, agents = agents, {}
        for pool, of_pool in states.items():
            near = before.get(pool, [0] * len(of_pool))
            agents[pool] = [
                0 if state is None else formulas.least(state, pool.promises, guess)
                for state, guess in zip(of_pool, near, strict=True)
            ]
            abandoned[list(pool.queues)] = [
                0.0 if state is None else _abandonment(formulas, state, number)
                for state, number in zip(of_pool, agents[pool], strict=True)
            ]
        if agents == before:
            break
    return load, [
        PoolNeed(pool, np.array(agents[pool], float), load_of(state, pool), tuple(state), 0.0)
        for pool, state in states.items()
    ]


def erlang_c_requirement(scenario: Scenario) -> AnalyticRequirement:
    """Give what a table of Erlang C by interval asks for: what many planners use.

    Every interval is taken for itself, with the contacts that arrive in it and its mean handle time; nobody gives up,
    nobody comes again. Of the promises of a live pool the service level (and an average speed of answer) is asked, by
    the reading of Erlang C; if there is none, 80 % within 20 s. Backlog is planned as `analytic_requirement` does.
    """
    work = OfferedVolume(scenario).work
    by_arrival = OfferedLoad(work, work.contacts, work.erlangs, work.erlangs)
    live = []
    for pool in pools_of(scenario, work, work.contacts):
        if pool.live:
            states = steady_states(by_arrival, pool)
            agents = [0 if state is None else _by_erlang_c(state, pool) for state in states]
            live.append(PoolNeed(pool, np.array(agents, float), load_of(states, pool), tuple(states), 0.0))
    return finished(scenario, by_arrival, live)


def load_of(states: list[Steady | None], pool: Pool) -> Floats:
    """Give the load of a live pool in people."""
    return np.array([0.0 if state is None else state.load / pool.slots for state in states])


def finished(
    scenario: Scenario, load: OfferedLoad, live: list[PoolNeed], harder: dict[tuple[int, ...], float] | None = None
) -> AnalyticRequirement:
    """Put what backlog takes beside what live pools take.

    Parameters
    ----------
    harder
        By the queues of backlog pools: factor on their work.
    """
    work = load.work
    grid = _Backlog(scenario, load)
    pools = list(live)
    spare = {need.pool: grid.spare(need) for need in live}
    for pool in pools_of(scenario, work, load.contacts):
        if not pool.live:
            helpers = [one for one in spare if set(one.groups) <= set(pool.groups)]
            free = {one: np.maximum(spare[one] - pool.kept_free(one.groups) * hours(work), 0.0) for one in helpers}
            together = sum(free.values(), np.zeros(len(work.edges) - 1))
            plan, needed = grid.plan(pool, together, (harder or {}).get(pool.queues, 1.0))
            for one in helpers:
                taken = np.divide(plan.used, together, out=np.zeros_like(together), where=together > 0)
                spare[one] = spare[one] - free[one] * taken
            pools.append(PoolNeed(pool, plan.agents, needed, (), plan.late))
    on_duty = {name: work.agents[number] for number, name in enumerate(work.labels.groups)}
    return AnalyticRequirement(work.edges, load, tuple(pools), on_duty, tuple(_assumed(scenario, work, pools)))


class _Backlog:
    """The fluid of all backlog pools."""

    def __init__(self, scenario: Scenario, load: OfferedLoad) -> None:
        self._scenario, self._load, self._work = scenario, load, load.work
        edges = self._work.edges
        starts = [day.start for day in Calendar.of(scenario).days]
        day = np.searchsorted(np.array(starts), edges[:-1], side="right") - 1
        self._day: Ints = np.maximum(day, 0) - max(int(day[0]), 0)
        self._hours = hours(self._work)
        self._there = may_be_there(scenario, self._work)
        caps = {
            target.agent_group: target.at_most
            for target in scenario.targets
            if target.measure == "occupancy" and target.at_most is not None
        }
        self._cap = {group: caps.get(group, caps.get(None, 1.0)) or 1.0 for group in scenario.agent_groups}

    def spare(self, need: PoolNeed) -> Floats:
        """Give the hours that people who wait for live contacts have for other work."""
        cap = min(self._cap[group] for group in need.pool.groups)
        free: Floats = np.maximum(cap * need.agents - need.load, 0.0) * self._hours
        return free

    def plan(self, pool: Pool, spare: Floats, harder: float) -> tuple[Deferred, Floats]:
        """Plan people for a pool; and give its offered load in people."""
        load, edges = self._load, self._work.edges
        coming, owed = np.zeros(len(edges) - 1), np.zeros(len(edges) - 1)
        for queue in pool.queues:
            each = harder * float(self._work.handle_ms[queue]) / HOUR_MS / (pool.slots * pool.pace)
            when = due(self._scenario, self._work, queue)
            reading = open_time(when.clock, edges)
            came = load.contacts[queue] * each
            coming += came
            cumulated = np.append(0.0, np.cumsum(came))
            # What is due by an edge came before its clock showed so much less.
            owed += np.diff(np.interp(reading - when.after_ms, reading, cumulated, left=0.0))
            if self._work.waiting[queue]:
                waiting = float(self._work.waiting[queue]) * each
                coming[0] += waiting
                owed += np.diff(np.minimum(reading / max(when.after_ms, 1), 1.0)) * waiting
        cap = min(self._cap[group] for group in pool.groups)
        there = np.any([self._there[group] for group in pool.groups], axis=0)
        backlog = Backlog(coming, owed, spare, self._hours * cap, there, self._day)
        return deferred(backlog), np.asarray(coming / self._hours)


def may_be_there(scenario: Scenario, work: Workload) -> dict[str, Bools]:
    """Give by group the intervals in which people are on duty now, or may be by the plan's shifts and patterns."""
    there = {name: work.agents[number] > 0 for number, name in enumerate(work.labels.groups)}
    if scenario.plan is not None:
        for choice in choices_of(scenario, work.edges)[0]:
            if choice.draft.bounds.high > 0:
                there[choice.group] = there[choice.group] | (choice.present_share > 0)
    return {name: mask if mask.any() else np.ones_like(mask) for name, mask in there.items()}


def _abandonment(formulas: Formulas, state: Steady, agents: int) -> float:
    queue = formulas.queue(state, agents)
    return 1.0 if queue is None else queue.abandonment


def _by_erlang_c(state: Steady, pool: Pool) -> int:
    """Give the agents by Erlang C, the promises that it knows asked one by one."""
    asked = [promise for promise in pool.promises if promise.measure in {"service_level", "first_response"}]
    fast = [promise for promise in pool.promises if promise.measure == "average_speed_of_answer"]
    goals = [Goals(service_level=one.bound, within_s=one.within_s) for one in asked or ([] if fast else [DEFAULT])]
    goals += [Goals(mean_wait_answered_s=one.bound) for one in fast]
    per_hour = state.contacts_per_hour
    return max(ceil(least_agents(per_hour, state.handle_s, goal) / pool.slots) for goal in goals)


def _assumed(scenario: Scenario, work: Workload, pools: list[PoolNeed]) -> list[str]:
    """Say what was taken where no target speaks of a queue, and what cannot be done in time."""
    said = []
    for need in pools:
        if need.pool.live and DEFAULT in need.pool.promises:
            share = f"{write_share(DEFAULT.bound)} within {DEFAULT.within_s:g} s"
            said.append(f"no target speaks of the waits of {need.pool.title}: {share} is taken")
        elif not need.pool.live:
            unnamed = [
                name
                for name, queue in zip(need.pool.names, need.pool.queues, strict=True)
                if due(scenario, work, queue).because == "default"
            ]
            if unnamed:
                after = write_duration(DEFAULT_DUE_MS)
                said.append(f"no target or `due` speaks of {', '.join(unnamed)}: {after} of its clock is taken")
        if need.late_hours > 1e-3:
            said.append(
                f"{need.pool.title}: up to {need.late_hours:.1f} h of work become due while nobody of these "
                "groups is, or may be, on duty"
            )
    return said
