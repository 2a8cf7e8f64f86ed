"""Shrinkage: who is scheduled and not there for contacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.model.agent_groups import AgentGroup
    from sim.scenario.schema import Scenario


@dataclass(frozen=True)
class Shrunk:
    """Shares of the scheduled people that are away, one after the other."""

    absence: float
    """Of the scheduled: sick, on leave at short notice."""
    in_shift: float
    """Of those present: meetings, coaching."""
    breaks: float
    """Of a shift's length, on average over the group's shifts by their present headcounts, else over the patterns of
    the plan; 0 where the group has neither."""

    @classmethod
    def of(cls, scenario: Scenario, group: str) -> Shrunk:
        """Work out a group's."""
        given = scenario.agent_groups[group]
        return cls(given.shrinkage.absence, given.shrinkage.in_shift, _breaks(scenario, group, given))

    @property
    def total(self) -> float:
        """1 − (1 − absence)(1 − in shift)(1 − breaks): gross = net ÷ (1 − it)."""
        return 1 - (1 - self.absence) * (1 - self.in_shift) * (1 - self.breaks)


def _breaks(scenario: Scenario, name: str, group: AgentGroup) -> float:
    lengths = [
        (sum(shift.headcount) or 1, shift.hours[1] - shift.hours[0], sum(pause.length for pause in shift.breaks))
        for shift in group.shifts.values()
        if sum(shift.headcount) or not any(sum(other.headcount) for other in group.shifts.values())
    ]
    if not lengths and scenario.plan is not None:
        lengths = [
            (1, length, sum(pause.length for pause in pattern.breaks))
            for pattern in scenario.plan.patterns
            if pattern.group == name
            for length in pattern.lengths
        ]
    whole = sum(people * length for people, length, _ in lengths)
    return sum(people * pause for people, _, pause in lengths) / whole if whole else 0.0
