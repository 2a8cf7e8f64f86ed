"""Duty plans that share crews and draws are those that each scenario would have by itself."""

from collections.abc import Callable
from dataclasses import fields

import numpy as np

from sim.demand.duty import DutyPlan, ShiftCrew
from sim.demand.kept import Kept
from sim.scenario.load import load

SCENARIO = "scenarios/support_week.yaml"


def test_what_is_kept_of_other_headcounts_changes_no_duty() -> None:
    """Fewer people, then more, then the first again; a group staffed by numbers beside them."""
    scenario = load(SCENARIO).with_changes(
        {
            "agent_groups.billing_desk.shifts": None,
            "agent_groups.billing_desk.headcount": 5,
            "plan": None,
        }
    )
    kept = Kept()
    for early in (15, 9, 18, 15):
        changed = scenario.with_changes({"agent_groups.front_desk.shifts.early.headcount": early})
        ours, alone = DutyPlan(changed, kept), DutyPlan(changed)
        for replication in (1, 2):
            one, other = ours.deal(7, replication), alone.deal(7, replication)
            for field in fields(one):
                assert np.array_equal(getattr(one, field.name), getattr(other, field.name)), field.name


def test_a_crew_is_made_once_for_each_headcount() -> None:
    """Of plans that differ in one shift, the crew of another is the same."""
    made = []
    scenario = load(SCENARIO)

    class Watched(Kept):
        def crew(
            self, numbers: tuple[int, int], headcount: tuple[int, ...], make: Callable[[], ShiftCrew]
        ) -> ShiftCrew:
            def watched() -> ShiftCrew:
                made.append(numbers)
                return make()

            return super().crew(numbers, headcount, watched)

    kept = Watched()
    DutyPlan(scenario, kept)
    assert len(made) == len(set(made))
    before = len(made)
    DutyPlan(scenario.with_changes({"agent_groups.front_desk.shifts.early.headcount.mon": 3}), kept)
    assert len(made) == before + 1
