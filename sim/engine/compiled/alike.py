"""Which groups serve alike, so that they can share lines, and which queues are served alike."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from itertools import pairwise

import numpy as np

from sim.engine.compiled.state import Ints
from sim.engine.program import Program
from sim.engine.rules import NO_LIMIT


def pools_of_groups(program: Program) -> Ints:
    """Return which pool each group's people belong to, by number; a pool's number is that of its first group.

    Groups serve alike if their rows say the same and their people have the same slots: whoever looks for an agent by a
    row of one then means the same row of all, and the order of who goes first does not ask for the group. A group that
    keeps people free counts its own.

    Returns
    -------
    numpy.ndarray
        (groups,)
    """
    rows, groups = program.rows, program.groups
    keeps_free = np.bincount(rows.group[rows.keep_free > 0], minlength=len(groups.tier)) > 0
    says = np.column_stack([rows.rank, rows.after, rows.interruptible, rows.due_first])
    served = [queues.tobytes() for queues in rows.queues]
    bounds = groups.first_row.tolist()
    kinds: list[Hashable] = []
    for group, (first, last) in enumerate(pairwise(bounds)):
        slots = groups.slot_limit[group].tobytes(), groups.slot_pace[group].tobytes()
        kinds.append(group if keeps_free[group] else (says[first:last].tobytes(), *served[first:last], *slots))
    return _first_of_kind(kinds)


def lanes_of_queues(program: Program) -> Ints:
    """Return whose lanes each queue's contacts stand in, by number; that is the first of the queues served alike.

    Those are the queues of a channel that the same rows serve with the same priority and, where a row takes what is due
    first, with the same time until it is due: the order of who goes first does not ask for the queue. A queue whose
    head decides whether a call-back is offered has lanes of its own.

    Returns
    -------
    numpy.ndarray
        (queues,)
    """
    queues, due_first = program.queues, program.rows.due_first
    offers_by_wait = program.dialling.offer_wait != NO_LIMIT
    kinds: list[Hashable] = []
    for queue, (channel, serving) in enumerate(zip(queues.channel.tolist(), queues.rows, strict=True)):
        due = int(queues.due[queue]) if due_first[serving].any() else NO_LIMIT
        own = queue if offers_by_wait[channel] else -1
        kinds.append((channel, serving.tobytes(), int(queues.priority[queue]), due, own))
    return _first_of_kind(kinds)


def _first_of_kind(kinds: Iterable[Hashable]) -> Ints:
    first: dict[Hashable, int] = {}
    return np.array([first.setdefault(kind, number) for number, kind in enumerate(kinds)], np.int64)
