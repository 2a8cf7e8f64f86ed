"""The account of one replication: all its sums, by table."""

from __future__ import annotations

from dataclasses import dataclass

from sim.demand.hand import Hand
from sim.engine.outcome import Outcome
from sim.measure.agents import AgentTime, agent_sums
from sim.measure.contacts import contact_sums
from sim.measure.costs import cost_sums
from sim.measure.frame import Frame
from sim.measure.joined import Joined
from sim.measure.legs import leg_sums, standing_sums
from sim.measure.peaks import oldest_sums, peak_sums
from sim.measure.tally import Sums
from sim.measure.visits import visit_sums


@dataclass(frozen=True)
class Measures:
    """The sums of one replication, by table: whole numbers that add up over replications.

    `contacts`, `legs`, `visits`, `agents` and `costs` add up over slots of time. Of `peaks` a longer period has the
    maximum over its slots, of `standing` and `oldest` what its last slot has.
    """

    tables: dict[str, Sums]


def account(frame: Frame, hand: Hand, outcome: Outcome) -> Measures:
    """Add up one replication."""
    joined = Joined(frame, hand, outcome)
    time = AgentTime.of(joined)
    agents, visits = agent_sums(joined, time), visit_sums(joined)
    return Measures(
        {
            "contacts": contact_sums(joined),
            "legs": leg_sums(joined),
            "visits": visits,
            "agents": agents,
            "costs": cost_sums(joined, agents, visits),
            "peaks": peak_sums(joined, time),
            "standing": standing_sums(joined),
            "oldest": oldest_sums(joined),
        }
    )
