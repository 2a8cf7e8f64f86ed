"""Which keys of the language a scenario's text uses, and with what value."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from sim.scenario import shape
from sim.scenario.errors import Key
from sim.scenario.model.distribution import Component, Distribution
from sim.scenario.schema import Scenario
from sim.scenario.yaml_text import Node

OWN = "on"
"""The field under which the keys `on_CHANNEL` are gathered."""


@dataclass(frozen=True)
class Use:
    """One key as a scenario says it."""

    section: Any
    """The section that the key belongs to;"""
    field: str
    """and which of its fields it is."""
    path: Key
    """Where in the scenario."""
    node: Node

    @property
    def key(self) -> tuple[Any, str]:
        """The key of the language that is used; parts of a mixture use those of any distribution."""
        inherited = self.section is Component and self.field in Distribution.model_fields
        return (Distribution if inherited else self.section, self.field)


def uses(scenario: Scenario) -> Iterator[Use]:
    """Give every key that a scenario says, in the order of the file, variants not applied."""
    return _uses(Scenario, scenario.origin.document, ())


def _uses(kind: Any, node: Node, path: Key) -> Iterator[Use]:
    kind = shape.bare(kind)
    if shape.is_section(kind) and isinstance(node.value, dict):
        for name, child in node.value.items():
            field = name if name in kind.model_fields else OWN
            yield Use(kind, field, (*path, name), child)
            yield from _uses(shape.below(kind, name), child, (*path, name))
    elif get_origin(kind) is dict and isinstance(node.value, dict):
        for name, child in node.value.items():
            yield from _uses(get_args(kind)[1], child, (*path, name))
    elif get_origin(kind) is tuple and isinstance(node.value, list):
        for position, child in enumerate(node.value):
            yield from _uses(get_args(kind)[0], child, (*path, position))
