"""Control variates: figures put right for what their replications were dealt above or below its known expectation.

A figure's parts (what each replication adds to its error) are regressed on the deviations of arrivals, their square and
work from what is exactly expected; what the mean deviation explains is taken off, and the interval is that of what is
left. With n replications and q controls (Lavenberg & Welch 1981, Management Science 27(3); Law 2015, Simulation
Modeling and Analysis, 11.4), D the centred deviations and c their mean:

    figure − b'c ± t(n − q − 1) · √(Σ residuals² ÷ (n − q − 1) · (1/n + c'(D'D)⁻¹c))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, isnan, sqrt
from typing import TYPE_CHECKING, Any, Final

from sim.demand.known import EVERYBODY
from sim.experiment.asked import ASKED_NOTHING, usual
from sim.experiment.collect import Collected
from sim.experiment.estimate import Question, needs_more
from sim.experiment.pairs import Figure, figures, in_words, told
from sim.experiment.statistics import Estimate, t_quantile
from sim.measure.definitions import Ratio

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

COLUMNS: Final = (
    *("figure", "measure", "reading", "within_s", "where", "by", "of"),
    *("estimate", "low", "high", "half_width", "plain", "plain_low", "plain_high", "shrunk", "unit", "n"),
)
"""Columns of the table of figures with controls."""

LEAST_REPLICATIONS: Final = 30
"""Fewer leave too little to estimate how figures hang on what is dealt."""

HELPS: Final = 0.95
"""Controls are used where they shorten the interval at least to this part of it: choosing by chance alone would make
intervals too short."""


@dataclass(frozen=True)
class Basis:
    """Deviations over the replications, centred and orthonormal."""

    columns: tuple[tuple[float, ...], ...]
    off: tuple[float, ...]
    """The mean deviation, in these coordinates."""

    @classmethod
    def of(cls, deviations: Sequence[Sequence[float]]) -> Basis:
        """Give the basis of deviations, each a column of one value a replication; what adds nothing is left out."""
        columns: list[tuple[float, ...]] = []
        off: list[float] = []
        for values in deviations:
            mean = fsum(values) / len(values)
            left, size = [value - mean for value in values], sqrt(fsum(value * value for value in values))
            for column, known in zip(columns, off, strict=True):
                along = _product(column, left)
                left = [value - along * part for value, part in zip(left, column, strict=True)]
                mean -= along * known
            norm = sqrt(_product(left, left))
            if norm > 1e-9 * size:
                columns.append(tuple(value / norm for value in left))
                off.append(mean / norm)
        return cls(tuple(columns), tuple(off))


def controlled(figure: Figure, basis: Basis, level: float, *, share: bool = False) -> Estimate | None:
    """Give the estimate with controls; None where they do not help, or there are too few replications.

    Parameters
    ----------
    level
        Of the interval.
    share
        Whether the figure is a share of cases, which stays within 0 and 1.
    """
    number, used = len(figure.parts), len(basis.columns)
    plain = figure.estimate
    if number < LEAST_REPLICATIONS or not used or isnan(plain.half_width) or not any(figure.parts):
        return None
    slopes = [_product(figure.parts, column) for column in basis.columns]
    left = list(figure.parts)
    for slope, column in zip(slopes, basis.columns, strict=True):
        left = [value - slope * part for value, part in zip(left, column, strict=True)]
    free = number - used - 1
    spread = 1 / number + fsum(off * off for off in basis.off)
    half = t_quantile(level, free) * sqrt(_product(left, left) / free * spread)
    without = t_quantile(level, number - 1) * sqrt(_product(figure.parts, figure.parts) / (number - 1) / number)
    point = plain.estimate - fsum(slope * off for slope, off in zip(slopes, basis.off, strict=True))
    if half > HELPS * without or (share and not 0 < point < 1):
        return None
    low, high = (max(point - half, 0.0), min(point + half, 1.0)) if share else (point - half, point + half)
    return Estimate(point, low, high, number)


def controlled_rows(scenario: Scenario, collected: Collected, level: float) -> list[dict[str, Any]]:
    """Give the usual shares and means of a run with controls, where these help.

    Sums (contacts, hours, cost) are left as they are, so that parts go on adding up. The controls are those of the
    figure's channel or contact type where it speaks of one, else of all demand.
    """
    rows = []
    for asked in usual(scenario):
        formula = asked.formula
        if needs_more(collected, asked) or not isinstance(formula, Ratio) or formula.bottom is None:
            continue
        for (labels, _), figure in figures(collected, asked, ASKED_NOTHING, level).items():
            basis = _basis(collected, asked, labels)
            found = controlled(figure, basis, level, share=asked.unit == "share")
            if found is not None:
                beside = _beside(found, figure.estimate)
                row = (in_words(asked, labels), *told(asked, labels), *beside, asked.unit, found.n)
                rows.append(dict(zip(COLUMNS, row, strict=True)))
    return rows


def _beside(found: Estimate, plain: Estimate) -> tuple[float, ...]:
    own = (found.estimate, found.low, found.high, found.half_width)
    return *own, plain.estimate, plain.low, plain.high, found.half_width / plain.half_width


def _basis(collected: Collected, asked: Question, labels: tuple[str, ...]) -> Basis:
    """Give the basis of the controls of a figure's channel, contact type, or of all demand."""
    said = {dimension: (label,) for dimension, label in zip(asked.by, labels, strict=True)} | asked.where
    known = {"channel": collected.frame.labels.channels, "contact_type": collected.frame.labels.contact_types}
    groups = [(name, known[name].index(said[name][0])) for name in known if len(said.get(name, ())) == 1]
    group = next((group for group in groups if group in collected.known[0]), EVERYBODY)
    by_control = zip(*(one[group] for one in collected.known if group in one), strict=True)
    return Basis.of(list(by_control))


def _product(one: Sequence[float], other: Sequence[float]) -> float:
    return fsum(a * b for a, b in zip(one, other, strict=True))
