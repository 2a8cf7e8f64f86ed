"""The JSON Schema of the language: current, and right about sound and unsound files."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sim.scenario.json_schema import json_schema_text
from sim.scenario.load import load, loads
from tests.scenario.desk import DESK, changed

SCHEMA = json.loads((files("sim.scenario") / "schema.json").read_text(encoding="utf-8"))
ROOT = Path(__file__).parents[2]
SHIPPED = sorted([*(ROOT / "scenarios").glob("*.yaml"), *(ROOT / "sim/scenario/templates").glob("*.yaml")])


def faults(tree: dict[str, Any]) -> list[str]:
    return [fault.json_path for fault in jsonschema.Draft202012Validator(SCHEMA).iter_errors(tree)]


def test_the_schema_is_current() -> None:
    """Regenerate it with `python -m sim.scenario.json_schema`."""
    assert (files("sim.scenario") / "schema.json").read_text(encoding="utf-8") == json_schema_text()


def test_the_schema_is_itself_sound() -> None:
    """By the rules of its draft."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", [ROOT / "tests/scenario/data/example.yaml", *SHIPPED], ids=lambda path: path.name)
def test_sound_scenarios_pass(path: Path) -> None:
    """An editor marks nothing in them."""
    assert faults(load(path).tree) == []


def test_a_scenario_that_extends_another_needs_no_more() -> None:
    """What the base says is there."""
    assert faults({"extends": "base.yaml"}) == []
    assert faults({"name": "alone"}) == ["$"]


@pytest.mark.parametrize(
    ("key", "value", "path"),
    [
        ("name", 5, "$.name"),
        ("time", {"start": "2026-04-06", "length": "7"}, "$.time.length"),
        ("channels", {"phone": {"waitign": "live"}}, "$.channels.phone"),
        ("tiers", {"desk": {"handover": "hot"}}, "$.tiers.desk.handover"),
        ("profiles", {"flat": {"mon-fry": {"00:00": 1}}}, "$.profiles.flat"),
    ],
)
def test_slips_are_marked_where_they_are(key: str, value: object, path: str) -> None:
    """Units, unknown keys, words that are no choice, weekdays."""
    assert faults({**loads(DESK).tree, key: value}) == [path]


def test_every_key_is_described() -> None:
    """Editors show the text."""
    described = SCHEMA["$defs"]["Channel"]["properties"]["lines"]["description"]
    assert described.startswith("Contacts inside at a time")
    assert "on_" in str(SCHEMA["$defs"]["TierHandling"]["patternProperties"])
    assert (
        faults(
            loads(
                changed("experts: {handle_time: 10 min}", "experts: {handle_time: 10 min, on_email: {wrap_up: 0 s}}")
            ).tree
        )
        == []
    )
