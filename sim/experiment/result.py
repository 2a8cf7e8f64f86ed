"""The Result of a run: measures with intervals, targets with verdicts, and one replication's records as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import isnan
from typing import TYPE_CHECKING, Any, Final

from sim.demand.deal import Dealer
from sim.engine.compile import compile_program
from sim.engine.reference import play
from sim.experiment import judge
from sim.experiment.collect import Collected
from sim.experiment.estimate import Answer, Question, answers, question
from sim.experiment.records import Records, wall_clock
from sim.experiment.statistics import level_after_looks
from sim.measure.definitions import MEASURES
from sim.scenario.calendar import Calendar
from sim.scenario.units import read_duration

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.schema import Scenario

ESTIMATE_COLUMNS: Final = ("estimate", "low", "high", "half_width", "unit", "n")
"""Columns of every table of estimates: the figure, its interval, half of that, the unit, and the number of replications
(or blocks of them) behind it."""

BY_CHANNEL: Final = (
    ("arrived", None),
    ("offered", None),
    ("answered", None),
    ("service_level", 20_000),
    ("abandonment", None),
    ("average_speed_of_answer", None),
    ("queue_length", None),
)
"""What `intervals` shows by channel."""

BY_GROUP: Final = (("agents_on_duty", None), ("agents_busy", None), ("agents_free", None), ("occupancy", None))
"""What `intervals` shows by agent group."""


class Result:
    """What a run found.

    Attributes
    ----------
    scenario
        What was simulated.
    seed
        Of all chance.
    first_replication
        Number of the first replication.
    ended
        Which rule ended the run, in words.
    """

    def __init__(  # noqa: PLR0913  (made by `run` alone)
        self, *, scenario: Scenario, seed: int, first_replication: int, collected: Collected, looked: bool, ended: str
    ) -> None:
        self.scenario = scenario
        self.seed = seed
        self.first_replication = first_replication
        self.ended = ended
        self._collected = collected
        self._looked = looked
        self._replayed: tuple[int, Records] | None = None

    @property
    def replications(self) -> int:
        """Number of complete replications."""
        return self._collected.replications

    def measure(  # noqa: PLR0913  (all that can be asked of a measure)
        self,
        name: str,
        by: str | Sequence[str] | None = None,
        per: str = "run",
        within: str | int | None = None,
        reading: str | None = None,
        level: float = 0.95,
        **where: str,
    ) -> pd.DataFrame:
        """Estimate a measure.

        Parameters
        ----------
        name
            One of `sim.measure.definitions.MEASURES`, such as service_level or queue_length.
        by
            What to break it down by: channel, contact_type, tier, queue, agent_group, customer, attempt, shift, stage or
            part (of the cost), or several of them.
        per
            run, week, day, hour or interval.
        within
            The deadline T, as "20 s" or in ms. One that no target names is read from histograms, for the run only.
        reading
            Of measures that are read in several ways; the definition lists them.
        level
            Of the confidence intervals.
        **where
            Labels to narrow it to: `channel="phone"`.

        Returns
        -------
        pandas.DataFrame
            A column for each of `by`, `start` (wall clock) if per is not run, then `ESTIMATE_COLUMNS`; the definition is
            in `.attrs["definition"]`. Durations in s. Unknown figures (nothing to judge, one replication alone) are NaN.
        """
        asked = question(name, by=by, where=where, per=per, within=_deadline(within), reading=reading)
        found = answers(self._collected, asked, level_after_looks(level) if self._looked else level)
        table = self._table(asked, found)
        table.attrs = {"definition": asked.measure.definition, "reading": asked.reading, "level": level}
        return table

    def definition(self, name: str) -> str:
        """Give the definition of a measure in words."""
        return question(
            name, within=0 if MEASURES.get(name) and MEASURES[name].within == "yes" else None
        ).measure.definition

    def targets(self) -> pd.DataFrame:
        """Judge the scenario's targets, a row each.

        Returns
        -------
        pandas.DataFrame
            target (in words), measure, bound, estimate, low, high, half_width, unit, verdict (pass, fail, undecided: see
            `sim.experiment.judge.verdicts`), `decided_by` (start of the worst period of a target per period), `days_kept`
            (share of the days over the replications that keep the bound) and the 10th, 50th and 90th percentile day.
        """
        import pandas as pd  # noqa: PLC0415  (not needed by those who only ask for the summary)

        rows = []
        for verdict, target in zip(self._verdicts, self.scenario.targets, strict=True):
            start = pd.NaT
            if verdict.period is not None:
                start = self._starts(target.per or "run")[verdict.period]
            rows.append(
                {
                    "target": verdict.target,
                    "measure": verdict.measure,
                    "bound": verdict.bound,
                    "estimate": verdict.estimate.estimate,
                    "low": verdict.estimate.low,
                    "high": verdict.estimate.high,
                    "half_width": verdict.estimate.half_width,
                    "unit": self._unit(verdict.unit),
                    "verdict": verdict.verdict,
                    "decided_by": start,
                    "days_kept": verdict.days_kept,
                    **{
                        f"day_p{share}": value for share, value in zip(judge.DAY_PERCENTILES, verdict.days, strict=True)
                    },
                }
            )
        return pd.DataFrame(
            rows,
            columns=None
            if rows
            else ["target", "measure", "bound", "estimate", "low", "high", "half_width", "unit", "verdict"],
        )

    @cached_property
    def intervals(self) -> pd.DataFrame:
        """Service figures by channel and agents by group, for every interval: one row per measure, line and interval."""
        import pandas as pd  # noqa: PLC0415

        tables = []
        for dimension, measures in (("channel", BY_CHANNEL), ("agent_group", BY_GROUP)):
            for name, within in measures:
                table = self.measure(name, by=dimension, per="interval", within=within)
                table = table.rename(columns={dimension: "of"})
                table.insert(0, "measure", name if within is None else f"{name} within {within // 1000} s")
                tables.append(table)
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
                **self._columns(asked, answer),
            }
            for asked in self._all_questions()
            for answer in answers(
                self._collected, asked, level_after_looks(judge.LEVEL) if self._looked else judge.LEVEL
            )
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
                    **_plain(verdict.estimate.estimate, verdict.estimate.low, verdict.estimate.high),
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
                    **_plain(answer.estimate.estimate, answer.estimate.low, answer.estimate.high),
                }
                for asked in self._all_questions()
                for answer in answers(
                    self._collected, asked, level_after_looks(judge.LEVEL) if self._looked else judge.LEVEL
                )
            ],
        }

    def _repr_html_(self) -> str:
        from sim.experiment.html import page  # noqa: PLC0415  (Jinja2 is for notebooks)

        return page(self)

    @cached_property
    def _verdicts(self) -> list[judge.Verdict]:
        return judge.verdicts(self.scenario, self._collected, looked=self._looked)

    def _all_questions(self) -> Iterable[Question]:
        thresholds = self._collected.frame.thresholds
        deadlines: Mapping[str, tuple[int, ...]] = {
            "service_level": thresholds.service,
            "first_response": thresholds.response,
            "resolution": thresholds.resolution,
        }
        for measure in MEASURES.values():
            dimensions = dict.fromkeys(dimension for allowed in measure.dimensions for dimension in allowed)
            whens: tuple[int | None, ...] = deadlines.get(measure.name, ())
            if measure.within != "yes":
                whens = (None, *whens)
            for by in (None, *dimensions):
                for within in whens:
                    for reading in measure.readings or (None,):
                        if reading == "maximum" and by in {"customer", "attempt", "shift"}:
                            continue  # maxima do not add up and are kept by the other breakdowns only
                        yield question(measure.name, by=by, within=within, reading=reading)

    def _table(self, asked: Question, found: list[Answer]) -> pd.DataFrame:
        import pandas as pd  # noqa: PLC0415

        columns: dict[str, Any] = {
            dimension: [answer.labels[place] for answer in found] for place, dimension in enumerate(asked.by)
        }
        if asked.per != "run":
            starts = self._starts(asked.per)
            columns["start"] = starts[[answer.period for answer in found]]
        rows = [self._columns(asked, answer) for answer in found]
        columns |= {column: [row[column] for row in rows] for column in ESTIMATE_COLUMNS}
        return pd.DataFrame(columns)

    def _columns(self, asked: Question, answer: Answer) -> dict[str, Any]:
        estimate = answer.estimate
        return {
            "estimate": estimate.estimate,
            "low": estimate.low,
            "high": estimate.high,
            "half_width": estimate.half_width,
            "unit": self._unit(asked.unit),
            "n": estimate.n,
        }

    def _unit(self, unit: str) -> str:
        return self.scenario.currency or "currency" if unit == "currency" else unit

    def _starts(self, per: str) -> pd.DatetimeIndex:
        import pandas as pd  # noqa: PLC0415

        return pd.DatetimeIndex(wall_clock(self._calendar, self._collected.frame.periods.edges[per][:-1]))

    @cached_property
    def _calendar(self) -> Calendar:
        return Calendar.of(self.scenario)

    def _records(self, replication: int) -> Records:
        if self._replayed is None or self._replayed[0] != replication:
            hand = Dealer(self.scenario).deal(self.seed, replication)
            outcome = play(compile_program(self.scenario), hand)
            self._replayed = replication, Records(self._collected.frame, self._calendar, hand, outcome)
        return self._replayed[1]


def _deadline(within: str | int | None) -> int | None:
    return read_duration(within) if isinstance(within, str) else within


def _plain(estimate: float, low: float, high: float) -> dict[str, float | None]:
    named = {"estimate": estimate, "low": low, "high": high}
    return {name: None if isnan(value) else value for name, value in named.items()}
