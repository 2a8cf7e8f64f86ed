"""Which queues contacts can come to, and which agent groups take them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sim.scenario.model.contact_types import ContactType, TierHandling
    from sim.scenario.schema import Scenario


class Queue(NamedTuple):
    """The contacts waiting for a tier, of one contact type, channel and language."""

    tier: str
    contact_type: str
    channel: str
    language: str | None
    """None where the contact type names no languages."""


def tiers_of(scenario: "Scenario", contact_type: str) -> list[str]:
    """Give the tiers that handle a contact type, first line first."""
    handling = scenario.contact_types[contact_type].handling
    return [tier for tier in scenario.tiers if tier in handling]


def escalates_to(scenario: "Scenario", contact_type: str, tier: str, channel: str) -> dict[str, float]:
    """Give the share escalated by tier; the next tier that handles the type if a share alone is given.

    Where no later tier handles the type, a share alone goes nowhere and is left out.
    """
    escalated = scenario.contact_types[contact_type].handling[tier].on_channel(channel).escalated
    if isinstance(escalated, dict):
        return {name: share for name, share in escalated.items() if share > 0}
    tiers = tiers_of(scenario, contact_type)
    later = tiers[tiers.index(tier) + 1 :]
    return {later[0]: escalated} if escalated > 0 and later else {}


def channels_of(scenario: "Scenario", contact_type: str) -> list[str]:
    """Give the channels that contacts of a type come on: by arrival, retry or repeat; in the order found."""
    kind = scenario.contact_types[contact_type]
    found: dict[str, None] = {}
    waiting = list(kind.arrivals)
    while waiting:
        channel = waiting.pop(0)
        if channel in found:
            continue
        found[channel] = None
        waiting += [further for further in _leads_to(scenario, kind, channel) if further is not None]
    return list(found)


def _leads_to(scenario: "Scenario", kind: "ContactType", channel: str) -> Iterator[str | None]:
    settings = scenario.channels[channel]
    if settings.retry is not None:
        yield settings.retry.channel
    if kind.repeat is not None:
        yield kind.repeat.channel


def chased_on(scenario: "Scenario", contact_type: str) -> list[str]:
    """Give the live channels on which customers of a type ask for cases, by the channels that the cases arrive on."""
    chasers = (scenario.channels[channel].chasers for channel in scenario.contact_types[contact_type].arrivals)
    return list(dict.fromkeys(one.channel for one in chasers if one is not None and one.share > 0))


def tiers_reached(scenario: "Scenario", contact_type: str, channel: str) -> list[str]:
    """Give the tiers that contacts of a type can come to on a channel, from its first by escalation."""
    found: dict[str, None] = {}
    waiting = tiers_of(scenario, contact_type)[:1]
    while waiting:
        tier = waiting.pop(0)
        if tier in found or tier not in scenario.contact_types[contact_type].handling:
            continue
        found[tier] = None
        waiting += escalates_to(scenario, contact_type, tier, channel)
    return list(found)


def languages_of(scenario: "Scenario", contact_type: str) -> list[str | None]:
    """Give the languages that contacts of a type come in; None alone where it names none, which everybody speaks."""
    shares = scenario.contact_types[contact_type].languages
    return [language for language, share in shares.items() if share > 0] or [None]


def queues(scenario: "Scenario") -> Iterator[Queue]:
    """Give every queue that a contact can come to; who is misrouted keeps its language at the wrong desk."""
    for name, kind in scenario.contact_types.items():
        languages = languages_of(scenario, name)
        for channel in chased_on(scenario, name):
            for tier in tiers_of(scenario, name)[:1]:
                yield from (Queue(tier, name, channel, language) for language in languages)
        for channel in channels_of(scenario, name):
            tiers = tiers_reached(scenario, name, channel)
            for tier in tiers:
                yield from (Queue(tier, name, channel, language) for language in languages)
            if kind.misrouted is not None and kind.misrouted.share > 0:
                first = tiers_of(scenario, kind.misrouted.to)[:1]
                yield from (
                    Queue(tier, kind.misrouted.to, channel, language) for tier in first for language in languages
                )


def groups_serving(scenario: "Scenario", queue: Queue) -> list[str]:
    """Give the agent groups that have a row for a queue, by name."""
    return sorted(
        name
        for name, group in scenario.agent_groups.items()
        if group.speaks(queue.language)
        and any(
            (row.tier or group.tier) == queue.tier
            and (row.channels is None or queue.channel in row.channels)
            and (row.contact_types is None or queue.contact_type in row.contact_types)
            for row in group.serves
        )
    )


def handlings(kind: "ContactType") -> "Iterator[tuple[tuple[str, ...], str, TierHandling]]":
    """Give each handling of a type as (path below the type, tier, values), channels' own ones too."""
    for tier, handling in kind.handling.items():
        yield ("handling", tier), tier, handling
        for channel in handling.on:
            if handling.on[channel].escalated is not None:
                yield ("handling", tier, f"on_{channel}"), tier, handling.on_channel(channel)
