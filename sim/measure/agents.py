"""The account of agents: duty, work in hand, overtime, paid time and slots, all by the clock."""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm

import numpy as np
from numpy.typing import NDArray

from sim.demand.hand import NONE, Agents
from sim.engine.rules import MISSING, Handled
from sim.measure.joined import Joined
from sim.measure.spans import Spans
from sim.measure.tally import Sums, Tally

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class AgentTime:
    """What agents' time went into, by agent."""

    duty: Spans
    busy: Spans
    """With work in hand, on duty or beyond."""
    on_duty: Spans
    """With work in hand, on duty."""

    @classmethod
    def of(cls, joined: Joined) -> AgentTime:
        """Work it out of a replication's records."""
        duty, busy = duty_spans(joined), busy_spans(joined)
        return cls(duty, busy, busy.common(duty))


def agent_sums(joined: Joined, time: AgentTime) -> Sums:
    """Add up agents' time by (group, shift) and slot, in ms.

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
    tally = Tally(joined.frame.agents, joined.frame.periods)
    cell = agent_cell(joined)
    duty, busy, on_duty = time.duty, time.busy, time.on_duty

    tally.spread("duty", duty.owned_by(cell))
    tally.spread("busy", on_duty.owned_by(cell))
    tally.spread("beyond", busy.owned_by(cell))
    tally.spread("beyond", on_duty.owned_by(cell), -1)
    tally.spread("overtime", busy.without(busy.common(shift_spans(joined, duty)).merged()).owned_by(cell))

    agents = joined.hand.agents
    owner = np.repeat(np.arange(len(agents.group)), np.diff(agents.first_paid))
    tally.spread("paid", Spans(owner, agents.paid_start, agents.paid_end).owned_by(cell))
    _count_shifts(tally, cell, agents)
    _count_slots(tally, joined, cell, duty, on_duty)
    return tally.sums()


def agent_cell(joined: Joined) -> Ints:
    """Give the cell of each agent."""
    names, agents = joined.frame.agents.names["shift"], joined.hand.agents
    nobody = len(names) - 1
    shift = np.array(
        [
            nobody if number == NONE else names.index(joined.frame.labels.shifts[group][number])
            for group, number in zip(agents.group.tolist(), agents.shift.tolist(), strict=True)
        ],
        np.int64,
    )
    return joined.frame.agents.number(agent_group=agents.group.astype(np.int64), shift=shift)


def duty_spans(joined: Joined) -> Spans:
    """Give when agents were on duty; of groups staffed by numbers, when they were among those due."""
    agents = joined.outcome.agents
    present = Spans(agents.duty_agent.astype(np.int64), agents.duty_begin, agents.duty_end).merged()
    return present.without(_surplus_spans(joined, present))


def shift_spans(joined: Joined, duty: Spans) -> Spans:
    """Give when agents were due, breaks and off-phone blocks included; of groups staffed by numbers, their duty."""
    agents = joined.hand.agents
    owner = np.repeat(np.arange(len(agents.group)), np.diff(agents.first_span))
    return Spans(
        np.concatenate((owner, duty.owner)),
        np.concatenate((agents.span_start, duty.begin)),
        np.concatenate((agents.span_shift_end, duty.end)),
    ).merged()


def _surplus_spans(joined: Joined, present: Spans) -> Spans:
    """Give when people of groups staffed by numbers stayed on only to finish, their number having fallen.

    Who is one too many is nobody's to say: from one step of the number to the next it is those who leave first, as
    many as there are more people than the number.
    """
    dealt = joined.hand.agents
    group = dealt.group[present.owner]
    owners, begins, ends = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for number in np.unique(dealt.step_group):
        step = dealt.step_group == number
        at, due = dealt.step_at[step], dealt.step_number[step]
        people = present.chosen(group == number)
        people = people.chosen(np.argsort(people.end, kind="stable"))
        following = np.append(at[1:], joined.frame.periods.end)
        there = np.searchsorted(np.sort(people.begin), at, side="right") - np.searchsorted(people.end, at, side="right")
        for which in np.flatnonzero(there > due):
            here = np.flatnonzero((people.begin <= at[which]) & (people.end > at[which]))[: there[which] - due[which]]
            owners.append(people.owner[here])
            begins.append(np.full(len(here), at[which]))
            ends.append(np.minimum(people.end[here], following[which]))
    return Spans(np.concatenate(owners), np.concatenate(begins), np.concatenate(ends)).merged()


def busy_spans(joined: Joined) -> Spans:
    """Give when agents had work in hand."""
    agents = joined.outcome.agents
    return Spans(agents.busy_agent.astype(np.int64), agents.busy_begin, agents.busy_end).merged()


def _count_shifts(tally: Tally, cell: Ints, agents: Agents) -> None:
    """Count the person-shifts that begin in measured time."""
    owner = np.repeat(np.arange(len(agents.group)), np.diff(agents.first_shift))
    inside = (agents.shift_begin >= tally.periods.begin) & (agents.shift_begin < tally.periods.end)
    tally.count("shifts", cell[owner[inside]], tally.periods.slot_of(agents.shift_begin[inside]))


def _count_slots(tally: Tally, joined: Joined, cell: Ints, duty: Spans, on_duty: Spans) -> None:
    """Count slot-time; parked time is taken off the begin of the work that lay parked."""
    limits = joined.frame.program.groups.slot_limit
    parts = np.array([lcm(*(int(limit) for limit in of_group if limit > 0)) for of_group in limits], np.int64)
    group = joined.hand.agents.group.astype(np.int64)
    legs = joined.outcome.legs
    channel = joined.channel[joined.leg_contact]
    taken = np.flatnonzero(joined.took != MISSING)
    limit = limits[group[legs.agent[taken]], channel[taken]]
    slotted, limit = taken[limit > 0], limit[limit > 0]
    over = np.where(legs.handled == Handled.RETURNED, legs.talk_end, legs.wrap_up_end)[slotted]
    end = np.where(over == MISSING, joined.frame.periods.end, over)
    work = Spans(legs.agent[slotted].astype(np.int64), joined.took[slotted] + np.maximum(legs.parked[slotted], 0), end)

    per_agent = parts[group]
    _spread_weighted(tally, "slots", duty, per_agent[duty.owner], cell)
    _spread_weighted(tally, "slots_used", on_duty, per_agent[on_duty.owner], cell)
    # Work in hand is counted whole so far; where it was in slots, count the occupied ones instead.
    together = work.merged().common(duty)
    _spread_weighted(tally, "slots_used", together, -per_agent[together.owner], cell)
    share = per_agent[work.owner] // limit
    for weight in np.unique(share):
        alone = work.chosen(share == weight).common(duty)
        _spread_weighted(tally, "slots_used", alone, np.full(len(alone.owner), weight), cell)


def _spread_weighted(tally: Tally, counter: str, spans: Spans, weight: Ints, cell: Ints) -> None:
    """Add time by cell, each span weighted; without spans the counter is there all the same."""
    for value in np.unique(weight) if len(weight) else (0,):
        tally.spread(counter, spans.chosen(weight == value).owned_by(cell), int(value))
