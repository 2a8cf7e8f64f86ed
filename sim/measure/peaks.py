"""What does not add up over cells: the most at once, and the age of the oldest, by line of each breakdown."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.measure.agents import AgentTime
from sim.measure.definitions.formulas import QUEUE_LINES
from sim.measure.joined import Joined
from sim.measure.legs import backlog_spans, waiting_spans
from sim.measure.spans import Spans
from sim.measure.steps import maxima, oldest
from sim.measure.tally import Sums, Tally

Ints = NDArray[np.int64]


def peak_sums(joined: Joined, time: AgentTime) -> Sums:
    """Give the maxima of periods, by line: contacts waiting, backlog, agents busy (on duty or not), on duty, free."""
    tally = Tally(joined.frame.peaks, joined.frame.periods)
    lines = len(tally.cells)
    duty, busy, on_duty = time.duty, time.busy, time.on_duty
    for counter, (spans, leg) in {"waiting": waiting_spans(joined), "backlog": backlog_spans(joined)}.items():
        tally.levels(counter, partial(maxima, spans, lines, lines=_leg_lines(joined, leg)))
    for counter, spans in {"busy": busy, "duty": duty}.items():
        tally.levels(counter, partial(maxima, spans, lines, lines=_agent_lines(joined, spans.owner)))
    both = Spans(*(np.concatenate(pair) for pair in zip(duty.columns, on_duty.columns, strict=True)))
    sign = np.repeat(np.array([1, -1]), [len(duty.owner), len(on_duty.owner)])
    tally.levels("free", partial(maxima, both, lines, sign=sign, lines=_agent_lines(joined, both.owner)))
    return tally.sums()


def oldest_sums(joined: Joined) -> Sums:
    """Give the age (ms) of the oldest open backlog contact just before the end of each period.

    Since the contact's arrival, without the time in which it awaited its customer.
    """
    tally = Tally(joined.frame.peaks, joined.frame.periods)
    spans, leg = backlog_spans(joined)
    born = joined.outcome.contacts.begin[joined.leg_contact[leg]] + joined.rested[leg]
    rows = _leg_lines(joined, leg)
    by_line = Spans(np.concatenate(rows), *(np.tile(at, len(rows)) for at in (spans.begin, spans.end)))
    # An ms before the end, so that a period shows what stood when it was over and not what began with the next.
    born = np.tile(born, len(QUEUE_LINES) + 1)
    tally.levels("oldest", lambda edges: oldest(by_line, born, len(tally.cells), edges[1:] - 1))
    return tally.sums()


def _leg_lines(joined: Joined, leg: Ints) -> list[Ints]:
    """Give the lines that each leg belongs to: of the run, and of each dimension."""
    cells = joined.frame.legs
    lines, base = [np.zeros(len(leg), np.int64)], 1
    for dimension in QUEUE_LINES:
        lines.append(base + cells.codes[dimension][joined.leg_cell[leg]])
        base += len(cells.names[dimension])
    return lines


def _agent_lines(joined: Joined, agent: Ints) -> list[Ints]:
    """Give the lines that each agent belongs to: of the run, its tier and its group."""
    names = joined.frame.legs.names
    group = joined.hand.agents.group[agent].astype(np.int64)
    tier = 1 + len(names["channel"]) + len(names["contact_type"]) + joined.frame.program.groups.tier[group]
    base = 1 + sum(len(names[dimension]) for dimension in QUEUE_LINES)
    return [np.zeros(len(group), np.int64), tier.astype(np.int64), base + group]
