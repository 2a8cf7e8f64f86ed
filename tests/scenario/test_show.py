"""`show --resolved`: every value, with where it comes from."""

import re
from pathlib import Path

import pytest

from sim.scenario.load import load, loads
from sim.scenario.model.section import Section, documentation
from sim.scenario.schema import Scenario
from sim.scenario.show import resolved
from tests.scenario.desk import changed

DATA = Path(__file__).parent / "data"


def line_of(text: str, key: str) -> str:
    (line,) = [line for line in text.splitlines() if re.match(rf"\s*(# )?{key}:", line)]
    return re.sub(r"  +", "  ", line).strip()


def test_every_value_says_where_it_comes_from() -> None:
    """The file's line, the override, the variant, or the default with its source."""
    text = changed("targets:", "variants: {more: {agent_groups.experts.headcount: 4}}\ntargets:")
    shown = resolved(loads(text, ["demand.scale=110 %"], variant="more"))
    assert line_of(shown, "start") == 'start: "2026-04-06"  # <text>:3'
    assert line_of(shown, "scale") == "scale: 110 %  # --set demand.scale=110 %"
    assert "headcount: 4  # variant more, <text>:26" in re.sub(r"  +", "  ", shown)
    assert line_of(shown, "interval") == "interval: 15 min  # default: 15 min, the field's usual interval"
    assert "# lines:  default: no limit" in re.sub(r"  +", "  ", shown)


def test_a_value_of_two_sources_is_taken_apart() -> None:
    """A rate changed by `--set` among rates of the file."""
    text = changed("{rate: 2 per hour}", '{rates: {mon-sun: {"00:00": 1 per hour, "08:00": 2 per hour}}}')
    shown = resolved(loads(text, ["contact_types.order.arrivals.email.rates.mon-sun.08:00=9 per hour"]))
    assert line_of(shown, '"00:00"').endswith("# <text>:15")
    assert line_of(shown, '"08:00"').startswith('"08:00": 9 per hour  # --set')


@pytest.mark.parametrize(
    "path",
    sorted([*DATA.glob("example.yaml"), *(DATA.parents[2] / "scenarios").glob("*.yaml")]),
    ids=lambda path: path.name,
)
def test_what_is_shown_loads_to_the_same_scenario(path: Path) -> None:
    """Defaults said aloud change nothing."""
    scenario = load(path)
    assert loads(resolved(scenario), folder=path.parent).hash == scenario.hash


def sections(kind: type[Section]) -> set[type[Section]]:
    return {kind}.union(*(sections(below) for below in kind.__subclasses__()))


@pytest.mark.parametrize(
    "section", sorted(sections(Section) - {Section}, key=lambda kind: kind.__name__), ids=lambda kind: kind.__name__
)
def test_every_field_is_documented_with_the_source_of_its_default(section: type[Section]) -> None:
    """What it means, and for an optional one what it is when left out."""
    assert section.__doc__
    for name, text in documentation(section).items():
        assert text, f"{section.__name__}.{name}"
        assert section.model_fields[name].is_required() or "Default: " in text or name == "on", (
            f"{section.__name__}.{name}"
        )


def test_there_are_sections_to_look_at() -> None:
    """So that the test above is not empty."""
    assert Scenario in sections(Section)
    assert len(sections(Section)) > 40
