"""The examples for CI do what README.md says, as far as that can be shown without GitHub."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.check.desks import desk
from tests.cli.calls import Command
from tests.cli.conftest import compiled_engine, madoguchi
from tests.readme import README

__all__ = ["compiled_engine", "madoguchi"]

ROOT = README.parent
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}


def example(name: str) -> Any:
    """Give an example of README.md as data."""
    text = README.read_text(encoding="utf-8").partition(f"<!-- ci-example: {name} -->\n```yaml\n")[2]
    return yaml.safe_load(text.partition("```")[0])


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a scenario that keeps its target."""
    (tmp_path / "scenarios").mkdir()
    desk(tmp_path / "scenarios", "offered >= 100")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_commands_of_the_job_pass_and_write_what_it_uploads(project: Path, madoguchi: Command) -> None:
    steps = example("github")["jobs"]["check"]["steps"]
    commands = [step["run"] for step in steps if "run" in step]
    assert commands[0] == "pip install madoguchi"
    for command in commands[1:]:
        program, *arguments = shlex.split(command)
        assert program == "madoguchi"
        assert madoguchi(*arguments, "--workers", 1).status == 0
    (upload,) = (step for step in steps if "upload-artifact" in step.get("uses", ""))
    assert (project / upload["with"]["path"]).exists()


def test_the_hooks_of_pre_commit_pass_on_the_files_that_they_choose(project: Path, madoguchi: Command) -> None:
    for hook in example("pre-commit")["repos"][0]["hooks"]:
        found = HOOKS[hook["id"]]
        files = [path for path in ("scenarios/desk.yaml", "README.md") if re.search(found["files"], path)]
        assert files == ["scenarios/desk.yaml"]
        named = files if found.get("pass_filenames", True) else []
        program, *arguments = shlex.split(found["entry"])
        assert program == "madoguchi"
        assert madoguchi(*arguments, *found.get("args", ()), *named).status == 0
