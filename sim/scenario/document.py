"""Scenario text before it is checked: a tree of placed values, extended by a base, changed key by key."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.scenario.errors import Place, Problem, ScenarioError, described, suggestion
from sim.scenario.yaml_text import Node, read_yaml

SINGLE_SECTIONS = ("time", "demand", "history", "quality", "holidays", "plan", "regression")
"""Sections that are one thing; the others hold entries by name."""


def read_document(path: Path, shown: str, root: Path, seen: tuple[Path, ...] = ()) -> Node:
    """Read a file and what it extends.

    Parameters
    ----------
    path, shown
        The file, and what places call it.
    root
        The folder that no file may leave.
    seen
        The files that extend this one.

    Returns
    -------
    Node
        The mapping of the file laid over its base: mappings merged key by key, lists and scalars replaced, keys whose
        value is null removed.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise ScenarioError([Problem(Place(shown), "", f"cannot be read: {error.strerror}")]) from None
    document = as_mapping(read_yaml(text, shown, path.parent))
    base = document.value.pop("extends", None) if isinstance(document.value, dict) else None
    if base is None:
        return document
    if not isinstance(base.value, str):
        raise _refused(base, f"got {described(base.plain())}, must be the name of a scenario file beside this one")
    base_path = (path.parent / base.value).resolve()
    if not base_path.is_relative_to(root):
        raise _refused(base, "leaves the scenario's folder; put the base beside the scenario or below it")
    if base_path == path or base_path in seen:
        circle = " → ".join(file.name for file in (*seen, path, base_path))
        raise _refused(base, f"scenarios extend each other in a circle: {circle}")
    if not base_path.is_file():
        near = [file.name for file in base_path.parent.glob("*.y*ml")] if base_path.parent.is_dir() else []
        raise _refused(base, f"there is no file '{base.value}'{suggestion(base_path.name, near)}")
    shown_base = str(Path(shown).parent / base.value)
    return laid_over(read_document(base_path, shown_base, root, (*seen, path)), document)


def as_mapping(document: Node) -> Node:
    """Give the document back, or refuse it if it is no mapping of sections."""
    if not isinstance(document.value, dict):
        problem = Problem(document.place, "", f"got {described(document.plain())}, must be a mapping of sections")
        raise ScenarioError([problem])
    return document


def _refused(node: Node, message: str) -> ScenarioError:
    return ScenarioError([Problem(node.place, "extends", message)])


def laid_over(base: Node, upper: Node) -> Node:
    """Merge mappings key by key; anything else replaces; null removes what the base has."""
    if not isinstance(base.value, dict) or not isinstance(upper.value, dict):
        return upper
    merged = dict(base.value)
    for name, child in upper.value.items():
        if name in merged and child.value is None:
            del merged[name]
        elif name in merged:
            merged[name] = laid_over(merged[name], child)
        else:
            merged[name] = child
    return Node(merged, base.place, base.key_place)


def placed_at(value: Any, place: Place) -> Node:
    """Give plain data as a tree whose every value is at one place."""
    if isinstance(value, Mapping):
        return Node(
            {str(key): replace(placed_at(below, place), key_place=place) for key, below in value.items()}, place
        )
    if isinstance(value, list | tuple):
        return Node([placed_at(below, place) for below in value], place)
    return Node(value, place)


def placed_as_variant(node: Node, variant: str) -> Node:
    """Give the tree with every place marked as put there by a variant."""
    value = node.value
    if isinstance(value, dict):
        value = {key: placed_as_variant(below, variant) for key, below in value.items()}
    elif isinstance(value, list):
        value = [placed_as_variant(below, variant) for below in value]
    key_place = replace(node.key_place, variant=variant) if node.key_place else None
    return Node(value, replace(node.place, variant=variant), key_place)


def changed(document: Node, path: str, value: Node) -> Node:
    """Give the document with the value at a dotted path replaced, or removed if the value is null.

    Raises
    ------
    ScenarioError
        If the path goes through something that has no keys, names an entry that is not there (of a section of named
        entries, or of a list), or removes what is not there.
    """
    keys = path.split(".")
    if not all(keys):
        raise ScenarioError([Problem(value.place, path, "must be a dotted path such as demand.scale")])
    return _changed(document, keys, 0, value)


def _changed(node: Node, keys: list[str], at: int, value: Node) -> Node:
    key, here = keys[at], ".".join(keys[: at + 1])
    last = at == len(keys) - 1
    if isinstance(node.value, list):
        if not key.isdecimal() or int(key) >= len(node.value):
            count = len(node.value)
            rule = f"must be a position from 0 to {count - 1} of the list" if count else "the list is empty"
            raise ScenarioError([Problem(value.place, here, f"got {key!r}, {rule}")])
        position = int(key)
        items = list(node.value)
        items[position : position + 1] = (
            [] if last and value.value is None else [value if last else _changed(items[position], keys, at + 1, value)]
        )
        return replace(node, value=items)
    if not isinstance(node.value, dict):
        parent = ".".join(keys[:at])
        instead = f"change {parent} as a whole"
        if isinstance(node.value, str) and keys[0] == "targets":
            instead += f", such as {parent}='abandonment <= 5 %', or write it as a mapping of keys"
        message = f"{parent} is {described(node.plain())}, which has no keys of its own; {instead}"
        raise ScenarioError([Problem(value.place, here, message)])
    below = node.value.get(key)
    if below is None and (value.value is None or _names_an_entry(keys, at)):
        raise ScenarioError(
            [Problem(value.place, here, f"there is no such key{suggestion(key, node.value) if node.value else ''}")]
        )
    children = dict(node.value)
    if last and value.value is None:
        del children[key]
    elif last:
        children[key] = replace(value, key_place=value.key_place or value.place)
    else:
        below = below or Node({}, value.place, value.place)
        children[key] = _changed(below, keys, at + 1, value)
    return replace(node, value=children)


def _names_an_entry(keys: list[str], at: int) -> bool:
    """Tell whether a key names an entry whose parts the path goes on to change: such an entry must be there."""
    return at == 1 and at < len(keys) - 1 and keys[0] not in SINGLE_SECTIONS


def parse_setting(setting: str) -> tuple[str, Node]:
    """Read `path=value`, the value as YAML, into the path and the placed value."""
    path, equals, text = setting.partition("=")
    place = Place(f"--set {setting}")
    if not equals or not path.strip():
        raise ScenarioError([Problem(place, "", "must be path=value such as demand.scale=110 %")])
    if not text.strip():
        raise ScenarioError([Problem(place, path.strip(), "has no value; write null to remove the key")])
    try:
        value = read_yaml(text, "--set", None)
    except ScenarioError as error:
        raise ScenarioError([Problem(place, path.strip(), error.problems[0].message)]) from None
    return path.strip(), placed_at(value.plain(), place)


def with_settings(document: Node, settings: Mapping[str, Any] | Iterable[str]) -> Node:
    """Apply overrides, in order: `path=value` texts, or a mapping of paths to plain values."""
    if isinstance(settings, Mapping):
        pairs = [(path, placed_at(value, Place(f"change {path}={value}"))) for path, value in settings.items()]
        return _all_changed(document, pairs)
    if isinstance(settings, str):
        settings = [settings]
    problems: list[Problem] = []
    pairs = []
    for setting in settings:
        try:
            pairs.append(parse_setting(setting))
        except ScenarioError as error:
            problems.extend(error.problems)
    if problems:
        raise ScenarioError(problems)
    return _all_changed(document, pairs)


def with_variant(document: Node, variant: str) -> Node:
    """Apply a variant that the document defines."""
    variants = document.child("variants")
    known = variants.value if variants and isinstance(variants.value, dict) else {}
    if variant not in known:
        place = variants.place if variants else document.place
        message = f"unknown variant {described(variant)}{suggestion(variant, known)}"
        raise ScenarioError([Problem(place, "variants", message)])
    changes = known[variant].value
    if not isinstance(changes, dict):
        return document
    return _all_changed(document, [(path, placed_as_variant(value, variant)) for path, value in changes.items()])


def _all_changed(document: Node, changes: list[tuple[str, Node]]) -> Node:
    problems: list[Problem] = []
    for path, value in changes:
        try:
            document = changed(document, path, value)
        except ScenarioError as error:
            problems.extend(error.problems)
    if problems:
        raise ScenarioError(problems)
    return document
