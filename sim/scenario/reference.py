"""`scenarios/README.md`: the shipped scenarios, and the language reference with an example of every key from them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args, get_origin

from sim.scenario import shape
from sim.scenario.errors import Key
from sim.scenario.json_schema import json_schema
from sim.scenario.kinds import kind_words, name_of
from sim.scenario.load import load
from sim.scenario.measure_names import MEASURES
from sim.scenario.model.distribution import Component, Distribution
from sim.scenario.model.section import Section, documentation
from sim.scenario.schema import Scenario
from sim.scenario.uses import OWN, uses
from sim.scenario.yaml_text import read_yaml
from sim.scenario.yaml_write import flow, flow_key

FOLDER: Final = Path(__file__).parents[2] / "scenarios"
LONGEST_EXAMPLE: Final = 150
"""Characters, above which the example of a section is left to its keys."""
OF_EXCEL: Final = ((Distribution, "sheet"),)
"""Keys that no shipped scenario can use without further packages."""
INTRODUCTION: Final = """\
# Scenarios, and the language they are written in

Written by `python -m sim.scenario.reference` from the shipped scenarios and the schema; do not edit it by hand.

Run one with `madoguchi run scenarios/FILE`, one of its variants with `--variant NAME`, a change of your own with
`--set PATH=VALUE`. Each file says which of its figures come from where and which are assumed.
"""
PLANNED: Final = """\
These say what may change (`plan:`), so that `madoguchi plan scenarios/FILE` finds the cheapest headcounts that keep
every target. What it found with seed 1, if no other is named, confirmed on replications that the search had not seen;
times are CPU time of one process.
"""
READING: Final = """\
## The language

One table a section. *Takes* is the type of the value with its unit and what is allowed. *Default* is what holds when
the key is left out, with where it comes from in brackets; one without brackets switches nothing on, or changes nothing.
Each example stands in a shipped scenario. Names in capitals are of your own choice.

- A **duration** has its unit: `250 ms`, `20 s`, `6 min`, `1 h 30 min`, `4 h`, `30 days`, `4 weeks`. A **share** or
  **factor** is `52 %` or `0.52`. **Weekdays** are `mon-fri`, `sat-sun`, `fri-tue` or `mon,wed`; rows of a week may have
  one more for `holidays`. **Times of day** are quoted: `"09:00"`. **Dates** are `2026-04-06`. **Money** is in the
  scenario's currency; a month is 30.4375 days.
- Where a table says that a value is a *distribution*, a plain duration means a constant.
- A table of numbers in a file is named as `{file: NAME}` with `column:` and, of an Excel file, `sheet:` where needed.
"""
MEASURED: Final = """\
## Measures

What a target may be about: any of one list of keys may narrow it. *Within*: whether it takes a deadline.
`sim.Result.definition(NAME)` in Python gives its definition in words.
"""


@dataclass(frozen=True)
class Part:
    """A section of the language at the first place where it may stand."""

    section: type[Section]
    title: str

    @property
    def fields(self) -> list[str]:
        """The fields that it adds to the section it is made from."""
        inherited = Distribution.model_fields if self.section is Component else {}
        return [name for name in self.section.model_fields if name not in inherited]


@dataclass(frozen=True)
class Example:
    """A key as a scenario says it, on one line."""

    text: str
    file: Path
    path: Key
    """Where in the scenario."""


def write_reference() -> None:
    """Write `scenarios/README.md` anew."""
    (FOLDER / "README.md").write_text(reference(FOLDER), encoding="utf-8")


def reference(folder: Path) -> str:
    """Give the text of a folder's README: its scenarios and the language, with examples from these."""
    scenarios = shipped(folder)
    found, base = examples(scenarios), _extended(folder)
    lines = [INTRODUCTION, *_listed(scenarios), "", *_planned(scenarios), READING]
    for part in parts():
        lines += [f"### {part.title}", "", _about(part.section), ""]
        lines += ["| key | takes | default | meaning | example |", "| --- | --- | --- | --- | --- |"]
        if part.section is Scenario:
            described = json_schema()["properties"]["extends"]["description"]
            lines.append(_row("`extends`", "scenario file, relative to this one", described, base))
        lines += [_key_row(part.section, field, found) for field in part.fields]
        lines.append("")
    return "\n".join([*lines, *_measures()]) + "\n"


def shipped(folder: Path) -> dict[Path, Scenario]:
    """Load every scenario of a folder, by file."""
    return {path: load(path) for path in sorted(folder.glob("*.yaml"))}


def examples(scenarios: Mapping[Path, Scenario]) -> dict[tuple[Any, str], Example]:
    """Give the shortest example of every key that scenarios use."""
    found: dict[tuple[Any, str], Example] = {}
    for path, scenario in scenarios.items():
        for use in uses(scenario):
            text = f"{flow_key(use.path[-1])}: {flow(use.node.plain())}"
            if use.key not in found or len(text) < len(found[use.key].text):
                found[use.key] = Example(text, path, use.path)
    return found


def parts() -> Iterator[Part]:
    """Give every section of the language once, from the outside in, those of distributions last."""
    yield Part(Scenario, "A scenario")
    yield from _below(Scenario, "", {Scenario, Distribution, Component})
    yield Part(Distribution, "Distributions")
    yield Part(Component, "Distributions: a part of a mixture")


def _below(section: type[Section], at: str, seen: set[Any]) -> Iterator[Part]:
    for name, field in shape.fields_of(section).items():
        kind, title = shape.field_type(field), f"{at}{name}"
        if name == OWN:
            kind, title = get_args(kind)[1], f"{at}on_CHANNEL"
        while get_origin(shape.bare(kind)) in (dict, tuple):
            kind = shape.bare(kind)
            named = get_origin(kind) is dict
            title += f".{_capitals(name_of(get_args(kind)[0]))}" if named else "[]"
            kind = get_args(kind)[1 if named else 0]
        kind = shape.bare(kind)
        if shape.is_section(kind) and kind not in seen:
            seen.add(kind)
            yield Part(kind, title)
            yield from _below(kind, f"{title}.", seen)


def _capitals(noun: str) -> str:
    return noun.upper().replace(" ", "_")


def _about(section: type[Section]) -> str:
    text = " ".join((section.__doc__ or "").split())
    return text.partition(" Made by `sim.scenario.load`")[0]


def _key_row(section: type[Section], name: str, found: Mapping[tuple[Any, str], Example]) -> str:
    field = shape.fields_of(section)[name]
    kind = shape.field_type(field)
    example = found[section, name].text if (section, name) in found else ""
    if len(example) > LONGEST_EXAMPLE and _has_sections(kind):
        example = ""
    if name == OWN:
        return _row("`on_CHANNEL`", kind_words(get_args(kind)[1]), documentation(section)[name], example)
    text = documentation(section)[name]
    if field.is_required() and "Default: " not in text:
        text = f"{text} Default: required."
    return _row(f"`{name}`", kind_words(kind), text, example)


def _has_sections(kind: Any) -> bool:
    """Tell whether the keys of a value have rows of their own."""
    kind = shape.bare(kind)
    if get_origin(kind) in (dict, tuple):
        return any(_has_sections(inner) for inner in get_args(kind))
    return shape.is_section(kind) and not issubclass(kind, Distribution)


def _row(key: str, takes: str, text: str, example: str) -> str:
    meaning, _, default = text.partition("Default: ")
    cells = [key, takes, default.strip().rstrip("."), meaning.strip(), f"`{example}`" if example else "below"]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _listed(scenarios: Mapping[Path, Scenario]) -> list[str]:
    """List the scenarios with the question that each opens with, and its variants."""
    lines = ["| scenario | question | what if (variants) |", "| --- | --- | --- |"]
    for path, scenario in scenarios.items():
        variants = ", ".join(f"`{name}`" for name in scenario.variants) or "–"
        lines.append(f"| [{path.name}]({path.name}) | {question(path)} | {variants} |")
    return lines


def _planned(scenarios: Mapping[Path, Scenario]) -> list[str]:
    """List what the scenarios say that `plan` has made of them."""
    said = {path: plan_found(path) for path in scenarios}
    lines = [f"| [{path.name}]({path.name}) | {text} |" for path, text in said.items() if text]
    return [PLANNED, "| scenario | what `madoguchi plan` found |", "| --- | --- |", *lines, ""] if lines else []


def plan_found(path: Path) -> str:
    """Give what a scenario file says of its plan: the comment that begins with `# Planned:`."""
    found = re.search(r"^# Planned: (.*(?:\n# .*)*)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return "" if found is None else found[1].replace("\n# ", " ")


def _measures() -> list[str]:
    """List what targets and tolerances may name."""
    lines = [MEASURED, "| measure | value | told apart by | within |", "| --- | --- | --- | --- |"]
    for name, measure in sorted(MEASURES.items()):
        by = "; or ".join(", ".join(f"`{key}`" for key in keys) or "nothing" for keys in measure.by)
        unit = "share; duration without `within`" if measure.within == "may" else measure.unit
        lines.append(f"| `{name}` | {unit} | {by} | {measure.within} |")
    return lines


def question(path: Path) -> str:
    """Give the sentence that a scenario file opens with."""
    lines = path.read_text(encoding="utf-8").split("\n")
    comment = " ".join(line.removeprefix("#").strip() for line in lines if line.startswith("#"))
    return re.split(r"(?<=[.!?])\s", comment, maxsplit=1)[0]


def _extended(folder: Path) -> str:
    """Give an example of `extends`, which is gone once a scenario is loaded."""
    for path in sorted(folder.glob("*.yaml")):
        base = read_yaml(path.read_bytes(), path.name, folder).child("extends")
        if base is not None:
            return f"extends: {flow(base.plain())}"
    return ""


if __name__ == "__main__":
    write_reference()
