"""From what Pydantic found to problems with places, keys and plain words."""

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.scenario import shape
from sim.scenario.errors import Fault, Key, Problem, ScenarioError, got_must_be, suggestion
from sim.scenario.model.section import Section, documentation
from sim.scenario.yaml_text import Node


def problems_of(error: ValidationError, document: Node, schema: type[Section]) -> list[Problem]:
    """Give every problem of a validation, placed in the document."""
    return [
        placed(fault, document) for details in error.errors(include_url=False) for fault in _faults(details, schema)
    ]


def refuse(problems: Iterable[Problem], files: Iterable[str] = ()) -> None:
    """Raise all problems, each once, in the order of the files.

    Raises
    ------
    ScenarioError
        If there is any.
    """
    found = in_order(problems, files)
    if found:
        raise ScenarioError(found)


def in_order(problems: Iterable[Problem], files: Iterable[str] = ()) -> list[Problem]:
    """Give problems, each once, by file (`files` first), line and column."""
    found = list(dict.fromkeys(problems))
    order: dict[str, int] = {}
    for source in (*files, *(problem.place.source for problem in found)):
        order.setdefault(source, len(order))
    return sorted(
        found, key=lambda problem: (order[problem.place.source], problem.place.line or 0, problem.place.column or 0)
    )


def placed(fault: Fault, document: Node) -> Problem:
    """Find where a fault (its path from the top of the scenario) was written."""
    node, written, key = document, [], None
    steps = _written(document, fault.at)
    for key in steps:
        child = node.child(key)
        if child is None:
            break
        node = child
        written.append(key)
    whole = len(written) == len(steps)
    # What is missing is missed by the mapping that lacks it, and that is found by its key.
    on_key = fault.on_key or not whole
    place = fault.place or ((node.key_place or node.place) if on_key else node.place)
    return Problem(place, ".".join(map(str, steps)), fault.message)


def _written(document: Node, key: Key) -> Key:
    """Give a path of the model as it is written: `on.chat` is the key `on_chat`."""
    steps: list[str | int] = []
    node: Node | None = document
    parts = iter(key)
    for part in parts:
        step = part
        if part == "on" and (node is None or node.child("on") is None):
            step = f"on_{next(parts, 'CHANNEL')}"
        steps.append(step)
        node = node.child(step) if node is not None else None
    return tuple(steps)


def _faults(details: ErrorDetails, schema: type[Section]) -> list[Fault]:
    """Say one of Pydantic's findings in our words."""
    at: Key = tuple(details["loc"])
    on_key = bool(at) and at[-1] == "[key]"
    at = at[:-1] if on_key else at
    got: Any = details["input"]
    kind = details["type"]
    if kind == "faults":
        return [
            Fault(fault.message, (*at, *fault.at), fault.on_key or on_key, fault.place)
            for fault in details["ctx"]["faults"]
        ]
    if kind == "extra_forbidden":
        known = shape.keys_of(shape.at(schema, at[:-1]))
        return [Fault(f"unknown key{suggestion(at[-1], known)}", at, on_key=True)]
    if kind == "missing":
        return [_missing(at, schema)]
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return [Fault(got_must_be(got, _mapping_rule(shape.at(schema, at))), at)]
    if kind in ("tuple_type", "list_type"):
        return [Fault(got_must_be(got, "a list such as [a, b]"), at)]
    # Whatever else Pydantic finds is a gap in this table; its words are better than none.
    return [Fault(got_must_be(got, details["msg"][0].lower() + details["msg"][1:]), at)]


def _missing(at: Key, schema: type[Section]) -> Fault:
    section = shape.at(schema, at[:-1])
    texts = documentation(section) if shape.is_section(section) else {}
    meaning = texts.get(str(at[-1]), "").partition(". ")[0].rstrip(".")
    return Fault(f"is missing ({meaning})" if meaning else "is missing", at, on_key=True)


def _mapping_rule(kind: Any) -> str:
    keys = shape.keys_of(kind)
    if not keys:
        return "a mapping of names to what they are"
    return "a mapping with keys such as " + ", ".join(keys[:5])
