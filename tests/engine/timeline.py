"""Plays scenarios that are small enough for pencil and paper and tells what happened in seconds."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from sim.demand.deal import deal
from sim.demand.hand import Hand
from sim.engine.compile import compile_program
from sim.engine.compiled.play import play as compiled
from sim.engine.reference import play as reference
from sim.engine.rules import MISSING, CallBack, End, Handled, Left
from sim.scenario.load import loads
from tests.twins.equality import difference

Tree = dict[str, Any]


class Stay(NamedTuple):
    """A leg in seconds; None for what never happened."""

    contact: int
    enter: float | None
    leave: float | None
    left: Left
    agent: int
    talk_end: float | None
    done: float | None
    handled: Handled
    talk: float | None
    hold_end: float | None
    parked: float | None
    row: int
    found: float | None


class Told(NamedTuple):
    """What happened: ends and call-backs by contact, legs in order, duty and busy spans of each agent (s)."""

    ends: dict[int, End]
    times: dict[int, tuple[float | None, float | None]]
    stays: list[Stay]
    duty: list[tuple[int, float, float]]
    busy: list[tuple[int, float, float]]
    call_backs: dict[int, CallBack]


def seconds(ms: int) -> float | None:
    """Return ms as seconds; None for what never happened."""
    return None if ms == MISSING else ms / 1000


def tell(tree: Tree, dealt: Callable[[Hand], Hand] = lambda hand: hand) -> Told:
    """Play replication 0 of a scenario tree, its Hand changed, and return what happened with both engines alike."""
    scenario = loads(json.dumps(tree))
    program, hand = compile_program(scenario), dealt(deal(scenario, seed=1, replication=0))
    outcome = reference(program, hand)
    assert difference(outcome, compiled(program, hand)) is None
    contacts, legs, agents = outcome.contacts, outcome.legs, outcome.agents
    stays = [
        Stay(
            int(legs.contact[i]),
            seconds(legs.enter[i]),
            seconds(legs.leave[i]),
            Left(legs.left[i]),
            int(legs.agent[i]),
            seconds(legs.talk_end[i]),
            seconds(legs.wrap_up_end[i]),
            Handled(legs.handled[i]),
            seconds(legs.talk[i]),
            seconds(legs.hold_end[i]),
            seconds(legs.parked[i]),
            int(legs.row[i]),
            seconds(legs.found[i]),
        )
        for i in range(len(legs.contact))
    ]
    return Told(
        {int(c): End(how) for c, how in zip(contacts.contact, contacts.how, strict=True)},
        {
            int(c): (seconds(begin), seconds(end))
            for c, begin, end in zip(contacts.contact, contacts.begin, contacts.end, strict=True)
        },
        stays,
        [
            (int(a), b / 1000, e / 1000)
            for a, b, e in zip(agents.duty_agent, agents.duty_begin, agents.duty_end, strict=True)
        ],
        [
            (int(a), b / 1000, e / 1000)
            for a, b, e in zip(agents.busy_agent, agents.busy_begin, agents.busy_end, strict=True)
        ],
        {int(c): CallBack(offer) for c, offer in zip(contacts.contact, contacts.call_back, strict=True)},
    )


def constant(seconds_: float) -> Tree:
    """Return a constant duration."""
    return {"distribution": "constant", "mean": f"{seconds_} s"}


def call(at: int, talk: float = 60, wrap_up: float = 0, patience: float | None = None) -> Tree:
    """Return a log entry: whole seconds since the start, talk, wrap-up and patience in seconds."""
    clock = f"{int(at) // 3600:02d}:{int(at) // 60 % 60:02d}:{int(at) % 60:02d}"
    entry: Tree = {"time": clock, "handle_time": f"{talk} s", "wrap_up": f"{wrap_up} s"}
    if patience is not None:
        entry["patience"] = f"{patience} s"
    return entry


def desk(log: Tree, **changes: Any) -> Tree:
    """Return an hour of one desk; `log` gives the entries by channel, `changes` replace or add whole sections.

    Channels named chat and phone are live, others backlog; one group of one agent around the clock serves everything.
    """
    tree: Tree = {
        "format": 1,
        "name": "by hand",
        "time": {"start": "2026-04-06", "length": "1 h"},
        "channels": {name: {"waiting": "live" if name in ("chat", "phone") else "backlog"} for name in log},
        "contact_types": {
            "question": {
                "arrivals": {name: {"log": entries} for name, entries in log.items()},
                "handling": {"first": {"handle_time": constant(60)}},
            }
        },
        "tiers": {"first": {}},
        "agent_groups": {"clerks": {"tier": "first", "headcount": 1}},
    }
    for section, change in changes.items():
        tree[section] = {**tree[section], **change} if section in ("channels", "contact_types", "time") else change
    return tree
