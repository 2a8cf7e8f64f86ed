"""The workload of a desk before anything runs: who is expected to come, how much work that is, and who is there.

Expected figures by interval and nothing else: no incidents, retries, repeats or chasers, nobody who gives up; escalated
contacts, those sent back and the replies of customers come in the interval in which the contact arrived. That is what
Erlang formulas and the checks before a run look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.demand.arrivals import ArrivalPlan, LoggedSource, PoissonSource
from sim.demand.duty import DutyPlan
from sim.demand.hand import NONE
from sim.demand.marks import ContactPlan, contact_plans
from sim.engine.compile import compile_program
from sim.engine.program import Program
from sim.engine.rules import NOBODY
from sim.measure.breakdowns import Labels
from sim.measure.door import Door
from sim.measure.periods import Periods
from sim.measure.way import ExpectedWay, expected_way
from sim.scenario.calendar import Calendar, open_time
from sim.scenario.model.agent_groups import Shrinkage
from sim.scenario.names import Names
from sim.scenario.reach import languages_of

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Workload:
    """Expected work and people of each interval."""

    labels: Labels
    program: Program
    edges: Ints
    """(intervals + 1,) ms."""
    contacts: Floats
    """(queues, intervals) expected to come to each queue."""
    handle_ms: Floats
    """(queues,) mean time of an agent for one: talk, briefing and wrap-up, with the mean effect (pace, assists,
    history) of the groups that serve it, new people apart; or the triage of who is misrouted there."""
    patience_ms: Floats
    """(queues,) mean; infinite where nobody gives up."""
    live: Bools
    """(queues,) whether somebody holds the line."""
    waiting: Floats
    """(queues,) cases of the initial backlog that wait there at the start, or come there from other tiers; triage at
    wrong desks apart."""
    agents: Floats
    """(groups, intervals) on duty on average, absence and time off the queue taken off."""
    ways: dict[tuple[int, int], ExpectedWay]
    """By (contact type, channel)."""
    coming: dict[tuple[int, int, int], Floats]
    """By (contact type, channel, language; NOBODY is that without a name): (intervals,) expected at the door."""
    doors: dict[tuple[int, int], Door]
    """By (contact type, channel): what becomes of them there."""

    @classmethod
    def of(cls, scenario: Scenario) -> Workload:
        """Work out a scenario."""
        names, calendar, program = Names.of(scenario), Calendar.of(scenario), compile_program(scenario)
        labels = Labels.of(names)
        days = [(day.start, day.end) for day in calendar.days]
        periods = Periods.from_days(days, begin=0, end=calendar.length, interval=scenario.time.interval)
        edges = periods.edges["interval"]
        plans = contact_plans(scenario, names)
        ways = {key: expected_way(program, plan) for key, plan in plans.items()}
        queues = len(program.queues.tier)
        contacts, astray, triage = (
            np.zeros((queues, len(edges) - 1)),
            np.zeros((queues, len(edges) - 1)),
            np.zeros(queues),
        )
        doors = {key: Door.of(program, plan, edges) for key, plan in plans.items()}
        coming: dict[tuple[int, int, int], Floats] = {}
        handle, patience, live = np.zeros(queues), np.full(queues, np.inf), np.zeros(queues, bool)
        spoken = [_languages(scenario, names, kind) for kind in names.contact_types]
        for (kind, channel), plan in plans.items():
            way = ways[kind, channel]
            for tier, language in product(plan.tiers, spoken[kind]):
                queue = int(program.queues.of[tier.tier, kind, channel, language])
                talk, wrap_up = _factors(program, queue)
                handle[queue] += tier.talk.mean * talk + tier.wrap_up.mean * wrap_up + _briefings(plan, way, tier.tier)
                live[queue] = tier.live
                if tier.patience is not None:
                    patience[queue] = tier.patience.mean
        arrivals = ArrivalPlan(scenario)
        waiting = np.zeros(queues)
        for wave in arrivals.initial_backlog:
            plan, stays = plans[wave.contact_type, wave.channel], ways[wave.contact_type, wave.channel].stays
            for tier, (language, share) in product(plan.tiers, spoken[plan.contact_type].items()):
                queue = int(program.queues.of[tier.tier, plan.contact_type, plan.channel, language])
                waiting[queue] += wave.at.size * share * stays[tier.tier]
        for source in arrivals.sources:
            plan = plans[source.contact_type, source.channel]
            expected = source.expected(edges)
            arriving = expected * doors[plan.contact_type, plan.channel].let_through
            for language, share in spoken[plan.contact_type].items():
                coming[source.contact_type, source.channel, language] = expected * share
                if plan.misrouted is not None:
                    wrong = _wrong_queue(program, plan, language)
                    astray[wrong] += arriving * share * plan.misrouted.share
                    each = plan.misrouted.triage.mean * _factors(program, wrong)[0]
                    triage[wrong] += arriving.sum() * share * plan.misrouted.share * each
                    live[wrong] = program.channels.live[plan.channel]
                    if plan.misrouted.patience is not None and not np.isfinite(patience[wrong]):
                        patience[wrong] = plan.misrouted.patience.mean
            first = program.tiers.first[plan.contact_type]
            stays = ways[plan.contact_type, plan.channel].stays
            harder = _harder(program, plan, edges, arriving)
            for tier, (language, share) in product(plan.tiers, spoken[plan.contact_type].items()):
                queue = int(program.queues.of[tier.tier, plan.contact_type, plan.channel, language])
                contacts[queue] += arriving * share * stays[tier.tier]
                longer = tier.talk.mean * (harder - 1)
                if tier.tier == first:
                    longer += _logged_talk_beyond(source, plan) * harder / stays[first]
                handle[queue] += longer * _factors(program, queue)[0]
        agents = _agents(scenario, labels, periods)
        came, strayed = contacts.sum(axis=1), astray.sum(axis=1)
        handle = np.divide(handle * came + triage, came + strayed, out=handle, where=strayed > 0)
        return cls(
            labels,
            program,
            edges,
            contacts + astray,
            handle,
            patience,
            live,
            waiting,
            agents,
            ways,
            coming,
            doors,
        )

    @cached_property
    def entering(self) -> dict[tuple[int, int, int], Floats]:
        """By (contact type, channel, language): (intervals,) expected past the door and self-service."""
        return {key: coming * self.doors[key[:2]].let_through for key, coming in self.coming.items()}

    @property
    def erlangs(self) -> Floats:
        """(queues, intervals) offered load: agents' time asked for ÷ time."""
        load: Floats = self.contacts * self.handle_ms[:, None] / np.diff(self.edges)
        return load

    def groups_of(self, queue: int) -> tuple[int, ...]:
        """Give the groups with a row that serves a queue."""
        return _groups_of(self.program, queue)

    def capacity(self, group: int, channel: int) -> float:
        """Give how many contacts of a channel an agent gets done in the time of one: slots × pace at the limit."""
        limit = int(self.program.groups.slot_limit[group, channel])
        return 1.0 if limit == 0 else limit * float(self.program.groups.slot_pace[group, channel, limit]) / 1e6


def _groups_of(program: Program, queue: int) -> tuple[int, ...]:
    return tuple(sorted({int(program.rows.group[row]) for row in program.queues.rows[queue]}))


def _factors(program: Program, queue: int) -> tuple[float, float]:
    """Give the mean factors on talk and wrap-up of the groups that serve a queue."""
    groups, queues, effects = list(_groups_of(program, queue)), program.queues, program.effects
    if not groups:
        return 1.0, 1.0
    at = groups, queues.contact_type[queue], queues.tier[queue], queues.channel[queue]
    return float(effects.talk[at].mean()), float(effects.wrap_up[at].mean())


def _logged_talk_beyond(source: PoissonSource | LoggedSource, plan: ContactPlan) -> float:
    """Give by how much (ms) the mean talk of a log at the first tier is longer than its handling says."""
    if not isinstance(source, LoggedSource) or source.wave.talk is None or not len(source.wave.talk):
        return 0.0
    known = source.wave.talk[source.wave.talk != NONE]
    return float((known - plan.tiers[0].talk.mean).sum()) / len(source.wave.talk)


def _harder(program: Program, plan: ContactPlan, edges: Ints, arriving: Floats) -> float:
    """Give the mean factor on talk of what comes past self-service: what open stages hand on is harder work."""
    if not arriving.sum():
        return 1.0
    work = arriving.copy()
    for stage in plan.stages:
        there = np.diff(open_time(program.stages.open[stage.stage], edges)) / np.diff(edges)
        handed_on = there * (1 - min(stage.gone, 1.0))
        come = handed_on + 1 - there
        harder = handed_on * float(program.stages.harder_rest[stage.stage]) + 1 - there
        work *= np.divide(harder, come, out=np.ones(len(come)), where=come > 0)
    return float(work.sum() / arriving.sum())


def _wrong_queue(program: Program, plan: ContactPlan, language: int) -> int:
    to = program.tiers.misrouted_to[plan.contact_type]
    return int(program.queues.of[program.tiers.first[to], to, plan.channel, language])


def _languages(scenario: Scenario, names: Names, contact_type: str) -> dict[int, float]:
    """Give the share of each language that a type comes in; if it names none, all of NOBODY, the one without a name."""
    shares = scenario.contact_types[contact_type].languages
    return {
        NOBODY if language is None else names.languages.index(language): 1.0 if language is None else shares[language]
        for language in languages_of(scenario, contact_type)
    }


def _briefings(plan: ContactPlan, way: ExpectedWay, at: int) -> float:
    """Give the mean time (ms) of a stay at a tier that goes into briefings, by who hands over and to whom."""
    if not way.stays[at]:
        return 0.0
    briefing = {tier.tier: tier.briefing.mean if tier.briefing and tier.live else 0.0 for tier in plan.tiers}
    given = sum(way.handed_over[at, to] * mean for to, mean in briefing.items())
    return float(given + way.handed_over[:, at].sum() * briefing[at]) / float(way.stays[at])


def _agents(scenario: Scenario, labels: Labels, periods: Periods) -> Floats:
    """Give the agents on duty by group and interval: everybody at work as planned, less the shares that are away."""
    groups = scenario.agent_groups
    present = {name: group.model_copy(update={"shrinkage": Shrinkage()}) for name, group in groups.items()}
    agents = DutyPlan(scenario.model_copy(update={"agent_groups": present})).deal(0, 0)
    owner = np.repeat(agents.group.astype(np.int64), np.diff(agents.first_span))
    edges = periods.edges["interval"]
    by_interval = np.zeros((len(labels.groups), len(edges) - 1), np.int64)
    for group in range(len(labels.groups)):
        own = owner == group
        by_interval[group] = _time_between(edges, agents.span_start[own]) - _time_between(edges, agents.span_end[own])
        mine = agents.step_group == group
        begin, number = agents.step_at[mine], agents.step_number[mine]
        rise = np.diff(number, prepend=0)
        by_interval[group] += _time_between(edges, begin, rise)
    there = np.array(
        [(1 - groups[name].shrinkage.absence) * (1 - groups[name].shrinkage.in_shift) for name in labels.groups]
    )
    on_duty: Floats = by_interval / periods.widths("interval") * there[:, None]
    return on_duty


def _time_between(edges: Ints, since: Ints, weight: Ints | None = None) -> Ints:
    """Give, per interval, the time (ms) in it that lies after instants, added up over these."""
    order = np.argsort(since, kind="stable")
    since, weight = since[order], np.ones_like(since) if weight is None else weight[order]
    number, total = (np.concatenate(([0], np.cumsum(of))) for of in (weight, weight * since))
    before = np.searchsorted(since, edges)
    return np.diff(number[before] * edges - total[before])
