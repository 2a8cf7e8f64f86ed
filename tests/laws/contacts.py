"""Laws of a contact's life but for its way through the tiers: attempts, self-service, the wrong desk, exchanges."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

from sim.demand.hand import NEVER, NONE, AttemptKind, StageOutcome
from sim.engine.rules import MISSING, NO_LIMIT, End, Handled, Left

if TYPE_CHECKING:
    from sim.engine.outcome import VisitRecords
    from tests.laws.laws import Play


def the_contacts_that_should_begin_begin(play: Play) -> None:
    """First contacts begin at their dealt instant; others by a retry or a repeat, as the end of the one before asks.

    Chasers begin at theirs if the desk has a case of the inquiry then.
    """
    hand, contacts = play.hand.contacts, play.outcome.contacts
    begun = dict(zip(contacts.contact.tolist(), contacts.begin.tolist(), strict=True))
    due = {int(c): int(hand.at[c]) for c in play.hand.inquiries.first_contact[:-1]}
    for contact, how, end in zip(contacts.contact.tolist(), contacts.how.tolist(), contacts.end.tolist(), strict=True):
        retry, repeat = int(hand.retry[contact]), int(hand.repeat[contact])
        if retry != NONE and int(play.program.channels.retry_when[hand.channel[contact]]) >> how & 1:
            due[retry] = end + int(hand.retry_after[contact])
        if repeat != NONE and how in (End.UNRESOLVED, End.GAVE_UP, End.FALSELY_RESOLVED):
            due[repeat] = end + int(hand.repeat_after[contact])
    chasers = np.flatnonzero(hand.kind == AttemptKind.CHASER).tolist()
    due |= {chaser: int(hand.at[chaser]) for chaser in chasers if the_desk_has_its_case(play, chaser)}
    assert begun == {contact: at for contact, at in due.items() if at < play.program.length}


def the_desk_has_its_case(play: Play, chaser: int) -> bool:
    """Return whether at the dealt instant of a chaser its inquiry has a case that waits, is in hand, or is to come."""
    contacts, legs, hand = play.outcome.contacts, play.outcome.legs, play.hand.contacts
    at = hand.at[chaser]
    ended = (contacts.end != MISSING) & (contacts.end <= at)
    of_inquiry = (hand.inquiry[contacts.contact] == hand.inquiry[chaser]) & (contacts.contact != chaser)
    for contact in contacts.contact[of_inquiry & (contacts.begin <= at) & ~ended]:
        came = np.flatnonzero((legs.contact == contact) & (np.maximum(legs.enter, 0) <= at))
        if came.size:
            leg = came[-1]
            over = legs.talk_end[leg] != MISSING and legs.talk_end[leg] <= at
            ticket = over and legs.handled[leg] in (Handled.ESCALATED, Handled.SENT_BACK)
            replying = over and legs.handled[leg] == Handled.CONTINUED
            return bool((legs.backlog[leg] or ticket) and not replying)
    return False


def an_inquiry_makes_one_attempt_at_a_time(play: Play) -> None:
    """Of an inquiry at most one contact of each attempt begins, the next after the one before ended; chasers apart."""
    contacts, hand = play.outcome.contacts, play.hand.contacts
    attempts = hand.kind[contacts.contact] != AttemptKind.CHASER
    inquiry, attempt = hand.inquiry[contacts.contact][attempts], hand.attempt[contacts.contact][attempts]
    begin, end = contacts.begin[attempts], contacts.end[attempts]
    for before in range(len(inquiry) - 1):
        if inquiry[before] == inquiry[before + 1]:
            assert attempt[before + 1] == attempt[before] + 1
            assert end[before] <= begin[before + 1]


def stages_are_passed_by_only_when_closed_or_full(play: Play) -> None:
    """Nobody is in a stage beyond its limit; who was let in passes by no stage that is open and has room."""
    visits, stages, hand = play.outcome.visits, play.program.stages, play.hand
    inside = [[(b, e) for s, b, e in _rows_of(visits) if s == stage] for stage in range(len(stages.limit))]
    for stage, spans in enumerate(inside):
        if stages.limit[stage] != NO_LIMIT:
            for now, _ in spans:
                assert sum(b <= now < e for b, e in spans) <= stages.limit[stage]
    visited = {(int(c), int(s)): int(e) for c, s, e in zip(visits.contact, visits.stage, visits.end, strict=True)}
    contacts = play.outcome.contacts
    for contact, begin, how in zip(contacts.contact.tolist(), contacts.begin.tolist(), contacts.how, strict=True):
        now = begin
        if hand.contacts.skips_self_service[contact] or (how in (End.BUSY, End.REFUSED)):
            continue
        for mark in range(hand.contacts.first_stage_mark[contact], hand.contacts.first_stage_mark[contact + 1]):
            stage = int(hand.stage_marks.stage[mark])
            if (contact, stage) in visited:
                now = visited[contact, stage]
                if now == MISSING or hand.stage_marks.outcome[mark] != StageOutcome.HANDED_ON:
                    break
            elif any(start <= now < end for start, end in stages.open[stage]):
                # Who comes or goes in the same instant may have been there just before or after.
                assert sum(b <= now <= e for b, e in inside[stage]) >= stages.limit[stage] != NO_LIMIT


def _rows_of(visits: VisitRecords) -> list[tuple[int, int, int]]:
    """Return (stage, begin, end) of each visit; who is still inside leaves never."""
    end = np.where(visits.end == MISSING, NEVER, visits.end)
    return list(zip(visits.stage.tolist(), visits.begin.tolist(), end.tolist(), strict=True))


def harder_after_self_service(play: Play) -> defaultdict[int, float]:
    """Return by contact the factor on its talk: the product of the factors of the stages that handed it on."""
    harder: defaultdict[int, float] = defaultdict(lambda: 1.0)
    visits = play.outcome.visits
    for contact, stage, outcome in zip(visits.contact, visits.stage, visits.outcome, strict=True):
        if outcome == StageOutcome.HANDED_ON:
            harder[int(contact)] *= float(play.program.stages.harder_rest[stage])
    return harder


def contacts_keep_their_language(play: Play) -> None:
    """Every queue that a contact comes to, the wrong desk's too, is in the language of its inquiry."""
    legs, hand = play.outcome.legs, play.hand
    language = hand.inquiries.language[hand.contacts.inquiry[legs.contact]]
    assert (play.program.queues.language[legs.queue] == language).all()


def misrouted_contacts_are_transferred_once(play: Play) -> None:
    """Who is misrouted stays in another type's first queue, then enters its own in the instant in which triage ends."""
    legs, queues, tiers, hand = play.outcome.legs, play.program.queues, play.program.tiers, play.hand.contacts
    for leg, contact in enumerate(legs.contact.tolist()):
        kind, queue = hand.contact_type[contact], legs.queue[leg]
        first = leg == 0 or legs.contact[leg - 1] != contact
        wrong = queues.contact_type[queue] != kind
        if first:
            assert wrong == hand.misrouted[contact]
        assert not wrong or queues.contact_type[queue] == tiers.misrouted_to[kind]
        over = legs.left[leg] == Left.TAKEN and legs.handled[leg] not in (
            Handled.OPEN,
            Handled.RETURNED,
            Handled.NOT_REACHED,
        )
        assert (legs.handled[leg] == Handled.TRANSFERRED) == (wrong and over)
        if wrong and over:
            assert legs.wrap_up_end[leg] == legs.talk_end[leg]
            assert legs.contact[leg + 1] == contact
            assert legs.enter[leg + 1] == legs.talk_end[leg]
            assert queues.tier[legs.queue[leg + 1]] == tiers.first[kind]
            assert queues.contact_type[legs.queue[leg + 1]] == kind


def times_sent_back(play: Play) -> list[int]:
    """Return for each leg how often its contact had been sent back before it."""
    legs = play.outcome.legs
    times: Counter[int] = Counter()
    before = []
    for contact, handled in zip(legs.contact.tolist(), legs.handled.tolist(), strict=True):
        before.append(times[contact])
        times[contact] += handled == Handled.SENT_BACK
    return before


def marks_of_stays(play: Play) -> list[int]:
    """Return for each leg the tier mark of its contact's stay; of triage, which has its own, nothing of meaning."""
    queues, tiers, legs = play.program.queues, play.program.tiers, play.outcome.legs
    kind, tier = queues.contact_type[legs.queue], queues.tier[legs.queue]
    first = play.hand.contacts.first_tier_mark[legs.contact]
    marks: list[int] = (
        first + np.array(times_sent_back(play)) * tiers.number[kind] + tiers.position[kind, tier]
    ).tolist()
    return marks


def exchanges_answered(play: Play) -> list[int]:
    """Return for each leg the exchange whose reply it answers; NONE for the first message of a stay."""
    legs = play.outcome.legs
    answered = [NONE] * len(legs.contact)
    marks = marks_of_stays(play)
    for leg in range(1, len(answered)):
        before = answered[leg - 1]
        if legs.contact[leg] != legs.contact[leg - 1]:
            continue
        if legs.handled[leg - 1] == Handled.CONTINUED:
            first = int(np.searchsorted(play.hand.exchanges.mark, marks[leg]))
            answered[leg] = first if before == NONE else before + 1
        elif legs.handled[leg - 1] in (Handled.RETURNED, Handled.NOT_REACHED):
            answered[leg] = before
    return answered


def replies_come_as_dealt(play: Play) -> None:
    """Who writes again does so in the same queue after the dealt delay, as often as was dealt and the limit lets it."""
    legs, exchanges, hand = play.outcome.legs, play.hand.exchanges, play.hand.contacts
    marks, answered = marks_of_stays(play), exchanges_answered(play)
    written: Counter[int] = Counter()
    for leg, (contact, handled) in enumerate(zip(legs.contact.tolist(), legs.handled.tolist(), strict=True)):
        most = play.program.channels.most_exchanges[hand.channel[contact]]
        following = int(np.searchsorted(exchanges.mark, marks[leg])) if answered[leg] == NONE else answered[leg] + 1
        dealt = following < len(exchanges.mark) and exchanges.mark[following] == marks[leg]
        over = handled in (Handled.RESOLVED, Handled.ESCALATED, Handled.SENT_BACK, Handled.UNRESOLVED)
        if over or handled == Handled.CONTINUED:
            assert (handled == Handled.CONTINUED) == (dealt and written[contact] < most)
        if handled == Handled.CONTINUED:
            assert legs.backlog[leg]
            written[contact] += 1
            back = int(legs.talk_end[leg] + exchanges.reply_after[following])
            if leg + 1 < len(marks) and legs.contact[leg + 1] == contact:
                assert (legs.enter[leg + 1], legs.queue[leg + 1]) == (back, legs.queue[leg])
            else:
                assert back >= play.program.length
