"""From text to a `Scenario`: read, extend, override, check."""

import contextlib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from os import PathLike
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sim.scenario import shape, units
from sim.scenario.checks import cross_faults
from sim.scenario.document import as_mapping, read_document, with_settings, with_variant
from sim.scenario.errors import Fault, Problem, ScenarioError
from sim.scenario.problems import placed, problems_of, refuse
from sim.scenario.quantities import Context
from sim.scenario.schema import Origin, Scenario
from sim.scenario.tables import Tables
from sim.scenario.yaml_text import Node, read_yaml

NAMED_SECTIONS = ("channels", "contact_types", "customers", "tiers", "agent_groups", "profiles", "opening_hours")

Settings = Mapping[str, Any] | Iterable[str]
"""Overrides: dotted keys and plain values, or texts `path=value` with the value as YAML."""


def load(path: str | Path, overrides: Settings = (), variant: str | None = None) -> Scenario:
    """Load a scenario from a YAML file.

    Parameters
    ----------
    path
        The file; tables and bases that it names are read from its folder.
    overrides
        Applied last: `{"demand.scale": "110 %"}` or `["demand.scale=110 %"]`; null removes a key.
    variant
        One of the file's `variants`, applied before the overrides.

    Raises
    ------
    ScenarioError
        If anything is wrong, with all problems in file order.
    """
    if not isinstance(path, str | PathLike):
        raise TypeError(f"got {path!r}, must be the path of a YAML file")
    file = Path(path)
    root = file.resolve().parent
    return rebuilt(Origin(read_document(file.resolve(), str(path), root), root), overrides, variant, every_variant=True)


def loads(
    text: str, overrides: Settings = (), variant: str | None = None, folder: str | Path | None = None
) -> Scenario:
    """Load a scenario from YAML text.

    Parameters
    ----------
    text
        The scenario.
    overrides, variant
        As for `load`.
    folder
        Where the tables that it names are; None if it names none.

    Raises
    ------
    ScenarioError
        If anything is wrong, with all problems in order.
    """
    if not isinstance(text, str):
        raise TypeError(f"got {text!r}, must be the text of a scenario; load() reads a file")
    root = Path(folder).resolve() if folder is not None else None
    document = as_mapping(read_yaml(text, "<text>", root))
    if (base := document.child("extends")) is not None:
        raise ScenarioError(
            [Problem(base.key_place or base.place, "extends", "only a file can extend another; use load()")]
        )
    return rebuilt(Origin(document, root), overrides, variant, every_variant=True)


def rebuilt(
    origin: Origin, changes: Settings = (), variant: str | None = None, every_variant: bool = False
) -> Scenario:
    """Make a scenario of a document with a variant and changes applied.

    Parameters
    ----------
    origin
        The document and its folder.
    changes, variant
        As for `load`.
    every_variant
        Whether to check that every variant of the document is sound too, if nothing else is changed.

    Raises
    ------
    ScenarioError
        If anything is wrong, with all problems in file order.
    """
    document = with_variant(origin.document, variant) if variant is not None else origin.document
    document = with_settings(document, changes)
    tables = Tables(origin.folder) if origin.folder is not None else None
    scenario, problems = checked(document, tables)
    if every_variant and not problems and document is origin.document:
        problems = _problems_of_variants(document, tables)
    refuse(problems, [document.place.source])
    assert scenario is not None
    scenario._origin = Origin(document, origin.folder, dict(tables.digests) if tables else {})
    return scenario


def checked(document: Node, tables: Tables | None) -> tuple[Scenario | None, list[Problem]]:
    """Read every value and check what they mean together; the scenario is None if a value is unsound."""
    tree = document.plain()
    empty = [placed(fault, document) for fault in _empty(document, ())]
    context = _context(tree, tables)
    try:
        scenario = Scenario.model_validate(tree, context=context)
    except ValidationError as error:
        empty_keys = {problem.key for problem in empty}
        found = [problem for problem in problems_of(error, document, Scenario) if problem.key not in empty_keys]
        partial, sound = _sound_sections(tree, context)
        return None, empty + found + [placed(fault, document) for fault in cross_faults(partial, sound)]
    return scenario, empty + [placed(fault, document) for fault in cross_faults(scenario, Scenario.model_fields)]


def _sound_sections(tree: dict[str, Any], context: Context) -> tuple[Scenario, set[str]]:
    """Give the scenario with the sections whose values are sound, and which these are."""
    values: dict[str, Any] = {}
    unsound: set[str] = set()
    for name, field in Scenario.model_fields.items():
        if name in tree:
            try:
                values[name] = _reader(name).validate_python(tree[name], context=context)
            except ValidationError:
                unsound.add(name)
        elif field.is_required():
            unsound.add(name)
    return Scenario.model_construct(set(values), **values), set(Scenario.model_fields) - unsound


@cache
def _reader(section: str) -> TypeAdapter[Any]:
    """Make the reader of one section."""
    return TypeAdapter(shape.whole_type(Scenario.model_fields[section]))


def _empty(node: Node, at: tuple[str | int, ...]) -> Iterable[Fault]:
    """Give the keys without a value; in `variants` that means removal."""
    if at == ("variants",):
        return
    if node.value is None:
        yield Fault("has no value; give it one, or leave the key out", at, on_key=True)
    elif isinstance(node.value, dict | list):
        pairs = node.value.items() if isinstance(node.value, dict) else enumerate(node.value)
        for key, child in pairs:
            yield from _empty(child, (*at, key))


def _problems_of_variants(document: Node, tables: Tables | None) -> list[Problem]:
    """Check each variant as if it were asked for."""
    variants = document.child("variants")
    problems: list[Problem] = []
    for name in variants.value if variants is not None and isinstance(variants.value, dict) else ():
        try:
            changed = with_variant(document, name)
        except ScenarioError as error:
            problems.extend(error.problems)
        else:
            problems.extend(checked(changed, tables)[1])
    return problems


def _context(tree: dict[str, Any], tables: Tables | None) -> Context:
    """Gather the names that the text defines, sound or not, so that one fault does not cause others."""
    names = {
        section: tuple(tree.get(section, {}))
        for section in NAMED_SECTIONS
        if isinstance(tree.get(section, {}), dict)  # what is no mapping is said once, not by every name
    }
    languages: dict[str, None] = {}
    for kind in _mapping(tree.get("contact_types")).values():
        spoken = _mapping(kind).get("languages")
        languages.update(dict.fromkeys([spoken] if isinstance(spoken, str) else _mapping(spoken)))
    first_day: date | None = None
    with contextlib.suppress(ValueError):  # said where the key is read
        first_day = units.read_date(_mapping(tree.get("time")).get("start"))
    return Context({**names, "languages": tuple(languages)}, first_day, tables)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
