"""Random scenarios on whole minutes: talks, waits, delays and arrivals end and begin together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random

Tree = dict[str, Any]

UNEVEN = ("pace", "speed_cv", "ramp")
"""What makes a group's talks last other than whole minutes."""


def on_the_minute(r: random.Random, tree: Tree) -> None:
    """Let almost every duration of a scenario be whole minutes, and every contact come on a whole minute."""
    for section in ("assists", "history", "demand", "incidents"):
        tree.pop(section, None)
    for group in tree["agent_groups"].values():
        for key in UNEVEN:
            group.pop(key, None)
        for slots in group.get("slots", {}).values():
            slots.pop("handle_time", None)
            slots["pace"] = ["100 %", "50 %", "25 %"][: slots["limit"]]
    halves = (f"{hour:02d}:00-{hour:02d}:28, {hour:02d}:30-{hour:02d}:58" for hour in range(8, 13))
    tree["opening_hours"]["office"] = {"mon-sun": ", ".join(halves)}
    for channel in tree["channels"].values():
        if channel["waiting"] == "live" and r.random() < 0.8:
            channel.update(open="office", at_closing="clear")
    for stage in tree.get("self_service", {}).values():
        stage.pop("harder_rest", None)
    for kind in tree["contact_types"].values():
        kind["arrivals"] = {channel: {"log": _log(r)} for channel in kind["arrivals"]}
    for section in ("channels", "contact_types", "self_service", "tiers", "agent_groups"):
        for value in tree.get(section, {}).values():
            _round(r, value)


def _log(r: random.Random) -> list[Tree]:
    """Return contacts that come from eight to noon, some of them together."""
    minutes = sorted(r.randint(8 * 60, 12 * 60) for _ in range(r.randint(20, 80)))
    return [{"time": f"{minute // 60:02d}:{minute % 60:02d}:00"} for minute in minutes]


def _whole(r: random.Random, minutes: int) -> str:
    """Return whole minutes; now and then a millisecond less, so that something comes just before something else."""
    return f"{minutes * 60_000 - 1} ms" if minutes and r.random() < 0.06 else f"{minutes} min"


def _round(r: random.Random, value: Any) -> None:
    """Put constants of minutes for distributions, and minutes for seconds, all the way down."""
    for key, child in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(child, dict) and ("distribution" in child or "mixture" in child):
            value[key] = {"distribution": "constant", "mean": _whole(r, r.choice((0, 1, 1, 2, 3, 5)))}
        elif isinstance(child, str) and child.endswith(" s"):
            value[key] = _whole(r, max(1, round(float(child[:-2]) / 60)))
        elif isinstance(child, dict | list):
            _round(r, child)
