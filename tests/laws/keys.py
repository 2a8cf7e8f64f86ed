"""The keys of the language as dotted patterns, with `*` for names and positions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args, get_origin

from sim import Scenario
from sim.scenario import shape
from sim.scenario.model.distribution import Distribution


@cache
def pattern_of(path: tuple[str, ...]) -> str:
    """Write a path with `*` for every name and position."""
    kind: Any = Scenario
    words = []
    for key in path:
        known = shape.is_section(kind) and key in kind.model_fields
        words.append(key if known else "*")
        kind = shape.bare(shape.below(kind, int(key) if key.isdigit() else key))
    return ".".join(words)


def patterns(kind: Any = Scenario, at: tuple[str, ...] = ()) -> Iterator[str]:
    """Give every path of the schema down to its values; of distributions those of handle times stand for all."""
    kind = shape.bare(kind)
    if shape.is_section(kind) and (kind is not Distribution or at[-3:] == ("handling", "*", "handle_time")):
        for name, field in kind.model_fields.items():
            below = shape.field_type(field)
            # The keys `on_CHANNEL` are gathered under the field `on`.
            yield from patterns(below, at if name == "on" else (*at, name))
    elif get_origin(kind) is dict:
        yield from patterns(get_args(kind)[1], (*at, "*"))
    elif get_origin(kind) is tuple and _is_listed(shape.bare(get_args(kind)[0])):
        yield from patterns(get_args(kind)[0], (*at, "*"))
    else:
        yield ".".join(at)


def paths(value: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Give the path of every value of a tree, mappings and lists among them."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield (*at, str(key))
        yield from paths(child, (*at, str(key)))


def _is_listed(kind: Any) -> bool:
    """Say whether each element's keys are asked for; the parts of a mixture have those of any distribution."""
    return shape.is_section(kind) and not issubclass(kind, Distribution)
