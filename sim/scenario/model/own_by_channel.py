"""Sections whose values may differ by channel, written as keys `on_CHANNEL`."""

from typing import Any, Self

from pydantic import GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from sim.scenario.model.section import Section
from sim.scenario.quantities import JsonSchema

ON = "on_"
"""What opens the keys of a channel's own values, such as `on_chat`."""


class OwnByChannel(Section):
    """A section with a field `on`: by channel, a section of the values that differ there (None: they do not)."""

    @model_validator(mode="before")
    @classmethod
    def _gather_channels(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        kept: dict[Any, Any] = {key: given for key, given in value.items() if not str(key).startswith(ON)}
        channels = {key.removeprefix(ON): given for key, given in value.items() if str(key).startswith(ON)}
        return {**kept, "on": channels} if channels else kept

    def on_channel(self, channel: str) -> Self:
        """Give the section on a channel: its own values where it has them."""
        own: dict[str, Section] = getattr(self, "on")  # noqa: B009  (each section says what it holds)
        if channel not in own:
            return self
        values = {key: getattr(own[channel], key) for key in type(own[channel]).model_fields}
        return self.model_copy(update={"on": {}, **{key: value for key, value in values.items() if value is not None}})

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        """Describe `on` as the keys `on_CHANNEL`."""
        described = handler.resolve_ref_schema(handler(schema))
        if "on" in described["properties"]:
            channels = described["properties"].pop("on")
            described["patternProperties"] = {f"^{ON}": channels["additionalProperties"]}
        return described
