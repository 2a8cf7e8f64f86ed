"""What does not add up over cells: the most at once, and the age of the oldest, by line of each breakdown."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.rules import Left
from sim.measure.agents import busy_spans, duty_spans
from sim.measure.joined import Joined
from sim.measure.legs import backlog_spans, queue_end
from sim.measure.steps import maxima, oldest
from sim.measure.tally import Sums, Tally

Ints = NDArray[np.int64]

LEG_LINES = ("channel", "contact_type", "tier", "queue")


def peak_sums(joined: Joined) -> Sums:
    """Give the maxima of each slot, by line: contacts waiting, agents busy (on duty or not), free, on duty; backlog."""
    tally = Tally(joined.frame.peaks, joined.frame.periods)
    frame, slots = joined.frame, joined.frame.periods.slots
    legs = joined.outcome.legs

    waiting = np.flatnonzero(np.isin(legs.left, (Left.TAKEN, Left.ABANDONED, Left.DISCONNECTED, Left.WAITING)))
    line, leg = leg_lines(joined, waiting)
    tally.values["waiting"] = maxima(line, legs.enter[leg], queue_end(joined)[leg], len(frame.peaks), slots)
    begin, end, is_backlog = backlog_spans(joined)
    line, leg = leg_lines(joined, np.flatnonzero(is_backlog))
    tally.values["backlog"] = maxima(line, begin[leg], end[leg], len(frame.peaks), slots)

    duty, busy = duty_spans(joined), busy_spans(joined)
    on_duty = busy.common(duty)
    for counter, parts in {
        "busy": [(busy, 1)],
        "duty": [(duty, 1)],
        "free": [(duty, 1), (on_duty, -1)],
    }.items():
        owner = np.concatenate([spans.owner for spans, _ in parts])
        sign = np.concatenate([np.full(len(spans.owner), each) for spans, each in parts])
        line, span = agent_lines(joined, owner)
        starts = np.concatenate([spans.begin for spans, _ in parts])[span]
        ends = np.concatenate([spans.end for spans, _ in parts])[span]
        tally.values[counter] = maxima(line, starts, ends, len(frame.peaks), slots, sign[span])
    return tally.sums()


def oldest_sums(joined: Joined) -> Sums:
    """Give the age (ms, since the contact's arrival) of the oldest open backlog contact at the end of each slot."""
    tally = Tally(joined.frame.peaks, joined.frame.periods)
    begin, end, is_backlog = backlog_spans(joined)
    line, leg = leg_lines(joined, np.flatnonzero(is_backlog))
    born = joined.outcome.contacts.begin[joined.leg_contact[leg]]
    at = tally.periods.slots[1:]
    tally.values["oldest"] = oldest(line, born, begin[leg], end[leg], len(tally.cells), at)
    return tally.sums()


def leg_lines(joined: Joined, which: Ints) -> tuple[Ints, Ints]:
    """Give (line, leg) for each of the chosen legs and each breakdown that it belongs to a line of."""
    cells, names = joined.frame.legs, joined.frame.legs.names
    lines, base = [np.zeros(len(which), np.int64)], 1
    for dimension in LEG_LINES:
        lines.append(base + cells.codes[dimension][joined.leg_cell[which]])
        base += len(names[dimension])
    return np.concatenate(lines), np.tile(which, len(lines))


def agent_lines(joined: Joined, agent: Ints) -> tuple[Ints, Ints]:
    """Give (line, position) for each agent and each breakdown that it belongs to a line of."""
    labels, names = joined.frame.labels, joined.frame.legs.names
    group = joined.hand.agents.group[agent].astype(np.int64)
    tier = (
        1 + len(labels.channels) + len(labels.contact_types) + joined.frame.program.groups.tier[group].astype(np.int64)
    )
    first = 1 + sum(len(names[dimension]) for dimension in LEG_LINES)
    lines = [np.zeros(len(agent), np.int64), tier, first + group]
    return np.concatenate(lines), np.tile(np.arange(len(agent)), len(lines))
