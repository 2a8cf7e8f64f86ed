"""Plans: the headcounts of shifts that keep every target at the least cost, proven by simulation."""

from sim.staffing.plan.course import PlanProgress
from sim.staffing.plan.planned import Plan
from sim.staffing.plan.planning import plan, schedules_of

__all__ = ["Plan", "PlanProgress", "plan", "schedules_of"]
