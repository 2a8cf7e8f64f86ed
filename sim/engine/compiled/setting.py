"""From a Program and a Hand to the table of objects of the compiled engine, and the lists that they point into."""

from __future__ import annotations

from typing import Final
from weakref import WeakKeyDictionary

import numpy as np

from sim.demand.hand import Hand
from sim.engine.compiled.layout import Layout
from sim.engine.compiled.lists import Lists
from sim.engine.compiled.state import (
    AGENT_GROUP,
    AGENT_NUMBER,
    AGENT_SIZE,
    AGENTS,
    AGENTS_END,
    BUSY_SINCE,
    DUTY_SINCE,
    EMPTY_HANDS,
    FIRST_AGENT,
    FRESH,
    GROUP_SIZE,
    KIND,
    LAST_SPAN,
    LAST_STEP,
    NEW,
    OWN_STAND,
    SHIFT_END,
    SIZE,
    SPAN,
    STANDS_FOR,
    STEP,
)
from sim.engine.compiled.use import size_in_progress
from sim.engine.program import Program
from sim.engine.rules import MISSING, NOBODY

LAYOUTS: Final[WeakKeyDictionary[Program, dict[bool, Layout]]] = WeakKeyDictionary()
"""Of Programs that are in use, with places that somebody may leave behind and without."""


class Setting:
    """The objects of a replication as they are before it begins, each kind in rows of its own.

    Parameters
    ----------
    program
        The scenario in numbers.
    hand
        One replication's dealt chance, of the same scenario.
    """

    def __init__(self, program: Program, hand: Hand) -> None:
        self.program, self.hand = program, hand
        self._layout = layout = _layout(program, bool(hand.contacts.silent.any()))
        self.head_starts = layout.head_starts
        self.lists = Lists(layout.lists)
        """What the objects point into."""
        self.agents = len(hand.agents.group)
        stands = layout.pools.several[layout.pools.kind] & program.groups.by_numbers
        self._standing = np.flatnonzero(stands[hand.agents.group])
        self._people = len(layout.objects)
        self._stands = self._people + self.agents * AGENT_SIZE
        self._length = self._stands + len(self._standing) * AGENT_SIZE
        self.objects = np.zeros(self._length, np.int64)
        """All that is there from the start."""
        self.objects[: self._people] = layout.objects
        self.size = size_in_progress(program, hand)
        """Of a contact in progress."""
        self._set_desk()
        self._set_groups()
        self._set_agents()

    @property
    def spare_objects(self) -> int:
        """How much one event may bring about: what is left to do of every piece of work in hand."""
        return 16 + 3 * self.agents * self._layout.levels

    @property
    def spare_events(self) -> int:
        """Events that one event may bring about: ends of all talks of all agents, more than once."""
        return 64 + 4 * self.agents * self._layout.levels * (self._layout.levels + 1)

    @property
    def spare_spans(self) -> int:
        """Spans that may end in one instant."""
        return 2 * self.agents

    def _set_desk(self) -> None:
        desk = self.objects
        desk[AGENTS], desk[AGENTS_END] = self._people, self._stands
        desk[FRESH], desk[SIZE] = self._length, self.size

    def _set_groups(self) -> None:
        agents, groups = self.hand.agents, len(self.program.groups.tier)
        table = self.objects[self._layout.groups : self._layout.groups + groups * GROUP_SIZE].reshape(-1, GROUP_SIZE)
        order = np.argsort(agents.step_group, kind="stable")
        first_step, _ = self.lists.keep(np.column_stack([agents.step_at[order], agents.step_number[order]]))
        bounds = first_step + 2 * np.searchsorted(agents.step_group[order], np.arange(groups + 1))
        table[:, STEP], table[:, LAST_STEP] = bounds[:-1], bounds[1:]
        first_agent = np.searchsorted(agents.group, np.arange(groups))
        has_agents = np.searchsorted(agents.group, np.arange(groups), side="right") > first_agent
        table[:, FIRST_AGENT] = np.where(has_agents, first_agent, NOBODY)

    def _set_agents(self) -> None:
        agents = self.hand.agents
        people = self.objects[self._people : self._stands].reshape(-1, AGENT_SIZE)
        people[:, AGENT_NUMBER] = np.arange(self.agents)
        people[:, AGENT_GROUP] = self._layout.groups + agents.group.astype(np.int64) * GROUP_SIZE
        people[:, STANDS_FOR] = self._people + np.arange(self.agents) * AGENT_SIZE
        people[:, KIND] = EMPTY_HANDS
        people[:, BUSY_SINCE] = people[:, DUTY_SINCE] = people[:, SHIFT_END] = MISSING
        people[:, NEW] = agents.new
        spans = np.column_stack([agents.span_start, agents.span_end, agents.span_pause, agents.span_shift_end])
        first, _ = self.lists.keep(spans)
        people[:, SPAN] = first + 4 * agents.first_span[:-1]
        people[:, LAST_SPAN] = first + 4 * agents.first_span[1:]
        stands = self.objects[self._stands :].reshape(-1, AGENT_SIZE)
        stands[:, STANDS_FOR] = people[self._standing, STANDS_FOR]
        people[self._standing, OWN_STAND] = self._stands + np.arange(len(self._standing)) * AGENT_SIZE


def _layout(program: Program, leaves_places: bool) -> Layout:
    """Return the layout of a Program, made when it is first asked for."""
    layouts = LAYOUTS.setdefault(program, {})
    layout = layouts.get(leaves_places)
    if layout is None:
        layout = layouts[leaves_places] = Layout(program, leaves_places)
    return layout
