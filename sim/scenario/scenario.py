"""A validated scenario."""

from datetime import date
from pathlib import Path
from typing import Any

from pydantic import PrivateAttr, ValidationError

from sim.scenario import units
from sim.scenario.errors import Place, Problem, ScenarioError
from sim.scenario.quantities import Context
from sim.scenario.schema import Sections
from sim.scenario.tables import Tables
from sim.scenario.yaml_text import Placed

NAMED = ("channels", "contact_types", "customers", "tiers", "agent_groups", "profiles", "opening_hours")


class Scenario(Sections):
    """A validated scenario: its sections as attributes."""

    _tree: dict[str, Any] = PrivateAttr(default_factory=dict)


def context(tree: dict[str, Any], folder: Path | None) -> Context:
    names = {section: tuple(map(str, tree[section])) if isinstance(tree.get(section), dict) else () for section in NAMED}
    languages: dict[str, None] = {}
    for kind in tree["contact_types"].values() if isinstance(tree.get("contact_types"), dict) else ():
        if isinstance(kind, dict) and isinstance(kind.get("languages"), dict):
            languages.update(dict.fromkeys(kind["languages"]))
    for group in tree["agent_groups"].values() if isinstance(tree.get("agent_groups"), dict) else ():
        if isinstance(group, dict) and isinstance(group.get("languages"), list):
            languages.update(dict.fromkeys(map(str, group["languages"])))
    time = tree.get("time")
    first_day: date | None = None
    if isinstance(time, dict):
        try:
            first_day = units.read_date(time.get("start"))
        except ValueError:
            first_day = None
    return Context({**names, "languages": tuple(languages)}, first_day, Tables(folder.resolve()) if folder else None)


def validated(placed: Placed, folder: Path | None) -> Scenario:
    tree = placed.data
    try:
        scenario = Scenario.model_validate(tree, context=context(tree, folder))
    except ValidationError as error:
        problems = []
        for one in error.errors():
            loc = one["loc"]
            if one["type"] == "faults":
                for fault in one["ctx"]["faults"]:
                    problems.append(Problem(Place("?"), ".".join(map(str, (*loc, *fault.at))), fault.message))
            else:
                problems.append(Problem(Place("?"), ".".join(map(str, loc)), one["msg"]))
        raise ScenarioError(problems) from None
    return scenario
