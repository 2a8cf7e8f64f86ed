"""Duty: shifts, breaks, absences and blocks as spans, numbers as steps, and what moves nobody."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.demand.duty import DutyPlan
from sim.demand.hand import NONE
from sim.demand.shifts import van_der_corput
from sim.scenario.load import loads
from sim.scenario.units import HOUR_MS, MINUTE_MS

if TYPE_CHECKING:
    from sim.demand.hand import Agents
    from sim.scenario.schema import Scenario

Spans = list[tuple[float, float]]


def scenario(groups: str, *, start: str = "2026-04-06", length: str = "7 days", zone: str = "UTC") -> Scenario:
    """Give a scenario, from Monday 2026-04-06 on, of which only the agent groups matter."""
    return loads(
        f"""
format: 1
name: duty
time: {{start: {start}, length: {length}, zone: {zone}}}
channels: {{phone: {{}}}}
tiers: {{desk: {{}}}}
contact_types:
  call:
    arrivals: {{phone: {{rate: 1 per hour}}}}
    handling: {{desk: {{handle_time: {{distribution: constant, mean: 1 min}}}}}}
agent_groups:
{groups}
"""
    )


def clerks(shifts: str, more: str = "") -> str:
    """Give one group with the given shifts."""
    return f"  clerks: {{tier: desk, shifts: {{{shifts}}}{more}}}\n"


def deal(groups: str, replication: int = 0, **when: str) -> Agents:
    """Deal the duty of one replication."""
    return DutyPlan(scenario(groups, **when)).deal(1, replication)


def spans(agents: Agents, agent: int) -> Spans:
    """Give an agent's spans of duty in hours."""
    rows = slice(agents.first_span[agent], agents.first_span[agent + 1])
    return list(zip(agents.span_start[rows] / HOUR_MS, agents.span_end[rows] / HOUR_MS, strict=True))


def paid(agents: Agents, agent: int) -> Spans:
    """Give an agent's paid time in hours."""
    rows = slice(agents.first_paid[agent], agents.first_paid[agent + 1])
    return list(zip(agents.paid_start[rows] / HOUR_MS, agents.paid_end[rows] / HOUR_MS, strict=True))


def pauses(agents: Agents, agent: int) -> list[float]:
    """Give the breaks before an agent's spans, in minutes."""
    return (agents.span_pause[agents.first_span[agent] : agents.first_span[agent + 1]] / MINUTE_MS).tolist()


def steps(agents: Agents) -> list[tuple[int, float, int]]:
    """Give the steps as (group, hour, number)."""
    at = agents.step_at / HOUR_MS
    return list(zip(agents.step_group.tolist(), at.tolist(), agents.step_number.tolist(), strict=True))


LUNCH = 'breaks: [{length: 60 min, between: "11:30-14:00"}]'


def test_the_van_der_corput_sequence_halves_gaps() -> None:
    """Its first elements are 0, ½, ¼, ¾, ⅛, ⅝, ⅜, ⅞."""
    assert [van_der_corput(i) for i in range(8)] == [0, 0.5, 0.25, 0.75, 0.125, 0.625, 0.375, 0.875]


def test_breaks_are_staggered_over_their_window() -> None:
    """Of 90 minutes of room persons 0 to 4 begin after 0, 45, 22.5, 67.5 and 11.25 min, to 5 min: 0, 45, 25, 70, 10."""
    agents = deal(clerks(f'day: {{days: mon, hours: "09:00-18:00", headcount: 5, {LUNCH}}}'))
    begins = [0, 45, 25, 70, 10]
    for person, begin in enumerate(begins):
        lunch = 11.5 + begin / 60
        assert spans(agents, person) == [(9, pytest.approx(lunch)), (pytest.approx(lunch + 1), 18)]
        assert pauses(agents, person) == [0, 60]


def test_a_staggered_break_never_leaves_its_window() -> None:
    """Person 3 would begin 2.25 min into a room of 3, to 5 min 0; 3 min into a room of 4, to 5 min 5, kept to 4."""
    for window, begins in (("12:00-12:33", [0, 0, 0, 0]), ("12:00-12:34", [0, 0, 0, 4])):
        breaks = f'breaks: [{{length: 30 min, between: "{window}"}}]'
        agents = deal(clerks(f'day: {{days: mon, hours: "09:00-18:00", headcount: 4, {breaks}}}'))
        assert [round((spans(agents, person)[0][1] - 12) * 60) for person in range(4)] == begins


def test_unpaid_breaks_are_not_paid_and_paid_ones_are() -> None:
    """Both part the duty; only the unpaid one parts the paid time."""
    breaks = 'breaks: [{length: 30 min, at: "12:00"}, {length: 15 min, at: "15:00", paid: true}]'
    agents = deal(clerks(f'day: {{days: mon, hours: "09:00-18:00", headcount: 1, {breaks}}}'))
    assert spans(agents, 0) == [(9, 12), (12.5, 15), (15.25, 18)]
    assert pauses(agents, 0) == [0, 30, 15]
    assert paid(agents, 0) == [(9, 12), (12.5, 18)]


def test_a_break_that_meets_another_follows_it() -> None:
    """Person 1 would begin a tea at 12:15 inside its lunch from 12:00 to 13:00, and has it after that."""
    breaks = 'breaks: [{length: 60 min, between: "11:00-14:00"}, {length: 10 min, between: "12:10-12:20"}]'
    agents = deal(clerks(f'day: {{days: mon, hours: "09:00-18:00", headcount: 2, {breaks}}}'))
    assert spans(agents, 1) == [(9, 12), (pytest.approx(13 + 1 / 6), 18)]
    assert pauses(agents, 1) == [0, 70]


def test_the_end_of_the_shift_is_known_in_every_span() -> None:
    """A late break ends with the shift, so each span knows when that is."""
    agents = deal(clerks(f'day: {{days: "mon,tue", hours: "09:00-18:00", headcount: 1, {LUNCH}}}'))
    assert (agents.span_shift_end / HOUR_MS).tolist() == [18, 18, 42, 42]


def test_agents_are_numbered_by_group_shift_and_index() -> None:
    """By name, whatever the order of the file; people of groups staffed by numbers have no shift and no spans."""
    agents = deal(
        "  zeta: {tier: desk, headcount: 2}\n"
        '  alpha: {tier: desk, shifts: {late: {days: mon, hours: "12:00-18:00", headcount: 1},'
        ' early: {days: mon, hours: "06:00-12:00", headcount: 2}}}\n'
    )
    assert agents.group.tolist() == [0, 0, 0, 1, 1]
    assert agents.shift.tolist() == [0, 0, 1, NONE, NONE]
    assert agents.index.tolist() == [0, 1, 0, 0, 1]
    assert [spans(agents, agent) for agent in range(5)] == [[(6, 12)], [(6, 12)], [(12, 18)], [], []]


def test_headcounts_differ_by_weekday_and_date() -> None:
    """Five on Monday, four on other weekdays, and one on an excepted date: person i works if the number is above i."""
    agents = deal(
        clerks(
            'day: {days: mon-wed, hours: "09:00-18:00", headcount: {mon: 3, tue-wed: 2}}',
            ", exceptions: [{date: 2026-04-07, shift: day, headcount: 1}]",
        )
    )
    monday, tuesday, wednesday = (9, 18), (33, 42), (57, 66)
    assert [spans(agents, agent) for agent in range(3)] == [[monday, tuesday, wednesday], [monday, wednesday], [monday]]


def test_shifts_that_follow_each_other_are_one_span() -> None:
    """A shift around the clock is one span, whatever the days; so is its paid time."""
    agents = deal(clerks('always: {days: mon-sun, hours: "00:00-24:00", headcount: 1}'))
    assert spans(agents, 0) == [(0, 168)]
    assert paid(agents, 0) == [(0, 168)]
    assert agents.span_shift_end.tolist() == [168 * HOUR_MS]


def test_a_night_shift_reaches_into_the_horizon_and_out_of_it() -> None:
    """The night before the start leaves its morning, the last night is cut at the end; so is what is paid."""
    night = clerks('night: {days: mon-sun, hours: "22:00-06:00", headcount: 1}')
    agents = deal(night, length="2 days")
    assert spans(agents, 0) == [(0, 6), (22, 30), (46, 48)]
    assert paid(agents, 0) == [(0, 6), (22, 30), (46, 48)]
    assert (agents.span_shift_end / HOUR_MS).tolist() == [6, 30, 48]
    assert (agents.shift_begin / HOUR_MS).tolist() == [-2, 22, 46]


def test_every_shift_has_its_begin() -> None:
    """Two people on two days, the second only on Tuesday; spans that breaks cut or that touch are no more shifts."""
    pause = '[{length: 30 min, at: "12:00"}]'
    shift = f'day: {{days: mon-tue, hours: "08:00-16:00", headcount: {{mon: 1, tue: 2}}, breaks: {pause}}}'
    agents = deal(clerks(shift), length="2 days")
    assert agents.first_shift.tolist() == [0, 2, 3]
    assert (agents.shift_begin / HOUR_MS).tolist() == [8, 32, 32]
    around = deal(clerks('always: {days: mon-sun, hours: "00:00-24:00", headcount: 1}'), length="2 days")
    assert (around.shift_begin / HOUR_MS).tolist() == [0, 24]
    assert len(deal("  clerks: {tier: desk, headcount: 2}\n").shift_begin) == 0


def test_a_break_that_begins_before_the_horizon_keeps_to_the_clock() -> None:
    """Nobody has work in hand at the start that could delay a break from 23:30 to 00:30."""
    night = 'night: {days: sun, hours: "22:00-06:00", headcount: 1, breaks: [{length: 60 min, at: "23:30"}]}'
    agents = deal(clerks(night), length="1 day")
    assert spans(agents, 0) == [(0.5, 6)]
    assert pauses(agents, 0) == [0]


def test_a_break_after_midnight_of_a_night_shift_is_on_the_next_day() -> None:
    """In a shift from 22:00 to 06:00 a break at 02:00 is four hours after its begin."""
    night = 'night: {days: mon, hours: "22:00-06:00", headcount: 1, breaks: [{length: 30 min, at: "02:00"}]}'
    assert spans(deal(clerks(night)), 0) == [(22, 26), (26.5, 30)]


@pytest.mark.parametrize(("start", "hours"), [("2026-03-28", 7.0), ("2026-10-24", 9.0)])
def test_a_night_shift_over_a_clock_change_is_an_hour_shorter_or_longer(start: str, hours: float) -> None:
    """From 22:00 to 06:00 the clock decides; the person works and is paid what really passes."""
    night = clerks('night: {days: sat, hours: "22:00-06:00", headcount: 1}')
    agents = deal(night, start=start, length="2 days", zone="Europe/London")
    assert spans(agents, 0) == paid(agents, 0) == [(22, 22 + hours)]


def test_a_group_in_another_zone_keeps_its_own_clock() -> None:
    """09:00-18:00 in London in summer is 17:00-02:00 in Tokyo."""
    group = (
        '  london: {tier: desk, zone: Europe/London, shifts: {day: {days: mon, hours: "09:00-18:00", headcount: 1}}}\n'
    )
    assert spans(deal(group, zone="Asia/Tokyo"), 0) == [(17, 26)]


def test_numbers_of_a_group_in_another_zone_follow_its_clock() -> None:
    """From 09:00 in London two are at work in Tokyo from 17:00 on, and from 02:00 nobody."""
    steps = '{mon-sun: {"09:00": 2, "18:00": 0}}'
    agents = deal(
        f"  london: {{tier: desk, zone: Europe/London, staffing: {steps}}}\n", zone="Asia/Tokyo", length="1 day"
    )
    assert [(at / HOUR_MS, int(n)) for at, n in zip(agents.step_at, agents.step_number, strict=True)] == [
        (0, 2),
        (2, 0),
        (17, 2),
    ]


def test_a_shift_of_the_day_before_elsewhere_may_be_all_there_is() -> None:
    """Sunday 20:00 to 24:00 in New York is Monday 09:00 to 13:00 in Tokyo."""
    shift = 'late: {days: sun-mon, hours: "20:00-24:00", headcount: 1}'
    group = f"  york: {{tier: desk, zone: America/New_York, shifts: {{{shift}}}}}\n"
    agents = deal(group, zone="Asia/Tokyo", length="1 day")
    assert spans(agents, 0) == [(9, 13)]
    assert (agents.shift_begin / HOUR_MS).tolist() == [9]


def test_absence_takes_its_share_of_person_days() -> None:
    """Of 40 people on 20 days in 10 replications 15 % are absent, each for the whole day and paid for it."""
    shift = clerks(
        f'day: {{days: mon-fri, hours: "09:00-18:00", headcount: 40, {LUNCH}}}', ", shrinkage: {absence: 15 %}"
    )
    plan = DutyPlan(scenario(shift, length="28 days"))
    there = 0
    for replication in range(10):
        agents = plan.deal(1, replication)
        days = {(agent, span[0] // 24) for agent in range(40) for span in spans(agents, agent)}
        assert len(agents.span_start) == 2 * len(days)
        assert all(len(paid(agents, agent)) == 40 for agent in range(40))
        there += len(days)
    assert 1 - there / 8000 == pytest.approx(0.15, abs=4 * np.sqrt(0.15 * 0.85 / 8000))


def test_blocks_take_their_share_of_the_time_outside_breaks() -> None:
    """Of 8 planned hours 10 % are off in the mean, whatever breaks and odd shift lengths cut of the blocks."""
    shift = clerks(
        f'day: {{days: mon-fri, hours: "08:50-17:57", headcount: 20, {LUNCH}}}',
        ", shrinkage: {in_shift: 10 %, block: 20 min}",
    )
    plan = DutyPlan(scenario(shift))
    planned = (9 * 60 + 7 - 60) * MINUTE_MS
    off = []
    for replication in range(40):
        agents = plan.deal(1, replication)
        work = np.add.reduceat(agents.span_end - agents.span_start, agents.first_span[:-1])
        off.append(1 - work / (5 * planned))
    shares = np.array(off).ravel()
    assert shares.mean() == pytest.approx(0.1, abs=4 * shares.std() / np.sqrt(shares.size))
    assert shares.std() / np.sqrt(shares.size) < 0.002


def test_blocks_lie_on_the_shift_s_grid_and_breaks_stay() -> None:
    """With half the time off, spans begin and end on quarter hours or at the break, and the break is never worked."""
    shift = clerks(
        f'day: {{days: mon-fri, hours: "09:05-17:05", headcount: 8, {LUNCH}}}', ", shrinkage: {in_shift: 50 %}"
    )
    plain = deal(shift.replace("in_shift: 50 %", "absence: 0 %"))
    agents = deal(shift)
    assert len(agents.span_start) > 3 * len(plain.span_start)
    day, quarter = 24 * HOUR_MS, 15 * MINUTE_MS
    for agent in range(8):
        lunch_begins = int(plain.span_end[plain.first_span[agent]])
        lunch_ends = int(plain.span_start[plain.first_span[agent] + 1])
        rows = range(agents.first_span[agent], agents.first_span[agent + 1])
        starts, ends = agents.span_start % day, agents.span_end % day
        for row in rows:
            assert ends[row] <= lunch_begins or starts[row] >= lunch_ends
            assert starts[row] == lunch_ends or (starts[row] - 5 * MINUTE_MS) % quarter == 0
            assert ends[row] == lunch_begins or (ends[row] - 5 * MINUTE_MS) % quarter == 0
        for row, following in pairwise(rows):
            same_day = agents.span_end[row] // day == agents.span_start[following] // day
            over_lunch = same_day and ends[row] <= lunch_begins and starts[following] >= lunch_ends
            assert agents.span_pause[following] == (60 * MINUTE_MS if over_lunch else 0)


def everybody(agents: Agents) -> dict[tuple[int, int, int], Spans]:
    """Give all spans by (group, shift, index)."""
    keys = zip(agents.group.tolist(), agents.shift.tolist(), agents.index.tolist(), strict=True)
    return {key: spans(agents, agent) for agent, key in enumerate(keys)}


SHRUNK = ", shrinkage: {absence: 10 %, in_shift: 10 %}"
DAY = 'day: {days: mon-fri, hours: "09:00-18:00", headcount: 4, breaks: [{length: 60 min, between: "11:30-14:00"}]}'


def test_one_more_person_moves_nobody() -> None:
    """The people that two headcounts have in common have the same spans."""
    before, after = everybody(deal(clerks(DAY, SHRUNK))), everybody(deal(clerks(DAY.replace("4,", "5,"), SHRUNK)))
    assert len(after) == len(before) + 1
    assert all(after[person] == before[person] for person in before)


def test_another_shift_or_group_moves_nobody() -> None:
    """A shift that sorts before, and a group besides, leave the others' days as they are."""
    before = everybody(deal(clerks(DAY, SHRUNK)))
    more = clerks(f'another: {{days: mon, hours: "09:00-12:00", headcount: 3}}, {DAY}', SHRUNK)
    after = everybody(deal(f"{more}  aces: {{tier: desk, headcount: 3{SHRUNK}}}\n"))
    assert all(after[1, 1, index] == before[0, 0, index] for index in range(4))


def test_more_days_move_nobody() -> None:
    """A longer horizon, and a shift that works on Saturdays too, keep every day they have in common."""
    week = everybody(deal(clerks(DAY, SHRUNK)))
    longer = everybody(deal(clerks(DAY.replace("mon-fri", "mon-sat"), SHRUNK), length="14 days"))
    for person, days in week.items():
        assert [span for span in longer[person] if span[1] <= 5 * 24] == days


def test_absence_and_blocks_are_dealt_apart() -> None:
    """Taking absence away gives the absent their day back and changes no block of the others."""
    both, blocks = (
        everybody(deal(clerks(DAY, f", shrinkage: {{{what}}}")))
        for what in ("absence: 30 %, in_shift: 10 %", "in_shift: 10 %")
    )
    for person, days in blocks.items():
        present = {span[0] // 24 for span in both[person]}
        assert both[person] == [span for span in days if span[0] // 24 in present]
    assert both != blocks


def test_whoever_is_there_has_blocks_off_like_anybody() -> None:
    """On the days that one person is there the first quarter hour is off with the stated 30 %, absences being 40 %."""
    shift = clerks(
        'day: {days: mon-fri, hours: "09:00-18:00", headcount: 1}', ", shrinkage: {absence: 40 %, in_shift: 30 %}"
    )
    plan = DutyPlan(scenario(shift))
    days, late = 0, 0
    for replication in range(200):
        first_of_day = {start // 24: start % 24 for start, _ in reversed(spans(plan.deal(1, replication), 0))}
        days += len(first_of_day)
        late += sum(start > 9 for start in first_of_day.values())
    assert late / days == pytest.approx(0.3, abs=4 * np.sqrt(0.3 * 0.7 / days))


def test_a_replication_depends_on_its_number_alone() -> None:
    """Replication 3 is the same after others and alone, and not replication 2."""
    one = scenario(clerks(DAY, SHRUNK))
    plan = DutyPlan(one)
    batch = [everybody(plan.deal(1, replication)) for replication in range(4)]
    assert everybody(DutyPlan(one).deal(1, 3)) == batch[3]
    assert batch[2] != batch[3]


def test_staffing_by_numbers_are_steps_for_all_and_spans_for_pay() -> None:
    """4, 8 and 5 people at 00:00, 08:00 and 18:00: eight agents, of whom four are planned around the clock."""
    agents = deal(
        '  clerks: {tier: desk, staffing: {mon-sun: {"00:00": 4, "08:00": 8, "18:00": 5}}}\n', length="2 days"
    )
    assert steps(agents) == [(0, 0, 4), (0, 8, 8), (0, 18, 5), (0, 24, 4), (0, 32, 8), (0, 42, 5)]
    assert agents.index.tolist() == list(range(8))
    assert len(agents.span_start) == 0
    assert [paid(agents, agent) for agent in (0, 3)] == [[(0, 48)]] * 2
    assert paid(agents, 4) == [(8, 24), (32, 48)]
    assert [paid(agents, agent) for agent in (5, 7)] == [[(8, 18), (32, 42)]] * 2


def test_a_headcount_is_around_the_clock() -> None:
    """14 people are one step and 14 times the whole horizon."""
    agents = deal("  clerks: {tier: desk, headcount: 14}\n")
    assert steps(agents) == [(0, 0, 14)]
    assert [paid(agents, agent) for agent in range(14)] == [[(0, 168)]] * 14


def test_steps_of_several_groups_are_in_order_of_time() -> None:
    """They are sorted by (instant, group)."""
    agents = deal(
        '  b: {tier: desk, staffing: {mon-sun: {"00:00": 1, "08:00": 2}}}\n'
        '  a: {tier: desk, staffing: {mon-sun: {"00:00": 3, "08:00": 4, "20:00": 3}}}\n',
        length="1 day",
    )
    assert steps(agents) == [(0, 0, 3), (1, 0, 1), (0, 8, 4), (1, 8, 2), (0, 20, 3)]


def test_nobody_at_all_is_an_empty_table() -> None:
    """A headcount of 0 gives no agents, no spans, and a step that says 0."""
    shift = 'day: {days: mon, hours: "09:00-18:00", headcount: 0}'
    agents = deal(f"  a_few: {{tier: desk, headcount: 0}}\n{clerks(shift, SHRUNK)}")
    assert len(agents.index) == 0
    assert agents.first_span.tolist() == agents.first_paid.tolist() == [0]
    assert steps(agents) == [(0, 0, 0)]


def test_absence_is_taken_off_numbers() -> None:
    """Of 50 people around the clock 20 % are absent on each day; the number is constant from midnight to midnight."""
    plan = DutyPlan(scenario("  clerks: {tier: desk, headcount: 50, shrinkage: {absence: 20 %}}\n", length="28 days"))
    there = []
    for replication in range(20):
        agents = plan.deal(1, replication)
        assert np.all(agents.step_at % (24 * HOUR_MS) == 0)
        lasts = np.diff(np.append(agents.step_at, 28 * 24 * HOUR_MS))
        there.append(np.sum(lasts * agents.step_number) / (28 * 24 * HOUR_MS) / 50)
    assert np.mean(there) == pytest.approx(0.8, abs=4 * np.sqrt(0.2 * 0.8 / (50 * 28 * 20)))


def test_blocks_are_taken_off_numbers() -> None:
    """Of 30 people 10 % are off in the mean, in quarter hours from local midnight."""
    plan = DutyPlan(scenario("  clerks: {tier: desk, headcount: 30, shrinkage: {in_shift: 10 %}}\n"))
    there = []
    for replication in range(10):
        agents = plan.deal(1, replication)
        assert np.all(agents.step_at % (15 * MINUTE_MS) == 0)
        lasts = np.diff(np.append(agents.step_at, 168 * HOUR_MS))
        there.append(np.sum(lasts * agents.step_number) / (168 * HOUR_MS) / 30)
    assert np.mean(there) == pytest.approx(0.9, abs=4 * np.sqrt(0.1 * 0.9 / (30 * 672 * 10)))


def test_groups_staffed_by_numbers_have_their_own_chance() -> None:
    """Two groups that are alike do not have the same people absent, and each is as it would be alone."""
    a, b = (f"  {name}: {{tier: desk, headcount: 30, shrinkage: {{absence: 20 %}}}}\n" for name in "ab")
    both = steps(deal(a + b))
    of_a, of_b = ([(at, number) for group, at, number in both if group == which] for which in (0, 1))
    assert of_a != of_b
    assert of_b == [(at, number) for _, at, number in steps(deal(b))]


def test_one_more_person_by_numbers_adds_at_most_one() -> None:
    """Absences of the first n people are the same for n + 1: the numbers differ by whether the last is there."""
    fewer, more = (
        deal(f"  clerks: {{tier: desk, headcount: {n}, shrinkage: {{absence: 30 %, in_shift: 20 %}}}}\n")
        for n in (9, 10)
    )
    at = np.arange(0, 168 * HOUR_MS, 15 * MINUTE_MS)
    difference = np.subtract(
        *(one.step_number[np.searchsorted(one.step_at, at, side="right") - 1] for one in (more, fewer))
    )
    assert set(difference.tolist()) == {0, 1}


def test_speeds_have_mean_1_and_the_stated_variation() -> None:
    """4,000 people: lognormal with a coefficient of variation of 30 %."""
    speed = deal("  clerks: {tier: desk, headcount: 4000, speed_cv: 30 %}\n").speed
    assert speed.mean() == pytest.approx(1, abs=3.3 * 0.3 / np.sqrt(4000))
    # The standard error of a lognormal's cv: its kurtosis makes it 1.34 times that of a normal.
    assert speed.std() == pytest.approx(0.3, abs=3.3 * 1.34 * 0.3 / np.sqrt(2 * 4000))


def test_the_stated_share_of_people_is_new() -> None:
    ramp = "ramp: {share_new: 20 %, handle_time: [150 %], per: 1 week}"
    new = deal(f"  clerks: {{tier: desk, headcount: 4000, {ramp}}}\n").new
    assert new.mean() == pytest.approx(0.2, abs=3.3 * np.sqrt(0.2 * 0.8 / 4000))
    assert not deal("  clerks: {tier: desk, headcount: 40}\n").new.any()


def test_one_more_person_or_group_moves_nobodys_speed() -> None:
    """Each keeps the speed, and being new, of its crew and number."""
    more = ", speed_cv: 30 %, ramp: {share_new: 50 %, handle_time: [150 %], per: 1 week}"
    few, many = (
        deal(clerks(f"early: {{days: mon-sun, hours: '08:00-12:00', headcount: {n}}}", more)) for n in (20, 25)
    )
    assert few.speed.tolist() == many.speed[:20].tolist()
    assert few.new.tolist() == many.new[:20].tolist()
    beside = deal(
        clerks("early: {days: mon-sun, hours: '08:00-12:00', headcount: 20}", more)
        + "  a: {tier: desk, headcount: 3}\n"
    )
    assert beside.speed[3:].tolist() == few.speed.tolist()
    assert deal(clerks("early: {days: mon-sun, hours: '08:00-12:00', headcount: 20}", more), 1).speed[0] != few.speed[0]
