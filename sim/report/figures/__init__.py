"""Figures: what was found, drawn with Matplotlib, each figure with its interval.

>>> import sim
>>> result = sim.run(sim.load("scenarios/call_centre.yaml"), replications=50)
>>> sim.figures.heat_map(result, channel="phone")

Every function draws on the axes that it is given as `ax`, or makes some, and returns them; no global style changes, and
Matplotlib is imported by drawing alone. Colours differ in lightness and lines in their dashes, so that a print in grey
tells them apart.
"""

from sim.report.figures.differences import differences
from sim.report.figures.frontier import frontier
from sim.report.figures.heat_map import heat_map
from sim.report.figures.schedule import required, required_and_scheduled
from sim.report.figures.tornado import tornado
from sim.report.figures.waits import waits
from sim.report.figures.week import agents, queue_length

__all__ = [
    "agents",
    "differences",
    "frontier",
    "heat_map",
    "queue_length",
    "required",
    "required_and_scheduled",
    "tornado",
    "waits",
]
