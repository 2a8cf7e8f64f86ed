"""The requirement by formula, against Erlang A one interval at a time and fluids worked by hand."""

import numpy as np
import pytest

from sim.scenario.load import loads
from sim.staffing.erlang import Goals, least_agents
from sim.staffing.offered_load import OfferedLoad, OfferedVolume
from sim.staffing.requirement import AnalyticRequirement, analytic_requirement, erlang_c_requirement
from sim.staffing.shifts import cover

DESK = """
format: 1
name: One desk
time: {start: 2026-04-06, length: 8 h, interval: 1 h}
channels: {phone: {patience: {distribution: exponential, mean: 3 min}}}
contact_types:
  order:
    arrivals: {phone: {rate: 100 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 4 min}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, headcount: 6}}
targets: [{measure: service_level, channel: phone, within: 20 s, at_least: 80 %}]
"""
MAIL = """
format: 1
name: One mailbox
time: {start: 2026-04-06, length: 1 day, interval: 1 h}
opening_hours: {office: {mon-sun: "08:00-18:00"}}
channels: {email: {waiting: backlog, clock: office}}
contact_types:
  order:
    arrivals: {email: {rates: {mon-sun: {"00:00": 0 per hour, "08:00": 60 per hour, "10:00": 0 per hour}}}}
    handling: {desk: {handle_time: {distribution: constant, mean: 5 min}}}
tiers: {desk: {}}
agent_groups: {clerks: {tier: desk, staffing: {mon-sun: {"00:00": 0, "08:00": 1, "18:00": 0}}}}
targets: [{measure: first_response, channel: email, within: 4 h, at_least: 90 %}]
"""


def required(text: str, *changes: tuple[str, str]) -> AnalyticRequirement:
    return analytic_requirement(loads(changed(text, *changes)))


def changed(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("target", "goals"),
    [
        ("{measure: service_level, channel: phone, within: 20 s, at_least: 80 %}", Goals(service_level=0.8)),
        ("{measure: abandonment, at_most: 3 %}", Goals(abandonment=0.03)),
        ("{measure: average_speed_of_answer, channel: phone, at_most: 5 s}", Goals(mean_wait_answered_s=5)),
        (
            "{measure: wait_p90, channel: phone, at_most: 30 s}",
            Goals(service_level=0.9, within_s=30, reading="answered"),
        ),
        (
            "{measure: abandonment, at_most: 20 %}, {measure: occupancy, agent_group: clerks, at_most: 70 %}",
            Goals(abandonment=0.2, occupancy=0.7),
        ),
    ],
)
def test_a_filled_desk_takes_the_least_agents_of_erlang_a(target: str, goals: Goals) -> None:
    """After some hours the load of an even stream is that of its steady state, and so is the requirement."""
    given = "{measure: service_level, channel: phone, within: 20 s, at_least: 80 %}"
    need = required(DESK, (given, target)).by_group["clerks"]
    assert need[2:].tolist() == [least_agents(100, 240, goals, patience_s=180)] * 6


def test_where_no_target_speaks_of_a_queue_80_percent_within_20_seconds_are_taken_and_said() -> None:
    other = required(DESK, ("service_level, channel: phone, within: 20 s, at_least: 80 %", "staff_hours, at_most: 90"))
    assert required(DESK).assumed == ()
    assert other.assumed == ("no target speaks of the waits of clerks: desk/order/phone: 80 % within 20 s is taken",)
    assert other.by_group["clerks"].tolist() == required(DESK).by_group["clerks"].tolist()


def test_erlang_c_takes_each_interval_for_itself_and_lets_nobody_give_up() -> None:
    """Its first hour needs as many as the others, although the desk begins empty."""
    need = erlang_c_requirement(loads(DESK)).by_group["clerks"]
    assert need.tolist() == [least_agents(100, 240, Goals(service_level=0.8))] * 8


def test_chat_takes_as_many_servers_as_slots_at_the_pace_of_the_limit() -> None:
    """Two chats at half speed each: 200 chats of 8 min for two servers an agent, as 100 of 8 min are for one."""
    chat = changed(DESK, ("{tier: desk,", "{tier: desk, slots: {phone: {limit: 2, pace: [100 %, 50 %]}},"))
    servers = least_agents(100, 480, Goals(service_level=0.8), patience_s=180)
    assert analytic_requirement(loads(chat)).by_group["clerks"][3:].tolist() == [-(-servers // 2)] * 5


def test_backlog_is_spread_over_the_time_it_has() -> None:
    """120 letters of 5 min from 8 to 10 are 10 h of work, replied to within 4 h: by 14:00, 2 people from 9 on do it.

    They come evenly: what came by 9, 5 h, is due by 13 but for the 5 min of the reply itself.
    """
    need = required(MAIL).by_group["clerks"]
    assert need.sum() == pytest.approx(10, abs=2)
    assert need.max() == 2
    assert need[14:].sum() == 0
    assert need[:8].sum() == 0


def test_people_who_wait_for_calls_do_the_backlog() -> None:
    """A few calls keep people waiting, who have time for all letters: nobody is planned for these."""
    both = changed(
        MAIL,
        ("channels: {", "channels: {phone: {open: office}, "),
        ("    arrivals: {", "    arrivals: {phone: {rate: 60 per hour}, "),
    )
    need = analytic_requirement(loads(both))
    calls, letters = need.pools
    assert calls.pool.live
    assert not letters.pool.live
    assert letters.agents.sum() == 0
    idle = calls.agents - calls.load
    assert idle.sum() > 10


def test_who_is_kept_free_does_no_backlog() -> None:
    """Of five or so who wait, letters leave four free: one does theirs, and of ten hours most are planned for."""
    both = changed(
        MAIL,
        ("channels: {", "channels: {phone: {open: office}, "),
        ("    arrivals: {", "    arrivals: {phone: {rate: 60 per hour}, "),
        (
            "clerks: {tier: desk, ",
            "clerks: {tier: desk, serves: [{channels: [phone]}, {channels: [email], keep_free: 4}], ",
        ),
    )
    calls, letters = analytic_requirement(loads(both)).pools
    idle = np.maximum(calls.agents - calls.load - 4, 0)
    assert letters.pool.kept_free(("clerks",)) == 4
    assert calls.pool.kept_free(("clerks",)) == 0
    assert idle[8:14].sum() + letters.agents[8:14].sum() == pytest.approx(10, abs=0.5)
    assert letters.agents.sum() > 4


def test_a_backlog_due_while_nobody_may_be_there_is_told() -> None:
    text = changed(MAIL, ('"08:00": 1, "18:00": 0', '"08:00": 1, "09:00": 0'), ("within: 4 h", "within: 1 h"))
    [said] = analytic_requirement(loads(text)).assumed
    assert "h of work become due while nobody of these groups is, or may be, on duty" in said


def test_repeats_come_again_and_again() -> None:
    """Of 100 an hour, 40 % are left unresolved and half of them call again within seconds: 100 / (1 − 0.2) at last."""
    text = changed(
        DESK,
        ("mean: 4 min}}}", "mean: 4 min}, resolved: 60 %}}\n    repeat: {share: 50 %, after: 10 s, attempts: 20}"),
    )
    first, all_of_them = OfferedLoad.of(loads(text)), OfferedVolume(loads(text)).with_returns(np.zeros((1, 8)))
    assert first.contacts[0].tolist() == pytest.approx([100] * 8)
    assert all_of_them.contacts[0][2:].tolist() == pytest.approx([125] * 6, rel=2e-3)


def test_retries_come_of_who_gives_up_until_they_are_tired_of_it() -> None:
    """A quarter gives up, all try again at once, twice at most: 100 × (1 + ¼ + 1/16)."""
    text = changed(DESK, ("mean: 3 min}}", "mean: 3 min}, retry: {share: 100 %, after: 10 s, attempts: 2}}"))
    volume = OfferedVolume(loads(text))
    assert volume.with_returns(np.full((1, 8), 0.25)).contacts[0][2:].tolist() == pytest.approx([131.25] * 6, rel=2e-3)


def test_who_abandons_is_not_escalated() -> None:
    text = changed(
        DESK,
        ("mean: 4 min}}}", "mean: 4 min}, resolved: 50 %, escalated: 50 %}, expert: {handle_time: 1 min}}"),
        ("tiers: {desk: {}}", "tiers: {desk: {}, expert: {}}"),
        ("agent_groups: {", "agent_groups: {experts: {tier: expert, headcount: 2}, "),
    )
    contacts = OfferedVolume(loads(text)).with_returns(np.array([[0.2] * 8, [0.0] * 8])).contacts
    assert contacts[0][2:].tolist() == pytest.approx([100] * 6)
    assert contacts[1][2:].tolist() == pytest.approx([40] * 6, rel=1e-3)


def test_who_is_escalated_does_not_repeat() -> None:
    text = changed(
        DESK,
        (
            "mean: 4 min}}}",
            "mean: 4 min}, resolved: 50 %, escalated: 50 %}, expert: {handle_time: 1 min}}\n"
            "    repeat: {share: 100 %, after: 10 s}",
        ),
        ("tiers: {desk: {}}", "tiers: {desk: {}, expert: {}}"),
        ("agent_groups: {", "agent_groups: {experts: {tier: expert, headcount: 2}, "),
    )
    assert OfferedVolume(loads(text)).with_returns(np.zeros((2, 8))).contacts[0].tolist() == pytest.approx([100] * 8)


def test_refused_callers_try_again_when_the_door_is_open() -> None:
    """Of 100 an hour before an open door at 1:00, all try again after 30 min: half of an hour's callers get in."""
    text = changed(
        DESK,
        (
            "channels: {phone: {",
            'opening_hours: {late: {mon-sun: "01:00-08:00"}}\n'
            "channels: {phone: {open: late, retry: {share: 100 %, after: 30 min, attempts: 1}, ",
        ),
    )
    contacts = OfferedVolume(loads(text)).with_returns(np.zeros((1, 8))).contacts[0]
    assert contacts[:3].tolist() == pytest.approx([0, 150, 100])


def test_overflow_is_not_planned_for_and_shared_needs_follow_who_is_there() -> None:
    text = changed(
        DESK,
        (
            "agent_groups: {clerks: {tier: desk, headcount: 6}}",
            "agent_groups: {clerks: {tier: desk, headcount: 6}, juniors: {tier: desk, headcount: 3}, "
            "helpers: {tier: desk, headcount: 2, serves: [{after: 30 s}]}}",
        ),
    )
    need = analytic_requirement(loads(text))
    assert list(need.needs) == [("clerks", "juniors")]
    assert need.by_group["helpers"].sum() == 0
    whole = need.needs["clerks", "juniors"][5]
    assert need.by_group["clerks"][5] == np.ceil(whole * 6 / 9)
    assert need.by_group["juniors"][5] == np.ceil(whole * 3 / 9)


@pytest.mark.slow
def test_its_needs_can_be_covered_with_shifts() -> None:
    text = changed(
        DESK,
        ("headcount: 6", "cost: 1 per hour"),
        ("targets:", "plan: {patterns: [{group: clerks, lengths: [8 h, 7 h], starts: '00:00-01:00'}]}\ntargets:"),
    )
    scenario = loads(text)
    need = analytic_requirement(scenario)
    assert (cover(scenario, need.needs).on_duty["clerks"] >= need.by_group["clerks"]).all()
