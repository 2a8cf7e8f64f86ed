"""Customer segments."""

from sim.scenario.model.section import Section
from sim.scenario.quantities import Duration


class Customer(Section):
    """A customer segment."""

    head_start: Duration = 0
    """Queues as if it had come this much earlier (`after` of a row counts from when it came). Default: 0 s."""
