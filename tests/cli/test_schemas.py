"""What commands write as JSON is as its published JSON Schema says."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from tests.check.desks import desk, edited
from tests.cli.calls import Command

TARGETS = (
    "offered >= 100, warn 150",
    "phone.retry.abandonment <= 50 %",
    "phone.service_level(20 s) >= 10 % on 50 % of days, floor 5 % per hour",
)


def validator(madoguchi: Command, of: str) -> Draft202012Validator:
    """Give what checks against a published schema, which must be a sound one."""
    schema = json.loads(madoguchi("schema", "--of", of).out)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize(("of", "title"), [("scenario", "madoguchi scenario"), ("summary", "madoguchi summary")])
def test_schemas_are_told_apart(madoguchi: Command, of: str, title: str) -> None:
    assert validator(madoguchi, of).schema["title"] == title
    assert madoguchi("schema").out == madoguchi("schema", "--of", "scenario").out


def test_summary_json_is_as_its_schema_says(tmp_path: Path, madoguchi: Command) -> None:
    checks = validator(madoguchi, "summary")
    path = desk(tmp_path, *TARGETS)
    for replications in (1, 3):
        ran = madoguchi("run", path, "--replications", replications, "--workers", 1, "--quiet", "--json")
        checks.validate(json.loads(ran.out))


def test_verdicts_are_as_their_schema_says(tmp_path: Path, madoguchi: Command) -> None:
    """With a baseline that is reproduced, and one that is not."""
    checks = validator(madoguchi, "verdicts")
    path = desk(tmp_path, *TARGETS)

    def checked(*options: str) -> Any:
        return json.loads(
            madoguchi("check", path, "--max-replications", 3, "--workers", 1, "--quiet", "--json", *options).out
        )

    checks.validate(checked("--update-baseline"))
    checks.validate(checked())
    edited(path, "headcount: 3", "headcount: 2")
    found = checked()
    checks.validate(found)
    found["files"][0]["targets"][0]["verdict"] = "perhaps"
    with pytest.raises(ValidationError):
        checks.validate(found)
