"""The cases that wait when the scenario starts.

Rules
-----
- Of n cases on a channel the i-th youngest came (i − ½)/n × `oldest` before the start: ages are spread evenly, and
  nothing about them is left to chance. What they take is dealt from streams of their own.
- Their types are in proportion to what is expected of each type on the channel over the horizon (all alike where
  nothing is), mixed as evenly as whole numbers can be: each case, youngest first, is of the type that is most behind
  its share; the first by name of those equally behind.
- They wait in the queue of their first tier from the instant at which they came: `after` and the order of the queue
  count from there. They have passed the door and self-service, and are put there one by one, oldest first. Figures that
  judge contacts by their arrival leave them out, as they leave out what came before the end of a warm-up; the backlog,
  its age, and the work they make count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.demand.hand import Ints


def ages(waiting: int, oldest: int) -> Ints:
    """Give the ages of so many cases, ms, youngest first; shape (waiting,)."""
    shares = (2 * np.arange(waiting) + 1) / (2 * max(waiting, 1))
    return np.rint(shares * oldest).astype(np.int64)


def types_in_proportion(volumes: Sequence[float], cases: int) -> Ints:
    """Give each case one of the types, as evenly mixed as whole numbers can be.

    Parameters
    ----------
    volumes
        Of each type, in any unit.
    cases
        How many.

    Returns
    -------
    numpy.ndarray
        Shape (cases,): positions in `volumes`.
    """
    shares = np.array(volumes, np.float64)
    shares = shares / shares.sum() if shares.sum() > 0 else np.full(len(shares), 1 / len(shares))
    behind = np.zeros(len(shares))
    chosen = np.empty(cases, np.int64)
    for case in range(cases):
        behind += shares
        chosen[case] = np.argmax(behind)
        behind[chosen[case]] -= 1
    return chosen
