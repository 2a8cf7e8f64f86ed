"""The check of scenarios: targets and baselines to verdicts, in as few replications as they need."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.check.baseline import read_baseline
from sim.check.collect import Case, collect, find
from sim.check.course import Decided, Looks
from sim.check.errors import CheckError
from sim.check.regression import Comparison, baseline_from, figures_of
from sim.check.verdicts import BaselineVerdict, FileVerdicts, NewBaseline, TargetVerdict, Verdicts
from sim.experiment.statistics import LOOKS
from sim.scenario.calendar import Calendar
from sim.scenario.errors import Place
from sim.scenario.model.target_line import write_line
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from sim.check.baseline import Baseline
    from sim.engine.choice import Engine, Name
    from sim.experiment.replicate import Auto, Progress
    from sim.scenario.load import Settings

IN_A_BASELINE: Final = LOOKS[0]
"""Replications of a new baseline."""


@dataclass(frozen=True)
class Effort:
    """What a check may spend."""

    max_replications: int = LOOKS[-1]
    replications: int | None = None
    """So many, and one look at the end; None: as many as the verdicts need."""
    seed: int | None = None
    """None: that of the baseline, else 1."""
    workers: int | Auto = 1
    cluster: str | None = None
    engine: Name | Engine = "compiled"

    def __post_init__(self) -> None:
        for name in ("max_replications", "replications", "seed"):
            value, least = getattr(self, name), 0 if name == "seed" else 1
            if value is None and name != "max_replications":
                continue
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise ValueError(f"{name}: got {value!r}, must be a whole number of at least {least}")

    @property
    def looks(self) -> Looks:
        """When targets are looked at."""
        return Looks((self.replications,)) if self.replications else Looks.up_to(self.max_replications)


def check(  # noqa: PLR0913  (all that can be asked of a check)
    what: str | Path | Scenario | Iterable[str | Path | Scenario],
    *,
    overrides: Settings = (),
    variant: str | None = None,
    max_replications: int = LOOKS[-1],
    replications: int | None = None,
    seed: int | None = None,
    undecided: str = "report",
    workers: int | Auto = 1,
    cluster: str | None = None,
    engine: Name | Engine = "compiled",
) -> Verdicts:
    """Check targets and baselines of scenarios.

    A target is looked at after 30, 50, 80, 120, 200, 300, 500, 700 and 1,000 replications; it passes at the first look
    at which its interval keeps the bound, fails at the first at which no part of it does, and is undecided if none is.
    The error of 5 % (2.5 % on each side) is shared out over the looks, so it holds for all of them together.

    Parameters
    ----------
    what
        Scenario files, folders of them, or scenarios in memory (which have no baseline).
    overrides, variant
        As for `sim.load`, for files.
    max_replications
        The limit for each scenario; the last look is there.
    replications
        So many for each scenario, with a single look at the end.
    seed
        Of all chance. Default: that of the baseline, else 1.
    undecided
        What undecided verdicts count as: `report` or `pass`; of a target with `undecided: pass`, always that.
    workers, cluster, engine
        As for `sim.run`; no verdict depends on them.

    Returns
    -------
    Verdicts
        `passed`, `status` (that of `madoguchi check`), `table()`, `to_dict()`; iterating gives the single verdicts.

    Raises
    ------
    ScenarioError
        If a scenario is not sound.
    CheckError
        If there is nothing to check, or a baseline cannot be compared.
    """
    if undecided not in {"report", "pass"}:
        raise ValueError(f"undecided: got {undecided!r}, must be 'report' or 'pass'")
    effort = Effort(max_replications, replications, seed, workers, cluster, engine)
    given: list[str | Path | Scenario] = [what] if isinstance(what, str | Path | Scenario) else list(what)
    files = [one for one in given if not isinstance(one, Scenario)]
    cases = [_in_memory(one) for one in given if isinstance(one, Scenario)]
    if files or not cases:
        cases += collect(find(files), overrides, variant)
    passes = undecided == "pass"
    return Verdicts(tuple(check_case(case, effort, passes_undecided=passes) for case in cases))


def _in_memory(scenario: Scenario) -> Case:
    if not scenario.targets:
        raise CheckError(f"{scenario.name}: nothing to check: it has no targets")
    return Case(scenario.name, scenario, None)


def check_case(
    case: Case,
    effort: Effort,
    *,
    passes_undecided: bool = False,
    renew: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> FileVerdicts:
    """Check one scenario.

    Parameters
    ----------
    renew
        Whether to make a new baseline, and compare with none.
    progress
        As for `sim.run`.

    Raises
    ------
    CheckError
        If its baseline cannot be compared.
    KeyboardInterrupt
        If it was interrupted: what was not run through is no verdict.
    """
    scenario = case.scenario
    before = read_baseline(case.baseline) if case.baseline and case.has_baseline and not renew else None
    seed = _seed(case, before, effort)
    looks = effort.looks
    in_baseline = before.replications if before else (effort.replications or IN_A_BASELINE) if renew else 0
    rule = Decided(scenario, looks, min(in_baseline, looks.at[-1]))
    result = rule.run(
        seed=seed, workers=effort.workers, cluster=effort.cluster, engine=effort.engine, progress=progress
    )
    if result.interrupted:
        raise KeyboardInterrupt(result.ended)
    collected = result.collected
    places = scenario.origin.document.child("targets")
    calendar, edges = Calendar.of(scenario), collected.frame.periods.edges

    def begins(per: str | None, number: int | None) -> str | None:
        """Give when a period of a name begins; None of the run."""
        if per is None or number is None:
            return None
        return f"{calendar.wall(int(edges[per][number])):{'%Y-%m-%d' if per in {'day', 'week'} else '%Y-%m-%d %H:%M'}}"

    targets = tuple(
        TargetVerdict(
            file=case.path,
            name=write_line(target),
            place=node.place if places and (node := places.child(number)) else Place(case.path),
            found=decision.found,
            unit=(scenario.currency or "currency") if decision.found.unit == "currency" else decision.found.unit,
            per=target.per,
            worst=begins(target.per, decision.found.period),
            worst_of_floor=begins(floor.per, floor.period)
            if (floor := decision.found.floor) and floor.estimate.n
            else None,
            replications=decision.replications,
            level=looks.level,
            passes_undecided=passes_undecided or target.undecided == "pass",
        )
        for number, (target, decision) in enumerate(zip(scenario.targets, rule.course.decisions, strict=True))
    )
    baseline = None
    if before is not None:
        comparison = Comparison(scenario, collected, before, str(case.baseline), before.version != _version())
        baseline = BaselineVerdict(
            file=case.path,
            place=Place(str(case.baseline), 1, 1),
            rows=comparison.rows(),
            explained=tuple(comparison.explained()),
            replications=min(before.replications, result.replications),
            passes_undecided=passes_undecided,
        )
    renewed = None
    if renew:
        fresh = baseline_from(
            scenario, collected, seed=seed, replications=min(in_baseline, result.replications), version=_version()
        )
        renewed = NewBaseline(str(case.baseline), fresh.text(Path(case.path).name, figures_of(fresh)))
    return FileVerdicts(case.path, scenario.name, scenario.hash, seed, result.replications, targets, baseline, renewed)


def _seed(case: Case, before: Baseline | None, effort: Effort) -> int:
    if before is None:
        return 1 if effort.seed is None else effort.seed
    if effort.seed not in {None, before.seed}:
        raise CheckError(
            f"{case.baseline}: rests on seed {before.seed}, so hands of seed {effort.seed} cannot be compared; "
            "leave --seed out, or renew it with --update-baseline"
        )
    return before.seed


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415  (slow to import)

    return version("madoguchi")
