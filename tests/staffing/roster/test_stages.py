"""Long rosters, solved week by week: what reaches over a Sunday is kept, and the bound holds for the whole."""

import random

import pytest

from sim.scenario.units import HOUR_MS
from sim.staffing.roster import Person, Wish, roster, stages
from sim.staffing.roster.wishes import Days
from tests.staffing.roster.desks import desk

DAY = '      day: {days: mon-sun, hours: "09:00-17:00", headcount: 1}'
TWO_WEEKS = "2026-04-06, length: 14 days"


@pytest.fixture
def _weekly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each week is a stage."""
    monkeypatch.setattr(stages, "MOST_PAIRS", 1)


@pytest.mark.usefixtures("_weekly")
def test_a_run_goes_on_over_sunday() -> None:
    """Runs of three in fourteen days: every fourth is off, as if it were one stage; eleven are worked at most."""
    found = roster(desk(DAY, time=TWO_WEEKS), [Person("Anna", longest_run=3)])
    days = sorted(found.posts[at].on.toordinal() for _, at in found.filled)
    assert not [first for first in days if {first + 1, first + 2, first + 3} <= set(days)]
    assert len(days) >= 10


@pytest.mark.usefixtures("_weekly")
def test_rest_is_kept_over_sunday() -> None:
    """A late Sunday ends ten hours before the early Monday: one of the two stays open."""
    shifts = """\
      late: {days: sun, hours: "14:00-22:00", headcount: 1}
      early: {days: mon, hours: "08:00-16:00", headcount: {mon: 1}}"""
    scenario = desk(shifts, time="2026-04-12, length: 2 days")
    assert len(roster(scenario, [Person("Anna")]).filled) == 1
    assert len(roster(scenario, [Person("Anna", rest=10 * HOUR_MS)]).filled) == 2


@pytest.mark.parametrize("seed", range(4))
def test_stages_cost_no_less_and_claim_no_more_than_the_whole(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bound of the stages ≤ best of the whole ≤ penalty of the stages."""
    chance = random.Random(seed)
    shifts = """\
      early: {days: mon-sun, hours: "08:00-16:00", headcount: 1}
      late: {days: mon-sun, hours: "14:00-22:00", headcount: 1}"""
    staff = [
        Person(
            name,
            hours=chance.choice([24, 40]) * HOUR_MS,
            longest_run=chance.choice([2, 3, 5]),
            wishes=(Wish("", "off", Days((chance.randrange(7),))), Wish("", "avoid", None, "late")),
        )
        for name in ("Anna", "Ben", "Cara")
    ]
    scenario = desk(shifts, time=TWO_WEEKS)
    whole = roster(scenario, staff, gap=0).solution
    monkeypatch.setattr(stages, "MOST_PAIRS", 1)
    staged = roster(scenario, staff, gap=0).solution
    assert staged.bound <= whole.cost + 1e-6
    assert whole.cost <= staged.cost + 1e-6
    assert staged.bound >= 0.5 * whole.bound
