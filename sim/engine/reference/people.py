"""The people of the reference engine and what they have in their hands."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from typing import Final

import simpy

from sim.demand.hand import Agents
from sim.engine.program import Groups
from sim.engine.reference.clock import Moment
from sim.engine.rules import MISSING, NOBODY, CallBack, End, Handled, Left

EMPTY_HANDS: Final = -2
"""Kind of work of an agent who has none."""
WHOLE_HANDS: Final = -1
"""Kind of work of an agent whose work takes all of the agent; kinds from 0 on are channels with slots."""
FULL_SPEED: Final = 1_000_000
"""Pace in parts per million."""


class Contact:
    """A contact that has begun."""

    __slots__ = (
        "begin",
        "call_back",
        "channel",
        "contact_type",
        "dials",
        "end",
        "harder",
        "head_start",
        "holds_line",
        "how",
        "leg",
        "legs",
        "live",
        "number",
        "stage",
        "to_dial",
    )

    def __init__(self, number: int, contact_type: int, channel: int, live: bool, begin: int) -> None:
        self.number = number
        self.contact_type = contact_type
        self.channel = channel
        self.live = live
        self.begin = begin
        self.head_start = 0
        self.holds_line = False
        self.harder = 1.0
        self.legs = 0
        self.leg: Leg | None = None
        self.end = MISSING
        self.how = End.OPEN
        self.stage = NOBODY
        self.call_back = CallBack.NOT_OFFERED
        self.to_dial = False
        self.dials = 0

    def entry(self, now: int) -> int:
        """Return when the contact entered the queue that it is put into now: who came before the start waits since."""
        return self.begin if self.begin < 0 and self.legs == 0 else now


class Leg:
    """One stay of a contact in a queue and its handling by one agent.

    `tier_mark` is the row of what was dealt for it; rows of exchanges are numbered after those of tiers.
    """

    __slots__ = (
        "agent",
        "at_the_door",
        "backlog",
        "behind",
        "briefing",
        "channel",
        "contact",
        "dialled",
        "enter",
        "found",
        "handled",
        "hold_end",
        "in_vain",
        "lane",
        "leave",
        "left",
        "number",
        "pace",
        "pace_since",
        "parked",
        "parked_since",
        "patience_ends",
        "place",
        "queue",
        "remaining",
        "resumed",
        "row",
        "talk_end",
        "talk_over",
        "tier_mark",
        "turn",
        "warm_from",
        "wrap_up_end",
    )

    def __init__(self, contact: Contact, queue: int, tier_mark: int, enter: int) -> None:
        self.contact = contact
        self.number = contact.number
        self.channel = contact.channel
        self.queue = queue
        self.tier_mark = tier_mark
        self.backlog = not contact.live
        self.enter = enter
        self.place = enter
        self.behind = False
        self.at_the_door = False
        self.dialled = False
        self.in_vain = False
        self.lane: object = None  # the part of its queue in which rows find it
        self.leave = MISSING
        self.left = Left.WAITING
        self.found = MISSING
        self.row = NOBODY
        self.agent: Agent | None = None
        self.turn: simpy.Event | None = None
        self.patience_ends: Moment | None = None
        self.warm_from: Leg | None = None
        self.briefing = 0
        self.hold_end = MISSING
        self.talk_over: simpy.Event | None = None
        self.remaining = MISSING
        self.pace = FULL_SPEED
        self.pace_since = MISSING
        self.resumed = MISSING
        self.parked = 0
        self.parked_since = MISSING
        self.talk_end = MISSING
        self.wrap_up_end = MISSING
        self.handled = Handled.NOT

    def once_more(self, now: int) -> Leg:
        """Return a new leg of the contact, now its latest, in the same queue and at the same place."""
        leg = Leg(self.contact, self.queue, self.tier_mark, now)
        leg.place, leg.behind = self.place, self.behind
        self.contact.leg = leg
        return leg


class Agent:
    """A person in an agent group."""

    __slots__ = (
        "accepting",
        "busy_since",
        "duty_since",
        "emptied",
        "free",
        "group",
        "kind",
        "number",
        "parked",
        "since",
        "work",
    )

    def __init__(self, number: int, group: Group) -> None:
        self.number = number
        self.group = group
        self.accepting = False
        self.free = False
        self.since = 0
        self.kind = EMPTY_HANDS
        self.work: list[Leg] = []
        self.parked: list[Leg] = []
        self.busy_since = MISSING
        self.duty_since = MISSING
        self.emptied: simpy.Event | None = None

    def can_hold(self, channel: int) -> bool:
        """Return whether a piece of work of a channel can join what is in the agent's hands."""
        if not self.work:
            return True
        return self.kind == channel and len(self.work) < self.group.slot_limit[channel]


class Group:
    """An agent group: its rows, and who of it is free or has a slot to spare.

    The heaps hold (since, number) and are tidied when read: an entry counts only while its agent is as it says.
    """

    def __init__(self, number: int, rows: range, slot_limit: list[int], slot_pace: list[list[int]]) -> None:
        self.number = number
        self.rows = rows
        self.slot_limit = slot_limit
        self.slot_pace = slot_pace
        self.agents: list[Agent] = []
        self.free = 0
        self._free: list[tuple[int, int]] = []
        self._sharing: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self._interruptible: dict[int, list[tuple[int, int, int, Leg]]] = {}
        self._noted = count()
        self.first_agent = 0
        self.surplus = 0

    def agent(self, number: int) -> Agent:
        """Return the agent of that number."""
        return self.agents[number - self.first_agent]

    def note_free(self, agent: Agent) -> None:
        """Remember an agent on duty with empty hands."""
        agent.free = True
        self.free += 1
        heappush(self._free, (agent.since, agent.number))

    def note_not_free(self, agent: Agent) -> None:
        """Forget an agent who takes work or leaves."""
        if agent.free:
            agent.free = False
            self.free -= 1

    def longest_free(self) -> Agent | None:
        """Return who of the group has been free longest, since it last finished or came on duty."""
        heap = self._free
        while heap:
            since, number = heap[0]
            agent = self.agent(number)
            if agent.free and agent.since == since:
                return agent
            heappop(heap)
        return None

    def note_sharing(self, agent: Agent) -> None:
        """Remember an agent on duty who has work with slots in hand and a slot to spare."""
        occupied = len(agent.work)
        if agent.kind >= 0 and occupied < self.slot_limit[agent.kind]:
            heappush(self._sharing.setdefault((agent.kind, occupied), []), (agent.since, agent.number))

    def longest_sharing(self, channel: int, occupied: int) -> Agent | None:
        """Return who has held exactly so many pieces of work of a channel, and finished nothing, for longest."""
        heap = self._sharing.get((channel, occupied))
        while heap:
            since, number = heap[0]
            agent = self.agent(number)
            if agent.kind == channel and len(agent.work) == occupied and agent.accepting and agent.since == since:
                return agent
            heappop(heap)
        return None

    def note_interruptible(self, leg: Leg) -> None:
        """Remember that live work may interrupt this talk."""
        assert leg.agent is not None
        heappush(self._interruptible.setdefault(leg.row, []), (-leg.resumed, leg.agent.number, next(self._noted), leg))

    def last_interruptible(self, row: int) -> Leg | None:
        """Return the talk of a row that may be interrupted and was begun (or resumed) last."""
        heap = self._interruptible.get(row)
        while heap:
            minus_resumed, number, _, leg = heap[0]
            agent = self.agent(number)
            if agent.accepting and leg.resumed == -minus_resumed and agent.work == [leg] and leg.talk_end == MISSING:
                return leg
            heappop(heap)
        return None


def groups_of(table: Groups, agents: Agents) -> list[Group]:
    """Return the groups with all who may come on duty in them."""
    first_row = table.first_row.tolist()
    pace = table.slot_pace.tolist()
    groups = [
        Group(g, range(first_row[g], first_row[g + 1]), table.slot_limit[g].tolist(), pace[g])
        for g in range(len(first_row) - 1)
    ]
    for number, g in enumerate(agents.group.tolist()):
        group = groups[g]
        if not group.agents:
            group.first_agent = number
        group.agents.append(Agent(number, group))
    return groups
