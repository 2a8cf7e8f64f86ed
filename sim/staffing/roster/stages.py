"""A long roster in stages of whole weeks, each following on from the one before.

Contracts count by the week; only rest and runs reach from one week into the next. So a roster that is too large to be
solved at once is solved stage by stage, with what people worked before given. What the stages cost at least if each
stood alone bounds the whole: leaving out what ties them together can only help.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from sim.staffing.roster.people import Person
from sim.staffing.roster.posts import Post
from sim.staffing.roster.rules import Rules, week_of
from sim.staffing.solver import SLACK, Solution, solve

MOST_PAIRS: Final = 40_000
"""People × posts of a stage of more than one week: what a minute is enough for."""

Filled = list[tuple[int, int]]
"""(person, post)"""


def solve_in_stages(
    people: Sequence[Person], posts: Sequence[Post], first_day: date, time_limit_s: float, gap: float
) -> tuple[Filled, Solution]:
    """Fill posts, which are in the order of their begins; give who fills which, and how good that is proven to be.

    Each stage has its share of the time that is left. `Solution.values` are those of all stages' variables.
    """
    began = time.monotonic()
    filled: Filled = []
    solutions: list[Solution] = []
    bound = 0.0
    stages = list(_stages(people, posts))
    for number, stage in enumerate(stages):
        part, begin = [posts[at] for at in stage], first_day if not number else week_of(posts[stage[0]].on)
        share = (began + time_limit_s - time.monotonic()) / (len(stages) - number)
        so_far = [
            _so_far(person, [posts[at] for who, at in filled if who == mine], begin)
            for mine, person in enumerate(people)
        ]
        tied = number > 0
        now = [person for person, _ in so_far] if tied else people
        rules = Rules(now, part, begin, [free for _, free in so_far])
        solution = solve(rules.programme(), share * (0.7 if tied else 1.0), gap)
        # No penalty is below 0, whatever is proven.
        bound += max(_alone(people, part, begin, share * 0.3) if tied else solution.bound, 0.0)
        solutions.append(solution)
        filled += [
            (pair.person, stage[pair.post])
            for pair, value in zip(rules.pairs, solution.values, strict=False)
            if value > 0.5
        ]
    cost = sum(one.cost for one in solutions)
    return filled, Solution(
        values=np.concatenate([one.values for one in solutions]),
        cost=cost,
        bound=bound,
        proven=cost - bound <= gap * cost + SLACK,
        seconds=time.monotonic() - began,
    )


def _stages(people: Sequence[Person], posts: Sequence[Post]) -> Iterator[list[int]]:
    """Cut posts, by position, into runs of whole weeks."""
    weeks: dict[date, list[int]] = {}
    for at, post in enumerate(posts):
        weeks.setdefault(week_of(post.on), []).append(at)
    stage: list[int] = []
    for _, week in sorted(weeks.items()):
        if stage and len(people) * (len(stage) + len(week)) > MOST_PAIRS:
            yield stage
            stage = []
        stage = stage + week
    if stage:
        yield stage


def _so_far(person: Person, worked: list[Post], begin: date) -> tuple[Person, int]:
    """Give the person with the run that ends on the day before `begin`, and from when on they are rested (ms)."""
    days = {post.on for post in worked}
    run = 0
    while begin - timedelta(days=run + 1) in days:
        run += 1
    rested = max((post.end + person.rest for post in worked), default=0)
    return replace(person, run_before=run), rested


def _alone(people: Sequence[Person], posts: Sequence[Post], begin: date, seconds: float) -> float:
    """Give a bound for a stage that nothing comes before."""
    fresh = [replace(person, run_before=0) for person in people]
    programme = Rules(fresh, posts, begin, [0] * len(people)).programme()
    return solve(replace(programme, whole=np.zeros(len(programme.cost), dtype=bool)), seconds, 0.0).bound
