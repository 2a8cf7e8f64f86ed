"""Confirming a staffing on fresh replications: what falls short there, by how much, and what is kept by nobody."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any, Final

from sim.experiment.figures import write_figure
from sim.experiment.judge import selection, words
from sim.measure.lint import UNMOVED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.experiment.result import Result
    from sim.scenario.model.targets import Target
    from sim.scenario.schema import Scenario
    from sim.staffing.repair import Repair
    from sim.staffing.trials import Bound, Tried


@dataclass(frozen=True)
class Mended:
    """A bound in its worst period: by Erlang C, by formula, after the repair; all on the replications of the search."""

    target: str
    """In words."""
    per: str
    """What is judged: worst day, worst hour (of a floor), run."""
    bound: float
    by_erlang_c: float
    """With exactly the people that Erlang C by interval asks for (`erlang_c_requirement`)."""
    by_formula: float
    """A share where the bound is one; of percentiles the share of contacts within them."""
    repaired: float
    unit: str
    at_least: bool

    def keeps(self, figure: float) -> bool:
        """Tell whether a figure keeps the bound."""
        return figure >= self.bound if self.at_least else figure <= self.bound


STANDARD_ERRORS: Final = 1.96
"""Of a half-width of 95 %."""
OF_PERCENTILES: Final = 0.01
"""More of the contacts, if a percentile falls short."""


def missed(result: Result, repair: Repair, tried: Tried) -> dict[Bound, float]:
    """Give the bounds that fresh replications find short, and how much more is to be asked.

    That is what is short, and half a standard error.
    """
    found = {}
    figures: dict[tuple[int, str], list[tuple[float, float]]] = {}
    for bound in tried.figures:
        if bound in repair.beyond or repair.not_for_people(bound):
            continue
        target = result.scenario.targets[bound.target]
        if (bound.target, bound.per) not in figures:
            figures[bound.target, bound.per] = _figures(result, bound.target, target, bound)
        estimate, half_width = figures[bound.target, bound.per][bound.period]
        percentile = target.measure.startswith("wait_p") or target.measure.endswith(("_p50", "_p80", "_p90", "_p95"))
        limit = (target.at_most or 0.0) / 1000 if percentile else bound.bound
        lacking = (limit - estimate) if bound.at_least and not percentile else (estimate - limit)
        if lacking > 0:
            found[bound] = OF_PERCENTILES if percentile else lacking + half_width / STANDARD_ERRORS / 2
    return found


def _figures(result: Result, number: int, target: Target, bound: Bound) -> list[tuple[float, float]]:
    """Give (estimate, half-width) of each period."""
    if target.risk is not None and not bound.is_floor:
        row = result.targets().iloc[number]
        return [(float(row["kept"]), (float(row["kept_high"]) - float(row["kept_low"])) / 2)]
    narrowed: dict[str, Any] = dict(selection(target))
    table = result.measure(
        target.measure,
        per=bound.per,
        within=target.within,
        reading=target.reading if target.measure == "service_level" else None,
        **narrowed,
    )
    return [(float(row["estimate"]), float(row["half_width"])) for row in table.to_dict("records")]


def mended(scenario: Scenario, erlang_c: Tried, before: Tried, after: Tried) -> tuple[Mended, ...]:
    """Put what the people of Erlang C, and those of the formulas, reach beside what those of the repair do."""
    found = {}
    for bound in after.figures:
        key = bound.target, bound.per, bound.is_floor
        if key in found:
            continue
        same = [
            one
            for one in after.figures
            if (one.target, one.per, one.is_floor) == key and one in before.figures and one in erlang_c.figures
        ]
        if not same:
            continue
        worst = min if bound.at_least else max
        target = scenario.targets[bound.target]
        percentile = target.measure.startswith(("wait_p", "first_response_p", "resolution_p"))
        where = "run" if bound.per == "run" else f"worst {bound.per}"
        if target.risk is not None and not bound.is_floor:
            where = f"{bound.per}s that keep it"
        found[key] = Mended(
            words(target),
            where,
            bound.bound,
            worst(erlang_c.figures[one] for one in same),
            worst(before.figures[one] for one in same),
            worst(after.figures[one] for one in same),
            "share"
            if percentile or target.unit == "share" or target.risk is not None
            else "s"
            if target.unit == "duration"
            else "",
            bound.at_least,
        )
    return tuple(found.values())


def unmet(result: Result, repair: Repair, tried: Tried) -> Iterator[str]:
    """Say which targets are not kept, and why."""
    not_for_people = {bound.target for bound in tried.figures if repair.not_for_people(bound)}
    for number, row in enumerate(result.targets().to_dict("records")):
        target, told = result.scenario.targets[number], row["target"]
        beyond = {bound: best for bound, best in repair.beyond.items() if bound.target == number}
        if target.measure in UNMOVED:
            if row["verdict"] == "fail":
                yield f"{told}: does not depend on staffing; no headcount moves it"
        elif beyond:
            bound, best = min(beyond.items(), key=lambda one: one[1] if one[0].at_least else -one[1])
            where = "" if bound.per == "run" else f" in the worst {bound.per}"
            yield f"{told}: twice the people reach {_number(best, target)}{where}; no staffing keeps it"
        elif row["verdict"] == "fail" and number in not_for_people:
            yield f"{told}: more people only break it, and the other targets need them"
        elif row["verdict"] == "fail":
            found = _number(row["estimate"], target)
            yield f"{told}: not reached within the rounds of the search, which found {found}"


def _number(value: float, target: Target) -> str:
    if isnan(value):
        return "nothing to judge"
    if target.unit == "share" or target.measure.startswith("wait_p"):
        return f"{100 * value:.1f} %"
    return write_figure(value) + (" s" if target.unit == "duration" else "")
