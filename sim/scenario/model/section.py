"""What every section of a scenario has in common."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A mapping with known keys: frozen, no unknown keys, documented field by field."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, defer_build=True)


def described_beside(described: dict[str, Any], *short: dict[str, Any]) -> dict[str, Any]:
    """Change the JSON Schema of a section, in place, to one of short forms or the mapping."""
    mapping = dict(described)
    described.clear()
    described.update(title=mapping.get("title"), anyOf=[*short, mapping])
    return described
