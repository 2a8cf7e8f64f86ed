"""What targets ask of queues: shares in time and waits of live ones, due times of backlog.

Rules
-----
- A target speaks of a live queue if its channel, contact type, language and tier are the queue's; one without a tier
  speaks of the queues that contacts come to first. Segments and attempts wait in the queues of all others: a target of
  one is asked of the whole queue.
- `wait_p90 at most x` means that 90 % of the answered are answered within x.
- A live queue of which no target speaks answers 80 % within 20 s.
- A backlog queue is due as the strictest of the targets that speak of it says (`first_response`, by when the reply is
  sent; `service_level` and percentiles of waits; `resolution`, of which each backlog tier on the contact's way has an
  equal part), else as its type or channel says (`due`), else after a day; on the clock of its channel, at the first
  tier, or of the tier. The share that a target leaves late is left to chance: on average everything is done in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.rules import NOBODY
from sim.scenario.units import DAY_MS, SECOND_MS

if TYPE_CHECKING:
    from sim.measure.workload import Workload
    from sim.scenario.model.targets import Target
    from sim.scenario.schema import Scenario
    from sim.staffing.erlang import Queue

Ints = NDArray[np.int64]

DEFAULT_SHARE: Final = 0.8
DEFAULT_WITHIN_S: Final = 20.0
DEFAULT_DUE_MS: Final = DAY_MS
PERCENTILES: Final = {"p50": 0.5, "p80": 0.8, "p90": 0.9, "p95": 0.95, "p99": 0.99}


@dataclass(frozen=True)
class Promise:
    """A bound of a live queue that the formulas can judge."""

    target: int | None
    """Number of the target; None of the default."""
    measure: str
    bound: float
    """A share, or seconds."""
    within_s: float = DEFAULT_WITHIN_S
    reading: str = "offered"

    @property
    def at_least(self) -> bool:
        """Whether the figure must be at least the bound, else at most."""
        return self.measure in {"service_level", "first_response"}

    def figure(self, queue: Queue) -> float:
        """Give what a queue in its steady state reaches."""
        match self.measure:
            case "service_level" | "first_response":
                return queue.service_level(self.within_s, self.reading)  # type: ignore[arg-type]
            case "abandonment":
                return queue.abandonment
            case "average_speed_of_answer":
                return queue.mean_wait_answered_s
            case "wait":
                return queue.mean_wait_s
            case "waited":
                return queue.waits
            case "occupancy":
                return queue.occupancy
        raise AssertionError(self.measure)

    def kept_by(self, queue: Queue) -> bool:
        """Tell whether a queue in its steady state keeps it."""
        figure = self.figure(queue)
        return figure >= self.bound if self.at_least else figure <= self.bound


DEFAULT: Final = Promise(None, "service_level", DEFAULT_SHARE)
"""What is asked of a live queue of which no target speaks."""


def promises(scenario: Scenario, work: Workload, queue: int) -> list[Promise]:
    """Give what targets ask of a live queue; the default if none speaks of it."""
    asked = [
        promise
        for number, target in enumerate(scenario.targets)
        if speaks_of(work, target, queue)
        for promise in _promise(number, target)
    ]
    waits = [promise for promise in asked if promise.measure != "occupancy"]
    return asked if waits else [DEFAULT, *asked]


def _promise(number: int, target: Target) -> Iterator[Promise]:
    measure, within = target.measure, (target.within or 0) / SECOND_MS
    if measure in {"service_level", "first_response"} and target.at_least is not None and target.within:
        yield Promise(number, measure, target.at_least, within, target.reading)
    elif measure in {"abandonment", "waited", "occupancy"} and target.at_most is not None:
        yield Promise(number, measure, target.at_most)
    elif measure in {"average_speed_of_answer", "wait"} and target.at_most is not None:
        yield Promise(number, measure, target.at_most / SECOND_MS)
    elif measure.startswith("wait_p") and target.at_most is not None:
        share = PERCENTILES[measure.removeprefix("wait_")]
        yield Promise(number, "service_level", share, target.at_most / SECOND_MS, "answered")


def speaks_of(work: Workload, target: Target, queue: int) -> bool:
    """Tell whether a target judges contacts, or people, of a queue."""
    queues, labels = work.program.queues, work.labels
    if target.agent_group is not None:
        return target.agent_group in {labels.groups[group] for group in work.groups_of(queue)}
    language = int(queues.language[queue])
    tier = labels.tiers[queues.tier[queue]]
    first = queues.tier[queue] == work.program.tiers.first[queues.contact_type[queue]]
    return (
        target.channel in {None, labels.channels[queues.channel[queue]]}
        and target.contact_type in {None, labels.contact_types[queues.contact_type[queue]]}
        and (target.language is None or (language != NOBODY and target.language == labels.languages[language]))
        and (target.tier == tier if target.tier is not None else first or target.measure.startswith("resolution"))
    )


@dataclass(frozen=True)
class Due:
    """By when work of a backlog queue must be done."""

    after_ms: int
    """On the clock, from when the contact enters the queue."""
    clock: Ints
    """(spans, 2) ms, when it runs."""
    because: str
    """What says so: target, due, or default."""


def due(scenario: Scenario, work: Workload, queue: int) -> Due:
    """Give by when work of a backlog queue must be done."""
    queues, labels, tiers = work.program.queues, work.labels, work.program.tiers
    channel, kind = labels.channels[queues.channel[queue]], labels.contact_types[queues.contact_type[queue]]
    first = queues.tier[queue] == tiers.first[queues.contact_type[queue]]
    clock = work.program.channels.clock[queues.channel[queue]] if first else tiers.clock[queues.tier[queue]]
    handled = round(work.handle_ms[queue])
    asked: list[int] = []
    for target in scenario.targets:
        if not speaks_of(work, target, queue):
            continue
        limit = target.within if target.unit == "share" else round(target.at_most or 0)
        if not limit:
            continue
        if target.measure.startswith("first_response") and first:
            asked.append(max(limit - handled, 0))
        elif target.measure == "service_level" or target.measure.startswith("wait"):
            asked.append(limit)
        elif target.measure.startswith("resolution"):
            asked.append(max(limit // _backlog_tiers(work, queue) - handled, 0))
    if asked:
        return Due(min(asked), clock, "target")
    said = scenario.contact_types[kind].due or scenario.channels[channel].due
    if said is not None and first:
        return Due(max(said - handled, 0), clock, "due")
    return Due(DEFAULT_DUE_MS, clock, "default")


def _backlog_tiers(work: Workload, queue: int) -> int:
    """Give how many backlog queues a contact of the same type, channel and language may come to."""
    queues = work.program.queues
    same = (
        (queues.contact_type == queues.contact_type[queue])
        & (queues.channel == queues.channel[queue])
        & (queues.language == queues.language[queue])
        & ~work.live
        & (work.contacts.sum(axis=1) > 0)
    )
    return max(int(same.sum()), 1)
