"""A scenario with every value, defaults included, and where each comes from."""

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

from sim.scenario import shape
from sim.scenario.errors import Place
from sim.scenario.model.distribution import Distribution
from sim.scenario.model.section import Section, documentation
from sim.scenario.quantities import Quantity, Reading
from sim.scenario.schema import Scenario
from sim.scenario.yaml_text import Node
from sim.scenario.yaml_write import flow, flow_key

COMMENT_COLUMN = 64


def resolved(scenario: Scenario) -> str:
    """Print a scenario as YAML with a comment on every line: file:line, `--set`, variant, or the default's source.

    What is off unless asked for (a retry, a limit) is a comment itself, so that the text loads to the same scenario.
    """
    return "\n".join(_section(scenario, scenario.origin.document, 0)) + "\n"


def _section(section: Section, node: Node | None, indent: int) -> Iterator[str]:
    """Print the keys of a section; without a node all of them are defaults."""
    texts = documentation(type(section))
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        if name == "on":
            for channel, handling in value.items():
                key = f"on_{channel}"
                yield from _entry(key, handling, type(handling), node.child(key) if node else None, "", indent)
        else:
            child = node.child(name) if node else None
            yield from _entry(name, value, shape.field_type(field), child, texts[name], indent)


def _entry(  # noqa: PLR0913, PLR0917  (one line of the print is all of these)
    key: str, value: Any, kind: Any, node: Node | None, meaning: str, indent: int
) -> Iterator[str]:
    """Print one key with its value, over several lines if the value has parts that come from several places."""
    head = f"{' ' * indent}{flow_key(key)}:"
    if node is None:
        yield from _default(head, value, kind, meaning, indent)
    elif isinstance(value, Section) and not isinstance(value, Distribution) and isinstance(node.value, dict):
        yield _line(head, "" if _has_lines(value) else "{}", _source(node.place))
        yield from _section(value, node, indent + 2)
    elif isinstance(value, dict) and shape.is_section(_item(kind)) and isinstance(node.value, dict):
        yield _line(head, "" if node.value else "{}", _source(node.place))
        for name, child in node.value.items():
            yield from _entry(name, value[name], _item(kind), child, "", indent + 2)
    elif isinstance(value, tuple) and shape.is_section(_item(kind)) and isinstance(node.value, list):
        yield _line(head, "" if node.value else "[]", _source(node.place))
        for part, item in zip(value, node.value, strict=True):
            yield from _list_item(part, item, indent + 2)
    else:
        yield from _written(head, node, indent)


def _written(head: str, node: Node, indent: int) -> Iterator[str]:
    """Print a value as it was written, on one line if all of it comes from one place."""
    if isinstance(node.value, dict) and node.value and _sources(node) != {_source_file(node.place)}:
        yield _line(head, "", _source(node.place))
        for key, child in node.value.items():
            yield from _written(f"{' ' * (indent + 2)}{flow_key(key)}:", child, indent + 2)
    else:
        yield _line(head, flow(node.plain()), _source(node.place))


def _default(head: str, value: Any, kind: Any, meaning: str, indent: int) -> Iterator[str]:
    source = default_source(meaning)
    if isinstance(value, Section) and not isinstance(value, Distribution):
        yield _line(head, "", source)
        yield from _section(value, None, indent + 2)
    elif value is None:
        yield _line(f"{' ' * indent}# {head.strip()}", "", source, commented=True)
    elif isinstance(value, tuple) and value and isinstance(value[0], Section):
        yield _line(head, "", source)
        for part in value:
            yield from _list_item(part, None, indent + 2)
    else:
        yield _line(head, _default_text(value, kind), source)


def _list_item(part: Any, node: Node | None, indent: int) -> Iterator[str]:
    if node is not None and not isinstance(node.value, dict):
        yield _line(f"{' ' * indent}-", flow(node.plain()), _source(node.place))
        return
    lines = list(_section(part, node, indent + 2))
    first = next(number for number, line in enumerate(lines) if not line.lstrip().startswith("#"))
    lines[first] = f"{' ' * indent}- {lines[first][indent + 2 :]}"
    yield from lines


def default_source(meaning: str) -> str:
    """Give what a field's documentation says of its default: `default: …`."""
    return f"default: {meaning.partition('Default: ')[2].rstrip('.')}"


def _default_text(value: Any, kind: Any) -> str:
    if isinstance(value, Distribution):
        return "0 s"
    if get_origin(kind) is Annotated:
        for extra in get_args(kind)[1:]:
            if isinstance(extra, Quantity | Reading):
                written = extra.write(value)
                return flow(written)
    return flow(value)


def _item(kind: Any) -> Any:
    """Give the type of the parts of a mapping or list type."""
    parts = get_args(shape.bare(kind))
    origin = get_origin(shape.bare(kind))
    return shape.bare(parts[1] if origin is dict else parts[0]) if origin in (dict, tuple) else None


def _has_lines(section: Section) -> bool:
    """Tell whether a section prints a line that is not a comment."""
    return any(getattr(section, name) is not None for name in type(section).model_fields if name != "on")


def _sources(node: Node) -> set[str]:
    found = {_source_file(node.place)}
    children = (
        node.value.values() if isinstance(node.value, dict) else node.value if isinstance(node.value, list) else ()
    )
    for child in children:
        found |= _sources(child)
    return found


def _source_file(place: Place) -> str:
    return f"{place.source} {place.variant or ''}"


def _source(place: Place) -> str:
    where = place.source if place.line is None else f"{place.source}:{place.line}"
    return f"variant {place.variant}, {where}" if place.variant else where


def _line(head: str, value: str, source: str, commented: bool = False) -> str:
    text = f"{head} {value}".rstrip()
    return f"{text.ljust(COMMENT_COLUMN)}  {'' if commented else '# '}{source}"
