"""The JSON Schema of the language, for editors that check and complete while one types."""

import json
from pathlib import Path
from typing import Any, cast

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from sim.scenario.model.section import Section, documentation
from sim.scenario.schema import Scenario


class _AsWritten(GenerateJsonSchema):
    """Describes the text: defaults, which are in the units of the model, are left to the descriptions."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> dict[str, Any]:
        """Describe the value alone."""
        return self.generate_inner(schema["schema"])

    def nullable_schema(self, schema: core_schema.NullableSchema) -> dict[str, Any]:
        """Describe the value alone: what is left out is left out, not null."""
        return self.generate_inner(schema["schema"])

    def model_schema(self, schema: core_schema.ModelSchema) -> dict[str, Any]:
        """Describe a section with the text under each of its fields."""
        described = super().model_schema(schema)
        for name, text in documentation(cast("type[Section]", schema["cls"])).items():
            described["properties"][name]["description"] = text
        return described


def json_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of a scenario file."""
    described = Scenario.model_json_schema(schema_generator=_AsWritten)
    described["properties"]["extends"] = {
        "type": "string",
        "description": "A scenario file, relative to this one, that this one is laid over: mappings are merged key by "
        "key, lists and values replaced, null removes a key. Default: none.",
    }
    required = described.pop("required")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **described,
        "title": "madoguchi scenario",
        # What a base says needs not be said again.
        "anyOf": [{"required": required}, {"required": ["extends"]}],
    }


def json_schema_text() -> str:
    """Give the schema as the text of `schema.json`."""
    return json.dumps(json_schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def write_schema() -> None:
    """Write `schema.json` anew."""
    (Path(__file__).parent / "schema.json").write_text(json_schema_text(), encoding="utf-8")


if __name__ == "__main__":
    write_schema()
