"""What is dealt for a possible contact of one type on one channel, worked out once per scenario.

Rules
-----
- Patience in a tier's queue is the handling's (the channel's own first), else the contact type's, else the channel's,
  else the contact never gives up. On a backlog channel, and from a tier that takes tickets on, nobody holds the line:
  no patience is dealt. The first tier of a type is not handed anything, so its `handover` does not matter there.
- A stage that fronts the channel deals with the types that it lists; the others pass through.
- A retry of attempt k exists if the number dealt says so and k is below the `attempts` of the channel tried.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.demand.distributions import law

if TYPE_CHECKING:
    from sim.demand.laws import Law
    from sim.scenario.model.channels import Retry
    from sim.scenario.names import Names
    from sim.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class StagePlan:
    """One self-service stage that a contact passes."""

    stage: int
    name: str
    takes: Law
    resolved: float
    """A dealt number below it: resolved,"""
    gone: float
    """else below this (cumulated) one: gave up, else handed on."""


@dataclass(frozen=True, slots=True)
class TierPlan:
    """One tier's work on a contact."""

    tier: int
    name: str
    talk: Law
    wrap_up: Law
    briefing: Law | None
    """None where contacts do not come by warm handover."""
    live: bool
    """Whether the customer holds the line in the tier's queue,"""
    patience: Law | None
    """and for how long; None for ever."""


@dataclass(frozen=True, slots=True)
class RetryPlan:
    """How customers of a channel try again."""

    share: float
    after: Law
    attempts: int
    channel: int
    keeps_patience: bool
    skips_self_service: bool


@dataclass(frozen=True, slots=True)
class ContactPlan:
    """Everything that is dealt for a possible contact of one type on one channel."""

    contact_type: int
    channel: int
    balks: float
    """Share that leaves rather than wait in its first human queue."""
    stages: tuple[StagePlan, ...]
    tiers: tuple[TierPlan, ...]
    retry: RetryPlan | None


def contact_plans(scenario: Scenario, names: Names) -> dict[tuple[int, int], ContactPlan]:
    """Give the plan of each (contact type, channel) that contacts can come by, first or as retries."""
    plans: dict[tuple[int, int], ContactPlan] = {}
    for contact_type in names.contact_types:
        to_come = list(scenario.contact_types[contact_type].arrivals)
        while to_come:
            channel = to_come.pop()
            key = names.contact_types.index(contact_type), names.channels.index(channel)
            if key in plans:
                continue
            retry = scenario.channels[channel].retry
            plans[key] = ContactPlan(
                *key,
                balks=_balking_share(scenario, channel),
                stages=_stages(scenario, names, contact_type, channel),
                tiers=_tiers(scenario, names, contact_type, channel),
                retry=None if retry is None else _retry(retry, names, channel),
            )
            if retry is not None:
                to_come.append(retry.channel or channel)
    return plans


def _balking_share(scenario: Scenario, channel: str) -> float:
    balking = scenario.channels[channel].balking
    return 0.0 if balking is None else balking.share


def _stages(scenario: Scenario, names: Names, contact_type: str, channel: str) -> tuple[StagePlan, ...]:
    stages = []
    for number, name in enumerate(names.stages):
        stage = scenario.self_service[name]
        resolved = stage.resolves_type(contact_type)
        if channel in stage.channels and resolved is not None:
            stages.append(StagePlan(number, name, law(stage.takes), resolved, resolved + stage.gives_up))
    return tuple(stages)


def _tiers(scenario: Scenario, names: Names, contact_type: str, channel: str) -> tuple[TierPlan, ...]:
    kind = scenario.contact_types[contact_type]
    tiers: list[TierPlan] = []
    live = scenario.channels[channel].waiting == "live"
    for number, name in enumerate(names.tiers):
        if name not in kind.handling:
            continue
        tier, handling = scenario.tiers[name], kind.handling[name].on_channel(channel)
        handed_over = bool(tiers)
        live = live and not (handed_over and tier.handover == "ticket")
        patience = kind.patience_at(name, channel) or scenario.channels[channel].patience
        tiers.append(
            TierPlan(
                number,
                name,
                talk=law(handling.handle_time),
                wrap_up=law(handling.wrap_up),
                briefing=law(tier.briefing) if handed_over and tier.handover == "warm" else None,
                live=live,
                patience=law(patience) if live and patience is not None else None,
            )
        )
    return tuple(tiers)


def _retry(retry: Retry, names: Names, channel: str) -> RetryPlan:
    return RetryPlan(
        share=retry.share,
        after=law(retry.after),
        attempts=retry.attempts,
        channel=names.channels.index(retry.channel or channel),
        keeps_patience=retry.patience == "kept",
        skips_self_service=retry.self_service == "skip",
    )
