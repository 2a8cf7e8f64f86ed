"""Targets on one line say what the mapping says."""

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.load import loads
from sim.scenario.model.target_line import write_line
from sim.scenario.model.targets import Target
from sim.scenario.show import resolved
from tests.scenario.desk import DESK


def with_target(text: str) -> str:
    """Give the desk with another target."""
    return f"{DESK[: DESK.index('targets:')]}targets:\n  - {text}\n"


def target_of(text: str) -> Target:
    """Give the only target of the desk."""
    return loads(with_target(text)).targets[0]


@pytest.mark.parametrize(
    ("line", "mapping"),
    [
        ("phone.service_level(20 s) >= 80 %", "measure: service_level, channel: phone, within: 20 s, at_least: 80 %"),
        ("service_level(20s)≥0.8", "measure: service_level, within: 20 s, at_least: 80 %"),
        (
            "phone.order.service_level( 1 min , settled ) >= 80 % per day",
            "measure: service_level, channel: phone, contact_type: order, within: 1 min, reading: settled,"
            " at_least: 80 %, per: day",
        ),
        (
            "phone.abandonment <= 5 % on 90 % of days, warn 4 %",
            "measure: abandonment, channel: phone, at_most: 5 %, per: day, risk: 90 %, warn: 4 %",
        ),
        (
            "wait_p90 <= 1 min, floor 3 min per interval",
            "measure: wait_p90, at_most: 1 min, floor: {per: interval, at_most: 3 min}",
        ),
        ("queue_length ≤ 2.5, undecided pass", "measure: queue_length, at_most: 2.5, undecided: pass"),
        ("phone.retry.abandonment <= 5 %", "measure: abandonment, channel: phone, attempt: retry, at_most: 5 %"),
        ("clerks.occupancy <= 0.85", "measure: occupancy, agent_group: clerks, at_most: 85 %"),
    ],
)
def test_a_line_says_what_the_mapping_says(line: str, mapping: str) -> None:
    long = target_of(f"{{{mapping}}}")
    assert target_of(f'"{line}"') == long
    assert target_of(f'"{write_line(long)}"') == long


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("phone.service_levle(20 s) >= 80 %", "targets.0.measure: unknown measure 'service_levle'; did you mean"),
        ("phnoe.service_level(20 s) >= 80 %", "unknown name 'phnoe'; did you mean 'phone'?"),
        ("phone.service_level >= 80 %", "service_level needs `within`"),
        ("phone.service_level(20 s, setled) >= 80 %", "targets.0.reading\n  got 'setled', must be offered or"),
        ("phone.service_level(20) >= 80 %", "targets.0.within\n  got '20', must be a duration with its unit"),
        ("phone.service_level(20 s) > 80 %", "must be a measure with its bound such as"),
        ("phone.service_level(20 s) >= lots", "targets.0.at_least\n  got 'lots', must be a share"),
        ("phone.service_level(20 s) >= 80 % per dya", "targets.0.per\n  got 'dya', must be week or day"),
        ("phone.service_level(20 s) >= 80 %, wran 85 %", "after a comma comes `warn BOUND`"),
        ("phone.phone.abandonment <= 5 %", "'phone' and 'phone' are both channel; name one"),
    ],
)
def test_a_line_that_says_nothing_sound_is_refused_with_its_place(line: str, said: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        target_of(f'"{line}"')
    assert said in str(refused.value)
    assert "<text>:" in str(refused.value)


def test_a_name_of_two_things_is_said_in_a_mapping() -> None:
    text = with_target('"phone.abandonment <= 5 %"').replace("clerks", "phone")
    with pytest.raises(ScenarioError, match="'phone' is channel and agent_group; say which in a mapping"):
        loads(text)


def test_the_resolved_scenario_prints_the_line_as_it_was_written() -> None:
    scenario = loads(with_target('"phone.abandonment <= 5 %"'))
    assert '- "phone.abandonment <= 5 %"' in resolved(scenario)
    assert loads(resolved(scenario)).targets == scenario.targets


def test_the_form_changes_no_hash() -> None:
    long = with_target("{measure: abandonment, channel: phone, at_most: 5 %}")
    assert loads(long).hash == loads(with_target('"phone.abandonment <= 5 %"')).hash
