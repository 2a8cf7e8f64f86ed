"""What every section of a scenario has in common."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A mapping with known keys: frozen, no unknown keys, documented field by field."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, defer_build=True)
