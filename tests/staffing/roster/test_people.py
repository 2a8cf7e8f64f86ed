"""People from files: what they say, and everything that is wrong with them at once."""

from datetime import date
from pathlib import Path

import pytest

from sim.scenario.errors import DataError, ScenarioError
from sim.scenario.load import load
from sim.scenario.units import HOUR_MS
from sim.staffing.roster import Person, Wish, posts_of, read_people
from sim.staffing.roster.wishes import Days, read_wish
from tests.readme import README, blocks
from tests.staffing.roster.desks import desk, people

POSTS = posts_of(desk())
ANNA = Person(
    "Anna",
    skills=("clerks",),
    hours=round(38.5 * HOUR_MS),
    at_least=30 * HOUR_MS,
    days_off=Days((5, 6), frozenset({date(2026, 4, 10)})),
    off_per_week=2,
    rest=12 * HOUR_MS,
    longest_run=5,
    run_before=2,
    wishes=(Wish("off fri", "off", Days((4,))), Wish("prefer early weight 2", "prefer", None, "early", 2.0)),
)


def test_a_person_in_yaml(tmp_path: Path) -> None:
    path = people(
        tmp_path,
        "people:\n  Anna: {skills: [clerks], hours: 38.5 h, at_least: 30, days_off: [sat-sun, 2026-04-10],"
        " off_per_week: 2, rest: 12 h, longest_run: 5, run_before: 2,"
        " wishes: [off fri, prefer early weight 2]}\n  Ben:\n",
    )
    assert read_people(path, POSTS) == (ANNA, Person("Ben"))


def test_the_same_person_in_a_table(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "name,skills,hours,at_least,days_off,off_per_week,rest,longest_run,run_before,wishes\n"
        "Anna,clerks,38.5,30 h,sat-sun; 2026-04-10,2,12 h,5,2,off fri; prefer early weight 2\nBen,,,,,,,,,\n"
    )
    assert read_people(path, POSTS) == (ANNA, Person("Ben"))


def test_everybody_has_what_holds_for_all_unless_they_say_otherwise(tmp_path: Path) -> None:
    path = people(tmp_path, "everybody: {hours: 40 h, rest: 10 h}\npeople: {Anna: {rest: 12 h}, Ben: {}}")
    anna, ben = read_people(path, POSTS)
    assert (anna.hours, anna.rest, ben.hours, ben.rest) == (40 * HOUR_MS, 12 * HOUR_MS, 40 * HOUR_MS, 10 * HOUR_MS)


def test_everything_wrong_with_a_file_is_told_with_its_place(tmp_path: Path) -> None:
    path = people(
        tmp_path,
        "people:\n"
        "  Anna: {skill: [clerks], hours: 0 h}\n"
        "  Ben: {skills: [clerk], off_per_week: 8}\n"
        "  Cara: {hours: 20 h, at_least: 30 h}\n"
        "  Dan: {wishes: [avoid lates], days_off: [someday]}\n"
        "  Eve: 40\n",
    )
    with pytest.raises(DataError) as refused:
        read_people(path, POSTS)
    assert str(refused.value).splitlines() == [
        f"{path}:2:10: people.Anna.skill: unknown key; did you mean 'skills'?",
        f"{path}:2:34: people.Anna.hours",
        "  got '0 h', must be more than no hours a week",
        f"{path}:3:17: people.Ben.skills",
        "  got 'clerk', must be an agent group with shifts; did you mean 'clerks'?",
        f"{path}:3:40: people.Ben.off_per_week",
        "  got 8, must be at most the 7 days of a week",
        f"{path}:4:33: people.Cara.at_least: guarantees 30 h and `hours` allows 20 h",
        f"{path}:5:17: people.Dan.wishes",
        "  got 'avoid lates', must be a wish about a shift of the scenario; did you mean 'late'?",
        f"{path}:5:42: people.Dan.days_off",
        "  got 'someday', must be weekdays such as sat-sun or a date such as 2026-04-10",
        f"{path}:6:8: people.Eve",
        "  got 40, must be a mapping",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("everybody: {rest: 11 h}", "people: is missing; it names who there is"),
        ("people: {}", "people: names nobody"),
        ("people: {Anna: {}}\nstaff: {}", "staff: unknown key; known: everybody, people"),
        ("[Anna]", "got a list, must be a mapping"),
    ],
)
def test_a_file_that_names_nobody_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_people(people(tmp_path, text), POSTS)


def test_bad_cells_of_a_table_are_told_with_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,hours,wishes\nAnna,long,off fri\nAnna,40,of fri\n,40,\n")
    with pytest.raises(DataError) as refused:
        read_people(path, POSTS)
    assert [str(problem).split(":", 1)[1] for problem in refused.value.problems] == [
        "2:2: hours\n  got 'long', must be a duration with its unit such as 250 ms, 20 s, 6 min, 4 h, 30 days or "
        "4 weeks",
        "3:1: got 'Anna', must be a name, each once",
        "3:3: wishes\n  got 'of fri', must be a wish such as off fri, avoid late, prefer early mon-wed or off "
        "2026-04-10 weight 5",
        "4:1: got nothing, must be a name, each once",
    ]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"nobody\.yaml: cannot be read"):
        read_people(tmp_path / "nobody.yaml", POSTS)
    with pytest.raises(DataError, match=r"nobody\.csv: is not there"):
        read_people(tmp_path / "nobody.csv", POSTS)


def test_the_people_of_the_readme_can_be_read(tmp_path: Path) -> None:
    """For the shifts of the scenario that it names."""
    found = read_people(
        people(tmp_path, blocks("file")["people.yaml"]),
        posts_of(load(README.parent / "scenarios" / "call_centre.yaml")),
    )
    assert [(person.name, person.hours, len(person.wishes)) for person in found] == [
        ("Anna", 40 * HOUR_MS, 2),
        ("Ben", 24 * HOUR_MS, 2),
    ]


SHIFTS = ("late", "night watch", "clerks/late")


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("off fri", Wish("off fri", "off", Days((4,)))),
        ("off sat-sun, mon", Wish("off sat-sun, mon", "off", Days((0, 5, 6)))),
        ("off mon 2026-04-10", Wish("off mon 2026-04-10", "off", Days((0,), frozenset({date(2026, 4, 10)})))),
        ("avoid night watch mon", Wish("avoid night watch mon", "avoid", Days((0,)), "night watch")),
        ("prefer clerks/late weight 2.5", Wish("prefer clerks/late weight 2.5", "prefer", None, "clerks/late", 2.5)),
    ],
)
def test_wishes_are_a_few_words(text: str, wish: Wish) -> None:
    assert read_wish(text, SHIFTS) == wish


@pytest.mark.parametrize(
    "text", ["off", "fri", "off someday", "avoid", "avoid early", "prefer late someday", "off fri weight 0", 3]
)
def test_other_words_are_refused(text: object) -> None:
    with pytest.raises(ValueError, match="a wish"):
        read_wish(text, SHIFTS)


def test_which_posts_break_a_wish() -> None:
    """`off` any shift of the day, `avoid` the named one, `prefer` the others."""
    early, late = POSTS[:2]
    assert (early.shift, late.shift, early.on.weekday()) == ("early", "late", 0)
    broken = {
        text: [read_wish(text, ("early", "late", "clerks/late")).broken_by(post) for post in (early, late)]
        for text in ("off mon", "off tue", "avoid late", "avoid clerks/late mon", "prefer late", "prefer late tue")
    }
    assert broken == {
        "off mon": [True, True],
        "off tue": [False, False],
        "avoid late": [False, True],
        "avoid clerks/late mon": [False, True],
        "prefer late": [True, False],
        "prefer late tue": [False, False],
    }
