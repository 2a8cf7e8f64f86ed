"""What is dealt and exactly expected: arrivals and the work of first contacts, as control variates.

What a run finds is tied to what it was dealt: a replication with more calls than expected has longer waits. Since the
expectation of what is dealt is known, so is by how much each replication is off, and figures can be put right for it
(`sim.experiment.controls`).

Rules
-----
- A source of arrivals is known if it follows a rate and no incident touches it; logs leave nothing to chance.
- The arrivals of an hour of the local clock are expected to be the integral of the rate times growth, since factors of
  busy days and hours have mean 1. (Instants are rounded to whole ms: nothing beside an hour.)
- Their variance is their expectation (Poisson, given the factors) plus that of the integral times the factors, which
  are independent of each other; the common day's factor is shared by all sources.
- Work is the talk and wrap-up dealt for the first contacts at their first tier, of those whom no stage of self-service
  keeps: as these are dealt apart, its expectation given their number is that number times the means of the laws. (A
  dealt duration is rounded to whole ms, and tabulated inverses err by a millionth: nothing beside its deviation.)
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import fsum
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.demand.arrivals import PoissonSource
from sim.demand.columns import column, stretches
from sim.demand.hand import Bools, Floats, Hand, Ints, Numbers, Small, StageOutcome, sole
from sim.scenario.units import HOUR_MS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from sim.demand.arrivals import ArrivalPlan
    from sim.demand.marks import ContactPlan

CONTROLS: Final = ("arrivals", "crowding", "work")
"""Deviations of a replication, each of expectation 0. arrivals: first contacts less those expected; crowding: the sum
of the squares of the hours' deviations less that of their variances; work: talk and wrap-up less those expected of so
many contacts, ms."""

Group = tuple[str, int]
"""Whose demand: a channel or a contact type by its number; ("", 0) is everybody's."""
EVERYBODY: Final[Group] = ("", 0)

Deviations = dict[Group, tuple[float, ...]]
"""By group: `CONTROLS` of one replication."""


@dataclass(frozen=True)
class KnownSource:
    """A source of arrivals whose expectations are known."""

    contact_type: int
    channel: int
    by_hour: Floats
    """(hours,) expected contacts."""
    own_variance: float
    """Variance of the product of its own factors of a day and an hour."""
    mean_work: float
    """Talk and wrap-up of a contact, ms."""


class KnownDemand:
    """What of a scenario's demand is exactly expected.

    Parameters
    ----------
    arrivals
        Of the scenario.
    plans
        By (contact type, channel).

    Attributes
    ----------
    sources
        The known ones, by (contact type, channel).
    groups
        The numbers of the sources of each group.
    """

    def __init__(self, arrivals: ArrivalPlan, plans: Mapping[tuple[int, int], ContactPlan]) -> None:
        touched = {kind for incident in arrivals.incidents for kind in incident.factors}
        days = [*arrivals.midnights.tolist(), arrivals.length]
        self._edges = np.array([at for day, end in pairwise(days) for at in range(day, end, HOUR_MS)] + days[-1:])
        self.sources: tuple[KnownSource, ...] = tuple(
            _known(source, self._edges, plans[source.contact_type, source.channel])
            for source in arrivals.sources
            if isinstance(source, PoissonSource) and source.contact_type not in touched
        )
        self.groups: dict[Group, list[int]] = {EVERYBODY: list(range(len(self.sources)))} if self.sources else {}
        for place, source in enumerate(self.sources):
            self.groups.setdefault(("channel", source.channel), []).append(place)
            self.groups.setdefault(("contact_type", source.contact_type), []).append(place)
        self._mean_work = np.array([source.mean_work for source in self.sources])
        kinds, channels = (1 + max((one[place] for one in plans), default=0) for place in (0, 1))
        self._number = np.full((kinds, channels), len(self.sources), np.int16)
        for place, source in enumerate(self.sources):
            self._number[source.contact_type, source.channel] = place
        self._expected = {group: sum(self.sources[one].by_hour for one in some) for group, some in self.groups.items()}
        common = arrivals.common_day_cv**2
        self._variance = {group: self._variance_of(some, common) for group, some in self.groups.items()}

    def of(self, hand: Hand) -> Deviations:
        """Give by how much a replication's demand is off what is expected."""
        if not self.sources:
            return {}
        by_hour, work, works = self._dealt(hand)
        extra = (work - works * self._mean_work).tolist()
        found: Deviations = {}
        for group, some in self.groups.items():
            off = by_hour[some].sum(axis=0) - self._expected[group]
            crowding = fsum([*(off * off).tolist(), *(-self._variance[group]).tolist()])
            found[group] = fsum(off.tolist()), crowding, fsum(extra[one] for one in some)
        return found

    def _dealt(self, hand: Hand) -> tuple[Ints, Floats, Ints]:
        """Give by source what was dealt: first contacts by hour, and the work (ms) of how many of them."""
        first, kept = hand.inquiries.first_contact[:-1], _kept_by_self_service(hand)
        alone = len(first) == len(hand.contacts.at)
        edges, sources = np.concatenate(([0], self._edges[1:])), len(self.sources)
        by_hour, work = np.zeros((sources, len(edges) - 1), np.int64), np.zeros(sources)
        works = np.zeros(sources, np.int64)
        for part in stretches(len(first)):
            at = hand.contacts.at[part if alone else first[part]]
            # Inquiries are in order of time; the initial backlog came before 0: it is a given number.
            early, late = np.searchsorted(edges, (at[0], at[-1]), side="right").tolist()
            hours = slice(max(early - 1, 0), late)
            begins = np.searchsorted(at, edges[hours.start : late + 1])
            mine, of_hour = slice(part.start + int(begins[0]), part.stop), np.diff(begins)
            source, rows = self._source_of(hand, mine), mine if alone else first[mine]
            by_hour[:, hours] += _by_hour(source, of_hour, sources)
            if kept is not None:
                passed = ~kept[rows]
                rows = np.flatnonzero(passed) + mine.start if isinstance(rows, slice) else rows[passed]
                source = source[passed] if source.ndim else source
            each = _work(hand, rows)
            if source.ndim:
                work += _counted(source, sources, each)  # whole, below 2^53
                works += _counted(source, sources)
            elif source < sources:
                work[source] += each.sum()
                works[source] += len(each)
        return by_hour, work, works

    def _source_of(self, hand: Hand, inquiries: slice) -> Small:
        """Give the number of the source of each inquiry, or of all; the number of sources where it is not known."""
        kind, channel = hand.inquiries.contact_type, hand.inquiries.channel
        kinds, channels = sole(kind), sole(channel)
        if kinds is None:
            return self._number[kind[inquiries], channel[inquiries]]
        return np.asarray(self._number[kinds][channel[inquiries] if channels is None else channels])

    def _variance_of(self, some: Sequence[int], common: float) -> Floats:
        """Give the variance of the arrivals of sources together, by hour."""
        together = np.asarray(sum(self.sources[one].by_hour for one in some))
        own = sum(self.sources[one].own_variance * self.sources[one].by_hour ** 2 for one in some)
        # E of the squared integral: pairs of sources share the common factor only, each its own with itself.
        variance: Floats = together + (1 + common) * (together**2 + own) - together**2
        return variance


def _known(source: PoissonSource, edges: Ints, plan: ContactPlan) -> KnownSource:
    tier = plan.tiers[0]
    return KnownSource(
        source.contact_type,
        source.channel,
        source.expected(edges),
        (1 + source.busy_day_cv**2) * (1 + source.busy_hour_cv**2) - 1,
        tier.talk.mean + tier.wrap_up.mean,
    )


def _by_hour(source: Small, of_hour: Ints, sources: int) -> Ints:
    """Give how many come from each source in each hour, of so many in order of time."""
    hours, number = len(of_hour), int(of_hour.sum())
    if not source.ndim:
        return np.where(np.arange(sources)[:, None] == source, of_hour, 0)
    which = np.repeat(np.arange(hours), of_hour) + source[:number].astype(np.int64) * hours
    counted: Ints = _counted(which, sources * hours).reshape(sources, hours)
    return counted


def _counted(number: NDArray[np.integer], numbers: int, weights: Ints | None = None) -> NDArray[Any]:
    """Give how many of each number there are below a limit, or their weights."""
    return np.bincount(number, weights, numbers)[:numbers]


def _work(hand: Hand, contacts: slice | Ints | Numbers) -> Ints:
    """Give the talk and wrap-up dealt for each contact at its first tier, ms."""
    marks = hand.tier_marks
    mark = contacts if len(marks.talk) == len(hand.contacts.at) else hand.contacts.first_tier_mark[contacts]
    wrap_up = sole(marks.wrap_up)
    work: Ints = marks.talk[mark] + (marks.wrap_up[mark] if wrap_up is None else wrap_up)
    return work


def _kept_by_self_service(hand: Hand) -> Bools | None:
    """Tell of each contact whether a stage that it may pass would keep it; None if there are none."""
    if not hand.stage_marks.outcome.size:
        return None
    keeps, first = hand.stage_marks.outcome != StageOutcome.HANDED_ON, hand.contacts.first_stage_mark
    before: Numbers = column(keeps.size + 1, np.int32)
    before[0] = 0
    np.cumsum(keeps, out=before[1:])
    kept = np.empty(first.size - 1, np.bool_)
    for part in stretches(kept.size):
        kept[part] = before[first[1:][part]] > before[first[:-1][part]]
    return kept
