"""Simulated repair of a requirement: people lowered and raised until the simulated targets hold with the fewest hours.

After Feldman, Mandelbaum, Massey and Whitt, "Staffing of time-varying queues to achieve time-stable performance",
Management Science 54 (2008): play the staffing that formulas give, compare, correct, play again. What differs is that
targets are kept over the periods that they name, and not by each interval.

Rules
-----
- The people on duty now are tried too, as one more way to begin.
- Every staffing meets the same dealt hands. A figure holds if it is on the right side of its bound by half its standard
  error, and by more where a confirmation found it short.
- First the formulas are corrected (`Surrogate`): each figure must reach its bound plus what simulation finds less, on
  the scale of log odds; backlog, and targets that no formula judges, get more people by a factor on their work, found
  by halving. Then single people are added where most contacts miss what is still short. Then people are taken away
  where fewest contacts miss anything, in lots that double and halve, as long as everything holds.
- An interval in which contacts are expected keeps somebody.
- Nothing depends on time or on the machine: so many rounds, so many trials.
- A bound that does not hold with twice the people by formula, and two more, is told: no staffing keeps it. Nor is one
  asked of people that more of them only break (hours, cost), or that they do not move. Such a bound is replaced by what
  the formulas' people reach, so that it does not get worse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.measure.lint import UNMOVED
from sim.scenario.units import HOUR_MS
from sim.staffing.factors import Factors
from sim.staffing.pools import Formulas
from sim.staffing.promises import speaks_of
from sim.staffing.requirement import AnalyticRequirement, PoolNeed, finished, fixed_point, may_be_there
from sim.staffing.surrogate import Surrogate, on_scale
from sim.staffing.trials import Bound, Tried

if TYPE_CHECKING:
    from sim.measure.periods import Periods
    from sim.scenario.schema import Scenario
    from sim.staffing.offered_load import OfferedVolume
    from sim.staffing.trials import Trials

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Staffing = dict[str, Ints]
Cell = tuple[str, int]

ROUNDS: Final = 6
"""Of correcting the formulas."""
ADDITIONS: Final = 16
"""Trials that add people."""
REMOVALS: Final = 40
"""Trials that take people away."""
IN_VAIN: Final = 6
"""Single people in a row whose leaving breaks something, after which no more are tried; of few cells, all are."""
FEW: Final = 24
MARGIN: Final = 0.5
"""Standard errors by which a figure must be on the right side of its bound."""
NEARLY: Final = 0.05
"""Of its bounds a staffing is short that nearly holds."""
LEAST_MORE: Final = 2
"""People in each interval, beside twice as many, with whom it is tried whether any staffing keeps a bound."""
SHRINKS: Final = (
    "staff_hours",
    "cost",
    "overtime",
    "utilisation",
    "agents_free",
    "agents_on_duty",
    "cost_per_resolved",
)
"""Measures whose upper bounds more people only break."""
EASED: Final = ("occupancy", "slot_occupancy", "utilisation", "agents_busy")
"""Measures whose lower bounds more people only break."""


@dataclass(frozen=True)
class Repaired:
    """What the repair found."""

    staffing: Staffing
    tried: Tried
    start: Staffing
    """By formula, before."""
    start_tried: Tried


class Repair:
    """Repairs the requirement of a scenario.

    Parameters
    ----------
    scenario, volume
        What is required of whom.
    trials
        Plays staffings.
    periods
        Measured time.
    say
        Told what is done.
    """

    def __init__(
        self, scenario: Scenario, volume: OfferedVolume, trials: Trials, periods: Periods, say: Callable[[str], None]
    ) -> None:
        self._scenario, self._volume, self._trials, self._say = scenario, volume, trials, say
        self._formulas = Formulas()
        self._load, self._live = fixed_point(scenario, volume, self._formulas)
        self.analytic = finished(scenario, self._load, self._live)
        self._surrogate = Surrogate(scenario, self._live, self._formulas, periods, trials.intervals)
        self._hours = np.diff(volume.work.edges) / HOUR_MS
        self._there = may_be_there(scenario, volume.work)
        self._planned = {group for names in self.analytic.needs for group in names}
        starts = periods.edges["interval"][:-1]
        self._period_of = {
            per: np.searchsorted(periods.edges[per], starts, side="right") - 1
            for per in ("run", "week", "day", "hour", "interval")
        }
        self.margin: dict[Bound, float] = {}
        """What confirmations found short, to be kept on top."""
        self.beyond: dict[Bound, float] = {}
        """Bounds that twice the people do not keep, with the figure that they reach."""
        self._eased: dict[Bound, float] = {}
        """Instead of bounds that no staffing keeps: what the formulas' people reach."""

    def repaired(self) -> Repaired:
        """Find the staffing."""
        start = self._staffing(self.analytic)
        start_tried = self._tried(start)
        self._ease(start, start_tried)
        ways = [self._added(staffing) for staffing in self._corrected(start)]
        if (now := self._now()) is not None:
            ways.append(now)
            self._say(f"on duty now: {self.hours(now):.0f} h, {_words(self._rank(now)[0])}")
        staffing = self._trimmed(min(ways, key=self._rank))
        return Repaired(staffing, self._tried(staffing), start, start_tried)

    def _now(self) -> Staffing | None:
        """Give the people on duty now, rounded; None if a group that is planned for has none."""
        now = {group: np.rint(self.analytic.on_duty[group]).astype(np.int64) for group in sorted(self._planned)}
        return now if all(numbers.any() for numbers in now.values()) else None

    def _ease(self, start: Staffing, tried: Tried) -> None:
        """Find the bounds that no staffing keeps."""
        ample = {group: np.where(numbers > 0, 2 * numbers + LEAST_MORE, 0) for group, numbers in start.items()}
        best = self._tried(ample)
        for bound in best.short({}):
            if not self.not_for_people(bound):
                self.beyond[bound] = best.figures[bound]
                self._eased[bound] = tried.figures.get(bound, bound.bound)

    def raised(self, staffing: Staffing) -> Staffing:
        """Mend a staffing after a confirmation has raised the margins."""
        return self._trimmed(self._added(staffing), REMOVALS // 4)

    def hours(self, staffing: Mapping[str, Ints]) -> float:
        """Give the hours of people."""
        return float(sum((numbers * self._hours).sum() for numbers in staffing.values()))

    def _staffing(self, requirement: AnalyticRequirement) -> Staffing:
        by_group = requirement.by_group
        return {group: by_group[group] for group in sorted(self._planned)}

    def _tried(self, staffing: Staffing) -> Tried:
        return self._trials.tried(staffing)

    def _short(self, tried: Tried) -> dict[Bound, float]:
        """Give the bounds that are asked and do not hold, with a margin, and by how much."""
        margin = {bound: MARGIN * error + self.margin.get(bound, 0.0) for bound, error in tried.errors.items()}
        return {
            bound: lacking
            for bound, lacking in tried.short(margin, self._eased).items()
            if not self.not_for_people(bound)
        }

    def not_for_people(self, bound: Bound) -> bool:
        """Tell whether more people do not help to keep a bound."""
        measure = self._scenario.targets[bound.target].measure
        return (
            measure in UNMOVED
            or (measure in SHRINKS and not bound.at_least)
            or (measure in EASED and bound.at_least and self._scenario.targets[bound.target].risk is None)
        )

    def _corrected(self, start: Staffing) -> list[Staffing]:
        """Correct the formulas by what simulation finds; give the best staffing on the way, and that nearest to it.

        The second has fewer hours and nearly holds: a few people may mend it.
        """
        offset: dict[Bound, float] = {}
        factors = Factors()
        seen = [start]
        self._say(f"by formula: {self.hours(start):.0f} h, {_words(self._rank(start)[0])}")
        people = [np.asarray(need.agents, np.int64) for need in self._live]
        staffing = start
        for number in range(ROUNDS):
            tried = self._tried(staffing)
            judged = [bound for bound in tried.figures if self._surrogate.speaks(bound)]
            for bound in judged:
                share = self._surrogate.share(bound)
                model = on_scale(self._surrogate.figure(bound, people, factors.now), bound, share=share)
                found = on_scale(tried.figures[bound], bound, share=share)
                offset[bound] = model - found if number == 0 else 0.5 * offset.get(bound, 0.0) + 0.5 * (model - found)
            self._push(tried, factors)
            needed = {bound: self._needed(bound, tried.errors[bound]) + offset[bound] for bound in judged}
            people = self._surrogate.people(judged, needed, factors.now)
            staffing = self._with(people, factors)
            seen.append(staffing)
            short = _words(self._rank(staffing)[0])
            self._say(f"formulas corrected {number + 1} of {ROUNDS}: {self.hours(staffing):.0f} h, {short}")
        best = min(seen, key=self._rank)
        near = [one for one in seen if 0 < self._rank(one)[0] < NEARLY and self.hours(one) < self.hours(best)]
        return [best, *sorted(near, key=self._rank)[:1]]

    def _needed(self, bound: Bound, error: float) -> float:
        sign = 1.0 if bound.at_least else -1.0
        raised = bound.bound + sign * (MARGIN * error + self.margin.get(bound, 0.0))
        return on_scale(raised, bound, share=self._surrogate.share(bound))

    def _push(self, tried: Tried, factors: Factors) -> None:
        """Move the factors of pools by the targets that formulas do not judge, or of backlog."""
        short = self._short(tried)
        for number, need in enumerate(self.analytic.pools):
            mine = [
                bound
                for bound in tried.figures
                if not self.not_for_people(bound)
                and not self._surrogate.speaks(bound)
                and bound not in self.beyond
                and self._concerns(bound, need)
            ]
            if mine and (not need.pool.live or any(bound in short for bound in mine) or number in factors.fails):
                factors.move(number, short=any(bound in short for bound in mine))

    def _concerns(self, bound: Bound, need: PoolNeed) -> bool:
        target = self._scenario.targets[bound.target]
        return any(speaks_of(self._volume.work, target, queue) for queue in need.pool.queues)

    def _with(self, people: list[Ints], factors: Factors) -> Staffing:
        """Give the staffing of live pools' people, and what backlog takes beside them."""
        live = [
            PoolNeed(need.pool, np.maximum(numbers, 0).astype(float), need.load, need.steady, 0.0)
            for need, numbers in zip(self._live, people, strict=True)
        ]
        harder = {
            need.pool.queues: factors.now[number]
            for number, need in enumerate(self.analytic.pools)
            if not need.pool.live and number in factors.now
        }
        return self._staffing(finished(self._scenario, self._load, live, harder))

    def _rank(self, staffing: Staffing) -> tuple[float, float]:
        """Order staffings: what is short, relative to its bound, first; then hours."""
        short = self._short(self._tried(staffing))
        return sum(lacking / max(abs(bound.bound), 1e-9) for bound, lacking in short.items()), self.hours(staffing)

    def _added(self, staffing: Staffing) -> Staffing:
        """Add people where most contacts miss what is short, until nothing is or it does not help."""
        lot, key = 1, self._rank(staffing)
        for _ in range(ADDITIONS):
            tried = self._tried(staffing)
            short = self._short(tried)
            if not short:
                return staffing
            more = self._with_more(staffing, tried, short, lot)
            changed = self._rank(more)
            if changed[0] < key[0]:
                staffing, key = more, changed
                self._say(f"people added: {self.hours(staffing):.0f} h, {_words(key[0])}")
            lot *= 2
        return staffing

    def _with_more(self, staffing: Staffing, tried: Tried, short: Mapping[Bound, float], lot: int) -> Staffing:
        weight: dict[Cell, float] = {}
        for bound in short:
            missed = tried.misses[bound.target]
            mine = np.flatnonzero(self._period_of[bound.per] == bound.period)
            if self._scenario.targets[bound.target].risk is not None and not bound.is_floor:
                mine = np.arange(len(missed))
            for group in self._groups_of(bound):
                for at in mine:
                    place = int(self._trials.intervals[at])
                    # Who is missed now waited for people of now and of a while ago.
                    for before in (place, max(place - 1, 0)):
                        if not self._there[group][before]:
                            continue
                        cell = group, before
                        share = missed[at] / (1.0 + staffing[group][before])
                        weight[cell] = weight.get(cell, 0.0) + share / (1 + (before != place))
        chosen = sorted(weight, key=lambda cell: (-weight[cell], cell))[:lot]
        return _changed(staffing, chosen, 1)

    def _groups_of(self, bound: Bound) -> list[str]:
        groups: dict[str, None] = {}
        for need in self.analytic.pools:
            if self._concerns(bound, need):
                groups.update(dict.fromkeys(need.pool.groups))
        return [group for group in groups if group in self._planned] or sorted(self._planned)

    def _trimmed(self, staffing: Staffing, trials: int = REMOVALS) -> Staffing:
        """Take people away where fewest contacts miss anything, as long as everything holds."""
        if self._short(self._tried(staffing)):
            return staffing
        expected = self._expected()
        dead: set[Cell] = set()
        cells = sum(int((numbers > 0).sum()) for numbers in staffing.values())
        lot, in_vain = max(cells // 32, 1), 0
        for _ in range(trials):
            if in_vain >= IN_VAIN and cells > FEW:
                break
            candidates = [
                cell
                for cell in self._by_harm(staffing, self._tried(staffing))
                if cell not in dead and staffing[cell[0]][cell[1]] > (1 if cell in expected else 0)
            ]
            if not candidates:
                break
            chosen = candidates[:lot]
            fewer = _changed(staffing, chosen, -1)
            if self._short(self._tried(fewer)):
                if len(chosen) == 1:
                    dead.add(chosen[0])
                    in_vain += 1
                lot = max(len(chosen) // 2, 1)
                if lot > 1:
                    dead.update(chosen[-1:])
            else:
                staffing, in_vain = fewer, 0
                lot = min(lot * 2, len(candidates))
                self._say(f"people taken away: {self.hours(staffing):.0f} h")
        return staffing

    def _by_harm(self, staffing: Staffing, tried: Tried) -> list[Cell]:
        """Give the cells, those first where a person less is likely to do least harm for the hours saved."""
        total = np.zeros(len(self._hours))
        slack = dict.fromkeys(tried.misses, np.inf)
        for bound, figure in tried.figures.items():
            if bound not in self.beyond and not self.not_for_people(bound):
                room = abs(figure - bound.bound) / max(abs(bound.bound), 1e-9)
                slack[bound.target] = min(slack[bound.target], room)
        for number, missed in tried.misses.items():
            if np.isfinite(slack[number]) and missed.sum() > 0:
                np.add.at(total, self._trials.intervals, missed / (slack[number] + 0.02))
        total += 0.5 * np.append(total[1:], 0.0)
        harm = {
            (group, at): total[at] / max(int(number), 1) ** 0.5 / self._hours[at]
            for group, numbers in staffing.items()
            for at, number in enumerate(numbers)
            if number > 0
        }
        return sorted(harm, key=lambda cell: (harm[cell], cell))

    def _expected(self) -> set[Cell]:
        """Give the cells in which live contacts are expected, and somebody stays."""
        return {
            (group, at)
            for need in self._live
            if len(need.pool.groups) == 1
            for group in need.pool.groups
            for at in np.flatnonzero(need.agents > 0).tolist()
        }


def _changed(staffing: Staffing, cells: list[Cell], by: int) -> Staffing:
    changed = {group: numbers.copy() for group, numbers in staffing.items()}
    for group, at in cells:
        changed[group][at] += by
    return changed


def _words(short: float) -> str:
    return "all targets hold" if short == 0 else f"targets short by {100 * short:.1f} %"
