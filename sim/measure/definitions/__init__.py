"""What each measure is: the docstring is the definition (who is counted, over what, unit, source), shown in reports.

Without a tier, waits, service level and abandonment judge a contact once, by its first human queue; by tier, queue or
group they judge legs there. Service figures belong to the period in which the contact entered its queue, shares of
arrivals and inquiries to that of the arrival, lengths, agents and costs to the clock. A share with a deadline judges
only those whose deadline lies before the end of the scenario, kept or broken.
"""

from sim.measure.definitions import answering, outcomes, work
from sim.measure.definitions.formulas import DIMENSIONS, MEASURES, Ask, Formula, Measure, Quantile, Ratio, ratios

__all__ = [
    "DIMENSIONS",
    "MEASURES",
    "Ask",
    "Formula",
    "Measure",
    "Quantile",
    "Ratio",
    "answering",
    "outcomes",
    "ratios",
    "work",
]
