"""What is asked by hour or interval before a run: figures that are kept as replications run.

All else that is asked per hour or interval later is gathered by playing the replications again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from operator import index
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.experiment.errors import QuestionError
from sim.experiment.estimate import Question, grid_of, question
from sim.experiment.gather import GRIDS, Grid
from sim.experiment.judge import DEFAULT_WITHIN, question_of
from sim.measure.definitions import MEASURES
from sim.measure.frame import Frame
from sim.scenario.units import read_duration

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

BY_CHANNEL: Final = (
    "arrived",
    "offered",
    "answered",
    "service_level",
    "abandonment",
    "average_speed_of_answer",
    "queue_length",
    "backlog",
)
"""What `Result.intervals` shows by channel; service level within the deadlines of all targets, and 20 s."""

BY_GROUP: Final = ("agents_on_duty", "agents_busy", "agents_free", "occupancy")
"""What `Result.intervals` shows by agent group."""

BY_HOUR: Final = ("service_level", "offered")
"""What reports show by channel and hour."""


@dataclass(frozen=True)
class ToPair:
    """What is asked of scenarios that are compared: kept of each replication apart, so that it can be paired."""

    questions: tuple[Question, ...] = ()
    hours: tuple[tuple[int, int], ...] | None = None
    """Half-open spans, ms, sorted: what is asked per run is asked of the intervals that begin in them; None: of all."""

    @property
    def deadlines(self) -> tuple[tuple[str, int], ...]:
        """The deadlines that are asked for, by measure."""
        return tuple((one.measure.name, one.within) for one in self.questions if one.within is not None)

    def kept_as(self, asked: Question) -> Question:
        """Give the question that figures are kept for; hours are pooled from intervals."""
        return asked if self.hours is None else replace(asked, per="interval")

    def grids(self, frame: Frame) -> list[Grid]:
        """Give what is kept by hour and interval, or pooled from the intervals of the hours."""
        kept = [one for one in map(self.kept_as, self.questions) if one.per in GRIDS]
        pooled = None if self.hours is None else self.intervals(frame)
        return [replace(grid, pooled=pooled) for grid in grid_of(frame, kept)]

    def intervals(self, frame: Frame) -> NDArray[np.int64]:
        """Give the numbers of the intervals that begin in the hours."""
        begin = frame.periods.edges["interval"][:-1]
        spans = np.array(self.hours, np.int64).reshape(-1, 2)
        span = np.searchsorted(spans[:, 0], begin, side="right") - 1
        return np.flatnonzero((span >= 0) & (begin < spans[span, 1])) if len(spans) else np.flatnonzero(begin < 0)


ASKED_NOTHING: Final = ToPair()


def deadline_of(within: str | int | None) -> int | None:
    """Read the deadline of a question, ms."""
    if within is None:
        return None
    try:
        milliseconds = read_duration(within) if isinstance(within, str) else index(within)
    except (ValueError, TypeError):
        milliseconds = -1
    if milliseconds < 0:
        raise QuestionError(f"within: got {within!r}, must be a duration such as '20 s', or whole milliseconds")
    return milliseconds


def usual(base: Scenario, per: str = "run") -> Iterator[Question]:
    """Give the figures that are looked at where nothing is asked: what targets name, and what they cost."""
    if base.targets:
        asked = [question_of(target, per=per) for target in base.targets]
        yield from (one for place, one in enumerate(asked) if one not in asked[:place])
    else:
        live = tuple(name for name, channel in sorted(base.channels.items()) if channel.waiting == "live")
        backlog = tuple(sorted(set(base.channels) - set(live)))
        if live:
            where = {"channel": live}
            yield question("service_level", by="channel", where=where, per=per, within=DEFAULT_WITHIN)
            yield question("abandonment", by="channel", where=where, per=per)
        if backlog:
            yield question("first_response", by="channel", where={"channel": backlog}, per=per)
    if not any(target.measure == "occupancy" for target in base.targets):
        yield question("occupancy", by="agent_group", per=per)
    if base.quality.satisfaction is not None:
        yield question("satisfaction", per=per)
    yield question("staff_hours", per=per)
    if any(group.cost is not None for group in base.agent_groups.values()):
        yield question("cost", per=per)


def intervals_asked(frame: Frame) -> Iterator[Question]:
    """Give the figures of `Result.intervals`."""
    yield from _by(frame, BY_CHANNEL, "channel", "interval")
    yield from _by(frame, BY_GROUP, "agent_group", "interval")


def grids(scenario: Scenario, frame: Frame) -> list[Grid]:
    """Give what is kept by hour and interval: what targets and their floors name, and what reports show."""
    asked = [*intervals_asked(frame), *_by(frame, BY_HOUR, "channel", "hour")]
    for target in scenario.targets:
        asked.append(question_of(target))
        if target.floor is not None:
            asked.append(question_of(target, per=target.floor.per))
    return grid_of(frame, asked)


def _by(frame: Frame, names: tuple[str, ...], dimension: str, per: str) -> Iterator[Question]:
    for name in names:
        for within in deadlines_counted(frame, name):
            yield question(name, by=dimension, per=per, within=within)


def deadlines_counted(frame: Frame, name: str) -> tuple[int | None, ...]:
    """Give the deadlines that are counted of a measure, and none where it does without."""
    counted = frame.thresholds.by_measure.get(name, ())
    return counted if MEASURES[name].within == "yes" else (None, *counted)
