"""What a scenario may say and the engines do not simulate yet: named before a run, never ignored in silence.

The table is all there is to it: who teaches the engines a rule takes its lines out.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from sim.scenario.errors import Key, Problem
from sim.scenario.problems import in_order

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario
    from sim.scenario.yaml_text import Node

Condition = Callable[[Any], bool]


def _always(_value: object) -> bool:
    return True


def _is_mapping(value: object) -> bool:
    return isinstance(value, dict)


NOT_YET: tuple[tuple[str, Condition], ...] = ()
"""Dotted keys (`*`: any name or position), and for which values."""


def not_yet_simulated(scenario: "Scenario") -> list[Problem]:
    """Name every key of a scenario that the engines do not simulate yet, in the order of the file."""
    problems = []
    for pattern, applies in NOT_YET:
        for key, node in _found(scenario.origin.document, pattern.split("."), ()):
            if applies(node.plain()):
                message = f"{_said(node, applies)}is not simulated yet; leave it out to run the rest"
                problems.append(Problem(node.key_place or node.place, ".".join(map(str, key)), message))
    return in_order(problems, [scenario.origin.document.place.source])


def _said(node: "Node", applies: Condition) -> str:
    """Name the value, where others of the key are simulated."""
    if applies is _always:
        return ""
    return f"'{node.value}' " if isinstance(node.value, str) else "a mapping here "


def _found(node: "Node", pattern: list[str], at: Key) -> "Iterator[tuple[Key, Node]]":
    """Give every value that a pattern leads to."""
    if not pattern:
        yield at, node
        return
    keys: list[str | int] = []
    if isinstance(node.value, dict):
        keys = list(node.value) if pattern[0] == "*" else [pattern[0]]
    elif isinstance(node.value, list) and pattern[0] == "*":
        keys = list(range(len(node.value)))
    for key in keys:
        child = node.child(key)
        if child is not None:
            yield from _found(child, pattern[1:], (*at, key))
