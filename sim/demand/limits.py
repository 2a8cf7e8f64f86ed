"""How much can be dealt at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.scenario.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

MOST_INQUIRIES: Final = 500_000_000
"""In one replication: contacts are numbered in 32 bits, and an inquiry may have some."""


def refuse_too_many(scenario: Scenario, inquiries: float) -> None:
    """Refuse volumes beyond what can be dealt, whatever memory there is.

    Parameters
    ----------
    inquiries
        Expected in one replication.

    Raises
    ------
    ScenarioError
        If there are more than `MOST_INQUIRIES`.
    """
    if inquiries > MOST_INQUIRIES:
        document = scenario.origin.document
        node = document.child("contact_types") or document
        said = (
            f"{inquiries:.0e} inquiries are expected in a replication, must be {MOST_INQUIRIES:,} at most; "
            "lower rates, volumes or demand.scale, or shorten time.length"
        )
        raise ScenarioError([Problem(node.key_place or node.place, "contact_types", said)])
