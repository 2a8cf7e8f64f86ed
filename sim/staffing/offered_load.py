"""Offered load that follows the clock: how many agents would be busy if nobody ever had to wait.

Each tier is an M(t)/G/∞ queue: contacts that come at rate λ(t) and are held for a time S leave on average

    m(t) = ∫ λ(t − u) P(S > u) du

of them in hand at t, whatever the law of S. Long handle times lag the arrivals, so the load at ten is not that of the
arrivals at ten. What leaves is again a Poisson process (Eick, Massey and Whitt, "The physics of the M(t)/G/∞ queue",
Operations Research 41, 1993), so that escalated and returned contacts come to the next tier when their talk ends, or
when their appointment is due, misrouted ones come to the right desk after triage, and customers who write again come
back when they reply.

Whom and how much: `Workload`, as for the Erlang formulas. Nobody waits, there are no chasers or incidents, and no
backlog from before the start. `OfferedLoad.of` follows first contacts of whom nobody gives up, `OfferedVolume` their
repeats and retries too, for any share that gives up.

In numbers: arrivals are spread evenly over cells of at most a minute. For even arrivals m is exact at the edges of the
cells, with E[min(S, x)] from the law itself; in between it is taken to run straight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.demand.hand import AttemptKind
from sim.demand.marks import ContactPlan, MisroutedPlan, contact_plans
from sim.engine.rules import End
from sim.measure.workload import Workload
from sim.scenario.calendar import open_time
from sim.scenario.names import Names
from sim.staffing.cells import NEGLIGIBLE, CellGrid

if TYPE_CHECKING:
    from sim.demand.laws import Law
    from sim.measure.way import ExpectedWay
    from sim.scenario.schema import Scenario

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LEAST_RETURN: Final = 1e-3
"""Of the contacts that come: fewer who come again are not followed."""


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
        """Work out a scenario, of first contacts alone."""
        return OfferedVolume(scenario).first()

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


class OfferedVolume:
    """What comes to the queues of a scenario, worked out for one share of lost contacts after the other."""

    def __init__(self, scenario: Scenario) -> None:
        self.work = Workload.of(scenario)
        self._grid = CellGrid.over(self.work.edges)
        self._plans = contact_plans(scenario, Names.of(scenario))
        self._scale = _scales(self.work, self._plans)
        self._clocks: dict[int, CellGrid] = {}
        """By tier with appointments: the cells of its clock."""

    def first(self) -> OfferedLoad:
        """Give the load of first contacts, of whom nobody is lost."""
        flows = _Flows(self.work, self._grid, self._scale, self._clocks)
        for (kind, channel, language), entering in self.work.entering.items():
            plan, way = self._plans[kind, channel], self.work.ways[kind, channel]
            flows.follow(plan, language, way, self._grid.spread(entering))
        return self._load(flows)

    def with_returns(self, abandoned: Floats) -> OfferedLoad:
        """Give the load of all contacts: first ones, repeats and retries.

        Who is left unresolved, by people or by self-service, comes again for the share and after the time of `repeat`;
        who abandons its first human queue or finds the door closed, of `retry`; at the door once more, and through
        self-service if it is not skipped; at most as often as `attempts` says. Who abandons weighs on the queue that it
        leaves, as offered load does, but is not escalated. Busy lines, limits of queues, disconnections and chasers are
        left out, and those of the initial backlog do not come again.

        Parameters
        ----------
        abandoned
            (queues, intervals) share of those who enter that leaves without an answer.
        """
        flows = _Flows(self.work, self._grid, self._scale, self._clocks)
        gone = np.repeat(abandoned, self._grid.cells_of_intervals, axis=1)
        least = LEAST_RETURN * sum(float(coming.sum()) for coming in self.work.coming.values())
        wave = {
            (kind, channel, language, False): self._grid.spread(coming)
            for (kind, channel, language), coming in self.work.coming.items()
        }
        attempt = 0
        while wave and sum(float(coming.sum()) for coming in wave.values()) > least:
            following: dict[tuple[int, int, int, bool], Floats] = {}
            for (kind, channel, language, skips), coming in wave.items():
                plan, door = self._plans[kind, channel], self.work.doors[kind, channel]
                let_in = coming * self._by_cell(door.open)
                entering = let_in if skips else let_in * self._by_cell(door.passes)
                unresolved, lost = flows.follow(plan, language, self.work.ways[kind, channel], entering, gone)
                if not skips:
                    unresolved = unresolved + let_in * self._by_cell(door.unresolved)
                for again in plan.again:
                    if attempt >= again.attempts:
                        continue
                    tries = self._tries(channel, coming - let_in, lost)
                    left = unresolved if again.kind == AttemptKind.REPEAT else tries
                    key = kind, again.channel, language, again.skips_self_service
                    back = again.share * self._grid.leaving(left, again.after, 1.0)
                    following[key] = following.get(key, 0.0) + back
            wave, attempt = following, attempt + 1
        return self._load(flows)

    def _tries(self, channel: int, refused: Floats, lost: Floats) -> Floats:
        """Give, of who leaves without help in each cell, those after whose end a channel's customers try again."""
        when = int(self.work.program.channels.retry_when[channel])
        return refused * (when >> End.REFUSED & 1) + lost * (when >> End.ABANDONED & 1)

    def _by_cell(self, by_interval: Floats) -> Floats:
        return np.repeat(by_interval, self._grid.cells_of_intervals)

    def _load(self, flows: _Flows) -> OfferedLoad:
        first_cell = self._grid.first_cell
        return OfferedLoad(
            self.work,
            contacts=np.add.reduceat(flows.entered, first_cell, axis=1),
            erlangs=self._grid.mean(flows.in_hand),
            highest=np.maximum.reduceat(np.maximum(flows.in_hand[:, :-1], flows.in_hand[:, 1:]), first_cell, axis=1),
        )


class _Flows:
    """Contacts on their way through the tiers, added up by queue."""

    def __init__(self, work: Workload, grid: CellGrid, scale: Floats, clocks: dict[int, CellGrid]) -> None:
        self._work, self._grid, self._scale, self._clocks = work, grid, scale, clocks
        queues = len(work.program.queues.tier)
        self.entered = np.zeros((queues, grid.cells))
        """(queues, cells) contacts."""
        self.in_hand = np.zeros((queues, grid.cells + 1))
        """(queues, edges) contacts."""

    def follow(
        self, plan: ContactPlan, language: int, way: ExpectedWay, entering: Floats, gone: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """Follow the contacts of one type, channel and language from their first human queue on.

        Parameters
        ----------
        gone
            (queues, cells) share that leaves each queue unanswered; None: nobody.

        Returns
        -------
        unresolved, lost
            (cells,) who ends unresolved, and who leaves its first queue unanswered.
        """
        if plan.misrouted is not None:
            entering = self._set_right(_wrong_queue(self._work, plan, language), plan.misrouted, entering)
        queues = {tier.tier: _queue(self._work, plan, tier.tier, language) for tier in plan.tiers}
        first = int(self._work.program.tiers.first[plan.contact_type])
        base = {tier.tier: np.zeros(self._grid.cells) for tier in plan.tiers} | {first: entering}
        stays = {tier: 1.0 if gone is None else 1.0 - gone[queue] for tier, queue in queues.items()}
        coming, total = base, float(entering.sum())
        while True:
            ended = {
                tier.tier: self._grid.leaving(
                    coming[tier.tier] * stays[tier.tier], tier.talk, self._scale[queues[tier.tier]]
                )
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
            talked = self._grid.leaving(coming[tier.tier], tier.talk, scale) if gone is not None else ended[tier.tier]
            self.in_hand[queue] += self._grid.present(talked, tier.wrap_up, scale)
        left = [ended[tier] * (way.unresolved[tier] / way.stays[tier]) for tier in ended if way.stays[tier]]
        return sum(left, np.zeros(self._grid.cells)), coming[first] * (1.0 - stays[first])

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
            clock = self._clocks.setdefault(tier, self._grid.of_cells(len(running)))
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
