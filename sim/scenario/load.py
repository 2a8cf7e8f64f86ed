"""From files to a `Scenario`: reading, extending, overriding, checking."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.scenario.errors import Place, Problem, ScenarioError
from sim.scenario.scenario import Scenario, validated
from sim.scenario.yaml_text import Placed, read_yaml


def load(path: str | Path, overrides: Mapping[str, Any] | None = None, variant: str | None = None) -> Scenario:
    """Load a scenario from a YAML file."""
    file = Path(path)
    try:
        text = file.read_bytes()
    except OSError as error:
        raise ScenarioError([Problem(Place(str(path)), "", f"cannot be read: {error.strerror}")]) from None
    return validated(read_yaml(text, str(path), file.resolve().parent), file.resolve().parent)


def loads(text: str, overrides: Mapping[str, Any] | None = None, variant: str | None = None) -> Scenario:
    """Load a scenario from YAML text."""
    return validated(read_yaml(text, "<text>", None), None)
