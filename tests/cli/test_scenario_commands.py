"""`init`, `validate`, `show` and `schema`, as people call them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli.scenario_commands import TEMPLATES
from sim.measure.lint import lint
from sim.scenario.load import load
from tests.cli.calls import Command

HEAVY = ("numpy", "scipy", "pandas", "matplotlib", "numba", "simpy", "holidays")


def test_a_sound_scenario_is_ok(madoguchi: Command, tiny: Path) -> None:
    """With what is in it, on one line."""
    ran = madoguchi("validate", tiny)
    assert (ran.status, ran.out) == (
        0,
        f"{tiny}: ok: 1 contact type, 1 channel, 1 tier, 1 agent group, 2 targets\n",
    )


def test_problems_are_printed_with_their_place(madoguchi: Command, tiny: Path) -> None:
    """All of them, on the error stream, and the exit status says bad input."""
    tiny.write_text(
        tiny.read_text(encoding="utf-8").replace("length: 1 h", "length: 1 hr").replace("headcount: 1", "headcount: -1")
    )
    ran = madoguchi("validate", tiny)
    assert (ran.status, ran.out) == (2, "")
    assert f"{tiny}:4:35: time.length\n  got '1 hr', must be a duration" in ran.err
    assert f"{tiny}:15:48: agent_groups.clerks.headcount\n  got -1, must be a whole number" in ran.err
    assert ran.err.endswith(f"{tiny}: 2 problems\n")


def test_one_bad_file_of_several_does_not_hide_the_others(madoguchi: Command, tiny: Path) -> None:
    """Each has its own line."""
    ran = madoguchi("validate", tiny, tiny.with_name("nothing.yaml"))
    assert ran.status == 2
    assert "tiny.yaml: ok" in ran.out
    assert "nothing.yaml: cannot be read" in ran.err


def test_overrides_and_variants_are_validated(madoguchi: Command, tiny: Path) -> None:
    """What is typed is checked as what is written."""
    ran = madoguchi("validate", tiny, "--set", "agent_groups.clerks.headcnt=2")
    assert ran.status == 2
    assert (
        "--set agent_groups.clerks.headcnt=2: agent_groups.clerks.headcnt: unknown key; did you mean 'headcount'?"
        in ran.err
    )
    assert madoguchi("validate", tiny, "--set", "agent_groups.clerks.headcount=2").status == 0
    assert madoguchi("validate", tiny, "--variant", "more").status == 2


def test_show_prints_the_scenario_with_its_overrides(madoguchi: Command, tiny: Path) -> None:
    """As YAML; with --resolved every value and where it comes from."""
    ran = madoguchi("show", tiny, "--set", "demand.scale=110 %")
    assert ran.status == 0
    assert "demand:\n  scale: 110 %\n" in ran.out
    ran = madoguchi("show", tiny, "--resolved", "--set", "demand.scale=110 %")
    assert "# --set demand.scale=110 %" in ran.out
    assert f"# {tiny}:4" in ran.out


def test_schema_prints_json_schema(madoguchi: Command) -> None:
    """For editors."""
    assert json.loads(madoguchi("schema").out)["title"] == "madoguchi scenario"


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_is_a_sound_scenario_that_can_be_run(template: str, madoguchi: Command, tmp_path: Path) -> None:
    """It opens with the question it answers, and its variants are sound."""
    file = tmp_path / "desk.yaml"
    ran = madoguchi("init", template, "--out", file)
    assert ran.status == 0
    assert str(file) in ran.out
    assert file.read_text(encoding="utf-8").splitlines()[0].endswith("?")
    scenario = load(file)
    assert scenario.targets
    for name in scenario.variants:
        assert scenario.variant(name).hash != scenario.hash
    assert lint(scenario) == []
    assert list(tmp_path.iterdir()) == [file]


def test_init_does_not_overwrite(madoguchi: Command, tiny: Path) -> None:
    """Unless it is told to."""
    before = tiny.read_text(encoding="utf-8")
    ran = madoguchi("init", "call-centre", "--out", tiny)
    assert ran.status == 2
    assert "--force" in ran.err
    assert tiny.read_text(encoding="utf-8") == before
    assert madoguchi("init", "call-centre", "--out", tiny, "--force").status == 0
    assert tiny.read_text(encoding="utf-8") != before


def test_an_unknown_template_is_refused(madoguchi: Command, tmp_path: Path) -> None:
    """With the one that may have been meant, and nothing is written."""
    ran = madoguchi("init", "supportdesk", "--out", tmp_path / "desk.yaml")
    assert (ran.status, ran.err) == (2, "unknown template 'supportdesk'; did you mean 'support-desk'?\n")
    assert list(tmp_path.iterdir()) == []


def test_validate_and_help_import_nothing_heavy(tiny: Path) -> None:
    """They answer at once: what takes long to import is imported where it is used."""
    code = (
        "import sys\n"
        "from sim.cli.main import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as end:\n"
        "    status = end.code\n"
        f"print([name for name in {HEAVY} if name in sys.modules], status)\n"
    )
    for arguments in (["validate", str(tiny)], ["--help"], ["show", "--resolved", str(tiny)]):
        ran = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
        assert ran.stdout.splitlines()[-1] == "[] 0"


def test_the_list_of_commands_says_whole_sentences(madoguchi: Command) -> None:
    """Each fits on the line of its command."""
    listed = madoguchi("--help").out.partition("Commands:\n")[2].strip().split("\n")
    assert len(listed) > 15
    assert [line for line in listed if not line.endswith(".") or line.endswith("...")] == []
