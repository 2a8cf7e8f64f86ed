"""Pools: queues that the same people serve, and how many of them a steady queue takes.

Rules
-----
- A queue belongs to the groups whose rows are open to it soonest: overflow rows (`after`) help, and nobody is planned
  for that. Queues of the same groups are one pool, live and backlog apart, and each kind of work in slots apart.
- A live pool is one queue with the mean handle time and the mean rate of leaving of what comes to it. Work in slots
  counts as many servers as the most slots among its groups, each at the pace of the limit.
- An interval in which less than one contact in twenty runs is expected is not staffed for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import ceil, inf, isqrt
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.measure.breakdowns import queue_names
from sim.scenario.units import HOUR_MS
from sim.staffing.erlang import Queue, erlang_a
from sim.staffing.promises import Promise, promises

if TYPE_CHECKING:
    from sim.measure.workload import Workload
    from sim.scenario.schema import Scenario
    from sim.staffing.offered_load import OfferedLoad

Floats = NDArray[np.float64]

LEAST_CONTACTS: Final = 0.05
"""Expected in an interval, below which nobody is planned for them."""
MOST_AGENTS: Final = 100_000


@dataclass(frozen=True)
class Pool:
    """Queues that the same people serve first."""

    groups: tuple[str, ...]
    """Who serves them, by name."""
    queues: tuple[int, ...]
    names: tuple[str, ...]
    """Of the queues, as `Result.measure(..., queue=[...])` takes them."""
    live: bool
    slots: int
    """Servers that an agent is; 1 without slots."""
    pace: float
    """Speed of each at the limit."""
    keeps_free: tuple[int, ...]
    """By group: agents of it that its rows leave free, the least over its queues."""
    promises: tuple[Promise, ...]
    """Of a live pool."""

    def kept_free(self, groups: tuple[str, ...]) -> int:
        """Give the agents of some of its groups, together, whom its rows leave free."""
        return sum(free for group, free in zip(self.groups, self.keeps_free, strict=True) if group in groups)

    @property
    def title(self) -> str:
        """Say it in a line."""
        return f"{'/'.join(self.groups)}: {', '.join(self.names)}"


@dataclass(frozen=True)
class Steady:
    """What comes to a live pool in an interval, as one queue; loads of work in slots in servers."""

    load: float
    """Erlangs."""
    handle_s: float
    patience_s: float
    slots: int = 1
    contacts: float = 0.0
    """That come in the interval."""
    contacts_per_hour: float = 0.0

    def scaled(self, factor: float) -> Steady:
        """Give the same with another load."""
        return replace(self, load=self.load * factor)


@dataclass
class Formulas:
    """Erlang A, remembered."""

    _known: dict[tuple[float, float, float, int], Queue] = field(default_factory=dict)
    _least: dict[tuple[float, float, float, int, tuple[Promise, ...]], int] = field(default_factory=dict)

    def queue(self, steady: Steady, agents: int) -> Queue | None:
        """Give the steady state with so many agents; None where the queue has none: the patient grow without end."""
        servers = agents * steady.slots
        if steady.patience_s == inf and servers <= steady.load:
            return None
        key = steady.load, steady.handle_s, steady.patience_s, servers
        if key not in self._known:
            per_hour = steady.load / steady.handle_s * 3600
            self._known[key] = erlang_a(per_hour, steady.handle_s, steady.patience_s, servers)
        return self._known[key]

    def keeps(self, steady: Steady, agents: int, asked: tuple[Promise, ...]) -> bool:
        """Tell whether so many agents keep promises."""
        if agents < 1:
            return False
        queue = self.queue(steady, agents)
        return queue is not None and all(promise.kept_by(queue) for promise in asked)

    def least(self, steady: Steady, asked: tuple[Promise, ...], near: int = 0) -> int:
        """Give the least agents that keep promises: at least one. It is looked for `near` a number first."""
        key = steady.load, steady.handle_s, steady.patience_s, steady.slots, asked
        if key not in self._least:
            self._least[key] = self._searched(steady, asked, near)
        return self._least[key]

    def _searched(self, steady: Steady, asked: tuple[Promise, ...], near: int) -> int:
        if near and self.keeps(steady, near, asked) and not self.keeps(steady, near - 1, asked):
            return near
        low, step = 0, max(isqrt(ceil(steady.load / steady.slots)), 1)
        high = max(ceil(steady.load / steady.slots), 1)
        while not self.keeps(steady, high, asked):
            low, high, step = high, high + step, 2 * step
            if high > MOST_AGENTS:
                raise ValueError(f"no number of agents keeps {asked}")
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.keeps(steady, middle, asked) else (middle, high)
        return high


@dataclass(frozen=True)
class _Kind:
    """What queues of one pool have in common."""

    live: bool
    groups: tuple[int, ...]
    slot_channel: int | None
    """Whose slots their work is in; None without slots."""


def pools_of(scenario: Scenario, work: Workload, contacts: Floats) -> list[Pool]:
    """Give the pools to whose queues contacts come, (queues, intervals), those of the fewest groups first."""
    found: dict[_Kind, list[int]] = {}
    for queue in np.flatnonzero(contacts.sum(axis=1) + work.waiting > 0).tolist():
        groups, channel = _first_groups(work, queue), int(work.program.queues.channel[queue])
        in_slots = any(work.program.groups.slot_limit[group, channel] > 1 for group in groups)
        if groups:
            found.setdefault(_Kind(bool(work.live[queue]), groups, channel if in_slots else None), []).append(queue)
    made = [_pool(scenario, work, kind, queues) for kind, queues in found.items()]
    return sorted(made, key=lambda pool: (not pool.live, len(pool.groups), pool.groups, pool.queues))


def _pool(scenario: Scenario, work: Workload, kind: _Kind, queues: list[int]) -> Pool:
    names, program = queue_names(work.labels, work.program), work.program
    slots, pace = 1, 1.0
    if kind.slot_channel is not None:
        channel = kind.slot_channel
        best = max(kind.groups, key=lambda group: work.capacity(group, channel))
        slots = int(program.groups.slot_limit[best, channel])
        pace = work.capacity(best, channel) / slots
    asked: dict[Promise, None] = {}
    if kind.live:
        for queue in queues:
            asked.update(dict.fromkeys(promises(scenario, work, queue)))
        if any(promise.target is not None and promise.measure != "occupancy" for promise in asked):
            asked = {promise: None for promise in asked if promise.target is not None}
    rows = [int(row) for queue in queues for row in program.queues.rows[queue]]
    return Pool(
        groups=tuple(work.labels.groups[group] for group in kind.groups),
        queues=tuple(queues),
        names=tuple(names[queue] for queue in queues),
        live=kind.live,
        slots=slots,
        pace=pace,
        keeps_free=tuple(
            min(int(program.rows.keep_free[row]) for row in rows if program.rows.group[row] == group)
            for group in kind.groups
        ),
        promises=tuple(asked),
    )


def steady_states(load: OfferedLoad, pool: Pool) -> list[Steady | None]:
    """Give what comes to a live pool in each interval; None where hardly anybody does."""
    work, chosen = load.work, list(pool.queues)
    came, erlangs = load.contacts[chosen], load.erlangs[chosen]
    lengths = hours(work)
    states: list[Steady | None] = []
    for at in range(came.shape[1]):
        total = float(came[:, at].sum())
        if total < LEAST_CONTACTS or erlangs[:, at].sum() <= 0:
            states.append(None)
            continue
        weight = came[:, at] / total
        leaving = float(weight @ (1 / work.patience_ms[chosen]))
        states.append(
            Steady(
                load=_to_digits(float(erlangs[:, at].sum()) / pool.pace),
                handle_s=_to_digits(float(weight @ work.handle_ms[chosen]) / 1000 / pool.pace),
                patience_s=inf if leaving == 0 else _to_digits(1 / leaving / 1000),
                slots=pool.slots,
                contacts=total,
                contacts_per_hour=total / float(lengths[at]),
            )
        )
    return states


def _to_digits(value: float) -> float:
    """Give a number to six digits: the same hours of two weeks are worked out once."""
    return float(f"{value:.6g}")


def hours(work: Workload) -> Floats:
    """Give the lengths of the intervals in hours."""
    lengths: Floats = np.diff(work.edges) / HOUR_MS
    return lengths


def _first_groups(work: Workload, queue: int) -> tuple[int, ...]:
    """Give the groups whose rows are open to a queue soonest."""
    rows, mine = work.program.rows, work.program.queues.rows[queue].tolist()
    soonest = min((int(rows.after[row]) for row in mine), default=0)
    return tuple(sorted({int(rows.group[row]) for row in mine if rows.after[row] == soonest}))
