"""Random words that say what is asked of a run, not what happens in it: targets, plans, variants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random

Tree = dict[str, Any]

SHARES = ("service_level", "abandonment", "occupancy", "first_response", "resolution")
NARROWED_BY = (
    ("channel", "channels"),
    ("contact_type", "contact_types"),
    ("tier", "tiers"),
    ("customer", "customers"),
    ("agent_group", "agent_groups"),
)


def add_promises(r: random.Random, tree: Tree) -> None:
    """Add targets, what the planner may change, tolerances, variants, and what reports print, to some scenarios."""
    if r.random() < 0.5:
        tree["targets"] = [_target(r, tree) for _ in range(r.randint(1, 3))]
    if r.random() < 0.1:
        tree |= {"description": "What comes of chance?", "currency": "EUR"}
        tree["regression"] = {"tolerance": {"service_level": "1 point", "cost": "2 %"}}
        tree["variants"] = {"busier": {"demand.scale": "110 %"}, "hurry": {"agent_groups.first_0.pace": "110 %"}}
    if r.random() < 0.15:
        tree["plan"] = _plan(r, tree)


def _target(r: random.Random, tree: Tree) -> Tree:
    target: Tree = {"measure": r.choice(SHARES)}
    if target["measure"] != "occupancy":
        target["within"] = r.choice(("20 s", "2 min", "4 h"))
    allowed = {"occupancy": ("tier", "agent_group"), "service_level": ("channel", "tier", "customer")}
    narrow = allowed.get(target["measure"], ("channel", "contact_type", "customer"))
    for key, section in NARROWED_BY:
        if key in narrow and tree.get(section) and r.random() < 0.3 and not {"tier", "agent_group"} & set(target):
            target[key] = r.choice(sorted(tree[section]))
    spoken = sorted({name for kind in tree["contact_types"].values() for name in kind.get("languages", ())})
    if spoken and target["measure"] != "occupancy" and r.random() < 0.4:
        target["language"] = r.choice(spoken)
    if target["measure"] == "abandonment":
        del target["within"]
    if target["measure"] == "service_level" and r.random() < 0.5:
        target["reading"] = r.choice(("offered", "answered", "short_out", "settled"))
    if target["measure"] in {"service_level", "abandonment", "first_response"} and r.random() < 0.3:
        target["attempt"] = r.choice(("first", "retry", "repeat"))
    bound = r.choice(("at_least", "at_most"))
    target[bound] = "50 %"
    if r.random() < 0.4:
        target["per"] = r.choice(("day", "hour", "interval"))
        if r.random() < 0.5:
            target["risk"] = "90 %"
    if r.random() < 0.2:
        target["floor"] = {"per": "hour", bound: "30 %"}
    if r.random() < 0.2:
        target |= {"warn": "55 %", "undecided": "pass"}
    return target


def _plan(r: random.Random, tree: Tree) -> Tree:
    plan: Tree = {"objective": r.choice(("cost", "headcount", "staff_hours"))}
    groups = tree["agent_groups"]
    in_shifts = [name for name, group in groups.items() if "shifts" in group]
    if in_shifts:
        plan["shifts"] = {name: r.choice(("all", {"early": "1..4"})) for name in in_shifts}
    others = {name: "1..5" for name in groups if name not in in_shifts}
    if others:
        plan["headcount"] = others
    plan["patterns"] = [
        {
            "group": r.choice(sorted(groups)),
            "lengths": ["4 h", "8 h"],
            "starts": "07:00-12:00",
            "every": "1 h",
            "days": ["mon-fri", "sat-sun"],
            "breaks": [{"length": "30 min", "between": "2 h-4 h", "paid": True}],
            "cost": "25 per hour",
            "headcount": "0..5",
            "at_most_share": "50 %",
        }
    ]
    return {**plan, "on_site": 20, "days_off": 2, "time_limit": "1 min"}
