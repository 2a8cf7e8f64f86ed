"""Deadlines at which a report shows shares: those that the scenario's targets name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.experiment.judge import DEFAULT_WITHIN

if TYPE_CHECKING:
    from sim.scenario.model.targets import Target
    from sim.scenario.schema import Scenario


def deadlines(scenario: Scenario, measure: str, judged: Callable[[Target], bool] = lambda _: True) -> list[int]:
    """Give the deadlines (ms) that the judged targets name for a measure, shortest first."""
    return sorted(
        {
            target.within
            for target in scenario.targets
            if target.measure == measure and target.within is not None and judged(target)
        }
    )


def live_deadlines(scenario: Scenario, channels: list[str]) -> dict[str, list[int]]:
    """Give the deadlines (ms) of each live channel's service level: those of its targets, 20 s where it has none."""

    def of(channel: str) -> list[int]:
        return deadlines(
            scenario, "service_level", lambda target: target.tier is None and target.channel in {channel, None}
        )

    return {channel: of(channel) or [DEFAULT_WITHIN] for channel in channels}
