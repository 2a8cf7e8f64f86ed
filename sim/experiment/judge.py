"""Judging targets: whether replications are enough, and which targets hold."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Final

from sim.experiment.collect import Collected
from sim.experiment.estimate import ONE_AT_A_TIME, Answer, Question, answers, question, rows_of
from sim.experiment.figures import write_figure
from sim.experiment.statistics import NOTHING, Estimate, level_after_looks, precise
from sim.experiment.watch import Kept, Watch, row_key
from sim.measure.definitions import Formula, Quantile
from sim.measure.frame import Frame
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

    enough: bool
    """Whether no more replications are needed."""
    found: str
    """In words."""

    def __str__(self) -> str:
        """Say it in a line."""
        return self.found


@dataclass(frozen=True)
class Held:
    """Whether a bound holds in every period."""

    bound: float
    """In the unit."""
    per: str
    """The periods; run if it is the whole run."""
    estimate: Estimate
    """Of the run, or of the period that decides."""
    verdict: str
    """pass, fail or undecided."""
    period: int
    """Number of the period that decides."""


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
    """Of the run; of a target per period without `risk`, of the period that decides."""
    verdict: str
    """pass, fail or undecided, of bound and floor together."""
    warn: str | None
    """The same of the bound that is only warned about; None where the target has none."""
    period: int | None
    """Of a target per period without `risk`, the number of the period that decides."""
    risk: float | None
    """Share of its periods that must keep the bound; None where the target asks none."""
    floor: Held | None
    """Whether the weaker bound holds; None where the target has none."""
    kept: dict[str, Estimate]
    """Share of days, intervals, and the target's own periods, over the replications, that keep the bound; NaN where
    periods have no figure that the bound speaks of."""
    days: dict[int, Estimate]
    """The 10th, 50th and 90th percentile day over the replications; NaN where no day can be judged."""


def selection(target: Target) -> dict[str, str]:
    """Give what a target is narrowed to, label by dimension."""
    return {key: str(getattr(target, key)) for key in BREAKDOWNS if getattr(target, key) is not None}


def watches(scenario: Scenario, frame: Frame) -> list[Watch]:
    """Give what of the targets is held against their bounds in each replication: target by target, and its `warn`."""
    return [_watch(target, frame) for target in scenario.targets]


def _watch(target: Target, frame: Frame) -> Watch:
    asked = question_of(target, per=target.per or "day")
    (row,) = rows_of(frame, asked)
    judged = {target.per, target.floor.per if target.floor else None} - {None}
    bounds = [_bound(target), *([] if target.warn is None else [target.warn])]
    # What adds up over time is bounded for the periods that the target names, and for no others.
    own = (target.per,) if target.per else ()
    counted = own if _adds_up(asked.formula) else (*own, "day", "interval")
    return Watch(
        asked.formula,
        row.cells,
        row_key(selection(target)),
        tuple(_in_unit(target, bound) for bound in bounds),
        target.at_least is not None,
        tuple(dict.fromkeys(counted)),
        tuple(sorted(per for per in judged if per is not None)),
    )


def _adds_up(formula: Formula) -> bool:
    """Tell whether the figures of periods add up to that of a longer one: numbers and amounts, not shares or levels."""
    if isinstance(formula, Quantile) or formula.table in {*ONE_AT_A_TIME, "standing"}:
        return False
    return formula.bottom is None and not formula.over_time


def question_of(target: Target, per: str | None = None) -> Question:
    """Give what a target asks: of a target with `risk` the run's figure, because no single period decides."""
    return question(
        target.measure,
        where=selection(target),
        per=per or (target.per if target.risk is None else None) or "run",
        within=target.within,
        reading=target.reading if target.measure == "service_level" else None,
    )


def judge(scenario: Scenario, collected: Collected) -> Judgement:
    """Tell whether all target measures, else service level and abandonment by channel, are known precisely enough.

    Of a target per period, in each period; of one with `risk`, the share of periods that keep the bound. Floors are not
    asked: the bound of a floor leaves room.
    """
    level, found = level_after_looks(LEVEL), []
    for target, kept in zip(scenario.targets, collected.kept, strict=True):
        if target.risk is not None and target.per is not None:
            found.append((f"{words(target)}: {target.per}s that keep it", "share", kept.share(target.per, 0, level)))
        else:
            found += _estimated(question_of(target), collected, level)
    if not scenario.targets:
        found += _estimated(question("service_level", by="channel", within=DEFAULT_WITHIN), collected, level)
        found += _estimated(question("abandonment", by="channel"), collected, level)
    enough, widest, furthest = True, "none", -1.0
    for name, unit, estimate in found:
        is_share = unit == "share"
        enough &= precise(estimate, share=is_share)
        allowed = max(0.05 * abs(estimate.estimate), 0.01 if is_share else 0.0)
        excess = estimate.half_width / allowed if allowed else 0.0
        if excess > furthest:
            furthest, widest = excess, f"{name} {_with_half_width(estimate, unit)}"
    return Judgement(enough, f"widest interval {widest}")


def _estimated(asked: Question, collected: Collected, level: float) -> list[tuple[str, str, Estimate]]:
    """Give (name, unit, estimate) of each row and period."""
    formula = asked.formula
    if isinstance(formula, Quantile) and formula.share == 1:
        return []  # the longest has no interval
    return [(_name(asked, answer), asked.unit, answer.estimate) for answer in answers(collected, asked, level)]


def verdicts(scenario: Scenario, collected: Collected, level: float) -> list[Verdict]:
    """Judge every target.

    A target passes if its interval lies on the right side of the bound (a truth exactly at the bound counts as
    kept), fails if it lies wholly on the wrong side, and is undecided else. A target per period is judged by the ratio
    of each period pooled over the replications, with intervals that hold for all its periods together (Bonferroni); it
    passes if all do, fails if one fails, and the period with the worst figure of those with that verdict is shown.
    With `risk` it is judged by the share of its periods, over the replications, that keep the bound: an interval of
    that share on the right side of `risk` passes. A `floor` is judged as a target per period is, and the target holds
    only if its floor does. `warn` is a second bound, judged as the first; it changes no verdict.

    Parameters
    ----------
    level
        Of the intervals.
    """
    return [
        _verdict(target, collected, kept, level) for target, kept in zip(scenario.targets, collected.kept, strict=True)
    ]


def side(estimate: Estimate, bound: float, *, at_least: bool) -> str:
    """Say whether an interval lies on the right side of a bound (pass), on the wrong one (fail), or undecided."""
    low, high = (estimate.low, estimate.high) if at_least else (-estimate.high, -estimate.low)
    limit = bound if at_least else -bound
    if low >= limit:
        return "pass"
    return "fail" if high < limit else "undecided"


def _verdict(target: Target, collected: Collected, kept: Kept, level: float) -> Verdict:
    bounds = [_in_unit(target, bound) for bound in (_bound(target), target.warn) if bound is not None]
    deciding = target.per if target.per is not None and target.risk is None else None
    by_bound = [_held(target, collected, bound, deciding or "run", level) for bound in bounds]
    verdict_by_bound = [held.verdict for held in by_bound]
    if target.risk is not None and target.per is not None:
        shares = [kept.share(target.per, number, level) for number in range(len(bounds))]
        verdict_by_bound = [side(share, target.risk, at_least=True) for share in shares]
    floor = _floor(target, collected, level)
    own = {target.per} if target.per else set()
    return Verdict(
        target=words(target),
        measure=target.measure,
        bound=bounds[0],
        unit=question_of(target).unit,
        estimate=by_bound[0].estimate,
        verdict=_worst([verdict_by_bound[0], *([floor.verdict] if floor else [])]),
        warn=None if target.warn is None else verdict_by_bound[1],
        period=by_bound[0].period if deciding and by_bound[0].estimate.n else None,
        risk=target.risk,
        floor=floor,
        kept={
            per: kept.share(per, 0, level) if kept.counts(per) else NOTHING for per in sorted({"day", "interval", *own})
        },
        days={percentile: kept.percentile_day(percentile, level) for percentile in DAY_PERCENTILES},
    )


def _floor(target: Target, collected: Collected, level: float) -> Held | None:
    if target.floor is None:
        return None
    bound = target.floor.at_least if target.floor.at_least is not None else target.floor.at_most
    assert bound is not None, "a floor has the bound of its target"
    return _held(target, collected, _in_unit(target, bound), target.floor.per, level)


def _held(target: Target, collected: Collected, bound: float, per: str, level: float) -> Held:
    """Judge a bound in every period, by figures pooled over the replications."""
    at_least = target.at_least is not None
    asked = question_of(target, per=per)
    judged = _judged(collected, asked, level)
    if len(judged) > 1:
        judged = _judged(collected, asked, 1 - (1 - level) / len(judged))
    verdict = _worst([side(answer.estimate, bound, at_least=at_least) for answer in judged] or ["undecided"])
    deciding = [answer for answer in judged if side(answer.estimate, bound, at_least=at_least) == verdict]
    worst = min(
        deciding,
        key=lambda answer: answer.estimate.estimate * (1 if at_least else -1),
        default=Answer((), 0, NOTHING),
    )
    return Held(bound, per, worst.estimate, verdict, worst.period)


def _judged(collected: Collected, asked: Question, level: float) -> list[Answer]:
    """Give the answers of periods that can be judged."""
    return [answer for answer in answers(collected, asked, level) if not isnan(answer.estimate.estimate)]


def _worst(sides: list[str]) -> str:
    """Say fail if one does, else undecided if one is, else pass."""
    return next(one for one in ("fail", "undecided", "pass") if one in sides)


def _bound(target: Target) -> float:
    bound = target.at_least if target.at_least is not None else target.at_most
    assert bound is not None, "a target has a bound"
    return bound


def _in_unit(target: Target, bound: float) -> float:
    """Give a bound in the unit in which the measure is shown."""
    return bound / 1000 if target.unit == "duration" else bound


def words(target: Target) -> str:
    """Say a target in a line."""
    of = " ".join(selection(target).values())
    within = f" within {write_duration(target.within)}" if target.within else ""
    reading = f" ({target.reading})" if target.measure == "service_level" and target.reading != "offered" else ""
    sign = "≥" if target.at_least is not None else "≤"
    per = f" per {target.per}" if target.per else ""
    risk = f" on {write_share(target.risk)} of {target.per}s" if target.risk is not None else per
    floor = ""
    if target.floor is not None:
        weaker = target.floor.at_least if target.floor.at_least is not None else target.floor.at_most
        assert weaker is not None, "a floor has the bound of its target"
        floor = f", {sign} {_written(target, weaker)} in every {target.floor.per}"
    return f"{of} {target.measure}{reading}{within} {sign} {_written(target, _bound(target))}{risk}{floor}".strip()


def _written(target: Target, bound: float) -> str:
    if target.unit == "share":
        return write_share(bound)
    return write_duration(round(bound)) if target.unit == "duration" else f"{bound:g}"


def _name(asked: Question, answer: Answer) -> str:
    return " ".join(
        (*answer.labels, *(label for labels in asked.where.values() for label in labels), asked.measure.name)
    )


def _with_half_width(estimate: Estimate, unit: str) -> str:
    if unit == "share":
        return f"{100 * estimate.estimate:.2f} % ± {100 * estimate.half_width:.2f} points"
    return f"{write_figure(estimate.estimate)} ± {estimate.half_width:.2g} {unit}"
