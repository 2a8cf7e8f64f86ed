"""The Frame: what measuring needs to know of a scenario, built once and used for every replication."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engine.effects import applies_to
from sim.engine.rules import NO_LIMIT
from sim.measure.breakdowns import (
    Labels,
    agent_cells,
    contact_cells,
    cost_cells,
    leg_cells,
    peak_cells,
    visit_cells,
)
from sim.measure.cells import NOBODY_LABEL, Cells
from sim.measure.clock import Clocks
from sim.measure.periods import Periods
from sim.measure.scoring import Scoring
from sim.scenario.calendar import Calendar
from sim.scenario.names import Names
from sim.scenario.units import PERIODS_MS, Money

if TYPE_CHECKING:
    from sim.engine.program import Program
    from sim.scenario.model.channels import Callback
    from sim.scenario.schema import Scenario

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Thresholds:
    """Deadlines T (ms, inclusive) that are counted as replications run; any other is read from histograms."""

    service: tuple[int, ...] = (20_000,)
    response: tuple[int, ...] = ()
    resolution: tuple[int, ...] = ()

    @classmethod
    def of(cls, scenario: Scenario, more: Iterable[tuple[str, int]] = ()) -> Thresholds:
        """Give the deadlines of a scenario's targets, 20 s for service levels, and more by measure."""

        def named(measure: str, *more: int) -> tuple[int, ...]:
            return tuple(sorted({*more, *asked.get(measure, ())}))

        asked: dict[str, set[int]] = {}
        for target in scenario.targets:
            if target.within is not None:
                asked.setdefault(target.measure, set()).add(target.within)
        for measure, within in more:
            asked.setdefault(measure, set()).add(within)
        service = named("service_level", *cls.service, *named("not_yet_due"))
        return cls(service, named("first_response"), named("resolution"))

    @property
    def by_measure(self) -> dict[str, tuple[int, ...]]:
        """The deadlines by the measures that take one."""
        return {
            "service_level": self.service,
            "not_yet_due": self.service,
            "first_response": self.response,
            "resolution": self.resolution,
        }


@dataclass(frozen=True)
class Prices:
    """What things cost, in thousandths of the currency unit; whole numbers, so that costs add up exactly."""

    hour: Ints
    """Per agent cell (group, shift): paid hour of a person."""
    shift: Ints
    """Per agent cell: each shift that a person works."""
    overtime_hour: Ints
    """Per agent cell."""
    visit: Ints
    """Per self-service stage: each contact that meets it."""
    assist: Ints
    """(groups, types, tiers, channels) all assists that are paid by contact: each leg that an agent takes."""
    assists_by_time: float
    """All assists that are paid by the hour or month: a ms of the clock."""
    lines_by_time: float
    """All lines: a ms of the clock."""

    @classmethod
    def of(cls, scenario: Scenario, names: Names, labels: Labels, agents: Cells) -> Prices:
        """Give the prices of a scenario; what has no price costs nothing.

        A shift without its own cost is paid by its group's cost per hour. Overtime costs `overtime.pay` times the hour,
        for shifts paid by the piece times the group's hour.
        """
        rows = []
        for code, shift in zip(agents.codes["agent_group"], agents.codes["shift"], strict=True):
            group = scenario.agent_groups[labels.groups[code]]
            name = agents.names["shift"][shift]
            own = group.shifts[name].cost if name != NOBODY_LABEL else None
            hourly = group.cost.amount if group.cost else 0.0
            each = own.amount if own and own.per == "each" else 0.0
            if own and own.per != "each":
                hourly = own.amount
            rows.append((0.0 if each else hourly, each, hourly * group.overtime.pay))
        hour, shift_price, overtime = _thousandths(rows).reshape(-1, 3).T
        stages = [scenario.self_service[name].cost for name in labels.stages]
        return cls(
            hour,
            shift_price,
            overtime,
            _thousandths([cost.amount if cost else 0.0 for cost in stages]),
            _by_contact(scenario, names),
            sum(_by_time(assist.cost) for assist in scenario.assists.values()),
            sum((channel.lines or 0) * _by_time(channel.line_cost) for channel in scenario.channels.values()),
        )


def _by_contact(scenario: Scenario, names: Names) -> Ints:
    """Give what the assists that apply cost by contact taken, per (group, type, tier, channel)."""
    shape = len(names.groups), len(names.contact_types), len(names.tiers), len(names.channels)
    prices: Ints = np.zeros(shape, np.int64)
    for assist in scenario.assists.values():
        if assist.cost is not None and assist.cost.per == "contact":
            prices[applies_to(assist, names)] += _thousandths([assist.cost.amount])[0]
    return prices


def _by_time(cost: Money | None) -> float:
    """Give thousandths per ms of what is paid by the hour or month; 0 of what is not."""
    return 0.0 if cost is None or cost.per == "contact" else 1000 * cost.amount / PERIODS_MS[cost.per]


def _thousandths(amounts: Sequence[object]) -> Ints:
    return np.rint(np.array(amounts, np.float64) * 1000).astype(np.int64)


def _promise(callback: Callback | None) -> int:
    return callback.promised_within or NO_LIMIT if callback else NO_LIMIT


@dataclass(frozen=True)
class Frame:
    """What measuring needs to know of a scenario."""

    labels: Labels
    program: Program
    periods: Periods
    clocks: Clocks
    """Of the channels: responses and resolutions."""
    tier_clocks: Clocks
    """Of the tiers: waits of their tickets."""
    thresholds: Thresholds
    short_abandon: Ints
    """Per channel: who abandons sooner (ms) is left out of service level and abandonment; 0: nobody."""
    promised_within: Ints
    """Per channel: when a call-back is promised, ms from acceptance; NO_LIMIT without a promise."""
    repeat_window: int
    """First answers later than this (ms) before the end are too young to be judged as resolved at first contact."""
    prices: Prices
    scoring: Scoring | None = None
    """None where contacts are not scored."""

    @classmethod
    def of(cls, scenario: Scenario, program: Program, deadlines: Iterable[tuple[str, int]] = ()) -> Frame:
        """Give the frame of a scenario and its Program.

        Parameters
        ----------
        deadlines
            (measure, T in ms) to be counted beside those of the scenario's targets.
        """
        calendar = Calendar.of(scenario)
        names = Names.of(scenario)
        labels = Labels.of(names)
        channels = [scenario.channels[name] for name in labels.channels]

        def clocks(names: Iterable[str | None]) -> Clocks:
            return Clocks(
                tuple(
                    np.array(calendar.spans(scenario.opening_hours[name]), np.int64).reshape(-1, 2) if name else None
                    for name in names
                ),
                calendar.length,
            )

        return cls(
            labels,
            program,
            Periods.of(scenario, calendar),
            clocks(channel.clock for channel in channels),
            clocks(scenario.tiers[name].clock for name in labels.tiers),
            Thresholds.of(scenario, deadlines),
            np.array([channel.short_abandon or 0 for channel in channels], np.int64),
            np.array([_promise(channel.callback) for channel in channels], np.int64),
            scenario.time.repeat_window,
            Prices.of(scenario, names, labels, agent_cells(labels, program)),
            Scoring.of(scenario.quality, labels.channels),
        )

    @cached_property
    def contacts(self) -> Cells:
        """Cells of contacts."""
        return contact_cells(self.labels, self.program)

    @cached_property
    def legs(self) -> Cells:
        """Cells of legs."""
        return leg_cells(self.labels, self.program)

    @cached_property
    def visits(self) -> Cells:
        """Cells of visits to self-service."""
        return visit_cells(self.labels, self.contacts)

    @cached_property
    def agents(self) -> Cells:
        """Cells of agents."""
        return agent_cells(self.labels, self.program)

    @cached_property
    def costs(self) -> Cells:
        """Cells of costs."""
        return cost_cells(self.labels, self.agents)

    @cached_property
    def peaks(self) -> Cells:
        """Lines of what does not add up over cells."""
        return peak_cells(self.labels, self.program)
