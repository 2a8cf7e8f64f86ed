"""Holding what a scenario gives now against its baseline, on the same dealt hands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.check.baseline import Baseline, Series
from sim.check.series import question_named, questions, series_of
from sim.check.verdicts import REPRODUCED, Moved
from sim.check.wording import in_words
from sim.experiment.judge import LEVEL
from sim.experiment.pairs import figure_of_ratio, paired
from sim.experiment.statistics import NOTHING, Estimate, ratio
from sim.measure.definitions import Ratio
from sim.scenario.errors import Place
from sim.scenario.fingerprint import fingerprint

if TYPE_CHECKING:
    from sim.experiment.collect import Collected
    from sim.scenario.schema import Scenario
    from sim.scenario.units import Tolerance


@dataclass(frozen=True)
class Comparison:
    """A baseline and what the scenario gives now, measure by measure."""

    scenario: Scenario
    collected: Collected
    baseline: Baseline
    source: str
    """The baseline's file."""
    other_version: bool
    """Whether another version of madoguchi wrote it."""

    def rows(self) -> tuple[Moved, ...]:
        """Judge every measure of the baseline.

        What is the same to the last digit passes. Else the paired difference is estimated, with intervals that hold for
        all measures of the baseline that moved together (Bonferroni, 95 %). With a tolerance, it passes if the interval
        lies within it, fails if it lies outside, and is undecided else. Without one nothing may move, so it fails; but
        between two versions of madoguchi, whose digits may differ, it passes unless the interval leaves out zero.
        """
        number = min(self.collected.replications, self.baseline.replications)
        pairs = [(one.first(number), self._now(one, number)) for one in self.baseline.series]
        moved = sum(isinstance(now, Series) and not one.same_digits(now) for one, now in pairs)
        level = 1 - (1 - LEVEL) / max(moved, 1)
        return tuple(self._row(one, now, level) for one, now in pairs)

    def explained(self) -> Iterator[str]:
        """Say what else is different: the version, the scenario's text, its files."""
        baseline = self.baseline
        if self.other_version:
            yield f"written by madoguchi {baseline.version}, another version: paired differences are tested, not digits"
        now = hash_of(self.scenario)
        if baseline.scenario == now:
            return
        files = dict(self.scenario.origin.digests)
        changed = sorted(name for name in files.keys() & baseline.files.keys() if files[name] != baseline.files[name])
        changed += [f"{name} (new)" for name in sorted(files.keys() - baseline.files.keys())]
        changed += [f"{name} (gone)" for name in sorted(baseline.files.keys() - files.keys())]
        what = f"changed files: {', '.join(changed)}" if changed else "its files are the same, its text is not"
        hashes = f"hash {now[:12]}, was {baseline.scenario[:12]}"
        yield (
            f"the scenario is not the one of the baseline ({hashes}): {what}; the differences on the same hands are "
            "held against `regression.tolerance`"
        )

    def _now(self, one: Series, number: int) -> Series | str:
        """Give what a measure is now, or why there is nothing."""
        try:
            return series_of(self.collected, question_named(one.name)).first(number)
        except ValueError as reason:
            return str(reason)

    def _row(self, one: Series, now: Series | str, level: float) -> Moved:
        place = Place(self.source, one.line, 1)
        if isinstance(now, str):
            return Moved(one.name, place, "fail", "", NOTHING, NOTHING, NOTHING, None, now)
        asked = question_named(one.name)
        assert isinstance(asked.formula, Ratio), "a baseline keeps no percentiles"
        scale = asked.formula.scale
        was, is_now = (figure_of_ratio(each.tops, each.over, level).scaled(scale) for each in (one, now))
        before, after = was.estimate, is_now.estimate
        difference = paired(was, is_now, len(one.tops), level).estimate
        tolerance = self.scenario.regression.tolerance.get(asked.measure.name)
        allowed = None if tolerance is None else tolerance.amount * (abs(before.estimate) if tolerance.relative else 1)
        unit = (self.scenario.currency or "currency") if asked.unit == "currency" else asked.unit
        if one.same_digits(now):
            verdict, reason = "pass", REPRODUCED
        else:
            verdict, reason = self._verdict(difference, allowed, tolerance)
        return Moved(one.name, place, verdict, unit, before, after, difference, allowed, reason)

    def _verdict(self, difference: Estimate, allowed: float | None, tolerance: Tolerance | None) -> tuple[str, str]:
        if allowed is not None and tolerance is not None:
            verdict = within(difference, allowed)
            limit = f"{100 * tolerance.amount:g} {'%' if tolerance.relative else 'points'}"
            said = {
                "pass": f"within the tolerance of {limit}",
                "fail": f"beyond the tolerance of {limit}",
                "undecided": f"not told apart from the tolerance of {limit}; a baseline of more replications may tell",
            }
            return verdict, said[verdict]
        if not self.other_version:
            return "fail", "no tolerance is named"
        if difference.low <= 0 <= difference.high:
            return "pass", "no significant difference between the versions"
        return "fail", "a significant difference between the versions"


def within(difference: Estimate, allowed: float) -> str:
    """Say whether the interval of a difference lies within ± a tolerance (pass), outside of it (fail), or undecided.

    A difference of exactly the tolerance is allowed.
    """
    if -allowed <= difference.low and difference.high <= allowed:
        return "pass"
    return "fail" if difference.low > allowed or difference.high < -allowed else "undecided"


def hash_of(scenario: Scenario) -> str:
    """Give the hash by which a baseline knows a scenario: what `plan` may change moves no figure, so it is left out."""
    return fingerprint(scenario.model_copy(update={"plan": None}))


def baseline_from(scenario: Scenario, collected: Collected, *, seed: int, replications: int, version: str) -> Baseline:
    """Make the baseline of what a scenario gives in its first replications."""
    found = [series_of(collected, asked).first(replications) for asked in questions(scenario, collected)]
    kept = tuple(one for one in found if any(one.over))
    return Baseline(hash_of(scenario), dict(scenario.origin.digests), version, seed, replications, kept)


def figures_of(baseline: Baseline) -> dict[str, str]:
    """Give by name of a series what it comes to, for people."""
    asked = {one.name: question_named(one.name) for one in baseline.series}
    return {
        one.name: in_words(ratio(one.tops, one.over).scaled(asked[one.name].formula.scale), asked[one.name].unit)
        for one in baseline.series
    }
