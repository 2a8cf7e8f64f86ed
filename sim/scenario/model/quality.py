"""Quality: tools that help agents, the history of a customer, satisfaction and churn."""

from typing import Self

from pydantic import Field, model_validator

from sim.scenario.errors import Fault, faulty
from sim.scenario.model.own_by_channel import OwnByChannel
from sim.scenario.model.section import Section
from sim.scenario.quantities import (
    ChannelName,
    ContactTypeName,
    CostOfTool,
    Flag,
    GroupName,
    NotNegative,
    Number,
    PositiveFactor,
    Share,
    TierName,
)


class Assist(Section):
    """A tool or practice that changes the work where it applies."""

    agent_groups: tuple[GroupName, ...] | None = None
    """The groups that have it. Default: all groups."""
    channels: tuple[ChannelName, ...] | None = None
    """The channels on which it helps. Default: all channels."""
    contact_types: tuple[ContactTypeName, ...] | None = None
    """The contact types with which it helps. Default: all contact types."""
    tiers: tuple[TierName, ...] | None = None
    """The tiers at which it helps. Default: all tiers."""
    handle_time: PositiveFactor = 1.0
    """Factor on talk. Default: 100 %."""
    wrap_up: PositiveFactor = 1.0
    """Factor on wrap-up. Default: 100 %."""
    resolved: Number = 0.0
    """Change of the log-odds of resolving. Default: 0."""
    cost: CostOfTool | None = None
    """What it costs: all the time, or by contact that it helps with (a month is 30.4375 days). Default: nothing."""


class History(Section):
    """What it helps that the second contact's agent sees the first."""

    shared: Flag = False
    """Whether the history is at hand. Default: false."""
    repeat_handle_time: PositiveFactor = 1.0
    """Factor on the talk of repeats when it is. Default: 100 %."""
    escalated_handle_time: PositiveFactor = 1.0
    """Factor on the talk of escalated contacts when it is. Default: 100 %."""


class PaceEffect(Section):
    """What hurry does."""

    resolved: Number = 0.0
    """Exponent: the odds of resolving are multiplied by pace to this power. Default: 0, no effect."""


class ChannelSatisfaction(Section):
    """What differs on one channel, such as one where waiting is public; what is left out is as on the others."""

    best: Number | None = None
    """Score of a contact that went well. Default: as on other channels."""
    per_minute_waiting: Number | None = None
    """Change by minute waiting in live queues. Default: as on other channels."""
    per_hour_in_backlog: Number | None = None
    """Change by hour waiting in a backlog. Default: as on other channels."""
    per_transfer: Number | None = None
    """Change by transfer. Default: as on other channels."""
    unresolved: Number | None = None
    """Change when left unresolved. Default: as on other channels."""
    abandoned: Number | None = None
    """Score of who was not served at all. Default: as on other channels."""


class Satisfaction(OwnByChannel):
    """CSAT of a contact, 1 to 5: `best`, less what went wrong; scores are cut to that scale."""

    best: Number = 5.0
    """Score of a contact that went well. Default: 5, the top of the scale."""
    per_minute_waiting: Number = 0.0
    """Change by minute waiting in live queues. Default: 0, no effect (nothing is assumed)."""
    per_hour_in_backlog: Number = 0.0
    """Change by hour waiting in a backlog. Default: 0, no effect (nothing is assumed)."""
    per_transfer: Number = 0.0
    """Change by transfer. Default: 0, no effect (nothing is assumed)."""
    unresolved: Number = 0.0
    """Change when left unresolved. Default: 0, no effect (nothing is assumed)."""
    abandoned: Number = 1.0
    """Score of who was not served at all. Default: 1, the bottom of the scale."""
    on: dict[ChannelName, ChannelSatisfaction] = Field(default_factory=dict)
    """A channel's own weights, written as keys `on_CHANNEL`. Default: none."""


class NetPromoterScore(Section):
    """Who recommends: the 1 to 5 of a score stretched to 0 to 10 and rounded to a whole number."""

    promoters_from: Number = 4.4
    """Scores from here on are promoters. Default: 4.4, a 9 or 10 (Reichheld 2003)."""
    detractors_below: Number = 3.6
    """Scores below are detractors. Default: 3.6, a 6 or less (Reichheld 2003)."""

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if self.detractors_below > self.promoters_from:
            raise faulty(Fault("must not be above `promoters_from`", ("detractors_below",)))
        return self


class Churn(Section):
    """Customers who leave."""

    dissatisfied_below: NotNegative
    """Scores below it count as dissatisfied."""
    leaves: Share
    """Share of the dissatisfied who leave."""


class Quality(Section):
    """Quality against speed."""

    pace_effect: PaceEffect = PaceEffect.model_construct(set())
    """What hurry does to resolution. Default: nothing."""
    satisfaction: Satisfaction | None = None
    """Scores of contacts. Default: not scored."""
    nps: NetPromoterScore = NetPromoterScore.model_construct(set())
    """Which scores recommend and which advise against. Default: those of a 0 to 10 question (Reichheld 2003)."""
    churn: Churn | None = None
    """Customers who leave. Default: not counted."""
