"""What every section of a scenario has in common."""

import ast
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A mapping with known keys: frozen, no unknown keys, documented field by field."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


@cache
def documentation(section: type[Section]) -> dict[str, str]:
    """Give the text under each field of a section, inherited fields too.

    Read when somebody asks: Pydantic's own way reads every source file on import, a third of the time of `validate`.
    """
    from inspect import getsource  # noqa: PLC0415  (slow to import, and seldom asked for)
    from textwrap import dedent  # noqa: PLC0415

    found: dict[str, str] = {}
    for base in reversed(section.__mro__):
        if issubclass(base, Section) and base is not Section:
            (definition,) = ast.parse(dedent(getsource(base))).body
            assert isinstance(definition, ast.ClassDef)
            for field, text in zip(definition.body, definition.body[1:], strict=False):
                match field, text:
                    case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                        found[name] = " ".join(words.split())
    return {name: found.get(name, "") for name in section.model_fields}


def described_beside(described: dict[str, Any], *short: dict[str, Any]) -> dict[str, Any]:
    """Change the JSON Schema of a section, in place, to one of short forms or the mapping."""
    mapping = dict(described)
    described.clear()
    described.update(title=mapping.get("title"), anyOf=[*short, mapping])
    return described
