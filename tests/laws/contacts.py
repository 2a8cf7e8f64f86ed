"""Laws of a contact's life before it reaches a person: attempts, and self-service."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from sim.demand.hand import NEVER, NONE, StageOutcome
from sim.engine.rules import MISSING, NO_LIMIT, End, Handled, Left

if TYPE_CHECKING:
    from sim.engine.outcome import VisitRecords
    from tests.laws.laws import Play


def the_contacts_that_should_begin_begin(play: Play) -> None:
    """First contacts begin at their dealt instant; others by a retry or a repeat, as the end of the one before asks."""
    hand, contacts = play.hand.contacts, play.outcome.contacts
    begun = dict(zip(contacts.contact.tolist(), contacts.begin.tolist(), strict=True))
    due = {int(c): int(hand.at[c]) for c in play.hand.inquiries.first_contact[:-1]}
    for contact, how, end in zip(contacts.contact.tolist(), contacts.how.tolist(), contacts.end.tolist(), strict=True):
        retry, repeat = int(hand.retry[contact]), int(hand.repeat[contact])
        if retry != NONE and int(play.program.channels.retry_when[hand.channel[contact]]) >> how & 1:
            due[retry] = end + int(hand.retry_after[contact])
        if repeat != NONE and how in (End.UNRESOLVED, End.GAVE_UP, End.FALSELY_RESOLVED):
            due[repeat] = end + int(hand.repeat_after[contact])
    assert begun == {contact: at for contact, at in due.items() if at < play.program.length}


def an_inquiry_makes_one_attempt_at_a_time(play: Play) -> None:
    """At most one contact of each attempt of an inquiry begins, the next only after the one before has ended."""
    contacts, hand = play.outcome.contacts, play.hand.contacts
    inquiry, attempt = hand.inquiry[contacts.contact], hand.attempt[contacts.contact]
    for before in range(len(inquiry) - 1):
        if inquiry[before] == inquiry[before + 1]:
            assert attempt[before + 1] == attempt[before] + 1
            assert contacts.end[before] <= contacts.begin[before + 1]


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
