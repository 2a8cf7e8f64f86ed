"""Counting contacts: each judged once, by its first human queue, and scored."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.demand.hand import AttemptKind
from sim.engine.rules import MISSING, NO_LIMIT, CallBack, End, Left
from sim.measure.counters import OF_DEADLINE, OfArrival, OfEntry, Promise, Service
from sim.measure.counting.known import Bound, Channel, Known, OfContact, Queue
from sim.measure.counting.legs import Fact
from sim.measure.counting.promises import count_due, set_times
from sim.measure.counting.service import Stay, count_service
from sim.measure.counting.time import elapsed
from sim.measure.counting.values import RESPONSE, Noted
from sim.measure.machine_code import hot
from sim.measure.periods import HOUR_MS
from sim.measure.scoring import MILLIONTHS

Ints = NDArray[np.int64]

MINUTE_MS: Final = 60_000
LOWEST, HIGHEST = 1.0, 5.0
_RESPONSE: Final = 1 << Promise.RESPONSE


@hot
def count_arrival(amounts: Ints, contact: Ints, known: Known) -> None:
    """Add what is counted in the slot of a contact's arrival: that it came and why, how it ended, and its score.

    Counters
    --------
    scored, score
        Contacts with a score, and its sum in millionths.
    promoters, detractors
        Of those, with a score from `promoters_from` on, and below `detractors_below`.
    """
    kind, score = contact[OfContact.KIND], contact[OfContact.SCORE]
    amounts[OfArrival.ARRIVED] += 1
    amounts[OfArrival.RETRIES] += kind == AttemptKind.RETRY
    amounts[OfArrival.REPEATS] += kind == AttemptKind.REPEAT
    amounts[OfArrival.ENDS + contact[OfContact.HOW]] += 1
    if score != MISSING:
        amounts[OfArrival.SCORED] += 1
        amounts[OfArrival.SCORE] += score
        amounts[OfArrival.PROMOTERS] += score >= known.bounds[Bound.PROMOTERS_FROM]
        amounts[OfArrival.DETRACTORS] += score < known.bounds[Bound.DETRACTORS_BELOW]


@hot
def score_of(contact: Ints, facts: Ints, known: Known) -> int:
    """Return the score of a contact in millionths; MISSING for those still open, and for chasers.

    Rules
    -----
    - A contact scores `best` + `per_minute_waiting` × minutes that it waited in live queues + `per_hour_in_backlog` ×
      hours in the queues of a backlog (tickets included; of several messages each counts, the wait for the customer's
      replies does not) + `per_transfer` × moves to another queue, + `unresolved` where it was left unresolved; each by
      the clock on the wall, with the channel's own weights where it has them.
    - Who was not served (busy, blocked, refused, disconnected, abandoned, balked, gave up at a stage) scores
      `abandoned` whatever the wait. Whom a stage resolved scores `best`; whom it only thinks it resolved, `best` +
      `unresolved`.
    - Scores are cut to 1 to 5. A contact that is open at the end has none, nor has a chaser: how long the case took,
      and how it ended, is in the score of the case.
    """
    how, channel = contact[OfContact.HOW], contact[OfContact.CHANNEL]
    if known.weights.shape[1] == 0 or how == End.OPEN or contact[OfContact.KIND] == AttemptKind.CHASER:
        return MISSING
    best, minute, hour, transfer = (
        known.weights[0, channel],
        known.weights[1, channel],
        known.weights[2, channel],
        known.weights[3, channel],
    )
    unresolved = how == End.UNRESOLVED or how == End.FALSELY_RESOLVED  # noqa: PLR1714
    if unresolved or how == End.RESOLVED or how == End.RESOLVED_BY_STAGE:  # noqa: PLR1714
        score = (
            best
            + minute * (facts[Fact.WAITED_LIVE] / MINUTE_MS)
            + hour * (facts[Fact.WAITED_IN_BACKLOG] / HOUR_MS)
            + transfer * facts[Fact.MOVES]
            + (known.weights[4, channel] if unresolved else 0.0)
        )
    else:
        score = known.weights[5, channel]
    return int(np.rint(min(max(score, LOWEST), HIGHEST) * MILLIONTHS))


@hot
def count_entry(amounts: Ints, values: Noted, contact: Ints, facts: Ints, known: Known) -> None:
    """Add what is counted of a contact that came to a human queue: waits, answers, first responses and outcomes."""
    answered = facts[Fact.ANSWERED] > 0
    left = facts[Fact.LEFT]
    taken = left == Left.TAKEN
    channel = contact[OfContact.CHANNEL]
    enter, end = facts[Fact.ENTERED], known.slots.edges[-1]
    called_back = contact[OfContact.CALL_BACK] == CallBack.ACCEPTED
    judged_as = Left.TAKEN if answered else (Left.WAITING if taken else left)
    wait = facts[Fact.LEAVE] - enter if facts[Fact.LEAVE] != MISSING else 0
    stay = Stay(wait, end - enter, judged_as, called_back, known.channels[Channel.SHORT_ABANDON, channel])
    count_service(amounts, OfEntry.SERVICE, values, stay, known.service)

    amounts[OfEntry.ESCALATED] += answered and facts[Fact.ESCALATED] > 0
    amounts[OfEntry.SENT_BACK] += answered and facts[Fact.SENT_BACK] > 0
    amounts[OfEntry.TRANSFERS] += facts[Fact.MOVES] if answered else 0
    amounts[OfEntry.EXCHANGES] += facts[Fact.REPLIES]
    amounts[OfEntry.AWAITING] += facts[Fact.AWAITING]
    _count_response(amounts, values, contact, facts, known)
    _count_call_back(amounts, contact, enter, wait if taken else MISSING, known)
    _count_dialled(amounts, contact, facts, known)


@hot
def _count_response(amounts: Ints, values: Noted, contact: Ints, facts: Ints, known: Known) -> None:
    """Add what is counted of the first response: live when handling begins, backlog when it ends (the reply is sent).

    Counters
    --------
    responses, response_time
        Contacts that had one before the end, and the time to it from arrival on the channel's clock, ms.
    response_due@T, response_within@T
        Whose deadline (arrival + T) ran out before the end; of these, that had one within T (inclusive).

    Histograms
    ----------
    response, left_response_due, left_response
        Times to it; from arrival to the end, of all, and of those that had one.
    """
    channel, begin = contact[OfContact.CHANNEL], contact[OfContact.BEGIN]
    kept_at = facts[Fact.BEGUN] if known.channels[Channel.LIVE, channel] == 1 else facts[Fact.REPLIED]
    done = kept_at != MISSING
    took = elapsed(known.hours, channel, begin, kept_at) if done else 0
    rest = elapsed(known.hours, channel, begin, known.slots.edges[-1])
    amounts[OfEntry.RESPONSES] += done
    amounts[OfEntry.RESPONSE_TIME] += took
    deadlines = OfEntry.SERVICE + Service.DEADLINES + OF_DEADLINE * len(known.service)
    count_due(amounts, deadlines, known.response, done, took, rest)
    set_times(values, RESPONSE, True, _RESPONSE, done, took, rest)


@hot
def _count_call_back(amounts: Ints, contact: Ints, enter: int, wait: int, known: Known) -> None:
    """Add what is counted of the call-back that a contact was offered; offer and acceptance are on entering its queue.

    Counters
    --------
    call_backs_offered, call_backs_accepted
        Contacts; both happen in the instant of entering the first queue.
    call_backs_begun, call_back_delay, call_backs_pending
        Accepted, and dialled a first time before the end; ms from acceptance to that dial; and not dialled yet.
    call_backs_due, call_backs_kept
        Accepted with a promise that ran out before the end; of these first dialled within it (inclusive). The promise
        is the desk's: it is kept whether or not the customer answers.

    Parameters
    ----------
    wait
        ms until somebody took it from its first queue; MISSING if nobody did.
    """
    call_back, promised = (
        contact[OfContact.CALL_BACK],
        known.channels[Channel.PROMISED_WITHIN, contact[OfContact.CHANNEL]],
    )
    if call_back == CallBack.NOT_OFFERED:
        return
    accepted = call_back == CallBack.ACCEPTED
    begun = accepted and wait != MISSING
    due = accepted and promised != NO_LIMIT and enter + promised < known.slots.edges[-1]
    amounts[OfEntry.CALL_BACKS_OFFERED] += 1
    amounts[OfEntry.CALL_BACKS_ACCEPTED] += accepted
    amounts[OfEntry.CALL_BACKS_BEGUN] += begun
    amounts[OfEntry.CALL_BACKS_PENDING] += accepted and not begun
    amounts[OfEntry.CALL_BACKS_DUE] += due
    amounts[OfEntry.CALL_BACKS_KEPT] += due and begun and wait <= promised
    amounts[OfEntry.CALL_BACK_DELAY] += wait if begun else 0


@hot
def _count_dialled(amounts: Ints, contact: Ints, facts: Ints, known: Known) -> None:
    """Add what is counted of whom the desk dials: call-backs that customers accepted, and outbound work.

    Counters
    --------
    dialled, reached, dials
        Of call-backs and outbound work whose dialling is over, reached or given up: all; the reached; dials of all.
    outbound_due, outbound_in_time
        Outbound work whose `due` (the contact type's, else the channel's) ran out before the end; of these, where the
        dial that reached the customer began within it (inclusive) of arrival, on the channel's clock.
    """
    channel, begin = contact[OfContact.CHANNEL], contact[OfContact.BEGIN]
    outbound, reached = known.channels[Channel.OUTBOUND, channel] == 1, facts[Fact.ANSWERED] > 0
    dialled = outbound or contact[OfContact.CALL_BACK] == CallBack.ACCEPTED
    if not dialled:
        return
    over = reached or contact[OfContact.HOW] == End.NOT_REACHED
    within = known.queues[Queue.DUE, facts[Fact.QUEUE]]
    due = in_time = False
    if outbound and within != NO_LIMIT:
        due = elapsed(known.hours, channel, begin, known.slots.edges[-1]) > within
        in_time = due and reached and elapsed(known.hours, channel, begin, facts[Fact.BEGUN]) <= within
    amounts[OfEntry.DIALLED] += over
    amounts[OfEntry.REACHED] += over and reached
    amounts[OfEntry.DIALS] += facts[Fact.DIALS] if over else 0
    amounts[OfEntry.OUTBOUND_DUE] += due
    amounts[OfEntry.OUTBOUND_IN_TIME] += in_time
