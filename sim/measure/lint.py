"""What can be said against a scenario before a run: valid, but probably not what was meant.

It stands here and not with the language because it needs expected arrivals, handle times and duty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.rules import NOBODY
from sim.measure.workload import Workload
from sim.scenario.calendar import Calendar, open_time
from sim.scenario.units import HOUR_MS, write_duration, write_share

if TYPE_CHECKING:
    from sim.scenario.model.targets import Target
    from sim.scenario.schema import Scenario

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

HIGHEST_LOAD: Final = 0.95
"""Of a tier: above it queues grow long whatever is done with what is left."""

LEAST_CONTACTS: Final = 0.5
"""Expected over the horizon, below which nobody will miss an agent."""

UNMOVED: Final = ("arrived", "busy", "containment", "inquiries", "refused", "self_service", "work_saved")
"""Measures that headcounts do not move (busy lines hardly)."""


@dataclass(frozen=True)
class Finding:
    """Something that is probably not what was meant."""

    key: str
    """Where in the scenario, as a dotted key."""
    text: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.key}: {self.text}"


def lint(scenario: Scenario) -> list[Finding]:
    """Give the findings that need no run.

    More Erlangs than agents in an interval; a tier loaded above 95 %; a queue that nobody serves at some hour; a
    promise shorter than the gap between the hours of those who keep it; a target that no staffing can move.
    """
    work, calendar = Workload.of(scenario), Calendar.of(scenario)
    return [
        *_overloads(work, calendar),
        *_full_tiers(work),
        *_unserved(work, calendar),
        *_gaps(scenario, work, calendar),
        *_unmovable(scenario, work),
    ]


def pools(work: Workload) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Give (groups, live queues) that share people, directly or through others; who shares nobody stands apart."""
    found: list[tuple[set[int], set[int]]] = []
    for queue in np.flatnonzero(work.live & (work.contacts.sum(axis=1) > 0)):
        groups, queues = set(work.groups_of(int(queue))), {int(queue)}
        apart = []
        for other in found:
            if other[0] & groups:
                groups, queues = groups | other[0], queues | other[1]
            else:
                apart.append(other)
        found = [*apart, (groups, queues)]
    return [(tuple(sorted(groups)), tuple(sorted(queues))) for groups, queues in found]


def _overloads(work: Workload, calendar: Calendar) -> Iterator[Finding]:
    """Live work that comes faster than everybody there could handle it.

    It is looked for in each pool, and in each part of it that has work of its own: a language that few speak may come
    to too few although the pool has people to spare. Of a part that has too much the whole is not said again.
    """
    for pool, of_pool in pools(work):
        told: list[set[int]] = []
        for groups in sorted({pool, *(work.groups_of(queue) for queue in of_pool)}, key=lambda some: (len(some), some)):
            queues = [queue for queue in of_pool if set(work.groups_of(queue)) <= set(groups)]
            if any(part <= set(groups) for part in told):
                continue
            finding = _overload(work, calendar, groups, queues, alone=len(queues) < len(of_pool))
            if finding is not None:
                told.append(set(groups))
                yield finding


def _overload(
    work: Workload, calendar: Calendar, groups: tuple[int, ...], queues: list[int], *, alone: bool
) -> Finding | None:
    """Find the interval in which most is missing of groups for their live work; `alone` if others have other work."""
    load = np.zeros(work.contacts.shape[1])
    for queue in queues:
        channel = int(work.program.queues.channel[queue])
        load += work.erlangs[queue] / max(work.capacity(group, channel) for group in work.groups_of(queue))
    agents = work.agents[list(groups)].sum(axis=0)
    over = np.flatnonzero((load > agents) & (agents > 0))
    if not len(over):
        return None
    worst = over[np.argmax((load - agents)[over])]
    of_their_own = " that nobody else serves" if alone else ""
    return Finding(
        f"agent_groups.{work.labels.groups[groups[0]]}",
        f"{load[worst]:.1f} Erlangs of live work{of_their_own} come to {_listed(work.labels.groups, groups)} at "
        f"{_wall(calendar, work, worst)} and {agents[worst]:.1f} agents are on duty; in {len(over)} of "
        f"{len(load)} intervals more comes than can be handled at once",
    )


def _full_tiers(work: Workload) -> Iterator[Finding]:
    """Tiers whose work, live or not, takes nearly all of their people's time, and what helping tiers have to spare."""
    width = np.diff(work.edges)
    own = [
        float((work.agents[work.program.groups.tier == tier] * width).sum()) for tier in range(len(work.labels.tiers))
    ]
    work_of = [_asked(work, tier) for tier in range(len(own))]
    for tier, name in enumerate(work.labels.tiers):
        queues = np.flatnonzero(work.program.queues.tier == tier)
        helping = {int(work.program.groups.tier[group]) for queue in queues for group in work.groups_of(int(queue))}
        asked = work_of[tier]
        there = own[tier] + sum(max(own[other] - work_of[other], 0.0) for other in helping - {tier})
        if asked > HIGHEST_LOAD * there:
            load = f"{100 * asked / there:.0f} %" if there else "without limit"
            yield Finding(
                f"tiers.{name}",
                f"is loaded {load}: {asked / HOUR_MS:.0f} h of work for {there / HOUR_MS:.0f} h on duty; above "
                f"{write_share(HIGHEST_LOAD)} queues keep growing",
            )


def _asked(work: Workload, tier: int) -> float:
    """Give the time (ms) of agents that a tier's work takes, the cases that wait at the start included."""
    asked = 0.0
    for queue in np.flatnonzero(work.program.queues.tier == tier):
        channel = int(work.program.queues.channel[queue])
        pace = max((work.capacity(group, channel) for group in work.groups_of(int(queue))), default=1.0)
        cases = work.contacts[queue].sum() + work.waiting[queue]
        asked += float(cases * work.handle_ms[queue]) / pace
    return asked


def _unserved(work: Workload, calendar: Calendar) -> Iterator[Finding]:
    """Live queues into which contacts come while nobody who serves them is on duty."""
    labels, queues = work.labels, work.program.queues
    for queue in np.flatnonzero(work.live):
        alone = _nobody_there(work, int(queue)) & (work.contacts[queue] > 0)
        if work.contacts[queue][alone].sum() >= LEAST_CONTACTS:
            first = int(np.argmax(alone))
            kind, tier = labels.contact_types[queues.contact_type[queue]], labels.tiers[queues.tier[queue]]
            yield Finding(
                f"channels.{labels.channels[queues.channel[queue]]}",
                f"{work.contacts[queue][alone].sum():.0f} contacts of {kind}{_spoken(work, int(queue))} come to {tier} "
                f"while nobody who serves them is on duty, first at {_wall(calendar, work, first)}; shorten `open` or "
                "lengthen the shifts",
            )


def _gaps(scenario: Scenario, work: Workload, calendar: Calendar) -> Iterator[Finding]:
    """Promises that run out while nobody is there to keep them."""
    for number, target in enumerate(scenario.targets):
        if target.measure not in {"first_response", "resolution"} or target.within is None:
            continue
        for queue in _first_queues(work, target):
            gap, begin = _longest_gap(scenario, work, calendar, queue)
            if gap > target.within:
                channel = work.labels.channels[work.program.queues.channel[queue]]
                yield Finding(
                    f"targets.{number}",
                    f"promises {target.measure} within {write_duration(target.within)}, but from "
                    f"{_wall(calendar, work, begin)} nobody who serves {channel}{_spoken(work, queue)} is on duty for "
                    f"{write_duration(gap)} of its clock; give the channel a `clock` that rests meanwhile, "
                    "or promise later",
                )
                break


def _longest_gap(scenario: Scenario, work: Workload, calendar: Calendar, queue: int) -> tuple[int, int]:
    """Give the longest time (ms of the channel's clock) that a contact finds nobody, and the interval it comes in."""
    clock = scenario.channels[work.labels.channels[work.program.queues.channel[queue]]].clock
    running = np.diff(work.edges)
    if clock is not None:
        spans = np.array(calendar.spans(scenario.opening_hours[clock]), np.int64).reshape(-1, 2)
        running = np.diff(open_time(spans, work.edges))
    alone = np.concatenate(([False], _nobody_there(work, queue), [False]))
    begins, ends = np.flatnonzero(alone[1:] & ~alone[:-1]), np.flatnonzero(alone[:-1] & ~alone[1:])
    gaps = []
    for begin, end in zip(begins, ends, strict=True):
        came = work.contacts[queue][begin:end]
        if came.sum() >= LEAST_CONTACTS:
            first = int(begin + np.argmax(came > 0))
            gaps.append((int(running[first:end].sum()), first))
    return max(gaps, default=(0, 0))


def _unmovable(scenario: Scenario, work: Workload) -> Iterator[Finding]:
    """Targets that depend on no headcount."""
    for number, target in enumerate(scenario.targets):
        if target.measure in UNMOVED:
            yield Finding(f"targets.{number}", f"{target.measure} does not depend on staffing: no headcount moves it")
        elif target.measure in {"resolution", "first_contact_resolution"} and target.unit == "share":
            best = _best_resolution(scenario, work, target)
            if best is not None and target.at_least is not None and target.at_least > best:
                yield Finding(
                    f"targets.{number}",
                    f"wants {target.measure} of {write_share(target.at_least)}, but the tiers resolve "
                    f"{write_share(round(best, 4))} of what comes to them even if nobody waits",
                )


def _best_resolution(scenario: Scenario, work: Workload, target: Target) -> float | None:
    """Give the share of a target's contacts that tiers resolve if nobody is lost; None if that is no bound.

    It is none if nobody comes, and for `resolution` if self-service, which may do better, fronts one of the channels.
    """
    queues = work.program.queues
    helped = {channel for stage in scenario.self_service.values() for channel in stage.channels}
    came = resolved = 0.0
    for first in _first_queues(work, target):
        if target.measure == "resolution" and work.labels.channels[queues.channel[first]] in helped:
            return None
        way = work.ways[int(queues.contact_type[first]), int(queues.channel[first])]
        weight = float(work.contacts[first].sum() / way.stays[queues.tier[first]])
        came += weight
        resolved += weight * way.resolved
    return resolved / came if came else None


def _first_queues(work: Workload, target: Target) -> list[int]:
    """Give the first human queues that a target judges."""
    queues, labels = work.program.queues, work.labels
    return [
        queue
        for queue in range(len(queues.tier))
        if queues.tier[queue] == work.program.tiers.first[queues.contact_type[queue]]
        and work.contacts[queue].sum() > 0
        and target.channel in {None, labels.channels[queues.channel[queue]]}
        and target.contact_type in {None, labels.contact_types[queues.contact_type[queue]]}
        and target.language in {None, labels.languages[queues.language[queue]]}
    ]


def _spoken(work: Workload, queue: int) -> str:
    """Say the language of a queue, if it has a name."""
    language = work.program.queues.language[queue]
    return "" if language == NOBODY else f" in {work.labels.languages[language]}"


def _nobody_there(work: Workload, queue: int) -> Bools:
    there: Bools = work.agents[list(work.groups_of(queue))].sum(axis=0) == 0
    return there


def _wall(calendar: Calendar, work: Workload, interval: int) -> str:
    return calendar.wall(int(work.edges[interval])).strftime("%a %Y-%m-%d %H:%M")


def _listed(names: tuple[str, ...], numbers: tuple[int, ...]) -> str:
    return ", ".join(names[number] for number in numbers)
