"""The hash of a scenario: what it says, not how it is written."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sim.scenario.model.section import Section

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

ORDERED = ("tiers", "self_service")
"""Sections whose order in the file has a meaning."""
LEFT_OUT = ("variants",)
"""Each variant is a scenario of its own; having one more changes nothing here."""


def fingerprint(scenario: "Scenario") -> str:
    """Give the SHA-256 (hex) of all values and of the files that the scenario names."""
    said = {name: _canonical(getattr(scenario, name)) for name in type(scenario).model_fields if name not in LEFT_OUT}
    for name in ORDERED:
        said[name] = [[key, _canonical(part)] for key, part in getattr(scenario, name).items()]
    text = json.dumps([said, sorted(scenario.origin.digests.items())], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    """Give a value of the model as JSON that is the same for the same meaning."""
    if isinstance(value, Section) or is_dataclass(value):
        names = type(value).model_fields if isinstance(value, Section) else [field.name for field in fields(value)]
        return {name: _canonical(getattr(value, name)) for name in names}
    if isinstance(value, dict):
        return {key: _canonical(below) for key, below in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    return float(value).hex()
