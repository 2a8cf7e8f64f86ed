"""A validated scenario with one of its quantities scaled throughout: what one key cannot say.

What is scaled keeps its shape: each duration is the factor times what it was, so that the same customers, with the same
dealt numbers, have longer or shorter ones. Times are rounded to whole milliseconds.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from sim.scenario.model.arrivals import LogEntry
from sim.scenario.model.channels import CHASER_TALK_MS, Channel
from sim.scenario.model.contact_types import ContactType, TierHandling
from sim.scenario.model.distribution import Distribution
from sim.scenario.model.section import Section
from sim.scenario.model.self_service import SelfServiceStage
from sim.scenario.schema import Scenario

CHASER_TALK: Final = Distribution.model_construct(
    {"distribution", "mean"}, distribution="constant", mean=CHASER_TALK_MS
)

DURATIONS: Final = ("mean", "low", "mode", "high", "at_least", "at_most")

Part = TypeVar("Part", bound=Section)


def with_volume(scenario: Scenario, factor: float) -> Scenario:
    """Scale all arrivals: `demand.scale`; logs are replayed as they are, and an initial backlog stays."""
    if all(arrivals.log is not None for kind in scenario.contact_types.values() for arrivals in kind.arrivals.values()):
        return scenario
    return _with(scenario, demand=_with(scenario.demand, scale=scenario.demand.scale * factor))


def with_handle_time(scenario: Scenario, factor: float) -> Scenario:
    """Scale talk and wrap-up: of every type, tier and channel, of triage, chasers and logs; not briefings and dials."""

    def longer(handling: TierHandling) -> TierHandling:
        own = {
            channel: _with(one, handle_time=_maybe(one.handle_time, factor), wrap_up=_maybe(one.wrap_up, factor))
            for channel, one in handling.on.items()
        }
        return _with(
            handling, handle_time=times(handling.handle_time, factor), wrap_up=times(handling.wrap_up, factor), on=own
        )

    def longer_type(kind: ContactType) -> ContactType:
        misrouted = kind.misrouted
        if misrouted is not None:
            misrouted = _with(misrouted, triage=times(misrouted.triage, factor))
        changed = _with(kind, handling=_each(kind.handling, longer), misrouted=misrouted)
        return _logged(changed, ("handle_time_ms", "wrap_up_ms"), factor)

    def longer_chasers(channel: Channel) -> Channel:
        if channel.chasers is None:
            return channel
        said = channel.chasers.handle_time or CHASER_TALK
        return _with(channel, chasers=_with(channel.chasers, handle_time=times(said, factor)))

    return _with(
        scenario,
        contact_types=_each(scenario.contact_types, longer_type),
        channels=_each(scenario.channels, longer_chasers),
    )


def with_containment(scenario: Scenario, factor: float) -> Scenario:
    """Scale the shares that self-service resolves, as far as `gives_up` leaves room."""

    def better(stage: SelfServiceStage) -> SelfServiceStage:
        room = 1.0 if stage.freshness == 0 else min((1 - stage.gives_up) / stage.freshness, 1.0)
        if isinstance(stage.resolves, dict):
            return _with(stage, resolves={kind: min(share * factor, room) for kind, share in stage.resolves.items()})
        return _with(stage, resolves=min(stage.resolves * factor, room))

    return _with(scenario, self_service=_each(scenario.self_service, better))


def with_absence(scenario: Scenario, factor: float) -> Scenario:
    """Scale the share of person-days that are absent, of every group; time off the queue within shifts stays."""
    return _with(
        scenario,
        agent_groups=_each(
            scenario.agent_groups,
            lambda group: _with(
                group, shrinkage=_with(group.shrinkage, absence=min(group.shrinkage.absence * factor, 1.0))
            ),
        ),
    )


def with_patience(scenario: Scenario, factor: float) -> Scenario:
    """Scale how long customers hold the line: of every channel, type, tier, and of logs."""

    def handling_of(handling: TierHandling) -> TierHandling:
        own = {channel: _with(one, patience=_maybe(one.patience, factor)) for channel, one in handling.on.items()}
        return _with(handling, patience=_maybe(handling.patience, factor), on=own)

    def type_of(kind: ContactType) -> ContactType:
        changed = _with(kind, patience=_maybe(kind.patience, factor), handling=_each(kind.handling, handling_of))
        return _logged(changed, ("patience_ms",), factor)

    return _with(
        scenario,
        contact_types=_each(scenario.contact_types, type_of),
        channels=_each(scenario.channels, lambda one: _with(one, patience=_maybe(one.patience, factor))),
    )


FACTORS: Final[Mapping[str, Callable[[Scenario, float], Scenario]]] = {
    "volume": with_volume,
    "handle_time": with_handle_time,
    "containment": with_containment,
    "absence": with_absence,
    "patience": with_patience,
}
"""What can be scaled, by name."""


def times(distribution: Distribution, factor: float) -> Distribution:
    """Give the distribution of the factor times its durations."""

    def points(given: tuple[tuple[int, float], ...] | None) -> tuple[tuple[int, float], ...] | None:
        return None if given is None else tuple((round(time * factor), share) for time, share in given)

    durations = {key: getattr(distribution, key) for key in DURATIONS}
    scaled = _with(
        distribution,
        **{key: None if value is None else _rounded(value, factor) for key, value in durations.items()},
        survival=points(distribution.survival),
        cumulative=points(distribution.cumulative),
        mixture=None if distribution.mixture is None else tuple(times(part, factor) for part in distribution.mixture),
    )
    if distribution.samples_ms:
        scaled._samples_ms = tuple(round(value * factor) for value in distribution.samples_ms)
    return scaled


def _rounded(value: int, factor: float) -> int:
    return max(round(value * factor), min(value, 1))


def _maybe(distribution: Distribution | None, factor: float) -> Distribution | None:
    return None if distribution is None else times(distribution, factor)


def _logged(kind: ContactType, columns: tuple[str, ...], factor: float) -> ContactType:
    """Scale durations of the contacts that logs replay."""

    def entry_of(entry: LogEntry) -> LogEntry:
        known = {column: getattr(entry, column) for column in columns if getattr(entry, column) is not None}
        return replace(entry, **{column: round(value * factor) for column, value in known.items()})

    arrivals = {
        channel: one if one.log is None else _with(one, log=tuple(entry_of(entry) for entry in one.log))
        for channel, one in kind.arrivals.items()
    }
    return _with(kind, arrivals=arrivals)


def _with(section: Part, **values: Any) -> Part:
    return section.model_copy(update=values)


def _each(sections: Mapping[str, Part], changed: Callable[[Part], Part]) -> dict[str, Part]:
    return {name: changed(section) for name, section in sections.items()}
