"""The exchanges of backlog cases: how often customers write again, when, and what the answers take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.demand.hand import Exchanges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.demand.hand import Ints, Numbers
    from sim.demand.marks import TierPlan
    from sim.demand.rounds import Round
    from sim.demand.tries import Try


def exchanges_of(
    placed: Iterable[tuple[Try, Ints]], rounds: Iterable[tuple[Round, ...]], first_mark: Ints | Numbers
) -> Exchanges:
    """Deal the exchanges of all possible contacts.

    Parameters
    ----------
    placed
        Tries with the numbers of their contacts.
    rounds
        Of each try.
    first_mark
        Offsets of the contacts into the tier marks.
    """
    columns: list[tuple[Ints, ...]] = [(np.empty(0, np.int64),) * 4]
    for (one, rows), of_one in zip(placed, rounds, strict=True):
        for one_round in of_one if one.plan.exchanges else ():
            first = one_round.first_marks(first_mark, rows)
            for position, tier in enumerate(one.plan.tiers):
                columns += _of_stays(one, one_round, tier, first + position)
    mark, *others = (np.concatenate(column) for column in zip(*columns, strict=True))
    order = np.argsort(mark, kind="stable")  # those of a stay were dealt in their order
    return Exchanges(mark[order], *(column[order] for column in others))


def _of_stays(one: Try, one_round: Round, tier: TierPlan, mark: Ints) -> Iterator[tuple[Ints, Ints, Ints, Ints]]:
    """Deal the exchanges of a round's stays at a tier: the first of all of them, then the second of those, and so on.

    Parameters
    ----------
    mark
        The tier mark of each of the round's rows.
    """
    plan, some = one.plan.exchanges, one_round.some
    assert plan is not None
    for number in range(1, plan.limit + 1):
        purpose = f"{tier.name}{one_round.suffix}/exchange {number}"
        which = one.numbers(f"continues/{purpose}", some) < plan.continues
        some, mark = np.flatnonzero(which) if some is None else some[which], mark[which]
        if not some.size:
            return
        yield (
            mark,
            one.durations(f"reply after/{purpose}", plan.reply_after, some),
            one.durations(f"talk/{purpose}", tier.talk, some),
            one.durations(f"wrap_up/{purpose}", tier.wrap_up, some),
        )
