"""Contact types: what customers want, how much work it is, and what comes of it."""

from typing import Self

from pydantic import Field, model_validator

from sim.scenario import units
from sim.scenario.errors import Fault, faulty
from sim.scenario.model.arrivals import Arrivals
from sim.scenario.model.distribution import Distribution
from sim.scenario.model.own_by_channel import ON, OwnByChannel
from sim.scenario.model.section import Section
from sim.scenario.quantities import (
    ChannelName,
    ContactTypeName,
    CustomerShares,
    Escalated,
    LanguageShares,
    PositiveCount,
    PositiveDuration,
    Rounds,
    Share,
    TierName,
)

NOTHING = Distribution.model_construct({"distribution"}, distribution="constant", mean=0)
"""The constant 0 s."""


class ChannelHandling(Section):
    """What differs when a tier handles a type on one channel; what is left out is as on the others."""

    handle_time: Distribution | None = None
    """Talk. Default: as on other channels."""
    wrap_up: Distribution | None = None
    """Work after the talk. Default: as on other channels."""
    resolved: Share | None = None
    """Share resolved. Default: as on other channels."""
    escalated: Escalated | None = None
    """Share escalated. Default: as on other channels."""
    returned: Share | None = None
    """Share sent back to the tier it came from. Default: as on other channels."""
    patience: Distribution | None = None
    """Patience in the tier's queue. Default: as on other channels."""


class TierHandling(OwnByChannel):
    """A tier's work on one contact of a type, and what comes of it."""

    handle_time: Distribution
    """Talk: from taking the contact until the customer leaves."""
    wrap_up: Distribution = NOTHING
    """Work after the talk. Default: 0 s."""
    resolved: Share = 1.0
    """Share resolved. Default: 100 %, or what the other outcomes leave when they are given."""
    escalated: Escalated = 0.0
    """Share handed to the next tier that handles the type, or by tier. Default: 0 %."""
    returned: Share = 0.0
    """Share sent back to the tier it came from. Default: 0 %."""
    returns: Rounds = 1
    """How often one contact may be sent back. Default: 1."""
    patience: Distribution | None = None
    """Patience in this tier's queue. Default: the contact type's, else the channel's, else never gives up."""
    on: dict[ChannelName, ChannelHandling] = Field(default_factory=dict)
    """A channel's own handling, written as keys `on_CHANNEL`. Default: none."""

    @model_validator(mode="after")
    def _shares(self) -> Self:
        faults = list(_too_much(self, ()))
        for channel in self.on:
            faults.extend(_too_much(self.on_channel(channel), (f"{ON}{channel}",)))
        if faults:
            raise faulty(*faults)
        return self


def _too_much(handling: TierHandling, at: tuple[str, ...]) -> list[Fault]:
    escalated = sum(handling.escalated.values()) if isinstance(handling.escalated, dict) else handling.escalated
    total = handling.resolved + escalated + handling.returned
    if total <= 1 + 1e-9:
        return []
    return [
        Fault(
            f"resolved {units.write_share(handling.resolved)} + escalated {units.write_share(escalated)} + returned "
            f"{units.write_share(handling.returned)} add up to {units.write_share(total)}, must be at most 100 % "
            "(what is left leaves unresolved)",
            at,
        )
    ]


class Repeat(Section):
    """Customers who come back after being left unresolved."""

    share: Share
    """Share of the unresolved that comes back."""
    after: Distribution
    """Time from the end of the contact to the next."""
    attempts: Rounds = 3
    """An inquiry that came so often after its first contact, by retries or repeats, does not come back. Default: 3
    (rule of the model)."""
    channel: ChannelName | None = None
    """Channel of the repeat. Default: the same."""


class Misrouted(Section):
    """Contacts that reach the desk of another type first."""

    share: Share
    """Share that is misrouted."""
    to: ContactTypeName
    """The type whose first queue they wait in."""
    triage: Distribution
    """How long they are held there."""


class ContactType(Section):
    """A kind of inquiry."""

    customer: CustomerShares | None = None
    """A customer segment, or shares of several. Default: no segments."""
    languages: LanguageShares = Field(default_factory=dict)
    """Share of each language. Default: one language that every agent speaks."""
    priority: PositiveCount = 5
    """Smaller goes first, within a row. Default: 5 (rule of the model)."""
    due: PositiveDuration | None = None
    """Promised response, on the channel's clock. Default: the channel's."""
    patience: Distribution | None = None
    """How long a live contact of the type waits. Default: the channel's."""
    arrivals: dict[ChannelName, Arrivals]
    """How it comes, by channel."""
    misrouted: Misrouted | None = None
    """Contacts that reach the wrong desk first. Default: none."""
    handling: dict[TierName, TierHandling]
    """The work, by tier; it starts at the first tier listed in `tiers` that has it."""
    repeat: Repeat | None = None
    """Who comes back unresolved. Default: nobody."""

    def patience_at(self, tier: str, channel: str) -> Distribution | None:
        """Give the type's own patience in a tier's queue; None leaves it to the channel."""
        handling = self.handling.get(tier)
        return (handling.on_channel(channel).patience if handling else None) or self.patience
