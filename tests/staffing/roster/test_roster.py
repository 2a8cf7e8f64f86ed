"""Each rule of a roster, on desks where the best roster can be seen."""

import random
from datetime import date, timedelta
from itertools import combinations, product
from pathlib import Path

import pytest

import sim
from sim.scenario.units import HOUR_MS
from sim.staffing.roster import Person, Post, Roster, Wish, posts_of, roster, rules
from sim.staffing.roster.rules import MISSING, SHORT_HOUR, Rules, apart, largest_mixes, week_of
from sim.staffing.roster.wishes import Days
from sim.staffing.solver import Programme
from tests.staffing.roster.desks import EARLY_AND_LATE, desk, people

MONDAY = date(2026, 4, 6)


def worked(found: Roster) -> set[tuple[str, str, str]]:
    """Give (name, weekday, shift)."""
    return {
        (row.name_, row.weekday, row.shift) for row in found.shifts().rename(columns={"name": "name_"}).itertuples()
    }


# --- posts


def test_posts_follow_headcounts_by_weekday_and_their_exceptions() -> None:
    shifts = '      day: {days: mon-wed, hours: "09:00-17:00", headcount: {mon: 2, tue: 1}}'
    exception = "    exceptions: [{date: 2026-04-07, shift: day, headcount: 3}]"
    assert [(post.on, post.needed) for post in posts_of(desk(shifts, more=exception))] == [
        (MONDAY, 2),
        (MONDAY + timedelta(days=1), 3),
    ]


def test_unpaid_breaks_are_not_paid_and_nights_end_on_the_next_day() -> None:
    pause = "breaks: [{length: 45 min, at: '02:00'}, {length: 15 min, at: '04:00', paid: true}]"
    [post] = posts_of(desk(f'      night: {{days: mon, hours: "22:00-06:00", headcount: 1, {pause}}}'))
    assert (post.start, post.end, post.paid) == (22 * HOUR_MS, 30 * HOUR_MS, 7.25 * HOUR_MS)


def test_a_group_in_another_zone_begins_by_its_own_clock() -> None:
    shifts = '      day: {days: mon, hours: "09:00-17:00", headcount: 1}'
    [post] = posts_of(desk(shifts, more="    zone: Asia/Tokyo", time="2026-04-06, length: 7 days, zone: Europe/Paris"))
    assert post.start == 2 * HOUR_MS


def test_a_scenario_without_shifts_to_fill_is_refused() -> None:
    scenario = desk('      day: {days: mon, hours: "09:00-17:00", headcount: 0}')
    with pytest.raises(sim.ScenarioError, match="agent_groups: no shift needs anybody; a roster needs groups with `sh"):
        posts_of(scenario)


# --- rules


def test_nobody_works_two_shifts_a_day() -> None:
    """A morning and an evening with ten hours between, and no rest asked for: still one person each."""
    shifts = """\
      a: {days: mon, hours: "06:00-09:00", headcount: 1}
      b: {days: mon, hours: "19:00-22:00", headcount: 1}"""
    found = roster(desk(shifts), [Person("Anna", rest=0)])
    assert len(found.filled) == 1
    assert not found.complete


def test_rest_lies_between_a_late_and_the_next_early() -> None:
    """Late ends at 22, early begins at 8: ten hours do for a rest of ten, not for one of eleven."""
    shifts = """\
      early: {days: tue, hours: "08:00-16:00", headcount: 1}
      late: {days: mon, hours: "14:00-22:00", headcount: 1}"""
    assert roster(desk(shifts), [Person("Anna", rest=10 * HOUR_MS)]).complete
    assert len(roster(desk(shifts), [Person("Anna")]).filled) == 1


def test_a_run_is_no_longer_than_allowed_and_counts_days_before() -> None:
    """Seven days of one shift: a run of three leaves one of four open; with two behind, one, then a rest."""
    shifts = '      day: {days: mon-sun, hours: "09:00-17:00", headcount: 1}'
    assert len(roster(desk(shifts), [Person("Anna", longest_run=3)]).filled) == 6
    rested = roster(desk(shifts), [Person("Anna", longest_run=3, run_before=2)])
    assert [weekday for _, weekday, _ in sorted(worked(rested))].count("tue") == 0
    assert len(rested.filled) == 5
    tired = roster(desk(shifts), [Person("Anna", longest_run=3, run_before=5)])
    assert ("Anna", "mon", "day") not in worked(tired)


def test_hours_and_days_off_of_a_week_are_kept_each_week() -> None:
    """Eight-hour days: 30 hours are three of them a week; five days off leave two."""
    shifts = '      day: {days: mon-sun, hours: "09:00-17:00", headcount: 1}'
    fortnight = desk(shifts, time="2026-04-06, length: 14 days")
    assert len(roster(fortnight, [Person("Anna", hours=30 * HOUR_MS)]).filled) == 6
    assert len(roster(fortnight, [Person("Anna", off_per_week=5)]).filled) == 4


def test_days_off_and_skills_are_never_broken() -> None:
    """Monday off, the 8th off, and only tickets: nothing but empty posts."""
    off = Days(weekdays=(0,), dates=frozenset({date(2026, 4, 8)}))
    found = roster(desk(), [Person("Anna", days_off=off), Person("Ben", skills=("experts",))])
    assert {name for name, _, _ in worked(found)} == {"Anna"}
    assert {weekday for _, weekday, _ in worked(found)} == {"tue", "thu", "fri"}


def test_never_more_people_than_the_headcount() -> None:
    """Guaranteed hours do not invent shifts: they are short instead, and that is said."""
    found = roster(desk(), [Person(name, at_least=40 * HOUR_MS) for name in ("Anna", "Ben", "Cara")])
    assert len(found.filled) == 10
    assert found.hours()["hours_short"].sum() == 40
    assert found.solution.cost == pytest.approx(40 * SHORT_HOUR)


def test_guaranteed_hours_are_shared_out() -> None:
    """Two with 40 hours each leave none to the third, who is owed nothing."""
    found = roster(desk(), [Person("Cara"), *(Person(name, at_least=40 * HOUR_MS) for name in ("Anna", "Ben"))])
    assert found.solution.cost == 0
    assert {name for name, _, _ in worked(found)} == {"Anna", "Ben"}


def test_wishes_give_way_to_shifts_and_the_lighter_to_the_heavier(tmp_path: Path) -> None:
    """Both want Friday off and one early; one post each day must be filled by the two: the lighter wish is broken."""
    shifts = '      day: {days: mon-fri, hours: "09:00-17:00", headcount: 1}'
    path = people(tmp_path, "people: {Anna: {wishes: [off fri]}, Ben: {wishes: [off fri weight 2]}}")
    found = roster(desk(shifts), path)
    assert found.complete
    assert found.broken_wishes()[["name", "wish", "weekday"]].values.tolist() == [["Anna", "off fri", "fri"]]


def test_avoid_and_prefer_choose_the_shift(tmp_path: Path) -> None:
    """Anna would rather not be late, Ben prefers late: nothing is broken."""
    path = people(tmp_path, "people: {Anna: {wishes: [avoid late]}, Ben: {wishes: [prefer clerks/late mon-fri]}}")
    found = roster(desk(), path)
    assert (found.complete, found.solution.cost) == (True, 0)
    assert {(name, shift) for name, _, shift in worked(found)} == {("Anna", "early"), ("Ben", "late")}


def test_a_wish_heavier_than_a_missing_person_leaves_the_post_empty(tmp_path: Path) -> None:
    """A hundred is what an empty place costs."""
    shifts = '      day: {days: fri, hours: "09:00-17:00", headcount: 1}'
    for weight, complete in ((99, True), (101, False)):
        path = people(tmp_path, f"people: {{Anna: {{wishes: [off fri weight {weight}]}}}}")
        assert roster(desk(shifts), path).complete is complete


def test_the_tables_say_who_when_and_what_is_missing() -> None:
    """One person for two shifts a day, five days of 40 hours: five posts stay open."""
    found = roster(desk(), [Person("Anna", hours=40 * HOUR_MS)])
    assert found.uncovered()["missing"].sum() == 5
    assert found.hours()[["days", "paid_hours", "most_hours"]].values.tolist() == [[5, 40, 40]]
    calendar = found.calendar()
    assert list(calendar.columns)[:2] == ["name", "mon 2026-04-06"]
    assert (calendar.iloc[0] != "").sum() == 6
    first = found.shifts().iloc[0]
    assert first["ends"] in {"2026-04-06 16:00", "2026-04-06 22:00"}


# --- against all rosters there are


def penalty(staff: list[Person], posts: tuple[Post, ...], chosen: set[tuple[int, int]]) -> float | None:  # noqa: PLR0911
    """Judge a roster by the rules as they are written; None if it breaks a contract."""
    total = 0.0
    for at, post in enumerate(posts):
        there = sum(1 for _, one in chosen if one == at)
        if there > post.needed:
            return None
        total += MISSING * (post.needed - there)
    for number, person in enumerate(staff):
        mine = sorted((posts[at] for who, at in chosen if who == number), key=lambda post: post.start)
        days = [post.on for post in mine]
        if len(set(days)) < len(days) or any(person.days_off.has(day) for day in days):
            return None
        if any(person.skills is not None and post.group not in person.skills for post in mine):
            return None
        for before, after in combinations(mine, 2):
            if after.start - before.end < person.rest:
                return None
        run = person.run_before
        for one in range((max(post.on for post in posts) - MONDAY).days + 1):
            run = run + 1 if MONDAY + timedelta(days=one) in days else 0
            if run > person.longest_run:
                return None
        for week in {week_of(post.on) for post in posts}:
            paid = sum(post.paid for post in mine if week_of(post.on) == week)
            if person.hours is not None and paid > person.hours:
                return None
            if sum(1 for day in days if week_of(day) == week) > 7 - person.off_per_week:
                return None
            total += SHORT_HOUR * max(person.at_least - paid, 0) / HOUR_MS
        total += sum(wish.weight for wish in person.wishes for post in mine if wish.broken_by(post))
    return total


def someone(chance: random.Random, name: str) -> Person:
    shift = chance.choice(["a", "b", "c"])
    return Person(
        name,
        hours=chance.choice([None, 13 * HOUR_MS, 16 * HOUR_MS, 20 * HOUR_MS]),
        at_least=chance.choice([0, 0, 10 * HOUR_MS]),
        days_off=chance.choice([Days(), Days((chance.randrange(3),))]),
        off_per_week=chance.choice([0, 5]),
        rest=chance.choice([0, 10, 11, 15]) * HOUR_MS,
        longest_run=chance.choice([1, 2, 6]),
        run_before=chance.choice([0, 0, 1]),
        wishes=(
            Wish("", "off", Days((chance.randrange(3),)), weight=2.0),
            Wish("", chance.choice(["avoid", "prefer"]), None, shift),
        ),
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("most_mixes", [0, rules.MOST_MIXES])
def test_no_roster_has_a_lower_penalty(seed: int, most_mixes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people and up to eight posts of three lengths: all rosters are judged by the rules as written."""
    monkeypatch.setattr(rules, "MOST_MIXES", most_mixes)
    largest_mixes.cache_clear()
    chance = random.Random(seed)
    hours = {"a": "06:00-12:00", "b": "10:00-18:00", "c": "16:00-23:00"}
    need = {name: f"{{mon: {chance.randrange(3)}, tue: 1, wed: {chance.randrange(2)}}}" for name in hours}
    lines = [
        f'      {name}: {{days: mon-wed, hours: "{span}", headcount: {need[name]}}}' for name, span in hours.items()
    ]
    scenario = desk("\n".join(lines))
    posts, staff = posts_of(scenario), [someone(chance, "Anna"), someone(chance, "Ben")]
    judged = [
        penalty(staff, posts, {(person, at) for person, mine in enumerate(both) for at in mine})
        for both in product([mine for size in range(4) for mine in combinations(range(len(posts)), size)], repeat=2)
    ]
    best = min(one for one in judged if one is not None)
    found = roster(scenario, staff, gap=0)
    assert found.solution.cost == pytest.approx(best)
    assert penalty(staff, posts, set(found.filled)) == pytest.approx(best)
    assert found.solution.bound == pytest.approx(best)


# --- parts of the programme


def post(start: int, end: int, on: int = 0) -> Post:
    return Post(MONDAY + timedelta(days=on), "clerks", "x", 1, start, end, end - start)


def test_posts_that_meet_are_kept_apart_together() -> None:
    """Three spans with an instant in common are one set, not three pairs; a later one is free."""
    assert apart((post(0, 10), post(5, 15), post(9, 12), post(40, 50, on=1)), 0) == ((0, 1, 2),)
    assert apart((post(0, 10), post(20, 30, on=1), post(31, 40, on=2)), 11) == ((0, 1), (1, 2))


def test_the_largest_mixes_of_shifts_are_those_that_nothing_can_be_added_to() -> None:
    """40 hours and five days of 6 and 9 hours: (2, 3) is 39 h; (1, 4) would be 42."""
    assert largest_mixes((6, 9), 5, 40) == ((0, 4), (2, 3), (3, 2), (4, 1), (5, 0))
    assert largest_mixes((6,), 5, 40) == ((5,),)
    assert largest_mixes((6,), 5, 5) == ((0,),)


def test_parts_of_people_fill_no_hours() -> None:
    """Two 30-hour contracts and ten shifts of 8 hours: the relaxation knows that six can be filled, not 7.5."""
    staff = [Person(name, hours=30 * HOUR_MS) for name in ("Anna", "Ben")]
    programme: Programme = Rules(staff, posts_of(desk()), MONDAY).programme()
    from scipy import optimize  # noqa: PLC0415

    relaxed = optimize.milp(
        programme.cost,
        bounds=optimize.Bounds(0, programme.most),
        constraints=optimize.LinearConstraint(programme.matrix, programme.low, programme.high),
    )
    assert relaxed.fun == pytest.approx(400)


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="time_limit: got 'soon', must be a duration"):
        roster(desk(EARLY_AND_LATE), [], time_limit="soon")
    with pytest.raises(ValueError, match="gap: got 2"):
        roster(desk(), [], gap=2)


def test_nobody_fills_nothing() -> None:
    """An empty list of people is a roster with every post open."""
    found = roster(desk(), [])
    assert (found.filled, found.solution.cost) == ((), 1000)
