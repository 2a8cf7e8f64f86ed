"""The Comparison of scenarios with a base: differences with simultaneous intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isnan
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.experiment.asked import ToPair, deadline_of
from sim.experiment.collect import Collected
from sim.experiment.errors import QuestionError
from sim.experiment.estimate import Question, measure_named, needs_more, question, rows_of
from sim.experiment.judge import DEFAULT_WITHIN, LEVEL, Judgement
from sim.experiment.line import Line, Lines
from sim.experiment.pairs import Difference, Figure, Key, figures, in_words, paired, told, unpairable
from sim.experiment.records import wall_clock
from sim.experiment.result import Result
from sim.experiment.statistics import ABSOLUTE, RELATIVE, SPENT, Estimate, level_after_looks
from sim.measure.frame import Frame
from sim.scenario.calendar import Calendar
from sim.scenario.schema import Scenario
from sim.scenario.units import write_counted

if TYPE_CHECKING:
    import pandas as pd


COLUMNS: Final = (
    *("scenario", "measure", "reading", "within_s", "where", "by", "of", "start"),
    *(f"{of}{part}" for of in ("base", "other") for part in ("", "_low", "_high")),
    *("difference", "low", "high", "half_width", "unit", "significant", "unpaired_replications", "n"),
)
"""Columns of a table of differences."""


@dataclass(frozen=True)
class Compared:
    """A figure of a scenario beside that of the base."""

    scenario: str
    asked: Question
    labels: tuple[str, ...]
    period: int
    base: Estimate
    other: Estimate
    difference: Difference

    @property
    def words(self) -> str:
        """What it is, of whom, without the period."""
        return in_words(self.asked, self.labels)


@dataclass(frozen=True)
class Table:
    """All that is compared at once."""

    lines: tuple[Compared, ...]
    intervals: int
    """How many of them have an interval; all of these hold together at `level`."""
    level: float
    missing: dict[str, tuple[str, ...]]
    """By scenario, the rows of the base that it does not have."""


@dataclass(frozen=True)
class Played:
    """Scenarios with what is kept of their replications."""

    base: str
    lines: dict[str, Line]
    to_pair: ToPair
    collected: dict[str, Collected]

    def check(self) -> None:
        """Refuse what cannot be compared; QuestionError says why."""
        frame = self.lines[self.base].frame
        for asked in self.to_pair.questions:
            if why := unpairable(asked, self.to_pair.hours) or needs_more(self.collected[self.base], asked):
                raise QuestionError(why)
            rows_of(frame, asked)
            per = self.to_pair.kept_as(asked).per
            for name, line in self.lines.items():
                if per != "run" and not np.array_equal(line.frame.periods.edges[per], frame.periods.edges[per]):
                    raise QuestionError(f"{name}: its {per}s are not those of {self.base}; compare them over the run")
        if self.to_pair.hours is not None and not len(self.to_pair.intervals(frame)):
            raise QuestionError("during: no interval of the run begins in these hours")


def asked_of(  # noqa: PLR0913  (all that can be asked of a measure)
    name: str,
    *,
    by: str | Sequence[str] | None = None,
    per: str = "run",
    within: str | int | None = None,
    reading: str | None = None,
    where: Mapping[str, str | Sequence[str]] | None = None,
) -> Question:
    """Give a question; deadline and reading hold for measures that take one, and 20 s is the deadline of those left."""
    measure = measure_named(name)
    deadline = DEFAULT_WITHIN if measure.within == "yes" else None
    if within is not None and measure.within != "no":
        deadline = deadline_of(within)
    reading = reading if measure.readings else None
    return question(name, by=by, where=where, per=per, within=deadline, reading=reading)


def compared(played: Played, to_pair: ToPair, *, looked: bool) -> Table:
    """Pair every figure of the other scenarios with that of the base.

    Parameters
    ----------
    to_pair
        What is compared.
    looked
        Whether looking at intervals ends, or ended, the run.
    """
    level = level_after_looks(LEVEL) if looked else LEVEL
    found: list[tuple[str, Question, Key, Figure, Figure]] = []
    missing: dict[str, list[str]] = {}
    for asked in to_pair.questions:
        in_base = figures(played.collected[played.base], asked, to_pair, level)
        for name, collected in played.collected.items():
            if name == played.base:
                continue
            there = figures(collected, asked, to_pair, level) if _can_answer(collected, asked) else {}
            for key, figure in in_base.items():
                if key in there:
                    found.append((name, asked, key, figure, there[key]))
                elif key[1] == 0:
                    of = " ".join((*key[0], *(label for labels in asked.where.values() for label in labels)))
                    missing.setdefault(name, []).append(f"{of} {asked.measure.name}".strip())
    intervals = sum(len(one.parts) > 1 and len(other.parts) > 1 for *_, one, other in found)
    each = 1 - (1 - level) / max(intervals, 1)
    lines = [
        Compared(
            name,
            asked,
            *key,
            one.estimate,
            other.estimate,
            paired(one, other, played.collected[name].replications, each),
        )
        for name, asked, key, one, other in found
    ]
    order = list(played.collected)
    lines.sort(key=lambda line: order.index(line.scenario))
    shown = (line for line in lines if not (isnan(line.base.estimate) and isnan(line.other.estimate)))
    return Table(tuple(shown), intervals, LEVEL, {name: tuple(rows) for name, rows in missing.items()})


def _can_answer(collected: Collected, asked: Question) -> bool:
    if needs_more(collected, asked):
        return False
    try:
        rows_of(collected.frame, asked)
    except QuestionError:  # what the base has and it has not
        return False
    return True


def precise_enough(table: Table) -> Judgement:
    """Tell whether every difference is known to 1 percentage point, or to 5 % of the larger of both figures."""
    enough, widest, furthest = True, "none", -1.0
    for line in table.lines:
        half = line.difference.estimate.half_width
        if isnan(half):
            continue
        larger = max(abs(line.base.estimate), abs(line.other.estimate))
        share = line.asked.unit == "share"
        allowed = ABSOLUTE if share else RELATIVE * larger
        enough &= half <= allowed
        excess = half / allowed if allowed else 0.0
        if excess > furthest:
            shown = f"{100 * half:.2f} points" if share else f"{half:.2g} {line.asked.unit}"
            furthest, widest = excess, f"{line.scenario}: {line.words} ± {shown}"
    return Judgement(enough, f"widest interval {widest}")


class Comparison:
    """What scenarios are more or less than a base, over the same replications.

    Attributes
    ----------
    base
        Name of the base.
    scenarios
        By name, the base first.
    settings
        Of a sweep: the values of each point, by its name.
    during
        The hours that are compared; None: all.
    seed, first_replication, ended, interrupted
        As those of a `Result`.
    """

    def __init__(  # noqa: PLR0913  (made by `compare` alone)
        self,
        *,
        played: Played,
        during: str | None,
        seed: int,
        first_replication: int,
        looked: bool,
        ended: str,
        interrupted: bool,
    ) -> None:
        self.base = played.base
        self.scenarios: dict[str, Scenario] = {name: line.scenario for name, line in played.lines.items()}
        self.settings: dict[str, dict[str, Any]] = {}
        self.during = during
        self.seed, self.first_replication = seed, first_replication
        self.ended, self.interrupted = ended, interrupted
        self._played, self._looked = played, looked

    @property
    def replications(self) -> int:
        """Number of complete replications, of each scenario."""
        return self._played.collected[self.base].replications

    @cached_property
    def results(self) -> dict[str, Result]:
        """The run of each scenario, by name."""
        return {
            name: Result(
                scenario=line.scenario,
                seed=self.seed,
                engine=line.engine,
                first_replication=self.first_replication,
                collected=self._played.collected[name],
                spent=SPENT if self._looked else 1.0,
                ended=self.ended,
                interrupted=self.interrupted,
            )
            for name, line in self._played.lines.items()
        }

    @cached_property
    def differences(self) -> Table:
        """Every figure beside that of the base."""
        return compared(self._played, self._played.to_pair, looked=self._looked)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every figure beside that of the base, a row each.

        Columns: the keys of a sweep; scenario, measure, reading, within_s, where (what it is narrowed to), by, of,
        start (of the period; NaT for the run); base and other with their own 95 % intervals; difference, low, high and
        half_width of simultaneous 95 % intervals; unit; significant; unpaired_replications, of each scenario, that runs
        on hands of their own would have taken for an interval as short (missing where nothing tells); n, replications
        or blocks of them. `.attrs`: base, level, intervals (how many hold together).
        """
        return self._frame(self.differences)

    def measure(
        self,
        name: str,
        by: str | Sequence[str] | None = None,
        per: str = "run",
        within: str | int | None = None,
        reading: str | None = None,
        **where: str | Sequence[str],
    ) -> pd.DataFrame:
        """Compare another measure, in the same hours; its intervals hold together by themselves.

        Parameters and errors as of `Result.measure`; columns as of `table`. Figures that are not kept of each
        replication are gathered by playing the replications again.
        """
        asked = asked_of(name, by=by, per=per, within=within, reading=reading, where=where)
        to_pair = ToPair((asked,), self._played.to_pair.hours)
        played = self._played
        counted = played.lines[self.base].to_pair.deadlines
        if to_pair.kept_as(asked).per in {"hour", "interval"} or not set(to_pair.deadlines) <= set(counted):
            played = self._played_again(to_pair)
        Played(played.base, played.lines, to_pair, played.collected).check()
        return self._frame(compared(played, to_pair, looked=self._looked))

    def _played_again(self, to_pair: ToPair) -> Played:
        lines = {name: Line(line.scenario, line.engine, to_pair) for name, line in self._played.lines.items()}
        again = Played(self.base, lines, to_pair, {name: line.collecting() for name, line in lines.items()})
        again.check()
        numbers = range(self.first_replication, self.first_replication + self.replications)
        for gathered in Lines(tuple(lines.values())).one_by_one(self.seed, numbers):
            for collected, one in zip(again.collected.values(), gathered, strict=True):
                collected.add(one)
        return again

    def summary(self) -> dict[str, Any]:
        """Give the comparison as plain data for JSON."""
        found = self.differences
        return {
            "base": self.base,
            "scenarios": [
                {
                    "name": name,
                    "scenario": scenario.name,
                    "scenario_hash": scenario.hash,
                    **({"settings": self.settings[name]} if name in self.settings else {}),
                }
                for name, scenario in self.scenarios.items()
            ],
            **({} if self.during is None else {"during": self.during}),
            "seed": self.seed,
            "first_replication": self.first_replication,
            "replications": self.replications,
            "ended": self.ended,
            "level": found.level,
            "intervals": found.intervals,
            "differences": [{key: _plain(value) for key, value in row.items()} for row in self._rows(found)],
        }

    def start_of(self, line: Compared) -> Any:
        """Give when the period of a line begins, on the wall clock; None for the run."""
        return None if line.asked.per == "run" else self._starts[line.asked.per][line.period]

    def unit_of(self, line: Compared) -> str:
        """Give the unit of a line, with the scenarios' currency."""
        return self.scenarios[self.base].currency or "currency" if line.asked.unit == "currency" else line.asked.unit

    def __repr__(self) -> str:
        others = ", ".join(name for name in self.scenarios if name != self.base)
        return f"<Comparison of {others} with {self.base}: {write_counted(self.replications, 'replication')} of each>"

    def _repr_html_(self) -> str:
        from sim.experiment.html import comparison_page  # noqa: PLC0415  (Jinja2 is for notebooks)

        return comparison_page(self)

    @cached_property
    def _starts(self) -> dict[str, list[Any]]:
        calendar, frame = Calendar.of(self.scenarios[self.base]), self._frame_of_base
        return {per: list(wall_clock(calendar, edges[:-1])) for per, edges in frame.periods.edges.items()}

    @property
    def _frame_of_base(self) -> Frame:
        return self._played.lines[self.base].frame

    def _frame(self, found: Table) -> pd.DataFrame:
        import pandas as pd  # noqa: PLC0415  (loading pandas takes longer than many runs)

        table = pd.DataFrame(list(self._rows(found)), columns=list(COLUMNS))
        table["start"] = pd.to_datetime(table["start"]) if table["start"].isna().all() else table["start"]
        table["unpaired_replications"] = table["unpaired_replications"].astype("Int64")
        for place, key in enumerate(dict.fromkeys(key for point in self.settings.values() for key in point)):
            table.insert(place, key, [self.settings[name][key] for name in table["scenario"]])
        table.attrs = {"base": self.base, "level": found.level, "intervals": found.intervals}
        return table

    def _rows(self, found: Table) -> Iterator[dict[str, Any]]:
        for line in found.lines:
            difference = line.difference
            own = (getattr(one, part) for one in (line.base, line.other) for part in ("estimate", "low", "high"))
            values = (
                line.scenario,
                *told(line.asked, line.labels),
                self.start_of(line),
                *own,
                *(getattr(difference.estimate, part) for part in ("estimate", "low", "high", "half_width")),
                self.unit_of(line),
                difference.significant,
                difference.unpaired,
                difference.estimate.n,
            )
            yield dict(zip(COLUMNS, values, strict=True))


def _plain(value: Any) -> Any:
    """Give a value for JSON, which knows neither NaN nor instants."""
    if isinstance(value, float) and isnan(value):
        return None
    return value.isoformat() if hasattr(value, "isoformat") else value
