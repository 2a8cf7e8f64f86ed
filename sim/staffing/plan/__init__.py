"""Plans: the headcounts of shifts that keep every target at the least cost, proven by simulation."""

from sim.staffing.plan.planned import Plan
from sim.staffing.plan.planning import PlanProgress, plan

__all__ = ["Plan", "PlanProgress", "plan"]
