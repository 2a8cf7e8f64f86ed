"""Both example files of the design are sound, the fragments each in its place."""

from pathlib import Path
from typing import Any

import pytest

from sim.scenario import units
from sim.scenario.load import load
from sim.scenario.model.time import DatedSteps
from sim.scenario.schema import Scenario
from sim.scenario.yaml_text import read_yaml

DATA = Path(__file__).parent / "data"
FIRST, FRAGMENTS = (DATA / "example-small.yaml").read_text(encoding="utf-8").split("---\n")
PARTS: dict[str, Any] = read_yaml(FRAGMENTS, "fragments", DATA).plain()
PLACES = {
    "arrivals": "contact_types.billing.arrivals.phone",
    "staffing": "agent_groups.visitors",
    "callback": "channels.phone.callback",
    "slots": "agent_groups.front_desk.slots",
}
"""Where a fragment that stands alone belongs in the large example."""


def example(**changes: Any) -> Scenario:
    return load(DATA / "example.yaml", overrides={key.replace("__", "."): value for key, value in changes.items()})


def merged(base: Any, upper: Any) -> Any:
    if isinstance(base, dict) and isinstance(upper, dict):
        return {**base, **{key: merged(base.get(key), value) for key, value in upper.items()}}
    return upper


def test_the_large_example_is_sound() -> None:
    """With its quantities in the units of the model."""
    scenario = example()
    assert scenario.time.length == 7 * units.DAY_MS
    assert scenario.contact_types["how_to"].customer == {"external": 0.85, "premium": 0.15}
    assert scenario.contact_types["fault"].handling["first_line"].escalated == 0.52
    assert scenario.agent_groups["front_desk"].shifts["early"].hours == (
        8 * units.HOUR_MS + 45 * units.MINUTE_MS,
        17 * units.HOUR_MS + 15 * units.MINUTE_MS,
    )
    assert scenario.quality.churn is not None
    assert scenario.quality.churn.leaves == 0.453
    assert list(scenario.tiers) == ["first_line", "technical", "field_visit"]


def test_every_variant_of_the_large_example_can_be_had() -> None:
    """And changes what it says."""
    scenario = example()
    assert list(scenario.variant("no_bot").self_service) == ["knowledge_base"]
    assert scenario.variant("ten_percent_more").demand.scale == 1.1
    assert scenario.variant("better_bot").self_service["chatbot"].resolves == {"how_to": 0.65, "fault": 0.12}


def test_the_small_example_is_sound(tmp_path: Path) -> None:
    """The first document on its own."""
    file = tmp_path / "small.yaml"
    file.write_text(FIRST, encoding="utf-8")
    scenario = load(file)
    assert scenario.channels["phone"].queue_limit == 40
    assert scenario.agent_groups["clerks"].serves[0].channels is None


@pytest.mark.parametrize(("section", "position"), [(key, at) for key in PLACES for at in range(len(PARTS[key]))])
def test_every_other_way_to_say_it_is_sound(section: str, position: int) -> None:
    """Each line of the small example's second document, where it belongs in the large one."""
    path, fragment = PLACES[section], PARTS[section][position]
    if section == "staffing":
        fragment = {"tier": "field_visit", **fragment}
    scenario = load(DATA / "example.yaml", overrides={path: fragment, "plan": None})
    said: Any = scenario.tree
    for key in path.split("."):
        said = said[key]
    assert said == fragment


def test_the_keys_that_the_large_example_does_not_show_are_sound() -> None:
    """All of them at once, laid over it."""
    sections = {key: value for key, value in PARTS.items() if key not in PLACES and key not in ("serves", "tiers")}
    sections["agent_groups"]["london"]["tier"] = "first_line"
    sections["agent_groups"]["front_desk"] = {"serves": [*PARTS["serves"], {"rank": 3}]}
    sections["tiers"] = PARTS["tiers"]
    tree = example().tree
    scenario = load(
        DATA / "example.yaml", overrides={key: merged(tree.get(key), value) for key, value in sections.items()}
    )
    assert scenario.agent_groups["london"].shifts["night"].headcount == (4, 4, 4, 4, 4, 2, 0)
    assert scenario.agent_groups["london"].shifts["night"].break_windows() == ((86_400_000, 88_200_000),)
    assert scenario.targets[-1] == scenario.targets[0].model_copy(
        update={"per": None, "risk": None, "floor": None, "warn": None}
    )
    assert scenario.agent_groups["front_desk"].serves[0].interruptible == "shared"


def test_counts_come_from_a_file() -> None:
    """As (wall-clock start, contacts)."""
    scenario = example(contact_types__billing__arrivals__phone={"counts": {"file": "volumes.csv"}})
    counts = scenario.contact_types["billing"].arrivals["phone"].counts
    assert counts is not None
    assert [(str(start), count) for start, count in counts.rows] == [
        ("2026-04-06 00:00:00", 3),
        ("2026-04-06 00:15:00", 5),
    ]


def test_a_log_comes_from_a_file() -> None:
    """Plain numbers are seconds, a time of day is on the first day, what is empty is not said."""
    scenario = example(contact_types__billing__arrivals__phone={"log": {"file": "contacts.csv"}})
    log = scenario.contact_types["billing"].arrivals["phone"].log
    assert log is not None
    assert [(str(one.time), one.handle_time_ms, one.wrap_up_ms, one.patience_ms) for one in log] == [
        ("2026-04-06 09:00:05", 40_000, None, 120_000),
        ("2026-04-06 09:00:12", 25_500, None, None),
    ]


def test_staffing_comes_from_a_file() -> None:
    """As numbers from given times on."""
    scenario = example(agent_groups__visitors={"tier": "field_visit", "staffing": {"file": "staffing.csv"}})
    staffing = scenario.agent_groups["visitors"].staffing
    assert isinstance(staffing, DatedSteps)
    assert [agents for _, agents in staffing.rows] == [4, 8]
