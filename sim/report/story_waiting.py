"""What a contact found in its queue, who was passed on before it, and which rule took it, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.demand.hand import NEVER
from sim.engine.journal import Cause, Doing
from sim.engine.rules import NOBODY, CallBack
from sim.report.story_names import span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.engine.journal import Look, Person, Take, Work
    from sim.experiment.witness import Witnessed
    from sim.report.story_names import Names

DOING: Final = {
    Doing.TALK: "talk",
    Doing.WRAP_UP: "wrap-up",
    Doing.HOLDING: "holding the line",
    Doing.BRIEFING: "briefing",
    Doing.DETECTION: "finding out that nobody is there",
    Doing.PARKED: "laid aside",
}
FEW_PEOPLE: Final = 6
"""Of a group so many are told one by one, more by what they do."""


class Waiting:
    """Tells of a stay in a queue.

    Parameters
    ----------
    seen
        The replication and its journal.
    names
        Writes its numbers.
    """

    def __init__(self, seen: Witnessed, names: Names) -> None:
        self._seen = seen
        self._names = names
        self._rows = seen.program.rows
        self._queues = seen.program.queues

    # ------------------------------------------------------------------ what it found

    def length(self, look: Look) -> str:
        """Tell how long the queue was, and who stood before the contact."""
        places = f"; the places of {self._names.contacts(look.left_silently)}, who left silently, stand before it"
        text = self._ahead(look)
        return text + places if look.left_silently else text

    def _ahead(self, look: Look) -> str:
        if not look.waiting:
            return "nobody waits there"
        if not look.ahead:
            return f"{look.waiting} waiting, all behind it"
        behind = look.waiting - len(look.ahead)
        return f"{look.waiting} waiting{f', {behind} of them behind it' if behind else ''}; " + (
            f"before it {self._names.contacts(look.ahead)}"
        )

    def people(self, look: Look, rows: Iterable[int]) -> Iterator[str]:
        """Tell what the people of the groups of some rows had in hand, and who was away."""
        for group in dict.fromkeys(int(self._rows.group[row]) for row in rows):
            mine = [one for one in look.people if self._seen.hand.agents.group[one.agent] == group]
            if len(mine) <= FEW_PEOPLE:
                yield from (f"{self._names.agent(one.agent)}: {self._hands(one)}" for one in mine)
            else:
                yield f"{self._names.labels.groups[group]}: {self._together(mine)}"
            away = self._away(group, look.at, {one.agent for one in mine})
            others = [*(() if mine else ("nobody on duty",)), *away]
            if others:
                yield f"{self._names.labels.groups[group]}: {', '.join(others)}"

    def _hands(self, one: Person) -> str:
        work = ", ".join(self._piece(piece) for piece in one.work) or "free"
        return work if one.accepting else f"{work}; off duty after that"

    def _piece(self, piece: Work) -> str:
        since = f"{self._names.contact(piece.contact)} since {self._names.clock(piece.since)}"
        return f"laid aside {since}" if piece.doing == Doing.PARKED else f"{DOING[piece.doing]} with {since}"

    def _together(self, people: list[Person]) -> str:
        by_doing: dict[str, list[int]] = {}
        for one in people:
            for piece in one.work:
                by_doing.setdefault(DOING[piece.doing], []).append(piece.contact)
        free = sum(not one.work for one in people)
        parts = [f"{len(numbers)} × {doing} ({self._names.contacts(numbers)})" for doing, numbers in by_doing.items()]
        return f"{len(people)} people: {'; '.join([*parts, *([f'{free} free'] if free else [])])}"

    def _away(self, group: int, at: int, here: set[int]) -> list[str]:
        """Tell how many of a group's people are within their shift, but on a break or off the queue."""
        agents = self._seen.hand.agents
        breaks = off = 0
        for agent in range(len(agents.group)):
            if agents.group[agent] != group or agent in here:
                continue
            for one in range(int(agents.first_span[agent]), int(agents.first_span[agent + 1]) - 1):
                same_shift = agents.span_shift_end[one] == agents.span_shift_end[one + 1]
                if same_shift and agents.span_end[one] <= at < agents.span_start[one + 1] + agents.span_pause[one + 1]:
                    breaks += bool(agents.span_pause[one + 1])
                    off += not agents.span_pause[one + 1]
                    break
        return [f"{count} {where}" for count, where in ((breaks, "on a break"), (off, "off the queue")) if count]

    # ------------------------------------------------------------------ why it waits, and until when

    def prospects(self, look: Look, *, held_by: int, live: bool, call_back: int) -> Iterator[str]:
        """Tell until when the contact waits at most, what rows open later, and whether it is called back."""
        if call_back != CallBack.NOT_OFFERED:
            accepts = call_back == CallBack.ACCEPTED
            yield "a call-back is offered: " + ("it accepts and hangs up" if accepts else "it declines")
        alone = look.at
        if held_by != NOBODY:
            alone += int(self._seen.program.tiers.warm_limit[self._queues.tier[look.queue]])
            until = self._names.then(alone, look.at)
            yield f"{self._names.agent(held_by)} holds the line with it, until {until} at most"
        if live and call_back != CallBack.ACCEPTED:
            patience = int(self._seen.hand.tier_marks.patience[look.mark])
            begins = "" if alone == look.at else f" from {self._names.then(alone, look.at)} on"
            if patience == NEVER:
                yield "it never gives up"
            else:
                yield f"its patience is {span(patience)}{begins}, until {self._names.then(alone + patience, look.at)}"
        for row in self._queues.rows[look.queue].tolist():
            if after := int(self._rows.after[row]):
                yield f"{self._names.row(row)} opens to it after {span(after)}"

    # ------------------------------------------------------------------ who is taken before it

    def passing(self, take: Take, look: Look) -> str:
        """Tell why an agent took another contact while this one waited."""
        agent, row = self._names.agent(take.agent), self._names.row(take.row)
        return f"{agent} takes {self._names.contact(take.contact)} by {row}: {self.why_before(take, look)}"

    def why_before(self, take: Take, look: Look) -> str:
        """Tell why the agent took the other one."""
        group, place = self._rows.group[take.row], look.place
        mine = [row for row in self._queues.rows[look.queue].tolist() if self._rows.group[row] == group]
        opened = [row for row in sorted(mine) if take.at - place >= self._rows.after[row]]
        if not opened:
            return f"{self._names.row(min(mine))} has not opened to this one yet"
        first = opened[0]
        if take.row < first:
            return f"that row comes before {self._names.row(first)}"
        if take.row > first:
            keep_free = int(self._rows.keep_free[first])
            if keep_free:
                return f"{self._names.row(first)} keeps {keep_free} free"
            return "it fits what the agent has in hand, this one does not"
        return self._why_first(take, look)

    def _why_first(self, take: Take, look: Look) -> str:
        """Tell why another contact comes first in the same row."""
        theirs, ours = (int(self._queues.priority[queue]) for queue in (take.queue, look.queue))
        if theirs != ours:
            return f"priority {theirs} goes before {ours}"
        if self._rows.due_first[take.row] and take.queue != look.queue:
            return "it is due sooner"
        if take.queue == look.queue and take.contact in look.ahead + look.left_silently:
            return "it stood before this one"
        if take.place < look.place:
            return f"it has waited since {self._names.then(take.place, look.at)}"
        return "it goes before this one (head start, or what is due)"

    # ------------------------------------------------------------------ which rule takes it

    def taken(self, take: Take, look: Look) -> str:
        """Tell who took the contact, by which rule."""
        who = f"{self._names.agent(take.agent)} takes it by {self._names.row(take.row)}"
        waited = take.at - look.at
        return f"{who} {span(waited) + ' after it came' if waited else 'at once'}: {self._why_taken(take, look)}"

    def _why_taken(self, take: Take, look: Look) -> str:
        if take.interrupted != NOBODY:
            return f"nobody is free, and {self._names.contact(take.interrupted)} can be laid aside for it"
        if take.cause == Cause.ENTERED:
            return self._choice(take, look)
        if take.cause == Cause.ROW_OPENED:
            return f"the row has just opened, {span(int(self._rows.after[take.row]))} after it came"
        if take.cause == Cause.COLLEAGUE_FREE:
            return f"one more colleague is free, and the row keeps {self._rows.keep_free[take.row]} free"
        order = "is due first" if self._rows.due_first[take.row] else "has waited longest"
        among = "of what the row serves"
        if len({int(self._queues.priority[queue]) for queue in self._rows.queues[take.row]}) > 1:
            among += f" nothing has a priority before {self._queues.priority[take.queue]}, and of that"
        return f"{self._what_freed(take)}, and {among} it {order}"

    def _choice(self, take: Take, look: Look) -> str:
        """Tell why this agent and no other was chosen for who had just come."""
        rank = int(self._rows.rank[take.row])
        alike = {
            int(self._rows.group[row])
            for row in self._queues.rows[look.queue].tolist()
            if self._rows.rank[row] == rank and self._rows.after[row] == 0
        }
        groups = self._seen.hand.agents.group
        free = [one for one in look.people if one.accepting and not one.work and groups[one.agent] in alike]
        mine = next(one for one in look.people if one.agent == take.agent)
        if mine.work:
            return f"nobody is free, and beside {len(mine.work)} in hand there is room for it"
        return "nobody else is free" if len(free) == 1 else f"of {len(free)} free the longest so"

    def _what_freed(self, take: Take) -> str:
        legs = self._seen.outcome.legs
        done = legs.contact[(legs.agent == take.agent) & (legs.wrap_up_end == take.at)]
        if len(done):
            return f"{self._names.contacts(done[-1:].tolist())} is done"
        agents = self._seen.outcome.agents
        if ((agents.duty_agent == take.agent) & (agents.duty_begin == take.at)).any():
            return "on duty from now on"
        return "there is room beside what is in hand"
