"""Self-service stages before a person is asked, and tiers of people."""

from typing import Annotated

from sim.scenario import units
from sim.scenario.model.contact_types import NOTHING
from sim.scenario.model.distribution import Distribution
from sim.scenario.model.section import Section
from sim.scenario.quantities import (
    ChannelName,
    Choice,
    CostPerContact,
    OpeningHoursName,
    PositiveCount,
    PositiveDuration,
    PositiveFactor,
    Resolves,
    Share,
)


class SelfServiceStage(Section):
    """A knowledge base, bot or voice menu that fronts channels."""

    channels: tuple[ChannelName, ...]
    """The channels it fronts."""
    open: OpeningHoursName | None = None
    """When it is there; a closed stage is passed by. Default: around the clock."""
    limit: PositiveCount | None = None
    """Contacts in it at a time; a full stage is passed by. Default: no limit."""
    takes: Distribution
    """Time that a contact spends in it."""
    resolves: Resolves
    """Share that it thinks resolved: one for all contact types, or by type (a type not listed passes through)."""
    freshness: Share = 1.0
    """Scales `resolves`: an article out of date does not solve. Default: 100 %."""
    gives_up: Share = 0.0
    """Share of all who meet it that leaves unsolved and without a person. Default: 0 %."""
    falsely_resolved: Share = 0.0
    """Share of those it thinks resolved that is not. Default: 0 %."""
    harder_rest: PositiveFactor = 1.0
    """Factor on the talk of what it hands on: the easy ones are gone. Default: 100 %."""
    cost: CostPerContact | None = None
    """Cost of a contact that meets it. Default: none."""

    def resolves_type(self, contact_type: str) -> float | None:
        """Give the share of a type that it thinks resolved, freshness counted; None if the type passes through."""
        share = self.resolves.get(contact_type) if isinstance(self.resolves, dict) else self.resolves
        return None if share is None else share * self.freshness


class Tier(Section):
    """A line of support."""

    handover: Annotated[str, Choice(("cold", "warm", "ticket"))] = "cold"
    """How contacts come from the tier before. cold: joins the queue; warm: the first agent stays until someone takes
    it; ticket: the customer hangs up, it becomes backlog. Default: cold."""
    briefing: Distribution = NOTHING
    """warm: how long both agents talk. Default: 0 s."""
    warm_limit: PositiveDuration = 3 * units.MINUTE_MS
    """warm: how long the first agent waits before the handover becomes cold. Default: 3 min (rule of the model)."""
    clock: OpeningHoursName | None = None
    """Hours that the clock of its tickets and appointments counts. Default: around the clock."""
    appointment: Distribution | None = None
    """Earliest start after the handover, on `clock`; makes any handover a ticket. Default: none."""
