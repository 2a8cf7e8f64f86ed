"""The rules of a roster as an integer programme: one variable a person and post, one a post for people it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from math import comb
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sim.scenario.units import HOUR_MS
from sim.staffing.roster.people import Person
from sim.staffing.roster.posts import Post
from sim.staffing.solver import Programme

Floats = NDArray[np.float64]

MISSING: Final = 100.0
"""Penalty for each person that a post lacks."""
SHORT_HOUR: Final = 2.0
"""Penalty for each hour below the guaranteed ones of a week."""

MOST_MIXES: Final = 2_000
"""Mixes of lengths of shifts in a week, above which they are not listed."""

Week = date
"""A week, by its Monday."""


def week_of(on: date) -> Week:
    """Give the Monday of a date's week."""
    return on - timedelta(days=on.weekday())


@dataclass(frozen=True)
class Pair:
    """A person who may fill a post: one variable."""

    person: int
    post: int


class Rules:
    """All rules of one roster, gathered row by row.

    Variables, in this order: a person fills a post (pairs); people that a post lacks; paid hours that a person lacks in
    a week. `rested` says from when on (ms) each may begin, after what they worked before.
    """

    def __init__(
        self, people: Sequence[Person], posts: Sequence[Post], first_day: date, rested: Sequence[int] | None = None
    ) -> None:
        self._people, self._posts, self._first_day = people, posts, first_day
        self.pairs = [
            Pair(number, at)
            for number, person in enumerate(people)
            for at, post in enumerate(posts)
            if person.may_fill(post) and (rested is None or post.start >= rested[number])
        ]
        weeks = sorted({week_of(post.on) for post in posts})
        self._guarantees = [(number, week) for number, person in enumerate(people) if person.at_least for week in weeks]
        self._mixing = 0
        self._rows: list[int] = []
        self._columns: list[int] = []
        self._values: list[float] = []
        self._low: list[float] = []
        self._high: list[float] = []
        self._cover()
        mine: list[list[tuple[int, int]]] = [[] for _ in people]
        for variable, pair in enumerate(self.pairs):
            mine[pair.person].append((variable, pair.post))
        for number in range(len(people)):
            self._contract(number, mine[number])

    def programme(self) -> Programme:
        """Give the programme whose cost is the penalty."""
        cost = [self._wishes_broken(pair) for pair in self.pairs]
        cost += [MISSING] * len(self._posts) + [SHORT_HOUR] * len(self._guarantees) + [0.0] * self._mixing
        most = [1.0] * len(self.pairs) + [float(post.needed) for post in self._posts]
        most += [self._people[number].at_least / HOUR_MS for number, _ in self._guarantees]
        most += [1.0] * self._mixing
        shape = (len(self._low), len(cost))
        return Programme(
            cost=np.array(cost),
            matrix=sparse.csr_array((self._values, (self._rows, self._columns)), shape=shape),
            low=np.array(self._low),
            high=np.array(self._high),
            most=np.array(most),
            whole=np.arange(len(cost)) < len(self.pairs),
        )

    def _wishes_broken(self, pair: Pair) -> float:
        post = self._posts[pair.post]
        return sum(wish.weight for wish in self._people[pair.person].wishes if wish.broken_by(post))

    def _cover(self) -> None:
        """Each post has the people it needs, or lacks them."""
        there: list[list[int]] = [[] for _ in self._posts]
        for variable, pair in enumerate(self.pairs):
            there[pair.post].append(variable)
        for at, post in enumerate(self._posts):
            self._row([*((one, 1.0) for one in there[at]), (len(self.pairs) + at, 1.0)], post.needed, post.needed)

    def _contract(self, number: int, mine: list[tuple[int, int]]) -> None:
        """Whatever holds for one person by themselves; `mine` are (variable, post) by begin."""
        person = self._people[number]
        variable_of = {post: variable for variable, post in mine}
        may = tuple(variable_of)
        for together in apart(tuple(self._posts[post] for post in may), person.rest):
            self._at_most([(variable_of[may[at]], 1.0) for at in together], 1.0)
        days: dict[date, list[int]] = {}
        for variable, post in mine:
            days.setdefault(self._posts[post].on, []).append(variable)
        self._runs(person, days)
        by_week: dict[Week, list[tuple[int, int]]] = {}
        for variable, post in mine:
            by_week.setdefault(week_of(self._posts[post].on), []).append((variable, post))
        for filled in by_week.values():
            self._week(person, filled)
        for at, (whose, week) in enumerate(self._guarantees):
            if whose == number:
                lacks = (len(self.pairs) + len(self._posts) + at, 1.0)
                hours = [(variable, self._posts[post].paid / HOUR_MS) for variable, post in by_week.get(week, [])]
                self._row([*hours, lacks], person.at_least / HOUR_MS, np.inf)

    def _week(self, person: Person, filled: list[tuple[int, int]]) -> None:
        """Paid hours and days off of one week, by the convex hull of what both allow together.

        With shifts of a few lengths l, numbers n(l) of each fit a contract or not. A point between numbers that fit is
        a mix of those that are largest: sum of x over the shifts of length l ≤ sum of mix(c) n(c, l), the mix adding up
        to 1. Whole numbers between numbers that fit do fit, so this says the same as hours and days, but parts of
        people fill no hours that whole people could not, and bounds come close to what can be had.
        """
        days = min(len({self._posts[post].on for _, post in filled}), 7 - person.off_per_week)
        by_length: dict[int, list[int]] = {}
        for variable, post in filled:
            by_length.setdefault(self._posts[post].paid, []).append(variable)
        most = sum(by_length) * days + 1 if person.hours is None else person.hours
        mixes = largest_mixes(tuple(sorted(by_length)), days, most)
        if mixes is None:
            terms = [(variable, length / HOUR_MS) for length, mine in by_length.items() for variable in mine]
            self._at_most(terms, most / HOUR_MS)
            self._at_most([(variable, 1.0) for mine in by_length.values() for variable in mine], float(days))
            return
        first = self._more_variables(len(mixes))
        for at, length in enumerate(sorted(by_length)):
            fits = [(first + number, -float(mix[at])) for number, mix in enumerate(mixes) if mix[at]]
            self._row([*((variable, 1.0) for variable in by_length[length]), *fits], -np.inf, 0.0)
        self._row([(first + number, 1.0) for number in range(len(mixes))], 1.0, 1.0)

    def _more_variables(self, number: int) -> int:
        """Add variables from 0 to 1 that cost nothing; give the first."""
        first = len(self.pairs) + len(self._posts) + len(self._guarantees) + self._mixing
        self._mixing += number
        return first

    def _runs(self, person: Person, days: dict[date, list[int]]) -> None:
        """Of any stretch of days one longer than the longest run, one is off; a run from before counts."""
        if not days:
            return
        last = max(days)
        begin = min(self._first_day, *days)
        stretch = person.longest_run + 1
        starts = [(begin, max(stretch - person.run_before, 1))] if person.run_before else []
        starts += [(begin + timedelta(days=one), stretch) for one in range((last - begin).days + 1)]
        for first, length in starts:
            inside = [days.get(first + timedelta(days=one), []) for one in range(length)]
            if all(inside):  # else a day is off anyway
                self._at_most([(variable, 1.0) for one in inside for variable in one], length - 1.0)

    def _at_most(self, terms: list[tuple[int, float]], high: float) -> None:
        if sum(value for _, value in terms) > high:
            self._row(terms, -np.inf, high)

    def _row(self, terms: list[tuple[int, float]], low: float, high: float) -> None:
        self._rows += [len(self._low)] * len(terms)
        self._columns += [variable for variable, _ in terms]
        self._values += [value for _, value in terms]
        self._low.append(low)
        self._high.append(high)


@lru_cache(maxsize=256)
def apart(posts: tuple[Post, ...], rest: int) -> tuple[tuple[int, ...], ...]:
    """Give the largest sets of posts of which one person may fill one, as positions.

    Those of one date, and those whose times, each lengthened by the rest, have an instant in common: two posts with too
    little between them do, and any set of spans that meet in pairs has an instant in common at some begin.
    """
    sets = {
        frozenset(at for at, post in enumerate(posts) if post.start <= begin < post.end + rest)
        for begin in {post.start for post in posts}
    }
    sets |= {frozenset(at for at, post in enumerate(posts) if post.on == on) for on in {post.on for post in posts}}
    by_size = sorted(sets, key=lambda one: (-len(one), sorted(one)))
    return tuple(tuple(sorted(one)) for one in _largest(by_size) if len(one) > 1)


@lru_cache(maxsize=1024)
def largest_mixes(lengths: tuple[int, ...], days: int, most: int) -> tuple[tuple[int, ...], ...] | None:
    """Give the largest numbers of shifts of each length that fit so many days and so many ms; None if they are many."""
    if comb(days + len(lengths), days) > MOST_MIXES:
        return None
    fit = set(_mixes(lengths, days, most))
    return tuple(
        mix for mix in sorted(fit) if not any((*mix[:at], mix[at] + 1, *mix[at + 1 :]) in fit for at in range(len(mix)))
    )


def _mixes(lengths: tuple[int, ...], days: int, most: int) -> Iterator[tuple[int, ...]]:
    """Give all numbers of shifts of each length that fit."""
    if not lengths:
        yield ()
        return
    for number in range(min(days, most // lengths[0]) + 1):
        for others in _mixes(lengths[1:], days - number, most - number * lengths[0]):
            yield (number, *others)


def _largest(by_size: Sequence[frozenset[int]]) -> Iterator[frozenset[int]]:
    """Give the sets that no larger one contains."""
    kept: list[frozenset[int]] = []
    for one in by_size:
        if not any(one < larger for larger in kept):
            kept.append(one)
            yield one
