"""From what was collected to estimates of a measure, by row and period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import nan
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.experiment.blocks import Part
from sim.experiment.collect import Collected
from sim.experiment.errors import QuestionError
from sim.experiment.gather import GRIDS, Grid
from sim.experiment.statistics import Estimate, MomentSums, jackknife, ratio, ratio_of_moments
from sim.experiment.watch import RowKey, histogram_key, row_key
from sim.measure.breakdowns import PARTS
from sim.measure.cells import Cells, Row
from sim.measure.definitions import MEASURES, Ask, Formula, Measure, Quantile, Ratio
from sim.measure.frame import Frame
from sim.measure.histogram import is_edge, percentile
from sim.measure.periods import PERIODS
from sim.scenario.units import write_duration

Ints = NDArray[np.int64]

ONE_AT_A_TIME: Final = ("peaks", "oldest")
"""Tables of what does not add up over cells."""

_AT_ANY_DEADLINE: Final[Mapping[str, tuple[str | None, str]]] = {
    "answered_within": ("answered", "left_answered"),
    "abandoned_within": ("abandoned", "left_abandoned"),
    "due": (None, "left_judged"),
    "answered_due": (None, "left_answered"),
    "response_within": ("response", "left_response"),
    "response_due": (None, "left_response_due"),
    "resolution_within": ("resolution", "left_resolution"),
    "resolution_due": (None, "left_resolution_due"),
}
"""By counter with a deadline T, the histograms (values, time left) from which it follows: those with a value up to T
(or all), less those with at most T left, who are not due and whose value is below what they have left."""


@dataclass(frozen=True)
class Question:
    """A measure with all that is asked of it, checked."""

    measure: Measure
    by: tuple[str, ...]
    where: dict[str, tuple[str, ...]]
    """The labels that it is narrowed to, by dimension."""
    per: str
    within: int | None
    reading: str

    @property
    def formula(self) -> Formula:
        """What it comes to."""
        return self.measure.formula(Ask(frozenset({*self.by, *self.where}), self.within, self.reading))

    @property
    def unit(self) -> str:
        """Unit of the answer."""
        return "s" if self.measure.within == "may" and self.within is None else self.measure.unit


@dataclass(frozen=True)
class Answer:
    """The estimate of one row and period."""

    labels: tuple[str, ...]
    period: int
    estimate: Estimate


def question(  # noqa: PLR0913  (all that can be asked of a measure)
    name: str,
    *,
    by: str | Sequence[str] | None = None,
    where: Mapping[str, str | Sequence[str]] | None = None,
    per: str = "run",
    within: int | None = None,
    reading: str | None = None,
) -> Question:
    """Check what is asked of a measure; QuestionError says what is allowed."""
    measure = measure_named(name)
    dimensions = (by,) if isinstance(by, str) else tuple(by or ())
    narrowed = {key: (given,) if isinstance(given, str) else tuple(given) for key, given in (where or {}).items()}
    wanted = {*dimensions, *narrowed}
    if not any(wanted <= set(allowed) for allowed in (*measure.by, ())):
        allowed = " or ".join(", ".join(one) for one in measure.by if one) or "nothing"
        raise QuestionError(f"{name} is not told apart by {', '.join(sorted(wanted))}; it is by {allowed}")
    if per not in PERIODS:
        raise QuestionError(_unknown("period", per, PERIODS))
    if reading is not None and reading not in measure.readings:
        allowed = ", ".join(measure.readings) or "none: leave `reading` out"
        raise QuestionError(f"{name} has no reading {reading!r}; its readings are: {allowed}")
    if measure.within == "yes" and within is None:
        raise QuestionError(f"{name} needs `within`, the deadline, such as within='20 s'")
    if measure.within == "no" and within is not None:
        raise QuestionError(f"{name} takes no deadline; leave `within` out")
    return Question(measure, dimensions, narrowed, per, within, reading or (measure.readings or ("",))[0])


def measure_named(name: str) -> Measure:
    """Give a measure; QuestionError names what is close to an unknown name."""
    if name not in MEASURES:
        raise QuestionError(_unknown("measure", name, MEASURES))
    return MEASURES[name]


def is_kept_by(collected: Collected, asked: Question) -> bool:
    """Tell whether what is asked is kept by what it is broken down by; maxima and ages are by fewer breakdowns."""
    if needs_more(collected, asked):
        return False
    table = asked.formula.table if isinstance(asked.formula, Ratio) else ""
    if table not in ONE_AT_A_TIME or not asked.by:
        return True
    return len(asked.by) == 1 and any(
        line.startswith(f"{asked.by[0]}=") for line in collected.frame.peaks.names["line"]
    )


def needs_more(collected: Collected, asked: Question) -> str:
    """Say what the scenario lacks for what is asked; nothing where it lacks nothing."""
    return needs_more_than(collected.frame, asked)


def needs_more_than(frame: Frame, asked: Question) -> str:
    """Say the same of the frame of a scenario."""
    scoring, name = frame.scoring, asked.measure.name
    if name in {"satisfaction", "nps", "churn"} and scoring is None:
        return f"{name} needs `quality.satisfaction` in the scenario"
    if name == "churn" and scoring is not None and scoring.dissatisfied_below == 0:
        return "churn needs `quality.churn` in the scenario"
    return ""


def answers(collected: Collected, asked: Question, level: float) -> list[Answer]:
    """Estimate what is asked, row by row and period by period.

    Parameters
    ----------
    level
        Of the intervals.
    """
    if lacking := needs_more(collected, asked):
        raise QuestionError(lacking)
    formula = asked.formula
    rows = rows_of(collected.frame, asked)
    if isinstance(formula, Quantile):
        return _percentiles(collected, asked, formula, rows, level)
    if asked.within is not None and not _is_kept(collected, formula, asked.within):
        _only_for_run(asked, f"deadlines that no target names ({write_duration(asked.within)}) are counted")
        if formula.bottom is None:
            raise QuestionError(f"{asked.measure.name} is counted for deadlines that targets name, and 20 s")
        if not is_edge(asked.within):
            raise QuestionError(
                f"`within` of {asked.within} ms is finer than waits are kept (0.1 %); name it in a target"
            )
        return [Answer(row.labels, 0, _late(collected, formula, row.cells, level)) for row in rows]
    if asked.per in GRIDS:
        return [answer for row in rows for answer in _by_moments(collected, asked, formula, row, level)]
    return [answer for row in rows for answer in _by_replication(collected, asked, formula, row, level)]


def per_replication(collected: Collected, asked: Question, row: Row) -> tuple[Ints, Ints | None, float]:
    """Give (tops, bottoms, divisor) of a ratio by replication and period (run, week or day); no bottoms of a mean."""
    formula = asked.formula
    if not isinstance(formula, Ratio):
        raise QuestionError(f"{asked.measure.name} is read from histograms, not from replications")
    counters = collected.counters(formula.table, formula.counters, row.cells, asked.per)
    top = sum((weight * counters[name] for name, weight in formula.top.items()), np.int64(0))
    bottom = None
    if formula.bottom is not None:
        bottom = sum((weight * counters[name] for name, weight in formula.bottom.items()), np.int64(0))
    return np.asarray(top), None if bottom is None else np.asarray(bottom), formula.scale


def rows_of(frame: Frame, asked: Question) -> list[Row]:
    """Give the rows of a question."""
    table = asked.formula.table
    cells = _cells(frame, table)
    return _lines(cells, asked) if table in ONE_AT_A_TIME else _rows(cells, asked, costs=table == "costs")


def _by_replication(collected: Collected, asked: Question, formula: Ratio, row: Row, level: float) -> Iterator[Answer]:
    tops, bottoms, divisor = per_replication(collected, asked, row)
    counted = is_counted(asked, formula)
    widths = collected.frame.periods.widths(asked.per)
    for period in range(tops.shape[1]):
        top = tops[:, period].tolist()
        if bottoms is not None:
            estimate = ratio(top, bottoms[:, period].tolist(), level, share=counted)
        else:
            width = int(widths[period]) if formula.over_time else 1
            estimate = ratio(top, [width] * len(top), level)
        yield Answer(row.labels, period, estimate.scaled(divisor))


def grid_of(frame: Frame, asked: Sequence[Question]) -> list[Grid]:
    """Give the grids that keep what is asked per hour or interval: one for each table and kind of period."""
    found: dict[tuple[str, str], tuple[dict[RowKey, Ints], set[int]]] = {}
    formulas: list[Ratio] = []
    for one in asked:
        formula = one.formula
        if one.per in GRIDS and isinstance(formula, Ratio):
            rows, mine = found.setdefault((formula.table, one.per), ({}, set()))
            rows |= {key_of(one, row): row.cells for row in rows_of(frame, one)}
            mine.add(len(formulas))
            formulas.append(formula)
    return [
        Grid(table, per, rows, tuple(formulas[at] for at in sorted(mine)), len(_cells(frame, table)))
        for (table, per), (rows, mine) in found.items()
    ]


def is_gathered(collected: Collected, asked: Question) -> bool:
    """Tell whether what is asked can be answered from what is kept; figures per hour or interval may be missing."""
    formula = asked.formula
    if asked.per not in GRIDS or not isinstance(formula, Ratio):
        return True
    if asked.within is not None and not _is_kept(collected, formula, asked.within):
        return True  # to play again would not help: nobody counts it
    rows = rows_of(collected.frame, asked)
    return all(collected.moments_of(formula, asked.per, key_of(asked, row)) is not None for row in rows)


def key_of(asked: Question, row: Row) -> RowKey:
    """Give the key of a row by what it is narrowed to and its labels."""
    return row_key({key: "; ".join(labels) for key, labels in asked.where.items()} | _labelled(asked, row))


def _by_moments(collected: Collected, asked: Question, formula: Ratio, row: Row, level: float) -> Iterator[Answer]:
    key = key_of(asked, row)
    moments = collected.moments_of(formula, asked.per, key)
    assert moments is not None, "what is asked per hour or interval is gathered"
    grid, at = moments.grid, moments.grid.numbers[key]
    number, counted = collected.replications, is_counted(asked, formula)
    widths = collected.frame.periods.widths(asked.per)

    def first(terms: Mapping[str, int]) -> NDArray[np.float64]:
        return np.asarray(sum(weight * moments.first[grid.counters[name], at] for name, weight in terms.items()))

    def second(terms: Mapping[str, int], others: Mapping[str, int]) -> NDArray[np.float64]:
        return np.asarray(
            sum(
                weight * other_weight * moments.second[grid.pairs[min(name, other), max(name, other)], at]
                for name, weight in terms.items()
                for other, other_weight in others.items()
            )
        )

    top, top_top = first(formula.top), second(formula.top, formula.top)
    if formula.bottom is not None:
        bottom = first(formula.bottom)
        top_bottom, bottom_bottom = second(formula.top, formula.bottom), second(formula.bottom, formula.bottom)
    else:
        each = widths.astype(np.float64) if formula.over_time else np.ones(len(widths))
        bottom, top_bottom, bottom_bottom = number * each, top * each, number * each * each
    for period in range(len(widths)):
        sums = MomentSums(number, *(float(one[period]) for one in (top, bottom, top_top, top_bottom, bottom_bottom)))
        estimate = ratio_of_moments(sums, level, share=counted)
        yield Answer(row.labels, period, estimate.scaled(formula.scale))


def is_counted(asked: Question, formula: Ratio) -> bool:
    """Tell whether a ratio is a share of countable cases (of time it is not: an exact 0 or 1 proves little there)."""
    return asked.unit == "share" and formula.table in {"contacts", "legs", "visits"}


def _labelled(asked: Question, row: Row) -> dict[str, str]:
    return dict(zip(asked.by, row.labels, strict=True))


def _percentiles(
    collected: Collected, asked: Question, formula: Quantile, rows: list[Row], level: float
) -> list[Answer]:
    """Estimate percentiles: of any rows of the run, of the periods of what targets name."""
    if asked.per == "run":
        places = [collected.of_kind(formula.table, formula.histogram, row.cells) for row in rows]
        return [
            Answer(row.labels, 0, _quantile(collected, formula, key, cells, level))
            for row, (key, cells) in zip(rows, places, strict=True)
        ]
    by_period = histogram_key(formula, asked.per, row_key({key: "; ".join(of) for key, of in asked.where.items()}))
    if asked.by or not collected.has_histogram(by_period):
        _only_for_run(asked, "percentiles that no target names per period are kept")
    return [
        Answer((), period, _quantile(collected, formula, by_period, np.array([period]), level))
        for period in range(collected.frame.periods.count(asked.per))
    ]


def _quantile(
    collected: Collected, formula: Quantile, histogram: tuple[object, ...], cells: Ints, level: float
) -> Estimate:
    whole, without = with_and_without(collected, formula, histogram, cells)
    if formula.share == 1:
        return Estimate(whole, nan, nan, len(without)).scaled(formula.scale)
    return jackknife(whole, without, level).scaled(formula.scale)


def with_and_without(
    collected: Collected, formula: Quantile, histogram: tuple[object, ...], cells: Ints
) -> tuple[float, list[float]]:
    """Give a percentile of all replications, and without each block of them, ms."""
    found = collected.distribution(histogram, cells)
    total = found.counts.sum(axis=0)
    without = [percentile(found.number, total - block, formula.share) for block in found.counts]
    return percentile(found.number, total, formula.share), without


def _late(collected: Collected, formula: Ratio, cells: Ints, level: float) -> Estimate:
    """Estimate a share with a deadline from histograms, blocks of replications standing for replications."""

    def values(terms: Mapping[str, int]) -> list[int]:
        found = [0] * len(collected.blocks)
        for block, part in zip(collected.blocks.of_part(), collected.blocks.parts, strict=True):
            for name, weight in terms.items():
                found[block] += weight * _counted(collected, part, formula.table, name, cells)
        return found

    return ratio(values(formula.top), values(formula.bottom or {}), level, share=True)


def _counted(collected: Collected, part: Part, table: str, counter: str, cells: Ints) -> int:
    name, _, limit = counter.partition("@")
    kind, left = _AT_ANY_DEADLINE[name]
    key, rest = collected.of_kind(table, left, cells)
    histogram = part.histograms[key]
    if kind is None:
        up_to = histogram.total(rest)
    else:
        up_to = histogram.within(collected.of_kind(table, kind, cells)[1], int(limit))
    return up_to - histogram.within(rest, int(limit))


def _is_kept(collected: Collected, formula: Ratio, within: int) -> bool:
    thresholds = collected.frame.thresholds
    if any(counter.startswith("response") for counter in formula.top):
        return within in thresholds.response
    if any(counter.startswith("resolution") for counter in formula.top):
        return within in thresholds.resolution
    return within in thresholds.service


def _cells(frame: Frame, table: str) -> Cells:
    return {
        "contacts": frame.contacts,
        "legs": frame.legs,
        "standing": frame.legs,
        "visits": frame.visits,
        "agents": frame.agents,
        "costs": frame.costs,
    }.get(table, frame.peaks)


def _rows(cells: Cells, asked: Question, *, costs: bool) -> list[Row]:
    for dimension, labels in asked.where.items():
        for label in labels:
            if label not in cells.names[dimension]:
                raise QuestionError(_unknown(dimension, label, cells.names[dimension]))
    rows = cells.rows(asked.by, asked.where)
    if costs and "part" in asked.by:  # what the cost per inquiry resolved divides by is no part of the cost
        rows = [row for row in rows if PARTS[-1] not in row.labels]
    return rows


def _lines(cells: Cells, asked: Question) -> list[Row]:
    if len({*asked.by, *asked.where}) > 1:
        raise QuestionError(f"{asked.reading or asked.measure.name} is kept by one breakdown at a time")
    lines = cells.names["line"]
    if not asked.by:
        line = next((f"{dimension}={'; '.join(labels)}" for dimension, labels in asked.where.items()), "run")
        if line not in lines:
            raise QuestionError(_unknown("line", line, lines))
        return [Row((), np.array([lines.index(line)]))]
    prefix = f"{asked.by[0]}="
    chosen = [line for line in lines if line.startswith(prefix)]
    if not chosen:
        raise QuestionError(f"{asked.reading or asked.measure.name} is not kept by {asked.by[0]}")
    named = {f"{dimension}={label}" for dimension, labels in asked.where.items() for label in labels}
    keep = named or set(chosen)
    return [Row((line.removeprefix(prefix),), np.array([lines.index(line)])) for line in chosen if line in keep]


def _only_for_run(asked: Question, what: str) -> None:
    if asked.per != "run":
        raise QuestionError(f"{what} for the whole run only; leave `per` out")


def _unknown(what: str, given: str, known: Sequence[str] | Mapping[str, object]) -> str:
    close = get_close_matches(given, known, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else f"; known: {', '.join(sorted(known))}"
    return f"unknown {what} {given!r}{hint}"
