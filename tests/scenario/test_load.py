"""Bases, overrides, variants, copies and the hash of a scenario."""

import copy
import pickle
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from sim.scenario.errors import ScenarioError
from sim.scenario.load import load, loads
from sim.scenario.names import Names
from tests.scenario.desk import DESK, changed


def refusal(text: str = DESK, **options: object) -> str:
    with pytest.raises(ScenarioError) as refused:
        loads(text, **options)  # type: ignore[arg-type]
    return str(refused.value)


def test_an_override_changes_one_value() -> None:
    """The others stay; numbers and texts are read as YAML."""
    scenario = loads(DESK, ["agent_groups.experts.headcount=7", "channels.phone.patience.mean=4 min"])
    assert scenario.agent_groups["experts"].headcount == 7
    assert scenario.channels["phone"].patience == loads(changed("3 min", "4 min")).channels["phone"].patience


def test_an_override_makes_the_sections_on_its_way() -> None:
    """`demand.scale` of a file without `demand`."""
    assert loads(DESK, ["demand.scale=110 %"]).demand.scale == 1.1


def test_an_override_reaches_into_lists() -> None:
    """By position, from 0."""
    assert loads(DESK, ["targets.0.at_least=85 %"]).targets[0].at_least == 0.85


def test_an_override_may_be_a_mapping() -> None:
    """In braces, or as Python data."""
    braces = loads(DESK, ["channels.phone.patience={distribution: constant, mean: 1 min}"])
    data = loads(DESK, {"channels.phone.patience": {"distribution": "constant", "mean": "1 min"}})
    assert braces.channels == data.channels


def test_null_removes_a_key() -> None:
    """Which must be there."""
    assert loads(DESK, ["channels.phone.patience=null"]).channels["phone"].patience is None
    assert "there is no such key" in refusal(overrides=["channels.phone.callback=null"])


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("demand.scael=1", "--set demand.scael=1: demand.scael: unknown key; did you mean 'scale'?"),
        ("agent_groups.expert.headcount=1", "agent_groups.expert: there is no such key; did you mean 'experts'?"),
        ("name=[]", "--set name=[]: name\n  got a list, must be a text"),
        ("targets.4.at_least=1", "got '4', must be a position from 0 to 0 of the list"),
        ("name.first=x", "name is 'Desk', which has no keys of its own; change name as a whole"),
        ("demand.scale", "must be path=value"),
        ("demand.scale=", "has no value; write null to remove"),
        ("demand..scale=1", "must be a dotted path"),
        ("demand.scale={", "not YAML"),
        ("tiers.desk=[]", "--set tiers.desk=[]: tiers.desk\n  got a list, must be a mapping"),
    ],
)  # fmt: skip
def test_a_bad_override_points_at_itself(setting: str, said: str) -> None:
    """Not at the file, whose line is innocent."""
    assert said in refusal(overrides=[setting])


def test_a_target_on_a_line_has_no_keys_to_override() -> None:
    """It can be replaced by another line, or written as a mapping."""
    text = changed("{measure: service_level, channel: phone, within: 20 s, at_least: 80 %}", '"abandonment <= 5 %"')
    said = "targets.0 is 'abandonment <= 5 %', which has no keys of its own; change targets.0 as a whole, such as "
    assert f"{said}targets.0='abandonment <= 5 %', or write" in refusal(text, overrides=["targets.0.at_most=4 %"])
    assert loads(text, ["targets.0='abandonment <= 4 %'"]).targets[0].at_most == 0.04


def test_all_bad_overrides_are_told_at_once() -> None:
    """In their order."""
    told = refusal(overrides=["demand.scale=", "nonsense"]).splitlines()
    assert [line.split(":")[0] for line in told] == ["--set demand.scale=", "--set nonsense"]


def test_a_file_is_laid_over_its_base(tmp_path: Path) -> None:
    """Mappings are merged, lists and values replaced, null removes; places stay with the file that wrote them."""
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "desk.yaml").write_text(DESK, encoding="utf-8")
    file = tmp_path / "busy.yaml"
    file.write_text(
        "extends: base/desk.yaml\nname: Busy\nchannels: {phone: {lines: 9, patience: null}}\ntargets: []\n",
        encoding="utf-8",
    )
    scenario = load(file)
    assert (scenario.name, scenario.channels["phone"].lines, scenario.channels["phone"].open) == ("Busy", 9, "office")
    assert scenario.channels["phone"].patience is None
    assert scenario.targets == ()
    with pytest.raises(ScenarioError, match=r"base/desk\.yaml:7:17: channels\.phone\.open: unknown opening hours"):
        load(file, ["opening_hours={other: {mon: closed}}", "channels.email.clock=other"])


def test_a_table_of_a_base_is_beside_the_base(tmp_path: Path) -> None:
    """Wherever the file that extends it is."""
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "week.csv").write_text("weekday,time,weight\nmon,09:00,2\n", encoding="utf-8")
    (tmp_path / "base" / "desk.yaml").write_text(
        changed('{mon-sun: {"00:00": 1}}', "{file: week.csv}"), encoding="utf-8"
    )
    (tmp_path / "top.yaml").write_text("extends: base/desk.yaml\n", encoding="utf-8")
    assert load(tmp_path / "top.yaml").profiles["flat"].rows[0] == ((9 * 3_600_000, 2.0),)


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("top.yaml", "in a circle: top.yaml → top.yaml"),
        ("middle.yaml", "in a circle: top.yaml → middle.yaml → top.yaml"),
        ("midle.yaml", "there is no file 'midle.yaml'; did you mean 'middle.yaml'?"),
        ("../top.yaml", "leaves the scenario's folder"),
        ("[middle.yaml]", "got a list, must be the name of a scenario file"),
    ],
)
def test_a_base_that_cannot_be_had_is_refused(base: str, said: str, tmp_path: Path) -> None:
    """With the place of the key's value."""
    (tmp_path / "middle.yaml").write_text("extends: top.yaml\n", encoding="utf-8")
    (tmp_path / "top.yaml").write_text(f"format: 1\nextends: {base}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load(tmp_path / "top.yaml")
    assert said in str(refused.value)


def test_an_unknown_variant_is_refused() -> None:
    """With the ones that are there."""
    text = changed("targets:", "variants: {more: {demand.scale: 2}, less: {demand.scale: 0.5}}\ntargets:")
    assert "unknown variant 'mroe'; did you mean 'more'?" in refusal(text, variant="mroe")


def test_overrides_come_after_the_variant() -> None:
    """Who types has the last word."""
    text = changed("targets:", "variants: {more: {demand.scale: 2}}\ntargets:")
    assert loads(text, variant="more").demand.scale == 2
    assert loads(text, ["demand.scale=3"], variant="more").demand.scale == 3


def test_a_changed_copy_leaves_the_scenario_as_it_was() -> None:
    """And can be changed again."""
    scenario = loads(DESK)
    more = scenario.with_changes({"agent_groups.experts.headcount": 4}).with_changes({"demand.scale": "120 %"})
    assert (scenario.agent_groups["experts"].headcount, scenario.demand.scale) == (2, 1.0)
    assert (more.agent_groups["experts"].headcount, more.demand.scale) == (4, 1.2)
    with pytest.raises(ScenarioError, match="did you mean 'headcount'"):
        scenario.with_changes({"agent_groups.experts.headcnt": 4})


def test_a_scenario_cannot_be_changed_in_place() -> None:
    """It is immutable."""
    with pytest.raises(ValidationError):
        loads(DESK).name = "Other"


def test_a_scenario_prints_back_to_yaml() -> None:
    """Which loads to the same scenario."""
    scenario = loads(DESK, ["demand.scale=110 %"])
    again = loads(scenario.to_yaml())
    assert (again.tree, again.hash) == (scenario.tree, scenario.hash)


def test_a_scenario_survives_pickling() -> None:
    """Replications may run in other processes."""
    scenario = loads(DESK)
    assert pickle.loads(pickle.dumps(scenario)).hash == scenario.hash


def test_a_scenario_that_names_files_survives_pickling_and_copying() -> None:
    """A file's name knows the folder that it was written in."""
    scenario = load("scenarios/support_week.yaml")
    assert pickle.loads(pickle.dumps(scenario)).hash == scenario.hash
    again = copy.deepcopy(scenario).with_changes({"name": "a copy"})
    assert again.profiles == scenario.profiles


def test_a_table_of_a_base_in_another_folder_is_found_from_the_printed_scenario(tmp_path: Path) -> None:
    """What is printed loads to the same scenario beside the file that extended the base."""
    (tmp_path / "bases").mkdir()
    (tmp_path / "bases/week.csv").write_text("weekday,time,weight\nmon-sun,08:00,1\n", encoding="utf-8")
    base = (
        DESK.replace("profiles:", "profiles:\n  of_base: {file: week.csv}")
        if "profiles:" in DESK
        else (f"{DESK}\nprofiles: {{of_base: {{file: week.csv}}}}\n")
    )
    (tmp_path / "bases/base.yaml").write_text(base, encoding="utf-8")
    (tmp_path / "top.yaml").write_text("extends: bases/base.yaml\nname: top\n", encoding="utf-8")
    scenario = load(tmp_path / "top.yaml")
    assert loads(scenario.to_yaml(), folder=tmp_path).hash == scenario.hash


def test_the_values_as_written_are_plain() -> None:
    """Whoever works on the text with other tools gets texts that those know."""
    tree = load("scenarios/support_week.yaml").tree
    assert yaml.safe_load(yaml.safe_dump(tree)) == tree


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: Desk", "name: Desk      # a comment"),
        ("tier: desk", "tier: desk\n    pace: 100 %"),
        ("7 days", "1 week"),
        ("80 %, escalated: 15 %", "0.8, escalated: 0.15"),
        ("  email: {waiting: backlog, clock: office}", "  email: {clock: office, waiting: backlog}"),
        ("targets:", "variants: {more: {demand.scale: 2}}\ntargets:"),
    ],
)
def test_the_hash_stays_where_the_meaning_does(old: str, new: str) -> None:
    """Comments, defaults said aloud, other units and other orders of keys."""
    assert loads(changed(old, new)).hash == loads(DESK).hash


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("headcount: 2", "headcount: 3"),
        ("tiers: {desk: {}, experts: {}}", "tiers: {experts: {}, desk: {}}"),
        ("3 min", "181 s"),
        ("profile: flat", "profile: flat, interpolation: linear"),
    ],
)
def test_the_hash_changes_with_the_meaning(old: str, new: str) -> None:
    """The order of tiers included."""
    text = changed(old, new).replace(", escalated: 15 %", "")
    assert loads(text).hash != loads(DESK.replace(", escalated: 15 %", "")).hash


def test_the_hash_changes_with_the_files_it_names(tmp_path: Path) -> None:
    """Not only with the scenario's own text, nor only with the numbers read from them."""
    (tmp_path / "desk.yaml").write_text(changed('{mon-sun: {"00:00": 1}}', "{file: week.csv}"), encoding="utf-8")
    hashes = set()
    for weight in ("1", "2", "2.0"):
        (tmp_path / "week.csv").write_text(f"weekday,time,weight\nmon,09:00,{weight}\n", encoding="utf-8")
        hashes.add(load(tmp_path / "desk.yaml").hash)
    assert len(hashes) == 3


def test_parts_are_numbered_by_name_save_where_order_has_a_meaning() -> None:
    """Tiers and stages go by the file."""
    stage = "{channels: [phone], takes: 1 min, resolves: 0}"
    stages = f"self_service: {{ivr: {stage}, bot: {stage}}}"
    names = Names.of(loads(changed("tiers:", f"{stages}\ntiers:")))
    assert names.channels == ("email", "phone")
    assert names.groups == ("clerks", "experts")
    assert names.shifts == (("day",), ())
    assert names.tiers == ("desk", "experts")
    assert names.stages == ("ivr", "bot")
    assert names.languages == ()


def test_a_notebook_shows_a_scenario_with_its_text_escaped() -> None:
    """A name cannot smuggle in a script."""
    shown = loads(changed("name: Desk", "name: <script>alert(1)</script>"))._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """Without a traceback."""
    with pytest.raises(ScenarioError, match=r"nothing\.yaml: cannot be read: No such file"):
        load(tmp_path / "nothing.yaml")


def test_a_scenario_says_in_a_line_what_it_is() -> None:
    """Typed in a console it is not a wall of every value."""
    scenario = load("scenarios/tiny.yaml")
    assert repr(scenario) == str(scenario)
    assert repr(scenario).startswith(f"<Scenario {scenario.name!r}: time ")
    assert len(repr(scenario)) < 400


def test_what_is_no_path_and_what_is_no_text_is_refused_with_what_was_given() -> None:
    """For the analyst who passes the wrong thing."""
    with pytest.raises(TypeError, match="got 3, must be the path of a YAML file"):
        load(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="got None, must be the text of a scenario; load\\(\\) reads a file"):
        loads(None)  # type: ignore[arg-type]
