"""How long plans take, on the clock of two processors: to be verified is part of the promise."""

from collections.abc import Iterator
from math import inf
from pathlib import Path

import sim
from sim.experiment.figures import write_amount
from tests.benchmarks.table import Goal, Row

SCENARIOS = Path(__file__).parents[2] / "scenarios"
GOALS = {"support_week.yaml": Goal("at most", 90.0, " s"), "quarter.yaml": Goal("at most", 600.0, " s")}
"""The second is the largest that is shipped."""


def rows() -> Iterator[Row]:
    """Plan scenarios once each, as `madoguchi plan` does."""
    for name, goal in GOALS.items():
        plan = sim.plan(sim.load(SCENARIOS / name))
        found = f"{plan.status}, {write_amount(plan.objective)} {plan.original.currency}"
        seconds = plan.effort.seconds if plan.verified else inf
        yield Row(name, f"plan, s; {plan.effort.played:,} replications", found, seconds, goal)
