"""From a Scenario to a Program: names become numbers, hours become spans, shares become thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.engine.effects import effects
from sim.engine.program import (
    Channels,
    Dialling,
    Floats,
    Groups,
    Ints,
    Program,
    Queues,
    Rows,
    Small,
    Spans,
    Stages,
    Tiers,
)
from sim.engine.rules import NO_LIMIT, NOBODY, End, Handover, Interruptible, WhenClosed
from sim.scenario.calendar import Calendar
from sim.scenario.names import Names
from sim.scenario.reach import channels_of, chased_on, escalates_to, languages_of, tiers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sim.scenario.model.channels import Channel
    from sim.scenario.schema import Scenario

PPM: Final = 1_000_000
"""Full speed of talk, parts per million."""

RETRIED_ENDS: Final[Mapping[str, tuple[End, ...]]] = {
    "busy": (End.BUSY,),
    "blocked": (End.BLOCKED,),
    "closed": (End.REFUSED,),
    "abandoned": (End.ABANDONED, End.BALKED, End.SILENT),
    "disconnected": (End.DISCONNECTED,),
    "not_reached": (End.NOT_REACHED,),
}
"""How a contact ended, for each word of `retry.when`. Who balks, or leaves silently, has abandoned."""

WHEN_CLOSED: Final[Mapping[str, WhenClosed]] = {
    "refuse": WhenClosed.REFUSE,
    "wait": WhenClosed.WAIT,
    "self_service_only": WhenClosed.SELF_SERVICE_ONLY,
}
HANDOVER: Final[Mapping[str, Handover]] = {
    "cold": Handover.COLD,
    "warm": Handover.WARM,
    "ticket": Handover.TICKET,
}
INTERRUPTIBLE: Final[Mapping[bool | str, Interruptible]] = {
    False: Interruptible.NO,
    True: Interruptible.PARKED,
    "shared": Interruptible.SHARED,
}


QueueKey = tuple[int, int, int, int]
"""Numbers of a queue's tier, contact type, channel and language; that without a name has the number after the last."""


def compile_program(scenario: Scenario) -> Program:
    """Put a scenario into numbers.

    Parameters
    ----------
    scenario
        A validated scenario: references are defined, shares add up to at most 1.

    Returns
    -------
    Program
        A pure function of the scenario; names are numbered as in `sim.scenario.names`.

    Notes
    -----
    Queues are numbered by (tier in the file's order, contact type, channel, language), and only those that can come to
    be: the type arrives on the channel or can get there by coming again, some of its contacts come in the language (in
    the one without a name, the last, if it names none), and the tier handles the type; or others are misrouted to the
    type, whose first tier they reach on their own channel and in their own language; or customers ask there for its
    cases, and reach its first tier. A contact begins at the first tier, in the file's order, that handles its type; it
    is escalated to the next that does, or as the map says.
    """
    names = Names.of(scenario)
    calendar = Calendar.of(scenario)
    keys = tuple(_queue_keys(scenario, names))
    rows = _rows(scenario, names, keys)
    tiers = _tiers(scenario, names, calendar)
    return Program(
        length=scenario.time.length,
        channels=_channels(scenario, names, calendar),
        dialling=_dialling([scenario.channels[name] for name in names.channels]),
        stages=_stages(scenario, names, calendar),
        tiers=tiers,
        queues=_queues(scenario, names, keys, rows),
        rows=rows,
        groups=_groups(scenario, names),
        effects=effects(scenario, names, tiers),
        head_start=_ints(scenario.customers[name].head_start for name in names.customers),
    )


def _spans(scenario: Scenario, calendar: Calendar, hours: str | None) -> Spans:
    """Give the spans of an entry of `opening_hours`, or the whole horizon where no hours are named."""
    spans = ((0, calendar.length),) if hours is None else calendar.spans(scenario.opening_hours[hours])
    return np.array(spans, dtype=np.int64).reshape(-1, 2)


def _channels(scenario: Scenario, names: Names, calendar: Calendar) -> Channels:
    channels = [scenario.channels[name] for name in names.channels]
    chased = {channel for contact_type in names.contact_types for channel in chased_on(scenario, contact_type)}
    return Channels(
        live=np.array([channel.waiting == "live" for channel in channels], dtype=bool),
        open=tuple(_spans(scenario, calendar, channel.open) for channel in channels),
        clock=tuple(_spans(scenario, calendar, channel.clock) for channel in channels),
        when_closed=_ints(WHEN_CLOSED[channel.closed_door] for channel in channels),
        clears_at_closing=np.array([channel.at_closing == "clear" for channel in channels], dtype=bool),
        lines=_ints(_limit(channel.lines) for channel in channels),
        queue_limit=_ints(_limit(channel.queue_limit) for channel in channels),
        detected_after=_ints(channel.silent.detected_after if channel.silent else 0 for channel in channels),
        retry_when=_ints(_retry_bits(channel) for channel in channels),
        most_exchanges=_ints(channel.exchanges.limit if channel.exchanges else 0 for channel in channels),
        chased_on=np.array([channel in chased for channel in names.channels], dtype=bool),
    )


def _stages(scenario: Scenario, names: Names, calendar: Calendar) -> Stages:
    stages = [scenario.self_service[name] for name in names.stages]
    return Stages(
        open=tuple(_spans(scenario, calendar, stage.open) for stage in stages),
        limit=_ints(_limit(stage.limit) for stage in stages),
        harder_rest=np.array([stage.harder_rest for stage in stages], dtype=np.float64),
    )


def _dialling(channels: list[Channel]) -> Dialling:
    offers = [channel.callback.offered_when if channel.callback else None for channel in channels]
    dialled = [channel.callback or channel for channel in channels]
    return Dialling(
        outbound=np.array([channel.direction == "outbound" for channel in channels], dtype=bool),
        offer_wait=_ints(_limit(offer.expected_wait if offer else None) for offer in offers),
        offer_waiting=_ints(_limit(offer.waiting if offer else None) for offer in offers),
        behind=np.array(
            [one.callback is not None and one.callback.place == "after_live" for one in channels], dtype=bool
        ),
        dial=_ints(one.dial for one in dialled),
        again_after=_ints(one.again_after for one in dialled),
        tries=_ints(one.tries for one in dialled),
    )


def _limit(limit: int | None) -> int:
    return NO_LIMIT if limit is None else limit


def _retry_bits(channel: Channel) -> int:
    """Set bit e for every End e after which the channel's `retry` applies."""
    if channel.retry is None:
        return 0
    return sum(1 << end for word in channel.retry.when for end in RETRIED_ENDS.get(word, ()))


def _tiers(scenario: Scenario, names: Names, calendar: Calendar) -> Tiers:
    """Put the tiers into numbers. Shares other than `returned` are of what is not sent back, which is dealt apart."""
    tiers = [scenario.tiers[name] for name in names.tiers]
    shape = len(names.contact_types), len(tiers)
    first: Small = np.zeros(shape[0], dtype=np.int16)
    misrouted_to: Small = np.full(shape[0], NOBODY, dtype=np.int16)
    position: Small = np.full(shape, NOBODY, dtype=np.int16)
    returns: Ints = np.zeros(shape, dtype=np.int64)
    resolved: Floats = np.zeros((*shape, len(names.channels)))
    escalated: Floats = np.zeros((*shape, len(names.channels), len(tiers)))
    for k, contact_type in enumerate(names.contact_types):
        handling = scenario.contact_types[contact_type].handling
        path = [number for number, tier in enumerate(names.tiers) if tier in handling]
        first[k] = path[0]
        misrouted = scenario.contact_types[contact_type].misrouted
        if misrouted is not None:
            misrouted_to[k] = names.contact_types.index(misrouted.to)
        position[k, path] = range(len(path))
        for number in path:
            name = names.tiers[number]
            returns[k, number] = handling[name].returns
            for c, channel in enumerate(names.channels):
                shares = handling[name].on_channel(channel)
                to = escalates_to(scenario, contact_type, name, channel)
                kept = 1.0 - shares.returned or 1.0
                resolved[k, number, c] = shares.resolved / kept
                by_tier = np.cumsum([shares.resolved, *(to.get(tier, 0.0) for tier in names.tiers)])
                escalated[k, number, c] = by_tier[1:] / kept
    return Tiers(
        handover=_ints(HANDOVER["ticket" if tier.appointment else tier.handover] for tier in tiers),
        clock=tuple(_spans(scenario, calendar, tier.clock) for tier in tiers),
        warm_limit=_ints(tier.warm_limit for tier in tiers),
        first=first,
        misrouted_to=misrouted_to,
        number=(position != NOBODY).sum(axis=1).astype(np.int16),
        position=position,
        resolved=resolved,
        escalated=escalated,
        returns=returns,
    )


def _queue_keys(scenario: Scenario, names: Names) -> Iterator[QueueKey]:
    """Give the key of each queue that can come to be, in order."""
    found: set[QueueKey] = set()
    for contact_type in names.contact_types:
        misrouted = scenario.contact_types[contact_type].misrouted
        ways = [(tier, contact_type) for tier in tiers_of(scenario, contact_type)]
        if misrouted is not None:
            ways.append((tiers_of(scenario, misrouted.to)[0], misrouted.to))
        on = [(channel, way) for channel in channels_of(scenario, contact_type) for way in ways]
        on += [(channel, ways[0]) for channel in chased_on(scenario, contact_type)]
        for language in languages_of(scenario, contact_type):
            spoken = len(names.languages) if language is None else names.languages.index(language)
            found.update(
                (names.tiers.index(tier), names.contact_types.index(kind), names.channels.index(channel), spoken)
                for channel, (tier, kind) in on
            )
    yield from sorted(found)


def _rows(scenario: Scenario, names: Names, keys: tuple[QueueKey, ...]) -> Rows:
    groups = [scenario.agent_groups[name] for name in names.groups]
    lines = [(g, position, row) for g, group in enumerate(groups) for position, row in enumerate(group.serves)]
    languages = (*names.languages, None)
    return Rows(
        group=np.array([g for g, _, _ in lines], dtype=np.int16),
        rank=_ints(position + 1 if row.rank is None else row.rank for _, position, row in lines),
        after=_ints(row.after for _, _, row in lines),
        keep_free=_ints(row.keep_free for _, _, row in lines),
        interruptible=_ints(INTERRUPTIBLE[row.interruptible] for _, _, row in lines),
        due_first=np.array([row.order == "due_first" for _, _, row in lines], dtype=bool),
        queues=tuple(
            _ints(
                number
                for number, (tier, contact_type, channel, language) in enumerate(keys)
                if names.tiers[tier] == (row.tier or groups[g].tier)
                and (row.contact_types is None or names.contact_types[contact_type] in row.contact_types)
                and (row.channels is None or names.channels[channel] in row.channels)
                and groups[g].speaks(languages[language])
            )
            for g, _, row in lines
        ),
    )


def _queues(scenario: Scenario, names: Names, keys: tuple[QueueKey, ...], rows: Rows) -> Queues:
    tier, contact_type, channel, language = np.array(keys, dtype=np.int16).reshape(-1, 4).T
    shape = len(names.tiers), len(names.contact_types), len(names.channels), len(names.languages) + 1
    of: Small = np.full(shape, NOBODY, dtype=np.int16)
    of[tier, contact_type, channel, language] = range(len(keys))
    by_rank = sorted(range(len(rows.rank)), key=lambda row: (rows.rank[row], rows.group[row], row))
    return Queues(
        tier=tier,
        contact_type=contact_type,
        channel=channel,
        language=np.where(language == len(names.languages), NOBODY, language).astype(np.int16),
        priority=_ints(scenario.contact_types[names.contact_types[k]].priority for _, k, _, _ in keys),
        due=_ints(
            _limit(scenario.contact_types[names.contact_types[k]].due or scenario.channels[names.channels[c]].due)
            for _, k, c, _ in keys
        ),
        of=of,
        rows=tuple(_ints(row for row in by_rank if number in rows.queues[row]) for number in range(len(keys))),
    )


def _groups(scenario: Scenario, names: Names) -> Groups:
    groups = [scenario.agent_groups[name] for name in names.groups]
    shape = len(groups), len(names.channels)
    slot_limit: Ints = np.zeros(shape, dtype=np.int64)
    highest = max((slots.limit for group in groups for slots in group.slots.values()), default=0)
    slot_pace: Ints = np.full((*shape, highest + 1), PPM, dtype=np.int64)
    for g, group in enumerate(groups):
        for name, slots in group.slots.items():
            c = names.channels.index(name)
            slot_limit[g, c] = slots.limit
            slot_pace[g, c, 1 : slots.limit + 1] = np.rint(np.array(slots.pace_by_level) * PPM)
    return Groups(
        tier=np.array([names.tiers.index(group.tier) for group in groups], dtype=np.int16),
        first_row=np.cumsum([0, *(len(group.serves) for group in groups)], dtype=np.int64),
        by_numbers=np.array([bool(group.staffing or group.headcount is not None) for group in groups], dtype=bool),
        slot_limit=slot_limit,
        slot_pace=slot_pace,
    )


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)
