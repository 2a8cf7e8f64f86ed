"""A contact's story in words: what happened to it, line by line, by the clock on the wall, and why.

What happened is read from the records of its replication, why from the journal that was kept of its inquiry, and what
was dealt from the hand. Each line is an instant; what stands below it in a narrower column explains it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.demand.hand import NONE, AttemptKind, StageOutcome
from sim.engine.rules import MISSING, NOBODY, End, Handled, Handover, Left, WhenClosed
from sim.measure.quality import scores
from sim.measure.scoring import MILLIONTHS
from sim.report.story_handling import Handling
from sim.report.story_names import Names, percent, span
from sim.report.story_waiting import Waiting
from sim.scenario.units import write_counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.engine.journal import Look, Take, Talk
    from sim.experiment.witness import Witnessed

WIDTH: Final = 100
FEW_TAKES: Final = 8
"""So many who are taken before it are told one by one, more by reason."""

VISITED: Final = {
    StageOutcome.RESOLVED: "resolves it",
    StageOutcome.FALSELY_RESOLVED: "thinks that it has resolved it",
    StageOutcome.GAVE_UP: "does not help: it gives up",
    StageOutcome.HANDED_ON: "hands it on",
}
LEFT: Final = {
    Left.ABANDONED: "its patience runs out: it leaves the queue",
    Left.SILENT: "its patience runs out: it leaves without a sign, and its place stays",
    Left.BALKED: "would have to wait, and leaves at once",
    Left.BLOCKED: "the queue is full: it is turned away",
    Left.DISCONNECTED: "the channel closes and disconnects who waits",
}


A_QUANTITY: Final = re.compile(r"(?<=\d) (?=(?:s|min|h|days?|%|×)\b|%|×)")
"""The space between a number and its unit: no line ends there."""


@dataclass(frozen=True)
class Line:
    """What happened at an instant, and what explains it."""

    at: int
    text: str
    because: tuple[str, ...] = ()


class Story:
    """Tells the story of a contact.

    Parameters
    ----------
    seen
        Its replication, with a journal of its inquiry.
    """

    def __init__(self, seen: Witnessed) -> None:
        self._seen = seen
        self._names = Names(seen)
        self._waiting = Waiting(seen, self._names)
        self._handling = Handling(seen, self._names)
        self._contact = seen.contact
        self._record = int(np.searchsorted(seen.outcome.contacts.contact, seen.contact))
        self._legs = np.flatnonzero(seen.outcome.legs.contact == seen.contact).tolist()

    def __str__(self) -> str:
        """Write the story, at most `WIDTH` wide."""
        return "\n".join([*self._head(), *self._written(), "", *self._inquiry()]) + "\n"

    def _written(self) -> Iterator[str]:
        """Give the lines in the order of their instants, a heading for each day."""
        lines = sorted(self.lines(), key=lambda line: line.at)
        column = max(len(self._names.clock(line.at)) for line in lines) + 4
        day = ""
        for line in lines:
            if self._names.day(line.at) != day:
                day = self._names.day(line.at)
                yield f"\n{day}"
            yield from _wrapped(line.text, f"  {self._names.clock(line.at)}".ljust(column))
            for reason in line.because:
                yield from _wrapped(reason, " " * (column + 2) + "· ")

    def _head(self) -> Iterator[str]:
        seen, hand = self._seen, self._seen.hand
        labels, inquiry = self._names.labels, hand.contacts.inquiry[self._contact]
        customer, language = hand.inquiries.customer[inquiry], hand.inquiries.language[inquiry]
        segment = "" if customer == NONE else f", customer {labels.customers[customer]}"
        spoken = "" if language == NONE else f", language {labels.languages[language]}"
        kind = _kind(hand.contacts.kind[self._contact])
        yield f"{self._names.contact(self._contact).capitalize()}, {kind}{segment}{spoken}"
        yield f"{seen.scenario.name}; replication {hand.replication}, seed {hand.seed}; times of {self._names.zone}"

    # ------------------------------------------------------------------ line by line

    def lines(self) -> list[Line]:
        """Give all that happened, leg after leg."""
        lines = [self._arrival(), *self._visits()]
        for leg in self._legs:
            lines += self._queue(leg)
            lines += self._hands(leg)
        return [*lines, *self._end()]

    def _arrival(self) -> Line:
        seen, begin = self._seen, int(self._seen.outcome.contacts.begin[self._record])
        channel = int(seen.hand.contacts.channel[self._contact])
        name = self._names.labels.channels[channel]
        if begin < 0:
            return Line(begin, f"comes by {name}, before the scenario starts: it waits since then")
        spans = seen.program.channels.open[channel]
        if ((spans[:, 0] <= begin) & (begin < spans[:, 1])).any():
            door = "which is open"
        else:
            door = {
                WhenClosed.REFUSE: "which is closed and turns it away",
                WhenClosed.WAIT: "which is closed, but lets it wait",
                WhenClosed.SELF_SERVICE_ONLY: "which is closed but for self-service",
            }[WhenClosed(seen.program.channels.when_closed[channel])]
        lines = int(seen.program.channels.lines[channel])
        if seen.outcome.contacts.how[self._record] == End.BUSY:
            door += f"; all of {write_counted(lines, 'line')} taken"
        misrouted = bool(self._legs) and seen.hand.contacts.misrouted[self._contact]
        astray = ("it is misrouted: the queue of another contact type comes first",) if misrouted else ()
        return Line(begin, f"arrives by {name}, {door}", astray)

    def _visits(self) -> Iterator[Line]:
        visits = self._seen.outcome.visits
        for at in np.flatnonzero(visits.contact == self._contact).tolist():
            stage, begin, end = (int(column[at]) for column in (visits.stage, visits.begin, visits.end))
            name = self._names.labels.stages[stage]
            yield Line(begin, f"begins with {name}")
            if end != MISSING:
                outcome = StageOutcome(visits.outcome[at])
                harder = float(self._seen.program.stages.harder_rest[stage])
                rest = outcome == StageOutcome.HANDED_ON and harder != 1.0
                because = (f"what it hands on takes {percent(harder)} of the talk",) if rest else ()
                yield Line(end, f"{name} {VISITED[outcome]} after {span(end - begin)}", because)

    def _queue(self, leg: int) -> Iterator[Line]:
        """Tell of a leg's stay in its queue: what it found, what happened meanwhile, how it left."""
        legs = self._seen.outcome.legs
        enter, leave, left = int(legs.enter[leg]), int(legs.leave[leg]), Left(legs.left[leg])
        looks = self._looks(leg)
        took = self._took(leg)
        first = looks[0]
        waits = leave == MISSING or leave > first.at or left in (Left.BALKED, Left.BLOCKED)
        because: list[str] = []
        if waits or (took is not None and took.interrupted != NOBODY):
            at_once = [row for row in self._rows(leg) if first.at - first.place >= self._after(row)]
            because += self._waiting.people(first, at_once or self._rows(leg))
        if waits and left not in (Left.BALKED, Left.BLOCKED):
            live = legs.backlog[leg] == 0
            offer = int(self._seen.outcome.contacts.call_back[self._record]) if leg == self._legs[0] else 0
            because += self._waiting.prospects(first, held_by=self._holder(leg), live=live, call_back=offer)
        length = self._waiting.length(first)
        yield Line(max(enter, first.at), f"enters the queue {self._names.queue(first.queue)}: {length}", tuple(because))
        for look in looks[1:]:
            yield self._row_opens(leg, look)
        yield from self._passed(leg, first)
        if took is not None and left == Left.TAKEN:
            yield Line(leave, self._waiting.taken(took, first))
        elif leave != MISSING:
            waited = f" after {span(leave - enter)}" if leave > enter else ""
            yield Line(leave, LEFT[left] + waited)
            if took is not None:
                yield self._found(leg, took)
        else:
            length_ms = self._seen.program.length
            yield Line(length_ms, f"still waits when the scenario ends, after {span(length_ms - enter)}")

    def _found(self, leg: int, took: Take) -> Line:
        done = int(self._seen.outcome.legs.wrap_up_end[leg])
        busy = "until the end" if done == MISSING else f"for {span(done - took.at)}, until {self._names.clock(done)}"
        return Line(took.at, f"{self._names.agent(took.agent)} takes the place it left and finds nobody there, {busy}")

    def _row_opens(self, leg: int, look: Look) -> Line:
        opened = [row for row in self._rows(leg) if self._after(row) == look.at - look.place]
        which = " and ".join(self._names.row(row) for row in opened)
        return Line(look.at, f"{which} opens to it", tuple(self._waiting.people(look, opened)))

    def _passed(self, leg: int, look: Look) -> Iterator[Line]:
        """Tell whom agents took before it who could have taken it: one by one, or by reason."""
        legs = self._seen.outcome.legs
        leave = int(legs.leave[leg]) if legs.leave[leg] != MISSING else self._seen.program.length
        takes = [
            take
            for take in self._seen.journal.takes
            if (self._contact, look.queue) in take.passed_over and look.at <= take.at <= leave
        ]
        if len(takes) <= FEW_TAKES:
            yield from (Line(take.at, self._waiting.passing(take, look)) for take in takes)
            return
        reasons: dict[str, list[int]] = {}
        for take in takes:
            reasons.setdefault(self._waiting.why_before(take, look), []).append(take.contact)
        because = tuple(f"{len(some)} × {why}: {self._names.contacts(some)}" for why, some in reasons.items())
        yield Line(leave, f"meanwhile agents who serve its queue took {len(takes)} others", because)

    def _hands(self, leg: int) -> Iterator[Line]:
        """Tell of a leg's handling."""
        legs = self._seen.outcome.legs
        if legs.left[leg] != Left.TAKEN:
            return
        agent, leave, talk_end = self._names.agent(int(legs.agent[leg])), int(legs.leave[leg]), int(legs.talk_end[leg])
        briefing = int(legs.briefing[leg])
        if briefing:
            yield Line(leave, f"{self._names.agent(self._holder(leg))} briefs {agent} for {span(briefing)}")
        talk = next((one for one in self._journalled(leg) if one.at >= leave), None)
        if talk is not None:
            beyond = tuple(self._handling.beyond(talk, leg)) if talk_end != MISSING else ()
            yield Line(talk.at, f"{agent} begins: {self._handling.length(talk, leg)}", beyond)
        for take in self._seen.journal.takes:
            if take.interrupted == self._contact and leave <= take.at and talk_end in (MISSING, max(take.at, talk_end)):
                yield Line(take.at, f"{agent} lays it aside for {self._names.contact(take.contact)}")
        if talk_end == MISSING:
            yield Line(self._seen.program.length, f"{agent} is still at it when the scenario ends")
            return
        yield self._talk_ends(leg, talk_end)
        hold_end, done = int(legs.hold_end[leg]), int(legs.wrap_up_end[leg])
        if hold_end != MISSING:
            yield Line(hold_end, f"{agent} has held the line for {span(hold_end - talk_end)}")
        freed = talk_end if hold_end == MISSING else hold_end
        if done > freed:
            yield Line(done, f"{agent} has wrapped up, {span(done - freed)}")

    def _talk_ends(self, leg: int, at: int) -> Line:
        handled = Handled(self._seen.outcome.legs.handled[leg])
        further = self._seen.program.queues.tier[self._seen.outcome.legs.queue[leg + 1]] if self._goes_on(leg) else None
        to = "" if further is None else self._names.labels.tiers[further]
        text = {
            Handled.RESOLVED: "the talk ends: resolved",
            Handled.UNRESOLVED: "the talk ends: unresolved",
            Handled.ESCALATED: f"the talk ends: escalated{to and f' to {to}'}{self._handover(leg, further)}",
            Handled.SENT_BACK: f"the talk ends: sent back{to and f' to {to}'}{self._handover(leg, further)}",
            Handled.RETURNED: "live work interrupts the talk: it returns to its queue, for anyone",
            Handled.NOT_REACHED: "nobody answers",
            Handled.CONTINUED: f"the answer is sent{self._next_message(leg, at)}",
            Handled.CHASED: "the talk ends: the customer was told how the case stands",
            Handled.TRANSFERRED: "the wrong desk has seen what it is about, and transfers it",
        }.get(handled, f"the talk ends: {handled.name.lower().replace('_', ' ')}")
        verdicts = [one for one in self._seen.journal.verdicts if one.contact == self._contact]
        decided = [one for one in self._legs if self._is_decided(one)]
        because = (self._handling.verdict(verdicts[decided.index(leg)], leg),) if leg in decided else ()
        return Line(at, text, because)

    def _next_message(self, leg: int, at: int) -> str:
        """Tell when the customer writes again."""
        if not self._goes_on(leg):
            return ", and the customer writes again after the scenario's end"
        return f", and the customer writes again after {span(int(self._seen.outcome.legs.enter[leg + 1]) - at)}"

    def _handover(self, leg: int, to: int | None) -> str:
        """Tell how the next tier receives the contact."""
        if to is None:
            return ""
        legs = self._seen.outcome.legs
        delay = int(legs.enter[leg + 1] - legs.talk_end[leg])
        if delay:
            return f", by appointment in {span(delay)}"
        if legs.backlog[leg]:
            return ""
        how = Handover(self._seen.program.tiers.handover[to])
        return {
            Handover.COLD: ", whose queue it enters on the line",
            Handover.WARM: f"; {self._names.agent(int(legs.agent[leg]))} holds the line",
            Handover.TICKET: " as a ticket: it hangs up",
        }[how]

    def _end(self) -> Iterator[Line]:
        contacts, hand = self._seen.outcome.contacts, self._seen.hand.contacts
        how, end = End(contacts.how[self._record]), int(contacts.end[self._record])
        if end == MISSING:
            yield Line(self._seen.program.length, "open at the end")
            return
        scoring, because = self._seen.joined.frame.scoring, []
        if scoring is not None:
            score = int(scores(self._seen.joined.frame, self._seen.hand, self._seen.outcome)[self._record])
            because += [] if score == MISSING else [f"satisfaction {score / MILLIONTHS:.2f}"]
        retries = bool(int(self._seen.program.channels.retry_when[hand.channel[self._contact]]) >> how & 1)
        for follows, after, word, meant in (
            (hand.retry, hand.retry_after, "tries again", retries),
            (hand.repeat, hand.repeat_after, "comes back", how in (End.UNRESOLVED, End.GAVE_UP, End.FALSELY_RESOLVED)),
        ):
            number = int(follows[self._contact])
            if meant and number != NONE:
                at = end + int(after[self._contact])
                when = self._names.then(at, end) if at < self._seen.program.length else "after the scenario's end"
                because.append(f"the customer {word} after {span(at - end)}: contact {number}, {when}")
                break
        yield Line(end, f"the contact ends: {how.name.lower().replace('_', ' ')}", tuple(because))

    # ------------------------------------------------------------------ the others

    def _inquiry(self) -> Iterator[str]:
        """Give the contacts of its inquiry, a line each."""
        contacts, hand = self._seen.outcome.contacts, self._seen.hand.contacts
        inquiry = hand.inquiry[self._contact]
        mine = np.flatnonzero(hand.inquiry[contacts.contact] == inquiry).tolist()
        if len(mine) == 1:
            yield f"Inquiry {inquiry}: no other contact."
            return
        yield f"Inquiry {inquiry}:"
        for one in mine:
            number, begin, end = int(contacts.contact[one]), int(contacts.begin[one]), int(contacts.end[one])
            how = End(contacts.how[one]).name.lower().replace("_", " ")
            channel = self._names.labels.channels[hand.channel[number]]
            until = "" if end == MISSING else f" {self._names.then(end, begin)}"
            when = f"{self._names.day(begin)} {self._names.clock(begin)}"
            kind = _kind(hand.kind[number])
            yield from _wrapped(f"contact {number}, {kind} by {channel}: {when}, {how}{until}", "  ")

    # ------------------------------------------------------------------ where in the journal a leg is

    def _looks(self, leg: int) -> list[Look]:
        """Give what was noted of a leg's stay, its entry first."""
        legs = self._seen.outcome.legs
        mine = [look for look in self._seen.journal.looks if look.contact == self._contact]
        entries = [place for place, look in enumerate(mine) if look.enters]
        which = self._legs.index(leg)
        end = entries[which + 1] if which + 1 < len(entries) else len(mine)
        assert mine[entries[which]].queue == legs.queue[leg]
        return mine[entries[which] : end]

    def _took(self, leg: int) -> Take | None:
        """Give how an agent took a leg, or its place."""
        mine = [take for take in self._seen.journal.takes if take.contact == self._contact]
        legs = self._seen.outcome.legs
        which = [one for one in self._legs if legs.agent[one] != NOBODY]
        return mine[which.index(leg)] if leg in which else None

    def _journalled(self, leg: int) -> list[Talk]:
        """Give the talks that began with the contact from a leg's entry on."""
        enter = self._seen.outcome.legs.enter[leg]
        return [one for one in self._seen.journal.talks if one.contact == self._contact and one.at >= enter]

    def _is_decided(self, leg: int) -> bool:
        """Tell whether a dealt number decided what a leg came to."""
        return self._seen.outcome.legs.handled[leg] in (Handled.RESOLVED, Handled.ESCALATED, Handled.UNRESOLVED)

    def _goes_on(self, leg: int) -> bool:
        """Tell whether another leg of the contact follows."""
        return leg != self._legs[-1]

    def _holder(self, leg: int) -> int:
        """Give the agent who holds the line while a leg waits, or briefs who takes it; NOBODY where none does."""
        legs = self._seen.outcome.legs
        which = self._legs.index(leg)
        before = self._legs[which - 1] if which else leg
        held = legs.hold_end[before] != MISSING or self._seen.outcome.contacts.end[self._record] == MISSING
        handed = which > 0 and legs.handled[before] in (Handled.ESCALATED, Handled.SENT_BACK)
        warm = self._seen.program.tiers.handover[self._seen.program.queues.tier[legs.queue[leg]]] == Handover.WARM
        return int(legs.agent[before]) if handed and held and warm and not legs.backlog[leg] else NOBODY

    def _rows(self, leg: int) -> list[int]:
        rows: list[int] = self._seen.program.queues.rows[self._seen.outcome.legs.queue[leg]].tolist()
        return rows

    def _after(self, row: int) -> int:
        return int(self._seen.program.rows.after[row])


def _kind(number: int) -> str:
    kind = AttemptKind(number)
    return "first contact" if kind == AttemptKind.FIRST else kind.name.lower()


def _wrapped(text: str, head: str) -> Iterator[str]:
    """Break a text into lines below its head."""
    first, *more = wrap(A_QUANTITY.sub("\N{NO-BREAK SPACE}", text), WIDTH - len(head))
    for line in (head + first, *(" " * len(head) + line for line in more)):
        yield line.replace("\N{NO-BREAK SPACE}", " ")
