"""The rounds of contacts that tiers may send back: who may come to a tier once more, with marks of its own.

Between two returns a contact only rises from tier to tier and meets each at most once; that is a round.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.demand.columns import column, stretches

if TYPE_CHECKING:
    from sim.demand.hand import Bools, Ints, Numbers
    from sim.demand.tries import Try


@dataclass(frozen=True, slots=True)
class Round:
    """What the tiers may do with the contacts of a try between two returns."""

    some: Ints | None
    """Which of the try's rows may come to it, ascending, never none; None stands for all of them."""
    sent_back: dict[int, Bools]
    """By position of a tier that sends contacts back: which of them."""
    suffix: str
    """Of the names of the round's purposes; none for the first round, which is dealt as if there were no others."""
    marks_before: int
    """Tier marks of the rounds before."""

    def of(self, rows: Ints) -> Ints:
        """Give what those of the try's rows have that may come to it."""
        return rows if self.some is None else rows[self.some]

    def first_marks(self, first_mark: Ints | Numbers, contacts: Ints) -> Ints:
        """Give where the tier marks of those begin: as wide as NumPy's own indices, since many columns go by them.

        Parameters
        ----------
        first_mark
            Offsets of the contacts into the tier marks.
        contacts
            Numbers of the try's contacts, in the order of its rows.
        """
        of = self.of(contacts)
        first: Ints = column(of.size, np.int64)
        for part in stretches(of.size):
            first[part] = first_mark.take(of[part]) + self.marks_before
        return first


def rounds_of(one: Try) -> tuple[Round, ...]:
    """Deal whom the tiers send back, for as long as dealt numbers let anybody come back once more."""
    rounds: list[Round] = []
    some: Ints | None = None
    while len(rounds) <= one.plan.most_returns:
        suffix = f"/{len(rounds)}" if rounds else ""
        sent_back = {
            position: one.numbers(f"sent back/{tier.name}{suffix}", some) < tier.sent_back
            for position, tier in enumerate(one.plan.tiers)
            if tier.sent_back > 0.0
        }
        rounds.append(Round(some, sent_back, suffix, len(rounds) * len(one.plan.tiers)))
        again = np.flatnonzero(np.any(list(sent_back.values()), axis=0)) if sent_back else np.empty(0, np.int64)
        if not again.size:
            break
        some = again if some is None else some[again]
    return tuple(rounds)
