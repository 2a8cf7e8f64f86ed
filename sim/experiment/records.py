"""One replication's records as tables that people read: names for numbers, wall-clock times for milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.demand.hand import NONE, Agents, Hand
from sim.engine.outcome import Outcome
from sim.engine.rules import MISSING, NOBODY, CallBack, End, Handled, Left
from sim.measure.agents import busy_spans, duty_spans, shift_spans
from sim.measure.breakdowns import ATTEMPTS, Labels, queue_names
from sim.measure.frame import Frame
from sim.measure.joined import Joined
from sim.measure.periods import HOUR_MS
from sim.measure.quality import scores
from sim.measure.scoring import MILLIONTHS
from sim.scenario.calendar import Calendar

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]


class Records:
    """The tables of one replication."""

    def __init__(self, frame: Frame, calendar: Calendar, hand: Hand, outcome: Outcome) -> None:
        self._frame = frame
        self._calendar = calendar
        self._joined = Joined(frame, hand, outcome)

    def contacts(self) -> pd.DataFrame:
        """Give one row per contact that began: who, when, how it ended, and its wait in its first human queue."""
        joined, frame = self._joined, self._frame
        records, labels, first = joined.outcome.contacts, frame.labels, joined.first_leg
        legs = joined.outcome.legs
        queued = np.flatnonzero(first != NOBODY)
        enter, leave = np.full(len(first), MISSING), np.full(len(first), MISSING)
        enter[queued], leave[queued] = legs.enter[first[queued]], legs.leave[first[queued]]
        return _frame(
            {
                "contact": records.contact,
                "inquiry": joined.inquiry,
                "attempt": _numbers(joined.hand.contacts.attempt[records.contact]),
                "kind": _named(ATTEMPTS, joined.kind),
                "channel": _named(labels.channels, joined.channel),
                "contact_type": _named(labels.contact_types, joined.contact_type),
                "customer": _named((*labels.customers[:-1], ""), joined.customer),
                "language": _named((*labels.languages[:-1], ""), joined.language),
                "arrived": self._wall(records.begin),
                "ended": self._wall(records.end),
                "end": _named([end.name.lower() for end in End], records.how),
                "stage": _named((*labels.stages, ""), records.stage),
                "call_back": _named([offer.name.lower() for offer in CallBack], records.call_back),
                "entered_queue": self._wall(enter),
                "wait_s": _seconds(leave, enter),
                "exchanges": joined.number_of_legs(joined.replies),
                "satisfaction": self._satisfaction(),
                "legs": joined.number_of_legs(np.ones(len(legs.contact), bool)),
            }
        )

    def _satisfaction(self) -> NDArray[np.float64]:
        """Give the score of each contact, NaN where it has none."""
        joined, scoring = self._joined, self._frame.scoring
        if scoring is None:
            return np.full(len(joined.outcome.contacts.contact), np.nan)
        score = scores(self._frame, joined.hand, joined.outcome)
        return np.where(score == MISSING, np.nan, score / MILLIONTHS)

    def legs(self) -> pd.DataFrame:
        """Give one row per leg: its queue, its times, who took it and what came of it."""
        joined, frame = self._joined, self._frame
        legs, queues = joined.outcome.legs, frame.program.queues
        labels = frame.labels
        return _frame(
            {
                "contact": legs.contact,
                "queue": _named(queue_names(labels, frame.program), legs.queue),
                "tier": _named(labels.tiers, queues.tier[legs.queue]),
                "contact_type": _named(labels.contact_types, queues.contact_type[legs.queue]),
                "channel": _named(labels.channels, queues.channel[legs.queue]),
                "language": _named((*labels.languages[:-1], ""), queues.language[legs.queue]),
                "exchange": joined.exchange,
                "backlog": legs.backlog == 1,
                "entered_queue": self._wall(legs.enter),
                "left_queue": self._wall(legs.leave),
                "left": _named([left.name.lower() for left in Left], legs.left),
                "found_silent": self._wall(legs.found),
                "wait_s": _seconds(legs.leave, legs.enter),
                "agent": _named((*agent_names(labels, joined.hand.agents), ""), legs.agent),
                "agent_group": _named((*labels.groups, ""), joined.leg_group),
                "briefing_s": legs.briefing / 1000,
                "talk_s": _seconds(legs.talk, np.zeros_like(legs.talk)),
                "dialled": legs.dialled == 1,
                "parked_s": legs.parked / 1000,
                "talk_ended": self._wall(legs.talk_end),
                "holding_ended": self._wall(legs.hold_end),
                "wrap_up_ended": self._wall(legs.wrap_up_end),
                "handled": _named([handled.name.lower() for handled in Handled], legs.handled),
            }
        )

    def agents(self) -> pd.DataFrame:
        """Give one row per agent: hours on duty, busy on duty, busy beyond duty, in overtime, paid; contacts taken.

        Busy beyond duty is work that ran into a break, an off-phone block, or overtime (after the shift).
        """
        joined, labels = self._joined, self._frame.labels
        agents = joined.hand.agents
        number = len(agents.group)
        duty, busy = duty_spans(self._frame, joined.hand, joined.outcome), busy_spans(joined.outcome)
        on_duty = busy.common(duty)
        owner = np.repeat(np.arange(number), np.diff(agents.first_paid))
        taken = joined.outcome.legs.agent[joined.taken]

        def hours(who: Ints, begin: Ints, end: Ints) -> NDArray[np.float64]:
            return np.bincount(who, end - begin, minlength=number) / HOUR_MS

        due = busy.common(shift_spans(joined.hand, duty))
        working = hours(busy.owner, busy.begin, busy.end)
        within = hours(on_duty.owner, on_duty.begin, on_duty.end)
        return _frame(
            {
                "agent": agent_names(labels, agents),
                "agent_group": _named(labels.groups, agents.group),
                "shift": [_shift(labels, *of) for of in zip(agents.group, agents.shift, strict=True)],
                "on_duty_h": hours(duty.owner, duty.begin, duty.end),
                "busy_h": within,
                "busy_beyond_duty_h": working - within,
                "overtime_h": working - hours(due.owner, due.begin, due.end),
                "paid_h": hours(owner, agents.paid_start, agents.paid_end),
                "taken": np.bincount(taken, minlength=number),
            }
        )

    def _wall(self, at: Ints) -> pd.Series[pd.Timestamp]:
        return wall_clock(self._calendar, at)


def agent_names(labels: Labels, agents: Agents) -> list[str]:
    """Name agents as group/shift/number, the number from 1; without a shift as group/number."""
    return [
        "/".join(part for part in (labels.groups[group], _shift(labels, group, shift), str(index + 1)) if part)
        for group, shift, index in zip(agents.group, agents.shift, agents.index, strict=True)
    ]


def _shift(labels: Labels, group: int, shift: int) -> str:
    return "" if shift == NONE else labels.shifts[group][shift]


def wall_clock(calendar: Calendar, at: Ints) -> pd.Series[pd.Timestamp]:
    """Give instants (ms since the scenario's start) on the scenario's clock; MISSING as not a time."""
    import pandas as pd  # noqa: PLC0415  (loading pandas takes longer than many runs)

    missing = at == MISSING
    since = pd.Series(np.where(missing, 0, at).astype("timedelta64[ms]"))
    times = since + pd.Timestamp(calendar.origin).as_unit("ms")
    return times.mask(missing).dt.tz_convert(str(calendar.zone))


def _seconds(later: Ints, earlier: Ints) -> NDArray[np.float64]:
    known = (later != MISSING) & (earlier != MISSING)
    return np.where(known, np.where(known, later, 0) - np.where(known, earlier, 0), np.nan) / 1000


def _numbers(values: NDArray[np.integer]) -> Any:
    """Give whole numbers, NONE as a missing value."""
    import pandas as pd  # noqa: PLC0415

    return pd.Series(values, dtype="Int64").mask(values == NONE)


def _named(names: tuple[str, ...] | list[str], numbers: NDArray[Any]) -> Any:
    import pandas as pd  # noqa: PLC0415

    listed = list(dict.fromkeys(names))
    codes = np.array([listed.index(name) for name in names], np.int64)[numbers] if names else np.empty(0, np.int64)
    return pd.Categorical.from_codes(codes, pd.Index(listed, dtype=str))


def _frame(columns: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415

    return pd.DataFrame(columns)
