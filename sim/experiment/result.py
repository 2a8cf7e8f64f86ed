"""The Result of a run: measures with intervals, targets with verdicts, and one replication's records as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import isnan
from typing import TYPE_CHECKING, Any, Final

from sim.demand.deal import Dealer
from sim.engine.choice import Engine
from sim.engine.compile import compile_program
from sim.experiment import judge
from sim.experiment.again import gather_again
from sim.experiment.asked import deadline_of, intervals_asked
from sim.experiment.collect import Collected
from sim.experiment.controls import COLUMNS, controlled_rows
from sim.experiment.errors import QuestionError
from sim.experiment.estimate import (
    Answer,
    Question,
    answers,
    is_gathered,
    is_kept_by,
    measure_named,
    needs_more,
    question,
)
from sim.experiment.line import Line
from sim.experiment.records import Records, wall_clock
from sim.experiment.statistics import Estimate, level_after_looks
from sim.experiment.target_rows import TARGET_COLUMNS, estimate_columns, target_rows
from sim.measure.definitions import MEASURES
from sim.scenario.calendar import Calendar

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.schema import Scenario

ESTIMATE_COLUMNS: Final = ("estimate", "low", "high", "half_width", "unit", "n")
"""Columns of every table of estimates: the figure, its interval, half of that, the unit, and the number of replications
(or blocks of them) behind it."""


@dataclass(frozen=True)
class Found:
    """A figure of a run: a row of `Result.measure` as plain values."""

    labels: tuple[str, ...]
    """What it is of, by dimension asked."""
    start: datetime
    """Of its period, on the scenario's clock."""
    estimate: Estimate
    unit: str


class Result:
    """What a run found.

    Attributes
    ----------
    scenario
        What was simulated.
    seed
        Of all chance.
    engine
        Which engine played: `compiled` or `reference`. No figure depends on it.
    first_replication
        Number of the first replication.
    ended
        Which rule ended the run.
    interrupted
        Whether it was stopped before that (Ctrl-C); `collected` has the sums of its replications.
    """

    def __init__(  # noqa: PLR0913  (made by `run` alone)
        self,
        *,
        scenario: Scenario,
        seed: int,
        engine: Engine,
        first_replication: int,
        collected: Collected,
        spent: float,
        ended: str,
        interrupted: bool = False,
    ) -> None:
        self.scenario = scenario
        self.seed = seed
        self.engine, self._engine = engine.name, engine
        self.first_replication = first_replication
        self.ended = ended
        self.interrupted = interrupted
        self.collected, self._spent = collected, spent
        self._replayed: tuple[int, Records] | None = None
        self._walls_by_kind: dict[str, list[datetime]] = {}

    @property
    def replications(self) -> int:
        """Number of complete replications."""
        return self.collected.replications

    def measure(  # noqa: PLR0913, PLR0917  (all that can be asked of a measure)
        self,
        name: str,
        by: str | Sequence[str] | None = None,
        per: str = "run",
        within: str | int | None = None,
        reading: str | None = None,
        level: float = 0.95,
        **where: str | Sequence[str],
    ) -> pd.DataFrame:
        """Estimate a measure.

        Parameters
        ----------
        name
            One of `sim.measure.definitions.MEASURES`, such as service_level or queue_length.
        by
            What to break it down by: channel, contact_type, tier, queue, agent_group, customer, language, attempt,
            shift, stage or part (of the cost), or several of them.
        per
            run, week, day, hour or interval. Per hour or interval, what neither targets nor reports ask is gathered by
            playing the replications again, once for all measures of the same breakdown.
        within
            The deadline T, as "20 s" or in ms. One that no target names is read from histograms, for the run only.
        reading
            Of measures that are read in several ways; the definition lists them.
        level
            Of the confidence intervals.
        **where
            Labels to narrow it to: `channel="phone"`, or several: `queue=["desk/order/phone", "desk/fault/phone"]`.

        Returns
        -------
        pandas.DataFrame
            A column for each of `by`, `start` (wall clock) if per is not run, then `ESTIMATE_COLUMNS`; the definition
            is in `.attrs["definition"]`. Durations in s. Figures that nothing tells (no case to judge, the interval of
            a single replication) are NaN.

        Raises
        ------
        QuestionError
            If the measure, a name or a combination does not exist; the text says what does.
        """
        if not 0 < level < 1:
            raise QuestionError(f"level: got {level!r}, must be between 0 and 1, such as 0.95")
        asked = question(name, by=by, where=where, per=per, within=deadline_of(within), reading=reading)
        table = self._table(asked, self._answers(asked, level))
        table.attrs = {"definition": asked.measure.definition, "reading": asked.reading, "level": level}
        return table

    def figures(
        self,
        name: str,
        by: str | Sequence[str] | None = None,
        per: str = "run",
        within: int | None = None,
        reading: str | None = None,
        **where: str | Sequence[str],
    ) -> list[Found]:
        """Estimate a measure, asked as `measure` is, and give the rows as plain values."""
        asked = question(name, by=by, where=where, per=per, within=within, reading=reading)
        unit, starts = self._unit(asked.unit), self._walls(per)
        found = self._answers(asked, judge.LEVEL)
        return [Found(answer.labels, starts[answer.period], answer.estimate, unit) for answer in found]

    @staticmethod
    def definition(name: str) -> str:
        """Give the definition of a measure in words."""
        return measure_named(name).definition

    def targets(self) -> pd.DataFrame:
        """Judge the scenario's targets, a row each.

        Returns
        -------
        pandas.DataFrame
            `TARGET_COLUMNS`: the target in words, its bound, the estimate with its interval, the verdict (pass, fail,
            undecided: see `sim.experiment.judge.verdicts`) and that of its `warn`; of a target per period the start of
            the worst one, which decides; the share of the days and of the intervals, over the replications, that keep
            the bound, with its interval; of a target with `risk` that, and the share of its own periods; the 10th, 50th
            and 90th percentile day; of a target with a `floor` that bound, the figure of the worst period, its verdict
            and start.
        """
        import pandas as pd  # noqa: PLC0415  (loading pandas takes longer than many runs)

        return pd.DataFrame(self._judged(lambda per, period: self._starts(per)[period]), columns=list(TARGET_COLUMNS))

    @cached_property
    def judged(self) -> list[dict[str, Any]]:
        """The rows of `targets` as plain values; no columns of a floor where a target has none."""
        return self._judged(lambda per, period: self._walls(per)[period])

    def _judged(self, start: Callable[[str, int], datetime]) -> list[dict[str, Any]]:
        return target_rows(self._verdicts, self.scenario.targets, self._unit, start)

    @cached_property
    def controlled(self) -> pd.DataFrame:
        """Shares and means that targets name (else the usual ones) with control variates, where they help.

        Columns: figure (in words), measure, reading, within_s, where, by, of; estimate, low, high, half_width; plain,
        plain_low, plain_high without controls; shrunk, the one half-width ÷ the other; unit; n. No verdict uses them.
        """
        import pandas as pd  # noqa: PLC0415

        return pd.DataFrame(self.controlled_rows, columns=list(COLUMNS))

    @cached_property
    def controlled_rows(self) -> list[dict[str, Any]]:
        """The rows of `controlled` as plain values."""
        return controlled_rows(self.scenario, self.collected, level_after_looks(judge.LEVEL, self._spent))

    @cached_property
    def intervals(self) -> pd.DataFrame:
        """Service figures by channel and agents by group, by interval: a row per measure, line and interval."""
        import pandas as pd  # noqa: PLC0415

        tables = []
        for asked in intervals_asked(self.collected.frame):
            (dimension,) = asked.by
            table = self._table(asked, self._answers(asked, judge.LEVEL)).rename(columns={dimension: "of"})
            table.insert(0, "by", dimension)
            table.insert(0, "within_s", None if asked.within is None else asked.within / 1000)
            table.insert(0, "measure", asked.measure.name)
            tables.append(table.astype({"within_s": float}))
        return pd.concat(tables, ignore_index=True)

    @cached_property
    def measures(self) -> pd.DataFrame:
        """Every measure of the run, whole and by each single breakdown: measure, reading, by, of, then the estimate."""
        import pandas as pd  # noqa: PLC0415

        rows = [
            {
                "measure": asked.measure.name,
                "reading": asked.reading,
                "within_s": None if asked.within is None else asked.within / 1000,
                "by": "".join(asked.by),
                "of": "".join(answer.labels),
                **estimate_columns(answer.estimate),
                "unit": self._unit(asked.unit),
                "n": answer.estimate.n,
            }
            for asked, answer in self._everything
        ]
        return pd.DataFrame(rows)

    def contacts(self, replication: int = 0) -> pd.DataFrame:
        """Give one replication's contacts, with names and wall-clock times; it is played again (the same) for this."""
        return self._records(replication).contacts()

    def legs(self, replication: int = 0) -> pd.DataFrame:
        """Give one replication's stays in queues and their handling, with names and wall-clock times."""
        return self._records(replication).legs()

    def agents(self, replication: int = 0) -> pd.DataFrame:
        """Give one replication's agents and what their hours went into."""
        return self._records(replication).agents()

    def summary(self) -> dict[str, Any]:
        """Give the run's figures as plain data for JSON: what was run, targets, every measure of the run."""
        return {
            "scenario": self.scenario.name,
            "seed": self.seed,
            "first_replication": self.first_replication,
            "replications": self.replications,
            "ended": self.ended,
            "targets": [
                {
                    "target": verdict.target,
                    "measure": verdict.measure,
                    "bound": verdict.bound,
                    "unit": self._unit(verdict.unit),
                    "verdict": verdict.verdict,
                    **({} if verdict.warn is None else {"warn": verdict.warn}),
                    **_plain(verdict.estimate),
                    **({} if verdict.risk is None else {"risk": verdict.risk}),
                    "kept": {per: _plain(share) for per, share in verdict.kept.items() if not isnan(share.estimate)},
                    "days": {f"p{percentile}": _plain(day) for percentile, day in verdict.days.items()},
                    **_floor(verdict.floor),
                }
                for verdict in self._verdicts
            ],
            "measures": [
                {
                    "measure": asked.measure.name,
                    **({"reading": asked.reading} if asked.reading else {}),
                    **({} if asked.within is None else {"within_s": asked.within / 1000}),
                    **({"by": "".join(asked.by), "of": "".join(answer.labels)} if asked.by else {}),
                    "unit": self._unit(asked.unit),
                    **_plain(answer.estimate),
                }
                for asked, answer in self._everything
            ],
        }

    def __repr__(self) -> str:
        return f"<Result of {self.scenario.name!r}: {self.replications} replications, seed {self.seed}>"

    def _repr_html_(self) -> str:
        from sim.experiment.html import page  # noqa: PLC0415  (Jinja2 is for notebooks)

        return page(self)

    @cached_property
    def _verdicts(self) -> list[judge.Verdict]:
        return judge.verdicts(self.scenario, self.collected, level_after_looks(judge.LEVEL, self._spent))

    @cached_property
    def _everything(self) -> list[tuple[Question, Answer]]:
        """Every measure of the run, whole and by each single breakdown."""
        return [(asked, answer) for asked in self._questions() for answer in self._answers(asked, judge.LEVEL)]

    def _questions(self) -> Iterator[Question]:
        deadlines = self.collected.frame.thresholds.by_measure
        for measure in MEASURES.values():
            whens: tuple[int | None, ...] = deadlines.get(measure.name, ())
            if measure.within != "yes":
                whens = (None, *whens)
            for by in (None, *dict.fromkeys(dimension for allowed in measure.by for dimension in allowed)):
                for within in whens:
                    for reading in measure.readings or (None,):
                        asked = question(measure.name, by=by, within=within, reading=reading)
                        if is_kept_by(self.collected, asked):
                            yield asked

    def _answers(self, asked: Question, level: float) -> list[Answer]:
        if not needs_more(self.collected, asked) and not is_gathered(self.collected, asked):
            numbers = range(self.first_replication, self.first_replication + self.replications)
            line = Line(self.scenario, self._engine)
            self.collected.moments += gather_again(line, self.collected.frame, asked, self.seed, numbers)
        return answers(self.collected, asked, level_after_looks(level, self._spent))

    def _table(self, asked: Question, found: list[Answer]) -> pd.DataFrame:
        import pandas as pd  # noqa: PLC0415

        columns: dict[str, Any] = {
            dimension: [answer.labels[place] for answer in found] for place, dimension in enumerate(asked.by)
        }
        if asked.per != "run":
            columns["start"] = self._starts(asked.per)[[answer.period for answer in found]]
        rows = [
            {**estimate_columns(answer.estimate), "unit": self._unit(asked.unit), "n": answer.estimate.n}
            for answer in found
        ]
        columns |= {column: [row[column] for row in rows] for column in ESTIMATE_COLUMNS}
        return pd.DataFrame(columns)

    def _unit(self, unit: str) -> str:
        return self.scenario.currency or "currency" if unit == "currency" else unit

    def _starts(self, per: str) -> pd.DatetimeIndex:
        import pandas as pd  # noqa: PLC0415

        return pd.DatetimeIndex(wall_clock(self._calendar, self.collected.frame.periods.edges[per][:-1]))

    def _walls(self, per: str) -> list[datetime]:
        if per not in self._walls_by_kind:
            begins = self.collected.frame.periods.edges[per][:-1].tolist()
            self._walls_by_kind[per] = [self._calendar.wall(begin) for begin in begins]
        return self._walls_by_kind[per]

    @cached_property
    def _calendar(self) -> Calendar:
        return Calendar.of(self.scenario)

    def _records(self, replication: int) -> Records:
        if type(replication) is not int or replication < 0:
            raise QuestionError(f"got replication {replication!r}, must be a whole number from 0")
        if self._replayed is None or self._replayed[0] != replication:
            hand = Dealer(self.scenario).deal(self.seed, replication)
            outcome = self._engine.play(compile_program(self.scenario), hand)
            self._replayed = replication, Records(self.collected.frame, self._calendar, hand, outcome)
        return self._replayed[1]


def _floor(floor: judge.Held | None) -> dict[str, Any]:
    if floor is None:
        return {}
    return {"floor": {"bound": floor.bound, "per": floor.per, "verdict": floor.verdict, **_plain(floor.estimate)}}


def _plain(estimate: Estimate) -> dict[str, float | None]:
    """Give the numbers for JSON, which knows no NaN."""
    named = {"estimate": estimate.estimate, "low": estimate.low, "high": estimate.high}
    return {name: None if isnan(value) else value for name, value in named.items()}
