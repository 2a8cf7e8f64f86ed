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
        ran = madoguchi(
            *("run", path, "--replications", replications, "--workers", 1, "--quiet", "--json"),
            *("--out", tmp_path / "out"),
        )
        found = json.loads(ran.out)
        checks.validate(found)
        assert json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8")) == found


@pytest.mark.parametrize(
    "arguments",
    [
        ("compare", "DESK", "--change", "more:agent_groups.clerks.headcount=4"),
        (
            "compare",
            "DESK",
            "--change",
            "more:demand.scale=2",
            "--measure",
            "offered",
            "--per",
            "hour",
            "--by",
            "channel",
        ),
        ("sweep", "DESK", "demand.scale=90 %,110 %"),
        ("sensitivity", "DESK", "--vary", "volume", "--vary", "absence"),
    ],
)
@pytest.mark.parametrize("replications", [1, 3])
def test_comparisons_are_as_their_schema_says(
    tmp_path: Path, madoguchi: Command, arguments: tuple[str, ...], replications: int
) -> None:
    checks, path = validator(madoguchi, "comparison"), desk(tmp_path, *TARGETS)
    ran = madoguchi(
        *(path if one == "DESK" else one for one in arguments),
        *("--replications", replications, "--workers", 1, "--quiet", "--json", "--out", tmp_path / "out"),
    )
    found = json.loads(ran.out)
    checks.validate(found)
    name = "sensitivity.json" if arguments[0] == "sensitivity" else "comparison.json"
    assert json.loads((tmp_path / "out" / name).read_text(encoding="utf-8")) == found
    found["differences"][0]["significant"] = "perhaps"
    with pytest.raises(ValidationError):
        checks.validate(found)


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
