"""The possible contacts of one wave's inquiries: who may come again, how, and after whom; and who asks for its case.

A contact may be followed by a retry or by a repeat, whichever its end calls for, each of which may be followed again.
Contacts of one attempt that would be alike (channel, kind, whether self-service is skipped, whose patience is kept) are
one, whoever comes before them: so their number grows with the attempts, not with the ways through them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.demand import columns
from sim.demand.columns import ascending, column, filled, stretches
from sim.demand.distributions import whole_ms
from sim.demand.hand import NONE, AttemptKind, same
from sim.demand.laws import Constant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sim.demand.arrivals import Wave
    from sim.demand.hand import Bools, Floats, Ints, Numbers
    from sim.demand.laws import Law
    from sim.demand.marks import AgainPlan, ContactPlan
    from sim.demand.streams import Stream, Streams

PURPOSE: Final = {AttemptKind.RETRY: "retry", AttemptKind.REPEAT: "repeat"}
"""Of the numbers that decide whether there is one; those of the time until it add ` after`."""


@dataclass(frozen=True, slots=True)
class Try:
    """The possible contacts of one attempt of one wave that are alike."""

    plan: ContactPlan
    attempt: int
    kind: AttemptKind
    skips_self_service: bool
    keeps: Try | None
    """The try before, whose patience it keeps; None if it is dealt afresh."""
    chance: Stream
    """Shared by all tries of the attempt."""
    wave: Wave
    rows: Ints
    """Which inquiries of the wave have this contact (their place in the wave), ascending; never empty."""
    place: Ints
    """Of each among the contacts of its inquiry."""
    at: Ints | None = None
    """When they come, ms; None where that depends on what happens."""
    followers: list[Follower] = field(default_factory=list)

    def numbers(self, purpose: str, some: Ints | None = None) -> Floats:
        """Give the numbers of the purpose's column that belong to the rows, or to some of them."""
        numbers: Floats = column(self.rows.size if some is None else some.size, np.float64)
        for part, of_part in self.stretches_of_numbers(purpose, some):
            numbers[part] = of_part
        return numbers

    def durations(self, purpose: str, law: Law, some: Ints | None = None) -> Ints:
        """Deal a duration to each row, or to some of them, ms."""
        durations: Ints = column(self.rows.size if some is None else some.size, np.int64)
        for part, of_part in self.stretches_of_durations(purpose, law, some):
            durations[part] = of_part
        return durations

    def stretches_of_numbers(self, purpose: str, some: Ints | None = None) -> Iterator[tuple[slice, Floats]]:
        """Give what `numbers` gives stretch by stretch, each with its place."""
        rows = self.rows if some is None else self.rows[some]
        rows = rows if self.wave.row is None else self.wave.row[rows]
        last, done = int(rows[-1]), 0
        everybody = rows.size > last  # rows ascend: as many as there are up to the last are all of them
        if last < columns.STRETCH:  # as most desks have it: rows stand for their places
            yield slice(rows.size), self.chance.uniform(purpose, last + 1, 0, None if everybody else rows)
            return
        for part in stretches(last + 1):
            mine, chosen = part, None
            if not everybody:
                mine = slice(done, int(rows.searchsorted(part.stop)))
                chosen, done = rows[mine] - part.start, mine.stop
            yield mine, self.chance.uniform(purpose, part.stop - part.start, part.start, chosen)

    def stretches_of_durations(self, purpose: str, law: Law, some: Ints | None = None) -> Iterator[tuple[slice, Ints]]:
        """Give what `durations` gives stretch by stretch, each with its place."""
        if isinstance(law, Constant):
            yield slice(None), whole_ms(law.inverse(np.zeros(1)))
            return
        for part, numbers in self.stretches_of_numbers(purpose, some):
            yield part, whole_ms(law.inverse(numbers))

    def keeps_patience_at(self, position: int) -> bool:
        """Whether the customer has the patience of the try before in the tier's queue, when it first comes to it."""
        return self.keeps is not None and self.keeps.plan.tiers[position].live and self.plan.tiers[position].live

    def among(self, first: Ints | Numbers) -> Ints:
        """Give the numbers of its contacts, by the number of the first one of each of the wave's inquiries."""
        numbers: Ints = column(self.rows.size, np.int64)
        for part in stretches(numbers.size):
            numbers[part] = first.take(self.rows[part]) + self.place[part]
        return numbers

    def contacts_of(self, other: Try, contacts: Ints, which: Bools | Ints | slice = slice(None)) -> Ints:
        """Give the numbers of another try's contacts of the same inquiries.

        Parameters
        ----------
        contacts
            Numbers of this try's own contacts, in the order of its rows.
        which
            The rows asked for; the other try must have them too.
        """
        mine = self.rows[which]
        # Both ascend, and the other has them all: where it has as many, they are the same.
        there = slice(None) if mine.size == other.rows.size else other.rows.searchsorted(mine)
        numbers: Ints = contacts[which] - self.place[which] + other.place[there]
        return numbers


@dataclass(frozen=True, slots=True)
class Follower:
    """The contacts that may follow some of a try's."""

    plan: AgainPlan
    some: Ints
    """Which of the try's rows have one, ascending, never none."""
    by: Try


_Key = tuple[int, AttemptKind, bool, int]
"""What makes contacts of one attempt alike: channel, kind, self-service skipped, the try whose patience is kept."""


def tries_of(wave: Wave, plans: Mapping[tuple[int, int], ContactPlan], streams: Streams) -> list[Try]:
    """Follow a wave's inquiries for as long as dealt numbers let any of them come again.

    Parameters
    ----------
    wave
        Of at least one inquiry.
    plans
        By (contact type, channel).
    streams
        Of the replication: they say who would come again.

    Returns
    -------
    list of Try
        By (attempt, channel, kind); the first contacts are the first, chasers the last.
    """
    depth = filled(True, wave.at.size, np.int64(1))
    chance = streams.named(f"marks/{wave.strip}/0")
    everybody = ascending(wave.at.size, np.int64)
    plan = plans[wave.contact_type, wave.channel]
    level = [
        Try(
            plan, 0, AttemptKind.FIRST, False, None, chance, wave, everybody, same(np.int64(0), everybody.size), wave.at
        )
    ]
    tries = list(level)
    while level:
        attempt = level[0].attempt + 1
        chance = streams.named(f"marks/{wave.strip}/{attempt}")
        leading = _leading_on(level)
        level_before, level = level, []
        for key in sorted(leading):
            channel, kind, skips, kept = key
            rows = _of_any([before.rows[some] for before, _, some in leading[key]], wave.at.size)
            again = plans[wave.contact_type, channel]
            keeps = None if kept == NONE else level_before[kept]
            one = Try(again, attempt, kind, skips, keeps, chance, wave, rows, depth[rows])
            depth[rows] += 1
            for before, way, some in leading[key]:
                before.followers.append(Follower(way, some, one))
            level.append(one)
        tries += level
    return [*tries, *_chasers(wave, plan, depth, streams)]


def _chasers(wave: Wave, first: ContactPlan, depth: Ints, streams: Streams) -> Iterator[Try]:
    """Give the chasers of a wave's inquiries, if any, after all other contacts of the same inquiry.

    Parameters
    ----------
    first
        Plan of the wave's first contacts.
    depth
        How many other contacts each inquiry has.
    """
    if first.chaser is None:
        return
    chance = streams.named(f"marks/{wave.strip}/chaser")
    everybody = ascending(wave.at.size, np.int64)
    possible = Try(first.chaser.plan, NONE, AttemptKind.CHASER, True, None, chance, wave, everybody, depth)
    at = wave.at + first.chaser.after
    rows = everybody[(possible.numbers("chaser") < first.chaser.share) & (at >= 0)]
    if rows.size:
        yield replace(possible, rows=rows, place=depth[rows], at=at[rows])


def _of_any(rows: list[Ints], inquiries: int) -> Ints:
    """Give the inquiries that are in any of some rows, each of which ascends, ascending."""
    if len(rows) == 1:
        return rows[0]
    there = np.zeros(inquiries, np.bool_)
    for some in rows:
        there[some] = True
    return np.flatnonzero(there)


def _leading_on(level: list[Try]) -> dict[_Key, list[tuple[Try, AgainPlan, Ints]]]:
    """Group what the tries of one attempt lead to, by what makes it alike."""
    leading: dict[_Key, list[tuple[Try, AgainPlan, Ints]]] = {}
    for number, one in enumerate(level):
        for again in one.plan.again:
            if one.attempt >= again.attempts:
                continue
            some = np.flatnonzero(one.numbers(PURPOSE[again.kind]) < again.share)
            if some.size:
                kept = number if again.keeps_patience else NONE
                key = again.channel, again.kind, again.skips_self_service, kept
                leading.setdefault(key, []).append((one, again, some))
    return leading
