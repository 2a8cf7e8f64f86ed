"""What does not add up over cells: the most at once, and the age of the oldest, by line of each breakdown."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.measure.agents import busy_spans, duty_spans
from sim.measure.definitions.formulas import QUEUE_LINES
from sim.measure.joined import Joined
from sim.measure.legs import backlog_spans, waiting_spans
from sim.measure.spans import Spans
from sim.measure.steps import maxima, oldest
from sim.measure.tally import Sums, Tally

Ints = NDArray[np.int64]


def peak_sums(joined: Joined) -> Sums:
    """Give the maxima of each slot, by line: contacts waiting, backlog, agents busy (on duty or not), on duty, free."""
    tally = Tally(joined.frame.peaks, joined.frame.periods)
    lines, slots = len(tally.cells), tally.periods.slots
    duty, busy = duty_spans(joined), busy_spans(joined)
    on_duty = busy.common(duty)
    tally.values = {
        "waiting": maxima(_leg_lines(joined, *waiting_spans(joined)), lines, slots),
        "backlog": maxima(_leg_lines(joined, *backlog_spans(joined)), lines, slots),
        "busy": maxima(_agent_lines(joined, busy), lines, slots),
        "duty": maxima(_agent_lines(joined, duty), lines, slots),
    }
    plus, minus = _agent_lines(joined, duty), _agent_lines(joined, on_duty)
    both = Spans(*(np.concatenate(pair) for pair in zip(plus.columns, minus.columns, strict=True)))
    sign = np.repeat(np.array([1, -1]), [len(plus.owner), len(minus.owner)])
    tally.values["free"] = maxima(both, lines, slots, sign)
    return tally.sums()


def oldest_sums(joined: Joined) -> Sums:
    """Give the age (ms) of the oldest open backlog contact just before each slot's end.

    Since the contact's arrival, without the time in which it awaited its customer.
    """
    tally = Tally(joined.frame.peaks, joined.frame.periods)
    spans, leg = backlog_spans(joined)
    born = joined.outcome.contacts.begin[joined.leg_contact[leg]] + joined.rested[leg]
    by_line = _leg_lines(joined, spans, leg)
    # An ms before the end, so that a period shows what stood when it was over and not what began with the next.
    ages = oldest(by_line, np.tile(born, len(QUEUE_LINES) + 1), len(tally.cells), tally.periods.slots[1:] - 1)
    tally.values["oldest"] = ages
    return tally.sums()


def _leg_lines(joined: Joined, spans: Spans, leg: Ints) -> Spans:
    """Give spans of legs once for each line that the leg belongs to, with the line as owner."""
    cells = joined.frame.legs
    lines, base = [np.zeros(len(leg), np.int64)], 1
    for dimension in QUEUE_LINES:
        lines.append(base + cells.codes[dimension][joined.leg_cell[leg]])
        base += len(cells.names[dimension])
    return _repeated(spans, lines)


def _agent_lines(joined: Joined, spans: Spans) -> Spans:
    """Give spans of agents once for each line that the agent belongs to, with the line as owner."""
    names = joined.frame.legs.names
    group = joined.hand.agents.group[spans.owner].astype(np.int64)
    tier = 1 + len(names["channel"]) + len(names["contact_type"]) + joined.frame.program.groups.tier[group]
    base = 1 + sum(len(names[dimension]) for dimension in QUEUE_LINES)
    return _repeated(spans, [np.zeros(len(group), np.int64), tier.astype(np.int64), base + group])


def _repeated(spans: Spans, lines: list[Ints]) -> Spans:
    return Spans(np.concatenate(lines), np.tile(spans.begin, len(lines)), np.tile(spans.end, len(lines)))
