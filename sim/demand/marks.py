"""What is dealt for a possible contact of one type on one channel, worked out once per scenario.

Rules
-----
- Patience in a tier's queue is the handling's (the channel's own first), else the contact type's, else the channel's,
  else the contact never gives up. It is dealt for the queues in which somebody may hold the line: on a live channel,
  the first tier's, and those that a live contact can be escalated to by some way without a ticket or an appointment.
- A stay at a tier after the contact was sent back has marks of its own: all tiers anew after each return (a *round*).
  Whether a stay sends the contact back is dealt apart from what else may come of it; a round is dealt to the contacts
  that some stay of the round before would send back, and there are no more rounds than the tiers' `returns` together.
- A stage that fronts the channel deals with the types that it lists; the others pass through.
- A customer is reached by each dial alike (`connects`), so that one number says which dial is the first to reach it.
- After attempt k (0 is the first) there may be a retry if k is below the `attempts` of the channel tried, and a repeat
  if k is below the `attempts` of the type's `repeat`, if the number dealt says so. Retries and repeats count alike:
  `attempts` is how often an inquiry comes after its first contact.
- A repeat comes by its own `channel`, else by the one of the contact before; its patience is new and it passes
  self-service again.
- What a stage thinks resolved is falsely so for the share `falsely_resolved` of it.
- Correspondence (`exchanges`): after each message that the desk handles, at every tier alike, the customer writes again
  for the share `continues`, at most `limit` times in a stay (the engine counts over all stays of a contact). The answer
  to each reply has talk and wrap-up of its own, by the tier's handling.
- Of a channel with `chasers` the customers of the dealt share would ask on the live channel named what became of their
  case, if it is open then; so may the initial backlog's, but not before the start. A chaser has the channel's own
  balking, patience (as for the type's first queue), silent leaving and call-backs, and talk of its own without wrap-up.
  It passes no self-service, reaches the right desk, and never comes again.
- Each contact of a type that is `misrouted` may be, retries and repeats too; whom the desk dials itself is not. Its
  patience in the wrong queue is its own at that tier, as if its type came there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.demand.distributions import law
from sim.demand.hand import AttemptKind, Floats
from sim.demand.laws import Constant
from sim.scenario.model.channels import CHASER_TALK_MS
from sim.scenario.reach import channels_of, escalates_to, tiers_of

if TYPE_CHECKING:
    from sim.demand.laws import Law
    from sim.scenario.model.channels import Channel, Retry
    from sim.scenario.model.contact_types import Repeat
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
    falsely_resolved: float
    """Share of the resolved that is not."""


@dataclass(frozen=True, slots=True)
class TierPlan:
    """One tier's work on a contact."""

    tier: int
    name: str
    talk: Law
    wrap_up: Law
    briefing: Law | None
    """None where contacts do not come by warm handover (to the first tier only what is sent back could)."""
    live: bool
    """Whether the customer holds the line in the tier's queue,"""
    patience: Law | None
    """and for how long; None for ever."""
    appointment: Law | None
    """Delay on the tier's clock until a contact that is handed over enters its queue; None where it does at once."""
    sent_back: float
    """Share of its stays that send the contact back to the tier that handed it up."""


@dataclass(frozen=True, slots=True)
class MisroutedPlan:
    """How contacts reach the wrong desk first."""

    share: float
    tier: int
    triage: Law
    patience: Law | None
    """In the wrong queue; None for ever."""


@dataclass(frozen=True, slots=True)
class ExchangePlan:
    """How customers write again."""

    continues: float
    """Share of the handled messages after which they do,"""
    reply_after: Law
    """and when."""
    limit: int
    """How often at most."""

    @property
    def messages(self) -> float:
        """How many messages of a case the desk handles at a tier, on average: 1 + c + c² + … up to the limit."""
        return float(np.power(self.continues, np.arange(self.limit + 1)).sum())


@dataclass(frozen=True, slots=True)
class AgainPlan:
    """How customers come again: by a retry, or by a repeat."""

    kind: AttemptKind
    share: float
    after: Law
    attempts: int
    channel: int
    keeps_patience: bool
    skips_self_service: bool


@dataclass(frozen=True, slots=True)
class ChaserPlan:
    """How customers ask what became of their case."""

    share: float
    after: int
    """From the first contact on, ms."""
    plan: ContactPlan


@dataclass(frozen=True, slots=True)
class ContactPlan:
    """Everything that is dealt for a possible contact of one type on one channel."""

    contact_type: int
    channel: int
    balks: float
    """Share that leaves rather than wait in its first human queue."""
    silent: float
    """Share of those who give up that does so without a sign."""
    stages: tuple[StagePlan, ...]
    misrouted: MisroutedPlan | None
    tiers: tuple[TierPlan, ...]
    exchanges: ExchangePlan | None
    """None where cases take one message."""
    again: tuple[AgainPlan, ...]
    """Its retry, its repeat: each if there is one."""
    chaser: ChaserPlan | None
    """Of an inquiry whose first contact it is."""
    most_returns: int
    """How often a contact may be sent back, by all tiers together."""
    accepts_call_back: float
    """Share that accepts a call-back."""
    reached: Floats | None
    """(tries,) share reached by one of so many dials, from the first on; None where nobody is dialled."""


def contact_plans(scenario: Scenario, names: Names) -> dict[tuple[int, int], ContactPlan]:
    """Give the plan of each (contact type, channel) that contacts can come by, first or later; chasers apart."""
    return {
        (names.contact_types.index(contact_type), names.channels.index(channel)): replace(
            _contact_plan(scenario, names, contact_type, channel),
            chaser=_chaser(scenario, names, contact_type, channel),
        )
        for contact_type in names.contact_types
        for channel in channels_of(scenario, contact_type)
    }


def _contact_plan(scenario: Scenario, names: Names, contact_type: str, channel: str) -> ContactPlan:
    retry, repeat = scenario.channels[channel].retry, scenario.contact_types[contact_type].repeat
    handling = scenario.contact_types[contact_type].handling.values()
    callback, silent = scenario.channels[channel].callback, scenario.channels[channel].silent
    return ContactPlan(
        names.contact_types.index(contact_type),
        names.channels.index(channel),
        balks=_balking_share(scenario, channel),
        silent=0.0 if silent is None else silent.share,
        stages=_stages(scenario, names, contact_type, channel),
        misrouted=_misrouted(scenario, names, contact_type, channel),
        tiers=_tiers(scenario, names, contact_type, channel),
        exchanges=_exchanges(scenario.channels[channel]),
        again=(
            *(() if retry is None else (_retry(retry, names, channel),)),
            *(() if repeat is None else (_repeat(repeat, names, channel),)),
        ),
        chaser=None,
        most_returns=sum(tier.returns for tier in handling if tier.on_channel(channel).returned),
        accepts_call_back=0.0 if callback is None else callback.accepted,
        reached=_reached(scenario.channels[channel]),
    )


def _chaser(scenario: Scenario, names: Names, contact_type: str, channel: str) -> ChaserPlan | None:
    said = scenario.channels[channel].chasers
    if said is None:
        return None
    plan = _contact_plan(scenario, names, contact_type, said.channel)
    first = replace(
        plan.tiers[0],
        talk=Constant(float(CHASER_TALK_MS)) if said.handle_time is None else law(said.handle_time),
        wrap_up=Constant(0.0),
        briefing=None,
        appointment=None,
        sent_back=0.0,
    )
    asking = replace(plan, stages=(), misrouted=None, tiers=(first,), again=(), most_returns=0)
    return ChaserPlan(said.share, said.after, asking)


def _balking_share(scenario: Scenario, channel: str) -> float:
    balking = scenario.channels[channel].balking
    return 0.0 if balking is None else balking.share


def _reached(channel: Channel) -> Floats | None:
    """Give the share reached by one of k dials, k from 1 on: 1 − (1 − connects)^k."""
    dialled = channel.callback or (channel if channel.direction == "outbound" else None)
    return None if dialled is None else 1.0 - np.cumprod(np.full(dialled.tries, 1.0 - dialled.connects))


def _exchanges(channel: Channel) -> ExchangePlan | None:
    said = channel.exchanges
    return None if said is None else ExchangePlan(said.continues, law(said.customer_replies_after), said.limit)


def _stages(scenario: Scenario, names: Names, contact_type: str, channel: str) -> tuple[StagePlan, ...]:
    stages = []
    for number, name in enumerate(names.stages):
        stage = scenario.self_service[name]
        resolved = stage.resolves_type(contact_type)
        if channel in stage.channels and resolved is not None:
            gone = resolved + stage.gives_up
            stages.append(StagePlan(number, name, law(stage.takes), resolved, gone, stage.falsely_resolved))
    return tuple(stages)


def _misrouted(scenario: Scenario, names: Names, contact_type: str, channel: str) -> MisroutedPlan | None:
    kind = scenario.contact_types[contact_type]
    if kind.misrouted is None or scenario.channels[channel].direction == "outbound":
        return None
    tier = tiers_of(scenario, kind.misrouted.to)[0]
    live = scenario.channels[channel].waiting == "live"
    patience = kind.patience_at(tier, channel) or scenario.channels[channel].patience
    return MisroutedPlan(
        kind.misrouted.share,
        names.tiers.index(tier),
        law(kind.misrouted.triage),
        law(patience) if live and patience is not None else None,
    )


def _tiers(scenario: Scenario, names: Names, contact_type: str, channel: str) -> tuple[TierPlan, ...]:
    kind = scenario.contact_types[contact_type]
    tiers: list[TierPlan] = []
    may_hold = _held_tiers(scenario, contact_type, channel)
    returns = any(handling.on_channel(channel).returned for handling in kind.handling.values())
    for number, name in enumerate(names.tiers):
        if name not in kind.handling:
            continue
        tier, handling = scenario.tiers[name], kind.handling[name].on_channel(channel)
        live = name in may_hold
        warm = tier.handover == "warm" and tier.appointment is None
        patience = kind.patience_at(name, channel) or scenario.channels[channel].patience
        tiers.append(
            TierPlan(
                number,
                name,
                talk=law(handling.handle_time),
                wrap_up=law(handling.wrap_up),
                briefing=law(tier.briefing) if warm and (tiers or returns) else None,
                live=live,
                patience=law(patience) if live and patience is not None else None,
                appointment=None if tier.appointment is None else law(tier.appointment),
                sent_back=handling.returned,
            )
        )
    return tuple(tiers)


def _held_tiers(scenario: Scenario, contact_type: str, channel: str) -> set[str]:
    """Give the tiers in whose queue a contact may hold the line: the first, and those it is escalated to as no ticket.

    Being sent back leads to no others: it goes a way back that the contact has come.
    """
    held: set[str] = set()
    found = tiers_of(scenario, contact_type)[:1] if scenario.channels[channel].waiting == "live" else []
    while found:
        tier = found.pop()
        if tier not in held:
            held.add(tier)
            to = escalates_to(scenario, contact_type, tier, channel)
            tiers = [(name, scenario.tiers[name]) for name in to]
            found += [name for name, tier in tiers if tier.handover != "ticket" and tier.appointment is None]
    return held


def _retry(retry: Retry, names: Names, channel: str) -> AgainPlan:
    return AgainPlan(
        AttemptKind.RETRY,
        share=retry.share,
        after=law(retry.after),
        attempts=retry.attempts,
        channel=names.channels.index(retry.channel or channel),
        keeps_patience=retry.patience == "kept",
        skips_self_service=retry.self_service == "skip",
    )


def _repeat(repeat: Repeat, names: Names, channel: str) -> AgainPlan:
    return AgainPlan(
        AttemptKind.REPEAT,
        share=repeat.share,
        after=law(repeat.after),
        attempts=repeat.attempts,
        channel=names.channels.index(repeat.channel or channel),
        keeps_patience=False,
        skips_self_service=False,
    )
