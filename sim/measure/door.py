"""What becomes of contacts before a human queue, on average: at the door and in self-service, by interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engine.rules import WhenClosed
from sim.scenario.calendar import open_time

if TYPE_CHECKING:
    from sim.demand.marks import ContactPlan
    from sim.engine.program import Program

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Door:
    """Shares of those who come in each interval; shape of each: (intervals,). Full lines and stages are left out."""

    open: Floats
    """Let in; of backlog channels, and where only self-service stays open, those it lets wait count too."""
    passes: Floats
    """Of those let in, handed on by all stages to a human queue."""
    unresolved: Floats
    """Of those let in, left without help by a stage: they gave up, or it thinks falsely that it resolved them."""

    @classmethod
    def of(cls, program: Program, plan: ContactPlan, edges: Ints) -> Door:
        """Work out the door of one type on one channel, by intervals (ms edges)."""
        widths = np.diff(edges)
        let_in = passes = np.ones(len(widths))
        unresolved = np.zeros(len(widths))
        if program.channels.when_closed[plan.channel] != WhenClosed.WAIT:
            let_in = np.diff(open_time(program.channels.open[plan.channel], edges)) / widths
        for stage in plan.stages:
            meets = passes * np.diff(open_time(program.stages.open[stage.stage], edges)) / widths
            gone, resolved = min(stage.gone, 1.0), min(stage.resolved, 1.0)
            unresolved = unresolved + meets * (gone - resolved + resolved * stage.falsely_resolved)
            passes = passes - meets * gone
        return cls(let_in, passes, unresolved)

    @property
    def let_through(self) -> Floats:
        """Share that comes to a human queue."""
        through: Floats = self.open * self.passes
        return through
