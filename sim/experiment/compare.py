"""Scenarios beside a base, over the same replications: what is dealt alike makes differences precise."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final

from sim.engine.choice import Engine, Name
from sim.experiment.asked import ToPair, usual
from sim.experiment.comparison import Comparison, Played, asked_of, compared, precise_enough
from sim.experiment.errors import QuestionError
from sim.experiment.gather import Gathered
from sim.experiment.line import Line, Lines
from sim.experiment.pairs import unpairable
from sim.experiment.replicate import Auto, Playing, Progress, check_numbers, check_scenario, play
from sim.scenario.calendar import Calendar
from sim.scenario.errors import suggestion
from sim.scenario.model.time import WeeklyHours
from sim.scenario.schema import Scenario

MOST_POINTS: Final = 200
"""Points of a grid; a larger one is a slip rather than a question."""

Others = Mapping[str, Scenario] | Sequence[Scenario] | Scenario


def compare(  # noqa: PLR0913  (all that can be asked of a comparison)
    base: Scenario,
    others: Others,
    *,
    base_name: str = "base",
    measures: str | Sequence[str] | None = None,
    by: str | Sequence[str] | None = None,
    per: str = "run",
    within: str | int | None = None,
    reading: str | None = None,
    where: Mapping[str, str | Sequence[str]] | None = None,
    during: str | None = None,
    replications: int | Auto = "auto",
    seed: int = 1,
    first_replication: int = 0,
    workers: int | Auto = 1,
    cluster: str | None = None,
    engine: Name | Engine = "compiled",
    progress: Callable[[Progress], None] | None = None,
) -> Comparison:
    """Compare scenarios with a base over the same replications (common random numbers).

    Parameters
    ----------
    base
        What the others are compared with.
    others
        By name; or scenarios, which are then called by the names that they say themselves.
    base_name
        What the base is called.
    measures
        What is compared: names such as service_level. Left out: the measures of the base's targets over the run
        (without targets service level within 20 s and abandonment by live channel, first response by backlog channel),
        occupancy by agent group (where no target speaks of it), satisfaction, paid hours and cost (where the scenario
        has what they take).
    by, per, within, reading, where
        Of all `measures`, as for `Result.measure`; of measures that need a deadline 20 s if none is given. `where`
        narrows to labels: `{"channel": "phone"}`.
    during
        Only what belongs to these hours of the base, pooled: an entry of `opening_hours`, or a shift as GROUP.SHIFT,
        breaks included. Intervals that begin in them count.
    replications
        How many of each scenario. `auto`: until every difference has a half-width of at most 1 percentage point, of
        what is no share 5 % of the larger of both figures; looked at as by `run`, and 1,000 at most. Being significant
        stops nothing: it would make 5 % of the differences that are none significant at every look.
    seed, first_replication, workers, cluster, engine, progress
        As for `run`; a replication is counted when all scenarios have played it.

    Returns
    -------
    Comparison
        Differences with simultaneous 95 % intervals (Bonferroni over all that it holds).

    Raises
    ------
    QuestionError
        If a measure, a name or a combination does not exist, names are not unique, amounts are in other currencies, or
        periods (other than the run) are not the same.
    """
    named = _named(base, others, base_name)
    check_numbers(replications, seed, first_replication, workers)
    _check_currencies(named)
    spans = None if during is None else hours_of(base, during)
    if measures is None:
        if by is not None or within is not None or reading is not None or where is not None:
            raise QuestionError("say which `measures` are meant by `by`, `within`, `reading` and `where`")
        asked = [one for one in usual(base, per) if not unpairable(one, spans)]
    else:
        names = (measures,) if isinstance(measures, str) else tuple(measures)
        asked = [asked_of(name, by=by, per=per, within=within, reading=reading, where=where) for name in names]
    to_pair = ToPair(tuple(asked), spans)
    lines = {name: Line(scenario, engine, to_pair) for name, scenario in named.items()}
    if not isinstance(engine, Engine):
        for remark in lines[base_name].engine.remarks:
            warnings.warn(remark, RuntimeWarning, stacklevel=2)
    played = Played(base_name, lines, to_pair, {name: line.collecting() for name, line in lines.items()})
    played.check()

    def take(gathered: tuple[Gathered, ...]) -> None:
        for collected, one in zip(played.collected.values(), gathered, strict=True):
            collected.add(one)

    ended = play(
        Lines(tuple(lines.values())),
        take,
        Playing(replications, seed, first_replication, workers, cluster, progress),
        lambda: precise_enough(compared(played, to_pair, looked=True)),
    )
    return Comparison(
        played=played,
        during=during,
        seed=seed,
        first_replication=first_replication,
        looked=replications == "auto",
        ended=ended.why,
        interrupted=ended.interrupted,
    )


def sweep(scenario: Scenario, values: Mapping[str, Sequence[Any]], **ask: Any) -> Comparison:
    """Compare every point of a grid of values with the scenario as it stands.

    Parameters
    ----------
    scenario
        The base.
    values
        Values by dotted key, as for `Scenario.with_changes`: `{"demand.scale": ["90 %", "110 %"]}`. Several keys make
        a grid, the last one changing fastest. A point that is the scenario as it stands is the base itself.
    **ask
        As for `compare`.

    Returns
    -------
    Comparison
        Its table has a column for each key. Points are called by the shortest ends of the keys that tell them apart:
        `scale=90 %`.

    Raises
    ------
    ScenarioError
        If a value is not sound.
    QuestionError
        If the grid has no point, or too many; and as for `compare`.
    """
    check_scenario(scenario)
    points = list(_points(values))
    if not points or len(points) > MOST_POINTS:
        raise QuestionError(f"a grid of {len(points)} points; there must be between 1 and {MOST_POINTS}")
    base_name, others, settings, short = "base", {}, {}, short_keys(list(values))
    for point in points:
        name = ", ".join(f"{short[key]}={_written(value)}" for key, value in point.items())
        settings[name] = point
        changed = scenario.with_changes(point)
        if changed.hash == scenario.hash:
            base_name = name
        else:
            others[name] = changed
    if not others:
        raise QuestionError("every point of the grid is the scenario as it stands; name other values")
    found = compare(scenario, others, base_name=base_name, **ask)
    found.settings.update(settings)
    return found


def hours_of(scenario: Scenario, name: str) -> tuple[tuple[int, int], ...]:
    """Give the spans (ms) of opening hours, or of a shift as GROUP.SHIFT; QuestionError says what there is."""
    calendar = Calendar.of(scenario)
    if name in scenario.opening_hours:
        return calendar.spans(scenario.opening_hours[name])
    for group_name, group in scenario.agent_groups.items():
        for shift_name, shift in group.shifts.items():
            if name == f"{group_name}.{shift_name}":
                weekdays = tuple((shift.hours,) if day in shift.days else () for day in range(7))
                local = calendar if group.zone is None else calendar.in_zone(group.zone)
                return local.spans(WeeklyHours((*weekdays, None)))
    shifts = [f"{name}.{shift}" for name, group in scenario.agent_groups.items() for shift in group.shifts]
    raise QuestionError(f"during: there are no hours {name!r}{suggestion(name, [*scenario.opening_hours, *shifts])}")


def short_keys(keys: Sequence[str]) -> dict[str, str]:
    """Give the shortest ends of dotted keys that tell them apart, by key."""
    short = {}
    for key in keys:
        parts = key.split(".")
        ends = [".".join(parts[-length:]) for length in range(1, len(parts) + 1)]
        rivals = [other for other in keys if other != key]
        short[key] = next((end for end in ends if not any(f".{one}".endswith(f".{end}") for one in rivals)), key)
    return short


def _named(base: Scenario, others: Others, base_name: str) -> dict[str, Scenario]:
    check_scenario(base)
    if isinstance(others, Scenario):
        others = [others]
    pairs = list(others.items()) if isinstance(others, Mapping) else [(one.name, one) for one in others if _is_one(one)]
    if not pairs:
        raise QuestionError("name at least one scenario to compare with the base")
    named = {base_name: base}
    for name, scenario in pairs:
        check_scenario(scenario)
        if name in named:
            raise QuestionError(
                f"two scenarios are called {name!r}; give names: compare(base, {{'one less': scenario}})"
            )
        named[name] = scenario
    return named


def _is_one(scenario: object) -> bool:
    check_scenario(scenario)
    return True


def _check_currencies(named: Mapping[str, Scenario]) -> None:
    currencies = {scenario.currency: name for name, scenario in named.items()}
    if len(currencies) > 1:
        said = "; ".join(f"{name}: {currency or 'none'}" for currency, name in currencies.items())
        raise QuestionError(
            f"amounts in different currencies cannot be compared ({said}); say the same `currency` in all"
        )


def _points(values: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Give the points of a grid, the last key changing fastest."""
    for key, one in values.items():
        if isinstance(one, str) or not isinstance(one, Sequence):
            raise QuestionError(f"{key}: got {one!r}, must be a list of values")
    if values:
        for point in product(*values.values()):
            yield dict(zip(values, point, strict=True))


def _written(value: Any) -> str:
    return "null" if value is None else str(value)
