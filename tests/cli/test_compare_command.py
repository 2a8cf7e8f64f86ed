"""The commands `compare` and `sweep`."""

import json
from pathlib import Path

import pytest

from tests.cli.calls import Command

MORE = "more:agent_groups.clerks.headcount=2"


def test_a_change_is_compared_with_its_base(madoguchi: Command, tiny: Path, tmp_path: Path) -> None:
    """The second call waits 60 s for one agent and not at all for two: 50 % within 20 s, then 100 %."""
    ran = madoguchi("compare", tiny, "--change", MORE, "--replications", 2, "--out", tmp_path / "out")
    assert ran.status == 0
    assert "more beside tiny" in ran.out
    assert "+50 points ± 0 *" in ran.out
    assert (tmp_path / "out" / "differences.csv").read_text(encoding="utf-8").startswith("scenario,measure,")
    assert json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))["base"] == "tiny"


def test_files_and_variants_stand_beside_the_base(madoguchi: Command, tiny: Path, tmp_path: Path) -> None:
    tiny.write_text(f"{tiny.read_text()}variants: {{two: {{agent_groups.clerks.headcount: 2}}}}\n", encoding="utf-8")
    other = tmp_path / "other.yaml"
    other.write_text(tiny.read_text(), encoding="utf-8")
    ran = madoguchi("compare", tiny, other, "--variant", "two", "--replications", 2, "--json")
    found = json.loads(ran.out)
    assert [one["name"] for one in found["scenarios"]] == ["tiny", "other", "two"]
    differences = {(one["scenario"], one["within_s"]): one["difference"] for one in found["differences"]}
    assert (differences["other", 20.0], differences["two", 20.0]) == (0.0, 0.5)


def test_a_sweep_prints_its_points(madoguchi: Command, tiny: Path) -> None:
    ran = madoguchi("sweep", tiny, "agent_groups.clerks.headcount=1,2", "--replications", 2)
    assert ran.status == 0
    assert "1 point beside headcount=1" in ran.out
    assert "headcount: agent_groups.clerks.headcount" in ran.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["compare", "TINY"], "nothing to compare with: name another FILE, --variant NAME, or --change"),
        (["compare", "TINY", "--change", "x"], "--change: got 'x', must be NAME:PATH=VALUE such as"),
        (["compare", "TINY", "--change", "tiny:currency=USD"], "two scenarios are called 'tiny'; give another name"),
        (["compare", "TINY", "--change", MORE, "--measure", "cots"], "unknown measure 'cots'; did you mean 'cost'?"),
        (["compare", "TINY", "--change", MORE, "--by", "channel"], "--by, --within and --where narrow what --measure"),
        (["compare", "TINY", "--change", MORE, "--measure", "cost", "--where", "x"], "--where: got 'x', must be NAME="),
        (["compare", "TINY", "--change", "more:agent_groups.clerk.headcount=2"], "did you mean 'clerks'?"),
        (["compare", "TINY", "--change", "a:tiers=1"], "--change a:tiers=1: tiers\n  got 1, must be a mapping"),
        (["compare", "TINY", "--change", "a:currency=EUR", "--set", "tiers=1"], "--set tiers=1: tiers\n  got 1"),
        (["sweep", "TINY", "demand.scale"], "got 'demand.scale', must be PATH=A,B,C such as demand.scale=90 %,110 %"),
        (["sweep", "TINY", "demand.scale=[1"], "demand.scale=[1: not YAML"),
        (["sweep", "TINY", "demand.scale=2", "demand.scale=3"], "demand.scale is there twice; name all its values"),
        (["sweep", "TINY", "demand.scale=lots"], "got 'lots', must be a factor above 0 such as 110 %"),
    ],
)
def test_bad_input_is_said_with_what_to_do(madoguchi: Command, tiny: Path, arguments: list[str], message: str) -> None:
    ran = madoguchi(*(str(tiny) if one == "TINY" else one for one in arguments))
    assert ran.status == 2
    assert message in ran.err
    assert ran.out == ""


def test_a_fault_of_the_program_is_no_bad_input(
    madoguchi: Command, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ValueError that is no refusal ends with the status of an internal error."""

    def fault(*_: object, **__: object) -> None:
        raise ValueError("could not broadcast")

    monkeypatch.setattr("sim.experiment.compare.compare", fault)
    ran = madoguchi("compare", tiny, "--change", MORE)
    assert (ran.status, "internal error: ValueError: could not broadcast" in ran.err) == (70, True)


def test_sensitivity_prints_a_table_a_figure(madoguchi: Command, tiny: Path, tmp_path: Path) -> None:
    """Calls of two minutes and one: of half the length, both are answered in time."""
    ran = madoguchi("sensitivity", tiny, "--vary", "handle_time=50%,150%", "--replications", 2, "--out", tmp_path / "s")
    assert ran.status == 0
    assert "handle time, one at a time, beside the scenario as it stands" in ran.out
    assert json.loads((tmp_path / "s" / "sensitivity.json").read_text(encoding="utf-8"))["factors"] == {
        "handle_time": [0.5, 1.5]
    }
    assert "low_difference" in (tmp_path / "s" / "sensitivity.csv").read_text(encoding="utf-8")
    assert madoguchi("sensitivity", tiny, "--vary", "handle").err.startswith("unknown factor 'handle'; did you mean")


def test_differences_are_drawn_into_a_folder(madoguchi: Command, tiny: Path, tmp_path: Path) -> None:
    ran = madoguchi("compare", tiny, "--change", MORE, "--replications", 2, "--figures", tmp_path / "drawn")
    assert (ran.status, ran.err) == (0, f"wrote {tmp_path / 'drawn'}\n")
    assert [path.name for path in (tmp_path / "drawn").iterdir()] == ["differences.png"]
    ran = madoguchi("sweep", tiny, "demand.scale=50 %,100 %", "--replications", 2, "--figures", tiny)
    assert (ran.status, ran.err) == (2, f"--figures {tiny}: is a file; name a folder that you may write to\n")


def test_a_sensitivity_is_drawn_into_a_folder(madoguchi: Command, tiny: Path, tmp_path: Path) -> None:
    vary = ["sensitivity", tiny, "--vary", "handle_time=50%,150%", "--replications", 2, "--figures", tmp_path / "drawn"]
    ran = madoguchi(*vary)
    assert (ran.status, ran.err) == (0, f"wrote {tmp_path / 'drawn'}\n")
    assert [path.name for path in (tmp_path / "drawn").iterdir()] == ["sensitivity.png"]
    ran = madoguchi(*vary, "--per", "hour")
    assert ran.status == 2
    assert ran.err == "--figures draws sensitivity over the run, not per hour; leave --per or --figures out\n"
