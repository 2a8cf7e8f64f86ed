"""From people and posts to a roster, and what it does not reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario.calendar import Calendar
from sim.scenario.units import HOUR_MS, SECOND_MS, WEEKDAYS, read_positive_duration
from sim.staffing.roster.people import Person, read_people
from sim.staffing.roster.posts import Post, posts_of
from sim.staffing.roster.rules import week_of
from sim.staffing.roster.stages import solve_in_stages
from sim.staffing.solver import Solution

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.schema import Scenario

TIME_LIMIT = "60 s"
GAP = 0.001


@dataclass(frozen=True)
class Roster:
    """Who works which shift, what stayed open, and how good that is proven to be."""

    scenario: Scenario
    people: tuple[Person, ...]
    posts: tuple[Post, ...]
    filled: tuple[tuple[int, int], ...]
    """(person, post), by post and person."""
    solution: Solution
    """Of the programme; its cost is the penalty."""

    @property
    def complete(self) -> bool:
        """Whether every post has its people."""
        return not self._lacking

    @property
    def _lacking(self) -> dict[int, int]:
        there = Counter(post for _, post in self.filled)
        return {at: post.needed - there[at] for at, post in enumerate(self.posts) if there[at] < post.needed}

    def shifts(self) -> pd.DataFrame:
        """Give a row for each person on a shift: name, date, weekday, group, shift, begins, ends, paid hours."""
        return self._frame(
            [{"name": self.people[person].name} | self._described(self.posts[post]) for person, post in self.filled],
            ("name", "date", "weekday", "agent_group", "shift", "begins", "ends", "paid_hours"),
        )

    def calendar(self) -> pd.DataFrame:
        """Give a row a person and a column a day with the shift's name, or group/shift where groups share a name."""
        names = {post.shift: {one.group for one in self.posts if one.shift == post.shift} for post in self.posts}
        days = [day.date for day in Calendar.of(self.scenario).days]
        cells: list[dict[Any, str]] = [{} for _ in self.people]
        for person, at in self.filled:
            post = self.posts[at]
            cells[person][post.on] = post.shift if len(names[post.shift]) == 1 else f"{post.group}/{post.shift}"
        return self._frame(
            [
                {"name": person.name} | {f"{WEEKDAYS[day.weekday()]} {day}": cells[at].get(day, "") for day in days}
                for at, person in enumerate(self.people)
            ],
            ("name", *(f"{WEEKDAYS[day.weekday()]} {day}" for day in days)),
        )

    def hours(self) -> pd.DataFrame:
        """Give a row a person and week: days and paid hours at work, what the contract says, hours short of it."""
        paid: Counter[tuple[int, Any]] = Counter()
        days: Counter[tuple[int, Any]] = Counter()
        for person, at in self.filled:
            post = self.posts[at]
            paid[person, week_of(post.on)] += post.paid
            days[person, week_of(post.on)] += 1
        return self._frame(
            [
                {
                    "name": person.name,
                    "week": week,
                    "days": days[at, week],
                    "paid_hours": paid[at, week] / HOUR_MS,
                    "most_hours": None if person.hours is None else person.hours / HOUR_MS,
                    "guaranteed_hours": person.at_least / HOUR_MS,
                    "hours_short": max(person.at_least - paid[at, week], 0) / HOUR_MS,
                }
                for at, person in enumerate(self.people)
                for week in sorted({week_of(post.on) for post in self.posts})
            ],
            ("name", "week", "days", "paid_hours", "most_hours", "guaranteed_hours", "hours_short"),
        )

    def uncovered(self) -> pd.DataFrame:
        """Give a row for each post that lacks people: what it needs and how many are missing."""
        rows = [
            self._described(self.posts[at]) | {"needed": self.posts[at].needed, "missing": missing}
            for at, missing in self._lacking.items()
        ]
        columns = ("date", "weekday", "agent_group", "shift", "begins", "ends", "paid_hours", "needed", "missing")
        return self._frame(rows, columns)

    def broken_wishes(self) -> pd.DataFrame:
        """Give a row for each wish and each post that breaks it: name, wish, weight, and the shift that does."""
        rows = [
            {"name": self.people[person].name, "wish": wish.text, "weight": wish.weight}
            | self._described(self.posts[at])
            for person, at in self.filled
            for wish in self.people[person].wishes
            if wish.broken_by(self.posts[at])
        ]
        columns = ("name", "wish", "weight", "date", "weekday", "agent_group", "shift", "begins", "ends", "paid_hours")
        return self._frame(rows, columns)

    def _described(self, post: Post) -> dict[str, object]:
        calendar, zone = Calendar.of(self.scenario), self.scenario.agent_groups[post.group].zone
        local = calendar.in_zone(zone) if zone else calendar
        return {
            "date": post.on,
            "weekday": WEEKDAYS[post.on.weekday()],
            "agent_group": post.group,
            "shift": post.shift,
            "begins": _clock(local.wall(post.start)),
            "ends": _clock(local.wall(post.end)),
            "paid_hours": post.paid / HOUR_MS,
        }

    @staticmethod
    def _frame(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
        import pandas as pd  # noqa: PLC0415  (slow to import)

        return pd.DataFrame(rows, columns=list(columns))


def roster(
    scenario: Scenario,
    people: str | Path | Sequence[Person],
    *,
    time_limit: str = TIME_LIMIT,
    gap: float = GAP,
) -> Roster:
    """Say who works which shift of a scenario, by its headcounts.

    Parameters
    ----------
    scenario
        Whose groups have `shifts`.
    people
        A YAML file or a table of people (see `read_people`), or the people.
    time_limit
        How long the solver may take, such as "60 s"; then the best that was found counts.
    gap
        Share of the penalty within which a roster is good enough.

    Returns
    -------
    Roster
        Shifts that stay without people and wishes that are broken are listed in it; contracts are never broken.

    Raises
    ------
    ScenarioError
        If the scenario has no shifts to fill, or a file of people is not what it should be.
    SolverError
        If the solver had nothing when time ran out.
    """
    try:
        seconds = read_positive_duration(time_limit) / SECOND_MS
    except ValueError as rule:
        raise ValueError(f"time_limit: got {time_limit!r}, must be {rule}") from None
    if not 0 <= gap < 1:
        raise ValueError(f"gap: got {gap!r}, must be from 0 and below 1")
    posts = posts_of(scenario)
    named = read_people(people, posts) if isinstance(people, str | Path) else tuple(people)
    filled, solution = solve_in_stages(named, posts, Calendar.of(scenario).days[0].date, seconds, gap)
    filled.sort(key=lambda one: (one[1], one[0]))
    return Roster(scenario, named, posts, tuple(filled), solution)


def _clock(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
