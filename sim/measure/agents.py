"""The account of agents: duty, work in hand, overtime, paid time and slots, all by the clock."""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.demand.columns import column
from sim.demand.hand import NONE, Hand, sole
from sim.demand.hand import Agents as Dealt
from sim.engine.outcome import Outcome
from sim.engine.tables import LegTable
from sim.measure.counters import OfAgent, agent_columns
from sim.measure.counting.agents import count_instants, cut_surplus, spread_all, write_slotted
from sim.measure.counting.time import Slots
from sim.measure.frame import Frame
from sim.measure.ledger import carry
from sim.measure.spans import Spans, ints, plain

Ints = NDArray[np.int64]

_KNOWN: Final = ("C", "W", "A")
"""How machine code knows arrays."""


@dataclass(frozen=True)
class AgentTime:
    """What agents' time went into, by agent."""

    duty: Spans
    on_duty: Spans
    """With work in hand, on duty."""
    beyond: Spans
    """With work in hand, not on duty."""

    @classmethod
    def of(cls, frame: Frame, hand: Hand, outcome: Outcome) -> AgentTime:
        """Work it out of a replication's records."""
        duty = duty_spans(frame, hand, outcome)
        return cls(duty, *busy_spans(outcome).divided(duty))

    @classmethod
    def none(cls) -> AgentTime:
        """Give nobody's."""
        nobody = Spans(*(np.empty(0, np.int64) for _ in range(3)))
        return cls(nobody, nobody, nobody)


class Agents:
    """Counts agents' time by (group, shift) and slot, in ms.

    Counters
    --------
    duty
        On duty.
    busy
        On duty with work in hand: talk, wrap-up, briefing, holding, finding out that a customer has left silently; with
        slots any work counts.
    beyond
        With work in hand outside duty: in the break or off-phone block that the work ran into, or in overtime.
    overtime
        With work in hand after the shift, or still there although the number of a group staffed by numbers fell. (Work
        that runs into a break puts the break off, and off-phone time is paid for already: neither is paid again.)
    paid
        Paid time: unpaid breaks out, absence in.
    shifts
        Shifts of people, absent or not, when they begin; one that was under way at the start is not counted.
    slots, slots_used
        Slot-time of duty and what work occupied of it, in parts of a slot: an agent offers the least common multiple
        of the group's slot limits; a piece of work with slots takes 1/limit of that, other work all.
    """

    def __init__(self, frame: Frame, slots: Slots) -> None:
        self._frame, self._slots = frame, slots
        self._limits = np.require(frame.program.groups.slot_limit, np.int64, _KNOWN)
        self._parts = np.array([lcm(*(int(limit) for limit in of if limit > 0)) for of in self._limits], np.int64)
        self._parts_of_cells = self._parts[frame.agents.codes["agent_group"]][:, None]

    def by_slot(self, hand: Hand, outcome: Outcome, time: AgentTime) -> dict[str, Ints]:
        """Add up the agents of a replication: each counter, shape (cells, slots)."""
        agents, duty = hand.agents, time.duty
        slots = self._frame.periods.slots
        columns = agent_columns()
        sheet = np.zeros((len(columns.names), len(self._frame.agents), len(slots) - 1), np.int64)
        cell = agent_cell(self._frame, agents)
        overtime = time.beyond
        if len(overtime.owner):
            _, overtime = overtime.divided(shift_spans(hand, duty))
        paid = np.repeat(np.arange(len(cell)), np.diff(agents.first_paid))
        for counter, spans in (
            (OfAgent.DUTY, duty),
            (OfAgent.BUSY, time.on_duty),
            (OfAgent.BEYOND, time.beyond),
            (OfAgent.OVERTIME, overtime),
            (OfAgent.PAID, Spans(paid, agents.paid_start, agents.paid_end)),
        ):
            self._spread(sheet, cell, spans, counter)
        for counter, alike in ((OfAgent.SLOTS, OfAgent.DUTY), (OfAgent.SLOTS_USED, OfAgent.BUSY)):
            sheet[counter : counter + 2] = sheet[alike : alike + 2] * self._parts_of_cells
        begun = np.repeat(np.arange(len(cell)), np.diff(agents.first_shift))
        count_instants(sheet, self._slots, cell, begun, ints(agents.shift_begin), OfAgent.SHIFTS)
        if (self._limits > 0).any():
            self._count_slots(sheet, cell, hand, outcome, duty)
        carry(sheet[OfAgent.DUTY : OfAgent.SHIFTS : 2], sheet[OfAgent.DUTY + 1 : OfAgent.SHIFTS : 2], np.diff(slots))
        return {name: sheet[at] for name, at in columns.of.items()}

    def _spread(self, sheet: Ints, cell: Ints, spans: Spans, counter: int, weight: int = 1) -> None:
        """Add time by cell to a counter."""
        if len(spans.owner):
            spread_all(sheet, self._slots, cell, *plain(spans), int(counter), weight)

    def _count_slots(self, sheet: Ints, cell: Ints, hand: Hand, outcome: Outcome, duty: Spans) -> None:
        """Count occupied slots instead of the whole where work was in slots."""
        work, limit = _slotted(self._limits, hand, outcome, self._frame.periods.end)
        whole = np.zeros((2, *sheet.shape[1:]), np.int64)
        self._spread(whole, cell, work.merged().common(duty), 0)
        sheet[OfAgent.SLOTS_USED : OfAgent.SLOTS_USED + 2] -= whole * self._parts_of_cells
        share = self._parts[hand.agents.group[work.owner]] // limit
        for weight in np.unique(share).tolist():
            alone = work.chosen(share == weight).common(duty)
            self._spread(sheet, cell, alone, OfAgent.SLOTS_USED, weight)


def _slotted(limits: Ints, hand: Hand, outcome: Outcome, end: int) -> tuple[Spans, Ints]:
    """Give the work in slots by agent, and how many of it each may have."""
    legs, channel = LegTable.of(outcome.legs), hand.contacts.channel
    pieces: Ints = column(4 * len(legs.table), np.int64)
    pieces = pieces.reshape(4, len(legs.table))
    number = write_slotted(
        np.require(legs.table, requirements=_KNOWN),
        np.require(legs.asides, requirements=_KNOWN),
        ints(hand.agents.group),
        np.require(channel if sole(channel) is None else channel[:1], np.int16, _KNOWN),
        limits,
        end,
        pieces,
    )
    return Spans(*pieces[:3, :number]), pieces[3, :number]


def agent_cell(frame: Frame, agents: Dealt) -> Ints:
    """Give the cell of each agent."""
    names, labels = frame.agents.names["shift"], frame.labels.shifts
    most = max(map(len, labels), default=0)
    number = np.full((len(labels), most + 1), len(names) - 1)  # the last is of those without a shift
    for group, of_group in enumerate(labels):
        number[group, : len(of_group)] = [names.index(name) for name in of_group]
    shift = number[agents.group, np.where(agents.shift == NONE, most, agents.shift)]
    return frame.agents.number(agent_group=ints(agents.group), shift=shift)


def duty_spans(frame: Frame, hand: Hand, outcome: Outcome) -> Spans:
    """Give when agents were on duty; of groups staffed by numbers, when they were among those due."""
    agents = outcome.agents
    present = Spans(ints(agents.duty_agent), ints(agents.duty_begin), ints(agents.duty_end)).merged()
    surplus = _surplus_spans(hand.agents, present, frame.periods.end)
    return present.without(surplus) if len(surplus.owner) else present


def shift_spans(hand: Hand, duty: Spans) -> Spans:
    """Give when agents were due, breaks and off-phone blocks included; of groups staffed by numbers, their duty."""
    agents = hand.agents
    owner = np.repeat(np.arange(len(agents.group)), np.diff(agents.first_span))
    return Spans(
        np.concatenate((owner, duty.owner)),
        np.concatenate((agents.span_start, duty.begin)),
        np.concatenate((agents.span_shift_end, duty.end)),
    ).merged()


def _surplus_spans(dealt: Dealt, present: Spans, end: int) -> Spans:
    """Give when people of groups staffed by numbers stayed on only to finish, their number having fallen.

    Who is one too many is nobody's to say: from one step of the number to the next it is those who leave first, as
    many as there are more people than the number.
    """
    steps = np.argsort(dealt.step_group, kind="stable")  # in order of time already
    of_step, at, due = ints(dealt.step_group[steps]), dealt.step_at[steps], dealt.step_number[steps]
    until = np.append(at[1:], end)
    until[:-1][of_step[1:] != of_step[:-1]] = end
    # Groups one after the other on one line: of those before a step's own, all have begun and gone.
    stride = end + 1
    before, step = ints(dealt.group[present.owner]) * stride, of_step * stride + at
    leaving = np.argsort(before + present.end, kind="stable")
    gone = np.searchsorted((before + present.end)[leaving], step, side="right")
    surplus = np.searchsorted(np.sort(before + present.begin), step, side="right") - gone - due
    pieces = np.empty((3, int(surplus[surplus > 0].sum())), np.int64)
    cut_surplus(*plain(present.chosen(leaving)), ints(at), until, ints(gone), ints(surplus), pieces)
    return Spans(*pieces).merged()


def busy_spans(outcome: Outcome) -> Spans:
    """Give when agents had work in hand."""
    agents = outcome.agents
    return Spans(ints(agents.busy_agent), ints(agents.busy_begin), ints(agents.busy_end)).merged()
