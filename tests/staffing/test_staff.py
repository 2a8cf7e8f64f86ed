"""`sim.staff`: confirmation on fresh replications, shrinkage, a number taken apart."""

import pytest

import sim
from sim.scenario.load import loads
from sim.staffing.erlang import Goals, least_agents
from sim.staffing.staff import Requirement, staff

DESK = """
format: 1
name: A <small> desk
time: {start: 2026-04-06, length: 3 h, interval: 1 h}
channels: {phone: {patience: {distribution: exponential, mean: 3 min}}}
contact_types:
  order:
    arrivals: {phone: {rate: 60 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 4 min}}}
  query:
    arrivals: {phone: {rate: 40 per hour}}
    handling: {desk: {handle_time: {distribution: exponential, mean: 4 min}}}
tiers: {desk: {}}
agent_groups:
  clerks:
    tier: desk
    shrinkage: {absence: 10 %, in_shift: 20 %}
    shifts:
      day: {days: mon, hours: "00:00-03:00", breaks: [{length: 45 min, at: "01:00"}], headcount: 3}
targets:
  - {measure: service_level, channel: phone, within: 20 s, at_least: 80 %}
  - {measure: staff_hours, at_most: 1}
  - {measure: arrived, at_least: 1000}
"""


@pytest.fixture(scope="module")
def found() -> Requirement:
    return staff(loads(DESK), replications=20, seed=3)


def test_it_is_confirmed_on_replications_that_the_search_has_not_seen(found: Requirement) -> None:
    result = found.result
    assert result is not None
    assert result.first_replication >= 20
    assert result.first_replication % 20 == 0
    assert found.verdicts["target"].tolist()[0] == "phone service_level within 20 s ≥ 80 %"
    assert found.verdicts["estimate"][0] >= 0.8


def test_it_does_not_depend_on_when_or_with_how_many_workers_it_runs(found: Requirement) -> None:
    again = sim.staff(loads(DESK), replications=20, seed=3)
    assert again.table.equals(found.table)
    assert again.verdicts.equals(found.verdicts)


def test_targets_that_people_break_or_do_not_move_are_told(found: Requirement) -> None:
    assert found.unmet == (
        "staff_hours ≤ 1: more people only break it, and the other targets need them",
        "arrived ≥ 1000: does not depend on staffing; no headcount moves it",
    )


def test_what_formulas_reach_stands_beside_what_the_repair_does(found: Requirement) -> None:
    service, hours, arrived = found.mended
    assert (service.per, service.bound, service.unit) == ("run", 0.8, "share")
    assert service.repaired >= 0.8
    assert (hours.by_formula, hours.repaired) == (found.analytic.hours, found.net_hours)
    assert arrived.by_formula == arrived.repaired
    by_erlang_c = 3 * least_agents(100, 240, Goals(service_level=0.8))
    assert hours.by_erlang_c == found.erlang_c_hours == by_erlang_c
    assert service.by_erlang_c > service.by_formula  # who gives up leaves the others less to wait
    assert service.keeps(service.by_erlang_c)
    assert not arrived.keeps(arrived.by_erlang_c)


def test_gross_is_net_over_what_absence_meetings_and_breaks_leave(found: Requirement) -> None:
    """A tenth is absent, a fifth of the rest in meetings, a quarter of the shift a break: 0.9 × 0.8 × 0.75 = 54 %."""
    assert found.shrunk["clerks"].total == pytest.approx(0.46)
    assert found.gross("clerks").tolist() == pytest.approx((found.net["clerks"] / 0.54).tolist())
    [day] = found.by_day.to_dict("records")
    assert day["net_hours"] == found.net["clerks"].sum()
    assert day["fte"] == pytest.approx(found.net_hours / 0.54 / 8)


def test_the_curve_can_be_covered_and_played(found: Requirement) -> None:
    assert found.needs["clerks",].tolist() == found.net["clerks"].tolist()
    played = sim.run(found.staffed, replications=1)
    hours = played.measure("staff_hours", by="agent_group")
    assert hours["estimate"].tolist() == [found.net_hours]


def test_a_number_taken_apart_adds_up_and_each_part_is_a_difference_of_two_requirements(found: Requirement) -> None:
    told = found.explain("clerks", "02:30")
    parts = {part.name: part.people for part in told.parts}
    alone = sum(least_agents(rate, 240, Goals(service_level=0.8)) for rate in (60, 40))
    together = least_agents(100, 240, Goals(service_level=0.8))
    patient = least_agents(100, 240, Goals(service_level=0.8), patience_s=180)
    assert parts["load"] == pytest.approx(100 / 15, rel=1e-4)
    assert parts["sharing"] == parts["backlog"] == 0
    assert parts["variability"] == pytest.approx(alone - 100 / 15, rel=1e-4)
    assert parts["pooling"] == together - alone
    assert parts["abandonment"] == patient - together
    assert parts["simulation"] == found.net["clerks"][2] - patient


def test_the_misfit_of_the_shifts_is_a_part_of_who_is_scheduled(found: Requirement) -> None:
    """Three people of whom 10 % are absent and 20 % in meetings; on average a quarter of their shift is a break."""
    told = found.explain("clerks", "2026-04-06 02:00")
    parts = {part.name: part.people for part in told.parts}
    assert parts["shift misfit"] == pytest.approx(3 * 0.9 * 0.8 - found.net["clerks"][2])
    assert parts["shrinkage"] == pytest.approx(3 * 0.72 * 0.46 / 0.54)
    assert told.total == pytest.approx(3 * 0.72 / 0.54)
    assert str(told).splitlines()[0].endswith("needed at work, 4.00 scheduled")


def test_without_people_on_shifts_a_number_adds_up_to_who_is_to_be_scheduled() -> None:
    desk = loads(DESK, {"agent_groups.clerks.shifts.day.headcount": 0})
    need = staff(desk, simulate=False)
    told = need.explain("clerks", "02:00")
    assert "shift misfit" not in [part.name for part in told.parts]
    assert told.total == pytest.approx(need.gross("clerks")[2])
    assert told.parts[-1].people == pytest.approx(need.net["clerks"][2] * 0.46 / 0.54)
    assert str(told).splitlines()[0].endswith("to schedule")


def test_sharing_is_what_several_contacts_at_a_time_save() -> None:
    """Two chats at 80 % of the pace each: one person does the work of 1.6."""
    chat = DESK.replace("{tier: desk,", "").replace(
        "    tier: desk\n", "    tier: desk\n    slots: {phone: {limit: 2, pace: [100 %, 80 %]}}\n"
    )
    told = staff(loads(chat), simulate=False).explain("clerks", "02:00")
    parts = {part.name: part.people for part in told.parts}
    assert parts["load"] == pytest.approx(100 / 15, rel=1e-3)
    assert parts["sharing"] == pytest.approx(100 / 15 / 1.6 - 100 / 15, rel=1e-3)


@pytest.mark.parametrize(
    ("group", "at", "text"),
    [
        ("clarks", "02:00", "explain: got group 'clarks', must be one of clerks"),
        ("clerks", "noon", "explain: got 'noon', must be a date and time such as"),
        ("clerks", "2027-01-01 10:00", "explain: 2027-01-01 10:00 lies outside the scenario's time"),
    ],
)
def test_what_cannot_be_explained_is_refused(found: Requirement, group: str, at: str, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        found.explain(group, at)


def test_without_simulation_it_is_what_formulas_say_and_has_no_verdicts() -> None:
    need = staff(loads(DESK), simulate=False)
    assert need.net["clerks"].tolist() == need.analytic.by_group["clerks"].tolist()
    with pytest.raises(ValueError, match="nothing was simulated"):
        _ = need.verdicts


def test_without_targets_there_is_nothing_to_keep() -> None:
    with pytest.raises(ValueError, match="no `targets` to keep"):
        staff(loads(DESK[: DESK.index("targets:")]))


def test_in_a_notebook_names_are_escaped(found: Requirement) -> None:
    assert "A &lt;small&gt; desk" in found._repr_html_()
    assert "service_level" in found._repr_html_()
