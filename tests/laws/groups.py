"""Random agent groups: rows, slots, speeds, the hours of their people, and the languages that they speak."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from tests.laws.words import duration, percent

if TYPE_CHECKING:
    import random

Tree = dict[str, Any]

PEOPLE = ("headcount", "staffing", "shifts")

ZONES = ("UTC", "Asia/Tokyo", "Europe/London", "America/New_York")


def _rows(r: random.Random, live: list[str], backlog: list[str], types: list[str], everything: bool) -> list[Tree]:
    rows: list[Tree] = []
    for channel in r.sample([*live, *backlog], len(live) + len(backlog)):
        if not everything and r.random() < 0.3:
            continue
        row: Tree = {"channels": [channel]}
        if not everything and r.random() < 0.3:
            row["contact_types"] = r.sample(types, r.randint(1, len(types)))
        if r.random() < 0.3:
            row["rank"] = r.randint(1, 4)
        if r.random() < 0.25:
            row["after"] = duration(r, 10, 300)
        if r.random() < 0.25:
            row["keep_free"] = r.randint(1, 2)
        if channel in backlog and r.random() < 0.6:
            row["interruptible"] = r.choice((True, "shared"))
        if r.random() < 0.3:
            row["order"] = "due_first"
            others = [name for name in (*live, *backlog) if name != channel]
            row["channels"] = [channel, *r.sample(others, r.randint(0, len(others)))]
            row.pop("interruptible", None)
        rows.append(row)
    return rows


def _speeds(r: random.Random) -> Tree:
    speeds: Tree = {}
    if r.random() < 0.3:
        speeds["pace"] = percent(r, 80, 130)
    if r.random() < 0.3:
        speeds["speed_cv"] = percent(r, 5, 40)
    if r.random() < 0.3:
        speeds["ramp"] = {
            "share_new": percent(r, 20, 100),
            "handle_time": ["150 %", "120 %"][: r.randint(1, 2)],
            "per": r.choice(("5 h", "12 h")),
        }
    return speeds


def random_group(
    r: random.Random, tier: str, live: list[str], backlog: list[str], types: list[str], *, everything: bool
) -> Tree:
    group: Tree = {"tier": tier, "cost": "30 per hour"}
    rows = _rows(r, live, backlog, types, everything)
    if rows and (not everything or r.random() < 0.8):
        group["serves"] = rows
    if r.random() < 0.5:
        limit = r.randint(2, 3)
        slots: Tree = {"limit": limit}
        if r.random() < 0.5:
            slots["pace"] = ["100 %", "85 %", "72 %"][:limit]
        elif r.random() < 0.5:
            slots["handle_time"] = ["240 s", "300 s", "400 s"][:limit]
        if r.random() < 0.5:
            slots["resolved_when_sharing"] = [0, -0.3, -0.8][:limit]
        group["slots"] = {r.choice([*live, *backlog]): slots}
    if r.random() < 0.4:
        group["shrinkage"] = {"absence": percent(r, 5, 30), "in_shift": percent(r, 5, 20)}
        if r.random() < 0.5:
            group["shrinkage"]["block"] = r.choice(("5 min", "30 min"))
    group |= _speeds(r)
    if r.random() < 0.2:
        group["zone"] = r.choice(ZONES)
    if r.random() < 0.3:
        group["overtime"] = {"pay": "150 %"}
    return group | _people(r)


def _people(r: random.Random) -> Tree:
    way = r.choice(("shifts", "shifts", "staffing", "headcount"))
    if way == "headcount":
        return {"headcount": r.randint(1, 4)}
    if way == "staffing":
        steps = {"00:00": (0, 1), "08:00": (1, 4), "10:30": (1, 3), "17:00": (0, 3)}
        return {"staffing": {"mon-sun": {time: r.randint(*bounds) for time, bounds in steps.items()}}}
    return {"shifts": _shifts(r)}


def _shifts(r: random.Random) -> Tree:
    early: Tree = {"days": "mon-sun", "hours": "07:00-14:00", "headcount": r.randint(1, 3)}
    if r.random() < 0.7:
        early["breaks"] = [{"length": "30 min", "between": "09:00-12:00"}]
    late: Tree = {"days": "mon-sun", "hours": "12:00-20:00", "headcount": r.randint(1, 2)}
    if r.random() < 0.4:
        late["breaks"] = [
            {"length": "45 min", "at": "15:00"},
            {"length": "15 min", "between": "17:00-19:00", "paid": True},
        ]
    shifts = {"early": early, "late": late}
    if r.random() < 0.3:
        night: Tree = {"days": "mon-sun", "hours": "21:00-07:00", "headcount": 1, "cost": "200 each"}
        night["breaks"] = [{"length": "30 min", "between": "00:30-03:00"}]
        shifts["night"] = night
    if r.random() < 0.25:
        # The break is nearly at the end: who begins it late still has it, or works, when the next shift begins.
        around: Tree = {"days": "mon-sun", "hours": "10:00-09:59", "headcount": r.randint(1, 2)}
        around["breaks"] = [{"length": "2 min", "at": "09:56"}]
        shifts["around"] = around
    return shifts


def add_alike(r: random.Random, tree: Tree) -> None:
    """Let some groups have others beside them that serve alike, with people of their own."""
    for name, group in list(tree["agent_groups"].items()):
        for place in r.choice(((), (), (), ("a",), ("z",), ("a", "m", "z"))):
            shared = {key: value for key, value in group.items() if key not in (*PEOPLE, "exceptions")}
            tree["agent_groups"][f"{place}_{name}"] = deepcopy(shared) | _people(r)


def add_languages(r: random.Random, tree: Tree) -> None:
    """Let types come in up to three languages, of which a tier's first group, which serves everything, speaks all."""
    if r.random() < 0.6:
        return
    for kind in tree["contact_types"].values():
        english, spanish = r.randint(0, 60), r.randint(0, 40)
        shares = {"ja": f"{100 - english - spanish} %", "en": f"{english} %", "es": f"{spanish} %"}
        languages = r.choice((None, {"ja": "100 %"}, {"en": "50 %", "ja": "50 %"}, shares))
        if languages is not None:
            kind["languages"] = languages
    for name, group in tree["agent_groups"].items():
        if name.endswith("_0"):
            group.update(r.choice(({}, {"languages": ["ja", "en", "es"]})))
        elif r.random() < 0.8:
            group["languages"] = r.sample(("en", "es", "ja"), r.randint(1, 2))
