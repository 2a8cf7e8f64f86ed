"""What the sections of a scenario must mean together: every check needs more than one value to be judged."""

from collections.abc import Callable, Container, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sim.scenario import units
from sim.scenario.calendar import holiday_dates
from sim.scenario.errors import Fault, got_must_be, listed
from sim.scenario.model.time import DatedSteps
from sim.scenario.quantities import unknown_name
from sim.scenario.reach import channels_of, escalates_to, groups_serving, handlings, queues, tiers_of

if TYPE_CHECKING:
    from sim.scenario.model.agent_groups import AgentGroup, Shift
    from sim.scenario.model.contact_types import ContactType
    from sim.scenario.schema import Scenario

SMALLEST_SHARE = 1e-9


MOST_WAITING: Final = 10_000_000
"""Cases of an initial backlog."""


def cross_faults(scenario: "Scenario", sound: Container[str]) -> Iterator[Fault]:
    """Give the faults between values that are sound one by one.

    Parameters
    ----------
    scenario
        The scenario, of which only sound sections are looked at.
    sound
        The sections whose values are sound; a check that needs another one waits until that is mended.
    """
    for check, sections in CHECKS:
        if all(section in sound for section in sections):
            yield from check(scenario)


def _days(scenario: "Scenario") -> tuple[date, date]:
    """Give the first day of the span and the first after it."""
    time = scenario.time
    return time.start, time.start + timedelta(days=-(-time.length // units.DAY_MS))


def _time(scenario: "Scenario") -> Iterator[Fault]:
    time = scenario.time
    if units.DAY_MS % time.interval or time.interval < units.MINUTE_MS:
        rule = "a whole part of a day such as 15 min, of at least 1 min"
        yield Fault(got_must_be(units.write_duration(time.interval), rule), ("time", "interval"))
    if time.warm_up >= time.length:
        yield Fault(got_must_be(units.write_duration(time.warm_up), "shorter than `length`"), ("time", "warm_up"))
    if len(set(scenario.holidays.dates)) < len(scenario.holidays.dates):
        yield Fault("a date is listed twice", ("holidays",))
    try:
        holiday_dates(scenario.holidays, [time.start.year])
    except LookupError as error:
        key = "country" if "unknown country" in str(error) else "subdivision"
        yield Fault(str(error.args[0]), ("holidays", key))


def _something_there(scenario: "Scenario") -> Iterator[Fault]:
    for section, noun in (
        ("channels", "channel"),
        ("contact_types", "contact type"),
        ("tiers", "tier"),
        ("agent_groups", "agent group"),
    ):
        if not getattr(scenario, section):
            yield Fault(f"needs at least one {noun}", (section,))


def _channels(scenario: "Scenario") -> Iterator[Fault]:
    for name, channel in scenario.channels.items():
        if channel.retry is not None:
            other = channel.retry.channel
            if other is not None and scenario.channels[other].direction == "outbound":
                yield Fault(
                    f"customers cannot come on '{other}', which is outbound", ("channels", name, "retry", "channel")
                )
        waiting = 0 if channel.initial_backlog is None else channel.initial_backlog.waiting
        if waiting > MOST_WAITING:
            at = ("channels", name, "initial_backlog", "waiting")
            yield Fault(got_must_be(waiting, f"{MOST_WAITING:,} at most: each case is dealt"), at)
        if waiting and not any(name in kind.arrivals for kind in scenario.contact_types.values()):
            yield Fault("no contact type arrives on the channel", ("channels", name, "initial_backlog"))
        if channel.chasers is not None and scenario.channels[channel.chasers.channel].waiting != "live":
            at = ("channels", name, "chasers", "channel")
            yield Fault(f"'{channel.chasers.channel}' is a backlog; chasers ask on a live channel", at)


def _contact_types(scenario: "Scenario") -> Iterator[Fault]:
    for name, kind in scenario.contact_types.items():
        at = ("contact_types", name)
        if not kind.arrivals:
            yield Fault("has no arrivals; say on which channels it comes", (*at, "arrivals"))
        if not kind.handling:
            yield Fault("has no handling; say which tiers work on it", (*at, "handling"))
        if kind.repeat is not None and kind.repeat.channel is not None:
            other = kind.repeat.channel
            if scenario.channels[other].direction == "outbound":
                yield Fault(f"customers cannot come on '{other}', which is outbound", (*at, "repeat", "channel"))
        if kind.misrouted is not None and kind.misrouted.to == name:
            yield Fault("a type is not misrouted to itself", (*at, "misrouted", "to"))
        yield from _escalations(scenario, name, kind)
        for channel, arrivals in kind.arrivals.items():
            below = (*at, "arrivals", channel)
            if arrivals.profile is not None:
                rows = scenario.profiles[arrivals.profile].rows
                if not any(weight > 0 for row in rows[:7] for _, weight in row or ()):
                    yield Fault(f"every weight of profile '{arrivals.profile}' is 0", (*below, "profile"))
            if arrivals.counts is not None:
                yield from _dates_in_span(scenario, [time for time, _ in arrivals.counts.rows], (*below, "counts"))
            if arrivals.log is not None:
                yield from _dates_in_span(scenario, [entry.time for entry in arrivals.log], (*below, "log"))


def _dates_in_span(scenario: "Scenario", times: list[datetime], at: tuple[str, ...]) -> Iterator[Fault]:
    """Refuse a table none of whose times lies in the simulated span."""
    first, after = _days(scenario)
    if times and not any(first <= time.date() < after for time in times):
        span = f"{first} to {after - timedelta(days=1)}"
        yield Fault(f"its times run from {times[0]} to {times[-1]}, none lies in the simulated {span}", at)


def _escalations(scenario: "Scenario", name: str, kind: "ContactType") -> Iterator[Fault]:
    for at, tier, handling in handlings(kind):
        below = ("contact_types", name, *at, "escalated")
        if isinstance(handling.escalated, dict):
            for to in handling.escalated:
                if to == tier:
                    yield Fault("a tier does not escalate to itself", (*below, to), on_key=True)
                elif to not in kind.handling:
                    yield Fault(f"tier '{to}' has no `handling` for {name}", (*below, to), on_key=True)
        elif handling.escalated > 0 and tier == tiers_of(scenario, name)[-1]:
            yield Fault(f"no tier after '{tier}' has `handling` for {name}; nobody to escalate to", below)
    for tier in tiers_of(scenario, name)[:1]:
        handling = kind.handling[tier]
        own = {f"on_{channel}": value.returned for channel, value in handling.on.items()}
        for key, share in {"": handling.returned, **own}.items():
            if share:
                at = ("contact_types", name, "handling", tier, *filter(None, [key]), "returned")
                yield Fault(f"'{tier}' is the first tier of {name}, to which nobody hands up; nobody to return to", at)


def _circles(scenario: "Scenario") -> Iterator[Fault]:
    """Refuse tiers that escalate to each other in a circle, on any channel that the type comes on."""
    for name, kind in scenario.contact_types.items():
        for channel in channels_of(scenario, name):
            circle = _circle({tier: list(escalates_to(scenario, name, tier, channel)) for tier in kind.handling})
            if circle:
                at = ("contact_types", name, "handling", circle[0], "escalated")
                yield Fault(f"tiers escalate in a circle: {' → '.join(circle)}; `returned` sends contacts back", at)
                break


def _circle(steps: dict[str, list[str]]) -> list[str]:
    """Give one circle of a graph as the nodes along it, the first again at the end; empty if there is none."""
    done: set[str] = set()

    def walk(node: str, path: list[str]) -> list[str]:
        if node in path:
            return [*path[path.index(node) :], node]
        if node in done or node not in steps:
            return []
        for following in steps[node]:
            if following != node and (found := walk(following, [*path, node])):
                return found
        done.add(node)
        return []

    for start in steps:
        if found := walk(start, []):
            return found
    return []


def _self_service(scenario: "Scenario") -> Iterator[Fault]:
    for name, stage in scenario.self_service.items():
        at = ("self_service", name)
        if not stage.channels:
            yield Fault("fronts no channel; list at least one", (*at, "channels"))
        for position, channel in enumerate(stage.channels):
            if scenario.channels[channel].direction == "outbound":
                yield Fault("nobody comes by an outbound channel", (*at, "channels", position))
        for kind in scenario.contact_types:
            resolved = stage.resolves_type(kind)
            if resolved is not None and resolved + stage.gives_up > 1 + SMALLEST_SHARE:
                total = units.write_share(resolved + stage.gives_up)
                yield Fault(
                    f"resolved and given up add up to {total} for {kind}, must be at most 100 %", (*at, "gives_up")
                )
                break


def _groups(scenario: "Scenario") -> Iterator[Fault]:
    span = _days(scenario)
    planned = (
        {pattern.group for pattern in scenario.plan.patterns} | set(scenario.plan.headcount) if scenario.plan else set()
    )
    for name, group in scenario.agent_groups.items():
        at = ("agent_groups", name)
        # Elsewhere it may be the day before or after.
        abroad = timedelta(days=0 if group.zone is None else 1)
        first, after = span[0] - abroad, span[1] + abroad
        if not group.shifts and group.staffing is None and group.headcount is None and name not in planned:
            yield Fault("has no people; say `shifts`, `staffing` or `headcount`", at)
        for shift_name, shift in group.shifts.items():
            if not _falls_within(shift, first, after):
                yield Fault(
                    f"never begins between {first} and {after - timedelta(days=1)}", (*at, "shifts", shift_name)
                )
        for position, exception in enumerate(group.exceptions):
            if not first <= exception.date < after:
                yield Fault(
                    got_must_be(str(exception.date), f"a date of the simulated {first} to {after - timedelta(days=1)}"),
                    (*at, "exceptions", position, "date"),
                )
        if isinstance(group.staffing, DatedSteps):
            yield from _staffed_in_span(scenario, group, (*at, "staffing"))


def _falls_within(shift: "Shift", first: date, after: date) -> bool:
    """Tell whether a shift has hours in the span; one over midnight may have begun on the day before."""
    begin = first - timedelta(days=1) if shift.hours[1] > units.DAY_MS else first
    days = (after - begin).days
    return days >= 7 or any((begin + timedelta(days=day)).weekday() in shift.days for day in range(days))


def _staffed_in_span(scenario: "Scenario", group: "AgentGroup", at: tuple[str, ...]) -> Iterator[Fault]:
    assert isinstance(group.staffing, DatedSteps)
    begin = group.staffing.rows[0][0]
    if begin.date() >= _days(scenario)[1]:
        yield Fault(f"begins at {begin}, after the simulated span", at)


def _incidents(scenario: "Scenario") -> Iterator[Fault]:
    first, after = _days(scenario)
    for position, incident in enumerate(scenario.incidents):
        at = ("incidents", position)
        if incident.start is not None and not first <= incident.start.date() < after:
            span = f"{first} to {after - timedelta(days=1)}"
            yield Fault(got_must_be(str(incident.start), f"within the simulated {span}"), (*at, "start"))
        if not incident.arrivals:
            yield Fault("changes no arrivals; say which contact types it multiplies", (*at, "arrivals"))


def _quality(scenario: "Scenario") -> Iterator[Fault]:
    if scenario.quality.churn is not None and scenario.quality.satisfaction is None:
        yield Fault("needs `quality.satisfaction`, whose scores it goes by", ("quality", "churn"))
    for position, target in enumerate(scenario.targets):
        needs = {"satisfaction": "satisfaction", "nps": "satisfaction", "churn": "churn"}.get(target.measure)
        if needs is not None and getattr(scenario.quality, needs) is None:
            yield Fault(f"{target.measure} needs `quality.{needs}`", ("targets", position, "measure"))


def _plan(scenario: "Scenario") -> Iterator[Fault]:
    if scenario.plan is None:
        return
    for name, ranges in scenario.plan.shifts.items():
        shifts = scenario.agent_groups[name].shifts
        if not shifts:
            yield Fault(f"agent group '{name}' has no shifts", ("plan", "shifts", name), on_key=True)
        for shift in ranges or {}:
            if shifts and shift not in shifts:
                yield Fault(unknown_name(shift, shifts, "shift"), ("plan", "shifts", name, shift), on_key=True)
    for position, pattern in enumerate(scenario.plan.patterns):
        at = ("plan", "patterns", position)
        if not pattern.lengths:
            yield Fault("needs at least one length", (*at, "lengths"))
        for number, pause in enumerate(pattern.breaks):
            if pause.between[1] - pause.between[0] < pause.length:
                yield Fault("is longer than its window `between`", (*at, "breaks", number, "length"))
            if pattern.lengths and pause.between[1] > min(pattern.lengths):
                yield Fault("ends after the shortest of the `lengths`", (*at, "breaks", number, "between"))


def _unserved(scenario: "Scenario") -> Iterator[Fault]:
    """Refuse queues that nobody takes from; those of a type and tier together."""
    missing: dict[tuple[str, str], dict[str, None]] = {}
    unspoken: set[tuple[str, str]] = set()
    for queue in queues(scenario):
        if not groups_serving(scenario, queue):
            spoken, at_tier = "", (queue.contact_type, queue.tier)
            if queue.language is not None:
                spoken = f" in {queue.language}"
                unspoken.add(at_tier)
            missing.setdefault(at_tier, {})[f"{queue.channel}{spoken}"] = None
    for (kind, tier), where in missing.items():
        at = ("contact_types", kind, "handling", tier)
        speak = ", or the language to its `languages`" if (kind, tier) in unspoken else ""
        yield Fault(
            f"no agent group serves it at tier '{tier}' on {listed(where)}; add it to the `serves` of a group{speak}",
            at,
        )


CHECKS: tuple[tuple[Callable[["Scenario"], Iterator[Fault]], tuple[str, ...]], ...] = (
    (_time, ("time", "holidays")),
    (_something_there, ("channels", "contact_types", "tiers", "agent_groups")),
    (_channels, ("channels", "contact_types")),
    (_contact_types, ("contact_types", "channels", "tiers", "profiles", "time")),
    (_circles, ("channels", "contact_types", "tiers")),
    (_self_service, ("self_service", "channels", "contact_types")),
    (_groups, ("agent_groups", "time", "plan")),
    (_incidents, ("incidents", "time")),
    (_quality, ("quality", "targets")),
    (_plan, ("plan", "agent_groups")),
    (_unserved, ("channels", "contact_types", "tiers", "agent_groups")),
)
"""Every check, with the sections that it looks at."""
