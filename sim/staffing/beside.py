"""Erlang beside simulation: what Erlang C and A say of the same queues from the same inputs, and why they differ.

For each set of live queues that the same people serve, and nobody else, every interval is taken for a queue in its
steady state: its expected contacts, mean handle time and patience, and the agents on duty. Work in slots counts as
slots × pace at the limit. Where people are shared in another way no formula fits, and that is said instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor, fsum, inf, nan
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.experiment.judge import DEFAULT_WITHIN
from sim.measure.breakdowns import queue_names
from sim.measure.lint import pools
from sim.measure.periods import HOUR_MS
from sim.measure.workload import Workload
from sim.staffing.erlang import erlang_a, erlang_c

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Steady:
    """One interval in its steady state."""

    start: int
    """ms since the scenario's start."""
    contacts: float
    """Expected."""
    arrivals_per_hour: float
    load_erlangs: float
    """In agents' time; of work in slots, in slots' time."""
    agents: float
    """On duty on average; of work in slots, slots."""
    service_level_c: float
    """Erlang C; 0 where more comes than can be handled."""
    service_level_a: float
    """Erlang A; the same as C where nobody gives up."""
    abandonment_a: float


@dataclass(frozen=True)
class Beside:
    """What Erlang formulas say of one set of queues; shares over the run are weighted by contacts."""

    tier: str
    groups: tuple[str, ...]
    queues: tuple[str, ...]
    """Names as `Result.measure(..., queue=[...])` takes them."""
    within_ms: int
    """Deadline T of the service levels (reading `offered`)."""
    intervals: tuple[Steady, ...]
    """Those in which contacts come; empty if no formula fits."""
    service_level_c: float
    service_level_a: float
    abandonment_a: float
    none_because: str
    """Why no formula fits; empty if one does."""
    differs_by: tuple[str, ...]
    """What the formulas leave out and the simulation does not."""


def beside(scenario: Scenario) -> list[Beside]:
    """Give what Erlang formulas say of every set of live queues that share people."""
    work = Workload.of(scenario)
    return [_pool(scenario, work, groups, queues) for groups, queues in pools(work)]


def _pool(scenario: Scenario, work: Workload, groups: tuple[int, ...], queues: tuple[int, ...]) -> Beside:
    names = queue_names(work.labels, work.program)
    within = _deadline(scenario, work, queues)
    none_because = _misfit(work, groups, queues)
    steady = () if none_because else tuple(_intervals(work, groups, queues, within))
    return Beside(
        tier=work.labels.tiers[work.program.queues.tier[queues[0]]],
        groups=tuple(work.labels.groups[group] for group in groups),
        queues=tuple(names[queue] for queue in queues),
        within_ms=within,
        intervals=steady,
        service_level_c=_weighted(steady, [one.service_level_c for one in steady]),
        service_level_a=_weighted(steady, [one.service_level_a for one in steady]),
        abandonment_a=_weighted(steady, [one.abandonment_a for one in steady]),
        none_because=none_because,
        differs_by=tuple(_differences(scenario, work, groups, queues)),
    )


def _misfit(work: Workload, groups: tuple[int, ...], queues: tuple[int, ...]) -> str:
    """Say why the queues are not one queue of one pool of people; nothing if they are."""
    if any(work.groups_of(queue) != groups for queue in queues):
        return "the queues share some people and not others (overlapping skills), for which there is no formula"
    channels = {int(work.program.queues.channel[queue]) for queue in queues}
    capacities = {work.capacity(group, channel) for group in groups for channel in channels}
    slots = {int(work.program.groups.slot_limit[group, channel]) for group in groups for channel in channels}
    if len(capacities) > 1 or len(slots) > 1:
        return "some of the work is in slots and some is not, or in other numbers, for which there is no formula"
    return ""


def _deadline(scenario: Scenario, work: Workload, queues: tuple[int, ...]) -> int:
    channels = {work.labels.channels[work.program.queues.channel[queue]] for queue in queues}
    tier = work.labels.tiers[work.program.queues.tier[queues[0]]]
    languages = {work.labels.languages[work.program.queues.language[queue]] for queue in queues}
    named = [
        target.within
        for target in scenario.targets
        if target.measure == "service_level"
        and target.within
        and target.channel in {None, *channels}
        and target.tier in {None, tier}
        and target.language in {None, *languages}
    ]
    return named[0] if named else DEFAULT_WITHIN


@dataclass(frozen=True)
class _Offered:
    """What comes to a pool in an interval."""

    per_hour: float
    handle_s: float
    patience_s: float
    within_s: float

    def served_by(self, agents: float) -> tuple[float, float, float]:
        """Give (service level by C, by A, abandonment by A); between whole numbers of agents on a straight line."""
        fewer = floor(agents)
        share = agents - fewer
        if share == 0:
            return self._whole(fewer)
        ends = zip(self._whole(fewer), self._whole(fewer + 1), strict=True)
        less, more, gone = ((1 - share) * low + share * high for low, high in ends)
        return less, more, gone

    def _whole(self, agents: int) -> tuple[float, float, float]:
        carried = self.per_hour * self.handle_s / 3600 < agents
        level_c = erlang_c(self.per_hour, self.handle_s, agents).service_level(self.within_s) if carried else 0.0
        if self.patience_s == inf:
            return level_c, level_c, 0.0
        patient = erlang_a(self.per_hour, self.handle_s, self.patience_s, agents)
        return level_c, patient.service_level(self.within_s), patient.abandonment


def _intervals(work: Workload, groups: tuple[int, ...], queues: tuple[int, ...], within: int) -> Iterator[Steady]:
    chosen = list(queues)
    channel = int(work.program.queues.channel[queues[0]])
    slots = max(int(work.program.groups.slot_limit[groups[0], channel]), 1)
    pace = work.capacity(groups[0], channel) / slots
    came = work.contacts[chosen].sum(axis=0)
    hours = np.diff(work.edges) / HOUR_MS
    servers = slots * work.agents[list(groups)].sum(axis=0)
    for at in np.flatnonzero(came > 0):
        weight = work.contacts[chosen, at] / came[at]
        offered = _Offered(
            per_hour=float(came[at] / hours[at]),
            handle_s=float(weight @ work.handle_ms[chosen]) / 1000 / pace,
            patience_s=_mean_patience_ms(weight, work.patience_ms[chosen]) / 1000,
            within_s=within / 1000,
        )
        level_c, level_a, abandonment = offered.served_by(float(servers[at]))
        yield Steady(
            start=int(work.edges[at]),
            contacts=float(came[at]),
            arrivals_per_hour=offered.per_hour,
            load_erlangs=offered.per_hour * offered.handle_s / 3600,
            agents=float(servers[at]),
            service_level_c=level_c,
            service_level_a=level_a,
            abandonment_a=abandonment,
        )


def _mean_patience_ms(weight: Floats, patience: Floats) -> float:
    """Give the patience whose rate of leaving is the mean of the queues' rates; infinite if nobody gives up."""
    leaving = float(weight @ (1 / patience))
    return inf if leaving == 0 else 1 / leaving


def _weighted(steady: tuple[Steady, ...], values: list[float]) -> float:
    came = fsum(one.contacts for one in steady)
    return fsum(one.contacts * value for one, value in zip(steady, values, strict=True)) / came if came else nan


def _differences(scenario: Scenario, work: Workload, groups: tuple[int, ...], queues: tuple[int, ...]) -> Iterator[str]:
    """Give what the scenario has and the formulas have not, each as a sentence."""
    program, labels = work.program, work.labels
    channels = sorted({labels.channels[program.queues.channel[queue]] for queue in queues})
    kinds = sorted({labels.contact_types[program.queues.contact_type[queue]] for queue in queues})
    if len(work.edges) > 2:
        yield "load is carried over: a queue left at the end of an interval burdens the next; Erlang starts each afresh"
    varying = [
        arrivals
        for kind in kinds
        for channel, arrivals in scenario.contact_types[kind].arrivals.items()
        if channel in channels and (arrivals.busy_day_cv or arrivals.busy_hour_cv)
    ]
    if varying or scenario.demand.busy_day_cv:
        yield "variability: some days and hours are busier than the mean, which is all that Erlang is told"
    tier = labels.tiers[program.queues.tier[queues[0]]]
    if any(not _exponential(scenario, kind, tier, channel) for kind in kinds for channel in channels):
        yield "variability: handle times (talk and wrap-up) are not exponential"
    if np.isfinite(work.patience_ms[list(queues)]).any():
        yield "abandonment: Erlang C lets nobody give up; Erlang A takes patience as exponential with its mean"
    if any(scenario.channels[channel].silent for channel in channels):
        yield "abandonment: some leave silently, and cost time of the agent who takes their place"
    first = any(
        program.tiers.first[program.queues.contact_type[queue]] == program.queues.tier[queue] for queue in queues
    )
    if first and any(scenario.channels[channel].balking for channel in channels):
        yield "abandonment: some balk when nobody is free"
    if any(scenario.channels[channel].retry for channel in channels):
        yield "retries: who leaves tries again, which adds contacts when it is busiest"
    if any(scenario.contact_types[kind].repeat for kind in kinds):
        yield "repeats: who is left unresolved comes back, which adds contacts later"
    rows = [row for group in groups for row in _rows_of(work, group)]
    others = {int(queue) for row in rows for queue in program.rows.queues[row]} - set(queues)
    if any(work.contacts[queue].sum() > 0 for queue in others):
        yield "sharing: the same people have other work (backlog), at which a contact may find them"
    if any(program.rows.after[row] or program.rows.keep_free[row] for row in rows):
        yield "sharing: some rows open only after a wait, or keep agents free"
    if any(program.groups.slot_limit[group].any() for group in groups):
        yield "sharing: work in slots goes faster while fewer slots are occupied; Erlang takes the pace at the limit"


def _exponential(scenario: Scenario, kind: str, tier: str, channel: str) -> bool:
    """Tell whether handling is exponential and all of it talk; also where the tier does not handle the type."""
    if tier not in scenario.contact_types[kind].handling:
        return True
    handling = scenario.contact_types[kind].handling[tier].on_channel(channel)
    return handling.handle_time.distribution == "exponential" and handling.wrap_up.mean == 0


def _rows_of(work: Workload, group: int) -> range:
    return range(work.program.groups.first_row[group], work.program.groups.first_row[group + 1])
