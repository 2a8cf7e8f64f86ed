"""A scenario with other people: groups staffed by numbers, interval by interval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.scenario.calendar import Calendar
from sim.scenario.model.agent_groups import Shrinkage
from sim.scenario.model.time import DatedSteps

if TYPE_CHECKING:
    from sim.scenario.model.agent_groups import AgentGroup
    from sim.scenario.schema import Scenario

Ints = NDArray[np.int64]


def staffed(scenario: Scenario, edges: Ints, staffing: Mapping[str, Ints]) -> Scenario:
    """Give a scenario in which groups have so many people at work in each interval, whoever they are.

    Their shifts, absence and time off the queue are gone: the numbers are net. Groups that are not named stay.

    Parameters
    ----------
    edges
        (intervals + 1,) ms.
    staffing
        By group: (intervals,) people.
    """
    clock = Calendar.of(scenario).in_zone("UTC")
    begin = clock.wall(0).replace(tzinfo=None)
    groups = dict(scenario.agent_groups)
    for name, numbers in staffing.items():
        changes = np.flatnonzero(np.diff(numbers, prepend=-1))
        rows = tuple((begin + timedelta(milliseconds=int(edges[at])), float(numbers[at])) for at in changes)
        groups[name] = _by_numbers(groups[name], DatedSteps(rows))
    return scenario.model_copy(update={"agent_groups": groups})


def _by_numbers(group: AgentGroup, steps: DatedSteps) -> AgentGroup:
    return group.model_copy(
        update={
            "staffing": steps,
            "zone": "UTC",
            "shifts": {},
            "exceptions": (),
            "headcount": None,
            "shrinkage": Shrinkage(),
        }
    )
