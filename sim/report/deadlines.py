"""Deadlines at which a report shows shares: those that the scenario's targets name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from sim.experiment.judge import DEFAULT_WITHIN

if TYPE_CHECKING:
    from sim.scenario.model.targets import Target
    from sim.scenario.schema import Scenario

OFFERED: Final = "offered"
"""The usual reading of a service level."""

READINGS: Final = {
    "answered": "answered: answered within T ÷ answered",
    "short_out": "short_out: answered within T ÷ (offered − abandoned within T)",
    "settled": "settled: (answered or abandoned within T) ÷ offered",
}
"""What the others mean."""


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
    levels = live_levels(scenario, channels)
    return {channel: sorted({limit for limit, _ in asked}) for channel, asked in levels.items()}


def live_levels(scenario: Scenario, channels: list[str]) -> dict[str, list[tuple[int, str]]]:
    """Give the service levels of each live channel that its targets ask: (deadline in ms, reading), shortest first."""

    def of(channel: str) -> list[tuple[int, str]]:
        return sorted(
            {
                (target.within, target.reading)
                for target in scenario.targets
                if target.measure == "service_level"
                and target.within is not None
                and target.tier is None
                and target.channel in {channel, None}
            }
        )

    return {channel: of(channel) or [(DEFAULT_WITHIN, OFFERED)] for channel in channels}


def in_reading(reading: str) -> str:
    """Name a reading of the service level in brackets, unless it is the usual one."""
    return "" if reading == OFFERED else f" ({reading})"
