"""Which measures a baseline keeps, what they are called there, and their sums replication by replication."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from sim.check.baseline import Series
from sim.check.errors import CheckError
from sim.experiment.estimate import Question, needs_more, per_replication, question, rows_of
from sim.experiment.judge import DEFAULT_WITHIN, question_of
from sim.measure.definitions import MEASURES, Quantile, Ratio
from sim.scenario.units import read_duration, write_duration

if TYPE_CHECKING:
    from sim.experiment.collect import Collected
    from sim.scenario.schema import Scenario

BY: Final = {
    "channel": ("arrived", "offered", "answered", "abandonment", "average_speed_of_answer"),
    "tier": ("offered", "average_speed_of_answer", "handle_time"),
    "agent_group": ("answered", "occupancy", "staff_hours", "cost"),
}
"""What every baseline has by name of a part."""
WHOLE: Final = ("inquiries", "inquiries_resolved", "contacts_per_inquiry", "cost")
"""What it has of the whole."""

_NAME = re.compile(r"(?P<measure>\w+)(?:\((?P<asked>[^)]*)\))?(?P<where>(?: [a-z_]+=\S+)*)")


def questions(scenario: Scenario, collected: Collected) -> list[Question]:
    """Give what a baseline of a scenario keeps: what targets and tolerances name, and how each part of the desk fares.

    Percentiles have no sums per replication and are left out.
    """
    asked = [question_of(target, per="run") for target in scenario.targets]
    parts = {"channel": [*scenario.channels], "tier": [*scenario.tiers], "agent_group": [*scenario.agent_groups]}
    for dimension, names in BY.items():
        asked += [question(name, where={dimension: part}) for part in sorted(parts[dimension]) for name in names]
    asked += [question(name) for name in WHOLE]
    asked += _of_tolerances(scenario, {one.measure.name for one in asked})
    kept = [one for one in asked if not isinstance(one.formula, Quantile) and not needs_more(collected, one)]
    return list({name_of(one): one for one in kept}.values())


def _of_tolerances(scenario: Scenario, there: set[str]) -> Iterator[Question]:
    """Give what a tolerance names and nothing else asks."""
    for name in scenario.regression.tolerance:
        measure = MEASURES[name]
        if name not in there:
            asked = question(name, within=DEFAULT_WITHIN if measure.within == "yes" else None)
            if isinstance(asked.formula, Quantile):
                raise CheckError(
                    f"regression.tolerance.{name}: percentiles have no sums per replication, so no baseline keeps them;"
                    " name a mean such as average_speed_of_answer, or make it a target"
                )
            yield asked


def name_of(asked: Question) -> str:
    """Write what is asked as `service_level(20 s, settled) channel=phone`."""
    detail = [write_duration(asked.within)] if asked.within is not None else []
    if asked.reading and asked.reading != asked.measure.readings[0]:
        detail.append(asked.reading)
    where = "".join(f" {key}={label}" for key, labels in sorted(asked.where.items()) for label in labels)
    return f"{asked.measure.name}{'(' + ', '.join(detail) + ')' if detail else ''}{where}"


def question_named(name: str) -> Question:
    """Read what `name_of` wrote.

    Raises
    ------
    ValueError
        If it names what does not exist.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise ValueError(f"got {name!r}, must be a measure such as `service_level(20 s) channel=phone`")
    detail = [part.strip() for part in match["asked"].split(",")] if match["asked"] is not None else []
    within = read_duration(detail.pop(0)) if detail and detail[0][0].isdigit() else None
    where = dict(part.split("=", 1) for part in match["where"].split())
    return question(match["measure"], where=where, within=within, reading=detail[0] if detail else None)


def series_of(collected: Collected, asked: Question) -> Series:
    """Give the sums of what is asked by replication.

    Raises
    ------
    ValueError
        If the scenario no longer has it.
    """
    if lacking := needs_more(collected, asked):
        raise ValueError(lacking)
    (row,) = rows_of(collected.frame, asked)
    try:
        tops, bottoms, _ = per_replication(collected, asked, row)
    except KeyError:
        raise ValueError("no target names this deadline any more") from None
    over = None if bottoms is None else tuple(bottoms[:, 0].tolist())
    if over is None and isinstance(asked.formula, Ratio) and asked.formula.over_time:
        over = (int(collected.frame.periods.widths("run")[0]),) * len(tops)
    return Series(name_of(asked), tuple(tops[:, 0].tolist()), over)
