"""Evaluating schedules: on blocks of replications that no other part of a plan sees, each replication played once.

Blocks are disjoint: replications of the search, of the selection, and of each confirmation. They begin far beyond the
numbers that `run` plays by itself, so that whoever runs the planned scenario meets fresh customers too. In a block a
schedule is looked at after a few replications, then after more: what plainly holds, or plainly does not, is not played
on. How long blocks are depends on how many contacts a replication has, and on nothing that differs between machines.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.experiment.statistics import Estimate, mean
from sim.scenario.units import HOUR_MS
from sim.staffing.plan.bounds import PLAIN, Asked, Found, Promises
from sim.staffing.plan.journal import Journal, People
from sim.staffing.plan.playing import Players, Sums, Task
from sim.staffing.plan.schedules import Headcounts
from sim.staffing.staffed import staffed

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SEARCH: Final = 1_000_000
SELECTION: Final = 2_000_000
CONFIRMATION: Final = 3_000_000
"""First replications of the blocks."""
FURTHER: Final = 100_000
"""Between the confirmations of one plan and the next."""

SEARCH_CONTACTS: Final = 1_500_000
SELECTION_CONTACTS: Final = 1_500_000
CONFIRMATION_CONTACTS: Final = 1_800_000
"""Contacts in a block: blocks have as many replications as that makes, within limits."""
DEALING: Final = 3.0
"""Replications on hands that are there, which take no less time than one on a fresh hand."""
OVERTIME: Final = "hours beyond shifts"
"""Under which it is known; no group has such a name."""
LEAST_LOOK: Final = 4
"""Replications after which a schedule is looked at first, at least."""


@dataclass(frozen=True)
class Block:
    """Replications that schedules are looked at on."""

    first: int
    looks: tuple[int, ...]
    """After how many replications, increasing."""

    @property
    def size(self) -> int:
        """How many replications."""
        return self.looks[-1]

    def numbers(self, look: int) -> tuple[int, ...]:
        """Give the replications of a look."""
        return tuple(range(self.first, self.first + self.looks[look]))

    def look_of(self, replications: int) -> int:
        """Give the first look after so many replications at least; the last, if there is none."""
        return next((look for look, number in enumerate(self.looks) if number >= replications), len(self.looks) - 1)

    @classmethod
    def of(cls, first: int, size: int) -> Block:
        """Give a block with looks at an eighth, a quarter and a half, each after a few at least."""
        looks = {max(size // part, min(size, LEAST_LOOK)) for part in (8, 4, 2, 1)}
        return cls(first, tuple(sorted(looks)))


@dataclass(frozen=True)
class Sizes:
    """Replications of each block."""

    search: int
    selection: int
    confirmation: int

    @classmethod
    def of(cls, contacts: float) -> Sizes:
        """Give the sizes for so many contacts in a replication."""

        def size(budget: int, least: int, most: int) -> int:
            return int(np.clip(budget / max(contacts, 1.0), least, most))

        return cls(
            size(SEARCH_CONTACTS, 12, 400),
            size(SELECTION_CONTACTS, 24, 400),
            size(CONFIRMATION_CONTACTS, 48, 1_000),
        )


@dataclass(frozen=True)
class ByInterval:
    """People who come and go by interval, whoever they are: without shifts."""

    scenario: Scenario
    edges: Ints
    """(intervals + 1,) ms."""
    people: Mapping[str, Ints]
    """By group: (intervals,) at work."""

    @property
    def named(self) -> dict[str, Sequence[int]]:
        """What they are known by."""
        return {group: numbers.tolist() for group, numbers in self.people.items()}

    @property
    def staffed(self) -> Scenario:
        """The scenario with them."""
        return staffed(self.scenario, self.edges, self.people)


@dataclass(frozen=True)
class Seen:
    """What looks at a schedule told."""

    found: Found
    """As far as it was played."""
    room: Floats
    """(rows,) by how much each limit is kept beyond the margin, as far as that can be told."""
    error: Floats
    """(rows,) standard error of that, on these replications."""
    holds: bool
    """Whether all are kept: on the whole block, or plainly before its end."""
    whole: bool
    """Whether the whole block was played."""


class Evaluator:
    """Evaluates schedules; what the journal knows is not played again.

    Parameters
    ----------
    promises
        That schedules are judged by: those of what the players play, or the same with other bounds.
    clock
        By which it is measured how long replications take.
    """

    def __init__(
        self, players: Players, journal: Journal, promises: Promises, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._players, self._journal, self.promises, self._clock = players, journal, promises, clock
        self._played_before = players.played
        self._known: dict[tuple[Headcounts, int], dict[int, Found]] = {}
        self.recalled = 0
        """Replications that came out of the journal."""
        self._dealt: set[int] = set()
        """First replications of what was played."""
        self._seconds: dict[bool, float] = {}
        """That a replication took, last: by whether its hand was dealt for it."""
        self.on_played: Callable[[], None] = lambda: None

    @property
    def played(self) -> int:
        """Replications that were played."""
        return self._players.played - self._played_before

    @property
    def seconds_of_fresh(self) -> float:
        """That a replication on a fresh hand is likely to take; 0 as long as nobody can tell.

        The first hands may have had to wait for machine code and workers: a replication on a hand that was there says
        how little it may be.
        """
        if len(self._seconds) < 2:
            return 0.0
        return min(self._seconds[True], DEALING * self._seconds[False])

    def found(self, schedules: Iterable[Headcounts], block: Block, look: int = -1) -> list[Found]:
        """Give what a look at schedules finds: all of the block, if no look is named."""
        asked = list(schedules)
        stages = range(len(block.looks))[: (look % len(block.looks)) + 1]
        for stage in stages:
            self._play(asked, block, stage)
        return [self._known[headcounts, block.first][stages[-1]] for headcounts in asked]

    def by_interval(self, who: ByInterval, block: Block, look: int) -> Found:
        """Give what a look finds if groups have exactly so many people in each interval."""
        return Found(self.promises, *self._once(who.named, Task(who.staffed, block.numbers(look))))

    def overtime(self, who: Headcounts | ByInterval, block: Block, look: int) -> Estimate:
        """Estimate the hours, in a replication of a look, that people have work in hand after their shifts."""
        if isinstance(who, ByInterval):
            key: People = who.named | {OVERTIME: []}
            task = Task(who.staffed, block.numbers(look), overtime=True)
        else:
            key, task = {OVERTIME: who}, Task(who, block.numbers(look), overtime=True)
        tops, _ = self._once(key, task)
        return mean((tops[:, 0] / HOUR_MS).tolist())

    def _once(self, key: People, task: Task) -> Sums:
        """Play what is looked at once, as far as the journal does not know it; and have it known."""
        wanted = task.replications
        tops, bottoms = self._recalled(key, wanted[0], len(wanted), 1 if task.overtime else len(self.promises.limit))
        left = wanted[len(tops) :]
        if left:
            ((more, below),) = self._players.play([replace(task, replications=left)])
            self._journal.put(key, left[0], len(left), more, below)
            tops, bottoms = np.concatenate([tops, more]), np.concatenate([bottoms, below])
        return tops, bottoms

    def seen(self, headcounts: Headcounts, block: Block, asked: Asked, beside: Found | None = None) -> Seen:
        """Look at a schedule until it is plain whether it holds, or to the end of the block.

        Parameters
        ----------
        beside
            Another schedule on the whole block: the first looks tell how the two differ, which the same customers tell
            much better than how good each of them is.
        """
        for look in range(len(block.looks)):
            found = self.found([headcounts], block, look)[0]
            whole = found.replications == block.size
            if beside is None or whole:
                room, error = found.room(asked), found.steady_error
            else:
                same = beside.first(found.replications)
                room = beside.room(asked) + found.gained_over(same)
                error = found.error_beside(same)
            if whole:
                return Seen(found, room, error, bool((room >= 0).all()), whole=True)
            if (room < -PLAIN * error).any():
                break
            if (room > PLAIN * error).all():
                return Seen(found, room, error, holds=True, whole=False)
        return Seen(found, room, error, holds=False, whole=False)

    def whole(self, headcounts: Headcounts, block: Block, asked: Asked) -> Seen:
        """Look at a schedule to the end of the block, however plain it is."""
        found = self.found([headcounts], block)[0]
        room, error = found.room(asked), found.steady_error
        return Seen(found, room, error, bool((room >= 0).all()), whole=True)

    def _play(self, asked: Sequence[Headcounts], block: Block, stage: int) -> None:
        begin, end = (0, *block.looks)[stage], block.looks[stage]
        first, number = block.first + begin, end - begin
        missing: dict[Headcounts, tuple[int, ...]] = {}
        recalled: dict[Headcounts, Found] = {}
        for headcounts in dict.fromkeys(asked):
            known = self._known.setdefault((headcounts, block.first), {})
            if stage in known:
                continue
            rows = len(self.promises.limit)
            before = self._joined(known.get(stage - 1), *self._recalled(headcounts, first, number, rows))
            if before.replications == end:
                known[stage] = before
            else:
                missing[headcounts] = tuple(range(block.first + before.replications, first + number))
                recalled[headcounts] = before
        for group in _groups(list(missing)):
            began = self._clock()
            played = self._players.play([Task(headcounts, missing[headcounts]) for headcounts in group])
            number_played = sum(len(missing[headcounts]) for headcounts in group)
            self._seconds[first not in self._dealt] = (self._clock() - began) / number_played
            self._dealt.add(first)
            for headcounts, sums in zip(group, played, strict=True):
                numbers = missing[headcounts]
                self._journal.put(headcounts, numbers[0], len(numbers), *sums)
                self._known[headcounts, block.first][stage] = self._joined(recalled[headcounts], *sums)
            self.on_played()

    def _recalled(self, people: People, first: int, number: int, rows: int) -> Sums:
        """Give (tops, bottoms) of so many of these replications, from the first on, as the journal knows."""
        found = self._journal.get(people, first, number)
        if found is None:
            none = np.zeros((0, rows), np.int64)
            return none, none
        self.recalled += len(found[0])
        return found

    def _joined(self, before: Found | None, tops: np.ndarray, bottoms: np.ndarray) -> Found:
        if before is not None:
            tops, bottoms = np.concatenate([before.tops, tops]), np.concatenate([before.bottoms, bottoms])
        return Found(self.promises, tops, bottoms)


def _groups(schedules: list[Headcounts], size: int = 4) -> Iterable[list[Headcounts]]:
    """Give schedules to be played a few at a time: what is played is written down before the next."""
    return (schedules[at : at + size] for at in range(0, len(schedules), size))
