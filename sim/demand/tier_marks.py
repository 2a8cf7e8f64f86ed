"""The tier marks: what each tier would do with each contact, and the desk that a contact reaches by mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.demand.columns import column, filled, note, put
from sim.demand.hand import NEVER, NONE, TierMarks
from sim.demand.laws import Constant

if TYPE_CHECKING:
    from sim.demand.hand import Contacts, Ints, Numbers
    from sim.demand.marks import MisroutedPlan, TierPlan
    from sim.demand.rounds import Round
    from sim.demand.tries import Try

NO_TIME: Final = Constant(0.0)


def tier_marks_of(placed: list[tuple[Try, Ints]], rounds: list[tuple[Round, ...]], contacts: Contacts) -> TierMarks:
    """Deal what each tier that handles a contact's type would do with it, and the desk that it reaches by mistake."""
    first_mark = contacts.first_tier_mark
    n = int(first_mark[-1])
    plans = [one.plan for one, _ in placed]
    of_tiers = [tier for plan in plans for tier in plan.tiers]
    misrouted = [plan.misrouted for plan in plans if plan.misrouted is not None]
    numbers = {tier.tier for tier in of_tiers} | {one.tier for one in misrouted}
    patience = [tier.patience for tier in of_tiers] + [one.patience for one in misrouted]
    has_patience = any(one is not None for one in patience)
    has_wrap_up = any(tier.wrap_up != NO_TIME for tier in of_tiers)
    marks = TierMarks(
        tier=filled(len(numbers) > 1, n, np.int16(min(numbers, default=0))),
        talk=column(n, np.int64),
        wrap_up=filled(has_wrap_up or any(one.wave.wrap_up is not None for one, _ in placed), n, np.int64(0)),
        patience=filled(has_patience or any(one.wave.patience is not None for one, _ in placed), n, np.int64(NEVER)),
        briefing=filled(any(tier.briefing is not None for tier in of_tiers), n, np.int64(0)),
        decide=column(n, np.float64),
        sent_back=filled(any(tier.sent_back > 0.0 for tier in of_tiers), n, np.False_),
    )
    for (one, rows), of_one in zip(placed, rounds, strict=True):
        for number, one_round in enumerate(of_one):
            at = one_round.first_marks(first_mark, rows)
            for position, tier in enumerate(one.plan.tiers):
                _tier_mark(marks, at, one, one_round, tier)
                if position in one_round.sent_back:
                    marks.sent_back[at] = one_round.sent_back[position]
                kept = number == 0 and one.keeps is not None and one.keeps_patience_at(position)
                if one.keeps is not None and kept and marks.patience.flags.writeable:
                    before = one.contacts_of(one.keeps, rows)
                    marks.patience[at] = marks.patience[first_mark[before] + position]
                at += 1  # the tiers' marks are neighbours
        if one.plan.misrouted is not None:
            _misroute(one, one.plan.misrouted, marks, contacts, rows)
        if one.attempt == 0 and one.wave.logged:
            _replay(one, marks, first_mark[rows], _first_wait(contacts, rows))
    return marks


def _tier_mark(marks: TierMarks, at: Ints, one: Try, one_round: Round, tier: TierPlan) -> None:
    """Deal what one tier would do with the contacts of a round, into the rows `at` of the marks."""
    purpose, some = f"{tier.name}{one_round.suffix}", one_round.some
    note(marks.tier, at, tier.tier)
    put(marks.talk, at, one.stretches_of_durations(f"talk/{purpose}", tier.talk, some))
    if tier.wrap_up != NO_TIME:
        put(marks.wrap_up, at, one.stretches_of_durations(f"wrap_up/{purpose}", tier.wrap_up, some))
    put(marks.decide, at, one.stretches_of_numbers(f"decide/{purpose}", some))
    if tier.briefing is not None:
        put(marks.briefing, at, one.stretches_of_durations(f"briefing/{purpose}", tier.briefing, some))
    if tier.patience is not None:
        put(marks.patience, at, one.stretches_of_durations(f"patience/{purpose}", tier.patience, some))


def _first_wait(contacts: Contacts, rows: Ints) -> Ints | Numbers:
    """Give the tier mark of each contact's first queue: the wrong desk's if it is misrouted, else the first tier's."""
    first = contacts.first_tier_mark
    return np.where(contacts.misrouted[rows], first[rows + 1] - 1, first[rows])


def _misroute(one: Try, plan: MisroutedPlan, marks: TierMarks, contacts: Contacts, rows: Ints) -> None:
    """Deal the wait and the triage of a try's misrouted contacts at the wrong desk."""
    misrouted = contacts.misrouted[rows]
    at = contacts.first_tier_mark[rows[misrouted] + 1] - 1
    note(marks.tier, at, plan.tier)
    marks.talk[at] = one.durations("triage", plan.triage)[misrouted]
    marks.decide[at] = 0.0
    if one.keeps is not None and one.keeps_patience_at(0) and marks.patience.flags.writeable:
        before = one.contacts_of(one.keeps, rows, misrouted)
        marks.patience[at] = marks.patience[_first_wait(contacts, before)]
    elif plan.patience is not None:
        marks.patience[at] = one.durations("patience/triage", plan.patience)[misrouted]


def _replay(first: Try, marks: TierMarks, first_tier: Ints | Numbers, first_wait: Ints | Numbers) -> None:
    """Put what a log says of first contacts in place of what was dealt for their first tier, and their first wait."""
    patience = first.wave.patience if first.plan.tiers[0].live else None
    for logged, marked, at in (
        (first.wave.talk, marks.talk, first_tier),
        (first.wave.wrap_up, marks.wrap_up, first_tier),
        (patience, marks.patience, first_wait),
    ):
        if logged is not None:
            known = logged != NONE
            marked[at[known]] = logged[known]
