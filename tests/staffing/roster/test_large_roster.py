"""A roster as large as one house rosters at once."""

import random

import pytest

from sim.scenario.units import HOUR_MS, WEEKDAYS, write_time_of_day
from sim.staffing import solver
from sim.staffing.roster import Person, Wish, posts_of, roster, stages
from sim.staffing.roster.wishes import Days
from tests.staffing.roster.desks import desk

LENGTHS = (8.5, 8.0, 6.0, 9.0)


def large_desk(chance: random.Random, person_shifts: int) -> str:
    """32 shifts of four lengths with begins from six to half past seven at night, headcounts by chance."""
    need = [[0] * 7 for _ in range(32)]
    for _ in range(person_shifts):
        need[chance.randrange(32)][chance.choices(range(7), (6, 5, 5, 5, 5, 3, 2))[0]] += 1
    lines = []
    for number, days in enumerate(need):
        begin = (6 * 2 + number % 27) * HOUR_MS // 2
        end = write_time_of_day(begin + round(LENGTHS[number % 4] * HOUR_MS))
        headcount = ", ".join(f"{WEEKDAYS[day]}: {count}" for day, count in enumerate(days))
        hours = f'"{write_time_of_day(begin)}-{end}"'
        lines.append(f"      s{number:02}: {{days: mon-sun, hours: {hours}, headcount: {{{headcount}}}}}")
    return "\n".join(lines)


def somebody(chance: random.Random, number: int) -> Person:
    days, shifts = [Days((chance.randrange(7),)) for _ in range(3)], [f"s{chance.randrange(32):02}" for _ in range(5)]
    return Person(
        f"Person {number}",
        hours=chance.choice([30, 36, 40, 44, 45]) * HOUR_MS,
        at_least=20 * HOUR_MS,
        days_off=chance.choice([Days(), days[0]]),
        off_per_week=2,
        longest_run=5,
        wishes=(
            Wish("", "off", days[1]),
            *(Wish("", "avoid", None, shift) for shift in shifts[:3]),
            *(Wish("", "prefer", days[2], shift) for shift in shifts[3:]),
        ),
    )


@pytest.mark.slow
@pytest.mark.parametrize("person_shifts", [375, 450])
def test_a_hundred_people_a_week_and_32_shifts_are_solved_to_one_per_cent(
    person_shifts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two desks: one with people to spare, one that nearly fills all contracts. 60 s, and a gap that is proven."""
    monkeypatch.setattr(stages, "solve", solver.solve)
    chance = random.Random(1)
    scenario = desk(large_desk(chance, person_shifts))
    staff = [somebody(chance, number) for number in range(100)]
    assert len({post.shift for post in posts_of(scenario)}) == 32
    found = roster(scenario, staff, time_limit="60 s", gap=0.01)
    assert found.solution.proven
    assert found.solution.gap <= 0.01
    assert found.solution.seconds <= 60
    assert len(found.filled) >= 0.98 * person_shifts
