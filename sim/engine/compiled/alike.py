"""Which groups serve alike, so that they can share lines, and which queues are served alike."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import pairwise

import numpy as np

from sim.engine.compiled.state import Ints
from sim.engine.program import Program
from sim.engine.rules import NO_LIMIT


class Alike:
    """What is shared by things of a kind that are alike.

    Parameters
    ----------
    kinds
        What each of them is like, as far as it matters.

    Attributes
    ----------
    first
        (things,) number of the first of those that each is like: itself, if there is none before it.
    firsts
        (kinds,) numbers of those that are like none before them.
    kind
        (things,) number of each thing's kind: its place among `firsts`.
    several
        (kinds,) whether there are more than one of a kind.
    """

    def __init__(self, kinds: list[Hashable]) -> None:
        first: dict[Hashable, int] = {}
        self.first = np.array([first.setdefault(kind, number) for number, kind in enumerate(kinds)], np.int64)
        self.firsts, self.kind, counts = np.unique(self.first, return_inverse=True, return_counts=True)
        self.several = counts > 1


class Pools(Alike):
    """Pools of groups whose people serve alike.

    Attributes
    ----------
    kept_free
        (groups,) how many each keeps free by the row that keeps fewest, of those that keep any; 0 without.
    flag
        (groups,) number of the flag of each group's pool: in the order in which contacts go through their rows, where
        that is the same for all.
    kept_flag
        (groups,) that of its rows that keep people free, if it is a pool of its own: behind all others, in that order.
    flags
        How many there are.
    """

    def __init__(self, kinds: list[Hashable], kept_free: Ints, comes_first: Ints) -> None:
        super().__init__(kinds)
        self.kept_free = kept_free
        place = np.argsort(np.argsort(comes_first[self.firsts], kind="stable"))
        keeps = kept_free[self.firsts[np.argsort(place)]] > 0
        self.flag: Ints = place[self.kind]
        self.kept_flag: Ints = (len(place) + np.cumsum(keeps) - keeps)[self.flag]
        self.flags = len(place) + int(keeps.sum())


def pools(program: Program) -> Pools:
    """Return which groups' people belong to one pool, because they serve alike.

    Groups serve alike if their rows say the same and their people have the same slots: whoever looks for an agent by a
    row of one then means the same row of all, and the order of who goes first does not ask for the group. A group that
    keeps people free counts its own.
    """
    rows, groups = program.rows, program.groups
    kept_free = _least_kept_free(program)
    says = np.column_stack([rows.rank, rows.after, rows.interruptible, rows.due_first])
    served = [queues.tobytes() for queues in rows.queues]
    kinds: list[Hashable] = []
    for group, (first, last) in enumerate(pairwise(groups.first_row.tolist())):
        slots = groups.slot_limit[group].tobytes(), groups.slot_pace[group].tobytes()
        kinds.append(group if kept_free[group] else (says[first:last].tobytes(), *served[first:last], *slots))
    by_rank = np.lexsort((rows.after, rows.rank))
    comes_first = np.full(len(kinds), len(by_rank))
    np.minimum.at(comes_first, rows.group[by_rank], np.arange(len(by_rank)))
    return Pools(kinds, kept_free, comes_first)


def _least_kept_free(program: Program) -> Ints:
    rows = program.rows
    keeping, more = rows.keep_free > 0, int(rows.keep_free.max(initial=0)) + 1
    least = np.full(len(program.groups.tier), more)
    np.minimum.at(least, rows.group[keeping], rows.keep_free[keeping])
    least[least == more] = 0
    return least


def queues_served_alike(program: Program) -> Alike:
    """Return which queues' contacts stand in the same lanes, because they are served alike.

    Those are the queues of a channel that the same rows serve with the same priority and, where a row takes what is due
    first, with the same time until it is due: the order of who goes first does not ask for the queue. A queue whose
    head decides whether a call-back is offered has lanes of its own.
    """
    queues, due_first = program.queues, program.rows.due_first
    offers_by_wait = program.dialling.offer_wait != NO_LIMIT
    kinds: list[Hashable] = []
    for queue, (channel, serving) in enumerate(zip(queues.channel.tolist(), queues.rows, strict=True)):
        due = int(queues.due[queue]) if due_first[serving].any() else NO_LIMIT
        own = queue if offers_by_wait[channel] else -1
        kinds.append((channel, serving.tobytes(), int(queues.priority[queue]), due, own))
    return Alike(kinds)
