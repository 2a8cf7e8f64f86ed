"""The language reference: current, complete, and every example of it can be run."""

from collections import defaultdict
from pathlib import Path

import pytest

from sim.scenario import shape
from sim.scenario.document import as_mapping
from sim.scenario.load import load
from sim.scenario.model.section import documentation
from sim.scenario.reference import FOLDER, OF_EXCEL, examples, parts, plan_found, question, reference, shipped
from sim.scenario.uses import uses
from sim.scenario.yaml_text import read_yaml

SCENARIOS = shipped(FOLDER)
FOUND = examples(SCENARIOS)
LANGUAGE = [(part.section, field) for part in parts() for field in part.fields]


def test_the_reference_is_current() -> None:
    """Renew it with `python -m sim.scenario.reference`."""
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == reference(FOLDER)


def test_the_shipped_scenarios_use_every_key_of_the_language() -> None:
    """Who teaches the engines a key shows it in a scenario; keys that need further packages are excepted."""
    unused = [f"{section.__name__}.{field}" for section, field in LANGUAGE if (section, field) not in FOUND]
    assert unused == [f"{section.__name__}.{field}" for section, field in OF_EXCEL]


@pytest.mark.parametrize("file", sorted({example.file for example in FOUND.values()}), ids=lambda file: file.stem)
def test_every_example_says_what_the_scenario_says(file: Path) -> None:
    """Each line of the reference, read as YAML and put where it was found, leaves the scenario as it is."""
    changes = {}
    for example in FOUND.values():
        if example.file == file:
            ((key, node),) = as_mapping(read_yaml(example.text, "reference", FOLDER)).value.items()
            assert key == example.path[-1]
            changes[".".join(map(str, example.path))] = node.plain()
    assert load(file, overrides=changes).hash == SCENARIOS[file].hash


def test_every_key_says_what_it_means_and_what_holds_without_it() -> None:
    """A meaning, and a default unless the key must be given."""
    without: dict[str, list[str]] = defaultdict(list)
    for section, field in LANGUAGE:
        meaning, default, _ = documentation(section)[field].partition("Default: ")
        if not meaning.strip():
            without["meaning"].append(f"{section.__name__}.{field}")
        if not default and not shape.fields_of(section)[field].is_required():
            without["default"].append(f"{section.__name__}.{field}")
    assert not without


def test_a_number_that_is_a_default_says_where_it_comes_from() -> None:
    """Nothing is assumed in silence: what is not neutral names its source."""
    silent = []
    for section, field in LANGUAGE:
        value = shape.fields_of(section)[field].default
        if isinstance(value, int | float) and not isinstance(value, bool) and value not in (0, 1):
            default = documentation(section)[field].partition("Default: ")[2]
            if "(" not in default and "," not in default:
                silent.append(f"{section.__name__}.{field}: {default}")
    assert silent == []


def test_the_question_is_the_first_sentence_of_the_file(tmp_path: Path) -> None:
    """Over several lines of its comment."""
    file = tmp_path / "desk.yaml"
    file.write_text("# Are two people\n# enough? They may be.\nformat: 1\n", encoding="utf-8")
    assert question(file) == "Are two people enough?"


def test_what_a_plan_found_is_listed_as_the_file_says_it(tmp_path: Path) -> None:
    """The comment that begins with it, over several lines; nothing where there is none."""
    planned, other = tmp_path / "planned.yaml", tmp_path / "other.yaml"
    planned.write_text("# Who?\n#\n# Planned: 12 people,\n# not 13.\nplan: {}\n# Else.\n", encoding="utf-8")
    other.write_text("# Who?\n", encoding="utf-8")
    assert (plan_found(planned), plan_found(other)) == ("12 people, not 13.", "")


def test_uses_are_found_at_every_depth() -> None:
    """In sections, lists, names, and a channel's own values."""
    found = {".".join(map(str, use.path)): use.key[1] for use in uses(SCENARIOS[FOLDER / "support_week.yaml"])}
    assert found["channels.phone.balking.share"] == "share"
    assert found["contact_types.how_to.handling.first_line.on_chat"] == "on"
    assert found["contact_types.how_to.handling.first_line.on_chat.handle_time.cv"] == "cv"
    assert found["contact_types.fault.handling.technical.handle_time.mixture.0.weight"] == "weight"
    assert found["agent_groups.front_desk.shifts.early.breaks.0.between"] == "between"
