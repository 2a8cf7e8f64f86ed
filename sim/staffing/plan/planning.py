"""From a scenario to its plan: what is asked, what is refused, and who does the work."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, Literal

from sim.experiment.errors import QuestionError
from sim.scenario.errors import Problem, ScenarioError
from sim.staffing.plan.budget import Budget
from sim.staffing.plan.course import Course, PlanProgress
from sim.staffing.plan.planned import Plan
from sim.staffing.plan.schedules import Schedules
from sim.staffing.plan.workshop import Workshop

if TYPE_CHECKING:
    from pathlib import Path

    from sim.engine.choice import Name
    from sim.scenario.schema import Scenario


def plan(  # noqa: PLR0913  (all that can be asked of a plan)
    scenario: Scenario,
    *,
    seed: int = 1,
    workers: int | Literal["auto"] = "auto",
    engine: Name = "compiled",
    resume: str | Path | None = None,
    begin: Plan | None = None,
    effort: float = 1.0,
    time_limit: str | None = None,
    progress: Callable[[PlanProgress], None] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Plan:
    """Find the headcounts of shifts that keep every target at the least cost, and prove it by simulation.

    Targets are the scenario's. A schedule is kept if the mean over the replications keeps every bound in every period
    that it names, with a margin: by that half-width that the confirmation's intervals will have, and what luck may make
    up. Three blocks of replications have no hand in common: the search goes down on the first; its best is looked at
    again on the second, and what it lacks on both together is asked of the search on top, until nothing is lacking;
    then it is confirmed, once, on the third. If that does not show that every target is kept, the search goes on by
    what is known then, with a wider margin, and the next plan is confirmed on a block of its own. No plan is dearer
    than the schedule of today if that passes the confirmation, too.

    Parameters
    ----------
    scenario
        With targets, and a `plan` that says what may change.
    seed
        Of all chance, 0 or more. The same scenario, seed and version give the same plan.
    workers
        Processes that play side by side; `auto`: as many as there are processors, if the work is worth their start.
    engine
        As for `run`.
    resume
        A file in which every evaluation is kept, made if there is none: a plan that was ended goes on from it.
    begin
        A plan of the same shifts for other promises: the search begins at its headcounts.
    effort
        How many replications a block has, as a share of what is usual. Fewer are quicker; their wider margins make
        plans dearer.
    time_limit
        How long it may take, such as "10 min": the search ends in time for the confirmation, as far as the replications
        so far tell how long that takes. One schedule is looked at in any case.
    progress
        Is told what is done.
    clock
        Gives the seconds by which the time limit is kept.

    Returns
    -------
    Plan
        Verified; or undecided, if the confirmation does not tell; or infeasible: then the cheapest that comes about as
        near to the limits as any that was found.
        Interrupted (Ctrl-C), or out of time, the best so far, confirmed; if nothing that keeps all targets was found by
        then, the nearest.

    Raises
    ------
    ScenarioError
        If the scenario has no targets, or nothing that may change.
    InfeasibleError
        If the plan's bounds allow no schedule at all.
    ValueError
        If `begin` plans other shifts, the effort is not above 0, or the time limit is no time.
    """
    budget = Budget(time_limit, clock)
    schedules = schedules_of(scenario)
    _check(scenario, schedules, begin, effort)
    with Workshop(schedules, seed, workers, engine, resume) as workshop:
        return planned_in(workshop, schedules, begin=begin, effort=effort, progress=progress, budget=budget)


def planned_in(  # noqa: PLR0913  (all that can be asked of a plan)
    workshop: Workshop,
    schedules: Schedules,
    *,
    begin: Plan | None,
    effort: float,
    progress: Callable[[PlanProgress], None] | None,
    budget: Budget | None = None,
) -> Plan:
    """Plan as `plan` does, with what plans of scenarios that differ in their bounds alone share."""
    time_for_it = Budget(None, time.monotonic) if budget is None else budget
    _check(schedules.scenario, schedules, begin, effort)
    course = Course(workshop, schedules, time_for_it, effort=effort, progress=progress)
    found = course.found(begin.headcounts if begin is not None else None)
    return replace(found, effort=replace(found.effort, seconds=time_for_it.elapsed_s))


def _check(scenario: Scenario, schedules: Schedules, begin: Plan | None, effort: float) -> None:
    if not scenario.targets:
        place = scenario.origin.document.place
        raise ScenarioError([Problem(place, "targets", "are missing: a plan needs promises to keep")])
    if begin is not None and begin.schedules.keys != schedules.keys:
        raise QuestionError(f"begin: plans other shifts than {scenario.name!r} has; leave it out")
    if not 0 < effort < inf:
        raise QuestionError(f"effort: got {effort!r}, must be a number above 0, such as 0.5")


def schedules_of(scenario: Scenario) -> Schedules:
    """Give the schedules of a scenario; ScenarioError if there is no `plan`, or nothing in it to choose."""
    if scenario.plan is None:
        raise _refused(scenario, "is missing; say which shifts may change, such as plan: {shifts: {agents: all}}")
    schedules = Schedules(scenario)
    if not schedules.movable:
        raise _refused(scenario, "leaves no headcount to choose: every shift that it names has a fixed one")
    return schedules


def _refused(scenario: Scenario, text: str) -> ScenarioError:
    document = scenario.origin.document
    section = document.child("plan")
    return ScenarioError([Problem(section.place if section is not None else document.place, "plan", text)])
