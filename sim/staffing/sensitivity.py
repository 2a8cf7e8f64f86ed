"""Sensitivity: what moves the figures most, one factor varied at a time over the same replications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from sim.experiment.compare import compare
from sim.experiment.errors import QuestionError
from sim.experiment.replicate import check_scenario
from sim.scenario.errors import suggestion
from sim.scenario.scaled import FACTORS
from sim.scenario.units import read_factor, write_share

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.comparison import Compared, Comparison
    from sim.scenario.schema import Scenario

TENTH: Final = (0.9, 1.1)
"""Between what factors are varied where nothing is said."""

SAYS: Final = ("measure", "reading", "within_s", "where", "by", "of", "start")
"""Columns that say which figure it is."""

Range = Sequence[float | str]


@dataclass(frozen=True)
class Bar:
    """One factor's effect on one figure."""

    factor: str
    low: Compared
    """At the smaller of its two values,"""
    high: Compared
    """and at the greater one."""

    @property
    def swing(self) -> float:
        """How far the figure moves from the one to the other."""
        return abs(self.high.other.estimate - self.low.other.estimate)


class Sensitivity:
    """What each factor, varied by itself, does to the figures.

    Attributes
    ----------
    comparison
        All scenarios beside the base; they are called by factor and value.
    ranges
        The two values of each factor that was varied.
    idle
        Factors that change nothing in this scenario, because it has nothing that they scale.
    """

    def __init__(self, comparison: Comparison, ranges: dict[str, tuple[float, float]], idle: tuple[str, ...]) -> None:
        self.comparison, self.ranges, self.idle = comparison, ranges, idle

    @property
    def bars(self) -> list[list[Bar]]:
        """Figure by figure, in the order in which they are asked: the factors, that with the greatest swing first."""
        found: dict[tuple[str, int], dict[str, list[Compared]]] = {}
        for line in self.comparison.differences.lines:
            factor = next(factor for factor, values in self.ranges.items() if line.scenario in _names(factor, values))
            found.setdefault((line.words, line.period), {}).setdefault(factor, []).append(line)
        return [
            sorted(
                (Bar(factor, *lines) for factor, lines in by_factor.items() if len(lines) == 2),
                key=lambda bar: -bar.swing,
            )
            for by_factor in found.values()
        ]

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each figure and factor, those with the greatest swing first.

        Columns: what figure it is, as in `Comparison.table`; factor, low and high (its two values); base with its own
        95 % interval; at_low and at_high, the figures there; low_difference and high_difference with _low and _high of
        their simultaneous 95 % intervals; swing; unit.
        """
        import pandas as pd  # noqa: PLC0415  (loading pandas takes longer than many runs)

        table = self.comparison.table
        place = {id(line): number for number, line in enumerate(self.comparison.differences.lines)}
        rows = []
        for bars in self.bars:
            for bar in bars:
                low, high = table.iloc[place[id(bar.low)]], table.iloc[place[id(bar.high)]]
                row = {column: low[column] for column in SAYS}
                row |= {"factor": bar.factor, "low": self.ranges[bar.factor][0], "high": self.ranges[bar.factor][1]}
                row |= {column: low[column] for column in ("base", "base_low", "base_high")}
                for side, one in (("low", low), ("high", high)):
                    row |= {f"at_{side}": one["other"], f"{side}_difference": one["difference"]}
                    row |= {f"{side}_difference_{end}": one[end] for end in ("low", "high")}
                rows.append(row | {"swing": bar.swing, "unit": low["unit"]})
        found = pd.DataFrame(rows)
        found.attrs = dict(table.attrs)
        return found

    def __repr__(self) -> str:
        return f"<Sensitivity to {', '.join(self.ranges)}: {self.comparison.replications} replications of each>"

    def _repr_html_(self) -> str:
        return self.comparison._repr_html_()


def sensitivity(
    scenario: Scenario, factors: Mapping[str, Range] | Sequence[str] | None = None, **ask: Any
) -> Sensitivity:
    """Vary factors one at a time and compare with the scenario as it stands, over the same replications.

    Parameters
    ----------
    scenario
        The base.
    factors
        Which, each with its two values such as `{"volume": ("80 %", "120 %")}`, or names alone for 90 % and 110 %; left
        out: all. volume: all arrivals but logs and initial backlogs. handle_time: talk and wrap-up of every type, tier
        and channel. containment: the shares that self-service resolves. absence: the shares of person-days absent.
        patience: how long customers hold the line. `sim.scenario.scaled` says exactly what is scaled.
    **ask
        As for `sim.compare`: measures and what narrows them, replications, seed, workers.

    Raises
    ------
    ValueError
        If a factor or value does not exist, or none of the factors changes anything; and as for `compare`.
    """
    check_scenario(scenario)
    ranges = _ranges(factors)
    others: dict[str, Scenario] = {}
    idle = []
    for factor, values in ranges.items():
        changed = [FACTORS[factor](scenario, value) for value in values]
        if all(one == scenario for one in changed):
            idle.append(factor)
        else:
            others |= dict(zip(_names(factor, values), changed, strict=True))
    if not others:
        raise QuestionError(f"the scenario has nothing that {' or '.join(ranges)} scales; name another factor")
    varied = {factor: values for factor, values in ranges.items() if factor not in idle}
    return Sensitivity(compare(scenario, others, **ask), varied, tuple(idle))


def _names(factor: str, values: Sequence[float]) -> list[str]:
    return [f"{factor} {write_share(value)}" for value in values]


def _ranges(factors: Mapping[str, Range] | Sequence[str] | None) -> dict[str, tuple[float, float]]:
    if isinstance(factors, str):
        factors = [factors]
    if factors is None:
        factors = list(FACTORS)
    given: Mapping[str, Range] = factors if isinstance(factors, Mapping) else dict.fromkeys(factors, TENTH)
    ranges = {}
    for factor, values in given.items():
        if factor not in FACTORS:
            raise QuestionError(f"unknown factor {factor!r}{suggestion(factor, FACTORS)}")
        try:
            low, high = (read_factor(value) for value in values)
        except (TypeError, ValueError):
            low = high = 0.0
        if not 0 < low < high:
            raise QuestionError(
                f"{factor}: got {values!r}, must be two factors above 0, the smaller first: 90 %, 110 %"
            )
        ranges[factor] = low, high
    return ranges
