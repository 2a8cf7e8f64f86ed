"""Satisfaction: a score for each contact, and what follows from it.

Rules
-----
- A contact scores `best` + `per_minute_waiting` × minutes that it waited in live queues + `per_hour_in_backlog` × hours
  in the queues of a backlog (tickets included; of several messages each counts, the wait for the customer's replies
  does not) + `per_transfer` × moves to another queue, + `unresolved` where it was
  left unresolved; each by the clock on the wall, with the channel's own weights where it has them.
- Who was not served (busy, blocked, refused, disconnected, abandoned, balked, gave up at a stage) scores `abandoned`
  whatever the wait. Whom a stage resolved scores `best`; whom it only thinks it resolved, `best` + `unresolved`.
- Scores are cut to 1 to 5. A contact that is open at the end has none, nor has a chaser: how long the case took, and
  how it ended, is in the score of the case.
- An inquiry is judged by how it was left: by the score of its contact that ended last.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.demand.hand import AttemptKind
from sim.engine.rules import MISSING, End
from sim.measure.joined import Joined
from sim.measure.periods import HOUR_MS
from sim.measure.scoring import Scoring
from sim.measure.tally import Tally

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MILLIONTHS: Final = 1_000_000
"""Scores, and customers who are expected to leave, are counted in whole millionths."""

MINUTE_MS: Final = 60_000
LOWEST, HIGHEST = 1.0, 5.0

SCORED_BY_COURSE: Final = (End.RESOLVED, End.UNRESOLVED, End.RESOLVED_BY_STAGE, End.FALSELY_RESOLVED)
"""Ends whose score follows from what happened; others but open ones are fixed."""


def scores(joined: Joined, scoring: Scoring) -> Ints:
    """Give the score of each contact in millionths; MISSING for those still open."""
    how, channel, legs = joined.outcome.contacts.how, joined.channel, joined.outcome.legs
    wait = np.where(legs.leave == MISSING, 0, legs.leave - legs.enter)
    of, contacts = joined.leg_contact, len(how)
    live, backlog = np.zeros(contacts, np.int64), np.zeros(contacts, np.int64)
    np.add.at(live, of, np.where(legs.backlog == 1, 0, wait))
    np.add.at(backlog, of, np.where(legs.backlog == 1, wait, 0))
    course = (
        scoring.best[channel]
        + scoring.per_minute_waiting[channel] * (live / MINUTE_MS)
        + scoring.per_hour_in_backlog[channel] * (backlog / HOUR_MS)
        + scoring.per_transfer[channel] * joined.number_of_legs(joined.moved_on)
        + scoring.unresolved[channel] * np.isin(how, (End.UNRESOLVED, End.FALSELY_RESOLVED))
    )
    score = np.where(np.isin(how, SCORED_BY_COURSE), course, scoring.abandoned[channel])
    whole = np.rint(np.clip(score, LOWEST, HIGHEST) * MILLIONTHS).astype(np.int64)
    return np.where((how == End.OPEN) | (joined.kind == AttemptKind.CHASER), MISSING, whole)


def count_satisfaction(tally: Tally, joined: Joined, counted: Bools) -> None:
    """Count scores in the slot of the contact's arrival, and who leaves in that of the inquiry's first contact.

    Counters
    --------
    scored, score
        Contacts with a score, and its sum in millionths.
    promoters, detractors
        Of those, with a score from `promoters_from` on, and below `detractors_below`.
    leaving
        Customers who are expected to leave, in millionths: inquiries left dissatisfied × `leaves`.
    """
    scoring, contacts = joined.frame.scoring, joined.outcome.contacts
    score = np.full(len(contacts.how), MISSING) if scoring is None else scores(joined, scoring)
    cell, slot = joined.contact_cell, tally.periods.slot_of(contacts.begin)
    known = counted & (score != MISSING)
    promoter, detractor, dissatisfied, leaves = _bounds(scoring)
    tally.count("scored", cell, slot, known)
    tally.count("score", cell, slot, known, score)
    tally.count("promoters", cell, slot, known & (score >= promoter))
    tally.count("detractors", cell, slot, known & (score < detractor))
    first = np.flatnonzero((joined.kind == AttemptKind.FIRST) & counted)
    left = last_scores(joined, score)[joined.inquiry[first]]
    lost = (left != MISSING) & (left < dissatisfied)
    tally.count("leaving", cell[first], slot[first], lost, np.full(len(first), leaves))


def last_scores(joined: Joined, score: Ints) -> Ints:
    """Give, per inquiry, the score of its contact that ended last (of several at once the last one); else MISSING."""
    known = np.flatnonzero(score != MISSING)
    order = known[np.argsort(joined.outcome.contacts.end[known], kind="stable")]
    left = np.full(len(joined.hand.inquiries.contact_type), MISSING)
    left[joined.inquiry[order]] = score[order]  # the last to end is written last
    return left


def _bounds(scoring: Scoring | None) -> tuple[int, int, int, int]:
    """Give the bounds of promoters, detractors and dissatisfied, and who leaves of these, in millionths."""
    if scoring is None:
        return 0, 0, 0, 0
    bounds = (scoring.promoters_from, scoring.detractors_below, scoring.dissatisfied_below, scoring.leaves)
    promoter, detractor, dissatisfied, leaves = (round(bound * MILLIONTHS) for bound in bounds)
    return promoter, detractor, dissatisfied, leaves
