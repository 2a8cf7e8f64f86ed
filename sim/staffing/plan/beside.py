"""What a plan is held against: Erlang C by interval, as it is asked for and in shifts, and the shifts of today.

Erlang C asks for whole people in each interval (`erlang_c_requirement`). Played without shifts, groups have exactly so
many people at work, whoever they are: that is what the formula itself is worth. Covered with the plan's shifts it has
more people than that in most intervals, and people who finish what they have in hand after their shift: with long
contacts the two may tell apart a formula that is wrong from shifts that make up for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.scenario.units import HOUR_MS
from sim.staffing.plan.evaluation import ByInterval
from sim.staffing.plan.schedules import Headcounts, Schedules
from sim.staffing.requirement import erlang_c_requirement

if TYPE_CHECKING:
    from sim.experiment.statistics import Estimate
    from sim.staffing.plan.bounds import Found
    from sim.staffing.plan.covers import Covers
    from sim.staffing.plan.evaluation import Block, Evaluator

THIS: Final = "this plan"
ERLANG_C: Final = "Erlang C by interval"
ERLANG_C_BARE: Final = "Erlang C, no shifts"
TODAY: Final = "today"

COMPARED: Final = 24
"""Replications on which plans are held against each other, or more."""


@dataclass(frozen=True)
class Compared:
    """People simulated beside others, on the same hands."""

    name: str
    headcounts: Headcounts | None
    """Of the shifts; None where people come and go by interval, without shifts."""
    hours_at_work: float
    """Agents on duty on average, over the scenario: net of absence, time off the queue and breaks."""
    found: Found
    overtime: Estimate
    """Hours with work in hand after the shift, of a replication: beyond those that are paid or at work."""


def beside(
    schedules: Schedules,
    evaluator: Evaluator,
    block: Block,
    covers: Covers,
    say: Callable[[str], None],
) -> list[Compared]:
    """Simulate what a plan is held against, on a block's look after COMPARED replications.

    Parameters
    ----------
    say
        Told the name of what is simulated.
    """
    scenario, look = schedules.scenario, block.look_of(COMPARED)
    requirement = erlang_c_requirement(scenario)
    others: list[tuple[str, Headcounts | None]] = [(ERLANG_C, covers.cheapest(requirement.needs))]
    if schedules.staffed_today:
        others.append((TODAY, schedules.present))
    found = []
    for name, headcounts in others:
        if headcounts is not None:
            say(name)
            played, overtime = (
                evaluator.found([headcounts], block, look)[0],
                evaluator.overtime(headcounts, block, look),
            )
            found.append(Compared(name, headcounts, hours_at_work(schedules, headcounts), played, overtime))
    planned = {group for groups in requirement.needs for group in groups}
    people = {group: numbers for group, numbers in requirement.by_group.items() if group in planned}
    say(ERLANG_C_BARE)
    bare = ByInterval(scenario, requirement.edges, people)
    played, overtime = evaluator.by_interval(bare, block, look), evaluator.overtime(bare, block, look)
    hours = _hours(schedules, {**requirement.on_duty, **people})
    found.insert(0, Compared(ERLANG_C_BARE, None, hours, played, overtime))
    return found


def hours_at_work(schedules: Schedules, headcounts: Headcounts) -> float:
    """Give the hours of agents on duty on average that a schedule gives."""
    return _hours(schedules, schedules.ground.on_duty(headcounts))


def _hours(schedules: Schedules, on_duty: Mapping[str, NDArray[np.float64] | NDArray[np.int64]]) -> float:
    lengths = np.diff(schedules.ground.edges) / HOUR_MS
    return float(sum(numbers @ lengths for numbers in on_duty.values()))
