"""Judging targets: whether replications are enough, and which targets hold."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.experiment.collect import Collected
from sim.experiment.estimate import Answer, Question, answers, per_replication, question, rows_of
from sim.experiment.statistics import NOTHING, Estimate, level_after_looks, precise
from sim.measure.definitions import Quantile, Ratio
from sim.scenario.measure_names import BREAKDOWNS
from sim.scenario.units import write_duration, write_share

if TYPE_CHECKING:
    from sim.scenario.model.targets import Target
    from sim.scenario.schema import Scenario

LEVEL: Final = 0.95
"""Of the intervals that judge targets."""

DEFAULT_WITHIN: Final = 20_000
"""Deadline (ms) of the service levels that are judged where a scenario has no targets."""

DAY_PERCENTILES: Final = (10, 50, 90)


@dataclass(frozen=True)
class Judgement:
    """What a look at the replications so far found."""

    precise: bool
    widest: str
    """The figure that is least precise for what is asked of it, with its half-width."""

    def __str__(self) -> str:
        """Say it in a line."""
        return f"widest interval {self.widest}"


@dataclass(frozen=True)
class Verdict:
    """Whether a target holds."""

    target: str
    """In words."""
    measure: str
    bound: float
    """In the unit."""
    unit: str
    estimate: Estimate
    """Of the run; of a target per period, of the period that decides."""
    verdict: str
    """pass, fail or undecided."""
    warn: str | None
    """The same of the bound that is only warned about; None where the target has none."""
    period: int | None
    """Of a target per period, the number of the period that decides."""
    days_kept: float
    """Share of the days, over the replications, that keep the bound; NaN where days are not measured."""
    days: tuple[float, ...]
    """The 10th, 50th and 90th percentile day over the replications; NaN where days are not measured."""


def selection(target: Target) -> dict[str, str]:
    """Give what a target is narrowed to, label by dimension."""
    return {key: str(getattr(target, key)) for key in BREAKDOWNS if getattr(target, key) is not None}


def selections(scenario: Scenario) -> list[dict[str, str]]:
    """Give the choices of more than one dimension that targets name."""
    chosen = [selection(target) for target in scenario.targets]
    return [labels for labels in chosen if len(labels) > 1]


def question_of(target: Target, per: str | None = None) -> Question:
    """Give what a target asks."""
    return question(
        target.measure,
        where=selection(target),
        per=per or target.per or "run",
        within=target.within,
        reading=target.reading if target.measure == "service_level" else None,
    )


def judge(scenario: Scenario, collected: Collected) -> Judgement:
    """Tell whether all target measures, else service level and abandonment by channel, are known precisely enough."""
    asked = [question_of(target) for target in scenario.targets] or [
        question("service_level", by="channel", within=DEFAULT_WITHIN),
        question("abandonment", by="channel"),
    ]
    enough, widest, furthest = True, "none", -1.0
    for one in asked:
        is_share = one.unit == "share"
        formula = one.formula
        if isinstance(formula, Quantile) and formula.share == 1:
            continue  # the longest has no interval
        for answer in answers(collected, one, level_after_looks(LEVEL)):
            estimate = answer.estimate
            enough &= precise(estimate, share=is_share)
            allowed = max(0.05 * abs(estimate.estimate), 0.01 if is_share else 0.0)
            excess = estimate.half_width / allowed if allowed else 0.0
            if excess > furthest:
                furthest, widest = excess, f"{_name(one, answer)} {_with_half_width(estimate, one.unit)}"
    return Judgement(enough, widest)


def verdicts(scenario: Scenario, collected: Collected, *, looked: bool) -> list[Verdict]:
    """Judge every target.

    A target passes if its 95 % interval lies on the right side of the bound (a truth exactly at the bound counts as
    kept), fails if it lies wholly on the wrong side, and is undecided else. A target per period is judged by the ratio
    of each period pooled over the replications, with intervals that hold for all its periods together (Bonferroni); it
    passes if all do, fails if one fails, and the period with the worst figure of those with that verdict is shown.
    `warn` is a second bound of the same kind, judged alike; it changes no verdict.

    Parameters
    ----------
    looked
        Whether looking at intervals ended the run.
    """
    return [_verdict(target, collected, level_after_looks(LEVEL) if looked else LEVEL) for target in scenario.targets]


def side(estimate: Estimate, bound: float, *, at_least: bool) -> str:
    """Say whether an interval lies on the right side of a bound (pass), on the wrong one (fail), or undecided."""
    low, high = (estimate.low, estimate.high) if at_least else (-estimate.high, -estimate.low)
    limit = bound if at_least else -bound
    if low >= limit:
        return "pass"
    return "fail" if high < limit else "undecided"


def _verdict(target: Target, collected: Collected, level: float) -> Verdict:
    asked = question_of(target)
    at_least = target.at_least is not None
    bound = target.at_least if target.at_least is not None else target.at_most
    assert bound is not None, "a target has a bound"
    limit = bound / 1000 if target.unit == "duration" else bound
    found = answers(collected, asked, level)
    judged = [answer for answer in found if not isnan(answer.estimate.estimate)]
    if target.per is not None and len(judged) > 1:
        again = answers(collected, asked, 1 - (1 - level) / len(judged))
        judged = [answer for answer in again if not isnan(answer.estimate.estimate)]
    verdict = _worst_side(judged, limit, at_least=at_least)
    warn = None if target.warn is None else target.warn / 1000 if target.unit == "duration" else target.warn
    deciding = [answer for answer in judged if side(answer.estimate, limit, at_least=at_least) == verdict]
    worst = min(deciding, key=lambda answer: answer.estimate.estimate * (1 if at_least else -1), default=None)
    kept, days = _days(target, collected, limit, at_least=at_least)
    return Verdict(
        target=words(target),
        measure=target.measure,
        bound=limit,
        unit=asked.unit,
        estimate=worst.estimate if worst else NOTHING,
        verdict=verdict,
        warn=None if warn is None else _worst_side(judged, warn, at_least=at_least),
        period=worst.period if worst and target.per else None,
        days_kept=kept,
        days=days,
    )


def _worst_side(judged: list[Answer], bound: float, *, at_least: bool) -> str:
    """Say fail if one answer does, else undecided if one is (or there is none), else pass."""
    sides = {side(answer.estimate, bound, at_least=at_least) for answer in judged} or {"undecided"}
    return next(one for one in ("fail", "undecided", "pass") if one in sides)


def _days(target: Target, collected: Collected, limit: float, *, at_least: bool) -> tuple[float, tuple[float, ...]]:
    """Give the share of (replication, day) that keeps a bound, and the percentile days; days without cases left out."""
    unknown = nan, (nan,) * len(DAY_PERCENTILES)
    asked = question_of(target, per="day")
    formula = asked.formula
    if not isinstance(formula, Ratio) or formula.bottom is None:
        return unknown
    rows = rows_of(collected, asked)
    tops, bottoms, divisor = per_replication(collected, asked, rows[0])
    assert bottoms is not None
    some = bottoms != 0
    if not some.any():
        return unknown
    values = tops[some] / bottoms[some] / divisor
    kept = values >= limit if at_least else values <= limit
    return float(kept.mean()), tuple(float(value) for value in np.percentile(values, DAY_PERCENTILES))


def words(target: Target) -> str:
    """Say a target in a line."""
    of = " ".join(selection(target).values())
    within = f" within {write_duration(target.within)}" if target.within else ""
    reading = f" ({target.reading})" if target.measure == "service_level" and target.reading != "offered" else ""
    sign, bound = ("≥", target.at_least) if target.at_least is not None else ("≤", target.at_most)
    assert bound is not None
    value = f"{bound:g}"
    if target.unit == "share":
        value = write_share(bound)
    elif target.unit == "duration":
        value = write_duration(round(bound))
    per = f" per {target.per}" if target.per else ""
    return f"{of} {target.measure}{reading}{within} {sign} {value}{per}".strip()


def _name(asked: Question, answer: Answer) -> str:
    return " ".join(
        (*answer.labels, *(label for labels in asked.where.values() for label in labels), asked.measure.name)
    )


def _with_half_width(estimate: Estimate, unit: str) -> str:
    if unit == "share":
        return f"{100 * estimate.estimate:.2f} % ± {100 * estimate.half_width:.2f} points"
    return f"{estimate.estimate:.4g} ± {estimate.half_width:.2g} {unit}"
