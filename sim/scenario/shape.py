"""The shape of the schema: which type, and which keys, a path of the scenario leads to."""

from types import NoneType, UnionType
from typing import Annotated, Any, ForwardRef, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from sim.scenario.errors import Key
from sim.scenario.model.section import Section


def is_section(kind: Any) -> bool:
    """Tell whether a type is a mapping with known keys."""
    return isinstance(kind, type) and issubclass(kind, Section)


def fields_of(section: type[Section]) -> dict[str, FieldInfo]:
    """Give a section's fields, also those whose type its module names before it defines it."""
    if any(isinstance(field.annotation, ForwardRef) for field in section.model_fields.values()):
        section.model_rebuild(force=True)
    return section.model_fields


def field_type(field: FieldInfo) -> Any:
    """Give a field's type with what Pydantic moved into its metadata, without `| None`."""
    return bare(whole_type(field))


def whole_type(field: FieldInfo) -> Any:
    """Give a field's type with what Pydantic moved into its metadata."""
    kind: Any = field.annotation
    return Annotated[(kind, *field.metadata)] if field.metadata else kind


def bare(kind: Any) -> Any:
    """Take `| None` off a type."""
    if get_origin(kind) in (Union, UnionType):
        kinds = [one for one in get_args(kind) if one is not NoneType]
        return kinds[0] if len(kinds) == 1 else kind
    return kind


def below(kind: Any, key: str | int) -> Any:
    """Give the type under a key of a mapping or at a position of a list; None where the schema ends."""
    kind = bare(kind)
    if is_section(kind):
        fields = fields_of(kind)
        if str(key) in fields:
            return field_type(fields[str(key)])
        prefix = next((name for name in fields if str(key).startswith(f"{name}_")), None)
        return below(field_type(fields[prefix]), key) if prefix == "on" else None
    if get_origin(kind) is dict:
        return bare(get_args(kind)[1])
    if get_origin(kind) is tuple and get_args(kind)[1:] == (Ellipsis,):
        return bare(get_args(kind)[0])
    return None


def at(kind: Any, key: Key) -> Any:
    """Give the type that a path leads to; None where the schema ends before."""
    for one in key:
        kind = below(kind, one)
    return kind


def keys_of(kind: Any) -> tuple[str, ...]:
    """Give the keys that a section may have."""
    if not is_section(kind):
        return ()
    return tuple("on_CHANNEL" if name == "on" else name for name in kind.model_fields)
