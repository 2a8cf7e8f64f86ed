"""Backlog as a fluid: how many people its due times take beyond what live staffing leaves over.

Work that comes in an interval may be done from then on and is due some time later on its clock: B(k+1) = B(k) +
arrivals − work done, where what was due is done. In each interval the work done is at most what people who wait for
live contacts have time for, and what those do who are planned for it. The least time of such people is found, and among
the ways to spend it one whose highest number on each day is least (a linear programme).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from sim.staffing.errors import SolverError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LATE: Final = 1e3
"""Price of an hour of work that is late for an interval, in hours of people: nothing is late that need not be."""
LEVEL: Final = 1e-3
"""Price of a person at the peak of a day, in hours of people."""
NONE: Final = 1e-7
"""People that are none: rounding."""


@dataclass(frozen=True)
class Backlog:
    """Work that waits, and who may do it; shape of each: (intervals,)."""

    coming: Floats
    """Hours of work that come."""
    due: Floats
    """Hours of work that are due."""
    spare: Floats
    """Hours that people who wait for live contacts have for it."""
    worked: Floats
    """Hours that a person planned for it does."""
    may_work: NDArray[np.bool_]
    """Whether people may be planned."""
    day: Ints
    """The day, from 0."""


@dataclass(frozen=True)
class Deferred:
    """Who works at a backlog."""

    agents: Floats
    """(intervals,) planned for it."""
    used: Floats
    """(intervals,) hours of work done by people who wait for live contacts."""
    late: float
    """Hours of work, at most, that are late at the end of an interval because nobody may be planned in time."""


def deferred(backlog: Backlog) -> Deferred:
    """Plan people for a backlog."""
    coming, day, worked = backlog.coming, backlog.day, backlog.worked
    n, days = len(coming), int(day[-1]) + 1
    can_come, must = np.cumsum(coming), np.minimum(np.cumsum(backlog.due), np.cumsum(coming))
    if not must[-1] > 0:
        return Deferred(np.zeros(n), np.zeros(n), 0.0)
    # Variables by interval: people e, work done by people who wait w, work done so far W, work late s; by day: peaks p.
    eye, none = sparse.eye_array(n), sparse.csr_array((n, n))
    step = eye - sparse.eye_array(n, k=-1)
    no_day = sparse.csr_array((n, days))
    of_day = sparse.csr_array((-np.ones(n), (np.arange(n), day)), shape=(n, days))
    found = optimize.linprog(
        np.concatenate([worked, np.zeros(2 * n), np.full(n, LATE), np.full(days, LEVEL)]),
        A_eq=sparse.hstack([-sparse.diags_array(worked), -eye, step, none, no_day], format="csr"),
        b_eq=np.zeros(n),
        A_ub=sparse.vstack(
            [
                sparse.hstack([none, none, -eye, -eye, no_day]),  # done + late >= due
                sparse.hstack([eye, none, none, none, of_day]),  # people <= peak of the day
            ],
            format="csr",
        ),
        b_ub=np.concatenate([-must, np.zeros(n)]),
        bounds=[
            *((0.0, None if may else 0.0) for may in backlog.may_work),
            *((0.0, float(most)) for most in backlog.spare),
            *((0.0, float(most)) for most in can_come),
            *((0.0, None) for _ in range(n)),
            *((0.0, None) for _ in range(days)),
        ],
        method="highs",
    )
    if found.x is None:
        raise SolverError(f"the fluid programme of a backlog has no solution: {found.message}")
    people, used, _, late = np.split(found.x[: 4 * n], 4)
    return Deferred(np.where(people < NONE, 0.0, people), used, float(late.max()))
