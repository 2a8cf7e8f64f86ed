"""Quality: tools that help agents, the history of a customer, satisfaction and churn."""

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
    """Default: all groups."""
    channels: tuple[ChannelName, ...] | None = None
    """Default: all channels."""
    contact_types: tuple[ContactTypeName, ...] | None = None
    """Default: all contact types."""
    tiers: tuple[TierName, ...] | None = None
    """Default: all tiers."""
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


class Satisfaction(Section):
    """CSAT of a contact, 1 to 5: `best`, less what went wrong."""

    best: Number = 5.0
    """Score of a contact that went well. Default: 5, the top of the scale."""
    per_minute_waiting: Number = 0.0
    """Change by minute waiting in live queues. Default: 0."""
    per_hour_in_backlog: Number = 0.0
    """Change by hour in a backlog. Default: 0."""
    per_transfer: Number = 0.0
    """Change by transfer. Default: 0."""
    unresolved: Number = 0.0
    """Change when left unresolved. Default: 0."""
    abandoned: Number = 1.0
    """Score of who was not served at all. Default: 1, the bottom of the scale."""


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
    churn: Churn | None = None
    """Customers who leave. Default: not counted."""
