"""The laws of the model page, each as a function that holds an Outcome against its Program and Hand.

They read records only: nothing of an engine is imported, so that they judge every engine alike.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.demand.hand import NONE, AttemptKind
from sim.engine.rules import MISSING, NO_LIMIT, NOBODY, CallBack, End, Handled, Interruptible, Left
from sim.scenario.calendar import open_time
from tests.laws.contacts import (
    an_inquiry_makes_one_attempt_at_a_time,
    contacts_keep_their_language,
    exchanges_answered,
    harder_after_self_service,
    marks_of_stays,
    misrouted_contacts_are_transferred_once,
    replies_come_as_dealt,
    stages_are_passed_by_only_when_closed_or_full,
    the_contacts_that_should_begin_begin,
    times_sent_back,
)
from tests.laws.handovers import who_hands_over_warm_holds_the_line_and_briefs_another

if TYPE_CHECKING:
    from sim.demand.hand import Hand
    from sim.engine.outcome import Outcome
    from sim.engine.program import Program


class Play(NamedTuple):
    """One replication, played."""

    program: Program
    hand: Hand
    outcome: Outcome


class Work(NamedTuple):
    """A span in which a leg occupied its agent."""

    begin: int
    end: int
    leg: int


def every_contact_ends_in_exactly_one_way(play: Play) -> None:
    """Each contact that began has one record, and its end agrees with its last leg or stage."""
    contacts, legs = play.outcome.contacts, play.outcome.legs
    assert len(np.unique(contacts.contact)) == len(contacts.contact)
    last_leg = {int(contact): leg for leg, contact in enumerate(legs.contact)}
    at_end = {End.ABANDONED: Left.ABANDONED, End.BALKED: Left.BALKED, End.BLOCKED: Left.BLOCKED}
    at_end |= {End.DISCONNECTED: Left.DISCONNECTED, End.SILENT: Left.SILENT}
    handled_at_end = {
        End.RESOLVED: Handled.RESOLVED,
        End.UNRESOLVED: Handled.UNRESOLVED,
        End.NOT_REACHED: Handled.NOT_REACHED,
        End.CHASED: Handled.CHASED,
    }
    for contact, how, end, stage in zip(contacts.contact, contacts.how, contacts.end, contacts.stage, strict=True):
        assert (how == End.OPEN) == (end == MISSING)
        assert (how in (End.RESOLVED_BY_STAGE, End.FALSELY_RESOLVED, End.GAVE_UP)) == (stage != NOBODY)
        leg = last_leg.get(int(contact))
        if how in at_end:
            assert leg is not None
            assert legs.left[leg] == at_end[End(how)]
        elif how in handled_at_end:
            assert leg is not None
            assert legs.handled[leg] == handled_at_end[End(how)]
        elif how != End.OPEN:
            assert leg is None


def counts_by_any_breakdown_add_up(play: Play) -> None:
    """Counts of ends by channel, contact type, customer, language, attempt and its kind add up to the total."""
    contacts, hand = play.outcome.contacts, play.hand.contacts
    total = Counter(contacts.how.tolist())
    customer, language = (of[hand.inquiry] for of in (play.hand.inquiries.customer, play.hand.inquiries.language))
    for column in (hand.channel, hand.contact_type, customer, language, hand.attempt, hand.kind):
        by_item = Counter(zip(column[contacts.contact].tolist(), contacts.how.tolist(), strict=True))
        added: Counter[int] = Counter()
        for (_, how), count in by_item.items():
            added[how] += count
        assert added == total


def work_of(play: Play) -> dict[int, list[Work]]:
    """Return by agent the spans in which each leg was in its hands (parked time left out), from the leg records.

    A parked leg's hands-on spans are not in the records one by one, so interrupted legs are left out.
    """
    legs, length = play.outcome.legs, play.program.length
    work: dict[int, list[Work]] = defaultdict(list)
    took = when_taken(play)
    for leg in np.flatnonzero((took != MISSING) & (legs.parked == 0)):
        end = legs.talk_end[leg] if legs.handled[leg] == Handled.RETURNED else legs.wrap_up_end[leg]
        work[int(legs.agent[leg])].append(Work(int(took[leg]), length if end == MISSING else int(end), int(leg)))
    return work


def when_taken(play: Play) -> np.ndarray:
    """Return when an agent took each leg, or the place of who had left silently; MISSING where none did."""
    legs = play.outcome.legs
    return np.where(legs.left == Left.TAKEN, legs.leave, legs.found)


def who_parked(play: Play) -> set[int]:
    """Return the agents who ever laid work aside."""
    legs = play.outcome.legs
    return set(legs.agent[legs.parked > 0].tolist())


def nobody_holds_more_than_the_slots(play: Play) -> None:
    """At no instant an agent holds more work than its slots, or work of two kinds at once."""
    legs, queues, groups = play.outcome.legs, play.program.queues, play.program.groups
    for agent, spans in work_of(play).items():
        limits = groups.slot_limit[play.hand.agents.group[agent]]
        changes = sorted([(span.end, -1, span.leg) for span in spans] + [(span.begin, 1, span.leg) for span in spans])
        held: Counter[int] = Counter()
        for _, change, leg in changes:
            held[int(queues.channel[legs.queue[leg]])] += change
            channels = [channel for channel, count in held.items() if count > 0]
            # Work that begins and ends within one instant sorts its end first: it is held by nobody then.
            assert len(channels) <= 1
            assert all(held[channel] <= max(1, limits[channel]) for channel in channels)


def work_is_taken_on_duty(play: Play) -> None:
    """Who takes work is on duty: its instant lies in one of the agent's half-open spans of duty."""
    legs, agents = play.outcome.legs, play.outcome.agents
    spans = _spans(agents.duty_agent, agents.duty_begin, agents.duty_end)
    # In a group staffed by numbers an agent may come, work for no time at all, and leave within one instant.
    took = when_taken(play)
    for leg in np.flatnonzero(took != MISSING):
        agent, at = int(legs.agent[leg]), int(took[leg])
        by_numbers = play.program.groups.by_numbers[play.hand.agents.group[agent]]
        instant_work = by_numbers and legs.wrap_up_end[leg] == at
        # It may also take work and, having finished other work in that instant, be the one too many who leaves.
        left_then = by_numbers and any(at == end for _, end in spans[agent])
        assert instant_work or left_then or any(begin <= at < end for begin, end in spans[agent])


def duty_stays_within_the_dealt_spans(play: Play) -> None:
    """An agent with a shift is on duty only within its dealt spans."""
    table, agents = play.hand.agents, play.outcome.agents
    for agent, begin, end in zip(agents.duty_agent, agents.duty_begin, agents.duty_end, strict=True):
        if not play.program.groups.by_numbers[table.group[agent]]:
            own = slice(table.first_span[agent], table.first_span[agent + 1])
            inside = (table.span_start[own] <= begin) & (end <= table.span_end[own])
            assert inside.any()


def rows_let_their_work_through(play: Play) -> None:
    """Who takes a leg has a row for its queue, and `after` has passed."""
    legs, rows = play.outcome.legs, play.program.rows
    placed, took = first_entry(play), when_taken(play)
    for leg in np.flatnonzero(took != MISSING):
        row = legs.row[leg]
        assert legs.queue[leg] in rows.queues[row]
        assert rows.group[row] == play.hand.agents.group[legs.agent[leg]]
        assert took[leg] - placed[leg] >= rows.after[row]


def first_entry(play: Play) -> list[int]:
    """Return for each leg when it first entered its queue: returned work, and who is dialled again, keeps its place."""
    legs = play.outcome.legs
    placed = legs.enter.tolist()
    kept = (Handled.RETURNED, Handled.NOT_REACHED)
    for leg in range(1, len(placed)):
        if legs.contact[leg] == legs.contact[leg - 1] and legs.handled[leg - 1] in kept:
            placed[leg] = placed[leg - 1]
    return placed


def nobody_waits_while_somebody_could_take_it(play: Play) -> None:
    """At the end of every instant no leg waits that an agent, free or with a slot to spare, could take."""
    program, legs = play.program, play.outcome.legs
    rows, queues, groups = program.rows, program.queues, program.groups
    placed = np.array(first_entry(play), dtype=np.int64)
    hands = _Hands(play)
    waited = np.flatnonzero((legs.left != Left.BLOCKED) & (legs.left != Left.BALKED))
    waited = waited[np.argsort(placed[waited], kind="stable")]
    leave = until_when_rows_find_it(play)
    kind = 2 * legs.queue[waited].astype(np.int64) + legs.backlog[waited]
    entered, left = np.sort(legs.enter[waited]), np.sort(leave[waited])
    instants = np.array(hands.instants)
    somebody = np.searchsorted(entered, instants, "right") > np.searchsorted(left, instants, "right")
    for now in instants[somebody].tolist():
        waits = (legs.enter[waited] <= now) & (now < leave[waited])
        # Of one queue, what is open to anyone is open to who came first.
        for leg in waited[waits][np.unique(kind[waits], return_index=True)[1]]:
            queue = legs.queue[leg]
            channel = queues.channel[queue]
            for row in queues.rows[queue]:
                if now - placed[leg] < rows.after[row]:
                    continue
                group = rows.group[row]
                free, sharing, mailing = hands.at(now, group)
                assert free <= rows.keep_free[row]
                if free == rows.keep_free[row]:
                    limit = groups.slot_limit[group, channel]
                    assert not any(kind == channel and held < limit for kind, held in sharing)
                if free >= rows.keep_free[row] and not legs.backlog[leg]:
                    assert not any(taken_by > row for taken_by in mailing)


def until_when_rows_find_it(play: Play) -> np.ndarray:
    """Return until when each leg stands in its queue; places left silently, until found or cleared at closing."""
    legs, program = play.outcome.legs, play.program
    stands = np.where(legs.leave == MISSING, program.length, legs.leave)
    for leg in np.flatnonzero(legs.left == Left.SILENT):
        channel, gone = program.queues.channel[legs.queue[leg]], legs.leave[leg]
        ends = program.channels.open[channel][:, 1]
        clears = program.channels.clears_at_closing[channel]
        cleared = ends[ends > gone].min(initial=program.length) if clears else program.length
        stands[leg] = cleared if legs.found[leg] == MISSING else legs.found[leg]
        assert stands[leg] <= cleared
    return stands


class _Held:
    """Which legs one agent has in hand after an instant's events."""

    def __init__(self, spans: list[Work]) -> None:
        self.since = [MISSING]
        self.legs: list[tuple[int, ...]] = [()]
        lasting = [span for span in spans if span.begin < span.end]
        changes = [(span.begin, True, span.leg) for span in lasting] + [(span.end, False, span.leg) for span in lasting]
        for at, begins, leg in sorted(changes):
            held = self.legs[-1]
            self.since.append(at)
            self.legs.append((*held, leg) if begins else tuple(other for other in held if other != leg))

    def at(self, now: int) -> tuple[int, ...]:
        """Return the legs in hand at an instant."""
        return self.legs[bisect_right(self.since, now) - 1]


class _Hands:
    """Who of a group is free, and who holds how much, after an instant's events."""

    def __init__(self, play: Play) -> None:
        agents, table = play.outcome.agents, play.hand.agents
        self.play = play
        self.duty = _spans(agents.duty_agent, agents.duty_begin, agents.duty_end)
        self.busy = _spans(agents.busy_agent, agents.busy_begin, agents.busy_end)
        work = work_of(play)
        self.held = defaultdict(lambda: _Held([]), {agent: _Held(spans) for agent, spans in work.items()})
        self.parkers = who_parked(play)
        self.members: dict[int, list[int]] = defaultdict(list)
        for agent, group in enumerate(table.group.tolist()):
            self.members[group].append(agent)
        legs, length = play.outcome.legs, play.program.length
        changes = np.concatenate(
            [
                legs.enter,
                legs.leave,
                legs.found,
                legs.wrap_up_end,
                agents.duty_begin,
                agents.duty_end,
                agents.busy_begin,
                agents.busy_end,
            ]
        )
        afters = [legs.enter + after for after in set(play.program.rows.after.tolist())]
        instants = np.unique(np.concatenate([changes, *afters]))
        self.instants: list[int] = instants[(instants >= 0) & (instants < length)].tolist()
        self._seen: dict[tuple[int, int], tuple[int, list[tuple[int, int]], list[int]]] = {}

    def at(self, now: int, group: int) -> tuple[int, list[tuple[int, int]], list[int]]:
        """Return how many are free, what others hold (channel, pieces), and the rows of interruptible talks."""
        if (now, group) not in self._seen:
            self._seen[now, group] = self._look(now, group)
        return self._seen[now, group]

    def _look(self, now: int, group: int) -> tuple[int, list[tuple[int, int]], list[int]]:
        legs, queues, rows = self.play.outcome.legs, self.play.program.queues, self.play.program.rows
        free, sharing, mailing = 0, [], []
        for agent in self.members[group]:
            if not _within(self.duty[agent], now):
                continue
            if not _within(self.busy[agent], now):
                free += 1
                continue
            if agent in self.parkers:
                continue  # what it held when is not in the records
            held = self.held[agent].at(now)
            if held:
                sharing.append((int(queues.channel[legs.queue[held[0]]]), len(held)))
            if len(held) == 1 and legs.backlog[held[0]] and rows.interruptible[legs.row[held[0]]]:
                talk_end = legs.talk_end[held[0]]
                if talk_end == MISSING or now < talk_end:
                    mailing.append(int(legs.row[held[0]]))
        return free, sharing, mailing


def _within(spans: list[tuple[int, int]], now: int) -> bool:
    """Return whether an instant lies in one of the sorted half-open spans."""
    last = bisect_right(spans, now, key=itemgetter(0)) - 1
    return last >= 0 and now < spans[last][1]


def keep_free_was_kept(play: Play) -> None:
    """When work was taken by a row with `keep_free`, so many other agents of the group were free or became so then."""
    rows, legs = play.program.rows, play.outcome.legs
    hands = _Hands(play)
    took = when_taken(play)
    for leg in np.flatnonzero(took != MISSING):
        row = legs.row[leg]
        if rows.keep_free[row]:
            now, group = int(took[leg]), rows.group[row]
            others = [agent for agent in hands.members[group] if agent != legs.agent[leg]]
            could = sum(_free_at_or_just_before(hands, agent, now) for agent in others)
            assert could >= rows.keep_free[row]


def _free_at_or_just_before(hands: _Hands, agent: int, now: int) -> bool:
    """Return whether the agent was free at some moment of an instant whose events' order the records do not tell."""
    on_duty = any(begin <= now <= end for begin, end in hands.duty[agent])
    busy_throughout = any(begin < now < end for begin, end in hands.busy[agent])
    return on_duty and not busy_throughout


def busy_and_free_make_duty_and_overtime(play: Play) -> None:
    """Agent by agent, spans of duty and of work are disjoint: busy is busy on duty + overtime, and free the rest."""
    agents, length = play.outcome.agents, play.program.length
    for table in (
        (agents.duty_agent, agents.duty_begin, agents.duty_end),
        (agents.busy_agent, agents.busy_begin, agents.busy_end),
    ):
        for spans in _spans(*table).values():
            assert all(0 <= begin < end <= length for begin, end in spans)
            assert all(before[1] <= after[0] for before, after in pairwise(spans))


def busy_is_the_union_of_the_work(play: Play) -> None:
    """An agent's busy spans are exactly the union of what its legs say (agents with parked work apart)."""
    agents = play.outcome.agents
    busy = _spans(agents.busy_agent, agents.busy_begin, agents.busy_end)
    parkers = who_parked(play)
    for agent, spans in work_of(play).items():
        if agent not in parkers:
            assert _union([(span.begin, span.end) for span in spans]) == _union(busy[agent])


def waits_make_the_queue_length(play: Play) -> None:
    """Sample-path Little: the time-integral of the number waiting equals the sum of the waits, to the millisecond."""
    legs, length = play.outcome.legs, play.program.length
    leave = np.where(legs.leave == MISSING, length, legs.leave)
    assert (leave >= legs.enter).all()
    changes = sorted([(int(t), 1) for t in legs.enter] + [(int(t), -1) for t in leave])
    integral, waiting, before = 0, 0, 0
    for at, change in changes:
        integral += waiting * (at - before)
        waiting, before = waiting + change, at
    assert waiting == 0
    assert integral == int((leave - legs.enter).sum())


def first_come_first_served(play: Play) -> None:
    """Within a queue and a row nobody is taken before who stood before them: came first, head starts counted.

    Aside from returned work and who is dialled again, who were away meanwhile, from call-backs behind the live, from
    what is taken as it is put into its queue, and from live work that may interrupt where backlog before it may not.
    """
    legs, hand = play.outcome.legs, play.hand
    rows, groups = play.program.rows, play.program.groups
    head_start = np.append(play.program.head_start, 0)[hand.inquiries.customer[hand.contacts.inquiry[legs.contact]]]
    placed = first_entry(play)
    returned = legs.enter != placed
    behind = play.program.dialling.behind[play.program.queues.channel[legs.queue]] & called_back(play)
    taken: dict[tuple[int, int, bool], list[int]] = defaultdict(list)
    took = when_taken(play)
    for leg in np.flatnonzero((took > np.maximum(legs.enter, 0)) & ~returned):
        taken[int(legs.queue[leg]), int(legs.row[leg]), bool(behind[leg])].append(int(leg))
    for (_, row, _), entries in taken.items():
        after, last = int(rows.after[row]), groups.first_row[rows.group[row] + 1]
        may_interrupt = rows.interruptible[row + 1 : last].any()
        for leg, later in ((leg, later) for leg in entries for later in entries if took[leg] < took[later]):
            if placed[later] + after < took[leg]:
                stood_before = placed[leg] - head_start[leg] <= placed[later] - head_start[later]
                stood_before |= may_interrupt and legs.backlog[later] and not legs.backlog[leg]
                # Of a queue, who came first is due first: a head start does not bring that forward.
                assert stood_before or (rows.due_first[row] and placed[leg] <= placed[later])


def durations_are_as_dealt(play: Play) -> None:
    """Talk (not sharing, parked time apart) and wrap-up last as dealt times the group's factor, the speed, the ramp."""
    program, hand, legs = play.program, play.hand, play.outcome.legs
    effects = program.effects
    marks, first = hand.tier_marks, hand.contacts.first_tier_mark
    returned = set(legs.contact[legs.handled == Handled.RETURNED].tolist())
    harder = harder_after_self_service(play)
    stays, answers = marks_of_stays(play), exchanges_answered(play)
    for leg in np.flatnonzero((legs.wrap_up_end != MISSING) & (legs.left == Left.TAKEN)):
        contact, queue = legs.contact[leg], legs.queue[leg]
        kind, tier = program.queues.contact_type[queue], program.queues.tier[queue]
        triage = legs.handled[leg] == Handled.TRANSFERRED
        dealt, mark = (marks, stays[leg]) if answers[leg] == NONE else (hand.exchanges, answers[leg])
        mark = first[contact + 1] - 1 if triage else mark
        end_of_hold = legs.talk_end[leg] if legs.hold_end[leg] == MISSING else legs.hold_end[leg]
        agent, channel = legs.agent[leg], program.queues.channel[queue]
        group = hand.agents.group[agent]

        def lasts(dealt: int, factor: float, begin: int, agent: int = agent, group: int = group) -> int:
            steps = [factor, hand.agents.speed[agent]]
            if hand.agents.new[agent]:
                steps.append(effects.ramp[group][min(begin // effects.ramp_step[group], effects.ramp.shape[1] - 1)])
            for step in steps:
                dealt = int(np.rint(dealt * step))
            return dealt

        at = group, kind, tier, channel
        talk = effects.talk_of_repeats if hand.contacts.kind[contact] == AttemptKind.REPEAT else effects.talk
        in_vain = legs.handled[leg] == Handled.NOT_REACHED
        wrap_up = 0 if in_vain else lasts(dealt.wrap_up[mark], effects.wrap_up[at], end_of_hold)
        assert legs.wrap_up_end[leg] - end_of_hold == wrap_up
        if not program.groups.slot_limit[group, channel] and contact not in returned:
            dial = program.dialling.dial[channel] if legs.dialled[leg] else 0
            begin = legs.leave[leg] + legs.briefing[leg]
            length = dealt.talk[mark] if triage else round(dealt.talk[mark] * harder[int(contact)])
            assert legs.talk[leg] == dial + (0 if in_vain else lasts(length, talk[at], begin))


def silent_leavers_leave_a_place_behind(play: Play) -> None:
    """Whose patience runs out leaves silently if it was dealt so, and keeps busy whoever takes its place."""
    program, legs = play.program, play.outcome.legs
    ran_out = np.isin(legs.left, (Left.ABANDONED, Left.SILENT))
    assert (play.hand.contacts.silent[legs.contact[ran_out]] == (legs.left[ran_out] == Left.SILENT)).all()
    found = legs.found != MISSING
    assert (legs.left[found] == Left.SILENT).all()
    assert (legs.found[found] >= legs.leave[found]).all()
    assert ((legs.agent != NOBODY) == (when_taken(play) != MISSING)).all()
    over = found & (legs.wrap_up_end != MISSING)
    channel = program.queues.channel[legs.queue]
    assert (legs.wrap_up_end[over] - legs.found[over] == program.channels.detected_after[channel[over]]).all()
    assert ((legs.handled == Handled.NOBODY_THERE) == over).all()
    assert (legs.talk_end[found] == MISSING).all()


def outcomes_are_as_dealt(play: Play) -> None:
    """A leg is resolved exactly if its dealt number is below its group's share; with slots, some level's share."""
    program, hand, legs = play.program, play.hand, play.outcome.legs
    stays = marks_of_stays(play)
    for leg in np.flatnonzero(np.isin(legs.handled, (Handled.RESOLVED, Handled.ESCALATED, Handled.UNRESOLVED))):
        queue, group = legs.queue[leg], hand.agents.group[legs.agent[leg]]
        kind, tier = program.queues.contact_type[queue], program.queues.tier[queue]
        channel = program.queues.channel[queue]
        levels = max(1, program.groups.slot_limit[group, channel])
        shares = program.effects.resolved[group, kind, tier, channel, 1 : levels + 1]
        number, resolved = hand.tier_marks.decide[stays[leg]], legs.handled[leg] == Handled.RESOLVED
        assert number < shares.max() if resolved else number >= shares.min()


def contacts_go_the_ways_of_the_tiers(play: Play) -> None:
    """Who is escalated goes to a tier with a share of it; who is sent back, to the tier that handed it up.

    No tier sends a contact back more often than it may, nor whom nobody handed up, nor whom it was not dealt to.
    """
    program, legs = play.program, play.outcome.legs
    tiers, queues, hand = program.tiers, program.queues, play.hand
    handed_up_by: dict[int, list[int]] = defaultdict(list)
    sent_back: Counter[tuple[int, int]] = Counter()
    rounds, at_tier = times_sent_back(play), queues.tier[legs.queue].tolist()
    due: dict[int, int | None] = {}
    for leg, (contact, handled) in enumerate(zip(legs.contact.tolist(), legs.handled.tolist(), strict=True)):
        here, kind = at_tier[leg], int(queues.contact_type[legs.queue[leg]])
        channel = int(queues.channel[legs.queue[leg]])
        shares = np.diff([tiers.resolved[kind, here, channel], *tiers.escalated[kind, here, channel]])
        if contact not in due:
            assert here == tiers.first[kind]
        else:
            expected = due[contact]
            before = handed_up_by[contact][-1:] or [here]
            assert here == expected or (expected is None and tiers_lead(program, kind, before[0], channel, here))
        due[contact] = here
        mark = hand.contacts.first_tier_mark[contact] + rounds[leg] * tiers.number[kind] + tiers.position[kind, here]
        if handled == Handled.ESCALATED:
            assert shares.max() > 0
            may = handed_up_by[contact] and sent_back[contact, here] < tiers.returns[kind, here]
            assert not (may and hand.tier_marks.sent_back[mark])
            handed_up_by[contact].append(here)
            due[contact] = None
        elif handled == Handled.TRANSFERRED:
            due[contact] = int(tiers.first[hand.contacts.contact_type[contact]])
        elif handled == Handled.SENT_BACK:
            assert hand.tier_marks.sent_back[mark]
            sent_back[contact, here] += 1
            assert sent_back[contact, here] <= tiers.returns[kind, here]
            due[contact] = handed_up_by[contact].pop()


def who_is_handed_over_enters_when_it_is_due(play: Play) -> None:
    """At once; by appointment, as soon as its delay has passed on the tier's clock, and as a ticket."""
    program, legs, hand = play.program, play.outcome.legs, play.hand
    delay = dict(zip(hand.appointments.mark.tolist(), hand.appointments.delay.tolist(), strict=True))
    rounds = times_sent_back(play)
    for leg in np.flatnonzero(np.isin(legs.handled[:-1], (Handled.ESCALATED, Handled.SENT_BACK))) + 1:
        contact = legs.contact[leg]
        if contact != legs.contact[leg - 1]:
            continue
        kind, tier = program.queues.contact_type[legs.queue[leg]], program.queues.tier[legs.queue[leg]]
        mark = hand.contacts.first_tier_mark[contact] + rounds[leg] * program.tiers.number[kind]
        due = delay.get(int(mark + program.tiers.position[kind, tier]), 0)
        over, enter = int(legs.talk_end[leg - 1]), int(legs.enter[leg])
        if due:
            assert legs.backlog[leg]
            spans = program.tiers.clock[tier]
            assert open_time(spans, np.array([enter])) - open_time(spans, np.array([over])) == due
            assert any(start < enter <= end for start, end in spans.tolist())
        else:
            assert enter == over


def tiers_lead(program: Program, kind: int, tier: int, channel: int, to: int) -> bool:
    """Return whether a tier escalates a share of a type on a channel to another."""
    below = [program.tiers.resolved[kind, tier, channel], *program.tiers.escalated[kind, tier, channel]]
    return bool(below[to + 1] > below[to])


def call_backs_are_dialled_and_nobody_else(play: Play) -> None:
    """Who accepted a call-back, and outbound work, is dialled until reached or given up."""
    contacts, legs, hand, dialling = play.outcome.contacts, play.outcome.legs, play.hand.contacts, play.program.dialling
    dials = Counter(legs.contact[legs.dialled == 1].tolist())
    accepted = contacts.call_back == CallBack.ACCEPTED
    assert hand.accepts_call_back[contacts.contact[accepted]].all()
    assert not hand.accepts_call_back[contacts.contact[contacts.call_back == CallBack.DECLINED]].any()
    dialled = accepted | dialling.outbound[hand.channel[contacts.contact]]
    assert set(dials) <= set(contacts.contact[dialled].tolist())
    for contact, how, called in zip(contacts.contact.tolist(), contacts.how.tolist(), dialled.tolist(), strict=True):
        if called:
            reached = int(hand.reached_on[contact])
            tries = int(dialling.tries[hand.channel[contact]])
            assert dials[contact] <= (reached or tries)
            assert (how == End.NOT_REACHED) == (reached == 0 and dials[contact] == tries and how != End.OPEN)
            if how in (End.RESOLVED, End.UNRESOLVED):
                assert dials[contact] == reached > 0
    again = np.flatnonzero((legs.handled[:-1] == Handled.NOT_REACHED) & (legs.contact[1:] == legs.contact[:-1]))
    pause = dialling.again_after[play.program.queues.channel[legs.queue[again]]]
    assert (legs.enter[again + 1] == legs.wrap_up_end[again] + pause).all()


def call_backs_are_offered_when_the_wait_is_long(play: Play) -> None:
    """Who would wait in a first queue is offered a call-back exactly if its head, or the line, is long enough.

    Whoever entered or left in the same instant may have done so before or after: the records do not tell.
    """
    program, legs, contacts = play.program, play.outcome.legs, play.outcome.contacts
    was = dict(zip(contacts.contact.tolist(), (contacts.call_back != CallBack.NOT_OFFERED).tolist(), strict=True))
    channel = program.queues.channel[legs.queue]
    called = called_back(play)
    placed = np.array(first_entry(play))
    opens = np.append(True, legs.contact[1:] != legs.contact[:-1])
    leave = np.where(legs.leave == MISSING, program.length, legs.leave)
    behind = program.dialling.behind[channel] & called
    for leg in np.flatnonzero(opens & (legs.backlog == 0)):
        now, offered = legs.enter[leg], was[int(legs.contact[leg])]
        wait = program.dialling.offer_wait[channel[leg]]
        waiting = program.dialling.offer_waiting[channel[leg]]
        others = np.arange(len(leave)) != leg
        ahead = others & (legs.enter <= now) & (leave >= now) & ~behind & (legs.queue == legs.queue[leg])
        line = others & opens & (channel == channel[leg]) & ~called & (legs.enter <= now) & (leave >= now)
        surely = (legs.enter < now) & (leave > now)
        if offered:
            long_wait = wait != NO_LIMIT and (wait == 0 or (now - placed[ahead] >= wait).any())
            long_line = waiting != NO_LIMIT and line.sum() >= waiting
            assert long_wait or long_line
        elif leave[leg] > now:
            # With head starts the head may be who came later.
            long_wait = (now - placed[ahead & surely] >= wait).any() and not program.head_start.any()
            assert wait == NO_LIMIT or (wait > 0 and not long_wait)
            assert waiting == NO_LIMIT or (line & surely).sum() < waiting


def called_back(play: Play) -> np.ndarray:
    """Return which legs are of contacts that accepted a call-back and have not been reached before."""
    legs, contacts = play.outcome.legs, play.outcome.contacts
    called = np.isin(legs.contact, contacts.contact[contacts.call_back == CallBack.ACCEPTED])
    for leg in range(1, len(called)):
        if legs.contact[leg] == legs.contact[leg - 1]:
            called[leg] = called[leg - 1] and legs.handled[leg - 1] == Handled.NOT_REACHED
    return called


def only_interruptible_backlog_is_interrupted(play: Play) -> None:
    """What was parked or returned is backlog that was taken by an interruptible row."""
    legs, rows = play.outcome.legs, play.program.rows
    for leg in np.flatnonzero((legs.parked > 0) | (legs.handled == Handled.RETURNED)):
        assert legs.backlog[leg]
        assert rows.interruptible[legs.row[leg]] != Interruptible.NO


def _spans(who: np.ndarray, begin: np.ndarray, end: np.ndarray) -> defaultdict[int, list[tuple[int, int]]]:
    spans: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for agent, first, last in zip(who.tolist(), begin.tolist(), end.tolist(), strict=True):
        spans[agent].append((first, last))
    return spans


def _union(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if begin == end:
            continue
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((begin, end))
    return merged


LAWS = (
    every_contact_ends_in_exactly_one_way,
    the_contacts_that_should_begin_begin,
    counts_by_any_breakdown_add_up,
    an_inquiry_makes_one_attempt_at_a_time,
    nobody_holds_more_than_the_slots,
    work_is_taken_on_duty,
    duty_stays_within_the_dealt_spans,
    rows_let_their_work_through,
    nobody_waits_while_somebody_could_take_it,
    keep_free_was_kept,
    busy_and_free_make_duty_and_overtime,
    busy_is_the_union_of_the_work,
    waits_make_the_queue_length,
    first_come_first_served,
    durations_are_as_dealt,
    silent_leavers_leave_a_place_behind,
    outcomes_are_as_dealt,
    call_backs_are_dialled_and_nobody_else,
    call_backs_are_offered_when_the_wait_is_long,
    stages_are_passed_by_only_when_closed_or_full,
    contacts_go_the_ways_of_the_tiers,
    who_is_handed_over_enters_when_it_is_due,
    misrouted_contacts_are_transferred_once,
    contacts_keep_their_language,
    replies_come_as_dealt,
    who_hands_over_warm_holds_the_line_and_briefs_another,
    only_interruptible_backlog_is_interrupted,
)
