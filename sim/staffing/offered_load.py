"""Offered load that follows the clock: how many agents would be busy if nobody ever had to wait.

Each tier is an M(t)/G/∞ queue: contacts that come at rate λ(t) and are held for a time S leave on average

    m(t) = ∫ λ(t − u) P(S > u) du

of them in hand at t, whatever the law of S. Long handle times lag the arrivals, so the load at ten is not that of the
arrivals at ten. What leaves is again a Poisson process (Eick, Massey and Whitt, "The physics of the M(t)/G/∞ queue",
Operations Research 41, 1993), so that escalated and returned contacts come to the next tier when their talk ends, or
when their appointment is due, misrouted ones come to the right desk after triage, and customers who write again come
back when they reply.

Whom and how much: `Workload`, as for the Erlang formulas. Nobody waits and nobody gives up, there are no retries,
repeats, chasers or incidents, and no backlog from before the start.

In numbers: arrivals are spread evenly over cells of at most a minute. For even arrivals m is exact at the edges of the
cells, with E[min(S, x)] from the law itself; in between it is taken to run straight.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, gcd
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from sim.demand.marks import ContactPlan, MisroutedPlan, contact_plans
from sim.measure.workload import Workload
from sim.scenario.calendar import open_time
from sim.scenario.names import Names
from sim.scenario.units import MINUTE_MS

if TYPE_CHECKING:
    from sim.demand.laws import Law
    from sim.measure.way import ExpectedWay
    from sim.scenario.schema import Scenario

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WIDEST_CELL_MS: Final = MINUTE_MS
NEGLIGIBLE: Final = 1e-10
"""Share of contacts whose longer stay, or further way, is not followed."""


@dataclass(frozen=True)
class OfferedLoad:
    """Expected work of each queue by the clock, if nobody waited."""

    work: Workload
    """What it is worked out from; its `edges` bound the intervals."""
    contacts: Floats
    """(queues, intervals) that enter each queue, escalated ones when they get there."""
    erlangs: Floats
    """(queues, intervals) contacts in agents' hands on average, wrap-up included."""
    highest: Floats
    """(queues, intervals) the same at its highest within the interval."""

    @classmethod
    def of(cls, scenario: Scenario) -> OfferedLoad:
        """Work out a scenario."""
        work = Workload.of(scenario)
        grid = _Grid.over(work.edges)
        plans = contact_plans(scenario, Names.of(scenario))
        scale = _scales(work, plans)
        flows = _Flows(work, grid, scale)
        for (kind, channel, language), entering in work.entering.items():
            flows.follow(plans[kind, channel], language, work.ways[kind, channel], grid.spread(entering))
        return cls(
            work,
            contacts=np.add.reduceat(flows.entered, grid.first_cell, axis=1),
            erlangs=grid.mean(flows.in_hand),
            highest=np.maximum.reduceat(
                np.maximum(flows.in_hand[:, :-1], flows.in_hand[:, 1:]), grid.first_cell, axis=1
            ),
        )

    def of_pool(self, queues: tuple[int, ...]) -> Floats:
        """Give the load of queues together, in agents: (intervals,).

        Work in slots counts by the most that an agent of a group that serves it gets done (slots × pace at the limit).
        """
        total = np.zeros(self.erlangs.shape[1])
        for queue in queues:
            channel = int(self.work.program.queues.channel[queue])
            groups = self.work.groups_of(queue)
            total += self.erlangs[queue] / max((self.work.capacity(group, channel) for group in groups), default=1.0)
        return total


@dataclass(frozen=True)
class _Grid:
    """Cells of equal width, so many to each interval."""

    width: float
    """ms."""
    edges: Ints
    """(cells + 1,) ms, rounded."""
    first_cell: Ints
    """(intervals,) of each interval."""

    @classmethod
    def over(cls, edges: Ints) -> _Grid:
        """Divide intervals into the fewest equal cells that are narrow enough."""
        step = gcd(*np.diff(edges).tolist())
        width = step / ceil(step / WIDEST_CELL_MS)
        first = np.rint((edges - edges[0]) / width).astype(np.int64)
        return cls(width, edges[0] + np.rint(np.arange(first[-1] + 1) * width).astype(np.int64), first[:-1])

    @property
    def cells(self) -> int:
        """How many."""
        return len(self.edges) - 1

    def spread(self, by_interval: Floats) -> Floats:
        """Spread what comes in each interval evenly over its cells."""
        number = np.diff(np.append(self.first_cell, self.cells))
        return np.repeat(by_interval / number, number)

    def mean(self, at_edges: Floats) -> Floats:
        """Give the means over intervals of lines between the edges of cells."""
        number = np.diff(np.append(self.first_cell, self.cells))
        return np.add.reduceat((at_edges[:, :-1] + at_edges[:, 1:]) / 2, self.first_cell, axis=1) / number

    def present(self, arriving: Floats, law: Law, scale: float) -> Floats:
        """Give how many are there at each edge, of those who arrive in the cells and stay for `scale` × the law."""
        there = np.zeros(self.cells + 1)
        kernel = self._stays_on(law, scale)
        if len(kernel):
            there[1:] = np.maximum(signal.oaconvolve(arriving, kernel)[: self.cells], 0.0)
        return there

    def leaving(self, arriving: Floats, law: Law, scale: float) -> Floats:
        """Give how many leave in each cell, of the same."""
        return np.maximum(arriving - np.diff(self.present(arriving, law, scale)), 0.0)

    def _stays_on(self, law: Law, scale: float) -> Floats:
        """Give the share of a cell's arrivals that is there at the end of it, and of each cell after."""
        if scale == 0 or law.mean == 0:
            return np.zeros(0)
        ages = np.arange(self.cells + 1, dtype=np.float64) * np.float64(self.width / scale)
        longer = law.tails(ages)[1] > NEGLIGIBLE
        last = min(int(np.flatnonzero(longer)[-1]) + 1 if longer.any() else 1, self.cells)
        stayed = np.array([law.limited_mean(float(age)) for age in ages[: last + 1]])
        return np.diff(stayed) * (scale / self.width)


class _Flows:
    """Contacts on their way through the tiers, added up by queue."""

    def __init__(self, work: Workload, grid: _Grid, scale: Floats) -> None:
        self._work, self._grid, self._scale = work, grid, scale
        queues = len(work.program.queues.tier)
        self.entered = np.zeros((queues, grid.cells))
        """(queues, cells) contacts."""
        self.in_hand = np.zeros((queues, grid.cells + 1))
        """(queues, edges) contacts."""

    def follow(self, plan: ContactPlan, language: int, way: ExpectedWay, entering: Floats) -> None:
        """Follow the contacts of one type, channel and language from the door on."""
        if plan.misrouted is not None:
            entering = self._set_right(_wrong_queue(self._work, plan, language), plan.misrouted, entering)
        queues = {tier.tier: _queue(self._work, plan, tier.tier, language) for tier in plan.tiers}
        first = int(self._work.program.tiers.first[plan.contact_type])
        base = {tier.tier: np.zeros(self._grid.cells) for tier in plan.tiers} | {first: entering}
        coming, total = base, float(entering.sum())
        while True:
            ended = {
                tier.tier: self._grid.leaving(coming[tier.tier], tier.talk, self._scale[queues[tier.tier]])
                for tier in plan.tiers
            }
            further = {at: base[at] + self._handed_to(plan, way, ended, at) for at in base}
            moved = max(float(np.abs(further[at] - coming[at]).sum()) for at in base)
            coming = further
            if moved <= NEGLIGIBLE * total:
                break
        for tier in plan.tiers:
            queue = queues[tier.tier]
            scale = self._scale[queue]
            self.entered[queue] += coming[tier.tier]
            self.in_hand[queue] += self._grid.present(coming[tier.tier], tier.talk, scale)
            self.in_hand[queue] += self._grid.present(ended[tier.tier], tier.wrap_up, scale)

    def _set_right(self, wrong: int, misrouted: MisroutedPlan, entering: Floats) -> Floats:
        """Hold the misrouted at the wrong desk for triage; give when everybody comes to the right one."""
        astray, scale = entering * misrouted.share, self._scale[wrong]
        self.entered[wrong] += astray
        self.in_hand[wrong] += self._grid.present(astray, misrouted.triage, scale)
        return entering - astray + self._grid.leaving(astray, misrouted.triage, scale)

    def _handed_to(self, plan: ContactPlan, way: ExpectedWay, ended: dict[int, Floats], at: int) -> Floats:
        """Give who enters a tier's queue in each cell, of those whose talk ended elsewhere, and who writes again."""
        handed = np.zeros(self._grid.cells)
        for tier, ends in ended.items():
            if way.stays[tier]:
                handed += ends * (way.handed_over[tier, at] / way.stays[tier])
        appointment = next(tier.appointment for tier in plan.tiers if tier.tier == at)
        if appointment is not None and handed.any():
            handed = self._appointed(handed, appointment, at)
        if plan.exchanges is not None:
            again = ended[at] * (1 - 1 / plan.exchanges.messages)
            handed += self._grid.leaving(again, plan.exchanges.reply_after, 1.0)
        return handed

    def _appointed(self, handed: Floats, law: Law, tier: int) -> Floats:
        """Delay contacts on the tier's clock, which stands still while it is closed."""
        reading = open_time(self._work.program.tiers.clock[tier], self._grid.edges)
        running = np.flatnonzero(np.diff(reading) > self._grid.width / 2)
        entering = np.zeros(self._grid.cells)
        waiting = np.zeros(len(running))
        cell = np.searchsorted(running, np.arange(self._grid.cells))
        before_end = cell < len(running)
        np.add.at(waiting, cell[before_end], handed[before_end])
        if len(running):
            clock = _Grid(self._grid.width, self._grid.edges[: len(running) + 1], self._grid.first_cell[:1])
            entering[running] = clock.leaving(waiting, law, 1.0)
        return entering


def _queue(work: Workload, plan: ContactPlan, tier: int, language: int) -> int:
    return int(work.program.queues.of[tier, plan.contact_type, plan.channel, language])


def _wrong_queue(work: Workload, plan: ContactPlan, language: int) -> int:
    tiers = work.program.tiers
    to = tiers.misrouted_to[plan.contact_type]
    return int(work.program.queues.of[tiers.first[to], to, plan.channel, language])


def _scales(work: Workload, plans: dict[tuple[int, int], ContactPlan]) -> Floats:
    """Give by queue the factor on dealt times that makes the mean of what is done there the workload's."""
    dealt, stays = np.zeros(len(work.handle_ms)), np.zeros(len(work.handle_ms))
    for (kind, channel, language), entering in work.entering.items():
        plan, came = plans[kind, channel], float(entering.sum())
        for tier in plan.tiers:
            queue = _queue(work, plan, tier.tier, language)
            number = came * float(work.ways[kind, channel].stays[tier.tier])
            stays[queue] += number
            dealt[queue] += number * (tier.talk.mean + tier.wrap_up.mean)
        if plan.misrouted is not None:
            wrong = _wrong_queue(work, plan, language)
            stays[wrong] += came * plan.misrouted.share
            dealt[wrong] += came * plan.misrouted.share * plan.misrouted.triage.mean
    return np.divide(work.handle_ms * stays, dealt, out=np.ones(len(dealt)), where=dealt > 0)
