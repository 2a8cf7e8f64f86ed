"""What a scenario says and is not simulated yet is named."""

from pathlib import Path

import pytest

from sim.measure.definitions import MEASURES as DEFINED
from sim.scenario import simulated
from sim.scenario.load import load, loads
from sim.scenario.measure_names import MEASURES
from sim.scenario.model.section import Section
from sim.scenario.schema import Scenario
from sim.scenario.shape import below
from sim.scenario.simulated import NOT_YET, not_yet_simulated
from tests.scenario.desk import DESK, changed

ROOT = Path(__file__).parents[2]
SHIPPED = sorted([*(ROOT / "scenarios").glob("*.yaml"), *(ROOT / "sim/scenario/templates").glob("*.yaml")])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_scenarios_use_what_is_simulated(path: Path) -> None:
    """So that each can be run."""
    assert [str(problem) for problem in not_yet_simulated(load(path))] == []


@pytest.fixture
def languages_are_not_yet_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say so of two keys, whatever the engines simulate."""
    waiting = tuple((f"{section}.*.languages", simulated._always) for section in ("contact_types", "agent_groups"))
    monkeypatch.setattr(simulated, "NOT_YET", waiting)


@pytest.mark.usefixtures("languages_are_not_yet_simulated")
def test_each_key_is_named_with_its_place() -> None:
    """In the order of the file."""
    text = changed("headcount: 2", "headcount: 2, languages: [en]").replace(
        "{rate: 2 per hour}", "{rate: 2 per hour}\n    languages: {en: 1}"
    )
    assert [str(problem) for problem in not_yet_simulated(loads(text))] == [
        "<text>:16:5: contact_types.order.languages: is not simulated yet; leave it out to run the rest",
        "<text>:26:42: agent_groups.experts.languages: is not simulated yet; leave it out to run the rest",
    ]


def test_values_are_looked_at_where_others_are_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is named where it stands, whatever else is said there."""
    monkeypatch.setattr(simulated, "NOT_YET", (("contact_types.*.languages", lambda value: value == "en"),))
    languages = "  order:\n    languages: {}\n"
    (problem,) = not_yet_simulated(loads(changed("  order:\n", languages.format("en"))))
    assert (problem.key, problem.message) == (
        "contact_types.order.languages",
        "'en' is not simulated yet; leave it out to run the rest",
    )
    assert not_yet_simulated(loads(changed("  order:\n", languages.format("ja")))) == []


@pytest.mark.usefixtures("languages_are_not_yet_simulated")
def test_an_override_is_named_as_such() -> None:
    """Whoever said it."""
    (problem,) = not_yet_simulated(loads(DESK, ["contact_types.order.languages={en: 1}"]))
    assert str(problem.place) == "--set contact_types.order.languages={en: 1}"


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in NOT_YET])
def test_the_table_names_keys_that_are_there(pattern: str) -> None:
    """A misspelt pattern would let its key pass in silence."""
    kind: object = Scenario
    for key in pattern.split("."):
        kind = below(
            kind,
            "on_chat"
            if key == "*" and isinstance(kind, type) and issubclass(kind, Section)
            else 0
            if key == "*"
            else key,
        )
        assert kind is not None, pattern


def test_measures_have_the_same_names_everywhere() -> None:
    """What is measured may be a target, and the other way round."""
    assert set(MEASURES) - set(DEFINED) == set()
    assert set(DEFINED) - set(MEASURES) == set()
    for name, defined in DEFINED.items():
        known = MEASURES[name]
        assert known.within == defined.within, name
        assert (known.unit == "share") == (defined.unit == "share"), name
        assert (known.unit == "duration") == (defined.unit == "s"), name
        assert (known.unit == "money") == (defined.unit == "currency"), name
        can = {frozenset(keys) - {"queue", "shift", "stage", "part"} for keys in defined.by or ((),)}
        told = {frozenset(keys) for keys in known.by}
        assert {keys for keys in told if not any(keys <= other for other in can)} == set(), name
