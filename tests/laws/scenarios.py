"""Random scenarios over the language that the engines simulate, small enough to check every rule contact by contact."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.scenario.load import loads
from tests.laws.groups import ZONES, add_alike, add_languages, random_group
from tests.laws.promises import add_promises
from tests.laws.ties import on_the_minute
from tests.laws.words import distribution, duration, percent

if TYPE_CHECKING:
    import random

    from sim import Scenario

Tree = dict[str, Any]

TABLES: Final = Path(__file__).parent / "tables"
"""The folder of the tables that random scenarios name."""

STARTS = ("2026-04-06", "2026-03-28", "2026-10-24", "2026-05-02")
HOURS = (
    "00:00-24:00",
    "08:00-20:00",
    "09:00-12:00, 13:00-17:00",
    "06:00-13:30",
    "08:00-09:30, 10:00-11:00, 11:30-15:00",
)


def random_loaded(r: random.Random) -> Scenario:
    """Return a random scenario, loaded."""
    return loads(json.dumps(random_scenario(r)), folder=TABLES)


def random_scenario(r: random.Random) -> Tree:
    """Return the tree of a random valid scenario of some hundred contacts; the tables that it names are in TABLES.

    One in seven keeps to whole minutes, so that events of different kinds fall on one instant.
    """
    live = r.sample(("phone", "chat", "line"), r.randint(1, 2))
    backlog = r.sample(("email", "form"), r.randint(0, 2))
    types = r.sample(("question", "fault", "order"), r.randint(1, 3))
    tiers = ["first", "second", "third"][: r.choice((1, 1, 2, 2, 3))]
    backlogs = {name: _backlog_channel(r, live) for name in backlog}
    inbound = [name for name in backlog if backlogs[name].get("direction") != "outbound"]
    tree: Tree = {
        "format": 1,
        "name": "random",
        "time": {
            "start": r.choice(STARTS),
            "length": r.choice(("12 h", "1 day", "2 days")),
            "zone": r.choice(ZONES),
            "interval": r.choice(("15 min", "30 min", "1 h")),
        },
        "opening_hours": {
            "office": {"mon-sun": r.choice(HOURS)},
            "long": {"mon-fri": "06:00-22:00", "sat-sun": "07:00-15:00"},
        },
        "channels": {name: _live_channel(r, [*live, *inbound]) for name in live} | backlogs,
        "profiles": {"hump": {"mon-sun": {"00:00": 0, "07:00": 1, "10:00": 4, "14:00": 2, "20:00": 0}}},
    }
    _add_days(r, tree)
    demand = _demand(r)
    if demand:
        tree["demand"] = demand
    if r.random() < 0.3:
        tree["incidents"] = [_incident(r, tree["time"]["start"], types) for _ in range(r.randint(1, 2))]
    tree["contact_types"] = {
        name: _contact_type(r, live, backlog, set(backlog) - set(inbound), tiers) for name in types
    }
    _add_to_types(r, tree, types, backlog)
    stages = _self_service(r, live, inbound, types)
    if stages:
        tree["self_service"] = stages
    tree["tiers"] = {name: _tier(r, first=name == tiers[0]) for name in tiers}
    tree["agent_groups"] = {}
    for tier in tiers:
        for number in range(r.randint(1, 2)):
            last = number == 0
            tree["agent_groups"][f"{tier}_{number}"] = random_group(r, tier, live, backlog, types, everything=last)
    _add_effects(r, tree)
    _add_helpers(r, tree, tiers)
    add_languages(r, tree)
    add_promises(r, tree)
    if r.random() < 0.15:
        on_the_minute(r, tree)
    add_alike(r, tree)
    if len(tiers) > 1 and r.random() < 0.3:
        _send_back(r, tree, tiers, live, backlog)
    return tree


def _add_days(r: random.Random, tree: Tree) -> None:
    """Add a warm-up, a window for repeats, and holidays with hours of their own."""
    if r.random() < 0.3:
        tree["time"]["warm_up"] = "2 h"
    if r.random() < 0.2:
        tree["time"]["repeat_window"] = "4 h"
    if r.random() < 0.2:
        ways: tuple[Tree, ...] = ({"country": "JP"}, {"country": "DE", "subdivision": "BY"})
        tree["holidays"] = r.choice((*ways, {"dates": [tree["time"]["start"]]}, {"dates": [tree["time"]["start"]]}))
        tree["opening_hours"]["office"]["holidays"] = r.choice(("closed", "10:00-15:00"))
        tree["profiles"]["hump"]["holidays"] = {"00:00": 0, "09:00": 1, "13:00": 0}


def _add_to_types(r: random.Random, tree: Tree, types: list[str], backlog: list[str]) -> None:
    """Add customer segments, cases that wait at the start, and types that reach the wrong desk."""
    if r.random() < 0.4:
        tree["customers"] = {"internal": {}, "premium": {"head_start": duration(r, 30, 600)}}
        for kind in tree["contact_types"].values():
            share = r.randint(0, 100)
            kind["customer"] = r.choice(("premium", {"internal": f"{share} %", "premium": f"{100 - share} %"}))
    for name in backlog:
        if r.random() < 0.4 and any(name in kind["arrivals"] for kind in tree["contact_types"].values()):
            waiting = {"waiting": r.randint(1, 12), "oldest": duration(r, 60, 90_000)}
            tree["channels"][name]["initial_backlog"] = waiting
    for name in types:
        if len(types) > 1 and r.random() < 0.4:
            to = r.choice([other for other in types if other != name])
            triage = distribution(r, 10, 180)
            tree["contact_types"][name]["misrouted"] = {"share": percent(r, 5, 60), "to": to, "triage": triage}


def _add_helpers(r: random.Random, tree: Tree, tiers: list[str]) -> None:
    """Let some groups help another tier, and some have another headcount on the first day."""
    for group in tree["agent_groups"].values():
        if "shifts" in group and r.random() < 0.2:
            day = tree["time"]["start"]
            group["exceptions"] = [{"date": day, "shift": "early", "headcount": r.randint(0, 3)}]
        if len(tiers) > 1 and r.random() < 0.35:
            row: Tree = {"tier": r.choice([tier for tier in tiers if tier != group["tier"]])}
            if r.random() < 0.6:
                row["after"] = duration(r, 10, 120)
            if r.random() < 0.4:
                row["keep_free"] = 1
            group["serves"] = [*group.get("serves", [{}]), row]


def _send_back(r: random.Random, tree: Tree, tiers: list[str], live: list[str], backlog: list[str]) -> None:
    """Let the second tier send back; the first takes that in any way, or as tickets beside other backlog."""
    first, second = tiers[:2]
    tree["tiers"][first] = _tier(r, first=False)
    for kind in tree["contact_types"].values():
        if first in kind["handling"] and second in kind["handling"]:
            kind["handling"][second].update(resolved="20 %", returned="40 %", returns=r.randint(1, 2))
    if backlog and r.random() < 0.7:
        tree["tiers"][first] = {"handover": "ticket"}
        rows: list[Tree] = [{"channels": live}, {"channels": backlog, "interruptible": r.choice((True, "shared"))}]
        for group in tree["agent_groups"].values():
            if group["tier"] == first:
                group.update(serves=rows, slots={name: {"limit": 2} for name in backlog})
                group.pop("languages", None)
                for shift in group.get("shifts", {}).values():
                    shift["headcount"] = 1


def _demand(r: random.Random) -> Tree:
    demand: Tree = {}
    if r.random() < 0.2:
        demand["busy_day_cv"] = percent(r, 5, 40)
    if r.random() < 0.25:
        demand["scale"] = r.choice(("40 %", "115 %", "230 %"))
    if r.random() < 0.2:
        demand["trend"] = r.choice(("5 % per week", "-10 % per week"))
    if r.random() < 0.2:
        demand["busy_correlation"] = percent(r, 10, 90)
    return demand


def _incident(r: random.Random, start: str, types: list[str]) -> Tree:
    when: Tree = {"start": f"{start} 08:30"} if r.random() < 0.5 else {"every": distribution(r, 3600, 20_000)}
    named = {"name": "outage"} if r.random() < 0.5 else {}
    struck = r.sample(types, r.randint(1, len(types)))
    return {
        **named,
        **when,
        "lasts": distribution(r, 600, 7200),
        "arrivals": {kind: r.choice(("0 %", "50 %", "300 %", "400 %")) for kind in struck},
    }


def _add_effects(r: random.Random, tree: Tree) -> None:
    """Add assists, history and pace's effect."""
    for name in r.sample(("templates", "coach"), r.choice((0, 0, 1, 2))):
        assist: Tree = {}
        for key in ("agent_groups", "channels", "contact_types", "tiers"):
            if r.random() < 0.3:
                assist[key] = r.sample(sorted(tree[key]), 1)
        for key in ("handle_time", "wrap_up"):
            if r.random() < 0.6:
                assist[key] = percent(r, 50, 130)
        if r.random() < 0.6:
            assist["resolved"] = r.choice((-0.5, 0.4, 1.0))
        if r.random() < 0.5:
            assist["cost"] = r.choice(("300 per month", "2 per hour", "0.5 per contact"))
        tree.setdefault("assists", {})[name] = assist
    if r.random() < 0.3:
        tree["history"] = {"shared": r.random() < 0.8, "escalated_handle_time": percent(r, 60, 95)}
        tree["history"]["repeat_handle_time"] = percent(r, 60, 95)
    if r.random() < 0.4:
        tree["quality"] = {"pace_effect": {"resolved": r.choice((-2.0, -0.5, 0.5))}}
    if r.random() < 0.3:
        weights = {"best": 4.6, "per_minute_waiting": -0.06, "per_hour_in_backlog": -0.03, "per_transfer": -0.25}
        own_weights = {**weights, "best": 4.2, "unresolved": -1.0, "abandoned": 1.2}
        own_weights = {key: own_weights[key] for key in r.sample(sorted(own_weights), r.randint(1, 4))}
        own = {f"on_{r.choice(sorted(tree['channels']))}": own_weights}
        tree.setdefault("quality", {}).update(
            satisfaction={**weights, "unresolved": -1.6, "abandoned": 1.5, **own},
            nps={"promoters_from": 4.5, "detractors_below": 3.5},
            churn={"dissatisfied_below": 2.5, "leaves": "45 %"},
        )


def _live_channel(r: random.Random, channels: list[str]) -> Tree:
    channel: Tree = {"waiting": "live"}
    if r.random() < 0.5:
        channel["open"] = r.choice(("office", "long"))
        channel["when_closed"] = r.choice(("refuse", "refuse", "wait", "self_service_only"))
        if r.random() < 0.8:
            channel["at_closing"] = "clear"
    if r.random() < 0.3:
        channel |= {"lines": r.randint(1, 6), "line_cost": r.choice(("20 per month", "0.1 per hour"))}
    if r.random() < 0.3:
        channel["queue_limit"] = r.randint(0, 4)
    if r.random() < 0.3:
        channel["balking"] = {"share": percent(r, 10, 60)}
        if r.random() < 0.3:
            channel["balking"]["when"] = "all_busy"
    if r.random() < 0.2:
        channel["short_abandon"] = duration(r, 5, 60)
    if r.random() < 0.8:
        channel["patience"] = distribution(r, 10, 600)
    if r.random() < 0.4:
        channel["silent"] = {"share": percent(r, 10, 100), "detected_after": duration(r, 5, 300)}
    if r.random() < 0.4:
        channel["callback"] = _callback(r)
    if r.random() < 0.5:
        channel["retry"] = _retry(r, channels)
    return channel


def _retry(r: random.Random, channels: list[str]) -> Tree:
    retry: Tree = {"share": percent(r, 30, 100), "after": distribution(r, 30, 1800)}
    if r.random() < 0.7:
        retry["attempts"] = r.randint(1, 3)
    if r.random() < 0.3:
        retry["channel"] = r.choice(channels)
    if r.random() < 0.4:
        causes = ("busy", "blocked", "closed", "abandoned", "disconnected", "not_reached")
        retry["when"] = r.sample(causes, r.randint(1, 3))
    if r.random() < 0.3:
        retry["patience"] = "kept"
    if r.random() < 0.3:
        retry["self_service"] = "skip"
    return retry


def _callback(r: random.Random) -> Tree:
    when: Tree = {"waiting": r.randint(0, 2)} if r.random() < 0.5 else {"expected_wait": duration(r, 10, 120)}
    callback: Tree = {"offered_when": when, "accepted": percent(r, 30, 100), **_dialling(r)}
    if r.random() < 0.5:
        callback["place"] = "after_live"
    if r.random() < 0.5:
        callback["promised_within"] = duration(r, 60, 3600)
    return callback


def _dialling(r: random.Random) -> Tree:
    dialling: Tree = {}
    if r.random() < 0.7:
        dialling["connects"] = percent(r, 20, 95)
    if r.random() < 0.5:
        dialling["dial"] = r.choice(("0 s", "5 s", "30 s"))
    if r.random() < 0.7:
        dialling["again_after"] = duration(r, 20, 1200)
    if r.random() < 0.5:
        dialling["tries"] = r.randint(1, 4)
    return dialling


def _backlog_channel(r: random.Random, live: list[str]) -> Tree:
    channel: Tree = {"waiting": "backlog"}
    if r.random() < 0.5:
        channel["due"] = duration(r, 60, 28800)
    if r.random() < 0.3:
        channel.update(direction="outbound", **_dialling(r))
        if r.random() < 0.6:
            channel["retry"] = {"share": percent(r, 30, 100), "after": distribution(r, 60, 1800)}
            if r.random() < 0.3:
                channel["retry"]["when"] = ["not_reached"]
    if r.random() < 0.5:
        channel["clock"] = "office"
    if r.random() < 0.4:
        exchanges = {"continues": percent(r, 10, 90), "customer_replies_after": distribution(r, 30, 7200)}
        channel["exchanges"] = exchanges | ({"limit": r.randint(1, 3)} if r.random() < 0.5 else {})
    if r.random() < 0.4:
        asking = {"handle_time": distribution(r, 10, 240)} if r.random() < 0.5 else {}
        after = {"after": duration(r, 60, 7200), "share": percent(r, 20, 100)}
        channel["chasers"] = {**after, "channel": r.choice(live), **asking}
    if r.random() < 0.3:
        channel["open"] = "long"
        channel["when_closed"] = r.choice(("wait", "refuse"))
    return channel


def _log(r: random.Random) -> list[Tree]:
    """Return contacts that came in the morning."""
    # Whole minutes, so that several contacts come at once and meet the ends of constant talks.
    entries = []
    for _ in range(r.randint(5, 40)):
        entry: Tree = {"time": f"{r.randint(8, 11):02d}:{r.randint(0, 59) // 3 * 3:02d}:00"}
        if r.random() < 0.6:
            entry["handle_time"] = f"{r.randint(0, 10)} min"
        if r.random() < 0.4:
            entry["wrap_up"] = f"{r.randint(0, 2)} min"
        if r.random() < 0.4:
            entry["patience"] = f"{r.randint(0, 5)} min"
        entries.append(entry)
    return sorted(entries, key=lambda entry: entry["time"])


def _arrivals(r: random.Random) -> Tree:
    way = r.choice((*("rate",) * 4, *("rates",) * 2, *("volume",) * 2, *("log",) * 4, "counts"))
    per_day = r.randint(50, 200)
    if way == "log":
        return {"log": _log(r)}
    if way == "counts":
        return {"counts": {"file": "counts.csv", "column": r.choice(("contacts", "calls"))}}
    if way == "rate":
        arrivals: Tree = {"rate": f"{per_day / 24:.3f} per hour"}
    elif way == "rates":
        arrivals = {
            "rates": {
                "mon-sun": {"00:00": "0 per hour", "08:00": f"{per_day // 8 + 1} per hour", "16:00": "1 per hour"}
            }
        }
    else:
        arrivals = {"volume": f"{per_day} per day", "profile": "hump"}
        if r.random() < 0.3:
            arrivals["interpolation"] = "linear"
    if r.random() < 0.3:
        arrivals["busy_day_cv"] = percent(r, 5, 40)
    if r.random() < 0.3:
        arrivals["busy_hour_cv"] = percent(r, 5, 60)
        if r.random() < 0.5:
            arrivals["busy_correlation"] = 0.5
    return arrivals


def _handling(r: random.Random, channels: list[str], last: bool) -> Tree:
    handling: Tree = {"handle_time": distribution(r, 30, 1200)}
    if r.random() < 0.5:
        handling["wrap_up"] = distribution(r, 5, 120)
    if not last:
        handling["resolved"] = percent(r, 20, 60)
        handling["escalated"] = percent(r, 10, 40)
    elif r.random() < 0.5:
        handling["resolved"] = percent(r, 50, 100)
    if r.random() < 0.3:
        handling["patience"] = distribution(r, 10, 900)
    if r.random() < 0.3:
        own: Tree = {"handle_time": distribution(r, 30, 600)}
        if r.random() < 0.3:
            own["wrap_up"] = distribution(r, 5, 60)
        if r.random() < 0.3:
            own["resolved"] = percent(r, 10, 20)
        if r.random() < 0.3:
            own["patience"] = distribution(r, 10, 600)
        handling[f"on_{r.choice(channels)}"] = own
    return handling


def _contact_type(r: random.Random, live: list[str], backlog: list[str], outbound: set[str], tiers: list[str]) -> Tree:
    channels = [*live, *backlog]
    on = r.sample(channels, r.randint(1, len(channels)))
    path = [tier for number, tier in enumerate(tiers) if number == 0 or r.random() < 0.7]
    kind: Tree = {"arrivals": {name: _arrivals(r) for name in on}}
    kind["handling"] = {tier: _handling(r, channels, last=tier == path[-1]) for tier in path}
    for number, tier in enumerate(path):
        handling, later = kind["handling"][tier], path[number + 1 :]
        if len(later) > 1 and r.random() < 0.4:
            handling["escalated"] = {to: percent(r, 5, 20) for to in r.sample(later, r.randint(1, len(later)))}
            if r.random() < 0.3:
                handling[f"on_{r.choice(channels)}"] = {"escalated": {later[-1]: percent(r, 5, 20)}}
        if number > 0 and r.random() < 0.4:
            handling["resolved"] = percent(r, 20, 50)
            handling["returned"] = percent(r, 5, 10 if later else 45)
            if r.random() < 0.3:
                handling.setdefault(f"on_{r.choice(channels)}", {})["returned"] = percent(r, 0, 5)
            if r.random() < 0.5:
                handling["returns"] = r.randint(1, 3)
    if r.random() < 0.3:
        kind["priority"] = r.randint(1, 9)
    if r.random() < 0.2:
        kind["patience"] = distribution(r, 20, 900)
    if r.random() < 0.2:
        kind["due"] = duration(r, 30, 14400)
    if r.random() < 0.4:
        kind["repeat"] = _repeat(r, [name for name in channels if name not in outbound])
    return kind


def _repeat(r: random.Random, channels: list[str]) -> Tree:
    repeat: Tree = {"share": percent(r, 30, 100), "after": distribution(r, 30, 7200)}
    if r.random() < 0.5:
        repeat["attempts"] = r.randint(1, 4)
    if r.random() < 0.4:
        repeat["channel"] = r.choice(channels)
    return repeat


def _self_service(r: random.Random, live: list[str], backlog: list[str], types: list[str]) -> Tree:
    stages: Tree = {}
    for name in r.sample(("bot", "menu"), r.choice((0, 0, 1, 2))):
        stage: Tree = {
            "channels": r.sample([*live, *backlog], 1),
            "takes": distribution(r, 10, 120),
            "resolves": r.choice((percent(r, 10, 50), {types[0]: percent(r, 10, 50)})),
        }
        if r.random() < 0.5:
            stage["gives_up"] = percent(r, 5, 30)
        if r.random() < 0.3:
            stage["freshness"] = percent(r, 60, 95)
        if r.random() < 0.4:
            stage["limit"] = r.randint(1, 3)
        if r.random() < 0.5:
            stage["harder_rest"] = percent(r, 80, 180)
        if r.random() < 0.4:
            stage["falsely_resolved"] = percent(r, 5, 60)
        if r.random() < 0.3:
            stage["open"] = "office"
        if r.random() < 0.5:
            stage["cost"] = "2 per contact"
        stages[name] = stage
    return stages


def _tier(r: random.Random, first: bool) -> Tree:
    if first:
        return {}
    tier: Tree = {"handover": r.choice(("cold", "warm", "warm", "ticket"))}
    if tier["handover"] == "warm" and r.random() < 0.7:
        tier["briefing"] = distribution(r, 10, 120)
    if tier["handover"] == "warm" and r.random() < 0.5:
        tier["warm_limit"] = duration(r, 10, 300)
    if r.random() < 0.3:
        tier["clock"] = "office"
    if r.random() < 0.3:
        tier["appointment"] = distribution(r, 60, 7200)
    return tier
